// SPDX-License-Identifier: EUPL-1.2
// Each city's app can be installed, and is that city's.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { cities } from "../http/lib/city.mjs";
import { installed, startStage } from "./lib/browser.mjs";

let stage;
before(async () => { stage = await startStage(); }, { timeout: 180_000 });
after(() => stage.stop());

const manifests = {};

describe("the app of each city", () => {
	for (const city of Object.keys(cities))
		test(`${city}: the browser finds nothing that keeps it from ` +
		    "being installed", async () => {
			const visit = await stage.visit(city);
			const page = await visit.open("/");
			await installed(page);
			const session = await visit.context.newCDPSession(page);
			const { errors, data, url } =
			    await session.send("Page.getAppManifest");
			assert.deepEqual(errors, []);
			assert.equal(url, visit.at("/manifest.webmanifest"));
			const { installabilityErrors } =
			    await session.send("Page.getInstallabilityErrors");
			// A private window, which the tests have, cannot install.
			assert.deepEqual(installabilityErrors.filter(({ errorId }) =>
			    errorId !== "in-incognito"), []);
			manifests[city] = JSON.parse(data);
			await visit.end();
		});

	test("has icons of the sizes that the manifest says, whole and maskable",
	    async () => {
		for (const [city, { icons }] of Object.entries(manifests)) {
			const visit = await stage.visit(city);
			const page = await visit.open("/");
			const sizes = await page.evaluate((icons) => Promise.all(
			    icons.map(async ({ src, type, sizes, purpose }) => {
				const image = new Image();
				image.src = src;
				await image.decode();
				return { said: sizes, purpose, type,
				    is: `${image.naturalWidth}x${image.naturalHeight}` };
			    })), icons);
			for (const { said, is, type } of sizes)
				if (type !== "image/svg+xml")
					assert.equal(is, said);
			for (const purpose of ["any", "maskable"])
				for (const size of ["192x192", "512x512"])
					assert.ok(sizes.some((one) => one.said === size &&
					    (one.purpose ?? "any").includes(purpose)),
					    `${city} ${purpose} ${size}`);
			await visit.end();
		}
	});

	test("has a name, colours and icons of its own", () => {
		const all = Object.values(manifests);
		assert.equal(all.length, 4);
		for (const part of [(one) => one.name, (one) => one.theme_color,
		    (one) => one.icons.map(({ src }) => src).join()])
			assert.equal(new Set(all.map(part)).size, 4);
		for (const [city, { name, short_name: short, start_url: start, display,
		    lang }] of Object.entries(manifests)) {
			assert.ok(name.includes(cities[city].name));
			assert.ok(short.length > 0 && display === "standalone");
			assert.equal(new URL(start, "http://x/").pathname, "/");
			assert.equal(lang, "de");
		}
	});
});

test("the service worker answers for the whole app and keeps no other city's",
    async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/");
	await installed(page);
	assert.equal(await page.evaluate(async () =>
	    new URL((await navigator.serviceWorker.ready).scope).pathname), "/");
	const other = await visit.context.newPage();
	await other.goto(stage.at("gladbeck", "/"));
	await other.waitForFunction(() => document.querySelector("h1"));
	await installed(other);
	const kept = await other.evaluate(async () => (await Promise.all(
	    (await caches.keys()).map(async (name) => (await (await caches.open(
	    name)).keys()).map(({ url }) => new URL(url).host)))).flat());
	assert.ok(kept.length > 0);
	assert.deepEqual([...new Set(kept)],
	    [new URL(stage.at("gladbeck", "/")).host]);
	await visit.end();
});

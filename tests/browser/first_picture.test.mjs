// SPDX-License-Identifier: EUPL-1.2
// What the server's document shows of the start page before the script is
// there: the app's own picture of it, which the app then takes over.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { cities } from "../http/lib/city.mjs";
import { desk, installed, phone, settled, startStage } from "./lib/browser.mjs";

let stage;
before(async () => { stage = await startStage(); }, { timeout: 180_000 });
after(() => stage.stop());

const inside = (page) => page.evaluate(() =>
    document.getElementById("app").innerHTML
    // As the parser and as the script write the same attribute.
    .replaceAll(' value=""', ""));

// Files whose name holds `part` arrive when the returned function is called.
async function hold(page, part) {
	let release;
	const released = new Promise((done) => { release = done; });
	await page.route(part, async (route) => {
		await released;
		await route.continue();
	});
	return release;
}

const observe = () => {
	globalThis.shift = 0;
	new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
		globalThis.shift += entry.value;
	})).observe({ type: "layout-shift", buffered: true });
};

describe("the first picture", () => {
	for (const city of Object.keys(cities))
		for (const [size, options] of [["a phone", phone], ["a desk", desk]])
			test(`of ${city} on ${size} is what the app draws, and nothing ` +
			    "moves", async () => {
				const visit = await stage.visit(city, options);
				const page = await visit.context.newPage();
				await page.addInitScript(observe);
				const script = await hold(page, "**/assets/shell-*.js");
				const cards = await hold(page,
				    "**/assets/defect-reporter-*.js");
				await page.goto(visit.at("/"), { waitUntil: "commit" });
				await page.waitForSelector("[data-first] .sk-footer");
				await page.evaluate(() => document.fonts.ready);
				const first = await inside(page);
				assert.match(first, /<h1 [^>]*>Guten Tag in /);
				script();
				await page.waitForSelector("#app:not([data-first])");
				assert.equal(await inside(page), first);
				cards();
				await settled(page);
				await page.waitForFunction(() =>
				    document.querySelector('link[href*="defect-reporter"]'));
				await installed(page);
				assert.ok(await page.evaluate(() => globalThis.shift) <= 0.02);
				await visit.end();
			});

	test("is in the person's language, also against the browser's", async () => {
		const visit = await stage.visit("herne", { locale: "en-GB" });
		const page = await visit.open("/");
		assert.match(await page.textContent("h1"), /^Welcome to Herne/);
		const first = await stage.world.public.request("GET", "herne", "/",
		    { headers: { "accept-language": "en-GB" } });
		assert.match(first.text, /Welcome to Herne/);
		await page.evaluate(() => localStorage.setItem(
		    "stadtkern-preferences", JSON.stringify({ language: "tr" })));
		await page.reload();
		await settled(page);
		await page.waitForFunction(() =>
		    document.documentElement.lang === "tr");
		assert.match(await page.textContent("h1"), /Herne şehrine/);
		await visit.end();
	});

	test("is not shown by the service worker, which has the script",
	    async () => {
		const visit = await stage.visit("herne");
		const page = await visit.open("/");
		await installed(page);
		const drawn = await page.evaluate(async () => (await (await
		    caches.match("/")).text()).includes("data-first"));
		assert.equal(drawn, false);
		const answer = await page.reload();
		assert.doesNotMatch(await answer.text(), /data-first/);
		await settled(page);
		await visit.end();
	});
});

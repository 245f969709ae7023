// SPDX-License-Identifier: EUPL-1.2
// Without a network: the app opens, what is known is shown with its age, and
// what is sent waits and is sent once.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { cities } from "../http/lib/city.mjs";
import { until } from "../http/lib/server.mjs";
import { fill, installed, settled, startStage } from "./lib/browser.mjs";
import { addPhoto, count, follow, heading, press, says, send, sentNumber,
    text, writeReport } from "./lib/reporter.mjs";
import { words } from "./lib/words.mjs";

const t = words("de");
let stage;
before(async () => {
	stage = await startStage({ world: { courier: true } });
	fill(stage.world);
}, { timeout: 180_000 });
after(() => stage.stop());

const faults = { faults: true };

// Browser and network both know nothing of each other any more.
async function goOffline(visit) {
	stage.network.fault = ({ city }) => city === visit.city ? "down" : null;
	await visit.context.setOffline(true);
}
async function goOnline(visit) {
	stage.network.fault = null;
	await visit.context.setOffline(false);
}
const photos = (city) => count(stage.world, city, "photo");
const posts = (city) => stage.network.of("POST", "/reports")
    .filter((one) => one.city === city && one.path.endsWith("/reports"));

describe("without a network", () => {
	test("the app of each city opens, on any of its addresses", async () => {
		for (const city of Object.keys(cities)) {
			const visit = await stage.visit(city, faults);
			const page = await visit.open("/");
			await installed(page);
			await page.waitForFunction(async () => (await
			    caches.match("/api/v1/app", { ignoreSearch: true })) &&
			    (await caches.match("/")));
			await goOffline(visit);
			for (const target of ["/", "/more", "/data", "/settings",
			    "/defect-reporter/new/text"]) {
				await page.goto(visit.at(target));
				await settled(page);
				assert.ok((await page.locator(".sk-header")
				    .innerText()).includes(cities[city].name));
				await says(page, "app.offline");
			}
			await goOnline(visit);
			await visit.end();
		}
	});

	test("public reports are those of the last time, and say how old they are",
	    async () => {
		const visit = await stage.visit("herne", faults);
		const page = await visit.open("/");
		await installed(page);
		await page.goto(visit.at("/defect-reporter/list"));
		await page.locator(".dr-item").first().waitFor();
		const before = await page.locator(".dr-item a").allInnerTexts();
		await page.clock.install();
		await goOffline(visit);
		await page.clock.fastForward("03:00:00");
		await page.goto(visit.at("/defect-reporter/list"));
		await page.locator(".dr-item").first().waitFor();
		assert.deepEqual(await page.locator(".dr-item a").allInnerTexts(),
		    before);
		assert.match(await page.locator(".sk-age").innerText(),
		    /^Stand: vor 3 Stunden/);
		await goOnline(visit);
		await visit.end();
	});
});

describe("a report with photos that was sent without a network", () => {
	test("waits, survives closing the browser, and is sent once when the " +
	    "network is back, with two tabs open", async () => {
		const folder = stage.folder();
		const [reports, pictures] = [count(stage.world, "herne"),
		    photos("herne")];
		let visit = await stage.reopen("herne", folder, faults);
		let page = await visit.open("/report");
		await installed(page);
		await goOffline(visit);
		await writeReport(page, "herne", { photos: 2 });
		await send(page);
		await heading(page, "app.sent.waiting");
		await visit.end();

		visit = await stage.reopen("herne", folder, faults);
		await visit.context.setOffline(true);
		page = await visit.open("/outbox");
		await page.locator(".sk-card", { hasText:
		    t("app.outbox.waiting") }).waitFor();
		assert.equal(count(stage.world, "herne"), reports, "not yet");
		const other = await visit.open("/defect-reporter/mine");
		await says(other, "app.mine.queue");
		await goOnline(visit);
		for (const one of [page, other])
			await one.evaluate(() => dispatchEvent(new Event("online")));
		await page.locator(".sk-card", { hasText:
		    t("app.outbox.sent") }).waitFor();
		await until("the photos are there", () =>
		    photos("herne") === pictures + 2);
		await page.reload();
		await settled(page);
		assert.equal(count(stage.world, "herne"), reports + 1);
		assert.equal(photos("herne"), pictures + 2);
		await visit.end();
	});

	test("is sent once although answers to it were lost",
	    async () => {
		const reports = count(stage.world, "gladbeck");
		const visit = await stage.visit("gladbeck", faults);
		const page = await visit.open("/report");
		await writeReport(page, "gladbeck");
		stage.network.fault = ({ method, path }) => method === "POST" &&
		    path.endsWith("/reports") ? "lost" : null;
		await send(page);
		await heading(page, "app.sent.waiting");
		assert.equal(count(stage.world, "gladbeck"), reports + 1,
		    "the server has it");
		stage.network.fault = null;
		await press(page, "app.button.retry");
		const number = await sentNumber(page);
		assert.equal(count(stage.world, "gladbeck"), reports + 1);
		const tries = posts("gladbeck");
		assert.ok(tries.length >= 2);
		assert.equal(new Set(tries.map(({ headers }) =>
		    headers["idempotency-key"])).size, 1);
		assert.equal(number, Number(stage.world.sql(`select max(number)
		    from defect_reporter.report r join stadtkern.tenant t
		    on t.id = r.tenant_id where t.slug = 'gladbeck'`)));
		await visit.end();
	});

	test("can be deleted while it waits, and is never sent then", async () => {
		const visit = await stage.visit("castrop-rauxel", faults);
		const page = await visit.open("/report");
		await installed(page);
		const reports = count(stage.world, "castrop-rauxel");
		await goOffline(visit);
		await writeReport(page, "castrop-rauxel", { photos: 0,
		    place: "typed" });
		await send(page);
		await heading(page, "app.sent.waiting");
		await follow(page, "app.page.outbox");
		await press(page, "app.button.delete");
		await press(page.locator("dialog[open]"), "app.button.delete");
		await says(page, "app.outbox.empty");
		await goOnline(visit);
		await page.reload();
		await settled(page);
		assert.equal(count(stage.world, "castrop-rauxel"), reports);
		assert.equal(posts("castrop-rauxel").length, 0);
		await visit.end();
	});
});

describe("what was begun and not sent", () => {
	test("is there again after the browser was closed, photos and all",
	    async () => {
		const folder = stage.folder();
		let visit = await stage.reopen("herne", folder);
		let page = await visit.open("/report");
		await addPhoto(page, "herne");
		await addPhoto(page, "herne");
		await page.goto(visit.at("/defect-reporter/new/text"));
		await page.locator("#text").fill(text);
		await page.waitForFunction(async () => (await new Promise((done) => {
			const open = indexedDB.open("stadtkern");
			open.onsuccess = () => done(open.result);
		})).objectStoreNames.contains("drafts"));
		await page.goto(visit.at("/defect-reporter/new/text"));
		await settled(page);
		await visit.end();
		visit = await stage.reopen("herne", folder);
		page = await visit.open("/report");
		assert.equal(await page.locator(".dr-taken li").count(), 2);
		assert.ok(await page.locator(".dr-taken img").evaluateAll((all) =>
		    all.every((image) => image.decode().then(() => true))));
		await page.goto(visit.at("/defect-reporter/new/text"));
		await settled(page);
		assert.equal(await page.locator("#text").inputValue(), text);
		await visit.end();
	});

	test("can be discarded", async () => {
		const visit = await stage.visit("herne");
		const page = await visit.open("/report");
		await addPhoto(page, "herne");
		await page.reload();
		await settled(page);
		await press(page, "app.draft.discard");
		await press(page.locator("dialog[open]"), "app.button.delete");
		await page.locator(".dr-taken li").waitFor({ state: "detached" });
		await page.reload();
		await settled(page);
		assert.equal(await page.locator(".dr-taken li").count(), 0);
		await visit.end();
	});
});

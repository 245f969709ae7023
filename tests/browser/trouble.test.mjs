// SPDX-License-Identifier: EUPL-1.2
// What goes wrong where people are: each has a message that says what to do,
// and what was written is not lost.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../http/lib/server.mjs";
import { fill, installed, settled, startStage } from "./lib/browser.mjs";
import { addPhoto, count, heading, press, says, send, sentNumber, text,
    writeReport } from "./lib/reporter.mjs";
import { words } from "./lib/words.mjs";

let stage;
before(async () => { stage = await startStage(); }, { timeout: 180_000 });
after(() => stage.stop());

const faults = { faults: true };

async function draftIsKept(visit, page) {
	await page.goto(visit.at("/defect-reporter/new/text"));
	await settled(page);
	assert.equal(await page.locator("#text").inputValue(), text);
}

test("a position that may not be used: other ways are named, and lead on",
    async () => {
	const visit = await stage.visit("herne", { permissions: [] });
	const page = await visit.open("/defect-reporter/new/place");
	await press(page, "app.place.here");
	await says(page, "app.locate.refused");
	await says(page, "app.locate.else");
	await page.goto(visit.at("/report"));
	await writeReport(page, "herne", { photos: 0, place: "typed" });
	await send(page);
	await sentNumber(page);
	await visit.end();
});

test("a camera that may not be used: the gallery is named, and it goes on " +
    "without", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/report");
	// A person takes longer than the screen needs to listen.
	await until("the gallery is named", async () => {
		await page.locator("#photo-camera").dispatchEvent("cancel");
		return page.getByText(words("de")("app.photo.no-camera")).first()
		    .isVisible();
	});
	await addPhoto(page, "herne");
	await visit.end();
});

test("a file that is no picture, and one that is broken", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/report");
	await page.locator("#photo-gallery").setInputFiles([{ name: "a.jpg",
	    mimeType: "image/jpeg", buffer: Buffer.from("not a picture") }]);
	await says(page, "app.photo.unreadable");
	await addPhoto(page, "herne");
	assert.equal(await page.locator(".dr-taken li").count(), 1);
	await visit.end();
});

describe("when a report is sent and the server", () => {
	const cases = [["is overloaded (503)", "503"],
	    ["is hidden behind somebody's page of HTML", "html"],
	    ["does not answer at all", "silence"],
	    ["is not there", "down"]];
	for (const [says_, fault] of cases)
		test(`${says_}, it waits and arrives later, once`, async () => {
			const visit = await stage.visit("herne", faults);
			const page = await visit.open("/report");
			await installed(page);
			await writeReport(page, "herne", { photos: 0,
			    place: "typed" });
			const before = count(stage.world, "herne");
			stage.network.fault = ({ method }) =>
			    method === "POST" ? fault : null;
			await send(page);
			await heading(page, "app.sent.waiting");
			await says(page, "app.sent.waiting-says");
			assert.equal(count(stage.world, "herne"), before);
			stage.network.fault = null;
			// What hangs is given up first: opened anew, the app tries again.
			await page.reload();
			await sentNumber(page);
			assert.equal(count(stage.world, "herne"), before + 1);
			await visit.end();
		});

	test("refuses it, the report is a draft again, with the reason",
	    async () => {
		const visit = await stage.visit("herne", faults);
		const page = await visit.open("/report");
		await writeReport(page, "herne", { photos: 1 });
		stage.network.fault = null;
		await page.route("**/reports", (route) => route.continue({
		    postData: route.request().postData().replace('"green"',
		    '"unknown"') }));
		await send(page);
		await says(page, "app.check.kept");
		await page.unroute("**/reports");
		await draftIsKept(visit, page);
		await page.goto(visit.at("/report"));
		await page.locator(".dr-taken li").first().waitFor();
		assert.equal(await page.locator(".dr-taken li").count(), 1);
		await visit.end();
	});
});

describe("when the app is opened and the server", () => {
	for (const [says_, fault] of [["is overloaded (503)", "503"],
	    ["is hidden behind somebody's page of HTML", "html"]])
		test(`${says_}, the app opens all the same, with the draft`,
		    async () => {
			const visit = await stage.visit("herne", faults);
			const page = await visit.open("/defect-reporter/new/text");
			await installed(page);
			await page.locator("#text").fill(text);
			await page.waitForFunction(async () => (await
			    caches.match("/api/v1/app", { ignoreSearch: true })) &&
			    (await caches.match("/")));
			stage.network.fault = () => fault;
			await draftIsKept(visit, page);
			await page.goto(visit.at("/defect-reporter/list"));
			await settled(page);
			await says(page, fault === "html" ? "app.error.garbled" :
			    "app.error.unavailable");
			stage.network.fault = null;
			await press(page, "app.button.retry");
			await page.locator(".sk-notice").waitFor({ state:
			    "detached" });
			await visit.end();
		});
});

describe("when the device is full", () => {
	// Stands for a full disk, which a test does not fill.
	const full = () => {
		const put = IDBObjectStore.prototype.put;
		IDBObjectStore.prototype.put = function (...args) {
			if (!globalThis.diskIsFull)
				return put.apply(this, args);
			const request = put.apply(this, args);
			const { transaction } = this;
			if (Object.hasOwn(transaction, "error"))
				return request;
			Object.defineProperty(transaction, "error", { value:
			    new DOMException("full", "QuotaExceededError") });
			queueMicrotask(() => transaction.abort());
			return request;
		};
	};
	const setFull = (page, is) => page.evaluate((is) => {
		globalThis.diskIsFull = is;
	}, is);

	test("what is written stays on the screen, with a message, and is kept as " +
	    "soon as there is room", async () => {
		const visit = await stage.visit("herne");
		await visit.context.addInitScript(full);
		const page = await visit.open("/defect-reporter/new/text");
		await setFull(page, true);
		await page.locator("#text").fill(text);
		await says(page, "app.error.storage-full");
		await says(page, "app.draft.unsaved");
		assert.equal(await page.locator("#text").inputValue(), text);
		await setFull(page, false);
		await page.locator("#text").fill(`${text} `);
		await page.getByText(/Speicher Ihres Geräts ist voll/)
		    .waitFor({ state: "detached" });
		await page.locator("#text").fill(text);
		await draftIsKept(visit, page);
		await visit.end();
	});

	test("what is sent stays a draft, with a message", async () => {
		const visit = await stage.visit("herne");
		await visit.context.addInitScript(full);
		const page = await visit.open("/report");
		await writeReport(page, "herne", { photos: 1 });
		const before = count(stage.world, "herne");
		await setFull(page, true);
		await send(page);
		await says(page, "app.error.storage-full");
		assert.equal(count(stage.world, "herne"), before);
		await setFull(page, false);
		await send(page);
		await sentNumber(page);
		assert.equal(count(stage.world, "herne"), before + 1);
		await visit.end();
	});

	test("a photo is not added, with a message, and the others stay",
	    async () => {
		const visit = await stage.visit("herne");
		await visit.context.addInitScript(full);
		const page = await visit.open("/report");
		await addPhoto(page, "herne");
		await setFull(page, true);
		await page.locator("#photo-gallery").setInputFiles({ name: "b.png",
		    mimeType: "image/png", buffer: Buffer.from("iVBORw0KGgoAAAAN" +
		    "SUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9" +
		    "awAAAABJRU5ErkJggg==", "base64") });
		await says(page, "app.error.storage-full");
		assert.equal(await page.locator(".dr-taken li").count(), 1);
		await visit.end();
	});
});

test("a clock that is years wrong is told, and a report is sent all the same",
    async () => {
	const visit = await stage.visit("herne");
	const page = await visit.context.newPage();
	await page.clock.install({ time: new Date("2019-01-01T12:00:00Z") });
	await page.goto(visit.at("/report"));
	await settled(page);
	await writeReport(page, "herne", { photos: 0, place: "typed" });
	await says(page, "app.note.clock");
	await send(page);
	await sentNumber(page);
	const years = stage.world.sql(`select extract(year from now()) -
	    extract(year from max(received_at)) from defect_reporter.report`);
	assert.equal(Number(years), 0, "the server's time counts");
	await visit.end();
});

test("feedback on accessibility whose answer is lost is one mail, however " +
    "often it is sent", async () => {
	const visit = await stage.visit("herne", faults);
	const page = await visit.open("/legal/accessibility");
	const t = words("de");
	await page.locator("#feedback-text").fill("Die Karte liest nichts vor.");
	const button = page.locator("form.sk-form button[type=submit]");
	// A browser may ask once more by itself on a connection that it had.
	stage.network.fault = ({ method, path }) => method === "POST" &&
	    path === "/api/v1/feedback" ? "lost" : null;
	await button.click();
	await page.locator(".sk-errors, [role=alert]").first().waitFor();
	stage.network.fault = null;
	await button.click();
	await page.getByText(t("app.feedback.sent")).first().waitFor();
	const keys = stage.network.of("POST", "/api/v1/feedback").map((one) =>
	    one.headers["idempotency-key"]);
	assert.ok(keys.length >= 2);
	assert.ok(keys[0] && keys.every((key) => key === keys[0]));
	assert.equal(stage.world.sql("select count(*) from stadtkern.job where " +
	    "payload->>'template' = 'accessibility-feedback'"), "1");
	await visit.end();
});

test("what the city has withdrawn is gone from the page that shows it",
    async () => {
	fill(stage.world);
	let id;
	await until("the map has them", async () => {
		const { json } = await stage.world.public.request("GET", "herne",
		    "/api/v1/defect-reporter/map.geojson");
		return id = json.features[0]?.id;
	});
	const path = `/api/v1/defect-reporter/reports/${id}`;
	const visit = await stage.visit("herne", faults);
	const page = await visit.open("/");
	await installed(page);
	await page.goto(visit.at(`/defect-reporter/show/${id}`));
	await page.locator(".dr-report").waitFor();
	stage.world.sql(`begin; select set_config('stadtkern.tenant',
	    (select id::text from stadtkern.tenant where slug = 'herne'), true);
	    update defect_reporter.report set release = 'pending'
	    where id = '${id}';
	    select stadtkern.changed('defect-reporter/reports'); commit`);
	await until("the server has withdrawn it", async () => (await
	    stage.world.public.request("GET", "herne", path)).status === 404);
	// The service worker asks again for what is older than a moment.
	await until("it is older than that", () => page.evaluate(async (path) => {
		const cache = await caches.open("data-1");
		const [key] = (await cache.keys()).filter(({ url }) =>
		    new URL(url).pathname === path);
		return key && Date.now() - Number((await cache.match(key)).headers
		    .get("sw-fetched-at")) > 3000;
	}, path));
	await page.reload();
	await page.locator("main [role=alert]").waitFor();
	assert.equal(await page.locator(".dr-report").count(), 0);
	await visit.end();
});

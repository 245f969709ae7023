// SPDX-License-Identifier: EUPL-1.2
// "Meine Daten" stay on the device, sealed, until a form is sent that holds
// them; then that form's fields alone leave it.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { installed, settled, startStage } from "./lib/browser.mjs";
import { follow, press, says, send, sentNumber, text, writeReport } from
    "./lib/reporter.mjs";
import { words } from "./lib/words.mjs";

const t = words("de");
// Words that stand nowhere else.
const person = { name: "Quirina Xylander", street: "Nirgendgasse 987",
    postcode: "99876", city: "Wolkenkuckuck", email:
    "quirina.xylander@example.org", telephone: "0209 7654321" };
const meter = { label: "Wasser Zisterne", number: "ZX-4711-0815" };
const all = [...Object.values(person), ...Object.values(meter)];

let stage;
before(async () => { stage = await startStage(); }, { timeout: 180_000 });
after(() => stage.stop());

// Every form in which a value could travel.
const forms = (value) => [value, encodeURIComponent(value), escape(value),
    value.replace(/ /g, "+"), JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString("base64").replace(/=+$/, ""),
    Buffer.from(value).toString("hex")];
const holds = (bytes, value) => forms(value).some((form) =>
    bytes.includes(form));

// What left the browser: as it says itself, and as it arrived.
function traffic(visit) {
	const own = [];
	visit.context.on("request", (request) => own.push([request.method(),
	    request.url(), JSON.stringify(request.headers()),
	    request.postDataBuffer()?.toString("utf8") ?? ""].join("\n")));
	return () => [...own, ...stage.network.seen.map((one) =>
	    [one.method, one.path, JSON.stringify(one.headers),
	    one.body.toString("utf8")].join("\n"))];
}

async function fillIn(page) {
	for (const [field, value] of Object.entries(person))
		await page.locator(`#data-${field}`).fill(value);
	await press(page, "app.data.meter-add");
	await page.locator("#meter-label-0").fill(meter.label);
	await page.locator("#meter-number-0").fill(meter.number);
	await press(page, "app.button.save");
	await says(page, "app.data.saved");
}

// Every record of IndexedDB, of the caches and of localStorage, as text.
const stored = (page) => page.evaluate(async () => {
	const said = (value) => {
		if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
			return new TextDecoder("latin1").decode(value);
		if (value instanceof CryptoKey)
			return `key ${value.extractable} ${value.type}`;
		if (value !== null && typeof value === "object")
			return Object.entries(value).map(([name, one]) =>
			    `${name}: ${said(one)}`).join("\n");
		return String(value);
	};
	const texts = [JSON.stringify({ ...localStorage })];
	for (const { name } of await indexedDB.databases()) {
		const database = await new Promise((done) => {
			const open = indexedDB.open(name);
			open.onsuccess = () => done(open.result);
		});
		for (const store of database.objectStoreNames)
			texts.push(`${store}\n` + await new Promise((done) => {
				const all = database.transaction(store)
				    .objectStore(store).getAll();
				all.onsuccess = () => done(said(all.result));
			}));
		database.close();
	}
	for (const name of await caches.keys()) {
		const cache = await caches.open(name);
		for (const request of await cache.keys())
			texts.push(`${request.url}\n${await (await cache.match(
			    request)).text()}`);
	}
	return texts.join("\n\n");
});

test("nothing of it leaves the device before a form is sent, and then only " +
    "what stands in that form", async () => {
	const visit = await stage.visit("herne");
	const recorded = traffic(visit);
	const page = await visit.open("/data");
	await installed(page);
	await fillIn(page);
	for (const target of ["/", "/map", "/mine", "/outbox", "/settings",
	    "/legal/accessibility", "/data"]) {
		await page.goto(visit.at(target));
		await settled(page);
	}
	await page.goto(visit.at("/report"));
	await writeReport(page, "herne", { photos: 0, place: "typed" });
	assert.ok((await page.locator("main").innerText()).includes(person.email),
	    "the form was filled from it");
	assert.ok(recorded().length > 30, "the recording has what was asked");
	for (const one of recorded())
		for (const value of all)
			assert.ok(!holds(one, value), `${value} in ${one}`);

	await send(page);
	await sentNumber(page);
	const sent = stage.network.of("POST", "/reports").at(-1);
	const body = JSON.parse(sent.body);
	assert.deepEqual(body.contact, { name: person.name, email: person.email,
	    phone: person.telephone });
	const inForm = [person.name, person.email, person.telephone];
	for (const one of recorded())
		for (const value of all)
			if (holds(one, value)) {
				assert.ok(inForm.includes(value), `${value} in ${one}`);
				assert.match(one, /^POST\n/);
				assert.ok(one.includes(text), "it is the report");
			}
	assert.ok(recorded().some((one) => holds(one, person.name)),
	    "the search finds what is there");
	await visit.end();
});

test("what lies on the device cannot be read without the key, which cannot be " +
    "taken out", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/data");
	await fillIn(page);
	await page.goto(visit.at("/report"));
	await writeReport(page, "herne", { photos: 0, place: "typed" });
	await page.reload();
	await settled(page);
	const kept = await stored(page);
	assert.match(kept, /key false secret/);
	assert.match(kept, /vault\n/);
	for (const value of [...all, text])
		assert.ok(!holds(kept, value), value);
	await visit.end();
});

test("is there again after the browser was closed", async () => {
	const folder = stage.folder();
	let visit = await stage.reopen("herne", folder);
	await fillIn(await visit.open("/data"));
	await visit.end();
	visit = await stage.reopen("herne", folder);
	const page = await visit.open("/data");
	for (const [field, value] of Object.entries(person))
		assert.equal(await page.locator(`#data-${field}`).inputValue(), value);
	await visit.end();
});

test("is taken along as a file, read again elsewhere, and erased", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/data");
	await fillIn(page);
	const [download] = await Promise.all([page.waitForEvent("download"),
	    press(page, "app.data.export")]);
	const file = await download.path();
	assert.equal(download.suggestedFilename(), `${t("app.data.file")}.json`);
	assert.deepEqual(JSON.parse(fs.readFileSync(file, "utf8")).data,
	    { ...person, meters: [meter] });
	const other = await stage.visit("gladbeck");
	const there = await other.open("/data");
	await there.locator("input[type=file]").setInputFiles({
	    name: "meine-daten.json", mimeType: "application/json",
	    buffer: fs.readFileSync(file) });
	await says(there, "app.data.imported");
	assert.equal(await there.locator("#data-email").inputValue(),
	    person.email);
	assert.equal(await there.locator("#meter-number-0").inputValue(),
	    meter.number);
	await press(there, "app.data.erase");
	await press(there.locator("dialog[open]"), "app.data.erase");
	await says(there, "app.data.erased");
	await there.reload();
	await settled(there);
	assert.equal(await there.locator("#data-email").inputValue(), "");
	await visit.end();
	await other.end();
});

test("a file that holds no such data changes nothing", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/data");
	await fillIn(page);
	for (const [content, key] of [["no JSON", "app.data.import-wrong"],
	    ['{"format":"other"}', "app.data.import-wrong"],
	    ['{"format":"stadtkern-my-data","version":2,"data":{}}',
	    "app.data.import-newer"],
	    ['{"format":"stadtkern-my-data","version":1,"data":{"name":7}}',
	    "app.data.import-wrong"]]) {
		await page.locator("input[type=file]").setInputFiles({ name: "x.json",
		    mimeType: "application/json", buffer: Buffer.from(content) });
		await says(page, key);
	}
	await page.reload();
	await settled(page);
	assert.equal(await page.locator("#data-name").inputValue(), person.name);
	await visit.end();
});

test("it fills a form only where the person comes to it", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/data");
	await fillIn(page);
	await follow(page, "app.tab.report");
	await page.goto(visit.at("/defect-reporter/new/contact"));
	await page.getByText(t("app.prefill", { fields: [t("app.data.field.name"),
	    t("app.data.field.email"), t("app.data.field.telephone")].join(", ")
	    })).waitFor();
	await installed(page);
	await page.locator("#contact-name").fill("");
	// At once: what is not written down yet is the service worker's to write.
	await page.reload();
	await settled(page);
	assert.equal(await page.locator("#contact-name").inputValue(), "",
	    "what was emptied stays empty");
	await visit.end();
});

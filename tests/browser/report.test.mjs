// SPDX-License-Identifier: EUPL-1.2
// Each journey of the defect reporter, from the first touch to the answer.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, cities, map, officeReports, release, sendReport } from
    "../http/lib/city.mjs";
import { readMails } from "../http/lib/mail.mjs";
import { newDevice, newStaff, until } from "../http/lib/server.mjs";
import { desk, fill, settled, startStage } from "./lib/browser.mjs";
import { count, follow, heading, press, says, send, sentNumber, text, typePlace,
    writeReport } from "./lib/reporter.mjs";
import { words } from "./lib/words.mjs";

const t = words("de");
let stage;
before(async () => {
	stage = await startStage({ world: { office: true, courier: true } });
}, { timeout: 180_000 });
after(() => stage.stop());

const rows = (city, columns) => stage.world.sql(`select ${columns}
    from defect_reporter.report r join stadtkern.tenant t on t.id = r.tenant_id
    where t.slug = '${city}' order by r.received_at desc limit 1`).split("|");

// "Meine Sachen" has what is one's own of each plugin.
async function mine(page) {
	await follow(page, "app.tab.mine");
	await page.locator("main").getByRole("link", { name: "Mängelmelder" })
	    .click();
}

describe("somebody reports", () => {
	for (const city of Object.keys(cities).filter((one) => one !== "waltrop"))
		test(`in ${city} with a photo, at the place the photo knows`,
		    async () => {
			const visit = await stage.visit(city);
			const page = await visit.open("/");
			await follow(page, "app.tab.report");
			await writeReport(page, city);
			for (const part of [text, t("app.place.from.photo"),
			    t("app.check.no-contact")])
				assert.ok((await page.locator("main").innerText())
				    .includes(part), part);
			await send(page);
			const number = await sentNumber(page);
			const [stored, lat, lon] = rows(city, "number, lat, lon");
			assert.equal(Number(stored), number);
			assert.ok(Math.abs(lat - cities[city].lat) < 1e-4);
			assert.ok(Math.abs(lon - cities[city].lon) < 1e-4);
			await until("the photo is there", () =>
			    count(stage.world, city, "photo") === 1);
			const [sent] = stage.network.of("POST", "/photos")
			    .filter((one) => one.city === city);
			assert.equal(sent.body.indexOf("Exif"), -1,
			    "what the photo knew stayed on the device");
			await visit.end();
		});

	test("where the device says it is", async () => {
		const { lat, lon } = cities.herne;
		const visit = await stage.visit("herne", { permissions:
		    ["geolocation"], geolocation: { latitude: lat + 0.002,
		    longitude: lon, accuracy: 8 } });
		const page = await visit.open("/report");
		await writeReport(page, "herne", { photos: 0, place: "gps" });
		await send(page);
		await sentNumber(page);
		const [stored] = rows("herne", "lat");
		assert.ok(Math.abs(stored - lat - 0.002) < 1e-4);
		await visit.end();
	});

	test("where they moved the map to", async () => {
		const visit = await stage.visit("herne");
		const page = await visit.open("/defect-reporter/new/place");
		const canvas = page.locator(".dr-picker canvas");
		await canvas.focus();
		await says(page, "app.place.none");
		await page.keyboard.press("ArrowRight");
		await says(page, "app.place.from.pin");
		const seen = await page.locator(".dr-chosen .sk-muted").innerText();
		const [lat, lon] = seen.match(/\d+[.,]\d+/g)
		    .map((one) => Number(one.replace(",", ".")));
		assert.ok(lat > 51.4 && lat < 51.7 && lon > 7.1 && lon < 7.4, seen);
		await visit.end();
	});

	test("not outside of the city", async () => {
		const visit = await stage.visit("herne");
		const page = await visit.open("/defect-reporter/new/place");
		await typePlace(page, cities.waltrop);
		await says(page, "app.place.outside", { city: "Herne" });
		await press(page, "app.button.next");
		await page.locator("[role=alert] a", { hasText:
		    t("app.error.outside") }).waitFor();
		await visit.end();
	});

	test("no emergency: 112 is called instead", async () => {
		const visit = await stage.visit("castrop-rauxel");
		const page = await visit.open("/defect-reporter/new/category");
		await page.locator("input[value=playground]").check();
		await press(page, "app.button.next");
		await heading(page, "app.step.details");
		await page.locator("input[name=answer-injury][value=true]").check();
		await says(page, "app.stop.title");
		assert.equal(await page.getByRole("link", { name:
		    t("app.stop.call", { number: 112 }) }).getAttribute("href"),
		    "tel:112");
		assert.equal(await page.locator("form button[type=submit]").count(),
		    0, "there is no way on");
		const before = count(stage.world, "castrop-rauxel");
		await page.goto(visit.at("/defect-reporter/new/check"));
		await settled(page);
		assert.equal(count(stage.world, "castrop-rauxel"), before);
		await visit.end();
	});

	test("nothing that is there already: they support it", async () => {
		const { world } = stage;
		const staff = await newStaff(world, "gladbeck",
		    "sichtung@gladbeck.example.org", "admin");
		const device = await newDevice(world.public, "gladbeck");
		const { id } = await sendReport(device, aReport("gladbeck"));
		await release(staff, id);
		const visit = await stage.visit("gladbeck");
		const page = await visit.open("/defect-reporter/new/place");
		await typePlace(page, cities.gladbeck);
		await says(page, "app.place.from.typed");
		await press(page, "app.button.next");
		await page.locator("input[name=category][value=green]").check();
		for (const step of ["details", "nearby"]) {
			await press(page, "app.button.next");
			await page.waitForFunction((names) => names.includes(
			    document.querySelector("h1")?.innerText),
			    ["details", "nearby"].map((one) => t(`app.step.${one}`)));
			if (await page.locator("h1").innerText() ===
			    t("app.step.nearby"))
				break;
			assert.equal(step, "details");
		}
		await press(page, "app.support.press");
		await says(page, "app.nearby.supported");
		await until("it counts", () => count(world, "gladbeck",
		    "support") === 1);
		await mine(page);
		await says(page, "app.mine.supported");
		await visit.end();
	});
});

test("where an account is needed it is confirmed by a code, in the flow",
    async () => {
	const { world } = stage;
	const visit = await stage.visit("waltrop");
	const page = await visit.open("/report");
	await writeReport(page, "waltrop");
	await send(page);
	const dialog = page.locator("dialog[open]");
	await dialog.locator("#account-email").fill("kim@example.org");
	await press(dialog, "app.account.send-code");
	await dialog.locator("#account-code").waitFor();
	const mine = () => readMails(world).filter(({ head }) =>
	    head.includes("kim@example.org"));
	await until("the mail is there", () => mine().length > 0);
	const [, code] = /\b(\d{6})\b/.exec(mine()[0].body);
	await dialog.locator("#account-code").fill(code);
	await press(dialog, "app.account.confirm");
	await sentNumber(page);
	assert.equal(count(world, "waltrop"), 1);
	await visit.end();
});

test("the sender sees the status and the office's answer", async () => {
	const { world } = stage;
	const visit = await stage.visit("castrop-rauxel");
	const page = await visit.open("/report");
	await writeReport(page, "castrop-rauxel", { photos: 0, place: "typed" });
	await send(page);
	const number = await sentNumber(page);
	await follow(page, "app.sent.show");
	await says(page, "app.own.pending");
	const staff = await newStaff(world, "castrop-rauxel",
	    "amt@castrop-rauxel.example.org", "admin");
	const [id] = rows("castrop-rauxel", "r.id");
	await release(staff, id);
	const answer = await staff.request("POST",
	    `${officeReports}/${id}/answers`, { body: { text:
	    "Der Ast wird morgen entfernt." } });
	assert.ok(answer.status < 300, answer.text);
	// In this city somebody releases what is answered.
	const ticket = `/office/api/v1/defect-reporter/tickets/${id}`;
	const { drafts } = (await staff.request("GET", ticket)).json;
	const out = await staff.request("POST",
	    `${ticket}/answers/${drafts[0].id}/release`, { body: {} });
	assert.ok(out.status < 300, out.text);
	await mine(page);
	await page.locator(".dr-item", { hasText:
	    t("app.number", { number }) }).getByRole("link").click();
	await page.getByText("Der Ast wird morgen entfernt.").waitFor();
	await visit.end();
});

describe("the public reports", () => {
	before(() => fill(stage.world));

	const listed = (page) => page.locator(".dr-item a").evaluateAll((all) =>
	    all.map((a) => a.pathname.split("/").pop()).sort());

	test("are all in the list, and all on the map", async () => {
		const answer = await stage.world.public.request("GET", "herne", map);
		const want = answer.json.features.map(({ id }) => id).sort();
		assert.ok(want.length >= 10);
		const visit = await stage.visit("herne");
		const page = await visit.open("/defect-reporter/list");
		const more = page.getByRole("button", { name: /^Weitere zeigen/ });
		while (await more.isVisible())
			await more.click();
		assert.deepEqual(await listed(page), want);
		await page.goto(visit.at("/defect-reporter/map"));
		await wholeCity(page, want.length);
		await visit.end();
	});

	test("are filtered alike on both", async () => {
		const { json } = await stage.world.public.request("GET", "herne", map);
		const kinds = [...new Set(json.features.map(({ properties }) =>
		    properties.category))];
		const visit = await stage.visit("herne", desk);
		const page = await visit.open("/");
		let compared = 0;
		for (const kind of kinds.slice(0, 4)) {
			await page.goto(visit.at(
			    `/defect-reporter/map?category=${kind}`));
			await page.locator(".dr-item").first().waitFor();
			const want = await listed(page);
			assert.deepEqual(want, json.features.filter((one) =>
			    one.properties.category === kind).map(({ id }) => id)
			    .sort());
			await wholeCity(page, want.length);
			const pins = await page.locator(".sk-pin[data-pin]")
			    .evaluateAll((all) => all.map((pin) =>
			    pin.dataset.pin).sort());
			// Those that are close to each other are one group.
			if (pins.length === want.length) {
				assert.deepEqual(pins, want);
				compared++;
			}
		}
		assert.ok(compared > 0, "some of it could be compared");
		await visit.end();
	});

	test("a pin shows its report, and Escape gives the map back", async () => {
		const visit = await stage.visit("herne");
		const page = await visit.open("/map");
		const pin = page.locator(".sk-pin[data-pin]").first();
		await pin.focus();
		await page.keyboard.press("Enter");
		await page.locator(".sk-sheet").getByRole("link", { name:
		    t("app.map.details") }).waitFor();
		await page.keyboard.press("Escape");
		await page.locator(".sk-sheet").waitFor({ state: "detached" });
		await visit.end();
	});
});

// The map shows all of the city, and as many reports as there are: each pin is
// one, a group says how many.
async function wholeCity(page, total) {
	await page.getByRole("button", { name:
	    t("app.map.city", { city: "Herne" }) }).click();
	await page.waitForFunction((total) => [...document.querySelectorAll(
	    ".sk-pin")].reduce((sum, pin) => sum + (pin.dataset.pin ? 1 :
	    Number(pin.textContent)), 0) === total, total);
}

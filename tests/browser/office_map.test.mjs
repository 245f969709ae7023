// SPDX-License-Identifier: EUPL-1.2
// Parcels in the office: below the pins from near by, and beside a ticket.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { newStaff, top } from "../http/lib/server.mjs";
import { openOffice } from "./lib/desk.mjs";
import { axeFinds, lookAt, modes, setMode, withAxe } from "./lib/examine.mjs";
import { words } from "./lib/words.mjs";

const t = words("de", "defect-reporter", "office");
const screen = "/defect-reporter/tickets";
let office, admin, ticket;

before(async () => {
	office = await openOffice({ city: "waltrop", map: true });
	const { world, city } = office;
	admin = await newStaff(world, city, "admin@example.org", "admin");
	const { json: app } = await admin.request("GET", "/office/api/v1/app");
	const [lon, lat] = app.map.center;
	// As if the cadastre's sheet lay in the middle of the city.
	const sheet = JSON.parse(fs.readFileSync(path.join(top,
	    "tests/fixtures/geo/parcels_waltrop_synthetic.geojson"), "utf8"));
	const from = sheet.features[0].geometry.coordinates[0][0][0];
	const move = (part) => typeof part[0] === "number" ?
	    [part[0] - from[0] + lon - 1e-4, part[1] - from[1] + lat - 1e-4] :
	    part.map(move);
	sheet.features.forEach((one, i) => {
		one.geometry.coordinates = move(one.geometry.coordinates);
		one.properties.city_owned = [true, false, undefined][i % 3];
	});
	const file = path.join(world.dir, "parcels.geojson");
	fs.writeFileSync(file, JSON.stringify(sheet));
	const loaded = world.cli("parcels", "import", city, file);
	assert.equal(loaded.status, 0, loaded.stderr);
	const made = await admin.request("POST",
	    "/office/api/v1/defect-reporter/tickets", { body: { channel: "counter",
	    category: app.plugins.find(({ name }) => name === "defect-reporter")
		.settings.categories.at(-1).code, text: "Ein Ast.",
	    position: { lat, lon } } });
	assert.equal(made.status, 201, made.text);
	ticket = made.json.id;
}, { timeout: 180_000 });
after(() => office.stop());

const asked = (page) => {
	const cells = [];
	page.on("request", (request) => /\/parcels\//.test(request.url()) &&
	    cells.push(request.url()));
	return cells;
};
const nearer = async (page) => {
	const area = page.locator(".sk-area").first();
	for (let i = 0; i < 10 && await area.count() === 0; i++) {
		await page.getByRole("button", { name: t("app.map.closer") }).click();
		await area.waitFor({ timeout: 1500 }).catch(() => null);
	}
	await area.waitFor();
};

test("parcels appear from near by, are told apart without colour, and can be " +
    "put away", async () => {
	const desk = await office.sitDown(admin, { viewport: { width: 1280,
	    height: 600 } });
	const page = await desk.open(`${screen}/map`);
	const cells = asked(page);
	const note = page.locator(".dt-map-note");
	await note.filter({ hasText: t("office.parcel.closer") }).waitFor();
	assert.equal(await page.locator(".sk-area").count(), 0);
	assert.deepEqual(cells, [], "none is asked for from far away");
	await nearer(page);
	assert.ok(cells.length > 0 && cells.length <= 40, `${cells.length}`);
	await note.filter({ hasText: t("office.parcel.count.other",
	    { count: 9 }) }).waitFor();
	const known = await page.locator(".sk-area").evaluateAll((all) =>
	    all.map((one) => [one.className.match(/--(\w+)/)[1],
		one.getAttribute("aria-label")]));
	const says = { hatched: "city", plain: "not-city", dashed: "unknown" };
	for (const [look, label] of known)
		assert.ok(label.endsWith(t(`office.parcel.${says[look]}`)) &&
		    /Flurstück \d/.test(label), label);
	assert.ok(new Set(known.map(([look]) => look)).size > 1);

	// What is drawn: the strokes are in the picture and not in the page.
	const before = await page.locator(".maplibregl-canvas").screenshot();
	const toggle = page.getByRole("button", { name: t("office.parcel.show") });
	assert.equal(await toggle.getAttribute("aria-pressed"), "true");
	await toggle.click();
	await page.waitForFunction(() => !document.querySelector(".sk-area"));
	assert.equal(await toggle.getAttribute("aria-pressed"), "false");
	assert.ok(!before.equals(await page.locator(".maplibregl-canvas")
	    .screenshot()));
	const were = cells.length;
	await toggle.click();
	await page.locator(".sk-area").first().waitFor();
	assert.equal(cells.length, were, "a cell is asked for once");

	await page.locator(".dt-legend summary").click();
	await withAxe(page);
	const found = [];
	for (const mode of Object.keys(modes)) {
		await setMode(page, mode);
		found.push(...await axeFinds(page, mode));
	}
	assert.deepEqual([...found, ...await lookAt(page)], []);
	await desk.end();
});

test("a ticket says which parcel it is on, with the parcels on its map",
    async () => {
	const desk = await office.sitDown(admin);
	const page = await desk.open(`${screen}/${ticket}`);
	const line = page.locator(".dt-parcel");
	await line.waitFor();
	const text = await line.innerText();
	assert.match(text, /Waltrop, Flur 41, Flurstück 106/);
	assert.ok(text.includes(t("office.parcel.city")), text);
	await page.locator(".dt-place__map .sk-area--hatched",
	    { hasText: "106" }).waitFor();
	await desk.end();
});

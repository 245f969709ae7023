// SPDX-License-Identifier: EUPL-1.2
// What becomes public, at a desk: text, photos, areas that are blackened by
// pointer and by keyboard; and handing a ticket on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { aReport, officeReports, picture, reports, sendPhoto, sendReport } from
    "../http/lib/city.mjs";
import { newDevice, newStaff, until } from "../http/lib/server.mjs";
import { openOffice, settled } from "./lib/desk.mjs";
import { axeFinds, modes, setMode, withAxe } from "./lib/examine.mjs";

const CITY = "herne";
let office, device, staff;
before(async () => {
	office = await openOffice({ city: CITY, world: { courier: true } });
	device = await newDevice(office.world.public, CITY);
	staff = await newStaff(office.world, CITY, "amt@example.org", "admin");
}, { timeout: 180_000 });
after(() => office.stop());

const ticket = async (id) => (await staff.request("GET",
    `${officeReports}/${id}`)).json;

async function withPhoto() {
	const { id, number } = await sendReport(device, aReport(CITY,
	    { text: "Herr Muster parkt im Gebüsch." }));
	await sendPhoto(device, id, picture("plain.jpg"));
	await until("the photo is ready", async () =>
	    (await ticket(id)).photos[0].state === "waiting");
	return { id, number };
}

const openRelease = async (desk, id) => {
	const page = await desk.open(`/defect-reporter/tickets/${id}`);
	await page.locator(".dt-steps button").first().waitFor();
	await page.keyboard.press("v");
	await page.locator("#release-text").waitFor();
	return page;
};

async function nothingWrong(page, where) {
	await withAxe(page);
	for (const mode of Object.keys(modes)) {
		await setMode(page, mode);
		assert.deepEqual(await axeFinds(page, mode), [], `${where} ${mode}`);
	}
	await setMode(page, "light");
}

test("by pointer: text and photo are released, with a face blackened, as the " +
    "preview said", async () => {
	const { id } = await withPhoto();
	const desk = await office.sitDown(staff);
	const page = await openRelease(desk, id);
	await page.locator("#release-text").fill("Ein Auto parkt im Gebüsch.");
	const preview = page.locator(".dt-public");
	await preview.getByText("Ein Auto parkt im Gebüsch.").waitFor();
	assert.equal(await preview.getByText("Muster").count(), 0);
	await page.getByRole("button", { name: "Schwärzen" }).click();
	const image = page.locator(".dt-redact__picture img");
	await image.waitFor();
	const box = await image.boundingBox();
	await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.25);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.5,
	    { steps: 4 });
	await page.mouse.up();
	await page.locator(".dt-mark").waitFor();
	await nothingWrong(page, "the editor");
	await page.getByRole("button", { name: "Schwärzung übernehmen" }).click();
	await page.locator("#release-text").waitFor();
	assert.equal(await page.locator("#release-text").inputValue(),
	    "Ein Auto parkt im Gebüsch.", "nothing typed is lost");
	await until("it is burnt in", async () =>
	    (await ticket(id)).photos[0].redaction === "done");
	const [area] = (await ticket(id)).photos[0].areas;
	for (const [name, share] of [["x", 0.25], ["y", 0.25], ["width", 0.5],
	    ["height", 0.25]])
		assert.ok(Math.abs(area[name] - share) < 0.02, JSON.stringify(area));
	await page.getByText("geschwärzt", { exact: true }).waitFor();
	await page.getByLabel("Foto 1 veröffentlichen").check();
	await preview.locator("img").waitFor();
	await nothingWrong(page, "the release");
	await page.getByRole("button", { name: "Veröffentlichen", exact: true })
	    .last().click();
	const seen = await until("it is public", async () => {
		const answer = await office.world.public.request("GET", CITY,
		    `${reports}/${id}`);
		return answer.status === 200 && answer.json.photos.length === 1 &&
		    answer.json;
	});
	assert.equal(seen.text, "Ein Auto parkt im Gebüsch.");
	await desk.end();
});

test("by keyboard alone: an area is added, moved, sized, removed and saved",
    async () => {
	const { id } = await withPhoto();
	const desk = await office.sitDown(staff);
	const page = await openRelease(desk, id);
	const press = async (name) => {
		await page.getByRole("button", { name, exact: true }).focus();
		await page.keyboard.press("Enter");
	};
	await press("Schwärzen");
	await press("Fläche hinzufügen");
	await page.locator(".dt-mark:focus").waitFor();
	for (let i = 0; i < 10; i++)
		await page.keyboard.press("ArrowLeft");
	for (let i = 0; i < 5; i++)
		await page.keyboard.press("Shift+ArrowDown");
	assert.match(await page.locator(".dt-mark").getAttribute("aria-label"),
	    /links 30 %, oben 40 %, breit 20 %, hoch 25 %/);
	await press("Breiter");
	await press("Fläche hinzufügen");
	await page.locator(".dt-mark:focus").waitFor();
	await page.keyboard.press("Delete");
	assert.equal(await page.locator(".dt-mark").count(), 1);
	assert.equal(await page.evaluate(() => document.activeElement.id),
	    "redact-add", "the focus is not lost");
	await press("Schwärzung übernehmen");
	await until("it is burnt in", async () =>
	    (await ticket(id)).photos[0].redaction === "done");
	assert.deepEqual((await ticket(id)).photos[0].areas, [{ x: 0.3, y: 0.4,
	    width: 0.21, height: 0.25 }]);
	await page.getByText("geschwärzt", { exact: true }).waitFor();
	// What was drawn is not thrown away by Escape.
	await press("Schwärzen");
	await press("Alle entfernen");
	await page.keyboard.press("Escape");
	await page.getByText("Änderungen verwerfen?").waitFor();
	await desk.end();
});

test("a ticket is handed on, listed with its state, and taken back",
    async () => {
	const { id } = await withPhoto();
	assert.equal((await staff.request("POST", `${officeReports}/${id}/release`,
	    { body: {} })).status, 200);
	const desk = await office.sitDown(staff);
	const page = await desk.open(`/defect-reporter/tickets/${id}`);
	await page.locator(".dt-more summary").click();
	await page.getByRole("button", { name: "Weiterleiten" }).click();
	await page.locator("#forward-body").selectOption("strassen-nrw");
	await page.getByText(/Der Kontakt .* geht nicht mit/).waitFor();
	await page.locator("#forward-note").fill("Bitte prüfen.");
	await nothingWrong(page, "the forwarding");
	await page.locator("dialog[open] button[type=submit]").click();
	const list = page.locator(".dt-forwardings");
	await list.getByText("Straßen.NRW").first().waitFor();
	await list.getByText("offen", { exact: true }).waitFor();
	await settled(page);
	await list.getByRole("button", { name: "Zurückziehen" }).click();
	await page.locator("dialog[open]").getByRole("button",
	    { name: "Zurückziehen" }).click();
	await list.getByText("zurückgezogen", { exact: true }).waitFor();
	await desk.end();
});

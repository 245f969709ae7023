// SPDX-License-Identifier: EUPL-1.2
// The audit log at a desk: what was done stands there, can be narrowed down,
// and is nobody's who has not the right.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newStaff, until } from "../http/lib/server.mjs";
import { openOffice } from "./lib/desk.mjs";
import { axeFinds, lookAt, modes, setMode, withAxe } from "./lib/examine.mjs";
import { t } from "./lib/office.mjs";

const api = "/office/api/v1/defect-reporter";
let office, admin, ticket;
before(async () => {
	office = await openOffice({ world: { courier: true,
	    env: { STADTKERN_AUDIT_SECONDS: "1" } } });
	const { world, city } = office;
	admin = await newStaff(world, city, "admin@example.org", "admin");
	const made = await admin.request("POST", `${api}/tickets`, { body: {
	    channel: "telephone", category: "litter", answers: { sort: "Reifen" },
	    text: "Reifen.", position: { lat: 51.5497, lon: 7.3117 },
	    contact: { name: "Toni Muster" } } });
	assert.equal(made.status, 201, made.text);
	ticket = made.json.id;
	for (let i = 0; i < 55; i++)
		await admin.request("GET", `${api}/tickets/${ticket}`);
	const press = await newStaff(world, city, "press@example.org", "press");
	assert.equal((await press.request("POST", `${api}/tickets/${ticket}/take`,
	    { body: {} })).status, 403);
	await until("all is in the chain", () => Number(world.sql(
	    "select count(*) from audit where object_id = " +
	    `'${ticket}'`)) >= 56 && world.sql(
	    "select count(*) from audit_inbox") === "0");
}, { timeout: 180_000 });
after(() => office.stop());

test("who read or changed what stands there, page by page, and by filter",
    async () => {
	const desk = await office.sitDown(admin);
	const page = await desk.open("/audit");
	const rows = page.locator("tbody tr");
	await rows.nth(49).waitFor();
	assert.equal(await rows.count(), 50);
	await page.getByRole("button", { name: t("office.audit.more") }).click();
	await rows.nth(55).waitFor();
	const numbers = (await page.locator(".of-audit__number").allInnerTexts())
	    .map((text) => Number(text.match(/\d+/)[0]));
	assert.deepEqual(numbers, [...numbers].sort((a, b) => b - a));

	await page.locator("#kind").selectOption("refused");
	await page.waitForURL(/kind=refused/);
	await page.waitForFunction(() => document.querySelectorAll(
	    "tbody tr").length === 1);
	assert.match(await rows.first().innerText(), /403/);
	await page.locator("#kind").selectOption("change");
	await page.locator("tbody tr", { hasText: "POST /office" }).first()
	    .waitFor();
	assert.ok(!(await page.locator("table").innerText()).includes("Muster"),
	    "no personal data");
	await rows.first().getByRole("link", { name: "Alex Beispiel" }).click();
	await page.waitForURL(/staff=/);
	assert.equal(await page.locator("#staff").inputValue(),
	    new URL(page.url()).searchParams.get("staff"));
	await page.goto(`${desk.base}/audit?object=${ticket}&kind=read`);
	await rows.nth(49).waitFor();
	assert.ok((await rows.first().innerText()).includes(ticket));
	await page.locator("#until").fill("2020-01-01");
	await page.getByText(t("office.table.none")).waitFor();
	await page.getByRole("button", { name: t("office.audit.clear") }).click();
	await rows.nth(49).waitFor();

	await withAxe(page);
	const found = [];
	for (const [width, height] of [[820, 1180], [1440, 900]]) {
		await page.setViewportSize({ width, height });
		for (const mode of Object.keys(modes)) {
			await setMode(page, mode);
			found.push(...await axeFinds(page, mode));
		}
		await setMode(page, "light");
		found.push(...await lookAt(page));
	}
	assert.deepEqual(found, []);
	await desk.end();
});

test("who has not the right sees neither the page nor its entry in the menu",
    async () => {
	const press = await newStaff(office.world, office.city,
	    "press2@example.org", "press");
	const desk = await office.sitDown(press);
	const page = await desk.open("/audit");
	assert.equal(await page.getByRole("link", { name: t("office.menu.audit") })
	    .count(), 0);
	assert.equal(await page.locator("table").count(), 0);
	assert.equal((await press.request("GET", "/office/api/v1/audit")).status,
	    403);
	await page.goto(`${desk.base}/licences`);
	await page.locator("details", { hasText: "preact" }).first().waitFor();
	await desk.end();
});

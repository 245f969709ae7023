// SPDX-License-Identifier: EUPL-1.2
// The audit log at a desk: what was done stands there in words, can be narrowed
// down, to one of 400 people as well, and is nobody's who has not the right.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newStaff, until } from "../http/lib/server.mjs";
import { openOffice } from "./lib/desk.mjs";
import { axeFinds, focusIsSeen, lookAt, modes, resize, setMode, withAxe } from
    "./lib/examine.mjs";
import { t } from "./lib/office.mjs";

const api = "/office/api/v1/defect-reporter";
let office, admin, ticket, number;
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
	number = world.sql("select number from defect_reporter.report where " +
	    `id = '${ticket}'`);
	for (let i = 0; i < 55; i++)
		await admin.request("GET", `${api}/tickets/${ticket}`);
	// As quick to find among 400, who are no entries of their own.
	world.sql("set session_replication_role = replica; insert into staff (tenant_id, email, name, roles, " +
	    "disabled_at) select t.id, 'person' || n || '@example.org', " +
	    "'Person ' || n, '{press}', case when n = 377 then now() end " +
	    "from generate_series(1, 400) n cross join tenant t " +
	    `where t.slug = '${city}'`);
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
	const refused = await rows.first().innerText();
	assert.match(refused, /Meldung selbst übernehmen/);
	assert.match(refused, /Dazu fehlt Ihnen die Berechtigung/);
	assert.doesNotMatch(refused, /403|POST/, "only for who looks closer");
	await rows.first().getByText(t("office.audit.details")).click();
	await rows.first().getByText("403 right-missing").waitFor();
	await rows.first().getByText(`POST ${api}/tickets/{id}/take`).waitFor();
	await page.locator("#kind").selectOption("change");
	await page.locator("tbody tr", { hasText: "Meldung erfassen" }).first()
	    .waitFor();
	assert.ok(!(await page.locator("table").innerText()).includes("Muster"),
	    "no personal data");
	await rows.filter({ hasText: "Meldung erfassen" })
	    .getByRole("link", { name: "Alex Beispiel" }).click();
	await page.waitForURL(/staff=/);
	await page.waitForFunction(() => document.querySelector("#staff").value ===
	    "Alex Beispiel");
	await page.goto(`${desk.base}/audit?object=${ticket}&kind=read`);
	await rows.nth(49).waitFor();
	const read = await rows.first().innerText();
	assert.match(read, new RegExp(`Meldung mit Kontakt öffnen.*${number}`));
	assert.match(read, /Gelesen: Kontakt/);
	assert.ok(!read.includes(ticket));
	await page.getByText(t("office.audit.object", { name: `Meldung ${number}` }))
	    .waitFor();
	await page.locator("#until").fill("2020-01-01");
	await page.getByText(t("office.table.none")).waitFor();
	await page.getByRole("button", { name: t("office.audit.clear") }).click();
	await rows.nth(49).waitFor();

	await page.locator("#staff").fill("377");
	await page.getByRole("button", { name: "Person 377" }).waitFor();
	await rows.first().getByText(t("office.audit.details")).click();
	await withAxe(page);
	const tree = await page.context().newCDPSession(page);
	const found = [];
	for (const width of [320, 768, 1440]) {
		await resize(page, width);
		const note = (list, mode = "") => found.push(...list.map((what) =>
		    `${width} ${mode} ${what}`));
		for (const mode of Object.keys(modes)) {
			await setMode(page, mode);
			note(await axeFinds(page, mode), mode);
		}
		await setMode(page, "light");
		note(await lookAt(page));
		// Stacked or not, it is a table for those who listen.
		const { nodes } = await tree.send("Accessibility.getFullAXTree");
		for (const role of ["table", "row", "columnheader", "rowheader", "cell"])
			if (!nodes.some((node) => node.role?.value === role))
				note([`no ${role}`]);
	}
	found.push(...await focusIsSeen(page));
	assert.deepEqual(found, []);

	await rows.getByRole("link", { name: `Meldung ${number}` }).first().click();
	await page.waitForURL(`**/defect-reporter/tickets/${ticket}`);
	await desk.end();
});

test("one of 400 people is found by name, with the keyboard alone, and let go",
    async () => {
	const desk = await office.sitDown(admin);
	const page = await desk.open("/audit");
	const asked = [];
	page.on("request", (request) => request.url().includes("/audit/people") &&
	    asked.push(request.url()));
	const field = page.getByLabel(t("office.audit.person"));
	await field.focus();
	await page.keyboard.type("n 377");
	const one = page.getByRole("button", { name: "Person 377" });
	await one.waitFor();
	assert.match(await one.innerText(), /gesperrt/);
	assert.ok(asked.length < 3, "a pause in typing is waited for");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	await page.waitForURL(/staff=[0-9a-f-]{36}/);
	assert.equal(await field.inputValue(), "Person 377");
	await page.waitForFunction(() => document.activeElement.id === "staff");
	assert.equal(await one.count(), 0);
	await page.getByText(t("office.table.none")).waitFor();

	await page.reload();
	await page.waitForFunction(() => document.querySelector("#staff")?.value ===
	    "Person 377");
	await field.fill("");
	await page.waitForURL((url) => !url.search.includes("staff"));
	await field.fill("person");
	await page.getByText(t("office.audit.people-more")).waitFor();
	await page.keyboard.press("Escape");
	await page.getByText(t("office.audit.people-more"))
	    .waitFor({ state: "detached" });
	await field.fill("niemand");
	await page.getByText(t("office.audit.people-none")).waitFor();
	await desk.end();
});

test("what a role may is said in words", async () => {
	const desk = await office.sitDown(admin);
	const page = await desk.open("/staff/new");
	const roles = page.locator("fieldset");
	await roles.getByText("Meldungen und Fotos veröffentlichen").first()
	    .waitFor();
	const text = await roles.innerText();
	assert.match(text, /Alles in Mängelmelder/);
	assert.doesNotMatch(text, /defect-reporter|bulky-waste|\w+\.\w+/);
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

// SPDX-License-Identifier: EUPL-1.2
// Everything of a clerk's day by keyboard alone, from signing in on: no click,
// and no field that is filled from outside.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { aReport, sendReport } from "../http/lib/city.mjs";
import { newDevice, newStaff, staffPassword, until } from
    "../http/lib/server.mjs";
import { startStage } from "./lib/browser.mjs";
import { desktop, pick } from "./lib/office.mjs";
import { words } from "./lib/words.mjs";

const t = words("de", "defect-reporter", "office");
const city = "castrop-rauxel";
const api = "/office/api/v1/defect-reporter";
const list = "/defect-reporter/tickets?q=Ameise&sort=received";
let stage, staff, visit, page;
const ids = [];

before(async () => {
	stage = await startStage({ side: "office", world: { office: true,
	    public: true } });
	staff = await newStaff(stage.world, city, "amt@example.org", "admin");
	const device = await newDevice(stage.world.public, city);
	for (let i = 0; i < 7; i++)
		ids.unshift((await sendReport(device, aReport(city, { text:
		    `Eine Ameise im Beet, Nummer ${i}.` }, i))).id);
	visit = await stage.visit(city, { ...desktop, faults: true });
	page = await visit.open(list);
}, { timeout: 180_000 });
after(() => stage?.stop());

const show = async (id) => (await staff.request("GET", `${api}/tickets/${id}`))
    .json;
const becomes = (id, what, is) => until(what, async () => is(await show(id)));
async function keys(...all) {
	for (const one of all)
		await page.keyboard.press(one);
}
async function tabTo(selector, options) {
	const target = page.locator(selector, options).first();
	await target.waitFor();
	for (let i = 0; i < 150; i++) {
		if (await target.evaluate((one) => one === document.activeElement))
			return;
		await page.keyboard.press("Tab");
	}
	assert.fail(`${selector} is out of reach`);
}
const noDialog = () => page.locator("dialog").waitFor({ state: "detached" });
const opened = async (id) => page.locator("h2", { hasText: new RegExp(
    `Nr\\. ${(await show(id)).number}\\b`) }).waitFor();
// One of the rarer steps: behind "Weitere Schritte".
async function rare(step) {
	await tabTo(".dt-more summary");
	if (await page.locator(".dt-more[open]").count() === 0)
		await keys("Enter");
	await tabTo(".dt-more__list button", { hasText: t(`office.step.${step}`) });
	await keys("Enter");
}
// The list's next row has the focus; which one that is.
async function next() {
	const focused = () => page.evaluate(() => document.activeElement.id);
	const before = await focused();
	await keys("j");
	return until("the focus moves", async () => {
		const at = await focused();
		return at !== before && at.startsWith("ticket-") && at;
	});
}
// `Enter` opens it.
async function open(id) {
	for (let i = 0, at; i < 12 && at !== `ticket-${id}`; i++)
		at = await next();
	await keys("Enter");
	await opened(id);
}

test("one signs in, and is where one wanted to be", async () => {
	await tabTo("#email");
	await page.keyboard.type("amt@example.org");
	await keys("Tab");
	await page.keyboard.type(staffPassword);
	await keys("Enter");
	await page.locator(".dt-row").nth(6).waitFor();
	assert.match(page.url(), /q=Ameise/);
});

test("three reports are released, assigned and closed", async () => {
	for (const id of ids.slice(0, 3)) {
		await open(id);
		await keys("f");
		await becomes(id, "released", (its) => its.release === "released");
		await page.locator(".dt-steps button", { hasText:
		    t("office.step.release") }).waitFor({ state: "detached" });
		await keys("z");
		await pick(page, "#department", "Bereich Stadtg");
		await keys("Control+Enter");
		await becomes(id, "assigned", (its) =>
		    its.department === "stadtgruen" && its.assignment === "assigned");
		await noDialog();
		await page.locator(".dt-steps button", { hasText:
		    t("office.step.status") }).waitFor();
		await keys("s");
		await page.locator("dialog[open] input[name=status]:focus").waitFor();
		await keys("ArrowDown", "ArrowDown", "Control+Enter");
		await becomes(id, "closed", (its) => its.closed_at !== null);
		await noDialog();
	}
});

test("a ticket is returned with a reason, and noted on", async () => {
	const id = ids[3];
	await open(id);
	await rare("return");
	await page.locator("#reason:focus").waitFor();
	await page.keyboard.type("Das ist nicht unser Beet.");
	await keys("Control+Enter");
	await becomes(id, "returned", (its) => its.assignment === "returned");
	await noDialog();
	await rare("note");
	await page.locator("#reason:focus").waitFor();
	await page.keyboard.type("Der Garten gehört der Schule.");
	await keys("Control+Enter");
	await becomes(id, "noted", (its) => its.history.some((one) =>
	    one.kind === "note" && /Schule/.test(one.text)));
	await noDialog();
});

test("a ticket is merged with another", async () => {
	const id = ids[4], into = await show(ids[5]);
	await open(id);
	await rare("merge");
	const dialog = page.locator("dialog[open]");
	await dialog.waitFor();
	// By number, which is there with and without others near by.
	if (await dialog.locator("#into").count() > 0) {
		await tabTo("dialog[open] input[name=into]");
		await keys("ArrowUp", "Space");
	}
	await tabTo("#merge-number");
	await page.keyboard.type(String(into.number));
	await dialog.locator("p[role=status]", { hasText: into.text }).waitFor();
	await keys("Control+Enter");
	await becomes(id, "merged", (its) => its.parent?.id === into.id);
	await noDialog();
});

test("several are assigned and moved at once", async () => {
	await page.goto(visit.at(list));
	await page.locator(".dt-row").nth(4).waitFor();
	const two = [ids[5], ids[6]];
	const choose = async () => {
		for (let i = 0, found = 0; i < 12 && found < 2; i++) {
			if (two.includes((await next()).replace("ticket-", ""))) {
				await keys("x");
				found++;
			}
		}
		await page.getByText(t("office.bulk.chosen.other", { count: 2 }))
		    .first().waitFor();
	};
	await choose();
	await keys("z");
	await pick(page, "#bulk-department", "Bereich Ordnung");
	await tabTo(".dt-bulk button", { hasText: t("office.step.assign") });
	await keys("Enter");
	for (const id of two)
		await becomes(id, "assigned", (its) => its.department === "ordnung");
	await page.locator(".dt-bulk").waitFor({ state: "detached" });
	await keys("k", "k", "k", "k", "k", "k", "k");
	await choose();
	await keys("s");
	await pick(page, "#bulk-status", "In Bearbeitung");
	await tabTo(".dt-bulk button", { hasText: t("office.step.status") });
	await keys("Enter");
	for (const id of two)
		await becomes(id, "moved", (its) => its.status === "in-progress");
	await page.locator(".dt-bulk").waitFor({ state: "detached" });
});

test("a view is saved", async () => {
	await tabTo(".dt-filters summary");
	await keys("Enter");
	await tabTo("#view-name");
	await page.keyboard.type("Ameisen");
	await tabTo(".dt-views button", { hasText: t("office.view.save") });
	await keys("Enter");
	await until("it is kept", async () => (await staff.request("GET",
	    `${api}/tickets/views`)).json.items.some((one) =>
	    one.name === "Ameisen" && one.filter.q === "Ameise"));
	await visit.end();
});

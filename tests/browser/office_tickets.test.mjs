// SPDX-License-Identifier: EUPL-1.2
// A clerk's day in the office: by keyboard alone, beside others who do the
// same, and with the rights that each role has.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, sendReport } from "../http/lib/city.mjs";
import { newDevice, newStaff, until } from "../http/lib/server.mjs";
import { openOffice, settled } from "./lib/desk.mjs";
import { pick } from "./lib/office.mjs";
import { words } from "./lib/words.mjs";

const t = words("de", "defect-reporter", "office");
const screen = "/defect-reporter/tickets";
const api = "/office/api/v1/defect-reporter";
const people = {};
let office, device, index = 0;
before(async () => {
	office = await openOffice();
	device = await newDevice(office.world.public, office.city);
	for (const role of ["admin", "sighting", "clerk", "head", "press"])
		people[role] = await newStaff(office.world, office.city,
		    `${role}@example.org`, role);
}, { timeout: 180_000 });
after(() => office.stop());

const aTicket = async (changes = {}) => (await sendReport(device,
    aReport(office.city, changes, index++))).id;
const show = async (id) => (await people.admin.request("GET",
    `${api}/tickets/${id}`)).json;
async function post(who, target, body = {}) {
	const answer = await people[who].request("POST", `${api}/${target}`,
	    { body });
	assert.ok(answer.status < 300, answer.text);
	return answer.json;
}
const button = (page, key) => page.getByRole("button", { name: t(key) }).first();
const says = (page, key, values) =>
    page.getByText(t(key, values)).first().waitFor();
// The ticket's own heading has the focus when it is there.
const opened = (page, number) => page.locator("h2",
    { hasText: new RegExp(`Nr\\. ${number}\\b`) }).waitFor();
const until409 = (page) => page.getByText(t("office.meanwhile")).waitFor();

describe("by keyboard alone", () => {
	const text = "Beim Aufräumen gefunden";
	const seen = `${screen}?q=Beim+Aufr%C3%A4umen&sort=received`;

	test("forty reports are opened, released, assigned, answered, closed",
	    { timeout: 240_000 }, async () => {
		const all = [];
		for (let i = 0; i < 40; i++)
			all.push(await aTicket({ text: `${text}, Nummer ${i}.` }));
		const desk = await office.sitDown(people.admin);
		const page = await desk.open(seen);
		const key = (...keys) => keys.reduce((before, one) => before.then(() =>
		    page.keyboard.press(one)), Promise.resolve());
		await page.locator(".dt-row").nth(39).waitFor();

		// One, step by step; the newest is on top.
		const one = all[39];
		const { number } = await show(one);
		await key("j", "Enter");
		await opened(page, number);
		await key("f");
		await until("it is released", async () =>
		    (await show(one)).release === "released");
		await says(page, "office.said.release");
		await button(page, "office.step.assign").waitFor();
		await key("z");
		await pick(page, "#department", "Bereich Stadtg");
		await key("Control+Enter");
		await until("it is assigned", async () =>
		    (await show(one)).department === "stadtgruen");
		await page.locator("dialog").waitFor({ state: "detached" });
		await key("a");
		await page.locator("#answer-text:focus").waitFor();
		await page.keyboard.type("Der Ast ist abgesägt.");
		await key("Control+Enter");
		await until("the answer waits", async () =>
		    (await show(one)).drafts.length === 1);
		await page.locator("dialog").waitFor({ state: "detached" });
		await says(page, "office.said.answer");
		await button(page, "office.step.status").waitFor();
		await key("s");
		await page.locator("#status:focus").waitFor();
		await key("ArrowDown", "ArrowDown", "Control+Enter");
		await until("it is closed", async () =>
		    (await show(one)).status === "done");
		await page.locator("dialog").waitFor({ state: "detached" });

		// The others at once, and back, and once more.
		for (let i = 0; i < 39; i++)
			await key("j", "x");
		await says(page, "office.bulk.chosen", { count: 39 });
		const released = async () => (await people.admin.request("GET",
		    `${api}/tickets?q=Beim+Aufr%C3%A4umen&release=released&limit=100`))
		    .json.items.length;
		await key("f");
		await until("all are released", async () => await released() === 40);
		await says(page, "office.bulk.done", { count: 39,
		    what: t("office.bulk.released") });
		await key("u");
		await until("it is taken back", async () => await released() === 1);
		await desk.end();
	});

	test("`/` searches, `?` shows all keys, and each has a button",
	    async () => {
		const id = await aTicket();
		const desk = await office.sitDown(people.admin);
		const page = await desk.open(`${screen}/${id}`);
		await opened(page, (await show(id)).number);
		await page.keyboard.press("?");
		const dialog = page.locator("dialog[open]");
		await dialog.waitFor();
		const shown = await dialog.innerText();
		for (const step of ["release", "assign", "status", "answer"]) {
			assert.ok(shown.includes(t(`office.step.${step}`)), step);
			assert.equal(await page.locator(".dt-steps button",
			    { hasText: t(`office.step.${step}`) }).count(), 1, step);
		}
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "detached" });
		await page.keyboard.press("/");
		await page.locator("#q:focus").fill("Nilpferd");
		await page.waitForURL(/q=Nilpferd/);
		await says(page, "office.nothing");
		await desk.end();
	});
});

test("who goes on before the own step is shown has no conflict with it",
    async () => {
	const id = await aTicket();
	const desk = await office.sitDown(people.admin);
	const page = await desk.open(`${screen}/${id}`);
	await opened(page, (await show(id)).number);
	let letGo;
	const held = new Promise((done) => { letGo = done; });
	await page.route(new RegExp(`/tickets/${id}(/pulse)?$`), async (route) => {
		await held;
		await route.continue();
	});
	await page.keyboard.press("f");
	await until("it is released", async () =>
	    (await show(id)).release === "released");
	await says(page, "office.said.release");
	await page.keyboard.press("a");
	await page.locator("#answer-text:focus").waitFor();
	await page.keyboard.type("Wir kommen morgen.");
	await page.keyboard.press("Control+Enter");
	await until("it is sent", async () => (await show(id)).drafts.length === 1);
	letGo();
	await page.locator("dialog").waitFor({ state: "detached" });
	await page.unrouteAll({ behavior: "wait" });
	await desk.end();
});

describe("two people", () => {
	test("who edit the same ticket get a conflict, and nothing is lost",
	    async () => {
		const id = await aTicket();
		const desk = await office.sitDown(people.admin);
		const page = await desk.open(`${screen}/${id}`);
		await opened(page, (await show(id)).number);
		await page.keyboard.press("a");
		await page.locator("#answer-text").fill("Wir kommen morgen.");
		await post("sighting", `tickets/${id}/assign`,
		    { department: "ordnung" });
		await page.keyboard.press("Control+Enter");
		await until409(page);
		assert.equal(await page.locator("#answer-text").inputValue(),
		    "Wir kommen morgen.");
		assert.ok((await page.locator("dialog").innerText())
		    .includes("Bereich Ordnung"), "what the other one did");
		assert.equal((await show(id)).drafts.length, 0);
		await page.getByRole("button", { name: t("office.anyway") }).click();
		await until("it is sent", async () =>
		    (await show(id)).drafts.length === 1);
		assert.equal((await show(id)).department, "ordnung");
		await desk.end();
	});

	test("in two browsers: the second is told, and sees the first one's step",
	    async () => {
		const id = await aTicket();
		const { number } = await show(id);
		const desks = [await office.sitDown(people.admin),
		    await office.sitDown(people.sighting)];
		const [one, two] = await Promise.all(desks.map((desk) =>
		    desk.open(`${screen}/${id}`)));
		await Promise.all([opened(one, number), opened(two, number)]);
		// Before the second page has heard of it.
		await two.route(`**/tickets/${id}/pulse`, (route) => route.abort());
		await one.keyboard.press("f");
		await until("it is released", async () =>
		    (await show(id)).release === "released");
		await two.keyboard.press("f");
		await until409(two);
		await two.locator(".dt-steps .sk-notice",
		    { hasText: t("office.event.released") }).waitFor();
		await two.unroute(`**/tickets/${id}/pulse`);
		await Promise.all(desks.map(({ context }) => context.close()));
	});

	test("a change appears in place without reloading, with who and when",
	    async () => {
		const id = await aTicket({ text: "Hier ist ein Erdloch." });
		const desk = await office.sitDown(people.admin);
		const page = await desk.open(`${screen}/${id}?q=Erdloch`);
		await opened(page, (await show(id)).number);
		const row = page.locator(".dt-row");
		await row.waitFor();
		await page.evaluate(() => { globalThis.sameDocument = true; });
		await post("clerk", `reports/${id}/status`,
		    { status: "in-progress" });
		for (const place of [page.locator(".dt-ticket > .dt-news"),
		    row.locator(".dt-news")]) {
			await place.waitFor();
			assert.match(await place.innerText(),
			    /Alex Beispiel, \d\d:\d\d: Status/);
		}
		assert.match(await row.innerText(), /In Bearbeitung/);
		assert.ok(await page.evaluate(() => globalThis.sameDocument));
		await desk.end();
	});
});

test("Back loses nothing: the filter, what was chosen, what was typed",
    async () => {
	const ids = [];
	for (let i = 0; i < 3; i++)
		ids.push(await aTicket({ text: `Ein Wespennest, Nummer ${i}.` }));
	const desk = await office.sitDown(people.admin);
	const page = await desk.open(`${screen}?q=Wespennest&sort=received`);
	await page.locator(".dt-row").nth(2).waitFor();
	await page.locator(".dt-check").nth(1).check();
	await page.locator(".dt-row__link").nth(1).click();
	const { number } = await show(ids[1]);
	await opened(page, number);
	await page.keyboard.press("a");
	await page.locator("#answer-text").fill("Angefangen");
	await page.goBack();
	await page.locator("dialog").waitFor({ state: "detached" });
	assert.match(page.url(), /q=Wespennest&sort=received$/);
	assert.ok(await page.locator(".dt-check").nth(1).isChecked());
	assert.equal(await page.evaluate(() => document.activeElement.id),
	    `ticket-${ids[1]}`, "where one was");
	await page.goForward();
	await opened(page, number);
	await page.keyboard.press("a");
	assert.equal(await page.locator("#answer-text").inputValue(), "Angefangen");
	await desk.end();
});

describe("what is seen", () => {
	const steps = async (who, id) => {
		const desk = await office.sitDown(people[who]);
		const page = await desk.open(`${screen}/${id}`);
		await page.locator(".dt-ticket").waitFor();
		const names = await page.locator(".dt-steps button").allTextContents();
		await desk.end();
		return names.map((name) => name.replace(/ ?[a-z]$/, "").trim());
	};

	test("the list has room while the filters are open, and closed reports are no first sight",
	    async () => {
		const id = await aTicket();
		const done = await aTicket();
		await post("clerk", `reports/${done}/status`, { version: 1,
		    status: "done" });
		const desk = await office.sitDown(people.press);
		const page = await desk.open(screen);
		const row = (one) => page.locator(`#ticket-${one}`);
		await row(id).waitFor();
		assert.equal(await row(done).count(), 0);
		await page.locator(".dt-filters summary").click();
		await row(id).click();
		await page.locator(".dt-ticket").waitFor();
		await page.locator("#filter-status").selectOption(
		    { label: t("office.all") });
		await row(done).waitFor();
		await desk.end();
	});

	test("whoever only reads sees no button, and keys do nothing", async () => {
		const id = await aTicket();
		assert.deepEqual(await steps("press", id), []);
		const desk = await office.sitDown(people.press);
		const page = await desk.open(`${screen}/${id}`);
		await page.locator(".dt-ticket").waitFor();
		for (const key of ["f", "z", "s", "a"])
			await page.keyboard.press(key);
		assert.equal(await page.locator("dialog[open]").count(), 0);
		assert.equal((await show(id)).version, 1);
		await desk.end();
	});

	test("a clerk may work and not release, sighting the other way round",
	    async () => {
		const id = await aTicket();
		const clerk = await steps("clerk", id);
		assert.ok(clerk.includes(t("office.step.status")), clerk.join());
		assert.ok(!clerk.includes(t("office.step.release")));
		assert.ok(!clerk.includes(t("office.step.assign")));
		const sighting = await steps("sighting", id);
		assert.equal(sighting[0], t("office.step.release"), "the next step");
		assert.ok(!sighting.includes(t("office.step.status")));
	});

	test("a head of a department sees the department's and no other",
	    async () => {
		const theirs = await aTicket({ category: "pothole",
		    answers: { where: "Gehweg" }, text: "Ein Murmeltier im Weg." });
		await aTicket({ text: "Noch ein Murmeltier im Beet." });
		const desk = await office.sitDown(people.head);
		const page = await desk.open(`${screen}?q=Murmeltier`);
		await page.locator(".dt-row").first().waitFor();
		assert.deepEqual(await page.locator(".dt-row__link").evaluateAll(
		    (links) => links.map(({ id }) => id)), [`ticket-${theirs}`]);
		await desk.end();
	});
});

test("a report from the telephone is entered, with its place", async () => {
	const desk = await office.sitDown(people.clerk);
	const page = await desk.open("/defect-reporter/enter");
	await page.getByRole("button", { name: t("office.enter.send") }).click();
	await page.locator(".sk-errors a").first().waitFor();
	await page.locator("#category").selectOption("litter");
	await page.locator("#answer-sort").selectOption("Reifen");
	await page.locator("#text").fill("Vier Reifen am Waldweg.");
	await page.locator("#typed").fill("51.5497, 7.3117");
	await page.getByRole("button", { name: t("app.place.take") }).click();
	await page.locator("#name").fill("Toni Muster");
	await page.getByRole("button", { name: t("office.enter.send") }).click();
	await page.locator(".dt-ticket").waitFor();
	const ticket = await show(page.url().split("/").at(-1));
	assert.equal(ticket.channel, "telephone");
	assert.equal(ticket.text, "Vier Reifen am Waldweg.");
	assert.deepEqual(ticket.answers, { sort: "Reifen" });
	assert.equal(ticket.contact.name, "Toni Muster");
	assert.ok(Math.abs(ticket.position.lat - 51.5497) < 1e-5);
	await settled(page);
	await desk.end();
});

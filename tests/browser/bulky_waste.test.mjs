// SPDX-License-Identifier: EUPL-1.2
// A pick-up, as a person books it with a phone: in three taps where their data
// are on the device; without a network; with a day that is gone; changed and
// cancelled.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { top, until } from "../http/lib/server.mjs";
import { installed, settled, startStage } from "./lib/browser.mjs";
import { words } from "./lib/words.mjs";

const city = "castrop-rauxel";
const person = { name: "Alex Beispiel", street: "Gevelskamp 7",
    email: "alex@example.org" };
const t = words("de", "bulky-waste");
const shell = words("de");
const book = "/bulky-waste/book";
const posts = () => stage.network.of("POST", "/bulky-waste/bookings");
let stage;

before(async () => {
	stage = await startStage({ world: { courier: true } });
	const done = stage.world.cli("streets", "import", city,
	    path.join(top, `tenants/${city}/streets.csv`));
	assert.equal(done.status, 0, done.stderr);
}, { timeout: 180_000 });
after(() => stage.stop());

const booked = () => Number(stage.world.sql(
    "select count(*) from bulky_waste.booking"));
const thing = (page, name) => page.locator(".bw-thing__add",
    { hasText: name }).first();
const days = (page) => page.locator(".bw-day input");
const press = (page, name) => page.getByRole("button", { name,
    exact: true }).click();
const heading = (page, name) => page.getByRole("heading", { level: 1,
    name }).waitFor();

async function withData(visit, page) {
	await page.goto(visit.at("/data"));
	await settled(page);
	for (const [field, value] of Object.entries(person))
		await page.locator(`#data-${field}`).fill(value);
	await press(page, shell("app.button.save"));
	await page.getByText(shell("app.data.saved")).first().waitFor();
}

async function open(page, visit) {
	await page.goto(visit.at(book));
	await settled(page);
	await page.locator(".bw-thing").first().waitFor();
}

// The free pick-up of the address is there again.
const forget = () => stage.world.sql("delete from bulky_waste.booking; " +
    "delete from bulky_waste.allowance; delete from bulky_waste.day");

test("whoever has their data on the device books in three taps", async () => {
	forget();
	const visit = await stage.visit(city);
	const page = await visit.open("/");
	await withData(visit, page);
	await open(page, visit);
	await page.locator("#name").waitFor();
	await thing(page, "Sofa").click();
	await days(page).first().click();
	await page.getByText(t("app.cost.free"), { exact: true }).waitFor();
	await press(page, t("app.book.free"));
	await heading(page, t("app.done.title"));
	assert.match(await page.locator(".bw-number strong").innerText(),
	    /^\d{8}$/);
	assert.equal(booked(), 1);
	const [download] = await Promise.all([page.waitForEvent("download"),
	    press(page, t("app.calendar.save"))]);
	assert.match(download.suggestedFilename(), /^Sperrmuell-\d{8}\.ics$/);
	const calendar = fs.readFileSync(await download.path(), "utf8");
	assert.match(calendar, /^BEGIN:VCALENDAR\r\n/);
	assert.match(calendar, /Gevelskamp 7/);
	await visit.end();
});

test("the address leaves the device only when a thing was chosen, the name " +
    "only with the booking", async () => {
	forget();
	const visit = await stage.visit(city);
	const page = await visit.open("/");
	await withData(visit, page);
	const before = stage.network.seen.length;
	const sent = () => stage.network.seen.slice(before).map((one) =>
	    `${one.path} ${one.body}`).join("\n");
	await open(page, visit);
	await page.waitForFunction(() =>
	    document.querySelector("#street")?.value === "Gevelskamp");
	assert.doesNotMatch(sent(), /Gevelskamp/);
	await thing(page, "Sofa").click();
	await days(page).first().waitFor();
	assert.match(sent(), /Gevelskamp/);
	assert.doesNotMatch(sent(), /Beispiel|alex/);
	await visit.end();
});

test("what is missing is said at once, what is too much as well, and what " +
    "is not taken goes elsewhere", async () => {
	const visit = await stage.visit(city);
	const page = await visit.open("/");
	await open(page, visit);
	await press(page, t("app.book.free"));
	const summary = page.locator("[role=alert] .sk-errors li");
	await summary.first().waitFor();
	assert.deepEqual(await summary.allInnerTexts(), ["things", "street",
	    "house-number", "name", "contact"].map((key) =>
	    t(`app.error.${key}`)));
	await page.locator("#search").fill("tuer");
	await page.locator(".bw-excluded li").first().waitFor();
	await page.locator("#search").fill("");
	await thing(page, "Schrank").click();
	for (let i = 0; i < 13; i++)
		await page.locator(".bw-count__step").last().click();
	await page.locator(".bw-room--over").waitFor();
	await visit.end();
});

test("without a network a booking waits, and is sent once", async () => {
	forget();
	const visit = await stage.visit(city, { faults: true });
	const page = await visit.open("/");
	await installed(page);
	await withData(visit, page);
	await open(page, visit);
	await thing(page, "Sofa").click();
	await days(page).first().click();
	await page.getByText(t("app.cost.free"), { exact: true }).waitFor();
	const before = posts().length;
	stage.network.fault = (one) => one.city === city ? "down" : null;
	await visit.context.setOffline(true);
	await press(page, t("app.book.free"));
	await heading(page, t("app.done.waiting"));
	assert.equal(booked(), 0);
	stage.network.fault = null;
	await visit.context.setOffline(false);
	await heading(page, t("app.done.title"));
	assert.equal(booked(), 1);
	assert.equal(posts().length - before, 1);
	await visit.end();
});

test("a day that is full meanwhile gives the form back with what was " +
    "entered", async () => {
	forget();
	const visit = await stage.visit(city, { faults: true });
	const page = await visit.open("/");
	await withData(visit, page);
	await open(page, visit);
	await thing(page, "Sofa").click();
	await days(page).first().click();
	await page.getByText(t("app.cost.free"), { exact: true }).waitFor();
	stage.world.sql("insert into bulky_waste.day (tenant_id, district, day, " +
	    "capacity) select t.id, 'sued', d::date, 0 from tenant t, " +
	    "generate_series(current_date, current_date + 70, interval '1 day') d " +
	    `where t.slug = '${city}' on conflict (tenant_id, district, day) ` +
	    "do update set capacity = 0");
	await press(page, t("app.book.free"));
	await page.locator(".kern-alert--danger").first().waitFor();
	assert.equal(booked(), 0);
	assert.equal(await page.locator("#name").inputValue(), person.name);
	assert.equal(await thing(page, "Sofa").getAttribute("aria-pressed"),
	    "true");
	await visit.end();
});

test("an own booking is moved, and cancelled", async () => {
	forget();
	const visit = await stage.visit(city);
	const page = await visit.open("/");
	await withData(visit, page);
	await open(page, visit);
	await thing(page, "Sofa").click();
	await days(page).first().click();
	await page.getByText(t("app.cost.free"), { exact: true }).waitFor();
	await press(page, t("app.book.free"));
	await heading(page, t("app.done.title"));
	const day = () => stage.world.sql("select day from bulky_waste.booking");
	const first = day();
	await page.goto(visit.at("/bulky-waste/mine"));
	await page.locator(".bw-bookings a").first().click();
	await page.getByRole("link", { name: t("app.show.change") }).click();
	await days(page).nth(2).check();
	await press(page, t("app.change.send"));
	await page.getByRole("button", { name: t("app.show.cancel") }).waitFor();
	await until("another day", () => day() !== first);
	await press(page, t("app.show.cancel"));
	await page.locator("dialog[open]").getByRole("button",
	    { name: t("app.show.cancel") }).click();
	await page.getByText(t("app.state.cancelled"), { exact: true }).waitFor();
	assert.equal(stage.world.sql("select state from bulky_waste.booking"),
	    "cancelled");
	await visit.end();
});

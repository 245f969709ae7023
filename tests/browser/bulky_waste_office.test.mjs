// SPDX-License-Identifier: EUPL-1.2
// The waste company's views: the plan of a day, capacity and closed days,
// cancelling a day, searching; and that they keep nobody out.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { newDevice, newStaff, top, until } from "../http/lib/server.mjs";
import { launch } from "./lib/browser.mjs";
import { openOffice, settled } from "./lib/desk.mjs";
import { axeFinds, lookAt, modes, setMode, withAxe } from
    "./lib/examine.mjs";

const api = "/api/v1/bulky-waste";
let drawing, office, waste, day;

async function book(device, house_number) {
	const made = await device.request("POST", `${api}/bookings`, { body: {
	    address: { street: "Gevelskamp", house_number },
	    items: [{ item: "sofa", count: 1 }], days: [day],
	    household: { name: "Alex Beispiel", note: "Neben der Einfahrt" },
	    contact: { email: "alex@example.org" } } });
	assert.equal(made.status, 201, made.text);
	return made.json;
}

before(async () => {
	office = await openOffice();
	const { world, city } = office;
	assert.equal(world.cli("streets", "import", city, path.join(top,
	    `tenants/${city}/streets.csv`)).status, 0);
	waste = await newStaff(world, city, "waste@example.org", "waste");
	const { json } = await world.public.request("GET", city,
	    `${api}/districts/sued/days`);
	day = json.days.find(({ free, express }) => free > 0 && !express).day;
	const device = await newDevice(world.public, city);
	for (const number of ["3", "9", "21"])
		await book(device, number);
}, { timeout: 180_000 });
after(async () => {
	await drawing?.close();
	await office?.stop();
});

const sql = (text) => office.world.sql(text);
const plan = () => `/bulky-waste/plan?district=sued&day=${day}`;
const stops = (page) => page.locator(".bo-what a").allInnerTexts();
const press = (page, name) => page.getByRole("button", { name }).click();

test("the menu has its views and nothing of the defect reporter", async () => {
	const desk = await office.sitDown(waste);
	const page = await desk.open(plan());
	await page.locator(".bo-stops li").nth(2).waitFor();
	const menu = await page.locator("nav").first().innerText();
	for (const entry of ["Tagesplan", "Kapazität und Sperrtage",
	    "Buchung suchen"])
		assert.ok(menu.includes(entry), entry);
	assert.ok(!menu.includes("Meldungen"));
	await desk.end();
});

test("a stop is put earlier, the order is kept, and taken back", async () => {
	const desk = await office.sitDown(waste);
	const page = await desk.open(plan());
	await page.locator(".bo-stops li").nth(2).waitFor();
	const before = await stops(page);
	const swapped = [before[1], before[0], before[2]];
	const shown = (want) => page.waitForFunction((want) =>
	    [...document.querySelectorAll(".bo-what a")].map((one) =>
	    one.textContent).join() === want, want.join());
	await press(page, `${before[1]}: früher`);
	await shown(swapped);
	await page.reload();
	await page.locator(".bo-stops li").nth(2).waitFor();
	assert.deepEqual(await stops(page), swapped);
	await press(page, `${swapped[1]}: früher`);
	await shown(before);
	await desk.end();
});

test("the map has the stops under the numbers that the list gives them",
    async () => {
	drawing = await chromium.launch(launch);
	const desk = await office.sitDown(waste, {}, drawing);
	const page = await desk.open(plan());
	await page.locator(".sk-pin--text").first().waitFor();
	assert.deepEqual(await page.locator(".sk-pin").allInnerTexts(), ["1…3"]);
	await desk.end();
});

test("on paper the plan is the list with names, and nothing beside it",
    async () => {
	const desk = await office.sitDown(waste);
	const page = await desk.open(plan());
	await page.addInitScript(() => { globalThis.print = () => {
		globalThis.printed = document.querySelectorAll(
		    "[data-pane=queue][data-at] .bo-stops li").length;
	}; });
	// A booking is open beside it: the list is printed all the same.
	await page.reload();
	await page.locator(".bo-what a").first().click();
	await page.getByText("alex@example.org").waitFor();
	await press(page, "Drucken");
	await page.waitForFunction(() => globalThis.printed !== undefined);
	assert.equal(await page.evaluate(() => globalThis.printed), 3);
	await page.emulateMedia({ media: "print" });
	for (const width of [718, 1500]) {
		await page.setViewportSize({ width, height: 1000 });
		const text = await page.evaluate(() => document.body.innerText);
		for (const part of ["Süd: Stopps am", "Gevelskamp 3",
		    "Alex Beispiel, ", "Neben der Einfahrt"])
			assert.ok(text.includes(part), `${width}: ${part}`);
		for (const part of ["Drucken", "Buchung suchen",
		    "Wählen Sie eine Buchung aus"])
			assert.ok(!text.includes(part), `${width}: ${part}`);
	}
	await desk.end();
});

test("a booking is found by number and by street, and cancelled with a reason",
    async () => {
	const desk = await office.sitDown(waste);
	const page = await desk.open("/bulky-waste/search");
	await page.locator("#q").fill("Gevelskamp 21");
	await page.keyboard.press("Enter");
	await page.locator(".of-table tbody tr").waitFor();
	assert.ok(!page.url().includes("Gevelskamp"), "no address in an address");
	const link = page.locator(".of-table tbody a");
	const number = await link.innerText();
	await page.locator("#q").fill(number);
	await page.keyboard.press("Enter");
	await link.click();
	await page.getByText("alex@example.org").waitFor();
	await press(page, "Buchung absagen");
	const dialog = page.locator("dialog[open]");
	await dialog.getByRole("button", { name: "Buchung absagen" }).click();
	await dialog.locator(".kern-error").waitFor();
	await dialog.locator("#reason").fill("Der Wagen ist kaputt.");
	await dialog.getByRole("button", { name: "Buchung absagen" }).click();
	await page.getByText("Der Wagen ist kaputt.").waitFor();
	assert.equal(sql("select state from bulky_waste.booking " +
	    `where number = '${number}'`), "cancelled");
	await desk.end();
});

test("a day gets another capacity, and is cancelled for everybody", async () => {
	const desk = await office.sitDown(waste);
	const page = await desk.open(`/bulky-waste/days?from=${day}`);
	const row = page.locator(".of-table tbody tr", { hasText: "2 von" });
	await row.waitFor();
	await row.getByRole("button", { name: /bearbeiten/ }).click();
	await page.locator("#capacity").fill("5");
	await press(page, "Speichern");
	await page.getByText("2 von 5").waitFor();
	await row.getByRole("button", { name: /Tag absagen/ }).click();
	const dialog = page.locator("dialog[open]");
	await dialog.locator("#reason").fill("Sturm");
	await dialog.getByRole("button", { name: "Tag absagen" }).click();
	await page.locator(".of-table").getByText("Sturm").waitFor();
	await until("all are cancelled", () => sql("select count(*) from " +
	    "bulky_waste.booking where state = 'booked'") === "0");
	assert.equal(sql("select count(*) from stadtkern.job where kind = 'mail' " +
	    "and payload ->> 'template' = 'cancelled-office'"), "3");
	await desk.end();
});

test("no view keeps anybody out", async () => {
	const device = await newDevice(office.world.public, office.city);
	sql("update bulky_waste.day set closed = null");
	const { id } = await book(device, "35");
	const desk = await office.sitDown(waste);
	const found = [];
	const page = await desk.open("/");
	for (const [target, act] of [[plan()], [plan().replace("plan?",
	    `plan/${id}?`), (page) => page.getByText("alex@example.org").waitFor()],
	    [`/bulky-waste/days?from=${day}`, async (page) => {
		await page.getByRole("button", { name: /bearbeiten/ }).first().click();
		await page.locator("dialog[open]").waitFor();
	    }], ["/bulky-waste/search"]]) {
		await page.goto(office.base + target);
		await settled(page);
		await act?.(page);
		await withAxe(page);
		for (const width of [768, 1440]) {
			await page.setViewportSize({ width, height: 900 });
			for (const mode of Object.keys(modes)) {
				await setMode(page, mode);
				found.push(...(await axeFinds(page, mode)).map((what) =>
				    `${what} ${target} ${width} ${mode}`));
			}
			await setMode(page, "light");
			found.push(...(await lookAt(page)).map((what) =>
			    `${what} ${target} ${width}`));
		}
	}
	assert.deepEqual(found.slice(0, 25), []);
	await desk.end();
});

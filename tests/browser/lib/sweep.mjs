// SPDX-License-Identifier: EUPL-1.2
// For everyone: every screen of a city, in light, dark and forced colours, 320,
// 768 and 1280 pixels wide, in two languages. A test file for each city.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cities } from "../../http/lib/city.mjs";
import { fill, settled, startStage } from "./browser.mjs";
import { axeFinds, focusIsSeen, largeText, lookAt, modes, resize, setMode,
    withAxe } from "./examine.mjs";
import { addPhoto, text } from "./reporter.mjs";
import { words } from "./words.mjs";

const widths = [320, 768, 1280];
const languages = ["de", "uk"];
const reporter = "/defect-reporter";
const waste = "/bulky-waste";

const button = (page, t, key) => page.getByRole("button", { name: t(key),
    exact: true }).first();

// Booking a pick-up: with errors, then done, so that there is one to look at.
async function wish(page, street) {
	await page.locator(".bw-thing__add").first().click();
	await page.locator("#street").fill(street);
	await page.locator("#house-number").fill("1");
	await page.locator(".bw-day input").first().waitFor();
	await page.locator(".bw-form button[type=submit]").click();
	await page.locator("[role=alert] .sk-errors li").first().waitFor();
}

async function book(page) {
	await page.locator(".bw-day input").first().check();
	await page.locator("#name").fill("Alex Beispiel");
	await page.locator("#email").fill("alex@example.org");
	await page.locator(".bw-price").waitFor();
	await page.locator(".bw-form button[type=submit]").click();
	await page.locator(".bw-number").waitFor();
}

async function ownBooking(page) {
	await page.locator(".bw-bookings a").first().click();
	await page.locator("a[href*='/change/']").waitFor();
}

const pickUps = (street) => [
	[`${waste}/book`, (page) => wish(page, street), "errors"],
	// What was entered is still there.
	[`${waste}/book`, book, "done"],
	[`${waste}/mine`, (page) =>
	    page.locator(".bw-bookings a").first().waitFor()],
	[`${waste}/mine`, async (page) => {
		await ownBooking(page);
		await page.locator(".sk-actions button").last().click();
		await page.locator("dialog[open]").waitFor();
	}, "one of them, and a question"],
	[`${waste}/mine`, async (page) => {
		await ownBooking(page);
		await page.locator("a[href*='/change/']").click();
		await page.locator(".bw-day input").first().waitFor();
	}, "changing it"],
];

// Screens that an address leads to, and what a person then does there.
const screens = (shown, street) => [
	["/"], ["/more"], ["/data"], ["/outbox"], ["/settings"],
	["/legal/imprint"], ["/legal/privacy"], ["/legal/accessibility"],
	["/legal/licences"], ["/no/such/page"], ["/mine"],
	[`${reporter}/list`], [`${reporter}/map`],
	[`${reporter}/show/${shown}`],
	// A link that opens nothing; one that does: forwarded.test.mjs.
	[`${reporter}/forwarded#nothing`],
	[`${reporter}/map?at=${shown}`, (page) =>
	    page.locator(".sk-sheet img, .sk-sheet .dr-text").first().waitFor()],
	[`${reporter}/list`, (page) => page.locator("details summary, " +
	    ".dr-filters button, button[aria-expanded]").first().click()],
	["/data", async (page, t) => {
		await button(page, t, "app.data.meter-add").click();
		await button(page, t, "app.data.erase").click();
		await page.locator("dialog[open]").waitFor();
	}, "a question"],
	["/settings", async (page, t) => {
		await button(page, t, "app.settings.account-confirm").click();
		await page.locator("#account-email").fill("nobody");
		await button(page, t, "app.account.send-code").click();
		await page.locator("dialog [role=alert]").waitFor();
	}, "the account"],
	["/legal/accessibility", async (page, t) => {
		await button(page, t, "app.button.send").click();
		await page.locator("[role=alert]").waitFor();
	}, "errors"],
	...["photos", "place", "category", "details", "text", "contact", "check"]
	    .map((step) => [`${reporter}/new/${step}`]),
	[`${reporter}/new/text`, async (page) => {
		await page.locator("#text").fill("kurz");
		await page.locator("form.sk-form button[type=submit]").click();
		await page.locator("[role=alert]").first().waitFor();
	}, "errors"],
	...pickUps(street),
];

async function begin(page, visit, city) {
	await page.goto(visit.at(`${reporter}/new/photos`));
	await settled(page);
	await addPhoto(page, city);
	await page.goto(visit.at(`${reporter}/new/place`));
	await settled(page);
	await page.locator(".sk-details summary").click();
	await page.locator("#place-typed").fill(
	    `${cities[city].lat}, ${cities[city].lon}`);
	await page.locator(".dr-typed button").click();
	await page.locator(".dr-chosen").waitFor();
	await page.goto(visit.at(`${reporter}/new/category`));
	await settled(page);
	await page.locator("input[name=category][value=green]").check();
	await page.goto(visit.at(`${reporter}/new/text`));
	await settled(page);
	await page.locator("#text").fill(text);
}

// Everything that is wrong with the screen that is there now.
export async function examine(page, name, note) {
	await withAxe(page);
	for (const width of widths) {
		await resize(page, width);
		for (const mode of Object.keys(modes)) {
			await setMode(page, mode);
			note(await axeFinds(page, mode), `${name} ${width} ${mode}`);
		}
		await setMode(page, "light");
		note(await lookAt(page), `${name} ${width}`);
		const size = { 320: "150%", 768: "200%", 1280: "200%" }[width];
		note(await largeText(page, size), `${name} ${width}, ${size}`);
	}
	await page.setViewportSize({ width: 320, height: 720 });
	note(await focusIsSeen(page), name);
}

async function sweep(stage, city, shown, street, language) {
	const found = new Map();
	const note = (list, where) => list.forEach((what) =>
	    found.set(what, [...found.get(what) ?? [], where]));
	// A link of nothing is among the screens: the server says 404.
	const visit = await stage.visit(city, { faults: true, viewport:
	    { width: 320, height: 720 } });
	await visit.context.addInitScript((language) => {
		if (location.hostname.endsWith(".localhost"))
			localStorage.setItem("stadtkern-preferences",
			    JSON.stringify({ language }));
	}, language);
	const t = words(language);
	const page = await visit.open("/");
	await begin(page, visit, city);
	for (const [target, act, what = ""] of screens(shown, street)) {
		await page.goto(visit.at(target));
		await settled(page);
		await act?.(page, t);
		await examine(page, `${target} ${what}`, note);
	}
	await visit.end();
	// The first of many are enough to begin with.
	return [...found].slice(0, 25).map(([what, where]) =>
	    `${what}\n\t${where.slice(0, 4).join(", ")} (${where.length})`);
}

export function keepsNobodyOut(city) {
	let stage, shown, streets;
	before(async () => {
		stage = await startStage();
		fill(stage.world);
		const { json } = await stage.world.public.request("GET", city,
		    `/api/v1${reporter}/map.geojson`);
		shown = json.features[0].id;
		streets = stage.world.sql("select s.name from street s join " +
		    "street_section x on x.tenant_id = s.tenant_id and x.street = " +
		    "s.key join tenant t on t.id = s.tenant_id where t.slug = " +
		    `'${city}' and x.side = 'all' order by x.section limit ` +
		    languages.length).split("\n");
	}, { timeout: 180_000 });
	after(() => stage.stop());
	for (const [i, language] of languages.entries())
		test(`${city} keeps nobody out of any screen, in ${language}`,
		    async () => assert.deepEqual(await sweep(stage, city, shown,
		    streets[i], language), []));
}

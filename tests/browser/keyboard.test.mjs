// SPDX-License-Identifier: EUPL-1.2
// Each journey by keyboard alone: Tab, Enter, Space, arrows, Escape.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cities } from "../http/lib/city.mjs";
import { readMails } from "../http/lib/mail.mjs";
import { until } from "../http/lib/server.mjs";
import { desk, fill, settled, startStage } from "./lib/browser.mjs";
import { count, heading, says, sentNumber, text } from "./lib/reporter.mjs";
import { photoAt } from "./lib/photo.mjs";
import { words } from "./lib/words.mjs";

const t = words("de");
let stage;
before(async () => {
	stage = await startStage({ world: { courier: true } });
	fill(stage.world);
}, { timeout: 180_000 });
after(() => stage.stop());

// Forward with Tab until that element has the focus, as who sees it would.
async function tabTo(page, locator, key = "Tab") {
	await locator.waitFor({ state: "attached" });
	for (let i = 0; i < 120; i++) {
		if (await locator.evaluate((one) => one === document.activeElement))
			return;
		await page.keyboard.press(key);
	}
	throw new Error(`Tab does not lead to ${locator}`);
}
const link = (page, key) => page.getByRole("link", { name: t(key),
    exact: true }).first();
const button = (page, key) => page.getByRole("button", { name: t(key),
    exact: true }).first();
async function enter(page, locator) {
	await tabTo(page, locator);
	await page.keyboard.press("Enter");
}

async function report(page, city) {
	// From now on: told only when it is needed, the browser learns it too late.
	page.on("filechooser", () => {});
	await enter(page, link(page, "app.tab.report"));
	await heading(page, "app.step.photos");
	await tabTo(page, page.locator("#photo-gallery"));
	const [chooser] = await Promise.all([page.waitForEvent("filechooser"),
	    page.keyboard.press("Enter")]);
	await chooser.setFiles({ name: "a.jpg", mimeType: "image/jpeg",
	    buffer: photoAt(cities[city].lat, cities[city].lon) });
	await page.locator(".dr-taken li").waitFor();
	await enter(page, button(page, "app.button.next"));
	await heading(page, "app.step.place");
	await enter(page, button(page, "app.place.photo"));
	await says(page, "app.place.from.photo");
	await enter(page, button(page, "app.button.next"));
	await heading(page, "app.step.category");
	await tabTo(page, page.locator("#category-search"));
	await page.keyboard.type("Baum");
	await tabTo(page, page.locator("#category"));
	await page.keyboard.press("Space");
	assert.equal(await page.locator("input[name=category]:checked")
	    .getAttribute("value"), "green");
	for (;;) {
		const title = await page.locator("h1").innerText();
		if (title === t("app.step.text"))
			break;
		await enter(page, page.locator("form.sk-form button[type=submit]"));
		await page.waitForFunction((old) => document.querySelector("h1")
		    .innerText !== old, title);
	}
	// A step that is not filled in says so, and leads to the field.
	await enter(page, button(page, "app.button.next"));
	await page.locator("[role=alert]:focus").waitFor();
	await enter(page, page.locator("[role=alert] a"));
	assert.equal(await page.evaluate(() => document.activeElement.id), "text");
	await page.keyboard.type(text);
	await enter(page, button(page, "app.button.next"));
	await heading(page, "app.step.contact");
	await enter(page, button(page, "app.button.next"));
	await heading(page, "app.step.check");
	await enter(page, button(page, "app.check.send"));
}

test("a report is written and sent", async () => {
	const before = count(stage.world, "herne");
	const visit = await stage.visit("herne");
	const page = await visit.open("/");
	await report(page, "herne");
	await sentNumber(page);
	assert.equal(count(stage.world, "herne"), before + 1);
	await visit.end();
});

test("an e-mail address is confirmed, and Escape leaves the dialog",
    async () => {
	const before = count(stage.world, "waltrop");
	const visit = await stage.visit("waltrop");
	const page = await visit.open("/");
	await report(page, "waltrop");
	const email = page.locator("#account-email");
	await email.waitFor();
	await page.keyboard.press("Escape");
	await page.locator("dialog").waitFor({ state: "detached" });
	await says(page, "app.contact.account-missing");
	await enter(page, button(page, "app.check.send"));
	await tabTo(page, email);
	await page.keyboard.type("toni@example.org");
	await page.keyboard.press("Enter");
	const code = page.locator("#account-code");
	await code.waitFor();
	const mails = () => readMails(stage.world);
	await until("the mail is there", () => mails().length > 0);
	await tabTo(page, code);
	await page.keyboard.type(/\b(\d{6})\b/.exec(mails()[0].body)[1]);
	await page.keyboard.press("Enter");
	await sentNumber(page);
	assert.equal(count(stage.world, "waltrop"), before + 1);
	await visit.end();
});

test("the public reports are filtered, opened and supported", async () => {
	const before = count(stage.world, "herne", "support");
	const visit = await stage.visit("herne");
	const page = await visit.open("/");
	await enter(page, link(page, "app.tab.map"));
	await heading(page, "app.public.map");
	await enter(page, link(page, "app.public.as-list"));
	await heading(page, "app.public.list");
	const first = page.locator(".dr-item a").first();
	const name = await first.innerText();
	await enter(page, first);
	await page.waitForFunction((name) => document.querySelector("h1")
	    ?.innerText.includes(name), name);
	assert.equal(await page.evaluate(() => document.activeElement.tagName),
	    "H1", "the new screen has the focus");
	await enter(page, button(page, "app.support.press"));
	await until("it counts", () => count(stage.world, "herne",
	    "support") === before + 1);
	await page.goBack();
	await heading(page, "app.public.list");
	await visit.end();
});

test("a pin of the map is reached, opened and closed", async () => {
	const visit = await stage.visit("herne", desk);
	const page = await visit.open("/map");
	await page.locator(".sk-pin[data-pin]").first().waitFor();
	const pin = page.locator(".sk-pin[data-pin]").first();
	await enter(page, pin);
	await page.locator("#sheet-title:focus").waitFor();
	await page.keyboard.press("Escape");
	await page.locator(".sk-sheet").waitFor({ state: "detached" });
	await visit.end();
});

test("my data are filled in, and what is around is skipped", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/data");
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() => document.activeElement.className),
	    "sk-skip", "the first thing that Tab reaches");
	await page.keyboard.press("Enter");
	assert.equal(await page.evaluate(() => document.activeElement.id), "main");
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() => document.activeElement.id),
	    "data-name");
	await page.keyboard.type("Kim Beispiel");
	await page.keyboard.press("Enter");
	await says(page, "app.data.saved");
	await page.reload();
	await settled(page);
	assert.equal(await page.locator("#data-name").inputValue(),
	    "Kim Beispiel");
	await visit.end();
});

test("language and look are chosen", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/settings");
	await tabTo(page, page.locator("input[name=mode]:checked"));
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowDown");
	await page.waitForFunction(() =>
	    document.documentElement.dataset.mode === "dark");
	await tabTo(page, page.locator("input[name=language]:checked"),
	    "Shift+Tab");
	await page.keyboard.press("ArrowDown");
	await page.waitForFunction(() => document.documentElement.lang === "en");
	await visit.end();
});

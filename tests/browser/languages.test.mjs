// SPDX-License-Identifier: EUPL-1.2
// Every language can be chosen in the app, and one that is written from right
// to left works.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { settled, startStage } from "./lib/browser.mjs";
import { languages, words } from "./lib/words.mjs";

let stage;
before(async () => { stage = await startStage(); }, { timeout: 180_000 });
after(() => stage.stop());

const screens = ["/", "/more", "/data", "/settings", "/report",
    "/defect-reporter/new/category", "/defect-reporter/new/text",
    "/defect-reporter/list", "/mine"];

test("there are German, English, Turkish, Ukrainian and plain German", () => {
	assert.deepEqual([...languages].sort(),
	    ["de", "de-simple", "en", "tr", "uk"]);
});

describe("whoever chooses", () => {
	for (const language of languages)
		test(`${language} reads every screen in it, now and after opening ` +
		    "the app again", async () => {
			const t = words(language), german = words("de");
			const visit = await stage.visit("herne");
			const page = await visit.open("/settings");
			await page.locator(`input[name=language][value="${language}"]`)
			    .check();
			await page.getByRole("heading", { level: 1, name:
			    t("app.page.settings"), exact: true }).waitFor();
			// Some headings are the same in another language. German is what
			// is chosen already.
			await page.waitForFunction((language) => language === "de" ||
			    localStorage.getItem("stadtkern-preferences")
			    ?.includes(`"${language}"`), language);
			for (const [target, key] of [["/data", "app.page.data"],
			    ["/more", "app.tab.more"],
			    ["/report", "app.step.photos"],
			    ["/defect-reporter/mine", "app.mine.title"],
			    ["/defect-reporter/list", "app.public.list"]]) {
				await page.goto(visit.at(target));
				await page.getByRole("heading", { level: 1, name: t(key),
				    exact: true }).waitFor();
				// The title follows the heading a moment later.
				await page.waitForFunction(([language, title]) =>
				    document.documentElement.lang === language &&
				    document.title.startsWith(title),
				    [language, t(key)]);
				const shown = await page.locator(".sk-bar").innerText();
				assert.ok(shown.includes(t("app.tab.start")));
				if (language === "uk")
					assert.ok(!shown.includes(german("app.tab.map")));
			}
			await visit.end();
		});
});

test("without a choice it is the browser's language", async () => {
	for (const [locale, language] of [["uk-UA", "uk"], ["tr-TR", "tr"],
	    ["en-GB", "en"], ["fr-FR", "de"]]) {
		const visit = await stage.visit("herne", { locale });
		const page = await visit.open("/more");
		assert.equal(await page.locator("h1").innerText(),
		    words(language)("app.tab.more"));
		await visit.end();
	}
});

describe("from right to left", () => {
	test("everything is mirrored and nothing is cut off", async () => {
		for (const width of [320, 768, 1280]) {
			const visit = await stage.visit("herne", { viewport:
			    { width, height: 720 } });
			const page = await visit.open("/");
			for (const target of screens) {
				await page.goto(visit.at(target));
				await settled(page);
				const seen = await page.evaluate(() => {
					const left = (selector) => document.querySelector(
					    selector)?.getBoundingClientRect().left;
					const of = () => ({
					    first: left(".sk-bar li:first-child"),
					    last: left(".sk-bar li:last-child"),
					    bar: left(".sk-bar"), main: left(".sk-main"),
					    logo: left(".sk-header img"),
					    name: left(".sk-header span") });
					const before = of();
					document.documentElement.dir = "rtl";
					const { scrollWidth, clientWidth } =
					    document.scrollingElement;
					return { before, after: of(), over: scrollWidth -
					    clientWidth, inside: [...document
					    .querySelectorAll(".sk-main *")].filter((one) => {
						const { left, right, width } =
						    one.getBoundingClientRect();
						return width > 1 && !one.closest(
						    ".kern-sr-only, .sk-map, [class*=map]") &&
						    (left < -1 || right > innerWidth + 1);
					}).map((one) => one.className) };
				});
				const name = `${target} at ${width}`;
				assert.equal(seen.over, 0, name);
				assert.deepEqual(seen.inside, [], name);
				assert.ok(seen.before.logo < seen.before.name);
				assert.ok(seen.after.logo > seen.after.name, name);
				if (width < 768) {
					assert.ok(seen.before.first < seen.before.last);
					assert.ok(seen.after.first > seen.after.last, name);
				} else {
					assert.ok(seen.before.bar < seen.before.main);
					assert.ok(seen.after.bar > seen.after.main, name);
				}
			}
			await visit.end();
		}
	});
});

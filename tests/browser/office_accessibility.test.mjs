// SPDX-License-Identifier: EUPL-1.2
// The office keeps nobody out: each of the shell's screens in light, dark and
// forced colours, on a tablet and on a wide screen. Plugins' screens are in
// their own files' lists.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { settled, startStage } from "./lib/browser.mjs";
import { axeFinds, focusIsSeen, lookAt, modes, resize, setMode, withAxe } from
    "./lib/examine.mjs";
import { button, desktop, firstStep, person } from "./lib/office.mjs";

const city = "castrop-rauxel";
const widths = [768, 1440];
let stage, email;

before(async () => {
	stage = await startStage({ side: "office", world: { office: true } });
	email = await person(stage.world, city);
}, { timeout: 180_000 });
after(() => stage?.stop());

const screens = [
	["/"], ["/account"], ["/staff"], ["/staff/new"], ["/audit"],
	["/licences"], ["/no/such/page"],
	["/account", async (page) => {
		await button(page, "office.totp.begin").click();
		await page.locator(".of-qr svg").waitFor();
	}, "a code generator"],
	["/staff/new", async (page) => {
		await button(page, "office.staff.invite").click();
		await page.getByRole("alert").waitFor();
	}, "errors"],
	["/staff", async (page) => {
		await page.keyboard.press("?");
		await page.locator("dialog[open]").waitFor();
	}, "keys"],
];

async function examine(page, name, note) {
	await withAxe(page);
	for (const width of widths) {
		await resize(page, width);
		for (const mode of Object.keys(modes)) {
			await setMode(page, mode);
			note(await axeFinds(page, mode), `${name} ${width} ${mode}`);
		}
		await setMode(page, "light");
		note(await lookAt(page), `${name} ${width}`);
	}
	await page.setViewportSize({ width: 768, height: 1024 });
	note(await focusIsSeen(page), name);
}

test("no screen of the office keeps anybody out", async () => {
	const found = new Map();
	const note = (list, where) => list.forEach((what) =>
	    found.set(what, [...found.get(what) ?? [], where]));
	const visit = await stage.visit(city, { ...desktop, faults: true });
	const page = await visit.open("/");
	await examine(page, "sign-in", note);
	await page.goto(visit.at("/invitation#x"));
	await settled(page);
	await examine(page, "invitation", note);
	await page.goto(visit.at("/"));
	await settled(page);
	await firstStep(page, email, "falsch");
	await page.getByRole("alert").waitFor();
	await examine(page, "sign-in, refused", note);
	await firstStep(page, email);
	await page.locator(".of-header__person").waitFor();
	for (const [target, act, what = ""] of screens) {
		await page.goto(visit.at(target));
		await settled(page);
		await act?.(page);
		await examine(page, `${target} ${what}`, note);
	}
	await visit.end();
	assert.deepEqual([...found].slice(0, 25).map(([what, where]) =>
	    `${what}\n\t${where.slice(0, 3).join(", ")} (${where.length})`), []);
});

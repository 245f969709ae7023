// SPDX-License-Identifier: EUPL-1.2
// A city takes over another's newer layout by one changed line, while people
// use the app.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { settled, startStage } from "./lib/browser.mjs";

let stage;
before(async () => { stage = await startStage({ world: { home: true } }); },
    { timeout: 180_000 });
after(() => stage.stop());

const look = (page) => page.evaluate(() => {
	const style = getComputedStyle(document.documentElement);
	const value = (name) => style.getPropertyValue(name).trim();
	return { list: document.querySelector(".sk-start--list") !== null,
	    picture: document.querySelector(".sk-hero__picture") !== null,
	    primary: value("--sk-color-primary"),
	    header: value("--sk-color-header"),
	    logo: document.querySelector(".sk-header img")?.src };
});

test("Castrop-Rauxel has Herne's layout after one line was changed and " +
    "published, without a restart, and stays itself", async () => {
	const { world } = stage;
	const herne = await stage.visit("herne");
	const theirs = await look(await herne.open("/"));
	assert.ok(theirs.list && theirs.picture);
	const visit = await stage.visit("castrop-rauxel");
	const page = await visit.open("/");
	const before = await look(page);
	assert.ok(!before.list && !before.picture);

	const file = path.join(world.home, "themes/castrop-rauxel/theme.yaml");
	const lines = fs.readFileSync(file, "utf8").split("\n");
	const at = lines.findIndex((line) => line.startsWith("extends: "));
	lines[at] = "extends: list-layout";
	fs.writeFileSync(file, lines.join("\n"));
	const pid = world.public.pid;
	const published = world.cli("tenant", "add", "castrop-rauxel");
	assert.equal(published.status, 0, published.stderr);

	let after;
	for (let i = 0; i < 50 && !after?.list; i++) {
		await page.reload();
		await settled(page);
		after = await look(page);
	}
	assert.ok(after.list && after.picture, "the layout is the newer one");
	for (const part of ["primary", "header"]) {
		assert.equal(after[part], before[part], "the colours are its own");
		assert.notEqual(after[part], theirs[part]);
	}
	assert.equal(world.public.pid, pid);
	assert.equal(world.public.exit, null);
	await herne.end();
	await visit.end();
});

test("a theme that is broken is refused, and the city keeps its last good one",
    async () => {
	const { world } = stage;
	const visit = await stage.visit("waltrop");
	const page = await visit.open("/");
	const before = await look(page);
	const file = path.join(world.home, "themes/waltrop/theme.yaml");
	fs.appendFileSync(file, "\nnonsense: [\n");
	const published = world.cli("tenant", "add", "waltrop");
	assert.notEqual(published.status, 0);
	assert.match(published.stderr, /themes\/waltrop\/theme\.yaml:\d+:\d+/);
	await page.reload();
	await settled(page);
	assert.deepEqual(await look(page), before);
	await visit.end();
});

test("the four cities can be told apart by name, colours, emblem", async () => {
	const seen = [];
	for (const city of ["castrop-rauxel", "gladbeck", "herne", "waltrop"]) {
		const visit = await stage.visit(city);
		const page = await visit.open("/");
		seen.push({ ...await look(page), name: await page
		    .locator(".sk-header").innerText() });
		await visit.end();
	}
	for (const part of ["name", "primary", "header", "logo"])
		assert.equal(new Set(seen.map((one) => one[part])).size, 4, part);
});

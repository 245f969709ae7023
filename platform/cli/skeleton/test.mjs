// SPDX-License-Identifier: EUPL-1.2
// new-plugin: what staff write, everybody reads.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addCity, refused } from "./lib/city.mjs";
import { newStaff, startWorld } from "./lib/server.mjs";

const base = "/api/v1/new-plugin/entries";
const office = "/office/api/v1/new-plugin/entries";
const entry = { title: "Ein Eintrag", text: "Was dazu zu sagen ist." };
let world, staff;

before(async () => {
	world = await startWorld({ home: true });
	addCity(world, "musterstadt", "  new-plugin:\n    introduction: Neues\n");
	addCity(world, "anderstadt", "  {}\n");
	await world.startServer("public");
	await world.startServer("office");
	staff = await newStaff(world, "musterstadt", "kim@example.org", "admin");
});

after(() => world?.stop());

const list = async (city = "musterstadt") =>
    world.public.request("GET", city, base);

test("the app is told of it", async () => {
	const { json } = await world.public.request("GET", "musterstadt",
	    "/api/v1/app");
	const [plugin] = json.plugins;
	assert.equal(plugin.name, "new-plugin");
	assert.deepEqual(plugin.settings, { introduction: "Neues" });
});

test("an entry is public at once, and gone when it is taken away", async () => {
	const made = await staff.request("POST", office, { body: entry });
	assert.equal(made.status, 201, made.text);
	const { json } = await list();
	assert.equal(json.items.length, 1);
	assert.equal(json.items[0].text, entry.text);
	const target = `${office}/${made.json.id}`;
	assert.equal((await staff.request("DELETE", target)).status, 204);
	refused(await staff.request("DELETE", target), 404, "not-found");
	refused(await world.public.request("GET", "musterstadt",
	    `${base}/${made.json.id}`), 404, "not-found");
});

test("an entry with errors is refused with all of them", async () => {
	refused(await staff.request("POST", office, { body: { title: "A",
	    colour: "red" } }), 422, "fields", [["/title", "too-short"],
	    ["/text", "required"], ["/colour", "unknown"]]);
});

test("nobody but staff writes, and no other city has it", async () => {
	refused(await world.office.request("POST", "musterstadt", office,
	    { body: entry }), 401, "session-unknown");
	refused(await list("anderstadt"), 404, "not-found");
});

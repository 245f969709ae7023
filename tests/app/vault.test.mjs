// SPDX-License-Identifier: EUPL-1.2
// "Meine Daten": what is kept, and what a file may bring.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

globalThis.document ??= { dispatchEvent() {} };
const { clean, exportText, importText, MOST_METERS } = await load("vault.ts");

const person = { name: "Alex Beispiel", email: "alex@example.org",
    meters: [{ label: "Wasser", number: "0815" }] };

test("what is exported can be imported", () => {
	assert.deepEqual(importText(exportText(person)), person);
});

test("empty fields and fields that we do not know are not kept", () => {
	assert.deepEqual(clean({ name: " Alex ", street: "  ", shoe: "43" }),
	    { name: "Alex" });
	assert.deepEqual(clean({ meters: [{ label: "x", number: " " }] }), {});
});

test("a field is one line without control characters, and not too long", () => {
	assert.deepEqual(clean({ name: "A\u0000l\n\tex" }), { name: "A l ex" });
	assert.equal(clean({ name: "x".repeat(5000) }).name.length, 200);
});

for (const [what, text] of [
	["no JSON", "hello"],
	["JSON of somebody else", "{\"a\": 1}"],
	["null", "null"],
	["a list", "[]"],
	["no data", JSON.stringify({ format: "stadtkern-my-data", version: 1 })],
	["a number for a name", JSON.stringify({ format: "stadtkern-my-data",
	    version: 1, data: { name: 5 } })],
	["meters that are none", JSON.stringify({ format: "stadtkern-my-data",
	    version: 1, data: { meters: [7] } })],
	["too many meters", JSON.stringify({ format: "stadtkern-my-data",
	    version: 1, data: { meters: Array(MOST_METERS + 1).fill({}) } })],
])
	test(`a file with ${what} is refused and changes nothing`, () => {
		assert.throws(() => importText(text),
		    { key: "app.data.import-wrong" });
	});

test("a file of a newer version says so", () => {
	assert.throws(() => importText(JSON.stringify(
	    { format: "stadtkern-my-data", version: 2, data: {} })),
	    { key: "app.data.import-newer" });
});

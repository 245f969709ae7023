// SPDX-License-Identifier: EUPL-1.2
// Texts: which language, which form, which way they run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const { choose, direction, fill, translator } = await load("i18n.ts");
const has = ["de", "de-simple", "en", "tr", "uk"];

test("the first wish that there is decides", () => {
	assert.equal(choose(["fr", "tr-TR", "en"], has), "tr");
	assert.equal(choose(["en-GB"], has), "en");
	assert.equal(choose(["de-simple", "en"], has), "de-simple");
});

test("German is for who wishes nothing that there is", () => {
	assert.equal(choose(["fr"], has), "de");
	assert.equal(choose([], has), "de");
});

test("Leichte Sprache is only for who asks for it", () => {
	assert.equal(choose(["de-DE"], has), "de");
});

test("Arabic, Persian and Hebrew run from right to left", () => {
	for (const language of ["ar", "fa-IR", "he"])
		assert.equal(direction(language), "rtl");
	for (const language of ["de", "uk", "de-simple", "tr"])
		assert.equal(direction(language), "ltr");
});

test("a placeholder is filled, an unknown one stays to be seen", () => {
	assert.equal(fill("{a} and {b}", { a: 1 }), "1 and {b}");
	assert.equal(fill("{constructor}", {}), "{constructor}");
});

test("what is filled in is not filled again", () => {
	assert.equal(fill("{a}", { a: "{b}", b: "no" }), "{b}");
});

test("Ukrainian has its forms for one, few and many", () => {
	const t = translator("uk", [{ "x.one": "1", "x.few": "f", "x.many": "m",
	    "x.other": "o" }]);
	assert.deepEqual([1, 21, 3, 11, 5, 1.5].map((count) => t("x", { count })),
	    ["1", "1", "f", "m", "m", "o"]);
});

test("the first of the lists that has a key is taken", () => {
	const t = translator("de", [{ a: "theme" }, { a: "plugin", b: "plugin" },
	    { b: "shell", c: "shell" }]);
	assert.deepEqual(["a", "b", "c", "d"].map((key) => t(key)),
	    ["theme", "plugin", "shell", "d"]);
});

// SPDX-License-Identifier: EUPL-1.2
// Every text in every language, of the shell, of each plugin and of the server.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { completed, entry, here, messages, missing, plugins, plural, top,
    yamlFile } from "../../platform/app/bundle.mjs";

const LANGUAGES = ["de", "de-simple", "en", "tr", "uk"];

const parts = [["the shell", here],
    ...plugins().map((name) => [name, path.join(top, "plugins", name)])]
    .map(([name, dir]) => [name, dir, messages(path.join(dir, "messages"))]);

function sources(dir) {
	return fs.readdirSync(dir, { withFileTypes: true }).flatMap((file) =>
	    file.isDirectory() ? sources(path.join(dir, file.name)) :
	    /\.tsx?$/.test(file.name) ?
	    [fs.readFileSync(path.join(dir, file.name), "utf8")] : []);
}

const places = (text) => new Set(text.match(/\{[a-z_]+\}/g) ?? []);

for (const [name, dir, all] of parts) {
	test(`${name} speaks every language, and says everything in each`, () => {
		assert.deepEqual(Object.keys(all).sort(), LANGUAGES);
		assert.deepEqual(missing(all), []);
	});

	test(`${name} fills in nothing in a language that German does not have`, () => {
		for (const [language, texts] of Object.entries(all))
			for (const [key, text] of Object.entries(texts)) {
				const german = all.de[key] ??
				    all.de[key.replace(plural, ".other")];
				for (const one of places(text))
					assert.ok(places(german).has(one) || one === "{count}",
					    `${language}: ${key}: ${one}`);
			}
	});

	test(`${name} has a text for each key that its screens name`, () => {
		const shell = parts[0][2].de;
		const known = (key) => [all.de ?? {}, shell].some((texts) =>
		    Object.hasOwn(texts, key) || Object.hasOwn(texts, `${key}.other`));
		const folder = name === "the shell" ? "src" : "app";
		const text = sources(path.join(dir, folder)).join("\n");
		for (const [, key] of text.matchAll(/"(app\.[a-z][a-z0-9.-]*[a-z0-9])"/g))
			assert.ok(known(key), key);
		if (name === "the shell")
			return;
		const file = path.join(dir, "app/entries.yaml");
		for (const { label, says } of yamlFile(file)?.tiles ?? [])
			for (const key of [label, says ?? label])
				assert.ok(known(key), `${file}: ${key}`);
	});
}

// What citizens read from the server; the rest is for staff and other bodies,
// or is a legal page.
const readByCitizens = /^(title|problem\..*|page\..*|mail\.account-code\..*|legal\.note)$/;

function flat(map, prefix = "") {
	return Object.entries(map).flatMap(([key, value]) => prefix === "" &&
	    key === "app" ? [] : typeof value === "object" && value !== null ?
	    flat(value, `${prefix}${key}.`) : [[prefix + key, String(value)]]);
}

const tenants = path.join(top, "tenants");
const cities = fs.readdirSync(tenants).filter((name) => name.endsWith(".yaml"))
    .map((name) => [name.slice(0, -5), yamlFile(path.join(tenants, name))]);

for (const [city, { languages, plugins: on }] of cities)
	test(`what a citizen of ${city} reads from the server is in each of its languages`, () => {
		assert.deepEqual([...languages].sort(), LANGUAGES);
		for (const dir of ["platform/base", ...Object.keys(on)
		    .map((name) => `plugins/${name}`)]) {
			const file = (language) => path.join(top, dir, "messages",
			    `${language}.yaml`);
			const german = flat(yamlFile(file("de")))
			    .filter(([key]) => readByCitizens.test(key));
			assert.ok(german.length > 0, dir);
			for (const language of languages) {
				const texts = new Map(flat(yamlFile(file(language))));
				for (const [key, text] of german) {
					const is = texts.get(key);
					assert.ok(is?.length > 0, `${file(language)}: ${key}`);
					assert.deepEqual(places(is), places(text),
					    `${file(language)}: ${key}`);
				}
			}
		}
	});

test("a sentence in Leichte Sprache is short", () => {
	for (const dir of ["platform/base", ...plugins()
	    .map((name) => `plugins/${name}`)]) {
		const file = path.join(top, dir, "messages/de-simple.yaml");
		for (const [key, text] of flat(yamlFile(file)))
			for (const sentence of text.split(/[.!?:]\s|\n/))
				assert.ok(sentence.trim().split(/\s+/).length <= 12,
				    `${file}: ${key}: ${sentence}`);
	}
});

test("a text that a language lacks is German", () => {
	assert.deepEqual(completed({ de: { a: "A", "b.one": "1", "b.other": "n" },
	    uk: { "b.one": "x", "b.few": "y", "b.other": "z" } }).uk,
	    { a: "A", "b.one": "x", "b.few": "y", "b.other": "z" });
	assert.equal(missing({ de: { a: "A" }, en: {} }).length, 1);
});

test("a plural form that a language needs is missed", () => {
	assert.deepEqual(missing({ de: { "a.one": "1", "a.other": "n" },
	    uk: { "a.one": "1", "a.other": "n" } }),
	    ["uk: a.few is missing", "uk: a.many is missing"]);
});

test("each plugin's screens are there", () => {
	for (const name of plugins())
		assert.ok(entry(name));
});

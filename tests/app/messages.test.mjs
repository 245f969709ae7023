// SPDX-License-Identifier: EUPL-1.2
// Every text in every language, of the shell, of each plugin and of the server.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { completed, entry, here, messages, missing, plugins, plural, sides, top,
    yamlFile } from "../../platform/app/bundle.mjs";

const LANGUAGES = ["de", "de-simple", "en", "tr", "uk"];

// The shells and the plugins' parts in them: what each says, what it may say
// of others' (the office shares parts with the app), where it says it.
const dirOf = (name) => path.join(top, "plugins", name);
const shellTexts = messages(path.join(here, "messages"));
const officeTexts = messages(path.join(sides.office.dir, "messages"),
    { own: ["office"] });
const office = (name) => ({ languages: sides.office.languages, folder: "office",
    all: messages(path.join(dirOf(name), "messages"), { own: ["office"] }),
    more: [shellTexts.de, officeTexts.de,
	messages(path.join(dirOf(name), "messages")).de ?? {}] });
const parts = [
    { name: "the shell", dir: here, folder: "src", languages: LANGUAGES,
	all: shellTexts, more: [] },
    ...plugins().map((name) => ({ name, dir: dirOf(name), folder: "app",
	languages: LANGUAGES, all: messages(path.join(dirOf(name), "messages")),
	more: [shellTexts.de] })),
    { name: "the office", dir: sides.office.dir, folder: "src",
	languages: sides.office.languages, all: officeTexts,
	more: [shellTexts.de] },
    ...plugins("office").map((name) => ({ name: `${name} in the office`,
	dir: dirOf(name), ...office(name) }))];

function sources(dir) {
	return !fs.existsSync(dir) ? [] : fs.readdirSync(dir, { withFileTypes: true }).flatMap((file) =>
	    file.isDirectory() ? sources(path.join(dir, file.name)) :
	    /\.tsx?$/.test(file.name) ?
	    [fs.readFileSync(path.join(dir, file.name), "utf8")] : []);
}

const places = (text) => new Set(text.match(/\{[a-z_]+\}/g) ?? []);

const keyed = /["'`]((?:app|office)\.[a-z][a-z0-9.-]*[a-z0-9])["'`]/g;

function entriesOf(dir, folder) {
	const file = path.join(dir, folder, "entries.yaml");
	const { tiles = [], menu = [] } = (fs.existsSync(file) ?
	    yamlFile(file) : null) ?? {};
	return [...tiles, ...menu].flatMap(({ label, says, counters }) =>
	    [label, ...says ? [says] : [],
	    ...(counters?.show ?? []).map((one) => one.label)]);
}

for (const { name, dir, folder, languages, all, more } of parts) {
	test(`${name} speaks every language, and says everything in each`, () => {
		assert.deepEqual(Object.keys(all).sort(), languages);
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
		const known = (key) => [all.de ?? {}, ...more].some((texts) =>
		    Object.hasOwn(texts, key) || Object.hasOwn(texts, `${key}.other`));
		const text = sources(path.join(dir, folder)).join("\n");
		for (const [, key] of text.matchAll(keyed))
			assert.ok(known(key), key);
		for (const key of entriesOf(dir, folder))
			assert.ok(known(key), `entries.yaml: ${key}`);
	});
}

// What citizens read from the server; the rest is for staff and other bodies,
// or is a legal page.
const readByCitizens = /^(title|problem\..*|page\..*|mail\.account-code\..*|legal\.note)$/;

function flat(map, prefix = "") {
	return Object.entries(map).flatMap(([key, value]) => prefix === "" &&
	    /^(app|office)$/.test(key) ? [] : typeof value === "object" && value !== null ?
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

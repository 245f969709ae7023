// SPDX-License-Identifier: EUPL-1.2
// What the build and the tests have in common: how TypeScript is bundled, how
// icons are taken from KERN, how texts are read.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const here = path.dirname(fileURLToPath(import.meta.url));
export const top = path.resolve(here, "../..");
export const modules = path.join(here, "node_modules");

// KERN has its icons as data: addresses in a stylesheet, which our content
// security policy forbids; the paths inside are what we draw.
function kernIcons() {
	const scss = fs.readFileSync(path.join(modules,
	    "@kern-ux/native/src/scss/core/utilities/_icons.scss"), "utf8");
	const icons = {};
	for (const [, name, d] of scss.matchAll(
	    /^\$([a-z-]+):\s*functions\.svg-url\('.*? d="([^"]+)"/gm))
		icons[name] = d;
	if (Object.keys(icons).length < 30)
		throw new Error("KERN's icons are no longer where they were");
	return icons;
}

const iconsPlugin = {
	name: "icons",
	setup(build) {
		build.onResolve({ filter: /^stadtkern:icons$/ }, () =>
		    ({ path: "icons", namespace: "stadtkern" }));
		build.onLoad({ filter: /.*/, namespace: "stadtkern" }, () =>
		    ({ contents: JSON.stringify(kernIcons()), loader: "json" }));
	},
};

// The two programs that are built, and what each has of a plugin: the folder
// in it, the sections of its texts, the languages (null: all there are).
export const sides = {
	app: { dir: here, own: ["app"], languages: null },
	office: { dir: path.join(here, "../office"), own: ["app", "office"],
	    languages: ["de", "en"] },
};

export const options = {
	absWorkingDir: top,
	bundle: true,
	format: "esm",
	target: "es2022",
	jsx: "automatic",
	jsxImportSource: "preact",
	nodePaths: [modules],
	alias: { "@stadtkern/app": path.join(here, "src/index.ts"),
	    "@stadtkern/office": path.join(here, "../office/src/index.ts") },
	tsconfig: path.join(here, "tsconfig.json"),
	plugins: [iconsPlugin],
	legalComments: "none",
	logLevel: "warning",
};

export function plugins(side = "app") {
	const dir = path.join(top, "plugins");
	return fs.readdirSync(dir).filter((name) =>
	    entry(name, side) !== null).sort();
}

export function entry(plugin, side = "app") {
	for (const file of ["index.tsx", "index.ts"]) {
		const full = path.join(top, "plugins", plugin, side, file);
		if (fs.existsSync(full))
			return full;
	}
	return null;
}

export function yamlFile(file) {
	return parse(fs.readFileSync(file, "utf8"));
}

function flatten(tree, prefix, out) {
	for (const [key, value] of Object.entries(tree ?? {})) {
		if (value !== null && typeof value === "object")
			flatten(value, `${prefix}${key}.`, out);
		else
			out[prefix + key] = String(value);
	}
	return out;
}

// { de: { "app.key": text }, … } of a folder messages/; only what stands
// below `app:`, or other sections.
export function messages(dir, { own = ["app"], languages = null } = {}) {
	const all = {};
	if (!fs.existsSync(dir))
		return all;
	for (const file of fs.readdirSync(dir).sort()) {
		const language = path.basename(file, ".yaml");
		if (!file.endsWith(".yaml") ||
		    languages !== null && !languages.includes(language))
			continue;
		const tree = yamlFile(path.join(dir, file));
		const texts = {};
		for (const section of own)
			flatten(tree[section], `${section}.`, texts);
		if (Object.keys(texts).length > 0)
			all[language] = texts;
	}
	return all;
}

// A key without its plural form: `app.waiting.one` and `.other` are one text.
export const plural = /\.(zero|one|two|few|many|other)$/;

// What a language lacks, and the plural forms it needs and has not.
export function missing(all) {
	const problems = [];
	const groups = (texts) => new Set(Object.keys(texts).map((key) =>
	    key.replace(plural, "")));
	for (const [language, texts] of Object.entries(all)) {
		const forms = new Intl.PluralRules(language)
		    .resolvedOptions().pluralCategories;
		for (const key of groups(all.de ?? {}))
			if (!groups(texts).has(key))
				problems.push(`${language}: ${key} is missing`);
		for (const key of groups(texts)) {
			if (!groups(all.de ?? {}).has(key))
				problems.push(`${language}: ${key} is not in German`);
			if (!Object.hasOwn(texts, `${key}.other`))
				continue;
			for (const form of forms)
				if (!Object.hasOwn(texts, `${key}.${form}`))
					problems.push(`${language}: ${key}.${form} is missing`);
		}
	}
	return problems;
}

// German where a language lacks a text.
export function completed(all) {
	const groups = (texts) => new Set(Object.keys(texts).map((key) =>
	    key.replace(plural, "")));
	return Object.fromEntries(Object.entries(all).map(([language, texts]) => {
		const has = groups(texts);
		const german = Object.entries(all.de ?? {}).filter(([key]) =>
		    !has.has(key.replace(plural, "")));
		return [language, { ...Object.fromEntries(german), ...texts }];
	}));
}

// SPDX-License-Identifier: EUPL-1.2
// What the program tells of itself is in the documents, and the other way.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { build, run, top } from "../http/lib/server.mjs";

const read = (name) => fs.readFileSync(path.join(top, name), "utf8");
const stadtkern = (...args) => run(path.join(build, "bin/stadtkern"), args,
    { mayFail: true, env: { PATH: process.env.PATH, LANG: "C.UTF-8",
    STADTKERN_OBJECTS: path.join(build, "plugins"),
    STADTKERN_VAR: "/nonexistent/var",
    STADTKERN_DATABASE: "host=/nonexistent dbname=none" } }).stdout;
const operating = read("docs/operating.md");
const names = (text) => [...new Set(text.match(/\bSTADTKERN_[A-Z_]*[A-Z]\b/g))]
    .sort();

test("every variable that doctor prints is in docs/operating.md, and no other",
    () => {
	const known = [...stadtkern("doctor").matchAll(/^(STADTKERN_\w+)=/gm)]
	    .map((match) => match[1]).sort();
	assert.ok(known.length >= 16, "doctor prints the environment");
	const proxy = names(read("docs/haproxy.cfg"));
	assert.deepEqual(names(operating).filter((name) =>
	    !proxy.includes(name)), known);
});

test("every command that help prints is in the man page", () => {
	const commands = [...stadtkern("help")
	    .matchAll(/^ {2}([a-z]+(?: [a-z]+)?)(?: |$)/gm)]
	    .map((match) => match[1]);
	assert.ok(commands.length >= 16);
	const page = read("docs/stadtkern.1");
	for (const command of commands) {
		const [first, second] = command.split(" ");
		assert.ok(page.includes(`.It Cm ${command}`) ||
		    page.includes(`.It Cm ${first}`) && second === "slug",
		    command);
	}
});

test("every command that docs/operating.md tells to run exists", () => {
	const help = stadtkern("help");
	const told = [...operating.matchAll(
	    /^stadtkern ([a-z]+(?: [a-z]+)?)|`stadtkern ([a-z]+(?: [a-z]+)?)/gm)]
	    .map((match) => match[1] ?? match[2]);
	assert.ok(told.length >= 15);
	for (const command of told)
		assert.match(help, new RegExp(
		    `^  ${command}\\b|^  ${command.split(" ")[0]} .*${
		    command.split(" ")[1] ?? ""}`, "m"), command);
});

test("every key of a city's file is in docs/tenants.md, needed or not as told",
    () => {
	const page = read("docs/tenants.md");
	const table = read("platform/core/tenant/tenant_file.c")
	    .match(/const struct field tenant_fields\[\] = \{([\s\S]*?)\n\};/)[1];
	const fields = table.split(/\bFIELD_[A-Z]+\(struct tenant_file, /)
	    .slice(1);
	assert.ok(fields.length >= 13);
	for (const field of fields) {
		const name = /^\w+/.exec(field)[0];
		assert.match(page, new RegExp(`^\\| \`${name}\` \\| ${
		    field.includes(".required = true") ? "yes " : ""}\\|`, "m"),
		    name);
	}
});

test("every token of a theme is in docs/themes.md, word for word as told",
    () => {
	const told = stadtkern("theme", "tokens");
	assert.ok(told.split("\n").length > 45);
	assert.ok(read("docs/themes.md").includes(told));
});

test("every key of a theme's file is in docs/themes.md", () => {
	const page = read("docs/themes.md");
	const table = read("platform/core/theme/theme_chain.c")
	    .match(/theme_file_fields\[\] = \{([\s\S]*?)\n\};/)[1];
	const fields = table.split(/\bFIELD_[A-Z]+\(struct theme_file, /)
	    .slice(1).map((field) => /^\w+/.exec(field)[0]);
	assert.ok(fields.length >= 12);
	assert.deepEqual([...page.split("## What it can hold")[1]
	    .split("\n## ")[0].matchAll(/^\| `(\w+)` \|/gm)]
	    .map((match) => match[1]), fields);
});

test("every package that is installed, and every fuzz target, is in " +
    "ARCHITECTURE.md", () => {
	const page = read("ARCHITECTURE.md");
	const deps = [...read("platform/deps.sh")
	    .matchAll(/^[A-Z]+="([^"]*)"/gm)].flatMap((match) => match[1]
	    .split(/\s+/)).filter((name) => name && !name.startsWith("$"));
	const npm = Object.keys(JSON.parse(read("tests/package.json"))
	    .devDependencies);
	const fuzz = fs.readdirSync(path.join(top, "tests/fuzz"))
	    .filter((name) => name.endsWith(".c") && name !== "replay.c")
	    .map((name) => name.slice(0, -2));
	assert.ok(deps.length > 20 && npm.length > 1 && fuzz.length > 8);
	for (const name of [...deps, ...npm, ...fuzz])
		assert.ok(page.includes(`\`${name}\``), name);
});

test("every link between the documents leads somewhere", () => {
	const pages = ["README.md", "ARCHITECTURE.md", "SECURITY.md",
	    "CONTRIBUTING.md", "CHANGELOG.md", ...fs.readdirSync(
	    path.join(top, "docs")).filter((name) => name.endsWith(".md"))
	    .map((name) => `docs/${name}`)];
	for (const page of pages)
		for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g))
			assert.ok(fs.existsSync(path.join(top,
			    path.dirname(page), target)), `${page}: ${target}`);
});

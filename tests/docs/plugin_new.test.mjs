// SPDX-License-Identifier: EUPL-1.2
// `stadtkern plugin new` in a checkout of its own: what it writes is built by
// the Makefile, passes the tests that run over every plugin and those it
// brings along, with two cities that list it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { build, run, top } from "../http/lib/server.mjs";

const NAME = "lost-property";
const minutes = process.env.SAN ? 14 : 8;
let tree;

// The files that git knows, and what was built, both as old as they are, so
// that make builds what is new and no more.
before(() => {
	tree = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-plugin-"));
	const files = run("git", ["ls-files", "-co", "--exclude-standard"])
	    .stdout.trim().split("\n").filter((file) =>
	    fs.existsSync(path.join(top, file)));
	for (const file of files)
		fs.cpSync(path.join(top, file), path.join(tree, file),
		    { preserveTimestamps: true });
	fs.cpSync(build, path.join(tree, path.basename(build)),
	    { recursive: true, preserveTimestamps: true });
	for (const part of ["platform/app", "tests"])
		fs.symlinkSync(path.join(top, part, "node_modules"),
		    path.join(tree, part, "node_modules"));
});

after(() => fs.rmSync(tree, { recursive: true, force: true }));

const begin = (name) => spawnSync(path.join(build, "bin/stadtkern"),
    ["plugin", "new", name], { encoding: "utf8",
    env: { PATH: process.env.PATH, STADTKERN_HOME: tree } });

test("a name that is none, or is taken, writes nothing", () => {
	const before = fs.readdirSync(path.join(tree, "plugins"));
	for (const [name, says] of [["Lost", /no name/], ["lost--property",
	    /no name/], ["core", /no name/], ["../up", /no name/],
	    ["defect-reporter", /already/]]) {
		const { status, stderr } = begin(name);
		assert.equal(status, 1, name);
		assert.match(stderr, says);
	}
	assert.deepEqual(fs.readdirSync(path.join(tree, "plugins")), before);
});

test("what it writes is named through and through", () => {
	const { status, stdout, stderr } = begin(NAME);
	assert.equal(status, 0, stderr);
	const files = stdout.split("\n\n")[0].trim().split("\n");
	assert.ok(files.length > 10);
	for (const file of files)
		assert.doesNotMatch(file + fs.readFileSync(path.join(tree, file)),
		    /new.plugin|0000_/i, file);
	assert.equal(begin(NAME).status, 1, "a second time");
});

test("it builds, and passes its tests and those that run over every plugin",
    { timeout: minutes * 60_000 }, () => {
	for (const city of ["castrop-rauxel", "herne"])
		fs.appendFileSync(path.join(tree, `tenants/${city}.yaml`),
		    `  ${NAME}:\n    introduction: Was gefunden wurde.\n`);
	const env = { ...process.env, BUILD: path.basename(build) };
	for (const name of ["STADTKERN_TEST_PG", "STADTKERN_TEST_VAR",
	    "NODE_TEST_CONTEXT"])
		delete env[name];
	run("make", ["-s", "programs", `BUILD=${env.BUILD}`,
	    `SAN=${process.env.SAN ?? ""}`], { cwd: tree, env });
	const nested = { cwd: tree, env, mayFail: true,
	    timeout: minutes * 60_000 };
	const tests = run("node", ["tests/run.mjs", "http/lost_property",
	    "app/messages", "unit/plugins", "db/catalogue"], nested);
	assert.equal(tests.status, 0, tests.stdout + tests.stderr);
	assert.match(tests.stdout, /^ok +.*lost_property/m);
	// Of the matrix only what is about the new routes.
	const matrix = run("node", ["--test", "--test-reporter=tap",
	    `--test-name-pattern=/${NAME}/`, "tests/isolation/matrix.test.mjs"],
	    nested);
	assert.equal(matrix.status, 0, matrix.stdout + matrix.stderr);
	assert.match(matrix.stdout, /^# pass (1[0-9]|[2-9][0-9])$/m);
});

// SPDX-License-Identifier: EUPL-1.2
// Runs every test there is and counts. One cluster and one template database
// serve all; each test file makes its own database from it. Whatever the tests
// write goes to one folder in TMPDIR; tests/sweep.mjs erases it, also when this
// process is interrupted or killed.
//
//	node tests/run.mjs [word …]	only files whose path holds a word
//
// The last line is "N passed, N failed".

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build, startCluster, top } from "./http/lib/server.mjs";

const words = process.argv.slice(2);
const wanted = (file) => words.length === 0 ||
    words.some((word) => file.includes(word));
const minutes = process.env.SAN ? 20 : 15;
let passed = 0;
let failed = 0;
let interrupted = false;

function execute(program, args, env) {
	return new Promise((resolve) => {
		const child = spawn(program, args, { cwd: top, detached: true,
		    stdio: ["ignore", "pipe", "pipe"],
		    env: { ...process.env, ...env } });
		let output = "";
		const timer = setTimeout(() => {
			output += "\nnot ok - stopped after too long a time\n";
			process.kill(-child.pid, "SIGKILL");
		}, minutes * 60_000);
		child.stdout.on("data", (data) => { output += data; });
		child.stderr.on("data", (data) => { output += data; });
		child.on("close", (code) => {
			clearTimeout(timer);
			resolve({ code, output });
		});
	});
}

// TAP: the innermost results count; what a suite says of itself does not.
function count(output) {
	const lines = output.split("\n");
	const results = { ok: 0, bad: 0 };
	for (let i = 0; i < lines.length; i++) {
		const line = /^(\s*)(not )?ok\b/.exec(lines[i]);
		if (!line || /# (SKIP|skip)/.test(lines[i]))
			continue;
		if (lines.slice(i + 1, i + 6).some((next) =>
		    /^\s*type: 'suite'/.test(next)))
			continue;
		if (line[2])
			results.bad++;
		else
			results.ok++;
	}
	return results;
}

// What failed, each with its reason, and how it all ended.
function failures(output) {
	const lines = output.split("\n");
	const shown = [];
	for (let i = 0; i < lines.length; i++) {
		if (!/^\s*not ok\b/.test(lines[i]))
			continue;
		// YAML at the indent of its `---`; a diff inside may have dots, too.
		const mark = lines[i + 1]?.replace("---", "...");
		const end = lines.findIndex((line, at) => at > i + 1 &&
		    (line === mark || at > i + 80));
		shown.push(...lines.slice(i, end === -1 ? undefined : end + 1));
	}
	return [...shown, ...lines.slice(-60)].join("\n");
}

async function one(name, program, args, env) {
	const begun = Date.now();
	const { code, output } = await execute(program, args, env);
	if (interrupted)
		return;
	const { ok, bad } = count(output);
	const broken = code !== 0 && bad === 0 ? 1 : code === 0 && ok === 0 ? 1 : 0;
	passed += ok;
	failed += bad + broken;
	const seconds = ((Date.now() - begun) / 1000).toFixed(1);
	console.log(`${bad + broken ? "FAILED" : "ok    "} ${name} ` +
	    `(${ok} passed, ${bad + broken} failed, ${seconds} s)`);
	if (bad + broken)
		console.log(failures(output));
}

function files(dir, suffix) {
	const full = path.join(top, dir);
	if (!fs.existsSync(full))
		return [];
	return fs.readdirSync(full).filter((file) => file.endsWith(suffix))
	    .map((file) => path.join(dir, file)).filter(wanted).sort();
}

async function each(list, at_once, action) {
	const queue = [...list];
	await Promise.all(Array.from({ length: at_once }, async () => {
		while (queue.length && !interrupted)
			await action(queue.shift());
	}));
}

// Everybody may enter, for PostgreSQL may run as somebody else.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-"));
fs.chmodSync(folder, 0o1777);
const sweeper = spawn(process.execPath,
    [path.join(top, "tests/sweep.mjs"), folder],
    { detached: true, stdio: ["pipe", "inherit", "inherit"] });
const swept = new Promise((done) => sweeper.on("exit", done));
const sweep = () => {
	sweeper.stdin.end();
	return swept;
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
	process.on(signal, async () => {
		interrupted = true;
		await sweep();
		console.log("interrupted");
		process.exit(1);
	});
process.env.TMPDIR = folder;

const cluster = startCluster();
const env = { STADTKERN_TEST_PG: cluster.pg, STADTKERN_TEST_VAR: cluster.dir,
    CMOCKA_MESSAGE_OUTPUT: "TAP", NODE_NO_WARNINGS: "1" };
try {
	for (const kind of ["unit", "db"])
		await each(files(`tests/${kind}`, "_test.c"), 2, (file) => one(file,
		    path.join(build, file.replace(/\.c$/, "")), [], env));
	await each(files("tests/fuzz", ".c").filter((file) =>
	    !file.endsWith("replay.c")), 2, async (file) => {
		const name = path.basename(file, ".c");
		const { code, output } = await execute(path.join(build,
		    "tests/fuzz", `${name}-replay`), [`tests/fuzz/seeds/${name}`], env);
		const good = code === 0 && /seeds replayed/.test(output);
		good ? passed++ : failed++;
		console.log(`${good ? "ok    " : "FAILED"} ${file} ${output.trim()}`);
	});
	// The browser adds nothing to what the sanitizers see, and much time.
	const suites = ["app", ...process.env.SAN ? [] : ["browser"], "db", "http",
	    "isolation", "fault", "docs"].flatMap((dir) =>
	    files(`tests/${dir}`, ".test.mjs"));
	await each(suites, 2, (file) => one(file, process.execPath,
	    ["--test", "--test-reporter=tap", file], env));
} finally {
	if (!interrupted)
		cluster.stop();
	await sweep();
}
if (interrupted)
	await new Promise(() => {});	// the signal's handler ends us
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

// SPDX-License-Identifier: EUPL-1.2
// Waits for its standard input to end, which happens when tests/run.mjs is
// done or dies of whatever, and then kills what the tests left running and
// erases their folder.
//
//	node tests/sweep.mjs <folder>
//
// What belongs to the tests stands in the folder, or has its name in the
// environment, or is a child of such a process.

import fs from "node:fs";
import path from "node:path";

const folder = fs.realpathSync(process.argv[2]);
const rounds = 100;

function read(pid, name, how) {
	try {
		return how(`/proc/${pid}/${name}`);
	} catch {
		return "";	// gone, or somebody else's
	}
}

function left() {
	const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))
	    .map(Number).filter((pid) => pid !== process.pid);
	const parents = new Map(pids.map((pid) => [pid, Number(read(pid, "stat",
	    (file) => fs.readFileSync(file, "latin1"))
	    .replace(/^.*\) \S+ (\d+) .*$/s, "$1"))]));
	const found = new Set(pids.filter((pid) =>
	    `${read(pid, "cwd", fs.readlinkSync)}/`.startsWith(`${folder}/`) ||
	    read(pid, "environ", (file) => fs.readFileSync(file, "latin1"))
	    .includes(`${folder}/`)));
	for (let more = found.size > 0; more;) {
		more = false;
		for (const [pid, parent] of parents) {
			if (found.has(parent) && !found.has(pid)) {
				found.add(pid);
				more = true;
			}
		}
	}
	return [...found].filter((pid) => !/^\d+ \(.*\) Z/s.test(read(pid, "stat",
	    (file) => fs.readFileSync(file, "latin1"))));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
	process.on(signal, () => {});
await new Promise((done) => {
	process.stdin.on("end", done).on("error", done).resume();
});
for (let round = 0; round < rounds; round++) {
	const pids = left();
	if (pids.length === 0)
		break;
	for (const pid of pids) {
		try {
			process.kill(pid, "SIGKILL");
		} catch { /* gone by itself */ }
	}
	await new Promise((done) => setTimeout(done, 20));
}

// What platform/db/cluster.sh could not put in the folder is behind a link.
function elsewhere(dir, depth) {
	return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
		const name = path.join(dir, entry.name);
		if (entry.isDirectory() && depth > 0)
			return elsewhere(name, depth - 1);
		if (!entry.isSymbolicLink() ||
		    !["data", "socket"].includes(entry.name) ||
		    !fs.existsSync(name))
			return [];
		const real = fs.realpathSync(name);
		return path.basename(real).startsWith("stadtkern-") ? [real] : [];
	});
}

for (const dir of elsewhere(folder, 5))
	fs.rmSync(dir, { recursive: true, force: true });
fs.rmSync(path.resolve(folder), { recursive: true, force: true,
    maxRetries: 5 });

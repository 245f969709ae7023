// SPDX-License-Identifier: EUPL-1.2
// The built programs: how they are hardened, and which keys they can do
// without.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { build, run, startWorld } from "./lib/server.mjs";

const files = ["bin/stadtkern", "bin/stadtkern-server",
    ...fs.readdirSync(path.join(build, "plugins"))
	.map((name) => `plugins/${name}`)];
const readelf = (file, ...args) => run("readelf", [...args,
    path.join(build, file)]).stdout;

describe("every program and plugin", () => {
	for (const file of files)
		test(`is relocatable, and bound and sealed at start: ${file}`, () => {
			assert.match(readelf(file, "-hW"), /Type:\s+DYN/);
			const dynamic = readelf(file, "-dW");
			assert.match(dynamic, /BIND_NOW/);
			assert.doesNotMatch(dynamic, /TEXTREL|RPATH|RUNPATH/);
			const segments = readelf(file, "-lW");
			assert.match(segments, /GNU_RELRO/);
			assert.match(segments, /GNU_STACK.* RW /);
		});

	// gcc notes in each object how it was compiled; sanitizers have flags of
	// their own.
	for (const file of files)
		test(`is hardened in every object, Kore's too: ${file}`,
		    { skip: Boolean(process.env.SAN) }, () => {
			const objects = readelf(file, "--debug-dump=info",
			    "--dwarf-depth=1").split("\n")
			    .filter((line) => /DW_AT_producer.*GNU C/.test(line));
			assert.ok(objects.length > 1);
			for (const object of objects)
				for (const flag of ["-fstack-protector-strong",
				    "-fstack-clash-protection", "-fcf-protection"])
					assert.ok(object.includes(flag),
					    `${flag}: ${object}`);
		});
});

describe("the key that opens sealed data", () => {
	let world;
	before(async () => {
		world = await startWorld({});
		fs.rmSync(path.join(world.dir, "keys/wrap.key"));
	});
	after(() => world.stop());

	test("is not missed by the public server", async () => {
		await world.startServer("public");
		assert.equal((await world.public.request("GET", "herne",
		    "/api/v1/app")).status, 200);
	});

	test("is what the office cannot start without", async () => {
		const office = world.spawn("office", "stadtkern-server",
		    ["office"]);
		assert.notEqual((await office.ended).code, 0);
		assert.match(office.log, /wrap\.key/);
	});
});

// SPDX-License-Identifier: EUPL-1.2
// The examples of README.md, docs/api.md and docs/open311.md, run as they stand there. A
// comment "# 201: …" before a call says what it is answered with.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { build, startWorld, top } from "../http/lib/server.mjs";

let world;
before(async () => {
	world = await startWorld({ public: true, office: true, courier: true,
	    env: { STADTKERN_HOST: "platform.localhost" } });
	const demo = world.cli("demo");
	assert.equal(demo.status, 0, demo.stderr);
}, { timeout: 120_000 });
after(() => world?.stop());

// What differs between `make run` and here.
const here = (text) => text
    .replaceAll(/(\w+\.localhost):8080/g, `$1:${world.public.port}`)
    .replaceAll(/(\w+\.localhost):8081/g, `$1:${world.office.port}`)
    .replaceAll(/\bvar\//g, `${world.dir}/`);

const report = "%{stderr}\\n@@ %{method} %{url_effective} %{http_code}\\n";
const prelude = `set -euo pipefail
curl() { command curl --max-time 60 -w '${report}' "$@"; }
`;

for (const name of ["README.md", "docs/api.md", "docs/open311.md"])
	test(`the examples of ${name} are answered as it says`, () => {
		const page = fs.readFileSync(path.join(top, name), "utf8");
		const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
		    .map((match) => match[1]);
		const script = here(blocks.join("\n"));
		const want = [...script.matchAll(/^# (\d{3})\b/gm)]
		    .map((match) => match[1]);
		const done = spawnSync("bash", ["--norc", "-c", prelude + script], { cwd: top,
		    encoding: "utf8", timeout: 120_000,
		    env: { ...world.env, PATH: `${build}/bin:${process.env.PATH}` } });
		const log = `${done.stdout}\n${done.stderr}`;
		assert.equal(done.status, 0, log);
		// A loop that waits asks the same more than once.
		const calls = [...done.stderr.matchAll(/^@@ (.*) (\d{3})$/gm)]
		    .filter((call, i, all) => i === 0 || call[0] !== all[i - 1][0] ||
		    !call[1].startsWith("GET"));
		assert.deepEqual(calls.map((call) => call[2]), want, log);
		assert.ok(want.length >= 10, `${want.length} calls`);
		const count = (script.match(/\bcurl -s/g) ?? []).length;
		assert.equal(count, want.length, "each call says its answer");
	});

test("what README.md says is released is public with its photo", async () => {
	const { json } = await world.public.request("GET", "herne",
	    "/api/v1/defect-reporter/reports");
	const released = json.items.filter((item) =>
	    item.text === "Ein großer Ast hängt über den Gehweg.");
	assert.equal(released.length, 1);
	assert.equal(released[0].photos.length, 1);
	assert.doesNotMatch(JSON.stringify(json), /alex/i);
});

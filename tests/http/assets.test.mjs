// SPDX-License-Identifier: EUPL-1.2
// The built app's files as the server sends them, and what it does with a
// build that is broken or not there.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { after, before, describe, test } from "node:test";
import { makeBundle, sources } from "./lib/bundle.mjs";
import { refused } from "./lib/city.mjs";
import { build, run, startWorld, until } from "./lib/server.mjs";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-app-"));
let world;
before(async () => {
	world = await startWorld({ public: true, office: true, env: {
	    STADTKERN_APP: makeBundle(path.join(folder, "app")) } });
}, { timeout: 120_000 });
after(async () => {
	await world.stop();
	fs.rmSync(folder, { recursive: true, force: true });
});

const get = (target, headers = {}, method = "GET", host = "herne") =>
	world.public.request(method, host, target, { headers });
const source = (target) => Buffer.from(sources[path.basename(target)][1]);
const script = "/assets/shell-A1.js";
const unpack = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync };

describe("a file of the app", () => {
	for (const [file, [type]] of Object.entries(sources)) {
		const target = file === "service-worker.js" ? `/${file}` :
		    `/assets/${file}`;
		test(`${target} comes byte by byte, with its type`, async () => {
			const answer = await get(target);
			assert.equal(answer.status, 200);
			assert.deepEqual(answer.bytes, source(target));
			assert.equal(answer.headers["content-type"], type);
			assert.equal(answer.headers["content-encoding"], undefined);
			assert.equal(answer.headers["content-length"],
			    String(source(target).length));
		});
	}

	test("is the same for every city", async () => {
		for (const city of ["gladbeck", "waltrop", "castrop-rauxel"])
			assert.deepEqual((await get(script, {}, "GET", city)).bytes,
			    source(script));
	});

	test("with a hash in its name may be kept for ever, the service worker " +
	    "is asked for each time", async () => {
		assert.equal((await get(script)).headers["cache-control"],
		    "public, max-age=31536000, immutable");
		assert.equal((await get("/service-worker.js"))
		    .headers["cache-control"], "no-cache");
	});

	test("is found whatever the query", async () => {
		assert.equal((await get(`${script}?a=1`)).status, 200);
	});

	test("comes whole to many who ask at once on one connection and another",
	    async () => {
		const answers = await Promise.all(Array.from({ length: 60 },
		    (_, i) => get(script, i % 2 ? { "accept-encoding": "br" } : {})));
		for (const answer of answers)
			assert.deepEqual(answer.headers["content-encoding"] ?
			    unpack.br(answer.bytes) : answer.bytes, source(script));
	});
});

describe("the coding of a file", () => {
	const table = [
	    [undefined, undefined], ["", undefined], ["identity", undefined],
	    ["gzip", "gzip"], ["br", "br"], ["gzip, deflate, br, zstd", "br"],
	    ["GZIP", "gzip"], ["x-gzip", "gzip"], ["deflate", undefined],
	    ["br;q=0, gzip", "gzip"], ["br;q=0.5, gzip;q=0.8", "gzip"],
	    ["br; q=0.8 ,gzip;q=0.800", "br"], ["*", "br"], ["*;q=0", undefined],
	    ["br;q=0, *", "gzip"], ["identity, gzip;q=0.5", undefined],
	    ["identity;q=0.5, gzip", "gzip"], ["gzip;q=0.001", "gzip"],
	    ["gzip;q=2", undefined], ["gzip;q=banana", undefined],
	    [";;;,,,=", undefined], ["identity;q=0", undefined],
	    [`${"x,".repeat(3000)}br`, undefined]];
	for (const [header, want] of table)
		test(`for ${JSON.stringify(header)?.slice(0, 40)} is ` +
		    `${want ?? "none"}`, async () => {
			const answer = await get(script, header === undefined ? {} :
			    { "accept-encoding": header });
			assert.equal(answer.status, 200);
			assert.equal(answer.headers["content-encoding"], want);
			assert.deepEqual(want ? unpack[want](answer.bytes) :
			    answer.bytes, source(script));
			assert.match(answer.headers.vary, /accept-encoding/);
		});

	test("is none where that is not smaller", async () => {
		const answer = await get("/assets/symbols-G7.pbf",
		    { "accept-encoding": "br, gzip" });
		assert.equal(answer.headers["content-encoding"], undefined);
		assert.equal(answer.headers.vary, undefined);
	});
});

describe("the entity tag of a file", () => {
	test("is strong, and another for each coding", async () => {
		const tags = await Promise.all(["identity", "gzip", "br"].map(
		    async (coding) => (await get(script,
		    { "accept-encoding": coding })).headers.etag));
		assert.equal(new Set(tags).size, 3);
		for (const tag of tags)
			assert.match(tag, /^"[\w-]{22}"$/);
	});

	test("saves whoever has it the bytes", async () => {
		for (const coding of ["identity", "gzip", "br"]) {
			const headers = { "accept-encoding": coding };
			const first = await get(script, headers);
			const again = await get(script, { ...headers,
			    "if-none-match": first.headers.etag });
			assert.equal(again.status, 304);
			assert.equal(again.bytes.length, 0);
			for (const name of ["etag", "cache-control", "vary"])
				assert.equal(again.headers[name], first.headers[name]);
		}
		const other = await get(script, { "accept-encoding": "gzip",
		    "if-none-match": (await get(script)).headers.etag });
		assert.equal(other.status, 200, "the tag of another coding");
	});
});

test("HEAD has the headers of GET and no bytes", async () => {
	for (const target of [script, "/service-worker.js",
	    "/assets/empty-H8.css"])
		for (const coding of ["identity", "br"]) {
			const headers = { "accept-encoding": coding };
			const whole = await get(target, headers);
			const head = await get(target, headers, "HEAD");
			assert.equal(head.status, 200);
			assert.equal(head.bytes.length, 0);
			delete whole.headers.date;
			delete head.headers.date;
			assert.deepEqual(head.headers, whole.headers);
		}
});

test("what a script may do is said of it, as of a worker", async () => {
	for (const target of [script, "/service-worker.js"]) {
		const { headers } = await get(target);
		assert.equal(headers["x-content-type-options"], "nosniff");
		assert.equal(headers["cross-origin-embedder-policy"],
		    "require-corp");
		assert.equal(headers["cross-origin-resource-policy"],
		    "same-origin");
		assert.match(headers["content-security-policy"],
		    /^default-src 'none'; script-src 'self'; connect-src 'self'/);
		assert.doesNotMatch(headers["content-security-policy"], /unsafe/);
	}
	const { headers } = await get("/assets/shell-C3.css");
	assert.equal(headers["content-security-policy"],
	    "default-src 'none'; frame-ancestors 'none'; sandbox");
});

describe("nothing is sent", () => {
	test("on a host that is no city's, not even that there are files",
	    async () => {
		const nowhere = "unknown.example";
		const answer = await get(script, {}, "GET", nowhere);
		refused(answer, 404, "not-found");
		const other = await get("/api/v1/app", {}, "GET", nowhere);
		assert.equal(answer.text, other.text);
	});

	for (const target of ["/assets", "/assets/", "/assets/files.json",
	    "/assets/shell-A1.js.br", "/assets/../files.json",
	    "/assets/%2e%2e/files.json", "/assets/shell%2DA1.js",
	    "/assets//shell-A1.js", "/assets/shell-A1.js/", "/ASSETS/shell-A1.js",
	    "/files.json", "/assets/.", "/service-worker.js.gz",
	    "/service-worker.js/"])
		test(`under ${target}`, async () => {
			const answer = await get(target);
			assert.ok([400, 404].includes(answer.status),
			    `${answer.status} ${answer.text.slice(0, 80)}`);
		});

	test("to another method than GET and HEAD", async () => {
		for (const method of ["POST", "PUT", "DELETE", "PATCH"])
			refused(await world.public.request(method, "herne", script),
			    404, "not-found");
	});

	test("by the office's server", async () => {
		refused(await world.office.request("GET", "herne", script), 404,
		    "not-found");
	});
});

test("the description of the app names its files, and those of each plugin",
    async () => {
	const { json } = await get("/api/v1/app");
	assert.deepEqual(json.app, { messages: { de: "/assets/de-D4.json",
	    en: "/assets/en-E5.json" } });
	const { app } = json.plugins.find((one) =>
	    one.name === "defect-reporter");
	assert.equal(app.module, "/assets/reporter-F6.js");
	assert.equal(app.style, null);
	assert.deepEqual(app.messages, json.app.messages);
	assert.deepEqual(app.entries.tiles[0], { screen: "new", icon: "edit",
	    label: "app.tile.new", says: "app.tile.new-says" });
	assert.deepEqual(app.entries.cards, []);
	assert.deepEqual(app.entries.tabs, { report: "new" });
});

let next = 0;
function startWith(change, then = () => {}) {
	const dir = makeBundle(path.join(folder, `broken-${next++}`), change);
	then(dir);
	return run(path.join(build, "bin/stadtkern-server"), ["public"],
	    { mayFail: true, timeout: 20_000, env: { ...world.env,
	    STADTKERN_APP: dir, STADTKERN_PORT: "18499" } });
}

describe("a server does not start with", () => {
	const file = (change) => (all) => {
		Object.assign(all.files[0], change);
		return all;
	};
	const table = [
	    ["a files.json that is no JSON", () => "{", /files\.json:1:.*cannot be read/],
	    ["a files.json that does not say what is the server's", (all) =>
		({ ...all, served: undefined }), /files\.json.*\/served/],
	    ["a path of the server's that is none", (all) => ({ ...all,
		served: ["/api", "assets"] }), /\/served\/1/],
	    ["a files.json without a shell", (all) => ({ ...all,
		shell: undefined }), /files\.json.*\/shell/],
	    ["a file outside of the folder", file({ file: "../keys/hash.key" }),
		/\/files\/0\/file/],
	    ["a file with an absolute name", file({ file: "/etc/passwd" }),
		/\/files\/0\/file/],
	    ["a path outside of /assets/", file({ path: "/api/v1/app" }),
		/\/files\/0\/path/],
	    ["a path with ..", file({ path: "/assets/../x" }), /\/files\/0\/path/],
	    ["a type that would make two headers",
		file({ type: "text/css\r\nx: y" }), /\/files\/0\/type/],
	    ["a file that is not there", file({ file: "missing.js" }),
		/missing\.js: .*cannot be opened/],
	    ["two files with one path", (all) => ({ ...all,
		files: [...all.files, all.files[0]] }), /occurs twice/],
	    ["a script that no file is", (all) => ({ ...all, shell: { ...all.shell,
		script: "/assets/none.js" } }), /\/shell\/script.*none\.js/],
	    ["texts that no file is", (all) => ({ ...all, shell: { ...all.shell,
		messages: { de: "/assets/none.json" } } }), /none\.json/],
	    ["a plugin's module that no file is", (all) => {
		all.plugins["defect-reporter"].module = "https://example.org/x.js";
		return all;
	    }, /\/plugins\/defect-reporter.*example\.org/],
	    ["a key that it does not know", (all) => ({ ...all, shel: 1 }),
		/\/shel/],
	];
	for (const [what, change, says] of table)
		test(what, () => {
			const result = startWith(change);
			assert.equal(result.status, 1, result.stderr);
			assert.match(result.stderr, says);
		});

	test("a compressed file that is not there", () => {
		const result = startWith(undefined, (dir) =>
		    fs.rmSync(path.join(dir, "shell-A1.js.br")));
		assert.equal(result.status, 1);
		assert.match(result.stderr, /shell-A1\.js\.br/);
	});

	test("a file that is too large", () => {
		const result = startWith(undefined, (dir) => fs.truncateSync(
		    path.join(dir, "shell-C3.css"), (16 << 20) + 1));
		assert.equal(result.status, 1);
		assert.match(result.stderr, /shell-C3\.css: .*above 16 MiB/);
	});

	test("a folder without a files.json", () => {
		const result = startWith(undefined, (dir) =>
		    fs.rmSync(path.join(dir, "files.json")));
		assert.equal(result.status, 1);
		assert.match(result.stderr, /files\.json/);
	});
});

test("without a folder the server has its interface, and says so once",
    async () => {
	const dir = path.join(folder, "nothing");
	world.env.STADTKERN_APP = dir;
	const server = await world.startServer("public");
	const answer = await server.request("GET", "herne", "/",
	    { headers: { accept: "text/html" } });
	refused(answer, 404, "not-found");
	const app = await server.request("GET", "herne", "/api/v1/app");
	assert.equal(app.json.app, null);
	assert.ok(app.json.plugins.every((plugin) => plugin.app === null));
	await until("it is in the log", () => server.log.includes(dir));
	assert.equal(server.log.split("no app is served").length, 2);
});

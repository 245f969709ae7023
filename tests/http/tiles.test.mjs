// SPDX-License-Identifier: EUPL-1.2
// Map tiles from archives: every tile as the format's own library reads it,
// what HTTP wants besides, and archives that are broken or break later.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { after, before, describe, test } from "node:test";
import { PMTiles } from "pmtiles";
import { cities, refused } from "./lib/city.mjs";
import { connect } from "./lib/raw.mjs";
import { startWorld, top, until } from "./lib/server.mjs";

const shipped = path.join(top, "platform/geo/tiles/ruhr-boundaries.pmtiles");
const fixture = (name) => path.join(top, "tests/fixtures/geo", name);
const large = 64 << 20;
let world, folder, bytes;

before(async () => {
	bytes = fs.readFileSync(shipped);
	folder = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-tiles-"));
	const put = (name, from) => fs.copyFileSync(from,
	    path.join(folder, name));
	put("ruhr-boundaries.pmtiles", shipped);
	put("one.pmtiles", fixture("pmtiles_test_fixture_1.pmtiles"));
	put("no-archive.pmtiles", fixture("pmtiles_invalid.pmtiles"));
	put("of-tomorrow.pmtiles", fixture("pmtiles_invalid_v4.pmtiles"));
	put("Bad_\"Name.pmtiles", shipped);
	fs.writeFileSync(path.join(folder, "cut-off.pmtiles"),
	    bytes.subarray(0, 40_000));
	fs.mkdirSync(path.join(folder, "a-folder.pmtiles"));
	fs.writeFileSync(path.join(folder, "notes.txt"), "no archive");
	for (const name of ["shrinks", "leaves"]) {
		put(`${name}.pmtiles`, shipped);
		fs.truncateSync(path.join(folder, `${name}.pmtiles`), large);
	}
	world = await startWorld({ public: true, office: true, home: true,
	    env: { STADTKERN_TILES: folder } });
}, { timeout: 120_000 });
after(async () => {
	await world?.stop();
	fs.rmSync(folder, { recursive: true, force: true });
});

const get = (target, headers = {}, method = "GET", city = "herne") =>
    world.public.request(method, city, target, { headers });
const set = "/tiles/ruhr-boundaries";
const gzip = { "accept-encoding": "gzip" };

// The library, reading from a Buffer or through our server.
const library = (getBytes) => new PMTiles({ getKey: () => "x", getBytes });
const fromFile = () => library(async (at, len) => {
	const part = bytes.subarray(at, at + len);
	return { data: part.buffer.slice(part.byteOffset,
	    part.byteOffset + part.length) };
});

const column = (lon, z) => Math.floor((lon + 180) / 360 * 2 ** z);
const row = (lat, z) => Math.floor((1 - Math.asinh(Math.tan(
    lat * Math.PI / 180)) / Math.PI) / 2 * 2 ** z);

describe("a tile", () => {
	test("is the one that the format's own library reads, for all of the " +
	    "shipped archive", async () => {
		const archive = fromFile();
		const header = await archive.getHeader();
		const seen = { tiles: 0, empty: 0 };
		for (let z = header.minZoom; z <= header.maxZoom; z++)
			for (let x = column(header.minLon, z) - 1;
			    x <= column(header.maxLon, z) + 1; x++)
				for (let y = row(header.maxLat, z) - 1;
				    y <= row(header.minLat, z) + 1; y++) {
					const name = `${z}/${x}/${y}`;
					const want = await archive.getZxy(z, x, y);
					const plain = await get(`${set}/${name}`);
					if (!want) {
						assert.equal(plain.status, 204, name);
						assert.equal(plain.bytes.length, 0);
						seen.empty++;
						continue;
					}
					assert.equal(plain.status, 200, name);
					assert.ok(plain.bytes.equals(
					    Buffer.from(want.data)), name);
					const packed = await get(`${set}/${name}`, gzip);
					assert.ok(zlib.gunzipSync(packed.bytes)
					    .equals(plain.bytes), name);
					seen.tiles++;
				}
		assert.equal(seen.tiles, header.numAddressedTiles);
		assert.ok(seen.tiles >= 80 && seen.empty >= 20);
	});

	test("goes out as it is stored to who accepts gzip, and unpacked " +
	    "otherwise", async () => {
		const packed = await get(`${set}/9/265/169`, gzip);
		assert.equal(packed.status, 200);
		assert.equal(packed.headers["content-encoding"], "gzip");
		assert.notEqual(bytes.indexOf(packed.bytes), -1);
		for (const accept of ["identity", "gzip;q=0", "br"]) {
			const plain = await get(`${set}/9/265/169`,
			    { "accept-encoding": accept });
			assert.equal(plain.headers["content-encoding"], undefined);
			assert.ok(plain.bytes.length > packed.bytes.length);
			assert.notEqual(plain.headers.etag, packed.headers.etag,
			    "another representation, another tag");
		}
		assert.equal(packed.headers["content-type"],
		    "application/vnd.mapbox-vector-tile");
		assert.equal(packed.headers["cache-control"],
		    "public, max-age=86400");
		assert.equal(packed.headers.vary, "accept-encoding");
		assert.equal(packed.headers["x-content-type-options"], "nosniff");
	});

	test("is not sent again to who has it", async () => {
		for (const headers of [gzip, {}]) {
			const first = await get(`${set}/9/265/169`, headers);
			assert.match(first.headers.etag, /^"[^"]+"$/);
			const again = await get(`${set}/9/265/169`, { ...headers,
			    "if-none-match": first.headers.etag });
			assert.equal(again.status, 304);
			assert.equal(again.bytes.length, 0);
			assert.equal(again.headers.etag, first.headers.etag);
			const other = await get(`${set}/9/265/169`, { ...headers,
			    "if-none-match": '"other"' });
			assert.equal(other.status, 200);
		}
	});

	test("has a HEAD with its length and nothing else", async () => {
		const whole = await get(`${set}/9/265/169`, gzip);
		const head = await get(`${set}/9/265/169`, gzip, "HEAD");
		assert.equal(head.status, 200);
		assert.equal(head.bytes.length, 0);
		for (const name of ["content-length", "etag", "content-encoding"])
			assert.equal(head.headers[name], whole.headers[name]);
		assert.equal(Number(head.headers["content-length"]),
		    whole.bytes.length);
	});

	test("where nothing is has no content, and may be remembered", async () => {
		const answer = await get(`${set}/9/0/0`);
		assert.equal(answer.status, 204);
		assert.equal(answer.headers["cache-control"],
		    "public, max-age=86400");
	});

	test("that cannot be is not there, spelled however", async () => {
		for (const name of ["5/16/10", "13/4240/2715", "9/512/0", "9/0/512",
		    "27/0/0", "9/-1/0", "09/265/169", "9/0265/169", "9/265/169/",
		    "9/265/169.mvt", "9/265", "9", "", "9/265/169/1", "a/b/c",
		    "9/265/99999999999999999999", "9/4294967561/169",
		    "9/%32%36%35/169", "9/265/169%00", "+9/265/169"]) {
			const answer = await get(`${set}/${name}`);
			assert.ok(answer.status === 404 || answer.status === 400,
			    `${name}: ${answer.status}`);
		}
		refused(await get(`${set}/5/16/10`), 404, "not-found");
		refused(await get("/tiles/nowhere/9/265/169"), 404, "not-found");
		refused(await get("/tiles/../one/0/0/0"), 404, "not-found");
		refused(await get(`/tiles/${"a".repeat(300)}/0/0/0`), 404,
		    "not-found");
		refused(await get("/tiles/"), 404, "not-found");
		refused(await get("/tiles"), 404, "not-found");
	});

	test("is read only", async () => {
		for (const method of ["POST", "PUT", "DELETE", "PATCH"])
			refused(await get(`${set}/9/265/169`, {}, method), 404,
			    "not-found");
	});

	test("is there for every city and for no other host", async () => {
		for (const city of Object.keys(cities))
			assert.equal((await get(`${set}/9/265/169`, {}, "GET", city))
			    .status, 200);
		const elsewhere = await get(`${set}/9/265/169`, {}, "GET",
		    "nobody.example");
		refused(elsewhere, 404, "not-found");
		assert.equal(elsewhere.text, (await get("/api/v1/app", {}, "GET",
		    "nobody.example")).text);
	});

	test("is there for staff on the office's own address", async () => {
		const answer = await world.office.request("GET", "herne",
		    `${set}/9/265/169`);
		assert.equal(answer.status, 200);
	});
});

describe("the description of a set", () => {
	test("is TileJSON with the address under the host that was asked",
	    async () => {
		const { json, headers } = await get(`${set}.json`);
		assert.equal(json.tilejson, "3.0.0");
		assert.deepEqual(json.tiles, ["http://herne.localhost" +
		    `${set}/{z}/{x}/{y}`]);
		const header = await fromFile().getHeader();
		assert.deepEqual(json.bounds, [header.minLon, header.minLat,
		    header.maxLon, header.maxLat]);
		assert.deepEqual(json.center, [header.centerLon,
		    header.centerLat, header.centerZoom]);
		assert.equal(json.minzoom, 6);
		assert.equal(json.maxzoom, 12);
		const metadata = await fromFile().getMetadata();
		assert.deepEqual(json.vector_layers, metadata.vector_layers);
		assert.equal(json.attribution,
		    "© GeoBasis-DE / BKG 2017 (Daten verändert)");
		assert.equal((await get(`${set}.json`,
		    { "if-none-match": headers.etag })).status, 304);
	});

	test("says https where the proxy does", async () => {
		const { json } = await get(`${set}.json`,
		    { "x-forwarded-proto": "https" }, "GET", "app.herne.example");
		assert.deepEqual(json.tiles, ["https://app.herne.example" +
		    `${set}/{z}/{x}/{y}`]);
		assert.match((await get(`${set}.json`,
		    { "x-forwarded-proto": "javascript" })).json.tiles[0],
		    /^http:\/\//);
	});

	test("is what GET /api/v1/app tells of the city's map", async () => {
		for (const city of Object.keys(cities)) {
			const { json } = await get("/api/v1/app", {}, "GET", city);
			assert.deepEqual(json.map.tiles, {
			    url: "/tiles/ruhr-boundaries/{z}/{x}/{y}",
			    attribution: "© GeoBasis-DE / BKG 2017 (Daten verändert)",
			    type: "vector", minzoom: 6, maxzoom: 12,
			    layers: ["municipalities", "city_labels"] });
			const { lat, lon } = cities[city];
			const tile = await get(json.map.tiles.url
			    .replace("{z}", 12).replace("{x}", column(lon, 12))
			    .replace("{y}", row(lat, 12)), {}, "GET", city);
			assert.equal(tile.status, 200);
		}
	});
});

test("a set that the server does not have is null, and told in the log",
    async () => {
	const file = path.join(world.home, "tenants/waltrop.yaml");
	fs.writeFileSync(file, fs.readFileSync(file, "utf8")
	    .replace("tiles: ruhr-boundaries", "tiles: nowhere"));
	assert.equal(world.cli("tenant", "add", "waltrop").status, 0);
	await until("told", () => world.public.log.includes(
	    'what="city names tiles that are not here" process=public ' +
	    "tenant=waltrop set=nowhere"));
	await until("null", async () => (await get("/api/v1/app", {}, "GET",
	    "waltrop")).json.map.tiles === null);
});

describe("a whole archive", () => {
	const target = `${set}.pmtiles`;
	const range = (text, more = {}) => get(target, { range: text, ...more });

	test("can be read by the format's own library in ranges", async () => {
		let calls = 0;
		const archive = library(async (at, len) => {
			const answer = await range(`bytes=${at}-${at + len - 1}`);
			assert.equal(answer.status, 206);
			calls++;
			const data = answer.bytes;
			return { data: data.buffer.slice(data.byteOffset,
			    data.byteOffset + data.length),
			    etag: answer.headers.etag };
		});
		const want = await fromFile().getZxy(12, 2130, 1358);
		const got = await archive.getZxy(12, 2130, 1358);
		assert.ok(Buffer.from(got.data).equals(Buffer.from(want.data)));
		assert.deepEqual(await archive.getMetadata(),
		    await fromFile().getMetadata());
		assert.ok(calls >= 3);
	});

	test("is given whole without a range", async () => {
		const answer = await get(target);
		assert.equal(answer.status, 200);
		assert.ok(answer.bytes.equals(bytes));
		assert.equal(answer.headers["accept-ranges"], "bytes");
		assert.equal(answer.headers["content-type"],
		    "application/vnd.pmtiles");
		assert.equal(answer.headers["content-encoding"], undefined);
	});

	test("is given in the part that is asked for", async () => {
		for (const [text, from, to] of [["bytes=0-126", 0, 126],
		    ["bytes=100-100", 100, 100],
		    ["bytes=56000-", 56000, bytes.length - 1],
		    ["bytes=56000-999999", 56000, bytes.length - 1],
		    ["bytes=-31", bytes.length - 31, bytes.length - 1]]) {
			const answer = await range(text);
			assert.equal(answer.status, 206, text);
			assert.equal(answer.headers["content-range"],
			    `bytes ${from}-${to}/${bytes.length}`);
			assert.ok(answer.bytes.equals(bytes.subarray(from, to + 1)));
		}
	});

	test("says how long it is to who asks for more", async () => {
		for (const text of [`bytes=${bytes.length}-`, "bytes=-0"]) {
			const answer = await range(text);
			refused(answer, 416, "range-unsatisfiable");
			assert.equal(answer.headers["content-range"],
			    `bytes */${bytes.length}`);
			assert.equal(answer.headers["cache-control"], "no-store");
		}
	});

	test("is given whole where several ranges, or none that is one, are " +
	    "asked for", async () => {
		for (const text of ["bytes=0-1,5-6", "bytes=5-4", "lines=1-2"]) {
			const answer = await range(text);
			assert.equal(answer.status, 200, text);
			assert.equal(answer.bytes.length, bytes.length);
		}
	});

	test("is given in part only while it is the same", async () => {
		const { headers: { etag } } = await get(target, {}, "HEAD");
		assert.match(etag, /^"[0-9a-f]{32}"$/);
		const same = await range("bytes=0-9", { "if-range": etag });
		assert.equal(same.status, 206);
		for (const other of ['"other"', `W/${etag}`,
		    "Wed, 25 Nov 2026 12:00:00 GMT"]) {
			const answer = await range("bytes=0-9", { "if-range": other });
			assert.equal(answer.status, 200, other);
			assert.equal(answer.bytes.length, bytes.length);
		}
		assert.equal((await get(target, { "if-none-match": etag })).status,
		    304);
	});

	test("has a HEAD with its length, whatever range is named", async () => {
		const answer = await get(target, { range: "bytes=0-9" }, "HEAD");
		assert.equal(answer.status, 200);
		assert.equal(Number(answer.headers["content-length"]),
		    bytes.length);
		assert.equal(answer.bytes.length, 0);
	});
});

describe("an archive that is broken", () => {
	const workers = () => fs.readFileSync(`/proc/${world.public.pid}/task/${
	    world.public.pid}/children`, "utf8");

	test("is refused at the start with what is wrong with it, and the " +
	    "others are served", async () => {
		for (const [name, reason] of [
		    ["no-archive", "is no PMTiles archive"],
		    ["of-tomorrow", "is not version 3 of PMTiles"],
		    ["cut-off", "ends before what its header speaks of"],
		    ["a-folder", "cannot be read"],
		    ['"Bad_\\?Name"', "is not named in lower-case letters"]])
			assert.match(world.public.log, new RegExp(
			    `level=error what="tile archive refused".*set=${
			    name} reason="${reason}`));
		assert.equal(world.public.log.match(/tile archive refused/g).length,
		    5);
		for (const name of ["no-archive", "of-tomorrow", "cut-off",
		    "a-folder", "Bad_Name"])
			refused(await get(`/tiles/${name}.json`), 404, "not-found");
		assert.equal((await get("/tiles/one/0/0/0")).status, 200);
	});

	test("because it became shorter answers 503, and no worker dies",
	    async () => {
		const target = "/tiles/shrinks", before = workers();
		assert.equal((await get(`${target}/12/2130/1358`)).status, 200);
		fs.truncateSync(path.join(folder, "shrinks.pmtiles"), 1000);
		refused(await get(`${target}/12/2130/1358`), 503, "unavailable");
		refused(await get(`${target}.pmtiles`, { range:
		    "bytes=50000-50100" }), 503, "unavailable");
		assert.match(world.public.log,
		    /tile archive can no longer be read.*set=shrinks/);
		assert.equal(workers(), before, "the same workers");
		assert.equal((await get(`${set}/9/265/169`)).status, 200);
	});

	test("while it is sent ends that connection and nothing else",
	    async () => {
		const before = workers();
		const connection = await connect({ port: world.public.port });
		connection.write("GET /tiles/leaves.pmtiles HTTP/1.1\r\n" +
		    "host: herne.localhost\r\n\r\n");
		await connection.until((one) => one.text.length > 1000, 10_000);
		fs.truncateSync(path.join(folder, "leaves.pmtiles"), 0);
		assert.ok(await connection.until((one) => one.closed, 20_000));
		assert.ok(connection.text.length < large);
		connection.destroy();
		assert.equal(workers(), before, "the same workers");
		for (let i = 0; i < 8; i++)
			assert.equal((await get(`${set}/9/265/169`)).status, 200);
	});
});

// SPDX-License-Identifier: EUPL-1.2
// A city's base map that somebody else publishes: the courier fetches it from
// a server of the test's own, the citizens' requests end at ours.

import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import zlib from "node:zlib";
import { after, before, describe, test } from "node:test";
import { publishBasemap } from "./lib/basemap.mjs";
import { cities, picture, refused } from "./lib/city.mjs";
import { startWorld, until } from "./lib/server.mjs";

const png = picture("rgb.png"), jpeg = picture("plain.jpg");
let world, server, port;

// What the map's server is asked, and how it answers each address.
let asked = [];
let answers = {};
const sockets = new Set();

function answer(req, res) {
	asked.push({ url: req.url, headers: req.headers });
	const how = answers[req.url] ?? answers["*"];
	if (typeof how === "function")
		return how(req, res);
	const { status = 200, type = "image/png", body = png, headers = {} } =
	    how ?? {};
	res.writeHead(status, { "content-type": type, ...headers });
	res.end(body);
}

const listen = () => new Promise((done) => {
	server = http.createServer(answer);
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	server.listen(port ?? 0, "127.0.0.1", () => {
		port = server.address().port;
		done();
	});
});
const close = () => new Promise((done) => {
	server.close(done);
	for (const socket of sockets)
		socket.destroy();
});

const get = (target, headers = {}, city = "herne", method = "GET") =>
    world.public.request(method, city, `/api/v1/basemap/${target}`,
    { headers });
const calls = (url) => asked.filter((one) => one.url === url);
const row = (what, place) => {
	const [z, x, y] = place.split("/");
	return world.sql(`select ${what} from stadtkern.basemap_tile
	    where z = ${z} and x = ${x} and y = ${y}`);
};

const publish = (map, city) => publishBasemap(world, map, city);
const basemap = (more = {}) => ({
	url: `http://127.0.0.1:${port}/map/{z}/{x}/{y}.png`,
	attribution: "© Geobasis Musterland", maxzoom: 18, ...more });

const logged = (pattern) => until(`${pattern} in the log`,
    () => new RegExp(pattern).test(world.courier.log));

// As an app does: asks again after what Retry-After says, here sooner.
const eventually = (place, city) => until(`tile ${place}`, async () => {
	const got = await get(place, {}, city);
	return got.status !== 503 && got;
});

before(async () => {
	await listen();
	world = await startWorld({ public: true, courier: true, home: true,
	    env: { STADTKERN_BASEMAP_LOOPBACK: "1", STADTKERN_LIMITS: "0",
	    STADTKERN_WORKERS: "1" } });
	await publish(basemap());
}, { timeout: 120_000 });
after(async () => {
	await world?.stop();
	await close();
});

describe("a tile", () => {
	test("that nobody had is fetched while the first caller is told to come " +
	    "again", async () => {
		const first = await get("14/8521/5445");
		refused(first, 503, "tile-pending");
		assert.equal(first.headers["retry-after"], "1");
		assert.equal(first.headers["cache-control"], "no-store");
		const then = await eventually("14/8521/5445");
		assert.equal(then.status, 200);
		assert.ok(then.bytes.equals(png));
		assert.equal(then.headers["content-type"], "image/png");
		assert.equal(then.headers["cache-control"],
		    "public, max-age=3600");
		assert.equal(then.headers["x-content-type-options"], "nosniff");
	});

	test("is fetched once, however often it is asked for", async () => {
		const all = await Promise.all(Array.from({ length: 20 },
		    () => eventually("14/8522/5445")));
		for (const one of all)
			assert.ok(one.bytes.equals(png));
		assert.equal(calls("/map/14/8522/5445.png").length, 1);
	});

	test("has an entity tag, and is not sent again to who has it", async () => {
		const { headers: { etag } } = await eventually("14/8521/5445");
		assert.match(etag, /^"[0-9a-f]{32}"$/);
		const again = await get("14/8521/5445", { "if-none-match": etag });
		assert.equal(again.status, 304);
		assert.equal(again.bytes.length, 0);
		assert.equal((await get("14/8521/5445",
		    { "if-none-match": '"other"' })).status, 200);
		const head = await get("14/8521/5445", {}, "herne", "HEAD");
		assert.equal(head.status, 200);
		assert.equal(head.bytes.length, 0);
		assert.equal(head.headers.etag, etag);
	});

	test("is asked for with nothing of the citizen", async () => {
		await get("14/8523/5445", { "user-agent": "Zweifel/1.0",
		    cookie: "a=Zweifel", referer: "http://zweifel.example/",
		    "x-forwarded-for": "192.0.2.77" });
		await eventually("14/8523/5445");
		const [call] = calls("/map/14/8523/5445.png");
		assert.doesNotMatch(JSON.stringify(call), /zweifel|192\.0\.2/i);
		assert.match(call.headers["user-agent"],
		    /^Stadtkern\/1 \(stadt@herne\.example\.org\)$/);
		assert.deepEqual(Object.keys(call.headers).sort(), ["accept",
		    "accept-encoding", "host", "user-agent"]);
	});

	test("far from the city, of another zoom or spelled otherwise is " +
	    "neither given nor fetched", async () => {
		const before = world.sql("select count(*) from basemap_tile");
		for (const place of ["14/0/0", "14/8521/5400", "14/8600/5445",
		    "19/272600/174250", "14/16384/0", "23/0/0", "14/-1/0",
		    "014/8521/5445", "14/8521/5445.png", "14/8521", "a/b/c"])
			refused(await get(place), 404, "not-found");
		assert.equal(world.sql("select count(*) from basemap_tile"),
		    before);
	});

	test("is not there in a city without a base map", async () => {
		refused(await get("14/8521/5445", {}, "gladbeck"), 404,
		    "not-found");
		const { json } = await world.public.request("GET", "gladbeck",
		    "/api/v1/app");
		assert.equal(json.map.basemap, null);
	});

	test("that one city has is fetched anew for another one with the same " +
	    "map", async () => {
		await eventually("14/8523/5445");
		await publish(basemap(), "castrop-rauxel");
		refused(await get("14/8523/5445", {}, "castrop-rauxel"), 503,
		    "tile-pending");
		await eventually("14/8523/5445", "castrop-rauxel");
		assert.equal(calls("/map/14/8523/5445.png").length, 2);
		await publish(null, "castrop-rauxel");
		world.sql(`delete from basemap_tile where tenant_id = (
		    select id from tenant where slug = 'castrop-rauxel')`);
	});

	test("that the map's server does not have is no content", async () => {
		answers["/map/14/8521/5446.png"] = { status: 404,
		    type: "text/html", body: "<html>" };
		answers["/map/14/8522/5446.png"] = { status: 204, body: "" };
		for (const place of ["14/8521/5446", "14/8522/5446"]) {
			const got = await eventually(place);
			assert.equal(got.status, 204);
			assert.equal(got.headers["cache-control"],
			    "public, max-age=3600");
		}
	});
});

describe("what is old", () => {
	const place = "15/17042/10890", url = `/map/${place}.png`;
	const age = () => world.sql(`update basemap_tile
	    set expires_at = now() - interval '1 minute'
	    where z = 15 and x = 17042`);

	test("is given while it is asked for anew, with the tag of before",
	    async () => {
		answers[url] = { headers: { etag: 'W/"v1"',
		    "cache-control": "max-age=7200" } };
		await eventually(place);
		assert.equal(row("round(extract(epoch from expires_at - " +
		    "fetched_at))", place), "7200");
		answers[url] = (req, res) => {
			res.writeHead(req.headers["if-none-match"] === 'W/"v1"' ?
			    304 : 500);
			res.end();
		};
		age();
		const got = await get(place);
		assert.equal(got.status, 200);
		assert.ok(got.bytes.equals(png));
		await until("renewed", () => row("expires_at > now()", place) ===
		    "t");
		assert.equal(calls(url).length, 2);
		assert.ok((await get(place)).bytes.equals(png));
	});

	test("becomes what is there now", async () => {
		const { headers: { etag } } = await get(place);
		answers[url] = { type: "image/jpeg", body: jpeg };
		age();
		await until("new", async () => (await get(place)).bytes
		    .equals(jpeg));
		const got = await get(place, { "if-none-match": etag });
		assert.equal(got.status, 200);
		assert.equal(got.headers["content-type"], "image/jpeg");
	});

	test("stays when the map's server has something else to say",
	    async () => {
		answers[url] = { type: "text/html", body: "<html>Störung</html>" };
		age();
		const before = calls(url).length;
		assert.ok((await get(place)).bytes.equals(jpeg));
		await until("asked", () => calls(url).length > before);
		await until("settled", () => row("wanted_at is null", place) ===
		    "t");
		const got = await get(place);
		assert.equal(got.status, 200);
		assert.ok(got.bytes.equals(jpeg));
		assert.equal(calls(url).length, before + 1, "not at once again");
	});
});

describe("what is no tile is not kept", () => {
	let x = 17026;
	const cases = {
		"a page instead of a picture": [{ type: "text/html; charset=utf-8",
		    body: "<html>" }, "media-type"],
		"a page that is called a picture": [{ body: "<html>" },
		    "not-a-picture"],
		"a picture of another kind than told": [{ type: "image/jpeg" },
		    "not-a-picture"],
		"a picture that is cut off": [{ body: png.subarray(0, 60) },
		    "not-a-picture"],
		"a vector tile where pictures are wanted": [{ type:
		    "application/vnd.mapbox-vector-tile", body: "x" },
		    "media-type"],
		"more than a MiB": [{ body: Buffer.concat([png,
		    Buffer.alloc(1 << 20)]) }, "too-large"],
		"more than a MiB, without saying so": [(req, res) => {
			res.writeHead(200, { "content-type": "image/png" });
			for (let i = 0; i < 20; i++)
				res.write(Buffer.alloc(64 << 10));
			res.end();
		}, "too-large"],
		"more than a MiB, packed": [{ headers: { "content-encoding":
		    "gzip" }, body: zlib.gzipSync(Buffer.alloc(4 << 20)) },
		    "too-large"],
		"a client error": [{ status: 418 }, "status"],
	};
	for (const [name, [how, reason]] of Object.entries(cases))
		test(name, async () => {
			const place = `15/${x++}/10890`;
			answers[`/map/${place}.png`] = how;
			refused(await get(place), 503, "tile-pending");
			const got = await until("settled", async () => {
				const one = await get(place);
				return one.json.code !== "tile-pending" && one;
			});
			refused(got, 503, "tile-unavailable");
			assert.ok(Number(got.headers["retry-after"]) > 500);
			await logged(`base map tile not fetched.*tile=${place} ` +
			    `reason=${reason}`);
			assert.equal(row("content is null", place), "t");
			assert.equal(calls(`/map/${place}.png`).length, 1);
		});

	test("and another tile of the same map is", async () => {
		assert.equal((await eventually(`15/${x}/10890`)).status, 200);
	});
});

describe("a map's server", () => {
	const forget = () => world.sql("delete from basemap_pause");

	for (const [name, how, reason] of [
	    ["that fails", { status: 500 }, "server-error"],
	    ["that refuses us", { status: 403 }, "refused"],
	    ["that has had enough", { status: 429 }, "too-many-requests"],
	    ["that sends us elsewhere", { status: 302, headers: { location:
	    "http://127.0.0.1/secret" } }, "redirect"],
	    ["that hangs up", (req) => req.socket.destroy(), "unreachable"]])
		test(`${name} is left alone for a while, then asked again`,
		    async () => {
			answers["*"] = how;
			const place = `15/${17036 + asked.length % 4}/10893`;
			world.sql("delete from basemap_tile where y = 10893");
			await get(place);
			await until("paused", () => world.sql(
			    "select count(*) from basemap_pause") === "1");
			const got = await get(place);
			refused(got, 503, "tile-unavailable");
			assert.ok(Number(got.headers["retry-after"]) >= 1);
			await logged(`tile=${place} reason=${reason}`);
			assert.doesNotMatch(asked.map((one) => one.url).join(),
			    /secret/);
			delete answers["*"];
			assert.equal((await eventually(place)).status, 200);
			assert.equal(world.sql("select count(*) from basemap_pause"),
			    "0", "forgotten once it works");
		});

	test("that is gone leaves what was fetched, and is found again",
	    async () => {
		await eventually("14/8521/5445");
		await close();
		try {
			assert.equal((await get("14/8521/5445")).status, 200);
			await get("15/17040/10894");
			await until("paused", () => world.sql(
			    "select count(*) from basemap_pause") === "1");
			refused(await get("15/17040/10894"), 503,
			    "tile-unavailable");
		} finally {
			await listen();
		}
		forget();
		world.sql("update basemap_tile set retry_at = now()");
		assert.equal((await eventually("15/17040/10894")).status, 200);
	});
});

test("no more than 500 tiles wait at once, and no more than 25,000 are kept",
    async () => {
	world.sql(`insert into basemap_pause (tenant_id, source, until)
	    select id, basemap_source('http://127.0.0.1:${port}/map/{z}/{x}/{y}` +
	    `.png'), now() + interval '1 hour' from tenant where slug = 'herne';
	    insert into basemap_tile (tenant_id, source, z, x, y, wanted_at)
	    select id, 'of before', 20, n, 0, now() + interval '1 hour'
	    from tenant, generate_series(1, 500) n where slug = 'herne'`);
	const known = () => world.sql("select count(*) from basemap_tile");
	const before = known();
	await get("15/17041/10895");
	assert.equal(known(), before);
	world.sql(`update basemap_tile set wanted_at = null where z = 20;
	    insert into basemap_tile (tenant_id, source, z, x, y)
	    select id, 'of before', 20, n, 1 from tenant,
		generate_series(1, 25000) n where slug = 'herne'`);
	const full = known();
	await get("15/17041/10895");
	assert.equal(known(), full);
	// The schedule's statement, as the courier runs it.
	const sql = fs.readFileSync(path.join(world.home,
	    "platform/base/queries.sql"), "utf8")
	    .match(/-- name: basemap_expire :done\n([\s\S]*?;)\n/)[1];
	world.sql(`select set_config('stadtkern.tenant', (select id::text
	    from tenant where slug = 'herne'), false); ${sql}`);
	assert.equal(known(), "20000");
	world.sql(`delete from basemap_tile where z = 20;
	    delete from basemap_pause`);
	assert.equal((await eventually("15/17041/10895")).status, 200);
});

describe("another address", () => {
	test("begins anew, and what was fetched from the one before is not " +
	    "shown", async () => {
		await eventually("14/8521/5445");
		await publish(basemap({ attribution: "© Andere", url:
		    `http://127.0.0.1:${port}/other?z={z}&x={x}&y={y}&key=k1` }));
		answers["*"] = { type: "image/jpeg", body: jpeg };
		refused(await get("14/8521/5445"), 503, "tile-pending");
		assert.ok((await eventually("14/8521/5445")).bytes.equals(jpeg));
		assert.equal(calls("/other?z=14&x=8521&y=5445&key=k1").length, 1);
		assert.doesNotMatch(world.courier.log + world.public.log, /key=k1/);
		delete answers["*"];
	});

	test("with vector tiles takes those, packed or not", async () => {
		await publish(basemap({ attribution: "© Vektor", type: "vector",
		    url: `http://127.0.0.1:${port}/vector/{z}/{x}/{y}` }));
		const tile = Buffer.from([0x1a, 0x00]);
		answers["/vector/14/8521/5445"] = { body: zlib.gzipSync(tile),
		    type: "application/x-protobuf",
		    headers: { "content-encoding": "gzip" } };
		const got = await eventually("14/8521/5445");
		assert.ok(got.bytes.equals(tile));
		assert.equal(got.headers["content-type"],
		    "application/vnd.mapbox-vector-tile");
		const { json } = await world.public.request("GET", "herne",
		    "/api/v1/app");
		assert.deepEqual(json.map.basemap, {
		    url: "/api/v1/basemap/{z}/{x}/{y}", type: "vector",
		    attribution: "© Vektor", minzoom: 0, maxzoom: 18 });
	});

	test("that is none any more is not asked", async () => {
		await publish(null);
		refused(await get("14/8521/5445"), 404, "not-found");
		const before = asked.length;
		world.sql(`update basemap_tile set wanted_at = now(),
		    retry_at = now();
		    select pg_notify('stadtkern_basemap', '')`);
		await until("dropped", () => world.sql(
		    "select count(*) from basemap_tile") === "0");
		assert.equal(asked.length, before);
	});
});

test("over plain HTTP is asked only where the operator allows it",
    async () => {
	await world.courier.stop();
	world.env.STADTKERN_BASEMAP_LOOPBACK = "0";
	world.startCourier();
	await publish(basemap({ attribution: "© Ohne" }));
	const before = asked.length;
	await get("14/8521/5445");
	await logged("tile=14/8521/5445 reason=address");
	assert.equal(asked.length, before);
});

// SPDX-License-Identifier: EUPL-1.2
// Four cities on one server: each host shows its own, an unknown one nothing.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { cities, refused } from "./lib/city.mjs";
import { request, startWorld } from "./lib/server.mjs";

let world;
before(async () => {
	world = await startWorld({ public: true, office: true,
	    env: { STADTKERN_LIMITS: "0" } });
}, { timeout: 120_000 });
after(() => world.stop());

const app = (city, headers = {}) => world.public.request("GET", city,
    "/api/v1/app", { headers });

describe("each of the four cities", () => {
	test("has its own name, key, colours, centre and boundary",
	    async () => {
		const seen = {};
		for (const [slug, city] of Object.entries(cities)) {
			const { status, json } = await app(slug);
			assert.equal(status, 200);
			assert.equal(json.slug, slug);
			assert.equal(json.name, city.name);
			assert.equal(json.ags, city.ags);
			const [west, south, east, north] = json.map.bbox;
			assert.ok(west < city.lon && city.lon < east);
			assert.ok(south < city.lat && city.lat < north);
			const [lon, lat] = json.map.center;
			assert.ok(west < lon && lon < east && south < lat &&
			    lat < north, "the centre lies inside");
			const boundary = await world.public.request("GET", slug,
			    json.map.boundary);
			assert.equal(boundary.headers["content-type"],
			    "application/geo+json");
			assert.equal(boundary.json.type, "Feature");
			assert.equal(boundary.json.properties.slug, slug);
			seen[slug] = { colours: json.theme.colours,
			    center: json.map.center,
			    boundary: boundary.json.geometry };
		}
		for (const what of ["colours", "center", "boundary"])
			assert.equal(new Set(Object.values(seen).map((one) =>
			    JSON.stringify(one[what]))).size, 4, what);
	});

	test("has its own departments and categories of the defect reporter",
	    async () => {
		const lists = [];
		for (const slug of Object.keys(cities)) {
			const { json } = await app(slug);
			const reporter = json.plugins.find((plugin) =>
			    plugin.name === "defect-reporter");
			assert.equal(reporter.api, "/api/v1/defect-reporter");
			assert.equal(reporter.account,
			    slug === "waltrop" ? "required" : "optional");
			const departments = json.departments.map((one) => one.code);
			for (const category of reporter.settings.categories)
				assert.ok(!category.department ||
				    departments.includes(category.department),
				    `${slug}: ${category.department}`);
			lists.push(JSON.stringify([departments,
			    reporter.settings.categories.map((one) => one.code)]));
		}
		assert.equal(new Set(lists).size, 4);
	});

	test("shows no e-mail address but the one a company wants to be asked at",
	    async () => {
		for (const slug of Object.keys(cities)) {
			const { text, json } = await app(slug);
			const shown = json.plugins.flatMap(({ settings }) =>
			    settings?.operator ? [settings.email] : []);
			assert.ok(!shown.reduce((rest, one) =>
			    rest.replaceAll(one, ""), text).includes("@"), slug);
		}
	});

	test("answers under each of its host names, whatever the case and port",
	    async () => {
		const want = (await app("herne")).text;
		for (const host of ["app.herne.example", "HERNE.localhost",
		    "herne.localhost:8080"])
			assert.equal((await app(host)).text, want, host);
	});
});

// The date is the one thing that may differ.
const bare = (answer) => {
	const { date, ...headers } = answer.headers;
	return { status: answer.status, headers, text: answer.text };
};

test("an unknown, a paused and an unreadable city cannot be told apart",
    async () => {
	assert.equal(world.cli("tenant", "pause", "gladbeck").status, 0);
	world.sql("update stadtkern.tenant set config = '{}', " +
	    "version = version + 1 where slug = 'waltrop'");
	await world.public.stop();
	await world.office.stop();
	await world.startServer("public");
	await world.startServer("office");
	for (const [server, method, target] of [
	    [world.public, "GET", "/api/v1/app"],
	    [world.public, "GET", "/api/v1/openapi.json"],
	    [world.public, "GET", "/api/v1/defect-reporter/reports?cursor=x"],
	    [world.public, "POST", "/api/v1/devices"],
	    [world.public, "DELETE", "/"],
	    [world.public, "GET", "/%00"],
	    [world.office, "POST", "/office/api/v1/session"],
	    [world.office, "GET", "/office/api/v1/defect-reporter/reports"]]) {
		const options = method === "POST" ? { body: {} } : {};
		const want = await server.request(method, "nowhere.example",
		    target, options);
		refused(want, 404, "not-found");
		for (const host of ["gladbeck", "waltrop", "127.0.0.1:8080",
		    "xn--hrne-5qa.localhost", `${"a".repeat(60)}.localhost`])
			assert.deepEqual(bare(await server.request(method, host,
			    target, options)), bare(want), `${method} ${target} ${host}`);
	}
	assert.equal((await app("herne")).status, 200, "others go on");

	assert.equal(world.cli("tenant", "resume", "gladbeck").status, 0);
	const version = world.sql("update stadtkern.tenant w set config = " +
	    "replace(h.config, 'herne', 'waltrop'), version = w.version + 1 " +
	    "from stadtkern.tenant h where h.slug = 'herne' and " +
	    "w.slug = 'waltrop' returning w.version");
	assert.match(version, /^\d+$/);
	const added = world.cli("tenant", "add", "waltrop");
	assert.equal(added.status, 0, added.stderr);
	for (const slug of ["gladbeck", "waltrop"]) {
		const end = Date.now() + 10_000;
		while ((await app(slug)).status !== 200)
			assert.ok(Date.now() < end, `${slug} comes back`);
	}
});

describe("an answer that is kept", () => {
	test("has an entity tag, and is not sent again to whoever has it",
	    async () => {
		const first = await app("herne");
		const tag = first.headers.etag;
		assert.match(tag, /^"[\w-]{22}"$/);
		for (const held of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
			const again = await app("herne", { "if-none-match": held });
			assert.equal(again.status, 304, held);
			assert.equal(again.bytes.length, 0);
			assert.equal(again.headers.etag, tag);
		}
		const other = await app("herne", { "if-none-match": '"other"' });
		assert.equal(other.status, 200);
		assert.equal(other.text, first.text);
	});

	test("is a city's own: the tag of one is none of another's", async () => {
		const { headers } = await app("herne");
		const answer = await app("castrop-rauxel",
		    { "if-none-match": headers.etag });
		assert.equal(answer.status, 200);
		assert.equal(answer.json.slug, "castrop-rauxel");
	});

	test("says that it depends on the language, and must be asked for again",
	    async () => {
		const { headers } = await app("herne");
		assert.match(headers.vary, /accept-language/i);
		assert.equal(headers["cache-control"], "no-cache");
		assert.equal(headers["x-content-type-options"], "nosniff");
		assert.match(headers["content-security-policy"],
		    /default-src 'none'/);
	});

	test("answers HEAD like GET, without the body", async () => {
		for (const target of ["/api/v1/app", "/api/v1/boundary",
		    "/api/v1/defect-reporter/map.geojson"]) {
			const get = await world.public.request("GET", "herne", target);
			const head = await world.public.request("HEAD", "herne",
			    target);
			assert.equal(head.status, 200);
			assert.equal(head.bytes.length, 0);
			assert.equal(head.headers["content-length"],
			    String(get.bytes.length));
			assert.equal(head.headers.etag, get.headers.etag);
			assert.equal(head.headers["content-type"],
			    get.headers["content-type"]);
		}
	});
});

describe("the language", () => {
	const table = [
	    [undefined, "de"], ["", "de"], ["de", "de"], ["de-AT", "de"],
	    ["en", "en"], ["en-GB;q=0.8", "en"], ["EN", "en"],
	    ["fr", "de"], ["fr, en;q=0.5", "en"],
	    ["de;q=0.3, en;q=0.9", "en"], ["en;q=0.3, de;q=0.9", "de"],
	    ["en;q=0, de", "de"], ["*", "de"], [";;;,,,q=", "de"],
	    ["en;q=banana", null], [",".repeat(5000), "de"],
	];
	for (const [header, want] of table)
		test(`for ${JSON.stringify(header)?.slice(0, 40)} is ` +
		    `${want ?? "one of ours"}`, async () => {
			const answer = await world.public.request("GET", "herne",
			    "/api/v1/nothing-here", { headers: header === undefined ?
			    {} : { "accept-language": header } });
			refused(answer, 404, "not-found");
			const titles = { de: "Das gibt es hier nicht.",
			    en: "There is nothing here." };
			if (want)
				assert.equal(answer.json.title, titles[want]);
			else
				assert.ok(Object.values(titles)
				    .includes(answer.json.title));
		});

	test("of a kept answer is the caller's, in any order of calls",
	    async () => {
		const de = await app("herne", { "accept-language": "de" });
		const en = await app("herne", { "accept-language": "en" });
		assert.notEqual(de.headers.etag, en.headers.etag);
		for (const [language, want] of [["en", en], ["de", de]])
			assert.equal((await app("herne",
			    { "accept-language": language })).text, want.text);
	});
});

const sides = () => [
    ["public", world.public, "/api/v1/openapi.json"],
    ["office", world.office, "/office/api/v1/openapi.json"]];
const verbs = ["get", "post", "put", "patch", "delete"];

// A path with something in the place of each name that its description takes.
function real(path, item) {
	const schemas = new Map(verbs.flatMap((verb) => item[verb]?.parameters ?? [])
	    .filter((one) => one.in === "path")
	    .map(({ name, schema }) => [name, schema]));
	const some = ({ format, type, enum: values, minimum = 0 } = {}) =>
	    values?.[0] ?? (type === "integer" ? String(minimum) :
	    format === "date" ? "2026-12-01" : format === "uuid" ?
	    "00000000-0000-4000-8000-000000000000" : "a00000000");
	return path.replace(/\{(\w+)\}/g, (whole, name) =>
	    some(schemas.get(name)));
}

describe("the description of the interface", () => {
	test("is valid OpenAPI 3.1 on both sides", async () => {
		for (const [side, server, target] of sides()) {
			const answer = await server.request("GET", "herne", target);
			assert.equal(answer.status, 200, side);
			assert.match(answer.json.openapi, /^3\.1\./);
			const result = await new Validator().validate(answer.json);
			assert.ok(result.valid, JSON.stringify(result.errors));
		}
	});

	test("names only routes that exist, with exactly their methods",
	    async () => {
		for (const [side, server, target] of sides()) {
			const { json } = await server.request("GET", "herne", target);
			const paths = Object.entries(json.paths);
			assert.ok(paths.length >= 6, side);
			for (const [path, item] of paths) {
				const methods = Object.keys(item).filter((key) =>
				    verbs.includes(key)).map((key) => key.toUpperCase());
				assert.ok(methods.length > 0, path);
				const answer = await server.request("OPTIONS", "herne",
				    real(path, item));
				// A standard's errors are its own.
				if (path.startsWith("/open311/"))
					assert.equal(answer.status, 400, path);
				else
					refused(answer, 405, "method-not-allowed");
				const allowed = answer.headers.allow.split(", ");
				assert.deepEqual(allowed.sort(),
				    [...methods, ...(methods.includes("GET") ?
				    ["HEAD"] : [])].sort(), path);
			}
		}
	});

	test("names operations that answer as declared, and never fail",
	    async () => {
		for (const [, server, target] of sides()) {
			const { json } = await server.request("GET", "herne", target);
			for (const [path, item] of Object.entries(json.paths)) {
				for (const verb of verbs.filter((key) => item[key])) {
					const answer = await server.request(
					    verb.toUpperCase(), "herne", real(path, item),
					    item[verb].requestBody ? { body: {} } : {});
					assert.ok(item[verb].responses[answer.status],
					    `${verb} ${path}: ${answer.status} is declared`);
					if (!path.replace("{format}", "").includes("{"))
						assert.notEqual(answer.status, 404, path);
				}
			}
		}
	});

	test("keeps the office's routes off the public port, and the other way",
	    async () => {
		for (const [server, target] of [
		    [world.public, "/office/api/v1/session"],
		    [world.public, "/office/api/v1/openapi.json"],
		    [world.office, "/api/v1/app"],
		    [world.office, "/api/v1/defect-reporter/map.geojson"]])
			refused(await server.request("GET", "herne", target), 404,
			    "not-found");
	});
});

test("a method that a path does not have is refused with those it has",
    async () => {
	for (const [method, target, allow] of [
	    ["POST", "/api/v1/app", "GET, HEAD"],
	    ["PUT", "/api/v1/devices", "POST"],
	    ["PATCH", "/api/v1/account", "GET, HEAD, POST, DELETE"],
	    ["DELETE", "/api/v1/defect-reporter/reports", "GET, HEAD, POST"]]) {
		const answer = await world.public.request(method, "herne", target,
		    method === "DELETE" ? {} : { body: {} });
		refused(answer, 405, "method-not-allowed");
		assert.deepEqual(answer.headers.allow.split(", ").sort(),
		    allow.split(", ").sort(), target);
	}
});

describe("a path", () => {
	for (const target of ["/api", "/api/v1", "/api/v1/", "/api/v1/app/",
	    "//api/v1/app", "/api//v1/app", "/api/v1/../v1/app",
	    "/api/v1/%2e%2e/v1/app", "/api/v1/app%2f", "/api/v1/app%00",
	    "/api/v1/ap%zz", "/api/v1/app%ff", "/API/v1/app",
	    "/api/v1/app;x=1", "/api/v1/defect-reporter/reports/not-a-uuid",
	    "/api/v1/defect-reporter", "/api/v1/nothing"])
		test(`${target} names nothing`, async () => {
			const answer = await world.public.request("GET", "herne",
			    target);
			assert.ok([400, 404].includes(answer.status), answer.text);
		});

	test("may be written with percent signs", async () => {
		assert.equal((await world.public.request("GET", "herne",
		    "/api/v1/%61pp")).status, 200);
	});
});

test("an unknown query parameter is refused and the nearest named",
    async () => {
	const answer = await world.public.request("GET", "herne",
	    "/api/v1/defect-reporter/reports?statu=received");
	refused(answer, 422, "fields", [["/statu", "unknown"]]);
	assert.match(answer.json.errors[0].message, /„status“/);
});

test("liveness and readiness are told under any host", async () => {
	for (const server of [world.public, world.office]) {
		assert.equal((await request(server.port, "GET", "any",
		    "/livez")).status, 200);
		const ready = await request(server.port, "GET", "any", "/readyz");
		assert.deepEqual([ready.status, ready.json.ready,
		    ready.json.database], [200, true, true]);
	}
});

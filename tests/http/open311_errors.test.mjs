// SPDX-License-Identifier: EUPL-1.2
// Open311: who is asked, by whom, and what is refused: jurisdictions, keys and
// every parameter that is not as it should be, as lists in the format that was
// asked for.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CITY, inside, insertReport, multipart, newKey, read, refusedAs,
    SHARED, startOpen311, TEST, TYPES, V2 } from "./lib/open311.mjs";

const formats = ["json", "xml"];
let o, nobody, revoked, foreign, reader;
before(async () => {
	o = await startOpen311();
	foreign = newKey(o.world, "gladbeck", ["open311.requests"]);
	reader = newKey(o.world, CITY, ["reports.read", "open311.updates"]);
	revoked = newKey(o.world, CITY, ["open311.requests"], "Altes Portal");
	const line = o.world.cli("apikey", "list", CITY).stdout.split("\n")
	    .find((one) => one.endsWith("Altes Portal"));
	assert.match(line, /in force {2}defect-reporter\.open311\.requests/);
	const id = line.split(" ")[0];
	assert.equal(o.world.cli("apikey", "revoke", CITY, id).status, 0);
	nobody = "A".repeat(43);
}, { timeout: 120_000 });
after(() => o?.world.stop());

const fields = (more = {}) => ({ api_key: o.key, service_code: "green",
    ...inside, description: "Ein Ast.", ...more });
const count = () => Number(o.sql("select count(*) from " +
    "defect_reporter.report"));

for (const format of formats)
	describe(`jurisdiction_id, for ${format}`, () => {
		const ask = (id, host = CITY) => o.get(`${V2}/services.${format}` +
		    (id === undefined ? "" : `?jurisdiction_id=${id}`), { host });

		test("may be left out, empty, the host or the slug on the city's " +
		    "own host", async () => {
			for (const id of [undefined, "", "herne", "herne.localhost",
			    "app.herne.example", "HERNE.localhost"])
				assert.equal((await ask(id)).status, 200, id);
			for (const id of ["gladbeck", "gladbeck.localhost", "nirgends",
			    "herne.example", "..", "%00"])
				assert.ok([400, 404].includes((await ask(id)).status), id);
			refusedAs(await ask("gladbeck"), format, 404,
			    "jurisdiction_id");
		});

		test("chooses the city on the platform's host, and has to be " +
		    "there", async () => {
			for (const id of ["herne", "herne.localhost"])
				assert.match((await ask(id, SHARED)).text,
				    /Straßenschaden/);
			assert.doesNotMatch((await ask("gladbeck", SHARED)).text,
			    /Parks/);
			for (const id of [undefined, ""])
				refusedAs(await ask(id, SHARED), format, 400,
				    "jurisdiction_id was not provided");
			refusedAs(await ask("nirgends", SHARED), format, 404,
			    "jurisdiction_id was not found");
			assert.equal((await o.get("/api/v1/app", { host: SHARED }))
			    .status, 404, "nothing but the standard is there");
		});

		test("of a paused city is not found", async () => {
			assert.equal(o.world.cli("tenant", "pause", "waltrop").status,
			    0);
			for (let i = 0; i < 200 &&
			    (await ask("waltrop", SHARED)).status === 200; i++)
				await new Promise((done) => setTimeout(done, 20));
			refusedAs(await ask("waltrop", SHARED), format, 404);
			o.world.cli("tenant", "resume", "waltrop");
		});

		test("may be in the body of a POST", async () => {
			const post = (more, query = "") => o.post(
			    `${V2}/requests.${format}${query}`, fields(more),
			    { host: SHARED });
			for (const [more, query] of [[{ jurisdiction_id: "herne" }],
			    [{}, "?jurisdiction_id=herne"]])
				assert.equal((await post(more, query)).status, 200);
			refusedAs(await post({}), format, 400, "jurisdiction_id");
			refusedAs(await post({ jurisdiction_id: "nirgends" }), format,
			    404, "jurisdiction_id");
			refusedAs(await post({ jurisdiction_id: "gladbeck" }), format,
			    403, "api_key");
		});
	});

for (const format of formats)
	describe(`api_key, for ${format}`, () => {
		test("is taken from the query or from the body", async () => {
			const { api_key: key, ...others } = fields();
			assert.equal((await o.post(`${V2}/requests.${format}`,
			    { ...others, api_key: key })).status, 200);
			assert.equal((await o.post(`${V2}/requests.${format}` +
			    `?api_key=${key}`, others)).status, 200);
			const form = multipart(...Object.entries(fields()));
			assert.equal((await o.world.public.request("POST", CITY,
			    `${V2}/requests.${format}`, { body: form.body, headers:
			    { "content-type": form.type } })).status, 200);
		});

		for (const [what, key] of [["missing", () => undefined],
		    ["empty", () => ""], ["wrong", () => nobody],
		    ["revoked", () => revoked],
		    ["another city's", () => foreign],
		    ["without the right", () => reader],
		    ["of other bytes", () => "ü".repeat(400)]])
			test(`that is ${what} is 403, and nothing is taken`,
			    async () => {
				const was = count();
				const { api_key: _, ...form } = fields();
				if (key() !== undefined)
					form.api_key = key();
				for (const target of [V2, TEST])
					refusedAs(await o.post(
					    `${target}/requests.${format}`, form), format,
					    403, "api_key");
				assert.equal(count(), was);
			});

		test("that may send updates may not send reports, and the other " +
		    "way", async () => {
			const only = newKey(o.world, CITY, ["open311.requests"]);
			const say = (key) => o.post(
			    `${V2}/servicerequestupdates.${format}`, { api_key: key,
			    service_request_id: insertReport(o),
			    description: "Noch da." });
			refusedAs(await say(only), format, 403, "api_key");
			assert.equal((await say(reader)).status, 200);
		});
	});

for (const format of formats)
	describe(`what is not there is 404, for ${format}`, () => {
		const id = "00000000-0000-4000-8000-000000000000";
		for (const what of ["requests/4711", `requests/${id}`,
		    `tokens/${id}`, "tokens/4711", "services/nothing",
		    "services/4711", "services/Green", "nothing", "requests/",
		    `requests/${id}/more`, "discovery/x"])
			test(what, async () => refusedAs(
			    await o.get(`${V2}/${what}.${format}`), format, 404));

		test("a service to report to", async () => refusedAs(
		    await o.post(`${V2}/requests.${format}`, fields(
		    { service_code: "nothing" })), format, 404, "service_code"));
	});

test("what has no format, or one that there is not, is 404 in XML", async () => {
	for (const what of ["requests", "requests.csv", "requests.txt",
	    "services.", "services", "requests.json.xml.txt", "bulk.html"])
		refusedAs(await o.get(`${V2}/${what}`), "xml", 404);
	assert.equal((await o.get("/open311/v3/services.json")).status, 404);
	assert.equal((await o.get("/open311")).status, 404);
});

for (const format of formats)
	describe(`a question that is wrong is 400, for ${format}`, () => {
		for (const [target, query, word] of [
		    ...["start_date", "end_date", "updated_after",
			"updated_before"].flatMap((name) => ["gestern", "2026-13-01",
			"2026-02-30", "2026-11-20T25:00:00Z", "1795000000",
			"2026-11-20T08:30:00%2B99:99"].map((time) =>
			["requests", `${name}=${time}`, name])),
		    ["requests", "start_date=2026-11-20&end_date=2026-11-10",
			"end_date"],
		    ["requests", "updated_after=2026-11-20&updated_before=" +
			"2026-11-10", "updated_before"],
		    ["requests", "status=done", "status"],
		    ["requests", "status=open,", "status"],
		    ["requests", "service_code=%3Cb%3E", "service_code"],
		    ["requests", `service_code=${"a".repeat(4001)}`,
			"service_code"],
		    ["requests", "page=0", "page"],
		    ["requests", "page=-1", "page"],
		    ["requests", "page=eins", "page"],
		    ["requests", "page=100001", "page"],
		    ["requests", "page_size=0", "page_size"],
		    ["requests", "page_size=1001", "page_size"],
		    ["requests", "bbox=1,2,3", "bbox"],
		    ["requests", "bbox=7.3,51.6,7.2,51.5", "bbox"],
		    ["requests", "bbox=a,b,c,d", "bbox"],
		    ["requests", `q=${"x".repeat(201)}`, "q"],
		    ["requests", "extensions=maybe", "extensions"],
		    ["requests", "status=open&status=closed", "status"],
		    ["servicerequestupdates", "start_date=x", "start_date"],
		    ["servicerequestupdates", "end_date=x", "end_date"],
		    ["servicerequestupdates", "page_size=1001", "page_size"],
		    ["bulk", "start_date=x", "start_date"],
		    ["bulk", "page_size=10001", "page_size"]])
			test(`${target} with ${query.slice(0, 60)}`, async () =>
			    refusedAs(await o.get(`${V2}/${target}.${format}?${query}`),
			    format, 400, word));

		test("with all that is wrong at once", async () => {
			const list = refusedAs(await o.get(`${V2}/requests.${format}` +
			    "?start_date=x&status=y&page=z&bbox=1"), format, 400,
			    "start_date", "status", "page", "bbox");
			assert.equal(list.length, 4);
		});

		test("with bytes that are no text", async () => {
			for (const query of ["q=%ff", "q=%00", "q=%zz", "q=a%0ab"])
				refusedAs(await o.get(
				    `${V2}/requests.${format}?${query}`), format, 400);
		});
	});

for (const format of formats)
	describe(`a report that is wrong is 400, for ${format}`, () => {
		const refuse = async (more, ...words) => {
			const was = count();
			for (const target of [V2, TEST])
				refusedAs(await o.post(`${target}/requests.${format}`,
				    typeof more === "string" ? more : fields(more)), format,
				    400, ...words);
			assert.equal(count(), was);
		};

		for (const [what, more, ...words] of [
		    ["without a service", { service_code: "" },
			"service_code is required"],
		    ["without a place", { lat: "", long: "" }, "lat", "required",
			"address_string", "address_id"],
		    ["with half a position", { long: "" }, "long is required"],
		    ["with the other half", { lat: "" }, "lat is required"],
		    ["with half a position and an address", { lat: "",
			address_string: "Markt 1" }, "lat is required"],
		    ["with a position that is none", { lat: "oben", long: "91x" },
			"lat", "long"],
		    ["beyond the earth", { lat: "91", long: "181" }, "lat",
			"long"],
		    ["with a decimal comma", { lat: "51,5426" }, "lat"],
		    ["with no number", { lat: "NaN", long: "Infinity" }, "lat",
			"long"],
		    ["outside of the city", { lat: "52.52", long: "13.405" }],
		    ["in the city next door", { lat: "51.5713", long: "6.9827" },
			"Gladbeck"],
		    ["with latitude and longitude swapped", { lat: "7.219",
			long: "51.5426" }],
		    ["with a bad address of mail", { email: "nirgends" },
			"email"],
		    ["with a bad number", { phone: "ruf an" }, "phone"],
		    ["with a name of two lines", { first_name: "a\nb" },
			"first_name"],
		    ["with a name that is too long", { last_name:
			"x".repeat(101) }, "last_name"],
		    ["with a link that is none", { media_url: "ftp://a/b" },
			"media_url"],
		    ["with too much text", { description: "x".repeat(4001) },
			"description"],
		    ["with too long an address", { address_string:
			"x".repeat(501) }, "address_string"],
		    ["with a control character", { description: "a\u0007b" },
			"description"]])
			test(what, () => refuse(more, ...words));

		test("with all that is wrong at once", async () => {
			const list = refusedAs(await o.post(`${V2}/requests.${format}`,
			    fields({ service_code: "pothole", lat: "x", email: "y",
			    phone: "z", media_url: "w" })), format, 400, "lat",
			    "email", "phone", "media_url",
			    "attribute[where] is required");
			assert.equal(list.length, 5);
		});

		test("as something else than a form", async () => {
			const send = (body, type) => o.world.public.request("POST",
			    CITY, `${V2}/requests.${format}?api_key=${o.key}`,
			    { body, headers: { "content-type": type } });
			for (const [body, type] of [
			    [JSON.stringify(fields()), "application/json"],
			    ["<request/>", "text/xml"],
			    ["x", "multipart/form-data"],
			    ["--a\r\n", "multipart/form-data; boundary=a"],
			    ["lat=%zz", "application/x-www-form-urlencoded"],
			    ["description=%ff", "application/x-www-form-urlencoded"],
			    ["lat=1&lat=2&long=3&service_code=green",
				"application/x-www-form-urlencoded"]])
				refusedAs(await send(body, type), format, 400);
			refusedAs(await send("", "application/x-www-form-urlencoded"),
			    format, 400, "service_code is required");
		});

		test("that is too large", async () => {
			const long = (count) => `api_key=${o.key}&x=` +
			    "x".repeat(count);
			refusedAs(await o.post(`${V2}/servicerequestupdates.${format}`,
			    long(70_000)), format, 400);
			const answer = await o.post(`${V2}/requests.${format}`,
			    long(11 << 20));
			assert.equal(answer.status, 413, "refused as HTTP");
		});
	});

test("a method that is none of the path's is 400, with those it has",
    async () => {
	for (const [method, what, allowed] of [["PUT", "requests", "GET, HEAD, " +
	    "POST"], ["DELETE", "services", "GET, HEAD"], ["OPTIONS", "discovery",
	    "GET, HEAD"]])
		for (const format of formats) {
			const answer = await o.get(`${V2}/${what}.${format}`,
			    { method });
			refusedAs(answer, format, 400);
			assert.equal(answer.headers.allow, allowed);
		}
});

test("an error is for any site to read, and is not kept", async () => {
	for (const format of formats) {
		const answer = await o.get(`${V2}/requests/4711.${format}`);
		assert.equal(answer.headers["access-control-allow-origin"], "*");
		assert.equal(answer.headers["cache-control"], "no-store");
		assert.equal(answer.headers["content-type"], TYPES[format]);
		assert.equal(read(answer, format).value.length, 1);
		assert.equal((await o.get(`${V2}/requests/4711.${format}`,
		    { method: "HEAD" })).status, 404);
	}
});

describe("the command line", () => {
	const cli = (...args) => o.world.cli("apikey", ...args);
	const right = ["--right", "defect-reporter.open311.requests"];

	test("shows a key once and keeps none", async () => {
		const key = newKey(o.world, CITY, ["open311.requests"], "Einmal");
		assert.ok(!cli("list", CITY).stdout.includes(key));
		const kept = o.sql("select row_to_json(k)::text from " +
		    "stadtkern.api_key k");
		assert.ok(!kept.includes(key));
		assert.doesNotMatch(cli("list", "gladbeck").stdout, /Einmal/);
	});

	for (const [what, ...args] of [
	    ["an unknown right", "add", CITY, "--name", "x", "--right",
		"defect-reporter.open311"],
	    ["everything", "add", CITY, "--name", "x", "--right", "*"],
	    ["no name", "add", CITY, ...right],
	    ["a name of two lines", "add", CITY, "--name", "a\nb", ...right],
	    ["no right", "add", CITY, "--name", "x"],
	    ["an unknown city", "add", "nirgends", "--name", "x", ...right],
	    ["a list of an unknown city", "list", "nirgends"],
	    ["an id that is none", "revoke", CITY, "x"],
	    ["an id that there is not", "revoke", CITY,
		"00000000-0000-4000-8000-000000000000"]])
		test(`refuses ${what}`, () => {
			const was = o.sql("select count(*) from stadtkern.api_key");
			const { status, stdout, stderr } = cli(...args);
			assert.ok(status === 1 || status === 2, String(status));
			assert.equal(stdout, "");
			assert.ok(stderr.length > 10);
			assert.equal(o.sql("select count(*) from stadtkern.api_key"),
			    was);
		});

	test("revokes only the city's own, and once", () => {
		newKey(o.world, CITY, ["open311.requests"], "Kurz");
		const id = cli("list", CITY).stdout.split("\n").find((line) =>
		    line.endsWith("Kurz")).split(" ")[0];
		assert.notEqual(cli("revoke", "gladbeck", id).status, 0);
		assert.equal(cli("revoke", CITY, id).status, 0);
		assert.notEqual(cli("revoke", CITY, id).status, 0);
		assert.match(cli("list", CITY).stdout, new RegExp(
		    `${id} .*revoked`));
	});
});

// SPDX-License-Identifier: EUPL-1.2
// What is wrong is refused, all of it at once, in words of the caller's
// language, and leaves nothing behind in any table.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { aReport, cities, officeReports, picture, refused, release, reports,
    sendPhoto, sendReport, tables } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, top } from "./lib/server.mjs";

let world, device, other, staff, report;
before(async () => {
	world = await startWorld({ public: true, office: true,
	    env: { STADTKERN_LIMITS: "0" } });
	device = await newDevice(world.public, "herne");
	other = await newDevice(world.public, "herne");
	staff = await newStaff(world, "herne", "amt@example.org", "admin");
	report = await sendReport(device, aReport());
}, { timeout: 120_000 });
after(() => world.stop());

// Sends, expects the refusal, and that no table has changed.
async function leavesNothing(action) {
	const was = tables(world);
	const answer = await action();
	assert.deepEqual(tables(world), was, "no table has changed");
	return answer;
}

const send = (body, headers = {}) => device.request("POST", reports,
    { body: typeof body === "string" || Buffer.isBuffer(body) ? body :
    JSON.stringify(body), headers });

describe("a body that is no JSON object", () => {
	const good = JSON.stringify(aReport());
	const deep = (n) => `{"answers":${"[".repeat(n)}${"]".repeat(n)}}`;
	const table = [
	    ["empty text", "", 422, "fields", [["/category", "required"],
		["/position", "required"], ["/text", "required"]]],
	    ["cut off", good.slice(0, -1), 400, "json-malformed", "syntax"],
	    ["with something behind it", `${good}x`, 400, "json-malformed",
		"syntax"],
	    ["two objects", good + good, 400, "json-malformed", "syntax"],
	    ["single quotes", good.replaceAll('"', "'"), 400,
		"json-malformed", "syntax"],
	    ["a comment", `/* */${good}`, 400, "json-malformed", "syntax"],
	    ["a trailing comma", `${good.slice(0, -1)},}`, 400,
		"json-malformed", "syntax"],
	    ["NaN", '{"position":{"lat":NaN,"lon":7}}', 400,
		"json-malformed", "syntax"],
	    ["Infinity", '{"position":{"lat":Infinity,"lon":7}}', 400,
		"json-malformed", "syntax"],
	    ["a leading zero", '{"position":{"lat":051.5,"lon":7}}', 400,
		"json-malformed", "syntax"],
	    ["a byte order mark", `\ufeff${good}`, 400, "json-malformed"],
	    ["UTF-16", Buffer.from(good, "utf16le"), 400, "json-malformed"],
	    ["a form", "category=green&text=hello", 400, "json-malformed",
		"syntax"],
	    ["only blanks", " \n\t", 400, "json-malformed", "syntax"],
	    ["NUL bytes", Buffer.alloc(20), 400, "json-malformed"],
	    ["a doubled key", '{"category":"green","category":"litter"}', 400,
		"json-malformed", "duplicate"],
	    ["a doubled key further in",
		'{"position":{"lat":51,"lat":52,"lon":7}}', 400,
		"json-malformed", "duplicate"],
	    ["a doubled key, once escaped",
		'{"text":"long enough text","te\\u0078t":"something else"}', 400,
		"json-malformed", "duplicate"],
	    ["invalid UTF-8", Buffer.concat([Buffer.from('{"text":"'),
		Buffer.from([0xc3, 0x28]), Buffer.from('"}')]), 400,
		"json-malformed", "encoding"],
	    ["an overlong form", Buffer.concat([Buffer.from('{"text":"'),
		Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]), 400,
		"json-malformed", "encoding"],
	    ["a UTF-8 surrogate", Buffer.concat([Buffer.from('{"text":"'),
		Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]), 400,
		"json-malformed", "encoding"],
	    ["a lone escaped surrogate", '{"text":"\\ud800 and more text"}',
		400, "json-malformed"],
	    ["an escaped NUL", '{"text":"a\\u0000b and more text"}', 400,
		"json-malformed", "control-character"],
	    ["a raw line break in a text", '{"text":"a\nb and more text"}', 400,
		"json-malformed"],
	    ["a number beyond 64 bits",
		'{"position":{"lat":99999999999999999999,"lon":7}}', 400,
		"json-malformed", "too-large"],
	    ["a number beyond doubles",
		'{"position":{"lat":1e400,"lon":7}}', 400, "json-malformed",
		"too-large"],
	    ["nested 100 deep", deep(100), 400, "json-malformed", "depth"],
	    ["nested 30,000 deep", deep(30_000), 400, "json-malformed",
		"depth"],
	    ["a list", "[]", 422, "fields", [["", "type"]]],
	    ["a text", '"green"', 422, "fields", [["", "type"]]],
	    ["a number", "7", 422, "fields", [["", "type"]]],
	    ["null", "null", 422, "fields"],
	];
	for (const [name, body, status, code, errors] of table)
		test(`is refused: ${name}`, async () => {
			const answer = await leavesNothing(() => send(body));
			refused(answer, status, code,
			    Array.isArray(errors) ? errors : undefined);
			if (typeof errors === "string")
				assert.deepEqual(answer.json.errors.map((error) =>
				    error.code), [errors], answer.text);
		});

	test("is told where it breaks, without repeating what it held",
	    async () => {
		const answer = await send('{"text":"ein Geheimnis",\n "a" 1}',
		    { "accept-language": "de" });
		refused(answer, 400, "json-malformed");
		assert.match(answer.json.errors[0].message, /Zeile 2, Zeichen \d+/);
		assert.doesNotMatch(answer.text, /Geheimnis/);
	});
});

describe("a report with one thing wrong", () => {
	const at = (lat, lon) => ({ position: { lat, lon } });
	const { lat, lon } = cities.herne;
	const emoji = "\u{1f573}";
	const table = [
	    ["no category", { category: undefined }, [["/category", "required"]]],
	    ["category null", { category: null }, [["/category", "required"]]],
	    ["category a number", { category: 7 }, [["/category", "type"]]],
	    ["category empty", { category: "" }, [["/category", "too-short"]]],
	    ["category in capitals", { category: "GREEN" },
		[["/category", "format"]]],
	    ["another city's category", { category: "farm-track" },
		[["/category", "choice"]]],
	    ["category with SQL", { category: "green'; drop table report" },
		[["/category", "format"]]],
	    ["no position", { position: undefined }, [["/position", "required"]]],
	    ["position a list", { position: [lat, lon] },
		[["/position", "type"]]],
	    ["position a text", { position: `${lat},${lon}` },
		[["/position", "type"]]],
	    ["position empty", { position: {} }, [["/position/lat", "required"],
		["/position/lon", "required"]]],
	    ["latitude a text", { position: { lat: String(lat), lon } },
		[["/position/lat", "type"]]],
	    ["latitude true", { position: { lat: true, lon } },
		[["/position/lat", "type"]]],
	    ["latitude null", { position: { lat: null, lon } },
		[["/position/lat", "required"]]],
	    ["latitude 90.01", at(90.01, lon), [["/position/lat", "too-large"]]],
	    ["latitude −90.01", at(-90.01, lon),
		[["/position/lat", "too-small"]]],
	    ["longitude 180.5", at(lat, 180.5), [["/position/lon", "too-large"]]],
	    ["longitude −181", at(lat, -181), [["/position/lon", "too-small"]]],
	    ["longitude 1e300", at(lat, 1e300), [["/position/lon", "too-large"]]],
	    ["a height too", { position: { lat, lon, alt: 80 } },
		[["/position/alt", "unknown"]]],
	    ["“lng” for “lon”", { position: { lat, lng: lon } },
		[["/position/lng", "unknown"], ["/position/lon", "required"]]],
	    ["no text", { text: undefined }, [["/text", "required"]]],
	    ["text of 9 characters", { text: "x".repeat(9) },
		[["/text", "too-short"]]],
	    ["text of 9 characters that are 36 bytes",
		{ text: emoji.repeat(9) }, [["/text", "too-short"]]],
	    ["text of 4,001 characters", { text: "x".repeat(4001) },
		[["/text", "too-long"]]],
	    ["text of 4,001 characters that are 16,004 bytes",
		{ text: emoji.repeat(4001) }, [["/text", "too-long"]]],
	    ["text a number", { text: 1234567890123 }, [["/text", "type"]]],
	    ["text a list", { text: ["a", "b"] }, [["/text", "type"]]],
	    ["text with an escape character", { text: "red \u001b[31m alert" },
		[["/text", "control-character"]]],
	    ["text with DEL", { text: "something \u007f deleted" },
		[["/text", "control-character"]]],
	    ["text with a C1 control", { text: "something \u0085 odd" },
		[["/text", "control-character"]]],
	    ["consent a text", { consent_forward: "true" },
		[["/consent_forward", "type"]]],
	    ["consent 1", { consent_forward: 1 }, [["/consent_forward", "type"]]],
	    ["an unknown field", { catgeory: "green" },
		[["/catgeory", "unknown"]]],
	    ["a computed field", { initial: "done" }, [["/initial", "unknown"]]],
	    ["the tenant", { tenant_id: 2 }, [["/tenant_id", "unknown"]]],
	    ["a key to escape in a pointer", { "a/b~c": 1 },
		[["/a~1b~0c", "unknown"]]],
	    ["__proto__", JSON.stringify(aReport()).replace("{",
		'{"__proto__":{"x":1},'), [["/__proto__", "unknown"]]],
	    ["contact a text", { contact: "0209 1234" }, [["/contact", "type"]]],
	    ["contact with a bad address", { contact: { email: "nobody" } },
		[["/contact/email", "format"]]],
	    ["contact with a line break in the address",
		{ contact: { email: "a@example.org\nbcc: b@example.org" } },
		[["/contact/email", "control-character"]]],
	    ["contact with an unknown field", { contact: { fax: "1" } },
		[["/contact/fax", "unknown"]]],
	    ["answers a list", { answers: [1] }, [["/answers", "type"]]],
	    ["an answer to no question", { answers: { colour: "red" } },
		[["/answers/colour", "unknown"]]],
	    ["a required answer missing", { category: "traffic-light" },
		[["/answers/fault", "required"]]],
	    ["an answer that is no choice", { category: "traffic-light",
		answers: { fault: "explodiert" } }, [["/answers/fault", "choice"]]],
	    ["an answer of another kind", { category: "pothole",
		answers: { diameter: "groß" } }, [["/answers/diameter", "type"]]],
	    ["another category's answer", { category: "pothole",
		answers: { sort: "Hausmüll" } }, [["/answers/sort", "unknown"]]],
	];
	for (const [name, changes, errors] of table)
		test(`is refused: ${name}`, async () => {
			const body = typeof changes === "string" ? changes :
			    { ...aReport(), ...changes };
			refused(await leavesNothing(() => send(body)), 422, "fields",
			    errors);
		});

	test("is refused where the city allows less text than the plugin",
	    async () => {
		const there = await newDevice(world.public, "waltrop");
		world.sql("with t as (select id from tenant where slug = " +
		    "'waltrop'), a as (insert into account (tenant_id, " +
		    "address_hash) select id, decode(repeat('ab', 32), 'hex') " +
		    "from t returning id) update device set account_id = a.id " +
		    `from a where device.id = '${there.id}'`);
		refused(await there.request("POST", reports, { body:
		    aReport("waltrop", { text: "x".repeat(2001) }) }), 422, "fields",
		    [["/text", "too-long"]]);
	});
});

test("what is just within the bounds is taken", async () => {
	for (const changes of [{ text: "x".repeat(10) },
	    { text: "\u{1f573}".repeat(4000) }, { text: "\u{1f573}".repeat(10) },
	    { text: "Zeile eins\nZeile zwei\tTab" },
	    { text: "e\u0301\u200d\u{1f468}\u200d\u{1f469}\u200d\u{1f467} ok!" },
	    { contact: null }, { contact: {} }, { answers: {} },
	    { answers: null }, { consent_forward: null },
	    { category: "pothole", answers: { diameter: 40 } },
	    { category: "pothole", answers: { diameter: 40.5 } }])
		assert.equal((await send({ ...aReport(), ...changes })).status,
		    201, JSON.stringify(changes).slice(0, 60));
});

describe("several errors at once", () => {
	const body = { category: "GREEN", position: { lat: 91, lon: "7", x: 1 },
	    text: "kurz", txet: "", consent_forward: "ja",
	    contact: { email: "x", name: 5 } };
	const errors = [["/category", "format"], ["/position/lat", "too-large"],
	    ["/position/lon", "type"], ["/position/x", "unknown"],
	    ["/text", "too-short"], ["/txet", "unknown"],
	    ["/consent_forward", "type"], ["/contact/email", "format"],
	    ["/contact/name", "type"]];
	test("are all told, each with its pointer", async () => {
		refused(await leavesNothing(() => send(body)), 422, "fields",
		    errors);
	});

	test("are told in the caller's language", async () => {
		const words = {};
		for (const language of ["de", "en"]) {
			const { json } = await send(body,
			    { "accept-language": language });
			words[language] = Object.fromEntries(json.errors.map((error) =>
			    [error.pointer, error.message]));
			words[language].title = json.title;
		}
		assert.deepEqual(words.de, {
			title: "Bitte prüfen Sie Ihre Angaben.",
			"/category": "hat nicht die erwartete Form: Kleinbuchstaben, " +
			    "Ziffern und Bindestriche, am Anfang ein Buchstabe",
			"/position/lat": "ist zu groß, höchstens 90",
			"/position/lon": "hat den falschen Typ, erwartet wird " +
			    "eine Zahl",
			"/position/x": "ist hier nicht bekannt",
			"/text": "ist zu kurz, nötig sind mindestens 10 Zeichen",
			"/txet": "ist hier nicht bekannt, gemeint ist vielleicht " +
			    "„text“",
			"/consent_forward": "hat den falschen Typ, erwartet wird " +
			    "true oder false",
			"/contact/email": "hat nicht die erwartete Form: eine " +
			    "E-Mail-Adresse wie name@example.org",
			"/contact/name": "hat den falschen Typ, erwartet wird " +
			    "ein Text",
		});
		assert.deepEqual(words.en, {
			title: "Please check what you entered.",
			"/category": "does not have the expected form: lower-case " +
			    "letters, digits and hyphens, beginning with a letter",
			"/position/lat": "is too large, at most 90",
			"/position/lon": "has the wrong type, expected is a number",
			"/position/x": "is not known here",
			"/text": "is too short, least number of characters: 10",
			"/txet": 'is not known here, perhaps "text" is meant',
			"/consent_forward": "has the wrong type, expected is true " +
			    "or false",
			"/contact/email": "does not have the expected form: an " +
			    "e-mail address such as name@example.org",
			"/contact/name": "has the wrong type, expected is a text",
		});
	});

	test("are a hundred at most, however many there are", async () => {
		const many = Object.fromEntries(Array.from({ length: 3000 },
		    (_, i) => [`key${i}`, i]));
		const answer = await send(many);
		assert.equal(answer.status, 422);
		assert.equal(answer.json.errors.length, 100);
	});
});

describe("a body", () => {
	test("larger than the route takes is refused", async () => {
		refused(await leavesNothing(() => send(JSON.stringify({
		    ...aReport(), text: "x".repeat(70_000) }))), 413, "too-large");
	});

	test("larger than any route takes is refused before it was sent",
	    async () => {
		const answer = await leavesNothing(() =>
		    send(Buffer.alloc(12 << 20, 0x20)).catch((error) => error));
		// The answer may be lost when the connection closes early.
		if (!(answer instanceof Error))
			assert.equal(answer.status, 413);
		else
			assert.match(answer.code, /^(ECONNRESET|EPIPE)$/);
	});

	for (const type of ["text/plain", "application/x-www-form-urlencoded",
	    "multipart/form-data; boundary=x", "application/jsonx",
	    "image/jpeg", "application/json, text/plain", ""])
		test(`of type "${type}" is refused`, async () => {
			refused(await leavesNothing(() => send(aReport(),
			    { "content-type": type })), 415, "media-type");
		});

	for (const type of ["application/json; charset=utf-8",
	    "Application/JSON", "application/json;charset=UTF-8"])
		test(`of type "${type}" is read`, async () => {
			assert.equal((await send(aReport(),
			    { "content-type": type })).status, 201);
		});

	test("where none is expected is refused", async () => {
		const target = `${officeReports}/${report.id}/photos/` +
		    `${report.id}/release`;
		refused(await leavesNothing(() => staff.request("POST", target,
		    { body: {} })), 400, "body-unexpected");
	});
});

describe("a position outside the city", () => {
	const { cases } = JSON.parse(fs.readFileSync(path.join(top,
	    "tests/fixtures/geo/point_in_municipality.json")));
	for (const one of cases) {
		const where = one.expect_name;
		if (where === "Herne")
			continue;
		test(`is refused and named: ${one.label} lies in ` +
		    `${where ?? "no municipality that is known"}`, async () => {
			const answer = await leavesNothing(() => send(aReport("herne",
			    { position: { lat: one.lat, lon: one.lon } })));
			refused(answer, 422, "outside-city");
			assert.equal(answer.json.city, where);
			if (where)
				assert.match(answer.json.title, new RegExp(where));
		});
	}

	test("is inside for the city that it lies in", async () => {
		let count = 0;
		for (const [slug, city] of Object.entries(cities)) {
			const there = await newDevice(world.public, slug);
			for (const one of cases.filter((candidate) =>
			    candidate.expect_ags === city.ags)) {
				const answer = await there.request("POST", reports,
				    { body: aReport(slug, { position:
				    { lat: one.lat, lon: one.lon } }) });
				if (slug === "waltrop")
					refused(answer, 403, "account-required");
				else
					assert.equal(answer.status, 201, answer.text);
				count++;
			}
		}
		assert.equal(count, 7);
	});

	test("but inside when latitude and longitude are swapped is told so",
	    async () => {
		const { lat, lon } = cities.herne;
		const answer = await leavesNothing(() => send(aReport("herne",
		    { position: { lat: lon, lon: lat } })));
		refused(answer, 422, "position-swapped");
	});

	for (const [lat, lon] of [[0, 0], [90, 180], [-90, -180], [51.54, -7.22],
	    [5e-324, 7.2]])
		test(`is refused far away: ${lat}, ${lon}`, async () => {
			refused(await leavesNothing(() => send(aReport("herne",
			    { position: { lat, lon } }))), 422, "outside-city");
		});
});

describe("a query", () => {
	const list = (query) => world.public.request("GET", "herne",
	    `${reports}?${query}`);
	const table = [
	    ["limit=0", [["/limit", "too-small"]]],
	    ["limit=101", [["/limit", "too-large"]]],
	    ["limit=ten", [["/limit", "type"]]],
	    ["limit=1e1", [["/limit", "type"]]],
	    ["limit=5&limit=6", [["/limit", "duplicate"]]],
	    ["limit=-1&cursor=!!&bbox=1,2,3&status=A", [["/limit", "too-small"],
		["/cursor", "format"], ["/bbox", "format"], ["/status", "format"]]],
	    ["cursor=AAAA", [["/cursor", "format"]]],
	    ["bbox=8,51,7,52", [["/bbox", "format"]]],
	    ["bbox=7,51,8,95", [["/bbox", "format"]]],
	    ["bbox=7,51,8,nan", [["/bbox", "format"]]],
	    ["since=yesterday", [["/since", "format"]]],
	    ["since=2026-02-30T10:00:00Z", [["/since", "format"]]],
	    ["status=received,,done", [["/status", "format"]]],
	    ["category=green'--", [["/category", "format"]]],
	    ["Limit=5", [["/Limit", "unknown"]]],
	];
	for (const [query, errors] of table)
		test(`is refused: ${query}`, async () => {
			refused(await list(query), 422, "fields", errors);
		});

	for (const query of ["limit=%zz", "limit=%0", "%ff=1", "status=%00"])
		test(`is refused: ${query}`, async () => {
			const answer = await list(query);
			assert.ok([400, 422].includes(answer.status), answer.text);
			assert.match(answer.json.code, /^(query-malformed|fields)$/);
		});

	test("with a cursor that was changed or is another list's is refused",
	    async () => {
		for (let i = 0; i < 2; i++)
			await release(staff, (await sendReport(device,
			    aReport("herne", {}, i))).id);
		const { json } = await list("limit=1");
		assert.ok(json.next);
		assert.equal((await list(`limit=1&cursor=${json.next}`)).status, 200);
		const last = json.next.at(-1) === "A" ? "B" : "A";
		refused(await list(`cursor=${json.next.slice(0, -1)}${last}`), 422,
		    "fields", [["/cursor", "format"]]);
		refused(await device.request("GET",
		    `${reports}/mine?cursor=${json.next}`), 422, "fields",
		    [["/cursor", "format"]]);
	});

	test("of a position nearby needs one", async () => {
		refused(await world.public.request("GET", "herne",
		    `${reports}/nearby?metres=501`), 422, "fields",
		    [["/lat", "required"], ["/lon", "required"],
		    ["/metres", "too-large"]]);
	});
});

describe("an Idempotency-Key", () => {
	for (const key of ["short", "x".repeat(129), "with blank", "ümlaut-key"])
		test(`of ${key.length} characters, "${key.slice(0, 12)}", ` +
		    "is refused", async () => {
			refused(await leavesNothing(() => send(aReport(),
			    { "idempotency-key": Buffer.from(key).toString("latin1") })),
			    400, "idempotency-key");
		});
});

describe("a device token", () => {
	const token = "A".repeat(43);
	for (const [name, value] of [["none", undefined], ["empty", ""],
	    ["another scheme", `Basic ${token}`], ["unknown", `Bearer ${token}`],
	    ["too short", "Bearer abc"], ["too long", `Bearer ${token}A`],
	    ["of forbidden letters", `Bearer ${"%".repeat(43)}`],
	    ["as a cookie", undefined]])
		test(`${name} is refused`, async () => {
			const answer = await leavesNothing(() =>
			    world.public.request("POST", "herne", reports,
			    { body: aReport(), headers: { ...(value === undefined ?
			    {} : { authorization: value }),
			    cookie: `token=${device.token}` } }));
			refused(answer, 401, "device-unknown");
			assert.equal(answer.headers["www-authenticate"], "Bearer");
		});
});

describe("a photo", () => {
	const table = [
	    ["page.jpg", 415, "not-an-image"], ["small.gif", 415, "not-an-image"],
	    ["truncated.jpg", 422, "truncated"],
	    ["truncated.png", 422, "truncated"],
	    ["truncated.webp", 422, "truncated"],
	    ["checksum.png", 422, "damaged"],
	    ["critical-unknown.png", 422, "damaged"],
	    ["bomb.jpg", 422, "too-many-pixels"],
	    ["bomb.png", 422, "too-many-pixels"],
	    ["bomb.webp", 422, "too-many-pixels"],
	    ["zip-behind.jpg", 422, "trailing-data"],
	    ["zip-behind.png", 422, "trailing-data"],
	    ["text-behind.jpg", 422, "trailing-data"],
	    ["page-in-comment.jpg", 422, "trailing-data"],
	    ["page-in-text.png", 422, "trailing-data"],
	];
	for (const [name, status, code] of table)
		test(`is refused: ${name}`, async () => {
			refused(await leavesNothing(() => sendPhoto(device, report.id,
			    picture(name))), status, code);
		});

	test("is refused when there is nothing in it", async () => {
		const answer = await leavesNothing(() => sendPhoto(device,
		    report.id, Buffer.alloc(0)));
		assert.ok([415, 422].includes(answer.status), answer.text);
	});

	test("is refused above 10 MiB", async () => {
		const large = Buffer.alloc((10 << 20) + 1);
		picture("plain.jpg").copy(large);
		refused(await leavesNothing(() => sendPhoto(device, report.id,
		    large)), 413, "too-large");
	});

	test("is taken at 10 MiB to the byte", async () => {
		const own = await sendReport(device, aReport());
		const largest = Buffer.alloc(10 << 20);
		picture("plain.jpg").copy(largest);
		const answer = await sendPhoto(device, own.id, largest);
		assert.equal(answer.status, 201, answer.text);
	});

	for (const type of ["application/json", "image/gif", "image/svg+xml",
	    "text/html", "multipart/form-data; boundary=x"])
		test(`is refused as ${type}`, async () => {
			refused(await leavesNothing(() => sendPhoto(device, report.id,
			    picture("plain.jpg"), type)), 415, "media-type");
		});

	test("for somebody else's report is refused as if there were none",
	    async () => {
		refused(await leavesNothing(() => sendPhoto(other, report.id,
		    picture("plain.jpg"))), 404, "not-found");
		await release(staff, report.id);
		refused(await leavesNothing(() => sendPhoto(other, report.id,
		    picture("plain.jpg"))), 403, "not-own-report");
	});

	test("for no report is refused", async () => {
		refused(await leavesNothing(() => sendPhoto(device, world.sql(
		    "select gen_random_uuid()"), picture("plain.jpg"))), 404,
		    "not-found");
	});

	test("is refused when it is the sixth, even of six at once",
	    async () => {
		const mine = await sendReport(device, aReport());
		const answers = await Promise.all(Array.from({ length: 6 }, () =>
		    sendPhoto(device, mine.id, picture("plain.jpg"))));
		assert.deepEqual(answers.map((answer) => answer.status).sort(),
		    [201, 201, 201, 201, 201, 409]);
		const sixth = await leavesNothing(() => sendPhoto(device, mine.id,
		    picture("rgb.png"), "image/png"));
		refused(sixth, 409, "too-many-photos");
		assert.equal(sixth.json.max, 5);
		assert.match(sixth.json.title, /\b5\b/);
	});

	test("is refused once the report is closed", async () => {
		const mine = await sendReport(device, aReport());
		for (const status of ["assigned", "in-progress", "done"])
			assert.equal((await staff.request("POST",
			    `${officeReports}/${mine.id}/status`,
			    { body: { status } })).status, 200);
		refused(await leavesNothing(() => sendPhoto(device, mine.id,
		    picture("plain.jpg"))), 409, "report-closed");
	});
});

describe("the office's input", () => {
	const post = (what, body) => leavesNothing(() => staff.request("POST",
	    `${officeReports}/${report.id}/${what}`, { body }));
	const table = [
	    ["status", {}, [["/status", "required"]]],
	    ["status", { status: "nowhere" }, [["/status", "choice"]]],
	    ["status", { status: "done", version: "1" }, [["/version", "type"]]],
	    ["status", { status: "done", version: 1.5 }, [["/version", "type"]]],
	    ["status", { status: "done", version: 0 },
		[["/version", "too-small"]]],
	    ["reject", {}, [["/reason", "required"]]],
	    ["reject", { reason: "x".repeat(1001) }, [["/reason", "too-long"]]],
	    ["answers", { text: "" }, [["/text", "too-short"]]],
	    ["answers", { text: "x".repeat(4001) }, [["/text", "too-long"]]],
	    ["forward", { body: "nobody" }, [["/body", "reference"]]],
	    ["forward", { body: "kreis", to: "me@example.org" },
		[["/to", "unknown"]]],
	    ["release", { text: "", staff: 1 }, [["/text", "too-short"],
		["/staff", "unknown"]]],
	];
	for (const [what, body, errors] of table)
		test(`is refused: ${what} ${JSON.stringify(body).slice(0, 50)}`,
		    async () => {
			refused(await post(what, body), 422, "fields", errors);
		});
});

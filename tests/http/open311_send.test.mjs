// SPDX-License-Identifier: EUPL-1.2
// Open311: what other software sends, and what becomes of it: reports of each
// type of service, positions, answers, contact, photos, updates; the rehearsal.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { everything, officeReports, picture, release, tables }
    from "./lib/city.mjs";
import { CITY, inside, insertReport, multipart, newKey, read, readXml,
    refusedAs, same, shown, startOpen311, TEST, V2 } from "./lib/open311.mjs";
import { until } from "./lib/server.mjs";
import { readMails } from "./lib/mail.mjs";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const formats = ["json", "xml"];
let o;
before(async () => { o = await startOpen311(); }, { timeout: 120_000 });
after(() => o?.world.stop());

const fields = (more = {}) => ({ api_key: o.key, service_code: "green",
    ...inside, description: "Ein Ast hängt über den Weg.", ...more });
const send = (format, more, options) => o.post(`${V2}/requests.${format}`,
    typeof more === "string" ? more : fields(more), options);
// The one record of an answer.
async function sent(format, more, options) {
	const answer = await send(format, more, options);
	assert.equal(answer.status, 200, answer.text);
	const { value, root } = read(answer, format);
	if (format === "xml")
		assert.equal(root, "service_requests");
	assert.equal(value.length, 1);
	return value[0];
}
const count = () => Number(o.sql("select count(*) from " +
    "defect_reporter.report"));
const submission = (id) => JSON.parse(o.sql("select to_json(s) from " +
    `defect_reporter.submission s where report_id = '${id}'`));
const report = (id) => JSON.parse(o.sql("select to_json(r) from " +
    `defect_reporter.report r where id = '${id}'`));
const listed = async (id) => (await o.both("requests",
    `?service_request_id=${id}`)).json[0];

test("an answer that means danger to life is refused with whom to call", async () => {
	const before = count();
	const danger = { service_code: "pothole", "attribute[where]": "Fahrbahn",
	    "attribute[burns]": "true" };
	for (const format of formats)
		refusedAs(await send(format, danger), format, 400,
		    "Bitte 112 anrufen");
	assert.equal(count(), before);
});

for (const format of formats)
	describe(`a report sent for ${format}`, () => {
		test("of a realtime service gets its id, and is public once it is " +
		    "released", async () => {
			const record = await sent(format);
			assert.deepEqual(Object.keys(record),
			    ["service_request_id"]);
			const id = record.service_request_id;
			assert.match(id, UUID);
			assert.equal(await listed(id), undefined);
			assert.equal((await o.get(`${V2}/requests/${id}.${format}`))
			    .status, 404);
			const { channel, department, status, lat, lon } = report(id);
			assert.deepEqual({ channel, department, status, lat, lon },
			    { channel: "open311", department: "stadtgruen",
			    status: "received", lat: 51.5426, lon: 7.219 });
			await release(o.staff, id);
			await shown("the report", async () => await listed(id));
			assert.equal((await listed(id)).description,
			    "Ein Ast hängt über den Weg.");
		});

		test("comes with the service's notice", async () => {
			const record = await sent(format, { service_code: "pothole",
			    "attribute[where]": "Gehweg" });
			assert.equal(record.service_notice,
			    "Bei Gefahr bitte 110 anrufen.");
		});

		test("of a batch service gets a token that becomes an id when " +
		    "somebody has looked at it", async () => {
			const record = await sent(format, { service_code: "lamp" });
			assert.deepEqual(Object.keys(record), ["token"]);
			const { token } = record;
			assert.match(token, UUID);
			const ask = async () => read(await o.get(
			    `${V2}/tokens/${token}.${format}`), format).value;
			assert.deepEqual(await ask(),
			    [{ token, service_request_id: null }]);
			const id = o.sql("select id from defect_reporter.report " +
			    `where token = '${token}'`);
			await release(o.staff, id);
			assert.deepEqual(await ask(),
			    [{ token, service_request_id: id }]);
			await o.both(`tokens/${token}`);
			refusedAs(await o.get(`${V2}/tokens/${id}.${format}`), format,
			    404);
			refusedAs(await o.get(`${V2}/tokens/${token}.${format}`,
			    { host: "gladbeck" }), format, 404);
		});

		test("of a blackbox service gets neither, and is never listed",
		    async () => {
			const record = await sent(format, { service_code: "hint",
			    description: "Ein Hinweis" });
			assert.deepEqual(record, format === "json" ? {} : null);
			const id = o.sql("select id from defect_reporter.report where " +
			    "category = 'hint' order by number desc limit 1");
			await release(o.staff, id);
			const other = (await sent(format)).service_request_id;
			await release(o.staff, other);
			await shown("the one behind it", async () => await listed(other));
			assert.equal(await listed(id), undefined);
			assert.equal((await o.both(`requests/${id}`)).status, 404);
			for (const target of [`${V2}/requests.json`, `${V2}/bulk.csv`])
				assert.ok(!(await o.get(target)).text.includes(id));
		});

		test("may have an address instead of a position", async () => {
			const { lat, long, ...others } = fields();
			for (const place of [{ address_string: "Markt 1, 44623 Herne" },
			    { address_id: "4711" }]) {
				const answer = await o.post(`${V2}/requests.${format}`,
				    { ...others, ...place });
				assert.equal(answer.status, 200, answer.text);
				const id = read(answer, format).value[0]
				    .service_request_id;
				await release(o.staff, id);
				await shown("the report", async () => await listed(id));
				const record = await listed(id);
				assert.equal(record.lat ?? record.long, undefined);
				assert.equal(record.address, place.address_string);
				assert.equal(record.address_id, place.address_id);
				assert.equal((await o.office(id)).position, null);
			}
			assert.ok(lat && long);
			const both = await sent(format, { address_string: "Markt 1" });
			assert.equal(report(both.service_request_id).lat, 51.5426);
		});

		test("that is sent again with its Idempotency-Key is one report",
		    async () => {
			const headers = { "idempotency-key": `once-${format}-00000000` };
			const before = count();
			const first = await sent(format, {}, { headers });
			const again = await send(format, {}, { headers });
			assert.equal(again.headers["idempotency-replayed"], "true");
			assert.deepEqual(read(again, format).value, [first]);
			assert.equal(count(), before + 1);
			refusedAs(await send(format, { description: "anderes" },
			    { headers }), format, 400);
			assert.equal(count(), before + 1);
		});
	});

test("a report with an address alone is forwarded with it", async () => {
	const { lat, long, ...others } = fields({ address_string:
	    "Markt 1, neben dem Brunnen" });
	assert.ok(lat && long);
	const { json: [{ service_request_id: id }] } = await o.post(
	    `${V2}/requests.json`, others);
	await release(o.staff, id);
	const { version } = await o.office(id);
	const done = await o.staff.request("POST",
	    `${officeReports}/${id}/forward`, { body: { body: "stadtwerke",
	    version } });
	assert.equal(done.status, 201, done.text);
	const mail = await until("the mail", () => readMails(o.world)
	    .map(({ body }) => body).find((body) =>
	    body.includes("neben dem Brunnen")));
	assert.match(mail, /^Ort: +Markt 1, neben dem Brunnen$/m);
	assert.doesNotMatch(mail, /Karte:|null|\{|openstreetmap/);
});

describe("answers to questions", () => {
	const ask = (...more) => new URLSearchParams([...Object.entries(fields(
	    { service_code: "pothole" })), ...more]).toString();
	const answers = async (...more) => submission((await sent("json",
	    ask(...more))).service_request_id).answers;
	const where = ["attribute[where]", "Gehweg"];

	test("of each kind are kept as the app's are", async () => {
		assert.deepEqual(await answers(where,
		    ["attribute[diameter]", "30.5"], ["attribute[several]", "true"],
		    ["attribute[note]", "Zeile 1\nZeile 2"]), { where: "Gehweg",
		    diameter: 30.5, several: true, note: "Zeile 1\nZeile 2" });
	});

	for (const [how, ...more] of [
	    ["with brackets", ["attribute[damages][]", "Asphalt"],
		["attribute[damages][]", "Pflaster"]],
	    ["by repetition", ["attribute[damages]", "Asphalt"],
		["attribute[damages]", "Pflaster"]]])
		test(`may have several values, spelled ${how}`, async () =>
		    assert.deepEqual(await answers(where, ...more),
		    { where: "Gehweg", damages: ["Asphalt", "Pflaster"] }));

	test("may have one of several values, in either spelling", async () => {
		for (const name of ["attribute[damages]", "attribute[damages][]"])
			assert.deepEqual((await answers(where, [name, "Asphalt"]))
			    .damages, ["Asphalt"]);
	});

	test("that are empty or not asked for count as absent", async () => {
		assert.deepEqual(await answers(where, ["attribute[note]", ""],
		    ["attribute[diameter]", ""], ["attribute[unknown]", "x"]),
		    { where: "Gehweg" });
	});

	for (const format of formats)
		test(`that mean danger are no report, for ${format}`, async () => {
			const was = count();
			for (const target of [V2, TEST])
				refusedAs(await o.post(`${target}/requests.${format}`,
				    ask(where, ["attribute[damages][]", "Asphalt"],
				    ["attribute[damages][]", "Bordstein"])), format, 400,
				    "Bitte sofort die 112 anrufen.");
			assert.equal(count(), was);
		});

	for (const format of formats)
		test(`that are required or wrong are named, for ${format}`,
		    async () => {
			const refuse = async (words, ...more) => {
				const was = count();
				refusedAs(await send(format, ask(...more)), format, 400,
				    ...words);
				assert.equal(count(), was);
			};
			await refuse(["attribute[where] is required"]);
			await refuse(["attribute[where] is required"],
			    ["attribute[where]", ""]);
			await refuse(["attribute[where]"], ["attribute[where]",
			    "Dach"]);
			await refuse(["attribute[diameter]", "attribute[several]",
			    "attribute[damages]"], where,
			    ["attribute[diameter]", "groß"],
			    ["attribute[several]", "vielleicht"],
			    ["attribute[damages][]", "Asphalt"],
			    ["attribute[damages][]", "Dach"]);
			await refuse(["attribute"], ["attribute", "x"]);
			await refuse(["attribute[where]"], where,
			    ["attribute[where]", "Fahrbahn"]);
		});
});

describe("texts", () => {
	const text = "Über Straße ß € „so“ 🌳👩‍🚒\nzweite Zeile\n\n<b>&amp; + %20";

	test("arrive intact in a form of either kind, a line break as one, " +
	    "however it was written", async () => {
		for (const part of [{ description: text },
		    { description: text.replaceAll("\n", "\r\n") }]) {
			const a = (await sent("json", part)).service_request_id;
			const form = multipart(...Object.entries(fields(part)));
			const answer = await o.world.public.request("POST", CITY,
			    `${V2}/requests.json`, { body: form.body,
			    headers: { "content-type": form.type } });
			assert.equal(answer.status, 200, answer.text);
			for (const id of [a, answer.json[0].service_request_id]) {
				assert.equal(submission(id).text, text);
				await release(o.staff, id);
				await shown("the text", async () => await listed(id));
				assert.equal((await listed(id)).description, text);
			}
		}
	});

	test("may have 4,000 characters and no more", async () => {
		const most = "ü".repeat(3999) + "🌳";
		const { service_request_id: id } = await sent("json",
		    { description: most });
		assert.equal(submission(id).text, most);
		for (const format of formats)
			refusedAs(await send(format, { description: `${most}.` }),
			    format, 400, "description");
	});

	test("may be missing altogether", async () => {
		const { service_request_id: id } = await sent("json",
		    { description: "" });
		await release(o.staff, id);
		await shown("the report", async () => await listed(id));
		assert.equal((await listed(id)).description, undefined);
	});
});

test("the contact is sealed, opened in the office and nowhere else",
    async () => {
	const { service_request_id: id } = await sent("xml",
	    { first_name: "Toni", last_name: "Versiegelt",
	    email: "toni.versiegelt@example.org", phone: "+49 2323 123456",
	    device_id: "geraet-77", account_id: "konto-88" });
	assert.doesNotMatch(everything(o.world),
	    /versiegelt|123456|geraet-77|konto-88/i);
	const { contact, channel, sent_by: by } = await o.office(id);
	assert.deepEqual(contact, { name: "Toni Versiegelt",
	    email: "toni.versiegelt@example.org", phone: "+49 2323 123456",
	    device_id: "geraet-77", account_id: "konto-88" });
	assert.deepEqual([channel, by], ["open311", "Portal"]);
	await release(o.staff, id);
	await shown("the report", async () => await listed(id));
	for (const target of ["requests.json?extensions=true", "bulk.csv",
	    `requests/${id}.xml`])
		assert.doesNotMatch((await o.get(`${V2}/${target}`)).text,
		    /versiegelt|toni|123456|geraet|konto/i);
	const without = (await sent("json")).service_request_id;
	assert.equal((await o.office(without)).contact, undefined);
	assert.doesNotMatch(o.world.processes.map((one) => one.log).join(),
	    /versiegelt|api_key/i);
});

test("media_url is shown to staff and to nobody else", async () => {
	const url = "https://example.org/bild.jpg?a=1&b=%C3%BC";
	const { service_request_id: id } = await sent("json",
	    { media_url: url });
	assert.equal((await o.office(id)).media_url, url);
	await release(o.staff, id);
	await shown("the report", async () => await listed(id));
	assert.equal((await listed(id)).media_url, undefined);
});

describe("a photo", () => {
	for (const format of formats)
		test(`sent as media is a link once it is released, for ${format}`,
		    async () => {
			const form = multipart(...Object.entries(fields()),
			    ["media", picture("plain.jpg"), "image/jpeg"]);
			const answer = await o.world.public.request("POST", CITY,
			    `${V2}/requests.${format}`, { body: form.body,
			    headers: { "content-type": form.type } });
			assert.equal(answer.status, 200, answer.text);
			const id = read(answer, format).value[0].service_request_id;
			const photo = await until("the courier has it", async () =>
			    (await o.office(id)).photos.find((one) =>
			    one.state === "waiting"));
			await release(o.staff, id);
			await shown("the report", async () => await listed(id));
			assert.equal((await listed(id)).media_url, undefined);
			assert.equal((await o.staff.request("POST", `${officeReports}` +
			    `/${id}/photos/${photo.id}/release`)).status, 200);
			await shown("the photo", async () =>
			    (await listed(id)).media_url);
			const url = new URL((await listed(id)).media_url);
			assert.equal(url.origin, "https://herne.localhost");
			const shot = await o.get(url.pathname, { host: url.host });
			assert.equal(shot.status, 200);
			assert.equal(shot.headers["content-type"], "image/jpeg");
			assert.deepEqual([...shot.bytes.subarray(0, 3)],
			    [0xff, 0xd8, 0xff]);
			const [more] = (await o.both(`requests/${id}`,
			    "?extensions=true")).json;
			assert.deepEqual(more.extended_attributes.photos.map((one) =>
			    one.media_url), [url.href]);
		});

	for (const [name, type] of [["page.jpg", "image/jpeg"],
	    ["truncated.jpg", "image/jpeg"], ["empty.png", "image/png"]])
		test(`that is none is refused: ${name}`, async () => {
			const was = count();
			for (const format of formats) {
				const form = multipart(...Object.entries(fields()),
				    ["media", picture(name), type]);
				const answer = await o.world.public.request("POST", CITY,
				    `${V2}/requests.${format}`, { body: form.body,
				    headers: { "content-type": form.type } });
				if (picture(name).length === 0)
					assert.equal(answer.status, 200, "no photo at all");
				else
					refusedAs(answer, format, 400);
			}
			assert.equal(count(), was +
			    (picture(name).length === 0 ? 2 : 0));
		});
});

describe("an update", () => {
	const target = (format) => `${V2}/servicerequestupdates.${format}`;
	const remarks = async (id) => (await o.office(id)).remarks;
	const updates = async (id) => (await o.both("servicerequestupdates",
	    `?service_request_id=${id}`)).json;

	for (const format of formats)
		test(`is public when staff release it, for ${format}`, async () => {
			const id = insertReport(o);
			const answer = await o.post(target(format), { api_key: o.key,
			    service_request_id: id, update_id: `u-${format}`,
			    updated_datetime: "2026-11-20T08:30:00+01:00",
			    status: "OPEN", description: "Noch da.\nUnd größer.",
			    media_url: "https://example.org/b.jpg", title: "Frau",
			    first_name: "Kim" });
			assert.equal(answer.status, 200, answer.text);
			const { value, root } = read(answer, format);
			if (format === "xml")
				assert.equal(root, "service_request_updates");
			const [{ update_id: update }] = value;
			assert.deepEqual(value, [{ update_id: update }]);
			assert.match(update, UUID);
			assert.deepEqual(await updates(id), []);
			const [remark] = await remarks(id);
			assert.equal(remark.id, update);
			assert.equal(remark.text, "Noch da.\nUnd größer.");
			assert.equal(remark.status, "open");
			assert.equal(remark.media_url, "https://example.org/b.jpg");
			const decide = (what) => o.staff.request("POST",
			    `${officeReports}/${id}/remarks/${update}/${what}`);
			assert.equal((await decide("release")).status, 200);
			await shown("the update", async () =>
			    (await updates(id)).length === 1);
			const [one] = await updates(id);
			assert.equal(one.update_id, update);
			assert.equal(one.description, "Noch da.\nUnd größer.");
			assert.equal(one.status, "open");
			assert.equal((await decide("reject")).status, 200);
			await shown("that it is gone", async () =>
			    (await updates(id)).length === 0);
		});

	test("under one update_id is kept once, for each key", async () => {
		const id = insertReport(o);
		const say = async (key) => (await o.post(target("json"),
		    { api_key: key, service_request_id: id, update_id: "same",
		    description: "Noch da." })).json[0].update_id;
		const first = await say(o.key);
		assert.equal(await say(o.key), first);
		const other = newKey(o.world, CITY, ["open311.updates"], "Nachbar");
		assert.notEqual(await say(other), first);
		assert.equal((await remarks(id)).length, 2);
	});

	test("is taken of one's own report that is not public, and of no other",
	    async () => {
		const own = (await sent("json")).service_request_id;
		const hidden = insertReport(o, { release: "'pending'",
		    text: "null" });
		for (const format of formats) {
			const say = (id) => o.post(target(format), { api_key: o.key,
			    service_request_id: id, description: "Noch da." });
			assert.equal((await say(own)).status, 200);
			for (const id of [hidden, "4711"])
				refusedAs(await say(id), format, 404);
		}
		assert.equal((await remarks(hidden)).length, 0);
	});

	for (const format of formats)
		for (const [what, more, ...words] of [
		    ["no report", { service_request_id: "" },
			"service_request_id is required"],
		    ["no description", { description: "" },
			"description is required"],
		    ["a time that is none", { updated_datetime: "gestern" },
			"updated_datetime"],
		    ["a link that is none", { media_url: "bild.jpg" },
			"media_url"],
		    ["too long a text", { description: "x".repeat(4001) },
			"description"]])
			test(`with ${what} is refused, for ${format}`, async () =>
			    refusedAs(await o.post(target(format), { api_key: o.key,
			    service_request_id: insertReport(o),
			    description: "Noch da.", ...more }), format, 400,
			    ...words));
});

describe("the test endpoint", () => {
	test("answers as the real one, and nothing stays", async () => {
		const id = insertReport(o);
		const photo = multipart(...Object.entries(fields()),
		    ["media", picture("plain.jpg"), "image/jpeg"]);
		const was = tables(o.world, CITY);
		for (const format of formats) {
			const post = (what, form, options) => o.post(
			    `${TEST}/${what}.${format}`, form, options);
			const one = async (answer) => {
				assert.equal(answer.status, 200, answer.text);
				return read(answer, format).value[0];
			};
			assert.match((await one(await post("requests", fields())))
			    .service_request_id, UUID);
			assert.match((await one(await post("requests", fields(
			    { service_code: "lamp" })))).token, UUID);
			assert.match((await one(await o.world.public.request("POST",
			    CITY, `${TEST}/requests.${format}`, { body: photo.body,
			    headers: { "content-type": photo.type } })))
			    .service_request_id, UUID);
			assert.match((await one(await post("servicerequestupdates",
			    { api_key: o.key, service_request_id: id,
			    description: "Noch da." }))).update_id, UUID);
			const headers = { "idempotency-key": "rehearsed-00000000" };
			await one(await post("requests", fields(), { headers }));
			refusedAs(await post("requests", fields({ api_key: "x" })),
			    format, 403);
			refusedAs(await post("requests", fields({ lat: "52.52",
			    long: "13.4" })), format, 400);
			refusedAs(await post("requests", fields(
			    { service_code: "nothing" })), format, 404);
			refusedAs(await post("requests", fields({ lat: "x" })),
			    format, 400, "lat");
			refusedAs(await o.get(`${TEST}/requests/4711.${format}`),
			    format, 404);
		}
		assert.deepEqual(tables(o.world, CITY), was);
	});

	test("reads what is really there", async () => {
		for (const what of ["services", "services/pothole", "requests"])
			for (const format of formats)
				assert.equal((await o.get(`${TEST}/${what}.${format}`))
				    .text, (await o.get(`${V2}/${what}.${format}`)).text);
	});
});

describe("an answer that is kept", () => {
	test("has a tag, is 304 to who has it, and another after a release",
	    async () => {
		for (const format of formats) {
			const target = `${V2}/requests.${format}`;
			const { service_request_id: id } = await sent(format);
			const first = await o.get(target);
			assert.equal(first.headers["cache-control"], "no-cache");
			const again = await o.get(target, { headers:
			    { "if-none-match": first.headers.etag } });
			assert.equal(again.status, 304);
			assert.equal(again.text, "");
			assert.equal(again.headers["access-control-allow-origin"],
			    "*");
			await release(o.staff, id);
			await shown("the release", async () =>
			    (await o.get(target)).text.includes(id));
			assert.notEqual((await o.get(target)).headers.etag,
			    first.headers.etag);
		}
	});

	// What comes into the database behind the server's back tells.
	test("is none that a key was sent with", async () => {
		const ask = async () => (await o.get(`${V2}/requests.json?q=Zaun&` +
		    `api_key=${o.key}`)).json.length;
		for (let i = 0; i < 8; i++)
			assert.equal(await ask(), 0);
		const id = insertReport(o, { text: "'Der Zaun ist umgefallen.'" });
		for (let i = 0; i < 8; i++)
			assert.equal(await ask(), 1);
		o.sql(`delete from defect_reporter.report where id = '${id}'`);
	});

	test("is kept by city also on the shared host", async () => {
		const ask = async (city) => (await o.get(`${V2}/services.json` +
		    `?jurisdiction_id=${city}`, { host: "platform.localhost" }));
		const answers = {};
		for (let i = 0; i < 4; i++)
			for (const city of ["herne", "gladbeck"]) {
				const { text } = await ask(city);
				answers[city] ??= text;
				assert.equal(text, answers[city]);
			}
		assert.notEqual(answers.herne, answers.gladbeck);
	});

	test("in XML is what it is in JSON", async () => {
		const xml = await o.get(`${V2}/requests.xml`);
		const json = await o.get(`${V2}/requests.json`);
		assert.ok(json.json.length > 5);
		same(json.json, readXml(xml.text));
	});
});

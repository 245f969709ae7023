// SPDX-License-Identifier: EUPL-1.2
// Open311: what is read. Discovery, services, reports, updates and the bulk
// export, each in XML and JSON, which have to say the same.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { insertReport, newKey, readXml, same, SHARED, startOpen311,
    TEST, TYPES, V2 } from "./lib/open311.mjs";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const DAY = 86_400_000;
const days = (count) => new Date(Date.now() - count * DAY).toISOString()
    .replace(/\.\d+/, "");
const minutes = (count) => `now() - interval '${count} minutes'`;
let o;
before(async () => {
	o = await startOpen311({ STADTKERN_CACHE_MIB: "0" });
}, { timeout: 120_000 });
after(() => o?.world.stop());

const requests = async (query = "") => (await o.both("requests", query)).json;
const ids = async (query) => (await requests(query)).map((one) =>
    one.service_request_id);
const count = async (query) => (await requests(query)).length;

// What the official JSON schemas ask of a record.
function aRecord(record) {
	for (const name of ["service_request_id", "status", "service_code",
	    "requested_datetime"])
		assert.equal(typeof record[name], "string", name);
	assert.match(record.status, /^(open|closed)$/);
	for (const [name, value] of Object.entries(record)) {
		assert.ok(value !== null && value !== "", `${name} is left out`);
		if (["lat", "long"].includes(name))
			assert.equal(typeof value, "number", name);
		else if (!["extended_attributes", "notes"].includes(name))
			assert.equal(typeof value, "string", name);
		if (name.endsWith("_datetime"))
			assert.match(value, TIME);
	}
	assert.ok((record.description ?? "").length <= 4000);
	assert.doesNotMatch(record.service_code, /^\d+$/);
	if (record.media_url)
		assert.ok(new URL(record.media_url).protocol.startsWith("http"));
}

describe("discovery", () => {
	for (const target of ["/open311/discovery", `${V2}/discovery`])
		test(`at ${target} says where everything is`, async () => {
			const json = await o.get(`${target}.json`);
			const xml = await o.get(`${target}.xml`);
			assert.equal(json.headers["content-type"], TYPES.json);
			assert.equal(xml.headers["content-type"], TYPES.xml);
			assert.match(xml.text, /<discovery>/);
			same(json.json, readXml(xml.text));
			const { changeset, contact, key_service: keys,
			    endpoints } = json.json;
			for (const text of [contact, keys])
				assert.ok(text.length > 10 && text.includes("@"));
			assert.deepEqual(endpoints.map((one) => one.type),
			    ["production", "test"]);
			assert.deepEqual(endpoints.map((one) => one.url),
			    [`https://herne.localhost${V2}`,
			    `https://herne.localhost${TEST}`]);
			for (const one of endpoints) {
				assert.match(one.specification,
				    /^http:\/\/wiki\.open311\.org\/GeoReport_v2/);
				assert.deepEqual(one.formats,
				    ["text/xml", "application/json"]);
				assert.match(one.changeset, TIME);
				assert.ok(new Date(one.changeset) <= new Date());
			}
			assert.match(changeset, TIME);
			assert.ok(new Date(changeset) <= new Date());
		});

	test("is also at the test endpoint, and on the shared host", async () => {
		for (const format of ["json", "xml"]) {
			assert.equal((await o.get(`${TEST}/discovery.${format}`))
			    .status, 200);
			assert.equal((await o.get(`/open311/discovery.${format}` +
			    "?jurisdiction_id=herne", { host: SHARED })).status, 200);
		}
	});
});

describe("services", () => {
	test("are the city's categories, of each type", async () => {
		const { json } = await o.both("services");
		assert.deepEqual(json[0], { service_code: "pothole",
		    service_name: "Straßenschaden",
		    description: "Bitte die Fahrtrichtung nennen.", metadata: true,
		    type: "realtime", keywords: "Schlagloch, Loch",
		    group: "Unterwegs" });
		assert.deepEqual(json.map((one) => [one.service_code, one.type,
		    one.metadata]), [["pothole", "realtime", true],
		    ["lamp", "batch", false], ["hint", "blackbox", false],
		    ["green", "realtime", false]]);
		assert.deepEqual(Object.keys(json[1]), ["service_code",
		    "service_name", "metadata", "type", "group"],
		    "what is not known is left out");
		assert.equal(json[3].service_name, "Parks & Bäume");
		assert.match((await o.get(`${V2}/services.xml`)).text,
		    /<services><service>/);
	});

	test("are defined by the questions, of each kind", async () => {
		const { json } = await o.both("services/pothole");
		assert.deepEqual(json, { service_code: "pothole", attributes: [
		    { variable: true, code: "where", datatype: "singlevaluelist",
			required: true, order: 1, description: "Wo ist er?",
			values: [{ key: "Fahrbahn", name: "Fahrbahn" },
			    { key: "Gehweg", name: "Gehweg" }] },
		    { variable: true, code: "damages",
			datatype: "multivaluelist", required: false, order: 2,
			description: "Was ist kaputt?", values: ["Asphalt",
			"Pflaster", "Bordstein"].map((key) => ({ key, name: key })) },
		    { variable: true, code: "diameter", datatype: "number",
			required: false, order: 3, description: "Wie groß?" },
		    { variable: true, code: "several",
			datatype: "singlevaluelist", required: false, order: 4,
			description: "Mehrere?", values: [{ key: "true",
			name: "ja" }, { key: "false", name: "nein" }] },
		    { variable: true, code: "note", datatype: "text",
			required: false, order: 5, description: "Und sonst?" }] });
		for (const { code } of json.attributes)
			assert.doesNotMatch(code, /^\d+$/);
		assert.deepEqual((await o.both("services/green")).json,
		    { service_code: "green", attributes: [] });
	});
});

describe("a report in the list", () => {
	let open, closed, hidden;
	before(() => {
		open = insertReport(o, { number: "7", category: "'pothole'",
		    department: "'tiefbau'", text: "'Ein <Loch> & „mehr“ 🕳\n\nzweite'",
		    address: "'Markt 1'", address_id: "'4711'",
		    lat: "51.5", lon: "7", received_at: minutes(90),
		    changed_at: minutes(60) });
		closed = insertReport(o, { category: "'lamp'", text: "''",
		    outside_body: "'stadtwerke'", status: "'done'",
		    received_at: minutes(80), changed_at: minutes(10),
		    closed_at: minutes(30) });
		hidden = [insertReport(o, { release: "'pending'", text: "null" }),
		    insertReport(o, { release: "'rejected'" }),
		    insertReport(o, { category: "'hint'" }),
		    insertReport(o, { category: "'gone'" })];
	});
	after(() => o.sql("delete from defect_reporter.report"));

	test("has all that is known, and nothing empty", async () => {
		const list = await requests();
		assert.deepEqual(list.map((one) => one.service_request_id),
		    [closed, open], "newest first, only what is public");
		list.forEach(aRecord);
		const { requested_datetime: requested, updated_datetime: updated,
		    ...others } = list[1];
		assert.deepEqual(others, { service_request_id: open,
		    status: "open", service_name: "Straßenschaden",
		    service_code: "pothole",
		    description: "Ein <Loch> & „mehr“ 🕳\n\nzweite",
		    agency_responsible: "Fachbereich Tiefbau und Verkehr",
		    service_notice: "Bei Gefahr bitte 110 anrufen.",
		    address: "Markt 1", address_id: "4711", lat: 51.5, long: 7 });
		assert.equal(new Date(updated) - new Date(requested), 30 * 60_000);
	});

	test("that is closed was updated when it was closed, and is the outside " +
	    "body's", async () => {
		const [record] = await requests();
		assert.deepEqual(Object.keys(record), ["service_request_id",
		    "status", "service_name", "service_code",
		    "agency_responsible", "requested_datetime",
		    "updated_datetime", "lat", "long"]);
		assert.equal(record.status, "closed");
		assert.equal(record.agency_responsible, "Stadtwerke Herne");
		assert.equal(new Date(record.updated_datetime) -
		    new Date(record.requested_datetime), 50 * 60_000);
	});

	test("has positions with a decimal point and ids that are strings",
	    async () => {
		const { text } = await o.get(`${V2}/requests.json`);
		assert.match(text, /"lat":51\.\d+,"long":7\.\d+/);
		assert.match(text, /"service_request_id":"[0-9a-f-]{36}"/);
		const xml = (await o.get(`${V2}/requests.xml`)).text;
		assert.match(xml, /<lat>51\.\d+<\/lat><long>7\.\d+<\/long>/);
		assert.match(xml, /<service_requests><request>/);
	});

	test("is a list of one by its id, and of none is 404", async () => {
		const { json } = await o.both(`requests/${open}`);
		assert.equal(json.length, 1);
		assert.deepEqual(json[0], (await requests()).find((one) =>
		    one.service_request_id === open));
		for (const id of [...hidden, "4711", "00000000-0000-4000-8000-" +
		    "000000000000"])
			assert.equal((await o.both(`requests/${id}`)).status, 404);
	});

	test("says what is expected when enough of its kind were closed",
	    async () => {
		assert.equal((await requests())[1].expected_datetime, undefined);
		o.sql("insert into defect_reporter.duration (tenant_id, category, " +
		    `closed, most) values (${o.tenant}, 'pothole', 5, '3 days'), ` +
		    `(${o.tenant}, 'lamp', 5, '3 days')`);
		const [done, record] = await requests();
		assert.equal(done.expected_datetime, undefined, "it is closed");
		assert.equal(new Date(record.expected_datetime) -
		    new Date(record.requested_datetime), 3 * DAY);
	});

	test("with extensions has the city's own status, photos and notes",
	    async () => {
		o.sql("insert into defect_reporter.event (tenant_id, report_id, " +
		    `kind, public, status, text) values (${o.tenant}, '${open}', ` +
		    "'status', true, 'assigned', null), " +
		    `(${o.tenant}, '${open}', 'answer', true, null, 'Wir kommen.'), ` +
		    `(${o.tenant}, '${open}', 'answer', false, null, 'geheim')`);
		for (const query of ["?extensions=true", "?extensions=true" +
		    `&service_request_id=${open}`]) {
			const record = (await requests(query)).at(-1);
			assert.deepEqual(record.extended_attributes, { number: 7,
			    channel: "app", detailed_status: "received",
			    detailed_status_name: "Eingegangen", photos: [] });
			assert.deepEqual(record.notes.map(({ datetime, ...note }) =>
			    (assert.match(datetime, TIME), note)),
			    [{ type: "status", status: "assigned" },
			    { type: "answer", description: "Wir kommen." }]);
			assert.equal(record.status_notes, "Wir kommen.");
		}
		const [single] = (await o.both(`requests/${open}`,
		    "?extensions=true")).json;
		assert.equal(single.extended_attributes.number, 7);
		assert.equal((await requests("?extensions=false"))[0].notes,
		    undefined);
	});
});

describe("the list of reports", () => {
	const made = {};
	before(() => {
		o.sql("delete from defect_reporter.report");
		const add = (name, columns) => made[name] =
		    insertReport(o, columns);
		add("new", { text: "'Linden-Ast'", received_at: minutes(5),
		    changed_at: minutes(5) });
		add("closed", { category: "'lamp'", received_at: minutes(10),
		    changed_at: minutes(1), closed_at: minutes(3) });
		add("far", { lat: "51.53", lon: "7.2", category: "'pothole'",
		    received_at: "now() - interval '80 days'",
		    changed_at: "now() - interval '79 days'" });
		add("address", { lat: "null", lon: "null", address: "'Markt 1'",
		    received_at: minutes(20), changed_at: minutes(20) });
		add("old", { received_at: "now() - interval '91 days'",
		    changed_at: minutes(2) });
		add("older", { received_at: "now() - interval '200 days'",
		    changed_at: "now() - interval '199 days'" });
	});
	after(() => o.sql("delete from defect_reporter.report"));
	const named = async (query) => (await ids(query)).map((id) =>
	    Object.keys(made).find((name) => made[name] === id));
	const dates = (start, end) => `?start_date=${days(start)}` +
	    `&end_date=${days(end)}`;

	for (const [what, query, want] of [
	    ["without dates is of the last 90 days", () => "",
		["new", "closed", "address", "far"]],
	    ["with empty parameters is the same", () => "?service_code=&" +
		"start_date=&end_date=&status=&service_request_id=&q=&bbox=&" +
		"page=&page_size=&extensions=&updated_after=&updated_before=" +
		"&jurisdiction_id=&api_key=",
		["new", "closed", "address", "far"]],
	    ["with names that no table has is the same", () =>
		"?api_key=x&lat=1&foo=bar&sort=up",
		["new", "closed", "address", "far"]],
	    ["has one service", () => "?service_code=lamp", ["closed"]],
	    ["has several services", () => "?service_code=lamp,pothole",
		["closed", "far"]],
	    ["takes blanks behind commas", () => "?service_code=lamp,%20pothole",
		["closed", "far"]],
	    ["has none of an unknown service", () => "?service_code=nothing", []],
	    ["has what is open", () => "?status=open",
		["new", "address", "far"]],
	    ["has what is closed", () => "?status=closed", ["closed"]],
	    ["has both", () => "?status=open,closed",
		["new", "closed", "address", "far"]],
	    ["from 91 days on is cut to the 90 that follow", () =>
		`?start_date=${days(92)}`, ["far", "old"]],
	    ["to a date has the 90 days before", () =>
		`?end_date=${days(0.5)}`, ["far"]],
	    ["over more than 90 days is cut to the last 90", () =>
		dates(250, 70), ["far", "old"]],
	    ["between two dates", () => dates(95, 85), ["old"]],
	    ["from a day alone", () => `?start_date=${days(81).slice(0, 10)}`,
		["new", "closed", "address", "far"]],
	    ["updated after", () => `?updated_after=${days(0.01)}`,
		["new", "closed", "old"]],
	    ["updated before", () => `?updated_before=${days(150)}`, ["older"]],
	    ["updated between", () => `?updated_after=${days(100)}` +
		`&updated_before=${days(50)}`, ["far"]],
	    ["updated after, with dates", () => `?updated_after=${days(1)}` +
		`&start_date=${days(90.5)}`, []],
	    ["inside a box", () => "?bbox=7.19,51.52,7.21,51.54", ["far"]],
	    ["holds words, whatever their case", () => "?q=LINDEN-ast", ["new"]],
	    ["holds no pattern", () => "?q=%25", []],
	    ["by pages", () => "?page_size=2&page=2", ["address", "far"]],
	    ["behind its end", () => "?page=3&page_size=2", []],
	    ["by ids, whatever their age", () => "?service_request_id=" +
		`${made.older},${made.new}`, ["new", "older"]],
	    ["by ids with blanks, and what is none", () =>
		`?service_request_id=%20${made.older}%20,%20x,,${made.new}`,
		["new", "older"]],
	    ["by ids that override all else, right or wrong", () =>
		`?service_request_id=${made.old}&status=maybe&start_date=x&` +
		"end_date=y&service_code=A%20B&bbox=1&q=nothing&" +
		"updated_after=z", ["old"]],
	    ["by ids of nothing", () => "?service_request_id=4711", []]])
		test(what, async () => assert.deepEqual(await named(query()),
		    want));

	for (const [what, time] of [
	    ["UTC", () => days(6)],
	    ["an offset", () => new Date(Date.now() - 6 * DAY + 5 * 3_600_000)
		.toISOString().replace(/\.\d+Z/, "%2B05:00")],
	    ["an offset whose plus became a blank", () => new Date(Date.now() -
		6 * DAY + 5 * 3_600_000).toISOString().replace(/\.\d+Z/, "+05:00")],
	    ["an offset without a colon", () => new Date(Date.now() - 6 * DAY -
		5 * 3_600_000).toISOString().replace(/\.\d+Z/, "-0500")],
	    ["a fraction", () => days(6).replace("Z", ".123456Z")],
	    ["neither offset nor Z", () => days(6).replace("Z", "")],
	    ["minutes only", () => `${days(6).slice(0, 16)}Z`]])
		test(`takes a time with ${what}`, async () => {
			const before = insertReport(o, { received_at:
			    "now() - interval '6 days 2 minutes'" });
			const behind = insertReport(o, { received_at:
			    "now() - interval '5 days 23 hours 58 minutes'" });
			const found = await ids(`?start_date=${time()}`);
			assert.ok(found.includes(behind));
			assert.ok(!found.includes(before));
			o.sql("delete from defect_reporter.report where id in (" +
			    `'${before}', '${behind}')`);
		});
});

describe("1,001 reports", () => {
	before(() => o.sql("delete from defect_reporter.report; " +
	    "insert into defect_reporter.report (tenant_id, number, category, " +
	    "department, status, release, released_at, text, lat, lon, " +
	    `received_at) select ${o.tenant}, i, 'green', 'stadtgruen', ` +
	    "'received', 'released', now(), 'Ast ' || i, 51.5426, 7.219, " +
	    "now() - i * interval '1 minute' from generate_series(1, 1001) i"));
	after(() => o.sql("delete from defect_reporter.report"));

	test("are cut to 1,000, and the last one is on the second page",
	    async () => {
		const first = await requests();
		assert.equal(first.length, 1000);
		assert.equal(first[0].description, "Ast 1");
		first.forEach(aRecord);
		const second = await requests("?page=2");
		assert.deepEqual(second.map((one) => one.description),
		    ["Ast 1001"]);
		assert.equal(await count("?page_size=10&page=101"), 1);
	});

	test("are all in the bulk export", async () => {
		const { json } = await o.both("bulk");
		assert.equal(json.length, 1001);
		assert.equal(json[0].description, "Ast 1001", "oldest first");
		assert.equal((await o.both("bulk", "?page_size=1000&page=2"))
		    .json.length, 1);
	});
});

const HEADER = '"service_request_id","requested_datetime",' +
    '"updated_datetime","closed_date","status_description","status_notes",' +
    '"source","service_name","service_subtype","description",' +
    '"agency_responsible","address","lat","long"';

// RFC 4180, quoted throughout: rows of cells.
const readCsv = (text) => {
	assert.ok(text.endsWith("\r\n"));
	const rows = [[]];
	for (const [, cell, end] of text.matchAll(
	    /"((?:[^"]|"")*)"(,|\r\n)/g)) {
		rows.at(-1).push(cell.replaceAll('""', '"'));
		if (end !== ",")
			rows.push([]);
	}
	assert.deepEqual(rows.pop(), []);
	assert.equal(rows.map((row) => row.map((cell) =>
	    `"${cell.replaceAll('"', '""')}"`).join() + "\r\n").join(""), text);
	return rows;
};

describe("the bulk export", () => {
	let id;
	before(() => {
		o.sql("delete from defect_reporter.report");
		id = insertReport(o, { text: "'=1+1, \"so\"\nzweite'",
		    address: "'@Markt'", lon: "-0.5", closed_at: minutes(5),
		    received_at: "'2026-01-05T08:00:00Z'",
		    changed_at: "'2026-01-06T08:00:00Z'" });
		insertReport(o, { lat: "null", lon: "null", address: "'Markt 1'",
		    channel: "'open311'" });
		insertReport(o, { release: "'pending'", text: "null" });
		insertReport(o, { category: "'hint'" });
		insertReport(o, { received_at: "now() - interval '2 years'" });
	});
	after(() => o.sql("delete from defect_reporter.report"));

	test("is CSV with the standard's header row and no formula", async () => {
		const answer = await o.get(`${V2}/bulk.csv`);
		assert.equal(answer.headers["content-type"],
		    "text/csv; charset=utf-8; header=present");
		assert.equal(answer.text.split("\r\n")[0], HEADER);
		const [head, first, second, ...others] = readCsv(answer.text);
		assert.equal(others.length, 0);
		assert.equal(head.length, 14);
		const cells = Object.fromEntries(head.map((name, i) =>
		    [name, first[i]]));
		assert.equal(cells.service_request_id, id);
		assert.equal(cells.requested_datetime, "2026-01-05T08:00:00Z");
		assert.equal(cells.updated_datetime, cells.closed_date);
		assert.equal(cells.status_description, "closed");
		assert.equal(cells.description, "'=1+1, \"so\"\nzweite");
		assert.equal(cells.address, "'@Markt");
		assert.equal(cells.long, "-0.500000", "a number is no formula");
		assert.equal(cells.agency_responsible, "Fachbereich Stadtgrün");
		assert.equal(cells.source, "Mobile App");
		assert.equal(second[6], "Open311");
		assert.deepEqual(second.slice(12), ["", ""]);
	});

	test("is JSON and XML with the same columns and the text as it is",
	    async () => {
		const { json } = await o.both("bulk");
		assert.equal(json.length, 2);
		assert.equal(Object.keys(json[0]).map((name) => `"${name}"`)
		    .join(), HEADER);
		assert.equal(json[0].description, '=1+1, "so"\nzweite');
		assert.equal(json[0].long, -0.5);
		assert.equal(json[1].closed_date, null);
	});

	test("goes back as far as is asked", async () => {
		const three = `?start_date=${days(800)}`;
		assert.equal((await o.both("bulk", three)).json.length, 3);
		assert.equal(readCsv((await o.get(`${V2}/bulk.csv${three}`)).text)
		    .length, 4);
		assert.equal((await o.both("bulk", `${three}&end_date=` +
		    days(400))).json.length, 1);
	});
});

describe("updates", () => {
	let report, other;
	const updates = async (query) => (await o.both("servicerequestupdates",
	    query)).json;
	before(() => {
		o.sql("delete from defect_reporter.report");
		report = insertReport(o, { received_at: "now() - interval " +
		    "'120 days'" });
		other = insertReport(o, { release: "'pending'", text: "null" });
		const hint = insertReport(o, { category: "'hint'" });
		const said = (id, kind, open, at, status, text) =>
		    `(${o.tenant}, '${id}', '${kind}', ${open}, ` +
		    `now() - interval '${at}', ${status}, ${text})`;
		o.sql("insert into defect_reporter.event (tenant_id, report_id, " +
		    "kind, public, at, status, text) values " + [
		    said(report, "status", true, "99 days", "'assigned'", "null"),
		    said(report, "answer", true, "10 days", "null", "'Bald.'"),
		    said(report, "status", true, "5 days", "'done'", "null"),
		    said(report, "answer", false, "4 days", "null", "'geheim'"),
		    said(other, "answer", true, "3 days", "null", "'nicht frei'"),
		    said(hint, "answer", true, "3 days", "null", "'Hinweis'"),
		    ].join());
	});
	after(() => o.sql("delete from defect_reporter.report"));

	test("are what was done and answered publicly, oldest first", async () => {
		const list = await updates("");
		assert.deepEqual(list.map(({ update_id: id, updated_datetime: at,
		    ...one }) => {
			assert.equal(typeof id, "string");
			assert.match(at, TIME);
			return one;
		}), [{ service_request_id: report, status: "open",
		    description: "Bald." }, { service_request_id: report,
		    status: "closed", description: "Erledigt" }]);
	});

	test("are those of a time, or of reports whatever their age", async () => {
		assert.equal((await updates(`?start_date=${days(7)}`)).length, 1);
		assert.equal((await updates(`?end_date=${days(6)}`)).length, 1,
		    "the 90 days before");
		assert.equal((await updates(`?start_date=${days(100)}` +
		    `&end_date=${days(98)}`)).length, 1);
		assert.equal((await updates(`?service_request_id=${report}`))
		    .length, 3);
		assert.equal((await updates(`?service_request_id=${report}` +
		    `&start_date=${days(7)}`)).length, 1);
		assert.equal((await updates(`?service_request_id=${other}`))
		    .length, 0);
		assert.equal((await updates("?page_size=1&page=2"))[0].status,
		    "closed");
	});
});

test("HEAD is answered as GET, without a body", async () => {
	for (const target of ["discovery", "services", "services/green",
	    "requests", "servicerequestupdates", "bulk"])
		for (const format of ["json", "xml"]) {
			const url = `${V2}/${target}.${format}`;
			const head = await o.get(url, { method: "HEAD" });
			const answer = await o.get(url);
			assert.equal(head.status, 200, url);
			assert.equal(head.text, "");
			assert.equal(head.headers["content-length"],
			    String(answer.bytes.length));
			assert.equal(head.headers.etag, answer.headers.etag);
		}
});

test("a key is not looked at where none is asked for", async () => {
	const key = newKey(o.world, "gladbeck", ["open311.requests"]);
	for (const one of [key, o.key, "x"])
		assert.equal((await o.both("requests", `?api_key=${one}`)).status,
		    200);
});

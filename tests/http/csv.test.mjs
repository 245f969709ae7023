// SPDX-License-Identifier: EUPL-1.2
// Files of all tickets: what is in them and for whom, and that 100,000 rows
// cost a worker no memory, whoever reads them and however slowly.

import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { aReport, refused, sendReport } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, top, until } from "./lib/server.mjs";

const CITY = "herne", BIG = "gladbeck", MANY = 100_000;
const HALF = "?status=received";	// still more than sockets hold
const target = "/office/api/v1/defect-reporter/tickets.csv";
const list = "/office/api/v1/defect-reporter/tickets?limit=";
const people = {};
let world, device;

before(async () => {
	world = await startWorld({ public: true, office: true,
	    env: { STADTKERN_LIMITS: "0", STADTKERN_WORKERS: "1" } });
	for (const role of ["admin", "clerk", "press"])
		people[role] = await newStaff(world, CITY,
		    `${role}@example.org`, role);
	people.big = await newStaff(world, BIG, "admin@example.org", "admin");
	device = await newDevice(world.public, CITY);
	const many = fs.readFileSync(path.join(top, "tests/http/lib/many.sql"),
	    "utf8").replaceAll(":city", BIG);
	for (let at = 0; at < MANY; at += MANY / 10)
		world.sql(many.replaceAll(":first", at + 1)
		    .replaceAll(":last", at + MANY / 10));
}, { timeout: 600_000 });
after(() => world.stop());

// RFC 4180, strictly: what is not as it says throws.
function parse(bytes) {
	const text = bytes.toString("utf8");
	assert.equal(text.codePointAt(0), 0xfeff, "no byte order mark");
	const rows = [[]];
	const cell = /(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r\n)/y;
	cell.lastIndex = 1;
	while (cell.lastIndex < text.length) {
		const at = cell.lastIndex;
		const found = cell.exec(text);
		assert.ok(found, `no cell at ${at}: ${text.slice(at, at + 40)}`);
		rows.at(-1).push(found[1] === undefined ? found[2] :
		    found[1].replaceAll('""', '"'));
		if (found[3] !== ";")
			rows.push([]);
	}
	assert.deepEqual(rows.pop(), []);
	const names = rows.shift();
	return rows.map((row) => {
		assert.equal(row.length, names.length);
		return Object.fromEntries(names.map((name, i) => [name, row[i]]));
	});
}

const get = (who, query = "", options = {}) => people[who].request("GET",
    `${target}${query}`, options);
async function rows(who, query) {
	const answer = await get(who, query);
	assert.equal(answer.status, 200, answer.text);
	return parse(answer.bytes);
}

const sql = (text) => world.sql("set search_path = stadtkern, " +
    `defect_reporter, public; ${text}`);
const memory = () => {
	const kids = fs.readFileSync(`/proc/${world.office.pid}/task/` +
	    `${world.office.pid}/children`, "utf8").trim().split(" ");
	return Math.max(...kids.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(
	    fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1])));
};
// A caller that says when it reads.
function caller(who, query = "", version = "1.1", method = "GET") {
	const socket = net.connect({ port: world.office.port,
	    host: "127.0.0.1" });
	const city = who === "big" ? BIG : CITY;
	const one = { socket, bytes: 0, tail: Buffer.alloc(0), ended: false,
	    head: "" };
	socket.pause();
	socket.on("data", (data) => {
		if (one.head.length < 2000)
			one.head += data.toString("latin1");
		one.bytes += data.length;
		one.tail = Buffer.concat([one.tail, data]).subarray(-64);
	});
	socket.on("error", () => { one.ended = true; });
	socket.on("close", () => { one.ended = true; });
	socket.write(`${method} ${target}${query} HTTP/${version}\r\n` +
	    `Host: ${city}.localhost\r\nCookie: ${people[who].cookie}\r\n\r\n`);
	return one;
}
const isWhole = (one) => one.tail.toString("latin1")
    .endsWith("\r\n0\r\n\r\n");

describe("what is in a file", () => {
	test("each ticket is a line, under the city's words", async () => {
		const sent = await sendReport(device, aReport(CITY,
		    { category: "green", text: 'Ein "Ast"; lang\nund schwer' }));
		const answer = await get("admin");
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.headers["content-type"],
		    "text/csv; charset=utf-8; header=present");
		assert.equal(answer.headers["content-disposition"],
		    'attachment; filename="herne-tickets.csv"');
		assert.equal(answer.headers["cache-control"], "no-store");
		const row = parse(answer.bytes).find((one) =>
		    one.Nummer === String(sent.number));
		assert.equal(row.Text, 'Ein "Ast"; lang\nund schwer');
		assert.equal(row.Eingangsweg, "App");
		assert.equal(row.Dringlichkeit, "normal");
		assert.equal(row["Frist überschritten"], "nein");
		assert.match(row.Eingang, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
		assert.match(row.Breite, /^51,\d+$/);
		assert.notEqual(row.Art, "green");
		assert.equal(row["Weitergeleitet an"], "");
	});

	test("in English for whoever asks in English", async () => {
		const answer = await get("admin", "",
		    { headers: { "accept-language": "en" } });
		assert.ok("Category" in parse(answer.bytes)[0]);
	});

	test("a text that a spreadsheet would compute is no formula", async () => {
		const begins = ["=", "+", "-", "@", "\t", "\r", "\n"];
		const made = new Map();
		for (const begin of begins) {
			const { id, number } = await sendReport(device,
			    aReport(CITY, {}));
			made.set(String(number), `${begin}HYPERLINK("http://x";"y")`);
			sql("update submission set text = E'" +
			    `${begin.replace(/\s/, (c) => JSON.stringify(c)
			    .slice(1, -1))}' || 'HYPERLINK("http://x";"y")' ` +
			    `where report_id = '${id}'`);
		}
		const its = (await rows("admin")).filter((row) =>
		    made.has(row.Nummer));
		assert.equal(its.length, begins.length);
		for (const row of its)
			assert.equal(row.Text, `'${made.get(row.Nummer)}`);
	});

	test("no contact is in it", async () => {
		await sendReport(device, aReport(CITY, { contact: {
		    name: "Alex Geheim", email: "geheim@example.org" } }));
		const { text } = await get("admin");
		assert.ok(!/geheim/i.test(text));
	});

	test("the list's filters, search and order hold", async () => {
		const all = await rows("admin", "?sort=received");
		const numbers = all.map((one) => Number(one.Nummer));
		assert.deepEqual(numbers, [...numbers].sort((x, y) => y - x));
		const one = await sendReport(device, aReport(CITY,
		    { text: "Ein Nashorn steht auf dem Gehweg." }));
		assert.deepEqual((await rows("admin", "?q=nashorn"))
		    .map((row) => row.Nummer), [String(one.number)]);
		assert.equal((await rows("admin", "?channel=letter")).length, 0);
		refused(await get("admin", "?sort=colour"), 422, "fields");
	});

	test("a limited right limits the file", async () => {
		const mine = (await people.clerk.request("GET", `${list}100`)).json.items;
		const all = (await people.admin.request("GET", `${list}100`)).json.items;
		const seen = (await rows("clerk")).map((row) => row.Nummer);
		assert.deepEqual(new Set(seen),
		    new Set(mine.map((one) => String(one.number))));
		assert.equal((await rows("admin")).length, all.length);
	});

	test("nobody without the right gets a line", async () => {
		sql("update staff set roles = '{nobody}' where email = " +
		    "'press@example.org'");
		refused(await get("press"), 403, "right-missing");
		assert.equal(world.sql("select code from stadtkern.audit_inbox " +
		    "where kind = 'refused' and reads = 'tickets' order by code " +
		    "desc limit 1"), "right-missing");
		refused(await world.office.request("GET", CITY, target), 401,
		    "session-unknown");
	});

	test("HEAD gets the head alone; HTTP/1.0 has no chunks", async () => {
		const answer = await people.admin.request("HEAD", target);
		assert.equal(answer.status, 200);
		assert.equal(answer.bytes.length, 0);
		assert.match(answer.headers["content-type"], /^text\/csv/);
		const old = caller("admin", "", "1.0");
		old.socket.resume();
		await until("it is refused", () => old.ended);
		assert.match(old.head, /^HTTP\/1\.0 505 /);
	});
});

describe("100,000 rows", { concurrency: false }, () => {
	let size;

	test("a file is whole, each row is in it once, and the worker's memory " +
	    "is flat", async () => {
		const warm = await rows("big", "?status=planned");
		assert.ok(warm.length < MANY / 5);
		const base = memory();
		const answer = await get("big");
		assert.equal(answer.headers["transfer-encoding"], "chunked");
		size = answer.bytes.length;
		const more = memory() - base;
		assert.ok(size > 10 << 20, `${size}`);
		assert.ok(more < 2048, `${more} KiB`);
		const numbers = parse(answer.bytes).map((row) => row.Nummer);
		assert.equal(numbers.length, MANY);
		assert.equal(new Set(numbers).size, MANY);
	});

	test("slow readers cost no memory, and short requests stay quick",
	    async () => {
		const base = memory();
		const slow = [caller("big"), caller("big")];
		// They read a little, and then nothing.
		for (const one of slow)
			one.socket.once("data", () => one.socket.pause());
		for (const one of slow)
			one.socket.resume();
		await until("both have begun", () => slow.every((one) => one.bytes),
		    150_000);
		for (let i = 0; i < 50; i++) {
			const began = performance.now();
			const answer = await people.big.request("GET", `${list}1`);
			assert.equal(answer.status, 200);
			assert.ok(performance.now() - began < 1000);
		}
		assert.ok(slow.every((one) => one.bytes < size / 2 && !one.ended));
		assert.ok(memory() - base < 2048);
		// And go on where they were.
		for (const one of slow)
			one.socket.resume();
		await until("both are there", () => slow.every((one) => one.ended),
		    150_000);
		for (const one of slow) {
			assert.ok(isWhole(one));
			assert.ok(one.bytes > size);	// heads and chunks
		}
		assert.ok(memory() - base < 2048);
	});

	test("a third waits for its turn", async () => {
		const three = [1, 2, 3].map(() => caller("big", HALF));
		for (const one of three)
			one.socket.resume();
		await until("all are there", () => three.every((one) => one.ended),
		    150_000);
		for (const one of three)
			assert.ok(isWhole(one));
	});

	test("whoever hangs up ends the statement, before its first row too",
	    async () => {
		const waits = () => Number(world.sql("select count(*) from " +
		    "pg_stat_activity where datname = current_database() and " +
		    "state = 'active' and application_name = " +
		    "'stadtkern_office'"));
		const early = caller("big", HALF);
		await until("it is at work", () => waits() > 0);
		early.socket.destroy();
		await until("nothing is at work", () => waits() === 0, 150_000);
		const readings = () => Number(world.sql("select count(*) from " +
		    "stadtkern.audit_inbox where reads = 'tickets'"));
		const before = readings();
		const late = caller("big", HALF);
		late.socket.once("data", () => late.socket.destroy());
		late.socket.resume();
		await until("it was read", () => late.bytes > 0, 150_000);
		await until("nothing is at work", () => waits() === 0, 150_000);
		assert.equal(readings(), before + 1);	// it was read all the same
		assert.equal((await get("big", "?status=planned")).status, 200);
		assert.ok(!/connection lost/.test(world.office.log));
	});

	test("a statement that fails in the middle leaves no file that looks " +
	    "whole", async () => {
		const one = caller("big", HALF);
		one.socket.once("data", () => one.socket.pause());
		one.socket.resume();
		await until("it has begun", () => one.bytes > 0, 150_000);
		assert.equal(world.sql("select count(*) from (select " +
		    "pg_cancel_backend(pid) from pg_stat_activity where datname = " +
		    "current_database() and state = 'active' and application_name " +
		    "= 'stadtkern_office') c"), "1");
		one.socket.resume();
		await until("it ends", () => one.ended, 150_000);
		assert.ok(one.bytes < size);
		assert.ok(!isWhole(one));
		assert.match(world.office.log, /stream broken off/);
		assert.equal((await get("big", "?status=planned")).status, 200);
	});

	test("a database that goes ends the file, too", async () => {
		const one = caller("big", HALF);
		one.socket.once("data", () => one.socket.pause());
		one.socket.resume();
		await until("it has begun", () => one.bytes > 0, 150_000);
		world.sql("select pg_terminate_backend(pid) from " +
		    "pg_stat_activity where datname = current_database() and " +
		    "state = 'active' and application_name = 'stadtkern_office'");
		one.socket.resume();
		await until("it ends", () => one.ended, 150_000);
		assert.ok(!isWhole(one));
		await until("it is back", async () =>
		    (await get("big", "?status=planned")).status === 200);
	});
});

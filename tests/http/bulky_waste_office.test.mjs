// SPDX-License-Identifier: EUPL-1.2
// Bulky waste as the waste company works on it, and what a city may write.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { refused } from "./lib/city.mjs";
import { readMails } from "./lib/mail.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";
import { address, book, freeDays, officeWaste, rulesOf, waste } from
    "./lib/waste.mjs";

const city = "castrop-rauxel", reason = "Der Wagen ist kaputt.";
let world, device, staff, days;

before(async () => {
	world = await startWorld({ public: true, office: true, home: true,
	    env: { STADTKERN_LIMITS: "0" } });
	world.startCourier();
	device = await newDevice(world.public, city);
	staff = await newStaff(world, city, "abfall@example.org", "waste");
	days = await freeDays(world.public, city, "nord");
});
after(() => world.stop());

const get = (target, who = staff) => who.request("GET", officeWaste + target);
const send = (method, target, body, who = staff) => who.request(method,
    officeWaste + target, { body });
const plan = async (day) => {
	const answer = await get(`/plan?district=nord&day=${day}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json.items;
};

describe("the plan of a day", () => {
	test("has its stops in an order, with names, and points for the map", async () => {
		for (const [number, street] of [[40, "Vinckestraße"],
		    [3, "Thomasstraße"], [5, "Thomasstraße"], [7, "Vinckestraße"]])
			await book(device, [days[0]], number,
			    { address: address(number, street) });
		const stops = await plan(days[0]);
		assert.deepEqual(stops.map(({ stop }) => stop), [1, 2, 3, 4]);
		assert.deepEqual(stops.map(({ address: { street, house_number } }) =>
		    `${street} ${house_number}`), ["Thomasstraße 3",
		    "Thomasstraße 5", "Vinckestraße 7", "Vinckestraße 40"]);
		for (const { household, position } of stops) {
			assert.equal(household.name, "Alex Beispiel");
			assert.ok(position.lat > 51 && position.lon > 7);
		}
	});

	test("may be put into another order", async () => {
		const stops = await plan(days[0]);
		const answer = await send("PUT", `/days/nord/${days[0]}/order`,
		    { bookings: [stops[2].id, stops[0].id] });
		assert.equal(answer.status, 200, answer.text);
		assert.deepEqual((await plan(days[0])).slice(0, 2)
		    .map(({ id }) => id), [stops[2].id, stops[0].id]);
		assert.equal((await plan(days[0])).length, 4);
	});

	test("is a file for the company's own system, too", async () => {
		const file = await get(`/bookings.csv?from=${days[0]}` +
		    `&until=${days[0]}`);
		assert.equal(file.status, 200, file.text);
		assert.match(file.headers["content-type"], /^text\/csv/);
		const lines = file.text.trim().split("\r\n");
		assert.match(lines[0], /^\W?Tag;Bezirk;Halt;Nummer;Straße.*;Bezahlung$/);
		assert.equal(lines.length, 5);
		const stops = await plan(days[0]);
		for (const [i, { number }] of stops.entries())
			assert.ok(lines[i + 1].startsWith(
			    `${days[0]};nord;${i + 1};${number};`), lines[i + 1]);
		assert.match(lines[1], /Alex Beispiel;;alex@example\.org;Im Hof;/);
		assert.match(lines[1], /;1 × Sofa, Couch;1,50;60;0;/);
	});

	test("goes on page by page", async () => {
		const first = (await get(`/plan?district=nord&day=${days[0]}` +
		    "&limit=3")).json;
		assert.equal(first.items.length, 3);
		const second = (await get(`/plan?district=nord&day=${days[0]}` +
		    `&limit=3&cursor=${first.next}`)).json;
		assert.deepEqual(second.items.map(({ stop }) => stop), [4]);
		assert.equal(second.next, null);
	});
});

describe("a booking", () => {
	test("is found by number, however parted, and by its street", async () => {
		const made = await book(device, [days[1]], "17 b");
		const { number } = made;
		for (const q of [number, `${number.slice(0, 4)} ${number.slice(4)}`,
		    "thomasstr. 17B", "Thomasstrasse"]) {
			const { json } = await get(`/bookings?q=${
			    encodeURIComponent(q)}`);
			assert.ok(json.items.some(({ id }) => id === made.id), q);
		}
		assert.deepEqual((await get("/bookings?q=00000000")).json.items, []);
	});

	test("is shown with household and contact", async () => {
		const made = await book(device, [days[1]], 18);
		const { json } = await get(`/bookings/${made.id}`);
		assert.deepEqual(json.household, { name: "Alex Beispiel",
		    note: "Im Hof" });
		assert.equal(json.contact.email, "alex@example.org");
	});

	test("that the office cancels is told by mail", async () => {
		const made = await book(device, [days[1]], 19);
		const answer = await send("POST", `/bookings/${made.id}/cancel`,
		    { reason });
		assert.equal(answer.json.cancelled.by, "office");
		const mail = await until("the mail", () => readMails(world).find(
		    ({ body }) => body.includes(made.number) &&
		    body.includes(reason)));
		assert.match(mail.head, /^To: <alex@example\.org>$/m);
		assert.equal((await device.request("GET",
		    `${waste}/bookings/${made.id}`)).json.state, "cancelled");
	});
});

describe("a day", () => {
	test("that is closed is not given out, and is open again", async () => {
		const free = async (day) => (await world.public.request("GET", city,
		    `${waste}/districts/nord/days`)).json.days
		    .find((one) => one.day === day);
		await send("PUT", `/days/nord/${days[2]}`, { closed: "Ausflug" });
		await until("it is closed", async () =>
		    (await free(days[2])).closed === "Ausflug");
		assert.equal((await free(days[2])).free, 0);
		const own = (await get(`/days?from=${days[2]}&until=${days[2]}`))
		    .json.items.find(({ district }) => district === "nord");
		assert.equal(own.closed, "Ausflug");
		await send("PUT", `/days/nord/${days[2]}`, { capacity: 3 });
		await until("three places", async () =>
		    (await free(days[2])).free === 3);
	});

	test("that is cancelled: everybody is told once, and gets the free pick-up back",
	    async () => {
		const made = [];
		for (let i = 60; i < 63; i++)
			made.push(await book(device, [days[3]], i,
			    i === 62 ? { contact: { phone: "02305 1" } } : {}));
		const headers = { "idempotency-key": "the-broken-truck" };
		const cancel = () => staff.request("POST",
		    `${officeWaste}/days/nord/${days[3]}/cancel`,
		    { body: { reason }, headers });
		const first = await cancel();
		assert.equal(first.status, 201, first.text);
		assert.deepEqual([first.json.cancelled, first.json.without_address],
		    [3, 1]);
		assert.equal((await cancel()).text, first.text);
		await until("two mails", () => readMails(world).filter(({ body }) =>
		    made.some(({ number }) => body.includes(number)) &&
		    body.includes("müssen wir leider absagen")).length === 2);
		assert.deepEqual(await plan(days[3]), []);
		await book(device, [days[4]], 60);
	});

	test("of no district, and that is none, is not found", async () => {
		refused(await send("PUT", `/days/nirgends/${days[2]}`, {}), 404,
		    "not-found");
		refused(await send("PUT", "/days/nord/2026-02-30", {}), 404,
		    "not-found");
	});
});

describe("rights", () => {
	test("of the waste company show bookings and no reports", async () => {
		refused(await staff.request("GET",
		    "/office/api/v1/defect-reporter/tickets"), 403,
		    "right-missing");
		const clerk = await newStaff(world, city, "amt@example.org",
		    "clerk");
		for (const target of ["/districts", "/days",
		    `/plan?district=nord&day=${days[0]}`, "/bookings?q=weg"])
			refused(await get(target, clerk), 403, "right-missing");
	});

	test("that are limited to a district hide the others", async () => {
		const file = path.join(world.home, `tenants/${city}.yaml`);
		fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(
		    "rights: [bulky-waste.*]", "rights: [bulky-waste.*]\n" +
		    "  south:\n    name: Süd\n    rights:\n" +
		    "      - {right: bulky-waste.*, categories: [sued]}"));
		const added = world.cli("tenant", "add", city);
		assert.equal(added.status, 0, added.stderr);
		const south = await newStaff(world, city, "sued@example.org",
		    "south");
		await until("the role is known", async () =>
		    (await get("/districts", south)).json.items?.length === 1);
		const { id } = await book(device, [days[5]], 30);
		assert.deepEqual((await get(`/plan?district=nord&day=${days[5]}`,
		    south)).json.items, []);
		for (const answer of [await get(`/bookings/${id}`, south),
		    await send("POST", `/bookings/${id}/cancel`, { reason }, south),
		    await send("PUT", `/days/nord/${days[5]}`, {}, south),
		    await send("POST", `/days/nord/${days[5]}/cancel`, { reason },
			south)])
			refused(answer, 404, "not-found");
		assert.deepEqual((await get("/bookings?q=Thomasstr", south)).json
		    .items, []);
	});
});

describe("a fee", () => {
	test("is in the confirmation and in the company's file, by invoice", async () => {
		await book(device, [days[7]], 70);
		const { number } = await book(device, [days[7]], 70,
		    { fee_cents: 3500 });
		const mail = await until("the mail", () => readMails(world)
		    .find(({ body }) => body.includes(number)));
		assert.match(mail.body, /35,00 Euro. Gebühren stellt EUV [^.]* in Rechnung\./);
		const { text } = await get(`/bookings.csv?from=${days[7]}` +
		    `&until=${days[7]}`);
		const ends = text.trim().split("\r\n").slice(1).map((line) =>
		    line.split(";").slice(-2).join());
		assert.deepEqual(ends.sort(), ["0,00,", "35,00,Rechnung"]);
	});

	// No provider but the invoice has a job; what one would be told is seen in
	// a transaction that is taken back.
	test("is told to who is paid by a job, in the booking's transaction", () => {
		const given = JSON.stringify({ ...rulesOf(world, city),
		    payment: "shell-money", payments: { "shell-money": "pay-shells" } });
		const things = JSON.stringify({ volume: 1500, weight: 60, devices: 0,
		    items: [{ item: "sofa", name: "Sofa", count: 1,
		    electrical: false }] });
		const booked = (agreed) => `bulky_waste.book('${given}',
		    '${JSON.stringify(address(71))}', '${things}', array['${days[7]}'
		    ]::date[], false, ${agreed}, 'x', 'x', 'x', 'de')`;
		const told = world.sql(`begin; select from set_config(
		    'stadtkern.tenant', (select id::text from tenant where slug =
		    '${city}'), true); select from set_config(
		    'stadtkern.device', '${device.id}', true); select from ${booked(0)};
		    create temporary table paid on commit drop as select (b.body ->>
		    'id')::uuid as id from ${booked(3500)} b; select from paid p,
		    lateral bulky_waste.cancel('${given}', p.id, 'citizen', null);
		    select payload ->> 'before', payload ->> 'owed', payload ->>
		    'version', payload ->> 'booking' = (select id::text from paid),
		    sealed is not null from job where kind = 'pay-shells' order by
		    id; rollback`).split("\n").filter(Boolean);
		assert.deepEqual(told, ["0|3500|1|t|t", "3500|0|2|t|t"]);
	});
});

describe("settings that contradict each other", () => {
	const file = () => path.join(world.home, `tenants/${city}.yaml`);
	const bad = (name, from, to, ...said) => test(`are refused: ${name}`,
	    () => {
		const good = fs.readFileSync(file(), "utf8");
		assert.ok(good.includes(from), from);
		fs.writeFileSync(file(), good.replace(from, to));
		const checked = world.cli("tenant", "check", city);
		fs.writeFileSync(file(), good);
		assert.equal(checked.status, 1);
		const line = good.slice(0, good.indexOf(from)).split("\n").length;
		for (const [pointer, code] of said) {
			const found = new RegExp(`${city}\\.yaml:(\\d+):\\d+: ` +
			    `/plugins/bulky-waste/${pointer} .*${code}`)
			    .exec(checked.stderr);
			assert.ok(found, checked.stderr);
			assert.ok(Math.abs(Number(found[1]) - line) <= 1,
			    checked.stderr);
		}
	});

	bad("free_per_year without limit", "    free_per_year: 1\n" +
	    '    fee: "35.00"\n    limit: {value: 1000, unit: kg}\n',
	    '    free_per_year: 1\n    fee: "35.00"\n', ["limit", "required"]);
	bad("a district without days", "days: [mon, thu], ", "days: [], ",
	    ["districts/0/days", "too few"]);
	bad("a district twice", "{code: mitte, name", "{code: nord, name",
	    ["districts/1/code", "twice"]);
	bad("days that end before they begin", "{min: 3, max: 60}",
	    "{min: 30, max: 20}", ["lead_days/max", "contradicts"]);
	bad("express that is none", "    change_until:",
	    "    express: {lead_days: 9}\n    change_until:",
	    ["express/fee", "required"], ["express/lead_days", "contradicts"]);
	bad("contact that is kept longer than its booking",
	    "    free_per_year: 1\n", "    contact_keep_days: 400\n" +
	    "    free_per_year: 1\n", ["contact_keep_days", "contradicts"]);
	bad("a payment that nobody takes", "    free_per_year: 1\n",
	    "    payment: barter\n    free_per_year: 1\n",
	    ["payment", "invoice"]);
	bad("no money", 'fee: "35.00"', 'fee: "dear"', ["fee", "form"]);
	bad("nothing that could be booked", "    free_per_year: 1\n" +
	    '    fee: "35.00"\n', "    free_per_year: 0\n",
	    ["fee", "required"]);
	bad("less than a thing weighs", "{value: 1000, unit: kg}",
	    "{value: 50, unit: kg}");
	bad("a department that is none", "department: euv\n    free",
	    "department: nobody\n    free", ["department", "exist"]);
	bad("a time that is none", 'from: "18:00"', 'from: "25:00"',
	    ["put_out/from", "form"]);
});

test("the demonstration has bookings in each of the four cities", async () => {
	const demo = fs.readFileSync(path.join(world.home,
	    "plugins/bulky-waste/demo.sql"), "utf8");
	for (const one of ["castrop-rauxel", "gladbeck", "herne", "waltrop"]) {
		world.sql(`begin; set local role stadtkern_owner; set local
		    search_path = stadtkern, public; select set_config(
		    'stadtkern.tenant', (select id from stadtkern.tenant where slug =
		    '${one}')::text, true); delete from bulky_waste.booking;
		    delete from bulky_waste.day; ${demo}; commit`);
		const count = Number(world.sql("select count(*) from " +
		    "bulky_waste.booking b join tenant t on t.id = b.tenant_id " +
		    `where t.slug = '${one}'`));
		assert.ok(count >= 30, `${one}: ${count}`);
	}
});

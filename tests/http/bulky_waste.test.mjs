// SPDX-License-Identifier: EUPL-1.2
// Bulky waste as citizens use it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { everything, refused, tables } from "./lib/city.mjs";
import { readMails } from "./lib/mail.mjs";
import { newDevice, startWorld, until } from "./lib/server.mjs";
import { aBooking, address, book, freeDays, waste } from "./lib/waste.mjs";

const city = "castrop-rauxel";
let world, device, days, number = 1;

before(async () => {
	world = await startWorld({ public: true, courier: true,
	    env: { STADTKERN_LIMITS: "0" } });
	device = await newDevice(world.public, city);
	days = await freeDays(world.public, city, "nord");
});
after(() => world.stop());

// An address that nobody has used.
const fresh = () => String(number++);
const post = (body, headers = {}) => device.request("POST",
    `${waste}/bookings`, { body, headers });
const places = (day, district = "nord") => Number(world.sql(
    "select coalesce(max(booked), 0) from bulky_waste.day where " +
    `district = '${district}' and day = '${day}' and tenant_id = ` +
    `(select id from tenant where slug = '${city}')`));

describe("what is told before booking", () => {
	test("is the catalogue, with what is not accepted and why", async () => {
		const { json } = await world.public.request("GET", city,
		    `${waste}/catalogue`);
		assert.ok(json.items.length >= 20);
		assert.ok(json.items.every((item) => item.weight > 0 && item.icon));
		const door = json.excluded.find((one) => one.code === "door");
		assert.match(door.because, /Gebäude/);
		assert.match(door.take_to, /Wertstoffhof/);
		assert.equal(json.free_per_year, 1);
		assert.deepEqual(json.limit, { value: 1000, unit: "kg" });
	});

	test("is the district of an address, without the address in a URL", async () => {
		const { json } = await world.public.request("POST", city,
		    `${waste}/address`, { body: { address:
		    address("60 A", "deininghauserweg") } });
		assert.deepEqual(json.address, { street: "Deininghauser Weg",
		    house_number: "60a", postcode: "44579", part: "Süd" });
		assert.equal(json.district, "nord");
	});

	test("is which days are free: not before the lead time, never a holiday", async () => {
		const { json } = await world.public.request("GET", city,
		    `${waste}/districts/nord/days`);
		const ahead = (day) => Math.round((new Date(day) -
		    new Date(world.sql("select today()"))) / 86_400_000);
		assert.ok(json.days.length >= 15);
		for (const { day } of json.days) {
			assert.ok([1, 4].includes(new Date(day).getUTCDay()), day);
			assert.ok(ahead(day) >= 3 && ahead(day) <= 60, day);
		}
		const holidays = world.sql("select day from holiday").split("\n");
		for (const { day, free, closed } of json.days)
			if (holidays.includes(day))
				assert.ok(free === 0 && closed, day);
	});

	test("is what it costs", async () => {
		const at = fresh();
		const quote = async () => (await device.request("POST",
		    `${waste}/quote`, { body: { address: address(at),
		    items: [{ item: "sofa" }, { item: "fridge" }],
		    day: days[0] } })).json;
		const first = await quote();
		assert.equal(first.fee_cents, 0);
		assert.deepEqual(first.free, { bulky: 1, electrical: 1 });
		await book(device, [days[0]], at);
		const second = await quote();
		assert.equal(second.fee_cents, 3500);
		assert.deepEqual(second.free, { bulky: 0, electrical: 1 });
	});
});

describe("a booking", () => {
	test("has a number, takes a place, and is confirmed by mail", async () => {
		const before = places(days[1]);
		const at = fresh();
		const made = await book(device, [days[1]], `${at} a`, { address:
		    address(`${at} a`, "thomasstr.") });
		assert.match(made.number, /^\d{8}$/);
		assert.equal(made.address.house_number, `${at}a`);
		assert.equal(made.fee_cents, 0);
		assert.deepEqual(made.free, ["bulky"]);
		assert.equal(places(days[1]), before + 1);
		const mail = await until("the mail", () => readMails(world)
		    .find(({ body }) => body.includes(made.number)));
		assert.match(mail.head, /^To: <alex@example\.org>$/m);
		assert.match(mail.body, /ab 18:00 Uhr am Vorabend/);
		// As the list of streets writes it, and in no job.
		assert.ok(mail.body.includes(`Adresse: Thomasstraße ${at}a\n`),
		    mail.body);
		assert.equal(world.sql("select count(*) from job where " +
		    "payload::text ~ 'Thomasstr'"), "0");
		assert.ok(mail.body.includes(made.day.split("-").reverse().join(".")));
	});

	test("is answered the same when it is sent again, and done once", async () => {
		const body = aBooking([days[1]], fresh());
		const headers = { "idempotency-key": "the-sofa-of-today" };
		const before = places(days[1]);
		const first = await post(body, headers);
		assert.equal(first.status, 201, first.text);
		const again = await post(body, headers);
		assert.equal(again.status, 201);
		assert.equal(again.text, first.text);
		assert.equal(places(days[1]), before + 1);
		refused(await post(aBooking([days[2]], fresh()), headers), 409,
		    "idempotency-key-reused");
	});

	test("keeps name, note and contact where the database reads none", async () => {
		await book(device, [days[1]], fresh(), { household:
		    { name: "Familie Unverwechselbar", note: "Hintertreppe" },
		    contact: { email: "unverwechselbar@example.org",
			phone: "02305 4711" } });
		await until("the mail is gone", () => world.sql("select count(*) " +
		    "from job where kind = 'mail' and state <> 'done'") === "0");
		const text = everything(world);
		for (const secret of ["Unverwechselbar", "Hintertreppe",
		    "unverwechselbar@", "02305 4711"])
			assert.ok(!text.includes(secret), secret);
	});

	test("of a device is not another's", async () => {
		const made = await book(device, [days[1]], fresh());
		const other = await newDevice(world.public, city);
		for (const [method, path, body] of [["GET", ""],
		    ["GET", "/calendar.ics"], ["POST", "/cancel", {}],
		    ["PATCH", "", { version: 1, days: [days[2]] }]])
			refused(await other.request(method,
			    `${waste}/bookings/${made.id}${path}`, { body }), 404,
			    "not-found");
		assert.deepEqual((await other.request("GET", `${waste}/bookings`))
		    .json.items, []);
		const own = await device.request("GET", `${waste}/bookings`);
		assert.ok(own.json.items.some(({ id }) => id === made.id));
		assert.equal((await device.request("GET",
		    `${waste}/bookings/${made.id}`)).json.number, made.number);
	});

	test("is an event that changes and is cancelled in a calendar", async () => {
		const made = await book(device, [days[1]], fresh());
		const event = async () => (await device.request("GET",
		    `${waste}/bookings/${made.id}/calendar.ics`));
		const first = await event();
		assert.equal(first.headers["content-type"],
		    "text/calendar; charset=utf-8");
		assert.ok(first.text.split("\r\n").every((line) =>
		    Buffer.byteLength(line) <= 75), first.text);
		assert.ok(!/[^\r]\n/.test(first.text));
		const unfolded = first.text.replaceAll("\r\n ", "");
		for (const line of [`UID:${made.id}@${city}`, "SEQUENCE:0",
		    "STATUS:CONFIRMED", `DTSTART;VALUE=DATE:${made.day
			.replaceAll("-", "")}`])
			assert.ok(unfolded.includes(`\r\n${line}\r\n`), line);
		await device.request("PATCH", `${waste}/bookings/${made.id}`,
		    { body: { version: 1, days: [days[2]] } });
		assert.match((await event()).text, /\r\nSEQUENCE:1\r\n/);
		await device.request("POST", `${waste}/bookings/${made.id}/cancel`,
		    { body: {} });
		const last = (await event()).text;
		assert.match(last, /\r\nSTATUS:CANCELLED\r\n/);
		assert.match(last, /\r\nSEQUENCE:2\r\n/);
		assert.ok(last.includes(`UID:${made.id}@${city}`));
	});
});

describe("a change", () => {
	test("moves it and gives the place back", async () => {
		const made = await book(device, [days[3]], fresh());
		const was = [places(days[3]), places(days[4])];
		const changed = await device.request("PATCH",
		    `${waste}/bookings/${made.id}`, { body: { version: 1,
		    days: [days[4]], items: [{ item: "bed", count: 2 }] } });
		assert.equal(changed.status, 200, changed.text);
		assert.equal(changed.json.day, days[4]);
		assert.equal(changed.json.items[0].count, 2);
		assert.equal(changed.json.version, 2);
		assert.deepEqual([places(days[3]), places(days[4])],
		    [was[0] - 1, was[1] + 1]);
		refused(await device.request("PATCH",
		    `${waste}/bookings/${made.id}`, { body: { version: 1,
		    days: [days[3]] } }), 409, "changed-meanwhile");
	});

	test("that cannot be leaves everything as it was", async () => {
		const made = await book(device, [days[3]], fresh());
		const was = tables(world);
		const asked = await device.request("PATCH",
		    `${waste}/bookings/${made.id}`, { body: { version: 1,
		    days: ["2020-01-02"] } });
		refused(asked, 422, "day-outside");
		assert.deepEqual(tables(world), was);
	});

	test("back to the free pick-up: cancelled, it can be booked again", async () => {
		const at = fresh();
		const made = await book(device, [days[3]], at);
		refused(await post(aBooking([days[3]], at)), 409, "free-used-fee");
		const cancelled = await device.request("POST",
		    `${waste}/bookings/${made.id}/cancel`, { body: {} });
		assert.equal(cancelled.json.state, "cancelled");
		assert.equal(cancelled.json.cancelled.by, "citizen");
		const again = await device.request("POST",
		    `${waste}/bookings/${made.id}/cancel`, { body: {} });
		assert.equal(again.status, 200);
		assert.deepEqual(again.json, cancelled.json);
		await book(device, [days[3]], at);
		refused(await device.request("PATCH",
		    `${waste}/bookings/${made.id}`, { body: { version: 2,
		    days: [days[4]] } }), 409, "cancelled-before");
	});

	test("comes too late after the deadline", async () => {
		const made = await book(device, [days[3]], fresh());
		world.sql("update bulky_waste.booking set change_until = now() - " +
		    `interval '1 minute' where id = '${made.id}'`);
		const was = tables(world);
		refused(await device.request("PATCH",
		    `${waste}/bookings/${made.id}`, { body: { version: 1,
		    days: [days[4]] } }), 409, "too-late");
		refused(await device.request("POST",
		    `${waste}/bookings/${made.id}/cancel`, { body: {} }), 409,
		    "too-late");
		assert.deepEqual(tables(world), was);
	});
});

describe("refused with a reason, and nothing stored, is", () => {
	const bad = (name, changes, status, code, more) => test(name, async () => {
		const body = { ...aBooking([days[5]], fresh()), ...changes?.() };
		const was = tables(world);
		const answer = await post(body);
		refused(answer, status, code);
		assert.deepEqual(tables(world), was);
		more?.(answer.json);
	});
	const days_follow = ({ free_days }) => {
		assert.equal(free_days.length, 5);
		assert.ok(free_days.every((day) => days.includes(day)));
	};

	bad("more than the limit", () => ({ items: [{ item: "sofa", count: 17 }] }),
	    422, "over-limit", ({ limit, given, unit }) => assert.deepEqual(
	    [limit, given, unit], [1000, 1020, "kg"]));
	bad("more devices than are taken", () => ({ items: [{ item: "fridge",
	    count: 6 }] }), 422, "too-many-devices");
	bad("what is not accepted", () => ({ items: [{ item: "door" }] }), 422,
	    "not-accepted", ({ because, take_to, title }) => {
		assert.match(title, /Türen/);
		assert.ok(because && take_to);
	});
	bad("an item of another catalogue", () => ({ items: [{ item: "sofa" },
	    { item: "spaceship" }] }), 422, "fields", ({ errors }) =>
	    assert.equal(errors[0].pointer, "/items/1/item"));
	bad("a day before the lead time", () => ({ days:
	    [world.sql("select today() + 1")] }), 422, "day-outside",
	    days_follow);
	bad("a day too far ahead", () => ({ days:
	    [world.sql("select today() + 90")] }), 422, "day-outside");
	bad("a day that is not the district's", () => ({ days: [world.sql(
	    `select '${days[1]}'::date + 1`)] }), 422, "day-other", days_follow);
	bad("more wishes than the city takes", () => ({ days: days.slice(0, 2) }),
	    422, "fields");
	bad("a full day", () => {
		world.sql("insert into bulky_waste.day (tenant_id, district, day, " +
		    `capacity) select id, 'nord', '${days[6]}', 0 from tenant ` +
		    `where slug = '${city}'`);
		return { days: [days[6]] };
	}, 409, "day-full", ({ free_days }) => {
		assert.equal(free_days.length, 5);
		assert.ok(!free_days.includes(days[6]));
	});
	bad("a closed day", () => {
		world.sql("insert into bulky_waste.day (tenant_id, district, day, " +
		    `closed) select id, 'nord', '${days[7]}', 'Betriebsausflug' ` +
		    `from tenant where slug = '${city}'`);
		return { days: [days[7]] };
	}, 409, "day-closed", ({ free_days }) =>
	    assert.ok(!free_days.includes(days[7])));
	bad("a street that is not there", () => ({ address:
	    address(1, "Thomas") }), 422, "street-unknown", ({ streets }) =>
	    assert.deepEqual(streets, ["Thomasstraße"]));
	bad("a house number that is none", () => ({ address: address("a") }), 422,
	    "house-number");
	bad("a house number that is not there", () => ({ address:
	    address("4000") }), 422, "address-unknown");
	bad("an address outside the city", () => ({ address: { ...address(),
	    postcode: "10115" } }), 422, "outside-city");
	bad("express where there is none", () => ({ express: true }), 422,
	    "no-express");
	bad("nobody to write to, and no name", () => ({ household: undefined,
	    contact: {} }), 422, "fields");

	test("a second free pick-up, with the fee", async () => {
		const at = fresh();
		await book(device, [days[5]], at);
		const was = tables(world);
		const second = await post(aBooking([days[5]], `0${at}`));
		refused(second, 409, "free-used-fee");
		assert.equal(second.json.fee_cents, 3500);
		assert.match(second.json.title, /35,00 Euro/);
		assert.deepEqual(tables(world), was);
		const paid = await book(device, [days[5]], at,
		    { fee_cents: 3500 });
		assert.equal(paid.fee_cents, 3500);
		assert.deepEqual(paid.free, []);
	});
});

describe("in other cities", () => {
	test("the first wish that is free is taken, and express costs more", async () => {
		const herne = await newDevice(world.public, "herne");
		const all = (await world.public.request("GET", "herne",
		    `${waste}/districts/wanne/days`)).json.days;
		const street = world.sql("select s.name from street s join " +
		    "street_section x on x.tenant_id = s.tenant_id and " +
		    "x.street = s.key join tenant t on t.id = s.tenant_id " +
		    "where t.slug = 'herne' and x.districts ->> 'bulky-waste' = " +
		    "'wanne' limit 1");
		const normal = all.filter((day) => day.free && !day.express);
		world.sql("insert into bulky_waste.day (tenant_id, district, day, " +
		    `capacity) select id, 'wanne', '${normal[0].day}', 0 from ` +
		    "tenant where slug = 'herne'");
		const made = await book(herne, normal.slice(0, 3)
		    .map((day) => day.day), 1, { address: address(1, street),
		    fee_cents: 2500 });
		assert.equal(made.day, normal[1].day);
		refused(await herne.request("POST", `${waste}/bookings`, { body:
		    aBooking([normal[2].day], 1, { address: address(1, street) }) }),
		    409, "fee-differs");
		const device = await book(herne, [normal[2].day], 1, { address:
		    address(1, street), items: [{ item: "fridge" }] });
		assert.equal(device.fee_cents, 0, "devices are free");
		const early = all.find((day) => day.express && day.free);
		if (early) {
			const express = await book(herne, [early.day], 1, { address:
			    address(1, street), express: true, fee_cents: 4500 });
			assert.equal(express.fee_cents, 4500);
			assert.equal(express.express, true);
		}
	});

	test("where there is no fee, what is free ends", async () => {
		const gladbeck = await newDevice(world.public, "gladbeck");
		const free = await freeDays(world.public, "gladbeck", "nord");
		const street = world.sql("select s.name from street s join " +
		    "street_section x on x.tenant_id = s.tenant_id and " +
		    "x.street = s.key join tenant t on t.id = s.tenant_id " +
		    "where t.slug = 'gladbeck' and x.districts ->> 'bulky-waste' " +
		    "= 'nord' and x.side = 'all' limit 1");
		const year = free[0].slice(0, 4);
		const same = free.filter((day) => day.startsWith(year));
		const at = { address: address(2, street) };
		for (let i = 0; i < 4; i++)
			await book(gladbeck, [same[0]], 2, at);
		refused(await gladbeck.request("POST", `${waste}/bookings`, { body:
		    aBooking([same[0]], 2, { ...at, fee_cents: 99_999 }) }), 409,
		    "free-used");
	});
});

// SPDX-License-Identifier: EUPL-1.2
// A thousand households want the hundred places of a day at once, while
// workers, the courier, PostgreSQL's backends and PostgreSQL itself are killed:
// never more than a hundred get one, whoever was told so has one, and whoever
// asks again is told the same.

// A cluster of this file's own: it is killed.
delete process.env.STADTKERN_TEST_PG;

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { readMails } from "../http/lib/mail.mjs";
import { newDevice, startWorld, top, until } from "../http/lib/server.mjs";
import { aBooking, address, freeDays, waste } from "../http/lib/waste.mjs";

const slow = process.env.SAN ? 4 : 1;
const city = "castrop-rauxel", district = "nord", street = "Lange Straße";
const HOUSEHOLDS = 1000, PLACES = 100, AT_ONCE = 100;
let world, device, days;

async function clusterSh(...args) {
	const child = spawn("sh", ["platform/db/cluster.sh", ...args],
	    { cwd: top, stdio: "ignore" });
	const [code] = await once(child, "exit");
	assert.equal(code, 0, `cluster.sh ${args[0]}`);
}

before(async () => {
	world = await startWorld({ env: { STADTKERN_LIMITS: "0" } });
	// From here on it is as with an operator, whose data outlive a crash.
	await clusterSh("stop", world.pg);
	await clusterSh("start", world.pg);
	const list = path.join(world.dir, "streets.csv");
	fs.writeFileSync(list, "street;postcode;from;to;district:bulky-waste\n" +
	    `${street};44575;1;9999;${district}\n`);
	const taken = world.cli("streets", "import", city, list);
	assert.equal(taken.status, 0, taken.stderr);
	await world.startServer("public");
	world.startCourier();
	device = await newDevice(world.public, city);
	days = await freeDays(world.public, city, district);
	world.sql("insert into bulky_waste.day (tenant_id, district, day, " +
	    `capacity) select id, '${district}', '${days[0]}', ${PLACES} from ` +
	    `tenant where slug = '${city}'`);
}, { timeout: 120_000 * slow });
after(() => world.stop());

const ask = (number, key, changes) => device.request("POST",
    `${waste}/bookings`, { body: aBooking([days[0]], number,
    { address: address(number, street), ...changes }),
    headers: { "idempotency-key": key } });

// Until it is told, as an app does: no answer and 503 are no answer.
async function insist(number, key, changes) {
	for (const end = Date.now() + 90_000 * slow;;) {
		const answer = await ask(number, key, changes).catch(() => null);
		if (answer && answer.status !== 503)
			return answer;
		assert.ok(Date.now() < end, "it is answered in the end");
		await new Promise((done) => setTimeout(done, 20));
	}
}

async function all(count, action) {
	const answers = [];
	let next = 0;
	await Promise.all(Array.from({ length: AT_ONCE }, async () => {
		while (next < count) {
			const i = next++;
			answers[i] = await action(i);
		}
	}));
	return answers;
}

const children = (pid) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`,
    "utf8").trim().split(" ").filter(Boolean).map(Number);
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const sql = (query) => {
	try {
		return world.sql(query);
	} catch {
		return "";	// it is just coming back
	}
};

const kill = (pid) => {
	try {
		process.kill(pid, "SIGKILL");
		return true;
	} catch {
		return false;	// it ended by itself
	}
};

// Each says whether it killed.
const killers = {
	worker: () => kill(pick(children(world.public.pid))),
	courier: () => {
		const old = world.courier;
		world.startCourier();
		return kill(-old.pid);
	},
	// As the out-of-memory killer does: all of the cluster starts anew.
	backend: () => {
		const pid = Number(sql("select pid from pg_stat_activity where " +
		    "usename = 'stadtkern_public' order by random() limit 1"));
		return pid > 0 && kill(pid);
	},
	postmaster: async () => {
		const pid = Number(fs.readFileSync(path.join(world.pg,
		    "data/postmaster.pid"), "utf8").split("\n")[0]);
		assert.ok(kill(pid), "the postmaster was there");
		await clusterSh("start", world.pg);
		return true;
	},
};
const killed = Object.fromEntries(Object.keys(killers).map((one) => [one, 0]));

// All of them again and again, each time in another order.
function* victims() {
	for (;;)
		for (const left = Object.keys(killers); left.length > 0;)
			yield left.splice(Math.floor(Math.random() * left.length), 1)[0];
}

test("a thousand at once, and everything dies", async () => {
	let asking = true, answered = 0, kills = 0;
	// All could be told that the day is full while one thing starts again:
	// no more than a hundred are asking for each that was killed.
	const asked = all(HOUSEHOLDS, async (i) => {
		await until("its turn", () => kills >= Math.floor(i / 100) - 1,
		    200_000);
		const answer = await insist(i + 1, `household-${i}`);
		answered++;
		return answer;
	}).finally(() => { asking = false; });
	for (const what of victims()) {
		const next = answered + 1 + Math.floor(Math.random() * 90);
		await until("some are answered", () => !asking || answered >= next,
		    90_000);
		if (!asking)
			break;
		await until(`a ${what} is killed`, killers[what]);
		killed[what]++;
		kills++;
	}
	const answers = await asked;
	assert.ok(Object.values(killed).every((times) => times > 1),
	    JSON.stringify(killed));

	const got = answers.filter(({ status }) => status === 201);
	for (const answer of answers.filter(({ status }) => status !== 201))
		assert.equal(answer.json.code, "day-full", answer.text);
	const [booked, rows, used] = (await until("PostgreSQL is back", () =>
	    sql("select (select booked from bulky_waste.day where day = " +
	    `'${days[0]}' and district = '${district}'), (select count(*) from ` +
	    "bulky_waste.booking), (select sum(used) from " +
	    "bulky_waste.allowance)"))).split("|").map(Number);
	assert.deepEqual([booked, rows, used], [PLACES, PLACES, PLACES]);
	assert.equal(got.length, PLACES, "each place is somebody's");
	const there = world.sql("select id from bulky_waste.booking").split("\n");
	for (const { json } of got)
		assert.ok(there.includes(json.id), "none that was confirmed is lost");

	const again = await all(HOUSEHOLDS, (i) => insist(i + 1,
	    `household-${i}`));
	for (const [i, answer] of again.entries()) {
		assert.equal(answer.status, answers[i].status);
		if (answer.status === 201)
			assert.equal(answer.text, answers[i].text);
		else
			assert.equal(answer.json.code, "day-full");
	}
	assert.equal(world.sql("select count(*) from bulky_waste.booking"),
	    String(PLACES));

	// A courier that was killed leaves a lease behind; so that the test need
	// not wait for its end, it ends now.
	world.sql("update job set leased_until = now() where state = 'running'");
	await until("every mail went out", () => sql("select count(*) from job " +
	    "where kind = 'mail' and state <> 'done'") === "0", 60_000);
	const mails = readMails(world).map(({ body }) => body).join("\n");
	for (const { json } of got)
		assert.ok(mails.includes(json.number), "each is confirmed by mail");
}, { timeout: 300_000 * slow });

test("sixty at once for the one free pick-up of an address", async () => {
	const answers = await all(60, (i) => insist(5000, `the-same-house-${i}`,
	    { days: [days[1 + i % 3]] }));
	const got = answers.filter(({ status }) => status === 201);
	assert.equal(got.length, 1);
	for (const answer of answers.filter(({ status }) => status !== 201))
		assert.equal(answer.json.code, "free-used-fee", answer.text);
	assert.equal(world.sql("select sum(booked) from bulky_waste.day where " +
	    `day = any ('{${days.slice(1, 4)}}')`), "1");
}, { timeout: 120_000 * slow });

test("sixty at once that move and cancel wait for nobody forever", async () => {
	const days2 = days.slice(4, 8);
	const made = await all(30, (i) => insist(6000 + i, `the-mover-${i}`,
	    { days: [days2[i % 4]] }));
	for (const answer of made)
		assert.equal(answer.status, 201, answer.text);
	const moved = await all(60, (i) => {
		const { id, day } = made[i % 30].json;
		const to = days2[(days2.indexOf(day) + 1 + i % 2) % 4];
		return i < 30 || i % 3 ? device.request("PATCH",
		    `${waste}/bookings/${id}`, { body: { version: 1, days: [to] } }) :
		    device.request("POST", `${waste}/bookings/${id}/cancel`,
		    { body: {} });
	});
	for (const answer of moved)
		assert.ok([200, 409].includes(answer.status), answer.text);
	assert.equal(world.sql("select count(*) from bulky_waste.day d where " +
	    "d.booked <> (select count(*) from bulky_waste.booking b where " +
	    "b.tenant_id = d.tenant_id and b.district = d.district and " +
	    "b.day = d.day and b.state = 'booked')"), "0");
}, { timeout: 120_000 * slow });

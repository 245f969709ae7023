// SPDX-License-Identifier: EUPL-1.2
// The database goes away, comes back, dies in the middle: what can be answered
// is answered, the rest says so at once, and no confirmed report is lost or
// doubled.

// A cluster of this file's own: it is stopped while requests run.
delete process.env.STADTKERN_TEST_PG;

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { after, before, describe, test } from "node:test";
import { aReport, map, officeReports, refused, release, reports,
    sendReport } from "../http/lib/city.mjs";
import { newDevice, newStaff, request, startWorld, top, until }
    from "../http/lib/server.mjs";

const slow = process.env.SAN ? 4 : 1;
let world, device, staff, shownId;
before(async () => {
	world = await startWorld({ env: { STADTKERN_LIMITS: "0" } });
	// The test cluster commits without waiting for its log; a backend that
	// is killed would then take confirmed work with it.
	world.sql(`alter database ${world.database} ` +
	    "set synchronous_commit = on");
	await world.startServer("public");
	await world.startServer("office");
	device = await newDevice(world.public, "herne");
	staff = await newStaff(world, "herne", "amt@example.org", "admin");
	shownId = (await sendReport(device, aReport())).id;
	await release(staff, shownId);
}, { timeout: 120_000 });
after(() => world.stop());

async function clusterSh(...args) {
	const child = spawn("sh", ["platform/db/cluster.sh", ...args],
	    { cwd: top, stdio: "ignore" });
	const [code] = await once(child, "exit");
	assert.equal(code, 0, `cluster.sh ${args[0]}`);
}
const stopDatabase = () => clusterSh("stop", world.pg);
const startDatabase = () => clusterSh("start", world.pg, "--test");

const get = (target) => world.public.request("GET", "herne", target);
const readiness = (server = world.public) => request(server.port, "GET", "any",
    "/readyz");
const back = () => until("the servers are ready again", async () => {
	for (let i = 0; i < 6; i++)
		for (const server of [world.public, world.office]) {
			const { json } = await readiness(server);
			if (!json.ready || !json.listening)
				return false;
		}
	return true;
}, 15_000);
const workers = (server) => until("two workers", () => {
	const list = fs.readFileSync(`/proc/${server.pid}/task/${server.pid}` +
	    "/children", "utf8").trim().split(" ");
	return list.length === 2 && list;
});

async function timed(action) {
	const began = Date.now();
	const answer = await action();
	return { answer, took: Date.now() - began };
}

// What is kept is kept per worker: ask until both must have it.
async function warm(targets) {
	for (let i = 0; i < 12; i++)
		await Promise.all(targets.flatMap((target) =>
		    [get(target), get(target)]));
}

test("a database that stops and starts again under load", async (t) => {
	const kept = ["/api/v1/app", map, reports, `${reports}/${shownId}`];
	// Other spellings of what is kept: anybody could make as many as fill
	// the cache.
	const respelled = ["/api/v1/boundary?x",
	    `${reports}/${shownId}?x`,
	    `${reports}/${shownId}`.replace("/reports/", "/%72eports/")];
	const same = {};
	const before = [await workers(world.public), await workers(world.office)];
	let running = true;
	const seen = [];
	const load = Promise.all(Array.from({ length: 4 }, async (_, client) => {
		for (let i = 0; running; i++) {
			const what = [() => get("/api/v1/app"),
			    () => device.request("GET", `${reports}/mine`),
			    () => device.request("POST", reports,
			    { body: aReport("herne", {}, i) }),
			    () => staff.request("GET", officeReports)]
			    [(i + client) % 4];
			seen.push(await timed(what));
		}
	}));
	try {
		await t.test("before: everything works", async () => {
			await warm([...kept, ...respelled]);
			for (const target of respelled)
				assert.equal((await get(target)).status, 200, target);
			for (const target of kept)
				same[target] = (await get(target)).status;
			assert.deepEqual(Object.values(same), [200, 200, 200, 200]);
		});

		await t.test("down: readiness says so, liveness does not mind",
		    async () => {
			await stopDatabase();
			for (const server of [world.public, world.office]) {
				const { json } = await until("not ready", async () => {
					const answer = await readiness(server);
					return answer.status === 503 && answer;
				}, 2000);
				assert.equal(json.ready, false);
				assert.equal(json.database, false);
				assert.equal((await request(server.port, "GET", "any",
				    "/livez")).status, 200);
			}
		});

		await t.test("down: what is public and was asked before is still " +
		    "answered", async () => {
			for (let i = 0; i < 6; i++)
				for (const target of kept) {
					const { answer, took } = await timed(() =>
					    get(target));
					assert.equal(answer.status, 200, target);
					assert.ok(took < 1000 * slow, `${target}: ${took} ms`);
				}
		});

		await t.test("down: the rest is told so within a second, and when " +
		    "to ask again", async () => {
			for (let i = 0; i < 4; i++)
				for (const what of [
				    () => get("/api/v1/boundary"),
				    () => get(`${reports}?limit=3`),
				    ...respelled.map((target) => () => get(target)),
				    () => device.request("GET", "/api/v1/account"),
				    () => device.request("POST", reports,
				    { body: aReport() }),
				    () => world.public.request("POST", "herne",
				    "/api/v1/devices"),
				    () => staff.request("GET", officeReports),
				    () => world.office.request("POST", "herne",
				    "/office/api/v1/session", { body: { email:
				    "amt@example.org", password: "falsch" } })]) {
					const { answer, took } = await timed(what);
					refused(answer, 503, "unavailable");
					assert.match(answer.headers["retry-after"],
					    /^\d+$/);
					assert.ok(took < 1000 * slow, `${took} ms`);
				}
		});

		await t.test("down: what needs no database is still judged",
		    async () => {
			refused(await device.request("POST", reports,
			    { body: { category: "green" } }), 422, "fields");
			refused(await get("/api/v1/nothing"), 404, "not-found");
			refused(await world.public.request("GET", "nowhere",
			    "/api/v1/app"), 404, "not-found");
		});

		await t.test("up again: everything works, nobody was restarted",
		    async () => {
			await startDatabase();
			await back();
			await sendReport(device, aReport());
			assert.equal((await staff.request("GET", officeReports))
			    .status, 200);
			assert.deepEqual([await workers(world.public),
			    await workers(world.office)], before);
		});
	} finally {
		running = false;
		await load;
	}

	await t.test("nobody in all that time waited long, or had no answer",
	    () => {
		assert.ok(seen.length > 50, String(seen.length));
		for (const { answer, took } of seen) {
			assert.ok([200, 201, 503].includes(answer.status),
			    answer.text);
			assert.ok(took < 6000 * slow, `${took} ms`);
		}
		assert.ok(seen.some(({ answer }) => answer.status === 503));
	});
});

test("what changed while nobody listened is not missed", async () => {
	await warm([map]);
	const { id } = await sendReport(device, aReport());
	// In one transaction: the change, no word of it, and the end of all
	// connections that would have heard it.
	world.sql("update defect_reporter.report set release = 'released', " +
	    `text = 'x', released_at = now() where id = '${id}'; ` +
	    "select pg_terminate_backend(pid) from pg_stat_activity " +
	    "where usename in ('stadtkern_public', 'stadtkern_office')");
	await back();
	// A worker learns of the end a moment later than we do; what it missed
	// it would never learn.
	await until("every worker has it", async () => {
		for (let i = 0; i < 8; i++)
			if (!(await get(map)).text.includes(id))
				return false;
		return true;
	});
});

// Sends until it is confirmed, as an app does.
async function insist(body, key) {
	for (const end = Date.now() + 30_000 * slow;;) {
		const answer = await device.request("POST", reports, { body,
		    headers: { "idempotency-key": key } });
		if (answer.status === 201)
			return answer.json.id;
		assert.equal(answer.status, 503, answer.text);
		assert.ok(Date.now() < end, "it is confirmed in the end");
		await new Promise((done) => setTimeout(done, 50));
	}
}

describe("a backend", () => {
	test("that is killed in the middle of a report costs nobody the report",
	    async () => {
		const was = Number(world.sql("select count(*) from " +
		    "defect_reporter.report"));
		const lock = spawn("psql", ["-XAtq", "-d",
		    `${world.conninfo} user=postgres`, "-c", "begin; lock table " +
		    "defect_reporter.counter in exclusive mode; " +
		    "select pg_sleep(60)"], { stdio: "ignore" });
		const ended = once(lock, "exit");
		try {
			await until("the lock is held", () => world.sql("select " +
			    "count(*) from pg_locks where granted and relation = " +
			    "'defect_reporter.counter'::regclass and " +
			    "mode = 'ExclusiveLock'") === "1");
			const id = insist(aReport(), "killed-in-the-middle");
			const pid = await until("the report waits", () =>
			    world.sql("select pid from pg_stat_activity where " +
			    "usename = 'stadtkern_public' and " +
			    "wait_event_type = 'Lock'"));
			// As the out-of-memory killer does: the whole cluster
			// restarts, and the lock goes with it.
			process.kill(Number(pid), "SIGKILL");
			assert.match(await id, /^[0-9a-f-]{36}$/);
		} finally {
			lock.kill();
			await ended;
		}
		await back();
		assert.equal(Number(world.sql("select count(*) from " +
		    "defect_reporter.report")), was + 1);
	});

	test("here and there that ends at random loses and doubles no report",
	    async () => {
		const was = Number(world.sql("select count(*) from " +
		    "defect_reporter.report"));
		const ids = [];
		let sending = true;
		const clients = Promise.all(Array.from({ length: 6 },
		    async (_, client) => {
			for (let i = 0; i < 25; i++)
				ids.push(await insist(aReport("herne", {}, i),
				    `client-${client}-report-${i}`));
		})).finally(() => { sending = false; });
		let ended = 0;
		// One connection after every dozen reports, whatever it does.
		for (let next = 12; sending; next += 12) {
			await until("the next dozen", () => !sending ||
			    ids.length >= next, 60_000);
			if (!sending)
				break;
			const pid = await until("a connection to end", () =>
			    world.sql("select pid from pg_stat_activity where " +
			    "usename = 'stadtkern_public' order by random() limit 1"));
			world.sql(`select pg_terminate_backend(${pid})`);
			ended++;
		}
		await clients;
		assert.ok(ended >= 5, String(ended));
		assert.equal(ids.length, 150);
		assert.equal(new Set(ids).size, 150, "none is confirmed twice");
		assert.equal(Number(world.sql("select count(*) from " +
		    "defect_reporter.report")), was + 150);
		assert.equal(world.sql("select count(*) from " +
		    "defect_reporter.report where id in (" +
		    ids.map((id) => `'${id}'`).join() + ")"), "150");
		await back();
	});
});

test("an answer in doubt is given rather than 503 when asking again fails", async () => {
	await warm([reports]);
	const before = await get(reports);
	assert.equal(before.status, 200);
	// Nobody can read the reports; then every worker doubts what it keeps.
	const holder = spawn("sh", ["platform/db/cluster.sh", "psql", world.pg,
	    world.database, "-Xq", "-c", "begin; " +
	    "lock table defect_reporter.report in access exclusive mode; " +
	    "select pg_sleep(60)"], { cwd: top, stdio: "ignore" });
	const ended = once(holder, "exit");
	try {
		await until("the table is locked", () => world.sql(`select count(*)
		    from pg_locks where mode = 'AccessExclusiveLock' and granted
		    and relation = 'defect_reporter.report'::regclass`) === "1");
		world.sql(`select count(pg_terminate_backend(pid))
		    from pg_stat_activity where usename = 'stadtkern_public'
		    and query like 'listen %'`);
		await back();
		const doubted = await get(reports);
		assert.equal(doubted.status, 200);
		assert.deepEqual(doubted.bytes, before.bytes);
	} finally {
		world.sql(`select count(pg_terminate_backend(pid))
		    from pg_stat_activity where query like 'begin; lock table%'`);
		await ended;
	}
	await back();
	assert.equal((await get(reports)).status, 200);
});

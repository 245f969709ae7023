// SPDX-License-Identifier: EUPL-1.2
// A server that is told to end answers what it has begun; one whose worker
// dies goes on.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import { after, before, describe, test } from "node:test";
import { aReport, officeReports, reports, sendReport }
    from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

let world;
before(async () => {
	world = await startWorld({ env: { STADTKERN_LIMITS: "0" } });
}, { timeout: 120_000 });
after(() => world.stop());

const children = (pid) => fs.readFileSync(
    `/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")
    .filter(Boolean).map(Number);

// Holds a lock that every new report waits for; release() lets them go on.
async function holdReports() {
	const psql = spawn("psql", ["-XAtq", "-d",
	    `${world.conninfo} user=postgres`], { stdio: ["pipe", "ignore",
	    "inherit"] });
	const ended = once(psql, "exit");
	psql.stdin.write("begin; lock table defect_reporter.counter " +
	    "in exclusive mode;\n");
	await until("the lock is held", () => world.sql("select count(*) " +
	    "from pg_locks where granted and mode = 'ExclusiveLock' and " +
	    "relation = 'defect_reporter.counter'::regclass") === "1");
	return async () => {
		psql.stdin.end("commit;\n");
		await ended;
	};
}
const waiting = () => Number(world.sql("select count(*) from " +
    "pg_stat_activity where usename = 'stadtkern_public' and " +
    "wait_event_type = 'Lock'"));

// Whether a new connection is still taken.
const connects = (port) => new Promise((resolve) => {
	const socket = net.connect(port, "127.0.0.1");
	socket.on("connect", () => { socket.destroy(); resolve(true); });
	socket.on("error", () => resolve(false));
});

for (const signal of ["SIGTERM", "SIGINT"])
	test(`${signal} with requests in flight: all are answered, nothing new ` +
	    "is taken, then it ends", async () => {
		const server = await world.startServer("public");
		const workers = await until("two workers", () => {
			const list = children(server.pid);
			return list.length === 2 && list;
		});
		const device = await newDevice(server, "herne");
		const was = Number(world.sql("select count(*) from " +
		    "defect_reporter.report"));
		const letGo = await holdReports();
		const flight = Promise.all(Array.from({ length: 12 }, (_, i) =>
		    device.request("POST", reports,
		    { body: aReport("herne", {}, i) })));
		try {
			await until("reports wait", () => waiting() >= 2);
			process.kill(server.pid, signal);
			await until("nothing new is taken", async () =>
			    !await connects(server.port));
			assert.equal(server.exit, null, "it waits for them");
		} finally {
			await letGo();
		}
		for (const answer of await flight) {
			assert.equal(answer.status, 201, answer.text);
			assert.equal(answer.headers.connection, "close");
		}
		assert.deepEqual(await server.ended, { code: 0, signal: null });
		assert.equal(Number(world.sql("select count(*) from " +
		    "defect_reporter.report")), was + 12);
		for (const pid of workers)
			assert.ok(!fs.existsSync(`/proc/${pid}`), "no worker stays");
	});

test("SIGTERM without a request ends it at once", async () => {
	for (const role of ["public", "office"]) {
		const server = await world.startServer(role);
		const began = Date.now();
		assert.deepEqual(await server.stop("SIGTERM"),
		    { code: 0, signal: null });
		assert.ok(Date.now() - began < 5000 * (process.env.SAN ? 4 : 1));
	}
});

describe("a worker that is killed", () => {
	test("is replaced, and the service goes on meanwhile", async () => {
		const server = await world.startServer("public");
		const device = await newDevice(server, "herne");
		for (let round = 0; round < 3; round++) {
			const list = await until("two workers", () => {
				const now = children(server.pid);
				return now.length === 2 && now;
			});
			process.kill(list[round % 2], "SIGKILL");
			let lost = 0;
			await until("a new worker", async () => {
				// A request to the dead one may be lost, no other.
				await server.request("GET", "herne", "/api/v1/app")
				    .catch(() => lost++);
				const now = children(server.pid);
				return now.length === 2 && !now.includes(
				    list[round % 2]);
			});
			assert.ok(lost <= 1, String(lost));
			await until("both are ready", async () => {
				for (let i = 0; i < 6; i++)
					if (!await server.ready().catch(() => false))
						return false;
				return true;
			});
			for (let i = 0; i < 8; i++)
				await sendReport(device, aReport("herne", {}, i));
		}
		assert.deepEqual(await server.stop(), { code: 0, signal: null });
	});

	test("in the office does not end anybody's session", async () => {
		const server = await world.startServer("office");
		const staff = await newStaff(world, "herne", "amt@example.org",
		    "admin");
		const [first] = await until("two workers", () => {
			const now = children(server.pid);
			return now.length === 2 && now;
		});
		process.kill(first, "SIGKILL");
		await until("a new worker", () => children(server.pid).length === 2 &&
		    !children(server.pid).includes(first));
		for (let i = 0; i < 8; i++)
			await until("the list", async () => (await staff.request("GET",
			    officeReports).catch(() => ({}))).status === 200);
	});
});

test("the courier ends after its job, and its work is taken over",
    async () => {
	const courier = world.startCourier();
	await until("the courier runs", () => world.sql("select count(*) from " +
	    "pg_stat_activity where usename = 'stadtkern_courier'") !== "0");
	assert.deepEqual(await courier.stop("SIGTERM"),
	    { code: 0, signal: null });
});

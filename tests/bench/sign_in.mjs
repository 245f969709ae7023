// SPDX-License-Identifier: EUPL-1.2
// Whether a storm of guesses keeps citizens waiting: password hashes take
// processor and memory, and both servers share one machine. Who reads is a
// thread of its own, so that it does not wait for the guesses' own client.

import { isMainThread, parentPort, Worker, workerData }
    from "node:worker_threads";

import { request } from "../http/lib/server.mjs";
import { SECONDS } from "./measure.mjs";

const ATTEMPTS = 200;		// a second
const READS = 50;		// a second
const duration = SECONDS * 10;	// seconds

const tick = (ms) => new Promise((done) => setTimeout(done, ms));

// Calls `act` that often a second, whether or not the one before is answered;
// resolves with all that they gave.
async function evenly(rate, act) {
	const begin = performance.now();
	const all = [];
	for (let i = 0; i < rate * duration; i++) {
		const wait = begin + i * 1000 / rate - performance.now();
		if (wait > 0)
			await tick(wait);
		all.push(act(i));
	}
	return Promise.all(all);
}

// Milliseconds of each read, a page of reports and a report in turn, sorted.
async function read({ port, host, report }) {
	const took = await evenly(READS, async (i) => {
		const begin = performance.now();
		const { status } = await request(port, "GET", host, i % 2 ?
		    report : `/api/v1/defect-reporter/reports?limit=${i % 40 + 1}`);
		if (status !== 200)
			throw new Error(`a read was answered ${status}`);
		return performance.now() - begin;
	});
	return took.sort((a, b) => a - b);
}

const readApart = (what) => new Promise((done, failed) => {
	const thread = new Worker(new URL(import.meta.url),
	    { workerData: what });
	thread.once("message", done);
	thread.once("error", failed);
});

if (!isMainThread && workerData?.report)
	parentPort.postMessage(await read(workerData));

// The 99th percentile of public reads in milliseconds while others sign in
// with wrong passwords. Each attempt is by another account from another
// address, so that none is slowed down.
export async function readsBesideSignIns(servers, { host, report }) {
	const what = { port: servers.public.port, host, report };
	const late = (took) => took[Math.floor(took.length * 0.99)];
	const alone = late(await readApart(what));
	let hashed = 0;
	const storm = evenly(ATTEMPTS, async (i) => {
		const { status } = await request(servers.office.port, "POST",
		    host, "/office/api/v1/session", { body: { email:
		    `guess${i}@example.org`, password: "guess" }, headers: {
		    "x-forwarded-for": `10.${i >> 16 & 255}.${i >> 8 & 255}.` +
		    `${i & 255}` } });
		if (status !== 401 && status !== 429)
			throw new Error(`a sign-in was answered ${status}`);
		hashed += status === 401;
	});
	const took = await readApart(what);
	await storm;
	return { ratio: late(took), low: took[0], high: took.at(-1),
	    note: `${ATTEMPTS} attempts/s, of which ` +
	    `${Math.round(hashed / duration)} were hashed; without them ` +
	    `${Math.round(alone)} ms` };
}

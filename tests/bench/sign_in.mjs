// SPDX-License-Identifier: EUPL-1.2
// Whether a storm of guesses keeps citizens waiting: password hashes take
// processor and memory, and both servers share one machine.

import { SECONDS } from "./measure.mjs";

const ATTEMPTS = 200;		// a second
const READS = 50;		// a second

const tick = (ms) => new Promise((done) => setTimeout(done, ms));

// Calls `act` that often a second, whether or not the one before is answered;
// resolves with all that they gave.
async function evenly(rate, seconds, act) {
	const begin = performance.now();
	const all = [];
	for (let i = 0; i < rate * seconds; i++) {
		const wait = begin + i * 1000 / rate - performance.now();
		if (wait > 0)
			await tick(wait);
		all.push(act(i));
	}
	return Promise.all(all);
}

// The 99th percentile of public reads in milliseconds, cached and uncached in
// turn, while others sign in with wrong passwords. Each attempt is by another
// account from another address, so that none is slowed down.
export async function readsBesideSignIns(servers, { host, report }) {
	const seconds = SECONDS * 10;
	const city = host.replace(".localhost", "");
	const reads = () => evenly(READS, seconds, async (i) => {
		const begin = performance.now();
		const { status } = await servers.public.request("GET", city,
		    i % 2 ? report : `/api/v1/defect-reporter/reports?limit=${
		    i % 40 + 1}`);
		if (status !== 200)
			throw new Error(`a read was answered ${status}`);
		return performance.now() - begin;
	}).then((took) => took.sort((a, b) => a - b));
	const late = (took) => took[Math.floor(took.length * 0.99)];
	const alone = late(await reads());
	let hashed = 0;
	const storm = evenly(ATTEMPTS, seconds, async (i) => {
		const { status } = await servers.office.request("POST", city,
		    "/office/api/v1/session", { body: { email:
		    `guess${i}@example.org`, password: "guess" }, headers: {
		    "x-forwarded-for": `10.${i >> 16 & 255}.${i >> 8 & 255}.` +
		    `${i & 255}` } });
		if (status !== 401 && status !== 429)
			throw new Error(`a sign-in was answered ${status}`);
		hashed += status === 401;
	});
	const took = await reads();
	await storm;
	return { ratio: late(took), low: took[0],
	    high: took.at(-1), note: `${ATTEMPTS} attempts/s, of which ` +
	    `${Math.round(hashed / seconds)} were hashed; without them ${
	    Math.round(alone)} ms` };
}

// SPDX-License-Identifier: EUPL-1.2
// What the service worker keeps of public answers, and for how long. The
// browser's part is as small as it can be: a cache, and a network that says
// what it is told to.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./bundle.mjs";

const HOME = "http://herne.localhost";
const REPORT = `${HOME}/api/v1/defect-reporter/reports/1`;
const listeners = {};
const told = [];
let stored = new Map();
let network;

const cache = {
	match: async (key) => stored.get(key)?.clone(),
	put: async (key, response) => void stored.set(key, response.clone()),
	delete: async (key) => stored.delete(key),
	keys: async () => [...stored.keys()].map((url) => ({ url })),
};
Object.assign(globalThis, { PRECACHE: [], PARTS: {}, VERSION: "test",
    caches: { open: async () => cache }, fetch: async () => network(),
    self: { location: new URL(HOME), clients: { matchAll: async () => [
	{ postMessage: (message) => told.push(message) }] },
    addEventListener: (type, listener) => { listeners[type] = listener; } } });
await load("worker/service_worker.ts");

function answer(status, body, type = "application/json") {
	const response = new Response(body, { status,
	    headers: { "content-type": type } });
	return Object.defineProperty(response, "type", { value: "basic" });
}

// What the page is given; `all` is done when the worker has nothing left to do.
async function ask(url = REPORT) {
	const later = [];
	let given;
	listeners.fetch({ request: new Request(url),
	    waitUntil: (promise) => later.push(promise),
	    respondWith: (response) => { given = response; } });
	const response = await given;
	await Promise.all(later);
	return response;
}

const age = () => {
	for (const [key, response] of stored) {
		response.headers.set("sw-fetched-at", "1000");
		stored.set(key, response);
	}
};

beforeEach(async () => {
	stored = new Map();
	told.length = 0;
	network = () => answer(200, '{"text":"Ast"}');
	assert.equal((await ask()).status, 200);
	assert.equal(stored.size, 1);
	age();
});

test("the last answer is given at once, and a newer one is told", async () => {
	network = () => answer(200, '{"text":"Baum"}');
	assert.equal((await (await ask()).json()).text, "Ast");
	assert.equal(told.length, 1);
	assert.equal((await (await ask()).json()).text, "Baum");
});

for (const status of [404, 410])
	test(`what the city has withdrawn is forgotten, and told: ${status}`,
	    async () => {
		network = () => answer(status, '{"code":"not-found"}',
		    "application/problem+json");
		await ask();
		assert.equal(stored.size, 0);
		assert.equal(told.length, 1);
		assert.equal((await ask()).status, status);
	});

for (const [what, ...other] of [
    ["is away", 503, "{}", "application/problem+json"],
    ["is not reached, but somebody's page", 404, "<p>", "text/html"]])
	test(`what is known stays when the server ${what}`, async () => {
		network = () => answer(...other);
		await ask();
		assert.equal(stored.size, 1);
		assert.equal((await (await ask()).json()).text, "Ast");
	});

// SPDX-License-Identifier: EUPL-1.2
// What becomes of a message that waits to be sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const state = await load("outbox/state.ts");
const { isDue, isForeign, KEY_LASTS, nextStep, pathOf, pause, retry, settle,
    tooOld } = state;
const begin = (entry, index, now, device = "device-1") =>
    state.begin(entry, index, now, device);

const step = (change = {}) => ({ method: "POST", path: "/things", json: {},
    key: "key-1", optional: false, done: false, answer: null, problem: null,
    inDoubtSince: null, device: null, ...change });
const entry = (change = {}) => ({ id: "1", plugin: "p", title: "Thing",
    created: 0, steps: [step(), step({ path: "/things/{0.id}/photos",
	key: "key-2", blob: "b" })], state: "waiting", problem: null, tries: 0,
    notBefore: 0, sentAt: null, ...change });
const problem = { code: "fields", title: "Please check.", errors: [] };
const done = (answer) => ({ kind: "done", answer });
const later = (mayHaveArrived, seconds = null) =>
    ({ kind: "later", seconds, mayHaveArrived });

test("steps are sent in order, and the message is sent after the last", () => {
	let one = entry();
	assert.equal(nextStep(one), 0);
	one = settle(begin(one, 0, 10), 0, done({ id: "a b" }), 20, 0);
	assert.equal(one.state, "waiting");
	assert.equal(nextStep(one), 1);
	assert.equal(pathOf(one, one.steps[1]), "/things/a%20b/photos");
	one = settle(begin(one, 1, 30), 1, done({}), 40, 0);
	assert.equal(one.state, "sent");
	assert.equal(one.sentAt, 40);
});

test("what was sent no longer holds what the person wrote", () => {
	let one = entry({ steps: [step({ json: { name: "Alex" } })] });
	one = settle(one, 0, done({ number: 7 }), 1, 0);
	assert.ok(!JSON.stringify(one).includes("Alex"));
	assert.deepEqual(one.steps[0].answer, { number: 7 });
});

test("a path that needs an answer that is not there is none", () => {
	const one = entry();
	assert.equal(pathOf(one, one.steps[1]), null);
});

test("what may have arrived from one device is not sent from another", () => {
	let one = begin(entry(), 0, 10, "device-1");
	assert.ok(isForeign(one.steps[0], "device-2"));
	assert.ok(isForeign(one.steps[0], null), "that one was forgotten");
	one = begin(settle(one, 0, later(true), 20, 0), 0, 30, "device-2");
	assert.equal(one.steps[0].device, "device-1");
	one = settle(one, 0, later(false), 40, 0);
	assert.ok(!isForeign(one.steps[0], "device-2"), "it did not arrive");
	one = begin(one, 0, 50, "device-2");
	assert.ok(!isForeign(one.steps[0], "device-2"));
});

test("the first message registers the device, which is no other then", () => {
	const one = begin(entry(), 0, 10, null);
	assert.ok(!isForeign(one.steps[0], "device-1"));
	assert.ok(isForeign(begin(one, 0, 20, "device-1").steps[0], "device-2"));
});

test("without a network the same key is used again, later and later", () => {
	let one = entry();
	let last = 0;
	for (let i = 0; i < 4; i++) {
		one = settle(begin(one, 0, 100), 0, later(true), 100, 0.5);
		assert.equal(one.state, "waiting");
		assert.equal(one.steps[0].key, "key-1");
		assert.ok(one.notBefore > last);
		last = one.notBefore;
		assert.ok(!isDue(one, one.notBefore - 1));
		assert.ok(isDue(one, one.notBefore));
	}
});

test("the server's Retry-After is kept to the second", () => {
	const one = settle(entry(), 0, later(false, 30), 1000, 0);
	assert.equal(one.notBefore, 31_000);
});

test("pauses have an upper end and are never the same for all", () => {
	assert.ok(pause(50, 1) <= 375_000);
	assert.notEqual(pause(3, 0), pause(3, 1));
});

test("since when it may have arrived is the first try, not the last", () => {
	let one = settle(begin(entry(), 0, 5), 0, later(true), 5, 0);
	one = begin(one, 0, 500);
	assert.equal(one.steps[0].inDoubtSince, 5);
	one = settle(one, 0, later(false), 600, 0);
	assert.equal(one.steps[0].inDoubtSince, null, "429 did not arrive");
});

test("a key is not used when the server may have forgotten it", () => {
	const hours = (n) => n * 3_600_000;
	const one = step({ inDoubtSince: 1 });
	assert.ok(!tooOld(one, hours(46)));
	assert.ok(tooOld(one, 2 + KEY_LASTS));
	assert.ok(tooOld(step({ inDoubtSince: hours(100) }), 0),
	    "a clock that was set back");
	assert.ok(!tooOld(step(), hours(1000)), "never sent, never too old");
});

test("a refusal waits for the person and tells why", () => {
	const one = settle(begin(entry(), 0, 1), 0,
	    { kind: "refused", problem }, 2, 0);
	assert.equal(one.state, "refused");
	assert.deepEqual(one.problem, problem);
	assert.ok(!isDue(one, 1e15));
});

test("a refused photo does not hold up the report", () => {
	let one = entry({ steps: [step({ done: true, answer: { id: "1" } }),
	    step({ optional: true }), step({ key: "key-3" })] });
	one = settle(one, 1, { kind: "refused", problem }, 5, 0);
	assert.equal(one.state, "waiting");
	assert.equal(nextStep(one), 2);
	one = settle(one, 2, done({}), 6, 0);
	assert.equal(one.state, "sent");
	assert.deepEqual(one.problem, problem, "and the person is told");
});

test("trying again keeps the key, unless it was in doubt", () => {
	const refused = settle(entry(), 0, { kind: "refused", problem }, 2, 0);
	assert.equal(retry(refused, () => "new").steps[0].key, "key-1");
	const doubtful = settle(begin(entry(), 0, 1), 0,
	    { kind: "doubtful" }, 2, 0);
	assert.equal(doubtful.state, "doubtful");
	const again = retry(doubtful, () => "new");
	assert.equal(again.steps[0].key, "new");
	assert.equal(again.steps[0].inDoubtSince, null);
	assert.equal(again.state, "waiting");
});

test("steps that were answered are not sent again by trying again", () => {
	let one = entry();
	one = settle(one, 0, done({ id: "1" }), 1, 0);
	one = retry(settle(begin(one, 1, 2), 1, { kind: "doubtful" }, 3, 0),
	    () => "new");
	assert.equal(nextStep(one), 1);
	assert.equal(one.steps[0].key, "key-1");
	assert.equal(one.steps[1].key, "new");
});

test("a message that was sent stays sent", () => {
	const sent = settle(entry({ steps: [step()] }), 0, done({}), 1, 0);
	assert.equal(retry(sent, () => "new"), sent);
});

// SPDX-License-Identifier: EUPL-1.2
// What the office's screens of the defect reporter compute: the filter in the
// address, the list when others change it, the next step, several at once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./bundle.mjs";

const module = (name) =>
    load(`../../../plugins/defect-reporter/office/${name}`);
const { askedOf, filterOf, filterOfSaved, joined, knownVersion,
    madeVersion, merged, neighbour, nextStep, othersSince, queryOf, savedOf,
    toggled } = await module("view.ts");
const { each, succeeded } = await module("bulk.ts");

const parsed = (text) => filterOf(new URLSearchParams(text));
const last = (staff, at = "2026-11-26T10:00:00Z", kind = "status") =>
    ({ at, kind, staff, own: staff === "ich" });
const row = (id, changes = {}) => ({ id, number: Number(id), version: 1,
    last: null, ...changes });
const rows = (...ids) => ids.map((id) => row(String(id)));
const ids = (lines) => lines.map(({ id }) => id).join(" ");

describe("the filter in the address", () => {
	test("is the one that it was made of", () => {
		for (const text of ["", "status=received%2Cdone",
		    "category=pothole&channel=letter&priority=urgent",
		    "new=true&mine=true&late=true", "release=pending",
		    "department=tiefbau&q=Ast+12&sort=changed"])
			assert.equal(queryOf(parsed(text)), text);
	});

	test("leaves out what nobody can have meant", () => {
		assert.equal(queryOf(parsed("status=<script>&release=x&sort=y" +
		    "&mine=1&other=1&q=a")), "");
		assert.ok(parsed(`q=${"x".repeat(500)}`).q.length <= 200);
	});

	test("who looks for nothing sees what is open, who looks for something all", () => {
		const statuses = [{ code: "received", kind: "open" },
		    { code: "done", kind: "closed" }, { code: "work", kind: "open" }];
		const asked = (text) => queryOf(askedOf(parsed(text), statuses));
		assert.equal(asked(""), "status=received%2Cwork");
		assert.equal(asked("q=a"), "status=received%2Cwork");
		assert.equal(asked("category=pothole&sort=changed"),
		    "status=received%2Cwork&category=pothole&sort=changed");
		for (const all of ["mail=true", "release=pending", "q=Ast"])
			assert.equal(asked(all), all);
		assert.equal(asked("status=received%2Cdone%2Cwork"),
		    "status=received%2Cdone%2Cwork");
		assert.equal(asked("status=done&late=true"), "status=done&late=true");
	});

	test("a flag is turned on and off", () => {
		const late = toggled(parsed("sort=changed"), "late");
		assert.equal(queryOf(late), "late=true&sort=changed");
		assert.equal(queryOf(toggled(late, "late")), "sort=changed");
	});

	test("is kept as the server takes it, and read back", () => {
		const filter = parsed("status=received&late=true&q=Ast");
		assert.deepEqual(savedOf(filter), { status: "received", late: true,
		    q: "Ast" });
		assert.deepEqual(filterOfSaved(savedOf(filter)), filter);
		assert.deepEqual(filterOfSaved({ mine: false }), parsed(""));
	});
});

describe("a list that others change", () => {
	test("stays in its order, and takes what is new where it belongs", () => {
		const shown = merged([], rows(1, 2, 3), false);
		const now = merged(shown, rows(9, 2, 1, 3, 4), false);
		assert.equal(ids(now), "9 1 2 3 4");
		assert.ok(now.every((line) => !line.news && !line.gone));
	});

	test("says who did what when, but not what one did oneself", () => {
		const shown = rows(1, 2, 3);
		const now = merged(shown, [row("1", { version: 2, last: last("Kim") }),
		    row("2", { version: 2, last: last("ich") }), row("3")], false);
		assert.deepEqual(now.map((line) => line.news?.staff),
		    ["Kim", undefined, undefined]);
		const later = merged(now, now.map(({ news, ...one }) => one), false);
		assert.equal(later[0].news.staff, "Kim", "until it is read anew");
	});

	test("a note changes no version, and is news all the same", () => {
		const [line] = merged(rows(1), [row("1", { last: last("Kim",
		    "2026-11-26T10:00:00Z", "note") })], false);
		assert.equal(line.news.kind, "note");
	});

	test("what left the filter stays until the list is read anew", () => {
		const now = merged(rows(1, 2, 3), rows(1, 3), false);
		assert.equal(ids(now), "1 2 3");
		assert.deepEqual(now.map((line) => line.gone ?? false),
		    [false, true, false]);
		assert.ok(!merged(now, rows(1, 2, 3), false)[1].gone);
	});

	test("what others pushed over the end of a page is on the next", () => {
		const now = merged(rows(1, 2, 3), rows(9, 1, 2), true);
		assert.equal(ids(now), "9 1 2");
		assert.equal(ids(joined([now, rows(3, 2, 4)])), "9 1 2 3 4");
	});

	test("keys go to the neighbour, and stop at the ends", () => {
		const lines = rows(1, 2, 3);
		assert.equal(neighbour(lines, null, 1), "1");
		assert.equal(neighbour(lines, "1", 1), "2");
		assert.equal(neighbour(lines, "3", 1), "3");
		assert.equal(neighbour(lines, "1", -1), "1");
		assert.equal(neighbour([], null, 1), null);
	});
});

describe("the next sensible step", () => {
	const ticket = (changes) => ({ spam: false, release: "released", drafts: [],
	    parent: null, closed_at: null, assignment: "accepted",
	    person: { id: "a", name: "Kim" }, ...changes });
	const all = () => true;
	const cases = [
		["of a new one is its release", { release: "pending" }, "release"],
		["of an answer that waits is its release",
		    { drafts: [{ state: "waiting" }] }, "answers"],
		["of a returned one is another department",
		    { assignment: "returned" }, "assign"],
		["of an assigned one is to accept it",
		    { assignment: "assigned" }, "accept"],
		["of nobody's is to take it", { person: null }, "take"],
		["of one that is worked on is its status", {}, "status"],
		["of a closed one is an answer", { closed_at: "2026-11-26" }, "answer"],
		["of spam is none", { spam: true, release: "rejected" }, null],
		["of one that follows another is none",
		    { parent: { id: "b" } }, null],
	];
	for (const [name, changes, step] of cases)
		test(name, () => assert.equal(nextStep(ticket(changes), all), step));

	test("is none that the person may not take", () => {
		for (const changes of cases.map(([, one]) => one))
			assert.equal(nextStep(ticket(changes), (right) =>
			    right === "reports.read"), null);
		assert.equal(nextStep(ticket({ release: "pending", person: null }),
		    (right) => right === "reports.work"), "take");
	});
});

test("what others did since then is told, not what one did oneself", () => {
	const history = ["ich", "Kim", "ich", undefined].map((staff) => ({ staff,
	    own: staff === "ich" }));
	assert.deepEqual(othersSince({ history }, 1).map(({ staff }) => staff),
	    ["Kim", undefined]);
	assert.deepEqual(othersSince({ history }, 4), []);
});

test("the version that one's own step made is known before it is read", () => {
	madeVersion({ id: "a", version: 5 });
	assert.equal(knownVersion({ id: "a", version: 4 }), 5);
	assert.equal(knownVersion({ id: "a", version: 6 }), 6);
	assert.equal(knownVersion({ id: "b", version: 4 }), 4);
});

test("of several each has its own outcome, and few are sent at once",
    async () => {
	let busy = 0, most = 0;
	const outcomes = await each([1, 2, 3, 4, 5, 6, 7, 8, 9], async (n) => {
		most = Math.max(most, ++busy);
		await new Promise(setImmediate);
		busy--;
		if (n % 4 === 0)
			throw new Error(`no ${n}`);
		return { version: n };
	});
	assert.equal(most, 4);
	assert.deepEqual(outcomes.map(({ item }) => item), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
	assert.deepEqual(outcomes.filter(({ error }) => error).map(({ error }) =>
	    error.message), ["no 4", "no 8"]);
	assert.deepEqual(succeeded(outcomes).map(({ answer }) => answer.version),
	    [1, 2, 3, 5, 6, 7, 9]);
	assert.deepEqual(await each([], async () => 1), []);
});

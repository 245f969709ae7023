// SPDX-License-Identifier: EUPL-1.2
// The audit log: what of the office's requests is entered, by whom, and what
// is not. No courier runs here, so that entries stay where the server put
// them; the chain is looked at in audit_chain.test.mjs.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { aReport, officeReports, sendReport } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld } from "./lib/server.mjs";

const city = "herne";
const tickets = "/office/api/v1/defect-reporter/tickets";
const world = await startWorld({ public: true, office: true });
after(() => world.stop());
const device = await newDevice(world.public, city);
const admin = await newStaff(world, city, "amt@example.org", "admin");
const reader = await newStaff(world, city, "lesen@example.org", "reader");
const who = (email) => `staff:${world.sql("select id from staff " +
    `where email = '${email}'`)}`;
const report = (await sendReport(device, aReport(city,
    { contact: { name: "Alex Beispiel", phone: "02323 1234" } }))).id;
const nothing = "00000000-0000-4000-8000-000000000000";

const entries = (after = 0) => JSON.parse(world.sql("select " +
    "coalesce(json_agg(i order by place), '[]') from audit_inbox i " +
    `where place > ${after}`));
const last = () => Number(world.sql("select coalesce(max(place), 0) from " +
    "audit_inbox"));

// What is entered while `action` runs.
async function entered(action) {
	const before = last();
	const answer = await action();
	return { answer, list: entries(before) };
}

describe("a change", () => {
	test("is entered once: who, by which right, on what, and what of it is " +
	    "no personal data", async () => {
		const { answer, list } = await entered(() => admin.request("PATCH",
		    `${tickets}/${report}`, { body: { priority: "high",
		    category: "green" } }));
		assert.equal(answer.status, 200, answer.text);
		assert.equal(list.length, 1);
		const [entry] = list;
		assert.equal(entry.actor, who("amt@example.org"));
		assert.equal(entry.kind, "change");
		assert.equal(entry.action, "PATCH /office/api/v1/defect-reporter/" +
		    "tickets/{id}");
		assert.equal(entry.right_used, "defect-reporter.reports.work");
		assert.deepEqual(entry.object, { id: report });
		assert.deepEqual(entry.detail, { priority: "high",
		    category: "green" });
		assert.equal(entry.status, null);
	});

	test("tells of free text only that there was some", async () => {
		const { answer, list } = await entered(() => admin.request("POST",
		    `${tickets}/${report}/notes`, { body: { text:
		    "Frau Beispiel rief an." } }));
		assert.equal(answer.status, 201, answer.text);
		assert.deepEqual(list.map((entry) => entry.detail),
		    [{ text: null }]);
	});

	test("that is sent twice is done and entered once", async () => {
		const send = () => admin.request("POST",
		    `${tickets}/${report}/notes`, { body: { text: "Noch etwas." },
		    headers: { "idempotency-key": "einmal-ist-genug" } });
		const { list } = await entered(async () => {
			const answers = [await send(), await send()];
			assert.deepEqual(answers.map((one) => one.status),
			    [201, 201]);
			assert.equal(answers[1].headers["idempotency-replayed"],
			    "true");
		});
		assert.equal(list.length, 1);
	});
});

describe("a reading", () => {
	for (const target of [`${tickets}/${report}`,
	    `${officeReports}/${report}`])
		test(`of ${target.replace(report, "{id}")} is entered`, async () => {
			const { answer, list } = await entered(() =>
			    reader.request("GET", target));
			assert.equal(answer.status, 200);
			assert.equal(answer.json.contact.name, "Alex Beispiel");
			assert.deepEqual(list.map((entry) => [entry.actor, entry.kind,
			    entry.reads, entry.object.id, entry.status]),
			    [[who("lesen@example.org"), "read", "contact", report,
			    null]]);
		});

	test("of what holds no personal data is not", async () => {
		const { list } = await entered(async () => {
			for (const target of [tickets, `${tickets}/counts`,
			    "/office/api/v1/session"])
				assert.equal((await reader.request("GET", target)).status,
				    200, target);
		});
		assert.deepEqual(list, []);
	});

	test("of the staff is", async () => {
		const { list } = await entered(() => admin.request("GET",
		    "/office/api/v1/staff"));
		assert.deepEqual(list.map((entry) => [entry.reads,
		    entry.right_used]), [["staff", "platform.staff.manage"]]);
	});
});

describe("a refusal", () => {
	const refusals = [
		["for lack of a right", 403, "right-missing", () =>
		    reader.request("POST", `${officeReports}/${report}/release`,
		    { body: {} })],
		["for lack of a right to look", 403, "right-missing", () =>
		    reader.request("GET", "/office/api/v1/staff")],
		["of what there is not", 404, "not-found", () =>
		    admin.request("POST", `${officeReports}/${nothing}/release`,
		    { body: {} })],
		["to read what there is not", 404, "not-found", () =>
		    admin.request("GET", `${tickets}/${nothing}`)],
		["of what does not fit", 409, "not-merged", () =>
		    admin.request("POST", `${tickets}/${report}/split`,
		    { body: {} })],
		["of a body with errors", 422, "fields", () =>
		    admin.request("PATCH", `${tickets}/${report}`,
		    { body: { priority: "Alex Beispiel" } })],
		["of a body that is none", 400, "json-malformed", () =>
		    admin.request("PATCH", `${tickets}/${report}`,
		    { body: "{", headers: { "content-type":
		    "application/json" } })],
		["of another site's page", 403, "cross-site", () =>
		    admin.request("POST", `${officeReports}/${report}/release`,
		    { body: {}, headers: { origin: "https://example.org" } })],
	];
	for (const [what, status, code, call] of refusals)
		test(`${what} is entered once, with whom and why`, async () => {
			const { answer, list } = await entered(call);
			assert.equal(answer.status, status, answer.text);
			assert.equal(answer.json.code, code);
			assert.equal(list.length, 1);
			const [entry] = list;
			assert.match(entry.actor, /^staff:[0-9a-f-]{36}$/);
			assert.deepEqual([entry.kind, entry.status, entry.code],
			    ["refused", status, code]);
			assert.equal(entry.detail, null);
		});

	test("without a session and with one that is none is entered, of " +
	    "nobody", async () => {
		const { list } = await entered(async () => {
			for (const headers of [{}, { cookie:
			    `__Host-stadtkern=${"A".repeat(43)}` }])
				assert.equal((await world.office.request("POST", city,
				    `${officeReports}/${report}/release`,
				    { body: {}, headers })).status, 401);
		});
		assert.deepEqual(list.map((entry) => [entry.actor, entry.status,
		    entry.code, entry.object]), Array(2).fill(["", 401,
		    "session-unknown", { id: report }]));
	});

	test("of a session that has ended names whose it was", async () => {
		const gone = await newStaff(world, city, "weg@example.org", "admin");
		await gone.request("DELETE", "/office/api/v1/session");
		const { list } = await entered(() => gone.request("GET",
		    `${tickets}/${report}`));
		assert.deepEqual(list.map((entry) => [entry.actor, entry.status]),
		    [[who("weg@example.org"), 401]]);
	});

	test("of one session is listed 600 times an hour, then said once",
	    async () => {
		const loud = await newStaff(world, city, "laut@example.org",
		    "reader");
		const before = last();
		for (let i = 0; i < 31; i++)
			await Promise.all(Array.from({ length: 20 }, () =>
			    loud.request("POST", `${officeReports}/${report}/release`,
			    { body: {} })));
		const list = entries(before);
		assert.equal(list.length, 601);
		assert.equal(list.filter((entry) =>
		    entry.code === "more-not-listed").length, 1);
	});
});

describe("signing in", () => {
	test("is entered with who it was", async () => {
		const { list } = await entered(() => newStaff(world, city,
		    "neu@example.org", "press"));
		const [entry] = list.filter((one) =>
		    one.action === "POST /office/api/v1/session");
		assert.deepEqual([entry.actor, entry.kind],
		    [who("neu@example.org"), "change"]);
	});

	test("with a wrong password is entered, without the address", async () => {
		const { list } = await entered(() => world.office.request("POST",
		    city, "/office/api/v1/session", { body: { email:
		    "neu@example.org", password: "falsch" } }));
		assert.deepEqual(list.map((entry) => [entry.kind, entry.status]),
		    [["refused", 401]]);
		assert.doesNotMatch(JSON.stringify(list), /neu@example|falsch/);
	});
});

test("no role of the servers can change or take away an entry", () => {
	for (const role of ["public", "office", "courier"])
		for (const table of ["audit", "audit_inbox", "audit_checkpoint"])
			assert.equal(world.sql("select bool_or(has_table_privilege(" +
			    `'stadtkern_${role}', 'stadtkern.${table}', p)) from ` +
			    "unnest('{insert,update,delete,truncate}'::text[]) p"),
			    "f", `${role} ${table}`);
});

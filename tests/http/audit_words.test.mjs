// SPDX-License-Identifier: EUPL-1.2
// The audit log in words: what was done, on what, by which right, in German and
// English, and nothing of another city's; and whom it can be asked about.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, officeReports, sendReport } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

const city = "castrop-rauxel", other = "herne";
const log = "/office/api/v1/audit";
const tickets = "/office/api/v1/defect-reporter/tickets";
const days = "/office/api/v1/bulky-waste/days";
const nothing = "00000000-0000-4000-8000-000000000000";
const world = await startWorld({ public: true, office: true, courier: true,
    env: { STADTKERN_AUDIT_SECONDS: "1", STADTKERN_LIMITS: "0" } });
after(() => world.stop());
const idOf = (email) => world.sql("select id from staff where email = " +
    `'${email}'`);
let admin, press, report, foreign;

const settled = () => until("all is in the chain", () =>
    world.sql("select count(*) from audit_inbox") === "0");
async function entries(query = "", language = "de") {
	const answer = await admin.request("GET", `${log}?limit=100${query}`,
	    { headers: { "accept-language": language } });
	assert.equal(answer.status, 200, answer.text);
	return answer.json.items;
}
const the = (list, action) => {
	const entry = list.find((one) => one.action.endsWith(action));
	assert.ok(entry, action);
	return entry;
};

before(async () => {
	admin = await newStaff(world, city, "amt@example.org", "admin");
	press = await newStaff(world, city, "presse@example.org", "press");
	report = await sendReport(await newDevice(world.public, city),
	    aReport(city, { contact: { name: "Toni Muster" } }));
	foreign = await sendReport(await newDevice(world.public, other),
	    aReport(other));
	const did = async (status, who, method, target, body) => {
		const answer = await who.request(method, target,
		    body === undefined ? {} : { body });
		assert.equal(answer.status < 300 ? 2 : answer.status, status,
		    answer.text);
		return answer.json;
	};
	await did(2, admin, "GET", `${tickets}/${report.id}`);
	await did(2, admin, "POST", `${officeReports}/${report.id}/release`,
	    { text: "Ohne Namen." });
	await did(2, admin, "POST", `${officeReports}/${report.id}/forward`,
	    { body: "strassen-nrw" });
	await did(403, press, "POST", `${tickets}/${report.id}/take`, {});
	await did(404, admin, "GET", `${tickets}/${foreign.id}`);
	await did(404, admin, "GET", `${tickets}/${nothing}`);
	await did(2, admin, "POST", "/office/api/v1/staff/" +
	    `${idOf("presse@example.org")}/disable`);
	const district = world.sql("select x.districts ->> 'bulky-waste' from " +
	    "street_section x join tenant t on t.id = x.tenant_id where " +
	    `t.slug = '${city}' and x.districts ? 'bulky-waste' limit 1`);
	await did(2, admin, "PUT", `${days}/${district}/2031-05-05`,
	    { capacity: 3 });
	const [handed] = (await did(2, admin, "GET",
	    `${tickets}/${report.id}/forwardings`)).items;
	await did(2, admin, "POST", "/office/api/v1/defect-reporter/" +
	    `forwardings/${handed.id}/revoke`, {});
	world.cli("tenant", "pause", city);
	world.cli("tenant", "resume", city);
	await settled();
}, { timeout: 180_000 });

describe("an entry", () => {
	test("says what was done and on what, and what shows that", async () => {
		const list = await entries();
		const opened = the(list, "GET /office/api/v1/defect-reporter/" +
		    "tickets/{id}");
		const read = list.find(({ kind, object }) => kind === "read" &&
		    object.id === report.id);
		assert.deepEqual([read.words, read.subject, read.action], [
		    { action: "Meldung mit Kontakt öffnen", reads: "Kontakt",
			right: "Meldungen mit Kontakt lesen", code: null },
		    { says: `Meldung ${report.number}`, id: report.id,
			plugin: "defect-reporter", screen: "tickets" },
		    opened.action]);
		const disabled = the(list, "/disable");
		assert.deepEqual([disabled.words.action, disabled.subject],
		    ["Person sperren", { says: "Alex Beispiel",
			id: idOf("presse@example.org"), plugin: "",
			screen: "staff" }]);
		const revoked = the(list, "/revoke");
		assert.equal(revoked.subject.says,
		    `Weiterleitung der Meldung ${report.number}`);
		assert.equal(revoked.subject.screen, null);
		const { subject } = the(list, "/days/{district}/{day}");
		assert.match(subject.says, /^Bezirk \w+, 2031-05-05$/);
		assert.equal(subject.screen, null);
	});

	test("says why something was refused, as the person was told", async () => {
		const { words, subject, status } = the(await entries(), "/take");
		assert.equal(status, 403);
		assert.equal(words.action, "Meldung selbst übernehmen");
		assert.equal(words.code, "Dazu fehlt Ihnen die Berechtigung.");
		assert.equal(subject.says, `Meldung ${report.number}`);
	});

	test("says it in English to who asks in English", async () => {
		const { words, subject } = the(await entries("", "en"), "/take");
		assert.deepEqual(words, { action: "Take a report oneself",
		    reads: null, right: "Work on and answer reports",
		    code: "You do not have the right to do this." });
		assert.equal(subject.says, `Report ${report.number}`);
	});

	test("names nothing of another city, nor what there is not", async () => {
		for (const id of [foreign.id, nothing]) {
			const list = await entries(`&object=${id}`);
			assert.deepEqual(list.map(({ kind, subject }) =>
			    [kind, subject]), [["refused", null]]);
		}
	});

	test("has words for what others than the office did", async () => {
		const list = await entries();
		assert.equal(the(list, "update tenant").words.action,
		    "Einstellungen der Stadt ändern");
		assert.equal(the(list, "insert staff").words.action,
		    "Zugang anlegen (ohne Sachbearbeitung)");
		assert.equal(the(list, "insert staff").subject.screen, "staff");
		for (const { words, action } of list)
			assert.ok(words.action?.length > 3, action);
	});
});

describe("people to ask the log about", () => {
	const find = async (query, who = admin) => {
		const answer = await who.request("GET", `${log}/people${query}`);
		assert.equal(answer.status, 200, answer.text);
		return answer.json;
	};
	before(() => world.sql("insert into staff (tenant_id, email, name, roles, " +
	    "disabled_at) select t.id, 'person' || n || '@example.org', " +
	    "'Person ' || n || ' Müller', '{press}', case when n = 377 then " +
	    "now() end from generate_series(1, 400) n cross join tenant t " +
	    `where t.slug in ('${city}', '${other}')`));

	test("are found among 400, by words in any order, who is disabled as well",
	    async () => {
		const found = await find("?q=m%C3%BCller%20377");
		assert.deepEqual(found, { items: [{ id: world.sql("select s.id " +
		    "from staff s join tenant t on t.id = s.tenant_id where " +
		    `s.email = 'person377@example.org' and t.slug = '${city}'`),
		    name: "Person 377 Müller", email: "person377@example.org",
		    state: "disabled" }], more: false });
		assert.equal((await find("?q=person399@")).items[0].state,
		    "active");
		const { items: [{ id, name }] } = found;
		assert.deepEqual((await find(`?id=${id}`)).items.map((one) =>
		    one.name), [name]);
		assert.deepEqual(await find("?q=niemand"),
		    { items: [], more: false });
		assert.deepEqual(await find("?q=%25"), { items: [], more: false });
	});

	test("are twenty at once, and it is said that there are more",
	    async () => {
		const found = await find("?q=person");
		assert.equal(found.items.length, 20);
		assert.equal(found.more, true);
	});

	test("are nobody's of another city, and nobody's to see without the right",
	    async () => {
		const theirs = world.sql("select s.id from staff s join tenant t " +
		    "on t.id = s.tenant_id where s.email = " +
		    `'person1@example.org' and t.slug = '${other}'`);
		assert.deepEqual((await find(`?id=${theirs}`)).items, []);
		const clerk = await newStaff(world, city, "b@example.org", "clerk");
		assert.equal((await clerk.request("GET", `${log}/people?q=amt`))
		    .status, 403);
	});

	test("are an entry themselves, without what was typed", async () => {
		await settled();
		const entry = (await entries("&kind=read")).find(({ action }) =>
		    action.endsWith("/audit/people"));
		assert.equal(entry.words.action,
		    "Personen für das Protokoll suchen");
		assert.deepEqual([entry.object, entry.detail], [{}, null]);
	});

	test("a search that is none is refused", async () => {
		for (const query of ["?id=1", `?q=${"x".repeat(101)}`, "?p=1"])
			assert.equal((await admin.request("GET",
			    `${log}/people${query}`)).status, 422, query);
	});
});

// SPDX-License-Identifier: EUPL-1.2
// Nothing personal is kept longer than it was declared to be: every table that
// a declaration names is filled, the clock is moved by moving every time that
// is stored, the courier runs its schedules, and every table is looked into.
// A table that looks personal and is declared nowhere fails.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { aReport, everything, officeReports, picture, reports, sendPhoto,
    sendReport } from "./lib/city.mjs";
import { newDevice, newStaff, signIn, staffPassword, startWorld, top, until }
    from "./lib/server.mjs";

const city = "herne";
const world = await startWorld({ public: true, office: true, courier: true });
after(() => world.stop());
const id = world.sql(`select id from tenant where slug = '${city}'`);
const its = `tenant_id = ${id}`;
const count = (what) => Number(world.sql(`select count(*) from ${what}`));

// Tables that declarations name, from the sources: "staff", "…report".
function declared() {
	const tables = new Set();
	const read = (schema, dir) => {
		for (const name of fs.readdirSync(path.join(top, dir))) {
			if (!/\.[ch]$/.test(name))
				continue;
			const text = fs.readFileSync(path.join(top, dir, name), "utf8");
			for (const [, table] of text.matchAll(
			    /\{ \.table = "(\w+)",/g))
				tables.add(`${schema}.${table}`);
		}
	};
	read("stadtkern", "platform/base");
	for (const plugin of fs.readdirSync(path.join(top, "plugins")))
		read(plugin.replaceAll("-", "_"), `plugins/${plugin}`);
	return tables;
}

// Columns that are sealed, or whose names are those of personal data.
const personal = () => world.sql("select distinct format('%I.%I', n.nspname, " +
    "c.relname) from pg_attribute a join pg_class c on c.oid = a.attrelid " +
    "join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and " +
    "a.attnum > 0 and not a.attisdropped and n.nspname !~ '^(pg_|public$|" +
    "information_schema)' and (exists (select from sealed_column s where " +
    "s.relation = c.oid and s.name = a.attname) or a.attname in ('email', " +
    "'phone', 'contact', 'address_hash', 'account_id', 'device_id', " +
    "'staff_id', 'assignee_id', 'actor'))").split("\n");

// Not declared, and why that is right.
const exempt = {
	"stadtkern.api_key": "other software's, no person's",
	"stadtkern.audit_inbox": "seconds before it is in audit",
	"stadtkern.account_code": "minutes, until the code is used or over",
	"stadtkern.account_code_sent": "an hour",
	"stadtkern.oidc_sign_in": "minutes, until somebody is signed in",
	"stadtkern.staff_ticket": "minutes, until somebody is signed in",
	"stadtkern.staff_invitation": "two days, until the link is used",
	"stadtkern.staff_totp": "a secret, gone with the person",
	"stadtkern.staff_recovery": "hashes, gone with the person",
};

// Of each declared table: the personal that is in it, and how much of that is
// left in the end. What stays is bound to something that did not happen.
const looks = {
	"stadtkern.account": [`account where ${its}`, 0],
	"stadtkern.device": [`device where ${its}`, 0],
	"stadtkern.job": [`job where ${its} and sealed is not null`, 0],
	"stadtkern.idempotency": [`idempotency where ${its}`, 0],
	"stadtkern.staff_passkey": [`staff_passkey where ${its}`, 0],
	"stadtkern.staff_session": [`staff_session where ${its}`, 0],
	"stadtkern.sign_in_count": [`sign_in_count where ${its}`, 0],
	"stadtkern.sign_in_known": [`sign_in_known where ${its}`, 0],
	"stadtkern.staff": [`staff where ${its} and name = 'Alex Beispiel'`,
	    1 /* who did not leave */],
	"stadtkern.mail_received": [`mail_received where ${its}`, 0],
	"stadtkern.mail_thread": [`mail_thread where ${its}`, 0],
	"stadtkern.audit": [`audit where ${its}`, 0],
	"defect_reporter.submission": [`defect_reporter.submission where ${its} ` +
	    "and (contact is not null or device_id is not null)", 0],
	"defect_reporter.report": [`defect_reporter.report where ${its} and ` +
	    "device_id is not null", 0],
	"defect_reporter.support": [`defect_reporter.support where ${its}`, 0],
	"defect_reporter.photo": [`defect_reporter.photo where ${its} and ` +
	    "picture is not null", 0],
	"defect_reporter.saved_view": ["defect_reporter.saved_view where " + its,
	    0],
	"defect_reporter.step": [`defect_reporter.step where ${its}`, 0],
	"defect_reporter.correspondence": ["defect_reporter.correspondence " +
	    `where ${its} and (text is not null or contact is not null)`, 0],
	"defect_reporter.correspondence_file":
	    [`defect_reporter.correspondence_file where ${its}`, 0],
	"bulky_waste.booking": [`bulky_waste.booking where ${its}`, 0],
	"bulky_waste.allowance": [`bulky_waste.allowance where ${its}`, 0],
	// As long as the report: ids of staff, which lead to nobody who left.
	"defect_reporter.remark": [`defect_reporter.remark where ${its}`, 1],
	"defect_reporter.forwarding": [`defect_reporter.forwarding where ${its}`,
	    1],
	"defect_reporter.draft": [`defect_reporter.draft where ${its}`, 1],
	"defect_reporter.event": [`defect_reporter.event e where e.${its} and ` +
	    "exists (select from staff s where s.tenant_id = e.tenant_id and " +
	    "s.id = e.staff_id and s.disabled_at is not null and s.name <> " +
	    "'ausgeschieden')", 0],
};

// All times that are stored lie so many days earlier.
const pass = (days) => world.sql("set session_replication_role = replica; " +
    "do $$ declare c record; begin for c in select a.attrelid::regclass as " +
    "name, string_agg(format('%1$I = %1$I - %2$L::interval', a.attname, " +
    `'${days} days'), ', ') as moves from pg_attribute a join pg_class t on ` +
    "t.oid = a.attrelid join pg_namespace n on n.oid = t.relnamespace where " +
    "t.relkind = 'r' and a.attnum > 0 and not a.attisdropped and " +
    "a.attgenerated = '' and a.atttypid in ('date'::regtype, " +
    "'timestamptz'::regtype) and exists (select from pg_attribute x where " +
    "x.attrelid = t.oid and x.attname = 'tenant_id') and n.nspname !~ " +
    "'^(pg_|public$|information_schema)' group by 1 loop " +
    "execute format('update %s set %s where tenant_id = " +
    `${id}', c.name, c.moves); end loop; end $$`);

// A courier that is new runs everything that is due, once.
async function runSchedules() {
	const all = count(`schedule_run where ${its}`);
	assert.ok(all > 8, String(all));
	await world.courier.stop();
	world.sql("delete from schedule_run");
	world.startCourier();
	await until("all schedules ran", () =>
	    count(`schedule_run where ${its}`) >= all, 60_000);
}

before(async () => {
	const device = await newDevice(world.public, city);
	world.sql("insert into account (tenant_id, address_hash) values " +
	    `(${id}, sha256('x')); update device set account_id = (select id ` +
	    `from account where ${its}) where ${its}`);
	const other = await newDevice(world.public, city);
	const admin = await newStaff(world, city, "amt@example.org", "admin");
	const gone = await newStaff(world, city, "weg@example.org", "admin");
	await world.office.request("POST", city, "/office/api/v1/session",
	    { body: { email: "amt@example.org", password: "falsch" } });
	const done = await sendReport(device, aReport(city,
	    { contact: { name: "Kim Kontakt", email: "kim@example.org" } }));
	const rejected = await sendReport(device, aReport(city,
	    { contact: { name: "Kim Kontakt" } }, 1));
	const photo = (await sendPhoto(device, done.id, picture("plain.jpg")))
	    .json.id;
	const at = `${officeReports}/${done.id}`;
	await until("the photo is ready", async () => (await admin.request("GET",
	    at)).json.photos[0].state === "waiting");
	const ask = async (who, method, target, body) => {
		const answer = await who.request(method, target, { body });
		assert.ok(answer.status < 300, `${target}: ${answer.text}`);
	};
	await ask(admin, "POST", `${at}/photos/${photo}/reject`);
	await ask(gone, "POST", `${at}/release`, {});
	await ask(other, "POST", `${reports}/${done.id}/support`);
	for (const status of ["assigned", "in-progress", "done"])
		await ask(gone, "POST", `${at}/status`, { status });
	await ask(admin, "POST", `${officeReports}/${rejected.id}/reject`,
	    { reason: "Das ist keine Meldung." });
	await ask(gone, "POST", "/office/api/v1/defect-reporter/tickets/views",
	    { name: "Meine", filter: { sort: "changed" } });
	const again = await device.request("POST", reports, { body: aReport(city,
	    {}, 2), headers: { "idempotency-key": "einmal-genug" } });
	assert.equal(again.status, 201);
	world.sql(`insert into job (tenant_id, kind, payload, sealed, state, ` +
	    `finished_at) values (${id}, 'mail', '{}', 'x', 'dead', now()); ` +
	    "insert into api_key (tenant_id, hash, name, rights) values " +
	    `(${id}, sha256('k'), 'Portal', '{}'); insert into ` +
	    "defect_reporter.remark (tenant_id, report_id, text, api_key_id) " +
	    `select ${id}, '${done.id}', 'Der Ast', id from api_key where ` +
	    `${its}; insert into ` +
	    "defect_reporter.draft (tenant_id, report_id, text, staff_id) select " +
	    `${id}, '${done.id}', 'Ja', id from staff where email = ` +
	    "'weg@example.org'; insert into staff_passkey (tenant_id, staff_id, " +
	    `credential, host, algorithm, public_key, name) select ${id}, id, ` +
	    "sha256('k'), 'herne.localhost', -7, 'k', 'Kims Schlüssel' from staff where " +
	    "email = 'weg@example.org'");
	world.sql("insert into bulky_waste.booking (tenant_id, number, device_id, " +
	    "district, day, street, street_name, house_number, postcode, items, " +
	    "volume, weight, devices, fee, household, contact, letter, language, " +
	    "change_until) select " +
	    `${id}, '00000001', id, 'mitte', current_date, 'a', 'Am Markt', '1', ` +
	    "'44623', '[]', 1, 1, 0, 0, 'x', 'x', 'x', 'de', now() from device " +
	    `where ${its} limit 1; insert into bulky_waste.allowance (tenant_id, ` +
	    `street, house_number, year, kind, used) values (${id}, 'a', '1', ` +
	    "extract(year from now()), 'bulky', 1)");
	world.sql("insert into defect_reporter.forwarding (tenant_id, report_id, " +
	    "outside_body, token_hash, contact, expires_at, staff_id) select " +
	    `${id}, '${done.id}', 'strassen-nrw', sha256('t'), false, now(), id ` +
	    "from staff where email = 'weg@example.org'");
	world.sql("insert into mail_received (tenant_id, source, uidvalidity, " +
	    `uid, sender, kind) values (${id}, 's', 1, 1, 'x', 'message'); ` +
	    "insert into mail_thread (tenant_id, token_hash, plugin, thread, " +
	    `party, address) values (${id}, 't', 'defect-reporter', ` +
	    `'${done.id}', 'sender', 'x'); with c as (insert into ` +
	    "defect_reporter.correspondence (tenant_id, report_id, kind, text, " +
	    `contact) values (${id}, '${done.id}', 'message', 'Kim Kontakt', ` +
	    "'x') returning id) insert into " +
	    "defect_reporter.correspondence_file (tenant_id, correspondence_id, " +
	    `name, media_type, size, blob) select ${id}, id, 'a.txt', ` +
	    "'text/plain', 1, gen_random_uuid() from c");
	await until("the log is chained", () => count("audit_inbox") === 0);
	for (const [name, [what]] of Object.entries(looks))
		if (name !== "defect_reporter.event")
			assert.ok(count(what) > 0, `nothing in ${name}`);
	// The clock cannot bring these about.
	for (const one of [device, other])
		await ask(one, "DELETE", "/api/v1/device");
	assert.equal(world.cli("staff", "disable", city, "weg@example.org")
	    .status, 0);
});

describe("the declarations", () => {
	test("name every table that looks personal", () => {
		const known = declared();
		for (const name of personal())
			assert.ok(known.has(name) || exempt[name],
			    `${name} is declared nowhere`);
		for (const name of Object.keys(exempt))
			assert.ok(!known.has(name), `${name} is declared`);
	});

	test("are all looked at here", () => {
		assert.deepEqual([...declared()].sort(), Object.keys(looks).sort());
	});
});

test("what is not over stays, what is over goes", async () => {
	pass(25);
	await runSchedules();
	for (const [table, left] of [["idempotency", 0], ["sign_in_count", 0],
	    ["sign_in_known", 2], ["audit", 5]])
		if (left === 0)
			assert.equal(count(`${table} where ${its}`), 0, table);
		else
			assert.ok(count(`${table} where ${its}`) >= left, table);
	assert.equal(count(looks["defect_reporter.submission"][0]), 2);
	assert.equal(count(looks["defect_reporter.photo"][0]), 1);
	assert.equal(count(looks["stadtkern.job"][0]), 1);
	assert.equal(count(looks["stadtkern.staff"][0]), 2);
});

test("of what is kept in parts each goes in its time", async () => {
	const bookings = `bulky_waste.booking where ${its}`;
	assert.equal(count(`${bookings} and contact is not null`), 1);
	pass(70);
	await runSchedules();
	assert.equal(count(`${bookings} and contact is null and household is ` +
	    "null and letter is null"), 1);
});

test("what was erased is in the audit log, as numbers and in words", async () => {
	await until("it is chained", () => count("audit_inbox") === 0);
	const shown = world.cli("audit", "show", city, "--kind", "erased").stdout;
	assert.match(shown, /erased {2}courier {2}erase defect-reporter\.submission .*"rows" : 2/);
	assert.match(shown, /erase platform\.staff .*"rows" : 1/);
	const who = await signIn(world.office, city, "amt@example.org",
	    staffPassword);
	const { json } = await who.request("GET",
	    "/office/api/v1/audit?kind=erased&limit=100");
	for (const { action, words } of json.items)
		assert.match(words.action ?? action,
		    /^Nach Ablauf der Frist löschen: \p{L}/u);
	const { words } = json.items.find(({ action }) =>
	    action === "erase bulky-waste.booking");
	assert.match(words.action, /Name, Hinweis/);
});

test("after the longest period nothing personal is left, in no table",
    async () => {
	pass(731);
	world.sql("update bulky_waste.allowance set year = year - 2");
	await runSchedules();
	await until("the log is cut", () => count(`audit where ${its} and at < ` +
	    "now() - interval '700 days'") === 0);
	for (const [name, [what, left]] of Object.entries(looks))
		if (name !== "stadtkern.audit")
			assert.equal(count(what), left, name);
	const all = everything(world);
	for (const one of ["weg@example.org", "Kim Kontakt", "kim@example.org",
	    "Kims Schlüssel"])
		assert.ok(!all.includes(one), one);
});

test("the privacy page says the periods that are used", async () => {
	const { json } = await world.public.request("GET", city,
	    "/api/v1/legal");
	const text = JSON.stringify(json.privacy);
	assert.match(text, /bis 90 Tage nach Abschluss der Meldung/);
	assert.match(text, /730 Tage/);
	assert.doesNotMatch(text, /\{days\}/);
});

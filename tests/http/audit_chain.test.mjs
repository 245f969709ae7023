// SPDX-License-Identifier: EUPL-1.2
// The courier chains what the office enters and signs it; `stadtkern audit
// verify` holds what was not touched, and names the place of everything else:
// an edit, a deletion, a cut-off end, another order, a forged checkpoint,
// another key, a cut-off file. Each is done to the tables by who may do all,
// the database's superuser, and undone again.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { aReport, officeReports, sendReport } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

const city = "herne", other = "waltrop";
const log = "/office/api/v1/audit";
const world = await startWorld({ public: true, office: true, courier: true,
    env: { STADTKERN_AUDIT_SECONDS: "1" } });
after(() => world.stop());
const file = path.join(world.dir, "audit/checkpoints");
const id = world.sql(`select id from tenant where slug = '${city}'`);
const its = `tenant_id = ${id}`;
let admin, report, whole;

const verify = (...args) => world.cli("audit", "verify", ...args);
const number = () => Number(world.sql("select coalesce(max(number), 0) " +
    `from audit where ${its}`));
const waiting = () => world.sql("select count(*) from audit_inbox");
// All is in the chain, and signed.
const settled = () => until("everything is signed", () => waiting() === "0" &&
    world.sql("select bool_and(head = signed) from (select (select " +
    "max(number) from audit a where a.tenant_id = t.id) as head, (select " +
    "max(number) from audit_checkpoint c where c.tenant_id = t.id) as signed " +
    "from tenant t) x") === "t");

before(async () => {
	const device = await newDevice(world.public, city);
	admin = await newStaff(world, city, "amt@example.org", "admin");
	report = (await sendReport(device, aReport(city,
	    { contact: { name: "Alex Beispiel" } }))).id;
	for (let i = 0; i < 4; i++)
		await admin.request("GET", `${officeReports}/${report}`);
	await admin.request("POST", `${officeReports}/${report}/release`,
	    { body: {} });
	await admin.request("POST", `${officeReports}/${report}/release`,
	    { body: { text: "" } });
	await settled();
});

describe("what the courier has written", () => {
	test("holds, for every city", () => {
		const answer = verify();
		assert.equal(answer.status, 0, answer.stderr);
		assert.equal(answer.stdout.trim().split("\n").length, 4);
		const [, entries, last] = new RegExp(`^${city}: (\\d+) entries ` +
		    "up to number (\\d+) hold", "m").exec(answer.stdout);
		assert.equal(entries, last);
		assert.ok(entries >= 8 && entries <= number(), entries);
	});

	test("is shown to who has the right, by filter and page", async () => {
		const seen = await admin.request("GET", `${log}?kind=read&` +
		    `object=${report}&limit=3`);
		assert.equal(seen.status, 200, seen.text);
		assert.deepEqual(seen.json.items.map((item) => [item.kind,
		    item.reads, item.object.id, item.staff.name]), Array(3).fill(
		    ["read", "contact", report, "Alex Beispiel"]));
		const rest = await admin.request("GET", `${log}?kind=read&object=` +
		    `${report}&limit=3&cursor=${seen.json.next}`);
		assert.equal(rest.json.items.length, 1);
		const clerk = await newStaff(world, city, "a@example.org", "clerk");
		assert.equal((await clerk.request("GET", log)).status, 403);
	});

	test("is shown and exported by the command", () => {
		const shown = world.cli("audit", "show", city, "--staff",
		    "amt@example.org", "--kind", "read", "--object", report);
		assert.equal(shown.status, 0, shown.stderr);
		assert.equal(shown.stdout.trim().split("\n").length, 4);
		assert.equal(world.cli("audit", "show", city, "--since",
		    "2999-01-01").stdout, "");
		assert.equal(world.cli("audit", "show", city, "--since",
		    "gestern").status, 2);
		const lines = world.cli("audit", "export", city).stdout.trim()
		    .split("\n").map((line) => JSON.parse(line));
		assert.deepEqual(lines.map((line) => Number(line.number)),
		    lines.map((_, i) => i + 1));
		assert.ok(!JSON.stringify(lines).includes("Alex"));
	});

	test("tells of the command line and of the courier", async () => {
		world.cli("tenant", "pause", other);
		world.cli("tenant", "resume", other);
		await settled();
		const shown = world.cli("audit", "show", other).stdout;
		assert.match(shown, /change {2}command:\w+ {2}update tenant .*active/);
		assert.equal(verify(other).status, 0);
	});
});

// Nothing is added while the tables are not what they were.
describe("what was touched", () => {
	before(async () => {
		await settled();
		await world.courier.stop();
		for (const table of ["audit", "audit_checkpoint"])
			world.sql(`create table kept_${table} as table ${table}`);
		whole = fs.readFileSync(file);
		assert.ok(number() > 8);
	});

	function restore() {
		const columns = world.sql("select string_agg(attname, ',' order by " +
		    "attnum) from pg_attribute where attrelid = 'audit'::regclass " +
		    "and attnum > 0 and attgenerated = ''");
		world.sql(`delete from audit; insert into audit (${columns}) ` +
		    `select ${columns} from kept_audit; delete from ` +
		    "audit_checkpoint; insert into audit_checkpoint overriding " +
		    "system value select * from kept_audit_checkpoint");
		fs.writeFileSync(file, whole);
		const answer = verify();
		assert.equal(answer.status, 0, answer.stderr);
	}

	const cases = [
		["a changed actor", () => world.sql("update audit set actor = " +
		    `'' where ${its} and number = 3`),
		    /^herne: entry 3: was changed/m],
		["a changed time", () => world.sql("update audit set at = at + " +
		    `interval '1 microsecond' where ${its} and number = 1`),
		    /^herne: entry 1: was changed/m],
		["a changed object", () => world.sql("update audit set object = " +
		    `'{"id":"x"}' where ${its} and number = 4`),
		    /^herne: entry 4: was changed/m],
		["an entry with a null where there was none", () => world.sql(
		    `update audit set detail = '{}' where ${its} and number = 2`),
		    /^herne: entry 2: was changed/m],
		["an entry taken out of the middle", () => world.sql("delete from " +
		    `audit where ${its} and number = 5`),
		    /^herne: entry 5: is missing$/m],
		["several of them", () => world.sql("delete from audit where " +
		    `${its} and number between 3 and 6`),
		    /^herne: entry 3: is missing, and all before entry 7$/m],
		["one taken out, and the others moved up", () => world.sql(
		    `delete from audit where ${its} and number = 5; update audit ` +
		    `set number = number - 1 where ${its} and number > 5`),
		    /^herne: entry 5: does not follow entry 4, the order/m],
		["a cut-off end", () => world.sql("delete from audit where " +
		    `${its} and number > 6`),
		    /^herne: entry \d+: was signed at .* the end was cut off after entry 6$/m],
		["a cut-off end with its checkpoints", () => world.sql("delete " +
		    `from audit where ${its} and number > 6; delete from ` +
		    `audit_checkpoint where ${its} and number > 6`),
		    /^herne: entry \d+: was signed at .* the end was cut off after entry 6$/m],
		["an empty log", () => world.sql(`delete from audit where ${its}; ` +
		    `delete from audit_checkpoint where ${its}`),
		    /^herne: .* the end was cut off after entry 0$/m],
		["another order", () => world.sql("update audit set number = " +
		    `case number when 3 then -4 else -3 end + 0 where false; ` +
		    "alter table audit drop constraint audit_number_check; " +
		    `update audit set number = -number where ${its} and number ` +
		    `in (3, 4); update audit set number = 7 + number where ` +
		    `${its} and number < 0`),
		    /^herne: entry 3: does not follow entry 2, the order/m],
		["a log that was written anew, with hashes that fit", () => world.sql(
		    "do $$ declare e record; h bytea := " +
		    "decode(repeat('00', 32), 'hex'); n text; begin for e in " +
		    `select * from audit where ${its} order by number loop ` +
		    "if e.number = 2 then e.actor := ''; end if; " +
		    "n := ''; select string_agg(case when p is null then '-1:,' " +
		    "else octet_length(p) || ':' || p || ',' end, '' order by o) " +
		    "into n from unnest(array[e.tenant_id::text, " +
		    "e.request::text, to_char(e.at at time zone 'UTC', " +
		    `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor, e.kind, e.action, ` +
		    "e.right_used, e.object::text, e.detail::text, e.reads, " +
		    "e.status::text, e.code]) with ordinality x (p, o); " +
		    "update audit set actor = e.actor, previous = h, hash = " +
		    `sha256(h || convert_to(n, 'UTF8')) where ${its} and number ` +
		    "= e.number returning hash into h; end loop; end $$"),
		    /^herne: entry \d+: is not the one that was signed at /m],
		["a checkpoint of an entry that never was", () => world.sql(
		    "update audit_checkpoint set number = number + 100 where id = " +
		    `(select max(id) from audit_checkpoint where ${its})`),
		    /^herne: checkpoint of .*: the signature is wrong/m],
		["a checkpoint of another key", () => world.sql("update " +
		    "audit_checkpoint set public_key = sha256('x') where id = " +
		    `(select max(id) from audit_checkpoint where ${its})`),
		    /^herne: checkpoint of .*: signed by another key$/m],
		["a file whose last line is cut off", () => fs.writeFileSync(file,
		    whole.subarray(0, whole.length - 20)),
		    new RegExp(`^herne: ${file}:\\d+: the last line is cut off$`, "m")],
		["a file whose end is cut off at a line", () => fs.writeFileSync(
		    file, whole.subarray(0, whole.lastIndexOf("\n",
		    whole.length - 2) + 1)), /^\w+.*: is not in .*, which was cut off/m],
		["a file with a changed byte", () => {
			const bytes = Buffer.from(whole);
			const at = bytes.indexOf("T", 100) + 1;
			bytes[at] = bytes[at] === 0x30 ? 0x31 : 0x30;
			fs.writeFileSync(file, bytes);
		}, new RegExp(`^herne: ${file}:1: the signature is wrong`, "m")],
		["a file with something else in it", () => fs.appendFileSync(file,
		    "nichts\n"), /:\d+: is no checkpoint$/m],
		["no file", () => fs.rmSync(file), /cannot be read$/m],
		["entries that nobody chains", () => world.sql("insert into " +
		    "audit_inbox (tenant_id, request, at, actor, kind, action, " +
		    `object) values (${id}, gen_random_uuid(), now() - interval ` +
		    "'1 hour', '', 'change', 'x', '{}')"),
		    /^herne: 1 entries wait for more than ten minutes/m],
	];
	for (const [what, touch, says] of cases)
		test(`${what} is found, with its place`, () => {
			touch();
			const answer = verify();
			assert.equal(answer.status, 1, answer.stdout);
			assert.match(answer.stderr, says);
			world.sql("delete from audit_inbox");
			restore();
		});

	test("is found by a copy of the file and of the key, too", () => {
		const copy = path.join(world.dir, "copy"),
		    key = path.join(world.dir, "copy.pub");
		fs.copyFileSync(file, copy);
		fs.copyFileSync(path.join(world.dir, "keys/audit.pub"), key);
		world.sql(`delete from audit where ${its} and number > 6; delete ` +
		    `from audit_checkpoint where ${its} and number > 6`);
		fs.writeFileSync(file, "");
		const answer = verify("--checkpoints", copy, "--key", key, city);
		assert.equal(answer.status, 1);
		assert.match(answer.stderr, /the end was cut off after entry 6/);
		restore();
		fs.writeFileSync(key, Buffer.alloc(32, 7));
		assert.match(verify("--key", key, city).stderr,
		    /signed by another key/);
	});
});

test("what is older than is declared goes, and the rest still holds",
    async () => {
	world.sql("drop table kept_audit; drop table kept_audit_checkpoint");
	world.sql("insert into audit_inbox (tenant_id, request, at, actor, kind, " +
	    `action, object) select ${id}, gen_random_uuid(), now() - interval ` +
	    "'731 days', '', 'change', 'old ' || n, '{}' from " +
	    "generate_series(1, 3) n");
	world.startCourier();
	await until("the old ones are signed off", () => world.sql("select " +
	    `count(*) from audit_checkpoint where ${its} and kind = 'anchor'`)
	    === "1");
	// They came last, so that all before them went as well.
	assert.equal(number(), 0);
	await admin.request("GET", `${officeReports}/${report}`);
	await settled();
	const answer = verify(city);
	assert.equal(answer.status, 0, answer.stderr);
	assert.match(answer.stdout, /^herne: 1 entries up to number \d+ hold/);
});

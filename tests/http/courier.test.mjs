// SPDX-License-Identifier: EUPL-1.2
// The courier beside mail: pictures, the watch over the tenants' files,
// schedules, and a database that goes away.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { picture } from "./lib/city.mjs";
import { startWorld, top, until } from "./lib/server.mjs";

let world;

before(async () => {
	world = await startWorld({ home: true, courier: true });
});

after(() => world?.stop());

// Statements in the name of Herne; the last one's answer.
function inHerne(sql) {
	return world.sql(`
	    select set_config('stadtkern.tenant', (select id::text
		from stadtkern.tenant where slug = 'herne'), false);
	    ${sql}`).split("\n").at(-1);
}

function queuePicture(name, plugin = "defect-reporter") {
	const hex = picture(name).toString("hex");
	return inHerne(`
	    with original as (
		select stadtkern.blob_put('\\x${hex}', 'image/jpeg') as id
	    )
	    select stadtkern.job_put('image', jsonb_build_object(
		'plugin', '${plugin}', 'blob', id, 'done', 'photo_ready',
		'failed', 'photo_refused', 'arguments',
		jsonb_build_object('photo', gen_random_uuid()))) from original`);
}

const state = (id) => world.sql(`select state from stadtkern.job
    where id = ${id}`);
const blobs = () => Number(world.sql("select count(*) from stadtkern.blob"));

test("a picture becomes two JPEGs in the transaction that ends its job", async () => {
	const before = blobs();
	const id = queuePicture("orientation-6.jpg");
	await until("done", () => state(id) === "done");
	assert.equal(blobs(), before + 2, "the original is gone");
	assert.equal(world.sql(`select count(*) from stadtkern.blob
	    where position('secret'::bytea in content) > 0`), "0");
});

test("mail does not wait behind pictures", async () => {
	const hex = picture("orientation-6.jpg").toString("hex");
	// All at once, so that the courier sees all of them.
	const mail = inHerne(`
	    select stadtkern.job_put('image', jsonb_build_object(
		'plugin', 'defect-reporter', 'blob',
		stadtkern.blob_put('\\x${hex}', 'image/jpeg'),
		'done', 'photo_ready', 'failed', 'photo_refused', 'arguments',
		jsonb_build_object('photo', gen_random_uuid())),
		run_at => now() - interval '1 minute')
	    from generate_series(1, 3);
	    select stadtkern.job_put('mail', jsonb_build_object('plugin', '',
		'template', 'account-code', 'language', 'de', 'to',
		'kim@example.org', 'arguments',
		jsonb_build_object('code', '123456')))`);
	const open = () => world.sql(`select count(*) from stadtkern.job
	    where state in ('waiting', 'running')`);
	await until("done", () => open() === "0");
	assert.equal(world.sql(`select count(*) from stadtkern.job p,
	    stadtkern.job m where m.id = ${mail} and m.state = 'done'
		and p.kind = 'image' and p.created_at = m.created_at
		and p.finished_at > m.finished_at`), "3");
});

test("a picture that is none leaves nothing behind", async () => {
	const before = blobs();
	const id = queuePicture("bomb.png");
	await until("done", () => state(id) === "done");
	assert.equal(blobs(), before);
});

test("a picture whose statement does not exist stores nothing and is dead at once", async () => {
	const before = blobs();
	const id = queuePicture("plain.jpg", "no-such-plugin");
	await until("dead", () => state(id) === "dead");
	assert.equal(blobs(), before + 1, "the original stays for a retry");
});

test("a picture that was erased while it waited is no failure", async () => {
	const id = inHerne(`select stadtkern.job_put('image',
	    jsonb_build_object('plugin', 'defect-reporter', 'blob',
	    gen_random_uuid(), 'done', 'photo_ready', 'failed',
	    'photo_refused'))`);
	await until("done", () => state(id) === "done");
});

const tenant = (slug) => JSON.parse(world.sql(`select json_build_object(
    'version', version, 'config', config, 'errors', config_errors, 'name',
    config::json -> 'tenant' ->> 'name', 'theme', config::json -> 'theme')
    from stadtkern.tenant where slug = '${slug}'`));
const file = (slug) => path.join(world.home, "tenants", `${slug}.yaml`);

function edit(slug, change) {
	const text = fs.readFileSync(file(slug), "utf8");
	const part = path.join(world.home, "tenants", ".4913.part");
	fs.writeFileSync(part, change(text));
	fs.renameSync(part, file(slug));	// as editors do
	return () => fs.writeFileSync(file(slug), text);	// as others do
}

test("a changed file is published, and only that one", async () => {
	const before = tenant("herne");
	const others = tenant("gladbeck").version;
	const back = edit("herne", (text) =>
	    text.replace(/^name: .*$/m, "name: Herne am Kanal"));
	await until("published", () => tenant("herne").name === "Herne am Kanal");
	back();
	await until("published again", () => tenant("herne").name === before.name);
	assert.equal(tenant("herne").config, before.config);
	assert.equal(tenant("gladbeck").version, others);
});

test("a broken file leaves what is published, and its errors are kept until it is mended", async () => {
	const before = tenant("herne");
	const back = edit("herne", (text) => `${text}\nhots: [x]\n`);
	await until("errors", () => tenant("herne").errors !== null);
	assert.equal(tenant("herne").config, before.config);
	assert.match(tenant("herne").errors[0],
	    /herne\.yaml:\d+:\d+: \/hots is not known here/);
	await until("the log's line", () =>
	    /tenant=herne at=.*herne\.yaml:\d+:\d+/.test(world.courier.log));
	back();
	await until("no errors", () => tenant("herne").errors === null);
	assert.equal(tenant("herne").config, before.config);
});

test("a host that belongs to another tenant is refused to the second", async () => {
	const back = edit("gladbeck", (text) =>
	    text.replaceAll("gladbeck.localhost", "herne.localhost"));
	await until("errors", () => tenant("gladbeck").errors !== null);
	assert.match(tenant("gladbeck").errors[0],
	    /gladbeck\.yaml:\d+:\d+: .*herne\.localhost.*belongs to.*herne/);
	assert.equal(tenant("herne").errors, null);
	back();
	await until("no errors", () => tenant("gladbeck").errors === null);
});

test("a file of a tenant that was not added says what to run", async () => {
	fs.copyFileSync(file("herne"), file("musterstadt"));
	await until("the hint", () =>
	    world.courier.log.includes("stadtkern tenant add musterstadt"));
	assert.equal(world.sql(`select count(*) from stadtkern.tenant
	    where slug = 'musterstadt'`), "0");
	fs.rmSync(file("musterstadt"));
});

test("a changed theme is published for those who use it", async () => {
	const others = tenant("gladbeck").version;
	const theme = path.join(world.home, "themes/herne/theme.yaml");
	const text = fs.readFileSync(theme, "utf8");
	assert.match(text, /700: "#0b4fa0"/);
	fs.writeFileSync(theme, text.replace(/700: "#0b4fa0"/,
	    '700: "#123456"'));
	await until("published", () =>
	    JSON.stringify(tenant("herne").theme).includes("#123456"));
	assert.equal(tenant("gladbeck").version, others);
});

test("schedules run in every active tenant and are written down", async () => {
	assert.equal(world.cli("tenant", "pause", "waltrop").status, 0);
	world.sql("delete from stadtkern.schedule_run");
	await until("all ran", () => world.sql(`select count(*)
	    from stadtkern.schedule_run where name = '/code-expire'`) === "3");
	assert.equal(world.sql(`select string_agg(t.slug, ' ' order by t.slug)
	    from stadtkern.schedule_run r
	    join stadtkern.tenant t on t.id = r.tenant_id
	    where name = '/code-expire'`), "castrop-rauxel gladbeck herne");
	assert.equal(world.cli("tenant", "resume", "waltrop").status, 0);
});

// The courier's own statement, asked about another time than now.
function ranBy(now, hour, minute, lastRun) {
	const queries = fs.readFileSync(path.join(top,
	    "platform/courier/queries.sql"), "utf8");
	const values = { now: `'${now}'`, hour, minute, seconds: 0,
	    name: "'dst'" };
	const sql = queries.split("-- name: schedule_ran :row\n")[1]
	    .split("-- name:")[0]
	    .replace(/(?<!:):([a-z]+)/g, (_, name) => values[name]);
	return inHerne(`begin; set search_path = stadtkern, public;
	    insert into schedule_run (tenant_id, name, last_run)
	    values (tenant(), 'dst', '${lastRun}'); ${sql}`) !== "[]";
}

test("a daily schedule follows Berlin's clock through the changes of time", () => {
	const cases = [
		// now, hour, minute, last run, whether that was since it was due
		["2026-07-01T01:19:00Z", 3, 20, "2026-06-30T01:20:00Z", true],
		["2026-07-01T01:20:00Z", 3, 20, "2026-06-30T01:20:00Z", false],
		["2026-07-01T01:20:01Z", 3, 20, "2026-07-01T01:20:00Z", true],
		["2026-12-01T02:19:00Z", 3, 20, "2026-11-30T02:20:00Z", true],
		["2026-12-01T02:20:00Z", 3, 20, "2026-11-30T02:20:00Z", false],
		// 29 March 2026: there is no 2:30; it runs at 3:30.
		["2026-03-29T01:29:00Z", 2, 30, "2026-03-28T01:30:00Z", true],
		["2026-03-29T01:30:00Z", 2, 30, "2026-03-28T01:30:00Z", false],
		// 25 October 2026: 2:30 comes twice; it runs once.
		["2026-10-25T00:40:00Z", 2, 30, "2026-10-24T00:30:00Z", true],
		["2026-10-25T01:30:00Z", 2, 30, "2026-10-24T00:30:00Z", false],
		["2026-10-25T01:40:00Z", 2, 30, "2026-10-25T01:30:00Z", true],
		["2026-10-26T01:29:00Z", 2, 30, "2026-10-25T01:30:00Z", true],
	];
	for (const [now, hour, minute, last, expected] of cases)
		assert.equal(ranBy(now, hour, minute, last), expected, now);
});

// How often the courier's processes went to sleep so far: one that polls
// without a pause does so thousands of times a second.
function sleeps() {
	const children = fs.readFileSync(`/proc/${world.courier.pid}/task/` +
	    `${world.courier.pid}/children`, "utf8").trim().split(" ");
	return children.map((pid) => Number(/^voluntary_ctxt_switches:\s+(\d+)/m
	    .exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]))
	    .reduce((sum, count) => sum + count, 0);
}

test("with nothing to do the courier sleeps", async () => {
	await until("no job waits", () => world.sql(`select count(*)
	    from stadtkern.job where state in ('waiting', 'running')`) === "0");
	world.sql("delete from stadtkern.job");
	const before = sleeps();
	await new Promise((done) => setTimeout(done, 1000));
	assert.ok(sleeps() - before < 200, `${sleeps() - before} times`);
});

test("after the database was away work goes on", async () => {
	world.sql(`select pg_terminate_backend(pid) from pg_stat_activity
	    where usename = 'stadtkern_courier'
	    and datname = current_database()`);
	const id = queuePicture("plain.jpg");
	await until("done", () => state(id) === "done");
	const back = edit("herne", (text) =>
	    text.replace(/^name: .*$/m, "name: Herne wieder"));
	await until("published", () => tenant("herne").name === "Herne wieder");
	back();
});

test("SIGTERM ends the courier with 0", async () => {
	assert.deepEqual(await world.courier.stop(), { code: 0, signal: null });
});

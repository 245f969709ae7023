// SPDX-License-Identifier: EUPL-1.2
// The stadtkern command against a database of its own.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { build, cluster, run, startWorld } from "./lib/server.mjs";

const program = path.join(build, "bin/stadtkern");
let world;

function cli(args, options = {}) {
	const { status, stdout, stderr } = run(program, args, { env: world.env,
	    mayFail: true, ...options });
	return { status, stdout, stderr };
}

function sql(text) {
	return cluster("psql", world.pg, world.database, "-XAtc", text);
}

function file(name) {
	return path.join(world.home, name);
}

function edit(name, from, to) {
	const text = fs.readFileSync(file(name), "utf8");
	assert.ok(text.includes(from), `"${from}" in ${name}`);
	fs.writeFileSync(file(name), text.replace(from, to));
	return () => fs.writeFileSync(file(name), text);
}

const fifth = `name: Musterstadt
ags: "05999001"
hosts: [musterstadt.localhost]
theme: base
boundary: boundary.geojson
email: stadt@example.org
plugins:
  defect-reporter:
`;
const square = (lon) => JSON.stringify({ type: "Polygon", coordinates:
    [[[lon, 51], [lon + 0.1, 51], [lon + 0.1, 51.1], [lon, 51.1], [lon, 51]]] });

function fifthWrite(boundary = square(8)) {
	fs.mkdirSync(file("tenants/musterstadt"), { recursive: true });
	fs.writeFileSync(file("tenants/musterstadt.yaml"), fifth);
	fs.writeFileSync(file("tenants/musterstadt/boundary.geojson"), boundary);
}

before(async () => {
	world = await startWorld({ home: true });
});

after(() => world?.stop());

test("the cities that are shipped pass the check", () => {
	const { status, stdout, stderr } = cli(["tenant", "check"]);
	assert.equal(status, 0, stderr);
	assert.match(stdout, /^4 tenants in order$/m);
});

test("a broken file is told with file, line and column, all at once", () => {
	const undo = [
		edit("tenants/herne.yaml", 'ags: "05916000"', "ags: 5916"),
		edit("tenants/waltrop.yaml", "theme: waltrop", "theme: waltrp"),
	];
	try {
		const { status, stderr } = cli(["tenant", "check"]);
		assert.equal(status, 1);
		assert.match(stderr, /herne\.yaml:6:6: \/ags /);
		assert.match(stderr, /waltrop\.yaml:8:8: \/theme /);
		const one = cli(["tenant", "check", "herne"]);
		assert.doesNotMatch(one.stderr, /waltrop/);
		assert.equal(cli(["tenant", "check", "gladbeck"]).status, 0);
	} finally {
		undo.forEach((back) => back());
	}
});

test("a fifth city needs seven keys, and is there after add", () => {
	fifthWrite();
	assert.equal(cli(["tenant", "add", "musterstadt"]).status, 0);
	assert.equal(sql(`select active, version > 0, octet_length(public_key),
	    secret_key_wrapped is not null from stadtkern.tenant
	    where slug = 'musterstadt'`), "t|t|32|t");
	const again = cli(["tenant", "add", "musterstadt"]);
	assert.match(again.stdout, /nothing to publish/);
	assert.match(cli(["tenant", "show", "musterstadt"]).stdout,
	    /in service, version \d+/);
});

test("a changed boundary is published, the keys stay", () => {
	const key = () => sql(`select public_key from stadtkern.tenant
	    where slug = 'musterstadt'`);
	const old = key();
	fifthWrite(square(8.2));
	assert.match(cli(["tenant", "add", "musterstadt"]).stdout,
	    /published anew/);
	assert.equal(key(), old);
	assert.equal(sql(`select round(ST_XMin(boundary)::numeric, 1)
	    from stadtkern.tenant_boundary b join stadtkern.tenant t
	    on t.id = b.tenant_id where t.slug = 'musterstadt'`), "8.2");
});

test("a boundary that crosses itself is refused by the database", () => {
	fifthWrite(JSON.stringify({ type: "Polygon", coordinates:
	    [[[8, 51], [8.1, 51.1], [8.1, 51], [8, 51.1], [8, 51]]] }));
	const { status, stderr } = cli(["tenant", "add", "musterstadt"]);
	assert.equal(status, 1);
	assert.match(stderr, /musterstadt.*Self-intersection/);
	fifthWrite(square(8.2));
	assert.match(cli(["tenant", "add", "musterstadt"]).stdout,
	    /nothing to publish/);
});

test("a host of another tenant is refused", () => {
	const back = edit("tenants/musterstadt.yaml", "musterstadt.localhost",
	    "herne.localhost");
	const { status, stderr } = cli(["tenant", "add", "musterstadt"]);
	back();
	assert.equal(status, 1);
	assert.match(stderr, /"herne\.localhost".*belongs to tenant "herne"/);
	assert.match(cli(["tenant", "show", "musterstadt"]).stdout,
	    /host +musterstadt\.localhost/);
});

test("pause and resume say what they did", () => {
	assert.match(cli(["tenant", "pause", "musterstadt"]).stdout, /: paused/);
	assert.match(cli(["tenant", "pause", "musterstadt"]).stdout,
	    /already paused/);
	assert.equal(sql(`select active from stadtkern.tenant
	    where slug = 'musterstadt'`), "f");
	assert.match(cli(["tenant", "resume", "musterstadt"]).stdout,
	    /: in service/);
	assert.equal(cli(["tenant", "pause", "nowhere"]).status, 1);
});

test("a staff account gets a link, or a hash of a password", () => {
	const { status, stdout, stderr } = cli(["staff", "add", "herne",
	    "erika@example.org", "--name", "Erika Muster", "--role", "clerk"]);
	assert.equal(status, 0, stderr);
	assert.match(stdout, /https:\/\/\S+\/invitation#[\w-]{43}$/m);
	const stored = () => sql(`select password_hash, roles from
	    stadtkern.staff where email_key = 'erika@example.org'`);
	assert.equal(stored(), "|{clerk}");
	const { stdout: own } = cli(["staff", "add", "herne",
	    "Erika@example.org", "--name", "Erika Muster", "--role", "press",
	    "--password-stdin"], { input: "correct horse battery\n" });
	assert.doesNotMatch(own, /password|invitation/);
	assert.match(stored(), /^\$argon2id\$.*\|\{press\}$/);
	assert.equal(sql(`select count(*), min(roles::text) from stadtkern.staff
	    where email_key = 'erika@example.org'`), "1|{press}");
});

test("an unknown role, a bad address and a short password are refused", () => {
	const person = ["--name", "Max Muster", "--role"];
	for (const [args, input, says] of [
		[["max@example.org", ...person, "king"], "", /no such role: "king"/],
		[["max@", ...person, "clerk"], "", /not an e-mail address/],
		[["max@example.org", ...person, "clerk", "--password-stdin"],
		    "short\n", /12 to 200/],
		[["max@example.org", ...person], "", /usage/],
	]) {
		const { status, stderr } = cli(["staff", "add", "herne", ...args],
		    { input });
		assert.notEqual(status, 0);
		assert.match(stderr, says);
	}
	assert.equal(sql(`select count(*) from stadtkern.staff
	    where email_key like 'max%'`), "0");
});

test("disabling ends sessions", () => {
	sql(`insert into stadtkern.staff_session (tenant_id, hash, staff_id)
	    select tenant_id, decode(repeat('ab', 32), 'hex'), id
	    from stadtkern.staff where email_key = 'erika@example.org'`);
	assert.match(cli(["staff", "disable", "herne",
	    "ERIKA@example.org"]).stdout, /sessions ended: 1/);
	assert.equal(sql(`select count(*) from stadtkern.staff_session
	    where ended_at is null`), "0");
	assert.equal(cli(["staff", "disable", "herne",
	    "nobody@example.org"]).status, 1);
});

test("dead jobs can be seen and run again", () => {
	sql(`insert into stadtkern.job (tenant_id, kind, payload, state, error)
	    select id, 'mail', '{"to": "person@example.org"}', 'dead', 'refused'
	    from stadtkern.tenant where slug = 'herne'`);
	const { stdout } = cli(["jobs", "--dead"]);
	const [, id] = /^(\d+) herne mail dead.*refused$/m.exec(stdout);
	assert.doesNotMatch(stdout, /person@/);
	assert.equal(cli(["doctor"]).status, 1);
	assert.match(cli(["jobs", "retry", id]).stdout, /waits again/);
	assert.equal(cli(["jobs", "retry", id]).status, 1);
	assert.equal(sql(`select state from stadtkern.job where id = ${id}`),
	    "waiting");
});

test("demo twice leaves the same data and the same password", () => {
	const first = cli(["demo"]);
	assert.equal(first.status, 0, first.stderr);
	const second = cli(["demo"]);
	const logins = (text) => text.slice(text.indexOf("staff of"));
	assert.equal(logins(first.stdout), logins(second.stdout));
	for (const role of ["admin", "clerk", "waste"])
		assert.ok(first.stdout.includes(`(${role})`), first.stdout);
	assert.equal(fs.statSync(path.join(world.dir, "demo-password")).mode &
	    0o777, 0o600);
	assert.equal(sql(`select count(*) from stadtkern.staff s
	    join stadtkern.tenant t on t.id = s.tenant_id
	    where t.slug = 'gladbeck'`), "4");
});

test("demo gives a tenant that it adds its reports, once", () => {
	sql(`set session_replication_role = replica;
	    delete from stadtkern.staff using stadtkern.tenant t
	    where tenant_id = t.id and t.slug = 'gladbeck';
	    delete from stadtkern.tenant_boundary using stadtkern.tenant t
	    where tenant_id = t.id and t.slug = 'gladbeck';
	    delete from stadtkern.tenant where slug = 'gladbeck'`);
	const reports = () => Number(sql(`select count(*)
	    from defect_reporter.report r join stadtkern.tenant t
	    on t.id = r.tenant_id where t.slug = 'gladbeck'`));
	assert.match(cli(["demo"]).stdout, /^gladbeck: added$/m);
	const count = reports();
	assert.ok(count > 10);
	cli(["demo"]);
	assert.equal(reports(), count);
});

test("doctor names what to do next and shows no password", () => {
	const { status, stdout } = cli(["doctor"], { env: { ...world.env,
	    STADTKERN_VAR: path.join(world.dir, "nowhere"),
	    STADTKERN_DATABASE: "host=/nonexistent dbname=x password=hidden" } });
	assert.equal(status, 1);
	assert.match(stdout, /key is missing.*\n +run: stadtkern keys/);
	assert.match(stdout, /database does not answer\n/);
	assert.doesNotMatch(stdout, /hidden/);
	assert.match(cli(["doctor"]).stdout, /^ok +migrations$/m);
});

test("openapi is JSON and knows the tenant's plugins", () => {
	const document = JSON.parse(cli(["openapi", "herne"]).stdout);
	assert.equal(document.openapi, "3.1.0");
	assert.ok(document.paths["/api/v1/app"]);
	const office = JSON.parse(cli(["openapi", "--office"]).stdout);
	// What both sides need, a theme's files among it, stands on both.
	assert.ok(Object.keys(office.paths).every((name) =>
	    name.startsWith("/office/") || document.paths[name]));
});

test("keys are made once", () => {
	const keys = path.join(world.dir, "keys/wrap.key");
	const old = fs.readFileSync(keys);
	assert.equal(cli(["keys"]).status, 0);
	assert.deepEqual(fs.readFileSync(keys), old);
});

test("what is not a command is refused with the way to help", () => {
	const { status, stderr } = cli(["tenants"]);
	assert.equal(status, 2);
	assert.match(stderr, /stadtkern help/);
	const help = cli(["help"]).stdout;
	const manual = fs.readFileSync("docs/stadtkern.1", "utf8")
	    .replace(/\\-/g, "-");
	for (const [, name] of help.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)/gm))
		assert.ok(manual.includes(`.It Cm ${name.split(" ")[0]}`), name);
	assert.equal(cli([]).status, 2);
});

// SPDX-License-Identifier: EUPL-1.2
// Every route of both sides, taken from their own descriptions, called by
// everybody who must not: with another city's names and credentials, without
// any, with a neighbour's device, by each role that lacks the right. None may
// answer with what is not theirs, change it, or fail; what the office refuses
// leaves an entry in the audit log and nothing else.
//
// What has to be known of a plugin to call its routes says plugins/<name>.mjs:
//
//	objects(city)	makes what its routes are about in a city, once released
//			or public, once not, with the city's text in it:
//			{ open: { id, … }, hidden: { id, … } }, a member for
//			each {name} of its paths
//	bodies		"POST /path": the JSON body
//	forms		"POST /path": (object) => a form
//	files		"POST /path": { body, headers }
//	queries		"GET /path": "?a=b", where the route needs one
//	everybodys	"POST /path": status, for a neighbour's device on what
//			is open
//	mounts		paths that begin like that are the plugin's, too
//	anybody		its routes that need no credentials

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { aReport, map, officeReports, release, reports, sendReport, tables }
    from "../http/lib/city.mjs";
import { newDevice, newStaff, run, signIn, staffPassword, startWorld, top,
    until } from "../http/lib/server.mjs";

const A = "herne", B = "castrop-rauxel";
const HOST = "platform.localhost";	// of no city
const marker = "Kennwort-der-Stadt-A";
const verbs = ["get", "post", "put", "patch", "delete"];
const form = { "content-type": "application/x-www-form-urlencoded" };
let world, a, b;

const parts = {};
for (const name of fs.readdirSync(path.join(top, "tests/isolation/plugins")))
	parts[path.basename(name, ".mjs")] =
	    (await import(`./plugins/${name}`)).default;
const all = (member) => Object.assign({}, ...Object.values(parts)
    .map((part) => part[member] ?? {}));
const forms = all("forms"), files = all("files"),
    everybodys = all("everybodys");
const queries = { "GET /api/v1/streets": "?q=weg",
    "GET /office/api/v1/addresses": "?q=weg", ...all("queries") };

// The world is made before the tests are declared: they come from it.
world = await startWorld({ public: true, office: true, courier: true,
    env: { STADTKERN_LIMITS: "0", STADTKERN_HOST: HOST } });

function newKey(city, ...rights) {
	const added = world.cli("apikey", "add", city, "--name", "Portal",
	    "--right", rights.map((right) => `defect-reporter.${right}`)
	    .join(","));
	assert.equal(added.status, 0, added.stderr);
	return added.stdout.trim().split(" ").at(-1);
}

function revokedKey(city) {
	const keys = () => world.cli("apikey", "list", city).stdout.trim()
	    .split("\n").map((line) => line.split(" ")[0]);
	const others = keys();
	const key = newKey(city, "open311.requests", "open311.updates");
	const id = keys().find((one) => !others.includes(one));
	assert.equal(world.cli("apikey", "revoke", city, id).status, 0);
	return key;
}

// The staff member who can be seen by colleagues.
function platformObjects(city) {
	const id = world.sql("select s.id from staff s join tenant t on " +
	    `t.id = s.tenant_id where t.slug = '${city}'`);
	return { open: { id }, hidden: { id, file: `${"0".repeat(32)}.css` } };
}

async function aCity(city, text) {
	const device = await newDevice(world.public, city);
	const neighbour = await newDevice(world.public, city);
	const staff = await newStaff(world, city, "amt@example.org", "admin");
	world.sql("insert into account (tenant_id, address_hash) select id, " +
	    `sha256('${city}') from tenant where slug = '${city}'; update ` +
	    "device set account_id = (select a.id from account a where " +
	    `a.tenant_id = device.tenant_id) where id = '${device.id}'`);
	const key = newKey(city, "open311.requests", "open311.updates");
	const all = { world, city, text, device, neighbour, staff, key };
	const objects = { "": platformObjects(city) };
	for (const [name, part] of Object.entries(parts))
		objects[name] = await part.objects(all);
	// Of a theme's files all are public; the second there is nowhere.
	objects[""].open.file = (await world.public.request("GET", city,
	    "/api/v1/app")).json.theme.logo.replace("/theme/", "");
	return { ...all, objects };
}

// A standard's routes that can be rehearsed stand there once more.
async function routes(server, target) {
	const { json } = await server.request("GET", A, target);
	const rehearsed = Object.entries(json.paths).filter(([path]) =>
	    path.startsWith("/open311/v2/")).map(([path, item]) =>
	    [path.replace("/v2/", "/test/v2/"), item]);
	return [...Object.entries(json.paths), ...rehearsed]
	    .flatMap(([path, item]) => verbs.filter((verb) => item[verb])
	    .map((verb) => ({ verb, path, name: `${verb.toUpperCase()} ${path}`,
	    operation: item[verb] })));
}

// One of each role that the city has, with the rights that it gives.
async function everyRole(city) {
	const roles = world.sql("select json_object_keys(config::json -> " +
	    `'tenant' -> 'roles') from tenant where slug = '${city}'`);
	const all = [];
	for (const role of roles.split("\n")) {
		const person = await newStaff(world, city, `${role}@example.org`,
		    role);
		const { rights } = (await person.request("GET",
		    "/office/api/v1/session")).json;
		all.push({ ...person, role, rights });
	}
	assert.ok(all.length > 5);
	return all;
}

// Refusals in a city's audit log, chained or not yet.
const refusals = (city) => Number(world.sql("select count(*) from (select " +
    "tenant_id, kind from audit union all select tenant_id, kind from " +
    "audit_inbox) a join tenant t on t.id = a.tenant_id where a.kind = " +
    `'refused' and t.slug = '${city}'`));

let publicRoutes, officeRoutes, nobody, people, revoked, withoutRequests,
    withoutUpdates;
try {
	a = await aCity(A, marker);
	nobody = await newStaff(world, A, "niemand@example.org", "admin");
	people = await everyRole(A);
	world.sql("update staff set roles = '{nobody}' " +
	    "where email = 'niemand@example.org'");
	withoutRequests = newKey(A, "open311.updates", "reports.read");
	withoutUpdates = newKey(A, "open311.requests");
	revoked = revokedKey(A);
	b = await aCity(B, "Text der Stadt B");
	publicRoutes = await routes(world.public, "/api/v1/openapi.json");
	officeRoutes = await routes(world.office,
	    "/office/api/v1/openapi.json");
} catch (error) {
	await world.stop();
	throw error;
}
after(() => world.stop());

const text = "Ein Text, der lang genug ist.";
// What each route is called with; a route that is not here fails the test
// below, so that nobody adds one without thinking of this.
const bodies = {
	"POST /api/v1/devices": {},
	"POST /api/v1/feedback": { text },
	"POST /api/v1/account": { email: "someone@example.org" },
	"POST /api/v1/account/confirm": { code: "123456" },
	"POST /office/api/v1/session": { email: "amt@example.org",
	    password: "falsch" },
	"POST /office/api/v1/session/totp": { code: "123456" },
	"POST /office/api/v1/session/passkey/options": {},
	"POST /office/api/v1/session/passkey": { id: "AAAA",
	    client_data: "AAAA", authenticator_data: "AAAA", signature: "AAAA" },
	"POST /office/api/v1/session/recovery": { code: "bcdfg-hjkmn" },
	"POST /office/api/v1/session/oidc": {},
	"POST /office/api/v1/session/oidc/{state}": { code: "code" },
	"POST /office/api/v1/session/oidc/{state}/session": {},
	"POST /office/api/v1/invitation": { token: "A".repeat(43),
	    password: "Ein anderes Kennwort" },
	"POST /office/api/v1/account/totp": {},
	"POST /office/api/v1/account/totp/confirm": { code: "123456" },
	"POST /office/api/v1/account/passkeys/options": {},
	"PATCH /office/api/v1/account/passkeys/{id}": { name: "Mein Telefon" },
	"POST /office/api/v1/account/passkeys": { client_data: "AAAA",
	    authenticator_data: "AAAA" },
	"POST /office/api/v1/account/recovery-codes": {},
	"POST /office/api/v1/account/password": { password: "falsch",
	    new_password: "Ein anderes Kennwort" },
	"POST /office/api/v1/staff": { email: "neu@example.org",
	    name: "Neu Beispiel", roles: ["press"] },
	"POST /office/api/v1/staff/{id}/roles": { roles: ["press"] },
	"POST /office/api/v1/staff/{id}/reset": {},
	...all("bodies"),
};

// By whom a route may be called: from its own description.
const access = (route) => route.operation.security.length === 0 ? "anybody" :
    Object.keys(route.operation.security[0])[0];

// Whose route it is; "": the platform's.
const owner = (target) => Object.keys(parts).find((name) =>
    target.includes(`/api/v1/${name}/`) || parts[name].mounts?.some(
    (mount) => target.startsWith(mount))) ?? "";
// What a route is called with, of a city; "open" or "hidden".
const of = (city, route, which) => city.objects[owner(route.path)][which];

const fixed = { code: "green", format: "json", file: "none", z: "14",
    x: "8521", y: "5445", state: "A".repeat(43) };
const named = (target, object) => target.replace(/\{(\w+)\}/g,
    (whole, name) => object[name] ?? fixed[name] ?? whole);

function call(server, city, route, object, headers) {
	reading &&= route.verb === "get";
	const options = { headers: { ...headers } };
	if (files[route.name]) {
		options.body = files[route.name].body;
		Object.assign(options.headers, files[route.name].headers);
	} else if (forms[route.name]) {
		options.body = forms[route.name](object);
		Object.assign(options.headers, form);
	} else if (bodies[route.name])
		options.body = bodies[route.name];
	const target = named(route.path, object) + (queries[route.name] ??
	    (headers.key ? `?api_key=${headers.key}` : ""));
	delete options.headers.key;
	return server.request(route.verb.toUpperCase(), city, target, options);
}

const bearer = (device) => ({ authorization: `Bearer ${device.token}` });
const cookie = (staff) => ({ cookie: staff.cookie });
const asKey = (key) => ({ key });

// Whatever it is, it is an answer, and holds nothing of city A.
function harmless(answer, what) {
	assert.ok(answer.status < 500, `${what}: ${answer.status}`);
	assert.ok(!answer.text.includes(marker), what);
	// A city's log says which names its own people tried.
	if (what === "GET /office/api/v1/audit")
		return;
	for (const { open, hidden } of Object.values(a.objects))
		for (const name of [open, hidden].flatMap(
		    ({ file, format, ...names }) => Object.values(names)))
			assert.ok(!answer.text.includes(name), what);
}

// Looking at all tables is most of what this file takes time for. So what they
// were after one test is what they are before the next, and what only reads is
// looked at with the next that does not.
let last, reading;
function look() {
	const was = last;
	last = tables(world, A);
	if (was)
		assert.deepEqual(last, was, "nothing of city A has changed");
}
const unchanged = async (action) => {
	if (!last)
		look();
	reading = true;
	await action();
	if (!reading)
		look();
};
// Something that may change city A.
const changing = async (action) => {
	look();
	await action();
	last = undefined;
};
const isOne = (route) => /\{(?!code|format|state|[xyz])\w+\}/
    .test(route.path);
const refusal = { device: 401, staff: 401, key: 403 };

describe("the description", () => {
	test("covers both sides", () => {
		assert.ok(publicRoutes.length >= 17, String(publicRoutes.length));
		assert.ok(officeRoutes.length >= 13, String(officeRoutes.length));
	});

	test("has no route that this matrix does not know how to call", () => {
		const all = [...publicRoutes, ...officeRoutes];
		for (const route of all.filter((one) =>
		    one.operation.requestBody))
			assert.ok(bodies[route.name] || forms[route.name] ||
			    files[route.name],
			    `${route.name} needs a body here`);
		for (const route of all)
			assert.match(named(route.path, of(a, route, "open")),
			    /^[^{}]*$/,
			    `${route.name} needs a name here`);
		const names = all.map((route) => route.name);
		for (const name of [...Object.keys(bodies),
		    ...Object.keys(forms), ...Object.keys(files),
		    ...Object.keys(queries), ...Object.keys(everybodys)])
			assert.ok(names.includes(name), `${name} is gone`);
	});

	test("lets only these be called by anybody", () => {
		// What both sides have is named once.
		assert.deepEqual([...new Set([...publicRoutes, ...officeRoutes]
		    .filter((route) => access(route) === "anybody")
		    .map((route) => route.name))].sort(), [
		    "GET /api/v1/app",
		    "GET /api/v1/basemap/{z}/{x}/{y}",
		    "GET /api/v1/boundary",
		    "GET /api/v1/legal",
		    "GET /api/v1/openapi.json",
		    "GET /api/v1/streets",
		    "GET /apple-touch-icon.png",
		    "GET /favicon.ico",
		    "GET /manifest.webmanifest",
		    "GET /office/api/v1/app",
		    "GET /office/api/v1/openapi.json",
		    "GET /office/api/v1/session/oidc/{state}",
		    "GET /office/api/v1/session/options",
		    "GET /theme/{file}",
		    "POST /api/v1/devices",
		    "POST /api/v1/feedback",
		    "POST /office/api/v1/invitation",
		    "POST /office/api/v1/session",
		    "POST /office/api/v1/session/oidc",
		    "POST /office/api/v1/session/oidc/{state}",
		    "POST /office/api/v1/session/oidc/{state}/session",
		    "POST /office/api/v1/session/passkey",
		    "POST /office/api/v1/session/passkey/options",
		    "POST /office/api/v1/session/recovery",
		    "POST /office/api/v1/session/totp",
		    ...Object.values(parts).flatMap((part) =>
			part.anybody ?? []),
		].sort());
	});
});

test("city A itself reaches what is A's: the matrix is no wall", async () => {
	const report = a.objects["defect-reporter"];
	for (const [target, headers] of [
	    [`${reports}/${report.open.id}`, {}],
	    [`${reports}/${report.open.id}/photos/${report.open.photo}`, {}],
	    [`${reports}/mine/${report.hidden.id}`, bearer(a.device)],
	    ["/api/v1/account", bearer(a.device)]])
		assert.equal((await world.public.request("GET", A, target,
		    { headers })).status, 200, target);
	assert.equal((await a.staff.request("GET",
	    `${officeReports}/${report.hidden.id}`)).json.contact.name, marker);
});

for (const route of publicRoutes)
	describe(`${route.name}`, () => {
		for (const [who, object] of [["released", "open"],
		    ["unreleased", "hidden"]]) {
			test(`in city B with A's ${who} names and A's device`,
			    () => unchanged(async () => {
				const answer = await call(world.public, B, route,
				    of(a, route, object), bearer(a.device));
				harmless(answer, route.name);
				if (access(route) !== "anybody")
					assert.equal(answer.status,
					    refusal[access(route)]);
				else if (isOne(route))
					assert.equal(answer.status, 404);
			}));

			test(`in city B with A's ${who} names and B's device`,
			    () => unchanged(async () => {
				// A device that is forgotten is one made for it.
				const device = route.name === "DELETE /api/v1/device" ?
				    await newDevice(world.public, B) : b.device;
				const answer = await call(world.public, B, route,
				    of(a, route, object), bearer(device));
				harmless(answer, route.name);
				if (isOne(route))
					assert.equal(answer.status, 404);
			}));

			if (access(route) === "key")
				test(`in city B with A's ${who} names and either key`,
				    () => unchanged(async () => {
					const foreign = await call(world.public, B, route,
					    of(a, route, object), asKey(a.key));
					harmless(foreign, route.name);
					assert.equal(foreign.status, 403);
					const own = await call(world.public, B, route,
					    of(a, route, object), asKey(b.key));
					harmless(own, route.name);
					// One names a report of A, the other a place in A.
					assert.equal(own.status, route.path.includes(
					    "updates") ? 404 : 400);
				}));
		}

		if (access(route) === "key")
			test("in city A without a key, with a wrong one, one that " +
			    "was revoked, one without the right, a device's and a " +
			    "member of staff's", () => unchanged(async () => {
				const others = route.operation["x-right"].endsWith(
				    ".updates") ? withoutUpdates : withoutRequests;
				for (const key of [undefined, "A".repeat(43), revoked,
				    others, a.device.token, a.staff.cookie.split("=")[1]])
					for (const object of [of(a, route, "open"),
					    of(a, route, "hidden")]) {
						const answer = await call(world.public, A,
						    route, object, { ...bearer(a.device),
						    ...cookie(a.staff), ...asKey(key) });
						harmless(answer, route.name);
						assert.equal(answer.status, 403);
					}
			}));

		if (route.path.startsWith("/open311/test/"))
			test("in city A with A's key changes nothing: it is a " +
			    "rehearsal", () => unchanged(async () => {
				const answer = await call(world.public, A, route, of(a, route, "open"),
				    asKey(a.key));
				assert.equal(answer.status,
				    route.path.includes("/tokens/") ? 404 : 200);
			}));

		if (route.path.startsWith("/open311/"))
			test("on the platform's host as city B, which " +
			    "jurisdiction_id names", () => unchanged(async () => {
				const as = (city) => call(world.public, HOST, { ...route,
				    path: `${route.path}?jurisdiction_id=${city}` }, of(a, route, "open"),
				    {});
				const answer = await as(B);
				harmless(answer, route.name);
				if (access(route) === "key")
					assert.equal(answer.status, 403);
				else if (isOne(route))
					assert.equal(answer.status, 404);
				else
					assert.equal(answer.status, 200);
				assert.equal((await as("nirgends")).status, 404);
				assert.equal((await call(world.public, HOST, route,
				    of(a, route, "open"), {})).status, 400);
			}));

		if (access(route) === "device") {
			test("in city A without credentials, with wrong ones and " +
			    "with a member of staff's", () => unchanged(async () => {
				for (const headers of [{}, cookie(a.staff),
				    { authorization: `Bearer ${"A".repeat(43)}` },
				    { authorization: `Bearer ${a.staff.cookie
				    .split("=")[1]}` }]) {
					const answer = await call(world.public, A, route,
					    of(a, route, "hidden"), headers);
					harmless(answer, route.name);
					assert.equal(answer.status, 401);
				}
			}));
		}

		if (isOne(route))
			test("in city A with a neighbour's device does not touch " +
			    "what is not released, or not its own",
			    () => (everybodys[route.name] ? changing :
			    unchanged)(async () => {
				const hidden = await call(world.public, A, route,
				    of(a, route, "hidden"), bearer(a.neighbour));
				harmless(hidden, route.name);
				assert.equal(hidden.status, 404);
				const open = await call(world.public, A, route, of(a, route, "open"),
				    bearer(a.neighbour));
				if (everybodys[route.name])
					assert.equal(open.status,
					    everybodys[route.name]);
				else if (route.verb !== "get" &&
				    !route.path.includes("/mine/"))
					assert.equal(open.status, 403);
				else if (access(route) === "device" ||
				    route.path.includes("/tokens/"))
					assert.equal(open.status, 404);
				else
					assert.equal(open.status, 200);
			}));
	});

for (const route of officeRoutes)
	describe(`${route.name}`, () => {
		const open = access(route) === "anybody";

		for (const [who, object] of [["released", "open"],
		    ["unreleased", "hidden"]]) {
			test(`in city B with A's ${who} names and A's session`,
			    () => unchanged(async () => {
				const answer = await call(world.office, B, route,
				    of(a, route, object), cookie(a.staff));
				harmless(answer, route.name);
				if (!open)
					assert.equal(answer.status, 401);
			}));

			test(`in city B with A's ${who} names and B's session`,
			    () => unchanged(async () => {
				// A session that is ended is one made for it.
				const staff = route.name === "DELETE /office/api/v1" +
				    "/session" ? await signIn(world.office, B,
				    "amt@example.org", staffPassword) : b.staff;
				const answer = await call(world.office, B, route,
				    of(a, route, object), cookie(staff));
				harmless(answer, route.name);
				if (isOne(route))
					assert.equal(answer.status, 404);
			}));
		}

		if (open)
			return;
		test("in city A without a session, with a wrong one and with a " +
		    "citizen's token", () => unchanged(async () => {
			const before = refusals(A);
			for (const headers of [{}, bearer(a.device),
			    { cookie: `__Host-stadtkern=${"A".repeat(43)}` },
			    { cookie: `__Host-stadtkern=${a.device.token}` }]) {
				const answer = await call(world.office, A, route,
				    of(a, route, "open"), headers);
				harmless(answer, route.name);
				assert.equal(answer.status, 401);
			}
			if (route.verb !== "get")
				assert.equal(refusals(A) - before, 4);
		}));

		const right = route.operation["x-right"];
		if (right)
			test(`in city A by staff without a role, and by each role ` +
			    `without ${right}`, () => unchanged(async () => {
				const without = [nobody, ...people.filter((person) =>
				    !person.rights.includes(right))];
				const before = refusals(A);
				for (const person of without) {
					const answer = await call(world.office, A, route,
					    of(a, route, "open"), cookie(person));
					harmless(answer, route.name);
					assert.equal(answer.status, 403, person.role);
				}
				assert.equal(refusals(A) - before, without.length,
				    "each has its entry");
			}));

		// Who leads civil engineering has all rights there, and these
		// reports are the parks'.
		if (right?.startsWith("defect-reporter.") && isOne(route))
			test(`in city A with ${right} in another department`,
			    () => unchanged(async () => {
				const answer = await call(world.office, A, route,
				    of(a, route, "open"), cookie(people.find(
				    (person) => person.role === "head")));
				harmless(answer, route.name);
				assert.equal(answer.status, 404);
			}));
	});

test("an ended session of A opens nothing, by any office route", async () => {
	let staff;
	await changing(async () => {
		staff = await newStaff(world, A, "weg@example.org", "admin");
		assert.equal((await staff.request("DELETE",
		    "/office/api/v1/session")).status, 204);
	});
	await unchanged(async () => {
		for (const route of officeRoutes.filter((one) =>
		    access(one) !== "anybody"))
			assert.equal((await call(world.office, A, route, of(a, route, "open"),
			    cookie(staff))).status, 401, route.name);
	});
});

test("a cursor of A's list is none in B", async () => {
	for (let i = 2; i < 4; i++)
		await release(a.staff, (await sendReport(a.device,
		    aReport(A, {}, i))).id);
	const { json } = await until("a second page", async () => {
		const answer = await world.public.request("GET", A,
		    `${reports}?limit=1`);
		return answer.json.next && answer;
	});
	assert.equal((await world.public.request("GET", B,
	    `${reports}?limit=1&cursor=${json.next}`)).status, 422);
});

describe("the database itself", () => {
	const names = world.sql("select c.oid::regclass from pg_class c " +
	    "join pg_attribute t on t.attrelid = c.oid " +
	    "and t.attname = 'tenant_id' join pg_namespace n " +
	    "on n.oid = c.relnamespace where c.relkind in ('r', 'p') " +
	    "and n.nspname not like 'pg\\_%' order by 1").split("\n");
	const psql = (role, sql) => run("psql", ["-XAtq", "-d",
	    `${world.conninfo} user=${role}`, "-c", sql], { mayFail: true });
	const id = (city) => world.sql("select id from tenant " +
	    `where slug = '${city}'`);
	// Which columns a role may read: some are sealed from it.
	const columns = (role, table) => world.sql("select string_agg(" +
	    "quote_ident(attname), ', ') from pg_attribute where attrelid = " +
	    `'${table}'::regclass and attnum > 0 and not attisdropped and ` +
	    `has_column_privilege('${role}', attrelid, attnum, 'select')`);

	test("knows at least the tables that this test thinks of", () => {
		for (const name of ["blob", "job", "device", "account", "staff",
		    "api_key", "defect_reporter.report",
		    "defect_reporter.submission", "defect_reporter.photo",
		    "defect_reporter.event", "defect_reporter.remark",
		    "defect_reporter.support"])
			assert.ok(names.includes(name), name);
	});

	for (const role of ["stadtkern_public", "stadtkern_office"])
		test(`shows ${role} as city B nothing of A, in no table`, () => {
			let read = 0;
			for (const name of names) {
				const list = columns(role, name);
				if (!list)
					continue;
				const seen = psql(role, `begin; select ` +
				    `set_config('stadtkern.tenant', '${id(B)}', true); ` +
				    `select 'rows', count(*) from (select ${list} from ` +
				    `${name}) x where tenant_id <> ${id(B)}`);
				assert.equal(seen.status, 0, seen.stderr);
				assert.match(seen.stdout, /^rows\|0$/m, name);
				read++;
			}
			assert.ok(read > 6, String(read));
		});

	for (const role of ["stadtkern_public", "stadtkern_office",
	    "stadtkern_owner"])
		test(`shows ${role} without a city nothing at all`, () => {
			for (const name of names.filter((table) =>
			    !["job", "schedule_run"].includes(table))) {
				const list = columns(role, name);
				if (!list)
					continue;
				for (const setting of ["", "set stadtkern.tenant = ''; "]) {
					const seen = psql(role, `${setting}select count(*) ` +
					    `from (select ${list} from ${name}) x`);
					assert.equal(seen.stdout.trim(), "0", `${name}: ` +
					    seen.stderr);
				}
			}
		});

	test("lets stadtkern_public write nothing into A as B", () => {
		for (const name of names) {
			const answer = psql("stadtkern_public", "begin; select " +
			    `set_config('stadtkern.tenant', '${id(B)}', true); ` +
			    `update ${name} set tenant_id = tenant_id ` +
			    `where tenant_id = ${id(A)} returning 'touched'; ` +
			    `delete from ${name} where tenant_id = ${id(A)} ` +
			    "returning 'touched'; rollback");
			assert.doesNotMatch(answer.stdout, /touched/, name);
		}
		const put = psql("stadtkern_public", "begin; select " +
		    `set_config('stadtkern.tenant', '${id(B)}', true); ` +
		    "insert into device (tenant_id, token_hash) values " +
		    `(${id(A)}, sha256('x'))`);
		assert.match(put.stderr, /row-level security/);
	});
});

test("the map of one city has nothing of the other", async () => {
	const [here, there] = [await world.public.request("GET", A, map),
	    await world.public.request("GET", B, map)];
	const [own, other] = [a, b].map((city) =>
	    city.objects["defect-reporter"].open.id);
	assert.ok(here.text.includes(own));
	assert.ok(there.text.includes(other));
	assert.ok(!here.text.includes(other));
	assert.ok(!there.text.includes(own));
});

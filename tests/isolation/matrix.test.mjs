// SPDX-License-Identifier: EUPL-1.2
// Every route of both sides, taken from their own descriptions, called by
// everybody who must not: with another city's names and credentials, without
// any, with a neighbour's device, by staff without the right. None may answer
// with what is not theirs, change it, or fail.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, map, officeReports, picture, release, reports, sendPhoto,
    sendReport, tables } from "../http/lib/city.mjs";
import { newDevice, newStaff, run, signIn, staffPassword, startWorld, until }
    from "../http/lib/server.mjs";

const A = "herne", B = "castrop-rauxel";
const HOST = "platform.localhost";	// of no city
const marker = "Kennwort-der-Stadt-A";
const verbs = ["get", "post", "put", "patch", "delete"];
const form = { "content-type": "application/x-www-form-urlencoded" };
let world, a, b;

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

// An answer that waits for release.
const draft = (report, text) => world.sql("insert into " +
    "defect_reporter.draft (tenant_id, report_id, text) select tenant_id, " +
    `id, '${text}' from defect_reporter.report where id = '${report}' ` +
    "returning id");

async function aCity(city, text) {
	const device = await newDevice(world.public, city);
	const neighbour = await newDevice(world.public, city);
	const staff = await newStaff(world, city, "amt@example.org", "admin");
	world.sql("insert into account (tenant_id, address_hash) select id, " +
	    `sha256('${city}') from tenant where slug = '${city}'; update ` +
	    "device set account_id = (select a.id from account a where " +
	    `a.tenant_id = device.tenant_id) where id = '${device.id}'`);
	const make = async (index) => {
		const report = await sendReport(device, aReport(city, { text:
		    `${text} ${index}`, contact: { name: text } }, index));
		const sent = await sendPhoto(device, report.id,
		    picture("plain.jpg"));
		assert.equal(sent.status, 201);
		await until("the photo is ready", async () =>
		    (await staff.request("GET", `${officeReports}/${report.id}`))
		    .json.photos[0].state === "waiting");
		return { id: report.id, photo: sent.json.id,
		    answer: draft(report.id, text) };
	};
	const open = await make(0), hidden = await make(1);
	await release(staff, open.id);
	assert.equal((await staff.request("POST", `${officeReports}/${open.id}` +
	    `/photos/${open.photo}/release`)).status, 200);
	assert.equal((await staff.request("POST", `${officeReports}/${open.id}` +
	    "/answers", { body: { text: `${text} answer` } })).status, 201);
	const key = newKey(city, "open311.requests", "open311.updates");
	const remark = (await world.public.request("POST", city,
	    `/open311/v2/servicerequestupdates.json?api_key=${key}`,
	    { body: `service_request_id=${open.id}&description=${text}`,
	    headers: form })).json[0].update_id;
	open.remark = hidden.remark = remark;
	// Of a theme's files all are public; the second there is nowhere.
	open.file = (await world.public.request("GET", city, "/api/v1/app"))
	    .json.theme.logo.replace("/theme/", "");
	hidden.file = `${"0".repeat(32)}.css`;
	const view = await staff.request("POST", "/office/api/v1/" +
	    "defect-reporter/tickets/views", { body: { name: text,
	    filter: { q: text } } });
	assert.equal(view.status, 201, view.text);
	open.view = hidden.view = view.json.id;
	return { city, device, neighbour, staff, key, open, hidden };
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

let publicRoutes, officeRoutes, nobody, revoked, withoutRequests,
    withoutUpdates;
try {
	a = await aCity(A, marker);
	nobody = await newStaff(world, A, "niemand@example.org", "admin");
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
	"POST /api/v1/defect-reporter/reports": aReport(A),
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
	"POST /office/api/v1/account/passkeys": { client_data: "AAAA",
	    authenticator_data: "AAAA" },
	"POST /office/api/v1/account/recovery-codes": {},
	"POST /office/api/v1/account/password": { password: "falsch",
	    new_password: "Ein anderes Kennwort" },
	"POST /office/api/v1/staff": { email: "neu@example.org",
	    name: "Neu Beispiel", roles: ["press"] },
	"POST /office/api/v1/staff/{id}/roles": { roles: ["press"] },
	"POST /office/api/v1/staff/{id}/reset": {},
	"POST /office/api/v1/defect-reporter/reports/{id}/release": {},
	"POST /office/api/v1/defect-reporter/reports/{id}/reject":
	    { reason: text },
	"POST /office/api/v1/defect-reporter/reports/{id}/status":
	    { status: "in-progress" },
	"POST /office/api/v1/defect-reporter/reports/{id}/answers": { text },
	"POST /office/api/v1/defect-reporter/reports/{id}/forward":
	    { body: "strassen-nrw" },
	"POST /api/v1/defect-reporter/reports/mine/{id}/reopen":
	    { reason: text },
	"POST /office/api/v1/defect-reporter/tickets": { channel: "letter",
	    category: "green", text, address: "Markt 1" },
	"POST /office/api/v1/defect-reporter/tickets/views": { name: "Meine",
	    filter: { sort: "changed" } },
	"PATCH /office/api/v1/defect-reporter/tickets/{id}":
	    { priority: "low" },
	...Object.fromEntries(Object.entries({ preview: {}, assign:
	    { department: "stadtgruen" }, accept: {}, return: { reason: text },
	    person: {}, take: {}, merge: { into:
	    "00000000-0000-4000-8000-000000000000" }, split: {},
	    notes: { text }, spam: { spam: true }, "answers/{answer}/release":
	    {}, "answers/{answer}/reject": { reason: text } })
	    .map(([step, body]) => ["POST /office/api/v1/defect-reporter/" +
	    `tickets/{id}/${step}`, body])),
};
// Sent as a form; the report's id is filled in.
const forms = Object.fromEntries(["v2", "test/v2"].flatMap((version) => [
	[`POST /open311/${version}/requests.{format}`, () =>
	    "service_code=green&description=Ein+Ast&lat=51.5426&long=7.219"],
	[`POST /open311/${version}/servicerequestupdates.{format}`, (object) =>
	    `service_request_id=${object.id}&description=Der+Ast`],
]));
const photos = "POST /api/v1/defect-reporter/reports/{id}/photos";
const queries = { "GET /api/v1/defect-reporter/reports/nearby":
    "?lat=51.5426&lon=7.219" };

// Who is affected too may say so of any released report.
const everybodys = { "POST /api/v1/defect-reporter/reports/{id}/support": 201,
    "DELETE /api/v1/defect-reporter/reports/{id}/support": 204 };

// By whom a route may be called: from its own description.
const access = (route) => route.operation.security.length === 0 ? "anybody" :
    Object.keys(route.operation.security[0])[0];

const named = (path, object) => path.replace("{id}", object.id)
    .replace("{photo}", object.photo).replace("{remark}", object.remark)
    .replace("{answer}", object.answer).replace("{view}", object.view)
    .replace("{code}", object.code ?? "green").replace("{format}", "json")
    .replace("{file}", object.file ?? "none")
    .replace("{z}/{x}/{y}", "14/8521/5445")
    .replace("{state}", "A".repeat(43));

function call(server, city, route, object, headers) {
	reading &&= route.verb === "get";
	const options = { headers: { ...headers } };
	if (route.name === photos) {
		options.body = picture("rgb.png");
		options.headers["content-type"] = "image/png";
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
	for (const { id, photo, remark, answer: draft, view } of
	    [a.open, a.hidden])
		for (const name of [id, photo, remark, draft, view])
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
const isOne = (route) => /\{(id|photo|remark|file)\}/.test(route.path);
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
			    route.name === photos,
			    `${route.name} needs a body here`);
		for (const route of all)
			assert.match(named(route.path, {}), /^[^{}]*$/,
			    `${route.name} needs a name here`);
		const names = all.map((route) => route.name);
		for (const name of [...Object.keys(bodies),
		    ...Object.keys(forms), photos,
		    ...Object.keys(queries)])
			assert.ok(names.includes(name), `${name} is gone`);
	});

	test("lets only these be called by anybody", () => {
		assert.deepEqual([...publicRoutes, ...officeRoutes].filter(
		    (route) => access(route) === "anybody")
		    .map((route) => route.name).sort(), [
		    "GET /api/v1/app",
		    "GET /api/v1/basemap/{z}/{x}/{y}",
		    "GET /api/v1/boundary",
		    "GET /api/v1/defect-reporter/map.geojson",
		    "GET /api/v1/defect-reporter/reports",
		    "GET /api/v1/defect-reporter/reports/nearby",
		    "GET /api/v1/defect-reporter/reports/{id}",
		    "GET /api/v1/defect-reporter/reports/{id}/photos/{photo}",
		    "GET /api/v1/defect-reporter/reports/{id}/photos/{photo}" +
			"/thumbnail",
		    "GET /api/v1/legal",
		    "GET /api/v1/openapi.json",
		    "GET /apple-touch-icon.png",
		    "GET /favicon.ico",
		    "GET /manifest.webmanifest",
		    "GET /office/api/v1/openapi.json",
		    "GET /open311/discovery.{format}",
		    ...["test/v2", "v2"].flatMap((version) => [
		    "bulk", "discovery", "requests", "requests/{id}",
		    "servicerequestupdates", "services", "services/{code}",
		    "tokens/{id}"].map((what) =>
		    `GET /open311/${version}/${what}.{format}`)),
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
		].sort());
	});
});

test("city A itself reaches what is A's: the matrix is no wall", async () => {
	for (const [target, headers] of [
	    [`${reports}/${a.open.id}`, {}],
	    [`${reports}/${a.open.id}/photos/${a.open.photo}`, {}],
	    [`${reports}/mine/${a.hidden.id}`, bearer(a.device)],
	    ["/api/v1/account", bearer(a.device)]])
		assert.equal((await world.public.request("GET", A, target,
		    { headers })).status, 200, target);
	assert.equal((await a.staff.request("GET",
	    `${officeReports}/${a.hidden.id}`)).json.contact.name, marker);
});

for (const route of publicRoutes)
	describe(`${route.name}`, () => {
		for (const [who, object] of [["released", "open"],
		    ["unreleased", "hidden"]]) {
			test(`in city B with A's ${who} names and A's device`,
			    () => unchanged(async () => {
				const answer = await call(world.public, B, route,
				    a[object], bearer(a.device));
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
				    a[object], bearer(device));
				harmless(answer, route.name);
				if (isOne(route))
					assert.equal(answer.status, 404);
			}));

			if (access(route) === "key")
				test(`in city B with A's ${who} names and either key`,
				    () => unchanged(async () => {
					const foreign = await call(world.public, B, route,
					    a[object], asKey(a.key));
					harmless(foreign, route.name);
					assert.equal(foreign.status, 403);
					const own = await call(world.public, B, route,
					    a[object], asKey(b.key));
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
					for (const object of [a.open, a.hidden]) {
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
				const answer = await call(world.public, A, route, a.open,
				    asKey(a.key));
				assert.equal(answer.status,
				    route.path.includes("/tokens/") ? 404 : 200);
			}));

		if (route.path.startsWith("/open311/"))
			test("on the platform's host as city B, which " +
			    "jurisdiction_id names", () => unchanged(async () => {
				const as = (city) => call(world.public, HOST, { ...route,
				    path: `${route.path}?jurisdiction_id=${city}` }, a.open,
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
				    a.open, {})).status, 400);
			}));

		if (access(route) === "device") {
			test("in city A without credentials, with wrong ones and " +
			    "with a member of staff's", () => unchanged(async () => {
				for (const headers of [{}, cookie(a.staff),
				    { authorization: `Bearer ${"A".repeat(43)}` },
				    { authorization: `Bearer ${a.staff.cookie
				    .split("=")[1]}` }]) {
					const answer = await call(world.public, A, route,
					    a.hidden, headers);
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
				    a.hidden, bearer(a.neighbour));
				harmless(hidden, route.name);
				assert.equal(hidden.status, 404);
				const open = await call(world.public, A, route, a.open,
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
				    a[object], cookie(a.staff));
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
				    a[object], cookie(staff));
				harmless(answer, route.name);
				if (isOne(route))
					assert.equal(answer.status, 404);
			}));
		}

		if (open)
			return;
		test("in city A without a session, with a wrong one and with a " +
		    "citizen's token", () => unchanged(async () => {
			for (const headers of [{}, bearer(a.device),
			    { cookie: `__Host-stadtkern=${"A".repeat(43)}` },
			    { cookie: `__Host-stadtkern=${a.device.token}` }]) {
				const answer = await call(world.office, A, route,
				    a.open, headers);
				harmless(answer, route.name);
				assert.equal(answer.status, 401);
			}
		}));

		const right = route.operation["x-right"];
		if (right)
			test(`in city A by staff without ${right}`,
			    () => unchanged(async () => {
				const answer = await call(world.office, A, route,
				    a.open, cookie(nobody));
				harmless(answer, route.name);
				assert.equal(answer.status, 403);
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
			assert.equal((await call(world.office, A, route, a.open,
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
	assert.ok(here.text.includes(a.open.id));
	assert.ok(there.text.includes(b.open.id));
	assert.ok(!here.text.includes(b.open.id));
	assert.ok(!there.text.includes(a.open.id));
});

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
const marker = "Kennwort-der-Stadt-A";
const verbs = ["get", "post", "put", "patch", "delete"];
let world, a, b;

// The world is made before the tests are declared: they come from it.
world = await startWorld({ public: true, office: true, courier: true,
    env: { STADTKERN_LIMITS: "0" } });

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
		return { id: report.id, photo: sent.json.id };
	};
	const open = await make(0), hidden = await make(1);
	await release(staff, open.id);
	assert.equal((await staff.request("POST", `${officeReports}/${open.id}` +
	    `/photos/${open.photo}/release`)).status, 200);
	assert.equal((await staff.request("POST", `${officeReports}/${open.id}` +
	    "/answers", { body: { text: `${text} answer` } })).status, 201);
	return { city, device, neighbour, staff, open, hidden };
}

async function routes(server, target) {
	const { json } = await server.request("GET", A, target);
	return Object.entries(json.paths).flatMap(([path, item]) =>
	    verbs.filter((verb) => item[verb]).map((verb) => ({ verb, path,
	    name: `${verb.toUpperCase()} ${path}`, operation: item[verb] })));
}

let publicRoutes, officeRoutes;
try {
	a = await aCity(A, marker);
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
	"POST /office/api/v1/defect-reporter/reports/{id}/release": {},
	"POST /office/api/v1/defect-reporter/reports/{id}/reject":
	    { reason: text },
	"POST /office/api/v1/defect-reporter/reports/{id}/status":
	    { status: "in-progress" },
	"POST /office/api/v1/defect-reporter/reports/{id}/answers": { text },
	"POST /office/api/v1/defect-reporter/reports/{id}/forward":
	    { body: "strassen-nrw" },
};
const tile = "{z}/{x}/{y}";
const photos = "POST /api/v1/defect-reporter/reports/{id}/photos";
const queries = { "GET /api/v1/defect-reporter/reports/nearby":
    "?lat=51.5426&lon=7.219" };

// By whom a route may be called: from its own description.
const access = (route) => route.operation.security.length === 0 ? "anybody" :
    route.operation.security[0].staff ? "staff" : "device";

function call(server, city, route, object, headers) {
	const options = { headers: { ...headers } };
	if (route.name === photos) {
		options.body = picture("rgb.png");
		options.headers["content-type"] = "image/png";
	} else if (bodies[route.name])
		options.body = bodies[route.name];
	const target = route.path.replace("{id}", object.id)
	    .replace("{photo}", object.photo).replace(tile, "14/8521/5445") + (queries[route.name] ?? "");
	return server.request(route.verb.toUpperCase(), city, target, options);
}

const bearer = (device) => ({ authorization: `Bearer ${device.token}` });
const cookie = (staff) => ({ cookie: staff.cookie });

// Whatever it is, it is an answer, and holds nothing of city A.
function harmless(answer, what) {
	assert.ok(answer.status < 500, `${what}: ${answer.status}`);
	assert.ok(!answer.text.includes(marker), what);
	for (const { id, photo } of [a.open, a.hidden]) {
		assert.ok(!answer.text.includes(id), what);
		assert.ok(!answer.text.includes(photo), what);
	}
}

const unchanged = async (action) => {
	const was = tables(world, A);
	await action();
	assert.deepEqual(tables(world, A), was, "nothing of city A has changed");
};

describe("the description", () => {
	test("covers both sides", () => {
		assert.ok(publicRoutes.length >= 17, String(publicRoutes.length));
		assert.ok(officeRoutes.length >= 13, String(officeRoutes.length));
	});

	test("has no route that this matrix does not know how to call", () => {
		const all = [...publicRoutes, ...officeRoutes];
		for (const route of all.filter((one) =>
		    one.operation.requestBody))
			assert.ok(bodies[route.name] || route.name === photos,
			    `${route.name} needs a body here`);
		for (const route of all)
			assert.match(route.path.replace("{id}", "")
			    .replace("{photo}", "").replace(tile, ""), /^[^{}]*$/,
			    `${route.name} needs a name here`);
		const names = all.map((route) => route.name);
		for (const name of [...Object.keys(bodies), photos,
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
		    "GET /office/api/v1/openapi.json",
		    "POST /api/v1/devices",
		    "POST /api/v1/feedback",
		    "POST /office/api/v1/session",
		]);
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
				if (access(route) === "device")
					assert.equal(answer.status, 401);
				else if (route.path.includes("{"))
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
				if (route.path.includes("{"))
					assert.equal(answer.status, 404);
			}));
		}

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

		if (route.path.includes("{"))
			test("in city A with a neighbour's device does not touch " +
			    "what is not released, or not its own",
			    () => unchanged(async () => {
				const hidden = await call(world.public, A, route,
				    a.hidden, bearer(a.neighbour));
				harmless(hidden, route.name);
				assert.equal(hidden.status, 404);
				const open = await call(world.public, A, route, a.open,
				    bearer(a.neighbour));
				if (route.verb !== "get")
					assert.equal(open.status, 403);
				else if (access(route) === "device")
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
				if (route.path.includes("{"))
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
			test(`in city A by staff without ${right}`, async () => {
				world.sql("update staff set roles = '{nobody}' where " +
				    "tenant_id = (select id from tenant where slug = " +
				    `'${A}')`);
				try {
					await unchanged(async () => {
						const answer = await call(world.office, A,
						    route, a.open, cookie(a.staff));
						harmless(answer, route.name);
						assert.equal(answer.status, 403);
					});
				} finally {
					world.sql("update staff set roles = '{admin}'");
				}
			});
	});

test("an ended session of A opens nothing, by any office route", async () => {
	const staff = await newStaff(world, A, "weg@example.org", "admin");
	assert.equal((await staff.request("DELETE", "/office/api/v1/session"))
	    .status, 204);
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
		    "defect_reporter.report", "defect_reporter.submission",
		    "defect_reporter.photo", "defect_reporter.event"])
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

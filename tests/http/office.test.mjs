// SPDX-License-Identifier: EUPL-1.2
// Staff: signing in, how long a session holds, what it may do, and that
// neither a foreign page nor a storm of guesses gets anywhere.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, officeReports, refused, reports, sendReport }
    from "./lib/city.mjs";
import { newDevice, newStaff, signIn, staffPassword as password, startWorld }
    from "./lib/server.mjs";

let world, admin, press;
before(async () => {
	world = await startWorld({ public: true, office: true,
	    env: { STADTKERN_LIMITS: "0" } });
	admin = await newStaff(world, "herne", "admin@example.org", "admin");
	press = await newStaff(world, "castrop-rauxel", "press@example.org",
	    "press");
}, { timeout: 120_000 });
after(() => world.stop());

const trySignIn = (city, body, headers = {}) => world.office.request("POST",
    city, "/office/api/v1/session", { body, headers });
const session = (who) => who.request("GET", "/office/api/v1/session");

describe("what somebody reads in the office", () => {
	const target = "/office/api/v1/staff";

	test("is stored by no cache, and is not sent again while it is as it was",
	    async () => {
		const first = await admin.request("GET", target);
		assert.equal(first.status, 200);
		assert.equal(first.headers["cache-control"], "no-store");
		const { etag } = first.headers;
		assert.match(etag, /^"[\w-]{22}"$/);
		const again = await admin.request("GET", target,
		    { headers: { "if-none-match": etag } });
		assert.equal(again.status, 304);
		assert.equal(again.text, "");
		assert.equal(again.headers["cache-control"], "no-store");
		await newStaff(world, "herne", "another@example.org", "press");
		const changed = await admin.request("GET", target,
		    { headers: { "if-none-match": etag } });
		assert.equal(changed.status, 200);
		assert.notEqual(changed.headers.etag, etag);
	});

	test("is refused before its tag is looked at", async () => {
		const { headers } = await admin.request("GET", target);
		const foreign = await world.office.request("GET", "herne", target,
		    { headers: { "if-none-match": headers.etag } });
		refused(foreign, 401, "session-unknown");
		assert.equal(foreign.headers.etag, undefined);
	});

	test("by a screen alone does not keep the session open", async () => {
		const person = await newStaff(world, "herne",
		    "alone@example.org", "press");
		const old = () => world.sql(`select count(*) from staff_session n
		    join staff s on s.tenant_id = n.tenant_id and s.id = n.staff_id
		    where s.email = 'alone@example.org'
			and n.last_seen_at < now() - interval '5 minutes'`);
		world.sql(`update staff_session n set last_seen_at =
		    now() - interval '10 minutes' from staff s
		    where s.tenant_id = n.tenant_id and s.id = n.staff_id
			and s.email = 'alone@example.org'`);
		const alone = { headers: { "stadtkern-unattended": "?1" } };
		assert.equal((await person.request("GET",
		    "/office/api/v1/session", alone)).status, 200);
		assert.equal(old(), "1");
		// What changes something is somebody's doing, whatever it says.
		assert.equal((await person.request("POST",
		    "/office/api/v1/account/totp", { ...alone, body: {} })).status,
		    200);
		assert.equal(old(), "0");
	});

	test("names the city's roles, with what they are limited to", async () => {
		const { json } = await admin.request("GET", "/office/api/v1/roles");
		const all = json.items.find(({ code }) => code === "admin");
		assert.deepEqual(all.rights, [{ right: "*", says: null,
		    departments: [], categories: [] }]);
		const says = (items, right) => items.flatMap(({ rights }) => rights)
		    .find((one) => one.right === right).says;
		assert.equal(says(json.items, "defect-reporter.reports.release"),
		    "Meldungen und Fotos veröffentlichen");
		assert.equal(says(json.items, "defect-reporter.*"),
		    "Mängelmelder");
		const english = await admin.request("GET", "/office/api/v1/roles",
		    { headers: { "accept-language": "en" } });
		assert.equal(says(english.json.items,
		    "defect-reporter.reports.release"),
		    "Publish reports and photos");
		for (const { rights } of json.items)
			for (const { right, says } of rights)
				assert.ok(right === "*" || says?.length > 3, right);
		assert.ok(json.items.some(({ rights }) => rights.some(
		    ({ departments }) => departments.length > 0)));
		refused(await press.request("GET", "/office/api/v1/roles"), 403,
		    "right-missing");
	});

	test("of the city itself is the same on both sides", async () => {
		const { json } = await world.office.request("GET", "herne",
		    "/office/api/v1/app");
		for (const path of [json.theme.stylesheet, json.map.boundary,
		    "/favicon.ico"])
			assert.equal((await world.office.request("GET", "herne", path))
			    .text, (await world.public.request("GET", "herne", path))
			    .text, path);
		for (const { api } of json.plugins)
			assert.match(api, /^\/office\/api\/v1\//);
	});
});

describe("signing in", () => {
	test("gives a session and says who it is", async () => {
		const answer = await trySignIn("herne",
		    { email: "admin@example.org", password });
		assert.equal(answer.status, 201, answer.text);
		assert.equal(answer.json.name, "Alex Beispiel");
		assert.deepEqual(answer.json.roles, ["admin"]);
		assert.ok(new Date(answer.json.expires) > new Date());
		assert.equal(answer.headers["cache-control"], "no-store");
		assert.doesNotMatch(answer.text, /token|hash|password/);
		const { json } = await world.office.request("GET", "herne",
		    "/office/api/v1/openapi.json");
		assert.ok(json.paths["/office/api/v1/session"].post
		    .responses[answer.status], "the status is declared");
	});

	test("does not mind the case of the address", async () => {
		assert.equal((await trySignIn("herne",
		    { email: "ADMIN@Example.ORG", password })).status, 201);
	});

	test("sets a cookie that only this host, over TLS, and no script has",
	    async () => {
		const { headers } = await trySignIn("herne",
		    { email: "admin@example.org", password });
		assert.equal(headers["set-cookie"].length, 1);
		const [pair, ...attributes] = headers["set-cookie"][0].split("; ");
		assert.match(pair, /^__Host-stadtkern=[\w-]{43}$/);
		assert.deepEqual(attributes.sort(), ["HttpOnly", "Max-Age=43200",
		    "Path=/", "SameSite=Strict", "Secure"]);
	});

	test("with a wrong password, an unknown, another city's and a disabled " +
	    "address are answered alike", async () => {
		await newStaff(world, "herne", "gone@example.org", "clerk");
		assert.equal(world.cli("staff", "disable", "herne",
		    "gone@example.org").status, 0);
		const answers = [];
		for (const body of [
		    { email: "admin@example.org", password: "falsch" },
		    { email: "nobody@example.org", password },
		    { email: "press@example.org", password },
		    { email: "gone@example.org", password }]) {
			const answer = await trySignIn("herne", body);
			refused(answer, 401, "sign-in-failed");
			assert.equal(answer.headers["set-cookie"], undefined);
			const { date, ...headers } = answer.headers;
			answers.push(JSON.stringify([headers, answer.text]));
		}
		assert.equal(new Set(answers).size, 1);
	});

	test("takes the time of a hash for an unknown address too", async () => {
		const time = async (email) => {
			world.sql("delete from sign_in_count");
			const began = process.hrtime.bigint();
			await trySignIn("herne", { email, password: "falsch" });
			return Number(process.hrtime.bigint() - began) / 1e6;
		};
		const known = [], unknown = [];
		for (let i = 0; i < 5; i++) {
			known.push(await time("admin@example.org"));
			unknown.push(await time("nobody@example.org"));
		}
		const least = (list) => Math.min(...list);
		assert.ok(least(unknown) > least(known) / 3,
		    `${least(unknown)} ms, ${least(known)} ms`);
	});

	test("is refused with an unchecked body", async () => {
		refused(await trySignIn("herne", { email: "x", pasword: "y" }), 422,
		    "fields", [["/email", "format"], ["/password", "required"],
		    ["/pasword", "unknown"]]);
		refused(await trySignIn("herne", { email: "admin@example.org",
		    password: "x".repeat(201) }), 422, "fields",
		    [["/password", "too-long"]]);
	});
});

describe("a session", () => {
	test("shows who is signed in, and is unknown without its cookie",
	    async () => {
		const answer = await session(admin);
		assert.equal(answer.json.email, "admin@example.org");
		for (const headers of [{}, { cookie: "" },
		    { cookie: "__Host-stadtkern=" },
		    { cookie: `__Host-stadtkern=${"A".repeat(43)}` },
		    { cookie: admin.cookie.replace("__Host-", "") },
		    { authorization: `Bearer ${admin.cookie.split("=")[1]}` }])
			refused(await world.office.request("GET", "herne",
			    "/office/api/v1/session", { headers }), 401,
			    "session-unknown");
	});

	test("is found among other cookies", async () => {
		for (const cookie of [`a=b; ${admin.cookie}`,
		    `${admin.cookie}; a=b`, `a=b;${admin.cookie};c=d`])
			assert.equal((await world.office.request("GET", "herne",
			    "/office/api/v1/session", { headers: { cookie } })).status,
			    200, cookie);
	});

	test("ends when its owner signs out, at once and for good", async () => {
		const mine = await signIn(world.office, "herne",
		    "admin@example.org", password);
		const end = await mine.request("DELETE", "/office/api/v1/session");
		assert.equal(end.status, 204);
		assert.match(end.headers["set-cookie"][0],
		    /^__Host-stadtkern=; .*Max-Age=0/);
		for (let i = 0; i < 4; i++)
			refused(await session(mine), 401, "session-unknown");
		assert.equal((await session(admin)).status, 200, "others go on");
	});

	// Its own session's row, the newest.
	const age = (what) => world.sql("update staff_session set " + what +
	    " where hash = (select hash from staff_session " +
	    "order by created_at desc limit 1)");

	test("ends after 30 minutes without a request", async () => {
		const mine = await signIn(world.office, "herne",
		    "admin@example.org", password);
		age("last_seen_at = now() - interval '29 minutes'");
		assert.equal((await session(mine)).status, 200);
		assert.equal(world.sql("select count(*) from staff_session " +
		    "where last_seen_at < now() - interval '20 minutes'"), "0");
		age("last_seen_at = now() - interval '31 minutes'");
		refused(await session(mine), 401, "session-unknown");
	});

	test("ends after 12 hours, however busy", async () => {
		const mine = await signIn(world.office, "herne",
		    "admin@example.org", password);
		age("created_at = now() - interval '12 hours 1 second'");
		refused(await session(mine), 401, "session-unknown");
		world.sql("delete from staff_session " +
		    "where created_at < now() - interval '6 hours'");
	});

	test("ends when its owner is disabled", async () => {
		const mine = await newStaff(world, "herne", "leaves@example.org",
		    "admin");
		assert.equal((await session(mine)).status, 200);
		assert.equal(world.cli("staff", "disable", "herne",
		    "leaves@example.org").status, 0);
		refused(await session(mine), 401, "session-unknown");
	});

	test("of one city is none in another", async () => {
		for (const city of ["castrop-rauxel", "gladbeck", "waltrop"])
			refused(await world.office.request("GET", city,
			    officeReports, { headers: { cookie: admin.cookie } }), 401,
			    "session-unknown");
	});

	test("is stored as a keyed hash only", () => {
		const token = admin.cookie.split("=")[1];
		const bytes = Buffer.from(token, "base64url");
		assert.equal(bytes.length, 32);
		const stored = world.sql("select encode(hash, 'hex') " +
		    "from staff_session");
		assert.ok(stored.length >= 64);
		assert.ok(!stored.includes(bytes.toString("hex")));
		assert.ok(!world.sql("select * from staff_session")
		    .includes(token));
		assert.match(world.sql("select distinct left(password_hash, 9) " +
		    "from staff"), /^\$argon2id$/);
	});
});

describe("a role", () => {
	test("without the right is refused, reading what it may read",
	    async () => {
		const device = await newDevice(world.public, "castrop-rauxel");
		const { id } = await sendReport(device, aReport("castrop-rauxel"));
		assert.equal((await press.request("GET", officeReports)).status,
		    200);
		for (const [what, body] of [["release", {}],
		    ["reject", { reason: "no" }], ["status", { status: "done" }],
		    ["answers", { text: "yes" }], ["forward", { body: "kreis" }]])
			refused(await press.request("POST",
			    `${officeReports}/${id}/${what}`, { body }), 403,
			    "right-missing");
		assert.equal(world.sql("select release || status || version " +
		    "from defect_reporter.report"), "pendingreceived1");
	});

	test("that the city no longer has gives nothing", async () => {
		world.sql("update staff set roles = '{abolished}' " +
		    "where email = 'press@example.org'");
		refused(await press.request("GET", officeReports), 403,
		    "right-missing");
		world.sql("update staff set roles = '{press}' " +
		    "where email = 'press@example.org'");
		assert.equal((await press.request("GET", officeReports)).status,
		    200);
	});
});

describe("a request from another site", () => {
	const cases = [
	    [{ "sec-fetch-site": "cross-site" }, false],
	    [{ "sec-fetch-site": "same-site" }, false],
	    [{ "sec-fetch-site": "same-origin" }, true],
	    [{ "sec-fetch-site": "none" }, true],
	    [{ origin: "https://evil.example" }, false],
	    [{ origin: "https://herne.localhost.evil.example" }, false],
	    [{ origin: "https://castrop-rauxel.localhost" }, false],
	    [{ origin: "null" }, false],
	    [{ origin: "" }, false],
	    [{ origin: "http://herne.localhost" }, true],
	    [{ origin: "https://herne.localhost" }, true],
	    [{ "sec-fetch-site": "same-origin",
		origin: "https://evil.example" }, false],
	];
	for (const [headers, good] of cases)
		test(`with ${JSON.stringify(headers)} is ` +
		    (good ? "let in" : "refused"), async () => {
			const signing = await trySignIn("herne",
			    { email: "admin@example.org", password }, headers);
			const ending = await admin.request("POST",
			    `${officeReports}/00000000-0000-4000-8000-000000000000` +
			    "/answers", { body: { text: "x" }, headers });
			if (good) {
				assert.equal(signing.status, 201, signing.text);
				refused(ending, 404, "not-found");
			} else {
				refused(signing, 403, "cross-site");
				refused(ending, 403, "cross-site");
			}
		});

	test("may still read, for the answer is the browser's to keep from it",
	    async () => {
		const answer = await admin.request("GET", officeReports,
		    { headers: { origin: "https://evil.example" } });
		assert.equal(answer.status, 200);
		assert.equal(answer.headers["access-control-allow-origin"],
		    undefined);
	});
});

describe("a storm of sign-ins", () => {
	test("does not keep anybody else waiting, and is bounded", async () => {
		const device = await newDevice(world.public, "herne");
		let over = false;
		const storm = Promise.all(Array.from({ length: 40 }, (_, i) =>
		    trySignIn("herne", { email: `guess${i % 4}@example.org`,
		    password: `guess ${i}` }))).finally(() => { over = true; });
		const took = [];
		let during = 0;
		do {
			const began = Date.now();
			const answers = await Promise.all([session(admin),
			    admin.request("GET", officeReports),
			    device.request("GET", `${reports}/mine`),
			    world.public.request("GET", "herne", "/api/v1/app")]);
			for (const answer of answers)
				assert.equal(answer.status, 200, answer.text);
			took.push(Date.now() - began);
			if (!over)
				during++;
		} while (!over);
		assert.ok(during > 0, "there were reads while hashes ran");
		assert.ok(Math.max(...took) < 5000, `${Math.max(...took)} ms`);
		const statuses = (await storm).map((answer) => answer.status);
		assert.ok(statuses.every((one) => one === 401 || one === 429),
		    statuses.join());
		assert.ok(statuses.includes(401));
		assert.ok(statuses.includes(429), "more than wait are sent away");
		for (const answer of await storm)
			if (answer.status === 429)
				assert.match(answer.headers["retry-after"], /^\d+$/);
		assert.equal((await trySignIn("herne",
		    { email: "admin@example.org", password })).status, 201,
		    "afterwards signing in works");
	});

	test("from one address meets the rate limit", async () => {
		const limited = await startWorld({ office: true,
		    env: { STADTKERN_LIMITS: "1" } });
		try {
			const statuses = [];
			for (let i = 0; i < 8; i++)
				statuses.push(await limited.office.request("POST",
				    "herne", "/office/api/v1/session", { body: { email:
				    `guess${i}@example.org`, password: "guess" }, headers:
				    { "x-forwarded-for": "192.0.2.1" } }));
			assert.deepEqual(statuses.map((one) => one.status),
			    [401, 401, 401, 401, 401, 401, 429, 429]);
			refused(statuses[7], 429, "too-many-requests");
			const elsewhere = await limited.office.request("POST",
			    "herne", "/office/api/v1/session", { body: { email:
			    "guess@example.org", password: "guess" }, headers:
			    { "x-forwarded-for": "192.0.2.2" } });
			assert.equal(elsewhere.status, 401, "another address");
		} finally {
			await limited.stop();
		}
	});
});

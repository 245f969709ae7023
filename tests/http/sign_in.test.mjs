// SPDX-License-Identifier: EUPL-1.2
// Signing in by steps: code generator, passkey, recovery code; what a city
// that demands a second factor lets people do before they have one; and that
// nothing counts twice, late, elsewhere or for somebody else.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { everything, officeReports, refused } from "./lib/city.mjs";
import { Passkey, totp } from "./lib/factors.mjs";
import { newStaff, signIn, staffPassword as password, startWorld, until }
    from "./lib/server.mjs";

const api = "/office/api/v1";
let world;
before(async () => {
	world = await startWorld({ office: true, courier: true, home: true,
	    env: { STADTKERN_LIMITS: "0" } });
}, { timeout: 120_000 });
after(() => world.stop());

// The seconds that somebody has to wait become a minute more: however slow
// the machine, the next request comes too early.
const stretch = () => world.sql("update sign_in_count set next_at = " +
    "next_at + interval '1 minute' where next_at > last_at + " +
    "interval '0.5 seconds'");

// A browser: keeps cookies and sends them back.
class Browser {
	constructor(city = "herne", address = "192.0.2.1") {
		this.city = city;
		this.address = address;
		this.cookies = {};
	}

	get cookie() {
		return Object.entries(this.cookies)
		    .map(([name, value]) => `${name}=${value}`).join("; ");
	}

	async request(method, target, body, city = this.city) {
		const headers = { "x-forwarded-for": this.address };
		if (this.cookie)
			headers.cookie = this.cookie;
		const answer = await world.office.request(method, city,
		    api + target, { body, headers });
		for (const line of answer.headers["set-cookie"] ?? []) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			if (value)
				this.cookies[name] = value;
			else
				delete this.cookies[name];
		}
		return answer;
	}

	post(target, body) {
		return this.request("POST", target, body);
	}

	async good(method, target, body) {
		const answer = await this.request(method, target, body);
		assert.ok(answer.status < 300, `${target}: ${answer.text}`);
		return answer.json;
	}

	// The first step; gives what comes next.
	async first(email) {
		const answer = await this.post("/session", { email, password });
		assert.equal(answer.status, 200, answer.text);
		return answer.json.next;
	}
}

let count = 0;
// A new member of staff in a browser, signed in.
async function someone(role = "admin", city = "herne") {
	const email = `person${++count}@example.org`;
	const staff = await newStaff(world, city, email, role);
	const browser = new Browser(city, `192.0.2.${count}`);
	browser.cookies["__Host-stadtkern"] = staff.cookie.split("=")[1];
	browser.email = email;
	return browser;
}

async function withTotp(browser) {
	const { secret } = await browser.good("POST", "/account/totp", {});
	await browser.good("POST", "/account/totp/confirm",
	    { code: totp(secret) });
	// As if that had been a while ago: the code at hand is still to come.
	world.sql("update staff_totp set last_step = 0");
	return secret;
}

async function withPasskey(browser, passkey = new Passkey()) {
	const options = await browser.good("POST",
	    "/account/passkeys/options", {});
	await browser.good("POST", "/account/passkeys",
	    { name: "Schlüssel", ...passkey.create(options) });
	return passkey;
}

const asks = (browser) => browser.good("POST", "/session/passkey/options", {});

describe("a code generator", () => {
	test("counts once it has shown a code, and not before", async () => {
		const person = await someone();
		const { secret, uri } = await person.good("POST",
		    "/account/totp", {});
		assert.match(secret, /^[A-Z2-7]{32}$/);
		assert.match(uri, new RegExp("^otpauth://totp/Herne:person\\d+" +
		    `%40example\\.org\\?secret=${secret}&issuer=Herne&`));
		assert.equal((await new Browser("herne", "198.51.100.1")
		    .post("/session", { email: person.email, password })).status,
		    201);
		refused(await person.post("/account/totp/confirm",
		    { code: totp(secret, 5) }), 422, "code-refused");
		await person.good("POST", "/account/totp/confirm",
		    { code: totp(secret) });
		const other = new Browser();
		assert.deepEqual(await other.first(person.email), ["totp"]);
		assert.equal((await person.good("GET", "/account")).totp, true);
	});

	test("is asked after the password, and its code gives a session",
	    async () => {
		const person = await someone();
		const secret = await withTotp(person);
		const browser = new Browser();
		await browser.first(person.email);
		assert.deepEqual(Object.keys(browser.cookies),
		    ["__Host-stadtkern-step"]);
		refused(await browser.request("GET", "/session"), 401,
		    "session-unknown");
		const answer = await browser.post("/session/totp",
		    { code: totp(secret) });
		assert.equal(answer.status, 201, answer.text);
		assert.equal(answer.json.email, person.email);
		assert.deepEqual(Object.keys(browser.cookies),
		    ["__Host-stadtkern"]);
		assert.ok((await browser.good("GET", "/session")).rights
		    .includes("platform.staff.manage"));
	});

	test("says each code once, and none older than the last", async () => {
		const person = await someone();
		const secret = await withTotp(person);
		const code = totp(secret);
		const one = new Browser(), two = new Browser();
		await one.first(person.email);
		await two.first(person.email);
		assert.equal((await one.post("/session/totp", { code })).status,
		    201);
		refused(await two.post("/session/totp", { code }), 422,
		    "code-refused");
		refused(await two.post("/session/totp",
		    { code: totp(secret, -1) }), 422, "code-refused");
		assert.equal((await two.post("/session/totp",
		    { code: totp(secret, 1) })).status, 201);
	});

	test("at once from two places lets one in", async () => {
		const person = await someone();
		const secret = await withTotp(person);
		const browsers = [new Browser(), new Browser()];
		for (const browser of browsers)
			await browser.first(person.email);
		const code = totp(secret);
		const answers = await Promise.all(browsers.map((browser) =>
		    browser.post("/session/totp", { code })));
		assert.deepEqual(answers.map((one) => one.status).sort(),
		    [201, 422]);
	});

	test("of wrong codes is slowed down", async () => {
		const person = await someone();
		await withTotp(person);
		const browser = new Browser("herne", "203.0.113.77");
		await browser.first(person.email);
		const answers = [];
		for (let i = 0; i < 4; i++) {
			answers.push((await browser.post("/session/totp",
			    { code: "000000" })).status);
			stretch();
		}
		assert.deepEqual(answers, [422, 422, 422, 429]);
	});

	test("has a secret that only the office can read", async () => {
		const person = await someone();
		const secret = await withTotp(person);
		const kept = everything(world);
		assert.ok(!kept.includes(secret));
		assert.ok(!kept.includes(Buffer.from(secret).toString("hex")));
		assert.equal(world.sql("select distinct octet_length(secret) " +
		    "from staff_totp where secret is not null"), "68",
		    "20 bytes in a sealed box");
	});
});

describe("a ticket", () => {
	test("is unknown when there is none, when it is another city's, when " +
	    "it was used and when it is old", async () => {
		const person = await someone();
		const secret = await withTotp(person);
		const browser = new Browser();
		const step = (city) => browser.request("POST", "/session/totp",
		    { code: totp(secret, 1) }, city);
		refused(await step(), 401, "ticket-unknown");
		await browser.first(person.email);
		const cookies = { ...browser.cookies };
		refused(await step("castrop-rauxel"), 401, "ticket-unknown");
		world.sql("update staff_ticket set expires_at = now() " +
		    "where expires_at > now()");
		refused(await step(), 401, "ticket-unknown");
		await browser.first(person.email);
		assert.equal((await step()).status, 201);
		browser.cookies = cookies;
		refused(await step(), 401, "ticket-unknown");
	});

	test("is no session", async () => {
		const person = await someone();
		await withTotp(person);
		const browser = new Browser();
		await browser.first(person.email);
		browser.cookies["__Host-stadtkern"] =
		    browser.cookies["__Host-stadtkern-step"];
		for (const target of ["/session", "/account", "/staff"])
			refused(await browser.request("GET", target), 401,
			    "session-unknown");
	});

	test("ends when its owner is disabled", async () => {
		const person = await someone();
		const secret = await withTotp(person);
		const browser = new Browser();
		await browser.first(person.email);
		assert.equal(world.cli("staff", "disable", "herne",
		    person.email).status, 0);
		refused(await browser.post("/session/totp",
		    { code: totp(secret) }), 401, "ticket-unknown");
	});
});

describe("a passkey", () => {
	test("is the second step", async () => {
		const person = await someone();
		const passkey = await withPasskey(person);
		const browser = new Browser();
		assert.deepEqual(await browser.first(person.email), ["passkey"]);
		const options = await asks(browser);
		assert.equal(options.rpId, "herne.localhost");
		assert.equal(options.userVerification, "required");
		assert.deepEqual(options.allowCredentials,
		    [{ type: "public-key", id: passkey.id }]);
		const answer = await browser.post("/session/passkey",
		    passkey.get(options));
		assert.equal(answer.status, 201, answer.text);
		assert.equal(answer.json.email, person.email);
		const { items } = await person.good("GET", "/account/passkeys");
		assert.equal(items[0].name, "Schlüssel");
		assert.ok(items[0].used_at);
	});

	test("is the only step, as it knows its owner", async () => {
		const person = await someone();
		const passkey = await withPasskey(person);
		const browser = new Browser();
		const options = await asks(browser);
		assert.deepEqual(options.allowCredentials, []);
		const answer = await browser.post("/session/passkey",
		    passkey.get(options));
		assert.equal(answer.status, 201, answer.text);
		assert.equal(answer.json.email, person.email);
	});

	const wrong = [
	    ["for another origin", { origin: "https://herne.example" }],
	    ["for this host without TLS", { origin: "http://herne.example" }],
	    ["for another port", { origin: "http://herne.localhost:1" }],
	    ["for another name", { host: "evil.localhost" }],
	    ["inside another site's frame", { client: { crossOrigin: true } }],
	    ["to another question", { client: { challenge:
		Buffer.alloc(32).toString("base64url") } }],
	    ["of another kind", { client: { type: "webauthn.create" } }],
	    ["without the user's verification", { flags: 0x01 }],
	    ["without the user", { flags: 0x04 }],
	    ["by another key", { by: new Passkey() }],
	];
	for (const [what, changes] of wrong)
		test(`that answers ${what} is refused`, async () => {
			const person = await someone();
			const passkey = await withPasskey(person);
			const browser = new Browser();
			const options = await asks(browser);
			refused(await browser.post("/session/passkey",
			    passkey.get(options, changes)), 422,
			    "passkey-refused");
		});

	for (const [what, changes] of [...wrong.filter(([, change]) =>
	    !change.by && !change.client?.type),
	    ["of another kind", { client: { type: "webauthn.get" } }],
	    ["with a key that is none", { key: Buffer.from("a10102", "hex") }],
	    ["with no key at all", { key: Buffer.alloc(0) }],
	    ["with a key off the curve", { key: Buffer.concat([Buffer.from(
		"a5010203262001215820", "hex"), Buffer.alloc(32, 1),
		Buffer.from("225820", "hex"), Buffer.alloc(32, 2)]) }],
	    ["with CBOR that never ends", { key: Buffer.from("bf01bf02bf",
		"hex") }]])
		test(`that is made ${what} is not added`, async () => {
			const person = await someone();
			const options = await person.good("POST",
			    "/account/passkeys/options", {});
			const answer = await person.post("/account/passkeys",
			    new Passkey().create(options, changes));
			// A point is checked when it is used, at the latest.
			if (answer.status === 200) {
				assert.match(what, /off the curve/);
				return;
			}
			refused(answer, 422, "passkey-refused");
			assert.deepEqual((await person.good("GET",
			    "/account/passkeys")).items, []);
		});

	test("answers each question once, and no old one", async () => {
		const person = await someone();
		const passkey = await withPasskey(person);
		const browser = new Browser();
		await browser.first(person.email);
		const old = await asks(browser);
		const options = await asks(browser);
		refused(await browser.post("/session/passkey",
		    passkey.get(old)), 422, "passkey-refused");
		refused(await browser.post("/session/passkey",
		    passkey.get(options)), 422, "passkey-refused");
		const again = await asks(browser);
		const answer = passkey.get(again);
		assert.equal((await browser.post("/session/passkey", answer))
		    .status, 201);
		refused(await browser.post("/session/passkey", answer), 401,
		    "ticket-unknown");
	});

	test("whose counter goes back is a copy", async () => {
		const person = await someone();
		const passkey = await withPasskey(person);
		const browser = new Browser();
		assert.equal((await browser.post("/session/passkey",
		    passkey.get(await asks(browser), { counter: 7 }))).status, 201);
		for (const counter of [7, 6, 0])
			refused(await browser.post("/session/passkey",
			    passkey.get(await asks(browser), { counter })), 422,
			    "passkey-refused");
		assert.equal((await browser.post("/session/passkey",
		    passkey.get(await asks(browser), { counter: 8 }))).status, 201);
	});

	test("without a counter stays good", async () => {
		const person = await someone();
		const passkey = new Passkey();
		const made = await person.good("POST",
		    "/account/passkeys/options", {});
		await person.good("POST", "/account/passkeys",
		    passkey.create(made, { counter: 0 }));
		for (let i = 0; i < 2; i++) {
			const browser = new Browser();
			assert.equal((await browser.post("/session/passkey",
			    passkey.get(await asks(browser), { counter: 0 })))
			    .status, 201);
		}
	});

	test("of somebody else is not the second step", async () => {
		const person = await someone(), other = await someone();
		await withPasskey(person);
		const theirs = await withPasskey(other);
		const browser = new Browser();
		await browser.first(person.email);
		refused(await browser.post("/session/passkey",
		    theirs.get(await asks(browser))), 422, "passkey-refused");
	});

	test("of one city is none in another", async () => {
		const person = await someone();
		const passkey = await withPasskey(person);
		const browser = new Browser("castrop-rauxel");
		const options = await asks(browser);
		refused(await browser.post("/session/passkey", passkey.get(
		    { ...options, rpId: "castrop-rauxel.localhost" })), 422,
		    "passkey-refused");
	});

	test("is added once, whoever has it", async () => {
		const person = await someone(), other = await someone();
		const passkey = await withPasskey(person);
		for (const browser of [person, other]) {
			const options = await browser.good("POST",
			    "/account/passkeys/options", {});
			refused(await browser.post("/account/passkeys",
			    passkey.create(options)), 422, "passkey-refused");
		}
	});

	test("answers in bytes, or is told so", async () => {
		const browser = new Browser();
		await asks(browser);
		refused(await browser.post("/session/passkey", { id: "?",
		    client_data: "e30", authenticator_data: "A", signature: "=" }),
		    422, "fields", [["/id", "format"], ["/authenticator_data",
		    "format"], ["/signature", "format"]]);
		for (const client_data of ["e30", "AAAA", Buffer.from(
		    '{"type":"webauthn.get","type":"webauthn.get"}')
		    .toString("base64url"), Buffer.from("[".repeat(2000))
		    .toString("base64url")]) {
			await asks(browser);
			refused(await browser.post("/session/passkey", { id:
			    "AAAA", client_data, authenticator_data: "AAAA",
			    signature: "AAAA" }), 422, "passkey-refused");
			browser.cookies = {};
		}
	});

	test("of a megabyte is too large", async () => {
		assert.equal((await new Browser().post("/session/passkey",
		    { id: "A", client_data: "A".repeat(1 << 20),
		    authenticator_data: "A", signature: "A" })).status, 413);
	});
});

describe("a recovery code", () => {
	test("is the second step, once", async () => {
		const person = await someone();
		await withTotp(person);
		const { codes } = await person.good("POST",
		    "/account/recovery-codes", {});
		assert.equal(new Set(codes).size, 10);
		for (const code of codes)
			assert.match(code, /^[2-9b-z]{5}-[2-9b-z]{5}$/);
		const browser = new Browser();
		assert.deepEqual(await browser.first(person.email),
		    ["totp", "recovery"]);
		assert.equal((await browser.post("/session/recovery",
		    { code: codes[0].toUpperCase().replace("-", " ") })).status,
		    201);
		assert.equal((await person.good("GET", "/account"))
		    .recovery_codes, 9);
		const other = new Browser();
		await other.first(person.email);
		refused(await other.post("/session/recovery",
		    { code: codes[0] }), 422, "code-refused");
		const kept = everything(world);
		assert.ok(codes.every((code) => !kept.includes(code) &&
		    !kept.includes(code.replace("-", ""))));
	});

	test("of a list that was renewed no longer counts", async () => {
		const person = await someone();
		await withTotp(person);
		const old = await person.good("POST",
		    "/account/recovery-codes", {});
		await person.good("POST", "/account/recovery-codes", {});
		const browser = new Browser();
		await browser.first(person.email);
		refused(await browser.post("/session/recovery",
		    { code: old.codes[3] }), 422, "code-refused");
	});

	test("of somebody else does not count", async () => {
		const person = await someone(), other = await someone();
		await withTotp(person);
		const { codes } = await other.good("POST",
		    "/account/recovery-codes", {});
		const browser = new Browser();
		await browser.first(person.email);
		refused(await browser.post("/session/recovery",
		    { code: codes[0] }), 422, "code-refused");
	});
});

describe("one's own account", () => {
	test("changes how one signs in only soon after signing in",
	    async () => {
		const person = await someone();
		await withTotp(person);
		const { items } = await person.good("GET", "/account/passkeys");
		assert.deepEqual(items, []);
		world.sql("update staff_session set created_at = now() - " +
		    "interval '16 minutes' where staff_id = (select id from " +
		    `staff where email = '${person.email}')`);
		for (const [method, target] of [["POST", "/account/totp"],
		    ["POST", "/account/passkeys/options"],
		    ["POST", "/account/recovery-codes"]])
			refused(await person.request(method, target, {}), 403,
			    "session-stale");
		refused(await person.request("DELETE", "/account/totp"), 403,
		    "session-stale");
	});

	test("calls a passkey what one likes, and nobody else's", async () => {
		const person = await someone();
		await withPasskey(person);
		const [{ id }] = (await person.good("GET", "/account/passkeys"))
		    .items;
		const { name } = await person.good("PATCH",
		    `/account/passkeys/${id}`, { name: "Diensthandy" });
		assert.equal(name, "Diensthandy");
		assert.equal((await person.good("GET", "/account/passkeys"))
		    .items[0].name, "Diensthandy");
		assert.equal((await person.request("PATCH",
		    `/account/passkeys/${id}`, { name: "" })).status, 422);
		const other = await someone();
		refused(await other.request("PATCH", `/account/passkeys/${id}`,
		    { name: "Meins" }), 404, "not-found");
	});

	test("loses a factor and signs in without it", async () => {
		const person = await someone();
		await withTotp(person);
		assert.equal((await person.request("DELETE", "/account/totp"))
		    .status, 204);
		assert.equal((await new Browser().post("/session",
		    { email: person.email, password })).status, 201);
	});

	test("gets another password, and other sessions end", async () => {
		const person = await someone();
		const other = await signIn(world.office, "herne", person.email,
		    password);
		const change = (before, next) => person.post("/account/password",
		    { password: before, new_password: next });
		refused(await change("falsch", "Ganz neue Wörter 7"), 422,
		    "password-wrong");
		refused(await change(password, "kurz"), 422, "fields",
		    [["/new_password", "too-short"]]);
		for (const weak of ["passwort1234", "123456789012",
		    "aaaaaaaaaaaa", "qwertzuiopas", "Sommer2026Sommer",
		    "210987654321", `${person.email.split("@")[0]}1234`])
			refused(await change(password, weak), 422,
			    "password-weak");
		assert.equal((await change(password, "Ganz neue Wörter 7"))
		    .json.sessions_ended, 1);
		refused(await other.request("GET", `${api}/session`), 401,
		    "session-unknown");
		await person.good("GET", "/session");
		refused(await new Browser().post("/session",
		    { email: person.email, password }), 401, "sign-in-failed");
	});

	test("shows where one is signed in, and ends it there", async () => {
		const person = await someone(), stranger = await someone();
		const other = await signIn(world.office, "herne", person.email,
		    password);
		const { items } = await person.good("GET", "/account/sessions");
		assert.deepEqual(items.map((one) => one.here).sort(),
		    [false, true]);
		const { id } = items.find((one) => !one.here);
		refused(await stranger.request("DELETE",
		    `/account/sessions/${id}`), 404, "not-found");
		assert.equal((await other.request("GET", `${api}/session`))
		    .status, 200);
		assert.equal((await person.request("DELETE",
		    `/account/sessions/${id}`)).status, 204);
		refused(await other.request("GET", `${api}/session`), 401,
		    "session-unknown");
	});
});

describe("a city that demands a second factor", () => {
	const demand = async (rules) => {
		const file = path.join(world.home, "tenants/waltrop.yaml");
		const text = fs.readFileSync(file, "utf8");
		fs.writeFileSync(file, `${text}\nsign_in: ${rules}\n`);
		assert.equal(world.cli("tenant", "add", "waltrop").status, 0);
		const probe = await newStaff(world, "waltrop",
		    "probe@example.org", "admin");
		await until("the rule is known", async () => (await probe.request(
		    "GET", `${api}/account`)).json.second_factor === "required");
	};

	test("lets people without one set it up, and nothing else",
	    async () => {
		await demand("{second_factor: required}");
		const person = await someone("admin", "waltrop");
		const session = await person.good("GET", "/session");
		assert.equal(session.enrolling, true);
		for (const target of ["/staff", "/defect-reporter/reports"])
			refused(await person.request("GET", target), 403,
			    "second-factor-required");
		await withTotp(person);
		await person.good("GET", "/defect-reporter/reports");
		assert.equal((await person.good("GET", "/session")).enrolling,
		    false);
		refused(await person.request("DELETE", "/account/totp"), 409,
		    "last-factor");
		await withPasskey(person);
		assert.equal((await person.request("DELETE", "/account/totp"))
		    .status, 204);
		const { items } = await person.good("GET", "/account/passkeys");
		refused(await person.request("DELETE",
		    `/account/passkeys/${items[0].id}`), 409, "last-factor");
	});
});

describe("wrong passwords", () => {
	const attempt = (browser, email, secret = "falsch") =>
	    browser.post("/session", { email, password: secret });

	test("slow down an account for those who come from elsewhere, and " +
	    "say how long", async () => {
		const person = await someone();
		const statuses = [];
		for (let i = 0; i < 4; i++) {
			statuses.push(await attempt(new Browser("herne",
			    `198.51.100.${i + 10}`), person.email));
			stretch();
		}
		assert.deepEqual(statuses.map((one) => one.status),
		    [401, 401, 401, 429]);
		refused(statuses[3], 429, "sign-in-slow");
		assert.match(statuses[3].headers["retry-after"], /^(5\d|6[01])$/);
		assert.equal(statuses[3].json.seconds,
		    Number(statuses[3].headers["retry-after"]));
		refused(await attempt(new Browser("herne", "198.51.100.99"),
		    person.email, password), 429, "sign-in-slow");
	});

	test("do not keep its owner out, where they have signed in before",
	    async () => {
		const person = await someone();
		const home = new Browser("herne", "203.0.113.5");
		assert.equal((await attempt(home, person.email, password))
		    .status, 201);
		for (let i = 0; i < 5; i++)
			await attempt(new Browser("herne",
			    `198.51.100.${i + 110}`), person.email);
		stretch();
		refused(await attempt(new Browser("herne", "198.51.100.9"),
		    person.email, password), 429, "sign-in-slow");
		assert.equal((await attempt(home, person.email, password))
		    .status, 201);
	});

	test("slow down where they come from, whomever they try",
	    async () => {
		const browser = new Browser("herne", "203.0.113.9");
		const statuses = [];
		for (let i = 0; i < 31; i++) {
			statuses.push((await attempt(browser,
			    `niemand${i}@example.org`)).status);
			stretch();
		}
		assert.deepEqual(statuses, [...Array(30).fill(401), 429]);
	});

	test("wait twice as long each time, at most a quarter of an hour, " +
	    "and are forgotten after a day", async () => {
		const person = await someone();
		const browser = new Browser("herne", "203.0.113.200");
		const delay = () => world.sql("select max(round(extract(epoch " +
		    "from next_at - last_at))) from sign_in_count");
		world.sql("delete from sign_in_count");
		const waits = [];
		for (let i = 0; i < 15; i++) {
			assert.equal((await attempt(browser, person.email)).status,
			    401);
			waits.push(Number(delay()));
			world.sql("update sign_in_count set next_at = now()");
		}
		assert.deepEqual(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256,
		    512, 900, 900, 900]);
		world.sql("update sign_in_count set next_at = now(), last_at = " +
		    "now() - interval '25 hours'");
		await attempt(browser, person.email);
		assert.equal(delay(), "0");
	});

	test("many at once are no more than one after the other", async () => {
		const person = await someone();
		const answers = await Promise.all(Array.from({ length: 12 },
		    (_, i) => attempt(new Browser("herne",
		    `198.51.100.${i + 150}`), person.email)));
		const right = answers.filter((one) => one.status === 401);
		assert.ok(right.length <= 5, String(right.length));
	});
});

describe("a link for somebody new", () => {
	const mailed = (email) => until(`a link for ${email}`, () => {
		const folder = path.join(world.dir, "mail");
		if (!fs.existsSync(folder))
			return null;
		for (const name of fs.readdirSync(folder)) {
			const text = fs.readFileSync(path.join(folder, name), "utf8");
			const body = text.split("\r\n\r\n").slice(1).join("\r\n\r\n");
			const plain = body.replace(/=\r\n/g, "");
			const link = /https:\/\/\S+\/invitation#([\w-]{43})/
			    .exec(plain);
			if (text.includes(`To: <${email}>`) && link &&
			    !mailed.seen.has(link[1])) {
				mailed.seen.add(link[1]);
				return link[1];
			}
		}
		return null;
	});
	mailed.seen = new Set();
	const fresh = "Drei Wörter im Regal";

	test("goes out by mail, sets a password once, and is stored nowhere",
	    async () => {
		const admin = await someone();
		const added = await admin.post("/staff", { email:
		    "neu@example.org", name: "Nele Neu", roles: ["clerk"] });
		assert.equal(added.status, 201, added.text);
		const token = await mailed("neu@example.org");
		assert.ok(!everything(world).includes(token));
		refused(await new Browser().post("/session",
		    { email: "neu@example.org", password: "" + fresh }), 401,
		    "sign-in-failed");
		const use = (secret, city = "herne", which = token) =>
		    new Browser(city).post("/invitation",
		    { token: which, password: secret });
		refused(await use(fresh, "castrop-rauxel"), 404, "link-unknown");
		refused(await use(fresh, "herne", "A".repeat(43)), 404,
		    "link-unknown");
		refused(await use("passwort1234"), 422, "password-weak");
		const both = await Promise.all([use(fresh), use(fresh)]);
		assert.deepEqual(both.map((one) => one.status).sort(),
		    [200, 404]);
		refused(await use(fresh), 404, "link-unknown");
		world.sql("delete from sign_in_count");
		assert.equal((await new Browser().post("/session",
		    { email: "neu@example.org", password: fresh })).status, 201);
		refused(await admin.post("/staff", { email: "NEU@example.org",
		    name: "Noch einmal", roles: ["clerk"] }), 409, "staff-known");
	});

	test("is good for 48 hours", async () => {
		const admin = await someone();
		await admin.good("POST", "/staff", { email: "spaet@example.org",
		    name: "Sven Spät", roles: ["clerk"] });
		const token = await mailed("spaet@example.org");
		assert.equal(world.sql("select distinct extract(epoch from " +
		    "expires_at - now())::int between 172700 and 172800 " +
		    "from staff_invitation"), "t");
		world.sql("update staff_invitation set expires_at = now()");
		refused(await new Browser().post("/invitation",
		    { token, password: fresh }), 404, "link-unknown");
	});

	test("begins anew for somebody who lost all", async () => {
		const admin = await someone(), person = await someone("clerk");
		await withTotp(person);
		const { id } = (await admin.good("GET", "/staff?limit=100")).items
		    .find((one) => one.email === person.email);
		await admin.good("POST", `/staff/${id}/reset`, {});
		refused(await person.request("GET", "/session"), 401,
		    "session-unknown");
		refused(await new Browser().post("/session",
		    { email: person.email, password }), 401, "sign-in-failed");
		const token = await mailed(person.email);
		assert.equal((await new Browser().post("/invitation",
		    { token, password: fresh })).status, 200);
		world.sql("delete from sign_in_count");
		assert.equal((await new Browser().post("/session",
		    { email: person.email, password: fresh })).status, 201,
		    "the code generator went too");
	});

	test("is printed by the command line", async () => {
		const added = world.cli("staff", "add", "herne",
		    "konsole@example.org", "--name", "Kim Konsole", "--role",
		    "clerk");
		assert.equal(added.status, 0, added.stderr);
		const [, token] = /\/invitation#([\w-]{43})/.exec(added.stdout);
		assert.equal((await new Browser().post("/invitation",
		    { token, password: fresh })).status, 200);
		const reset = world.cli("staff", "reset", "herne",
		    "konsole@example.org");
		assert.equal(reset.status, 0, reset.stderr);
		const [, other] = /\/invitation#([\w-]{43})/.exec(reset.stdout);
		refused(await new Browser().post("/session",
		    { email: "konsole@example.org", password: fresh }), 401,
		    "sign-in-failed");
		assert.equal((await new Browser().post("/invitation",
		    { token: other, password: fresh })).status, 200);
	});
});

describe("the administration of the staff", () => {
	const idOf = async (admin, person) => (await admin.good("GET",
	    "/staff?limit=100")).items.find((one) => one.email ===
	    person.email).id;

	test("is the right of some, and of nobody else", async () => {
		const clerk = await someone("clerk");
		refused(await clerk.request("GET", "/staff"), 403,
		    "right-missing");
		refused(await clerk.post("/staff", { email: "x@example.org",
		    name: "X", roles: ["admin"] }), 403, "right-missing");
		assert.ok(!(await clerk.good("GET", "/session")).rights
		    .includes("platform.staff.manage"));
	});

	test("changes roles from the next request on", async () => {
		const admin = await someone(), person = await someone("clerk");
		const id = await idOf(admin, person);
		refused(await person.request("POST",
		    "/defect-reporter/reports/00000000-0000-4000-8000-" +
		    "000000000000/release", {}), 403, "right-missing");
		await admin.good("POST", `/staff/${id}/roles`,
		    { roles: ["sighting"] });
		refused(await person.request("POST",
		    "/defect-reporter/reports/00000000-0000-4000-8000-" +
		    "000000000000/release", {}), 404, "not-found");
		refused(await admin.post(`/staff/${id}/roles`,
		    { roles: ["emperor"] }), 422, "fields",
		    [["/roles/0", "reference"]]);
	});

	test("ends an account with its sessions, and opens it again",
	    async () => {
		const admin = await someone(), person = await someone("clerk");
		const id = await idOf(admin, person);
		assert.equal((await admin.good("POST", `/staff/${id}/disable`))
		    .sessions_ended, 1);
		refused(await person.request("GET", "/session"), 401,
		    "session-unknown");
		await admin.good("POST", `/staff/${id}/enable`);
		refused(await person.request("GET", "/session"), 401,
		    "session-unknown");
		assert.equal((await new Browser().post("/session",
		    { email: person.email, password })).status, 201);
	});

	test("is never of oneself", async () => {
		const admin = await someone();
		const id = await idOf(admin, admin);
		for (const [what, body] of [["disable", undefined],
		    ["reset", {}], ["roles", { roles: ["press"] }]])
			refused(await admin.post(`/staff/${id}/${what}`, body),
			    409, "not-yourself");
	});

	test("lists everybody once, page by page", async () => {
		const admin = await someone();
		const seen = [];
		let next = "";
		do {
			const page = await admin.good("GET",
			    `/staff?limit=7${next && `&cursor=${next}`}`);
			seen.push(...page.items.map((one) => one.id));
			next = page.next;
		} while (next);
		assert.equal(seen.length, Number(world.sql("select count(*) from " +
		    "staff where tenant_id = (select id from tenant where slug " +
		    "= 'herne')")));
		assert.equal(new Set(seen).size, seen.length);
	});
});

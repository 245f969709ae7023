// SPDX-License-Identifier: EUPL-1.2
// Signing in at a city's own system: with a real provider, and with one that
// says everything that must not be believed.

import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { everything, refused } from "./lib/city.mjs";
import { startProvider } from "./lib/provider.mjs";
import { freePort, newStaff, startWorld, until } from "./lib/server.mjs";

const api = "/office/api/v1/session/oidc";
const secret = "not-in-the-published-file-7f3a";
const people = {
	alma: { email: "alma@example.org", email_verified: true,
	    name: "Alma Amt", roles: ["app-sight", "something-else"] },
	nora: { email: "nora@example.org", email_verified: true,
	    name: "Nora Niemand", roles: ["something-else"] },
	udo: { email: "chef@example.org", email_verified: false,
	    name: "Udo Unbestätigt", roles: ["app-admin"] },
	chef: { email: "chef@example.org", email_verified: true,
	    name: "Cora Chefin", roles: ["app-admin"] },
};
let world, server, forger, forgerPort;

// What the forger answers: set by each test.
const forge = {};

const jwt = (header, claims, sign) => {
	const text = [header, claims].map((part) => Buffer.from(
	    JSON.stringify(part)).toString("base64url")).join(".");
	return `${text}.${sign(text).toString("base64url")}`;
};

function startForger(port) {
	const issuer = `http://127.0.0.1:${port}`;
	const answers = {
		"/.well-known/openid-configuration": () => ({ issuer,
		    authorization_endpoint: `${issuer}/auth?tenant=1`,
		    token_endpoint: `${issuer}/token`,
		    jwks_uri: `${issuer}/keys`, ...forge.metadata }),
		"/keys": () => forge.keys,
		"/token": () => forge.tokens,
	};
	forger = http.createServer((request, response) => {
		let body = "";
		request.on("data", (data) => { body += data; });
		request.on("end", () => {
			if (request.url === "/token")
				forge.asked = { body: new URLSearchParams(body),
				    authorization: request.headers.authorization };
			const answer = answers[request.url]?.();
			response.writeHead(answer ? 200 : 404,
			    { "content-type": "application/json" });
			response.end(typeof answer === "string" ? answer :
			    JSON.stringify(answer ?? {}));
		});
	});
	return new Promise((done) => forger.listen(port, "127.0.0.1", done));
}

before(async () => {
	const port = await freePort();
	forgerPort = await freePort();
	server = await startProvider(port, people, secret, {
	    herne: ["http://herne.localhost/sign-in", "ES256"],
	    waltrop: ["http://waltrop.localhost/sign-in", "RS256"] });
	await startForger(forgerPort);
	world = await startWorld({ office: true, courier: true, home: true,
	    env: { STADTKERN_LIMITS: "0" } });
	const rules = (city, where, more = "") => {
		const file = path.join(world.home, `tenants/${city}.yaml`);
		fs.appendFileSync(file, `
sign_in:
  oidc:
    issuer: http://127.0.0.1:${where}
    client_id: stadtkern-${city}
    secret_file: oidc
    name: Rathaus-Anmeldung
    allow_loopback: true
${more}`);
		const folder = path.join(world.dir, "secrets", city);
		fs.mkdirSync(folder, { recursive: true });
		fs.writeFileSync(path.join(folder, "oidc"), `${secret}\n`,
		    { mode: 0o600 });
		const added = world.cli("tenant", "add", city);
		assert.equal(added.status, 0, added.stderr);
	};
	rules("herne", port,
	    "    roles: {app-sight: sighting, app-admin: admin}\n");
	rules("waltrop", port);
	rules("castrop-rauxel", forgerPort);
	await until("the rules are known", async () => (await Promise.all(
	    ["herne", "waltrop", "castrop-rauxel"].map((city) =>
	    world.office.request("GET", city,
	    "/office/api/v1/session/options")))).every((one) =>
	    one.json.oidc === "Rathaus-Anmeldung"));
}, { timeout: 120_000 });
after(async () => {
	server?.closeAllConnections();
	server?.close();
	forger?.closeAllConnections();
	forger?.close();
	await world?.stop();
});

// A browser on our side.
class Browser {
	constructor(city) {
		this.city = city;
		this.cookies = {};
	}

	async request(method, target, body) {
		const cookie = Object.entries(this.cookies)
		    .map((pair) => pair.join("=")).join("; ");
		const answer = await world.office.request(method, this.city,
		    target, { body, headers: cookie ? { cookie } : {} });
		for (const line of answer.headers["set-cookie"] ?? []) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			this.cookies[name] = value;
		}
		return answer;
	}

	async phase(...wanted) {
		return until(`phase ${wanted}`, async () => {
			const { json } = await this.request("GET",
			    `${api}/${this.state}`);
			return wanted.includes(json.phase) && json;
		});
	}

	async begin() {
		const answer = await this.request("POST", api, {});
		assert.equal(answer.status, 200, answer.text);
		this.state = answer.json.state;
		return this.phase("ready", "failed");
	}

	give(code, more = {}) {
		return this.request("POST", `${api}/${this.state}`,
		    { code, ...more });
	}

	session() {
		return this.request("POST", `${api}/${this.state}/session`, {});
	}
}

// What a person does at the provider: signs in there, agrees, and is sent
// back. Returns the address they come back to.
async function visit(location, login) {
	const jar = {};
	let target = new URL(location);
	let form;
	for (let i = 0; i < 12; i++) {
		const answer = await fetch(target, { redirect: "manual",
		    method: form ? "POST" : "GET", body: form, headers: {
		    cookie: Object.entries(jar).map((pair) => pair.join("="))
		    .join("; ") } });
		for (const line of answer.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			jar[name] = value;
		}
		const text = await answer.text();
		const next = answer.headers.get("location");
		form = undefined;
		if (next) {
			target = new URL(next, target);
			if (target.pathname === "/sign-in")
				return target;
		} else {
			const [, action] = /<form[^>]* action="([^"]+)"/.exec(text) ??
			    assert.fail(text);
			target = new URL(action, target);
			form = new URLSearchParams(text.includes('name="login"') ?
			    { prompt: "login", login, password: "any" } :
			    { prompt: "consent" });
		}
	}
	assert.fail("the provider sends round and round");
}

async function signIn(city, login) {
	const browser = new Browser(city);
	const { location } = await browser.begin();
	const back = await visit(location, login);
	assert.equal(back.searchParams.get("state"), browser.state);
	assert.equal((await browser.give(back.searchParams.get("code"),
	    { iss: back.searchParams.get("iss") })).status, 200);
	browser.end = await browser.phase("done", "failed");
	return browser;
}

describe("a sign-in at the city's own system", () => {
	test("asks for a code with PKCE, state and nonce", async () => {
		const browser = new Browser("herne");
		const { location } = await browser.begin();
		const query = new URL(location).searchParams;
		assert.equal(query.get("response_type"), "code");
		assert.equal(query.get("code_challenge_method"), "S256");
		assert.match(query.get("code_challenge"), /^[\w-]{43}$/);
		assert.match(query.get("nonce"), /^[\w-]{43}$/);
		assert.equal(query.get("state"), browser.state);
		assert.equal(query.get("redirect_uri"),
		    "http://herne.localhost/sign-in");
		assert.ok(!location.includes(secret));
	});

	test("gives a new person an account with the roles that the system " +
	    "names, and others again the next time", async () => {
		const browser = await signIn("herne", "alma");
		const answer = await browser.session();
		assert.equal(answer.status, 201, answer.text);
		assert.equal(answer.json.email, "alma@example.org");
		assert.deepEqual(answer.json.roles, ["sighting"]);
		assert.equal((await browser.request("GET",
		    "/office/api/v1/session")).json.name, "Alma Amt");
		people.alma.roles = ["app-admin"];
		const again = await (await signIn("herne", "alma")).session();
		assert.deepEqual(again.json.roles, ["admin"]);
		assert.equal(world.sql("select count(*) from staff where " +
		    "email = 'alma@example.org'"), "1");
		refused(await browser.session(), 404, "not-found");
	});

	test("is no way in for whom it gives no role", async () => {
		const browser = await signIn("herne", "nora");
		assert.deepEqual(browser.end, { phase: "failed", location: null,
		    reason: "no-role" });
		refused(await browser.session(), 404, "not-found");
	});

	test("finds an account by an address that was verified, and by no " +
	    "other; RS256", async () => {
		await newStaff(world, "waltrop", "chef@example.org", "admin");
		assert.equal((await signIn("waltrop", "udo")).end.reason,
		    "unknown-person");
		const answer = await (await signIn("waltrop", "chef")).session();
		assert.equal(answer.status, 201, answer.text);
		assert.equal(answer.json.name, "Alex Beispiel");
		assert.deepEqual(answer.json.roles, ["admin"],
		    "roles are the city's own affair here");
		assert.equal((await signIn("waltrop", "alma")).end.reason,
		    "unknown-person", "nobody is made here");
	});

	test("does not open a disabled account", async () => {
		world.cli("staff", "disable", "waltrop", "chef@example.org");
		assert.equal((await signIn("waltrop", "chef")).end.reason,
		    "unknown-person");
	});

	test("belongs to the browser that began", async () => {
		const mine = new Browser("herne"), other = new Browser("herne");
		await mine.begin();
		await other.begin();
		other.state = mine.state;
		refused(await other.request("GET", `${api}/${mine.state}`), 404,
		    "not-found");
		refused(await other.give("code"), 404, "not-found");
		refused(await other.session(), 404, "not-found");
		const elsewhere = new Browser("waltrop");
		Object.assign(elsewhere, { cookies: mine.cookies,
		    state: mine.state });
		refused(await elsewhere.give("code"), 404, "not-found");
	});

	test("takes a code once", async () => {
		const browser = new Browser("herne");
		const { location } = await browser.begin();
		const back = await visit(location, "alma");
		const code = back.searchParams.get("code");
		const both = await Promise.all([browser.give(code),
		    browser.give(code)]);
		assert.deepEqual(both.map((one) => one.status).sort(),
		    [200, 404]);
		await browser.phase("done");
		refused(await browser.give(code), 404, "not-found");
	});

	test("of another's code is refused, for its verifier is another",
	    async () => {
		const one = new Browser("herne"), two = new Browser("herne");
		const { location } = await one.begin();
		await two.begin();
		const back = await visit(location, "alma");
		await two.give(back.searchParams.get("code"));
		assert.equal((await two.phase("failed")).reason,
		    "code-refused");
	});

	test("is not there in a city that has none", async () => {
		refused(await new Browser("gladbeck").request("POST", api, {}),
		    409, "oidc-off");
		assert.equal((await world.office.request("GET", "gladbeck",
		    "/office/api/v1/session/options")).json.oidc, null);
	});

	test("keeps the secret in the courier's file", () => {
		assert.ok(!everything(world).includes(secret));
		assert.ok(!world.courier.log.includes(secret));
	});
});

describe("a token that is forged", () => {
	const city = "castrop-rauxel", client = `stadtkern-${city}`;
	const keys = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
	const rsa = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
	const small = crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
	const others = crypto.generateKeyPairSync("ec",
	    { namedCurve: "P-256" });
	const jwk = (key, more) => ({ ...key.export({ format: "jwk" }),
	    ...more });
	const es = (pair) => (text) => crypto.sign("sha256", Buffer.from(text),
	    { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
	const rs = (pair) => (text) => crypto.sign("sha256", Buffer.from(text),
	    pair.privateKey);
	const now = () => Math.floor(Date.now() / 1000);
	const hash = (text) => crypto.createHash("sha256").update(text).digest()
	    .subarray(0, 16).toString("base64url");

	before(async () => {
		await newStaff(world, city, "ziel@example.org", "admin");
	});

	async function attempt({ header = {}, claims = {}, sign = es(keys),
	    set = { keys: [jwk(keys.publicKey, { kid: "k" })] }, tokens = {},
	    token, metadata, give = {} }) {
		forge.metadata = metadata;
		forge.keys = set;
		const browser = new Browser(city);
		const begun = await browser.begin();
		if (begun.phase === "failed")
			return { end: begun };
		const nonce = new URL(begun.location).searchParams.get("nonce");
		const all = { iss: `http://127.0.0.1:${forgerPort}`,
		    aud: client, sub: "ziel", iat: now(), exp: now() + 60,
		    nonce, email: "ziel@example.org", email_verified: true,
		    at_hash: hash("access"), ...claims };
		for (const name of Object.keys(all))
			if (all[name] === undefined)
				delete all[name];
		forge.tokens = { access_token: "access", token_type: "Bearer",
		    id_token: token ?? jwt({ alg: "ES256", kid: "k",
		    ...header }, all, sign), ...tokens };
		assert.equal((await browser.give("the code", give)).status, 200);
		browser.end = await browser.phase("done", "failed");
		return browser;
	}

	test("is told from one that is not: this one is good", async () => {
		const browser = await attempt({});
		assert.equal(browser.end.phase, "done");
		assert.equal((await browser.session()).status, 201);
		assert.equal(forge.asked.body.get("code"), "the code");
		assert.match(forge.asked.body.get("code_verifier"),
		    /^[\w-]{43}$/);
		assert.equal(forge.asked.authorization, "Basic " +
		    Buffer.from(`${client}:${secret}`).toString("base64"));
		assert.equal((await attempt({ claims: { aud: [client, "other"],
		    azp: client } })).end.phase, "done");
		assert.equal((await attempt({ header: { alg: "RS256" },
		    sign: rs(rsa), set: { keys: [jwk(keys.publicKey,
		    { kid: "k" }), jwk(rsa.publicKey, { kid: "k" })] } })).end
		    .phase, "done");
	});

	const hmac = (text) => crypto.createHmac("sha256",
	    keys.publicKey.export({ type: "spki", format: "pem" }))
	    .update(text).digest();
	const cases = [
	    ["signed by nobody", { header: { alg: "none" },
		sign: () => Buffer.alloc(0) }, /token-(algorithm|malformed)/],
	    ["signed with the public key as a secret",
		{ header: { alg: "HS256" }, sign: hmac }, "token-algorithm"],
	    ["signed with a secret of the set", { header: { alg: "HS256" },
		sign: (text) => crypto.createHmac("sha256", "x".repeat(32))
		.update(text).digest(), set: { keys: [{ kty: "oct", kid: "k",
		k: Buffer.from("x".repeat(32)).toString("base64url") }] } },
		"token-algorithm"],
	    ["signed by another key", { sign: es(others) }, "token-signature"],
	    ["signed by a key that is not in the set", { header: { kid: "z" },
		}, "token-signature"],
	    ["signed by a key for encryption", { set: { keys: [jwk(
		keys.publicKey, { kid: "k", use: "enc" })] } },
		"token-signature"],
	    ["signed by a short RSA key", { header: { alg: "RS256" },
		sign: rs(small), set: { keys: [jwk(small.publicKey,
		{ kid: "k" })] } }, "token-signature"],
	    ["signed by a key of the other kind", { header: { alg: "RS256" } },
		"token-signature"],
	    ["with a header that must be understood",
		{ header: { crit: ["b64"], b64: true } }, "token-algorithm"],
	    ["of another issuer", { claims: { iss: "https://example.org" } },
		"token-issuer"],
	    ["for somebody else", { claims: { aud: "other" } },
		"token-audience"],
	    ["for us and others, made for another",
		{ claims: { aud: [client, "other"], azp: "other" } },
		"token-audience"],
	    ["for us and others, and nobody says for whom",
		{ claims: { aud: [client, "other"] } }, "token-audience"],
	    ["of yesterday", { claims: { exp: now() - 120 } }, "token-time"],
	    ["of tomorrow", { claims: { iat: now() + 3600 } }, "token-time"],
	    ["without an end", { claims: { exp: undefined } }, "token-time"],
	    ["that was issued long ago", { claims: { iat: now() - 3600 } },
		"token-time"],
	    ["to another question", { claims: { nonce: "A".repeat(43) } },
		"token-nonce"],
	    ["to no question", { claims: { nonce: undefined } },
		"token-nonce"],
	    ["beside another access token", { claims: { at_hash:
		hash("other") } }, "token-access"],
	    ["about nobody", { claims: { sub: undefined } },
		"token-subject"],
	    ["that is no token", { token: "a.b" }, "token-malformed"],
	    ["that is no text", { tokens: { id_token: 7 } }, "code-refused"],
	    ["beside keys that are none", { set: "[]" }, "token-signature"],
	    ["beside keys that are no JSON", { set: "{" }, "token-signature"],
	    ["from a provider of another name", { metadata:
		{ issuer: "https://example.org" } }, "provider-issuer"],
	    ["from a provider that sends elsewhere without TLS", { metadata:
		{ token_endpoint: "http://192.0.2.1/token" } },
		"provider-addresses"],
	    ["from a provider that sends to a file", { metadata:
		{ jwks_uri: "file:///etc/passwd" } }, "provider-addresses"],
	    ["behind an answer of another issuer", { give:
		{ iss: "https://example.org" } }, "answer-issuer"],
	    ["with an address that is not verified", { claims:
		{ sub: "new", email_verified: "true" } }, "unknown-person"],
	];
	for (const [what, how, reason] of cases)
		test(`${what} is no way in`, async () => {
			const browser = await attempt(how);
			assert.equal(browser.end.phase, "failed");
			assert.match(browser.end.reason, reason instanceof RegExp ?
			    reason : new RegExp(`^${reason}$`));
			if (browser.session)
				refused(await browser.session(), 404, "not-found");
		});

	test("leaves no code and no address in the log", () => {
		assert.match(world.courier.log, /reason=token-nonce/);
		assert.doesNotMatch(world.courier.log,
		    /the code|ziel@|eyJ|access_token/);
	});
});

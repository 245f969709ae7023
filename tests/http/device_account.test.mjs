// SPDX-License-Identifier: EUPL-1.2
// A device and its account: a token that is told once, an address that is
// confirmed by a code from a mail and kept nowhere.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { aReport, cities, everything, refused, reports, sendReport }
    from "./lib/city.mjs";
import { readMails } from "./lib/mail.mjs";
import { newDevice, startWorld, until } from "./lib/server.mjs";

let world;
before(async () => {
	world = await startWorld({ public: true, home: true,
	    env: { STADTKERN_LIMITS: "0" } });
}, { timeout: 120_000 });
after(() => world.stop());

const device = (city = "herne") => newDevice(world.public, city);
const ask = (who, email, language = "de") => who.request("POST",
    "/api/v1/account", { body: { email },
    headers: { "accept-language": language } });
const confirm = (who, code) => who.request("POST", "/api/v1/account/confirm",
    { body: { code } });
const account = async (who) =>
    (await who.request("GET", "/api/v1/account")).json;

const mails = () => readMails(world);

// The code from the mail to `email`, the newest one.
async function codeFor(email, count = 1) {
	const mine = () => mails().filter((mail) => mail.head.includes(email));
	await until(() => `a mail to ${email}\n${world.courier.log}`,
	    () => mine().length >= count);
	return /\b(\d{6})\b/.exec(mine().at(-1).body)[1];
}

const otherCode = (code) => code === "000000" ? "000001" : "000000";

describe("a device", () => {
	test("gets a token of 256 bits, once", async () => {
		const tokens = new Set();
		for (let i = 0; i < 20; i++) {
			const one = await device();
			assert.match(one.token, /^[\w-]{43}$/);
			assert.match(one.id, /^[0-9a-f-]{36}$/);
			tokens.add(one.token);
		}
		assert.equal(tokens.size, 20);
	});

	test("is known by a keyed hash: no table holds its token", async () => {
		const one = await device();
		await sendReport(one, aReport());
		const stored = everything(world);
		const bytes = Buffer.from(one.token, "base64url");
		assert.ok(stored.includes(one.id), "the search finds what is there");
		for (const form of [one.token, bytes.toString("hex"),
		    bytes.toString("latin1")])
			assert.ok(!stored.includes(form));
	});

	test("is registered without a body, and with an empty one", async () => {
		for (const options of [{}, { body: {} }])
			assert.equal((await world.public.request("POST", "herne",
			    "/api/v1/devices", options)).status, 201);
		refused(await world.public.request("POST", "herne",
		    "/api/v1/devices", { body: { token: "x".repeat(43) } }), 422,
		    "fields", [["/token", "unknown"]]);
	});

	test("of one city is unknown in another", async () => {
		const one = await device("herne");
		for (const city of Object.keys(cities).filter((slug) =>
		    slug !== "herne"))
			refused(await world.public.request("GET", city,
			    "/api/v1/account", { headers:
			    { authorization: `Bearer ${one.token}` } }), 401,
			    "device-unknown");
	});

	test("that is forgotten is unknown, its reports stay", async () => {
		const one = await device();
		const { id } = await sendReport(one, aReport());
		assert.equal((await one.request("DELETE", "/api/v1/device")).status,
		    204);
		refused(await one.request("GET", "/api/v1/account"), 401,
		    "device-unknown");
		assert.equal(world.sql("select count(*) from " +
		    `defect_reporter.report where id = '${id}' ` +
		    "and device_id is null"), "1");
	});

	test("is registered 30 times an hour from one address, and no more",
	    async () => {
		const limited = await startWorld({ public: true });
		try {
			const register = (address) => limited.public.request("POST",
			    "herne", "/api/v1/devices",
			    { headers: { "x-forwarded-for": address } });
			for (let i = 0; i < 30; i++)
				assert.equal((await register("192.0.2.1")).status, 201);
			const answer = await register("192.0.2.1");
			refused(answer, 429, "too-many-requests");
			const wait = Number(answer.headers["retry-after"]);
			assert.ok(wait > 0 && wait <= 3600);
			assert.equal((await register("192.0.2.2")).status, 201);
			refused(await register("203.0.113.9, 192.0.2.1"), 429,
			    "too-many-requests");
			assert.equal((await register("192.0.2.1, 203.0.113.9"))
			    .status, 201, "only the proxy's own entry counts");
		} finally {
			await limited.stop();
		}
	});
});

describe("an account", () => {
	test("leaves no trace of its address, neither before the mail went out " +
	    "nor after", async () => {
		const email = "Kim.Spurlos@Example.org";
		const one = await device();
		const asked = await ask(one, email);
		assert.equal(asked.status, 200, asked.text);
		assert.ok(!asked.text.includes("Spurlos"));
		const trace = /kim\.spurlos|spurlos@example/i;
		assert.equal(world.sql("select count(*) from job " +
		    "where kind = 'mail' and state = 'waiting'"), "1");
		assert.doesNotMatch(everything(world), trace);

		world.startCourier();
		const code = await codeFor(email);
		await until("the job is done", () => world.sql("select count(*) " +
		    "from job where state <> 'done'") === "0");
		const stored = everything(world);
		assert.doesNotMatch(stored, trace);
		assert.ok(!new RegExp(`\\b${code}\\b`).test(stored
		    .replace(/[0-9a-f-]{36}/g, "")), "nor of the code");
		assert.equal(world.sql("select count(*) from job " +
		    "where sealed is not null"), "0", "the box is gone too");
		assert.doesNotMatch(world.courier.log + world.public.log, trace);

		assert.equal((await confirm(one, code)).status, 200);
		assert.doesNotMatch(everything(world), trace);
		assert.equal((await account(one)).confirmed, true);
	});

	test("is confirmed by the code from the mail, which is private and " +
	    "says what city it comes from", async () => {
		const one = await device("castrop-rauxel");
		await ask(one, "mail@example.org");
		const code = await codeFor("mail@example.org");
		const mail = mails().find((candidate) =>
		    candidate.head.includes("mail@example.org"));
		assert.equal(mail.mode, 0o600);
		assert.match(mail.head, /^To: .*mail@example\.org/m);
		assert.match(mail.head, /^From: .*stadt@castrop-rauxel/m);
		assert.match(mail.head, /^Auto-Submitted: auto-generated/mi);
		assert.match(mail.body, /Castrop-Rauxel/);
		assert.match(mail.body, /zehn Minuten/);
		assert.deepEqual((await account(one)).confirmed, false);
		assert.equal((await confirm(one, code)).json.confirmed, true);
		refused(await confirm(one, code), 422, "code-none");
	});

	test("is written to in the caller's language", async () => {
		const one = await device();
		await ask(one, "english@example.org", "en");
		await codeFor("english@example.org");
		assert.match(mails().find((mail) =>
		    mail.head.includes("english@")).body, /valid for ten minutes/);
	});

	test("is the same for one address on two devices, in whatever case",
	    async () => {
		const [one, two] = [await device(), await device()];
		await ask(one, "two@example.org");
		assert.equal((await confirm(one, await codeFor("two@example.org")))
		    .status, 200);
		await ask(two, "TWO@example.org");
		assert.equal((await confirm(two, await codeFor("TWO@example.org")))
		    .status, 200);
		assert.equal(world.sql("select count(distinct account_id) from " +
		    `device where id in ('${one.id}', '${two.id}')`), "1");
		assert.equal((await two.request("DELETE", "/api/v1/account"))
		    .status, 204);
		assert.equal((await account(two)).confirmed, false);
		assert.equal((await account(one)).confirmed, true);
	});

	test("of the same address in two cities is two accounts that nothing " +
	    "connects", async () => {
		for (const city of ["herne", "gladbeck"]) {
			const one = await device(city);
			await ask(one, `both@example.org`);
			const code = await codeFor("both@example.org",
			    city === "herne" ? 1 : 2);
			assert.equal((await confirm(one, code)).status, 200);
		}
		assert.equal(world.sql("select count(*) - " +
		    "count(distinct address_hash) from account"), "0");
	});
});

describe("a code", () => {
	test("that is wrong costs a try, and the fifth ends it", async () => {
		const one = await device();
		await ask(one, "tries@example.org");
		const code = await codeFor("tries@example.org");
		for (let left = 4; left >= 0; left--) {
			const answer = await confirm(one, otherCode(code));
			refused(answer, 422, "code-wrong");
			assert.equal(answer.json.tries, left);
			assert.match(answer.json.title, new RegExp(`\\b${left}\\b`));
		}
		refused(await confirm(one, code), 422, "code-expired");
		assert.equal((await account(one)).confirmed, false);
	});

	test("cannot be guessed faster by asking at once", async () => {
		const one = await device();
		await ask(one, "parallel@example.org");
		const code = await codeFor("parallel@example.org");
		const answers = await Promise.all(Array.from({ length: 12 }, () =>
		    confirm(one, otherCode(code))));
		const codes = answers.map((answer) => answer.json.code).sort();
		assert.equal(codes.filter((one) => one === "code-wrong").length, 5);
		assert.equal(codes.filter((one) => one === "code-expired").length, 7);
	});

	test("ends after ten minutes", async () => {
		const one = await device();
		await ask(one, "late@example.org");
		const code = await codeFor("late@example.org");
		const left = Number(world.sql("select extract(epoch from " +
		    "expires_at - now()) from account_code " +
		    `where device_id = '${one.id}'`));
		assert.ok(left > 540 && left <= 600, String(left));
		world.sql("update account_code set expires_at = now() " +
		    `where device_id = '${one.id}'`);
		refused(await confirm(one, code), 422, "code-expired");
	});

	test("is replaced by the next one", async () => {
		const one = await device();
		await ask(one, "again@example.org");
		const first = await codeFor("again@example.org");
		await ask(one, "again@example.org");
		const second = await codeFor("again@example.org", 2);
		if (first !== second)	// one time in a million
			refused(await confirm(one, first), 422, "code-wrong");
		assert.equal((await confirm(one, second)).status, 200);
	});

	test("is good on its own device only", async () => {
		const [one, two] = [await device(), await device()];
		await ask(one, "own@example.org");
		const code = await codeFor("own@example.org");
		refused(await confirm(two, code), 422, "code-none");
		await ask(two, "own2@example.org");
		const theirs = await codeFor("own2@example.org");
		if (code !== theirs)
			refused(await confirm(two, code), 422, "code-wrong");
		assert.equal((await confirm(one, code)).status, 200);
	});

	test("is good in its own city only", async () => {
		const one = await device("herne");
		const two = await device("gladbeck");
		await ask(one, "city@example.org");
		const code = await codeFor("city@example.org");
		refused(await confirm(two, code), 422, "code-none");
		refused(await world.public.request("POST", "gladbeck",
		    "/api/v1/account/confirm", { body: { code }, headers:
		    { authorization: `Bearer ${one.token}` } }), 401,
		    "device-unknown");
		assert.equal((await confirm(one, code)).status, 200);
	});

	test("has six digits", async () => {
		const one = await device();
		for (const [code, error] of [["12345", "too-short"],
		    ["1234567", "too-long"], ["12345a", "format"],
		    ["１２３４５６", "format"], [123456, "type"]])
			refused(await confirm(one, code), 422, "fields",
			    [["/code", error]]);
	});

	test("is sent five times an hour to a device, and no more", async () => {
		const one = await device();
		for (let i = 0; i < 5; i++)
			assert.equal((await ask(one, `many${i}@example.org`)).status,
			    200);
		const answer = await ask(one, "many5@example.org");
		refused(answer, 429, "too-many-codes");
		assert.ok(answer.json.seconds > 3500 && answer.json.seconds <= 3600);
		world.sql("update account_code_sent set sent_at = sent_at - " +
		    `interval '1 hour' where device_id = '${one.id}'`);
		assert.equal((await ask(one, "many5@example.org")).status, 200);
	});

	test("is sent five times an hour to an address, from however many " +
	    "devices", async () => {
		for (let i = 0; i < 5; i++)
			assert.equal((await ask(await device(), "victim@example.org"))
			    .status, 200);
		refused(await ask(await device(), "Victim@example.org"), 429,
		    "too-many-codes");
		assert.equal((await ask(await device("gladbeck"),
		    "victim@example.org")).status, 200, "another city's count");
	});

	for (const email of ["nobody", "a@b", "a@example.org\r\nbcc: b@example.org",
	    "a b@example.org", "<a@example.org>", "a@example.org,b@example.org",
	    `${"x".repeat(250)}@example.org`])
		test(`is not sent to ${JSON.stringify(email).slice(0, 40)}`,
		    async () => {
			const answer = await ask(await device(), email);
			assert.equal(answer.status, 422, answer.text);
			assert.equal(answer.json.errors[0].pointer, "/email");
		});
});

describe("a city that asks for an account", () => {
	test("refuses a report without one, and takes it with one", async () => {
		const one = await device("waltrop");
		refused(await one.request("POST", reports,
		    { body: aReport("waltrop") }), 403, "account-required");
		await ask(one, "waltrop@example.org");
		assert.equal((await confirm(one,
		    await codeFor("waltrop@example.org"))).status, 200);
		await sendReport(one, aReport("waltrop"));
	});

	test("is any city that says so in its file, from then on", async () => {
		const one = await device("gladbeck");
		await sendReport(one, aReport("gladbeck"));
		const file = path.join(world.home, "tenants/gladbeck.yaml");
		const text = fs.readFileSync(file, "utf8");
		fs.writeFileSync(file, text.replace("    photos_max:",
		    "    account: required\n    photos_max:"));
		await until("an account is asked for", async () =>
		    (await one.request("POST", reports,
		    { body: aReport("gladbeck") })).status === 403);
		fs.writeFileSync(file, text);
		await until("no account is asked for", async () =>
		    (await one.request("POST", reports,
		    { body: aReport("gladbeck") })).status === 201);
	});
});

// SPDX-License-Identifier: EUPL-1.2
// Mail through a relay: taken, taken later, never taken, by many couriers.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { startWorld, until } from "./lib/server.mjs";
import { startRelay } from "./lib/smtp.mjs";

const users = { courier: "geheim ü" };
let relay, world;

before(async () => {
	relay = await startRelay({ users });
	world = await startWorld({ env: {
		STADTKERN_SMTP_URL: relay.url,
		STADTKERN_SMTP_USER: "courier",
		STADTKERN_MAIL_FROM: "bounces@example.org",
	} });
	const file = path.join(world.dir, "password");
	fs.writeFileSync(file, `${users.courier}\n`, { mode: 0o600 });
	world.env.STADTKERN_SMTP_PASSWORD_FILE = file;
	world.startCourier();
});

after(async () => {
	await world?.stop();
	await relay?.stop();
});

beforeEach(() => {
	relay.messages.length = 0;
	relay.answer = () => 0;
	relay.hold = Promise.resolve();
});

function queue(to, code = "123456", slug = "herne", language = "de") {
	return Number(world.sql(`
	    select set_config('stadtkern.tenant', (select id::text
		from stadtkern.tenant where slug = '${slug}'), false);
	    select stadtkern.job_put('mail', jsonb_build_object(
		'plugin', '', 'template', 'account-code', 'language', '${language}',
		'to', '${to}', 'arguments', jsonb_build_object(
		'code', E'${code}')))`).split("\n").at(-1));
}

function job(id) {
	const [state, attempts, error] = world.sql(`select state, attempts,
	    error from stadtkern.job where id = ${id}`).split("|");
	return { state, attempts: Number(attempts), error };
}

// The back-off is over.
function hurry(id) {
	world.sql(`update stadtkern.job set run_at = now()
	    where id = ${id} and state = 'waiting';
	    select pg_notify('stadtkern_job', '')`);
}

test("a mail reaches the relay with its envelope, its texts and its sign-in", async () => {
	const id = queue("name@example.org", "424242");
	await until("the mail is done", () => job(id).state === "done");
	assert.equal(relay.messages.length, 1);
	const [mail] = relay.messages;
	assert.equal(mail.from, "bounces@example.org");
	assert.deepEqual(mail.to, ["name@example.org"]);
	assert.equal(mail.user, "courier");
	assert.match(mail.text, /^Auto-Submitted: auto-generated\r$/m);
	assert.match(mail.text, /^To: <name@example.org>\r$/m);
	assert.match(mail.body, /Ihr Code für die App der Stadt Herne/);
	assert.match(mail.body, /424242/);
});

test("a mail about a thing that is gone, or by no statement, is not sent", async () => {
	for (const facts of ["booking_facts", "nothing"]) {
		const id = Number(world.sql(`
		    select set_config('stadtkern.tenant', (select id::text
			from stadtkern.tenant where slug = 'herne'), false);
		    select stadtkern.job_put('mail', jsonb_build_object(
			'plugin', 'bulky-waste', 'template', 'booked',
			'language', 'de', 'to', 'name@example.org', 'facts',
			'${facts}', 'id', gen_random_uuid()))`).split("\n").at(-1));
		await until("it is given up", () => job(id).state === "dead");
		assert.equal(job(id).error, "no-facts");
	}
	assert.equal(relay.messages.length, 0);
});

// What is published of the city's theme.
const theme = (slug) => JSON.parse(world.sql(`select config::json -> 'theme'
    from stadtkern.tenant where slug = '${slug}'`));

async function mailOf(slug, language = "de") {
	const id = queue(`${slug}@example.org`, "424242", slug, language);
	await until("the mail is done", () => job(id).state === "done");
	return relay.messages.find((mail) => mail.to[0].startsWith(slug));
}

test("a mail is plain text first, then the same in the look of its city", async () => {
	for (const slug of ["herne", "waltrop"]) {
		const mail = await mailOf(slug);
		assert.match(mail.type, /^multipart\/alternative;/);
		assert.deepEqual(mail.order,
		    ["text/plain", "text/html", "image/png"]);
		assert.match(mail.body, /^ {4}424242$/m);
		const { light, dark } = theme(slug).mail;
		for (const [name, colour] of Object.entries(light))
			// This mail has no links, which the accent is for.
			assert.equal(mail.html.includes(`:${colour};`) ||
			    mail.html.includes(`:${colour}"`) ||
			    mail.html.includes(` ${colour};`), name !== "accent", name);
		const night = mail.html.slice(mail.html.indexOf("@media"));
		for (const colour of Object.values(dark))
			assert.ok(night.includes(`${colour}!important`), `dark ${colour}`);
		assert.match(mail.html, />424242<\/p>/);
		assert.match(mail.html, /zehn Minuten\. Wenn Sie keinen Code angefordert haben, können Sie/);
	}
	assert.notDeepEqual(theme("herne").mail, theme("waltrop").mail);
});

test("the emblem travels along, and nothing else is to be loaded", async () => {
	const { html, emblem } = await mailOf("herne");
	const [, id] = /<img src="cid:([^"]+)"/.exec(html);
	assert.equal(emblem.id, `<${id}>`);
	assert.equal(emblem.content.toString("base64"), world.sql(`
	    select replace(encode(content, 'base64'), E'\\n', '')
	    from stadtkern.tenant_file f join stadtkern.tenant t
		on t.id = f.tenant_id and t.slug = 'herne'
	    where f.name = '${theme("herne").touch_icon}'`));
	assert.doesNotMatch(html, /https?:|<script|<link|url\(|<table/);
});

test("a city that was published without colours for mail sends plain text", async () => {
	const config = world.sql(`select config from stadtkern.tenant
	    where slug = 'gladbeck'`);
	const without = (sql) => world.sql(`update stadtkern.tenant
	    set config = ${sql} where slug = 'gladbeck'`);
	without("(config::jsonb #- '{theme,mail}')::text");
	const mail = await mailOf("gladbeck");
	without(`$config$${config}$config$`);
	assert.equal(mail.type, "text/plain; charset=utf-8");
	assert.match(mail.body, /424242/);
	assert.equal(mail.html, undefined);
});

test("a text whose HTML would be too long is sent as plain text", async () => {
	const id = queue("long@example.org", '"'.repeat(50_000));
	await until("the mail is done", () => job(id).state === "done");
	const [mail] = relay.messages;
	assert.equal(mail.type, "text/plain; charset=utf-8");
	assert.ok(mail.body.includes('"'.repeat(50_000)));
});

test("a mail says which language its text is in", async () => {
	for (const [wanted, language] of [["uk", "uk"], ["tr", "tr"],
	    ["de-simple", "de-simple"], ["xx", "de"]]) {
		relay.messages.length = 0;
		const mail = await mailOf("herne", wanted);
		assert.match(mail.head, new RegExp(`^Content-Language: ${language}$`,
		    "m"));
		assert.ok(mail.html.includes(`<html lang="${language}" dir="ltr">`));
	}
});

test("a relay that says 4xx is asked again, with the same Message-ID", async () => {
	relay.answer = () => 450;
	const id = queue("later@example.org");
	await until("one attempt", () => job(id).attempts === 1 &&
	    job(id).state === "waiting");
	assert.equal(job(id).error, "relay-later");
	const before = Number(world.sql(`select extract(epoch from
	    run_at - now()) from stadtkern.job where id = ${id}`));
	assert.ok(before > 1 && before < 8, `back-off of ${before} s`);
	relay.answer = () => 0;
	hurry(id);
	await until("done", () => job(id).state === "done");
	assert.equal(relay.messages.length, 1);
	assert.match(relay.messages[0].id, new RegExp(`^<${id}\\.`));
});

test("a relay that says 5xx ends the job, and no address is in its reason or the log", async () => {
	relay.answer = () => 550;
	const id = queue("nobody.knows@example.org");
	await until("dead", () => job(id).state === "dead");
	assert.deepEqual(job(id), { state: "dead", attempts: 1,
	    error: "relay-refused" });
	await until("the log's line", () =>
	    world.courier.log.includes(`job=${id} `));
	assert.doesNotMatch(world.courier.log, /nobody\.knows/);
});

test("a header that somebody wants to add is refused", async () => {
	const id = queue("name@example.org", "1\\r\\nBcc: x@example.org");
	await until("dead", () => job(id).state === "dead");
	assert.equal(relay.messages.length, 0);
});

test("the eighth failure is the last", async () => {
	relay.answer = () => 421;
	const id = queue("eight@example.org");
	for (let attempt = 1; attempt <= 8; attempt++) {
		await until(`attempt ${attempt}`, () => job(id).attempts === attempt &&
		    job(id).state !== "running");
		if (attempt < 8)
			hurry(id);
	}
	assert.deepEqual(job(id), { state: "dead", attempts: 8,
	    error: "relay-later" });
});

test("a relay that says nothing of one mail does not hold up the next", async () => {
	let letGo;
	relay.hold = new Promise((resolve) => { letGo = resolve; });
	const arrived = relay.arrived;
	const silent = queue("silent@example.org");
	await until("the relay has it", () => relay.arrived > arrived);
	relay.hold = Promise.resolve();
	const next = queue("next@example.org");
	await until("the next is sent", () => job(next).state === "done");
	assert.equal(job(silent).state, "running");
	letGo();
	await until("both are", () => job(silent).state === "done");
});

test("four couriers send sixty mails once each", async () => {
	for (let i = 0; i < 3; i++)
		world.spawn(`courier ${i}`, "stadtkern", ["courier"]);
	world.sql(`
	    select set_config('stadtkern.tenant', (select id::text
		from stadtkern.tenant where slug = 'herne'), false);
	    select stadtkern.job_put('mail', jsonb_build_object(
		'plugin', '', 'template', 'account-code', 'to',
		'n' || i || '@example.org', 'arguments', '{"code":"1"}'::jsonb))
	    from generate_series(1, 60) i`);
	await until("all are done", () => world.sql(`select count(*)
	    from stadtkern.job where state in ('waiting', 'running')`) === "0");
	const to = relay.messages.map((mail) => mail.to[0]);
	assert.equal(to.length, 60);
	assert.equal(new Set(to).size, 60);
});

test("a courier that is killed at work loses nothing: another takes the job over", async () => {
	for (const one of world.processes)
		await one.stop();
	let letGo;
	relay.hold = new Promise((resolve) => { letGo = resolve; });
	const first = world.spawn("first", "stadtkern", ["courier"]);
	const arrived = relay.arrived;
	const id = queue("twice@example.org");
	await until("the relay has it", () => relay.arrived > arrived);
	first.killGroup();
	await first.ended;
	assert.equal(job(id).state, "running");
	letGo();
	// Five minutes later.
	world.sql(`update stadtkern.job set leased_until = now()
	    where id = ${id}`);
	world.courier = world.spawn("second", "stadtkern", ["courier"]);
	await until("done", () => job(id).state === "done");
	assert.equal(job(id).attempts, 2);
	const ids = relay.messages.map((mail) => mail.id);
	assert.equal(new Set(ids).size, 1, "the copy can be told");
});

test("SIGTERM lets the mail at hand be finished, then ends with 0", async () => {
	let letGo;
	relay.hold = new Promise((resolve) => { letGo = resolve; });
	const arrived = relay.arrived;
	const id = queue("last@example.org");
	await until("the relay has it", () => relay.arrived > arrived);
	process.kill(world.courier.pid, "SIGTERM");
	letGo();
	const exit = await world.courier.ended;
	assert.deepEqual(exit, { code: 0, signal: null });
	assert.equal(job(id).state, "done");
});

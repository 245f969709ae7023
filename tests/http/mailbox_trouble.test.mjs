// SPDX-License-Identifier: EUPL-1.2
// A mailbox in bad circumstances: couriers that are killed in the middle, and
// a server that is slow, cut off or lies. Nothing is lost, nothing twice.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { picture } from "./lib/city.mjs";
import { password, startDovecot } from "./lib/dovecot.mjs";
import { literal, startLiar } from "./lib/liar.mjs";
import { startWorld, top, until } from "./lib/server.mjs";

let imap, liar, world;

before(async () => {
	[imap, liar] = await Promise.all([startDovecot(), startLiar()]);
	world = await startWorld({ home: true });
	const secrets = path.join(world.dir, "secrets/herne");
	fs.mkdirSync(secrets, { recursive: true });
	fs.writeFileSync(path.join(secrets, "mailbox"), `${password}\n`,
	    { mode: 0o600 });
	setMailbox(imap.settings("none", "  processed: Erledigt\n"));
	world.startCourier();
	await until("the mailbox is known", () =>
	    world.sql("select count(*) from stadtkern.mailbox") === "1");
});

after(async () => {
	await world?.stop();
	await liar?.stop();
	await imap?.stop();
});

function setMailbox(section) {
	const file = path.join(world.home, "tenants/herne.yaml");
	fs.writeFileSync(file, fs.readFileSync(path.join(top,
	    "tenants/herne.yaml"), "utf8") + section);
}

// Due at once; and what a courier that died holds is free, as after its time.
const due = () => world.sql(`update stadtkern.mailbox set next_at =
    now() - interval '1 s', leased_until = now() - interval '1 s', failures = 0;
    select pg_notify('stadtkern_tenant', '0')`);
const count = (table) => Number(world.sql(`select count(*) from ${table}`));
const taken = () => count("stadtkern.mail_received");

test("couriers are killed at any moment: each mail becomes one ticket", async () => {
	const many = 24;
	const bytes = picture("plain.jpg").toString("base64")
	    .replace(/.{76}/g, "$&\n");
	for (let i = 0; i < many; i++)
		imap.deliver(`From: a${i}@example.org\nSubject: Nr. ${i}\n` +
		    `Message-ID: <${i}@example.org>\nMIME-Version: 1.0\n` +
		    "Content-Type: multipart/mixed; boundary=x\n\n--x\n\n" +
		    `Text ${i}\n--x\nContent-Type: image/jpeg; name=a.jpg\n` +
		    `Content-Transfer-Encoding: base64\n\n${bytes}\n--x--\n`);
	for (let kills = 0; kills < 6; kills++) {
		const before = taken();
		due();
		await until("it has begun", () => taken() > before +
		    Math.floor(Math.random() * 3) || taken() === many);
		process.kill(-world.courier.pid, "SIGKILL");
		await world.courier.ended;
		world.startCourier();
	}
	due();
	await until(() => `all of them: ${taken()}\n` +
	    world.courier.log.slice(-800), () => {
		if (taken() === many && world.sql(`select count(*) from
		    stadtkern.mail_received where not settled`) === "0")
			return true;
		if (world.sql(`select count(*) from stadtkern.mailbox
		    where leased_until > now()`) === "0")
			due();
		return false;
	}, 90_000);
	assert.equal(count("defect_reporter.report"), many);
	assert.equal(count("defect_reporter.correspondence"), many);
	assert.equal(world.sql(`select count(distinct text) from
	    defect_reporter.submission`), String(many));
	assert.equal(count("defect_reporter.photo"), many);
	assert.equal(imap.folder("Erledigt").length, many);
	assert.equal(imap.folder("INBOX").length, 0);
});

test("a server that goes away between two turns is asked again", async () => {
	const source = () => world.sql("select source from stadtkern.mailbox");
	const old = source();
	setMailbox(imap.settings("none").replace(/port: \d+/,
	    `port: ${liar.port}`));
	await until("the other server is known", () => source() !== old, 90_000);
	assert.equal(world.sql("select last_uid from stadtkern.mailbox"), "0");
});

// One turn at the liar; gives its reason.
async function turn(answers, greeting = "* OK hello\r\n", ms = 20_000) {
	liar.answers = answers;
	liar.greeting = greeting;
	liar.asked.length = 0;
	await until("nobody reads", () => world.sql(`select count(*) from
	    stadtkern.mailbox where lease is null`) === "1", 90_000);
	world.sql("update stadtkern.mailbox set error = null, read_at = null");
	due();
	await until(() => `a turn\n${world.courier.log.slice(-800)}`, () =>
	    world.sql(`select count(*) from stadtkern.mailbox where lease is null
	    and coalesce(error, read_at::text) is not null`) === "1", ms);
	return world.sql("select coalesce(error, '') from stadtkern.mailbox");
}

const entry = (uid, size = 100) =>
    `* 1 FETCH (UID ${uid} RFC822.SIZE ${size})\r\n`;
const text = "From: l@example.org\r\nSubject: x\r\n\r\nLange genug.\r\n";

test("what is cut off is not taken, and asked for again", async () => {
	const before = taken();
	assert.equal(await turn({ list: entry(1), body: (socket) => {
		socket.end(literal(text, 5000).slice(0, 60));
	} }), "server");
	assert.equal(await turn({ list: entry(1), body: (socket) => {
		socket.destroy();
	} }), "server");
	assert.equal(taken(), before);
	assert.equal(await turn({ list: entry(1), body: literal(text) }), "");
	assert.equal(taken(), before + 1);
});

test("a message that never gets through is left to a person after three times", async () => {
	const answers = { list: entry(2), body: (socket) => {
		socket.destroy();
	} };
	const before = count("defect_reporter.report");
	for (let i = 0; i < 3; i++)
		assert.equal(await turn(answers), "server");
	assert.equal(await turn(answers), "");
	assert.equal(count("defect_reporter.report"), before + 1);
	assert.equal(world.sql(`select kind from defect_reporter.correspondence
	    order by received_at desc, id limit 1`), "unreadable");
	assert.ok(liar.asked.some((line) => /UID STORE 2 .*\\FLAGGED/.test(line)));
});

test("sizes that are too large, said or sent, do no harm", async () => {
	assert.equal(await turn({ list: entry(3, 10 ** 9) }), "");
	assert.ok(!liar.asked.some((line) => /FETCH 3 BODY/.test(line)));
	const chunk = "x".repeat(1 << 20);
	assert.equal(await turn({ list: entry(4), body: (socket) => {
		socket.write("* 1 FETCH (UID 4 BODY[] {4000000000}\r\n");
		for (let i = 0; i < 40; i++)
			socket.write(chunk);
	} }, undefined, 60_000), "");
	assert.equal(world.sql(`select string_agg(kind, ',' order by uid)
	    from stadtkern.mail_received where uidvalidity = 7 and uid > 2`),
	    "unreadable,unreadable");
});

test("a list without order, with repetition and nonsense is read as far as it makes sense", async () => {
	assert.equal(await turn({ list: `${entry(7)}${entry(6)}${entry(7)}` +
	    `${entry(0)}${entry(3)}* 1 FETCH (UID -5)\r\n* UID UID UID\r\n` +
	    entry("99999999999999999999"), body: (socket, tag) =>
	    `${literal(text.replace("x", String(Math.random())))}${tag} OK\r\n`,
	    }), "");
	assert.equal(world.sql(`select string_agg(uid::text, ',' order by uid)
	    from stadtkern.mail_received where uidvalidity = 7 and uid > 4`),
	    "6,7");
	assert.equal(await turn({ status: "* STATUS INBOX (UIDVALIDITY x)\r\n" }),
	    "server");
});

test("a server that says nothing is given up, and no job waits for it", async () => {
	const waiting = turn({}, "", 60_000);
	await until("it is being read", () => world.sql(`select count(*) from
	    stadtkern.mailbox where lease is not null`) === "1");
	const job = world.sql(`select set_config('stadtkern.tenant', (select
	    id::text from stadtkern.tenant where slug = 'herne'), false);
	    select stadtkern.job_put('mail', jsonb_build_object('plugin', '',
	    'template', 'account-code', 'language', 'de', 'to',
	    'kim@example.org', 'arguments', jsonb_build_object('code',
	    '123456')))`).split("\n").at(-1);
	await until("the job is done", () => world.sql(`select state from
	    stadtkern.job where id = ${job}`) === "done");
	assert.equal(world.sql("select count(*) from stadtkern.mailbox where " +
	    "lease is not null"), "1", "and the server still says nothing");
	assert.equal(await waiting, "slow");
});

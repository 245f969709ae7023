// SPDX-License-Identifier: EUPL-1.2
// Mail to a city, from a real mailbox through the real courier to the office,
// and back: tickets, replies, machines, masses, and who does not belong there.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { everything, officeReports, picture } from "./lib/city.mjs";
import { password } from "./lib/dovecot.mjs";
import { parseMail } from "./lib/mail.mjs";
import { attached, letter as mail, startMailbox, tokenOf } from
    "./lib/mailbox.mjs";
import { newStaff, startWorld, top, until } from "./lib/server.mjs";

const tickets = "/office/api/v1/defect-reporter/tickets";
let box, imap, world, staff;

before(async () => {
	world = await startWorld({ home: true, office: true });
	box = await startMailbox(world, "herne");
	imap = box.imap;
	staff = await newStaff(world, "herne", "amt@example.org", "admin");
});

after(async () => {
	await world?.stop();
	await box?.stop();
});

const turn = () => box.turn();
const quiet = () => box.quiet();

async function list(query = "sort=received") {
	const answer = await staff.request("GET", `${tickets}?${query}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json.items;
}

async function ticket(id) {
	const answer = await staff.request("GET", `${tickets}/${id}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}

const newest = async () => ticket((await list())[0].id);
const received = () => world.sql(`select string_agg(kind, ',' order by uid)
    from stadtkern.mail_received`);
const reports = () => Number(world.sql(
    "select count(*) from defect_reporter.report"));

// Mail that went out, since the last look.
let seen = 0;
function sent() {
	const dir = path.join(world.dir, "mail");
	const all = fs.existsSync(dir) ? fs.readdirSync(dir).sort() : [];
	const fresh = all.filter((name) => name.endsWith(".eml")).slice(seen);
	seen += fresh.length;
	return fresh.map((name) => {
		const text = fs.readFileSync(path.join(dir, name), "latin1");
		return { text, ...parseMail(text) };
	});
}

let first;	// the ticket of the first mail, and its token

test("a mail becomes a draft ticket that is nobody's to see, and its sender gets the number", async () => {
	imap.deliver(mail({ text: "Vor Haus 5 ist ein Loch.\nUnd daneben." }));
	assert.equal(await turn(), "");
	const its = await newest();
	assert.equal(its.channel, "mail");
	assert.equal(its.release, "pending");
	assert.equal(its.category, "idea");
	assert.equal(its.position, null);
	assert.equal(its.text, "Schlagloch\n\nVor Haus 5 ist ein Loch.\n" +
	    "Und daneben.");
	assert.deepEqual(its.contact, { name: "Kim Beispiel",
	    email: "kim@example.org" });
	assert.equal(its.correspondence.length, 1);
	assert.deepEqual(its.history.map((event) => event.kind), ["mail"]);
	assert.equal((await staff.request("GET", `${tickets}/counts`)).json.mail, 1);
	await quiet();
	const [greeting, ...more] = sent();
	assert.equal(more.length, 0);
	assert.match(greeting.text, /^To: <kim@example.org>\r$/m);
	assert.match(greeting.text, /^Auto-Submitted: auto-generated\r$/m);
	assert.match(greeting.text,
	    /^Reply-To: <meldung\+[a-z2-7]{16}@herne\.example\.org>\r$/m);
	assert.match(greeting.body, new RegExp(`Nummer ${its.number}\\b`));
	first = { id: its.id, number: its.number,
	    token: tokenOf(greeting.text) };
	assert.equal(imap.folder("INBOX")[0].flags, "S");
});

test("what is stored of it names no address in clear", () => {
	assert.ok(!everything(world).includes("kim@example.org"));
});

test("pictures become photos, other files are saved and never shown, and no more than twenty are kept", async () => {
	const before = world.sql("select count(*) from stadtkern.blob");
	imap.deliver(mail({ subject: "Viele", head: attached([
		["image/jpeg", "loch.jpg", picture("plain.jpg")],
		["text/html", "böse.html", Buffer.from("<script>alert(1)</script>")],
		["image/svg+xml", "plan.svg",
		    Buffer.from("<svg onload='alert(1)'/>")],
		["application/pdf", "../../etc/akte.pdf", Buffer.from("%PDF")],
		// The end of its name is drawn backwards.
		["application/pdf", "rechnung\u202efdp.exe", Buffer.from("MZ")],
		...Array.from({ length: 20 }, (_, i) =>
		    ["text/x-nichts", `n${i}.txt`, Buffer.from(`Datei ${i}`)]),
	]), text: "" }));
	assert.equal(await turn(), "");
	await quiet();
	const its = await newest();
	assert.equal(its.text, "Viele\n\nBilder und Akten.");
	assert.deepEqual(its.photos.map((photo) => photo.state), ["waiting"]);
	const [letter] = its.correspondence;
	assert.equal(letter.dropped, 5, "five are counted, not kept");
	assert.equal(letter.files.length, 19);
	for (const [end, name, text] of [
	    ["html", "b%C3%B6se.html", "<script>alert(1)</script>"],
	    ["svg", "plan.svg", "<svg onload='alert(1)'/>"],
	    ["pdf", "akte.pdf", "%PDF"], ["exe", "rechnungfdp.exe", "MZ"]]) {
		const file = letter.files.find((one) => one.name.endsWith(end));
		const { status, text: saved, headers } = await staff.request("GET",
		    `${tickets}/${its.id}/mail/${letter.id}/files/${file.id}`);
		assert.equal(status, 200);
		assert.equal(saved, text);
		for (const [header, value] of Object.entries({
		    // Never what the sender says that it is, nor opened.
		    "content-type": "application/octet-stream",
		    "content-disposition": `attachment; filename*=UTF-8''${name}`,
		    "x-content-type-options": "nosniff",
		    "content-security-policy":
			"default-src 'none'; frame-ancestors 'none'; sandbox",
		    "cross-origin-resource-policy": "same-origin",
		    "cache-control": "no-store" }))
			assert.equal(headers[header], value, `${name} ${header}`);
	}
	assert.notEqual(world.sql("select count(*) from stadtkern.blob"), before);
	sent();
});

test("it is released when somebody has said where it is, and not before", async () => {
	const early = await staff.request("POST",
	    `${officeReports}/${first.id}/release`, { body: {} });
	assert.equal(early.status, 409);
	assert.equal(early.json.code, "place-missing");
	const outside = await staff.request("PATCH", `${tickets}/${first.id}`,
	    { body: { position: { lat: 51.2, lon: 6.8 } } });
	assert.equal(outside.status, 422);
	assert.equal(outside.json.code, "outside-city");
	const placed = await staff.request("PATCH", `${tickets}/${first.id}`,
	    { body: { position: { lat: 51.5426, lon: 7.219 },
	    category: "pothole" } });
	assert.equal(placed.status, 200, placed.text);
	assert.deepEqual(placed.json.position, { lat: 51.5426, lon: 7.219 });
	const late = await staff.request("POST",
	    `${officeReports}/${first.id}/release`, { body: {} });
	assert.equal(late.status, 200, late.text);
});

test("a public answer reaches whoever wrote by mail", async () => {
	const answered = await staff.request("POST",
	    `${officeReports}/${first.id}/answers`,
	    { body: { text: "Wie tief ist es?" } });
	assert.equal(answered.status, 201, answered.text);
	await quiet();
	const [answer, ...more] = sent();
	assert.equal(more.length, 0);
	assert.match(answer.text, /^To: <kim@example.org>\r$/m);
	assert.match(answer.body, /Wie tief ist es\?/);
	assert.equal(tokenOf(answer.text), first.token, "one for each address");
});

test("a reply with the token in the address is bundled with its ticket, quotes are folded away and kept", async () => {
	const before = reports();
	imap.deliver(mail({ subject: "Re: Antwort", to:
	    `meldung+${first.token.toUpperCase()}@herne.example.org`,
	    text: "Zehn Zentimeter.\n\nAm 26.11.2026 schrieb Stadt Herne:\n" +
	    "> Wie tief ist es?" }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before, "no new ticket");
	const its = await ticket(first.id);
	const letter = its.correspondence.at(-1);
	assert.equal(letter.party, "sender");
	assert.equal(letter.known, true);
	assert.equal(letter.shown, "Zehn Zentimeter.");
	assert.equal(letter.quotes, true);
	assert.equal(letter.read_at, null);
	assert.equal(its.history.at(-1).kind, "mail");
	const whole = await staff.request("GET",
	    `${tickets}/${first.id}/mail/${letter.id}`);
	assert.match(whole.json.text, /> Wie tief ist es\?/);
	assert.equal(whole.json.contact.email, "kim@example.org");
	await quiet();
	assert.equal(sent().length, 0, "an acknowledgement is sent once");
});

test("the token in the subject does as well, and from another address it is said so", async () => {
	imap.deliver(mail({ from: "other@example.org", subject:
	    `AW: Loch [#${first.number}-${first.token}]`, text: "Ich auch." }));
	assert.equal(await turn(), "");
	const letter = (await ticket(first.id)).correspondence.at(-1);
	assert.equal(letter.shown, "Ich auch.");
	assert.equal(letter.known, false);
});

test("what an outside body writes back is bundled with the ticket it was sent", async () => {
	const { outside_bodies: [body] } = (await staff.request("GET",
	    "/office/api/v1/app")).json;
	const forwarded = await staff.request("POST",
	    `${officeReports}/${first.id}/forward`, { body: { body: body.code } });
	assert.equal(forwarded.status, 201, forwarded.text);
	await quiet();
	const [letter] = sent().filter(({ text }) => /forwarded#/.test(text) ||
	    /^Subject:.*#/m.test(text));
	const token = tokenOf(letter.text);
	assert.notEqual(token, first.token, "one for each address");
	const address = /^To: <(.*)>\r$/m.exec(letter.text)[1];
	const before = reports();
	imap.deliver(mail({ from: address, subject: "AW: Weiterleitung",
	    to: `meldung+${token}@herne.example.org`,
	    text: "Wir kommen am Montag." }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before, "no new ticket");
	const reply = (await ticket(first.id)).correspondence.at(-1);
	assert.equal(reply.party, "body");
	assert.equal(reply.known, true);
	assert.equal(reply.shown, "Wir kommen am Montag.");
	assert.deepEqual((await list("mail=true&q=%23" + first.number))
	    .map(({ id, mail }) => [id, mail]), [[first.id, true]]);
});

test("In-Reply-To counts only from the address that the mail went to", async () => {
	const [id] = fs.readdirSync(path.join(world.dir, "mail")).sort()
	    .map((name) => /^Message-ID: <(.*)>\r$/m.exec(fs.readFileSync(
	    path.join(world.dir, "mail", name), "latin1"))[1]);
	const before = reports();
	imap.deliver(mail({ subject: "Noch etwas", head: `In-Reply-To: <${id}>\n`,
	    text: "Ohne Marke." }));
	imap.deliver(mail({ from: "fremd@example.org", subject: "Fremd",
	    head: `In-Reply-To: <${id}>\n`, text: "Auch ohne." }));
	assert.equal(await turn(), "");
	assert.equal((await ticket(first.id)).correspondence.at(-1).shown,
	    "Ohne Marke.");
	assert.equal(reports(), before + 1, "the other's is a ticket of its own");
});

test("a made-up token makes a new ticket that says so, another city's too", async () => {
	const before = reports();
	imap.deliver(mail({ to: "meldung+aaaaaaaaaaaaaaaa@herne.example.org",
	    from: "neu@example.org" }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before + 1);
	assert.equal((await newest()).correspondence[0].forged, true);
	// The very token, of another city's thread.
	world.sql(`update stadtkern.mail_thread set tenant_id = (select id
	    from stadtkern.tenant where slug = 'gladbeck') where false;
	    insert into stadtkern.mail_thread select (select id from
	    stadtkern.tenant where slug = 'gladbeck'), sha256('bbbbbbbbbbbbbbbb'),
	    plugin, thread, party, address from stadtkern.mail_thread limit 1`);
	imap.deliver(mail({ to: "meldung+bbbbbbbbbbbbbbbb@herne.example.org",
	    from: "neu@example.org" }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before + 2);
	assert.equal((await newest()).correspondence[0].forged, true);
	await quiet();
	sent();
});

test("a bounce is noted at its ticket, opens none, and nothing more is sent there", async () => {
	const before = reports();
	imap.deliver(`Return-Path: <>\nFrom: MAILER-DAEMON@example.org\n` +
	    `To: meldung+${first.token}@herne.example.org\n` +
	    `Subject: Undelivered\nAuto-Submitted: auto-replied\n` +
	    `Content-Type: multipart/report; report-type=delivery-status;` +
	    ` boundary=a\n\n--a\n\nNein.\n--a\nContent-Type: ` +
	    `message/delivery-status\n\nReporting-MTA: dns; x\n\n` +
	    `Final-Recipient: rfc822; kim@example.org\nAction: failed\n` +
	    `Status: 5.1.1\n\n--a--\n`);
	assert.equal(await turn(), "");
	assert.equal(reports(), before);
	const its = await ticket(first.id);
	assert.equal(its.history.at(-1).kind, "mail-returned");
	assert.equal(its.correspondence.at(-1).status, "5.1.1");
	await staff.request("POST", `${officeReports}/${first.id}/answers`,
	    { body: { text: "Noch eine Antwort." } });
	await quiet();
	assert.equal(sent().length, 0);
});

test("an automatic reply is noted at its ticket, opens none and is not answered", async () => {
	const before = reports();
	const out = "Auto-Submitted: auto-replied\n";
	imap.deliver(mail({ to: `meldung+${first.token}@herne.example.org`,
	    head: out, subject: "Abwesend", text: "Ich bin nicht da." }));
	imap.deliver(mail({ from: "weg@example.org", head: out,
	    text: "Ich bin nicht da." }));
	imap.deliver(mail({ from: "exchange@example.org", head:
	    "X-Auto-Response-Suppress: All\nIn-Reply-To: <x@y>\n" }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before);
	const its = await ticket(first.id);
	assert.equal(its.history.at(-1).kind, "mail-automatic");
	await quiet();
	assert.equal(sent().length, 0);
});

test("what a machine sends of itself is a ticket, but gets no answer", async () => {
	const before = reports();
	imap.deliver(mail({ from: "formular@example.org", head:
	    "Auto-Submitted: auto-generated\n" }));
	imap.deliver(mail({ from: "liste@example.org", head:
	    "Precedence: bulk\n" }));
	imap.deliver(mail({ from: "stadt@herne.example.org" }));
	imap.deliver(mail({ from: "meldung@herne.example.org" }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before + 4);
	await quiet();
	assert.equal(sent().length, 0);
});

test("the hostile ones do no harm: each is taken once, what cannot be read is said", async () => {
	const seeds = path.join(top, "tests/fuzz/seeds/message");
	const names = fs.readdirSync(seeds).filter((name) =>
	    fs.statSync(path.join(seeds, name)).size > 0);
	const before = Number(world.sql(
	    "select count(*) from stadtkern.mail_received"));
	// The limits of one sender are another test's.
	for (const name of names)
		imap.deliver(Buffer.from(fs.readFileSync(path.join(seeds, name),
		    "latin1").replaceAll("kim@example.org", `${name}@example.org`),
		    "latin1"));
	assert.equal(await turn(), "");
	assert.equal(Number(world.sql("select count(*) from " +
	    "stadtkern.mail_received")), before + names.length);
	assert.equal((await list("limit=100")).some((one) => one.text === null),
	    false);
	assert.equal(world.sql(`select count(*) from stadtkern.mail_received
	    where not settled`), "0");
	await quiet();
	for (const { text } of sent())
		assert.doesNotMatch(text, /victim/);
	assert.match(world.courier.log, /kind=message/);
	assert.doesNotMatch(world.courier.log, /@example\.org/);
});

test("one sender's masses are bounded: the rest stays in the mailbox, flagged", async () => {
	const before = reports();
	for (let i = 0; i < 25; i++)
		imap.deliver(mail({ from: "laut@example.org", text: `Nr. ${i}` }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before + 20);
	assert.equal(imap.folder("INBOX").filter(({ flags, text }) =>
	    flags.includes("F") && /laut@/.test(text)).length, 5);
	await quiet();
	assert.equal(sent().length, 5, "and so are the acknowledgements");
});

test("a folder that gets new numbers brings no ticket again", async () => {
	const before = reports();
	imap.forgetNumbers();
	const uidvalidity = () => world.sql(
	    "select uidvalidity from stadtkern.mailbox");
	const old = uidvalidity();
	assert.equal(await turn(), "");
	assert.notEqual(uidvalidity(), old);
	assert.equal(world.sql(`select count(*) from stadtkern.mail_received
	    where uidvalidity = ${uidvalidity()}`),
	    String(imap.folder("INBOX").length));
	assert.equal(reports(), before);
});

test("the same Message-ID with another text is another mail", async () => {
	const before = reports();
	imap.deliver(mail({ from: "eins@example.org", id: "gleich@example.org" }));
	imap.deliver(mail({ from: "zwei@example.org", id: "gleich@example.org",
	    text: "Etwas anderes." }));
	imap.deliver(mail({ from: "eins@example.org", id: "gleich@example.org" }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before + 2);
	await quiet();
	sent();
});

test("with TLS the certificate has to be trusted; STARTTLS too; what was taken is moved", async () => {
	const known = async (what) => until("published", () => world.sql(`
	    select config from stadtkern.tenant where slug = 'herne'`)
	    .includes(what), 90_000);
	box.publish("starttls");
	await known('"starttls"');
	assert.equal(await turn(), "tls");
	box.publish("tls");
	await known('"tls"');
	await until("the new port is known", async () =>
	    await turn() === "tls");
	box.publish("tls", "  ca_file: ca.pem\n  processed: Erledigt\n");
	await known("Erledigt");
	const before = reports();
	imap.deliver(mail({ from: "tls@example.org" }));
	assert.equal(await turn(), "");
	assert.equal(reports(), before + 1, "all of it once more, and one");
	assert.ok(imap.folder("Erledigt").some(({ text }) => /tls@/.test(text)));
	assert.ok(imap.folder("INBOX").every(({ flags }) => /F/.test(flags)),
	    "what is left to a person stays");
});

test("a wrong password is said, and waits longer each time", async () => {
	const file = box.password;
	fs.writeFileSync(file, "falsch\n");
	assert.equal(await turn(), "sign-in");
	assert.ok(Number(world.sql(`select extract(epoch from next_at - now())
	    from stadtkern.mailbox`)) > 40);
	await until("the log's line", () =>
	    /mailbox was not read.*reason=sign-in/.test(world.courier.log));
	assert.doesNotMatch(world.courier.log, /falsch|geheim/);
	const doctor = world.cli("doctor");
	assert.equal(doctor.status, 1);
	assert.match(doctor.stdout,
	    /FAULT {2}mailbox of "herne" was not read: sign-in, 1 times/);
	fs.chmodSync(file, 0o644);
	assert.equal(await turn(), "password-file");
	fs.writeFileSync(file, `${password}\n`);
	fs.chmodSync(file, 0o600);
	assert.equal(await turn(), "");
});

test("what was read counts as read, and mail is erased with the contact", async () => {
	const read = await staff.request("POST", `${tickets}/${first.id}/mail/read`);
	assert.equal(read.status, 200, read.text);
	assert.ok(read.json.read > 3);
	const unread = (await staff.request("GET",
	    "/office/api/v1/defect-reporter/mail?unread=true")).json.items;
	assert.ok(unread.length > 0);
	assert.ok(unread.every((one) => one.ticket.id !== first.id));
	const waiting = await list("mail=true");
	assert.ok(waiting.length > 0);
	assert.ok(waiting.every((one) => one.id !== first.id && one.mail));
	assert.equal((await ticket(first.id)).correspondence.every((one) =>
	    one.read_at !== null), true);
	world.sql(`update defect_reporter.submission set contact_until =
	    current_date - 2; delete from stadtkern.schedule_run`);
	await until("erased", () => world.sql(`select count(*) from
	    defect_reporter.correspondence where text is not null or contact
	    is not null or subject is not null`) === "0" && world.sql(`select
	    count(*) from defect_reporter.correspondence_file`) === "0" &&
	    world.sql(`select count(*) from defect_reporter.submission
	    where reply_box is not null or contact is not null`) === "0");
});

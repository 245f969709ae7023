// SPDX-License-Identifier: EUPL-1.2
// What departments write back about tickets that have become late: from the
// courier through a relay to them, and through a mailbox back to the ticket.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { aReport, everything, sendReport } from "./lib/city.mjs";
import { letter, startMailbox, tokenOf } from "./lib/mailbox.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";
import { startRelay } from "./lib/smtp.mjs";

const CITY = "herne", DEPARTMENT = "stadtgruen@herne.example.org";
const tickets = "/office/api/v1/defect-reporter/tickets";
let relay, world, box, device, staff;

before(async () => {
	relay = await startRelay();
	world = await startWorld({ home: true, public: true, office: true,
	    env: { STADTKERN_SMTP_URL: relay.url,
	    STADTKERN_MAIL_FROM: "bounces@example.org",
	    STADTKERN_LIMITS: "0" } });
	box = await startMailbox(world, CITY);
	device = await newDevice(world.public, CITY);
	staff = await newStaff(world, CITY, "amt@example.org", "admin");
}, { timeout: 120_000 });

after(async () => {
	await world?.stop();
	await box?.stop();
	await relay?.stop();
});

async function ticket(id) {
	const answer = await staff.request("GET", `${tickets}/${id}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}
const reports = () => world.sql("select count(*) from defect_reporter.report");

// As many that become late at once, and the mail that departments get.
async function late(many) {
	const all = [];
	for (let i = 0; i < many; i++)
		all.push(await sendReport(device, aReport(CITY, {}, i)));
	await box.quiet();
	const before = relay.messages.length;
	const which = `id in (${all.map(({ id }) => `'${id}'`).join()})`;
	world.sql(`update defect_reporter.report set due_on = '2021-03-04'
	    where ${which}; delete from stadtkern.schedule_run
	    where name like '%ticket-escalate'`);
	await until("all are told of", () => world.sql(`select count(*)
	    from defect_reporter.report where escalated_at is not null
	    and ${which}`) === String(many));
	await box.quiet();
	return { all, mails: relay.messages.slice(before) };
}

// What stands in the subject, once its encoded words are read.
const markOf = ({ head }, number) => {
	const subject = Buffer.concat([.../^Subject: (.*)$/m.exec(head)[1]
	    .matchAll(/=\?UTF-8\?B\?(.*?)\?=/gi)].map(([, word]) =>
	    Buffer.from(word, "base64"))).toString();
	return new RegExp(`\\[#${number}-[a-z2-7]{16}\\]`).exec(subject)[0];
};
const mailOf = (mails, number) => mails.find(({ body }) =>
    new RegExp(`die Meldung ${number} über`).test(body));

async function takenTo(one, mail) {
	const before = reports();
	box.imap.deliver(mail);
	assert.equal(await box.turn(), "");
	assert.equal(reports(), before, "no new ticket");
	return (await ticket(one.id)).correspondence.at(-1);
}

let few;

test("a few are a mail each, to which an answer by the token in its address " +
    "is of that ticket", async () => {
	few = await late(3);
	assert.deepEqual(few.mails.map(({ to }) => to),
	    few.all.map(() => [DEPARTMENT]));
	assert.equal(new Set(few.mails.map(({ text }) => tokenOf(text))).size, 3);
	for (const one of few.all) {
		const { text } = mailOf(few.mails, one.number);
		const reply = await takenTo(one, letter({ from:
		    `Stadtgrün <${DEPARTMENT}>`, subject: "AW: Frist",
		    to: /^Reply-To: <(.*)>\r$/m.exec(text)[1],
		    text: `Zu ${one.number}: Montag.\n\n> Guten Tag,` }));
		assert.equal(reply.party, "department");
		assert.equal(reply.known, true);
		assert.equal(reply.shown, `Zu ${one.number}: Montag.`);
		const its = await ticket(one.id);
		assert.equal(its.correspondence.length, 1);
		assert.deepEqual(its.history.slice(-2).map(({ kind }) => kind),
		    ["late", "mail"]);
	}
});

test("the token in the subject does as well, when a program forgets the " +
    "address", async () => {
	const [one] = few.all;
	const mark = markOf(mailOf(few.mails, one.number), one.number);
	const reply = await takenTo(one, letter({ from: DEPARTMENT,
	    subject: `AW: Frist ${mark}`, text: "Erledigt." }));
	assert.equal(reply.party, "department");
	assert.equal(reply.known, true);
	assert.equal(reply.shown, "Erledigt.");
});

test("so does the mail that it answers, from the department alone", async () => {
	const [, one] = few.all;
	const head = `In-Reply-To: ${mailOf(few.mails, one.number).id}\n`;
	const reply = await takenTo(one, letter({ from: DEPARTMENT, head,
	    subject: "AW: Frist", text: "Ohne Marke." }));
	assert.equal(reply.shown, "Ohne Marke.");
	const before = Number(reports());
	box.imap.deliver(letter({ from: "fremd@example.org", head,
	    subject: "AW: Frist", text: "Auch ohne." }));
	assert.equal(await box.turn(), "");
	assert.equal(Number(reports()), before + 1, "another's is its own ticket");
	assert.equal((await ticket(one.id)).correspondence.length, 2);
});

test("a token that somebody unknown uses says so, and tells them nothing",
    async () => {
	const [, , one] = few.all;
	await box.quiet();
	relay.messages.length = 0;
	for (const from of ["fremd@example.org",
	    `"${DEPARTMENT}" <fremd@example.org>`]) {
		const reply = await takenTo(one, letter({ from, subject: "Hallo",
		    to: `meldung+${tokenOf(mailOf(few.mails, one.number).text)}` +
			"@herne.example.org", text: "Bitte löschen." }));
		assert.equal(reply.party, "department");
		assert.equal(reply.known, false);
		assert.equal(reply.forged, false);
	}
	// What was said is not answered, changes nothing and is no contact.
	await box.quiet();
	assert.deepEqual(relay.messages, []);
	const its = await ticket(one.id);
	assert.equal(its.status, "received");
	assert.equal(its.contact, undefined);
	assert.ok(!everything(world).includes("fremd@example.org"));
	assert.doesNotMatch(world.courier.log, /fremd@|stadtgruen@/);
});

test("a department that is away is noted at the ticket, and not answered",
    async () => {
	const [one] = few.all;
	const reply = await takenTo(one, letter({ from: DEPARTMENT,
	    head: "Auto-Submitted: auto-replied\n", subject: "Abwesend",
	    to: `meldung+${tokenOf(mailOf(few.mails, one.number).text)}` +
		"@herne.example.org", text: "Bis Montag nicht da." }));
	assert.equal(reply.kind, "automatic");
	assert.equal((await ticket(one.id)).history.at(-1).kind,
	    "mail-automatic");
	await box.quiet();
	assert.deepEqual(relay.messages, []);
});

test("many are one list, which says that it is not to be answered; what is " +
    "answered all the same is not lost", async () => {
	const { all, mails } = await late(6);
	assert.equal(mails.length, 1);
	const [mail] = mails;
	assert.deepEqual(mail.to, [DEPARTMENT]);
	for (const { number } of all)
		assert.match(mail.body, new RegExp(`\\b${number} \\(04\\.03\\.2021\\)`));
	assert.match(mail.body, /antworten Sie nicht/);
	assert.doesNotMatch(mail.text, /^Reply-To:|meldung\+/mi);
	const before = Number(reports());
	box.imap.deliver(letter({ from: DEPARTMENT, subject: "AW: über der Frist",
	    head: `In-Reply-To: ${mail.id}\n`, text: "Alle am Montag." }));
	assert.equal(await box.turn(), "");
	assert.equal(Number(reports()), before + 1);
	const { json: { items: [fresh] } } = await staff.request("GET",
	    `${tickets}?sort=received&limit=1`);
	assert.match(fresh.text, /Alle am Montag\./);
	assert.equal(fresh.channel, "mail");
});

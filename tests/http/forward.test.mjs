// SPDX-License-Identifier: EUPL-1.2
// Reports in the hands of outside bodies: the mail, the link in it, what it
// opens, and when it does so no more.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, cities, everything, officeReports, picture, refused,
    release, reports, sendPhoto, sendReport, tables } from "./lib/city.mjs";
import { readMails } from "./lib/mail.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

// Answers of Herne are public at once, those of Castrop-Rauxel wait.
const CITY = "herne", WAITS = "castrop-rauxel";
const office = "/office/api/v1/defect-reporter";
const forwarded = "/api/v1/defect-reporter/forwarded";
const contact = { name: "Kim Geheim", email: "kim.geheim@example.org",
    phone: "02323 4711" };
const people = {};
let world;
before(async () => {
	world = await startWorld({ public: true, office: true, courier: true,
	    env: { STADTKERN_LIMITS: "0" } });
	for (const city of [CITY, WAITS]) {
		people[city] = { device: await newDevice(world.public, city),
		    staff: await newStaff(world, city, "amt@example.org",
			"admin") };
		people[city].press = await newStaff(world, city,
		    "press@example.org", "press");
	}
}, { timeout: 120_000 });
after(() => world.stop());

const staff = (method, target, options = {}, city = CITY) =>
    people[city].staff.request(method, `${office}${target}`, options);
const ticket = async (id, city = CITY) =>
    (await staff("GET", `/tickets/${id}`, {}, city)).json;
const kinds = async (id, city = CITY) => (await ticket(id, city)).history
    .map((event) => event.kind);
const sql = (text) => world.sql("set search_path = stadtkern, " +
    `defect_reporter, public; ${text}`);

async function aTicket(changes = {}, city = CITY) {
	const { id, number } = await sendReport(people[city].device,
	    aReport(city, { text: "Herr Muster sagt: Ampel aus.", contact,
	    ...changes }));
	await release(people[city].staff, id, { text: "Die Ampel ist aus." });
	return { id, number };
}
const forward = (id, body = {}, options = {}, city = CITY) => staff("POST",
    `/reports/${id}/forward`, { body: { body: "strassen-nrw", ...body },
    ...options }, city);
const mailsOf = (number, city = CITY) => readMails(world).filter((mail) =>
    mail.head.includes("strassen-nrw@") &&
    mail.body.includes(`bei der Stadt ${cities[city].name}`) && new RegExp(`^Nummer: +${number}$`, "m").test(mail.body));
const mailOf = (number, city) => until(() => `the mail of ${number}\n` +
    world.courier.log.slice(-1000), () => mailsOf(number, city)[0]);
const tokenIn = (mail) => /\/defect-reporter\/forwarded#(\S{43})\s/
    .exec(mail.body)[1];
// A ticket that was forwarded, and what the body got.
async function handed(changes = {}, body = {}, city = CITY) {
	const it = await aTicket(changes, city);
	const answer = await forward(it.id, body, {}, city);
	assert.equal(answer.status, 201, answer.text);
	const mail = await mailOf(it.number, city);
	return { ...it, mail, token: tokenIn(mail), forwarding:
	    answer.json.forwarding.id, version: answer.json.version };
}
const ask = (token, city = CITY) => world.public.request("POST", city,
    forwarded, { body: { token } });
const act = (token, action, text, options = {}, city = CITY) =>
    world.public.request("POST", city, `${forwarded}/act`,
    { body: { token, action, text }, ...options });
async function done(answer, status = 200) {
	const got = await answer;
	assert.equal(got.status, status, got.text);
	return got.json;
}
const closed = async (token, city = CITY) => {
	const wrong = await ask("A".repeat(43), city);
	refused(wrong, 404, "link-unknown");
	for (const answer of [await ask(token, city),
	    await act(token, "accept", undefined, {}, city)]) {
		assert.equal(answer.status, 404);
		assert.equal(answer.text, wrong.text, "it answers as any other");
	}
};

describe("the mail", () => {
	test("says what is released, and has a link that only the mail has",
	    async () => {
		const it = await handed({}, { note: "Bitte prüfen." });
		assert.match(it.mail.body, /Die Ampel ist aus\./);
		assert.match(it.mail.body, /Bitte prüfen\./);
		assert.doesNotMatch(it.mail.body + it.mail.html, /Muster/);
		assert.ok(it.mail.html.includes(it.token), "in both parts");
		const text = everything(world);
		assert.ok(!text.includes(it.token), "nowhere in the database");
		for (const one of ["public", "office", "courier"])
			assert.ok(!world[one].log.includes(it.token), one);
		const { items } = await done(staff("GET",
		    `/tickets/${it.id}/forwardings`));
		assert.ok(!JSON.stringify(items).includes(it.token));
		assert.equal(items[0].state, "open");
		assert.equal(items[0].note, "Bitte prüfen.");
		assert.equal(items[0].contact, false);
	});

	test("has the contact when the sender agreed and it is asked for",
	    async () => {
		const it = await handed({ consent_forward: true },
		    { contact: true });
		assert.match(it.mail.body,
		    /Kim Geheim, kim\.geheim@example\.org, 02323 4711/);
		assert.doesNotMatch(everything(world), /geheim/i);
		const without = await handed({ consent_forward: true });
		assert.doesNotMatch(without.mail.body + without.mail.html,
		    /geheim/i);
	});

	test("never has it otherwise", async () => {
		for (const changes of [{}, { consent_forward: false },
		    { consent_forward: true, contact: undefined }]) {
			const { id } = await aTicket(changes);
			refused(await forward(id, { contact: true }), 409,
			    "no-consent");
			assert.deepEqual((await done(staff("GET",
			    `/tickets/${id}/forwardings`))).items, []);
		}
		const { id } = await aTicket({ consent_forward: true });
		sql("update submission set contact = null where report_id = " +
		    `'${id}'`);
		refused(await forward(id, { contact: true }), 409, "no-consent");
	});

	test("is sent once for a key, and once for a body while its link lives",
	    async () => {
		const { id, number } = await aTicket();
		const headers = { "idempotency-key": "eine-weiterleitung" };
		const first = await done(forward(id, {}, { headers }), 201);
		const again = await forward(id, {}, { headers });
		assert.equal(again.status, 201);
		assert.equal(again.headers["idempotency-replayed"], "true");
		assert.equal(again.json.forwarding.id, first.forwarding.id);
		refused(await forward(id), 409, "forwarded-before");
		assert.equal((await forward(id, { body: "stadtwerke" })).status,
		    201, "another body is another");
		await mailOf(number);
		assert.equal(sql("select count(*) from forwarding where " +
		    `report_id = '${id}'`), "2");
	});

	test("is not sent of what is not released, has changed, or goes to " +
	    "nobody", async () => {
		const { id } = await sendReport(people[CITY].device, aReport());
		const before = tables(world, CITY);
		refused(await forward(id), 409, "not-released");
		refused(await forward(id, { body: "nirgends" }), 422, "fields",
		    [["/body", "reference"]]);
		refused(await forward(id, { days: 0, note: "" }), 422, "fields",
		    [["/days", "too-small"], ["/note", "too-short"]]);
		refused(await forward(id, { version: 9 }), 409,
		    "changed-meanwhile");
		refused(await people[CITY].press.request("POST",
		    `${officeReports}/${id}/forward`,
		    { body: { body: "strassen-nrw" } }), 403, "right-missing");
		assert.deepEqual(tables(world, CITY), before);
	});
});

describe("the link", () => {
	test("opens what is public of the report, with photos", async () => {
		const { id, number } = await aTicket();
		const photo = (await sendPhoto(people[CITY].device, id,
		    picture("plain.jpg"))).json.id;
		const hidden = (await sendPhoto(people[CITY].device, id,
		    picture("plain.jpg"))).json.id;
		await until("the photos are ready", async () =>
		    (await ticket(id)).photos.every((one) =>
		    one.state === "waiting"));
		await done(staff("POST", `/reports/${id}/photos/${photo}/release`));
		await done(forward(id), 201);
		const answer = await ask(tokenIn(await mailOf(number)));
		assert.equal(answer.status, 200, answer.text);
		assert.match(answer.headers["cache-control"], /no-store/);
		const page = answer.json;
		assert.equal(page.state, "open");
		assert.equal(page.body.name, "Straßen.NRW");
		assert.equal(page.report.number, number);
		assert.equal(page.report.text, "Die Ampel ist aus.");
		assert.deepEqual(page.report.photos.map((one) => one.id), [photo]);
		assert.doesNotMatch(answer.text, /Muster|geheim|Alex|amt@/i);
		assert.ok(!answer.text.includes(hidden));
	});

	test("accepts: the office reads it in the history, and once",
	    async () => {
		const it = await handed();
		const said = await done(act(it.token, "accept"));
		assert.equal(said.state, "accepted");
		assert.deepEqual(await done(act(it.token, "accept")), said);
		assert.equal((await done(ask(it.token))).state, "accepted");
		const events = (await ticket(it.id)).history.filter((event) =>
		    event.kind === "forward-accepted");
		assert.equal(events.length, 1);
		assert.equal(events[0].body, "strassen-nrw");
		await until("the department is told, by number only", () =>
		    readMails(world).find((mail) => /sichtung@|tiefbau@|stadtgruen@/
		    .test(mail.head) && mail.body.includes(
		    `Meldung ${it.number} hat Straßen.NRW`)));
	});

	test("refuses with a reason for the house, and is used up", async () => {
		const it = await handed();
		refused(await act(it.token, "refuse"), 422, "fields",
		    [["/text", "required"]]);
		const reason = "Das ist eine Gemeindestraße.";
		const said = await done(act(it.token, "refuse", reason));
		assert.equal(said.state, "refused");
		assert.deepEqual(await done(act(it.token, "refuse", reason)), said,
		    "the same again has the same answer");
		await closed(it.token);
		refused(await act(it.token, "refuse", "Anders."), 404,
		    "link-unknown");
		const now = await ticket(it.id);
		assert.equal(now.outside_body, null);
		assert.equal(now.history.at(-1).text, reason);
		assert.equal(now.history.at(-1).kind, "forward-refused");
		const seen = await people[CITY].device.request("GET",
		    `${reports}/mine/${it.id}`);
		assert.doesNotMatch(seen.text, /Gemeindestraße/);
	});

	test("answers: public at once where the city has it so", async () => {
		const it = await handed();
		const text = "Die Ampel wird am Montag repariert.";
		assert.equal((await done(act(it.token, "answer", text))).answer,
		    "published");
		assert.equal((await done(act(it.token, "answer", text))).answer,
		    "published");
		const seen = (await people[CITY].device.request("GET",
		    `${reports}/mine/${it.id}`)).json.history.filter((event) =>
		    event.text === text);
		assert.equal(seen.length, 1, "once");
		assert.equal(seen[0].kind, "answer");
		assert.equal(seen[0].body, "strassen-nrw");
		refused(await act(it.token, "answer"), 422, "fields",
		    [["/text", "required"]]);
		assert.deepEqual((await done(ask(it.token))).answers.map(
		    (one) => one.text), [text]);
	});

	test("answers: waiting for release where the city has it so",
	    async () => {
		const it = await handed({}, {}, WAITS);
		const text = "Die Ampel wird am Montag repariert.";
		const said = await done(act(it.token, "answer", text, {}, WAITS));
		assert.equal(said.answer, "waiting");
		const mine = () => people[WAITS].device.request("GET",
		    `${reports}/mine/${it.id}`);
		assert.ok(!(await mine()).text.includes("Montag"));
		const [draft] = (await ticket(it.id, WAITS)).drafts;
		assert.equal(draft.body, "strassen-nrw");
		assert.equal(draft.staff, null);
		await done(staff("POST", `/tickets/${it.id}/answers/${draft.id}` +
		    "/release", { body: {} }, WAITS));
		const event = (await mine()).json.history.at(-1);
		assert.equal(event.text, text);
		assert.equal(event.body, "strassen-nrw");
		const end = await done(act(it.token, "close", "Fertig.", {},
		    WAITS));
		assert.equal(end.answer, "waiting");
		assert.ok(!(await mine()).text.includes("Fertig."));
	});

	test("closes the ticket as the city's graph allows, once", async () => {
		const it = await handed();
		const answers = await Promise.all(Array.from({ length: 4 }, () =>
		    act(it.token, "close", "Repariert.")));
		for (const answer of answers) {
			assert.equal(answer.status, 200, answer.text);
			assert.deepEqual(answer.json, answers[0].json);
		}
		const now = await ticket(it.id);
		assert.equal(now.status, "done");
		assert.notEqual(now.contact_until, null);
		assert.equal((await kinds(it.id)).filter((kind) =>
		    kind === "forward-closed").length, 1);
		const seen = (await people[CITY].device.request("GET",
		    `${reports}/mine/${it.id}`)).json;
		assert.equal(seen.status, "done");
		assert.equal(seen.history.filter((event) =>
		    event.text === "Repariert.").length, 1);
		await closed(it.token);
		assert.equal((await done(act(it.token, "close", "Repariert.")))
		    .state, "closed");
	});

	test("does nothing twice for a key", async () => {
		const it = await handed();
		const headers = { "idempotency-key": "eine-antwort-der-stelle" };
		for (const text of ["Eins.", "Zwei.", "Eins."])
			await done(act(it.token, "answer", text, text === "Eins." ?
			    { headers } : {}));
		assert.deepEqual((await done(ask(it.token))).answers.map(
		    (one) => one.text), ["Eins.", "Zwei."]);
	});

	test("opens nothing when it is forged, of another city, expired, taken " +
	    "back, sent anew, or when the report is public no more",
	    async () => {
		const forged = await handed();
		await closed(forged.token.replace(/.$/, (last) =>
		    last === "A" ? "B" : "A"));
		await closed(forged.token, WAITS);
		await closed("x");
		refused(await ask(""), 422, "fields");
		refused(await act(forged.token, "delete"), 422, "fields",
		    [["/action", "choice"]]);
		assert.equal((await done(ask(forged.token))).state, "open");

		const expired = await handed();
		sql("update forwarding set expires_at = now() - " +
		    "interval '1 minute' where id = " +
		    `'${expired.forwarding}'`);
		await closed(expired.token);

		const revoked = await handed();
		await done(staff("POST",
		    `/forwardings/${revoked.forwarding}/revoke`, { body: {} }));
		await closed(revoked.token);

		const withdrawn = await handed();
		await done(staff("POST", `/reports/${withdrawn.id}/reject`,
		    { body: { reason: "Doch nicht." } }));
		await closed(withdrawn.token);

		const resent = await handed();
		await done(staff("POST",
		    `/forwardings/${resent.forwarding}/resend`, { body: {} }), 201);
		await closed(resent.token);
		await until("the second mail", () =>
		    mailsOf(resent.number).length === 2);
		const tokens = mailsOf(resent.number).map(tokenIn)
		    .filter((token) => token !== resent.token);
		assert.equal(tokens.length, 1);
		assert.equal((await done(ask(tokens[0]))).state, "open");
	});
});

describe("the office", () => {
	test("sees what is open, the next deadline first, page by page",
	    async () => {
		sql("update forwarding set state = 'revoked'");
		const soon = await handed({}, { days: 2 });
		const late = await handed({}, { days: 90 });
		const { items } = await done(staff("GET", "/forwardings"));
		assert.deepEqual(items.map((one) => one.report.id),
		    [soon.id, late.id]);
		const one = await done(staff("GET", "/forwardings?limit=1"));
		const two = await done(staff("GET",
		    `/forwardings?limit=1&cursor=${one.next}`));
		assert.deepEqual([...one.items, ...two.items], items);
		assert.deepEqual((await done(staff("GET",
		    "/forwardings?body=stadtwerke"))).items, []);
		await done(act(soon.token, "close"));
		assert.deepEqual((await done(staff("GET", "/forwardings"))).items
		    .map((it) => it.report.id), [late.id]);
	});

	test("prolongs a link, also one that has expired", async () => {
		const it = await handed();
		sql("update forwarding set expires_at = now() - " +
		    "interval '1 minute' where id = " +
		    `'${it.forwarding}'`);
		assert.equal((await done(staff("GET",
		    `/tickets/${it.id}/forwardings`))).items[0].state, "expired");
		const steps = `/forwardings/${it.forwarding}`;
		refused(await staff("POST", `${steps}/prolong`, { body: {} }), 422,
		    "fields", [["/days", "required"]]);
		refused(await staff("POST", `${steps}/prolong`,
		    { body: { days: 366 } }), 422, "fields",
		    [["/days", "too-large"]]);
		await done(staff("POST", `${steps}/prolong`,
		    { body: { days: 10 } }));
		assert.equal((await done(ask(it.token))).state, "open");
		await done(staff("POST", `${steps}/revoke`, { body: {} }));
		for (const step of ["revoke", "prolong", "resend"])
			refused(await staff("POST", `${steps}/${step}`, { body:
			    step === "prolong" ? { days: 1 } : {} }), 409,
			    "forward-over");
		assert.deepEqual((await kinds(it.id)).slice(-2),
		    ["forward-prolonged", "forward-revoked"]);
		refused(await staff("POST", `${steps}/revoke`,
		    { body: { version: 1 } }), 409, "changed-meanwhile");
	});

	test("of another city, or limited to other departments, reaches none " +
	    "of it", async () => {
		const it = await handed();
		for (const step of ["revoke", "prolong", "resend"])
			refused(await staff("POST",
			    `/forwardings/${it.forwarding}/${step}`, { body:
			    step === "prolong" ? { days: 1 } : {} }, WAITS), 404,
			    "not-found");
		const head = await newStaff(world, CITY, "head@example.org",
		    "head");
		refused(await head.request("POST",
		    `${office}/forwardings/${it.forwarding}/revoke`,
		    { body: {} }), 404, "not-found");
		assert.deepEqual((await head.request("GET",
		    `${office}/forwardings`)).json.items, []);
		assert.equal((await done(ask(it.token))).state, "open");
	});

	test("need not remind: the courier does, once, and tells of what has " +
	    "expired", async () => {
		const it = await handed();
		const over = await handed();
		sql("update forwarding set created_at = now() - interval '5 days'," +
		    ` expires_at = now() + interval '2 days' where id = ` +
		    `'${it.forwarding}'; update forwarding set expires_at = ` +
		    `now() - interval '1 minute' where id = '${over.forwarding}'; delete from schedule_run ` +
		    "where name ~ 'forward'");
		await world.courier.stop();
		world.startCourier();
		const mails = (what) => readMails(world).filter((mail) =>
		    mail.body.includes(what));
		await until(() => `the reminder\n${world.courier.log}`, () =>
		    mails(`die Meldung ${it.number} weitergeleitet`).length === 1);
		const [reminder] = mails(`die Meldung ${it.number} weitergeleitet`);
		assert.match(reminder.head, /strassen-nrw@/);
		assert.doesNotMatch(reminder.body, /#/);
		await until("the department is told", () => mails(
		    `Meldung ${over.number} wurde an Straßen.NRW`).length === 1);
		assert.equal((await kinds(it.id)).at(-1), "forward-reminded");
		assert.equal((await kinds(over.id)).at(-1), "forward-expired");
	});
});

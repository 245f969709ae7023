// SPDX-License-Identifier: EUPL-1.2
// Tickets: each step of the office's work on a report, who may take it, and
// what happens when two do.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, cities, officeReports, refused, release, reports,
    sendReport } from "./lib/city.mjs";
import { readMails } from "./lib/mail.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

const tickets = "/office/api/v1/defect-reporter/tickets";
const CITY = "herne", OTHER = "castrop-rauxel";
const people = {};
let world, anna, bert;
before(async () => {
	world = await startWorld({ public: true, office: true, courier: true,
	    env: { STADTKERN_LIMITS: "0" } });
	for (const role of ["admin", "sighting", "clerk", "press"])
		people[role] = await newStaff(world, CITY,
		    `${role}@example.org`, role);
	for (const role of ["sighting", "clerk"])
		people[`${role} there`] = await newStaff(world, OTHER,
		    `${role}@example.org`, role);
	anna = await newDevice(world.public, CITY);
	bert = await newDevice(world.public, CITY);
}, { timeout: 120_000 });
after(() => world.stop());

const call = (who, method, target, body) => people[who].request(method,
    `${tickets}${target}`, body === undefined ? {} : { body });
const post = (who, target, body = {}) => call(who, "POST", target, body);
async function done(answer, status = 200) {
	const got = await answer;
	assert.equal(got.status, status, got.text);
	return got.json;
}
const show = (id, who = "admin") => done(call(who, "GET", `/${id}`));
const list = async (query, who = "admin") =>
    (await done(call(who, "GET", `?${query}`))).items;
const ids = async (query, who) => (await list(query, who)).map((one) => one.id);
const kinds = (ticket) => ticket.history.map((event) => event.kind);
const mine = async (device, id) => (await device.request("GET",
    `${reports}/mine/${id}`)).json;
let index = 0;
const aTicket = async (changes, device = anna, city = CITY) =>
    (await sendReport(device, aReport(city, changes, index++))).id;
const status = (who, id, body) => people[who].request("POST",
    `${officeReports}/${id}/status`, { body });
async function close(id, text) {
	for (const next of ["assigned", "in-progress"])
		await done(status("admin", id, { status: next }));
	return done(status("admin", id, { status: "done", text }));
}
const sql = (text) => world.sql("set search_path = stadtkern, " +
    `defect_reporter, public; ${text}`);

describe("assigning", () => {
	test("a department gets a ticket, and accepts it once", async () => {
		const id = await aTicket();
		assert.equal((await show(id)).assignment, "proposed");
		const given = await done(post("sighting", `/${id}/assign`,
		    { department: "ordnung", reason: "Bitte ansehen." }));
		assert.equal(given.department, "ordnung");
		assert.equal(given.assignment, "assigned");
		const taken = await done(post("clerk", `/${id}/accept`,
		    { version: given.version }));
		assert.equal(taken.assignment, "accepted");
		refused(await post("clerk", `/${id}/accept`), 409,
		    "accepted-before");
		const ticket = await show(id);
		assert.deepEqual(kinds(ticket), ["assigned", "accepted"]);
		assert.deepEqual({ ...ticket.history[0], at: undefined }, {
		    at: undefined, kind: "assigned", public: false,
		    department: "ordnung", text: "Bitte ansehen.",
		    staff: "Alex Beispiel", own: false });
		assert.equal((await show(id, "clerk")).history[1].own, true);
	});

	test("a department gives a ticket back to the first one, with a reason",
	    async () => {
		const id = await aTicket();
		refused(await post("clerk", `/${id}/return`), 422, "fields",
		    [["/reason", "required"]]);
		const back = await done(post("clerk", `/${id}/return`,
		    { reason: "Das ist ein Privatweg." }));
		assert.equal(back.department, "buergerbuero");
		assert.equal(back.assignment, "returned");
		const event = (await show(id)).history.at(-1);
		assert.equal(event.department, "stadtgruen");
		assert.equal(event.text, "Das ist ein Privatweg.");
		refused(await post("clerk", `/${id}/return`,
		    { reason: "Auch nicht unseres." }), 409, "nowhere-to-return");
	});

	test("a department that the city has not is named", async () => {
		refused(await post("admin", `/${await aTicket()}/assign`,
		    { department: "euv" }), 422, "fields",
		    [["/department", "reference"]]);
	});

	test("a ticket is given to people who may work on it, and to nobody " +
	    "else", async () => {
		const id = await aTicket();
		const { items } = await done(call("sighting", "GET", "/people"));
		assert.deepEqual(items.map((one) => one.roles[0]).sort(),
		    ["admin", "clerk"]);
		const clerk = items.find((one) => one.roles[0] === "clerk");
		const given = await done(post("sighting", `/${id}/person`,
		    { person: clerk.id }));
		assert.equal(given.person.id, clerk.id);
		assert.ok((await ids("mine=true", "clerk")).includes(id));
		assert.ok((await ids(`person=${clerk.id}`)).includes(id));
		assert.ok(!(await ids("mine=true", "sighting")).includes(id));
		const press = sql("select id from staff where email = " +
		    "'press@example.org'");
		const there = sql("select f.id from staff f join tenant t on " +
		    `t.id = f.tenant_id where t.slug = '${OTHER}' limit 1`);
		for (const person of [press, there])
			refused(await post("sighting", `/${id}/person`,
			    { person }), 422, "person-unfit");
		assert.equal((await done(post("sighting", `/${id}/person`)))
		    .person, null);
		const own = await done(post("clerk", `/${id}/take`));
		assert.equal(own.person.id, clerk.id);
	});
});

describe("changing", () => {
	test("category, priority and deadline are corrected and written down",
	    async () => {
		const id = await aTicket();
		const { version } = await show(id);
		const changed = await done(call("clerk", "PATCH", `/${id}`, {
		    priority: "urgent", category: "pothole",
		    due_on: "2031-05-02", reason: "Schulweg", version }));
		assert.equal(changed.priority, "urgent");
		assert.equal(changed.due_on, "2031-05-02");
		const ticket = await show(id);
		assert.equal(ticket.category, "pothole");
		assert.equal(ticket.deadline.by, "staff");
		const event = ticket.history.at(-1);
		assert.equal(event.due_on, "2031-05-02");
		assert.equal(event.priority, "urgent");
		refused(await call("clerk", "PATCH", `/${id}`, { version,
		    priority: "low" }), 409, "changed-meanwhile");
		refused(await call("clerk", "PATCH", `/${id}`, {}), 422, "fields",
		    [["", "required"]]);
		refused(await call("clerk", "PATCH", `/${id}`,
		    { category: "nichts" }), 422, "fields",
		    [["/category", "choice"]]);
	});

	test("the history says what each was and is, and what is taken back",
	    async () => {
		const id = await aTicket();
		const was = await show(id);
		const there = { lat: 51.5431, lon: 7.2205 };
		const last = async () => (await show(id)).history.at(-1).changes;
		// What there was not is left out.
		await done(call("clerk", "PATCH", `/${id}`,
		    { address: "Am Markt 1" }));
		assert.deepEqual(await last(), { address: { to: "Am Markt 1" } });
		await done(call("clerk", "PATCH", `/${id}`, { position: there,
		    address: "Am Markt 2" }));
		const moved = { position: { from: was.position, to: there },
		    address: { from: "Am Markt 1", to: "Am Markt 2" } };
		assert.deepEqual(await last(), moved);
		// What stays as it was is no change.
		const { version } = await done(call("clerk", "PATCH", `/${id}`,
		    { category: "pothole", priority: "high",
		    due_on: "2031-05-02", position: there }));
		assert.deepEqual(await last(), {
		    category: { from: was.category, to: "pothole" },
		    priority: { from: "normal", to: "high" },
		    due_on: { to: "2031-05-02" } });
		await done(post("clerk", `/${id}/undo`, { version }));
		assert.deepEqual(await last(), {
		    category: { from: "pothole", to: was.category },
		    priority: { from: "high", to: "normal" },
		    due_on: { from: "2031-05-02" } });
		const own = await mine(anna, id);
		assert.doesNotMatch(JSON.stringify(own.history), /Markt/,
		    "it is the house's");
	});

	test("the deadline comes from the category, in working days", async () => {
		const device = await newDevice(world.public, OTHER);
		const text = "Ein tiefes Loch in der Straße.";
		const id = await aTicket({ category: "pothole", text,
		    answers: { where: "Gehweg" } }, device, OTHER);
		const ticket = await show(id, "sighting there");
		assert.deepEqual(ticket.deadline.rule,
		    { days: 10, kind: "working" });
		assert.equal(ticket.deadline.by, "category");
		assert.equal(ticket.deadline.on, sql("select " +
		    "add_working_days(today(), 10)"));
		await done(call("clerk there", "PATCH", `/${id}`,
		    { category: "street-light" }));
		assert.equal((await show(id, "sighting there")).deadline.on,
		    sql("select today() + 14"));
	});

	test("a note is for the house: the sender never reads it", async () => {
		const id = await aTicket();
		const note = await done(post("clerk", `/${id}/notes`,
		    { text: "Der Bauhof weiß Bescheid." }), 201);
		assert.equal(note.kind, "note");
		await release(people.sighting, id);
		assert.ok(kinds(await show(id)).includes("note"));
		for (const target of [`${reports}/${id}`, `${reports}/mine/${id}`]) {
			const seen = await anna.request("GET", target);
			assert.equal(seen.status, 200);
			assert.ok(!seen.text.includes("Bauhof"), target);
		}
	});

	test("of two who saw the same version the second one is refused",
	    async () => {
		const id = await aTicket();
		const { version } = await show(id);
		const answers = await Promise.all([
		    post("sighting", `/${id}/assign`,
			{ department: "ordnung", version }),
		    post("clerk", `/${id}/take`, { version })]);
		assert.deepEqual(answers.map((one) => one.status).sort(),
		    [200, 409]);
	});
});

describe("taking back", () => {
	const undo = (who, id, version) => post(who, `/${id}/undo`, { version });

	test("a release: it is not public any more, and waits again", async () => {
		const id = await aTicket();
		const { version } = await release(people.sighting, id,
		    { text: "Ein Ast, gekürzt." });
		assert.equal((await done(undo("sighting", id, version))).release,
		    "pending");
		const ticket = await show(id);
		assert.equal(ticket.published_text, null);
		assert.deepEqual(kinds(ticket), ["released", "undone"]);
		assert.equal((await world.public.request("GET", CITY,
		    `${reports}/${id}`)).status, 404);
	});

	test("department, person, priority and deadline are as they were",
	    async () => {
		const id = await aTicket();
		const was = await show(id);
		for (const [who, step] of [["sighting", () => post("sighting",
		    `/${id}/assign`, { department: "ordnung" })],
		    ["clerk", () => post("clerk", `/${id}/take`)],
		    ["clerk", () => call("clerk", "PATCH", `/${id}`,
			{ priority: "urgent", due_on: "2031-05-02" })]]) {
			const { version } = await done(step());
			await done(undo(who, id, version));
			const { department, assignment, person, priority, deadline } =
			    await show(id);
			assert.deepEqual({ department, assignment, person, priority,
			    deadline }, { department: was.department,
			    assignment: was.assignment, person: was.person,
			    priority: was.priority, deadline: was.deadline });
		}
	});

	test("a status, and its sender reads that it is as before", async () => {
		const id = await aTicket();
		await done(status("clerk", id, { status: "assigned" }));
		await done(status("clerk", id, { status: "in-progress" }));
		const { version } = await done(status("clerk", id,
		    { status: "done" }));
		const back = await done(undo("clerk", id, version));
		assert.equal(back.status, "in-progress");
		const own = await mine(anna, id);
		assert.equal(own.status, "in-progress");
		assert.deepEqual(own.history.slice(-2).map((one) => one.status),
		    ["done", "in-progress"]);
		const ticket = await show(id);
		assert.equal(ticket.closed_at, null);
		assert.equal(ticket.contact_until, null);
		refused(await undo("clerk", id, ticket.version), 409,
		    "nothing-to-undo");
	});

	test("not somebody else's step, nor an older one, nor what was said",
	    async () => {
		const id = await aTicket();
		const { version } = await done(post("sighting", `/${id}/assign`,
		    { department: "ordnung" }));
		refused(await undo("clerk", id, version), 409, "nothing-to-undo");
		refused(await undo("sighting", id, version - 1), 409,
		    "changed-meanwhile");
		sql("update step set at = now() - interval '11 minutes' " +
		    `where report_id = '${id}'`);
		refused(await undo("sighting", id, version), 409,
		    "nothing-to-undo");
		const said = await done(status("clerk", id, { status: "assigned",
		    text: "Wir sind dran." }));
		refused(await undo("clerk", id, said.version), 409,
		    "nothing-to-undo");
		const other = await aTicket();
		const merged = await done(post("sighting", `/${id}/merge`,
		    { into: other }));
		refused(await undo("sighting", id, merged.version), 409,
		    "nothing-to-undo");
	});
});

describe("the office's screens", () => {
	test("a page learns that a ticket changed, without its contact",
	    async () => {
		const id = await aTicket({ contact: { name: "Toni Muster" } });
		const pulse = async (who = "press") =>
		    done(call(who, "GET", `/${id}/pulse`));
		const before = await pulse();
		assert.deepEqual(await pulse(), before);
		await done(post("clerk", `/${id}/notes`, { text: "Bauhof." }), 201);
		const noted = await pulse();
		assert.equal(noted.version, before.version);
		assert.notDeepEqual(noted, before);
		await done(post("clerk", `/${id}/take`));
		assert.equal((await pulse()).version, before.version + 1);
		assert.ok(!JSON.stringify(noted).includes("Muster"));
		assert.equal((await call("sighting there", "GET", `/${id}/pulse`))
		    .status, 404);
	});

	test("the list says who did what last, and that an answer waits",
	    async () => {
		const device = await newDevice(world.public, OTHER);
		const id = await aTicket({}, device, OTHER);
		const row = async () => (await list("limit=100", "sighting there"))
		    .find((one) => one.id === id);
		assert.equal((await row()).last, null);
		await done(people["clerk there"].request("POST",
		    `${officeReports}/${id}/answers`, { body:
		    { text: "Wir kümmern uns." } }), 201);
		const { last, answer } = await row();
		assert.equal(answer, true);
		assert.equal(last.kind, "draft");
		assert.equal(last.staff, "Alex Beispiel");
		assert.equal(last.own, false);
	});
});

describe("merging", () => {
	test("a merged report follows the other one, and both senders are told",
	    async () => {
		const first = await aTicket(), second = await aTicket({}, bert);
		const { number } = await show(first);
		const merged = await done(post("sighting", `/${second}/merge`,
		    { into: first }));
		assert.equal(merged.parent.number, number);
		await close(first, "Der Ast ist abgesägt.");
		const [one, two] = [await mine(anna, first),
		    await mine(bert, second)];
		assert.equal(one.status, "done");
		assert.equal(two.status, "done");
		for (const report of [one, two])
			assert.ok(report.history.some((event) =>
			    event.text === "Der Ast ist abgesägt."));
		assert.deepEqual(two.history[0], { at: two.history[0].at,
		    kind: "merged", status: "received", number });
		refused(await status("admin", second, { status: "assigned" }),
		    409, "follows");
		const ticket = await show(first);
		assert.deepEqual(ticket.children.map((child) => child.id),
		    [second]);
		assert.equal((await show(second)).parent.id, first);
		assert.equal(sql("select contact_until is not null from " +
		    `submission where report_id = '${second}'`), "t");
	});

	test("a merged report is listed with the other one, and found by " +
	    "searching", async () => {
		const word = "Pappelwurzel";
		const first = await aTicket({ text: `Eine ${word} im Weg.` });
		const second = await aTicket({ text: `Noch eine ${word}.` }, bert);
		await done(post("sighting", `/${second}/merge`, { into: first }));
		const all = await ids("limit=100");
		assert.ok(all.includes(first) && !all.includes(second));
		assert.deepEqual((await ids(`q=${word}`)).sort(),
		    [first, second].sort());
	});

	test("splitting lets it go its own way again", async () => {
		const first = await aTicket(), second = await aTicket({}, bert);
		await done(post("sighting", `/${second}/merge`, { into: first }));
		await done(post("sighting", `/${second}/split`));
		await close(first);
		assert.equal((await mine(bert, second)).status, "received");
		refused(await post("sighting", `/${second}/split`), 409,
		    "not-merged");
	});

	test("there is one level: who followed the one follows the other",
	    async () => {
		const [a, b, c] = [await aTicket(), await aTicket(),
		    await aTicket()];
		await done(post("sighting", `/${a}/merge`, { into: b }));
		await done(post("sighting", `/${b}/merge`, { into: c }));
		assert.deepEqual((await show(c)).children.map((one) => one.id)
		    .sort(), [a, b].sort());
		const d = await aTicket();
		await done(post("sighting", `/${d}/merge`, { into: a }));
		assert.equal((await show(d)).parent.id, c, "the root");
	});

	test("what cannot be merged is told apart", async () => {
		const [a, b] = [await aTicket(), await aTicket()];
		const nobody = "00000000-0000-4000-8000-000000000000";
		refused(await post("sighting", `/${a}/merge`, { into: nobody }),
		    422, "merge-unknown");
		refused(await post("sighting", `/${a}/merge`, { into: a }), 409,
		    "merge-itself");
		await done(post("sighting", `/${a}/merge`, { into: b }));
		refused(await post("sighting", `/${a}/merge`, { into: b }), 409,
		    "merged-before");
		refused(await post("sighting", `/${b}/merge`, { into: a }), 409,
		    "merge-itself");
	});
});

describe("answers", () => {
	test("wait for the sighting office where the city wants that",
	    async () => {
		const device = await newDevice(world.public, OTHER);
		const id = await aTicket({}, device, OTHER);
		await release(people["sighting there"], id);
		const drafted = await done(people["clerk there"].request("POST",
		    `${officeReports}/${id}/answers`, { body:
		    { text: "Wir kümern uns." } }), 201);
		assert.equal(drafted.answer, "waiting");
		const seen = () => world.public.request("GET", OTHER,
		    `${reports}/${id}`);
		assert.ok(!(await seen()).text.includes("kümern"));
		assert.ok(!(await device.request("GET", `${reports}/mine/${id}`))
		    .text.includes("kümern"));
		assert.ok((await ids("answer=true", "sighting there"))
		    .includes(id));
		const { drafts } = await show(id, "sighting there");
		assert.equal(drafts[0].state, "waiting");
		const out = `/${id}/answers/${drafts[0].id}/release`;
		refused(await post("clerk there", out), 403, "right-missing");
		await done(post("sighting there", out,
		    { text: "Wir kümmern uns." }));
		await until("it is public", async () => (await seen()).json.history
		    .some((event) => event.text === "Wir kümmern uns."));
		refused(await post("sighting there", out), 409, "answer-decided");
	});

	test("are held back with a reason", async () => {
		const device = await newDevice(world.public, OTHER);
		const id = await aTicket({}, device, OTHER);
		const moved = await done(people["clerk there"].request("POST",
		    `${officeReports}/${id}/status`, { body: { status:
		    "in-progress", text: "Unser Kollege Mustermann kommt." } }));
		assert.equal(moved.answer, "waiting");
		assert.equal(moved.status, "in-progress", "the status does not wait");
		const { drafts } = await show(id, "sighting there");
		await done(post("sighting there",
		    `/${id}/answers/${drafts[0].id}/reject`,
		    { reason: "Bitte ohne Namen." }));
		const ticket = await show(id, "clerk there");
		assert.equal(ticket.drafts[0].state, "rejected");
		assert.equal(ticket.drafts[0].reason, "Bitte ohne Namen.");
		assert.ok(!(await device.request("GET", `${reports}/mine/${id}`))
		    .text.includes("Mustermann"));
	});

	test("begin with templates, those of the category first, filled in",
	    async () => {
		const device = await newDevice(world.public, OTHER);
		const id = await aTicket({ category: "street-light" }, device,
		    OTHER);
		const { number } = await show(id, "clerk there");
		const { items } = await done(call("clerk there", "GET",
		    `/${id}/templates`));
		assert.deepEqual(items.map((one) => one.code),
		    ["lamp-utility", "thanks", "done-at"]);
		assert.match(items[0].text, new RegExp(`Meldung ${number} ` +
		    "\\(Straßenbeleuchtung\\)"));
		assert.match(items[1].text, /Stadt Castrop-Rauxel/);
		assert.match(items[2].text, /\{street\}/, "the place is not known");
		const green = await aTicket({}, device, OTHER);
		assert.deepEqual((await done(call("clerk there", "GET",
		    `/${green}/templates`))).items.map((one) => one.code),
		    ["thanks", "done-at"]);
		refused(await people["clerk there"].request("POST",
		    `${officeReports}/${id}/answers`, { body:
		    { text: items[2].text } }), 422, "fields",
		    [["/text", "conflict"]]);
	});
});

describe("spam", () => {
	test("is in no list, not counted, not public, and can be taken back",
	    async () => {
		const id = await aTicket();
		await release(people.sighting, id);
		const before = await done(call("sighting", "GET", "/counts"));
		const fresh = await aTicket();
		assert.equal((await done(call("sighting", "GET", "/counts"))).new,
		    before.new + 1);
		for (const one of [id, fresh])
			await done(post("sighting", `/${one}/spam`, { spam: true }));
		assert.equal((await done(call("sighting", "GET", "/counts"))).new,
		    before.new);
		const all = await ids("limit=100");
		assert.ok(!all.includes(id) && !all.includes(fresh));
		assert.ok((await ids("spam=true")).includes(id));
		assert.equal((await world.public.request("GET", CITY,
		    `${reports}/${id}`)).status, 404);
		const back = await done(post("sighting", `/${id}/spam`,
		    { spam: false }));
		assert.equal(back.release, "pending");
		assert.ok((await ids("limit=100")).includes(id));
	});
});

test("what followed a report that is spam is in the list again", async () => {
	const [first, second] = [await aTicket(), await aTicket({}, bert)];
	await done(post("sighting", `/${second}/merge`, { into: first }));
	await done(post("sighting", `/${first}/spam`, { spam: true }));
	const all = await ids("sort=received&limit=100");
	assert.ok(!all.includes(first) && all.includes(second));
	assert.equal((await show(second)).history.at(-1).kind, "split");
});

describe("reopening", () => {
	const reopen = (device, id, reason = "Der Ast hängt immer noch da.") =>
	    device.request("POST", `${reports}/mine/${id}/reopen`,
	    { body: { reason } });

	test("a sender says in time that it is not done", async () => {
		const id = await aTicket();
		refused(await reopen(anna, id), 409, "report-open");
		await close(id);
		assert.equal((await reopen(bert, id)).status, 404);
		const answer = await reopen(anna, id);
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.json.status, "received");
		const ticket = await show(id);
		assert.equal(ticket.closed_at, null);
		assert.equal(ticket.contact_until, null);
		const [why, moved] = ticket.history.slice(-2);
		assert.equal(why.kind, "reopened");
		assert.equal(why.text, "Der Ast hängt immer noch da.");
		assert.equal(why.public, false);
		assert.equal(moved.status, "received");
		await release(people.sighting, id);
		assert.ok(!(await world.public.request("GET", CITY,
		    `${reports}/${id}`)).text.includes("hängt immer noch"));
	});

	test("and not later", async () => {
		const id = await aTicket();
		await close(id);
		sql("update report set closed_at = now() - interval '15 days' " +
		    `where id = '${id}'`);
		const answer = await reopen(anna, id);
		refused(answer, 409, "reopen-late");
		assert.match(answer.json.title, /14 Tage/);
	});

	test("a report that followed another one goes its own way", async () => {
		const first = await aTicket(), second = await aTicket({}, bert);
		await done(post("sighting", `/${second}/merge`, { into: first }));
		await close(first);
		assert.equal((await reopen(bert, second)).status, 200);
		assert.equal((await show(second)).parent, null);
		assert.equal((await show(first)).status, "done");
	});
});

describe("other channels", () => {
	const { lat, lon } = cities[CITY];
	const told = { channel: "telephone", category: "green",
	    text: "Anruf: Ein Baum liegt quer." };

	test("a report that was told by telephone is entered with its contact",
	    async () => {
		const made = await done(post("clerk", "", { ...told,
		    position: { lat, lon }, contact: { name: "Kim Beispiel" } }),
		    201);
		const ticket = await show(made.id);
		assert.equal(ticket.channel, "telephone");
		assert.equal(ticket.contact.name, "Kim Beispiel");
		assert.equal(ticket.release, "pending");
		assert.deepEqual(kinds(ticket), ["entered"]);
		assert.ok((await ids("channel=telephone")).includes(made.id));
		await release(people.sighting, made.id);
		const seen = await world.public.request("GET", CITY,
		    `${reports}/${made.id}`);
		assert.equal(seen.status, 200);
		assert.ok(!seen.text.includes("Kim"));
	});

	test("a letter may have an address instead of a position", async () => {
		const made = await done(post("clerk", "", { ...told,
		    channel: "letter", address: "Mont-Cenis-Str. 12" }), 201);
		assert.ok((await ids(`q=${encodeURIComponent(
		    "mont-cenis-straße")}`)).includes(made.id));
		const ticket = await show(made.id);
		assert.equal(ticket.position, null);
		assert.equal(ticket.address, "Mont-Cenis-Str. 12");
	});

	test("it is made once for a key", async () => {
		const headers = { "idempotency-key": "anruf-von-heute-1" };
		const send = () => people.clerk.request("POST", tickets,
		    { body: { ...told, position: { lat, lon } }, headers });
		const [one, two] = [await send(), await send()];
		assert.equal(one.json.id, two.json.id);
	});

	test("without a place, elsewhere, or by app it is refused", async () => {
		refused(await post("clerk", "", told), 422, "fields",
		    [["/position", "required"]]);
		refused(await post("clerk", "", { ...told, position:
		    { lat: 48.1, lon: 11.5 } }), 422, "outside-city");
		refused(await post("clerk", "", { ...told, channel: "app",
		    address: "Markt 1" }), 422, "fields",
		    [["/channel", "choice"]]);
		refused(await post("sighting", "", { ...told, category: "litter",
		    address: "Markt 1" }), 422, "fields",
		    [["/answers/sort", "required"]]);
	});
});

describe("the list", () => {
	test("filters by what a ticket has", async () => {
		const id = await aTicket({ category: "pothole",
		    text: "Ein Loch für die Filter." });
		await done(call("clerk", "PATCH", `/${id}`, { priority: "high",
		    due_on: "2020-01-02" }));
		const { position } = await show(id);
		const box = [position.lon - 1e-4, position.lat - 1e-4,
		    position.lon + 1e-4, position.lat + 1e-4].join(",");
		const soon = new Date(Date.now() + 60_000).toISOString();
		for (const [query, hit] of [["category=pothole", true],
		    ["category=litter", false], ["department=tiefbau", true],
		    ["department=ordnung,tiefbau&status=received", true],
		    ["status=done", false], ["priority=high,urgent", true],
		    ["late=true", true], ["new=true", true],
		    ["release=pending", true], ["release=released", false],
		    ["channel=app", true], ["channel=letter", false],
		    [`bbox=${box}`, true], ["bbox=7.0,51.0,7.1,51.1", false],
		    [`since=${soon}`, false], [`until=${soon}&limit=100`, true],
		    ["photo=true", false], ["answer=true", false],
		    ["mine=true", false], ["spam=true", false],
		    ["q=filter", true], ["q=loch+filt", true],
		    ["q=loch+nirgends", false]])
			assert.equal((await ids(query)).includes(id), hit, query);
		const { number } = await show(id);
		assert.ok((await ids(`q=${number}`)).includes(id));
		assert.ok((await ids(`q=%23${number}`)).includes(id));
	});

	for (const [sort, by] of [
	    ["deadline", (one) => one.due_on ?? "9999"],
	    ["received", (one) => -one.number],
	    ["changed", (one) => -Date.parse(one.changed_at)],
	    ["priority", (one) => ["urgent", "high", "normal", "low"]
		.indexOf(one.priority)]])
		test(`sorted by ${sort} goes on where the page before ended`,
		    async () => {
			const whole = await list(`sort=${sort}&limit=100`);
			assert.ok(whole.length > 8);
			const keys = whole.map(by);
			assert.deepEqual(keys, keys.toSorted((a, b) =>
			    a < b ? -1 : a > b ? 1 : 0));
			const pages = [];
			for (let next = ""; next !== null;) {
				const page = await done(call("admin", "GET",
				    `?sort=${sort}&limit=3` +
				    (next && `&cursor=${next}`)));
				pages.push(...page.items);
				next = page.next;
			}
			assert.deepEqual(pages.map((one) => one.id),
			    whole.map((one) => one.id));
		});

	test("refuses what is no filter", async () => {
		refused(await call("admin", "GET",
		    "?stat=done&sort=age&person=x&q=a&cursor=x"), 422, "fields",
		    [["/stat", "unknown"], ["/sort", "choice"],
		    ["/person", "format"], ["/q", "too-short"],
		    ["/cursor", "format"]]);
	});

	test("is found again by a name that its owner gave it", async () => {
		const filter = { status: "received", late: true };
		const view = await done(post("clerk", "/views",
		    { name: "Spät", filter }), 201);
		assert.deepEqual(view.filter, filter);
		await done(post("clerk", "/views", { name: "Spät",
		    filter: { sort: "changed" } }), 201);
		const { items } = await done(call("clerk", "GET", "/views"));
		assert.deepEqual(items, [{ id: view.id, name: "Spät",
		    filter: { sort: "changed" } }]);
		assert.deepEqual((await done(call("sighting", "GET", "/views")))
		    .items, []);
		refused(await post("clerk", "/views", { name: "x",
		    filter: { statu: "x", sort: "age" } }), 422, "fields",
		    [["/filter/statu", "unknown"], ["/filter/sort", "choice"]]);
		assert.equal((await call("sighting", "DELETE",
		    `/views/${view.id}`)).status, 404);
		assert.equal((await call("clerk", "DELETE",
		    `/views/${view.id}`)).status, 204);
	});
});

describe("the page of a ticket", () => {
	test("says what may follow, and what is open around it", async () => {
		const here = { lat: 51.5301, lon: 7.2405 };
		const [id, alike, other] = [
		    await aTicket({ position: here }),
		    await aTicket({ position: { ...here, lat: here.lat + 2e-4 } }),
		    await aTicket({ position: here, category: "pothole" })];
		const ticket = await show(id);
		assert.deepEqual(ticket.allowed,
		    ["assigned", "forwarded", "rejected"]);
		assert.deepEqual(ticket.nearby.map((one) => [one.id, one.similar]),
		    [[alike, true], [other, false]]);
		await close(alike);
		assert.deepEqual((await show(id)).nearby.map((one) => one.id),
		    [other]);
	});

	test("is a preview, byte by byte, of what the public gets", async () => {
		const id = await aTicket({ text: "Der Nachbar Mustermann war es." });
		const text = "Jemand war es.";
		const preview = await post("sighting", `/${id}/preview`, { text });
		assert.equal(preview.status, 200, preview.text);
		await release(people.sighting, id, { text });
		const seen = await world.public.request("GET", CITY,
		    `${reports}/${id}`);
		const at = (answer) => answer.text.replace(
		    /"changed_at" : "[^"]+"/, "");
		assert.equal(at(preview), at(seen));
		assert.equal((await post("press", `/${id}/preview`)).text,
		    seen.text);
		const ticket = await show(id);
		assert.equal(ticket.text, "Der Nachbar Mustermann war es.");
		assert.equal(ticket.published_text, text);
	});
});

test("each right opens its own steps and no others", async () => {
	const id = await aTicket();
	const nobody = "00000000-0000-4000-8000-000000000000";
	for (const [who, method, target, body] of [
	    ["press", "POST", "", { channel: "letter", category: "green",
		text: "x", address: "x" }],
	    ["press", "POST", `/${id}/notes`, { text: "x" }],
	    ["press", "POST", `/${id}/take`, {}],
	    ["press", "PATCH", `/${id}`, { priority: "low" }],
	    ["press", "GET", `/${id}/templates`],
	    ["clerk", "POST", `/${id}/assign`, { department: "ordnung" }],
	    ["clerk", "POST", `/${id}/person`, {}],
	    ["clerk", "GET", "/people"],
	    ["clerk", "POST", `/${id}/merge`, { into: nobody }],
	    ["clerk", "POST", `/${id}/split`, {}],
	    ["clerk", "POST", `/${id}/spam`, { spam: true }],
	    ["clerk", "POST", `/${id}/preview`, {}],
	    ["clerk", "POST", `/${id}/answers/${nobody}/release`, {}],
	    ["sighting", "POST", `/${id}/accept`, {}],
	    ["sighting", "POST", `/${id}/return`, { reason: "x" }]])
		refused(await call(who, method, target, body), 403,
		    "right-missing");
	assert.deepEqual((await show(id)).history, []);
});

test("a department is told once of what has become late, by number only",
    async () => {
	const id = await aTicket({ text: "Das Nilpferd ist spät dran.",
	    contact: { name: "Kim Nilpferd" } });
	await done(call("clerk", "PATCH", `/${id}`, { due_on: "2021-03-04" }));
	const { number } = await show(id);
	const run = async () => {
		sql("delete from schedule_run where name like '%ticket-escalate'");
		await until("the schedule ran", () => sql("select count(*) from " +
		    "schedule_run where name like '%ticket-escalate'") === "4");
	};
	const about = () => readMails(world).filter((mail) =>
	    new RegExp(`die Meldung ${number} über .*04\\.03\\.2021`, "s")
	    .test(mail.body));
	await run();
	await until("the mail", () => about().length > 0);
	await run();
	const [mail, ...more] = about();
	assert.equal(more.length, 0);
	assert.match(mail.head, /^To: .*stadtgruen@herne\.example\.org/mi);
	assert.match(mail.body, /Fachbereich Stadtgrün/);
	assert.doesNotMatch(mail.head + mail.body, /Nilpferd/);
	const ticket = await show(id);
	assert.equal(ticket.history.at(-1).kind, "late");
	assert.ok(ticket.deadline.escalated_at);
});

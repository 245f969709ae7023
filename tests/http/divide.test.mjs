// SPDX-License-Identifier: EUPL-1.2
// A report that names two things becomes two tickets.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, officeReports, picture, refused, release, reports,
    sendPhoto, sendReport, tables } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

const CITY = "herne";
const tickets = "/office/api/v1/defect-reporter/tickets";
const text = "Vor Nr. 5 hängt ein Ast über den Weg.\n" +
    "Und gegenüber ist die Laterne aus.\nDanke!";
const lamp = "Und gegenüber ist die Laterne aus.";
const contact = { name: "Kim Beispiel", email: "kim@example.org" };
let world, device, staff, clerk;
before(async () => {
	world = await startWorld({ public: true, office: true, courier: true,
	    env: { STADTKERN_LIMITS: "0" } });
	device = await newDevice(world.public, CITY);
	staff = await newStaff(world, CITY, "amt@example.org", "admin");
	clerk = await newStaff(world, CITY, "clerk@example.org", "clerk");
}, { timeout: 120_000 });
after(() => world.stop());

const office = async (id) => (await staff.request("GET",
    `${tickets}/${id}`)).json;
const mine = async (id) => (await device.request("GET",
    `${reports}/mine/${id}`)).json;
const divide = (id, body, headers = {}, who = staff) => who.request("POST",
    `${tickets}/${id}/divide`, { body: { category: "street-light",
    parts: [{ text: lamp }], ...body }, headers });

async function aTicket(photos = 0) {
	const { id } = await sendReport(device, aReport(CITY, { text, contact,
	    consent_forward: true }));
	const made = [];
	for (let i = 0; i < photos; i++)
		made.push((await sendPhoto(device, id, picture("plain.jpg")))
		    .json.id);
	await until("the photos are ready", async () => (await office(id)).photos
	    .every((one) => one.state === "waiting"));
	return { id, photos: made };
}

test("the new ticket has its sender's words, its photos, and a category and " +
    "a department of its own", async () => {
	const { id, photos } = await aTicket(2);
	const headers = { "idempotency-key": "einmal-geteilt" };
	const body = { photos: [photos[1]] };
	const made = await divide(id, body, headers);
	assert.equal(made.status, 201, made.text);
	const again = await divide(id, body, headers);
	assert.equal(again.json.id, made.json.id, "once");
	const [first, second] = [await office(id), await office(made.json.id)];
	assert.equal(first.text, text, "the first keeps what was sent");
	assert.equal(second.text, lamp);
	assert.equal(second.category, "street-light");
	assert.notEqual(second.department, first.department);
	assert.equal(second.release, "pending");
	assert.equal(second.status, "received");
	assert.equal(second.channel, "app");
	assert.deepEqual(second.contact, contact);
	assert.equal(second.consent_forward, true);
	assert.deepEqual(second.position, first.position);
	assert.equal(second.received_at, first.received_at);
	assert.deepEqual(first.photos.map((one) => one.id), [photos[0]]);
	assert.deepEqual(second.photos.map((one) => one.id), [photos[1]]);
	assert.equal(world.sql("select string_agg(photo_count::text, ' ' order " +
	    "by number) from defect_reporter.report where id in " +
	    `('${id}', '${made.json.id}')`), "1 1");
	const found = await staff.request("GET", `${tickets}?q=Laterne&` +
	    "category=street-light");
	assert.ok(found.json.items.some((one) => one.id === made.json.id));
});

test("both tell their sender of the other", async () => {
	const { id } = await aTicket();
	const made = (await divide(id, { department: "ordnung" })).json;
	assert.equal((await office(made.id)).department, "ordnung");
	for (const [one, other] of [[id, made.number],
	    [made.id, made.from.number]]) {
		const event = (await mine(one)).history.at(-1);
		assert.equal(event.kind, "divided");
		assert.equal(event.number, other);
	}
});

test("a photo that was public waits for the new ticket's release",
    async () => {
	const { id, photos } = await aTicket(1);
	const at = (report) => `${reports}/${report}/photos/${photos[0]}`;
	await release(staff, id);
	await staff.request("POST", `${officeReports}/${id}/photos/${
	    photos[0]}/release`);
	await until("the photo is public", async () => (await device.request(
	    "GET", at(id))).status === 200);
	const made = (await divide(id, { photos })).json;
	await until("it is so no more", async () => (await device.request("GET",
	    at(id))).status === 404);
	assert.equal((await device.request("GET", at(made.id))).status, 404);
	assert.equal((await office(made.id)).photos[0].state, "waiting");
	assert.equal(world.sql("select count(*) from blob where shown and " +
	    `tenant_id = (select id from tenant where slug = '${CITY}')`), "0");
});

describe("nothing is divided", () => {
	let it, other, stored;
	before(async () => {
		it = await aTicket(1);
		other = await aTicket(1);
		stored = tables(world, CITY);
	});
	const unchanged = () => assert.deepEqual(tables(world, CITY), stored);

	test("with words that the sender did not use", async () => {
		const answer = await divide(it.id, { parts: [{ text: lamp },
		    { text: "Die Laterne ist kaputt." }] });
		refused(answer, 422, "part-unknown");
		assert.equal(answer.json.part, 1);
		unchanged();
	});

	test("with a photo of another ticket, or none that there is",
	    async () => {
		for (const photo of [other.photos[0],
		    "00000000-0000-4000-8000-000000000000"])
			refused(await divide(it.id, { photos:
			    [...it.photos, photo] }), 422, "photo-unknown");
		unchanged();
	});

	test("without words, and into what the city has not", async () => {
		refused(await divide(it.id, { parts: [] }), 422, "fields",
		    [["/parts", "too-few"]]);
		refused(await divide(it.id, { parts: [{ text: "" }],
		    category: "nichts", department: "nirgends" }), 422, "fields",
		    [["/parts/0/text", "too-short"], ["/category", "choice"],
		    ["/department", "reference"]]);
		unchanged();
	});

	test("when it has changed, follows another one, or without the right",
	    async () => {
		refused(await divide(it.id, { version: 99 }), 409,
		    "changed-meanwhile");
		refused(await divide(it.id, {}, {}, clerk), 403, "right-missing");
		unchanged();
		await staff.request("POST", `${tickets}/${it.id}/merge`,
		    { body: { into: other.id } });
		const answer = await divide(it.id, {});
		refused(answer, 409, "follows");
	});
});

// SPDX-License-Identifier: EUPL-1.2
// A report's whole way: sent, sent again, released, worked on, answered; its
// photos; the lists and the map that show it.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe, test } from "node:test";
import { aReport, cities, everything, map, officeReports, picture, refused,
    release, reports, sendPhoto, sendReport } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

let world, device, other, staff;
before(async () => {
	world = await startWorld({ public: true, office: true, courier: true,
	    env: { STADTKERN_LIMITS: "0" } });
	device = await newDevice(world.public, "herne");
	other = await newDevice(world.public, "herne");
	staff = await newStaff(world, "herne", "amt@example.org", "admin");
}, { timeout: 120_000 });
after(() => world.stop());

const get = (target, options) => world.public.request("GET", "herne", target,
    options);
const show = (id) => get(`${reports}/${id}`);
const office = async (id) =>
    (await staff.request("GET", `${officeReports}/${id}`)).json;
const post = (id, what, body) => staff.request("POST",
    `${officeReports}/${id}/${what}`, body === undefined ? {} : { body });
const count = (table) => Number(world.sql(`select count(*) from ${table}`));
const key = (name) => ({ "idempotency-key": `test-${name}-${"0".repeat(8)}` });

// A change is public when every worker has heard of it: each request below
// opens a connection of its own, so both workers are asked.
const shown = (what, condition) => until(what, async () => {
	for (let i = 0; i < 6; i++)
		if (!await condition())
			return false;
	return true;
}, 5000);

describe("a report", () => {
	test("is taken, gets a number, and is not public before its release",
	    async () => {
		const sent = await sendReport(device, aReport());
		assert.match(sent.id, /^[0-9a-f-]{36}$/);
		assert.equal(sent.status, "received");
		assert.equal(sent.release, "pending");
		const next = await sendReport(device, aReport());
		assert.equal(next.number, sent.number + 1);

		refused(await show(sent.id), 404, "not-found");
		assert.ok(!(await get(map)).text.includes(sent.id));
		assert.ok(!(await get(reports)).text.includes(sent.id));
		const { lat, lon } = cities.herne;
		assert.ok(!(await get(`${reports}/nearby?lat=${lat}&lon=${lon}`))
		    .text.includes(sent.id));
		refused(await other.request("GET", `${reports}/mine/${sent.id}`),
		    404, "not-found");
		const mine = await device.request("GET",
		    `${reports}/mine/${sent.id}`);
		assert.equal(mine.json.text, aReport().text);
		assert.equal(mine.json.release, "pending");
	});

	test("is public after its release, everywhere, with nothing of its " +
	    "sender", async () => {
		const contact = { name: "Kim Beispiel",
		    email: "kim.beispiel@example.org", phone: "02323 123456" };
		const sent = await sendReport(device, aReport("herne",
		    { contact, consent_forward: true }));
		await release(staff, sent.id);
		await shown("the detail", async () =>
		    (await show(sent.id)).status === 200);
		const { json } = await show(sent.id);
		assert.deepEqual(Object.keys(json).sort(), ["category",
		    "changed_at", "history", "id", "number", "photos", "position",
		    "received_at", "status", "supporters", "text"]);
		assert.equal(json.text, aReport().text);
		assert.deepEqual(json.position, aReport().position);

		await shown("the map", async () =>
		    (await get(map)).text.includes(sent.id));
		const answer = await get(map);
		assert.equal(answer.headers["content-type"],
		    "application/geo+json");
		const feature = answer.json.features.find((one) =>
		    one.id === sent.id);
		assert.deepEqual(feature.geometry, { type: "Point",
		    coordinates: [cities.herne.lon, cities.herne.lat] });
		assert.deepEqual(feature.properties, { number: sent.number,
		    category: "green", status: "received",
		    received_at: json.received_at });
		for (const target of [map, reports, `${reports}/${sent.id}`,
		    `${reports}/nearby?lat=${cities.herne.lat}&lon=` +
		    `${cities.herne.lon}`])
			assert.doesNotMatch((await get(target)).text,
			    /Beispiel|example\.org|02323|device/i, target);
		const mine = await device.request("GET",
		    `${reports}/mine/${sent.id}`);
		assert.doesNotMatch(mine.text, /Beispiel|02323/);
	});

	test("'s contact is sealed in the database and opened in the office",
	    async () => {
		const contact = { name: "Toni Versiegelt",
		    email: "toni.versiegelt@example.org" };
		const sent = await sendReport(device, aReport("herne",
		    { contact }));
		assert.doesNotMatch(everything(world), /versiegelt/i);
		const raw = world.sql("select encode(contact, 'hex') from " +
		    `defect_reporter.submission where report_id = '${sent.id}'`);
		assert.ok(raw.length > 160, "there is a box");
		assert.deepEqual((await office(sent.id)).contact, contact);
		assert.doesNotMatch((await staff.request("GET", officeReports))
		    .text, /versiegelt/i, "the list does not show it");
		const without = await sendReport(device, aReport());
		assert.equal((await office(without.id)).contact, undefined);
	});

	test("may be published with other words than it was sent with",
	    async () => {
		const sent = await sendReport(device, aReport("herne",
		    { text: "Frau Müller aus Nr. 5 wirft Müll in den Park." }));
		await release(staff, sent.id, { text: "Müll im Park." });
		await shown("the text", async () =>
		    (await show(sent.id)).json?.text === "Müll im Park.");
		assert.doesNotMatch((await get(reports)).text, /Frau Müller/);
		const mine = (await device.request("GET",
		    `${reports}/mine/${sent.id}`)).json;
		assert.match(mine.text, /Frau Müller/);
		assert.equal(mine.published_text, "Müll im Park.");
	});

	test("that is rejected is not public, and its sender reads why",
	    async () => {
		const sent = await sendReport(device, aReport());
		await release(staff, sent.id);
		await shown("the detail", async () =>
		    (await show(sent.id)).status === 200);
		assert.equal((await post(sent.id, "reject",
		    { reason: "Das ist auf privatem Grund." })).status, 200);
		await shown("it is gone", async () =>
		    (await show(sent.id)).status === 404 &&
		    !(await get(map)).text.includes(sent.id));
		const mine = (await device.request("GET",
		    `${reports}/mine/${sent.id}`)).json;
		assert.equal(mine.release, "rejected");
		assert.equal(mine.history.at(-1).text,
		    "Das ist auf privatem Grund.");
		refused(await post(sent.id, "forward", { body: "stadtwerke" }),
		    409, "not-released");
	});

	test("keeps umlauts, emoji and line breaks as they were sent",
	    async () => {
		const text = "Grüße\nvon der Straße \u{1f573}\ufe0f „so“ <b>&amp;";
		const sent = await sendReport(device, aReport("herne", { text }));
		assert.equal((await office(sent.id)).text, text);
		const crlf = await sendReport(device, aReport("herne",
		    { text: "eine Zeile\r\nnoch eine" }));
		assert.equal((await office(crlf.id)).text,
		    "eine Zeile\nnoch eine");
	});
});

describe("a report that is sent twice", () => {
	test("with one Idempotency-Key is one report, answered the same",
	    async () => {
		const was = count("defect_reporter.report");
		const body = aReport();
		const [first, again] = [await device.request("POST", reports,
		    { body, headers: key("twice") }), await device.request("POST",
		    reports, { body, headers: key("twice") })];
		assert.equal(first.status, 201);
		assert.equal(first.headers["idempotency-replayed"], undefined);
		assert.equal(again.status, 201);
		assert.equal(again.headers["idempotency-replayed"], "true");
		assert.deepEqual(again.json, first.json);
		assert.equal(count("defect_reporter.report"), was + 1);
	});

	test("at once is one report", async () => {
		const was = count("defect_reporter.report");
		const answers = await Promise.all(Array.from({ length: 12 }, () =>
		    device.request("POST", reports, { body: aReport(),
		    headers: key("at-once") })));
		for (const answer of answers)
			assert.equal(answer.status, 201, answer.text);
		assert.equal(new Set(answers.map((one) => one.json.id)).size, 1);
		assert.equal(answers.filter((one) =>
		    one.headers["idempotency-replayed"] === "true").length, 11);
		assert.equal(count("defect_reporter.report"), was + 1);
	});

	test("with the key of another report is refused", async () => {
		await sendReport(device, aReport(), key("reused"));
		const was = count("defect_reporter.report");
		refused(await device.request("POST", reports, { body: aReport(
		    "herne", { text: "Etwas ganz anderes." }),
		    headers: key("reused") }), 409, "idempotency-key-reused");
		assert.equal(count("defect_reporter.report"), was);
	});

	test("with another device's key is a report of its own", async () => {
		const [mine, theirs] = [await sendReport(device, aReport(),
		    key("shared")), await sendReport(other, aReport(),
		    key("shared"))];
		assert.notEqual(mine.id, theirs.id);
	});

	test("after it was refused is judged anew", async () => {
		const wrong = aReport("herne", { position: { lat: 51.4786,
		    lon: 7.2241 } });
		for (let i = 0; i < 2; i++)
			refused(await device.request("POST", reports, { body: wrong,
			    headers: key("refused") }), 422, "outside-city");
	});

	test("without a key is two", async () => {
		const was = count("defect_reporter.report");
		await sendReport(device, aReport());
		await sendReport(device, aReport());
		assert.equal(count("defect_reporter.report"), was + 2);
	});
});

describe("the way through the statuses", () => {
	test("goes along the city's graph only, and tells where it leads",
	    async () => {
		const { id } = await sendReport(device, aReport());
		await release(staff, id);
		const graph = { received: ["assigned", "forwarded", "rejected"],
		    assigned: ["in-progress", "forwarded", "rejected"],
		    "in-progress": ["assigned", "forwarded", "done", "rejected"],
		    done: ["assigned"] };
		for (const [status, next] of [["received", "assigned"],
		    ["assigned", "in-progress"], ["in-progress", "done"]]) {
			for (const wrong of ["received", "assigned", "in-progress",
			    "forwarded", "done", "rejected"].filter((one) =>
			    !graph[status].includes(one))) {
				const answer = await post(id, "status",
				    { status: wrong });
				refused(answer, 409, "transition");
				assert.equal(answer.json.from, status);
				assert.deepEqual([...answer.json.allowed].sort(),
				    [...graph[status]].sort());
			}
			const { json } = await post(id, "status", { status: next,
			    text: `Jetzt ${next}.` });
			assert.equal(json.status, next);
		}
		await shown("the history", async () =>
		    (await show(id)).json.history.length === 3);
		const { json } = await show(id);
		assert.deepEqual(json.history.map((one) => [one.kind, one.status,
		    one.text]), [["status", "assigned", "Jetzt assigned."],
		    ["status", "in-progress", "Jetzt in-progress."],
		    ["status", "done", "Jetzt done."]]);
		assert.doesNotMatch(JSON.stringify(json), /Alex/,
		    "staff have no name outside");
		assert.ok((await office(id)).history.every((one) =>
		    one.staff === "Alex Beispiel"));
		assert.ok((await office(id)).closed_at);
	});

	test("is taken once when two take the same step at once", async () => {
		const { id } = await sendReport(device, aReport());
		const answers = await Promise.all(Array.from({ length: 6 }, () =>
		    post(id, "status", { status: "assigned" })));
		assert.deepEqual(answers.map((one) => one.status).sort(),
		    [200, 409, 409, 409, 409, 409]);
	});

	test("is refused on a report that has changed since", async () => {
		const { id } = await sendReport(device, aReport());
		const { version } = await office(id);
		assert.equal((await post(id, "answers", { text: "Wir schauen.",
		    version })).status, 201);
		for (const [what, body] of [["answers", { text: "Noch eine." }],
		    ["status", { status: "assigned" }], ["release", {}],
		    ["reject", { reason: "Nein." }]]) {
			const answer = await post(id, what, { ...body, version });
			refused(answer, 409, "changed-meanwhile");
			assert.equal(answer.json.version, version + 1);
		}
		assert.equal((await office(id)).history.length, 1);
	});

	test("of no report leads nowhere", async () => {
		for (const [what, body] of [["release", {}],
		    ["reject", { reason: "x" }], ["status", { status: "done" }],
		    ["answers", { text: "x" }], ["forward", { body: "stadtwerke" }]])
			refused(await post("00000000-0000-4000-8000-000000000000",
			    what, body), 404, "not-found");
	});
});

test("an answer is public at once, and is one though it was sent twice",
    async () => {
	const { id } = await sendReport(device, aReport());
	await release(staff, id);
	for (let i = 0; i < 2; i++)
		assert.equal((await staff.request("POST",
		    `${officeReports}/${id}/answers`, { body: { text:
		    "Danke, wir kümmern uns." }, headers: key("answer") })).status,
		    201);
	await shown("the answer", async () => (await show(id)).json.history
	    .filter((one) => one.text === "Danke, wir kümmern uns.")
	    .length === 1);
});

test("a report is forwarded to an outside body by a mail without a person",
    async () => {
	const { id, number } = await sendReport(device, aReport("herne",
	    { contact: { name: "Kim Geheim" }, consent_forward: true }));
	refused(await post(id, "forward", { body: "stadtwerke" }), 409,
	    "not-released");
	await release(staff, id);
	const answer = await post(id, "forward", { body: "stadtwerke",
	    note: "Bitte prüfen." });
	assert.equal(answer.status, 201, answer.text);
	assert.equal(answer.json.status, "forwarded");
	const dir = `${world.dir}/mail`;
	const mail = () => fs.existsSync(dir) && fs.readdirSync(dir)
	    .filter((name) => name.endsWith(".eml"))
	    .map((name) => fs.readFileSync(`${dir}/${name}`, "utf8"))
	    .find((text) => text.includes("stadtwerke@herne"));
	const text = await until(() => `the mail\n${world.courier.log}`, mail);
	const at = text.search(/\r?\n\r?\n/);
	const body = /base64/i.test(text.slice(0, at)) ?
	    Buffer.from(text.slice(at), "base64").toString() : text.slice(at);
	assert.match(body, new RegExp(`\\b${number}\\b`));
	assert.match(body, /51[.]5426/);
	assert.doesNotMatch(text + body, /Geheim/);
	await shown("its history", async () => (await show(id)).json.history
	    .some((one) => one.kind === "forwarded" &&
	    one.body === "stadtwerke"));
});

// JPEG markers (ITU-T T.81, table B.1) up to the first scan.
function markers(bytes) {
	assert.equal(bytes.readUInt16BE(0), 0xffd8, "it is a JPEG");
	const found = [];
	for (let at = 2; ;) {
		assert.equal(bytes[at], 0xff);
		const code = bytes[at + 1];
		const length = bytes.readUInt16BE(at + 2);
		found.push({ code, data: bytes.subarray(at + 4,
		    at + 2 + length) });
		if (code === 0xda)
			return found;
		at += 2 + length;
	}
}

function assertClean(bytes, width, height) {
	for (const { code, data } of markers(bytes)) {
		assert.notEqual(code, 0xfe, "no comment");
		if (code >= 0xe0 && code <= 0xef)
			assert.ok(code === 0xe0 &&
			    data.subarray(0, 5).toString("latin1") === "JFIF\0",
			    `only JFIF, but APP${code - 0xe0}`);
		if ([0xc0, 0xc1, 0xc2].includes(code))
			assert.deepEqual([data.readUInt16BE(3),
			    data.readUInt16BE(1)], [width, height]);
	}
	assert.doesNotMatch(bytes.toString("latin1"),
	    /Exif|GPS|http:\/\/ns\.adobe|photoshop|ICC_PROFILE/i);
	assert.equal(bytes.subarray(-2).toString("hex"), "ffd9");
}

describe("a photo", () => {
	const made = async (id, photo, state) => until(() =>
	    `photo is ${state}\n${world.courier.log.slice(-2000)}`, async () =>
	    (await office(id)).photos.find((one) => one.id === photo)?.state ===
	    state);
	const bytesOf = (id, photo, thumbnail = "") =>
	    get(`${reports}/${id}/photos/${photo}${thumbnail}`);

	const table = [["orientation-1.jpg", "image/jpeg"],
	    ["orientation-6.jpg", "image/jpeg"],
	    ["orientation-8.jpg", "image/jpeg"], ["ink.jpg", "image/jpeg"],
	    ["alpha.png", "image/png"], ["rgb16.png", "image/png"],
	    ["animated.png", "image/png"], ["lossy.webp", "image/webp"],
	    ["turned.webp", "image/webp"]];
	for (const [name, type] of table)
		test(`${name} becomes an upright JPEG of 64 by 48 without a word ` +
		    "about where it was made, public after its own release",
		    async () => {
			const { id } = await sendReport(device, aReport());
			const sent = await sendPhoto(device, id, picture(name), type);
			assert.equal(sent.status, 201, sent.text);
			assert.equal(sent.json.state, "quarantine");
			const photo = sent.json.id;
			await made(id, photo, "waiting");
			refused(await bytesOf(id, photo), 404, "not-found");

			await release(staff, id);
			await shown("the report", async () =>
			    (await show(id)).status === 200);
			refused(await bytesOf(id, photo), 404, "not-found");
			assert.deepEqual((await show(id)).json.photos, []);
			const preview = await staff.request("GET",
			    `${officeReports}/${id}/photos/${photo}`);
			assert.equal(preview.headers["content-type"], "image/jpeg");

			assert.equal((await post(id, `photos/${photo}/release`))
			    .status, 200);
			await shown("the photo", async () =>
			    (await bytesOf(id, photo)).status === 200 &&
			    (await show(id)).json.photos.length === 1);
			assert.deepEqual((await show(id)).json.photos,
			    [{ id: photo, width: 64, height: 48 }]);
			for (const size of ["", "/thumbnail"]) {
				const { bytes, headers } = await bytesOf(id, photo,
				    size);
				assert.equal(headers["content-type"], "image/jpeg");
				assert.ok(headers.etag);
				assertClean(bytes, 64, 48);
			}
		});

	test("that is large is scaled to 2,048 pixels, its thumbnail to 400",
	    async () => {
		const { id } = await sendReport(device, aReport());
		await release(staff, id);
		const photo = (await sendPhoto(device, id, picture("large.jpg")))
		    .json.id;
		await made(id, photo, "waiting");
		await post(id, `photos/${photo}/release`);
		await shown("the photo", async () =>
		    (await bytesOf(id, photo)).status === 200);
		assertClean((await bytesOf(id, photo)).bytes, 2048, 1024);
		assertClean((await bytesOf(id, photo, "/thumbnail")).bytes, 400,
		    200);
	});

	test("is what its bytes are, whatever it is called", async () => {
		const { id } = await sendReport(device, aReport());
		const sent = await sendPhoto(device, id, picture("rgb.png"),
		    "image/jpeg");
		assert.equal(sent.status, 201);
		await made(id, sent.json.id, "waiting");
	});

	test("leaves no original behind", async () => {
		await until("all are opened", () => count("job where state in " +
		    "('waiting', 'running')") === 0);
		assert.equal(count("defect_reporter.photo where original " +
		    "is not null"), 0);
		assert.equal(count("blob"),
		    2 * count("defect_reporter.photo where picture is not null"));
		assert.equal(count("blob where media_type <> 'image/jpeg'"), 0);
	});

	test("that cannot be opened is refused with a reason, and its place is " +
	    "free again", async () => {
		const { id } = await sendReport(device, aReport());
		const { json } = await sendPhoto(device, id,
		    picture("scan-short.jpg"));
		await made(id, json.id, "refused");
		const mine = (await device.request("GET",
		    `${reports}/mine/${id}`)).json;
		assert.deepEqual(mine.photos, [{ id: json.id, state: "refused",
		    reason: "damaged" }]);
		assert.equal(world.sql("select photo_count from " +
		    `defect_reporter.report where id = '${id}'`), "0");
		refused(await post(id, `photos/${json.id}/release`), 409,
		    "photo-not-ready");
	});

	test("that is withdrawn is no longer public", async () => {
		const { id } = await sendReport(device, aReport());
		await release(staff, id);
		const photo = (await sendPhoto(device, id, picture("plain.jpg")))
		    .json.id;
		await made(id, photo, "waiting");
		await post(id, `photos/${photo}/release`);
		await shown("the photo", async () =>
		    (await bytesOf(id, photo)).status === 200);
		assert.equal((await post(id, `photos/${photo}/reject`)).status,
		    200);
		await shown("it is gone", async () =>
		    (await bytesOf(id, photo)).status === 404 &&
		    (await bytesOf(id, photo, "/thumbnail")).status === 404);
	});

	test("goes with its report when that is withdrawn", async () => {
		const { id } = await sendReport(device, aReport());
		await release(staff, id);
		const photo = (await sendPhoto(device, id, picture("plain.jpg")))
		    .json.id;
		await made(id, photo, "waiting");
		await post(id, `photos/${photo}/release`);
		await shown("the photo", async () =>
		    (await bytesOf(id, photo)).status === 200);
		await post(id, "reject", { reason: "Nicht öffentlich." });
		await shown("it is gone", async () =>
		    (await bytesOf(id, photo)).status === 404);
	});

	test("that is sent twice with one key is one", async () => {
		const { id } = await sendReport(device, aReport());
		const answers = await Promise.all(Array.from({ length: 3 }, () =>
		    sendPhoto(device, id, picture("plain.jpg"), "image/jpeg",
		    key("photo"))));
		assert.equal(new Set(answers.map((one) => one.json.id)).size, 1);
		refused(await sendPhoto(device, id, picture("rgb.png"),
		    "image/png", key("photo")), 409, "idempotency-key-reused");
		assert.equal((await office(id)).photos.length, 1);
	});

	test("cannot be had through another report's address", async () => {
		const [a, b] = [await sendReport(device, aReport()),
		    await sendReport(device, aReport())];
		for (const { id } of [a, b])
			await release(staff, id);
		const photo = (await sendPhoto(device, a.id,
		    picture("plain.jpg"))).json.id;
		await made(a.id, photo, "waiting");
		refused(await post(b.id, `photos/${photo}/release`), 404,
		    "not-found");
		await post(a.id, `photos/${photo}/release`);
		await shown("the photo", async () =>
		    (await bytesOf(a.id, photo)).status === 200);
		refused(await bytesOf(b.id, photo), 404, "not-found");
	});
});

describe("the reports nearby", () => {
	test("are the open ones in the radius, nearest first, with their " +
	    "distance", async () => {
		const { lat, lon } = cities.gladbeck;
		const there = await newDevice(world.public, "gladbeck");
		const theirs = await newStaff(world, "gladbeck",
		    "amt@example.org", "admin");
		const ids = [];
		// About 0, 22, 44, 111 and 445 metres to the north.
		for (const north of [0.0004, 0, 0.0002, 0.001, 0.004]) {
			const { id } = await sendReport(there, aReport("gladbeck",
			    { position: { lat: lat + north, lon } }));
			await release(theirs, id);
			ids.push(id);
		}
		const near = async (query = "") => (await world.public.request(
		    "GET", "gladbeck", `${reports}/nearby?lat=${lat}&lon=${lon}` +
		    query)).json.items;
		assert.deepEqual((await near()).map((one) => one.id),
		    [ids[1], ids[2], ids[0]]);
		const all = await near("&metres=500");
		assert.deepEqual(all.map((one) => one.id),
		    [ids[1], ids[2], ids[0], ids[3], ids[4]]);
		for (const [i, metres] of [0, 22.2, 44.5, 111.2, 444.8].entries())
			assert.ok(Math.abs(all[i].distance - metres) < 1,
			    String(all[i].distance));
		await theirs.request("POST", `${officeReports}/${ids[1]}/status`,
		    { body: { status: "done" } });
		assert.deepEqual((await near()).map((one) => one.id),
		    [ids[2], ids[0]]);
	});
});

describe("a list of 120 reports", () => {
	const city = "castrop-rauxel";
	const list = (query = "") => world.public.request("GET", city,
	    `${reports}${query && `?${query}`}`);
	let there, theirs, sent = [];

	const add = async (index, category = "green") => {
		const report = await sendReport(there, aReport(city,
		    { category }, index));
		await release(theirs, report.id);
		return report;
	};

	before(async () => {
		there = await newDevice(world.public, city);
		theirs = await newStaff(world, city, "amt@example.org", "admin");
		for (let i = 0; i < 120; i += 8)
			sent.push(...await Promise.all(Array.from({ length: 8 },
			    (_, j) => add(i + j, (i + j) % 3 ? "green" : "idea"))));
	}, { timeout: 60_000 });

	test("is paged without a gap or a repetition while others come in",
	    async () => {
		const seen = [];
		let query = "limit=17", pages = 0;
		for (;;) {
			const { json } = await list(query);
			seen.push(...json.items);
			pages++;
			if (json.next === null)
				break;
			await Promise.all([add(60), add(61)]);
			query = `limit=17&cursor=${encodeURIComponent(json.next)}`;
		}
		assert.equal(pages, 8);
		assert.equal(new Set(seen.map((one) => one.id)).size, seen.length);
		const want = new Set(sent.map((one) => one.id));
		assert.deepEqual(new Set(seen.map((one) => one.id)), want);
		const numbers = seen.map((one) => one.number);
		assert.deepEqual(numbers, [...numbers].sort((a, b) => b - a));
	});

	test("shows 50 without being told, newest first, and 100 at most",
	    async () => {
		await until("all are listed", async () => {
			const { json } = await list();
			return json.items[0].number === count(
			    "defect_reporter.report r join tenant t on " +
			    `t.id = r.tenant_id where t.slug = '${city}'`);
		});
		assert.equal((await list()).json.items.length, 50);
		assert.equal((await list("limit=100")).json.items.length, 100);
	});

	test("is narrowed by category, status, time and box, all at once too",
	    async () => {
		const all = async (query) => {
			const items = [];
			let next = "";
			do {
				const { status, json } = await list(`limit=100&${query}` +
				    (next && `&cursor=${next}`));
				assert.equal(status, 200);
				items.push(...json.items);
				next = json.next;
			} while (next);
			return items;
		};
		const ideas = await all("category=idea");
		assert.equal(ideas.length, 40);
		assert.ok(ideas.every((one) => one.category === "idea"));
		assert.ok((await all("category=idea,green")).length >= 120);
		assert.equal((await all("category=litter")).length, 0);
		await theirs.request("POST", `${officeReports}/${sent[0].id}` +
		    "/status", { body: { status: "done" } });
		await until("it is done", async () =>
		    (await all("status=done")).length === 1);
		assert.equal((await all("status=done&category=green")).length, 0);
		assert.equal((await all("since=2000-01-01T00:00:00Z")).length,
		    (await all("")).length);
		assert.equal((await all("since=2999-01-01T00:00:00%2B01:00"))
		    .length, 0);

		const { lat, lon } = cities[city];
		const box = [lon - 1e-5, lat - 1e-5, lon + 4e-4, lat + 7e-4];
		const inside = (position) => position.lon >= box[0] &&
		    position.lon <= box[2] && position.lat >= box[1] &&
		    position.lat <= box[3];
		const everywhere = await all("");
		const want = everywhere.filter((one) => inside(one.position))
		    .map((one) => one.id).sort();
		assert.ok(want.length > 4 && want.length < 40);
		assert.deepEqual((await all(`bbox=${box}`)).map((one) => one.id)
		    .sort(), want);
		const mapped = await world.public.request("GET", city,
		    `${map}?bbox=${box}`);
		assert.deepEqual(mapped.json.features.map((one) => one.id).sort(),
		    want);
		const whole = await world.public.request("GET", city,
		    `${map}?bbox=-180,-90,180,90`);
		assert.equal(whole.json.features.length, everywhere.length);
		assert.equal((await world.public.request("GET", city,
		    `${map}?category=idea&status=done`)).json.features.length, 1);
	});

	test("of one's own shows what is not released too", async () => {
		const hidden = await sendReport(there, aReport(city));
		const { json } = await there.request("GET", `${reports}/mine`);
		assert.equal(json.items[0].id, hidden.id);
		assert.equal(json.items[0].release, "pending");
		const nobody = await newDevice(world.public, city);
		assert.deepEqual((await nobody.request("GET", `${reports}/mine`))
		    .json, { items: [], next: null });
	});

	test("in the office is narrowed by release, department and status",
	    async () => {
		const items = async (query) => (await theirs.request("GET",
		    `${officeReports}?limit=100&${query}`)).json.items;
		assert.equal((await items("release=pending")).length, 1);
		const green = await items("department=stadtgruen");
		assert.ok(green.length > 50);
		assert.ok(green.every((one) => one.department === "stadtgruen"));
		assert.equal((await items("status=done")).length, 1);
	});
});

test("a kept map is another after a change, under another entity tag",
    async () => {
	const before = await get(map);
	assert.equal((await get(map, { headers:
	    { "if-none-match": before.headers.etag } })).status, 304);
	const { id } = await sendReport(device, aReport());
	await release(staff, id);
	await shown("the new map", async () => {
		const now = await get(map, { headers:
		    { "if-none-match": before.headers.etag } });
		return now.status === 200 && now.text.includes(id);
	});
});

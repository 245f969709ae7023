// SPDX-License-Identifier: EUPL-1.2
// What the public is not to see of a photo: areas that the courier burns into
// a new picture, while the office keeps the one it looks at. And photos of
// reports that staff entered.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBrowser } from "../browser/lib/browser.mjs";
import { aReport, officeReports, picture, refused, release, reports,
    sendPhoto, sendReport } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

const CITY = "herne";
const tickets = "/office/api/v1/defect-reporter/tickets";
let world, device, staff, clerk, browser, page, street;
before(async () => {
	world = await startWorld({ public: true, office: true, courier: true,
	    env: { STADTKERN_LIMITS: "0" } });
	device = await newDevice(world.public, CITY);
	staff = await newStaff(world, CITY, "amt@example.org", "admin");
	clerk = await newStaff(world, CITY, "clerk@example.org", "clerk");
	browser = await startBrowser();
	page = await browser.newPage();
	street = await aStreet();
}, { timeout: 120_000 });
after(async () => {
	await browser?.close();
	await world.stop();
});

const get = (target) => world.public.request("GET", CITY, target);
const office = (id) => staff.request("GET", `${tickets}/${id}`)
    .then((answer) => answer.json);
const photoOf = async (id) => (await office(id)).photos[0];
const sql = (text) => world.sql("set search_path = stadtkern, " +
    `defect_reporter, public; ${text}`);
const count = (what) => Number(sql(`select count(*) from ${what}`));

// A light picture of many colours, larger than a thumbnail.
const aStreet = async () => Buffer.from(await page.evaluate(async () => {
	const canvas = new OffscreenCanvas(1200, 800);
	const context = canvas.getContext("2d");
	for (let y = 0; y < 800; y += 40)
		for (let x = 0; x < 1200; x += 40) {
			context.fillStyle = `hsl(${(x + y) % 360} 80% 70%)`;
			context.fillRect(x, y, 40, 40);
		}
	const blob = await canvas.convertToBlob({ type: "image/jpeg" });
	return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()),
	    (byte) => String.fromCharCode(byte)).join(""));
}), "base64");

async function aPhoto(file) {
	const { id } = await sendReport(device, aReport());
	const sent = await sendPhoto(device, id, file ? picture(file) : street);
	assert.equal(sent.status, 201, sent.text);
	await until("the photo is ready", async () =>
	    (await photoOf(id)).state === "waiting");
	return { id, photo: sent.json.id };
}
const steps = ({ id, photo }) => ({
	redact: (areas, more = {}) => staff.request("PUT",
	    `${officeReports}/${id}/photos/${photo}/redaction`,
	    { body: { areas, ...more } }),
	burnt: (state = "done") => until(() => `the redaction is ${state}\n${
	    world.courier.log.slice(-2000)}`, async () =>
	    (await photoOf(id)).redaction === state),
	release: () => staff.request("POST",
	    `${officeReports}/${id}/photos/${photo}/release`),
	office: () => staff.request("GET",
	    `${officeReports}/${id}/photos/${photo}`),
	asPublic: () => staff.request("GET",
	    `${officeReports}/${id}/photos/${photo}/public`),
	public: (small = "") => get(`${reports}/${id}/photos/${photo}${small}`),
});

// Each worker keeps answers of its own, so each is asked until all agree.
const shown = (what, condition) => until(what, async () => {
	for (let i = 0; i < 6; i++)
		if (!await condition())
			return false;
	return true;
});

// The brightest of the pixels in an area, as a browser decodes them.
const brightest = (bytes, { x, y, width, height }) => page.evaluate(
    async ([base64, x, y, width, height]) => {
	const raw = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
	const bitmap = await createImageBitmap(new Blob([raw],
	    { type: "image/jpeg" }));
	const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
	const context = canvas.getContext("2d");
	context.drawImage(bitmap, 0, 0);
	// JPEG's blocks of colour, 16 pixels wide, shine over an edge.
	const inset = bitmap.width < 100 ? 1 : 16;
	const { data } = context.getImageData(
	    Math.ceil(x * bitmap.width) + inset,
	    Math.ceil(y * bitmap.height) + inset,
	    Math.floor(width * bitmap.width) - 2 * inset,
	    Math.floor(height * bitmap.height) - 2 * inset);
	let most = 0;
	for (let i = 0; i < data.length; i += 4)
		most = Math.max(most, data[i], data[i + 1], data[i + 2]);
	return most;
}, [bytes.toString("base64"), x, y, width, height]);

const face = { x: 0.25, y: 0.25, width: 0.25, height: 0.5 };
const plate = { x: 0.8, y: 0.8, width: 0.2, height: 0.2 };

describe("areas of a photo", () => {
	test("are black in the picture and the thumbnail that the public gets, " +
	    "and in no other", async () => {
		const it = await aPhoto(), { redact, burnt, ...of } = steps(it);
		await release(staff, it.id);
		const before = (await of.office()).bytes;
		assert.ok(await brightest(before, face) > 60, "a light picture");
		const answer = await redact([face, plate]);
		assert.equal(answer.status, 200, answer.text);
		assert.deepEqual(answer.json.areas, [face, plate]);
		await burnt();
		refused(await of.public(), 404, "not-found");
		assert.equal((await of.release()).status, 200);
		await shown("the photo", async () =>
		    (await of.public()).status === 200);
		for (const small of ["", "/thumbnail"]) {
			const { bytes } = await of.public(small);
			for (const area of [face, plate])
				assert.ok(await brightest(bytes, area) < 20, small);
			assert.ok(await brightest(bytes, { x: 0, y: 0, width: 0.2,
			    height: 0.2 }) > 60, "the rest is as it was");
			assert.doesNotMatch(bytes.toString("latin1"), /Exif|JFXX/,
			    "nor is there a thumbnail inside");
		}
		assert.ok((await of.office()).bytes.equals(before),
		    "the office keeps the picture");
		assert.ok((await of.asPublic()).bytes.equals(
		    (await of.public()).bytes), "and sees what the public sees");
		assert.deepEqual((await office(it.id)).history.map((one) =>
		    one.kind), ["released", "photo-redacted", "photo-released"]);
	});

	test("are counted on the upright picture", async () => {
		const it = await aPhoto("orientation-6.jpg");
		const { redact, burnt, asPublic } = steps(it);
		const quarter = { x: 0, y: 0, width: 0.5, height: 0.5 };
		assert.equal((await redact([quarter])).status, 200);
		await burnt();
		const { bytes } = await asPublic();
		assert.ok(await brightest(bytes, quarter) < 20);
		assert.ok(await brightest(bytes, { ...quarter, x: 0.5 }) > 200);
	});

	test("replace what is public in one go, and the cache ends", async () => {
		const it = await aPhoto(), { redact, burnt, ...of } = steps(it);
		await release(staff, it.id);
		await of.release();
		await shown("the photo", async () =>
		    (await of.public()).status === 200 &&
		    (await of.public("/thumbnail")).status === 200);
		const plain = (await of.public()).bytes;
		await redact([face]);
		// Never none, and never anything but the one or the other.
		const seen = [];
		await until("the new picture", async () => {
			const { status, bytes } = await of.public();
			assert.equal(status, 200);
			seen.push(bytes);
			return !bytes.equals(plain);
		});
		await burnt();
		await shown("the new picture everywhere", async () =>
		    await brightest((await of.public()).bytes, face) < 20 &&
		    await brightest((await of.public("/thumbnail")).bytes, face)
		    < 20);
		for (const bytes of seen)
			assert.ok(bytes.equals(plain) ||
			    await brightest(bytes, face) < 20);
		assert.equal(sql("select bool_or(b.shown) from blob b, photo p " +
		    `where p.id = '${it.photo}' and b.id in (p.picture, ` +
		    "p.thumbnail)"), "f", "the one before is locked away");
	});

	test("are done again and undone; undone, a public photo waits for " +
	    "release anew", async () => {
		const it = await aPhoto(), { redact, burnt, ...of } = steps(it);
		await release(staff, it.id);
		await redact([face]);
		await burnt();
		await of.release();
		const before = count("blob");
		await redact([plate]);
		await burnt();
		await shown("the other area", async () => {
			const { bytes } = await of.public();
			return bytes.length > 0 && await brightest(bytes, plate) < 20 &&
			    await brightest(bytes, face) > 60;
		});
		assert.equal(count("blob"), before, "the one before is gone");
		const undone = await redact([]);
		assert.equal(undone.json.state, "waiting");
		assert.equal(undone.json.redaction, "none");
		await shown("it is public no more", async () =>
		    (await of.public()).status === 404);
		assert.equal(count("blob"), before - 2);
		await of.release();
		await shown("the photo as it came", async () =>
		    (await of.public()).bytes.equals((await of.office()).bytes));
	});

	test("wanted as they are change nothing; of two burnings the last one " +
	    "counts", async () => {
		const it = await aPhoto(), { redact, burnt, asPublic } = steps(it);
		await redact([face]);
		await burnt();
		const { version } = await office(it.id);
		const jobs = count("job");
		assert.equal((await redact([face])).json.version, version);
		assert.equal(count("job"), jobs);
		const blobs = count("blob");
		await Promise.all([redact([plate]), redact([face, plate])]);
		await burnt();
		const { areas } = await photoOf(it.id);
		await until("both burnings are over", () => count("job where state " +
		    "<> 'done'") === 0);
		assert.equal(count("blob"), blobs);
		const { bytes } = await asPublic();
		for (const area of areas)
			assert.ok(await brightest(bytes, area) < 20);
	});

	test("that cannot be burnt in take a public photo away", async () => {
		const it = await aPhoto(), { redact, burnt, ...of } = steps(it);
		await release(staff, it.id);
		await of.release();
		await shown("the photo", async () =>
		    (await of.public()).status === 200);
		// What the sandbox cannot open.
		sql("update blob set content = 'kaputt' where id = (select picture " +
		    `from photo where id = '${it.photo}')`);
		await redact([face]);
		await burnt("failed");
		await shown("it is public no more", async () =>
		    (await of.public()).status === 404);
		refused(await of.release(), 409, "photo-redaction-open");
		assert.equal((await office(it.id)).history.at(-1).kind,
		    "redaction-failed");
	});
});

describe("a redaction is refused", () => {
	let it, of;
	before(async () => {
		it = await aPhoto();
		of = steps(it);
	});

	test("outside the picture, without size, and in too many areas",
	    async () => {
		const version = (await office(it.id)).version;
		const part = { x: 0, y: 0, width: 0.1, height: 0.1 };
		for (const [areas, errors] of [
		    [[{ ...part, x: -0.1 }], [["/areas/0/x", "too-small"]]],
		    [[part, { ...part, y: 1.1 }], [["/areas/1/y", "too-large"]]],
		    [[{ ...part, width: 0 }], [["/areas/0/width", "too-small"]]],
		    [[{ x: 0.6, y: 0.7, width: 0.5, height: 0.4 }],
			[["/areas/0/width", "too-large"],
			["/areas/0/height", "too-large"]]],
		    [[{ x: "0", y: 0, width: 1 }], [["/areas/0/x", "type"],
			["/areas/0/height", "required"]]],
		    [Array.from({ length: 21 }, () => part),
			[["/areas", "too-many"]]],
		    ["alles", [["/areas", "type"]]],
		    [undefined, [["/areas", "required"]]]])
			refused(await of.redact(areas), 422, "fields", errors);
		assert.equal((await office(it.id)).version, version);
		assert.deepEqual((await photoOf(it.id)).areas, []);
	});

	test("of another ticket's photo, by whoever may not release, and when " +
	    "the ticket has changed", async () => {
		const other = await aPhoto("plain.jpg");
		refused(await steps({ id: it.id, photo: other.photo })
		    .redact([face]), 404, "not-found");
		refused(await clerk.request("PUT", `${officeReports}/${it.id}` +
		    `/photos/${it.photo}/redaction`, { body: { areas: [face] } }),
		    403, "right-missing");
		refused(await of.redact([face], { version: 99 }), 409,
		    "changed-meanwhile");
	});

	test("of a photo that is not checked yet or could not be opened",
	    async () => {
		const { id } = await sendReport(device, aReport());
		const { json } = await sendPhoto(device, id,
		    picture("scan-short.jpg"));
		await until("it is refused", async () =>
		    (await photoOf(id)).state === "refused");
		refused(await steps({ id, photo: json.id }).redact([face]), 409,
		    "photo-not-ready");
	});

	test("and a photo is not released while its areas are being burnt in",
	    async () => {
		const one = await aPhoto("plain.jpg"), its = steps(one);
		// The courier is not asked: what it would do has not been done.
		sql("update photo set areas = '[{}]', redaction = " +
		    `gen_random_uuid() where id = '${one.photo}'`);
		refused(await its.release(), 409, "photo-redaction-open");
		refused(await its.asPublic(), 404, "not-found");
	});
});

test("the preview is what the public gets, with areas burnt in", async () => {
	const it = await aPhoto(), { redact, burnt, ...of } = steps(it);
	const preview = (photos) => staff.request("POST",
	    `${tickets}/${it.id}/preview`, { body: { text: "Ein Ast.", photos } });
	await redact([face]);
	assert.ok([0, 1].includes((await preview([it.photo])).json.photos.length));
	await burnt();
	const before = await preview([it.photo]);
	const picture = (await of.asPublic()).bytes;
	assert.deepEqual((await preview([])).json.photos, []);
	await release(staff, it.id, { text: "Ein Ast." });
	await of.release();
	const at = (answer) => answer.text.replace(/"changed_at" : "[^"]+"/, "");
	await shown("the report with its photo", async () => {
		const seen = await get(`${reports}/${it.id}`);
		return seen.status === 200 && at(seen) === at(before);
	});
	assert.ok((await of.public()).bytes.equals(picture));
	assert.deepEqual((await preview([])).json.photos, [],
	    "a list says which would be public, and no others");
	assert.deepEqual((await staff.request("GET", `${officeReports}/${it.id}` +
	    `/photos/${it.photo}/redaction`)).json, { id: it.photo,
	    state: "released", areas: [face], redaction: "done" });
});

describe("a report that staff entered", () => {
	const enter = async () => (await clerk.request("POST", tickets, { body: {
	    channel: "letter", category: "green", text: "Ein Ast, mit Bild.",
	    address: "Markt 1" } })).json.id;
	const add = (id, bytes, type = "image/jpeg", headers = {}) =>
	    clerk.request("POST", `${officeReports}/${id}/photos`,
	    { body: bytes, headers: { "content-type": type, ...headers } });

	test("gets photos as any other, made safe and released on their own",
	    async () => {
		const id = await enter();
		const headers = { "idempotency-key": "ein-foto-vom-brief" };
		const sent = await add(id, picture("plain.jpg"), "image/jpeg",
		    headers);
		assert.equal(sent.status, 201, sent.text);
		assert.equal((await add(id, picture("plain.jpg"), "image/jpeg",
		    headers)).json.id, sent.json.id, "once");
		await until("the photo is ready", async () =>
		    (await photoOf(id)).state === "waiting");
		assert.equal((await office(id)).photos.length, 1);
		await release(staff, id);
		await steps({ id, photo: sent.json.id }).release();
		await shown("the photo", async () => (await get(
		    `${reports}/${id}/photos/${sent.json.id}`)).status === 200);
		assert.ok((await office(id)).history.some((one) =>
		    one.kind === "photo-added" && one.photo === sent.json.id));
		const small = await clerk.request("GET",
		    `${officeReports}/${id}/photos/${sent.json.id}/thumbnail`);
		assert.equal(small.headers["content-type"], "image/jpeg");
	});

	test("gets no more than the city takes, no text, and none when it is " +
	    "somebody's own", async () => {
		const id = await enter();
		refused(await add(id, Buffer.from("%PDF-1.7")), 415,
		    "not-an-image");
		for (let i = 0; i < 5; i++)
			assert.equal((await add(id, picture("plain.jpg"))).status,
			    201);
		refused(await add(id, picture("plain.jpg")), 409,
		    "too-many-photos");
		const own = await sendReport(device, aReport());
		refused(await add(own.id, picture("plain.jpg")), 409,
		    "not-entered-here");
		refused(await world.office.request("POST", CITY,
		    `${officeReports}/${id}/photos`, { body: picture("plain.jpg"),
		    headers: { "content-type": "image/jpeg" } }), 401,
		    "session-unknown");
	});
});

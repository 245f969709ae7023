// SPDX-License-Identifier: EUPL-1.2
// What the defect reporter's screens compute: search, places, EXIF, the form
// and its steps, filters.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./bundle.mjs";

const module = (name) => load(`../../../plugins/defect-reporter/app/${name}`);
const { findCategories, fold, grouped, isSlip } = await module("search.ts");
const { distance, isInside, parsePosition, rounded, written } =
    await module("place.ts");
const { exifPosition } = await module("exif.ts");
const form = await module("form.ts");
const { entriesOf, filterOf, lookOf, queryOf } = await module("filter.ts");

const categories = [
	{ code: "pothole", name: "Schlagloch, Straßenschaden", group: "Straße" },
	{ code: "lamp", name: "Straßenbeleuchtung", group: "Straße",
	    keywords: ["Laterne", "Lampe"] },
	{ code: "litter", name: "Wilder Müll", group: "Sauberkeit",
	    keywords: ["Sperrmüll"], danger: "Bei Öl bitte 112 anrufen.",
	    questions: [
		{ code: "sort", ask: "Was?", kind: "choice", required: true,
		    choices: ["Hausmüll", "Öl"], stops: ["Öl"],
		    stop_text: "Bitte 112 anrufen." },
		{ code: "parts", ask: "Woraus?", kind: "choices",
		    choices: ["Holz", "Glas", "Gift"], stops: ["Gift"] },
		{ code: "amount", ask: "Wie viel?", kind: "number" },
		{ code: "burns", ask: "Brennt es?", kind: "bool", stops: ["true"] },
		{ code: "more", ask: "Noch etwas?", kind: "text" }] },
	{ code: "idea", name: "Idee" },
];
const statuses = [{ code: "received", name: "Neu", kind: "open" },
    { code: "working", name: "In Arbeit", kind: "open" },
    { code: "done", name: "Erledigt", kind: "closed" },
    { code: "no", name: "Abgelehnt", kind: "rejected" }];
const settings = { categories, statuses, initial: "received", photos_max: 5,
    text_max: 100, nearby_metres: 50 };
const found = (text) => findCategories(categories, text)
    .map(({ code }) => code);

describe("the search for a category", () => {
	test("knows neither case nor umlauts nor ß", () => {
		for (const text of ["müll", "MÜLL", "muell", "Mull", "wilder mull"])
			assert.equal(found(text)[0], "litter", text);
		for (const text of ["strasse", "Straße", "STRASSE"])
			assert.deepEqual(found(text).sort(), ["lamp", "pothole"], text);
		assert.equal(fold("Übergröße"), "ubergrosse");
	});

	test("finds a part of a compound, and a compound by its part", () => {
		assert.deepEqual(found("beleuchtung"), ["lamp"]);
		assert.deepEqual(found("Straßenlaterne"), ["lamp"]);
		assert.deepEqual(found("sperrmüllhaufen"), ["litter"]);
	});

	test("forgives one slip in longer words, and none in short ones", () => {
		assert.deepEqual(found("latrene"), ["lamp"]);
		assert.deepEqual(found("schlaglcoh"), ["pothole"]);
		assert.deepEqual(found("idex"), []);
		assert.ok(isSlip("abcd", "abdc") && isSlip("abcd", "abc") &&
		    isSlip("abcd", "abxd") && isSlip("abcd", "abcde"));
		assert.ok(!isSlip("abcd", "badc") && !isSlip("abcd", "ab"));
	});

	test("wants all words, the best first, and shows everything at first",
	    () => {
		assert.deepEqual(found("wilder schrott"), []);
		assert.equal(found("müll")[0], "litter");
		assert.equal(found("  ").length, categories.length);
		assert.deepEqual(grouped(categories).map(([name, list]) =>
		    [name, list.length]), [["Straße", 2], ["Sauberkeit", 1], ["", 1]]);
	});
});

describe("a place", () => {
	const square = [[7, 51], [8, 51], [8, 52], [7, 52], [7, 51]];
	const hole = [[7.4, 51.4], [7.6, 51.4], [7.6, 51.6], [7.4, 51.6], [7.4, 51.4]];

	test("is in the city when it is in a polygon and in none of its holes",
	    () => {
		const one = { geometry: { type: "Polygon",
		    coordinates: [square, hole] } };
		assert.ok(isInside({ lat: 51.2, lon: 7.2 }, one));
		assert.ok(!isInside({ lat: 51.5, lon: 7.5 }, one));
		assert.ok(!isInside({ lat: 52.5, lon: 7.5 }, one));
		const many = { geometry: { type: "MultiPolygon", coordinates: [
		    [[[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]], [square]] } };
		assert.ok(isInside({ lat: 51.5, lon: 7.5 }, many));
		assert.ok(!isInside({ lat: 0, lon: 0 }, many));
	});

	test("is read as people write it, or refused", () => {
		for (const text of ["51.5497, 7.3117", "51,5497 7,3117",
		    "51.5497,7.3117", " 51.5497° 7.3117° ", "51,5497; 7,3117"])
			assert.deepEqual(parsePosition(text),
			    { lat: 51.5497, lon: 7.3117 }, text);
		for (const text of ["", "51.5", "Herne", "91, 7", "51, 181",
		    "51.5, 7.3, 2", "1e3, 2"])
			assert.equal(parsePosition(text), null, text);
	});

	test("has a distance and is written to a metre", () => {
		const metres = distance({ lat: 51, lon: 7 }, { lat: 51.001, lon: 7 });
		assert.ok(Math.abs(metres - 111.2) < 0.5, String(metres));
		assert.equal(written({ lat: 51.5, lon: 7.123456 }), "51.50000, 7.12346");
		assert.deepEqual(rounded({ lat: 51.12345678, lon: 7 }),
		    { lat: 51.123457, lon: 7 });
	});
});

// A JPEG's beginning with a position inside, in either order of bytes.
function jpeg({ little = false, lat = [51, 32, 30], lon = [7, 18, 0],
    south = false, west = false } = {}) {
	const tiff = new DataView(new ArrayBuffer(128));
	const bytes = new Uint8Array(tiff.buffer);
	bytes.set(little ? [0x49, 0x49] : [0x4d, 0x4d]);
	tiff.setUint16(2, 42, little);
	tiff.setUint32(4, 8, little);
	tiff.setUint16(8, 1, little);
	const entry = (at, tag, value) => {
		tiff.setUint16(at, tag, little);
		if (typeof value === "string")
			bytes[at + 8] = value.charCodeAt(0);
		else
			tiff.setUint32(at + 8, value, little);
	};
	entry(10, 0x8825, 26);
	tiff.setUint16(26, 4, little);
	entry(28, 1, south ? "S" : "N");
	entry(40, 2, 80);
	entry(52, 3, west ? "W" : "E");
	entry(64, 4, 104);
	[...lat, ...lon].forEach((value, i) => {
		tiff.setUint32(80 + i * 8, value, little);
		tiff.setUint32(84 + i * 8, 1, little);
	});
	const head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xe1, 0, 136,
	    0x45, 0x78, 0x69, 0x66, 0, 0];
	return new Uint8Array([...head, ...bytes, 0xff, 0xd9]);
}

describe("a photo's position", () => {
	test("is read in both orders of bytes, and in all four quarters", () => {
		for (const little of [false, true]) {
			const at = exifPosition(jpeg({ little }).buffer);
			assert.ok(Math.abs(at.lat - 51.541667) < 1e-5);
			assert.ok(Math.abs(at.lon - 7.3) < 1e-9);
		}
		const at = exifPosition(jpeg({ south: true, west: true }).buffer);
		assert.ok(at.lat < 0 && at.lon < 0);
	});

	test("is none where there is none, or a camera wrote zeros", () => {
		for (const bytes of [[], [0xff], [0xff, 0xd8, 0xff, 0xda, 0, 2],
		    [0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff, 0xe1, 0, 0]])
			assert.equal(exifPosition(new Uint8Array(bytes).buffer), null);
		assert.equal(exifPosition(jpeg({ lat: [0, 0, 0],
		    lon: [0, 0, 0] }).buffer), null);
		assert.equal(exifPosition(jpeg({ lat: [4e9, 0, 0] }).buffer), null);
	});

	test("is a position or null whatever the bytes are", () => {
		const whole = jpeg();
		let seed = 1;
		const random = (n) => {
			seed = (seed * 1103515245 + 12345) & 0x7fffffff;
			return seed % n;
		};
		for (let i = 0; i < 20_000; i++) {
			const bytes = whole.slice(0, 1 + random(whole.length));
			for (let j = random(4); j >= 0; j--)
				bytes[random(bytes.length)] = random(256);
			const at = exifPosition(bytes.buffer);
			assert.ok(at === null || (Math.abs(at.lat) <= 90 &&
			    Math.abs(at.lon) <= 180));
		}
	});
});

const filled = (changes = {}) => ({ ...form.emptyForm(), category: "litter",
    place: { lat: 51.54321098, lon: 7.2, source: "gps", accuracy: 12 },
    answers: { litter: { sort: "Hausmüll" } },
    text: " Hier liegt seit Tagen Müll. ", ...changes });
const wrong = (changes, inside = true) => form.problemsOf(filled(changes),
    settings, inside).map(({ id, key }) => [id, key]);

describe("the form", () => {
	test("leaves out steps that ask nothing", () => {
		assert.deepEqual(form.stepsOf(filled(), settings, 2), ["photos", "place",
		    "category", "details", "nearby", "text", "contact", "check"]);
		assert.deepEqual(form.stepsOf(filled({ category: "idea" }),
		    { ...settings, photos_max: 0 }, 0),
		    ["place", "category", "text", "contact", "check"]);
	});

	test("finds all that is wrong at once, in the order of the steps", () => {
		assert.deepEqual(wrong({}), []);
		assert.deepEqual(form.problemsOf(form.emptyForm(), settings, null)
		    .map(({ step }) => step), ["place", "category", "text"]);
		assert.deepEqual(wrong({}, false), [["place", "app.error.outside"]]);
		assert.deepEqual(wrong({ answers: { litter: { amount: "viel",
		    more: "x".repeat(501) } } }), [
		    ["answer-sort", "app.error.answer"],
		    ["answer-amount", "app.error.number"],
		    ["answer-more", "app.error.answer-long"]]);
		assert.deepEqual(wrong({ text: "kurz" }),
		    [["text", "app.error.text-short"]]);
		assert.deepEqual(wrong({ contact: { name: "", email: "a@b",
		    phone: "abc" } }), [["contact-email", "app.error.email"],
		    ["contact-phone", "app.error.phone"]]);
	});

	test("counts characters as the server does, with the words about the " +
	    "place", () => {
		assert.equal(form.lengthOf("🚲ü"), 2);
		const where = "vor Haus 12";
		const room = form.textRoom(filled({ where }), settings);
		assert.equal(room, 100 - "\n\nGenauer Ort: ".length - where.length);
		assert.deepEqual(wrong({ where, text: "x".repeat(room) }), []);
		assert.deepEqual(wrong({ where, text: "x".repeat(room + 1) }),
		    [["text", "app.error.text-long"]]);
	});

	test("stops at an answer that means danger to life", () => {
		const stop = (answers) => form.stopOf(filled({ answers:
		    { litter: answers } }), settings)?.code;
		assert.equal(stop({ sort: "Hausmüll", burns: "false" }), undefined);
		assert.equal(stop({ sort: "Öl" }), "sort");
		assert.equal(stop({ sort: "Hausmüll", parts: ["Holz", "Gift"] }),
		    "parts");
		assert.equal(stop({ burns: "true" }), "burns");
	});

	test("sends what the server takes and nothing that was not given", () => {
		assert.deepEqual(form.bodyOf(filled({ where: "vor Haus 12",
		    answers: { litter: { sort: "Hausmüll", amount: "1,5",
		    burns: "false", parts: [], more: " " } },
		    contact: { name: " Kim ", email: "", phone: "" },
		    consent: true }), settings), { category: "litter",
		    position: { lat: 51.543211, lon: 7.2 },
		    text: "Hier liegt seit Tagen Müll.\n\nGenauer Ort: vor Haus 12",
		    answers: { sort: "Hausmüll", amount: 1.5, burns: false },
		    contact: { name: "Kim" }, consent_forward: true });
		assert.deepEqual(form.bodyOf(filled({ category: "idea" }), settings),
		    { category: "idea", position: { lat: 51.543211, lon: 7.2 },
		    text: "Hier liegt seit Tagen Müll." });
	});

	test("comes back from what was refused", () => {
		const before = filled({ answers: { litter: { sort: "Hausmüll",
		    amount: "2", burns: "false", parts: ["Glas"] } },
		    contact: { name: "Kim", email: "", phone: "" }, consent: true });
		const body = form.bodyOf(before, settings);
		assert.deepEqual(form.bodyOf(form.formOf(body, settings), settings), body);
		assert.doesNotThrow(() => form.formOf(undefined, settings));
	});

	test("knows where the server's findings belong", () => {
		assert.deepEqual(form.idOf("/answers/sort"),
		    { id: "answer-sort", step: "details" });
		assert.deepEqual(form.idOf("/contact/email"),
		    { id: "contact-email", step: "contact" });
		assert.deepEqual(form.idOf("/position/lat"), { id: "place", step: "place" });
		assert.equal(form.idOf("/unknown"), null);
	});

	test("reads numbers as people write them", () => {
		assert.deepEqual(["12", "12,5", " 1 000 ", "-3"].map(form.parseNumber),
		    [12, 12.5, 1000, -3]);
		assert.deepEqual(["", "1e9", "zwei", "1.2.3"].map(form.parseNumber),
		    [null, null, null, null]);
	});

	test("makes emergency numbers, and nothing else, something to dial", () => {
		assert.deepEqual(form.withNumbers("Bitte 112 anrufen, nicht 1120.")
		    .filter(({ dial }) => dial), [{ text: "112", dial: "112" }]);
	});

	test("promises working days", () => {
		const after = (day, n) => form.workdayAfter(new Date(`${day}T12:00:00`), n)
		    .getDate();
		assert.equal(after("2026-11-25", 3), 30);
		assert.equal(after("2026-11-27", 1), 30);
		assert.equal(after("2026-11-28", 1), 30);
	});
});

const feature = (id, number, status, category, days, lon = 7) => ({ id,
    geometry: { coordinates: [lon, 51.5] }, properties: { number, status,
    category, received_at: new Date(Date.UTC(2026, 10, 25) - days * 86_400_000)
    .toISOString() } });
const features = [feature("a", 1, "received", "lamp", 40, 7.1),
    feature("b", 2, "done", "lamp", 3, 7.3),
    feature("c", 3, "working", "litter", 1, 7.2)];

describe("the filter", () => {
	const now = Date.UTC(2026, 10, 25);
	const ids = (query, me = null) => entriesOf(features,
	    filterOf(new URLSearchParams(query)), now, me).map(({ id }) => id);

	test("stands in the address and comes back from it", () => {
		for (const query of ["", "?category=lamp,litter&status=done&days=30",
		    "?sort=distance"])
			assert.equal(queryOf(filterOf(new URLSearchParams(query))), query);
		assert.equal(queryOf(filterOf(new URLSearchParams(
		    "category=<x>,lamp&days=5&sort=x"))), "?category=lamp");
	});

	test("keeps what fits, the newest first or the nearest", () => {
		assert.deepEqual(ids(""), ["c", "b", "a"]);
		assert.deepEqual(ids("category=lamp"), ["b", "a"]);
		assert.deepEqual(ids("status=received,working"), ["c", "a"]);
		assert.deepEqual(ids("days=7&category=lamp"), ["b"]);
		assert.deepEqual(ids("sort=distance", { lat: 51.5, lon: 7.1 }),
		    ["a", "c", "b"]);
		assert.deepEqual(ids("sort=distance"), ["c", "b", "a"]);
	});

	test("gives each kind of status a shape of its own", () => {
		const shapes = statuses.map((one) => lookOf(one, "received").shape);
		assert.equal(new Set(shapes).size, statuses.length);
		assert.equal(lookOf(undefined, "received").shape, "drop");
	});
});

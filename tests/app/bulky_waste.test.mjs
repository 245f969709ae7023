// SPDX-License-Identifier: EUPL-1.2
// Booking a pick-up, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const { bodyOf, emptyForm, fieldErrors, folded, formOf, formOfSent, groups,
    isExpress, isFree, loadOf, problemsOf, room, search, sorted, splitStreet,
    withCount, withDay } = await load(
    "../../../plugins/bulky-waste/app/form.ts");

const item = (code, more = {}) => ({ code, name: code, group: "Möbel",
    icon: "box", volume: 1, weight: 20, electrical: false, hint: null,
    keywords: [], ...more });
const catalogue = { items: [item("sofa", { volume: 1.5, keywords: ["Couch"] }),
    item("chair", { volume: 0.3, weight: 4.5 }), item("fridge", { name:
    "Kühlschrank", group: "Elektro", electrical: true })], excluded: [{ code:
    "door", name: "Tür", icon: "door", because: "sie Bauabfall ist", take_to:
    "Wertstoffhof", keywords: [] }] };
const settings = { limit: { value: 3, unit: "m3" }, wish_dates: 3,
    electrical: { free_per_year: 1, fee: null, max_devices: 2 },
    express: { lead_days: 1, fee: "20.00" } };
const whole = { ...emptyForm(), items: { sofa: 1 }, days: ["2026-12-01"],
    address: { street: "Am Markt", house_number: "1", postcode: "" },
    name: "Alex Beispiel", email: "alex@example.org" };

test("things take room, devices are counted", () => {
	assert.deepEqual(loadOf({ sofa: 1, chair: 3, fridge: 2 }, catalogue),
	    { volume: 2.4, weight: 34, devices: 2 });
	assert.deepEqual(room({ volume: 2.4, weight: 34, devices: 2 }, settings),
	    { used: 2.4, most: 3, unit: "m3" });
	assert.equal(room({ volume: 2.4 }, { limit: null }), null);
	assert.equal(room({ weight: 34 }, { limit: { value: 1000, unit: "kg" } })
	    .used, 34);
});

test("a count of nothing is no thing", () => {
	assert.deepEqual(withCount({ sofa: 1 }, "chair", 2), { sofa: 1, chair: 2 });
	assert.deepEqual(withCount({ sofa: 1 }, "sofa", 0), {});
});

test("a street is taken apart from its number", () => {
	for (const [text, street, house_number] of [
	    ["Hauptstr. 12", "Hauptstr.", "12"], ["Hauptstr. 12 a", "Hauptstr.",
	    "12 a"], ["Straße des 17. Juni 5-7", "Straße des 17. Juni", "5-7"],
	    ["Am Bach", "Am Bach", ""], ["Allee 7 1/2", "Allee", "7 1/2"],
	    ["", "", ""]])
		assert.deepEqual(splitStreet(text), { street, house_number }, text);
});

test("a thing is found by its other names, whatever its umlauts", () => {
	assert.equal(folded("Kühl"), folded("kuehl"));
	const found = (asked) => search(catalogue, asked).items
	    .map(({ code }) => code);
	assert.deepEqual(found("couch"), ["sofa"]);
	assert.deepEqual(found("KUEHL"), ["fridge"]);
	assert.deepEqual(found(" "), ["sofa", "chair", "fridge"]);
	assert.deepEqual(found("door"), []);
	assert.deepEqual(search(catalogue, "tuer").excluded[0].code, "door");
	assert.deepEqual([...groups(catalogue.items).keys()], ["Möbel", "Elektro"]);
});

test("days are wished in their order, the oldest leaves", () => {
	assert.deepEqual(withDay(["a"], "b", 3), ["a", "b"]);
	assert.deepEqual(withDay(["a", "b"], "a", 3), ["b"]);
	assert.deepEqual(withDay(["a", "b", "c"], "d", 3), ["b", "c", "d"]);
	assert.ok(isFree({ free: 1, closed: null }));
	assert.ok(!isFree({ free: 0, closed: null }));
	assert.ok(!isFree({ free: 3, closed: "Sturm" }));
	const offered = [{ day: "a", express: true }, { day: "b", express: false }];
	assert.ok(isExpress(["a"], offered));
	assert.ok(!isExpress(["b"], offered));
});

test("everything that is missing is said at once, each at its field", () => {
	assert.deepEqual(problemsOf(whole, catalogue, settings, "north"), []);
	assert.deepEqual(problemsOf(emptyForm(), catalogue, settings, null)
	    .map(({ id }) => id), ["search", "street", "house-number", "name",
	    "email"]);
	assert.deepEqual(problemsOf({ ...whole, items: { sofa: 3, fridge: 3 },
	    days: [] }, catalogue, settings, "north").map(({ key }) => key),
	    ["app.error.room", "app.error.devices", "app.error.days"]);
});

test("what is sent holds what was entered and nothing empty", () => {
	assert.deepEqual(bodyOf(whole, false, 2500), { address: { street:
	    "Am Markt", house_number: "1" }, items: [{ item: "sofa", count: 1 }],
	    days: ["2026-12-01"], express: false, fee_cents: 2500, household:
	    { name: "Alex Beispiel" }, contact: { name: "Alex Beispiel",
	    email: "alex@example.org" } });
	assert.deepEqual(formOfSent(bodyOf(whole, false, 0)),
	    { ...whole, days: [], prefilled: true });
});

test("what the server finds stands at the field it is about", () => {
	assert.deepEqual(fieldErrors([{ pointer: "/items/0/item", message: "a" },
	    { pointer: "/address/house_number", message: "b" }, { pointer:
	    "/days/1", message: "c" }, { pointer: "/contact/email", message: "d" },
	    { pointer: "/elsewhere", message: "e" }]).map(({ id }) => id),
	    ["search", "house-number", "days", "email", "search"]);
});

test("bookings to come stand first, the next one on top", () => {
	const one = (day, state = "booked") => ({ day, state, items: [], address: {} });
	assert.deepEqual(sorted([one("2026-11-01"), one("2026-12-09"),
	    one("2026-12-02"), one("2026-12-01", "cancelled")], "2026-11-20")
	    .map(({ day }) => day), ["2026-12-02", "2026-12-09", "2026-12-01",
	    "2026-11-01"]);
	assert.deepEqual(formOf({ items: [{ item: "sofa", count: 2 }], address:
	    whole.address, day: "2026-12-02" }).items, { sofa: 2 });
});

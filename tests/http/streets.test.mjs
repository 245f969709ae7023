// SPDX-License-Identifier: EUPL-1.2
// A city's street list: how it is taken, and what is found in it.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { newStaff, startWorld, top, until } from "./lib/server.mjs";

const city = "castrop-rauxel";
const fixture = (name) => JSON.parse(fs.readFileSync(path.join(top,
    "tests/fixtures/streets", name), "utf8"));
let world;

before(async () => {
	world = await startWorld({ public: true, office: true,
	    env: { STADTKERN_LIMITS: "0" } });
});
after(() => world.stop());

const within = (sql) => world.sql("set role stadtkern_public; select " +
    "set_config('stadtkern.tenant', (select id from tenant where slug = " +
    `'${city}')::text, false); ${sql}`).split("\n").slice(1).join("\n");
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

function take(content, slug = city) {
	const file = path.join(world.dir, "streets.csv");
	fs.writeFileSync(file, content);
	return world.cli("streets", "import", slug, file);
}

async function search(text) {
	const answer = await world.public.request("GET", city,
	    `/api/v1/streets?q=${encodeURIComponent(text)}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json.items;
}

describe("a street is found", () => {
	test("however it is spelt", async () => {
		for (const { query, best_match } of fixture("search.json"))
			assert.equal((await search(query))[0]?.name, best_match, query);
	});

	test("by its beginning, a part, and with a house number behind", async () => {
		for (const [text, name] of [["thomasstra", "Thomasstraße"],
		    ["Muenster", "Obere Münsterstraße"],
		    ["Thomasstr. 12a", "Thomasstraße"],
		    ["thomasstraße 12 – 14", "Thomasstraße"]])
			assert.equal((await search(text))[0]?.name, name, text);
		const [found] = await search("Thomasstr");
		assert.equal(found.street, "thomasstr");
		assert.deepEqual(found.postcodes, ["44575"]);
	});

	test("in its own city alone, and nothing by nothing", async () => {
		assert.deepEqual(await search("Meesmannstraße"), []);
		assert.deepEqual(await search("--"), []);
		const none = await world.public.request("GET", city,
		    "/api/v1/streets?q=a");
		assert.equal(none.status, 422);
	});
});

describe("a house number", () => {
	const { valid, canonical, invalid, natural_order } =
	    fixture("house_numbers.json");

	test("is kept in one form", () => {
		for (const number of valid)
			assert.notEqual(within("select house_number(" +
			    `${quoted(number)})`), "", number);
		for (const [number, form] of Object.entries(canonical))
			assert.equal(within(`select house_number(${quoted(number)})`),
			    form);
		for (const number of [...invalid, "14-12", "12a b", "1 2"])
			assert.equal(within(`select house_number(${quoted(number)})`),
			    "", number);
	});

	test("has its place among the others", () => {
		assert.deepEqual(within("select n from unnest(array[" +
		    natural_order.toReversed().map(quoted) + "]) n order by " +
		    'house_number_order(house_number(n)) collate "C"').split("\n"),
		    natural_order);
	});
});

describe("an address", () => {
	const find = (...words) => JSON.parse(within("select row_to_json(a) from " +
	    `address_find(${words.map(quoted)}) a`));

	test("is of the section that its number falls into", () => {
		assert.equal(find("deininghauser weg", "59").districts["bulky-waste"],
		    "sued");
		const even = find("Deininghauser Weg", "60 A");
		assert.equal(even.districts["bulky-waste"], "nord");
		assert.equal(even.house_number, "60a");
		assert.equal(even.name, "Deininghauser Weg");
		assert.equal(even.problem, null);
		assert.ok(Math.abs(even.lat - 51.56) < 0.1);
	});

	test("that there is not is told apart", () => {
		for (const [words, problem] of [[["Nirgendweg", "1"],
		    "street-unknown"], [["Thomasstr.", "a"], "house-number"],
		    [["Thomasstr.", "4711"], "address-unknown"],
		    [["Thomasstr.", "1", "44579"], "address-unknown"]])
			assert.equal(find(...words).problem, problem, words);
	});
});

describe("a place, for the office", () => {
	test("is that of a house number, else of the street", async () => {
		const staff = await newStaff(world, city, "amt@example.org", "press");
		const places = async (text, who = staff) => {
			const answer = await who.request("GET",
			    `/office/api/v1/addresses?q=${encodeURIComponent(text)}`);
			assert.equal(answer.status, 200, answer.text);
			return answer.json.items;
		};
		const [whole] = await places("thomasstr. 12");
		assert.equal(whole.address, "Thomasstraße 12");
		assert.equal(whole.postcode, "44575");
		const [[odd], [even]] = [await places("Deininghauser Weg 11"),
		    await places("deininghauser weg 12")];
		assert.notDeepEqual(odd.position, even.position,
		    "the other side of the street");
		const [street, ...more] = await places("Thomasstr");
		assert.equal(street.address, "Thomasstraße");
		assert.ok(street.position.lat > 51 && street.position.lon > 7);
		assert.deepEqual(more, []);
		const [unknown] = await places("Thomasstraße 9999");
		assert.equal(unknown.address, "Thomasstraße",
		    "a number that the list does not know");
		assert.deepEqual(await places("Nilpferd"), []);
		const there = await newStaff(world, "herne", "amt@example.org",
		    "press");
		assert.deepEqual(await places("Thomasstraße", there), []);
		const none = await world.office.request("GET", city,
		    "/office/api/v1/addresses?q=Thomas");
		assert.equal(none.status, 401);
	});
});

describe("a list", () => {
	const head = "street;postcode;from;to;side;lat;lon;district:paper\n";
	const streets = () => within("select count(*) from street");

	test("with mistakes changes nothing, and all of them are told", () => {
		const was = streets();
		const refused = take(head +
		    "Neue Straße;44575;1;9;all;;;west\n" +
		    "neue str.;44575;1;9;all;;;west\n" +
		    "Neustraße;44575;0;1ä;all;;;\n" +
		    "Ring;44575;9;1;all;;;\n" +
		    "Weg;44575;;;all;48.1;11.5;\n" +
		    "Platz;44575;;;all;51.5;;\n");
		assert.equal(refused.status, 1);
		for (const [place, says] of [["3:1", "contradicts"],
		    ["4:17", "form"], ["4:19", "form"], ["5:14", "contradicts"],
		    ["6:17", "contradicts"], ["7:19", "required"]])
			assert.match(refused.stderr, new RegExp(
			    `streets\\.csv:${place}: .*${says}`), place);
		assert.match(refused.stderr, /stay as they were/);
		assert.equal(streets(), was);
	});

	test("that is empty, none, or of nobody is refused", () => {
		for (const [content, says] of [[head, /too few|at least/],
		    ["", /required/], ["street;x\nA;1\n", /"x"|\/x/],
		    [`${head}A;44575;1;2;left;;;\n`, /possible: all, odd, even/]]) {
			const refused = take(content);
			assert.equal(refused.status, 1, content);
			assert.match(refused.stderr, says);
		}
		assert.match(world.cli("streets", "import", city, "/nowhere").stderr,
		    /cannot be opened/);
		assert.equal(take(`${head}A;44575;;;;;;\n`, "nowhere").status, 1);
		assert.equal(world.cli("streets", "import", city).status, 2);
	});

	test("takes the place of the one before, and the app hears of it", async () => {
		assert.equal((await search("Neuer Pfad")).length, 0);
		const taken = take(`${head}Neuer Pfad;44575;1;;;51.56;7.31;west\n`);
		assert.equal(taken.status, 0, taken.stderr);
		assert.match(taken.stdout, /castrop-rauxel: 1 streets/);
		assert.equal(streets(), "1");
		await until("it is found", async () =>
		    (await search("Neuer Pfad")).length === 1);
		assert.equal(within("select districts ->> 'paper' from " +
		    "address_find('neuerpfad', '1')"), "west");
		assert.equal(within("select problem from " +
		    "address_find('neuerpfad', '2')"), "address-unknown");
	});
});

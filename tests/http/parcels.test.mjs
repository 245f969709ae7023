// SPDX-License-Identifier: EUPL-1.2
// Parcels: what is imported and what never is, what is refused with its
// place, and which one a ticket is on.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { refused } from "./lib/city.mjs";
import { newStaff, startWorld, top } from "./lib/server.mjs";

const CITY = "waltrop", OTHER = "herne";
const tickets = "/office/api/v1/defect-reporter/tickets";
const geo = (name) => JSON.parse(fs.readFileSync(path.join(top,
    "tests/fixtures/geo", name), "utf8"));
let world, staff, there;

before(async () => {
	world = await startWorld({ office: true,
	    env: { STADTKERN_LIMITS: "0" } });
	staff = await newStaff(world, CITY, "admin@example.org", "admin");
	there = await newStaff(world, OTHER, "admin@example.org", "admin");
}, { timeout: 120_000 });
after(() => world.stop());

const collection = () => geo("parcels_waltrop_synthetic.geojson");
function load(document, city = CITY) {
	const file = path.join(world.dir, "parcels.geojson");
	fs.writeFileSync(file, typeof document === "string" ? document :
	    JSON.stringify(document, null, 1));
	return world.cli("parcels", "import", city, file);
}
const count = () => Number(world.sql("select count(*) from " +
    "stadtkern.parcel"));
const dump = () => world.sql("select p.*, st_asgeojson(p.boundary) from " +
    "stadtkern.parcel p order by key");

test("parcels are taken, whose they are not", async () => {
	const document = collection();
	document.features[0].properties.city_owned = true;
	document.features[1].properties.city_owned = false;
	for (const feature of document.features)
		Object.assign(feature.properties, { eigentuemer: "Erika Geheim",
		    owner: { name: "Erika Geheim" }, lagebeztxt: "Geheimweg 1",
		    "Erika Geheim": true });
	document.owners = ["Erika Geheim"];
	const loaded = load(document);
	assert.equal(loaded.status, 0, loaded.stderr);
	assert.match(loaded.stdout, /^waltrop: 9 parcels, 1 of them the city's, of 7 nobody said; 0 before$/m);
	assert.equal(count(), 9);
	assert.ok(!/geheim/i.test(dump() + loaded.stdout + loaded.stderr));
});

test("the record that the cadastre gives out names its parcel", () => {
	const document = collection();
	const real = geo("parcel_real_record_nrw.json");
	document.features = [{ ...document.features[0],
	    properties: real.properties }];
	assert.equal(load(document).status, 0);
	assert.equal(world.sql("select key from stadtkern.parcel"),
	    real.derived.flstkennz);
	const again = load(collection());
	assert.match(again.stdout, / 9 parcels.* 1 before/);
});

describe("what is refused with its place, and changes nothing", () => {
	const mistakes = {
		"exchanged coordinates": [(one) => { one.geometry.coordinates =
		    one.geometry.coordinates.map((polygon) => polygon.map((ring) =>
		    ring.map(([x, y]) => [y, x]))); }, /exchanged/],
		"metres": [(one) => { one.geometry.coordinates = [[[[385000,
		    5712000], [385010, 5712000], [385010, 5712010], [385000,
		    5712000]]]]; }, /EPSG:25832/],
		"a ring that is not closed": [(one) => {
			one.geometry.coordinates[0][0].pop(); }, /closed ring/],
		"a ring that crosses itself": [(one) => {
			one.geometry.coordinates = [[[[7.395, 51.623], [7.396, 51.624],
			    [7.396, 51.623], [7.395, 51.624], [7.395, 51.623]]]]; },
		/[Ss]elf-intersection/],
		"a point": [(one) => { one.geometry = { type: "Point",
		    coordinates: [7.39, 51.62] }; }, /Polygon/],
		"no geometry": [(one) => { one.geometry = null; }, /geometry/],
		"another city": [(one) => { one.geometry.coordinates = [[[[8.5,
		    51.6], [8.6, 51.6], [8.6, 51.7], [8.5, 51.6]]]]; },
		/outside the city/],
		"a parcel twice": [(one, all) => { one.properties =
		    all[0].properties; }, /twice/],
		"no number": [(one) => { one.properties = {}; }, /flstkennz/],
		"no word for whose it is": [(one) => {
			one.properties.city_owned = "ja"; }, /city_owned/],
	};
	for (const { kennz, ok, why } of geo(
	    "flurstueckskennzeichen_cases.json").cases)
		if (!ok)
			mistakes[`number: ${why}`] = [(one) => {
				one.properties.flstkennz = kennz; }, /flstkennz/];
	for (const [name, [change, says]] of Object.entries(mistakes))
		test(name, () => {
			const before = dump();
			const document = collection();
			change(document.features[3], document.features);
			const loaded = load(document);
			assert.equal(loaded.status, 1);
			assert.match(loaded.stderr,
			    /parcels\.geojson:\d+:\d+: \/features\/3\//);
			assert.match(loaded.stderr, says);
			assert.equal(dump(), before);
		});

	for (const text of ["", "{", "[]", "{}", '{"features":[]}',
	    '{"features":[1]}', '{"features":[{]}', '{"features":[{}',
	    '{"features":[{},]}', '{"a":"\\', '{"features":[{"a":"]}'])
		test(`no collection: ${text}`, () => {
			const before = dump();
			assert.equal(load(text).status, 1);
			assert.equal(dump(), before);
		});
});

test("a ticket says which parcel it is on", async () => {
	const document = collection();
	document.features[0].properties.city_owned = true;
	assert.equal(load(document).status, 0);
	const made = await staff.request("POST", tickets, { body: {
	    channel: "telephone", category: (await staff.request("GET",
	    "/office/api/v1/app")).json.plugins.find((one) => one.name ===
	    "defect-reporter").settings.categories.at(-1).code,
	    position: { lat: 51.6231, lon: 7.3951 }, text: "Ein Ast." } });
	assert.equal(made.status, 201, made.text);
	const { parcel } = (await staff.request("GET",
	    `${tickets}/${made.json.id}`)).json;
	assert.deepEqual(parcel, { key: "05512104100106______",
	    label: "Waltrop, Flur 41, Flurstück 106", city_owned: true,
	    area: 368 });
	const { text } = await staff.request("GET", `${tickets}.csv`);
	assert.match(text, /;Waltrop, Flur 41, Flurstück 106;ja;/);
});

test("a cell of the map has its parcels, for this city's office",
    async () => {
	const [x, y] = world.sql("select x, y from stadtkern.parcel_cell " +
	    "where key = '05512104100106______' limit 1").split("|");
	const target = `/office/api/v1/defect-reporter/parcels/${x}/${y}`;
	const { json, headers } = await staff.request("GET", target);
	assert.equal(headers["content-type"], "application/geo+json");
	const one = json.features.find(({ id }) =>
	    id === "05512104100106______");
	assert.equal(one.properties.number, "106");
	assert.equal(one.properties.city_owned, true);
	assert.equal(one.geometry.type, "MultiPolygon");
	assert.deepEqual((await there.request("GET", target)).json.features,
	    []);
	refused(await world.office.request("GET", CITY, target), 401,
	    "session-unknown");
	refused(await staff.request("GET", target.replace(`/${x}/`,
	    "/70000/")), 404, "not-found");
});

// SPDX-License-Identifier: EUPL-1.2
// Pins that would lie on each other; what a tile tells of itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { vectorTile } from "../http/lib/vector_tile.mjs";
import { load } from "./bundle.mjs";

const { cluster, project } = await load("map/cluster.ts");
const { layerNames } = await load("map/tile_layers.ts");
const pin = (id, lon, lat) => ({ id, lon, lat, shape: "drop", tone: "info",
    label: id });
const pins = [pin("a", 7.2190, 51.5426), pin("b", 7.2191, 51.5426),
    pin("c", 7.30, 51.60)];

test("pins near each other are one group, and no pin is lost", () => {
	const groups = cluster(pins, 11);
	assert.equal(groups.length, 2);
	assert.deepEqual(groups.flatMap((group) => group.pins.map(({ id }) => id))
	    .sort(), ["a", "b", "c"]);
});

test("seen from near, each pin stands for itself", () => {
	assert.equal(cluster(pins, 17).length, 3);
	assert.equal(cluster([pin("a", 7, 51), pin("b", 7, 51)], 18).length, 2,
	    "two at the same place too");
});

test("moving the map changes no group: only zoom decides", () => {
	assert.deepEqual(cluster(pins, 12.2), cluster(pins, 12.9));
});

test("the whole world fits, poles included", () => {
	for (const at of [[-180, -90], [180, 90], [0, 0]])
		for (const value of project({ lon: at[0], lat: at[1] }, 0))
			assert.ok(value >= -1e-6 && value <= 512 + 1e-6);
});

const { spotOf } = await load("map/spot.ts");
const square = (west, south, size) => [[west, south], [west + size, south],
    [west + size, south + size], [west, south + size], [west, south]];

test("a piece of ground has its word inside, whatever its shape is", () => {
	assert.deepEqual(spotOf([[square(0, 0, 4)]]), { lon: 2, lat: 2, west: 0,
	    east: 4, south: 0, north: 4 });
	const horseshoe = [[0, 0], [10, 0], [10, 10], [7, 10], [7, 2], [2, 2],
	    [2, 10], [0, 10], [0, 0]];
	const at = spotOf([[horseshoe]]);
	assert.deepEqual([at.west, at.east], [7, 10], "the wider of its arms");
	assert.equal(at.lon, 8.5);
	const hole = spotOf([[square(0, 0, 10), square(3, 3, 4)]]);
	assert.ok(hole.lon < 3 || hole.lon > 7, "not in the hole");
	assert.equal(spotOf([[square(0, 0, 1)], [square(5, 5, 3)]]).lon, 6.5,
	    "of several parts the widest");
	assert.equal(spotOf([]), null);
	assert.equal(spotOf([[[[1, 1], [1, 1], [1, 1]]]]), null);
});

test("a tile tells its layers", () => {
	const tile = vectorTile({ Gewaesserflaeche: [[[1, 2]]],
	    Name_Punkt: [[[3, 4], { name: "Musterdorf" }]] });
	assert.deepEqual(layerNames(tile), ["Gewaesserflaeche", "Name_Punkt"]);
	assert.deepEqual(layerNames(new Uint8Array(0)), []);
});

test("what is no tile tells nothing and ends", () => {
	const tile = vectorTile({ one: [[[1, 2], { name: "Eins" }]] });
	for (let i = 0; i < tile.length; i++) {
		layerNames(tile.subarray(0, i));
		for (const byte of [0, 0x7f, 0x80, 0xff]) {
			const broken = Buffer.from(tile);
			broken[i] = byte;
			for (const name of layerNames(broken))
				assert.equal(typeof name, "string");
		}
	}
	assert.deepEqual(layerNames(Buffer.from("<html>no tile</html>")), []);
	assert.deepEqual(layerNames(Buffer.alloc(1000, 0xff)), []);
});

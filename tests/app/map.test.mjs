// SPDX-License-Identifier: EUPL-1.2
// Pins that would lie on each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const { cluster, project } = await load("map/cluster.ts");
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

// SPDX-License-Identifier: EUPL-1.2
// What the waste company's screens compute.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const { moved, zoomFor } = await load(
    "../../../plugins/bulky-waste/office/tour.ts");

test("a stop goes one place earlier or later, and stays at either end", () => {
	assert.deepEqual(moved(["a", "b", "c"], "b", -1), ["b", "a", "c"]);
	assert.deepEqual(moved(["a", "b", "c"], "b", 1), ["a", "c", "b"]);
	assert.deepEqual(moved(["a", "b"], "a", -1), ["a", "b"]);
	assert.deepEqual(moved(["a", "b"], "b", 1), ["a", "b"]);
	assert.deepEqual(moved(["a", "b"], "gone", 1), ["a", "b"]);
});

test("a tour fits into the map, however wide or narrow both are", () => {
	for (const [width, height] of [[360, 860], [860, 360], [500, 500]])
		for (const [lon, lat] of [[0.02, 0.001], [0.001, 0.02], [0.1, 0.06]]) {
			const pixels = 512 * 2 ** zoomFor(lon, lat, width, height) / 360;
			assert.ok(lon * pixels < width && lat * 1.6 * pixels < height,
			    `${lon}, ${lat} in ${width}, ${height}`);
		}
	assert.equal(zoomFor(0, 0, 360, 860), 16, "one stop");
});

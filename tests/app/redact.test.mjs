// SPDX-License-Identifier: EUPL-1.2
// Areas as they are drawn, moved and sized, and texts in their sentences: what
// the office's screens compute without a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const module = (name) =>
    load(`../../../plugins/defect-reporter/office/${name}`);
const { another, drawn, fit, moved, moveOf, same } = await module("redact.ts");
const { sentences } = await module("divide.ts");

const inside = ({ x, y, width, height }) => x >= 0 && y >= 0 &&
    x + width <= 1.000001 && y + height <= 1.000001 && width >= 0.01 &&
    height >= 0.01;

test("an area is drawn from any corner to any other, and never outside", () => {
	const area = { x: 0.2, y: 0.3, width: 0.4, height: 0.1 };
	for (const [a, b] of [[[0.2, 0.3], [0.6, 0.4]], [[0.6, 0.4], [0.2, 0.3]],
	    [[0.6, 0.3], [0.2, 0.4]]])
		assert.deepEqual(drawn(...a, ...b), area);
	assert.deepEqual(drawn(-1, -2, 3, 4), { x: 0, y: 0, width: 1, height: 1 });
	assert.equal(drawn(0.5, 0.5, 0.505, 0.9), null, "a click is none");
	assert.equal(drawn(1.2, 0, 1.4, 1), null);
});

test("arrows move an area and, with Shift, size it; it stays inside", () => {
	assert.equal(moveOf("ArrowLeft", false), "left");
	assert.equal(moveOf("ArrowRight", true), "wider");
	assert.equal(moveOf("a", false), null);
	let area = { x: 0.02, y: 0.97, width: 0.05, height: 0.03 };
	for (const move of ["left", "left", "left", "down", "up", "wider",
	    "narrower", "narrower", "narrower", "narrower", "narrower", "higher",
	    "lower", "lower", "lower", "right"]) {
		area = moved(area, move);
		assert.ok(inside(area), `${move} ${JSON.stringify(area)}`);
	}
	assert.equal(area.x, 0.01);
	assert.ok(Math.abs(area.width - 0.01) < 1e-9);
	for (let i = 0; i < 200; i++)
		area = moved(area, "wider");
	assert.ok(Math.abs(area.x + area.width - 1) < 1e-9);
});

test("one that is added lies inside, beside those there are", () => {
	const areas = [];
	for (let i = 0; i < 20; i++)
		areas.push(another(areas));
	assert.ok(areas.every(inside));
	assert.ok(!same([areas[0]], [areas[1]]));
	assert.ok(same(areas, areas.map((one) => ({ ...one }))));
	assert.ok(!same(areas, areas.slice(1)));
	assert.ok(inside(fit({ x: 5, y: -5, width: 7, height: 0 })));
});

test("a text falls into sentences that stand in it word by word", () => {
	const text = "Vor Nr. 5 hängt ein Ast. Und gegenüber ist die Laterne " +
	    "aus!\r\nDanke!\n\n  Kim";
	assert.deepEqual(sentences(text), ["Vor Nr. 5 hängt ein Ast.",
	    "Und gegenüber ist die Laterne aus!", "Danke!", "Kim"]);
	for (const one of sentences(text))
		assert.ok(text.includes(one));
	assert.deepEqual(sentences(""), []);
});

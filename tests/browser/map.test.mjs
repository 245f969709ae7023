// SPDX-License-Identifier: EUPL-1.2
// What a map shows: the ground of a city, and names on it.

import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { publishBasemap } from "../http/lib/basemap.mjs";
import { until } from "../http/lib/server.mjs";
import { vectorTile } from "../http/lib/vector_tile.mjs";
import { startStage } from "./lib/browser.mjs";

// Layers as basemap.de calls them and one that nobody knows: water, streets and
// places that have names, everywhere in the tile.
const steps = [0, 1, 2, 3, 4, 5, 6, 7].map((one) => one * 512);
const tile = vectorTile({
	Gewaesserflaeche: steps.map((y) => [[[[0, y], [4096, y],
	    [4096, y + 128], [0, y + 128], [0, y]]], { klasse: "See" }]),
	Verkehrslinie: steps.map((y) => [[[0, y + 192], [4096, y + 192]],
	    { name: "Musterstraße", klasse: "Gemeindestraße" }]),
	Name_Punkt: steps.flatMap((y) => steps.map((x) => [[x + 256, y + 320],
	    { name: "Musterdorf", art: "Ortsteil" }])),
	Sonstiges: [[[[1024, 0], [1024, 4096]]]],
});
let stage, tiles, asked = [];

before(async () => {
	tiles = http.createServer((request, response) => {
		asked.push(request.url);
		response.writeHead(200, { "content-type":
		    "application/vnd.mapbox-vector-tile" });
		response.end(tile);
	});
	await new Promise((done) => tiles.listen(0, "127.0.0.1", done));
	stage = await startStage({ world: { courier: true, home: true,
	    env: { STADTKERN_BASEMAP_LOOPBACK: "1" } } });
}, { timeout: 180_000 });
after(async () => {
	await stage.stop();
	tiles.closeAllConnections();
	await new Promise((done) => tiles.close(done));
});

// How many points of the map have this of a theme's colours on the map's
// ground; of that part of it on which nothing lies.
async function points(page, name, share = 1) {
	const box = await page.locator(".sk-map canvas").boundingBox();
	const picture = await page.screenshot({ clip: { x: box.x,
	    y: box.y + box.height * 0.2, width: box.width * 0.8,
	    height: box.height * 0.7 } });
	return page.evaluate(async ([base64, name, share]) => {
		const probe = document.createElement("span");
		document.body.append(probe);
		const pen = new OffscreenCanvas(1, 1).getContext("2d");
		for (const [colour, alpha] of [["surface", 1], [name, share]]) {
			probe.style.color = `var(--sk-color-${colour})`;
			pen.fillStyle = getComputedStyle(probe).color;
			pen.globalAlpha = alpha;
			pen.fillRect(0, 0, 1, 1);
		}
		probe.remove();
		const want = pen.getImageData(0, 0, 1, 1).data;
		const image = await createImageBitmap(new Blob([Uint8Array.from(
		    atob(base64), (one) => one.charCodeAt(0))]));
		const canvas = new OffscreenCanvas(image.width, image.height)
		    .getContext("2d");
		canvas.drawImage(image, 0, 0);
		const { data } = canvas.getImageData(0, 0, image.width,
		    image.height);
		let count = 0;
		for (let i = 0; i < data.length; i += 4)
			count += [0, 1, 2].every((at) =>
			    Math.abs(data[i + at] - want[at]) < 24);
		return count;
	}, [picture.toString("base64"), name, share]);
}

async function closer(page) {
	await page.locator(".sk-map canvas").focus();
	for (let i = 0; i < 5; i++)
		await page.keyboard.press("+");
}

const drawn = (page, what, ...colour) => until(what, async () =>
    await points(page, ...colour) > 20);

describe("a base map in vector tiles", () => {
	before(() => publishBasemap(stage.world, { type: "vector", maxzoom: 15,
	    attribution: "© Geobasis Musterland",
	    url: `http://127.0.0.1:${tiles.address().port}/{z}/{x}/{y}.pbf` }));
	after(() => publishBasemap(stage.world, null));

	for (const colorScheme of ["light", "dark"])
		test(`is drawn in the city's ${colorScheme} colours, with names`,
		    async () => {
			const visit = await stage.visit("herne", { colorScheme,
			    faults: true });
			const page = await visit.open("/defect-reporter/map");
			await closer(page);
			await drawn(page, "water", "info", 0.25);
			await drawn(page, "a street", "border", 0.6);
			await drawn(page, "names", "text");
			await page.locator(".sk-map__attribution", { hasText:
			    "© Geobasis Musterland" }).waitFor();
			await visit.end();
		});

	test("follows the mode while the map is open", async () => {
		const visit = await stage.visit("herne", { colorScheme: "light",
		    faults: true });
		const page = await visit.open("/defect-reporter/map");
		await drawn(page, "names", "text");
		await page.emulateMedia({ colorScheme: "dark" });
		await drawn(page, "water in the dark", "info", 0.25);
		await drawn(page, "names in the dark", "text");
		await visit.end();
	});

	test("is asked of its publisher by the courier, no deeper than it goes",
	    async () => {
		const visit = await stage.visit("herne", { faults: true });
		const page = await visit.open("/defect-reporter/new/place");
		await closer(page);
		await drawn(page, "what lies deeper", "info", 0.25);
		assert.ok(asked.length > 0);
		assert.deepEqual(asked.filter((url) =>
		    !/^\/(\d|1[0-5])\/\d+\/\d+\.pbf$/.test(url)), []);
		await visit.end();
	});
});

test("an archive's names are written in the theme's font, by nobody's service",
    async () => {
	const visit = await stage.visit("waltrop");
	const page = await visit.open("/defect-reporter/map");
	await page.locator(".sk-map canvas").waitFor();
	for (let i = 0; i < 3; i++)
		await page.locator(".sk-map__button").nth(1).click();
	await drawn(page, "names", "text");
	await visit.end();
});

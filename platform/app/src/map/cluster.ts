// SPDX-License-Identifier: EUPL-1.2
// Pins that would lie on each other become one with a number: first by a grid
// in the map's own pixels, then cells whose middles are too near. A group does
// not change while the map is only moved.

import type { LonLat, Pin } from "./types.ts";

const TILE = 512;
// A finger's width and a bit.
const CELL = 64;
const APART = 48;
const LATITUDE_MOST = 85.0511;

export interface Group extends LonLat {
	pins: Pin[];
}

export function project({ lon, lat }: LonLat, zoom: number): [number, number] {
	const size = TILE * 2 ** zoom;
	const clamped = Math.max(-LATITUDE_MOST, Math.min(LATITUDE_MOST, lat));
	const sine = Math.sin(clamped * Math.PI / 180);
	return [(lon + 180) / 360 * size,
	    (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size];
}

const middle = (pins: readonly Pin[]): LonLat =>
    ({ lon: pins.reduce((sum, { lon }) => sum + lon, 0) / pins.length,
	lat: pins.reduce((sum, { lat }) => sum + lat, 0) / pins.length });

// The larger group stays where it is and takes the smaller one in.
function merge(cells: Pin[][], zoom: number): Group[] {
	const groups: (Group & { x: number; y: number })[] = [];
	for (const pins of cells.sort((a, b) => b.length - a.length)) {
		const at = middle(pins);
		const [x, y] = project(at, zoom);
		const near = groups.find((group) =>
		    Math.hypot(group.x - x, group.y - y) < APART);
		if (near)
			near.pins.push(...pins);
		else
			groups.push({ ...at, x, y, pins: [...pins] });
	}
	return groups.map(({ lon, lat, pins }) => ({ lon, lat, pins }));
}

// From `single` on, each pin stands for itself.
export function cluster(pins: readonly Pin[], zoom: number, single = 17): Group[] {
	const whole = Math.floor(zoom);
	const cells = new Map<string, Pin[]>();
	for (const pin of pins) {
		const [x, y] = project(pin, whole);
		const key = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
		const cell = cells.get(key);
		if (cell)
			cell.push(pin);
		else
			cells.set(key, [pin]);
	}
	return whole >= single ? pins.map(({ lon, lat }, i) =>
	    ({ lon, lat, pins: pins.slice(i, i + 1) })) :
	    merge([...cells.values()], whole);
}

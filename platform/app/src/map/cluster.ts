// SPDX-License-Identifier: EUPL-1.2
// Pins that would lie on each other become one with a number. A grid in the
// map's own pixels: a group does not change while the map is only moved.

import type { LonLat, Pin } from "./types.ts";

const TILE = 512;
// A finger's width and a bit.
const CELL = 64;
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

// From `single` on, each pin stands for itself.
export function cluster(pins: readonly Pin[], zoom: number, single = 17): Group[] {
	const whole = Math.floor(zoom);
	const cells = new Map<string, Pin[]>();
	for (const pin of pins) {
		const [x, y] = project(pin, whole);
		const key = whole >= single ? pin.id :
		    `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
		const cell = cells.get(key);
		if (cell)
			cell.push(pin);
		else
			cells.set(key, [pin]);
	}
	return [...cells.values()].map((group) => ({ pins: group,
	    lon: group.reduce((sum, { lon }) => sum + lon, 0) / group.length,
	    lat: group.reduce((sum, { lat }) => sum + lat, 0) / group.length }));
}

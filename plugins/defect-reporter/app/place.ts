// SPDX-License-Identifier: EUPL-1.2
// Whether a place is in the city, how far it is, and how it is written.

import type { Position } from "./types.ts";

type Ring = [number, number][];

export interface Boundary {
	geometry: { type: "Polygon"; coordinates: Ring[] } |
	    { type: "MultiPolygon"; coordinates: Ring[][] };
}

// A ray to the east crosses the ring an odd number of times.
function inRing({ lat, lon }: Position, ring: Ring): boolean {
	let inside = false;
	for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
		const [x, y] = ring[i]!, [u, v] = ring[j]!;
		if (y > lat !== v > lat &&
		    lon < (u - x) * (lat - y) / (v - y) + x)
			inside = !inside;
	}
	return inside;
}

const inPolygon = (at: Position, [outer, ...holes]: Ring[]): boolean =>
    outer !== undefined && inRing(at, outer) &&
    !holes.some((hole) => inRing(at, hole));

export function isInside(at: Position, { geometry }: Boundary): boolean {
	return geometry.type === "Polygon" ? inPolygon(at, geometry.coordinates) :
	    geometry.coordinates.some((polygon) => inPolygon(at, polygon));
}

// Metres on a sphere, which is exact enough for a walk.
export function distance(a: Position, b: Position): number {
	const rad = Math.PI / 180;
	const h = Math.sin((b.lat - a.lat) * rad / 2) ** 2 +
	    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) *
	    Math.sin((b.lon - a.lon) * rad / 2) ** 2;
	return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(h)));
}

// A tenth of a metre; more would pretend.
export const rounded = ({ lat, lon }: Position): Position =>
    ({ lat: Math.round(lat * 1e6) / 1e6, lon: Math.round(lon * 1e6) / 1e6 });

export const written = ({ lat, lon }: Position): string =>
    `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

// "51.5497, 7.3117", with decimal points or commas, apart by a comma, a
// semicolon or a blank. Null when it is no position.
export function parsePosition(text: string): Position | null {
	const plain = text.replace(/°/g, " ").trim();
	const parts = /^-?\d+\.\d+,-?\d+\.\d+$/.test(plain) ? plain.split(",") :
	    plain.split(/\s*;\s*|,?\s+/);
	const [lat = Number.NaN, lon = Number.NaN, ...more] = parts.map((part) =>
	    /^-?\d{1,3}([.,]\d+)?$/.test(part) ? Number(part.replace(",", ".")) :
	    Number.NaN);
	return more.length === 0 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ?
	    { lat, lon } : null;
}

// SPDX-License-Identifier: EUPL-1.2
// Where in a piece of ground there is room for its word: in the middle of the
// widest part of the line through its middle, which lies inside whatever its
// shape is.

export type Polygons = [number, number][][][];

// More words than that nobody reads.
export const LABELS_MOST = 200;

export interface Spot {
	lon: number;
	lat: number;
	// How far the ground reaches from there.
	west: number;
	east: number;
	south: number;
	north: number;
}

// Where the line at `level` along `axis` crosses the rings, in order.
function crossings(rings: readonly [number, number][][], level: number,
    axis: 0 | 1): number[] {
	const other = axis === 0 ? 1 : 0;
	const found: number[] = [];
	for (const ring of rings)
		ring.forEach((a, i) => {
			const b = ring[(i + 1) % ring.length]!;
			if (a[axis] > level !== b[axis] > level)
				found.push(a[other] + (b[other] - a[other]) *
				    (level - a[axis]) / (b[axis] - a[axis]));
		});
	return found.sort((a, b) => a - b);
}

// The widest of the pieces that lie inside, or the one that has `at`.
function widest(ends: readonly number[], at?: number): [number, number] | null {
	let best: [number, number] | null = null;
	for (let i = 0; i + 1 < ends.length; i += 2) {
		const from = ends[i]!, to = ends[i + 1]!;
		if (at !== undefined ? from <= at && at <= to :
		    !best || to - from > best[1] - best[0])
			best = [from, to];
	}
	return best;
}

export function spotOf(polygons: Polygons): Spot | null {
	let spot: Spot | null = null;
	for (const rings of polygons) {
		const lats = rings[0]?.map(([, lat]) => lat) ?? [];
		const lat = (Math.min(...lats) + Math.max(...lats)) / 2;
		const across = widest(crossings(rings, lat, 1));
		if (!across || spot && across[1] - across[0] <= spot.east - spot.west)
			continue;
		const [west, east] = across;
		const lon = (west + east) / 2;
		const along = widest(crossings(rings, lon, 0), lat);
		if (along)
			spot = { lon, lat, west, east, south: along[0],
			    north: along[1] };
	}
	return spot;
}

// SPDX-License-Identifier: EUPL-1.2
// What a tour's screens compute. Pure: no network, no page.

// One stop earlier or later; the same list at either end.
export function moved(ids: readonly string[], id: string, by: 1 | -1): string[] {
	const from = ids.indexOf(id);
	const to = from + by;
	if (from < 0 || to < 0 || to >= ids.length)
		return [...ids];
	const rest = ids.filter((one) => one !== id);
	return [...rest.slice(0, to), id, ...rest.slice(to)];
}

// The closest a map comes to a tour, and the farthest.
const CLOSE = 16, FAR = 10;
// Pixels of the world at zoom 0, and what of a map's side a tour may take.
const WORLD = 512, PART = 0.7;

// The zoom at which a tour of this extent, in degrees, fits into the map.
export function zoomFor(lon: number, lat: number, width: number, height: number): number {
	const degrees = Math.max(lon / width, lat * 1.6 / height, 1e-9);
	const zoom = Math.floor(Math.log2(360 * PART / WORLD / degrees));
	return Math.min(Math.max(zoom, FAR), CLOSE);
}

// SPDX-License-Identifier: EUPL-1.2
// Which cells of parcels a map shows: web-mercator tiles at zoom 16, as the
// server has them. Knows no page.

export const FROM = 16;
const ACROSS = 2 ** FROM;
// More than the largest screen shows from there.
const MOST = 100;

export interface Cell {
	x: number;
	y: number;
}

const clamped = (cell: number): number =>
    Math.max(0, Math.min(ACROSS - 1, Math.floor(cell)));
const column = (lon: number): number => clamped((lon + 180) / 360 * ACROSS);
const row = (lat: number): number => clamped((1 - Math.asinh(Math.tan(
    lat * Math.PI / 180)) / Math.PI) / 2 * ACROSS);

// West, south, east, north.
export function cellsOf([west, south, east, north]:
    readonly [number, number, number, number]): Cell[] {
	const cells: Cell[] = [];
	for (let y = row(north); y <= row(south); y++)
		for (let x = column(west); x <= column(east); x++)
			cells.push({ x, y });
	return cells.slice(0, MOST);
}

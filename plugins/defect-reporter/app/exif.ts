// SPDX-License-Identifier: EUPL-1.2
// Where a JPEG was taken, from its EXIF data (CIPA DC-008, JPEG's APP1 segment
// with a TIFF inside). Only the position is read, and on this device only.
// Whatever the bytes are, the answer is a position or null, never an error.

import type { Position } from "./types.ts";

const APP1 = 0xffe1;
const START_OF_SCAN = 0xffda;
const EXIF = 0x45786966;
const GPS_IFD = 0x8825;
const MOST_ENTRIES = 1000;

// The TIFF inside the first APP1 segment that is EXIF.
function findTiff(view: DataView): DataView | null {
	if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8)
		return null;
	let at = 2;
	while (at + 4 <= view.byteLength) {
		const marker = view.getUint16(at);
		const size = view.getUint16(at + 2);
		if (marker < 0xff00 || marker === START_OF_SCAN || size < 2)
			return null;
		const end = Math.min(at + 2 + size, view.byteLength);
		if (marker === APP1 && at + 10 <= end &&
		    view.getUint32(at + 4) === EXIF)
			return new DataView(view.buffer,
			    view.byteOffset + at + 10, end - at - 10);
		at += 2 + size;
	}
	return null;
}

// Entries of a directory: tag to where the entry stands.
function directory(tiff: DataView, at: number, little: boolean): Map<number, number> {
	const entries = new Map<number, number>();
	const count = Math.min(tiff.getUint16(at, little), MOST_ENTRIES);
	for (let i = 0; i < count; i++) {
		const entry = at + 2 + i * 12;
		entries.set(tiff.getUint16(entry, little), entry);
	}
	return entries;
}

// Degrees, minutes, seconds as three fractions.
function degrees(tiff: DataView, entry: number, little: boolean): number {
	const at = tiff.getUint32(entry + 8, little);
	let value = 0;
	for (const [i, unit] of [1, 60, 3600].entries()) {
		const over = tiff.getUint32(at + i * 8, little);
		const under = tiff.getUint32(at + i * 8 + 4, little);
		// Seconds that were not measured are 0/0.
		value += under === 0 ? 0 : over / under / unit;
	}
	return value;
}

function read(view: DataView): Position | null {
	const tiff = findTiff(view);
	if (!tiff)
		return null;
	const little = tiff.getUint16(0) === 0x4949;
	const root = directory(tiff, tiff.getUint32(4, little), little);
	const pointer = root.get(GPS_IFD);
	if (pointer === undefined)
		return null;
	const gps = directory(tiff, tiff.getUint32(pointer + 8, little), little);
	const [latRef, lat, lonRef, lon] = [1, 2, 3, 4].map((tag) => gps.get(tag));
	if (!latRef || !lat || !lonRef || !lon)
		return null;
	const sign = (entry: number, negative: string) =>
	    String.fromCharCode(tiff.getUint8(entry + 8)) === negative ? -1 : 1;
	const at = { lat: sign(latRef, "S") * degrees(tiff, lat, little),
	    lon: sign(lonRef, "W") * degrees(tiff, lon, little) };
	// A camera without a fix writes zeros.
	if ((at.lat === 0 && at.lon === 0) || !(Math.abs(at.lat) <= 90) ||
	    !(Math.abs(at.lon) <= 180))
		return null;
	return at;
}

export function exifPosition(bytes: ArrayBuffer): Position | null {
	try {
		return read(new DataView(bytes));
	} catch (error) {
		// Offsets that lead outside.
		if (error instanceof RangeError)
			return null;
		throw error;
	}
}

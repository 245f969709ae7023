// SPDX-License-Identifier: EUPL-1.2
// A photo as a phone makes it: a JPEG with the place it was taken at.

import { picture } from "../../http/lib/city.mjs";

const ASCII = 2, LONG = 4, RATIONAL = 5;

function entry(tag, type, count, value) {
	const bytes = Buffer.alloc(12);
	bytes.writeUInt16LE(tag, 0);
	bytes.writeUInt16LE(type, 2);
	bytes.writeUInt32LE(count, 4);
	if (typeof value === "number")
		bytes.writeUInt32LE(value, 8);
	else
		bytes.write(value, 8, "latin1");
	return bytes;
}

function directory(entries) {
	const count = Buffer.alloc(2);
	count.writeUInt16LE(entries.length);
	return Buffer.concat([count, ...entries, Buffer.alloc(4)]);
}

// Degrees, minutes, and seconds to a ten-thousandth.
function degrees(value) {
	const bytes = Buffer.alloc(24);
	const whole = Math.floor(value), minutes = (value - whole) * 60;
	[[whole, 1], [Math.floor(minutes), 1],
	    [Math.round((minutes % 1) * 600_000), 10_000]]
	    .forEach(([number, of], i) => {
		bytes.writeUInt32LE(number, i * 8);
		bytes.writeUInt32LE(of, i * 8 + 4);
	});
	return bytes;
}

// Exif 2.32, 4.6: TIFF, its first directory, and that of the GPS.
export function photoAt(lat, lon, jpeg = picture("orientation-6.jpg")) {
	const header = Buffer.from("49492a0008000000", "hex");
	const gps = 8 + 2 + 12 + 4;
	const values = gps + 2 + 4 * 12 + 4;
	const tiff = Buffer.concat([header, directory([
	    entry(0x8825, LONG, 1, gps)]), directory([
	    entry(1, ASCII, 2, lat < 0 ? "S" : "N"),
	    entry(2, RATIONAL, 3, values),
	    entry(3, ASCII, 2, lon < 0 ? "W" : "E"),
	    entry(4, RATIONAL, 3, values + 24)]),
	    degrees(Math.abs(lat)), degrees(Math.abs(lon))]);
	const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
	const head = Buffer.alloc(4);
	head.writeUInt16BE(0xffe1, 0);
	head.writeUInt16BE(body.length + 2, 2);
	return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

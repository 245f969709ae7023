// SPDX-License-Identifier: EUPL-1.2
// A photo as it is sent: upright, at most 2,560 pixels wide or high, a new JPEG
// in which nothing stands but the picture. Made on this device.

import { AppError } from "@stadtkern/app";
import { exifPosition } from "./exif.ts";
import type { Position } from "./types.ts";

const LARGEST = 2560;
const QUALITY = 0.85;
// EXIF stands at the beginning.
const HEAD = 256 * 1024;

export interface Taken {
	blob: Blob;
	position: Position | null;
}

export function fitted(width: number, height: number): { width: number;
    height: number } {
	const scale = Math.min(1, LARGEST / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)),
	    height: Math.max(1, Math.round(height * scale)) };
}

// The browser turns it upright by EXIF's orientation; that is the default.
async function decode(file: Blob): Promise<ImageBitmap> {
	try {
		return await createImageBitmap(file);
	} catch {
		throw new AppError("app.photo.unreadable");
	}
}

function encode(canvas: HTMLCanvasElement): Promise<Blob> {
	return new Promise((resolve, reject) => canvas.toBlob((blob) => blob ?
	    resolve(blob) : reject(new AppError("app.photo.unreadable")),
	    "image/jpeg", QUALITY));
}

export async function takePhoto(file: Blob): Promise<Taken> {
	const position = exifPosition(await file.slice(0, HEAD).arrayBuffer());
	const picture = await decode(file);
	try {
		const { width, height } = fitted(picture.width, picture.height);
		const canvas = document.createElement("canvas");
		canvas.width = width;
		canvas.height = height;
		const context = canvas.getContext("2d");
		if (!context)
			throw new AppError("app.photo.unreadable");
		// What is see-through in a PNG would become black.
		context.fillStyle = "#fff";
		context.fillRect(0, 0, width, height);
		context.drawImage(picture, 0, 0, width, height);
		return { blob: await encode(canvas), position };
	} finally {
		picture.close();
	}
}

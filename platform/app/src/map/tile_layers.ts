// SPDX-License-Identifier: EUPL-1.2
// Which layers a vector tile has. Somebody else's map tells it nowhere else.

const NAME_MOST = 100;
const LAYERS = 3, NAME = 1;
const VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5;

class Reader {
	private at = 0;

	constructor(private bytes: Uint8Array) {}

	get more(): boolean {
		return this.at < this.bytes.length;
	}

	// Below 2^53; what is longer is none of ours.
	varint(): number {
		let value = 0;
		for (let power = 1; power < 2 ** 50; power *= 128) {
			const byte = this.bytes[this.at++];
			if (byte === undefined)
				break;
			value += (byte & 127) * power;
			if (byte < 128)
				return value;
		}
		throw new RangeError("not a vector tile");
	}

	take(length: number): Uint8Array {
		const part = this.bytes.subarray(this.at, this.at += length);
		if (part.length !== length)
			throw new RangeError("not a vector tile");
		return part;
	}
}

// The fields of a message that are bytes. Protocol Buffers: a key is number
// and kind of the field.
function* parts(bytes: Uint8Array): Generator<[number, Uint8Array]> {
	const reader = new Reader(bytes);
	while (reader.more) {
		const key = reader.varint();
		const kind = key % 8;
		if (kind === BYTES)
			yield [Math.floor(key / 8), reader.take(reader.varint())];
		else if (kind === VARINT)
			reader.varint();
		else if (kind === FIXED64 || kind === FIXED32)
			reader.take(kind === FIXED64 ? 8 : 4);
		else
			throw new RangeError("not a vector tile");
	}
}

function nameOf(layer: Uint8Array): string | null {
	for (const [number, bytes] of parts(layer))
		if (number === NAME)
			return bytes.length > 0 && bytes.length <= NAME_MOST ?
			    new TextDecoder().decode(bytes) : null;
	return null;
}

// What is no tile has none: whether it can be drawn, the library says.
export function layerNames(tile: Uint8Array): string[] {
	const names: string[] = [];
	try {
		for (const [number, bytes] of parts(tile)) {
			const name = number === LAYERS ? nameOf(bytes) : null;
			if (name !== null)
				names.push(name);
		}
	} catch (error) {
		if (!(error instanceof RangeError))
			throw error;
	}
	return names;
}

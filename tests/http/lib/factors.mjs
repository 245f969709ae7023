// SPDX-License-Identifier: EUPL-1.2
// What a member of staff has in their pocket: a code generator (RFC 6238) and
// a passkey (WebAuthn Level 2), in software.

import crypto from "node:crypto";

const base32 = (text) => {
	let bits = "";
	for (const letter of text)
		bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter)
		    .toString(2).padStart(5, "0");
	return Buffer.from((bits.match(/.{8}/g) ?? [])
	    .map((byte) => parseInt(byte, 2)));
};

// The code of a secret; `steps` of 30 seconds from now.
export function totp(secret, steps = 0) {
	const counter = Buffer.alloc(8);
	counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
	const mac = crypto.createHmac("sha1", base32(secret)).update(counter)
	    .digest();
	const at = mac[19] & 15;
	return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000)
	    .padStart(6, "0");
}

const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest();
const url = (bytes) => Buffer.from(bytes).toString("base64url");

// COSE_Key (RFC 9053, 7.1) of a P-256 public key.
function cose(key) {
	const { x, y } = key.export({ format: "jwk" });
	return Buffer.concat([Buffer.from("a5010203262001215820", "hex"),
	    Buffer.from(x, "base64url"), Buffer.from("225820", "hex"),
	    Buffer.from(y, "base64url")]);
}

export class Passkey {
	constructor() {
		this.keys = crypto.generateKeyPairSync("ec",
		    { namedCurve: "P-256" });
		this.credential = crypto.randomBytes(32);
		this.counter = 0;
	}

	get id() {
		return url(this.credential);
	}

	client(type, options, { origin = `http://${options.rpId ??
	    options.rp.id}`, ...changes }) {
		return Buffer.from(JSON.stringify({ type,
		    challenge: options.challenge, origin, crossOrigin: false,
		    ...changes.client }));
	}

	data(host, { flags, counter = ++this.counter }, more = []) {
		const count = Buffer.alloc(4);
		count.writeUInt32BE(counter);
		return Buffer.concat([sha256(host), Buffer.from([flags]), count,
		    ...more]);
	}

	// navigator.credentials.create(), as our routes take it.
	create(options, changes = {}) {
		const length = Buffer.alloc(2);
		length.writeUInt16BE(this.credential.length);
		return { client_data: url(this.client("webauthn.create", options,
		    changes)), authenticator_data: url(this.data(changes.host ??
		    options.rp.id, { flags: 0x45, ...changes }, [Buffer.alloc(16),
		    length, this.credential, changes.key ??
		    cose(this.keys.publicKey)])) };
	}

	// navigator.credentials.get()
	get(options, changes = {}) {
		const client = this.client("webauthn.get", options, changes);
		const data = this.data(changes.host ?? options.rpId,
		    { flags: 0x05, ...changes });
		return { id: this.id, client_data: url(client),
		    authenticator_data: url(data), signature: url(crypto.sign(
		    "sha256", Buffer.concat([data, sha256(client)]),
		    (changes.by ?? this).keys.privateKey)) };
	}
}

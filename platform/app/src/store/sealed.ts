// SPDX-License-Identifier: EUPL-1.2
// Objects sealed with AES-256-GCM. The key is made on this device, cannot be
// exported, and lies in IndexedDB as a handle.

import { AppError } from "../errors.ts";
import * as database from "./database.ts";

interface Sealed {
	iv: Uint8Array<ArrayBuffer>;
	data: ArrayBuffer;
}

let key: Promise<CryptoKey> | null = null;

async function makeKey(): Promise<CryptoKey> {
	const kept = await database.get<CryptoKey>("keys", "vault");
	if (kept)
		return kept;
	const fresh = await crypto.subtle.generateKey({ name: "AES-GCM",
	    length: 256 }, false, ["encrypt", "decrypt"]);
	// Two tabs may get here at once; the one that was first is right.
	await database.put("keys", "vault", fresh);
	return await database.get<CryptoKey>("keys", "vault") ?? fresh;
}

function theKey(): Promise<CryptoKey> {
	key ??= (navigator.locks ? navigator.locks.request("stadtkern-key",
	    makeKey) : makeKey()).catch((error: unknown) => {
		key = null;
		throw error;
	});
	return key;
}

// The name under which it lies is authenticated too: a record that was moved
// to another place does not open.
const bound = (store: string, name: string) =>
    new TextEncoder().encode(`${store}/${name}`);

// What put() would store; for a change of several records at once.
export async function seal(store: database.Store, name: string,
    value: unknown): Promise<unknown> {
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv,
	    additionalData: bound(store, name) }, await theKey(),
	    new TextEncoder().encode(JSON.stringify(value)));
	return { iv, data } satisfies Sealed;
}

export async function put(store: database.Store, name: string,
    value: unknown): Promise<void> {
	await database.put(store, name, await seal(store, name, value));
}

export async function get<T>(store: database.Store,
    name: string): Promise<T | undefined> {
	const sealed = await database.get<Sealed>(store, name);
	if (!sealed)
		return undefined;
	try {
		const data = await crypto.subtle.decrypt({ name: "AES-GCM",
		    iv: sealed.iv, additionalData: bound(store, name) },
		    await theKey(), sealed.data);
		return JSON.parse(new TextDecoder().decode(data)) as T;
	} catch {
		throw new AppError("app.error.sealed");
	}
}

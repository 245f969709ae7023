// SPDX-License-Identifier: EUPL-1.2
// The device's database. Everything that says something about a person is
// sealed with a key that WebCrypto gives to nobody, not even to us: the bytes
// on the disk are worth nothing without this browser. Photos of drafts are not
// sealed; they are kept as they came from the camera.
//
// Used by the page and by the service worker.

import { storageError } from "../errors.ts";

const NAME = "stadtkern";
const VERSION = 1;

export type Store = "keys" | "plain" | "vault" | "drafts" | "outbox" |
    "blobs" | "kept";
const STORES: Store[] = ["keys", "plain", "vault", "drafts", "outbox",
    "blobs", "kept"];

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
	opened ??= new Promise<IDBDatabase>((resolve, reject) => {
		const request = indexedDB.open(NAME, VERSION);
		request.onupgradeneeded = () => {
			for (const store of STORES)
				if (!request.result.objectStoreNames.contains(store))
					request.result.createObjectStore(store);
		};
		request.onsuccess = () => {
			// A page with a newer version must not wait for this one.
			request.result.onversionchange = () => {
				request.result.close();
				opened = null;
			};
			resolve(request.result);
		};
		request.onerror = () => {
			opened = null;
			reject(storageError(request.error));
		};
	});
	return opened;
}

async function within<T>(store: Store, mode: IDBTransactionMode,
    action: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
	const database = await open();
	return new Promise<T>((resolve, reject) => {
		const transaction = database.transaction(store, mode);
		const request = action(transaction.objectStore(store));
		transaction.oncomplete = () => resolve(request.result);
		transaction.onabort = () =>
		    reject(transaction.error ?? request.error);
	}).catch((error: unknown) => {
		throw storageError(error);
	});
}

export const get = <T>(store: Store, key: string): Promise<T | undefined> =>
    within(store, "readonly", (s) => s.get(key) as IDBRequest<T | undefined>);
export const put = (store: Store, key: string, value: unknown): Promise<unknown> =>
    within(store, "readwrite", (s) => s.put(value, key));
export const remove = (store: Store, key: string): Promise<unknown> =>
    within(store, "readwrite", (s) => s.delete(key));
export const keys = async (store: Store): Promise<string[]> =>
    (await within(store, "readonly", (s) => s.getAllKeys())).map(String);
export const clear = (store: Store): Promise<unknown> =>
    within(store, "readwrite", (s) => s.clear());

export type Change = { store: Store; key: string; value?: unknown };

// All of it or nothing; a change without a value removes.
export async function change(changes: readonly Change[]): Promise<void> {
	const database = await open();
	await new Promise<void>((resolve, reject) => {
		const transaction = database.transaction(
		    [...new Set(changes.map(({ store }) => store))], "readwrite");
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(transaction.error);
		for (const { store, key, value } of changes) {
			const into = transaction.objectStore(store);
			if (value === undefined)
				into.delete(key);
			else
				into.put(value, key);
		}
	}).catch((error: unknown) => {
		throw storageError(error);
	});
}

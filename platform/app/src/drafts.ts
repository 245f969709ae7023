// SPDX-License-Identifier: EUPL-1.2
// What somebody has begun and not sent. Survives closing the browser. Data are
// sealed, photos are kept as they are. An id is "<plugin>/<name>".

import * as database from "./store/database.ts";
import * as sealed from "./store/sealed.ts";
import { now } from "./clock.ts";

export interface Draft<T> {
	id: string;
	data: T;
	// By name, in the order in which they were added.
	blobs: Map<string, Blob>;
	saved: number;
}

interface Stored<T> {
	data: T;
	blobs: string[];
	saved: number;
}

const place = (id: string, name: string) => `draft/${id}/${name}`;

const stored = <T>(id: string) => sealed.get<Stored<T>>("drafts", id);

// One after the other: the photo that comes while text is saved is not lost.
let queue: Promise<unknown> = Promise.resolve();
function after<T>(action: () => Promise<T>): Promise<T> {
	const result = queue.then(action, action);
	queue = result.catch(() => undefined);
	return result;
}

// What is not yet written down. A page may be closed before it is.
const late = new Map<string, unknown>();

export const letGo = (id: string): unknown => late.delete(id);

// Sealing takes a moment that a page which is closed does not have; the service
// worker has.
export function startDrafts(): void {
	addEventListener("pagehide", () => {
		for (const [id, data] of late)
			navigator.serviceWorker?.controller?.postMessage({ type: "draft",
			    id, data, saved: now() });
	});
}

export const keepLate = (id: string, data: unknown, saved: number): Promise<void> =>
    after(async () => {
	const old = await stored(id).catch(() => undefined);
	if ((old?.saved ?? 0) < saved)
		await sealed.put("drafts", id, { blobs: [], ...old, data, saved });
    });

async function change<T>(id: string, edit: (old: Stored<T> | undefined) =>
    Partial<Stored<T>>): Promise<void> {
	const old = await stored<T>(id).catch(() => undefined);
	await sealed.put("drafts", id, { data: null, blobs: [], ...old,
	    ...edit(old), saved: now() });
}

export const drafts = {
	// Of what is saved while another saving waits, the newest is written.
	save<T>(id: string, data: T): Promise<void> {
		late.set(id, data);
		return after(async () => {
			if (late.get(id) !== data)
				return;
			await change<T>(id, () => ({ data }));
			if (late.get(id) === data)
				late.delete(id);
		});
	},

	async load<T>(id: string): Promise<Draft<T> | null> {
		const kept = await after(() => stored<T>(id));
		if (!kept)
			return null;
		const blobs = new Map<string, Blob>();
		for (const name of kept.blobs) {
			const blob = await database.get<Blob>("blobs", place(id, name));
			if (blob)
				blobs.set(name, blob);
		}
		return { id, data: kept.data, blobs, saved: kept.saved };
	},

	// AppError "app.error.storage-full" when the device has no room; the
	// rest of the draft stays.
	addBlob: (id: string, name: string, blob: Blob): Promise<void> =>
	    after(async () => {
		await database.put("blobs", place(id, name), blob);
		await change(id, (old) => ({ blobs: [...(old?.blobs ?? [])
		    .filter((other) => other !== name), name] }));
	    }),

	removeBlob: (id: string, name: string): Promise<void> =>
	    after(async () => {
		await change(id, (old) => ({ blobs: (old?.blobs ?? [])
		    .filter((other) => other !== name) }));
		await database.remove("blobs", place(id, name));
	    }),

	remove: (id: string): Promise<void> =>
	    after(async () => {
		letGo(id);
		const kept = await stored(id).catch(() => undefined);
		await database.remove("drafts", id);
		for (const name of kept?.blobs ?? [])
			await database.remove("blobs", place(id, name));
	    }),

	// Ids that begin with a prefix, for "go on where you stopped".
	async list(prefix = ""): Promise<string[]> {
		return (await database.keys("drafts")).filter((id) =>
		    id.startsWith(prefix));
	},
};

// Browsers erase what lies around when space is short, unless they were asked.
export async function keepStorage(): Promise<void> {
	await navigator.storage?.persist?.().catch(() => false);
}

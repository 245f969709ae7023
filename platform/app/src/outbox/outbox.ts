// SPDX-License-Identifier: EUPL-1.2
// The outbox, for screens: what a person sends is written down here first and
// sent as soon as there is a network, once.

import { signal } from "@preact/signals";
import { now } from "../clock.ts";
import { language } from "../context.ts";
import { keepStorage, letGo } from "../drafts.ts";
import * as database from "../store/database.ts";
import * as sealed from "../store/sealed.ts";
import { CHANNEL, entries as load, sendAll, store, tell } from "./send.ts";
import { retry, type Entry, type Step } from "./state.ts";

export type { Entry, Problem, State } from "./state.ts";

export interface NewStep {
	method?: Step["method"];
	// May hold {0.id}: the member `id` of the answer to step 0.
	path: string;
	// One of the two.
	json?: unknown;
	blob?: Blob;
	// Refused, it does not hold up the others: a photo.
	optional?: boolean;
}

export interface NewEntry {
	plugin: string;
	title: string;
	steps: NewStep[];
	// Id of the draft it was made from: removed in the same moment.
	draft?: string;
}

const REMEMBERED = 7 * 86_400_000;

const entries = signal<Entry[]>([]);
let timer: ReturnType<typeof setTimeout> | undefined;

async function refresh(): Promise<void> {
	entries.value = await load();
}

async function flush(force = false): Promise<void> {
	clearTimeout(timer);
	const next = await sendAll(language.value, force);
	await refresh();
	if (next !== null)
		timer = setTimeout(() => void flush(),
		    Math.max(1000, next - now()));
}

// The browser wakes the service worker when there is a network again, even
// when no page is open. Not every browser has it; then it is the next start.
async function registerSync(): Promise<void> {
	const registration = await navigator.serviceWorker?.getRegistration() as
	    { sync?: { register: (tag: string) => Promise<void> } } | undefined;
	await registration?.sync?.register("outbox").catch(() => undefined);
}

async function draftChanges(draft: string): Promise<database.Change[]> {
	const blobs = (await database.keys("blobs")).filter((key) =>
	    key.startsWith(`draft/${draft}/`));
	return [{ store: "drafts", key: draft },
	    ...blobs.map((key) => ({ store: "blobs" as const, key }))];
}

async function add(fresh: NewEntry): Promise<string> {
	const id = crypto.randomUUID();
	const changes: database.Change[] = [];
	const steps = fresh.steps.map((step, index): Step => {
		const blob = `outbox/${id}/${index}`;
		if (step.blob)
			changes.push({ store: "blobs", key: blob, value: step.blob });
		return { method: step.method ?? "POST", path: step.path,
		    ...step.blob ? { blob } : { json: step.json },
		    key: crypto.randomUUID(), optional: step.optional ?? false,
		    done: false, answer: null, problem: null, inDoubtSince: null,
		    device: null };
	});
	const entry: Entry = { id, plugin: fresh.plugin, title: fresh.title,
	    created: now(), steps, state: "waiting", problem: null, tries: 0,
	    notBefore: 0, sentAt: null };
	await database.change([...changes, { store: "outbox", key: id,
	    value: await sealed.seal("outbox", id, entry) },
	    ...fresh.draft ? await draftChanges(fresh.draft) : []]);
	if (fresh.draft)
		letGo(fresh.draft);
	tell();
	await refresh();
	void keepStorage();
	void registerSync();
	void flush();
	return id;
}

// The entry as soon as it no longer waits, or as it is when time is up: then
// there is no network, and the screen says that it will be sent later.
function wait(id: string, milliseconds: number): Promise<Entry | undefined> {
	const find = () => entries.value.find((entry) => entry.id === id);
	return new Promise((resolve) => {
		let stop: () => void = () => undefined;
		const end = () => {
			clearTimeout(late);
			queueMicrotask(() => stop());
			resolve(find());
		};
		const late = setTimeout(end, milliseconds);
		stop = entries.subscribe(() => {
			const entry = find();
			if (entry && (entry.state !== "waiting" || entry.tries > 0))
				end();
		});
	});
}

async function change(id: string, edit: (entry: Entry) => Entry): Promise<void> {
	const entry = (await load()).find((one) => one.id === id);
	if (entry)
		await store(edit(entry), entry);
	await refresh();
}

async function remove(id: string): Promise<void> {
	const blobs = (await database.keys("blobs")).filter((key) =>
	    key.startsWith(`outbox/${id}/`));
	await database.change([{ store: "outbox", key: id },
	    ...blobs.map((key) => ({ store: "blobs" as const, key }))]);
	tell();
	await refresh();
}

export const outbox = {
	// Newest last.
	entries,
	add,
	wait,
	remove,
	flush,

	// The blobs of a message that was not sent, in the order of its steps, so
	// that it can become a draft again.
	async blobs(id: string): Promise<Blob[]> {
		const entry = (await load()).find((one) => one.id === id);
		const found: Blob[] = [];
		for (const { blob } of entry?.steps ?? []) {
			const value = blob === undefined ? undefined :
			    await database.get<Blob>("blobs", blob);
			if (value)
				found.push(value);
		}
		return found;
	},

	async retry(id: string): Promise<void> {
		await change(id, (entry) => retry(entry, () => crypto.randomUUID()));
		await flush(true);
	},

	// After an account was confirmed.
	async retryAccount(): Promise<void> {
		for (const entry of entries.value)
			if (entry.state === "account")
				await change(entry.id, (one) => retry(one,
				    () => crypto.randomUUID()));
		await flush(true);
	},
};

// What was sent is remembered for a week; the city knows it for longer.
async function forget(): Promise<void> {
	for (const { id, state, sentAt } of entries.value)
		if (state === "sent" && now() - (sentAt ?? 0) > REMEMBERED)
			await remove(id);
}

// Called once, when the shell starts.
export function startOutbox(): void {
	new BroadcastChannel(CHANNEL).onmessage = () => void refresh();
	addEventListener("online", () => void flush(true));
	void refresh().then(forget).then(() => flush(true))
	    .catch(() => undefined);
}

// SPDX-License-Identifier: EUPL-1.2
// Sends what waits. One sender at a time in all tabs and the service worker: a
// lock of the browser's. What is about to be sent is written down first, so
// that one that dies in between is noticed.
//
// Used by the page and by the service worker.

import { now } from "../clock.ts";
import { ApiError } from "../errors.ts";
import { deviceId, deviceIsUnknown, request } from "../http.ts";
import * as database from "../store/database.ts";
import * as sealed from "../store/sealed.ts";
import { begin, isDue, isForeign, nextStep, pathOf, settle, tooOld, type Entry,
    type Outcome, type Step } from "./state.ts";

export const CHANNEL = "stadtkern-outbox";

let channel: BroadcastChannel | null = null;

export function tell(): void {
	channel ??= new BroadcastChannel(CHANNEL);
	channel.postMessage("changed");
}

export async function entries(): Promise<Entry[]> {
	const all: Entry[] = [];
	for (const id of await database.keys("outbox")) {
		const entry = await sealed.get<Entry>("outbox", id)
		    .catch(() => undefined);
		if (entry)
			all.push(entry);
	}
	return all.sort((a, b) => a.created - b.created);
}

const blobsOf = (entry: Entry) => entry.steps.flatMap((step) =>
    step.blob ? [step.blob] : []);

export async function store(entry: Entry, before: Entry): Promise<void> {
	const kept = new Set(blobsOf(entry));
	await database.change([{ store: "outbox", key: entry.id,
	    value: await sealed.seal("outbox", entry.id, entry) },
	    ...blobsOf(before).filter((key) => !kept.has(key)).map((key) =>
		({ store: "blobs" as const, key }))]);
	tell();
}

function outcome(error: unknown): Outcome {
	if (!(error instanceof ApiError))
		throw error;
	if (error.status === 429 || error.status === 408)
		return { kind: "later", seconds: error.retryAfter,
		    mayHaveArrived: false };
	if (error.kind !== "problem" || error.status >= 500 ||
	    error.status === 401)
		return { kind: "later", seconds: error.retryAfter,
		    mayHaveArrived: error.kind !== "offline" || navigator.onLine };
	if (error.code === "account-required")
		return { kind: "account" };
	return { kind: "refused", problem: { code: error.code,
	    title: error.title, errors: error.errors } };
}

async function attempt(entry: Entry, step: Step, inDoubt: boolean,
    language: string): Promise<Outcome> {
	const path = pathOf(entry, step);
	const blob = step.blob ? await database.get<Blob>("blobs", step.blob) :
	    undefined;
	if (path === null || (step.blob && !blob))
		return { kind: "refused", problem: { code: "lost", title: "",
		    errors: [] } };
	try {
		const { data } = await request<unknown>(path, { method: step.method,
		    device: true, key: step.key, language, body: blob ?? step.json,
		    sameDevice: inDoubt });
		return { kind: "done", answer: data };
	} catch (error) {
		// Keys belong to a device; under another one this would be new.
		if (inDoubt && deviceIsUnknown(error))
			return { kind: "doubtful" };
		return outcome(error);
	}
}

async function sendOne(entry: Entry, language: string): Promise<Entry> {
	let current = entry;
	for (;;) {
		const index = nextStep(current);
		const step = current.steps[index];
		if (!step || current.state !== "waiting")
			return current;
		const before = current;
		const inDoubt = step.inDoubtSince !== null;
		let result: Outcome = { kind: "doubtful" };
		const device = await deviceId();
		if (!tooOld(step, now()) && !isForeign(step, device)) {
			current = begin(current, index, now(), device);
			await store(current, before);
			result = await attempt(current, step, inDoubt, language);
		}
		const settled = settle(current, index, result, now(), Math.random());
		// Deleted meanwhile by the person: stays deleted.
		if (!await database.get("outbox", entry.id))
			return settled;
		await store(settled, current);
		current = settled;
		if (result.kind !== "done" && result.kind !== "refused")
			return current;
	}
}

// Everything that is due; with `force`, also what would wait a little longer.
// Gives the time of the next try, or null when nothing waits.
export async function sendAll(language: string, force = false): Promise<number | null> {
	const work = async () => {
		for (const entry of await entries())
			if (isDue(entry, now()) ||
			    (force && entry.state === "waiting"))
				await sendOne(entry, language);
		const waiting = (await entries()).filter((entry) =>
		    entry.state === "waiting");
		return waiting.length === 0 ? null :
		    Math.min(...waiting.map((entry) => entry.notBefore));
	};
	return navigator.locks ?
	    await navigator.locks.request("stadtkern-outbox", work) as number | null :
	    work();
}

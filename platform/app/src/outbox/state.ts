// SPDX-License-Identifier: EUPL-1.2
// What becomes of a message in the outbox. Pure: no storage, no network, no
// clock of its own.
//
//	waiting ──► sent		all steps were answered
//	waiting ──► waiting		no network, 503, 429: later, same key
//	waiting ──► refused		the server said no: the person decides
//	waiting ──► account		needs a confirmed account first
//	waiting ──► doubtful		it may have arrived, and its key is too old
//					to find out: the person decides
//	refused, account, doubtful ──► waiting	by retry()

import type { FieldError } from "../errors.ts";

export type State = "waiting" | "sent" | "refused" | "account" | "doubtful";

export interface Problem {
	code: string;
	title: string;
	errors: FieldError[];
}

export interface Step {
	method: "POST" | "PUT" | "DELETE";
	// May hold {0.id}: the member `id` of the answer to step 0.
	path: string;
	json?: unknown;
	// Where in "blobs" the body lies.
	blob?: string;
	key: string;
	// Refused, it does not hold up the others.
	optional: boolean;
	done: boolean;
	answer: unknown;
	problem: Problem | null;
	// When it was first sent, in case it may have arrived.
	inDoubtSince: number | null;
	// Which device that was; null when it had none before.
	device: string | null;
}

export interface Entry {
	id: string;
	plugin: string;
	// What the person reads in the queue: "Schlagloch, Bahnhofstraße".
	title: string;
	created: number;
	steps: Step[];
	state: State;
	problem: Problem | null;
	tries: number;
	notBefore: number;
	sentAt: number | null;
}

export type Outcome =
    { kind: "done"; answer: unknown } |
    { kind: "later"; seconds: number | null; mayHaveArrived: boolean } |
    { kind: "refused"; problem: Problem } |
    { kind: "account" } |
    { kind: "doubtful" };

// The server keeps a key for 48 hours; an hour for clocks and slow networks.
export const KEY_LASTS = 47 * 3_600_000;
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;

export const nextStep = (entry: Entry): number =>
    entry.steps.findIndex((step) => !step.done);

export const isDue = (entry: Entry, now: number): boolean =>
    entry.state === "waiting" && entry.notBefore <= now;

export function tooOld(step: Step, now: number): boolean {
	return step.inDoubtSince !== null &&
	    (now - step.inDoubtSince > KEY_LASTS || now < step.inDoubtSince - KEY_LASTS);
}

// The path with what earlier steps were answered. Null when something is not
// there, which is an error of the program.
export function pathOf(entry: Entry, step: Step): string | null {
	let whole = true;
	const path = step.path.replace(/\{(\d+)\.([a-z_]+)\}/g,
	    (_, index: string, name: string) => {
		const answer = entry.steps[Number(index)]?.answer as
		    Record<string, unknown> | null | undefined;
		const value = answer?.[name];
		if (typeof value !== "string" && typeof value !== "number")
			whole = false;
		return encodeURIComponent(String(value));
	});
	return whole ? path : null;
}

export function pause(tries: number, random: number): number {
	const base = Math.min(FIRST_PAUSE * 2 ** Math.min(tries, 10), LONGEST_PAUSE);
	return Math.round(base * (0.75 + random / 2));
}

const withStep = (entry: Entry, index: number, change: Partial<Step>): Entry =>
    ({ ...entry, steps: entry.steps.map((step, i) =>
	i === index ? { ...step, ...change } : step) });

// Before a step is sent: from now on it may have arrived, under the key of the
// device that was first.
export function begin(entry: Entry, index: number, now: number,
    device: string | null): Entry {
	const { inDoubtSince = null, device: first = null } =
	    entry.steps[index] ?? {};
	return withStep(entry, index, { inDoubtSince: inDoubtSince ?? now,
	    device: inDoubtSince === null ? device : first ?? device });
}

// Whether it may have arrived from another device than this is by now. Keys
// belong to a device: under the same one it would be sent twice.
export const isForeign = (step: Step, device: string | null): boolean =>
    step.inDoubtSince !== null && (step.device ?? null) !== null &&
    step.device !== device;

function finish(entry: Entry, index: number, change: Partial<Step>,
    now: number): Entry {
	const next = withStep({ ...entry, tries: 0, notBefore: 0 }, index,
	    { ...change, done: true, inDoubtSince: null });
	if (nextStep(next) >= 0)
		return next;
	// What was in it is no longer needed on this device.
	return { ...next, state: "sent", sentAt: now,
	    steps: next.steps.map(({ json: _json, blob: _blob, ...step }) => step) };
}

export function settle(entry: Entry, index: number, outcome: Outcome,
    now: number, random: number): Entry {
	const step = entry.steps[index];
	switch (outcome.kind) {
	case "done":
		return finish(entry, index, { answer: outcome.answer }, now);
	case "later":
		return { ...withStep(entry, index, outcome.mayHaveArrived ? {} :
		    { inDoubtSince: null }), tries: entry.tries + 1,
		    notBefore: now + (outcome.seconds === null ?
		    pause(entry.tries, random) : outcome.seconds * 1000) };
	case "refused":
		if (step?.optional)
			return finish({ ...entry, problem: outcome.problem }, index,
			    { problem: outcome.problem }, now);
		return { ...withStep(entry, index, { inDoubtSince: null }),
		    state: "refused", problem: outcome.problem };
	case "account":
		return { ...withStep(entry, index, { inDoubtSince: null }),
		    state: "account" };
	case "doubtful":
		return { ...entry, state: "doubtful" };
	}
}

// The person asked for it. What may have arrived under a key that the server
// has forgotten gets a new one; anything else keeps its own.
export function retry(entry: Entry, key: () => string): Entry {
	if (entry.state === "sent")
		return entry;
	const fresh = entry.state === "doubtful";
	return { ...entry, state: "waiting", problem: null, tries: 0,
	    notBefore: 0, steps: entry.steps.map((step) => step.done || !fresh ?
	    step : { ...step, key: key(), inDoubtSince: null }) };
}

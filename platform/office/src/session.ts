// SPDX-License-Identifier: EUPL-1.2
// Who is signed in, how long still, and what happens when nobody is.

import { signal } from "@preact/signals";
import { now } from "../../app/src/clock.ts";
import { language } from "../../app/src/context.ts";
import { ApiError } from "../../app/src/errors.ts";
import { answer, ask, type Call } from "../../app/src/fetch.ts";
import type { Me } from "./module.ts";

export const BASE = "/office/api/v1";
const IDLE = 30 * 60_000;
// The server writes down once a minute that somebody was there.
const SLACK = 60_000;

// Undefined before the server was asked.
export const me = signal<Me | null | undefined>(undefined);

// When the session ends, as far as this window knows: others may have
// prolonged it.
export const until = signal(0);

// Somebody in the middle of something has to sign in: the session has ended, or
// is too old for what changes how one signs in.
export type Reason = "ended" | "stale";
export const interrupted = signal<{ reason: Reason; wait: Promise<boolean>;
    done: (again: boolean) => void } | null>(null);

export interface OfficeCall extends Call {
	// The screen asks by itself: that keeps no session open.
	unattended?: boolean;
	etag?: string | null;
}

// One request as whoever the browser's cookie says.
export async function send(path: string, call: OfficeCall): Promise<Response> {
	const more: Record<string, string> = {};
	if (call.unattended)
		more["Stadtkern-Unattended"] = "?1";
	if (call.etag)
		more["If-None-Match"] = call.etag;
	const response = await ask(path, { language: language.value, ...call },
	    { more, credentials: "same-origin" });
	if (me.value && !call.unattended && response.status !== 401)
		until.value = Math.min(now() + IDLE - SLACK,
		    Date.parse(me.value.ends));
	return response;
}

async function reasonOf(response: Response): Promise<Reason | null> {
	if (response.status !== 401 && response.status !== 403)
		return null;
	const { code } = await response.clone().json().catch(() => ({})) as
	    { code?: string };
	return code === "session-unknown" ? "ended" :
	    code === "session-stale" ? "stale" : null;
}

// Waits until the same person is signed in again; what was typed stays. False:
// the person did not want to.
export function signedInAgain(reason: Reason): Promise<boolean> {
	if (interrupted.value === null) {
		let done = (_: boolean) => {};
		const wait = new Promise<boolean>((resolve) => { done = resolve; });
		interrupted.value = { reason, wait, done: (again) => {
			interrupted.value = null;
			done(again);
		} };
	}
	return interrupted.value.wait;
}

// The same, and again when that was refused: it was before any effect.
export async function sendSignedIn(path: string, call: OfficeCall): Promise<Response> {
	for (;;) {
		const response = await send(path, call);
		const reason = me.value ? await reasonOf(response) : null;
		if (reason === null || !await signedInAgain(reason))
			return response;
	}
}

// Asks who is signed in. `unattended`: without prolonging anything.
export async function readMe(unattended = false): Promise<Me | null> {
	try {
		const { data } = await answer<Me>(await send(`${BASE}/session`,
		    { unattended }));
		until.value = Date.parse(data.expires);
		return data;
	} catch (error) {
		if (error instanceof ApiError && error.status === 401)
			return null;
		throw error;
	}
}

export async function startSession(): Promise<void> {
	me.value = await readMe();
}

// Signing in is over: the screens are drawn, or go on where they were.
export async function signedIn(): Promise<void> {
	const now = await readMe();
	if (now === null)
		throw new ApiError("problem", 401);
	if (me.value && me.value.email !== now.email) {
		// What is on the screen is somebody else's.
		location.reload();
		return;
	}
	me.value = now;
	interrupted.value?.done(true);
}

export async function signOut(): Promise<void> {
	const response = await send(`${BASE}/session`, { method: "DELETE" });
	if (!response.ok && response.status !== 401)
		await answer(response);
	// Nothing of what was read stays in this window.
	location.assign("/");
}

// Whether the person has a plugin's right: "reports.read".
export const has = (plugin: string, right: string): boolean =>
    me.value?.rights.includes(`${plugin}.${right}`) ?? false;

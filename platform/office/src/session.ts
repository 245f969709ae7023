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

// A session has ended on somebody who is in the middle of something.
export const interrupted = signal<{ wait: Promise<void>;
    done: () => void } | null>(null);

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

const isGone = async (response: Response): Promise<boolean> =>
    response.status === 401 && ((await response.clone().json()
	.catch(() => ({}))) as { code?: string }).code === "session-unknown";

// Waits until the same person is signed in again; what was typed stays.
export function signedInAgain(): Promise<void> {
	if (interrupted.value === null) {
		let done = () => {};
		const wait = new Promise<void>((resolve) => { done = resolve; });
		interrupted.value = { wait, done: () => {
			interrupted.value = null;
			done();
		} };
	}
	return interrupted.value.wait;
}

// The same, and again when the session had ended: 401 comes before any effect.
export async function sendSignedIn(path: string, call: OfficeCall): Promise<Response> {
	for (;;) {
		const response = await send(path, call);
		if (!me.value || !await isGone(response))
			return response;
		await signedInAgain();
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
	interrupted.value?.done();
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

// SPDX-License-Identifier: EUPL-1.2
// One request to our own server: the device's token, the language, a limit in
// time, and every way in which an answer can be none.
//
// Used by the page and by the service worker.

import { learnTime } from "./clock.ts";
import { ApiError } from "./errors.ts";
import * as sealed from "./store/sealed.ts";
import * as database from "./store/database.ts";

export interface Call {
	method?: string;
	// Sent as JSON, unless it is a Blob.
	body?: unknown;
	// The device's token goes along; the device is registered when needed.
	device?: boolean;
	// The Idempotency-Key.
	key?: string;
	language?: string;
	// A device that the server does not know is an error, no new one.
	sameDevice?: boolean;
	// Past every cache.
	fresh?: boolean;
	// Exactly as the document's <link rel="preload"> asks, so that what it
	// brought is taken: in the browser's own languages.
	ahead?: boolean;
	timeout?: number;
	signal?: AbortSignal;
}

const PATIENCE = 15_000;
// A photo over a slow network.
const PATIENCE_BLOB = 120_000;

function headers(call: Call, token: string | null): Headers {
	const result = new Headers({ Accept: "application/json" });
	if (call.language)
		result.set("Accept-Language", call.language === "de-simple" ?
		    "de-simple, de;q=0.9" : call.language);
	if (token !== null)
		result.set("Authorization", `Bearer ${token}`);
	if (call.key)
		result.set("Idempotency-Key", call.key);
	if (call.body instanceof Blob)
		result.set("Content-Type", call.body.type);
	else if (call.body !== undefined)
		result.set("Content-Type", "application/json");
	return result;
}

async function ask(path: string, call: Call, token: string | null): Promise<Response> {
	const patience = AbortSignal.timeout(call.timeout ??
	    (call.body instanceof Blob ? PATIENCE_BLOB : PATIENCE));
	const init: RequestInit = { method: call.method ?? "GET",
	    ...call.ahead ? {} : { headers: headers(call, token),
	    credentials: "omit" },
	    signal: call.signal ? AbortSignal.any([patience, call.signal]) :
	    patience };
	if (call.fresh)
		init.cache = "reload";
	if (call.body !== undefined)
		init.body = call.body instanceof Blob ? call.body :
		    JSON.stringify(call.body);
	try {
		return await fetch(path, init);
	} catch (error) {
		if (call.signal?.aborted)
			throw error;
		throw new ApiError(patience.aborted ? "timeout" : "offline");
	}
}

// Something between us and the server answers with HTML now and then: a
// captive portal, a proxy's error page.
async function parse(response: Response): Promise<unknown> {
	const type = response.headers.get("Content-Type") ?? "";
	if (response.status === 204)
		return null;
	if (!/[/+]json\b/.test(type))
		throw new ApiError(response.status >= 500 ? "unavailable" :
		    "garbled", response.status);
	try {
		return await response.json();
	} catch {
		throw new ApiError("garbled", response.status);
	}
}

function retryAfter(response: Response): number | null {
	const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

export interface Answer<T> {
	data: T;
	// When a kept answer was fetched; null when it comes from the server now.
	fetchedAt: number | null;
}

async function answer<T>(response: Response): Promise<Answer<T>> {
	const kept = response.headers.get("sw-fetched-at");
	if (kept === null)
		learnTime(response.headers.get("Date"));
	if (response.status === 503) {
		const members = await parse(response).catch(() => ({}));
		throw new ApiError("unavailable", 503, { ...members as object,
		    title: "" }, retryAfter(response));
	}
	const data = await parse(response);
	if (!response.ok)
		throw new ApiError("problem", response.status,
		    data as Record<string, unknown>, retryAfter(response));
	return { data: data as T, fetchedAt: kept === null ? null : Number(kept) };
}

interface Device {
	id: string;
	token: string;
}

const locked = <T>(name: string, action: () => Promise<T>): Promise<T> =>
    navigator.locks ? navigator.locks.request(name, action) as Promise<T> :
    action();

async function token(call: Call): Promise<string> {
	return locked("stadtkern-device", async () => {
		// A device that cannot be opened any more is a new one.
		const kept = await sealed.get<Device>("plain", "device")
		    .catch(() => undefined);
		if (kept)
			return kept.token;
		const { data } = await answer<Device>(await ask("/api/v1/devices",
		    { method: "POST", body: {}, language: call.language ?? "de" },
		    null));
		await sealed.put("plain", "device", data);
		return data.token;
	});
}

// Null before there is one, and when it cannot be opened.
export const deviceId = async (): Promise<string | null> =>
    (await sealed.get<Device>("plain", "device")
	.catch(() => undefined))?.id ?? null;

export const hasDevice = async (): Promise<boolean> =>
    await database.get("plain", "device") !== undefined;

export const forgetDevice = (): Promise<unknown> =>
    database.remove("plain", "device");

export const deviceIsUnknown = (error: unknown): boolean => error instanceof ApiError &&
    error.status === 401 && error.code === "device-unknown";

export async function request<T>(path: string, call: Call = {}): Promise<Answer<T>> {
	if (!call.device)
		return answer<T>(await ask(path, call, null));
	try {
		return await answer<T>(await ask(path, call, await token(call)));
	} catch (error) {
		if (call.sameDevice || !deviceIsUnknown(error))
			throw error;
		// 401 comes before any effect, so asking again does nothing twice.
		await forgetDevice();
		return answer<T>(await ask(path, call, await token(call)));
	}
}

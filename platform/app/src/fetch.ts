// SPDX-License-Identifier: EUPL-1.2
// One request to our own server: the language, a limit in time, and every way
// in which an answer can be none. Who asks is http.ts's matter, or the
// office's.
//
// Used by the page and by the service worker.

import { learnTime } from "./clock.ts";
import { ApiError } from "./errors.ts";

export interface Call {
	method?: string;
	// Sent as JSON, unless it is a Blob.
	body?: unknown;
	// The Idempotency-Key.
	key?: string;
	language?: string;
	// The answer is a file, a Blob, and no JSON.
	file?: boolean;
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

function headers(call: Call, more: Record<string, string>): Headers {
	const result = new Headers({ Accept: "application/json", ...more });
	if (call.language)
		result.set("Accept-Language", call.language === "de-simple" ?
		    "de-simple, de;q=0.9" : call.language);
	if (call.key)
		result.set("Idempotency-Key", call.key);
	if (call.body instanceof Blob)
		result.set("Content-Type", call.body.type);
	else if (call.body !== undefined)
		result.set("Content-Type", "application/json");
	return result;
}

export async function ask(path: string, call: Call, { more = {},
    credentials = "omit" }: { more?: Record<string, string>;
    credentials?: RequestCredentials } = {}): Promise<Response> {
	const patience = AbortSignal.timeout(call.timeout ??
	    (call.body instanceof Blob ? PATIENCE_BLOB : PATIENCE));
	const init: RequestInit = { method: call.method ?? "GET",
	    ...call.ahead ? {} : { headers: headers(call, more), credentials },
	    signal: call.signal ? AbortSignal.any([patience, call.signal]) :
	    patience };
	if (call.fresh)
		init.cache = "reload";
	if (call.body !== undefined)
		init.body = call.body instanceof Blob ? call.body :
		    JSON.stringify(call.body);
	try {
		const response = await fetch(path, init);
		if (keptAt(response) === null)
			learnTime(response.headers.get("Date"));
		return response;
	} catch (error) {
		if (call.signal?.aborted)
			throw error;
		throw new ApiError(patience.aborted ? "timeout" : "offline");
	}
}

// When the service worker kept this answer; null: it comes from the server.
const keptAt = (response: Response): string | null =>
    response.headers.get("sw-fetched-at");

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

export async function answer<T>(response: Response, file = false): Promise<Answer<T>> {
	const kept = keptAt(response);
	if (response.status === 503) {
		const members = await parse(response).catch(() => ({}));
		throw new ApiError("unavailable", 503, { ...members as object,
		    title: "" }, retryAfter(response));
	}
	const data = file && response.ok ? await response.blob() :
	    await parse(response);
	if (!response.ok)
		throw new ApiError("problem", response.status,
		    data as Record<string, unknown>, retryAfter(response));
	return { data: data as T, fetchedAt: kept === null ? null : Number(kept) };
}

// What everybody may ask.
export const fetchPublic = async <T>(path: string, call: Call = {}): Promise<Answer<T>> =>
    answer<T>(await ask(path, call), call.file);

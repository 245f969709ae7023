// SPDX-License-Identifier: EUPL-1.2
// The server, for screens. What is public comes through the service worker,
// which gives the last known answer at once and says when a newer one is
// there; what is one's own is never in its cache, but kept sealed.

import { useCallback, useEffect, useState } from "preact/hooks";
import { language } from "./context.ts";
import { now } from "./clock.ts";
import { ApiError } from "./errors.ts";
import { request, type Answer, type Call } from "./http.ts";
import * as database from "./store/database.ts";
import * as sealed from "./store/sealed.ts";

export { ApiError, errorText, AppError } from "./errors.ts";
export type { FieldError } from "./errors.ts";
export type { Answer } from "./http.ts";

type Options = Omit<Call, "method" | "body" | "language">;

const call = (options: Options, more: Call = {}): Call =>
    ({ ...options, ...more, language: language.value });

const lost = (error: unknown): boolean => error instanceof ApiError &&
    error.kind !== "problem";

// It was there once, or never: what was kept of it is not shown any longer.
const isGone = (error: unknown): boolean => error instanceof ApiError &&
    error.kind === "problem" && (error.status === 404 || error.status === 410);

// One's own data, for when there is no network. Sealed, this device only.
async function own<T>(path: string, options: Options = {}): Promise<Answer<T>> {
	try {
		const fresh = await request<T>(path, call({ ...options, device: true }));
		await sealed.put("kept", path, { data: fresh.data, at: now() })
		    .catch(() => undefined);
		return fresh;
	} catch (error) {
		if (isGone(error))
			await database.remove("kept", path).catch(() => undefined);
		const kept = lost(error) ? await sealed.get<{ data: T; at: number }>(
		    "kept", path).catch(() => undefined) : undefined;
		if (!kept)
			throw error;
		return { data: kept.data, fetchedAt: kept.at };
	}
}

export const api = {
	// What everybody may read.
	get: <T>(path: string, options: Options = {}): Promise<Answer<T>> =>
	    request<T>(path, call(options)),

	// What belongs to this device or its account; the last answer is kept.
	own,

	post: async <T>(path: string, body: unknown, options: Options = {}): Promise<T> =>
	    (await request<T>(path, call({ device: true, ...options },
		{ method: "POST", body }))).data,

	patch: async <T>(path: string, body: unknown, options: Options = {}): Promise<T> =>
	    (await request<T>(path, call({ device: true, ...options },
		{ method: "PATCH", body }))).data,

	// One's own, as a file.
	blob: async (path: string, options: Options = {}): Promise<Blob> =>
	    (await request<Blob>(path, call({ device: true, ...options },
		{ file: true }))).data,

	delete: async (path: string, options: Options = {}): Promise<void> => {
		await request(path, call({ device: true, ...options },
		    { method: "DELETE" }));
	},

	forget: (): Promise<unknown> => database.clear("kept"),
};

// Calls back when the service worker has a newer answer for a path.
export function onFresh(path: string, action: () => void): () => void {
	const listener = (event: MessageEvent) => {
		const message = event.data as { type?: string; path?: string };
		if (message.type === "fresh" && message.path === path)
			action();
	};
	navigator.serviceWorker?.addEventListener("message", listener);
	return () =>
	    navigator.serviceWorker?.removeEventListener("message", listener);
}

export interface Loaded<T> {
	data: T | null;
	error: unknown;
	loading: boolean;
	fetchedAt: number | null;
	reload: () => void;
}

// An answer for a component: what is known at once, then what is new. `own`
// asks with the device's token. A path of null asks nothing.
export function useApi<T>(path: string | null, { own: mine = false } = {}): Loaded<T> {
	const [state, setState] = useState<Omit<Loaded<T>, "reload">>({
	    data: null, error: null, loading: path !== null, fetchedAt: null });
	const [count, setCount] = useState(0);
	const reload = useCallback(() => setCount((n) => n + 1), []);
	useEffect(() => {
		if (path === null)
			return undefined;
		let gone = false;
		setState((old) => ({ ...old, loading: true }));
		const load = () => (mine ? api.own<T>(path) : api.get<T>(path,
		    { fresh: count > 0 })).then(
		    (answer) => gone || setState({ ...answer, error: null,
			loading: false }),
		    (error: unknown) => gone || setState((old) => ({ error,
			data: isGone(error) ? null : old.data, loading: false,
			fetchedAt: isGone(error) ? null : old.fetchedAt })));
		void load();
		const stop = onFresh(path, () => void load());
		return () => {
			gone = true;
			stop();
		};
	}, [path, mine, count, language.value]);
	return { ...state, reload };
}

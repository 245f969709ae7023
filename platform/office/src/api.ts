// SPDX-License-Identifier: EUPL-1.2
// The office's interface, for screens.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { now } from "../../app/src/clock.ts";
import { language } from "../../app/src/context.ts";
import { answer, type Call } from "../../app/src/fetch.ts";
import { sendSignedIn, type OfficeCall } from "./session.ts";

export { ApiError, AppError, errorText } from "../../app/src/errors.ts";
export type { FieldError } from "../../app/src/errors.ts";

type Options = Omit<Call, "method" | "body">;

const request = async <T>(path: string, call: OfficeCall): Promise<T> =>
    (await answer<T>(await sendSignedIn(path, call))).data;

const write = (method: string) => <T = unknown>(path: string, body?: unknown,
    options: Options = {}): Promise<T> => request<T>(path, { ...options, method,
    ...body !== undefined && { body } });

// A route that takes no body refuses one; without a second argument none is
// sent. A path is the whole one: `${plugin.api}/tickets`. Answers are the data alone.
export const api = {
	get: <T>(path: string, options: Options = {}): Promise<T> =>
	    request<T>(path, options),
	post: write("POST"),
	put: write("PUT"),
	patch: write("PATCH"),
	delete: <T = unknown>(path: string, options: Options = {}): Promise<T> =>
	    request<T>(path, { ...options, method: "DELETE" }),
};

// For `key`: what is sent with the same one is done once.
export const newKey = (): string => crypto.randomUUID();

const readers = new Map<object, { path: string; reload: () => void }>();

// Whatever is shown of these paths is asked for again: after a change.
export function refresh(prefix: string): void {
	for (const { path, reload } of readers.values())
		if (path.startsWith(prefix))
			reload();
}

export interface Loaded<T> {
	data: T | null;
	error: unknown;
	loading: boolean;
	// When the server last said that it is so.
	fetchedAt: number | null;
	reload: () => void;
	// Puts in what the answer to a change has told.
	set: (data: T) => void;
}

interface State<T> {
	path: string | null;
	data: T | null;
	error: unknown;
	loading: boolean;
	fetchedAt: number | null;
}

const empty = <T>(path: string | null): State<T> =>
    ({ path, data: null, error: null, loading: path !== null, fetchedAt: null });

// An answer for a component. `poll`: asked again every so many seconds while
// the window is looked at; what has not changed costs 304 and draws nothing.
export function useApi<T>(path: string | null, { poll = 0 } = {}): Loaded<T> {
	const [state, setState] = useState<State<T>>(() => empty<T>(path));
	const [count, setCount] = useState(0);
	const etag = useRef<string | null>(null);
	const reload = useCallback(() => setCount((n) => n + 1), []);
	const set = useCallback((data: T) => {
		etag.current = null;
		setState((old) => ({ ...old, data, error: null, fetchedAt: now() }));
	}, []);

	useEffect(() => {
		if (path === null)
			return undefined;
		const me = {};
		readers.set(me, { path, reload });
		return () => { readers.delete(me); };
	}, [path]);

	useEffect(() => {
		etag.current = null;
		setState((old) => old.path === path ? old : empty<T>(path));
	}, [path, language.value]);

	useEffect(() => {
		if (path === null)
			return undefined;
		const abort = new AbortController();
		let asking = false;
		const load = async (unattended: boolean) => {
			if (asking)
				return;
			asking = true;
			try {
				const response = await sendSignedIn(path, { unattended,
				    etag: etag.current, signal: abort.signal });
				if (response.status === 304) {
					setState((old) => ({ ...old, error: null,
					    loading: false, fetchedAt: now() }));
					return;
				}
				const { data } = await answer<T>(response);
				if (abort.signal.aborted)
					return;
				etag.current = response.headers.get("ETag");
				setState({ path, data, error: null, loading: false,
				    fetchedAt: now() });
			} catch (error) {
				if (!abort.signal.aborted)
					setState((old) => ({ ...old, error, loading: false }));
			} finally {
				asking = false;
			}
		};
		setState((old) => ({ ...old, loading: true }));
		void load(false);
		const tick = () => document.visibilityState === "visible" &&
		    void load(true);
		const timer = poll > 0 ? setInterval(tick, poll * 1000) : undefined;
		if (poll > 0)
			document.addEventListener("visibilitychange", tick);
		return () => {
			abort.abort();
			clearInterval(timer);
			document.removeEventListener("visibilitychange", tick);
		};
	}, [path, poll, count, language.value]);

	const { data, error, loading, fetchedAt } = state.path === path ? state :
	    empty<T>(path);
	return { data, error, loading, fetchedAt, reload, set };
}

// SPDX-License-Identifier: EUPL-1.2
// The app without a network.
//
//	/assets/…		from the cache; names change with their content
//	the document, the city	from the network, else the last one
//	public answers		the last one at once, with its age; a new one is
//				fetched and pages are told
//	anything with a token	never touched, never kept
//
// A city is an origin of its own, so caches are as well.

import { keepLate } from "../drafts.ts";
import { sendAll } from "../outbox/send.ts";
import { isServed } from "../served.ts";
import * as database from "../store/database.ts";

declare const PRECACHE: string[];
declare const PARTS: Record<string, string[]>;
declare const VERSION: string;

interface SyncEvent extends ExtendableEvent {
	tag: string;
}

interface ExtendableEvent extends Event {
	waitUntil(promise: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
	request: Request;
	clientId: string;
	respondWith(response: Promise<Response>): void;
}

interface WindowClient {
	postMessage(message: unknown): void;
}

const worker = self as unknown as {
	addEventListener(type: string, listener: (event: never) => void): void;
	skipWaiting(): Promise<void>;
	clients: { claim(): Promise<void>; matchAll(options?: { type: string }):
	    Promise<WindowClient[]>; get(id: string): Promise<WindowClient | undefined> };
	location: Location;
};

const ASSETS = `assets-${VERSION}`;
// Outlives a version: what the city published is the same.
const DATA = "data-1";
const DOCUMENT = "/";
const CITY = "/api/v1/app";
const LANGUAGE = "sw-language";
const MOST_ANSWERS = 200;

const clean = (response: Response) => response.ok && !response.redirected &&
    response.type === "basic";

// Somebody in between who answers with a page of their own must not end up in
// a cache.
const isHtml = (response: Response): boolean =>
    response.headers.get("Content-Type")?.startsWith("text/html") ?? false;

const isJson = (response: Response): boolean =>
    /[/+]json\b/.test(response.headers.get("Content-Type") ?? "");

// What the city has withdrawn is not shown here any longer either. Only its own
// server says so: in JSON.
const isGone = (response: Response): boolean => isJson(response) &&
    (response.status === 404 || response.status === 410);

// The first picture that the server draws in it is for a first visit: here the
// script is at hand, and knows the person's language and colours.
const DRAWN = /(<div id="app") data-first>.*(<\/div>\s*<noscript>)/s;

// Our document without it; null for anything else.
async function ourDocument(response: Response): Promise<Response | null> {
	if (!clean(response) || !isHtml(response))
		return null;
	const text = await response.clone().text();
	const headers = new Headers(response.headers);
	headers.delete("Content-Encoding");
	headers.delete("Content-Length");
	return text.includes('<div id="app"') ? new Response(
	    text.replace(DRAWN, "$1>$2"), { headers }) : null;
}

// Files of the last version that this one has too are taken, not fetched.
async function keep(cache: Cache, url: string): Promise<void> {
	if (await cache.match(url))
		return;
	const known = await caches.match(url);
	const response = known ?? await fetch(url, { credentials: "omit" });
	if (!known && (!clean(response) || isHtml(response)))
		throw new Error(`${url}: ${response.status}`);
	await cache.put(url, response);
}

interface App {
	app?: { messages?: Record<string, string> };
	theme?: { stylesheet?: string; logo?: string; hero?: string };
	plugins?: { name: string; app?: { messages?: Record<string, string> } }[];
}

// The description names files by their content, so it belongs to a version:
// kept beside its files until this version is the one in use.
async function keepDescription(cache: Cache, key: string): Promise<App | null> {
	const language = new URL(key, worker.location.href).searchParams
	    .get(LANGUAGE) ?? "";
	const response = await fetch(CITY, { credentials: "omit",
	    headers: language === "" ? {} : { "Accept-Language": language } });
	if (!clean(response) || !isJson(response))
		return null;
	await cache.put(key, await stamped(response.clone()));
	return await response.json() as App;
}

const isCity = ({ url }: Request): boolean => new URL(url).pathname === CITY;

// What this city needs: its plugins, its look, its texts. Missing some of it
// is no reason not to install.
async function keepCity(cache: Cache): Promise<void> {
	const known = (await (await caches.open(DATA)).keys()).filter(isCity)
	    .map(({ url }) => url);
	const [description] = await Promise.all([...known, CITY].reverse()
	    .map((key) => keepDescription(cache, key)));
	const { app, theme, plugins = [] } = description ?? {};
	const wanted = [theme?.stylesheet, theme?.logo, theme?.hero,
	    ...Object.values(app?.messages ?? {}),
	    ...plugins.flatMap((plugin) => [...PARTS[plugin.name] ?? [],
		...Object.values(plugin.app?.messages ?? {})])];
	await Promise.all(wanted.map((url) => url ?
	    keep(cache, url).catch(() => undefined) : undefined));
}

async function install(): Promise<void> {
	const cache = await caches.open(ASSETS);
	await Promise.all(PRECACHE.map((url) => keep(cache, url)));
	await keepCity(cache).catch(() => undefined);
	const shell = await ourDocument(await fetch(DOCUMENT,
	    { credentials: "omit" }));
	if (shell)
		await (await caches.open(DATA)).put(DOCUMENT, shell);
}

async function activate(): Promise<void> {
	const assets = await caches.open(ASSETS);
	const data = await caches.open(DATA);
	for (const request of (await assets.keys()).filter(isCity)) {
		const response = await assets.match(request);
		if (response && request.url.includes(LANGUAGE))
			await data.put(request, response);
		await assets.delete(request);
	}
	for (const name of await caches.keys())
		if (name !== ASSETS && name !== DATA)
			await caches.delete(name);
	await worker.clients.claim();
}

async function fromAssets(request: Request): Promise<Response> {
	const cache = await caches.open(ASSETS);
	const known = await cache.match(request.url);
	if (known)
		return known;
	const response = await fetch(request);
	if (clean(response) && response.status === 200 && !isHtml(response))
		await cache.put(request.url, response.clone()).catch(() => undefined);
	return response;
}

// Any address of the app is the same document; the newest is kept once.
async function document(request: Request): Promise<Response> {
	const cache = await caches.open(DATA);
	try {
		const response = await fetch(request);
		const ours = await ourDocument(response);
		if (!ours)
			return await cache.match(DOCUMENT) ?? response;
		await cache.put(DOCUMENT, ours.clone()).catch(() => undefined);
		return ours;
	} catch (error) {
		const known = await cache.match(DOCUMENT);
		if (!known)
			throw error;
		return known;
	}
}

// A public answer differs by language; the cache's key says which.
function keyOf(request: Request): string {
	const url = new URL(request.url);
	url.searchParams.set(LANGUAGE,
	    request.headers.get("Accept-Language") ?? "");
	return url.href;
}

async function stamped(response: Response): Promise<Response> {
	const headers = new Headers(response.headers);
	headers.set("sw-fetched-at", String(Date.now()));
	// The body was decoded on its way here.
	headers.delete("Content-Encoding");
	headers.delete("Content-Length");
	return new Response(await response.blob(), { headers,
	    status: response.status, statusText: response.statusText });
}

async function trim(cache: Cache): Promise<void> {
	const keys = await cache.keys();
	for (const key of keys.slice(0, Math.max(0, keys.length - MOST_ANSWERS)))
		if (new URL(key.url).pathname !== DOCUMENT)
			await cache.delete(key);
}

async function refresh(request: Request, known: Response | undefined): Promise<Response> {
	const response = await fetch(request);
	const cache = await caches.open(DATA);
	if (isGone(response)) {
		await cache.delete(keyOf(request));
		if (known)
			await tellFresh(request);
	}
	if (!clean(response) || response.status !== 200 || !isJson(response))
		return response;
	const copy = await stamped(response.clone());
	// Put anew, so that the oldest is what nobody asked for.
	await cache.delete(keyOf(request));
	await cache.put(keyOf(request), copy).then(() => trim(cache),
	    () => undefined);
	// Told also when it is the same: then what is shown is no longer old.
	if (known)
		await tellFresh(request);
	return response;
}

async function tellFresh(request: Request): Promise<void> {
	const { pathname, search } = new URL(request.url);
	for (const client of await worker.clients.matchAll({ type: "window" }))
		client.postMessage({ type: "fresh", path: pathname + search });
}

const NEW_ENOUGH = 3000;

async function publicAnswer(event: FetchEvent): Promise<Response> {
	const { request } = event;
	const known = await (await caches.open(DATA)).match(keyOf(request));
	if (request.cache === "reload" || request.cache === "no-store" || !known ||
	    isCity(request)) {
		try {
			const response = await refresh(request, undefined);
			return known && (response.status >= 500 || isHtml(response)) ?
			    known : response;
		} catch (error) {
			if (!known)
				throw error;
			return known;
		}
	}
	const age = Date.now() - Number(known.headers.get("sw-fetched-at"));
	if (age < 0 || age > NEW_ENOUGH)
		event.waitUntil(refresh(request, known.clone()).catch(() => undefined));
	return known;
}

function answer(event: FetchEvent): Promise<Response> | null {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== "GET" || url.origin !== worker.location.origin ||
	    request.headers.has("Authorization") || request.headers.has("Range"))
		return null;
	if (request.mode === "navigate")
		return isServed(url.pathname) ? null : document(request);
	if (/^\/(assets|theme)\//.test(url.pathname) &&
	    url.pathname !== "/assets/licences.json")
		return fromAssets(request);
	if (url.pathname.startsWith("/api/v1/") ||
	    url.pathname === "/assets/licences.json")
		return publicAnswer(event);
	return null;
}

async function sync(): Promise<void> {
	const language = await database.get<string>("plain", "language");
	// Rejected, the browser tries again later.
	if (await sendAll(language ?? "de", true) !== null)
		throw new Error("something still waits");
}

worker.addEventListener("install", (event: ExtendableEvent) =>
    event.waitUntil(install()));
worker.addEventListener("activate", (event: ExtendableEvent) =>
    event.waitUntil(activate()));
worker.addEventListener("fetch", (event: FetchEvent) => {
	const response = answer(event);
	if (response)
		event.respondWith(response);
});
worker.addEventListener("message", (event: MessageEvent & ExtendableEvent) => {
	const message = event.data as { type: "take-over" } |
	    { type: "draft"; id: string; data: unknown; saved: number };
	if (message.type === "take-over")
		void worker.skipWaiting();
	else if (message.type === "draft")
		event.waitUntil(keepLate(message.id, message.data, message.saved));
});
// There is a network again: what waits is sent, also when no page is open.
worker.addEventListener("sync", (event: SyncEvent) => {
	if (event.tag === "outbox")
		event.waitUntil(sync());
});

// SPDX-License-Identifier: EUPL-1.2
// Plugins' modules and texts, loaded when they are first needed.

import { AppError } from "./errors.ts";
import { theApp } from "./context.ts";
import { choose, translator, type Texts } from "./i18n.ts";
import { language, shellTexts, words } from "./context.ts";
import type { CardProps, Module, Plugin, ScreenProps, Tab, Translate } from "./module.ts";
import { navigate } from "./router.ts";

const modules = new Map<string, Promise<Module>>();
const texts = new Map<string, Promise<Texts>>();
// What of them has come: drawn at once, without a moment of nothing.
const ready = new Map<string, Texts>();
const readyModules = new Map<string, Module>();

export const plugin = (name: string): Plugin | undefined =>
    theApp().plugins.find((one) => one.name === name && one.app);

// Nothing is told to the server by asking for these: they are files.
export async function loadTexts(url: string): Promise<Texts> {
	// No cookies are set; "omit" would not take what the document loads ahead.
	const response = await fetch(url);
	if (!response.ok)
		throw new AppError("app.error.unavailable");
	return await response.json() as Texts;
}

function kept<T>(map: Map<string, Promise<T>>, key: string,
    load: () => Promise<T>): Promise<T> {
	const known = map.get(key);
	if (known)
		return known;
	const fresh = load();
	map.set(key, fresh);
	// What failed is tried again the next time.
	fresh.catch(() => map.delete(key));
	return fresh;
}

function style(url: string | null): Promise<void> {
	if (url === null || document.querySelector(`link[href="${url}"]`))
		return Promise.resolve();
	return new Promise((resolve) => {
		const link = document.createElement("link");
		link.rel = "stylesheet";
		link.href = url;
		// Without its style a screen is plain, not useless.
		link.onload = link.onerror = () => resolve();
		document.head.append(link);
	});
}

export function loadModule({ name, app }: Plugin): Promise<Module> {
	return kept(modules, name, async () => {
		if (!app)
			throw new AppError("app.error.module");
		const load = import(app.module) as Promise<{ default: Module }>;
		const [module] = await Promise.all([load.catch(() => {
			throw new AppError("app.error.module");
		}), style(app.style)]);
		readyModules.set(name, module.default);
		return module.default;
	});
}

export const moduleNow = ({ name }: Plugin): Module | null =>
    readyModules.get(name) ?? null;

const PATIENCE = 600;

// Before the first picture, so that nothing moves after it: not for long, and
// not at any price.
export const moduleAhead = (one: Plugin): Promise<unknown> =>
    Promise.race([loadModule(one).catch(() => undefined),
	new Promise((done) => setTimeout(done, PATIENCE))]);

async function ownTexts({ app }: Plugin, wish: string): Promise<Texts> {
	const has = app?.messages ?? {};
	const url = has[choose([wish], Object.keys(has))];
	if (url === undefined)
		return {};
	const own = await kept(texts, url, () => loadTexts(url));
	ready.set(url, own);
	return own;
}

// What the start page says of a plugin. Without it the page is drawn later.
export const textsAhead = (one: Plugin, wish: string): Promise<unknown> =>
    ownTexts(one, wish).catch(() => undefined);

export const loadTranslate = async (one: Plugin): Promise<Translate> =>
    translator(language.value, [words(), await ownTexts(one, language.value),
	shellTexts.value]);

// Its texts, where they have been loaded already.
export function translateNow({ app }: Plugin): Translate | null {
	const has = app?.messages ?? {};
	const own = ready.get(has[choose([language.value], Object.keys(has))] ?? "");
	return own ? translator(language.value, [words(), own, shellTexts.value]) :
	    null;
}

export function cardProps(one: Plugin, t: Translate): CardProps {
	const link = (screen: string, ...params: string[]) =>
	    ["", one.name, screen, ...params.map(encodeURIComponent)].join("/");
	return { app: theApp(), plugin: one, settings: one.settings, link,
	    navigate, t };
}

export const screenProps = (one: Plugin, t: Translate, params: string[],
    query: URLSearchParams): ScreenProps =>
    ({ ...cardProps(one, t), params, query });

// Which plugins a tab of the shell leads to.
export const behindTab = (tab: Tab): { plugin: Plugin; screen: string }[] =>
    theApp().plugins.flatMap((one) => {
	const screen = one.app?.entries?.tabs?.[tab];
	return screen === undefined ? [] : [{ plugin: one, screen }];
    });

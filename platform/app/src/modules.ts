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

export const plugin = (name: string): Plugin | undefined =>
    theApp().plugins.find((one) => one.name === name && one.app);

// Nothing is told to the server by asking for these: they are files.
export async function loadTexts(url: string): Promise<Texts> {
	const response = await fetch(url, { credentials: "omit" });
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
		return module.default;
	});
}

export async function loadTranslate({ app }: Plugin): Promise<Translate> {
	const has = app?.messages ?? {};
	const url = has[choose([language.value], Object.keys(has))];
	const own = url === undefined ? {} :
	    await kept(texts, url, () => loadTexts(url));
	return translator(language.value, [words(), own, shellTexts.value]);
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

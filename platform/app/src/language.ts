// SPDX-License-Identifier: EUPL-1.2
// Which language, and everything that is in it: the city's description, the
// shell's texts, the document's language and direction.

import { batch } from "@preact/signals";
import { description, language, shellTexts } from "./context.ts";
import { AppError } from "./errors.ts";
import { request } from "./http.ts";
import { choose, direction } from "./i18n.ts";
import type { Description } from "./module.ts";
import { loadTexts, moduleAhead, textsAhead } from "./modules.ts";
import { readPreferences, writePreferences } from "./preferences.ts";
import * as database from "./store/database.ts";

// What the shell has texts for, in the order the city names them.
export function offered(): string[] {
	const has = Object.keys(description.value?.app?.messages ?? {});
	const city = description.value?.languages ?? [];
	return [...city.filter((one) => has.includes(one)),
	    ...has.filter((one) => !city.includes(one))];
}

// What the description was asked for last, which is what the service worker
// keeps it under. null: whatever the browser asks for.
let asked: string | null = null;

const ask = () => request<Description>("/api/v1/app", asked === null ?
    { ahead: true } : { language: asked });

// At the first visit the service worker comes after the description: asked
// again, so that the app opens without a network from now on.
export const warm = (): Promise<unknown> => ask().catch(() => undefined);

async function load(kept: string | null): Promise<void> {
	asked = kept;
	const wishes = [...kept === null ? [] : [kept], ...navigator.languages];
	const { data } = await ask();
	const texts = data.app?.messages ?? {};
	const chosen = choose(wishes, Object.keys(texts));
	const url = texts[chosen];
	if (url === undefined)
		throw new AppError("app.error.unavailable");
	// Cards are waited for, unless the server's first picture stands there.
	const wait = location.pathname === "/" && !document.querySelector("#app[data-first]");
	const [words] = await Promise.all([loadTexts(url),
	    ...data.plugins.flatMap((one) => [
	    one.app?.entries && textsAhead(one, chosen),
	    one.app?.entries?.cards?.length && wait && moduleAhead(one)])]);
	batch(() => {
		description.value = data;
		language.value = chosen;
		shellTexts.value = words;
	});
	// For the service worker, which sends what waits when no page is open.
	void database.put("plain", "language", chosen).catch(() => undefined);
	const { documentElement } = document;
	documentElement.lang = chosen;
	documentElement.dir = direction(chosen);
}

export async function startLanguage(): Promise<void> {
	await load(readPreferences().language);
}

export async function setLanguage(chosen: string): Promise<void> {
	await load(chosen);
	writePreferences({ language: chosen });
}

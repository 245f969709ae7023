// SPDX-License-Identifier: EUPL-1.2
// The city's description and the shell's texts, in the language that the
// person chose on this device: German or English.

import { batch } from "@preact/signals";
import { description, language, shellTexts } from "../../app/src/context.ts";
import { AppError } from "../../app/src/errors.ts";
import { fetchPublic } from "../../app/src/fetch.ts";
import { choose, direction, fill } from "../../app/src/i18n.ts";
import { loadTexts } from "../../app/src/modules.ts";
import type { Description } from "../../app/src/module.ts";
import { readPreferences, writePreferences } from "../../app/src/preferences.ts";
import { BASE } from "./session.ts";

export const offered = (): string[] =>
    Object.keys(description.value?.app?.messages ?? {});

async function load(kept: string | null): Promise<void> {
	const { data } = await fetchPublic<Description>(`${BASE}/app`,
	    kept === null ? { ahead: true } : { language: kept });
	const texts = data.app?.messages ?? {};
	const chosen = choose([...kept === null ? [] : [kept],
	    ...navigator.languages], Object.keys(texts));
	const url = texts[chosen];
	if (url === undefined)
		throw new AppError("app.error.unavailable");
	const words = await loadTexts(url);
	batch(() => {
		// Of the same city in another window.
		description.value = { ...data, title: fill(
		    words["office.title"] ?? "{city}", { city: data.name }) };
		language.value = chosen;
		shellTexts.value = words;
	});
	document.documentElement.lang = chosen;
	document.documentElement.dir = direction(chosen);
}

export const startLanguage = (): Promise<void> =>
    load(readPreferences().language);

export async function setLanguage(chosen: string): Promise<void> {
	await load(chosen);
	writePreferences({ language: chosen });
}

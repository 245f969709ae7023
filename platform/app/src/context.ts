// SPDX-License-Identifier: EUPL-1.2
// What the whole shell knows: the city, the language and its texts. Set once
// by main.tsx before anything is drawn, and again when the language changes.

import { signal } from "@preact/signals";
import type { Description, Translate } from "./module.ts";
import { translator, type Texts } from "./i18n.ts";

export const description = signal<Description | null>(null);
export const language = signal("de");
export const shellTexts = signal<Texts>({});
// Texts that the theme words otherwise come before all others.
export const words = () => description.value?.theme.words ?? {};

export const t: Translate = (key, values) =>
    translator(language.value, [words(), shellTexts.value])(key, values);

export function theApp(): Description {
	if (description.value === null)
		throw new Error("the city is not known yet");
	return description.value;
}

// SPDX-License-Identifier: EUPL-1.2
// How a person wants the app on this device: language, colours, size of text.
// Not personal data of theirs; kept where it can be read before the first
// picture.

export type Mode = "system" | "light" | "dark" | "contrast";
export type TextSize = "normal" | "large" | "larger";

export interface Preferences {
	language: string | null;
	mode: Mode;
	text: TextSize;
}

const MODES: readonly string[] = ["system", "light", "dark", "contrast"];
const SIZES: readonly string[] = ["normal", "large", "larger"];
const NAME = "stadtkern-preferences";

export function readPreferences(): Preferences {
	const result: Preferences = { language: null, mode: "system", text: "normal" };
	try {
		const kept = JSON.parse(localStorage.getItem(NAME) ?? "{}") as
		    Record<string, unknown>;
		if (typeof kept.language === "string")
			result.language = kept.language;
		if (MODES.includes(String(kept.mode)))
			result.mode = kept.mode as Mode;
		if (SIZES.includes(String(kept.text)))
			result.text = kept.text as TextSize;
	} catch {
		// Storage that is switched off: what the system says is right.
	}
	return result;
}

export function writePreferences(change: Partial<Preferences>): Preferences {
	const result = { ...readPreferences(), ...change };
	try {
		localStorage.setItem(NAME, JSON.stringify(result));
	} catch {
		// Then it holds until the page is closed.
	}
	show(result);
	return result;
}

export function show({ mode, text }: Preferences): void {
	const { dataset } = document.documentElement;
	if (mode === "system")
		delete dataset.mode;
	else
		dataset.mode = mode;
	if (text === "normal")
		delete dataset.text;
	else
		dataset.text = text;
}

// SPDX-License-Identifier: EUPL-1.2
// Texts: flat keys, {name} placeholders, plural forms as the last part of a
// key (`….one`, `….other`), chosen by {count}.

import type { Translate, Values } from "./module.ts";

export type Texts = Record<string, string>;

// Leichte Sprache is German with texts of its own; `simple` is a registered
// variant of a language tag.
export const names: Record<string, string> = {
	de: "Deutsch",
	"de-simple": "Leichte Sprache",
	en: "English",
	tr: "Türkçe",
	uk: "Українська",
	ar: "العربية",
	fa: "فارسی",
	he: "עברית",
};

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur", "ps", "ku-arab"]);

export function direction(language: string): "ltr" | "rtl" {
	const [main = ""] = language.toLowerCase().split("-");
	return RIGHT_TO_LEFT.has(main) ? "rtl" : "ltr";
}

// The best of what there is for what the person wants, first wish first.
export function choose(wishes: readonly string[], has: readonly string[]): string {
	for (const wish of wishes) {
		const exact = has.find((one) => one === wish);
		if (exact)
			return exact;
		const main = wish.toLowerCase().split("-")[0];
		const near = has.find((one) => one === main);
		if (near)
			return near;
	}
	return has.includes("de") ? "de" : has[0] ?? "de";
}

export function fill(text: string, values: Values): string {
	return text.replace(/\{([a-z_]+)\}/g, (all, name: string) =>
	    Object.hasOwn(values, name) ? String(values[name]) : all);
}

function find(chain: readonly Texts[], key: string): string | undefined {
	for (const texts of chain)
		if (Object.hasOwn(texts, key))
			return texts[key];
	return undefined;
}

// Looks a key up in one after the other. A key that none has is shown as it
// is; the tests find it.
export function translator(language: string, chain: readonly Texts[]): Translate {
	const rules = new Intl.PluralRules(language);
	const number = new Intl.NumberFormat(language);
	return (key, values = {}) => {
		const count = values.count;
		const text = (typeof count === "number" ?
		    find(chain, `${key}.${rules.select(count)}`) ??
		    find(chain, `${key}.other`) : undefined) ??
		    find(chain, key) ?? key;
		return fill(text, typeof count === "number" ?
		    { ...values, count: number.format(count) } : values);
	};
}

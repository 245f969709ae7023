// SPDX-License-Identifier: EUPL-1.2
// Finds a category by what people call the thing: whatever the case, with or
// without umlauts, as a part of a German compound or with one as a part, and
// with one slip of the finger.

import type { Category } from "./types.ts";

// "Müll", "Muell" and "Mull" are one word; so are "Straße" and "strasse".
export function fold(text: string): string {
	return text.toLocaleLowerCase("de").replace(/ß/g, "ss")
	    .normalize("NFKD").replace(/\p{M}/gu, "")
	    .replace(/ae/g, "a").replace(/oe/g, "o").replace(/ue/g, "u");
}

const words = (text: string): string[] =>
    fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

// One letter too many, too few, wrong, or two swapped.
export function isSlip(a: string, b: string): boolean {
	if (Math.abs(a.length - b.length) > 1)
		return false;
	let i = 0;
	while (i < a.length && i < b.length && a[i] === b[i])
		i++;
	const [restA, restB] = [a.slice(i), b.slice(i)];
	return restA.slice(1) === restB.slice(1) || restA === restB.slice(1) ||
	    restA.slice(1) === restB || (restA[0] === restB[1] &&
	    restA[1] === restB[0] && restA.slice(2) === restB.slice(2));
}

const COMPOUND = 4;
const SLIP = 5;

// How well one word asked for fits one of a category's; 0: not at all. A group
// is too wide to be found as a part: not all that is in the street is a lamp.
function fit(asked: string, has: string, compounds: boolean): number {
	if (asked === has)
		return 5;
	if (has.startsWith(asked))
		return 4;
	if (asked.length >= 2 && has.includes(asked))
		return 3;
	if (compounds && has.length >= COMPOUND && asked.includes(has))
		return 2;
	// A slip at the beginning of a longer word, or in the whole of one.
	return asked.length >= SLIP && [-1, 0, 1].some((more) =>
	    isSlip(asked, has.slice(0, asked.length + more))) ? 1 : 0;
}

function score(category: Category, asked: string[]): number {
	const places: [string, number][] = [[category.name, 3],
	    [(category.keywords ?? []).join(" "), 2], [category.group ?? "", 1]];
	let sum = 0;
	for (const word of asked) {
		let best = 0;
		for (const [text, weight] of places)
			for (const has of words(text))
				best = Math.max(best,
				    fit(word, has, weight > 1) * weight);
		if (best === 0)
			return 0;
		sum += best;
	}
	return sum;
}

// The best first; everything, in the city's order, when nothing is asked for.
export function findCategories(all: readonly Category[], text: string): Category[] {
	const asked = words(text);
	if (asked.length === 0)
		return [...all];
	return all.map((category) => ({ category, fits: score(category, asked) }))
	    .filter(({ fits }) => fits > 0)
	    .sort((a, b) => b.fits - a.fits)
	    .map(({ category }) => category);
}

// In the order in which a group first occurs.
export function grouped(all: readonly Category[]): [string, Category[]][] {
	const groups = new Map<string, Category[]>();
	for (const category of all) {
		const name = category.group ?? "";
		groups.set(name, [...groups.get(name) ?? [], category]);
	}
	return [...groups];
}

// SPDX-License-Identifier: EUPL-1.2
// One step for several tickets. Each is its own request with its own version,
// so that one that others have changed is refused and the rest is done.

export interface Outcome<Item, Answer> {
	item: Item;
	answer?: Answer;
	error?: unknown;
}

// So many at once: the server has other callers.
const WIDTH = 4;

export async function each<Item, Answer>(items: readonly Item[],
    act: (item: Item) => Promise<Answer>): Promise<Outcome<Item, Answer>[]> {
	const outcomes: Outcome<Item, Answer>[] = [];
	let next = 0;
	const work = async () => {
		for (let i = next++; i < items.length; i = next++) {
			const item = items[i] as Item;
			try {
				outcomes[i] = { item, answer: await act(item) };
			} catch (error) {
				outcomes[i] = { item, error };
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(WIDTH, items.length) }, work));
	return outcomes;
}

export const succeeded = <Item, Answer>(outcomes: readonly Outcome<Item, Answer>[]):
    { item: Item; answer: Answer }[] => outcomes.flatMap((one) =>
    one.answer === undefined ? [] : [{ item: one.item, answer: one.answer }]);

// SPDX-License-Identifier: EUPL-1.2
// Numbers of menu entries: what is new, mine, late.

import type { JSX } from "preact";
import { formatNumber } from "../../app/src/format.ts";
import { Icon } from "../../app/src/kit/icon.tsx";
import type { Translate } from "../../app/src/module.ts";
import { useApi } from "./api.ts";
import type { Item } from "./menu.ts";

const POLL = 60;

// `counts.late` of an answer; null where no number is.
export function numberIn(answer: unknown, member: string): number | null {
	let at: unknown = answer;
	for (const name of member.split("."))
		at = typeof at === "object" && at !== null ?
		    (at as Record<string, unknown>)[name] : undefined;
	return typeof at === "number" ? at : null;
}

// All of an entry's with their words, or in short the first.
export function Counters({ item, t, long = false }: { item: Item; t: Translate;
    long?: boolean }): JSX.Element {
	const { path = "", show = [] } = item.entry.counters ?? {};
	const { data } = useApi<unknown>(path === "" ? null :
	    item.plugin.api + path, { poll: POLL });
	const numbers = (long ? show : show.slice(0, 1)).flatMap((counter) => {
		const number = numberIn(data, counter.member);
		return number === null || !long && number === 0 ? [] :
		    [{ ...counter, number }];
	});
	return <>{numbers.map(({ member, label, number, alarm: may }) => {
		const alarm = may === true && number > 0;
		return <span key={member}
		    class={`of-count${alarm ? " of-count--alarm" : ""}`}>
			{alarm && <Icon name="warning" size={16} />}
			<span class="of-count__number">{formatNumber(number)}</span>{" "}
			<span class={long ? "" : "kern-sr-only"}>{t(label)}</span>
		</span>;
	})}</>;
}

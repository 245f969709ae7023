// SPDX-License-Identifier: EUPL-1.2
// Several things on one screen: side by side, one behind the other, in a row.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../../app/src/context.ts";
import { Button } from "../../../app/src/kit/basics.tsx";

// Buttons and fields that belong together.
export function Toolbar({ label, children }: { label: string;
    children: ComponentChildren }): JSX.Element {
	return <div class="of-toolbar" role="group" aria-label={label}>
		{children}</div>;
}

export interface Tab {
	id: string;
	label: string;
	content: ComponentChildren;
}

// One at a time; the arrow keys go from one to the next.
export function Tabs({ label, tabs, at, onAt }: { label: string;
    tabs: readonly Tab[]; at: string; onAt: (id: string) => void }): JSX.Element {
	const list = useRef<HTMLDivElement>(null);
	const chosen = tabs.find(({ id }) => id === at) ?? tabs[0];
	const move = (event: KeyboardEvent) => {
		const i = tabs.findIndex(({ id }) => id === chosen?.id);
		const last = tabs.length - 1;
		const to = { ArrowRight: i === last ? 0 : i + 1,
		    ArrowLeft: i === 0 ? last : i - 1, Home: 0, End: last }[event.key];
		const next = to === undefined ? undefined : tabs[to];
		if (!next)
			return;
		event.preventDefault();
		onAt(next.id);
		list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
	};
	return <div class="of-tabs">
		<div class="of-tabs__list" role="tablist" aria-label={label}
		    ref={list} onKeyDown={move}>
			{tabs.map(({ id, label }) => <button key={id} type="button"
			    role="tab" id={`tab-${id}`} aria-controls={`panel-${id}`}
			    aria-selected={id === chosen?.id}
			    tabindex={id === chosen?.id ? 0 : -1}
			    onClick={() => onAt(id)}>{label}</button>)}
		</div>
		{chosen && <div class="of-tabs__panel" role="tabpanel" tabindex={0}
		    id={`panel-${chosen.id}`} aria-labelledby={`tab-${chosen.id}`}>
			{chosen.content}</div>}
	</div>;
}

export type PaneName = "queue" | "detail" | "map";

interface Pane {
	label: string;
	content: ComponentChildren;
}

// Where one pane takes another's place, as style/_office.scss has it.
const ONE_PANE = "(max-width: 79.99rem)";

// Queue, detail and map: side by side on wide screens, where each scrolls by
// itself and keeps its place; on a tablet the one that `at` names, with a way
// back to the queue.
export function Split({ queue, detail, map, at, onBack }: { queue: Pane;
    detail: Pane; map?: Pane | undefined; at: PaneName;
    onBack: () => void }): JSX.Element {
	const box = useRef<HTMLDivElement>(null);
	const before = useRef(at);
	useEffect(() => {
		const pane = box.current?.querySelector<HTMLElement>(
		    `[data-pane="${at}"]`);
		if (before.current !== at && pane && matchMedia(ONE_PANE).matches)
			pane.focus();
		before.current = at;
	}, [at]);
	const panes: [PaneName, Pane | undefined][] = [["queue", queue],
	    ["detail", detail], ["map", map]];
	return <div class={`of-split${map ? " of-split--three" : ""}`} ref={box}>
		{panes.map(([name, pane]) => pane && <section key={name}
		    class="of-split__pane" data-pane={name} tabindex={-1}
		    data-at={name === at ? "" : undefined} aria-label={pane.label}>
			{name !== "queue" && <p class="of-split__back">
				<Button kind="tertiary" icon="arrow-back" onClick={onBack}>
					{t("office.split.back")}</Button></p>}
			{pane.content}
		</section>)}
	</div>;
}

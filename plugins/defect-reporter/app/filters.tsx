// SPDX-License-Identifier: EUPL-1.2
// Category, status, age and order: native fields behind a button that says how
// many of them are set.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { kit, type Translate } from "@stadtkern/app";
import { DAYS, isFiltered, type Filter } from "./filter.ts";
import type { Settings } from "./types.ts";

// An address may name several; then that choice is one of those to choose from.
function options(all: { code: string; name: string }[], chosen: string[],
    everything: string): { value: string; label: string }[] {
	const names = (codes: string[]) => codes.map((code) =>
	    all.find((one) => one.code === code)?.name ?? code).join(", ");
	return [{ value: "", label: everything },
	    ...chosen.length > 1 ? [{ value: chosen.join(","),
		label: names(chosen) }] : [],
	    ...all.map(({ code, name }) => ({ value: code, label: name }))];
}

// Open ones together: what most people look for.
function statusOptions(settings: Settings, chosen: string[], t: Translate) {
	const open = settings.statuses.filter(({ kind }) => kind === "open")
	    .map(({ code }) => code);
	const list = options(settings.statuses, chosen.join() === open.join() ? [] :
	    chosen, t("app.filter.all-statuses"));
	return open.length < 2 ? list : [list[0]!, { value: open.join(","),
	    label: t("app.filter.open") }, ...list.slice(1)];
}

const codes = (value: string): string[] => value === "" ? [] : value.split(",");

export function Filters({ settings, filter, onFilter, sorts, says, t }: {
    settings: Settings; filter: Filter; onFilter: (filter: Filter) => void;
    sorts: boolean; says: string; t: Translate }): JSX.Element {
	const [open, setOpen] = useState(isFiltered(filter));
	const set = (edit: Partial<Filter>) => onFilter({ ...filter, ...edit });
	const count = [filter.categories.length, filter.statuses.length, filter.days]
	    .filter((one) => one > 0).length;
	return <div class="dr-filters">
		<div class="dr-filters__head">
		<button type="button" class="kern-btn kern-btn--tertiary dr-filters__button"
		    aria-expanded={open} aria-controls="filters"
		    onClick={() => setOpen(!open)}>
			<kit.Icon name={open ? "arrow-up" : "arrow-down"} />
			<span class="kern-label">{count > 0 ? t("app.filter.set", { count }) :
			    t("app.filter.title")}</span>
		</button>
		<p class="sk-muted">{says}</p>
		</div>
		<div id="filters" class="dr-filters__fields" hidden={!open}>
			<kit.Select id="filter-category" label={t("app.filter.category")}
			    value={filter.categories.join(",")}
			    choices={options(settings.categories, filter.categories,
				t("app.filter.all-categories"))}
			    onValue={(value) => set({ categories: codes(value) })} />
			<kit.Select id="filter-status" label={t("app.filter.status")}
			    value={filter.statuses.join(",")}
			    choices={statusOptions(settings, filter.statuses, t)}
			    onValue={(value) => set({ statuses: codes(value) })} />
			<kit.Select id="filter-days" label={t("app.filter.days")}
			    value={String(filter.days)}
			    choices={[0, ...DAYS].map((days) => ({ value: String(days),
				label: t(`app.filter.days.${days}`) }))}
			    onValue={(value) => set({ days: Number(value) })} />
			{sorts && <kit.Select id="filter-sort" label={t("app.filter.sort")}
			    value={filter.sort}
			    choices={(["date", "distance"] as const).map((sort) =>
				({ value: sort, label: t(`app.filter.sort.${sort}`) }))}
			    onValue={(value) => set({ sort: value === "distance" ?
				"distance" : "date" })} />}
			{isFiltered(filter) && <kit.Button kind="tertiary" icon="close"
			    onClick={() => set({ categories: [], statuses: [], days: 0 })}>
				{t("app.filter.clear")}</kit.Button>}
		</div>
	</div>;
}

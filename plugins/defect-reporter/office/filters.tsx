// SPDX-License-Identifier: EUPL-1.2
// Which tickets are shown: counters that filter, a search, the filters, and
// those that somebody keeps under a name.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, can, errorText, formatNumber, kit, newKey, refresh, t, theApp,
    undoable, useApi } from "@stadtkern/office";
import type { Props } from "./queue.tsx";
import { CHANNELS, filterOf, filterOfSaved, FLAGS, PRIORITIES, queryOf,
    RELEASES, savedOf, SORTS, toggled, type Filter, type Flag, type ListName,
    type Sort } from "./view.ts";

interface Given {
	props: Props;
	filter: Filter;
	onFilter: (filter: Filter) => void;
}

const COUNTED: [Flag, string][] = [["new", "new"], ["mine", "mine"],
    ["late", "late"], ["answer", "answers"], ["mail", "mail"]];

// What waits, as buttons that show it. Late is a word and a colour.
export function Counts({ props, filter, onFilter }: Given): JSX.Element {
	const { data } = useApi<Record<string, number>>(
	    `${props.plugin.api}/tickets/counts`, { poll: 15 });
	return <div class="dt-counts" role="group" aria-label={t("office.counts")}>
		{COUNTED.map(([flag, member]) => {
			const number = data?.[member] ?? 0;
			return <button key={flag} type="button" class={`dt-counter${
			    flag === "late" && number > 0 ? " dt-counter--alarm" : ""}`}
			    aria-pressed={filter.flags.includes(flag)}
			    onClick={() => onFilter(toggled(filter, flag))}>
				<span class="dt-counter__number">
					{data ? formatNumber(number) : "–"}</span>{" "}
				{t(`office.flag.${flag}`)}
			</button>;
		})}
	</div>;
}

// Asked for when the typing pauses.
const PAUSE = 300;

function Search({ filter, onFilter }: Omit<Given, "props">): JSX.Element {
	const [text, setText] = useState(filter.q);
	const now = useRef(filter);
	now.current = filter;
	// What was asked for here, as it comes back in the address: letters that
	// were typed meanwhile stay.
	const asked = useRef(filter.q);
	const ask = () => {
		const trimmed = text.trim();
		asked.current = [...trimmed].length < 2 ? "" : trimmed;
		if (asked.current !== now.current.q)
			onFilter({ ...now.current, q: trimmed });
	};
	useEffect(() => {
		if (filter.q !== asked.current)
			setText(filter.q);
		asked.current = filter.q;
	}, [filter.q]);
	useEffect(() => {
		const timer = setTimeout(ask, PAUSE);
		return () => clearTimeout(timer);
	}, [text]);
	return <search class="dt-search"
	    onKeyDown={(event) => event.key === "Escape" &&
		(event.target as HTMLElement).blur()}>
		<kit.Field id="q" label={t("office.search")} value={text}
		    onValue={setText} autocomplete="off" spellcheck={false} />
		<kit.Button icon="search" onClick={ask}>
			{t("office.search-go")} <kit.Key name="/" /></kit.Button>
	</search>;
}

function Choice({ name, codes, filter, onFilter }: Omit<Given, "props"> & {
    name: ListName; codes: { value: string; label: string }[] }): JSX.Element {
	const value = filter.lists[name].join(",");
	// No status is not all of them: see askedOf().
	const choices = [...name === "status" ? [{ value: "",
	    label: t("office.filter.status-usual") }, { label: t("office.all"),
	    value: codes.map((one) => one.value).join(",") }] :
	    [{ value: "", label: t("office.all") }], ...codes];
	// Of several, which an address or a view may name, all are said.
	if (!choices.some((one) => one.value === value))
		choices.push({ value, label: filter.lists[name].map((code) =>
		    codes.find((one) => one.value === code)?.label ?? code)
		    .join(", ") });
	return <kit.Select id={`filter-${name}`} label={t(`office.filter.${name}`)}
	    value={value} choices={choices} onValue={(codes) => onFilter({ ...filter,
	    lists: { ...filter.lists, [name]: codes === "" ? [] :
		codes.split(",") } })} />;
}

interface View {
	id: string;
	name: string;
	filter: Record<string, unknown>;
}

function Views({ props, filter, onFilter }: Given): JSX.Element {
	const path = `${props.plugin.api}/tickets/views`;
	const { data } = useApi<{ items: View[] }>(path);
	const [name, setName] = useState("");
	const [error, setError] = useState<string | null>(null);
	const now = queryOf(filter);
	const views = data?.items ?? [];
	const chosen = views.find((view) =>
	    queryOf(filterOfSaved(view.filter)) === now);
	const attempt = async (act: () => Promise<unknown>) => {
		setError(null);
		try {
			await act();
			refresh(path);
		} catch (failure) {
			setError(errorText(failure, t));
		}
	};
	const save = () => attempt(async () => {
		await api.post(path, { name, filter: savedOf(filter) },
		    { key: newKey() });
		setName("");
		undoable(t("office.view.saved"));
	});
	const forget = (view: View) => attempt(async () => {
		await api.delete(`${path}/${view.id}`);
		undoable(t("office.view.forgotten"), async () => {
			await api.post(path, { name: view.name, filter: view.filter },
			    { key: newKey() });
			refresh(path);
		});
	});
	return <div class="dt-views">
		{views.length > 0 && <kit.Select id="view" label={t("office.view.label")}
		    value={chosen?.id ?? ""} choices={[{ value: "",
			label: t("office.view.none") }, ...views.map(({ id, name }) =>
			({ value: id, label: name }))]} onValue={(id) => {
			const view = views.find((one) => one.id === id);
			onFilter(view ? filterOfSaved(view.filter) :
			    filterOf(new URLSearchParams()));
		    }} />}
		{chosen ? <kit.Button kind="tertiary" icon="delete"
		    onClick={() => void forget(chosen)}>{t("office.view.forget")}
		</kit.Button> : now !== "" && <div class="dt-views__save">
			<kit.Field id="view-name" label={t("office.view.name")}
			    value={name} onValue={setName} error={error} maxLength={80}
			    autocomplete="off" />
			<kit.Button onClick={() => void save()}>
				{t("office.view.save")}</kit.Button>
		</div>}
	</div>;
}

export function Filters(given: Given): JSX.Element {
	const { props, filter, onFilter } = given;
	const { settings } = props;
	const named = (list: readonly { code: string; name: string }[]) =>
	    list.map(({ code, name }) => ({ value: code, label: name }));
	const words = (list: readonly string[], key: string) =>
	    list.map((value) => ({ value, label: t(`office.${key}.${value}`) }));
	const lists: [ListName, { value: string; label: string }[]][] = [
	    ["status", named(settings.statuses)],
	    ["department", named(theApp().departments)],
	    ["category", named(settings.categories)],
	    ["channel", words(CHANNELS, "channel")],
	    ["priority", words(PRIORITIES, "priority")]];
	const count = Object.values(filter.lists).filter((one) => one.length > 0)
	    .length + filter.flags.length + (filter.release ? 1 : 0);
	return <div class="dt-filters">
		<Search filter={filter} onFilter={onFilter} />
		<details class="sk-details dt-details">
			<summary>{count === 0 ? t("office.filters") :
			    t("office.filters-set", { count })}</summary>
			<div class="dt-filters__fields">
				<kit.Select id="sort" label={t("office.sort.label")}
				    value={filter.sort} choices={[{ value: "",
					label: t("office.sort.usual") }, ...words(SORTS, "sort")]}
				    onValue={(sort) => onFilter({ ...filter,
					sort: sort as Sort | "" })} />
				{lists.map(([name, codes]) => <Choice key={name} name={name}
				    codes={codes} filter={filter} onFilter={onFilter} />)}
				<kit.Select id="filter-release"
				    label={t("office.filter.release")} value={filter.release}
				    choices={[{ value: "", label: t("office.all") },
					...words(RELEASES, "release")]}
				    onValue={(release) => onFilter({ ...filter, release })} />
				<fieldset class="kern-fieldset dt-flags">
					<legend class="kern-label">{t("office.filter.only")}</legend>
					{FLAGS.map((flag) => <kit.Check key={flag}
					    id={`filter-${flag}`} label={t(`office.flag.${flag}`)}
					    checked={filter.flags.includes(flag)}
					    onValue={() => onFilter(toggled(filter, flag))} />)}
				</fieldset>
				{count > 0 && <kit.Button kind="tertiary" onClick={() =>
				    onFilter(filterOf(new URLSearchParams()))}>
					{t("office.filters-none")}</kit.Button>}
			</div>
			{can("reports.read") && <Views {...given} />}
		</details>
	</div>;
}

// SPDX-License-Identifier: EUPL-1.2
// The audit log: who read or changed what, and what was refused. The filter
// stands in the address, so that Back finds it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../../app/src/context.ts";
import { formatDateTime } from "../../../app/src/format.ts";
import { Badge, Button, Failure, Notice, Skeleton, Title, type BadgeKind } from
    "../../../app/src/kit/basics.tsx";
import { errorText } from "../../../app/src/errors.ts";
import { Field, Select } from "../../../app/src/kit/fields.tsx";
import { navigate, place } from "../../../app/src/router.ts";
import { useApi } from "../api.ts";
import { Toolbar } from "../kit/panes.tsx";
import { Table } from "../kit/table.tsx";
import { BASE, has } from "../session.ts";

const PAGE = 50;
const KINDS = ["read", "change", "refused", "erased"] as const;
const LOOK: Record<typeof KINDS[number], BadgeKind> = { read: "info",
    change: "success", refused: "danger", erased: "warning" };
const FILTERS = ["kind", "staff", "object", "since", "until"] as const;

type Name = typeof FILTERS[number];
type Filter = Record<Name, string>;

interface Entry {
	number: number;
	at: string;
	kind: typeof KINDS[number];
	staff: { id: string; name: string } | null;
	actor: string;
	action: string;
	right: string | null;
	object: Record<string, string> | null;
	detail: Record<string, unknown> | null;
	reads: string | null;
	status: number | null;
	code: string | null;
}

const filterOf = (query: URLSearchParams): Filter =>
    Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""])) as
    Filter;

const queryOf = (filter: Filter): string => new URLSearchParams(
    Object.entries(filter).filter(([, value]) => value !== "")).toString();

const at = (filter: Filter): string => {
	const query = queryOf(filter);
	return query === "" ? "/audit" : `/audit?${query}`;
};

function Who({ entry, filter }: { entry: Entry; filter: Filter }): JSX.Element {
	const { staff, actor } = entry;
	return staff ? <a href={at({ ...filter, staff: staff.id })}>{staff.name}</a> :
	    <span>{actor === "" ? t("office.audit.nobody") :
		actor.startsWith("staff:") ? t("office.audit.left") : actor}</span>;
}

const said = (value: unknown): string => value === null ?
    t("office.audit.some") : typeof value === "object" ? JSON.stringify(value) :
    String(value);

function What({ entry, filter }: { entry: Entry; filter: Filter }): JSX.Element {
	const { action, reads, object, detail, status, code, right } = entry;
	const things = Object.entries(object ?? {});
	const id = object?.id;
	return <>
		<code class="of-audit__action">{action}</code>
		{reads && <p>{t("office.audit.reads", { what: reads })}</p>}
		{things.length > 0 && <p class="of-audit__more">{things.map(
		    ([name, value]) => `${name}: ${value}`).join(", ")}{" "}
			{id && id !== filter.object && /^[0-9a-f-]{36}$/.test(id) &&
			    <a href={at({ ...filter, object: id })}>
				{t("office.audit.same")}</a>}</p>}
		{detail && Object.keys(detail).length > 0 && <p class="of-audit__more">
			{Object.entries(detail).map(([name, value]) =>
			    `${name}: ${said(value)}`).join(", ")}</p>}
		{(right || status) && <p class="of-audit__more sk-muted">
			{[right && t("office.audit.right", { right }), status &&
			    `${status} ${code ?? ""}`].filter(Boolean).join(" · ")}</p>}
	</>;
}

// A page, and the next one below it.
function Part({ filter, after }: { filter: Filter;
    after: string | null }): JSX.Element {
	const [more, setMore] = useState(false);
	const query = queryOf(filter);
	const { data, error, reload } = useApi<{ items: Entry[];
	    next: string | null }>(`${BASE}/audit?limit=${PAGE}${query && `&${query}`}${
	    after === null ? "" : `&cursor=${encodeURIComponent(after)}`}`);
	if (!data)
		return error === null ? <Skeleton lines={8} /> :
		    <Failure error={error} retry={reload} />;
	return <>
		{error !== null && <Notice kind="warning" live
		    title={errorText(error, t)} />}
		<Table caption={t("office.menu.audit")} rows={data.items}
		    rowKey={({ number }) => String(number)} columns={[
			{ key: "at", label: t("office.audit.when"), heads: true,
			    cell: ({ at: then, number }) => <>
				<time dateTime={then}>{formatDateTime(then)}</time>
				<span class="of-audit__number sk-muted">
					{t("office.audit.number", { number })}</span></> },
			{ key: "who", label: t("office.audit.who"), cell: (entry) =>
			    <Who entry={entry} filter={filter} /> },
			{ key: "kind", label: t("office.audit.kind"), cell: ({ kind }) =>
			    <Badge kind={LOOK[kind]}>
				{t(`office.audit.kind.${kind}`)}</Badge> },
			{ key: "what", label: t("office.audit.what"), cell: (entry) =>
			    <What entry={entry} filter={filter} /> }]} />
		{data.next !== null && (more ? <Part filter={filter}
		    after={data.next} /> : <Button block onClick={() => setMore(true)}>
			{t("office.audit.more")}</Button>)}
	</>;
}

// The team's names, for those who may see it; others choose by an entry.
function Person({ filter, onChange }: { filter: Filter;
    onChange: (change: Partial<Filter>) => void }): JSX.Element | null {
	const may = has("platform", "staff.manage");
	const { data } = useApi<{ items: { id: string; name: string }[] }>(may ?
	    `${BASE}/staff?limit=100` : null);
	const choices = (data?.items ?? []).map(({ id, name }) =>
	    ({ value: id, label: name }));
	if (filter.staff !== "" && !choices.some(({ value }) =>
	    value === filter.staff))
		choices.push({ value: filter.staff, label: t("office.audit.chosen") });
	return choices.length === 0 ? null : <Select id="staff"
	    label={t("office.audit.who")} value={filter.staff} choices={[
		{ value: "", label: t("office.audit.all") }, ...choices]}
	    onValue={(staff) => onChange({ staff })} />;
}

export function AuditPage(): JSX.Element {
	const filter = filterOf(place.value.query);
	const query = queryOf(filter);
	const change = (some: Partial<Filter>) =>
	    navigate(at({ ...filter, ...some }), { replace: true });
	return <>
		<Title says={t("office.audit.says")}>{t("office.menu.audit")}</Title>
		<Toolbar label={t("office.audit.filter")}>
			<Select id="kind" label={t("office.audit.kind")}
			    value={filter.kind} choices={[{ value: "",
				label: t("office.audit.all") }, ...KINDS.map((kind) =>
				({ value: kind, label: t(`office.audit.kind.${kind}`) }))]}
			    onValue={(kind) => change({ kind })} />
			<Person filter={filter} onChange={change} />
			<Field id="since" type="date" label={t("office.audit.since")}
			    value={filter.since} onValue={(since) => change({ since })} />
			<Field id="until" type="date" label={t("office.audit.until")}
			    value={filter.until} onValue={(until) => change({ until })} />
			{query !== "" && <Button kind="tertiary"
			    onClick={() => navigate("/audit", { replace: true })}>
				{t("office.audit.clear")}</Button>}
		</Toolbar>
		{filter.object !== "" && <p class="kern-body">
			{t("office.audit.object", { id: filter.object })}</p>}
		<Part key={query} filter={filter} after={null} />
	</>;
}

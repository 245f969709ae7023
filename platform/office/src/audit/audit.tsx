// SPDX-License-Identifier: EUPL-1.2
// The audit log: who read or changed what, and what was refused. The filter
// stands in the address, so that Back finds it.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
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
import { menu } from "../menu.ts";
import { BASE, has } from "../session.ts";
import { PersonFilter } from "./person.tsx";

const PAGE = 50;
const KINDS = ["read", "change", "refused", "erased"] as const;
const LOOK: Record<typeof KINDS[number], BadgeKind> = { read: "info",
    change: "success", refused: "danger", erased: "warning" };
const UUID = /^[0-9a-f-]{36}$/;
// The code of an entry that stands for refusals that are not listed.
const MORE = "more-not-listed";
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
	subject: Subject | null;
	words: Record<"action" | "reads" | "right" | "code", string | null>;
}

// What an entry is about, and the screen that shows it.
interface Subject {
	says: string;
	id: string | null;
	plugin: string | null;
	screen: string | null;
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
	const [kind, name = ""] = actor.split(":");
	return staff ? <a href={at({ ...filter, staff: staff.id })}>{staff.name}</a> :
	    <span>{t(`office.audit.by.${kind === "" ? "nobody" : kind}`,
		{ name })}</span>;
}

// Where a subject is shown, for whom that is open.
function hrefOf({ id, plugin, screen }: Subject): string | null {
	if (id === null || screen === null)
		return null;
	if (plugin === "")
		return screen === "staff" && has("platform", "staff.manage") ?
		    `/staff/${id}` : null;
	const item = menu().find((one) => one.plugin.name === plugin &&
	    one.entry.screen === screen);
	return item ? `${item.href}/${id}` : null;
}

const said = (value: unknown): string => value === null ?
    t("office.audit.some") : typeof value === "object" ? JSON.stringify(value) :
    String(value);

// As the server has it, for those who need it.
function Details({ entry }: { entry: Entry }): JSX.Element {
	const { action, right, object, detail, status, code, words } = entry;
	const given = Object.entries({ ...object, ...detail });
	return <details class="of-audit__details">
		<summary>{t("office.audit.details")}</summary>
		<p><code>{action}</code></p>
		{given.length > 0 && <p>{given.map(([name, value]) =>
		    `${name}: ${said(value)}`).join(", ")}</p>}
		{right && <p>{t("office.audit.right", { right: words.right ?? right })}
			{words.right && <> <code>{right}</code></>}</p>}
		{status && <p><code>{status} {code}</code></p>}
	</details>;
}

function What({ entry, filter }: { entry: Entry; filter: Filter }): JSX.Element {
	const { action, reads, object, subject, code, words } = entry;
	const id = object?.id;
	const href = subject && hrefOf(subject);
	return <div class="of-audit__what">
		<p><strong>{words.action ?? <code>{action}</code>}</strong>
			{subject && <>{" · "}{href ?
			    <a href={href}>{subject.says}</a> : subject.says}</>}
			{id && id !== filter.object && UUID.test(id) && <>{" · "}
			    <a href={at({ ...filter, object: id })}>
				{t("office.audit.same")}</a></>}</p>
		{reads && <p>{t("office.audit.reads",
		    { what: words.reads ?? reads })}</p>}
		{code === MORE ? <p>{t("office.audit.more-refused")}</p> :
		    words.code && <p>{t("office.audit.answer",
			{ text: words.code })}</p>}
		<Details entry={entry} />
	</div>;
}

// A page, and the next one below it.
function Part({ filter, after, onItems }: { filter: Filter;
    after: string | null; onItems?: (items: Entry[]) => void }): JSX.Element {
	const [more, setMore] = useState(false);
	const query = queryOf(filter);
	const { data, error, reload } = useApi<{ items: Entry[];
	    next: string | null }>(`${BASE}/audit?limit=${PAGE}${query && `&${query}`}${
	    after === null ? "" : `&cursor=${encodeURIComponent(after)}`}`);
	useEffect(() => {
		if (data)
			onItems?.(data.items);
	}, [data]);
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

export function AuditPage(): JSX.Element {
	const filter = filterOf(place.value.query);
	const query = queryOf(filter);
	// What the entries say of whom and what they are filtered by.
	const [items, setItems] = useState<Entry[] | null>(null);
	const person = items?.find(({ staff }) => staff?.id === filter.staff)?.staff;
	const subject = items?.find(({ object }) => object?.id === filter.object)
	    ?.subject;
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
			<PersonFilter id={filter.staff} known={items === null ?
			    undefined : person?.name ?? null}
			    onChange={(staff) => change({ staff })} />
			<Field id="since" type="date" label={t("office.audit.since")}
			    value={filter.since} onValue={(since) => change({ since })} />
			<Field id="until" type="date" label={t("office.audit.until")}
			    value={filter.until} onValue={(until) => change({ until })} />
			{query !== "" && <Button kind="tertiary"
			    onClick={() => navigate("/audit", { replace: true })}>
				{t("office.audit.clear")}</Button>}
		</Toolbar>
		{filter.object !== "" && <p class="kern-body">
			{t("office.audit.object", { name: subject?.says ??
			    filter.object })}</p>}
		<div class="of-audit">
			<Part key={query} filter={filter} after={null}
			    onItems={setItems} />
		</div>
	</>;
}

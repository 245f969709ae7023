// SPDX-License-Identifier: EUPL-1.2
// The list: filters and counters on top, then page after page, each of which
// is asked for again while it is looked at.

import type { JSX } from "preact";
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { announce, errorText, kit, t, useApi, useKeys, type ScreenProps } from
    "@stadtkern/office";
import { Bulk } from "./bulk_bar.tsx";
import { Filters, Counts } from "./filters.tsx";
import { categoryName, Due, newsText, PriorityMark, Status, When } from "./parts.tsx";
import type { Page, Row, Settings } from "./types.ts";
import { joined, merged, neighbour, queryOf, type Filter, type Line } from "./view.ts";

export type Props = ScreenProps<Settings>;

const PAGE = 50;
const POLL = 10;

interface Part {
	// Null: the first page.
	after: string | null;
	lines: Line[];
	next: string | null;
	loaded: boolean;
}

// What a list looked like when it was left, by its filter: Back finds it so.
interface Kept {
	parts: Part[];
	cursor: string | null;
	chosen: Set<string>;
	// How often it was begun anew.
	round: number;
}

const kept = new Map<string, Kept>();
const fresh = (): Kept => ({ parts: [{ after: null, lines: [], next: null,
    loaded: false }], cursor: null, chosen: new Set(), round: 0 });

export interface Queue {
	key: string;
	round: number;
	path: string;
	lines: Line[];
	parts: readonly Part[];
	loaded: boolean;
	more: boolean;
	cursor: string | null;
	chosen: ReadonlySet<string>;
	put: (after: string | null, page: Page<Row>) => void;
	goTo: (id: string | null) => void;
	choose: (ids: readonly string[], on: boolean) => void;
	addPage: () => void;
	restart: () => void;
}

export function useQueue(props: Props, filter: Filter): Queue {
	const { plugin } = props;
	const key = queryOf(filter);
	const [, draw] = useReducer((n: number, _: void) => n + 1, 0);
	if (!kept.has(key))
		kept.set(key, fresh());
	const mine = kept.get(key) as Kept;
	const change = (how: () => void) => {
		how();
		draw();
	};
	const last = mine.parts[mine.parts.length - 1];
	return { key, round: mine.round,
	    path: `${plugin.api}/tickets?${key}${key && "&"}limit=${PAGE}`,
	    lines: joined(mine.parts.map(({ lines }) => lines)),
	    parts: mine.parts, loaded: mine.parts[0]?.loaded ?? false,
	    more: last?.loaded === true && last.next !== null,
	    cursor: mine.cursor, chosen: mine.chosen,
	    put: (after, page) => change(() => {
		const part = mine.parts.find((one) => one.after === after);
		if (!part)
			return;
		part.lines = merged(part.lines, page.items, page.next !== null);
		// What follows begins where it began.
		if (!part.loaded || part === mine.parts[mine.parts.length - 1])
			part.next = page.next;
		part.loaded = true;
	    }),
	    goTo: (id) => change(() => { mine.cursor = id; }),
	    choose: (ids, on) => change(() => {
		mine.chosen = new Set(mine.chosen);
		for (const id of ids)
			mine.chosen[on ? "add" : "delete"](id);
	    }),
	    addPage: () => change(() => {
		if (last?.next)
			mine.parts.push({ after: last.next, lines: [], next: null,
			    loaded: false });
	    }),
	    restart: () => change(() => { kept.set(key, { ...fresh(),
		cursor: mine.cursor, round: mine.round + 1 }); }) };
}

function Follow({ queue, after, onError }: { queue: Queue; after: string | null;
    onError: (error: unknown) => void }): null {
	const { data, error } = useApi<Page<Row>>(queue.path + (after === null ? "" :
	    `&cursor=${encodeURIComponent(after)}`), { poll: POLL });
	useEffect(() => {
		if (data)
			queue.put(after, data);
	}, [data]);
	useEffect(() => onError(error), [error]);
	return null;
}

const rowId = (id: string): string => `ticket-${id}`;

export const focusRow = (id: string | null): void => {
	const row = id && document.getElementById(rowId(id));
	row && row.focus();
};

function What({ line, href, settings }: { line: Line; href: string;
    settings: Settings }): JSX.Element {
	const { id, number, category, text, address, person, priority } = line;
	return <div class={`dt-row${line.gone ? " dt-row--gone" : ""}`}>
		<a class="dt-row__link" href={href} id={rowId(id)}>
			<span class="dt-row__number">{number}</span>{" "}
			{categoryName(settings, category)}</a>
		<p class="dt-row__state">
			<Status settings={settings} code={line.status} />
			<span class="dt-row__due"><Due on={line.due_on}
			    late={line.late} /></span></p>
		<p class="dt-row__text">{text}</p>
		<p class="dt-row__facts">
			<PriorityMark priority={priority} />
			{line.spam && <span>{t("office.spam")}</span>}
			{!line.spam && line.release !== "released" &&
			    <span>{t(`office.release.${line.release}`)}</span>}
			{line.answer && <span>{t("office.answer-waits")}</span>}
			{line.mail && <span>{t("office.mail-waits")}</span>}
			{line.photos.waiting > 0 && <span>{t("office.photos-wait",
			    { count: line.photos.waiting })}</span>}
			{line.children > 0 && <span>{t("office.followers",
			    { count: line.children })}</span>}
			{person && <span>{person.name}</span>}
			{address && <span>{address}</span>}
			<When at={line.received_at} />
		</p>
		{line.news && <p class="dt-news"><kit.Icon name="info" size={16} />{" "}
			{newsText(line.news, settings)}</p>}
		{line.gone && <p class="dt-news">{t("office.gone")}</p>}
	</div>;
}

function Rows({ queue, settings, open, hrefOf }: { queue: Queue;
    settings: Settings; open: string | null;
    hrefOf: (id: string) => string }): JSX.Element {
	return <kit.Table caption={t("office.queue")} rows={queue.lines}
	    rowKey={({ id }) => id} current={open} columns={[
		{ key: "choose", label: t("office.choose"), cell: ({ id, number }) =>
		    <label class="dt-choose"><input type="checkbox" class="dt-check"
			checked={queue.chosen.has(id)}
			aria-label={t("office.choose-one", { number })}
			onChange={(event) => queue.choose([id],
			    event.currentTarget.checked)} /></label> },
		{ key: "what", label: t("office.report"), heads: true, cell: (line) =>
		    <What line={line} href={hrefOf(line.id)} settings={settings} /> },
	    ]} />;
}

// `j` and `k` go through the rows, and open the next one where only the
// ticket is on the screen.
function useRowKeys(queue: Queue, open: string | null, props: Props,
    hrefOf: (id: string) => string): void {
	const { navigate } = props;
	const go = (step: 1 | -1) => {
		const to = neighbour(queue.lines, queue.cursor ?? open, step);
		queue.goTo(to);
		const row = to && document.getElementById(rowId(to));
		if (row && row.checkVisibility())
			row.focus();
		else if (to !== null && open !== null)
			navigate(hrefOf(to));
	};
	const at = queue.cursor ?? open;
	useKeys({
		j: { label: t("office.key.next"), run: () => go(1) },
		k: { label: t("office.key.previous"), run: () => go(-1) },
		Enter: { label: t("office.key.open"), run: () => {
			if (at !== null)
				navigate(hrefOf(at));
		} },
		x: { label: t("office.key.choose"), run: () => {
			if (at !== null)
				queue.choose([at], !queue.chosen.has(at));
		} },
		"/": { label: t("office.key.search"), run: () =>
		    document.getElementById("q")?.focus() },
	});
}


export function QueuePane({ queue, props, filter, open, hrefOf, onFilter, tools }: {
    queue: Queue; props: Props; filter: Filter; open: string | null;
    hrefOf: (id: string) => string; onFilter: (filter: Filter) => void;
    tools: JSX.Element | null }): JSX.Element {
	const { settings } = props;
	const [error, setError] = useState<unknown>(null);
	useRowKeys(queue, open, props, hrefOf);
	const { lines, chosen } = queue;
	const news = lines.filter((line) => line.news || line.gone).length;
	const told = useRef(0);
	useEffect(() => {
		if (news > told.current)
			announce(t("office.news-count", { count: news }));
		told.current = news;
	}, [news]);
	// Back at the list, or come from elsewhere: where one was.
	useEffect(() => {
		if (open === null && queue.cursor !== null)
			focusRow(queue.cursor);
		if (open !== null)
			queue.goTo(open);
	}, [open, queue.key]);
	const rows = useMemo(() => lines.filter(({ id }) => chosen.has(id)),
	    [lines, chosen]);
	return <>
		<div class="dt-top"><kit.Title>{t("office.menu.tickets")}</kit.Title>
			{tools}</div>
		<Counts props={props} filter={filter} onFilter={onFilter} />
		<Filters props={props} filter={filter} onFilter={onFilter} />
		{queue.parts.map(({ after }) => <Follow key={`${queue.key} ${queue.round} ${after}`}
		    queue={queue} after={after} onError={setError} />)}
		{error !== null && <kit.Notice kind="warning" live
		    title={errorText(error, t)} />}
		{rows.length > 0 && <Bulk rows={rows} props={props}
		    onDone={(ids) => queue.choose(ids, false)}
		    onNone={() => queue.choose([...chosen], false)} />}
		{!queue.loaded && error === null && <kit.Skeleton lines={8} />}
		{queue.loaded && <>
			<div class="dt-list-head">
				<p class="dt-count" role="status">{t("office.shown", { count:
				    lines.length })}{queue.more ? "+" : ""}</p>
				{lines.length > 0 && <kit.Button kind="tertiary"
				    onClick={() => queue.choose(lines.map(({ id }) => id),
				    rows.length < lines.length)}>
					{t(rows.length < lines.length ? "office.choose-all" :
					    "office.choose-none")}</kit.Button>}
				{news > 0 && <kit.Button kind="tertiary" icon="autorenew"
				    onClick={queue.restart}>
					{t("office.reload")}</kit.Button>}
			</div>
			{lines.length === 0 ? <kit.Empty icon="list"
			    title={t("office.nothing")}>{t("office.nothing-says")}</kit.Empty> :
			    <Rows queue={queue} settings={settings} open={open}
				hrefOf={hrefOf} />}
			{queue.more && <kit.Button block onClick={queue.addPage}>
				{t("app.more")}</kit.Button>}
		</>}
	</>;
}

// SPDX-License-Identifier: EUPL-1.2
// Figures: what was received in a period and what became of it, as bars that
// say their numbers and as a table with all of them; the same as a file.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { formatNumber, kit, useApi, useKeys, type ScreenProps }
    from "@stadtkern/office";

export interface Row {
	key: string;
	name: string;
	received: number;
	merged: number;
	released: number;
	released_in_time: number;
	closed: number;
	due: number;
	closed_in_time: number;
	answered: number;
	answer_median: number | null;
	answer_90: number | null;
	close_median: number | null;
	close_90: number | null;
	corrected: number;
	forwarded: number;
}

interface Figures {
	by: string;
	since: string;
	until: string;
	total: Row | null;
	items: Row[];
}

const GROUPS = ["category", "department", "channel", "month"] as const;
const COUNTS = ["received", "merged", "released", "released_in_time", "closed",
    "due", "closed_in_time", "answered", "corrected", "forwarded"] as const;
const DAYS = ["answer_median", "answer_90", "close_median", "close_90"] as const;
const WIDTH = 640, LINE = 32, NAME = 280, NUMBER = 70, LETTERS = 30;

// Bars beside their names, each with its number: nothing is said by colour.
function Bars({ title, rows, value, digits }: { title: string;
    rows: readonly { name: string; row: Row }[];
    value: "received" | "close_median"; digits: number }): JSX.Element | null {
	const shown = rows.filter(({ row }) => row[value] !== null);
	const most = Math.max(...shown.map(({ row }) => row[value] ?? 0), 1);
	const scale = (WIDTH - NAME - NUMBER) / most;
	if (shown.length === 0)
		return null;
	return <figure class="dr-bars">
		<figcaption class="kern-title">{title}</figcaption>
		<svg viewBox={`0 0 ${WIDTH} ${shown.length * LINE}`} role="img"
		    aria-label={shown.map(({ name, row }) => `${name}: ${
		    formatNumber(row[value] ?? 0, digits)}`).join("; ")}>
			{shown.map(({ name, row }, i) => {
				const wide = (row[value] ?? 0) * scale;
				const y = i * LINE;
				return <g key={row.key} aria-hidden="true">
					<text x={NAME - 8} y={y + 21} text-anchor="end">
						{name.length > LETTERS ?
						    `${name.slice(0, LETTERS - 1)}…` : name}</text>
					<rect x={NAME} y={y + 6} width={Math.max(wide, 1)}
					    height={LINE - 12} />
					<text x={NAME + wide + 8} y={y + 21}>
						{formatNumber(row[value] ?? 0, digits)}</text>
				</g>;
			})}
		</svg>
	</figure>;
}

function Choice({ by, since, until, props }: { by: string; since: string;
    until: string; props: ScreenProps }): JSX.Element {
	const { plugin, link, navigate, t } = props;
	const query = (to: Record<string, string>) => new URLSearchParams(
	    Object.entries({ by, since, until, ...to }).filter(([, value]) => value));
	const go = (to: Record<string, string>) =>
	    navigate(`${link("figures")}?${query(to)}`);
	return <kit.Toolbar label={t("office.figures.choose")}>
		<kit.Select id="by" label={t("office.figures.by")} value={by}
		    choices={GROUPS.map((value) => ({ value,
			label: t(`office.figures.by-${value}`) }))}
		    onValue={(value) => go({ by: value })} />
		<kit.Field id="since" type="date" label={t("office.figures.since")}
		    value={since} onValue={(value) => value && go({ since: value })} />
		<kit.Field id="until" type="date" label={t("office.figures.until")}
		    value={until} onValue={(value) => value && go({ until: value })} />
		<kit.LinkButton icon="download"
		    href={`${plugin.api}/figures.csv?${query({})}`}>
			{t("office.figures.csv")}</kit.LinkButton>
	</kit.Toolbar>;
}

export function FiguresScreen(props: ScreenProps): JSX.Element {
	const { plugin, query, t } = props;
	const by = GROUPS.find((one) => one === query.get("by")) ?? "category";
	const asked = new URLSearchParams({ by });
	for (const name of ["since", "until"])
		if (query.get(name))
			asked.set(name, query.get(name) ?? "");
	const { data, error, reload } = useApi<Figures>(
	    `${plugin.api}/figures?${asked}`);
	const table = useRef<HTMLDivElement>(null);
	useKeys({ t: { label: t("office.figures.to-table"), run: () =>
	    table.current?.querySelector<HTMLElement>("[role=region]")?.focus() } });
	const nameOf = (row: Row): string => by === "channel" ?
	    t(`office.channel.${row.key}`) : row.name;
	const rows = (data?.items ?? []).map((row) => ({ name: nameOf(row), row }));
	const all = data?.total ? [...rows, { name: t("office.figures.total"),
	    row: { ...data.total, key: "" } }] : rows;
	const days = (value: number | null) => value === null ? "–" :
	    formatNumber(value, 1);
	return <>
		<kit.Title>{t("office.menu.figures")}</kit.Title>
		<Choice by={by} since={query.get("since") ?? data?.since ?? ""}
		    until={query.get("until") ?? data?.until ?? ""} props={props} />
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{error === null && !data && <kit.Skeleton lines={6} />}
		{data && <>
			<div class="dr-charts">
				<Bars title={t("office.figures.received")} rows={rows}
				    value="received" digits={0} />
				<Bars title={t("office.figures.close_median")} rows={rows}
				    value="close_median" digits={1} />
			</div>
			<div ref={table}>
				<kit.Table caption={t("office.figures.table")} showCaption
				    rows={all} rowKey={({ row }) => row.key} columns={[
					{ key: "name", label: t(`office.figures.by-${by}`),
					    heads: true, cell: ({ name }) => name },
					...COUNTS.map((key) => ({ key, numeric: true,
					    label: t(`office.figures.${key}`),
					    cell: ({ row }: { row: Row }) =>
						formatNumber(row[key]) })),
					...DAYS.map((key) => ({ key, numeric: true,
					    label: t(`office.figures.${key}`),
					    cell: ({ row }: { row: Row }) => days(row[key]) }))]} />
			</div>
			<p class="kern-body sk-muted">{t("office.figures.says")}</p>
		</>}
	</>;
}

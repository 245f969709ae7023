// SPDX-License-Identifier: EUPL-1.2
// All that outside bodies have not settled yet, over all tickets: the link that
// ends first is on top.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { errorText, formatDateTime, kit, t, theApp, useApi, type ScreenProps } from
    "@stadtkern/office";
import { bodyName, categoryName, departmentName, Due, shortDay } from "./parts.tsx";
import type { OpenForwarding, Page, Settings } from "./types.ts";

type Props = ScreenProps<Settings>;

const PAGE = 50;
// Reminders go out from then on, too.
const SOON = 3 * 86_400_000;

type When = "expired" | "soon" | "open";

const whenOf = ({ state, expires_at: until }: OpenForwarding): When =>
    state === "expired" ? "expired" :
    Date.parse(until) - Date.now() < SOON ? "soon" : "open";

function Until({ one }: { one: OpenForwarding }): JSX.Element {
	const when = whenOf(one);
	return <span class={when === "open" ? undefined : "dt-late"}>
		{when !== "open" && <><kit.Icon name="warning" size={16} />{" "}</>}
		{when !== "open" && <>{t(`office.forwarded.${when}`)}{" "}</>}
		<time dateTime={one.expires_at}>{formatDateTime(one.expires_at)}</time>
		{one.reminded_at && <span class="sk-muted"> · {t(
		    "office.forward.reminded")}</span>}
	</span>;
}

// A page, and the next one below it.
function Part({ props, body, after }: { props: Props; body: string;
    after: string | null }): JSX.Element {
	const [more, setMore] = useState(false);
	const query = new URLSearchParams({ limit: String(PAGE),
	    ...body !== "" && { body }, ...after !== null && { cursor: after } });
	const { data, error, reload } = useApi<Page<OpenForwarding>>(
	    `${props.plugin.api}/forwardings?${query}`, { poll: 30 });
	if (!data)
		return error === null ? <kit.Skeleton lines={6} /> :
		    <kit.Failure error={error} retry={reload} />;
	if (data.items.length === 0 && after === null)
		return <kit.Empty icon="success" title={t("office.forwarded.nothing")}>
			{t("office.forwarded.nothing-says")}</kit.Empty>;
	return <>
		{error !== null && <kit.Notice kind="warning" live
		    title={errorText(error, t)} />}
		<kit.Table caption={t("office.menu.forwarded")} rows={data.items}
		    rowKey={({ id }) => id} columns={[
			{ key: "number", label: t("office.report"), heads: true,
			    cell: ({ report }) => <><a href={props.link("tickets",
				report.id)}>{t("app.number", { number: report.number })}{" "}
				{categoryName(props.settings, report.category)}</a>
				<p class="dt-department sk-muted">
				{departmentName(report.department)}</p></> },
			{ key: "body", label: t("office.forward.body"),
			    cell: ({ body, state, created_at: at }) => <>{bodyName(body)}
				<p class="sk-muted">{t(`office.forward.state.${state}`)},{" "}
				{t("office.forwarded.sent", { day: shortDay(at) })}</p></> },
			{ key: "until", label: t("office.forwarded.until"),
			    cell: (one) => <Until one={one} /> },
			{ key: "due", label: t("office.due"), cell: ({ report }) =>
			    report.due_on ? <Due on={report.due_on} late={report.late} /> :
			    t("office.due-none") }]} />
		{data.next !== null && (more ? <Part props={props} body={body}
		    after={data.next} /> : <kit.Button block
		    onClick={() => setMore(true)}>{t("app.more")}</kit.Button>)}
	</>;
}

export function ForwardedScreen(props: Props): JSX.Element {
	const { query, link, navigate } = props;
	const body = theApp().outside_bodies.find(({ code }) =>
	    code === query.get("body"))?.code ?? "";
	return <>
		<kit.Title says={t("office.forwarded.says")}>
			{t("office.menu.forwarded")}</kit.Title>
		<kit.Toolbar label={t("office.filters")}>
			<kit.Select id="body" label={t("office.forward.body")} value={body}
			    choices={[{ value: "", label: t("office.all") },
				...theApp().outside_bodies.map(({ code, name }) =>
				({ value: code, label: name }))]}
			    onValue={(to) => navigate(link("forwarded") +
				(to === "" ? "" : `?body=${to}`), { replace: true })} />
		</kit.Toolbar>
		<Part key={body} props={props} body={body} after={null} />
	</>;
}

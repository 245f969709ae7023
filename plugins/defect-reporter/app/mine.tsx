// SPDX-License-Identifier: EUPL-1.2
// What I sent and what I support: lists, one report with its whole story, and
// the card of the start page.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, errorText, hasDevice, kit, outbox, useApi, type CardProps, type Entry,
    type ScreenProps, type Translate } from "@stadtkern/app";
import { restore } from "./draft.ts";
import { formOf } from "./form.ts";
import { categoryName, History, Line, PhotoStates, PlaceLine, ReleaseBadge,
    Status, When } from "./parts.tsx";
import type { Own, OwnShown, Page, Settings, Supported } from "./types.ts";

type Props = ScreenProps<Settings>;

// Known when the module is: nothing moves when the card learns of it.
const atStart: boolean = await hasDevice().catch(() => false);

// A device that was never registered has sent nothing; asking would register
// it.
function useDevice(): boolean {
	const [has, setHas] = useState(atStart);
	const sent = outbox.entries.value.filter(({ state }) => state === "sent").length;
	useEffect(() => {
		let gone = false;
		hasDevice().then((known) => gone || setHas(known),
		    () => gone || setHas(false));
		return () => { gone = true; };
	}, [sent]);
	return has;
}

// A list page by page: the first is kept for offline, more on demand.
function usePages<T>(path: string | null) {
	const first = useApi<Page<T>>(path, { own: true });
	const [more, setMore] = useState<Page<T>[]>([]);
	const [error, setError] = useState<unknown>(null);
	useEffect(() => setMore([]), [first.data]);
	const last = more.at(-1) ?? first.data;
	const next = last?.next ?? null;
	const load = next === null ? null : () => api.own<Page<T>>(
	    `${path}?cursor=${encodeURIComponent(next)}`).then(({ data }) =>
	    setMore([...more, data]), setError);
	return { ...first, error: first.error ?? error, load,
	    items: [...first.data?.items ?? [], ...more.flatMap(({ items }) => items)] };
}

function Item({ href, title, badge, text, facts }: { href: string; title: string;
    badge: JSX.Element; text: string; facts: JSX.Element }): JSX.Element {
	return <li class="dr-item">
		<h3 class="dr-item__title"><a href={href}>{title}</a></h3>
		<p>{badge}</p>
		<p class="dr-text dr-text--short">{text}</p>
		<p class="sk-muted dr-facts">{facts}</p>
	</li>;
}

function OwnItem({ one, props }: { one: Own; props: Props }): JSX.Element {
	const { settings, link, t } = props;
	return <Item href={link("own", one.id)} text={one.text}
	    title={`${categoryName(settings, one.category)} · ${t("app.number",
		{ number: one.number })}`}
	    badge={<ReleaseBadge release={one.release} settings={settings}
		status={one.status} t={t} />}
	    facts={<><span>{t("app.sent-at")} <When at={one.received_at} /></span>
		{one.answers > 0 && <span>{t("app.answers", { count: one.answers })}</span>}
		{one.photos.length > 0 && <span>{t("app.photo.count",
		    { count: one.photos.length })}</span>}</>} />;
}

async function edit(entry: Entry, { settings, link, navigate }: Props): Promise<void> {
	const photos = await outbox.blobs(entry.id);
	await restore(formOf(entry.steps[0]?.json, settings), photos);
	await outbox.remove(entry.id);
	navigate(link("new", "check"));
}

const waitingOf = (plugin: string): Entry[] => outbox.entries.value.filter(
    (entry) => entry.plugin === plugin && entry.state !== "sent");

// What has not arrived yet is mine all the same.
function Queue({ props }: { props: Props }): JSX.Element | null {
	const { plugin, t } = props;
	const [error, setError] = useState("");
	const waiting = waitingOf(plugin.name);
	if (waiting.length === 0)
		return null;
	return <section class="sk-section dr-wide">
		<h2 class="kern-heading-medium">{t("app.mine.queue")}</h2>
		{error && <kit.Notice kind="warning" title={error} live />}
		<ul class="dr-items">{waiting.map((entry) => <li key={entry.id} class="dr-item">
			<h3 class="dr-item__title"><a href="/outbox">{entry.title}</a></h3>
			<p><kit.Badge kind={entry.state === "waiting" ? "info" : "warning"}
			    icon="outbox">{t(`app.outbox.${entry.state}`)}</kit.Badge></p>
			{entry.problem?.title && <p class="kern-body">{entry.problem.title}</p>}
			{entry.state === "refused" && entry.steps[0]?.json !== undefined &&
			    <kit.Button icon="edit" onClick={() => void edit(entry, props)
				.catch((failure: unknown) => setError(errorText(failure, t)))}>
				{t("app.mine.edit")}</kit.Button>}
		</li>)}</ul>
	</section>;
}

function More({ load, t }: { load: (() => void) | null;
    t: Translate }): JSX.Element | null {
	return load && <kit.Button onClick={load}>{t("app.more")}</kit.Button>;
}

function SupportedList({ props, device }: { props: Props;
    device: boolean }): JSX.Element | null {
	const { plugin, settings, link, t } = props;
	const { items, load } = usePages<Supported>(device ?
	    `${plugin.api}/reports/supported` : null);
	if (items.length === 0)
		return null;
	return <section class="sk-section dr-wide">
		<h2 class="kern-heading-medium">{t("app.mine.supported")}</h2>
		<ul class="dr-items">{items.map((one) => <Item key={one.id}
		    href={link("show", one.id)} text={one.text}
		    title={`${categoryName(settings, one.category)} · ${t("app.number",
			{ number: one.number })}`}
		    badge={<Status settings={settings} code={one.status} />}
		    facts={<><span>{t("app.changed")} <When at={one.changed_at} /></span>
			{one.answers > 0 && <span>{t("app.answers",
			    { count: one.answers })}</span>}</>} />)}</ul>
		<More load={load} t={t} />
	</section>;
}

export function Mine(props: Props): JSX.Element {
	const { plugin, link, t } = props;
	const device = useDevice();
	const { items, error, loading, data, fetchedAt, reload, load } =
	    usePages<Own>(device ? `${plugin.api}/reports/mine` : null);
	const empty = (!device || (data !== null && items.length === 0)) &&
	    waitingOf(plugin.name).length === 0;
	return <>
		<kit.Title>{t("app.mine.title")}</kit.Title>
		<kit.Age fetchedAt={fetchedAt} />
		<Queue props={props} />
		{loading && !data &&
		    <kit.Skeleton lines={5} />}
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{empty && <kit.Empty icon="mine" title={t("app.mine.empty")}
		    action={<kit.LinkButton kind="primary" href={link("new")}>
			{t("app.tile.new")}</kit.LinkButton>}>
			{t("app.mine.empty-says")}
		</kit.Empty>}
		{items.length > 0 && <section class="sk-section dr-wide">
			<h2 class="kern-heading-medium">{t("app.mine.sent")}</h2>
			<ul class="dr-items">{items.map((one) =>
			    <OwnItem key={one.id} one={one} props={props} />)}</ul>
			<More load={load} t={t} />
		</section>}
		<SupportedList props={props} device={device} />
	</>;
}

function Answers({ report, settings, t }: { report: OwnShown;
    settings: Settings; t: Translate }): JSX.Element | null {
	const questions = settings.categories.find(({ code }) =>
	    code === report.category)?.questions ?? [];
	const entries = Object.entries(report.answers);
	if (entries.length === 0)
		return null;
	const text = (value: unknown): string => typeof value === "boolean" ?
	    t(value ? "app.yes" : "app.no") : Array.isArray(value) ?
	    value.join(", ") : String(value);
	return <dl class="dr-answers">{entries.map(([code, value]) => <div key={code}>
		<dt>{questions.find((one) => one.code === code)?.ask ?? code}</dt>
		<dd>{text(value)}</dd>
	</div>)}</dl>;
}

function Why({ report, t }: { report: OwnShown; t: Translate }): JSX.Element | null {
	if (report.release === "released")
		return null;
	const reason = report.history.filter(({ kind }) => kind === "rejected").at(-1);
	return report.release === "pending" ?
	    <kit.Notice kind="info" title={t("app.own.pending")}>
		<p class="kern-body">{t("app.own.pending-says")}</p></kit.Notice> :
	    <kit.Notice kind="warning" title={t("app.own.rejected")}>
		<p class="kern-body">{reason?.text ?? t("app.own.no-reason")}</p>
	    </kit.Notice>;
}

function OwnReport({ report, props }: { report: OwnShown;
    props: Props }): JSX.Element {
	const { settings, link, t } = props;
	const released = report.release === "released";
	return <article class="dr-report">
		<p class="dr-facts"><ReleaseBadge release={report.release}
		    settings={settings} status={report.status} t={t} />
		<span class="sk-muted">{t("app.sent-at")}{" "}
			<When at={report.received_at} /></span></p>
		<Why report={report} t={t} />
		<section class="sk-section">
			<h2 class="kern-heading-medium">{t("app.own.text")}</h2>
			<p class="dr-text">{report.text}</p>
			{report.published_text && report.published_text !== report.text && <>
				<h3 class="dr-small">{t("app.own.published")}</h3>
				<p class="dr-text">{report.published_text}</p></>}
			<Answers report={report} settings={settings} t={t} />
			<PlaceLine position={report.position ?? null}
			    address={report.address ?? null} t={t}
			    mapLink={`${link("map")}?at=${report.id}`} />
			{(report.supporters ?? 0) > 0 && <Line icon="account-circle">
				{t("app.support.count", { count: report.supporters ?? 0 })}</Line>}
		</section>
		<PhotoStates photos={report.photos} t={t} />
		<History received={report.received_at} events={report.history}
		    settings={settings} t={t} />
		{released && <div class="sk-actions"><kit.LinkButton icon="visibility"
		    href={link("show", report.id)}>{t("app.own.as-public")}
		</kit.LinkButton></div>}
	</article>;
}

export function OwnScreen(props: Props): JSX.Element {
	const { plugin, settings, params, t, link } = props;
	const id = params[0] ?? "";
	const { data, error, fetchedAt, reload } = useApi<OwnShown>(
	    `${plugin.api}/reports/mine/${encodeURIComponent(id)}`, { own: true });
	return <>
		<p class="dr-back"><a href={link("mine")}>
			<kit.Icon name="arrow-back" size={20} turn />
			{t("app.mine.title")}</a></p>
		<kit.Title>{data ? `${categoryName(settings, data.category)} · ${
		    t("app.number", { number: data.number })}` : t("app.report")}</kit.Title>
		<kit.Age fetchedAt={fetchedAt} />
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{!data && error === null && <kit.Skeleton lines={6} />}
		{data && <OwnReport report={data} props={props} />}
	</>;
}

const ON_CARD = 3;

export function MineCard({ plugin, settings, link, t }: CardProps<Settings>): JSX.Element {
	const device = useDevice();
	const { data, error } = useApi<Page<Own>>(device ?
	    `${plugin.api}/reports/mine` : null, { own: true });
	const items = data?.items ?? [];
	const known = !device || data !== null || error !== null;
	return <kit.Card icon="mine" href={link("mine")} title={t("app.mine.title")}
	    action={items.length === 0 && known && <kit.LinkButton icon="report"
	    href={link("new")}>{t("app.tile.new")}</kit.LinkButton>}>
		{!known && <kit.Skeleton lines={2} />}
		{known && items.length === 0 && <p class="kern-body">
			{t("app.card.empty")}</p>}
		{items.length > 0 && <ul class="dr-plain dr-card">
			{items.slice(0, ON_CARD).map((one) => <li key={one.id}>
				<a href={link("own", one.id)}>
					{categoryName(settings, one.category)}</a>
				<ReleaseBadge release={one.release} settings={settings}
				    status={one.status} t={t} />
			</li>)}
		</ul>}
	</kit.Card>;
}


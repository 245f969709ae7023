// SPDX-License-Identifier: EUPL-1.2
// The public reports: a map and a list that show the same, with the same
// filters in the address.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { announce, errorText, formatDistance, kit, loadMap, useApi, type CityMap,
    type ScreenProps } from "@stadtkern/app";
import { entriesOf, filterOf, isFiltered, lookOf, queryOf, type Entry,
    type Filter } from "./filter.ts";
import { Filters } from "./filters.tsx";
import { locate } from "./locate.ts";
import { categoryName, Status, statusName, statusOf, useMedia, When } from "./parts.tsx";
import type { Feature, Listed, Page, Position, Settings, Shown } from "./types.ts";

type Props = ScreenProps<Settings>;

const SHOWN = 20;

// What is known of the reports' words and pictures, for those on the list.
function useTexts({ plugin }: Props, wanted: boolean): ReadonlyMap<string, Listed> {
	const { data } = useApi<Page<Listed>>(wanted ?
	    `${plugin.api}/reports?limit=100` : null);
	return useMemo(() => new Map((data?.items ?? []).map((one) =>
	    [one.id, one])), [data]);
}

function Row({ entry, text, props }: { entry: Entry; text: Listed | undefined;
    props: Props }): JSX.Element {
	const { plugin, settings, link, t } = props;
	const [photo] = text?.photos ?? [];
	return <li class="dr-item dr-item--row">
		<div class="dr-item__body">
			<h2 class="dr-item__title"><a href={link("show", entry.id)}>
				{categoryName(settings, entry.category)}</a></h2>
			<p><Status settings={settings} code={entry.status} /></p>
			{text && <p class="dr-text dr-text--short">{text.text}</p>}
			<p class="sk-muted dr-facts"><span><When at={entry.received} /></span>
				{entry.away !== null && <span>{t("app.away",
				    { distance: formatDistance(entry.away) })}</span>}
				<span>{t("app.number", { number: entry.number })}</span></p>
		</div>
		{photo && <img class="dr-item__photo" alt="" width="96" height="96"
		    loading="lazy"
		    src={`${plugin.api}/reports/${entry.id}/photos/${photo}/thumbnail`} />}
	</li>;
}

function List({ entries, props }: { entries: readonly Entry[];
    props: Props }): JSX.Element {
	const { t } = props;
	const [count, setCount] = useState(SHOWN);
	const texts = useTexts(props, true);
	const list = useRef<HTMLUListElement>(null);
	const more = () => {
		setCount(count + SHOWN);
		// The first of the new ones takes the focus, as the button moves away.
		requestAnimationFrame(() => list.current?.children[count]
		    ?.querySelector("a")?.focus());
	};
	if (entries.length === 0)
		return <kit.Empty icon="list" title={t("app.list.nothing")}>
			{t("app.list.nothing-says")}</kit.Empty>;
	return <>
		<ul class="dr-items" ref={list}>
			{entries.slice(0, count).map((entry) => <Row key={entry.id}
			    entry={entry} text={texts.get(entry.id)} props={props} />)}
		</ul>
		{count < entries.length && <kit.Button block onClick={more}>
			{t("app.list.more", { count: entries.length - count })}
		</kit.Button>}
	</>;
}

function Chosen({ id, props, onClose }: { id: string; props: Props;
    onClose: () => void }): JSX.Element {
	const { plugin, settings, link, t } = props;
	const { data, error, reload } = useApi<Shown>(
	    `${plugin.api}/reports/${encodeURIComponent(id)}`);
	const [photo] = data?.photos ?? [];
	return <kit.Sheet key={id} title={data ? categoryName(settings, data.category) :
	    t("app.report")} onClose={onClose}>
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{!data && error === null && <kit.Skeleton />}
		{data && <>
			<p class="dr-facts"><Status settings={settings} code={data.status} />
				<span class="sk-muted"><When at={data.received_at} /></span></p>
			{photo && <img class="dr-sheet__photo" alt="" width={photo.width}
			    height={photo.height} src={`${plugin.api}/reports/${data.id}/photos/${
			    photo.id}/thumbnail`} />}
			<p class="dr-text dr-text--short">{data.text}</p>
			<kit.LinkButton kind="primary" block href={link("show", data.id)}>
				{t("app.map.details")}</kit.LinkButton>
		</>}
	</kit.Sheet>;
}

function TheMap({ entries, chosen, me, props, onPin, onGone }: {
    entries: readonly Entry[]; chosen: string | null; me: Position | null;
    props: Props; onPin: (id: string) => void;
    onGone: (error: unknown) => void }): JSX.Element {
	const { app, settings, t } = props;
	const box = useRef<HTMLDivElement>(null);
	const pin = useRef(onPin);
	const went = useRef<string | null>(null);
	const [map, setMap] = useState<CityMap | null>(null);
	pin.current = onPin;
	useEffect(() => {
		let gone = false;
		let made: CityMap | null = null;
		loadMap().then(({ createMap }) => gone ? null : createMap(box.current!,
		    { app, t, label: t("app.map.label", { city: app.name }),
		    whole: true, onPin: (id) => pin.current(id) })).then((fresh) => {
			made = fresh;
			if (gone)
				return made?.remove();
			setMap(made);
		}).catch((error: unknown) => gone || onGone(error));
		return () => {
			gone = true;
			made?.remove();
		};
	}, []);
	useEffect(() => map?.setPins(entries.map(({ id, lon, lat, category, status }) =>
	    ({ id, lon, lat, ...lookOf(statusOf(settings, status), settings.initial),
	    label: `${categoryName(settings, category)}, ${
		statusName(settings, status)}` }))), [map, entries]);
	useEffect(() => {
		map?.select(chosen);
		const entry = entries.find(({ id }) => id === chosen);
		if (map && entry && went.current !== chosen) {
			went.current = chosen;
			map.moveTo(entry);
		}
	}, [map, chosen, entries]);
	useEffect(() => {
		map?.setPosition(me);
		if (me)
			map?.moveTo(me, 15);
	}, [map, me]);
	return <div ref={box} class="dr-map" />;
}

function Legend({ settings, t }: { settings: Settings;
    t: Props["t"] }): JSX.Element {
	return <details class="dr-legend">
		<summary>{t("app.map.legend")}</summary>
		<ul>{settings.statuses.map(({ code }) => <li key={code}>
			<Status settings={settings} code={code} /></li>)}</ul>
	</details>;
}

function Tools({ props, filter, view, both, count, onFilter, onLocate, busy }: {
    props: Props; filter: Filter; view: "map" | "list"; both: boolean;
    count: number | null; onFilter: (filter: Filter) => void; onLocate: () => void;
    busy: boolean }): JSX.Element {
	const { link, t, settings } = props;
	const other = view === "map" ? "list" : "map";
	return <div class="dr-tools">
		<div class="sk-actions">
			{!both && <kit.LinkButton icon={other} kind="primary"
			    href={link(other) + queryOf(filter)}>
				{t(`app.public.as-${other}`)}</kit.LinkButton>}
			<kit.Button icon="locate" busy={busy} onClick={onLocate}>
				{t("app.public.here")}</kit.Button>
		</div>
		<Filters settings={settings} filter={filter} onFilter={onFilter} t={t}
		    sorts={both || view === "list"} says={count === null ? "" :
		    t("app.public.count", { count })} />
	</div>;
}

function useHere({ t }: Props) {
	const [me, setMe] = useState<Position | null>(null);
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState("");
	const find = async (): Promise<boolean> => {
		setBusy(true);
		setError("");
		try {
			setMe(await locate());
			return true;
		} catch (failure) {
			setError(errorText(failure, t));
			return false;
		} finally {
			setBusy(false);
		}
	};
	return { me, busy, error, find };
}

function Public({ view, props }: { view: "map" | "list";
    props: Props }): JSX.Element {
	const { plugin, query, navigate, t } = props;
	const both = useMedia("(min-width: 64rem) and (min-height: 30rem)");
	const filter = filterOf(query);
	const [failed, setFailed] = useState<unknown>(null);
	const here = useHere(props);
	const { data, error, loading, fetchedAt, reload } =
	    useApi<{ features: Feature[] }>(`${plugin.api}/map.geojson`);
	const key = queryOf(filter);
	const entries = useMemo(() => entriesOf(data?.features ?? [], filter,
	    Date.now(), here.me), [data, key, here.me]);
	const go = (to: Filter, at: string | null = null) => {
		// The screen's own address: behind a tab of the shell it has another.
		const base = location.pathname + queryOf(to);
		navigate(at === null ? base : `${base}${base.includes("?") ? "&" : "?"}at=${
		    encodeURIComponent(at)}`, { replace: true });
	};
	useEffect(() => {
		if (data !== null && (isFiltered(filter) || here.me))
			announce(t("app.public.count", { count: entries.length }));
	}, [key, here.me]);
	const chosen = query.get("at");
	const withMap = view === "map" && failed === null || both && failed === null;
	const withList = view === "list" || both || failed !== null;
	const onLocate = async () => {
		if (await here.find() && withList)
			go({ ...filter, sort: "distance" });
	};
	return <div class={`sk-map-page dr-public${both ? " dr-public--both" : ""}`}>
		<div class="dr-public__side">
			<kit.Title>{t(`app.public.${view}`)}</kit.Title>
			<Tools props={props} filter={filter} view={view}
			    both={both || failed !== null} busy={here.busy}
			    count={data && entries.length}
			    onFilter={(to) => go(to)} onLocate={() => void onLocate()} />
			{here.error && <kit.Notice kind="warning" title={here.error} live />}
			{failed !== null && <kit.Notice kind="info"
			    title={errorText(failed, t)} live />}
			<kit.Age fetchedAt={fetchedAt} />
			{error !== null && !data && <kit.Failure error={error} retry={reload} />}
			{loading && !data && <kit.Skeleton lines={withList ? 6 : 1} />}
			{data && withList && <List key={key} entries={entries} props={props} />}
		</div>
		{withMap && <div class="dr-public__map">
			<TheMap entries={entries} chosen={chosen} me={here.me} props={props}
			    onPin={(id) => go(filter, id)} onGone={setFailed} />
			<Legend settings={props.settings} t={t} />
			{chosen !== null && <Chosen id={chosen} props={props}
			    onClose={() => go(filter)} />}
		</div>}
	</div>;
}

export const MapScreen = (props: Props): JSX.Element =>
    <Public view="map" props={props} />;
export const ListScreen = (props: Props): JSX.Element =>
    <Public view="list" props={props} />;

// SPDX-License-Identifier: EUPL-1.2
// The plan of a day in a district: the stops in their order, as a list and on
// the map, to be put into another order, printed and taken along as a file.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, errorText, formatNumber, formatWeekday, kit, loadMap, refresh,
    undoable, useApi, useKeys, type CityMap, type ScreenProps }
    from "@stadtkern/office";
import { BookingPane } from "./booking.tsx";
import { addressOf, nextDay, thingsOf, today, useDistricts } from "./parts.tsx";
import { moved, zoomFor } from "./tour.ts";
import type { District, Page, Stop } from "./types.ts";

function PlanMap({ stops, tour, props, open }: { stops: readonly Stop[];
    tour: string; props: ScreenProps; open: (id: string) => void }): JSX.Element {
	const { app, t } = props;
	const box = useRef<HTMLDivElement>(null);
	const map = useRef<CityMap | null>(null);
	const [error, setError] = useState<unknown>(null);
	// The map is there long after the stops; it shows those of then.
	const now = useRef(stops);
	now.current = stops;
	const draw = () => map.current?.setPins(now.current.flatMap(({ id, stop,
	    position, address }) => position === null ? [] : [{ id,
	    lon: position.lon, lat: position.lat, shape: "circle" as const,
	    tone: "info" as const, text: formatNumber(stop),
	    label: `${stop}: ${addressOf(address)}` }]));
	const show = () => {
		const at = now.current.flatMap(({ position }) => position ?? []);
		const lons = at.map(({ lon }) => lon), lats = at.map(({ lat }) => lat);
		const [west, east] = [Math.min(...lons), Math.max(...lons)];
		const [south, north] = [Math.min(...lats), Math.max(...lats)];
		if (at.length > 0 && box.current)
			map.current?.moveTo({ lon: (west + east) / 2,
			    lat: (south + north) / 2 }, zoomFor(east - west,
			    north - south, box.current.clientWidth,
			    box.current.clientHeight));
	};
	useEffect(() => {
		let gone = false;
		loadMap().then(({ createMap }) => createMap(box.current!, { app, t,
		    label: t("office.plan.map"), onPin: open })).then((made) => {
			if (gone)
				return made.remove();
			map.current = made;
			draw();
			show();
		}, setError);
		return () => {
			gone = true;
			map.current?.remove();
			map.current = null;
		};
	}, []);
	useEffect(draw, [stops]);
	// Another tour is another place; a stop more or less is not.
	const first = stops.find(({ position }) => position !== null)?.position;
	useEffect(show, [tour, first === undefined]);
	return <>
		{error !== null && <kit.Notice kind="info" title={errorText(error, t)} />}
		<div ref={box} class="bo-map" />
	</>;
}

function Choice({ districts, district, day, onPrint, props }: {
    districts: District[]; district: string; day: string; onPrint: () => void;
    props: ScreenProps }): JSX.Element {
	const { plugin, link, navigate, t } = props;
	const go = (to: { district?: string; day?: string }) => navigate(
	    `${link("plan")}?${new URLSearchParams({ district, day, ...to })}`);
	return <kit.Toolbar label={t("office.plan.choose")}>
		<kit.Select id="district" label={t("office.district")} value={district}
		    choices={districts.map(({ code, name }) =>
			({ value: code, label: name }))}
		    onValue={(code) => go({ district: code, day: nextDay(
			districts.find((one) => one.code === code), day) })} />
		<kit.Field id="day" type="date" label={t("office.day")} value={day}
		    onValue={(value) => value && go({ day: value })} />
		<kit.Button icon="draft" onClick={onPrint}>
			{t("office.plan.print")}</kit.Button>
		<kit.LinkButton icon="download" href={`${plugin.api}/bookings.csv?` +
		    new URLSearchParams({ from: day, until: day })}>
			{t("office.plan.csv")}</kit.LinkButton>
	</kit.Toolbar>;
}

function Move({ icon, label, onClick }: { icon: string; label: string;
    onClick: () => void }): JSX.Element {
	return <button type="button" class="kern-btn kern-btn--tertiary sk-round"
	    aria-label={label} onClick={onClick}><kit.Icon name={icon} /></button>;
}

function Stops({ stops, district, day, at, props }: { stops: Stop[];
    district: District; day: string; at: string | undefined;
    props: ScreenProps }): JSX.Element {
	const { plugin, link, can, t } = props;
	const [error, setError] = useState<unknown>(null);
	const put = async (bookings: string[]): Promise<void> => {
		await api.put(`${plugin.api}/days/${district.code}/${day}/order`,
		    { bookings });
		refresh(`${plugin.api}/plan`);
	};
	const move = (stop: Stop, by: 1 | -1) => {
		const before = stops.map(({ id }) => id);
		setError(null);
		void put(moved(before, stop.id, by)).then(() => undoable(
		    t("office.plan.moved", { address: addressOf(stop.address) }),
		    () => put(before)), setError);
	};
	const query = `?${new URLSearchParams({ district: district.code, day })}`;
	return <>
		{error !== null && <kit.Notice kind="danger" live
		    title={errorText(error, t)} />}
		<h2 class="kern-title">{t("office.plan.stops", { district:
		    district.name, day: formatWeekday(day) })}</h2>
		{stops.length === 0 && <p class="kern-body">{t("office.plan.empty")}</p>}
		<ol class="bo-stops">{stops.map((stop) => <li key={stop.id}
		    aria-current={stop.id === at ? "true" : undefined}>
			<span class="bo-stop" aria-hidden="true">{stop.stop}</span>
			<div class="bo-what">
				<a href={`${link("plan", stop.id)}${query}`}>
					{addressOf(stop.address)}</a>
				<span class="bo-print">{[stop.household?.name,
				    stop.number].filter(Boolean).join(", ")}</span>
				<span>{thingsOf(stop.items)} ·{" "}
					{formatNumber(stop.volume, 1)} m³</span>
				{stop.express && <kit.Badge kind="warning">
					{t("office.express")}</kit.Badge>}
				{stop.household?.note && <span class="sk-muted">
					{stop.household.note}</span>}
			</div>
			{can("plan.write") && <span class="bo-move">
				<Move icon="arrow-up" label={t("office.plan.up",
				    { address: addressOf(stop.address) })}
				    onClick={() => move(stop, -1)} />
				<Move icon="arrow-down" label={t("office.plan.down",
				    { address: addressOf(stop.address) })}
				    onClick={() => move(stop, 1)} />
			</span>}
		</li>)}</ol>
	</>;
}

export function Plan(props: ScreenProps): JSX.Element {
	const { plugin, params, query, link, navigate, t } = props;
	const districts = useDistricts(plugin);
	const list = districts.data?.items ?? [];
	const district = query.get("district") ?? list[0]?.code;
	const shown = list.find(({ code }) => code === district);
	const day = query.get("day") ?? nextDay(shown, today());
	const plan = useApi<Page<Stop>>(district === undefined ? null :
	    `${plugin.api}/plan?${new URLSearchParams({ district, day,
	    limit: "100" })}`, { poll: 30 });
	const stops = plan.data?.items ?? [];
	const [id] = params;
	const back = `?${new URLSearchParams({ district: district ?? "", day })}`;
	const open = (one: string) => navigate(`${link("plan", one)}${back}`);
	// The list is what is printed, not a booking that is open beside it.
	const onPrint = () => {
		if (id)
			navigate(`${link("plan")}${back}`);
		setTimeout(print);
	};
	const step = (by: number) => {
		const to = stops[stops.findIndex((one) => one.id === id) + by];
		if (to)
			open(to.id);
	};
	useKeys({ j: { label: t("office.key.next"), run: () => step(1) },
	    k: { label: t("office.key.before"), run: () => step(-1) } });
	const error = districts.error ?? plan.error;
	return <kit.Split at={id ? "detail" : "queue"}
	    onBack={() => navigate(`${link("plan")}${back}`)}
	    queue={{ label: t("office.menu.plan"), content: <>
		<kit.Title>{t("office.menu.plan")}</kit.Title>
		{district && <Choice districts={list} district={district} day={day}
		    onPrint={onPrint} props={props} />}
		{error !== null && !plan.data && <kit.Failure error={error}
		    retry={plan.reload} />}
		{error === null && !plan.data && <kit.Skeleton lines={6} />}
		{plan.data?.next && <kit.Notice kind="warning"
		    title={t("office.plan.more", { count: stops.length })} />}
		{plan.data && shown && <Stops stops={stops} district={shown}
		    day={day} at={id} props={props} />}
	    </> }}
	    detail={{ label: t("office.detail"), content: id ?
		<BookingPane key={id} id={id} props={props} /> :
		<p class="kern-body sk-muted">{t("office.plan.none-open")}</p> }}
	    map={{ label: t("office.plan.map"), content:
		<PlanMap stops={stops} tour={back} props={props} open={open} /> }} />;
}

// SPDX-License-Identifier: EUPL-1.2
// Tickets on the city's map, by shape and colour of their status, and the
// parcels below them. The list beside it shows the same; the map asks for what
// is in view.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { errorText, kit, loadMap, t, theApp, useApi, type CityMap, type Pin, type
    View } from "@stadtkern/office";
import { FROM } from "./cells.ts";
import { parcelsOn, useParcels } from "./parcels.ts";
import { categoryName, pinLook, Status, statusName } from "./parts.tsx";
import type { Page, Position, Row, Settings } from "./types.ts";

// More is a crowd that nobody can tell apart; the newest are shown.
const MOST = 100;
const POLL = 20;
// A parcel has room for its number then.
const NEAR = 17;

interface Pinned {
	id: string;
	number: number;
	category: string;
	status: string;
	late?: boolean;
	position: Position | null;
}

const pinOf = (row: Pinned, settings: Settings): Pin[] => row.position ? [{
    id: row.id, ...row.position, ...pinLook(settings, row.status),
    ...row.late && { tone: "danger" as const },
    label: [t("app.number", { number: row.number }),
	categoryName(settings, row.category), statusName(settings, row.status),
	row.late ? t("office.late") : ""].filter(Boolean).join(", ") }] : [];

// The map itself. It stays while what it shows changes.
export function TicketMap({ base, rows, chosen, center, settings, onPin, onMove,
    onParcels }: { base: string; rows: readonly Pinned[]; chosen?: string | null;
    center?: Position | null; settings: Settings; onPin?: (id: string) => void;
    onMove?: (view: View) => void;
    onParcels?: (count: number | null, error: unknown) => void }): JSX.Element {
	const box = useRef<HTMLDivElement>(null);
	const [map, setMap] = useState<CityMap | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [view, setView] = useState<View | null>(null);
	const parcels = useParcels(map, view, base);
	useEffect(() => onParcels?.(parcels.count, parcels.error),
	    [parcels.count, parcels.error]);
	const moved = (view: View) => {
		setView(view);
		onMove?.(view);
	};
	const told = useRef({ onPin, moved });
	told.current = { onPin, moved };
	useEffect(() => {
		let gone = false;
		let made: CityMap | null = null;
		loadMap().then(({ createMap }) => gone ? null : createMap(box.current!, {
		    app: theApp(), t, label: t("office.map.label"),
		    ...center ? { center, zoom: NEAR } : {},
		    onPin: (id) => told.current.onPin?.(id),
		    onMove: (view) => told.current.moved(view) })).then((fresh) => {
			made = fresh;
			if (gone)
				return made?.remove();
			setMap(made);
			if (made)
				told.current.moved(made.view());
		}).catch((failure: unknown) => gone || setError(failure));
		return () => {
			gone = true;
			made?.remove();
		};
	}, []);
	useEffect(() => map?.setPins(rows.flatMap((row) => pinOf(row, settings))),
	    [map, rows]);
	useEffect(() => {
		map?.select(chosen ?? null);
	}, [map, chosen, rows]);
	const at = center ? `${center.lat} ${center.lon}` : "";
	useEffect(() => {
		if (map && center)
			map.moveTo(center, NEAR);
	}, [map, at]);
	return error !== null ? <p class="kern-body dt-no-map">
		{errorText(error, t)}</p> : <div ref={box} class="dt-map" />;
}

// What the map's signs mean.
function Legend({ settings }: { settings: Settings }): JSX.Element {
	return <details class="dt-legend">
		<summary>{t("app.map.legend")}</summary>
		<ul class="dt-plain">{settings.statuses.map(({ code }) =>
		    <li key={code}><Status settings={settings} code={code} /></li>)}
			{parcelsOn.value && ["city", "not-city", "unknown"].map((its) =>
			    <li key={its} class="dt-status">
				<span class={`dt-ground dt-ground--${its}`} aria-hidden="true" />
				{t("office.parcel.sign", {
				    owner: t(`office.parcel.${its}`) })}</li>)}
		</ul>
	</details>;
}

// What is to be said of the parcels, if anything.
function parcelsNote(zoom: number | null, count: number | null,
    error: unknown): string {
	if (!parcelsOn.value || zoom === null)
		return "";
	if (zoom < FROM)
		return t("office.parcel.closer");
	return error !== null ? errorText(error, t) : count === null ? "" :
	    t("office.parcel.count", { count });
}

// What of the filter is in view. `query` is the list's.
export function Overview({ base, query, settings, open, center, onOpen }: {
    base: string; query: string; settings: Settings; open: string | null;
    center?: Position | null; onOpen: (id: string) => void }): JSX.Element {
	const [bounds, setBounds] = useState("");
	const [zoom, setZoom] = useState<number | null>(null);
	const [parcels, setParcels] = useState<{ count: number | null;
	    error: unknown }>({ count: null, error: null });
	const of = new URLSearchParams(query);
	of.set("sort", "received");
	const { data, error, loading } = useApi<Page<Row>>(bounds === "" ? null :
	    `${base}/tickets?${of}&bbox=${bounds}&limit=${MOST}`, { poll: POLL });
	// What was there stays until what is there now is known.
	const known = useRef<Row[]>([]);
	if (data)
		known.current = data.items;
	const rows = useMemo(() => known.current, [data, bounds]);
	return <div class="dt-overview">
		<TicketMap base={base} rows={rows} chosen={open} settings={settings}
		    onPin={onOpen} {...center !== undefined && { center }}
		    onParcels={(count, error) => setParcels({ count, error })}
		    onMove={({ bounds, zoom }) => {
			setZoom(zoom);
			setBounds(bounds.map((one) => one.toFixed(5)).join(","));
		    }} />
		<div class="dt-map-tools">
			<Legend settings={settings} />
			<button type="button" class="dt-map-tool"
			    aria-pressed={parcelsOn.value} onClick={() => {
				parcelsOn.value = !parcelsOn.value;
			    }}><kit.Icon name="layers" />{" "}
				{t("office.parcel.show")}</button>
		</div>
		<p class="dt-map-note" role="status">{[error !== null ?
		    errorText(error, t) : loading && !data ? "" : data?.next ?
		    t("office.map.more", { count: MOST }) :
		    t("office.map.count", { count: rows.length }),
		    parcelsNote(zoom, parcels.count, parcels.error)]
		    .filter(Boolean).join(" · ")}</p>
	</div>;
}

// A place is chosen by moving the map below a fixed pin.
export function Picker({ place, onPick }: { place: Position | null;
    onPick: (at: Position) => void }): JSX.Element {
	const box = useRef<HTMLDivElement>(null);
	const map = useRef<CityMap | null>(null);
	const [error, setError] = useState<unknown>(null);
	const pick = useRef(onPick);
	pick.current = onPick;
	const settled = useRef("");
	const key = ({ lat, lon }: Position) => `${lat.toFixed(5)} ${lon.toFixed(5)}`;
	useEffect(() => {
		let gone = false;
		loadMap().then(({ createMap }) => gone ? null : createMap(box.current!, {
		    app: theApp(), t, label: t("app.place.map"), crosshair: true,
		    ...place ? { center: place, zoom: NEAR } : {},
		    onMove: ({ center }) => {
			if (settled.current !== "" && key(center) !== settled.current)
				pick.current(center);
			settled.current = key(center);
		    } })).then((made) => {
			if (!made)
				return;
			if (gone)
				return made.remove();
			map.current = made;
			settled.current = key(made.view().center);
		}).catch((failure: unknown) => gone || setError(failure));
		return () => {
			gone = true;
			map.current?.remove();
		};
	}, []);
	// Typed: the map goes there, which is no choice anew.
	useEffect(() => {
		if (!place || !map.current || key(place) === settled.current)
			return;
		settled.current = key(place);
		map.current.moveTo(place, NEAR);
	}, [place && key(place)]);
	return error !== null ? <kit.Notice title={t("app.place.no-map")} /> :
	    <div ref={box} class="dt-picker" />;
}

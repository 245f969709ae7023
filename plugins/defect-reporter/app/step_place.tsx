// SPDX-License-Identifier: EUPL-1.2
// The place: from a photo, from the device, by moving the map, or typed. Each
// way leads there without the others.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce, errorText, formatNumber, kit, loadMap, type CityMap,
    type Description, type Translate } from "@stadtkern/app";
import { change, form, setPlace } from "./draft.ts";
import type { Place } from "./form.ts";
import { locate } from "./locate.ts";
import { distance, isInside, parsePosition, written, type Boundary } from "./place.ts";
import type { Position } from "./types.ts";

// Nearer than this it is the same place: the map settles by centimetres.
const SAME = 0.5;
const NEAR = 17;
const ROUGH = 50;

function Picker({ app, t, onPick }: { app: Description; t: Translate;
    onPick: (at: Position) => void }): JSX.Element {
	const box = useRef<HTMLDivElement>(null);
	const map = useRef<CityMap | null>(null);
	const centre = useRef<Position | null>(null);
	const [error, setError] = useState<unknown>(null);
	const place = form.value?.place ?? null;
	const moved = (to: Position) => {
		const from = centre.current;
		centre.current = to;
		if (from !== null && distance(from, to) > SAME)
			onPick(to);
	};
	useEffect(() => {
		let gone = false;
		loadMap().then(({ createMap }) => gone ? null : createMap(box.current!, {
		    app, t, label: t("app.place.map"), crosshair: true,
		    ...place ? { center: place, zoom: NEAR } : {},
		    onMove: ({ center }) => moved(center) })).then((made) => {
			if (!made)
				return;
			if (gone)
				return made.remove();
			map.current = made;
			centre.current = made.view().center;
		}).catch((failure: unknown) => gone || setError(failure));
		return () => {
			gone = true;
			map.current?.remove();
			map.current = null;
		};
	}, []);
	// A place from elsewhere: the map goes there, which is no choice anew.
	useEffect(() => {
		if (!place || !map.current || place.source === "pin")
			return;
		centre.current = { lat: place.lat, lon: place.lon };
		map.current.moveTo(place, NEAR);
	}, [place]);
	if (error !== null)
		return <kit.Notice kind="info" title={t("app.place.no-map")}>
			<p class="kern-body">{t("app.place.no-map-says")}</p>
		</kit.Notice>;
	return <div ref={box} class="dr-picker" />;
}

function Chosen({ app, place, inside, t }: { app: Description;
    place: Place | null; inside: boolean | null; t: Translate }): JSX.Element {
	if (place === null)
		return <p class="dr-line sk-muted" role="status">
			<kit.Icon name="place" size={20} />
			<span>{t("app.place.none")}</span></p>;
	if (inside === false)
		return <kit.Notice kind="danger" live
		    title={t("app.place.outside", { city: app.name })}>
			<p class="kern-body">{t("app.place.outside-says")}</p>
		</kit.Notice>;
	const rough = place.accuracy !== undefined && place.accuracy > ROUGH;
	return <div role="status" class="dr-chosen">
		<p class="dr-line"><kit.Icon name="success" size={20} />
			<span><strong>{t(`app.place.from.${place.source}`)}</strong>{" "}
			<span class="sk-muted">{written(place)}</span>
			{place.accuracy !== undefined && <><br />{t("app.place.accuracy",
			    { metres: formatNumber(Math.max(1, place.accuracy)) })}</>}
			</span></p>
		{rough && <p class="kern-body">{t("app.place.rough")}</p>}
	</div>;
}

function Typed({ t }: { t: Translate }): JSX.Element {
	const [text, setText] = useState("");
	const [error, setError] = useState<string | null>(null);
	const take = () => {
		const at = parsePosition(text);
		setError(at ? null : t("app.place.typed-wrong"));
		if (at)
			setPlace({ ...at, source: "typed" });
	};
	return <details class="sk-details">
		<summary>{t("app.place.type")}</summary>
		<div class="dr-typed">
			<kit.Field id="place-typed" label={t("app.place.typed")}
			    hint={t("app.place.typed-hint")} value={text}
			    onValue={setText} error={error} autocomplete="off" />
			<kit.Button onClick={take}>{t("app.place.take")}</kit.Button>
		</div>
	</details>;
}

function Ways({ t, onError }: { t: Translate;
    onError: (text: string | null) => void }): JSX.Element {
	const [busy, setBusy] = useState(false);
	const fromPhoto = form.value?.photos.find(({ position }) => position)
	    ?.position ?? null;
	const here = async () => {
		onError(null);
		setBusy(true);
		announce(t("app.locate.busy"));
		try {
			setPlace({ ...await locate(), source: "gps" });
		} catch (failure) {
			onError(errorText(failure, t));
		}
		setBusy(false);
	};
	return <div class="sk-actions">
		<kit.Button id="place" kind={fromPhoto ? "secondary" : "primary"}
		    icon="locate" busy={busy} onClick={() => void here()}>
			{t(busy ? "app.locate.busy" : "app.place.here")}
		</kit.Button>
		{fromPhoto && <kit.Button icon="image" kind="primary"
		    onClick={() => setPlace({ ...fromPhoto, source: "photo" })}>
			{t("app.place.photo")}
		</kit.Button>}
	</div>;
}

export function PlaceStep({ app, t, boundary, error }: { app: Description;
    t: Translate; boundary: Boundary | null;
    error: string | undefined }): JSX.Element {
	const [failed, setFailed] = useState<string | null>(null);
	const place = form.value?.place ?? null;
	const inside = place && boundary ? isInside(place, boundary) : null;
	return <div class="dr-step">
		<p class="kern-body sk-muted">{t("app.place.says")}</p>
		{error && <p class="kern-error sk-field-error" id="place-error">
			<kit.Icon name="danger" size={20} />
			<span class="kern-body">{error}</span></p>}
		{failed && <kit.Notice kind="warning" title={failed} live>
			<p class="kern-body">{t("app.locate.else")}</p></kit.Notice>}
		<Ways t={t} onError={setFailed} />
		<Picker app={app} t={t}
		    onPick={(at) => setPlace({ ...at, source: "pin" })} />
		<Chosen app={app} place={place} inside={inside} t={t} />
		<kit.Field id="where" label={t("app.place.where")} optional
		    hint={t("app.place.where-hint")} value={form.value?.where ?? ""}
		    maxLength={200} onValue={(where) => change({ where })} />
		<Typed t={t} />
	</div>;
}

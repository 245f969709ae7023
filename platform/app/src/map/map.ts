// SPDX-License-Identifier: EUPL-1.2
// The map: MapLibre GL draws the ground, everything that can be chosen is a
// button of the page on top, so that it has a name, a focus and the theme's
// colours in every mode.

import { addProtocol, type GeoJSONSource, Map as Library, Marker, setWorkerUrl, type LngLatBoundsLike } from
    "maplibre-gl";
import { AppError } from "../errors.ts";
import { fetchPublic } from "../fetch.ts";
import { icons } from "../kit/icons.ts";
import type { MapDescription } from "../module.ts";
import { Areas } from "./areas.ts";
import { cluster, type Group } from "./cluster.ts";
import { featuresOf, PENDING, styleOf, TELLING } from "./style.ts";
import { layerNames } from "./tile_layers.ts";
import type { CityMap, LonLat, MapOptions, Pin, View } from "./types.ts";

const SVG = "http://www.w3.org/2000/svg";
const PATIENCE = 5;
const MOTION = 200;

setWorkerUrl(ASSETS.mapWorker);

// A tile that the server has not fetched yet is 503 with Retry-After: asked
// again here, as the library would leave a hole.
async function tile(url: string, signal: AbortSignal): Promise<{ data: ArrayBuffer }> {
	for (let i = 0; ; i++) {
		const response = await fetch(url, { signal, credentials: "omit" });
		if (response.status === 204 || response.status === 404)
			return { data: new ArrayBuffer(0) };
		if (response.ok)
			return { data: await response.arrayBuffer() };
		if (response.status !== 503 || i === PATIENCE)
			throw new Error(`tile: ${response.status}`);
		const seconds = Number(response.headers.get("Retry-After")) || 1;
		await new Promise((done) =>
		    setTimeout(done, Math.min(seconds, 10) * 1000));
	}
}

// The layers of the city's vector base map, as its tiles have told; a layer
// that is new is drawn on every map there is.
const told = new Set<string>();
const redraw = new Set<() => void>();

function hear(names: readonly string[]): void {
	const before = told.size;
	for (const name of names)
		told.add(name);
	if (told.size > before)
		for (const draw of redraw)
			draw();
}

const address = (url: string) => url.replace(/^\w+:/, location.protocol);

addProtocol(PENDING, ({ url }, { signal }) => tile(address(url), signal));
addProtocol(TELLING, async ({ url }, { signal }) => {
	const answer = await tile(address(url), signal);
	hear(layerNames(new Uint8Array(answer.data)));
	return answer;
});

function hasWebGl(): boolean {
	try {
		return document.createElement("canvas").getContext("webgl2") !== null;
	} catch {
		return false;
	}
}

async function loadStyle(): Promise<void> {
	if (document.querySelector(`link[href="${ASSETS.mapStyle}"]`))
		return;
	await new Promise<void>((resolve) => {
		const link = document.createElement("link");
		link.rel = "stylesheet";
		link.href = ASSETS.mapStyle;
		link.onload = link.onerror = () => resolve();
		document.head.append(link);
	});
}

function icon(name: string): SVGElement {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("viewBox", "0 -960 960 960");
	svg.setAttribute("aria-hidden", "true");
	svg.setAttribute("class", "sk-icon");
	const path = document.createElementNS(SVG, "path");
	path.setAttribute("d", icons[name] ?? "");
	svg.append(path);
	return svg;
}

function control(label: string, name: string, action: () => void): HTMLElement {
	const button = document.createElement("button");
	button.type = "button";
	button.className = "sk-map__button";
	button.setAttribute("aria-label", label);
	button.append(icon(name));
	button.addEventListener("click", action);
	return button;
}

function pinElement(group: Group, options: MapOptions): HTMLButtonElement {
	const button = document.createElement("button");
	button.type = "button";
	button.className = "sk-pin";
	const [first] = group.pins;
	const count = group.pins.length;
	const texts = group.pins.flatMap(({ text }) => text ?? []);
	button.textContent = texts.length > 2 ? `${texts[0]}…${texts.at(-1)}` :
	    texts.join(", ") || (count > 1 ? String(count) : "");
	button.classList.toggle("sk-pin--text", texts.length > 0);
	if (count > 1 || !first) {
		button.classList.add("sk-pin--group");
		button.setAttribute("aria-label", options.t("app.map.group", { count }));
		return button;
	}
	button.classList.add(`sk-pin--${first.shape}`, `sk-pin--${first.tone}`);
	button.setAttribute("aria-label", first.label);
	button.dataset.pin = first.id;
	return button;
}

// The pins that are in the page, by what they stand for.
class Pins {
	private pins: readonly Pin[] = [];
	private chosen: string | null = null;
	private shown = new Map<string, Marker>();
	private groups: { zoom: number; list: Group[] } | null = null;

	constructor(private map: Library, private options: MapOptions) {}

	set(pins: readonly Pin[]): void {
		this.pins = pins;
		this.groups = null;
		this.draw();
	}

	select(id: string | null): void {
		this.chosen = id;
		for (const marker of this.shown.values())
			this.mark(marker.getElement());
	}

	private mark(element: HTMLElement): void {
		const chosen = this.chosen !== null &&
		    element.dataset.pin === this.chosen;
		element.classList.toggle("sk-pin--chosen", chosen);
		if (chosen)
			element.setAttribute("aria-current", "true");
		else
			element.removeAttribute("aria-current");
	}

	draw(): void {
		const bounds = this.map.getBounds();
		const zoom = Math.floor(this.map.getZoom());
		if (this.groups?.zoom !== zoom)
			this.groups = { zoom, list: cluster(this.pins, zoom) };
		const wanted = new Map<string, Group>();
		for (const group of this.groups.list)
			if (bounds.contains([group.lon, group.lat]))
				wanted.set(group.pins.map(({ id, shape, tone, label }) =>
				    `${id}${shape}${tone}${label}`).join(), group);
		for (const [key, marker] of this.shown)
			if (!wanted.has(key)) {
				marker.remove();
				this.shown.delete(key);
			}
		for (const [key, group] of wanted)
			if (!this.shown.has(key))
				this.shown.set(key, this.add(group));
	}

	private add(group: Group): Marker {
		const element = pinElement(group, this.options);
		element.addEventListener("click", (event) => {
			event.stopPropagation();
			const [first] = group.pins;
			if (group.pins.length > 1)
				this.open(group);
			else if (first)
				this.options.onPin?.(first.id);
		});
		this.mark(element);
		return new Marker({ element, anchor: group.pins.length === 1 &&
		    group.pins[0]?.shape === "drop" ? "bottom" : "center" })
		    .setLngLat([group.lon, group.lat]).addTo(this.map);
	}

	private open({ pins }: Group): void {
		const lons = pins.map(({ lon }) => lon);
		const lats = pins.map(({ lat }) => lat);
		this.map.fitBounds([[Math.min(...lons), Math.min(...lats)],
		    [Math.max(...lons), Math.max(...lats)]],
		    { padding: 64, maxZoom: 18, duration: MOTION });
	}
}

function controls(frame: HTMLElement, map: Library, { app, t }: MapOptions,
    showCity: () => void): void {
	const box = document.createElement("div");
	box.className = "sk-map__controls";
	box.append(control(t("app.map.closer"), "add", () => map.zoomIn()),
	    control(t("app.map.farther"), "minus", () => map.zoomOut()),
	    control(t("app.map.city", { city: app.name }), "home", showCity));
	frame.append(box);
	const attribution = document.createElement("p");
	attribution.className = "sk-map__attribution";
	attribution.textContent = [app.map.basemap?.attribution,
	    app.map.tiles?.attribution].filter(Boolean).join(" · ");
	if (attribution.textContent)
		frame.append(attribution);
}

function crosshair(frame: HTMLElement): void {
	const cross = document.createElement("div");
	cross.className = "sk-map__cross";
	cross.append(icon("place"));
	frame.append(cross);
}

// The colours are the theme's; they change with the mode.
function watchMode(change: () => void): () => void {
	const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]
	    .map((query) => matchMedia(query));
	for (const query of queries)
		query.addEventListener("change", change);
	const observer = new MutationObserver(change);
	observer.observe(document.documentElement,
	    { attributeFilter: ["data-mode"] });
	return () => {
		observer.disconnect();
		for (const query of queries)
			query.removeEventListener("change", change);
	};
}

function viewOf(map: Library): View {
	const { lng, lat } = map.getCenter();
	const bounds = map.getBounds();
	return { center: { lon: lng, lat }, zoom: map.getZoom(),
	    bounds: [bounds.getWest(), bounds.getSouth(), bounds.getEast(),
		bounds.getNorth()] };
}

const WHOLE = { padding: 24 };

const boxOf = ({ bbox: [west, south, east, north] }: MapDescription):
    LngLatBoundsLike => [[west, south], [east, north]];

function make(frame: HTMLElement, options: MapOptions, boundary: unknown): Library {
	const { app, t } = options;
	const ground = document.createElement("div");
	ground.className = "sk-map__ground";
	frame.append(ground);
	const [west, south, east, north] = app.map.bbox;
	const map = new Library({
		container: ground,
		style: styleOf(app.map, boundary, told),
		center: options.center ? [options.center.lon, options.center.lat] :
		    app.map.center,
		zoom: options.zoom ?? app.map.zoom,
		...options.whole ? { bounds: boxOf(app.map),
		    fitBoundsOptions: WHOLE } : {},
		minZoom: 8, maxZoom: 19,
		maxBounds: [west - 0.3, south - 0.2, east + 0.3, north + 0.2],
		attributionControl: false,
		dragRotate: false, pitchWithRotate: false, touchPitch: false,
		reduceMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
		fadeDuration: 0,
		locale: { "Map.Title": options.label, "Marker.Title": t("app.map.pin") },
	} as ConstructorParameters<typeof Library>[0]);
	map.touchZoomRotate.disableRotation();
	map.keyboard.disableRotation();
	return map;
}

function handle(map: Library, frame: HTMLElement, options: MapOptions,
    boundary: unknown): CityMap {
	const showCity = () => void map.fitBounds(boxOf(options.app.map),
	    { ...WHOLE, duration: MOTION });
	const pins = new Pins(map, options);
	let ground = featuresOf([]);
	const lay = () => void map.getSource<GeoJSONSource>("areas")
	    ?.setData(ground as never);
	// What came before the style was there.
	map.once("load", lay);
	const areas = new Areas(map, (data) => {
		ground = data;
		lay();
	});
	let position: Marker | null = null;
	controls(frame, map, options, showCity);
	if (options.crosshair)
		crosshair(frame);
	map.on("moveend", () => {
		pins.draw();
		areas.draw();
		options.onMove?.(viewOf(map));
	});
	const draw = () => {
		map.setStyle(styleOf(options.app.map, boundary, told, ground));
		areas.renew();
	};
	const stop = watchMode(draw);
	redraw.add(draw);
	return {
		setPins: (list) => pins.set(list),
		setAreas: (list) => areas.set(list),
		select: (id) => pins.select(id),
		setPosition(at: LonLat | null) {
			position?.remove();
			position = null;
			if (at === null)
				return;
			const element = document.createElement("div");
			element.className = "sk-map__me";
			element.setAttribute("role", "img");
			element.setAttribute("aria-label", options.t("app.map.me"));
			position = new Marker({ element })
			    .setLngLat([at.lon, at.lat]).addTo(map);
		},
		moveTo: ({ lon, lat }, zoom = Math.max(map.getZoom(), 16)) =>
		    void map.easeTo({ center: [lon, lat], zoom, duration: MOTION }),
		showCity,
		view: () => viewOf(map),
		remove() {
			stop();
			redraw.delete(draw);
			map.remove();
			frame.replaceChildren();
			frame.classList.remove("sk-map");
		},
	};
}

export async function createMap(frame: HTMLElement, options: MapOptions): Promise<CityMap> {
	if (!hasWebGl())
		throw new AppError("app.map.unavailable");
	const [{ data: boundary }] = await Promise.all([
	    fetchPublic<unknown>(options.app.map.boundary), loadStyle()]);
	frame.classList.add("sk-map");
	try {
		return handle(make(frame, options, boundary), frame, options, boundary);
	} catch {
		frame.replaceChildren();
		throw new AppError("app.map.unavailable");
	}
}

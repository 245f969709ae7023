// SPDX-License-Identifier: EUPL-1.2
// What the map looks like, from the theme's colours and from what the server
// says it has. There is no text on it: that would need fonts as a service.

import type { LayerSpecification, SourceSpecification, StyleSpecification } from
    "maplibre-gl";
import type { Ground, MapDescription } from "../module.ts";
import type { Area } from "./types.ts";

// As the library reads them, whatever a theme's stylesheet calls them.
export function colours(): (name: string) => string {
	const probe = document.createElement("span");
	probe.style.setProperty("forced-color-adjust", "none");
	document.body.append(probe);
	const pen = document.createElement("canvas")
	    .getContext("2d", { willReadFrequently: true });
	queueMicrotask(() => probe.remove());
	return (name) => {
		probe.style.color = `var(--sk-color-${name})`;
		if (!pen)
			return "#808080";
		pen.fillStyle = getComputedStyle(probe).color;
		pen.fillRect(0, 0, 1, 1);
		const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
		return `rgb(${r}, ${g}, ${b})`;
	};
}

// The names that archives in use give to the same things (OpenMapTiles,
// Protomaps, Shortbread, BKG).
const KINDS: [RegExp, "water" | "green" | "road" | "building" | "border"][] = [
	[/water|gewaesser/i, "water"],
	[/park|green|wood|forest|landcover|landuse|vegetation|^earth$/i, "green"],
	[/road|street|transport|highway|verkehr|rail/i, "road"],
	[/build|gebaeude/i, "building"],
	[/bound|border|grenze|municipal|admin/i, "border"],
];

const polygon: LayerSpecification["filter" & keyof LayerSpecification] | unknown =
    ["==", ["geometry-type"], "Polygon"];
const notPoint = ["!=", ["geometry-type"], "Point"];

function vectorLayers(source: string, id: string,
    colour: (name: string) => string): LayerSpecification[] {
	const kind = KINDS.find(([pattern]) => pattern.test(id))?.[1];
	const base = { source, "source-layer": id };
	const fill = (color: string, opacity: number) => ({ ...base,
	    id: `${id}-fill`, type: "fill", filter: polygon,
	    paint: { "fill-color": color, "fill-opacity": opacity } });
	const line = (color: string, width: unknown, opacity = 1) => ({ ...base,
	    id: `${id}-line`, type: "line", filter: notPoint,
	    layout: { "line-join": "round", "line-cap": "round" },
	    paint: { "line-color": color, "line-width": width,
		"line-opacity": opacity } });
	const made = {
		water: () => [fill(colour("info"), 0.25), line(colour("info"), 1, 0.5)],
		green: () => [fill(colour("success"), 0.1)],
		road: () => [line(colour("border"), ["interpolate",
		    ["exponential", 1.6], ["zoom"], 10, 0.5, 18, 10], 0.55)],
		building: () => [fill(colour("text-muted"), 0.15)],
		border: () => [line(colour("border"), 1)],
		other: () => [line(colour("border"), 0.5, 0.5)],
	}[kind ?? "other"]();
	return made as unknown as LayerSpecification[];
}

type Ring = [number, number][];

// The whole world but the city: what lies outside is paler.
function outside(boundary: unknown): object {
	const { geometry } = boundary as { geometry?: { type: string;
	    coordinates: Ring[] | Ring[][] } };
	const outer = geometry?.type === "MultiPolygon" ?
	    (geometry.coordinates as Ring[][]).map(([ring]) => ring ?? []) :
	    ((geometry?.coordinates ?? []) as Ring[]).slice(0, 1);
	const world: Ring = [[-180, -85], [180, -85], [180, 85], [-180, 85],
	    [-180, -85]];
	return { type: "Feature", properties: {}, geometry: { type: "Polygon",
	    coordinates: [world, ...outer] } };
}

// The picture of strokes that fills what is hatched.
export const HATCH = "hatch";

export const featuresOf = (areas: readonly Area[]): object => ({
    type: "FeatureCollection", features: areas.map(({ look, polygons }) =>
	({ type: "Feature", properties: { look },
	    geometry: { type: "MultiPolygon", coordinates: polygons } })) });

// Pieces of ground, told apart by their strokes.
function areaLayers(colour: (name: string) => string): LayerSpecification[] {
	const is = (look: string) => ["==", ["get", "look"], look];
	const line = { "line-color": colour("text"), "line-opacity": 0.75 };
	return [{ id: "areas-hatched", type: "fill", source: "areas",
	    filter: is("hatched"), paint: { "fill-pattern": HATCH,
		"fill-opacity": 0.5 } },
	    { id: "areas-line", type: "line", source: "areas",
	    filter: ["!", is("dashed")], paint: { ...line, "line-width": 1.5 } },
	    { id: "areas-dashed", type: "line", source: "areas",
	    filter: is("dashed"), paint: { ...line, "line-width": 1.5,
		"line-dasharray": [3, 2] } }] as LayerSpecification[];
}

const absolute = (url: string) => new URL(url, location.origin).href
    .replace(/%7B/gi, "{").replace(/%7D/gi, "}");

export function styleOf(map: MapDescription, boundary: unknown,
    areas: object = featuresOf([])): StyleSpecification {
	const colour = colours();
	const sources: Record<string, SourceSpecification> = {
	    boundary: { type: "geojson", data: boundary as string },
	    outside: { type: "geojson", data: outside(boundary) as never },
	    areas: { type: "geojson", data: areas as never } };
	const layers: LayerSpecification[] = [{ id: "background",
	    type: "background", paint: { "background-color": colour("surface") } }];
	const add = (id: string, { url, type, minzoom = 0, maxzoom = 18 }: Ground,
	    names: readonly string[] = []) => {
		sources[id] = type === "raster" ? { type, tiles: [absolute(url)],
		    minzoom, maxzoom, tileSize: 256 } :
		    { type, tiles: [absolute(url)], minzoom, maxzoom };
		layers.push(...type === "raster" ?
		    [{ id, type, source: id } as LayerSpecification] :
		    names.flatMap((name) => vectorLayers(id, name, colour)));
	};
	if (map.tiles)
		add("tiles", map.tiles, map.tiles.layers);
	// An official map in pictures covers what is below it. One in vector
	// tiles does not say which layers it has, so it cannot be drawn.
	if (map.basemap?.type === "raster")
		add("basemap", map.basemap);
	layers.push({ id: "outside", type: "fill", source: "outside",
	    paint: { "fill-color": colour("border"), "fill-opacity": 0.2 } },
	    { id: "boundary", type: "line", source: "boundary",
	    layout: { "line-join": "round" }, paint: { "line-width": 3,
	    "line-color": colour("primary"), "line-opacity": 0.8 } });
	layers.push(...areaLayers(colour));
	return { version: 8, sources, layers };
}

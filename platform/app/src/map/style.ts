// SPDX-License-Identifier: EUPL-1.2
// What the map looks like, from the theme's colours and from what the server
// says it has. Its names are written in the theme's font, which the page has.

import type { LayerSpecification, SourceSpecification, StyleSpecification } from
    "maplibre-gl";
import type { Ground, MapDescription } from "../module.ts";
import { vectorLayers, type Look, type Mix } from "./ground.ts";
import type { Area } from "./types.ts";

// Colours as the library reads them, whatever a theme's stylesheet calls them.
export function themeLook(): Look {
	const probe = document.createElement("span");
	probe.style.setProperty("forced-color-adjust", "none");
	probe.style.fontFamily = "var(--sk-font)";
	document.body.append(probe);
	const pen = document.createElement("canvas")
	    .getContext("2d", { willReadFrequently: true });
	queueMicrotask(() => probe.remove());
	const paint = (name: string, share: number) => {
		probe.style.color = `var(--sk-color-${name})`;
		if (!pen)
			return;
		pen.globalAlpha = share;
		pen.fillStyle = getComputedStyle(probe).color;
		pen.fillRect(0, 0, 1, 1);
	};
	return { mix: (name, share = 1) => {
		paint("surface", 1);
		paint(name, share);
		const [r, g, b] = pen?.getImageData(0, 0, 1, 1).data ??
		    [128, 128, 128];
		return `rgb(${r}, ${g}, ${b})`;
	}, fonts: getComputedStyle(probe).fontFamily.split(",")
	    .map((family) => family.trim().replace(/^"(.*)"$/, "$1")) };
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
function areaLayers(mix: Mix): LayerSpecification[] {
	const is = (look: string) => ["==", ["get", "look"], look];
	const line = { "line-color": mix("text"), "line-opacity": 0.75 };
	return [{ id: "areas-hatched", type: "fill", source: "areas",
	    filter: is("hatched"), paint: { "fill-pattern": HATCH,
		"fill-opacity": 0.5 } },
	    { id: "areas-line", type: "line", source: "areas",
	    filter: ["!", is("dashed")], paint: { ...line, "line-width": 1.5 } },
	    { id: "areas-dashed", type: "line", source: "areas",
	    filter: is("dashed"), paint: { ...line, "line-width": 1.5,
		"line-dasharray": [3, 2] } }] as LayerSpecification[];
}

// How tiles are fetched, see map.ts: one that may be pending; one that also
// tells which layers there are.
export const PENDING = "pending";
export const TELLING = "telling";

const sourceOf = ({ url, type, minzoom = 0, maxzoom = 18 }: Ground, how: string):
    SourceSpecification => ({ type, minzoom, maxzoom,
	tiles: [`${how}://${location.host}${url}`],
	...type === "raster" ? { tileSize: 256 } : {} } as SourceSpecification);

// `told` are the layers of a vector base map: its tiles tell of them, nobody
// else does.
export function styleOf(map: MapDescription, boundary: unknown,
    told: Iterable<string>, areas: object = featuresOf([])): StyleSpecification {
	const has = themeLook();
	const sources: Record<string, SourceSpecification> = {
	    boundary: { type: "geojson", data: boundary as string },
	    outside: { type: "geojson", data: outside(boundary) as never },
	    areas: { type: "geojson", data: areas as never } };
	const layers: LayerSpecification[] = [{ id: "background",
	    type: "background", paint: { "background-color": has.mix("surface") } }];
	let names: LayerSpecification[] = [];
	const add = (id: string, ground: Ground, ids: readonly string[],
	    how = PENDING) => {
		sources[id] = sourceOf(ground, how);
		const vector = vectorLayers(id, ids, has);
		layers.push(...ground.type === "raster" ? [{ id, type: "raster",
		    source: id } as LayerSpecification] : vector.ground);
		names = ground.type === "raster" ? [] : vector.names;
	};
	if (map.tiles)
		add("tiles", map.tiles, map.tiles.layers ?? []);
	// An official map covers what is below it, and has names of its own. One
	// in vectors begins with a layer that is not there: the library fetches
	// no tile that no layer asks for.
	if (map.basemap?.type === "vector")
		add("basemap", map.basemap, [" ", ...told], TELLING);
	else if (map.basemap)
		add("basemap", map.basemap, []);
	layers.push({ id: "outside", type: "fill", source: "outside",
	    paint: { "fill-color": has.mix("border"), "fill-opacity": 0.2 } },
	    { id: "boundary", type: "line", source: "boundary",
	    layout: { "line-join": "round" }, paint: { "line-width": 3,
	    "line-color": has.mix("primary"), "line-opacity": 0.8 } },
	    ...areaLayers(has.mix), ...names);
	return { version: 8, sources, layers };
}

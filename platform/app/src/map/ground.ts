// SPDX-License-Identifier: EUPL-1.2
// How the layers of a vector map look, whoever made it: by what the makers in
// use call the same things (basemap.de, OpenMapTiles, Protomaps, Shortbread).

import type { LayerSpecification } from "maplibre-gl";

// Of a theme's colour, so much on the map's ground.
export type Mix = (name: string, share?: number) => string;

export interface Look {
	mix: Mix;
	fonts: string[];
}

type Kind = "numbers" | "names" | "settlement" | "green" | "water" | "building" |
    "road" | "border" | "other";

// The first that fits counts.
const KINDS: [RegExp, Kind][] = [
	[/adresse|address|hauskoord|housenum/i, "numbers"],
	[/name|label|^places?$/i, "names"],
	[/siedlung|settlement|residential/i, "settlement"],
	[/water|ocean|gewaesser/i, "water"],
	[/park|green|wood|forest|^land|vegetation|^earth$/i, "green"],
	[/road|street|transport|highway|verkehr|rail/i, "road"],
	[/build|gebaeude/i, "building"],
	[/bound|border|grenze|municipal|admin/i, "border"],
];

const first = (...names: string[]): unknown =>
    ["coalesce", ...names.map((name) => ["get", name]), ""];

const name = first("name:de", "name_de", "name");
const number = first("hausnummer", "housenumber", "house_number", "number");

// What sort of road, as each of them says it.
const WIDE = ["Bundesautobahn", "Bundesstraße", "Landesstraße",
    "Staatsstraße", "Kreisstraße", "motorway", "trunk", "primary", "secondary",
    "highway", "major_road"];
const NARROW = ["Eisenbahn", "S-Bahn", "U-Bahn", "Gleis", "Straßenbahn",
    "Stadtbahn", "Fährlinie", "Fußweg", "Radweg", "Rad- und Fußweg", "Weg",
    "Pfad", "Steig", "Wirtschaftsweg", "path", "track", "footway", "cycleway",
    "steps", "rail", "transit", "ferry", "tram"];
const breadth = ["match", first("klasse", "class", "kind"), WIDE, 1.6, NARROW,
    0.3, 1];

const isPolygon = ["==", ["geometry-type"], "Polygon"];
const isLine = ["==", ["geometry-type"], "LineString"];
const isPoint = ["==", ["geometry-type"], "Point"];
const isNoPoint = ["!=", ["geometry-type"], "Point"];

// Layers that lie on each other in this order, names on top of all.
interface Drawn {
	rank: number;
	layer: LayerSpecification;
}

function tools(source: string, id: string, { mix, fonts }: Look) {
	const draw = (rank: number, what: string, layer: object): Drawn =>
	    ({ rank, layer: { source, "source-layer": id,
		id: `${source} ${id} ${what}`, ...layer } as LayerSpecification });
	return {
		fill: (rank: number, color: string) => draw(rank, "fill", {
		    type: "fill", filter: isPolygon,
		    paint: { "fill-color": color } }),
		line: (rank: number, color: string, width: unknown,
		    filter: unknown = isNoPoint) => draw(rank, "line", {
		    type: "line", filter,
		    layout: { "line-join": "round", "line-cap": "round" },
		    paint: { "line-color": color, "line-width": width } }),
		text: (what: unknown, size: number, filter: unknown, more: {
		    layout?: object; minzoom?: number; color?: string } = {}) =>
		    draw(NAMES, JSON.stringify(filter), { type: "symbol", filter,
		    minzoom: more.minzoom ?? 0,
		    layout: { "text-field": what, "text-font": fonts,
			"text-size": size, "text-max-width": 8, ...more.layout },
		    paint: { "text-color": more.color ?? mix("text"),
			"text-halo-color": mix("surface"),
			"text-halo-width": 1.5 } }),
	};
}

const NAMES = 9;
const along = { "symbol-placement": "line", "text-padding": 8 };

function drawn(source: string, id: string, look: Look): Drawn[] {
	const { fill, line, text } = tools(source, id, look);
	const { mix } = look;
	const kind = KINDS.find(([pattern]) => pattern.test(id))?.[1] ?? "other";
	const made: Record<Kind, () => Drawn[]> = {
		settlement: () => [fill(0, mix("text-muted", 0.07))],
		green: () => [fill(1, mix("success", 0.14))],
		water: () => [fill(2, mix("info", 0.25)),
		    line(2, mix("info", 0.35), 1.5, isLine),
		    text(name, 13, isLine, { layout: along, minzoom: 13,
			color: mix("info") })],
		other: () => [line(3, mix("border", 0.4), 0.5)],
		road: () => [fill(4, mix("border", 0.3)),
		    line(4, mix("border", 0.6), ["interpolate",
			["exponential", 1.6], ["zoom"], 10, ["*", breadth, 0.6],
			18, ["*", breadth, 10]], isLine),
		    text(name, 13, isLine, { layout: along, minzoom: 14 })],
		building: () => [fill(5, mix("text-muted", 0.25))],
		border: () => [line(6, mix("border"), 1)],
		names: () => [text(name, 15, isPoint),
		    text(name, 13, isLine, { layout: along, minzoom: 14 })],
		numbers: () => [text(number, 12, isPoint, { minzoom: 17 })],
	};
	return made[kind]();
}

// Ground and names apart: the city's own boundary lies between.
export function vectorLayers(source: string, ids: readonly string[], look: Look):
    { ground: LayerSpecification[]; names: LayerSpecification[] } {
	const all = ids.flatMap((id) => drawn(source, id, look))
	    .sort((a, b) => a.rank - b.rank);
	const those = (names: boolean) => all.filter(({ rank }) =>
	    (rank === NAMES) === names).map(({ layer }) => layer);
	return { ground: those(false), names: those(true) };
}

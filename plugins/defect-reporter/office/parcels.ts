// SPDX-License-Identifier: EUPL-1.2
// Parcels below a map's pins, from the zoom on at which they can be told apart.
// They come by cells, those that the map shows; a cell is asked for once while
// the window is open.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { api, t, type Area, type CityMap, type View } from "@stadtkern/office";
import { cellsOf, FROM, type Cell } from "./cells.ts";

interface Collection {
	features: { id: string; properties: { number: string; label: string;
	    city_owned: boolean | null };
	    geometry: { coordinates: Area["polygons"] } }[];
}

export const parcelsOn = signal(true);

// Enough for a morning's walk; then it is begun anew.
const CELLS_KEPT = 500;
const kept = new Map<string, Promise<Area[]>>();

export const owner = (its: boolean | null): string =>
    t(`office.parcel.${its === null ? "unknown" : its ? "city" : "not-city"}`);

const areasOf = ({ features }: Collection): Area[] => features.map(
    ({ id, properties: { number, label, city_owned: its }, geometry }) =>
	({ id, text: number, label: `${label}, ${owner(its)}`, look: its === null ? "dashed" : its ?
	    "hatched" : "plain", polygons: geometry.coordinates }));

function load(base: string, { x, y }: Cell): Promise<Area[]> {
	const path = `${base}/parcels/${x}/${y}`;
	const known = kept.get(path);
	if (known)
		return known;
	if (kept.size >= CELLS_KEPT)
		kept.clear();
	const asked = api.get<Collection>(path).then(areasOf);
	kept.set(path, asked);
	asked.catch(() => kept.delete(path));
	return asked;
}

// How many there are where the map looks; null from too far away.
export function useParcels(map: CityMap | null, view: View | null,
    base: string): { count: number | null; error: unknown } {
	const [count, setCount] = useState<number | null>(null);
	const [error, setError] = useState<unknown>(null);
	const on = parcelsOn.value && view !== null && view.zoom >= FROM;
	const cells = on ? cellsOf(view.bounds) : [];
	const at = cells.map(({ x, y }) => `${x}/${y}`).join();
	useEffect(() => {
		let gone = false;
		if (!on) {
			map?.setAreas([]);
			setCount(null);
			return undefined;
		}
		Promise.all(cells.map((cell) => load(base, cell))).then((lists) => {
			if (gone)
				return;
			const areas = new Map(lists.flat().map((area) => [area.id, area]));
			map?.setAreas([...areas.values()]);
			setCount(areas.size);
			setError(null);
		}).catch((failure: unknown) => gone || setError(failure));
		return () => { gone = true; };
	}, [map, base, at]);
	return { count, error };
}

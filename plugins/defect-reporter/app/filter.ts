// SPDX-License-Identifier: EUPL-1.2
// Which of the public reports are shown, on the map and in the list alike. What
// was chosen stands in the address, so that it can be kept and sent on.

import { distance } from "./place.ts";
import type { Feature, Position, Status } from "./types.ts";

export const DAYS = [7, 30, 365] as const;

export interface Filter {
	categories: string[];
	statuses: string[];
	// Received within so many days; 0: whenever.
	days: number;
	sort: "date" | "distance";
}

const list = (text: string | null): string[] =>
    (text ?? "").split(",").filter((code) => /^[a-z][a-z0-9-]*$/.test(code));

export function filterOf(query: URLSearchParams): Filter {
	const days = Number(query.get("days"));
	return { categories: list(query.get("category")),
	    statuses: list(query.get("status")),
	    days: DAYS.find((one) => one === days) ?? 0,
	    sort: query.get("sort") === "distance" ? "distance" : "date" };
}

export function queryOf(filter: Filter): string {
	const parts = [
	    filter.categories.length > 0 && `category=${filter.categories.join(",")}`,
	    filter.statuses.length > 0 && `status=${filter.statuses.join(",")}`,
	    filter.days > 0 && `days=${filter.days}`,
	    filter.sort !== "date" && `sort=${filter.sort}`].filter(Boolean);
	return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

export const isFiltered = ({ categories, statuses, days }: Filter): boolean =>
    categories.length > 0 || statuses.length > 0 || days > 0;

export interface Entry extends Position {
	id: string;
	number: number;
	category: string;
	status: string;
	received: number;
	// Metres; null where the person's position is not known.
	away: number | null;
}

// Reports that fit, the newest or the nearest first.
export function entriesOf(features: readonly Feature[], filter: Filter, now: number,
    me: Position | null): Entry[] {
	const since = filter.days === 0 ? -Infinity : now - filter.days * 86_400_000;
	const has = (chosen: string[], code: string) =>
	    chosen.length === 0 || chosen.includes(code);
	const entries = features.map(({ id, geometry, properties }): Entry => {
		const [lon, lat] = geometry.coordinates;
		return { id, lon, lat, number: properties.number,
		    category: properties.category, status: properties.status,
		    received: Date.parse(properties.received_at),
		    away: me ? distance(me, { lat, lon }) : null };
	}).filter(({ category, status, received }) =>
	    has(filter.categories, category) && has(filter.statuses, status) &&
	    !(received < since));
	return entries.sort((a, b) => filter.sort === "distance" &&
	    a.away !== null && b.away !== null ? a.away - b.away :
	    b.number - a.number);
}

export type Look = { shape: "drop" | "diamond" | "circle" | "square";
    tone: "info" | "warning" | "success" | "muted" };

// Shape and colour of a status; its word is beside it wherever it is shown.
export function lookOf(status: Status | undefined, initial: string): Look {
	if (!status || status.code === initial)
		return { shape: "drop", tone: "info" };
	switch (status.kind) {
	case "open":
		return { shape: "diamond", tone: "warning" };
	case "closed":
		return { shape: "circle", tone: "success" };
	case "rejected":
		return { shape: "square", tone: "muted" };
	}
}

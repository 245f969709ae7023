// SPDX-License-Identifier: EUPL-1.2
// The map as screens see it. The library behind it is loaded with loadMap().

import type { Description, Translate } from "../module.ts";

// Different shapes, so that colour is never all there is.
export type PinShape = "drop" | "square" | "diamond" | "circle";
export type PinTone = "info" | "warning" | "success" | "danger" | "muted";

export interface Pin {
	id: string;
	lon: number;
	lat: number;
	shape: PinShape;
	tone: PinTone;
	// What is read aloud: "Schlagloch, in Arbeit".
	label: string;
	// Two or three characters that stand in it, as a stop's number; a group
	// has those of its pins instead of their count.
	text?: string;
}

// Plain is an outline, hatched has strokes besides, dashed is a broken outline.
export type AreaLook = "plain" | "hatched" | "dashed";

// A piece of ground below the pins.
export interface Area {
	id: string;
	// What is written on it where there is room, and what is read aloud.
	text: string;
	label: string;
	look: AreaLook;
	// As GeoJSON has a MultiPolygon's.
	polygons: [number, number][][][];
}

export interface LonLat {
	lon: number;
	lat: number;
}

export interface View {
	center: LonLat;
	zoom: number;
	// West, south, east, north.
	bounds: [number, number, number, number];
}

export interface MapOptions {
	app: Description;
	t: Translate;
	// What the map shows, for those who listen.
	label: string;
	center?: LonLat;
	zoom?: number;
	// Opens with all of the city in view, whatever its file says.
	whole?: boolean;
	onPin?: (id: string) => void;
	// After each movement, not during.
	onMove?: (view: View) => void;
	// Draws a cross in the middle: the place is chosen by moving the map.
	crosshair?: boolean;
}

export interface CityMap {
	setPins(pins: readonly Pin[]): void;
	// In place of those before.
	setAreas(areas: readonly Area[]): void;
	// Marks a pin as chosen; null none.
	select(id: string | null): void;
	// One's own position; null takes it away.
	setPosition(position: LonLat | null): void;
	moveTo(center: LonLat, zoom?: number): void;
	showCity(): void;
	view(): View;
	remove(): void;
}

export interface MapModule {
	// Rejects with AppError "app.map.unavailable" where there is no WebGL.
	createMap(element: HTMLElement, options: MapOptions): Promise<CityMap>;
}

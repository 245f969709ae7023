// SPDX-License-Identifier: EUPL-1.2
// Pieces of ground below the pins: outlines that the library draws, with their
// words on top where they have the room.

import { Marker, type Map as Library } from "maplibre-gl";
import { LABELS_MOST, spotOf, type Spot } from "./spot.ts";
import { featuresOf, HATCH, themeLook } from "./style.ts";
import type { Area, AreaLook } from "./types.ts";

const HATCH_SIZE = 12;
// A letter's breadth, what is around a word, and a line's height, in pixels.
const LETTER = 8;
const AROUND = 8;
const LINE = 20;

// Strokes in the theme's colour, so that what is hatched is told apart without
// it as well.
function hatch(): ImageData | null {
	const canvas = document.createElement("canvas");
	canvas.width = canvas.height = HATCH_SIZE;
	const pen = canvas.getContext("2d", { willReadFrequently: true });
	if (!pen)
		return null;
	pen.strokeStyle = themeLook().mix("text");
	pen.lineWidth = 1.5;
	for (const shift of [-HATCH_SIZE, 0, HATCH_SIZE]) {
		pen.moveTo(shift - 1, HATCH_SIZE + 1);
		pen.lineTo(shift + HATCH_SIZE + 1, -1);
	}
	pen.stroke();
	return pen.getImageData(0, 0, HATCH_SIZE, HATCH_SIZE);
}

export class Areas {
	private list: readonly (Area & { spot: Spot | null })[] = [];
	private shown = new Map<string, Marker>();

	constructor(private map: Library, private drawn: (data: object) => void) {
		map.on("styleimagemissing", ({ id }) => {
			const image = id === HATCH ? hatch() : null;
			if (image)
				map.addImage(HATCH, image);
		});
	}

	set(areas: readonly Area[]): void {
		this.list = areas.map((area) => ({ ...area,
		    spot: spotOf(area.polygons) }));
		this.drawn(featuresOf(areas));
		this.draw();
	}

	// The mode has changed, and with it the colours.
	renew(): void {
		const image = hatch();
		if (image && this.map.hasImage(HATCH))
			this.map.updateImage(HATCH, image);
	}

	draw(): void {
		const bounds = this.map.getBounds();
		const wanted = new Map(this.list.filter(({ text, spot }) => {
			if (!spot || !bounds.contains([spot.lon, spot.lat]))
				return false;
			const west = this.map.project([spot.west, spot.lat]);
			const east = this.map.project([spot.east, spot.lat]);
			const north = this.map.project([spot.lon, spot.north]);
			const south = this.map.project([spot.lon, spot.south]);
			return east.x - west.x >= text.length * LETTER + AROUND &&
			    south.y - north.y >= LINE;
		}).slice(0, LABELS_MOST).map((area) => [area.id, area]));
		for (const [id, marker] of this.shown)
			if (!wanted.has(id)) {
				marker.remove();
				this.shown.delete(id);
			}
		for (const [id, { text, label, look, spot }] of wanted)
			if (spot && !this.shown.has(id))
				this.shown.set(id, this.add(text, label, look, spot));
	}

	private add(text: string, label: string, look: AreaLook, at: Spot): Marker {
		const element = document.createElement("div");
		element.className = `sk-area sk-area--${look}`;
		element.setAttribute("role", "img");
		element.setAttribute("aria-label", label);
		element.textContent = text;
		return new Marker({ element }).setLngLat([at.lon, at.lat])
		    .addTo(this.map);
	}
}

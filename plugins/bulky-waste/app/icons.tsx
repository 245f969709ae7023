// SPDX-License-Identifier: EUPL-1.2
// Drawings for the things of the catalogue: lines on a grid of 24.

import type { JSX } from "preact";

const drawings: Record<string, string> = {
	armchair: "M6 11V7a3 3 0 0 1 3-3h6a3 3 0 0 1 3 3v4M4 11a2 2 0 0 1 2 2v2h12v-2a2 2 0 1 1 4 0v5H2v-5a2 2 0 0 1 2-2ZM6 18v2M18 18v2",
	bag: "M7 8c-3 4-3 12 0 12h10c3 0 3-8 0-12ZM9 8l-2-4h10l-2 4",
	bath: "M3 12h18v2a5 5 0 0 1-5 5H8a5 5 0 0 1-5-5v-2ZM6 12V6a2 2 0 0 1 4 0M7 19v2M17 19v2",
	bed: "M3 5v14M3 16h18v3M21 16v-3a3 3 0 0 0-3-3h-8v6M3 10h7",
	bicycle: "M6 20a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM18 20a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM6 16l4-8h5l3 8M9 12h6l-4 4H6M15 8l-1-3h-2",
	box: "M4 8l8-4 8 4v9l-8 4-8-4V8ZM4 8l8 4 8-4M12 12v9",
	building: "M3 20h18M5 20V10l7-6 7 6v10M9 20v-6h6v6",
	carpet: "M5 5h14v14H5ZM8 8h8v8H8ZM5 19v2M9 19v2M13 19v2M17 19v2M5 5V3M9 5V3M13 5V3M17 5V3",
	chair: "M7 3v10h10V3M7 7h10M7 13v8M17 13v8M7 16h10",
	cupboard: "M5 3h14v17H5ZM12 3v17M10 11v2M14 11v2M7 20v1M17 20v1",
	door: "M6 3h12v18H6ZM15 12v1M4 21h16",
	fridge: "M7 2h10v19H7ZM7 9h10M10 5v2M10 12v3M8 21v1M16 21v1",
	garden: "M12 21v-9M12 12C8 12 6 9 6 5c4 0 6 3 6 7ZM12 15c0-3 2-6 6-6 0 4-2 6-6 6Z",
	heater: "M4 6h16v11H4ZM8 6v11M12 6v11M16 6v11M6 17v3M18 17v3",
	lamp: "M8 3h8l3 8H5ZM12 11v8M8 20h8",
	mattress: "M3 9h18v7H3ZM3 12h18M7 9v7M12 9v7M17 9v7",
	microwave: "M3 6h18v12H3ZM15 6v12M5 9h8v6H5ZM18 9v1M18 13v1",
	oven: "M4 3h16v18H4ZM4 8h16M7 11h10v7H7ZM8 5v1M12 5v1M16 5v1",
	paint: "M6 9h12l-1 12H7ZM6 9a6 3 0 0 1 12 0M4 9h16",
	"plant-pot": "M6 13h12l-2 8H8ZM12 13V7M12 8c-2 0-4-2-4-4 3 0 4 2 4 4ZM12 10c2 0 4-2 4-4-3 0-4 2-4 4Z",
	pram: "M4 10h14a7 7 0 0 1-14 0ZM4 10a7 7 0 0 1 7-7v7M18 10l2-4h2M8 21a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM15 21a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
	screen: "M3 4h18v12H3ZM12 16v4M8 20h8",
	shelf: "M4 3v18M20 3v18M4 6h16M4 12h16M4 18h16M8 6V4M12 12V9",
	ski: "M8 3v18M16 3v18M5 21h6M13 21h6M8 3c0-1 1-1 1 0M16 3c0-1 1-1 1 0",
	sofa: "M5 11V7a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v4M3 11a2 2 0 0 1 2 2v2h14v-2a2 2 0 1 1 3 2v4H2v-4a2 2 0 0 1 1-4ZM12 5v10M5 19v2M19 19v2",
	stove: "M4 4h16v17H4ZM4 9h16M8 14h8v4H8ZM8 6v1M12 6v1M16 6v1",
	suitcase: "M4 7h16v13H4ZM9 7V4h6v3M8 7v13M16 7v13",
	table: "M2 8h20M4 8v12M20 8v12M4 12h16",
	toy: "M12 9a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM7 21c-2-6 1-11 5-11s7 5 5 11ZM8 3L6 2M16 3l2-1",
	tyre: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 3v5M12 16v5M3 12h5M16 12h5",
	vacuum: "M8 20a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM8 15v0M11 11c0-5 5-9 7-5l2 13h2",
	"washing-machine": "M5 2h14v20H5ZM5 7h14M12 18a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM8 4v1M11 4h1",
	window: "M4 3h16v18H4ZM12 3v18M4 12h16",
};

// Says nothing: the name stands beside it.
export function Drawing({ name }: { name: string }): JSX.Element {
	return <svg class="bw-drawing" viewBox="0 0 24 24" width="40" height="40"
	    fill="none" stroke="currentColor" stroke-width="1.5"
	    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
		<path d={drawings[name] ?? drawings.box} />
	</svg>;
}

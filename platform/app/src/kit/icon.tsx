// SPDX-License-Identifier: EUPL-1.2
// An icon beside a word, never in its place: hidden from those who listen.

import type { JSX } from "preact";
import { icons } from "./icons.ts";

export function Icon({ name, size = 24, turn = false }: {
    name: string; size?: 16 | 20 | 24 | 32 | 40;
    // Points along the line of text: mirrored where that runs to the left.
    turn?: boolean }): JSX.Element {
	return <svg class={`sk-icon${turn ? " sk-icon--turn" : ""}`}
	    viewBox="0 -960 960 960" width={size} height={size}
	    aria-hidden="true" focusable="false">
		<path d={icons[name] ?? icons.info ?? ""} />
	</svg>;
}

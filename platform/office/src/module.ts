// SPDX-License-Identifier: EUPL-1.2
// What the office's shell is told, and what it and a plugin's module agree on.

import type { ScreenProps as AppScreenProps } from "../../app/src/module.ts";

export type { Description, Plugin, Translate, Values } from
    "../../app/src/module.ts";

// A number that is shown beside a menu entry and on the start page.
export interface Counter {
	// Where in the answer the number is: `late`, `counts.late`.
	member: string;
	label: string;
	// Something is wrong while it is not zero.
	alarm?: boolean;
}

export interface MenuEntry {
	screen: string;
	icon: string;
	label: string;
	// Only who has it sees the entry; without one everybody does.
	right?: string;
	says?: string;
	// `path` lies below the plugin's interface: /tickets/counts. The menu shows
	// the first, the start page all.
	counters?: { path: string; show: Counter[] };
}

// plugins/<name>/office/entries.yaml
export interface Entries {
	menu?: MenuEntry[];
}

// GET /office/api/v1/session
export interface Me {
	name: string;
	email: string;
	roles: string[];
	rights: string[];
	// Nothing but one's own account is open until a second factor is set up.
	enrolling: boolean;
	expires: string;
	// The session's very end, whatever is done.
	ends: string;
}

// What each screen of a plugin is given.
export interface ScreenProps<Settings = Record<string, unknown>> extends
    AppScreenProps<Settings> {
	me: Me;
	// Whether the person has a right of this plugin: "reports.read".
	can: (right: string) => boolean;
}

export type { Module } from "../../app/src/module.ts";

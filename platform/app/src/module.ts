// SPDX-License-Identifier: EUPL-1.2
// What the shell is told by GET /api/v1/app, and what it and a plugin's module
// agree on.

import type { ComponentType } from "preact";

export interface Tile {
	screen: string;
	icon: string;
	label: string;
	says?: string;
}

export interface CardEntry {
	slot: string;
	card: string;
	// What it shows before anything is set up: drawn until the module is there,
	// by the server's document, too. Without it, a skeleton.
	before?: {
		icon: string;
		title: string;
		screen: string;
		says: string;
		action?: { screen: string; icon: string; label: string };
	};
}

export type Tab = "map" | "report" | "mine";

// plugins/<name>/app/entries.yaml
export interface Entries {
	tiles?: Tile[];
	cards?: CardEntry[];
	tabs?: Partial<Record<Tab, string>>;
}

export interface PluginApp {
	module: string;
	style: string | null;
	messages: Record<string, string>;
	entries: Entries | null;
}

export interface Plugin {
	name: string;
	version: string;
	title: string;
	account: "required" | "optional";
	api: string;
	settings: Record<string, unknown>;
	app?: PluginApp | null;
}

export interface Theme {
	code: string;
	name: string;
	layout: "tiles" | "list";
	order?: string[];
	stylesheet?: string | null;
	logo?: string | null;
	hero?: string | null;
	words?: Record<string, string>;
	colour?: { light?: string; dark?: string };
}

export interface Ground {
	url: string;
	type: "raster" | "vector";
	minzoom?: number;
	maxzoom?: number;
	attribution?: string | null;
}

export interface MapDescription {
	center: [number, number];
	zoom: number;
	bbox: [number, number, number, number];
	boundary: string;
	// Vector tiles of an archive that the server has.
	tiles?: Ground & { layers?: string[] } | null;
	// An official map, through our own proxy.
	basemap?: Ground | null;
}

export interface Description {
	slug: string;
	name: string;
	title: string;
	ags: string;
	languages: string[];
	theme: Theme;
	map: MapDescription;
	departments: { code: string; name: string }[];
	outside_bodies: { code: string; name: string }[];
	plugins: Plugin[];
	app?: { messages: Record<string, string> } | null;
}

export type Values = Record<string, string | number>;
export type Translate = (key: string, values?: Values) => string;

// What each screen of a plugin is given.
export interface ScreenProps<Settings = Record<string, unknown>> {
	app: Description;
	plugin: Plugin;
	settings: Settings;
	// What follows the screen's name in the path: /<plugin>/<screen>/<a>/<b>.
	params: string[];
	query: URLSearchParams;
	// The address of a screen of this plugin.
	link: (screen: string, ...params: string[]) => string;
	navigate: (path: string, how?: { replace?: boolean }) => void;
	// Texts of the plugin; keys it does not have are looked up in the shell's.
	t: Translate;
}

export type CardProps<Settings = Record<string, unknown>> =
    Omit<ScreenProps<Settings>, "params" | "query">;

// The default export of plugins/<name>/app/index.tsx. Settings are what GET
// /api/v1/app tells; a module may type them as it declared them.
export interface Module {
	screens: Record<string, ComponentType<any>>;
	cards?: Record<string, ComponentType<any>>;
}

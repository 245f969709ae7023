// SPDX-License-Identifier: EUPL-1.2
// The first picture of the start page, drawn when the app is built: what the
// server's document shows until the script is there. In pieces, as each city
// has its own plugins in its own order; the server puts them together and
// fills in {{key}} of a text, {{city}}, {{title}} of a plugin, and pictures.

import type { JSX } from "preact";
import { renderToString } from "preact-render-to-string";
import { description, shellTexts } from "./context.ts";
import { Frame } from "./frame/frame.tsx";
import { CardAhead } from "./frame/screen.tsx";
import { actionsOf, Groups, SlotFrame, StartFrame, TileGrid } from "./frame/start.tsx";
import { Tile } from "./frame/rows.tsx";
import type { Description, Entries, Plugin } from "./module.ts";

const translate = (key: string) => `{{${key}}}`;

const city = { name: "{{city}}", plugins: [],
    theme: { logo: "{{logo}}" } } as unknown as Description;

const start = (layout: "tiles" | "list", hero: string | null) => renderToString(
    <StartFrame theme={{ layout, hero }} city="{{city}}" actions={[]}>
	{"{{slots}}"}
    </StartFrame>);

export function shell(keys: string[]): Record<string, string> {
	description.value = city;
	shellTexts.value = Object.fromEntries(keys.map((key) =>
	    [key, translate(key)]));
	const slot = renderToString(<SlotFrame slot="{{slot}}">
		{"{{cards}}"}</SlotFrame>);
	return { frame: renderToString(<Frame>{"{{main}}"}</Frame>),
	    tiles: start("tiles", null), list: start("list", "{{hero}}"),
	    grid: renderToString(<TileGrid>{"{{actions}}"}</TileGrid>), slot };
}

export function plugin(name: string, entries: Entries): {
    tiles: string; rows: string; cards: Record<string, string> } {
	const one = { name, title: "{{title}}", app: { entries } } as unknown as
	    Plugin;
	const actions = actionsOf(one, translate);
	const cards: Record<string, string> = {};
	for (const card of entries.cards ?? [])
		cards[card.slot] = (cards[card.slot] ?? "") + renderToString(
		    <CardAhead plugin={one} card={card} translate={translate} />);
	const drawn = (element: JSX.Element) =>
	    actions.length === 0 ? "" : renderToString(element);
	return { tiles: drawn(<>{actions.map((action) =>
	    <Tile key={action.href} {...action} />)}</>),
	    rows: drawn(<Groups actions={actions} />), cards };
}

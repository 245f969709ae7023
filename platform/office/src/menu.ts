// SPDX-License-Identifier: EUPL-1.2
// What plugins put into the menu, for whoever may use it.

import { theApp } from "../../app/src/context.ts";
import type { Plugin } from "../../app/src/module.ts";
import type { Entries, MenuEntry } from "./module.ts";
import { has } from "./session.ts";

export interface Item {
	plugin: Plugin;
	entry: MenuEntry;
	href: string;
}

export const menu = (): Item[] => theApp().plugins.flatMap((plugin) => {
	const entries = plugin.app?.entries as Entries | null | undefined;
	return (entries?.menu ?? []).filter(({ right }) =>
	    right === undefined || has(plugin.name, right)).map((entry) =>
	    ({ plugin, entry, href: `/${plugin.name}/${entry.screen}` }));
});

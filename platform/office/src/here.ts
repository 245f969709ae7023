// SPDX-License-Identifier: EUPL-1.2
// The plugin whose screen is open: its rights, texts and addresses, for what
// lies too deep in a screen to be handed its properties.

import { language, t as shellT } from "../../app/src/context.ts";
import { plugin, translateNow } from "../../app/src/modules.ts";
import type { Translate } from "../../app/src/module.ts";
import { place } from "../../app/src/router.ts";
import { has } from "./session.ts";

const currentPlugin = (): string => place.value.path.split("/")[1] ?? "";

// The server decides; this only leaves out what it would refuse.
export const can = (right: string): boolean => has(currentPlugin(), right);

export const link = (screen: string, ...params: string[]): string =>
    ["", currentPlugin(), screen, ...params.map(encodeURIComponent)].join("/");

let made: { for: string; t: Translate } | null = null;

export const t: Translate = (key, values) => {
	const name = currentPlugin();
	const wanted = `${name} ${language.value}`;
	if (made?.for !== wanted) {
		const open = plugin(name);
		const own = open ? translateNow(open) : null;
		if (own === null)
			return shellT(key, values);
		made = { for: wanted, t: own };
	}
	return made.t(key, values);
};

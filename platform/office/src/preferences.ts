// SPDX-License-Identifier: EUPL-1.2
// Whether single keys do something (WCAG 2.1.4: they can be turned off). What
// else somebody prefers on this device is the app's preferences.ts.

import { signal } from "@preact/signals";

const NAME = "stadtkern-office-keys";

function read(): boolean {
	try {
		return localStorage.getItem(NAME) !== "off";
	} catch {
		return true;
	}
}

export const keysOn = signal(read());

export function turnKeys(on: boolean): void {
	keysOn.value = on;
	try {
		localStorage.setItem(NAME, on ? "on" : "off");
	} catch {
		// Then it holds until the page is closed.
	}
}

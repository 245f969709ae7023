// SPDX-License-Identifier: EUPL-1.2
// Whether the browser thinks that there is a network. It may be wrong: what is
// asked decides, this only explains.

import { signal } from "@preact/signals";

export const online = signal(navigator.onLine);

export function startOnline(): void {
	addEventListener("online", () => { online.value = true; });
	addEventListener("offline", () => { online.value = false; });
}

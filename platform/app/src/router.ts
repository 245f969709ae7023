// SPDX-License-Identifier: EUPL-1.2
// Addresses inside the app. A click on a link within the app changes the
// address without loading a page; Back and Forward bring the place one was at.

import { signal } from "@preact/signals";
import { isServed } from "./served.ts";

export interface Place {
	path: string;
	query: URLSearchParams;
}

const here = (): Place => ({ path: decodeURI(location.pathname),
    query: new URLSearchParams(location.search) });

export const place = signal<Place>(here());

// How the last change came about: whether to go to the top or back to where
// the person was.
export const restored = signal<number | null>(null);

// On a phone the content scrolls, elsewhere the page.
const content = () => document.querySelector(".sk-content");

function remember(): void {
	history.replaceState({ ...history.state as object,
	    y: Math.max(scrollY, content()?.scrollTop ?? 0) }, "");
}

const PATIENCE = 1500;

// To the top, or back to where the person was; that may be there only when
// the screen has got its data.
export function scrollBack(): void {
	const top = restored.value ?? 0;
	const at = place.value;
	const end = performance.now() + PATIENCE;
	const step = () => {
		if (place.value !== at)
			return;
		scrollTo({ top, behavior: "instant" });
		content()?.scrollTo({ top, behavior: "instant" });
		if (Math.max(scrollY, content()?.scrollTop ?? 0) < top - 1 &&
		    performance.now() < end)
			requestAnimationFrame(step);
	};
	step();
}

// Where nothing has the focus yet, keys that scroll are meant for the content.
function aim(event: KeyboardEvent): void {
	if (document.activeElement === document.body &&
	    /^( |Arrow(Up|Down)|Page(Up|Down)|Home|End)$/.test(event.key))
		document.getElementById("main")?.focus({ preventScroll: true });
}

export function navigate(path: string, { replace = false } = {}): void {
	if (replace) {
		history.replaceState({}, "", path);
	} else {
		remember();
		history.pushState({}, "", path);
	}
	restored.value = null;
	place.value = here();
}

function follow(event: MouseEvent): void {
	const link = (event.target as Element | null)?.closest?.("a");
	if (!link || event.defaultPrevented || event.button !== 0 ||
	    event.metaKey || event.ctrlKey || event.shiftKey || event.altKey ||
	    link.target !== "" || link.hasAttribute("download") ||
	    link.origin !== location.origin || isServed(link.pathname))
		return;
	// A jump within the page is the browser's.
	if (link.hash !== "" && link.pathname === location.pathname)
		return;
	event.preventDefault();
	navigate(link.pathname + link.search);
}

export function startRouter(): void {
	history.scrollRestoration = "manual";
	addEventListener("popstate", (event) => {
		const state = event.state as { y?: number } | null;
		restored.value = state?.y ?? 0;
		place.value = here();
	});
	document.addEventListener("click", follow);
	document.addEventListener("keydown", aim);
}

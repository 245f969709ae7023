// SPDX-License-Identifier: EUPL-1.2
// What happens when a screen opens: its title is the document's, its heading
// takes the focus, and the page stands where it should. Not at the first
// screen, which the browser announces itself.

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { theApp } from "../context.ts";
import { place, scrollBack, type Place } from "../router.ts";

let arrivedAt: Place | null = null;

export function useArrival(title: string, whole = false): RefObject<HTMLHeadingElement | null> {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		document.title = whole ? title : `${title} – ${theApp().title}`;
	}, [title, whole]);
	useEffect(() => {
		const first = arrivedAt === null;
		if (arrivedAt === place.value)
			return;
		// A filter or a choice that stands in the address is no new screen:
		// the focus stays where the person is.
		const same = arrivedAt?.path === place.value.path;
		arrivedAt = place.value;
		if (first || same)
			return;
		heading.current?.focus({ preventScroll: true });
		scrollBack();
	}, [place.value]);
	return heading;
}

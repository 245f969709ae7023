// SPDX-License-Identifier: EUPL-1.2
// Single keys: what the screen that is open does with them, and a dialog that
// lists them. None counts while somebody types, or has a dialog before them.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../app/src/context.ts";
import { Dialog } from "../../app/src/kit/layers.tsx";
import { keysOn } from "./preferences.ts";

export interface Shortcut {
	label: string;
	run: (event: KeyboardEvent) => void;
}

// By the key as KeyboardEvent names it: "j", "/", "Enter", "Escape".
export type Shortcuts = Record<string, Shortcut>;

const active: { current: Shortcuts }[] = [];
export const helpOpen = signal(false);

export function useKeys(shortcuts: Shortcuts): void {
	const mine = useRef(shortcuts);
	mine.current = shortcuts;
	// With what is drawn: a key may come right after it.
	useLayoutEffect(() => {
		active.push(mine);
		return () => { active.splice(active.indexOf(mine), 1); };
	}, []);
}

const TYPING = "input:not([type=checkbox], [type=radio], [type=button]), " +
    "textarea, select, [contenteditable]";
// What these keys do already where the focus is.
const TAKEN: Record<string, string> = { Enter: "a, button, summary, input",
    " ": "a, button, summary, input" };

function pressed(event: KeyboardEvent): void {
	const at = event.target as Element | null;
	if (!keysOn.value || event.ctrlKey || event.altKey || event.metaKey ||
	    event.defaultPrevented || event.isComposing || !at?.closest ||
	    at.closest(TYPING) || document.querySelector("dialog[open]") ||
	    (TAKEN[event.key] && at.closest(TAKEN[event.key] ?? "")))
		return;
	// What was opened last comes first.
	for (let i = active.length - 1; i >= 0; i--) {
		const shortcut = active[i]?.current[event.key];
		if (shortcut) {
			event.preventDefault();
			shortcut.run(event);
			return;
		}
	}
}

export function startKeys(): void {
	document.addEventListener("keydown", pressed);
}

const NAMES: Record<string, string> = { Enter: "enter", Escape: "escape",
    " ": "space", ArrowDown: "down", ArrowUp: "up" };

export const keyName = (key: string): string => NAMES[key] ?
    t(`office.key.${NAMES[key]}`) : key;

// A key beside the word of the button that does the same.
export function Key({ name }: { name: string }): JSX.Element | null {
	return keysOn.value ? <kbd class="of-key" aria-hidden="true">
		{keyName(name)}</kbd> : null;
}

export function KeysHelp(): JSX.Element | null {
	if (!helpOpen.value)
		return null;
	const all = new Map<string, string>();
	for (const { current } of active)
		for (const [key, { label }] of Object.entries(current))
			all.set(key, label);
	return <Dialog title={t("office.keys.title")}
	    onClose={() => { helpOpen.value = false; }}>
		{keysOn.value ? <dl class="of-keys">
			{[...all].map(([key, label]) => <div key={key}>
				<dt><kbd class="of-key">{keyName(key)}</kbd></dt>
				<dd>{label}</dd>
			</div>)}
		</dl> : <p class="kern-body">{t("office.keys.off")}</p>}
		<p class="kern-body"><a href="/account?at=keys" onClick={() => {
			helpOpen.value = false;
		}}>{t("office.keys.change")}</a></p>
	</Dialog>;
}

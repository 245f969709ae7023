// SPDX-License-Identifier: EUPL-1.2
// What was just done, and the way back. It stays until something else was
// done, it is closed, or half a minute went by with nobody at it.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../../app/src/announce.ts";
import { t } from "../../app/src/context.ts";
import { errorText } from "../../app/src/errors.ts";
import { Button } from "../../app/src/kit/basics.tsx";
import { Icon } from "../../app/src/kit/icon.tsx";
import { Key, useKeys } from "./keys.tsx";

const STAYS = 30_000;

interface Note {
	text: string;
	undo?: (() => unknown) | undefined;
}

const current = signal<Note | null>(null);

// Says `text`; `undo` takes back what was done.
export function undoable(text: string, undo?: () => unknown): void {
	current.value = { text, undo };
	announce(undo ? `${text} ${t("office.toast.can-undo")}` : text);
}

const close = () => { current.value = null; };

function Shown({ note }: { note: Note }): JSX.Element {
	const [held, setHeld] = useState(false);
	useEffect(() => {
		if (held)
			return undefined;
		const timer = setTimeout(close, STAYS);
		return () => clearTimeout(timer);
	}, [note, held]);
	const undo = async () => {
		close();
		try {
			await note.undo?.();
			announce(t("office.toast.undone"));
		} catch (error) {
			undoable(errorText(error, t));
		}
	};
	useKeys(note.undo ? { u: { label: t("office.toast.undo"),
	    run: () => void undo() } } : {});
	return <div class="of-toast" onFocusCapture={() => setHeld(true)}
	    onBlurCapture={() => setHeld(false)}
	    onMouseEnter={() => setHeld(true)}
	    onMouseLeave={() => setHeld(false)}>
		<Icon name="success" />
		<p>{note.text}</p>
		{note.undo && <Button onClick={() => void undo()}>
			{t("office.toast.undo")} <Key name="u" /></Button>}
		<button type="button" class="kern-btn kern-btn--tertiary sk-round"
		    onClick={close} aria-label={t("app.button.close")}>
			<Icon name="close" />
		</button>
	</div>;
}

export function Toast(): JSX.Element {
	return <section class="of-toasts" aria-label={t("office.toast.label")}>
		{current.value && <Shown note={current.value} />}
	</section>;
}

// SPDX-License-Identifier: EUPL-1.2
// Dialog, sheet, and a form's steps.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../context.ts";
import { Button } from "./basics.tsx";
import { Icon } from "./icon.tsx";

// A modal dialog: the browser keeps the focus inside and gives it back. Without
// onClose only what is inside leads out.
export function Dialog({ title, onClose, children, footer }: { title: string;
    onClose?: () => void; children: ComponentChildren;
    footer?: ComponentChildren }): JSX.Element {
	const dialog = useRef<HTMLDialogElement>(null);
	// At once: what is inside may then put the focus where it wants.
	useLayoutEffect(() => {
		const before = document.activeElement as HTMLElement | null;
		dialog.current?.showModal();
		return () => before?.focus?.();
	}, []);
	return <dialog class="kern-dialog sk-dialog" ref={dialog}
	    aria-labelledby="dialog-title"
	    onCancel={(event) => { event.preventDefault(); onClose?.(); }}>
		<header class="kern-dialog__header">
			<h2 class="kern-title" id="dialog-title">{title}</h2>
			{onClose && <button type="button"
			    class="kern-btn kern-btn--tertiary sk-round"
			    onClick={onClose} aria-label={t("app.button.close")}>
				<Icon name="close" />
			</button>}
		</header>
		<section class="kern-dialog__body">{children}</section>
		{footer && <footer class="kern-dialog__footer">{footer}</footer>}
	</dialog>;
}

// Asks before something is lost.
export function Confirm({ title, text, yes, onYes, onNo }: { title: string;
    text: string; yes: string; onYes: () => void;
    onNo: () => void }): JSX.Element {
	return <Dialog title={title} onClose={onNo} footer={<>
		<Button onClick={onNo}>{t("app.button.cancel")}</Button>
		<Button kind="primary" onClick={onYes}>{yes}</Button>
	</>}>
		<p class="kern-body">{text}</p>
	</Dialog>;
}

// Comes from below over a map, leaves the map usable; Escape closes it.
export function Sheet({ title, onClose, children }: { title: string;
    onClose: () => void; children: ComponentChildren }): JSX.Element {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		const before = document.activeElement as HTMLElement | null;
		heading.current?.focus();
		return () => before?.focus?.();
	}, []);
	return <section class="sk-sheet" aria-labelledby="sheet-title"
	    onKeyDown={(event) => event.key === "Escape" && onClose()}>
		<header class="sk-sheet__header">
			<h2 class="kern-title" id="sheet-title" tabindex={-1}
			    ref={heading}>{title}</h2>
			<button type="button" class="kern-btn kern-btn--tertiary sk-round"
			    onClick={onClose} aria-label={t("app.button.close")}>
				<Icon name="close" />
			</button>
		</header>
		<div class="sk-sheet__body">{children}</div>
	</section>;
}

// Where one is in a form of several screens; Back loses nothing.
export function Steps({ at, of, onBack }: { at: number; of: number;
    onBack?: (() => void) | undefined }): JSX.Element {
	const label = t("app.steps", { at: String(at), of: String(of) });
	return <div class="sk-steps">
		{onBack && <Button kind="tertiary" icon="arrow-back" onClick={onBack}>
			{t("app.button.back")}
		</Button>}
		<div class="kern-progress">
			<label class="kern-label" for="steps">{label}</label>
			<progress id="steps" max={of} value={at}>{label}</progress>
		</div>
	</div>;
}

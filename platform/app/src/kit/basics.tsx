// SPDX-License-Identifier: EUPL-1.2
// Buttons, notices, cards and what a screen begins with.

import type { ComponentChildren, JSX } from "preact";
import { t } from "../context.ts";
import { now } from "../clock.ts";
import { online } from "../online.ts";
import { useArrival } from "../frame/arrival.ts";
import { formatAge } from "../format.ts";
import { errorText } from "../errors.ts";
import type { FIELDS } from "../vault.ts";
import { Icon } from "./icon.tsx";

type Kind = "primary" | "secondary" | "tertiary";

interface ButtonLook {
	kind?: Kind;
	icon?: string;
	block?: boolean;
	children: ComponentChildren;
}

const look = ({ kind = "secondary", block }: ButtonLook) =>
    `kern-btn kern-btn--${kind}${block ? " kern-btn--block" : ""}`;

const inside = ({ icon, children }: ButtonLook) => <>
	{icon && <Icon name={icon} />}
	<span class="kern-label">{children}</span>
</>;

export function Button({ kind, icon, block, children, busy, ...rest }:
    ButtonLook & { busy?: boolean } &
    Omit<JSX.IntrinsicElements["button"], "icon">): JSX.Element {
	const shown = { children, ...kind && { kind }, ...icon && { icon },
	    ...block && { block } };
	return <button type="button" {...rest} class={look(shown)}
	    aria-disabled={busy ? "true" : undefined}
	    onClick={busy ? (event) => event.preventDefault() : rest.onClick}>
		{inside(shown)}
	</button>;
}

export function LinkButton({ kind, icon, block, children, href }:
    ButtonLook & { href: string }): JSX.Element {
	const shown = { children, ...kind && { kind }, ...icon && { icon },
	    ...block && { block } };
	return <a class={look(shown)} href={href}>{inside(shown)}</a>;
}

// The first thing of each screen: its heading, which takes the focus when the
// screen opens, and the document's title.
export function Title({ children, says }: { children: string;
    says?: ComponentChildren }): JSX.Element {
	const heading = useArrival(children);
	return <header class="sk-title">
		<h1 class="kern-heading-x-large" tabindex={-1} id="title"
		    ref={heading}>{children}</h1>
		{says && <p class="kern-body sk-muted">{says}</p>}
	</header>;
}

const noticeIcons = { info: "info", success: "success", warning: "warning",
    danger: "danger" };

// Something the person should know. `live` says it aloud when it comes.
export function Notice({ kind = "info", title, children, live }: {
    kind?: keyof typeof noticeIcons; title: string;
    children?: ComponentChildren; live?: boolean }): JSX.Element {
	return <div class={`kern-alert kern-alert--${kind} sk-notice`}
	    role={live ? kind === "danger" ? "alert" : "status" : undefined}>
		<div class="kern-alert__header">
			<Icon name={noticeIcons[kind]} />
			<span class="kern-title">{title}</span>
		</div>
		{children && <div class="kern-alert__body">{children}</div>}
	</div>;
}

// A failure with its way out.
export function Failure({ error, retry }: { error: unknown;
    retry?: () => void }): JSX.Element {
	return <Notice kind="danger" title={errorText(error, t)} live>
		{retry && <Button onClick={retry} icon="autorenew">
			{t("app.button.retry")}
		</Button>}
	</Notice>;
}

export function Skeleton({ lines = 3 }: { lines?: number }): JSX.Element {
	return <div class="sk-skeleton" role="status">
		<span class="kern-sr-only">{t("app.loading")}</span>
		{Array.from({ length: lines }, (_, i) => <span key={i} aria-hidden="true" />)}
	</div>;
}

export function Card({ title, icon, href, children, action }: {
    title: string; icon?: string; href?: string; children?: ComponentChildren;
    action?: ComponentChildren }): JSX.Element {
	return <section class="sk-card">
		<h2 class="sk-card__title">
			{icon && <Icon name={icon} />}
			{href ? <a href={href}>{title}</a> : title}
		</h2>
		{children}
		{action && <div class="sk-card__action">{action}</div>}
	</section>;
}

// Nothing there yet: what would be there, and the step to get there.
export function Empty({ icon, title, children, action }: { icon: string;
    title: string; children?: ComponentChildren;
    action?: ComponentChildren }): JSX.Element {
	return <div class="sk-empty">
		<Icon name={icon} size={40} />
		<p class="kern-title">{title}</p>
		{children && <p class="kern-body">{children}</p>}
		{action}
	</div>;
}

export type BadgeKind = "info" | "success" | "warning" | "danger";

export function Badge({ kind = "info", icon, children }: { kind?: BadgeKind;
    icon?: string; children: ComponentChildren }): JSX.Element {
	return <span class={`kern-badge kern-badge--${kind}`}>
		{icon && <Icon name={icon} size={20} />}
		<span class="kern-label kern-label--small">{children}</span>
	</span>;
}

const NEW_ENOUGH = 60_000;

// How old what is shown is; nothing when it is new.
export function Age({ fetchedAt }: { fetchedAt: number | null }): JSX.Element | null {
	if (fetchedAt === null || now() - fetchedAt < NEW_ENOUGH)
		return null;
	return <p class="sk-age">
		<Icon name={online.value ? "autorenew" : "offline"} size={20} />
		<span>{t(online.value ? "app.age" : "app.age.offline",
		    { age: formatAge(fetchedAt) })}</span>
	</p>;
}

// Says that a form was filled from "Meine Daten", and with what.
export function PrefillNote({ fields }: {
    fields: readonly (typeof FIELDS[number])[] }): JSX.Element | null {
	if (fields.length === 0)
		return null;
	const names = fields.map((field) => t(`app.data.field.${field}`));
	return <p class="sk-prefill">
		<Icon name="shield" size={20} />
		<span>{t("app.prefill", { fields: names.join(", ") })}{" "}
		<a href="/data">{t("app.prefill.change")}</a></span>
	</p>;
}

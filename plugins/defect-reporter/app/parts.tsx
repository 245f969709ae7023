// SPDX-License-Identifier: EUPL-1.2
// What several screens show: a status, a report's photos, its history.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatAge, formatDateTime, formatDay, kit, type Plugin, type Translate } from
    "@stadtkern/app";
import { lookOf } from "./filter.ts";
import { withNumbers } from "./form.ts";
import { written } from "./place.ts";
import type { Event, OwnPhoto, Position, Release, Settings, Shown } from "./types.ts";

export const categoryName = (settings: Settings, code: string): string =>
    settings.categories.find((one) => one.code === code)?.name ?? code;

export const statusOf = (settings: Settings, code: string) =>
    settings.statuses.find((one) => one.code === code);

export const statusName = (settings: Settings, code: string): string =>
    statusOf(settings, code)?.name ?? code;

// Word, colour and shape, the same as on the map.
export function Status({ settings, code }: { settings: Settings;
    code: string }): JSX.Element {
	const { shape, tone } = lookOf(statusOf(settings, code), settings.initial);
	return <span class={`dr-status dr-status--${tone}`}>
		<span class={`dr-shape dr-shape--${shape}`} aria-hidden="true" />
		{statusName(settings, code)}
	</span>;
}

// Whether staff have looked at it: what only its sender is told.
export function ReleaseBadge({ release, settings, status, t }: {
    release: Release; settings: Settings; status: string;
    t: Translate }): JSX.Element {
	if (release === "released")
		return <Status settings={settings} code={status} />;
	return <span class={`dr-status dr-status--${release === "pending" ?
	    "info" : "muted"}`}>
		<span class={`dr-shape dr-shape--${release === "pending" ? "ring" :
		    "square"}`} aria-hidden="true" />
		{t(`app.release.${release}`)}
	</span>;
}

// A text in which 110 and 112 can be dialled.
export function Dialable({ text }: { text: string }): JSX.Element {
	return <>{withNumbers(text).map((part, i) => part.dial ?
	    <a key={i} class="dr-dial" href={`tel:${part.dial}`}>{part.text}</a> :
	    part.text)}</>;
}

export function When({ at }: { at: string | number }): JSX.Element {
	return <time dateTime={new Date(at).toISOString()}
	    title={formatDateTime(at)}>{formatAge(at)}</time>;
}

export function Photos({ plugin, report, t }: { plugin: Plugin;
    report: Pick<Shown, "id" | "number" | "photos">; t: Translate }): JSX.Element | null {
	if (report.photos.length === 0)
		return null;
	return <ul class="dr-photos" aria-label={t("app.photos")}>
		{report.photos.map(({ id, width, height }, i) => {
			const path = `${plugin.api}/reports/${report.id}/photos/${id}`;
			return <li key={id}>
				<a href={path} target="_blank" rel="noopener">
					<img src={path} width={width} height={height}
					    loading="lazy" alt={t("app.photo.of", { at: i + 1,
					    of: report.photos.length,
					    number: report.number })} />
				</a>
			</li>;
		})}
	</ul>;
}

const photoTone: Record<OwnPhoto["state"], string> = { quarantine: "info",
    waiting: "info", released: "success", rejected: "muted", refused: "danger",
    erased: "muted" };

export function PhotoStates({ photos, t }: { photos: OwnPhoto[];
    t: Translate }): JSX.Element | null {
	if (photos.length === 0)
		return null;
	return <section class="sk-section">
		<h2 class="kern-heading-medium">{t("app.photos")}</h2>
		<ul class="dr-plain">
			{photos.map(({ id, state }, i) => <li key={id}>
				<span class={`dr-status dr-status--${photoTone[state]}`}>
					<kit.Icon name="image" size={20} />
					{t("app.photo.nth", { at: i + 1 })}:{" "}
					{t(`app.photo.state.${state}`)}
				</span>
			</li>)}
		</ul>
	</section>;
}

function eventTitle({ kind, status, body, number }: Event, settings: Settings,
    t: Translate): string {
	if (kind === "status" && status)
		return t("app.event.status", { status: statusName(settings, status) });
	if (kind === "forwarded")
		return t("app.event.forwarded", { body: body ?? "" });
	if (kind === "divided")
		return t("app.event.divided", { number: number ?? "" });
	return t(`app.event.${["released", "rejected", "answer"].includes(kind) ?
	    kind : "change"}`);
}

// The newest first, as that is what one came for.
export function History({ received, events, settings, t }: { received: string;
    events: readonly Event[]; settings: Settings; t: Translate }): JSX.Element {
	const shown = events.filter(({ kind }) => !kind.startsWith("photo-"));
	return <section class="sk-section">
		<h2 class="kern-heading-medium">{t("app.history")}</h2>
		<ol class="dr-history" reversed>
			{[...shown].reverse().map((event, i) => <li key={i}
			    class={event.text ? "dr-history__answer" : ""}>
				<p class="dr-history__title">{eventTitle(event, settings, t)}</p>
				<p class="sk-muted"><time dateTime={event.at}>
					{formatDateTime(event.at)}</time></p>
				{event.text && <p class="dr-text">{event.text}</p>}
			</li>)}
			<li>
				<p class="dr-history__title">{t("app.event.received")}</p>
				<p class="sk-muted"><time dateTime={received}>
					{formatDateTime(received)}</time></p>
			</li>
		</ol>
	</section>;
}

export function PlaceLine({ position, address, mapLink, t }: {
    position?: Position | null; address?: string | null; mapLink: string;
    t: Translate }): JSX.Element {
	return <p class="dr-line">
		<kit.Icon name="place" size={20} />
		<span>{address && <>{address} </>}
		{position ? <a href={mapLink}>{t("app.on-map")}</a> :
		    !address && t("app.no-place")}
		{position && <span class="sk-muted"> ({written(position)})</span>}</span>
	</p>;
}

export function Line({ icon, children }: { icon: string;
    children: ComponentChildren }): JSX.Element {
	return <p class="dr-line"><kit.Icon name={icon} size={20} />
		<span>{children}</span></p>;
}

export const day = (at: string | number): string => formatDay(at);

export function useMedia(query: string): boolean {
	const [fits, setFits] = useState(() => matchMedia(query).matches);
	useEffect(() => {
		const media = matchMedia(query);
		const change = () => setFits(media.matches);
		change();
		media.addEventListener("change", change);
		return () => media.removeEventListener("change", change);
	}, [query]);
	return fits;
}

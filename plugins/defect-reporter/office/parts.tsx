// SPDX-License-Identifier: EUPL-1.2
// What several of the office's screens show.

import type { ComponentChildren, JSX } from "preact";
import { formatDateTime, formatDay, formatTime, kit, t, theApp } from
    "@stadtkern/office";
import { lookOf } from "../app/filter.ts";
import { written } from "../app/place.ts";
import type { Changes, Event, Last, Priority, Release, Settings } from "./types.ts";

export const categoryName = (settings: Settings, code: string): string =>
    settings.categories.find((one) => one.code === code)?.name ?? code;

export const statusOf = (settings: Settings, code: string) =>
    settings.statuses.find((one) => one.code === code);

export const statusName = (settings: Settings, code: string): string =>
    statusOf(settings, code)?.name ?? code;

export const departmentName = (code: string): string =>
    theApp().departments.find((one) => one.code === code)?.name ?? code;

// A body outside the city.
export const bodyName = (code: string): string =>
    theApp().outside_bodies.find((one) => one.code === code)?.name ?? code;

export const pinLook = (settings: Settings, code: string) =>
    lookOf(statusOf(settings, code), settings.initial);

// Word, colour and shape, the same as on the map.
export function Status({ settings, code }: { settings: Settings;
    code: string }): JSX.Element {
	const { shape, tone } = pinLook(settings, code);
	return <span class={`dt-status dt-status--${tone}`}>
		<span class={`dt-shape dt-shape--${shape}`} aria-hidden="true" />
		{statusName(settings, code)}
	</span>;
}

export const ReleaseMark = ({ release, spam }: { release: Release;
    spam: boolean }): JSX.Element => spam ?
    <kit.Badge kind="danger">{t("office.spam")}</kit.Badge> :
    <kit.Badge kind={release === "released" ? "success" : release === "pending" ?
	"info" : "warning"}>{t(`office.release.${release}`)}</kit.Badge>;

export const PriorityMark = ({ priority }: {
    priority: Priority }): JSX.Element | null =>
    priority === "normal" ? null : <span class={`dt-priority dt-priority--${
	priority}`}>{t(`office.priority.${priority}`)}</span>;

// Late is a word and a colour.
export function Due({ on, late }: { on: string | null;
    late: boolean }): JSX.Element | null {
	if (on === null)
		return null;
	return <span class={late ? "dt-late" : undefined}>
		{late && <kit.Icon name="warning" size={16} />}
		<time dateTime={on}>{shortDay(on)}</time>
		{late && ` ${t("office.late")}`}
	</span>;
}

export const shortDay = (day: string): string =>
    day.slice(0, 10).split("-").reverse().join(".");

const today = (at: string): boolean => formatDay(at) === formatDay(new Date());

export const when = (at: string): string =>
    today(at) ? formatTime(at) : formatDateTime(at);

export const When = ({ at }: { at: string }): JSX.Element =>
    <time dateTime={at} title={formatDateTime(at)}>{when(at)}</time>;

// "Ort: bisher Am Markt 1, jetzt Am Markt 2"
function changeTexts(changes: Changes, settings: Settings): string[] {
	const { category, address, position, priority, due_on } = changes;
	const place = (side: "from" | "to") => [address?.[side],
	    position?.[side] && written(position[side])].filter(Boolean).join(", ");
	const texts: [string, string | undefined, string | undefined][] = [
	    ["filter.category", category?.from && categoryName(settings,
		category.from), category?.to && categoryName(settings, category.to)],
	    ["place", place("from"), place("to")],
	    ["filter.priority", priority?.from &&
		t(`office.priority.${priority.from}`), priority?.to &&
		t(`office.priority.${priority.to}`)],
	    ["due", due_on?.from && shortDay(due_on.from),
		due_on?.to && shortDay(due_on.to)]];
	return texts.filter(([, from, to]) => from || to).map(([what, from, to]) =>
	    t(`office.change.${from && to ? "both" : to ? "first" : "gone"}`,
		{ what: t(`office.${what}`), from: from ?? "", to: to ?? "" }));
}

// What a kind of event is called, and what it was about.
export function eventText(event: Event | Last, settings: Settings): string {
	const { status, department, person, category, priority, due_on, body,
	    number, changes } = event as Event;
	const title = t(`office.event.${event.kind}`);
	if (changes)
		return `${title}: ${changeTexts(changes, settings).join("; ")}`;
	const about = [status && event.kind === "status" ?
	    statusName(settings, status) : "", department &&
	    departmentName(department), person,
	    category && categoryName(settings, category),
	    priority && t(`office.priority.${priority}`),
	    due_on && event.kind !== "late" && t("office.until",
		{ day: shortDay(due_on) }),
	    body && bodyName(body), number && t("app.number", { number })].filter(Boolean);
	return about.length === 0 ? title : `${title}: ${about.join(", ")}`;
}

// "Kim Beispiel, 10:32: Zustand geändert"
export const newsText = (last: Last | Event, settings: Settings): string =>
    t("office.news", { who: last.staff ?? t("office.nobody"), when: when(last.at),
	what: eventText(last, settings) });

export const Fact = ({ label, children }: { label: string;
    children: ComponentChildren }): JSX.Element => <div class="dt-fact">
	<dt>{label}</dt><dd>{children}</dd></div>;

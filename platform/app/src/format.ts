// SPDX-License-Identifier: EUPL-1.2
// Dates, numbers and ages as the person's language writes them. Times are the
// city's, wherever the device is.

import { language } from "./context.ts";
import { now } from "./clock.ts";

const ZONE = "Europe/Berlin";

// Leichte Sprache has German's rules.
const locale = () => language.value;

const format = (time: string | number | Date,
    options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(),
    { timeZone: ZONE, ...options }).format(new Date(time));

export const formatDay = (time: string | number | Date): string =>
    format(time, { day: "numeric", month: "long", year: "numeric" });

export const formatWeekday = (time: string | number | Date): string =>
    format(time, { weekday: "long", day: "numeric", month: "long" });

export const formatTime = (time: string | number | Date): string =>
    format(time, { hour: "2-digit", minute: "2-digit" });

export const formatDateTime = (time: string | number | Date): string =>
    format(time, { day: "numeric", month: "long", year: "numeric",
	hour: "2-digit", minute: "2-digit" });

export const formatNumber = (value: number, digits = 0): string =>
    new Intl.NumberFormat(locale(), { maximumFractionDigits: digits })
    .format(value);

export function formatDistance(metres: number): string {
	return metres < 1000 ?
	    new Intl.NumberFormat(locale(), { style: "unit", unit: "meter",
		maximumFractionDigits: 0 }).format(Math.round(metres / 10) * 10) :
	    new Intl.NumberFormat(locale(), { style: "unit", unit: "kilometer",
		maximumFractionDigits: 1 }).format(metres / 1000);
}

// "vor 5 Minuten"; what is to come is "in 5 Minuten".
export function formatAge(time: string | number | Date): string {
	const seconds = (new Date(time).getTime() - now()) / 1000;
	const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
	const steps: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400],
	    ["hour", 3600], ["minute", 60]];
	for (const [unit, size] of steps)
		if (Math.abs(seconds) >= size)
			return relative.format(Math.round(seconds / size), unit);
	return relative.format(0, "second");
}

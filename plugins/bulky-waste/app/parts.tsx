// SPDX-License-Identifier: EUPL-1.2
// What several screens show: a price, the state of a booking, its calendar file.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { api, errorText, formatWeekday, kit, language, type Plugin, type Translate }
    from "@stadtkern/app";
import { price as priceIn } from "./form.ts";
import type { Booking, Settings } from "./types.ts";

export const price = (cents: number): string => priceIn(cents, language.value);

export function Line({ icon, children }: { icon: string;
    children: ComponentChildren }): JSX.Element {
	return <p class="bw-line"><kit.Icon name={icon} size={20} />
		<span>{children}</span></p>;
}

export function PutOut({ settings, day, t }: { settings: Settings; day?: string;
    t: Translate }): JSX.Element {
	const { from, until, place } = settings.put_out;
	return <Line icon="info">{t("app.put-out.text", { from, until, place,
	    day: day ? formatWeekday(day) : t("app.put-out.day") })}</Line>;
}

export function StateBadge({ booking, today, t }: { booking: Booking;
    today: string; t: Translate }): JSX.Element {
	const state = booking.state === "cancelled" ? "cancelled" :
	    booking.day < today ? "over" : "booked";
	return <kit.Badge kind={state === "booked" ? "success" : "info"}
	    icon={state === "cancelled" ? "close" : "success"}>
		{t(`app.state.${state}`)}</kit.Badge>;
}

// Comes with the device's token, so a plain link would not do.
export function Calendar({ plugin, booking, t }: { plugin: Plugin;
    booking: { id: string; number: string }; t: Translate }): JSX.Element {
	const [error, setError] = useState<unknown>(null);
	const save = async () => {
		setError(null);
		const file = await api.blob(`${plugin.api}/bookings/${booking.id}` +
		    "/calendar.ics");
		const link = document.createElement("a");
		link.href = URL.createObjectURL(file);
		link.download = `${t("app.calendar.file")}-${booking.number}.ics`;
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
	};
	return <>
		{error !== null && <kit.Notice kind="warning" live
		    title={errorText(error, t)} />}
		<kit.Button icon="calendar-today" onClick={() =>
		    void save().catch(setError)}>{t("app.calendar.save")}</kit.Button>
	</>;
}

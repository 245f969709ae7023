// SPDX-License-Identifier: EUPL-1.2
// One booking with household and contact, and cancelling it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, formatDateTime, formatNumber, formatWeekday, kit, newKey, refresh,
    useApi, type ScreenProps } from "@stadtkern/office";
import { addressOf, price, Reason, thingsOf } from "./parts.tsx";
import type { Booking } from "./types.ts";

function Facts({ booking, t }: { booking: Booking;
    t: ScreenProps["t"] }): JSX.Element {
	const { household, contact } = booking;
	const rows: [string, string | undefined][] = [
		["day", formatWeekday(booking.day)],
		["address", `${addressOf(booking.address)}, ${booking.address.postcode}`],
		["things", thingsOf(booking.items)],
		["size", t("office.size", { volume: formatNumber(booking.volume, 1),
		    weight: formatNumber(booking.weight), devices:
		    formatNumber(booking.devices) })],
		["fee", price(booking.fee_cents)],
		["name", household?.name ?? contact?.name],
		["note", household?.note],
		["email", contact?.email],
		["phone", contact?.phone],
		["booked", formatDateTime(booking.created_at)]];
	return <dl class="bo-facts">{rows.map(([key, value]) => value &&
	    <div key={key}><dt>{t(`office.fact.${key}`)}</dt><dd>{value}</dd></div>)}
	</dl>;
}

export function BookingPane({ id, props }: { id: string;
    props: ScreenProps }): JSX.Element {
	const { plugin, can, t } = props;
	const path = `${plugin.api}/bookings/${encodeURIComponent(id)}`;
	const { data, error, reload } = useApi<Booking>(path);
	const [asking, setAsking] = useState(false);
	const [key] = useState(newKey);
	const cancel = async (reason: string): Promise<void> => {
		await api.post(`${path}/cancel`, { reason }, { key });
		setAsking(false);
		refresh(plugin.api);
	};
	if (!data)
		return error === null ? <kit.Skeleton lines={6} /> :
		    <kit.Failure error={error} retry={reload} />;
	return <>
		<h2 class="kern-heading-medium">{t("office.booking",
		    { number: data.number })}</h2>
		{data.cancelled && <kit.Notice kind="warning" title={t(
		    `office.cancelled-${data.cancelled.by}`,
		    { at: formatDateTime(data.cancelled.at) })}>
			{data.cancelled.reason && <p class="kern-body">
				{data.cancelled.reason}</p>}
		</kit.Notice>}
		<Facts booking={data} t={t} />
		{data.state === "booked" && can("bookings.write") && <kit.Button
		    icon="delete" onClick={() => setAsking(true)}>
			{t("office.cancel")}</kit.Button>}
		{asking && <Reason t={t} title={t("office.cancel-title")}
		    says={t("office.cancel-says")} yes={t("office.cancel")}
		    onNo={() => setAsking(false)} onYes={cancel} />}
	</>;
}

// SPDX-License-Identifier: EUPL-1.2
// One's own bookings: the list, one of them with what can be done, the card of
// the start page.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, errorText, formatDateTime, formatWeekday, hasDevice, kit, outbox,
    useApi, type CardProps, type ScreenProps } from "@stadtkern/app";
import { dayOf, sorted, thingsOf } from "./form.ts";
import { Calendar, Line, price, PutOut, StateBadge } from "./parts.tsx";
import type { Booking, Settings } from "./types.ts";

type Props = ScreenProps<Settings>;
type Page = { items: Booking[]; next: string | null };

// Known when the module is: nothing moves when the card learns of it.
const atStart: boolean = await hasDevice().catch(() => false);

// A device that was never registered has booked nothing; asking would register
// it.
function useMine(plugin: Props["plugin"]) {
	const [has, setHas] = useState(atStart);
	const sent = outbox.entries.value.filter((entry) => entry.state === "sent" &&
	    entry.plugin === plugin.name).length;
	useEffect(() => {
		let gone = false;
		void hasDevice().then((known) => gone || setHas(known), () => undefined);
		return () => { gone = true; };
	}, [sent]);
	return { has, ...useApi<Page>(has ? `${plugin.api}/bookings` : null,
	    { own: true }) };
}

const headOf = ({ day }: Booking): string => formatWeekday(day);

export function Mine({ plugin, link, t }: Props): JSX.Element {
	const { has, data, error, fetchedAt, reload } = useMine(plugin);
	const today = dayOf(Date.now());
	const items = sorted(data?.items ?? [], today);
	const waiting = outbox.entries.value.filter((entry) =>
	    entry.plugin === plugin.name && entry.state !== "sent");
	return <>
		<kit.Title>{t("app.mine.title")}</kit.Title>
		<kit.Age fetchedAt={fetchedAt} />
		{waiting.map((entry) => <kit.Notice key={entry.id} kind="info"
		    title={t("app.mine.waiting")}>
			<a href={link("done", entry.id)}>{t("app.done.show")}</a>
		</kit.Notice>)}
		{has && !data && error === null && <kit.Skeleton lines={4} />}
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{items.length === 0 && waiting.length === 0 && (!has || data) &&
		    <kit.Empty icon="mine" title={t("app.mine.empty")}
		    action={<kit.LinkButton kind="primary" href={link("book")}>
			{t("app.tile.book")}</kit.LinkButton>}>
			{t("app.mine.empty-says")}</kit.Empty>}
		<ul class="bw-bookings">{items.map((one) => <li key={one.id}>
			<h2 class="kern-title"><a href={link("show", one.id)}>
				{headOf(one)}</a></h2>
			<p><StateBadge booking={one} today={today} t={t} /></p>
			<p class="kern-body">{thingsOf(one.items)}</p>
			<p class="sk-muted">{t("app.done.number")} {one.number}</p>
		</li>)}</ul>
	</>;
}

function Cancel({ booking, props, onDone }: { booking: Booking; props: Props;
    onDone: () => void }): JSX.Element {
	const { plugin, t } = props;
	const [asking, setAsking] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const cancel = () => {
		setAsking(false);
		setError(null);
		void api.post(`${plugin.api}/bookings/${booking.id}/cancel`, {})
		    .then(onDone, setError);
	};
	return <>
		{error !== null && <kit.Notice kind="danger" live
		    title={errorText(error, t)} />}
		<kit.Button icon="delete" onClick={() => setAsking(true)}>
			{t("app.show.cancel")}</kit.Button>
		{asking && <kit.Confirm title={t("app.show.cancel-title")}
		    text={t("app.show.cancel-says", { day: headOf(booking) })}
		    yes={t("app.show.cancel")} onYes={cancel}
		    onNo={() => setAsking(false)} />}
	</>;
}

function Cancelled({ booking, t }: { booking: Booking;
    t: Props["t"] }): JSX.Element | null {
	if (booking.cancelled === null)
		return null;
	const { at, by, reason } = booking.cancelled;
	return <kit.Notice kind={by === "office" ? "warning" : "info"}
	    title={t(`app.show.by-${by}`, { at: formatDateTime(at) })}>
		{reason && <p class="kern-body">{reason}</p>}
	</kit.Notice>;
}

function Shown({ booking, props, reload }: { booking: Booking; props: Props;
    reload: () => void }): JSX.Element {
	const { plugin, settings, link, t } = props;
	const { street, house_number, postcode } = booking.address;
	const open = booking.state === "booked" &&
	    Date.parse(booking.change_until) > Date.now();
	return <>
		<p><StateBadge booking={booking} today={dayOf(Date.now())} t={t} /></p>
		<Cancelled booking={booking} t={t} />
		<Line icon="info">{t("app.done.number")} {booking.number}</Line>
		<Line icon="place">{street} {house_number}, {postcode}</Line>
		<Line icon="checklist">{thingsOf(booking.items)}</Line>
		<Line icon="mail">{booking.fee_cents === 0 ? t("app.cost.free") :
		    `${price(booking.fee_cents)} – ${t(`app.cost.${booking.payment}`,
			{ operator: settings.operator })}`}</Line>
		{booking.state === "booked" && <PutOut settings={settings}
		    day={booking.day} t={t} />}
		{booking.state === "booked" && <p class="kern-body sk-muted">
			{t(open ? "app.show.until" : "app.show.too-late", {
			    until: formatDateTime(booking.change_until),
			    phone: settings.phone ?? settings.operator })}</p>}
		<div class="sk-actions">
			{booking.state === "booked" && <Calendar plugin={plugin}
			    booking={booking} t={t} />}
			{open && <kit.LinkButton icon="edit"
			    href={link("change", booking.id)}>{t("app.show.change")}
			</kit.LinkButton>}
			{open && <Cancel booking={booking} props={props}
			    onDone={reload} />}
		</div>
	</>;
}

export function Show(props: Props): JSX.Element {
	const { plugin, params, link, t } = props;
	const { data, error, fetchedAt, reload } = useApi<Booking>(
	    `${plugin.api}/bookings/${encodeURIComponent(params[0] ?? "")}`,
	    { own: true });
	return <>
		<p class="bw-back"><a href={link("mine")}>
			<kit.Icon name="arrow-back" size={20} turn />
			{t("app.mine.title")}</a></p>
		<kit.Title>{data ? headOf(data) : t("app.show.title")}</kit.Title>
		<kit.Age fetchedAt={fetchedAt} />
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{!data && error === null && <kit.Skeleton lines={5} />}
		{data && <Shown booking={data} props={props} reload={reload} />}
	</>;
}

export function MineCard({ plugin, link, t }: CardProps<Settings>): JSX.Element {
	const { has, data, error } = useMine(plugin);
	const today = dayOf(Date.now());
	const next = sorted(data?.items ?? [], today).filter((one) =>
	    one.state === "booked" && one.day >= today).slice(0, 2);
	const known = !has || data !== null || error !== null;
	return <kit.Card icon="calendar-today" href={link("mine")}
	    title={t("app.card.title")} action={known && next.length === 0 &&
	    <kit.LinkButton icon="add" href={link("book")}>{t("app.tile.book")}
	    </kit.LinkButton>}>
		{!known && <kit.Skeleton lines={2} />}
		{known && next.length === 0 && <p class="kern-body">
			{t("app.card.empty")}</p>}
		{next.length > 0 && <ul class="bw-bookings">{next.map((one) =>
		    <li key={one.id}><a href={link("show", one.id)}>{headOf(one)}</a>
			{" – "}{thingsOf(one.items)}</li>)}</ul>}
	</kit.Card>;
}

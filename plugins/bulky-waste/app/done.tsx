// SPDX-License-Identifier: EUPL-1.2
// After booking: the number, what happens next and by when; or why it waits.

import type { JSX } from "preact";
import { formatWeekday, kit, outbox, type Entry, type ScreenProps }
    from "@stadtkern/app";
import { formOfSent, thingsOf } from "./form.ts";
import { restore } from "./draft.ts";
import { Calendar, Line, PutOut } from "./parts.tsx";
import type { Booking, Settings } from "./types.ts";

type Props = ScreenProps<Settings>;

function Done({ booking, props }: { booking: Booking; props: Props }): JSX.Element {
	const { plugin, settings, link, t } = props;
	return <>
		<kit.Title>{t("app.done.title")}</kit.Title>
		<div class="bw-number">
			<kit.Icon name="success" size={40} />
			<p><span class="sk-muted">{t("app.done.number")}</span>
			<strong>{booking.number}</strong></p>
		</div>
		<Line icon="calendar-today">{t("app.done.day",
		    { day: formatWeekday(booking.day) })}</Line>
		<PutOut settings={settings} day={booking.day} t={t} />
		<Line icon="checklist">{thingsOf(booking.items)}</Line>
		<Line icon="mail">{t("app.done.mail")}</Line>
		<div class="sk-actions">
			<Calendar plugin={plugin} booking={booking} t={t} />
			<kit.LinkButton href={link("show", booking.id)}>
				{t("app.done.show")}</kit.LinkButton>
		</div>
	</>;
}

function Waiting({ entry, props }: { entry: Entry; props: Props }): JSX.Element {
	const { link, navigate, t } = props;
	const waits = entry.state === "waiting";
	const edit = async () => {
		await restore(formOfSent(entry.steps[0]?.json as
		    Parameters<typeof formOfSent>[0]));
		await outbox.remove(entry.id);
		navigate(link("book"));
	};
	return <>
		<kit.Title>{t(waits ? "app.done.waiting" : "app.done.stuck")}</kit.Title>
		<Line icon={waits ? "outbox" : "warning"}>
			{t(waits ? "app.done.waiting-says" : "app.done.stuck-says")}</Line>
		{entry.problem?.title && <kit.Notice kind="warning"
		    title={entry.problem.title} />}
		<div class="sk-actions">
			{entry.state === "refused" ? <kit.Button kind="primary" icon="edit"
			    onClick={() => void edit()}>{t("app.done.edit")}</kit.Button> :
			    <kit.Button kind="primary" icon="autorenew" onClick={() =>
				void outbox.retry(entry.id)}>{t("app.button.retry")}</kit.Button>}
			<kit.LinkButton href="/outbox">{t("app.page.outbox")}</kit.LinkButton>
		</div>
	</>;
}

// Follows the outbox: what waits here becomes a number when it was sent.
export function DoneScreen(props: Props): JSX.Element {
	const { params, t, link } = props;
	const entry = outbox.entries.value.find(({ id }) => id === params[0]);
	const booking = entry?.steps[0]?.answer as Booking | null | undefined;
	if (entry && entry.state !== "sent")
		return <Waiting entry={entry} props={props} />;
	if (booking)
		return <Done booking={booking} props={props} />;
	return <>
		<kit.Title>{t("app.done.gone")}</kit.Title>
		<div class="sk-actions"><kit.LinkButton kind="primary"
		    href={link("mine")}>{t("app.mine.title")}</kit.LinkButton></div>
	</>;
}

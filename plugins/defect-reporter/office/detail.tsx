// SPDX-License-Identifier: EUPL-1.2
// A ticket on one page: what came, what the public reads, where it is, what
// was done, and the next step.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce, api, can, errorText, formatDateTime, kit, refresh, t, undoable,
    useApi } from "@stadtkern/office";
import { written } from "../app/place.ts";
import { Correspondence } from "./correspondence.tsx";
import { Forwardings } from "./forward.tsx";
import { TicketMap } from "./map.tsx";
import { owner } from "./parcels.ts";
import { categoryName, departmentName, Due, eventText, Fact, newsText, PriorityMark,
    ReleaseMark, Status, statusName, When } from "./parts.tsx";
import type { Props } from "./queue.tsx";
import { Steps } from "./steps.tsx";
import type { Event, Photo, Settings, Ticket } from "./types.ts";
import { othersSince } from "./view.ts";

const POLL = 5;

interface Shown {
	ticket: Ticket;
	props: Props;
}

// Read when it is opened, and again when its pulse differs: who polls the page
// itself would open the contact each time.
function useTicket(base: string, id: string) {
	const path = `${base}/tickets/${encodeURIComponent(id)}`;
	const { data, error, reload } = useApi<Ticket>(path);
	const pulse = useApi<{ version: number }>(`${path}/pulse`, { poll: POLL });
	const last = useRef<string | null>(null);
	useEffect(() => {
		if (!pulse.data)
			return;
		const now = JSON.stringify(pulse.data);
		if (last.current !== null && last.current !== now)
			reload();
		last.current = now;
	}, [pulse.data]);
	return { ticket: data, error, reload };
}

async function decide(path: string, said: string, tickets: string): Promise<void> {
	try {
		await api.post(path);
		undoable(said);
	} catch (error) {
		undoable(errorText(error, t));
	}
	refresh(tickets);
}

const VISIBLE: readonly Photo["state"][] = ["waiting", "released", "rejected"];

// Release and redaction of photos stand here.
function Photos({ ticket, props }: Shown): JSX.Element | null {
	const { plugin } = props;
	const [at, setAt] = useState<string | null>(null);
	const chosen = ticket.photos.find(({ id }) => id === at) ?? ticket.photos[0];
	if (!chosen)
		return null;
	const base = `${plugin.api}/reports/${ticket.id}/photos`;
	const nth = (photo: Photo) => ticket.photos.indexOf(photo) + 1;
	const name = (photo: Photo) => t("app.photo.of", { at: nth(photo),
	    of: ticket.photos.length, number: ticket.number });
	const act = (step: "release" | "reject") => void decide(
	    `${base}/${chosen.id}/${step}`, t(`office.said.photo-${step}`),
	    `${plugin.api}/tickets`);
	return <section class="dt-photos" aria-label={t("app.photos")}>
		<figure class="dt-photo">
			{VISIBLE.includes(chosen.state) ? <a href={`${base}/${chosen.id}`}
			    target="_blank" rel="noopener"><img src={`${base}/${chosen.id}`}
			    alt={name(chosen)} width={chosen.width ?? undefined}
			    height={chosen.height ?? undefined} /></a> :
			    <p class="dt-photo__none"><kit.Icon name="image" size={40} /></p>}
		</figure>
		<div class="dt-photo__bar">
			<p class="dt-photo__state">{t("app.photo.nth", { at: nth(chosen) })}:{" "}
				{t(`office.photo.${chosen.state}`)}</p>
			{ticket.photos.length > 1 && ticket.photos.map((photo) =>
			    <button key={photo.id} type="button" class="dt-thumb"
				aria-pressed={photo === chosen} onClick={() =>
				setAt(photo.id)}>{nth(photo)}</button>)}
			{can("reports.release") && VISIBLE.includes(chosen.state) && <>
				{chosen.state !== "released" && <kit.Button
				    onClick={() => act("release")}>
					{t("office.photo.release")}</kit.Button>}
				{chosen.state !== "rejected" && <kit.Button
				    onClick={() => act("reject")}>
					{t("office.photo.reject")}</kit.Button>}
			</>}
		</div>
	</section>;
}

function Place({ ticket, props }: Shown): JSX.Element {
	const { position, address, parcel } = ticket;
	return <section class="dt-place" aria-label={t("office.place")}>
		{position && <div class="dt-place__map"><TicketMap
		    base={props.plugin.api} rows={[{ ...ticket,
		    late: ticket.deadline?.late ?? false }]} chosen={ticket.id}
		    center={position} settings={props.settings} /></div>}
		<p class="dt-place__words"><kit.Icon name="place" size={20} />{" "}
			<span>{address ?? (position ? "" : t("app.no-place"))}
			{position && <> <span class="sk-muted">{written(position)}</span></>}
			</span></p>
		{parcel && <p class="dt-place__words dt-parcel">
			<kit.Icon name="layers" size={20} />{" "}
			<span>{parcel.label}, <strong>{owner(parcel.city_owned)}</strong>
			</span></p>}
	</section>;
}

const answerText = (answer: unknown): string => typeof answer === "boolean" ?
    t(answer ? "app.yes" : "app.no") : Array.isArray(answer) ? answer.join(", ") :
    String(answer);

function Texts({ ticket, props }: Shown): JSX.Element {
	const { published_text: published, text, answers } = ticket;
	const questions = props.settings.categories.find(({ code }) =>
	    code === ticket.category)?.questions ?? [];
	const given = Object.entries(answers ?? {});
	return <section class="dt-texts">
		<div>
			<h3 class="dt-small">{t("office.text-sent")}</h3>
			<p class="dt-text">{text}</p>
			{given.length > 0 && <dl class="dt-facts">{given.map(([code, answer]) =>
			    <Fact key={code} label={questions.find((one) =>
				one.code === code)?.ask ?? code}>
				{answerText(answer)}</Fact>)}</dl>}
		</div>
		<div>
			<h3 class="dt-small">{t("office.text-public")}</h3>
			{published === null ? <p class="sk-muted">
				{t("office.text-public-none")}</p> : published === text ?
			    <p class="sk-muted">{t("office.text-public-same")}</p> :
			    <p class="dt-text">{published}</p>}
		</div>
	</section>;
}

function Facts({ ticket }: { ticket: Ticket }): JSX.Element {
	const { deadline, person, contact } = ticket;
	const reach = [contact?.name, contact?.email, contact?.phone].filter(Boolean);
	return <dl class="dt-facts">
		<Fact label={t("office.filter.department")}>
			{departmentName(ticket.department)}{" "}
			<span class="sk-muted">({t(`office.assignment.${
			    ticket.assignment}`)})</span></Fact>
		<Fact label={t("office.person")}>{person?.name ??
		    t("office.nobody-yet")}</Fact>
		<Fact label={t("office.due")}>{deadline ? <Due on={deadline.on}
		    late={deadline.late} /> : t("office.due-none")}</Fact>
		<Fact label={t("office.received")}><time dateTime={ticket.received_at}>
			{formatDateTime(ticket.received_at)}</time>,{" "}
			{ticket.sent_by ?? t(`office.channel.${ticket.channel}`)}</Fact>
		{reach.length > 0 && <Fact label={t("office.contact")}>
			{reach.join(", ")}{" "}
			<span class="sk-muted">({t(ticket.consent_forward ?
			    "office.consent" : "office.no-consent")})</span></Fact>}
	</dl>;
}

function History({ ticket, settings, seen }: { ticket: Ticket;
    settings: Settings; seen: number }): JSX.Element {
	const events = ticket.history.map((event, i) => ({ event, i })).reverse();
	const isNew = (event: Event, i: number) => i >= seen && !event.own;
	return <section class="dt-history" aria-labelledby="history">
		<h3 class="dt-small" id="history">{t("app.history")}</h3>
		<ol class="dt-plain" reversed>
			{events.map(({ event, i }) => <li key={i} class={isNew(event, i) ?
			    "dt-event dt-event--new" : "dt-event"}>
				<p class="dt-event__what">{isNew(event, i) &&
				    <strong>{t("office.new")} </strong>}
					{eventText(event, settings)}</p>
				<p class="sk-muted">{event.staff ?? t("office.nobody")},{" "}
					<When at={event.at} />{event.public &&
					    ` · ${t("office.public")}`}</p>
				{event.text && <p class="dt-quote">{event.text}</p>}
			</li>)}
			<li class="dt-event"><p class="dt-event__what">
				{t("app.event.received")}</p>
				<p class="sk-muted"><When at={ticket.received_at} /></p></li>
		</ol>
	</section>;
}

function Remarks({ ticket, props }: Shown): JSX.Element | null {
	const base = `${props.plugin.api}/reports/${ticket.id}/remarks`;
	if (ticket.remarks.length === 0)
		return null;
	const act = (id: string, step: "release" | "reject") => void decide(
	    `${base}/${id}/${step}`, t(`office.said.remark-${step}`),
	    `${props.plugin.api}/tickets`);
	return <section><h3 class="dt-small">{t("office.remarks")}</h3>
		<ul class="dt-plain">{ticket.remarks.map(({ id, text, state,
		    received_at }) => <li key={id}>
			<p class="dt-quote">{text}</p>
			<p class="sk-muted"><When at={received_at} /> ·{" "}
				{t(`office.draft-state.${state}`)}</p>
			{can("reports.release") && <kit.Toolbar label={t("office.steps")}>
				{state !== "released" && <kit.Button
				    onClick={() => act(id, "release")}>
					{t("office.photo.release")}</kit.Button>}
				{state !== "rejected" && <kit.Button
				    onClick={() => act(id, "reject")}>
					{t("office.photo.reject")}</kit.Button>}
			</kit.Toolbar>}
		</li>)}</ul>
	</section>;
}

function Around({ ticket, props, hrefOf }: Shown & {
    hrefOf: (id: string) => string }): JSX.Element {
	const { settings } = props;
	return <>
		{ticket.parent && <p class="kern-body">{t("office.follows")}{" "}
			<a href={hrefOf(ticket.parent.id)}>{t("app.number",
			    { number: ticket.parent.number })}</a></p>}
		{ticket.children.length > 0 && <section>
			<h3 class="dt-small">{t("office.children")}</h3>
			<ul class="dt-plain">{ticket.children.map(({ id, number, text }) =>
			    <li key={id}><a href={hrefOf(id)}>{t("app.number", { number })}</a>
				{" "}{text}</li>)}</ul></section>}
		{ticket.nearby.length > 0 && <section>
			<h3 class="dt-small">{t("office.nearby")}</h3>
			<ul class="dt-plain">{ticket.nearby.map((near) => <li key={near.id}>
				<a href={hrefOf(near.id)}>{t("office.near", { number: near.number,
				    metres: Math.round(near.distance),
				    status: statusName(settings, near.status) })}</a>{" "}
				{near.similar && <strong>{t("office.similar")} </strong>}
				<span>{near.text}</span></li>)}</ul></section>}
	</>;
}

function Drafts({ ticket }: { ticket: Ticket }): JSX.Element | null {
	const shown = ticket.drafts.filter(({ state }) => state !== "released");
	return shown.length === 0 ? null : <section>
		<h3 class="dt-small">{t("office.drafts")}</h3>
		<ul class="dt-plain">{shown.map(({ id, text, state, reason, staff,
		    created_at }) => <li key={id}>
			<p class="dt-quote">{text}</p>
			<p class="sk-muted">{staff ?? t("office.nobody")},{" "}
				<When at={created_at} /> · {t(`office.draft-state.${state}`)}
				{reason && `: ${reason}`}</p></li>)}</ul>
	</section>;
}

// The number is large: it is what people say on the telephone.
function Head({ ticket, settings, heading }: { ticket: Ticket; settings: Settings;
    heading: { current: HTMLHeadingElement | null } }): JSX.Element {
	return <header class="dt-head">
		<h2 class="kern-heading-medium" tabindex={-1} ref={heading}>
			{t("app.number", { number: ticket.number })}{" "}
			<span class="dt-head__category">{categoryName(settings,
			    ticket.category)}</span></h2>
		<p class="dt-head__marks">
			<Status settings={settings} code={ticket.status} />
			<ReleaseMark release={ticket.release} spam={ticket.spam} />
			<PriorityMark priority={ticket.priority} />
		</p>
	</header>;
}

export function TicketPane({ id, props, hrefOf }: { id: string; props: Props;
    hrefOf: (id: string) => string }): JSX.Element {
	const { plugin, settings } = props;
	const { ticket, error, reload } = useTicket(plugin.api, id);
	const heading = useRef<HTMLHeadingElement>(null);
	const seen = useRef<number | null>(null);
	if (ticket && seen.current === null)
		seen.current = ticket.history.length;
	const there = ticket !== null;
	useEffect(() => heading.current?.focus({ preventScroll: true }), [there]);
	const news = ticket ? othersSince(ticket, seen.current ?? 0) : [];
	const last = news[news.length - 1];
	useEffect(() => {
		if (last)
			announce(newsText(last, settings));
	}, [news.length]);
	if (!ticket)
		return error === null ? <kit.Skeleton lines={8} /> :
		    <kit.Failure error={error} retry={reload} />;
	const shown = { ticket, props };
	return <article class="dt-ticket">
		<Head ticket={ticket} settings={settings} heading={heading} />
		{last && <p class="dt-news" role="status"><kit.Icon name="info" size={20} />
			{" "}{newsText(last, settings)}</p>}
		<Steps ticket={ticket} settings={settings} base={plugin.api} />
		<div class="dt-columns">
			<div class="dt-main">
				<div class={ticket.photos.length > 0 ? "dt-seen" :
				    "dt-seen dt-seen--plain"}>
					<Photos {...shown} />
					<Place {...shown} />
				</div>
				<Texts {...shown} />
				<Facts ticket={ticket} />
				<Forwardings ticket={ticket} base={plugin.api} />
				<Correspondence ticket={ticket} base={plugin.api} />
				<Drafts ticket={ticket} />
				<Remarks {...shown} />
				<Around {...shown} hrefOf={hrefOf} />
			</div>
			<History ticket={ticket} settings={settings}
			    seen={seen.current ?? 0} />
		</div>
	</article>;
}

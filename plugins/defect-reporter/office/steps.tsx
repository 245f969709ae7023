// SPDX-License-Identifier: EUPL-1.2
// The steps of a ticket: which there are for whom, and what they do. Each has a
// button; the four of every day have a key as well.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ApiError, can, errorText, kit, link, newKey, refresh,
    t, theApp, undoable, useKeys } from "@stadtkern/office";
import { AnswerForm, AssignForm, ChangeForm, DraftForm, MergeForm, PersonForm,
    ReasonForm, StatusForm, type Step, type Work } from "./forms.tsx";
import { DivideForm } from "./divide.tsx";
import { ForwardForm } from "./forward.tsx";
import { eventText, When } from "./parts.tsx";
import { PlaceForm } from "./place.tsx";
import { ReleaseForm } from "./release.tsx";
import type { Settings, Ticket } from "./types.ts";
import { knownVersion, madeVersion, nextStep, type StepName } from "./view.ts";

type Name = StepName | "publish" | "forward" | "divide" | "reject" | "return" |
    "person" | "change" | "merge" | "split" | "note" | "spam" | "not-spam";

const KEYS: Partial<Record<Name, string>> = { release: "f", publish: "v", assign: "z", status: "s",
    answer: "a" };

// What the person may do, and the ticket allows.
function offered(ticket: Ticket): Name[] {
	const open = ticket.closed_at === null && !ticket.spam;
	const follows = ticket.parent !== null;
	const names: [Name, boolean][] = [
		["place", can("reports.work") && !ticket.spam],
		["release", can("reports.release") && ticket.release !== "released"],
		["publish", can("reports.release") && !ticket.spam],
		["answers", can("answers.release") &&
		    ticket.drafts.some(({ state }) => state === "waiting")],
		["accept", can("reports.work") && open && ticket.assignment !== "accepted"],
		["assign", can("tickets.assign") && !ticket.spam],
		["status", can("reports.work") && !follows && !ticket.spam &&
		    ticket.allowed.length > 0],
		["answer", can("reports.work") && !ticket.spam],
		["take", can("reports.work") && open && ticket.person === null],
		["return", can("reports.work") && open],
		["person", can("tickets.assign") && open],
		["change", can("reports.work")],
		["forward", can("reports.forward") && !follows &&
		    ticket.release === "released" && theApp().outside_bodies.length > 0],
		["divide", can("tickets.merge") && !follows && !ticket.spam],
		["merge", can("tickets.merge") && !follows && !ticket.spam],
		["split", can("tickets.merge") && follows],
		["note", can("notes.write")],
		["reject", can("reports.release") && ticket.release !== "rejected"],
		["spam", can("reports.release") && !ticket.spam],
		["not-spam", can("reports.release") && ticket.spam],
	];
	return names.filter(([, on]) => on).map(([name]) => name);
}

const ICONS: Partial<Record<Name, string>> = { place: "place", release: "visibility",
    answers: "visibility", accept: "success", assign: "arrow-forward",
    status: "autorenew", answer: "mail", take: "account-circle" };
const RARE: readonly Name[] = ["place", "answers", "accept", "take", "return", "person",
    "change", "forward", "divide", "merge", "split", "note", "reject", "spam",
    "not-spam"];

// What needs no question first.
const direct = ({ id }: Ticket): Partial<Record<Name, Step>> => ({
	release: { path: `reports/${id}/release`, undo: true,
	    said: t("office.said.release") },
	accept: { path: `tickets/${id}/accept`, undo: true,
	    said: t("office.said.accept") },
	take: { path: `tickets/${id}/take`, undo: true, said: t("office.said.take") },
	split: { path: `tickets/${id}/split`, said: t("office.said.split") },
	spam: { path: `tickets/${id}/spam`, body: { spam: true },
	    said: t("office.said.spam") },
	"not-spam": { path: `tickets/${id}/spam`, body: { spam: false },
	    said: t("office.said.not-spam") },
});

function Form({ name, work }: { name: Name; work: Work }): JSX.Element | null {
	const { id, drafts } = work.ticket;
	const draft = drafts.find(({ state }) => state === "waiting");
	switch (name) {
	case "publish":
		return <ReleaseForm work={work} />;
	case "forward":
		return <ForwardForm work={work} />;
	case "divide":
		return <DivideForm work={work} hrefOf={(other) =>
		    link("tickets", other)} />;
	case "assign":
		return <AssignForm work={work} />;
	case "person":
		return <PersonForm work={work} />;
	case "status":
		return <StatusForm work={work} />;
	case "answer":
		return <AnswerForm work={work} />;
	case "answers":
		return draft ? <DraftForm work={work} draft={draft} /> : null;
	case "place":
		return <PlaceForm work={work} />;
	case "change":
		return <ChangeForm work={work} />;
	case "merge":
		return <MergeForm work={work} />;
	case "return":
		return <ReasonForm work={work} name="return" undo
		    path={`tickets/${id}/return`} />;
	case "reject":
		return <ReasonForm work={work} name="reject"
		    path={`reports/${id}/reject`} />;
	case "note":
		return <ReasonForm work={work} name="note" field="text" plain
		    path={`tickets/${id}/notes`} />;
	}
	return null;
}

// Keys of what was sent and not answered: the same again has the same.
const unanswered = new Map<string, string>();

export function useSend(ticket: Ticket, base: string): Work["send"] {
	return async <T,>({ method = "post", path, body = {}, said, undo, once,
	    plain }: Step) => {
		const tickets = `${base}/tickets`;
		const whole = plain ? body : { ...body, version: knownVersion(ticket) };
		const name = JSON.stringify([path, whole]);
		const key = unanswered.get(name) ?? newKey();
		if (once)
			unanswered.set(name, key);
		const answer = await api[method]<T & { id: string; version: number } |
		    null>(`${base}/${path}`, whole, once ? { key } : {});
		unanswered.delete(name);
		if (answer)
			madeVersion(answer);
		refresh(tickets);
		undoable(said, undo && answer ? async () => {
			await api.post(`${tickets}/${ticket.id}/undo`,
			    { version: answer.version });
			refresh(tickets);
		} : undefined);
		return answer;
	};
}

// The buttons of a ticket: the next sensible one filled, then those of every
// day, then the rest.
export function Steps({ ticket, settings, base, more }: { ticket: Ticket;
    settings: Settings; base: string;
    more?: ComponentChildren }): JSX.Element | null {
	const [asked, setAsked] = useState<Name | null>(null);
	const [busy, setBusy] = useState(false);
	const [failure, setFailure] = useState<{ error: unknown; seen: number } | null>(null);
	const send = useSend(ticket, base);
	const names = offered(ticket);
	const next = nextStep(ticket, can);
	const run = async (name: Name) => {
		setFailure(null);
		const step = direct(ticket)[name];
		if (!step)
			return setAsked(name);
		setBusy(true);
		try {
			await send(step);
		} catch (error) {
			setFailure({ error, seen: ticket.history.length });
			refresh(`${base}/tickets/${ticket.id}`);
		}
		setBusy(false);
	};
	useKeys(Object.fromEntries(names.flatMap((name) => {
		const key = KEYS[name];
		return key ? [[key, { label: t(`office.step.${name}`),
		    run: () => void run(name) }]] : [];
	})));
	const news = failure ? ticket.history.slice(failure.seen) : [];
	const button = (name: Name, kind: "primary" | "secondary") =>
	    <kit.Button key={name} kind={kind} busy={busy} onClick={() => void run(name)}
		{...kind === "primary" && { icon: ICONS[name] ?? "edit" }}>
		{t(`office.step.${name}`)}{KEYS[name] && <>{" "}
		<kit.Key name={KEYS[name] ?? ""} /></>}</kit.Button>;
	const first = names.filter((name) => name === next);
	const daily = names.filter((name) => name !== next && !RARE.includes(name));
	const rare = names.filter((name) => name !== next && RARE.includes(name));
	if (names.length === 0)
		return null;
	return <div class="dt-steps">
		<kit.Toolbar label={t("office.steps")}>
			{first.map((name) => button(name, "primary"))}
			{daily.map((name) => button(name, "secondary"))}
			{more}
			{rare.length > 0 && <details class="dt-more">
				<summary>{t("office.more-steps")}</summary>
				<div class="dt-more__list">
					{rare.map((name) => button(name, "secondary"))}</div>
			</details>}
		</kit.Toolbar>
		{failure && <kit.Notice kind="warning" live
		    title={failure.error instanceof ApiError &&
			failure.error.code === "changed-meanwhile" ?
			t("office.meanwhile") : errorText(failure.error, t)}>
			{news.length > 0 && <ul class="dt-plain">{news.map((event, i) =>
			    <li key={i}>{event.staff ?? t("office.nobody")},{" "}
				<When at={event.at} />: {eventText(event, settings)}</li>)}
			</ul>}
		</kit.Notice>}
		{asked !== null && <Form key={asked} name={asked} work={{ ticket, settings,
		    base, send, close: () => setAsked(null) }} />}
	</div>;
}

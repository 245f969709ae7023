// SPDX-License-Identifier: EUPL-1.2
// Handing a ticket to a body outside the city, and what became of it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, can, errorText, formatDateTime, kit, newKey, refresh, t, theApp, undoable,
    useApi } from "@stadtkern/office";
import { StepForm, useTyped, type Work } from "./forms.tsx";
import { bodyName } from "./parts.tsx";
import type { Forwarding, Ticket } from "./types.ts";

const tone = { open: "info", accepted: "success", refused: "warning",
    closed: "success", revoked: "warning", expired: "danger" } as const;

export function ForwardForm({ work }: { work: Work }): JSX.Element {
	const { ticket } = work;
	const bodies = theApp().outside_bodies;
	const may = ticket.consent_forward && ticket.contact !== null;
	const form = useTyped(work, "forward", { body: ticket.outside_body ??
	    bodies[0]?.code ?? "", note: "", days: "", contact: may });
	const { body, note, days, contact } = form.value;
	return <StepForm work={work} title={t("office.step.forward")} first="forward-body"
	    submit={t("office.forward.send")} send={async () => {
		await work.send({ path: `reports/${ticket.id}/forward`, body: { body,
		    contact: may && contact,
		    ...note.trim() === "" ? {} : { note: note.trim() },
		    ...days === "" ? {} : { days: Number(days) } },
		    once: true,
		    said: t("office.said.forwarded", { body: bodyName(body) }) });
		form.sent();
		refresh(`${work.base}/forwardings`);
	    }}>
		<p class="kern-body">{t("office.forward.says")}</p>
		<kit.Select id="forward-body" label={t("office.forward.body")} value={body}
		    choices={bodies.map(({ code, name }) => ({ value: code,
			label: name }))} onValue={(body) => form.set({ body })} />
		<kit.Field id="forward-note" label={t("office.forward.note")} multiline
		    rows={3} optional value={note} hint={t("office.forward.note-hint")}
		    onValue={(note) => form.set({ note })} />
		<kit.Field id="forward-days" label={t("office.forward.days")} optional
		    type="number" inputMode="numeric" value={days}
		    onValue={(days) => form.set({ days })} />
		{may ? <kit.Check id="forward-contact" checked={contact}
		    label={t("office.forward.contact")}
		    onValue={(contact) => form.set({ contact })} /> :
		    <p class="sk-muted">{t("office.forward.no-contact")}</p>}
	</StepForm>;
}

// What can be done about a link that its body has not used up.
function Actions({ one, ticket, base }: { one: Forwarding; ticket: Ticket;
    base: string }): JSX.Element {
	const [asking, setAsking] = useState(false);
	const [days, setDays] = useState("14");
	const [busy, setBusy] = useState(false);
	const run = async (step: string, body: object = {}) => {
		setBusy(true);
		try {
			await api.post(`${base}/forwardings/${one.id}/${step}`, body,
			    step === "resend" ? { key: newKey() } : {});
			undoable(t(`office.said.forward-${step}`));
		} catch (error) {
			undoable(errorText(error, t));
		}
		setBusy(false);
		refresh(`${base}/tickets/${ticket.id}`);
		refresh(`${base}/forwardings`);
	};
	return <>
		<kit.Toolbar label={t("office.forward.actions", {
		    body: bodyName(one.body) })}>
			<kit.Field id={`days-${one.id}`} label={t("office.forward.days")}
			    type="number" inputMode="numeric" value={days}
			    onValue={setDays} />
			<kit.Button busy={busy} onClick={() => void run("prolong",
			    { days: Number(days) })}>
				{t("office.forward.prolong")}</kit.Button>
			<kit.Button busy={busy} icon="mail"
			    onClick={() => void run("resend")}>
				{t("office.forward.resend")}</kit.Button>
			<kit.Button busy={busy} onClick={() => setAsking(true)}>
				{t("office.forward.revoke")}</kit.Button>
		</kit.Toolbar>
		{asking && <kit.Confirm title={t("office.forward.revoke-title")}
		    text={t("office.forward.revoke-says", { body: bodyName(one.body) })}
		    yes={t("office.forward.revoke")} onNo={() => setAsking(false)}
		    onYes={() => {
			setAsking(false);
			void run("revoke");
		    }} />}
	</>;
}

export function Forwardings({ ticket, base }: { ticket: Ticket;
    base: string }): JSX.Element | null {
	const { data, error, reload } = useApi<{ items: Forwarding[] }>(
	    `${base}/tickets/${ticket.id}/forwardings`);
	if (error !== null && !data)
		return <kit.Failure error={error} retry={reload} />;
	if (!data || data.items.length === 0)
		return null;
	return <section class="dt-forwardings" aria-labelledby="forwardings">
		<h3 class="dt-small" id="forwardings">{t("office.forwardings")}</h3>
		<ul class="dt-plain">{data.items.map((one) => <li key={one.id}>
			<p><strong>{bodyName(one.body)}</strong>{" "}
				<kit.Badge kind={tone[one.state]}>
					{t(`office.forward.state.${one.state}`)}</kit.Badge></p>
			<p class="sk-muted">{one.staff ?? t("office.nobody")},{" "}
				<time dateTime={one.created_at}>
				{formatDateTime(one.created_at)}</time> ·{" "}
				{t("office.forward.until",
				    { day: formatDateTime(one.expires_at) })}
				{one.contact && ` · ${t("office.forward.with-contact")}`}
				{one.reminded_at && ` · ${t("office.forward.reminded")}`}</p>
			{one.note && <p class="dt-quote">{one.note}</p>}
			{can("reports.forward") && ["open", "accepted", "expired"].includes(
			    one.state) && <Actions one={one} ticket={ticket} base={base} />}
		</li>)}</ul>
	</section>;
}

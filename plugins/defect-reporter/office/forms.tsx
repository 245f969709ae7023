// SPDX-License-Identifier: EUPL-1.2
// Steps that ask for something first. What was typed is kept for as long as
// the window is open: closing the dialog, Back and others' changes lose
// nothing.

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";
import { ApiError, errorText, kit, refresh, t, theApp, useApi, type
    FieldError } from "@stadtkern/office";
import { eventText, statusName, When } from "./parts.tsx";
import { lengthOf, parseNumber } from "../app/form.ts";
import type { Draft, Page, Person, Priority, Row, Settings, Ticket } from "./types.ts";
import { knownVersion, PRIORITIES } from "./view.ts";

export interface Step {
	method?: "post" | "patch";
	// Below the plugin's interface.
	path: string;
	body?: object;
	// What is said afterwards.
	said: string;
	undo?: boolean;
	// Done once, however often the same is sent.
	once?: boolean;
	// A note has no version.
	plain?: boolean;
}

export interface Work {
	ticket: Ticket;
	settings: Settings;
	// The plugin's interface.
	base: string;
	// The answer, of which every step has the version.
	send: <T = object>(step: Step) => Promise<T & { version: number } | null>;
	close: () => void;
}

const typed = new Map<string, object>();

// What was typed into a form of a ticket.
export function useTyped<T extends object>(work: Work, form: string, initial: T): {
    value: T; set: (change: Partial<T>) => void; sent: () => void } {
	const name = `${work.ticket.id}/${form}`;
	const [, draw] = useReducer((n: number, _: void) => n + 1, 0);
	const value: T = { ...initial, ...typed.get(name) };
	return { value,
	    set: (change) => {
		typed.set(name, { ...value, ...change });
		draw();
	    },
	    sent: () => { typed.delete(name); } };
}

// What others did since the form was opened. Sending uses what is shown.
function Meanwhile({ work, since }: { work: Work;
    since: number }): JSX.Element | null {
	const news = work.ticket.history.slice(since);
	return <kit.Notice kind="warning" live title={t("office.meanwhile")}>
		<ul class="dt-plain">{news.map((event, i) => <li key={i}>
			{event.staff ?? t("office.nobody")}, <When at={event.at} />:{" "}
			{eventText(event, work.settings)}
			{event.text && <p class="dt-quote">{event.text}</p>}
		</li>)}</ul>
		<p>{t("office.meanwhile-kept")}</p>
	</kit.Notice>;
}

export function StepForm({ work, title, submit, first, send, children, kind = "primary",
    wide = false }: {
    work: Work; title: string; submit: string; first: string;
    send: () => Promise<void>; children: ComponentChildren;
    kind?: "primary" | "secondary"; wide?: boolean }): JSX.Element {
	const { ticket, base, close } = work;
	const [opened] = useState({ version: knownVersion(ticket),
	    seen: ticket.history.length });
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>(null);
	// With the dialog, so that no key falls in between.
	useLayoutEffect(() => document.getElementById(first)?.focus(), []);
	const submitted = async (event?: Event) => {
		event?.preventDefault();
		// Ctrl+Enter does not know that its button is busy.
		if (busy)
			return;
		setBusy(true);
		setError(null);
		try {
			await send();
			close();
		} catch (failure) {
			// The ticket is read anew, and with it what has changed.
			if (failure instanceof ApiError &&
			    failure.code === "changed-meanwhile")
				refresh(`${base}/tickets/${ticket.id}`);
			else
				setError(failure);
		}
		setBusy(false);
	};
	const changed = ticket.version > opened.version;
	const findings: FieldError[] = error instanceof ApiError ? error.errors : [];
	return <kit.Dialog title={title} onClose={close}>
		<form class={wide ? "dt-form dt-form--wide" : "dt-form"}
		    onSubmit={(event) => void submitted(event)}
		    noValidate onKeyDown={(event) => event.key === "Enter" &&
			event.ctrlKey && void submitted()}>
			{changed && <Meanwhile work={work} since={opened.seen} />}
			{error !== null && <kit.Notice kind="danger" live
			    title={errorText(error, t)}>
				{findings.length > 0 && <ul>{findings.map(({ pointer, message }) =>
				    <li key={pointer}>{message}</li>)}</ul>}
			</kit.Notice>}
			{children}
			<div class="sk-actions">
				<kit.Button type="submit" kind={kind} busy={busy}
				    onClick={undefined}>
					{changed ? t("office.anyway") : submit}</kit.Button>
				<kit.Button onClick={close}>{t("app.button.cancel")}</kit.Button>
			</div>
		</form>
	</kit.Dialog>;
}

const trimmed = (text: string): string | undefined => text.trim() || undefined;

export function AssignForm({ work }: { work: Work }): JSX.Element {
	const { ticket } = work;
	const form = useTyped(work, "assign", { department: ticket.department,
	    reason: "" });
	return <StepForm work={work} title={t("office.step.assign")} first="department"
	    submit={t("office.step.assign")} send={async () => {
		await work.send({ path: `tickets/${ticket.id}/assign`, undo: true,
		    body: { department: form.value.department,
		    reason: trimmed(form.value.reason) },
		    said: t("office.said.assigned") });
		form.sent();
	    }}>
		<kit.Select id="department" label={t("office.filter.department")}
		    value={form.value.department} choices={theApp().departments.map(
			({ code, name }) => ({ value: code, label: name }))}
		    onValue={(department) => form.set({ department })} />
		<kit.Field id="reason" label={t("office.reason")} optional multiline rows={3}
		    value={form.value.reason}
		    onValue={(reason) => form.set({ reason })} />
	</StepForm>;
}

export function PersonForm({ work }: { work: Work }): JSX.Element {
	const { ticket, base } = work;
	const { data, error } = useApi<{ items: Person[] }>(`${base}/tickets/people`);
	const form = useTyped(work, "person", { person: ticket.person?.id ?? "" });
	return <StepForm work={work} title={t("office.step.person")} first="person"
	    submit={t("office.save")} send={async () => {
		await work.send({ path: `tickets/${ticket.id}/person`, undo: true,
		    body: form.value.person === "" ? {} : { person: form.value.person },
		    said: t("office.said.person") });
		form.sent();
	    }}>
		{error !== null && <kit.Failure error={error} />}
		<kit.Select id="person" label={t("office.person")} value={form.value.person}
		    choices={[{ value: "", label: t("office.nobody-yet") },
			...(data?.items ?? []).map(({ id, name }) =>
			({ value: id, label: name }))]}
		    onValue={(person) => form.set({ person })} />
	</StepForm>;
}

interface Template {
	code: string;
	name: string;
	text: string;
}

const ANSWER_MAX = 4000;
const HOLE = /\{[a-z]+\}/;

// A public text, begun with a template if one likes.
function AnswerField({ work, text, optional, onText }: { work: Work; text: string;
    optional?: boolean; onText: (text: string) => void }): JSX.Element {
	const { data } = useApi<{ items: Template[] }>(
	    `${work.base}/tickets/${work.ticket.id}/templates`);
	const templates = data?.items ?? [];
	const hole = HOLE.exec(text)?.[0];
	return <>
		{templates.length > 0 && <kit.Select id="template"
		    label={t("office.template")} value="" choices={[{ value: "",
			label: t("office.template-none") }, ...templates.map(
			({ code, name }) => ({ value: code, label: name }))]}
		    onValue={(code) => {
			const template = templates.find((one) => one.code === code);
			// It comes after what is there: nothing typed is lost.
			if (template)
				onText(text.trim() === "" ? template.text :
				    `${text.trimEnd()}\n\n${template.text}`);
		    }} />}
		<kit.Field id="answer-text" label={t("office.answer-text")} multiline
		    rows={7} {...optional && { optional }} value={text} onValue={onText}
		    hint={t("office.answer-hint")}
		    error={hole ? t("office.hole", { hole }) : lengthOf(text) > ANSWER_MAX ?
			t("app.text.over", { count: lengthOf(text) - ANSWER_MAX }) : null} />
	</>;
}

export function StatusForm({ work }: { work: Work }): JSX.Element {
	const { ticket, settings } = work;
	const form = useTyped(work, "status", { status: ticket.allowed[0] ?? "",
	    text: "" });
	const status = ticket.allowed.includes(form.value.status) ?
	    form.value.status : ticket.allowed[0] ?? "";
	return <StepForm work={work} title={t("office.step.status")} first="status"
	    submit={t("office.save")} send={async () => {
		const text = trimmed(form.value.text);
		await work.send({ path: `reports/${ticket.id}/status`,
		    body: { status, text }, undo: text === undefined,
		    said: t("office.said.status", { status:
			statusName(settings, status) }) });
		form.sent();
	    }}>
		<kit.Choices id="status" label={t("office.status")} value={status}
		    choices={ticket.allowed.map((code) => ({ value: code,
			label: statusName(settings, code) }))}
		    onValue={(status) => form.set({ status })} />
		<AnswerField work={work} optional text={form.value.text}
		    onText={(text) => form.set({ text })} />
	</StepForm>;
}

export function AnswerForm({ work }: { work: Work }): JSX.Element {
	const { ticket } = work;
	const form = useTyped(work, "answer", { text: "" });
	return <StepForm work={work} title={t("office.step.answer")} first="answer-text"
	    submit={t("office.answer-send")} send={async () => {
		await work.send({ path: `reports/${ticket.id}/answers`,
		    body: { text: form.value.text.trim() }, once: true,
		    said: t("office.said.answer") });
		form.sent();
	    }}>
		<AnswerField work={work} text={form.value.text}
		    onText={(text) => form.set({ text })} />
	</StepForm>;
}

// An answer that waits: let out, changed or not, or held back with a reason.
export function DraftForm({ work, draft }: { work: Work;
    draft: Draft }): JSX.Element {
	const { ticket } = work;
	const form = useTyped(work, `draft-${draft.id}`, { text: draft.text,
	    reason: "", back: false });
	const { text, reason, back } = form.value;
	return <StepForm work={work} title={t("office.step.answers")} first="draft-text"
	    submit={t(back ? "office.draft.reject" : "office.draft.release")}
	    send={async () => {
		await work.send({ path: `tickets/${ticket.id}/answers/${draft.id}/${
		    back ? "reject" : "release"}`, body: back ?
		    { reason: reason.trim() } : { text: text.trim() },
		    said: t(back ? "office.said.draft-rejected" :
			"office.said.draft-released") });
		form.sent();
	    }}>
		<p class="kern-body">{t("office.draft.by", { who: draft.staff ??
		    t("office.nobody") })}, <When at={draft.created_at} /></p>
		<kit.Field id="draft-text" label={t("office.answer-text")} multiline
		    rows={7} value={text} onValue={(text) => form.set({ text })} />
		<kit.Check id="draft-back" label={t("office.draft.back")} checked={back}
		    onValue={(back) => form.set({ back })} />
		{back && <kit.Field id="draft-reason" label={t("office.reason")}
		    hint={t("office.draft.reason-hint")} multiline rows={3} value={reason}
		    onValue={(reason) => form.set({ reason })} />}
	</StepForm>;
}

// A step that needs a reason, or a text, and nothing else.
export function ReasonForm({ work, name, path, field = "reason", undo = false,
    plain = false }: { work: Work; name: string; path: string;
    field?: "reason" | "text"; undo?: boolean; plain?: boolean }): JSX.Element {
	const form = useTyped(work, name, { text: "" });
	return <StepForm work={work} title={t(`office.step.${name}`)} first="reason"
	    submit={t(`office.step.${name}`)} send={async () => {
		await work.send({ path, body: { [field]: form.value.text.trim() },
		    said: t(`office.said.${name}`), undo, plain,
		    once: plain });
		form.sent();
	    }}>
		<kit.Field id="reason" label={t(field === "reason" ? "office.reason" :
		    "office.note")} hint={t(`office.hint.${name}`)} multiline rows={5}
		    value={form.value.text} onValue={(text) => form.set({ text })} />
	</StepForm>;
}

export function ChangeForm({ work }: { work: Work }): JSX.Element {
	const { ticket, settings } = work;
	const due = ticket.deadline?.on ?? "";
	const form = useTyped(work, "change", { category: ticket.category,
	    priority: ticket.priority as string, due, reason: "" });
	const { value } = form;
	const body = {
		...value.category !== ticket.category && { category: value.category },
		...value.priority !== ticket.priority && { priority: value.priority },
		...value.due !== due && value.due !== "" && { due_on: value.due } };
	return <StepForm work={work} title={t("office.step.change")} first="category"
	    submit={t("office.save")} send={async () => {
		await work.send({ method: "patch", path: `tickets/${ticket.id}`,
		    body: { ...body, reason: trimmed(value.reason) }, undo: true,
		    said: t("office.said.change") });
		form.sent();
	    }}>
		<kit.Select id="category" label={t("office.filter.category")}
		    value={value.category} choices={settings.categories.map(
			({ code, name }) => ({ value: code, label: name }))}
		    onValue={(category) => form.set({ category })} />
		<kit.Select id="priority" label={t("office.filter.priority")}
		    value={value.priority} choices={PRIORITIES.map((code: Priority) =>
			({ value: code, label: t(`office.priority.${code}`) }))}
		    onValue={(priority) => form.set({ priority })} />
		<kit.Field id="due" type="date" label={t("office.due")} value={value.due}
		    onValue={(due) => form.set({ due })} />
		<kit.Field id="reason" label={t("office.reason")} optional multiline rows={3}
		    value={value.reason} onValue={(reason) => form.set({ reason })} />
	</StepForm>;
}

export function MergeForm({ work }: { work: Work }): JSX.Element {
	const { ticket, base, settings } = work;
	const form = useTyped(work, "merge", { into: "", number: "" });
	const { into, number } = form.value;
	const other = parseNumber(number);
	const found = useApi<Page<Row>>(into === "" && other !== null && other > 0 ?
	    `${base}/tickets?q=%23${other}&limit=5` : null);
	const byNumber = found.data?.items.find((row) => row.number === other) ?? null;
	const target = into || byNumber?.id;
	const choices = ticket.nearby.map((near) => ({ value: near.id,
	    label: t("office.near", { number: near.number, metres: Math.round(
		near.distance), status: statusName(settings, near.status) }),
	    hint: `${near.similar ? `${t("office.similar")}. ` : ""}${near.text}` }));
	return <StepForm work={work} title={t("office.step.merge")}
	    first={choices.length > 0 ? "into" : "merge-number"}
	    submit={t("office.step.merge")} send={async () => {
		if (!target)
			throw new ApiError("problem", 422, { title:
			    t("office.merge.choose") });
		await work.send({ path: `tickets/${ticket.id}/merge`,
		    body: { into: target }, said: t("office.said.merge") });
		form.sent();
	    }}>
		<p class="kern-body">{t("office.merge.says")}</p>
		{choices.length > 0 && <kit.Choices id="into" label={t("office.nearby")}
		    value={into} choices={[...choices, { value: "",
			label: t("office.merge.another") }]}
		    onValue={(into) => form.set({ into })} />}
		{into === "" && <>
			<kit.Field id="merge-number" label={t("office.merge.number")}
			    value={number} inputMode="numeric" autocomplete="off"
			    onValue={(number) => form.set({ number })} />
			<p role="status" class="kern-body">{byNumber ? <>
				{byNumber.text} ({statusName(settings, byNumber.status)})</> :
			    found.data && t("office.merge.unknown")}</p>
		</>}
	</StepForm>;
}

// SPDX-License-Identifier: EUPL-1.2
// Enters what came by telephone, letter, mail or at the counter. What was typed
// stays while the window is open, whatever else is looked at meanwhile.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, ApiError, errorText, kit, newKey, refresh, t, undoable, type
    ScreenProps } from "@stadtkern/office";
import { lengthOf, parseNumber } from "../app/form.ts";
import { placeBody, PlaceFields, type Place } from "./place.tsx";
import type { Priority, Question, Settings } from "./types.ts";
import { PRIORITIES } from "./view.ts";

type Props = ScreenProps<Settings>;

interface Entered extends Place {
	channel: string;
	category: string;
	answers: Record<string, string | string[]>;
	text: string;
	name: string;
	email: string;
	phone: string;
	consent: boolean;
	priority: Priority;
	photos: File[];
	// One report, however often it is sent.
	key: string;
}

const empty = (): Entered => ({ channel: "telephone", category: "", answers: {},
    text: "", place: null, typed: "", address: "", name: "", email: "", phone: "",
    consent: false, priority: "normal", photos: [], key: newKey() });

const form = signal<Entered>(empty());
const change = (some: Partial<Entered>): void => {
	form.value = { ...form.value, ...some, key: newKey() };
};

const CHANNELS = ["telephone", "letter", "counter", "mail"];
const PHOTO_TYPES = "image/jpeg,image/png,image/webp";

function answerOf(question: Question, given: string | string[] | undefined): unknown {
	if (given === undefined || given.length === 0)
		return undefined;
	switch (question.kind) {
	case "bool":
		return given === "true";
	case "number":
		return parseNumber(String(given)) ?? String(given);
	}
	return typeof given === "string" ? given.trim() : given;
}

function bodyOf(entered: Entered, settings: Settings): object {
	const { channel, category, text, priority, consent } = entered;
	const contact = Object.fromEntries((["name", "email", "phone"] as const)
	    .map((name) => [name, entered[name].trim()])
	    .filter(([, value]) => value !== ""));
	const questions = settings.categories.find(({ code }) =>
	    code === category)?.questions ?? [];
	return { channel, category, text: text.trim(), priority,
	    ...placeBody(entered),
	    ...Object.keys(contact).length > 0 && { contact,
		consent_forward: consent },
	    answers: Object.fromEntries(questions.map((question) => [question.code,
		answerOf(question, entered.answers[question.code])])
		.filter(([, value]) => value !== undefined)) };
}

// Where the field is that a finding of the server's is about.
const fieldOf = (pointer: string): string => {
	const [, first = "", second = ""] = pointer.split("/");
	return first === "answers" ? `answer-${second}` : first === "contact" ?
	    second || "name" : first === "position" ? "typed" : first;
};

function Answer({ question }: { question: Question }): JSX.Element {
	const { code, ask, kind, choices = [], required } = question;
	const id = `answer-${code}`;
	const value = form.value.answers[code] ?? "";
	const set = (answer: string | string[]) => change({ answers: {
	    ...form.value.answers, [code]: answer } });
	const common = { id, label: ask, ...!required && { optional: true } };
	if (kind === "choices")
		return <fieldset class="kern-fieldset sk-field">
			<legend class="kern-label">{ask}</legend>
			{choices.map((choice, i) => <kit.Check key={choice}
			    id={i === 0 ? id : `${id}-${i}`} label={choice}
			    checked={value.includes(choice)} onValue={(on) => set([
				...choices.filter((one) => one === choice ? on :
				value.includes(one))])} />)}
		</fieldset>;
	if (kind === "choice" || kind === "bool")
		return <kit.Select {...common} value={String(value)} choices={[
		    { value: "", label: t("office.choose-please") }, ...kind === "bool" ?
		    [{ value: "true", label: t("app.yes") },
			{ value: "false", label: t("app.no") }] :
		    choices.map((choice) => ({ value: choice, label: choice }))]}
		    onValue={set} />;
	return <kit.Field {...common} value={String(value)} onValue={set}
	    {...kind === "number" && { inputMode: "decimal" as const }} />;
}

function Where(): JSX.Element {
	return <fieldset class="kern-fieldset dt-enter__place">
		<legend class="kern-heading-medium">{t("office.place")}</legend>
		<PlaceFields value={form.value} onChange={change} />
	</fieldset>;
}

function Reporter(): JSX.Element {
	const { name, email, phone, consent } = form.value;
	return <fieldset class="kern-fieldset dt-enter__part">
		<legend class="kern-heading-medium">{t("office.contact")}</legend>
		<kit.Field id="name" label={t("office.name")} value={name} optional
		    autocomplete="off" onValue={(name) => change({ name })} />
		<kit.Field id="phone" type="tel" label={t("office.phone")} value={phone}
		    optional autocomplete="off" onValue={(phone) => change({ phone })} />
		<kit.Field id="email" type="email" label={t("office.email")} value={email}
		    optional autocomplete="off" onValue={(email) => change({ email })} />
		<kit.Check id="consent" label={t("office.consent-ask")} checked={consent}
		    onValue={(consent) => change({ consent })} />
	</fieldset>;
}

function Photos({ most }: { most: number }): JSX.Element {
	const { photos } = form.value;
	return <fieldset class="kern-fieldset dt-enter__part">
		<legend class="kern-heading-medium">{t("app.photos")}</legend>
		<div class="kern-form-input sk-field">
			<label class="kern-label" for="photos">
				{t("office.photos-add", { most })}</label>
			<input class="dt-file" id="photos" type="file" multiple
			    accept={PHOTO_TYPES} onChange={(event) => {
				const input = event.currentTarget;
				change({ photos: [...photos, ...input.files ?? []]
				    .slice(0, most) });
				input.value = "";
			    }} />
		</div>
		{photos.length > 0 && <ul class="dt-plain">{photos.map((photo, i) =>
		    <li key={i} class="dt-enter__photo">{photo.name}{" "}
			<kit.Button kind="tertiary" icon="delete" onClick={() => change({
			    photos: photos.filter((one) => one !== photo) })}>
				{t("app.photo.remove-nth", { at: i + 1 })}</kit.Button></li>)}
		</ul>}
	</fieldset>;
}

export function EnterScreen({ plugin, settings, link, navigate }: Props): JSX.Element {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const entered = form.value;
	const category = settings.categories.find(({ code }) =>
	    code === entered.category);
	const base = `${plugin.api}/tickets`;
	const dirty = entered.text !== "" || entered.photos.length > 0;
	useEffect(() => {
		// Only what leaves the window loses something.
		const warn = (event: BeforeUnloadEvent) => {
			if (dirty)
				event.preventDefault();
		};
		addEventListener("beforeunload", warn);
		return () => removeEventListener("beforeunload", warn);
	}, [dirty]);
	const send = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		setError(null);
		try {
			const made = await api.post<{ id: string; number: number }>(base,
			    bodyOf(entered, settings), { key: entered.key });
			const failed: string[] = [];
			for (const photo of entered.photos)
				await api.post(`${plugin.api}/reports/${made.id}/photos`, photo,
				    { key: newKey() }).catch((failure: unknown) =>
				    failed.push(`${photo.name}: ${errorText(failure, t)}`));
			form.value = empty();
			refresh(base);
			undoable([t("office.said.entered", { number: made.number }),
			    ...failed].join(" "));
			navigate(link("tickets", made.id));
		} catch (failure) {
			setError(failure);
			setBusy(false);
		}
	};
	const findings = error instanceof ApiError ? error.errors : [];
	const wrong = (id: string): string | null => findings.find(({ pointer }) =>
	    fieldOf(pointer) === id)?.message ?? null;
	return <form class="dt-enter" noValidate onSubmit={(event) => void send(event)}>
		<kit.Title>{t("office.menu.enter")}</kit.Title>
		{error !== null && (findings.length > 0 ? <kit.ErrorSummary
		    errors={findings.map(({ pointer, message }) =>
			({ id: fieldOf(pointer), message }))} /> :
		    <kit.Notice kind="danger" live title={errorText(error, t)} />)}
		<div class="dt-enter__columns">
			<div class="dt-enter__part">
				<kit.Choices id="channel" label={t("office.enter.channel")}
				    value={entered.channel} choices={CHANNELS.map((value) =>
					({ value, label: t(`office.channel.${value}`) }))}
				    onValue={(channel) => change({ channel })} />
				<kit.Select id="category" label={t("office.filter.category")}
				    value={entered.category} error={wrong("category")} choices={[
					{ value: "", label: t("office.choose-please") },
					...settings.categories.map(({ code, name }) =>
					    ({ value: code, label: name }))]}
				    onValue={(category) => change({ category })} />
				{category?.danger && <kit.Notice kind="warning"
				    title={category.danger} />}
				{category?.questions?.map((question) =>
				    <Answer key={question.code} question={question} />)}
				<kit.Field id="text" label={t("office.enter.text")} multiline
				    rows={6} value={entered.text} error={wrong("text") ??
					(lengthOf(entered.text) > settings.text_max ?
					t("app.text.over", { count: lengthOf(entered.text) -
					    settings.text_max }) : null)}
				    onValue={(text) => change({ text })} />
				<kit.Select id="priority" label={t("office.filter.priority")}
				    value={entered.priority} choices={PRIORITIES.map((value) =>
					({ value, label: t(`office.priority.${value}`) }))}
				    onValue={(priority) => change({
					priority: priority as Priority })} />
				<Photos most={settings.photos_max} />
			</div>
			<div class="dt-enter__part">
				<Where />
				<Reporter />
			</div>
		</div>
		<div class="sk-actions">
			<kit.Button type="submit" kind="primary" busy={busy}
			    onClick={undefined}>{t("office.enter.send")}</kit.Button>
			{dirty && <kit.Button kind="tertiary" onClick={() => {
				form.value = empty();
			}}>{t("office.enter.discard")}</kit.Button>}
		</div>
	</form>;
}

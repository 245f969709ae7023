// SPDX-License-Identifier: EUPL-1.2
// What it is: categories with a search, and the category's own questions.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce, kit, type Translate } from "@stadtkern/app";
import { answer, change, form } from "./draft.ts";
import { answerId, answersOf, categoryOf, questionsOf, stopOf, type Answer } from "./form.ts";
import { Dialable } from "./parts.tsx";
import { findCategories, grouped } from "./search.ts";
import type { Category, Question, Settings } from "./types.ts";

interface Props {
	settings: Settings;
	t: Translate;
	errors: ReadonlyMap<string, string>;
}

function Group({ name, list, first, error, t }: { name: string;
    list: Category[]; first: boolean; error: string | undefined;
    t: Translate }): JSX.Element {
	// The first group has the id that error links lead to.
	return <kit.Choices id={first ? "category" : `category-${list[0]?.code}`}
	    name="category" label={name || t("app.category.others")}
	    error={first ? error : undefined} value={form.value?.category ?? ""}
	    choices={list.map(({ code, name: label }) => ({ value: code, label }))}
	    onValue={(category) => change({ category })} />;
}

export function CategoryStep({ settings, t, errors }: Props): JSX.Element {
	const [text, setText] = useState("");
	const found = findCategories(settings.categories, text);
	useEffect(() => {
		if (text.trim() !== "")
			announce(t("app.category.found", { count: found.length }));
	}, [text]);
	const groups = text.trim() === "" ? grouped(found) :
	    found.length > 0 ? [[t("app.category.best"), found] as const] : [];
	return <div class="dr-step">
		<search class="dr-search">
			<kit.Field id="category-search" label={t("app.category.search")}
			    hint={t("app.category.search-hint")} value={text}
			    onValue={setText} autocomplete="off" spellcheck={false} />
		</search>
		{groups.map(([name, list], i) => <Group key={name} name={name} t={t}
		    list={[...list]} first={i === 0} error={errors.get("category")} />)}
		{found.length === 0 && <p class="kern-body" id="category" tabindex={-1}>
			{t("app.category.nothing")}</p>}
	</div>;
}

// Several of several.
function CheckGroup({ question, value, error, onValue }: {
    question: Question; value: string[]; error: string | undefined;
    onValue: (value: string[]) => void }): JSX.Element {
	const id = answerId(question.code);
	return <fieldset class="kern-fieldset sk-field"
	    aria-describedby={error ? `${id}-error` : undefined}>
		<legend class="kern-label">{question.ask}</legend>
		{error && <p class="kern-error sk-field-error" id={`${id}-error`}>
			<kit.Icon name="danger" size={20} />
			<span class="kern-body">{error}</span></p>}
		<div class="kern-fieldset__body">
			{(question.choices ?? []).map((one, i) => <kit.Check key={one}
			    id={i === 0 ? id : `${id}-${i}`} label={one}
			    checked={value.includes(one)} onValue={(on) => onValue(
			    (question.choices ?? []).filter((other) => other === one ?
			    on : value.includes(other)))} />)}
		</div>
	</fieldset>;
}

function Ask({ question, value, error, t }: { question: Question;
    value: Answer | undefined; error: string | undefined;
    t: Translate }): JSX.Element {
	const { code, ask, kind, required } = question;
	const set = (given: Answer) => answer(code, given);
	const common = { id: answerId(code), label: ask, error,
	    ...required ? {} : { optional: true } };
	switch (kind) {
	case "choices":
		return <CheckGroup question={question} error={error} onValue={set}
		    value={Array.isArray(value) ? value : []} />;
	case "choice":
		return <kit.Choices {...common} value={String(value ?? "")}
		    choices={(question.choices ?? []).map((one) =>
		    ({ value: one, label: one }))} onValue={set} />;
	case "bool":
		return <kit.Choices {...common} value={String(value ?? "")}
		    choices={[{ value: "true", label: t("app.yes") },
		    { value: "false", label: t("app.no") }]} onValue={set} />;
	case "number":
		return <kit.Field {...common} inputMode="decimal" autocomplete="off"
		    value={String(value ?? "")} onValue={set} />;
	default:
		return <kit.Field {...common} value={String(value ?? "")}
		    autocomplete="off" onValue={set} />;
	}
}

// The form ends here: somebody has to be called.
export function Stop({ question, t }: { question: Question;
    t: Translate }): JSX.Element {
	const text = question.stop_text ?? "";
	const number = /\b11[02]\b/.exec(text)?.[0] ?? "112";
	return <div class="dr-stop" role="alert">
		<p class="dr-stop__title"><kit.Icon name="danger" size={32} />
			{t("app.stop.title")}</p>
		<p class="dr-text"><Dialable text={text} /></p>
		<a class="kern-btn kern-btn--primary kern-btn--block dr-stop__call"
		    href={`tel:${number}`}>
			<kit.Icon name="phone" />
			<span class="kern-label">{t("app.stop.call", { number })}</span>
		</a>
		<p class="kern-body">{t("app.stop.says")}</p>
	</div>;
}

export function CategoryNotes({ category, t }: { category: Category | null;
    t: Translate }): JSX.Element {
	return <>
		{category?.danger && <kit.Notice kind="warning" title={t("app.danger")}>
			<p class="kern-body"><Dialable text={category.danger} /></p>
		</kit.Notice>}
		{category?.hint && <kit.Notice kind="info" title={t("app.hint")}>
			<p class="kern-body">{category.hint}</p>
		</kit.Notice>}
	</>;
}

export function DetailsStep({ settings, t, errors }: Props): JSX.Element | null {
	if (form.value === null)
		return null;
	const category = categoryOf(form.value, settings);
	const answers = answersOf(form.value);
	const stop = stopOf(form.value, settings);
	return <div class="dr-step">
		<CategoryNotes category={category} t={t} />
		{questionsOf(category).map((question) => <Ask key={question.code}
		    question={question} value={answers[question.code]} t={t}
		    error={errors.get(answerId(question.code))} />)}
		{stop && <Stop question={stop} t={t} />}
	</div>;
}

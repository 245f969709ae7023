// SPDX-License-Identifier: EUPL-1.2
// Fields of forms: label, hint, error above the field and tied to it.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../context.ts";
import { Icon } from "./icon.tsx";

interface Common {
	// Unique on the screen; error links lead to it.
	id: string;
	label: string;
	hint?: ComponentChildren;
	error?: string | null | undefined;
	optional?: boolean;
}

const describedBy = ({ id, hint, error }: Common) =>
    [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") ||
    undefined;

function FieldError({ id, error }: Common): JSX.Element | null {
	return error ? <p class="kern-error sk-field-error" id={`${id}-error`}>
		<Icon name="danger" size={20} />
		<span class="kern-body">{error}</span>
	</p> : null;
}

const optionalMark = (common: Common) => common.optional &&
    <span class="kern-label__optional"> {t("app.optional")}</span>;

function Frame({ common, children }: { common: Common;
    children: ComponentChildren }): JSX.Element {
	return <div class={`kern-form-input sk-field${
	    common.error ? " kern-form-input--error" : ""}`}>
		<label class="kern-label" for={common.id}>{common.label}
			{optionalMark(common)}</label>
		{common.hint && <div class="kern-hint" id={`${common.id}-hint`}>
			{common.hint}</div>}
		<FieldError {...common} />
		{children}
	</div>;
}

const inputClass = (error: unknown) =>
    `kern-form-input__input${error ? " kern-form-input__input--error" : ""}`;

const common = ({ id, label, hint, error, optional }: Common): Common =>
    ({ id, label, hint, error, ...optional && { optional } });

export function Field({ value, onValue, multiline, rows = 5, ...rest }: Common & {
    value: string; onValue: (value: string) => void; multiline?: boolean;
    rows?: number; type?: "text" | "password" | "email" | "tel" | "url" | "number" | "date";
    inputMode?: "text" | "email" | "tel" | "numeric" | "decimal";
    autocomplete?: string; readOnly?: boolean; maxLength?: number; required?: boolean;
    name?: string; spellcheck?: boolean }): JSX.Element {
	const { id, label: _l, hint: _h, error, optional: _o, ...native } = rest;
	const shared = { id, value, class: inputClass(error),
	    "aria-describedby": describedBy(rest),
	    "aria-invalid": error ? true as const : undefined };
	return <Frame common={common(rest)}>
		{multiline ?
		    <textarea {...shared} rows={rows} maxLength={native.maxLength}
			required={native.required} name={native.name}
			onInput={(e) => onValue(e.currentTarget.value)} /> :
		    <input {...{ ...native, ...shared } as JSX.IntrinsicElements["input"]}
			onInput={(e) => onValue(e.currentTarget.value)} />}
	</Frame>;
}

export interface Choice {
	value: string;
	label: string;
	hint?: string;
}

export function Select({ choices, value, onValue, ...rest }: Common & {
    choices: readonly Choice[]; value: string;
    onValue: (value: string) => void }): JSX.Element {
	return <Frame common={common(rest)}>
		<div class="kern-form-input__select-wrapper">
			<select id={rest.id} class={`kern-form-input__select${rest.error ?
			    " kern-form-input__select--error" : ""}`} value={value}
			    aria-describedby={describedBy(rest)}
			    aria-invalid={rest.error ? true : undefined}
			    onChange={(e) => onValue(e.currentTarget.value)}>
				{choices.map((one) => <option key={one.value}
				    value={one.value}>{one.label}</option>)}
			</select>
		</div>
	</Frame>;
}

// One of several. The fieldset's id is the first choice's, so that an error
// link lands on something that takes the focus.
export function Choices({ choices, value, onValue, name, ...rest }: Common & {
    choices: readonly Choice[]; value: string; name?: string;
    onValue: (value: string) => void }): JSX.Element {
	return <fieldset class={`kern-fieldset sk-field${
	    rest.error ? " kern-fieldset--error" : ""}`}
	    aria-describedby={describedBy(rest)}>
		<legend class="kern-label">{rest.label}{optionalMark(rest)}</legend>
		{rest.hint && <div class="kern-hint" id={`${rest.id}-hint`}>
			{rest.hint}</div>}
		<FieldError {...rest} />
		<div class="kern-fieldset__body">
			{choices.map((one, i) => <div key={one.value}
			    class="kern-form-check">
				<input class="kern-form-check__radio" type="radio"
				    id={i === 0 ? rest.id : `${rest.id}-${i}`}
				    name={name ?? rest.id} value={one.value}
				    checked={one.value === value}
				    onChange={() => onValue(one.value)} />
				<label class="kern-label"
				    for={i === 0 ? rest.id : `${rest.id}-${i}`}>
					{one.label}
					{one.hint && <span class="kern-hint">{one.hint}</span>}
				</label>
			</div>)}
		</div>
	</fieldset>;
}

export function Check({ checked, onValue, ...rest }: Common & {
    checked: boolean; onValue: (checked: boolean) => void }): JSX.Element {
	return <div class="sk-field">
		<FieldError {...rest} />
		<div class="kern-form-check">
			<input class="kern-form-check__checkbox" type="checkbox"
			    id={rest.id} checked={checked}
			    aria-describedby={describedBy(rest)}
			    aria-invalid={rest.error ? true : undefined}
			    onChange={(e) => onValue(e.currentTarget.checked)} />
			<label class="kern-label" for={rest.id}>{rest.label}
				{rest.hint && <span class="kern-hint"
				    id={`${rest.id}-hint`}>{rest.hint}</span>}
			</label>
		</div>
	</div>;
}

export interface FormError {
	// The id of the field; without one the error belongs to the whole form.
	id?: string;
	message: string;
}

// Everything that is wrong, on top, with links. Takes the focus when it comes
// and when the list changes.
export function ErrorSummary({ errors }: {
    errors: readonly FormError[] }): JSX.Element | null {
	const box = useRef<HTMLDivElement>(null);
	const key = JSON.stringify(errors);
	useEffect(() => {
		if (errors.length > 0)
			box.current?.focus();
	}, [key]);
	if (errors.length === 0)
		return null;
	const go = (event: Event, id: string) => {
		event.preventDefault();
		const field = document.getElementById(id);
		field?.focus();
		field?.scrollIntoView({ block: "center" });
	};
	return <div class="kern-alert kern-alert--danger sk-notice" role="alert"
	    tabindex={-1} ref={box}>
		<div class="kern-alert__header">
			<Icon name="danger" />
			<h2 class="kern-title">{t("app.errors", { count: errors.length })}</h2>
		</div>
		<ul class="kern-alert__body sk-errors">
			{errors.map(({ id, message }) => <li key={id ?? message}>
				{id ? <a href={`#${id}`}
				    onClick={(event) => go(event, id)}>{message}</a> : message}
			</li>)}
		</ul>
	</div>;
}

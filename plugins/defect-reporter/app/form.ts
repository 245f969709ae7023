// SPDX-License-Identifier: EUPL-1.2
// A report that is being written: what is in it, which steps it takes, what is
// still wrong, what is sent. Pure: no storage, no network, no page.

import type { Category, Position, Question, Settings } from "./types.ts";
import { rounded } from "./place.ts";

export type Source = "photo" | "gps" | "pin" | "typed";

export interface Place extends Position {
	source: Source;
	// Metres, as the device says.
	accuracy?: number;
}

export interface Photo {
	name: string;
	position: Position | null;
}

export type Answer = string | boolean | string[];

export interface Form {
	photos: Photo[];
	place: Place | null;
	// Where exactly, in words; becomes part of the text.
	where: string;
	category: string;
	// By the category's code, so that trying another one loses nothing.
	answers: Record<string, Record<string, Answer>>;
	text: string;
	contact: { name: string; email: string; phone: string };
	consent: boolean;
	// Contact was filled from "Meine Daten"; what is empty stays so.
	prefilled: boolean;
}

export const emptyForm = (): Form => ({ photos: [], place: null, where: "",
    category: "", answers: {}, text: "", contact: { name: "", email: "",
    phone: "" }, consent: false, prefilled: false });

export const isEmpty = (form: Form): boolean => form.photos.length === 0 &&
    form.place === null && form.where === "" && form.category === "" &&
    form.text.trim() === "";

export const STEPS = ["photos", "place", "category", "details", "nearby",
    "text", "contact", "check"] as const;
export type Step = typeof STEPS[number];

export const categoryOf = (form: Form, { categories }: Settings): Category | null =>
    categories.find(({ code }) => code === form.category) ?? null;

export const questionsOf = (category: Category | null): Question[] =>
    category?.questions ?? [];

export const answersOf = (form: Form): Record<string, Answer> =>
    form.answers[form.category] ?? {};

// Steps that have nothing to ask are left out.
export function stepsOf(form: Form, settings: Settings, near: number): Step[] {
	const category = categoryOf(form, settings);
	return STEPS.filter((step) =>
	    (step !== "photos" || settings.photos_max > 0) &&
	    (step !== "details" || category === null ||
	    questionsOf(category).length > 0 || category.danger ||
	    category.hint) &&
	    (step !== "nearby" || near > 0));
}

export const isAnswered = (answer: Answer | undefined): boolean =>
    answer !== undefined && (typeof answer === "boolean" || answer.length > 0);

// "12,5" as people write it; null when it is no number.
export function parseNumber(text: string): number | null {
	const plain = text.trim().replace(/\s/g, "").replace(",", ".");
	return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

// The first question whose answer means that somebody has to be called now.
export function stopOf(form: Form, settings: Settings): Question | null {
	const answers = answersOf(form);
	return questionsOf(categoryOf(form, settings)).find((question) => {
		const answer = answers[question.code];
		const given = Array.isArray(answer) ? answer : [String(answer)];
		return isAnswered(answer) &&
		    given.some((one) => question.stops?.includes(one));
	}) ?? null;
}

export interface FieldProblem {
	step: Step;
	// Id of the field on the screen.
	id: string;
	key: string;
	values?: Record<string, string | number>;
}

export const answerId = (code: string): string => `answer-${code}`;

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^[\d\s+()/-]{3,40}$/;
const TEXT_MIN = 10;
const ANSWER_MAX = 500;

// As the server counts: code points.
export const lengthOf = (text: string): number => [...text].length;

// German whatever the language of the app: staff and the public read it.
const WHERE = "Genauer Ort";

export function textOf(form: Form): string {
	const where = form.where.trim();
	return form.text.trim() + (where === "" ? "" :
	    `\n\n${WHERE}: ${where}`);
}

// What the words about the place take of the text's room.
export const textRoom = (form: Form, settings: Settings): number =>
    settings.text_max - lengthOf(textOf({ ...form, text: "" }));

function answerProblem(question: Question, answer: Answer | undefined): string | null {
	if (!isAnswered(answer) || (typeof answer === "string" && answer.trim() === ""))
		return question.required ? "app.error.answer" : null;
	if (question.kind === "number" && parseNumber(String(answer)) === null)
		return "app.error.number";
	return question.kind === "text" && lengthOf(String(answer)) > ANSWER_MAX ?
	    "app.error.answer-long" : null;
}

function placeProblems({ place }: Form, inside: boolean | null): FieldProblem[] {
	const key = place === null ? "app.error.place" :
	    inside === false ? "app.error.outside" : null;
	return key ? [{ step: "place", id: "place", key }] : [];
}

function textProblems(form: Form, settings: Settings): FieldProblem[] {
	const length = lengthOf(form.text.trim());
	const room = textRoom(form, settings);
	const key = length === 0 ? "app.error.text" :
	    length < TEXT_MIN ? "app.error.text-short" :
	    length > room ? "app.error.text-long" : null;
	return key ? [{ step: "text", id: "text", key, values: { least: TEXT_MIN,
	    most: room, over: length - room } }] : [];
}

function contactProblems({ contact: { email, phone } }: Form): FieldProblem[] {
	const problems: FieldProblem[] = [];
	if (email.trim() !== "" && !EMAIL.test(email.trim()))
		problems.push({ step: "contact", id: "contact-email",
		    key: "app.error.email" });
	if (phone.trim() !== "" && !PHONE.test(phone.trim()))
		problems.push({ step: "contact", id: "contact-phone",
		    key: "app.error.phone" });
	return problems;
}

// Everything that is wrong, in the order of the steps. `inside` is null while
// the city's boundary is not known; then the server says it.
export function problemsOf(form: Form, settings: Settings,
    inside: boolean | null): FieldProblem[] {
	const category = categoryOf(form, settings);
	const answers = answersOf(form);
	const problems = placeProblems(form, inside);
	if (!category)
		problems.push({ step: "category", id: "category",
		    key: "app.error.category" });
	for (const question of questionsOf(category)) {
		const key = answerProblem(question, answers[question.code]);
		if (key)
			problems.push({ step: "details", id: answerId(question.code),
			    key, values: { question: question.ask } });
	}
	problems.push(...textProblems(form, settings),
	    ...contactProblems(form));
	return problems;
}

function sentAnswer(question: Question, answer: Answer): unknown {
	switch (question.kind) {
	case "number":
		return parseNumber(String(answer));
	case "bool":
		return answer === "true";
	case "text":
		return String(answer).trim();
	default:
		return answer;
	}
}

// The body of POST /reports.
export function bodyOf(form: Form, settings: Settings): object {
	const given = answersOf(form);
	const answers: Record<string, unknown> = {};
	for (const question of questionsOf(categoryOf(form, settings))) {
		const answer = given[question.code];
		if (answer !== undefined && isAnswered(answer) &&
		    !(typeof answer === "string" && answer.trim() === ""))
			answers[question.code] = sentAnswer(question, answer);
	}
	const contact = Object.fromEntries(Object.entries(form.contact)
	    .map(([name, value]) => [name, value.trim()])
	    .filter(([, value]) => value !== ""));
	const reachable = Object.keys(contact).length > 0;
	return { category: form.category,
	    ...form.place ? { position: rounded(form.place) } : {},
	    text: textOf(form),
	    ...Object.keys(answers).length > 0 ? { answers } : {},
	    ...reachable ? { contact, consent_forward: form.consent } : {} };
}

// A body that was refused, back into a form. The words about the place stay in
// the text, where the sender sees them.
export function formOf(body: any, settings: Settings): Form {
	const questions = questionsOf(settings.categories.find(({ code }) =>
	    code === body?.category) ?? null);
	const answers = Object.fromEntries(questions.flatMap(({ code }) => {
		const value: unknown = body?.answers?.[code];
		return value === undefined ? [] : [[code, Array.isArray(value) ?
		    value.map(String) : String(value)]];
	}));
	return { ...emptyForm(), category: String(body?.category ?? ""),
	    place: body?.position ? { ...body.position, source: "pin" } : null,
	    text: String(body?.text ?? ""), answers: { [body?.category]: answers },
	    contact: { name: "", email: "", phone: "", ...body?.contact },
	    consent: body?.consent_forward === true, prefilled: true };
}

// Where the server's findings belong.
export function idOf(pointer: string): { id: string; step: Step } | null {
	const [, first = "", second = ""] = pointer.split("/");
	switch (first) {
	case "position":
		return { id: "place", step: "place" };
	case "category":
		return { id: "category", step: "category" };
	case "answers":
		return { id: answerId(second), step: "details" };
	case "text":
		return { id: "text", step: "text" };
	case "contact":
		return { id: `contact-${second || "name"}`, step: "contact" };
	default:
		return null;
	}
}

// The n-th working day after a day, Monday to Friday. Holidays are not known,
// so what is told is "probably".
export function workdayAfter(day: Date, n: number): Date {
	const result = new Date(day);
	for (let left = n; left > 0;) {
		result.setDate(result.getDate() + 1);
		if (result.getDay() % 6 !== 0)
			left--;
	}
	return result;
}

// Texts with the telephone numbers in them apart, so that they can be dialled.
export function withNumbers(text: string): { text: string; dial?: string }[] {
	return text.split(/\b(11[02])\b/).map((part, i) =>
	    i % 2 === 1 ? { text: part, dial: part } : { text: part })
	    .filter((part) => part.text !== "");
}

// SPDX-License-Identifier: EUPL-1.2
// Before sending: reports nearby to support instead, and exactly what will be
// public and what will not.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { formatDistance, kit, type Plugin, type ScreenProps, type Translate } from
    "@stadtkern/app";
import { discard, form, pictures } from "./draft.ts";
import { answersOf, categoryOf, isAnswered, questionsOf, textOf, type Answer,
    type FieldProblem, type Step } from "./form.ts";
import { categoryName, Status } from "./parts.tsx";
import { written } from "./place.ts";
import { SupportButton } from "./support.tsx";
import type { Near, Question, Settings } from "./types.ts";

export function NearbyStep({ near, plugin, settings, link, heading: Heading, t }: {
    near: readonly Near[]; plugin: Plugin; settings: Settings;
    link: ScreenProps["link"]; heading: "h2" | "h3"; t: Translate }): JSX.Element {
	const [supported, setSupported] = useState(false);
	const same = form.value?.category;
	const list = [...near].sort((a, b) =>
	    Number(b.category === same) - Number(a.category === same));
	return <div class="dr-step">
		<p class="kern-body">{t("app.nearby.says")}</p>
		{supported && <kit.Notice kind="success" live
		    title={t("app.nearby.supported")}>
			<kit.Button onClick={() => void discard()}>
				{t("app.nearby.discard")}</kit.Button>
		</kit.Notice>}
		<ul class="dr-cards">
			{list.map((one) => <li key={one.id} class="sk-card">
				<Heading class="sk-card__title"><a href={link("show", one.id)}>
					{categoryName(settings, one.category)}</a></Heading>
				<p class="dr-facts"><Status settings={settings} code={one.status} />
					<span class="sk-muted">{formatDistance(one.distance)}</span></p>
				<p class="dr-text dr-text--short">{one.text}</p>
				<SupportButton plugin={plugin} id={one.id} number={one.number}
				    count={one.supporters ?? 0} t={t}
				    onSupport={() => setSupported(true)} />
			</li>)}
		</ul>
	</div>;
}

function Part({ title, href, edit, children }: { title: string;
    href: string | undefined; edit: string; children: ComponentChildren }): JSX.Element {
	return <div class="dr-part">
		<dt>{title}</dt>
		<dd>{children}</dd>
		{href && <dd class="dr-part__edit"><a href={href}
		    aria-label={`${edit}: ${title}`}>{edit}</a></dd>}
	</div>;
}

function said(question: Question, answer: Answer, t: Translate): string {
	if (question.kind === "bool")
		return t(answer === "true" ? "app.yes" : "app.no");
	return Array.isArray(answer) ? answer.join(", ") : String(answer);
}

interface Props {
	settings: Settings;
	t: Translate;
	// Where a step is changed; undefined where everything is on one page.
	edit: (step: Step) => string | undefined;
}

function Public({ settings, t, edit }: Props): JSX.Element | null {
	if (form.value === null)
		return null;
	const { place, photos } = form.value;
	return <section class="sk-card dr-preview">
		<h2 class="sk-card__title"><kit.Icon name="visibility" />
			{t("app.check.public")}</h2>
		<p class="kern-body sk-muted">{t("app.check.public-says")}</p>
		<dl>
			<Part title={t("app.check.category")} href={edit("category")}
			    edit={t("app.button.edit")}>
				{categoryOf(form.value, settings)?.name ?? "–"}</Part>
			<Part title={t("app.check.place")} href={edit("place")}
			    edit={t("app.button.edit")}>
				{place ? <>{t(`app.place.from.${place.source}`)}{" "}
				    <span class="sk-muted">({written(place)})</span></> : "–"}</Part>
			<Part title={t("app.check.text")} href={edit("text")}
			    edit={t("app.button.edit")}>
				<span class="dr-text">{textOf(form.value) || "–"}</span></Part>
			{settings.photos_max > 0 && <Part title={t("app.photos")}
			    href={edit("photos")} edit={t("app.button.edit")}>
				{photos.length === 0 ? t("app.check.no-photos") :
				    <span class="dr-thumbs">{photos.map(({ name }, i) =>
					<img key={name} src={pictures.value.get(name)}
					    alt={t("app.photo.nth", { at: i + 1 })} />)}</span>}
			</Part>}
		</dl>
	</section>;
}

function Private({ settings, t, edit }: Props): JSX.Element | null {
	if (form.value === null)
		return null;
	const { contact, consent } = form.value;
	const answers = answersOf(form.value);
	const given = questionsOf(categoryOf(form.value, settings)).flatMap((question) => {
		const answer = answers[question.code];
		return answer !== undefined && isAnswered(answer) ?
		    [{ question, answer }] : [];
	});
	const lines = Object.values(contact).map((value) => value.trim()).filter(Boolean);
	return <section class="sk-card dr-preview">
		<h2 class="sk-card__title"><kit.Icon name="shield" />
			{t("app.check.private")}</h2>
		<p class="kern-body sk-muted">{t("app.check.private-says")}</p>
		<dl>
			{given.map(({ question, answer }) => <Part key={question.code}
			    title={question.ask} href={edit("details")}
			    edit={t("app.button.edit")}>{said(question, answer, t)}</Part>)}
			<Part title={t("app.check.contact")} href={edit("contact")}
			    edit={t("app.button.edit")}>
				{lines.length === 0 ? t("app.check.no-contact") :
				    <>{lines.map((line) => <span key={line}
					class="dr-block">{line}</span>)}
				    <span class="dr-block sk-muted">{t(consent ?
					"app.check.consent" : "app.check.no-consent")}</span></>}
			</Part>
		</dl>
	</section>;
}

export function CheckStep({ problems, serverSays, ...props }: Props & {
    problems: readonly FieldProblem[]; serverSays: string }): JSX.Element {
	const { t, edit } = props;
	return <div class="dr-step">
		{serverSays && <kit.Notice kind="danger" title={serverSays} live>
			<p class="kern-body">{t("app.check.kept")}</p></kit.Notice>}
		{problems.length > 0 && <kit.Notice kind="danger" live
		    title={t("app.errors", { count: problems.length })}>
			<ul class="sk-errors">{problems.map(({ step, id, key, values }) =>
			    <li key={id}><a href={edit(step) ?? `#${id}`}>
				{t(key, values)}</a></li>)}</ul>
		</kit.Notice>}
		<Public {...props} />
		<Private {...props} />
	</div>;
}

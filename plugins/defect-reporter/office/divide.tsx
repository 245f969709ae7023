// SPDX-License-Identifier: EUPL-1.2
// A report that names two things: which of its sentences and photos are about
// the second one, and what that is.

import type { JSX } from "preact";
import { ApiError, kit, navigate, t, theApp } from "@stadtkern/office";
import { StepForm, useTyped, type Work } from "./forms.tsx";
import { sentences } from "./divide.ts";

export function DivideForm({ work, hrefOf }: { work: Work;
    hrefOf: (id: string) => string }): JSX.Element {
	const { ticket, settings } = work;
	const form = useTyped(work, "divide", { category: ticket.category,
	    department: "", parts: [] as number[], photos: [] as string[] });
	const { category, department, parts, photos } = form.value;
	const all = sentences(ticket.text);
	const movable = ticket.photos.filter(({ state }) => state !== "refused" &&
	    state !== "erased");
	return <StepForm work={work} title={t("office.step.divide")} first="divide-part-0"
	    submit={t("office.divide.send")} send={async () => {
		if (parts.length === 0)
			throw new ApiError("problem", 422, { title:
			    t("office.divide.choose") });
		const made = await work.send<{ id: string }>({
		    path: `tickets/${ticket.id}/divide`, once: true,
		    body: { category, photos, parts: [...parts].sort((a, b) => a - b)
			.map((at) => ({ text: all[at] ?? "" })),
		    ...department === "" ? {} : { department } },
		    said: t("office.said.divided") });
		form.sent();
		if (made)
			navigate(hrefOf(made.id));
	    }}>
		<p class="kern-body">{t("office.divide.says")}</p>
		<fieldset class="kern-fieldset sk-field">
			<legend class="kern-label">{t("office.divide.parts")}</legend>
			{all.map((text, at) => <kit.Check key={at}
			    id={`divide-part-${at}`} label={text}
			    checked={parts.includes(at)} onValue={(on) => form.set({
			    parts: on ? [...parts, at] : parts.filter((one) =>
				one !== at) })} />)}
		</fieldset>
		{movable.length > 0 && <fieldset class="kern-fieldset sk-field">
			<legend class="kern-label">{t("office.divide.photos")}</legend>
			{movable.map(({ id }) => <kit.Check key={id}
			    id={`divide-photo-${id}`} checked={photos.includes(id)}
			    label={t("app.photo.nth", { at: ticket.photos.findIndex(
				(one) => one.id === id) + 1 })}
			    onValue={(on) => form.set({ photos: on ? [...photos, id] :
				photos.filter((one) => one !== id) })} />)}
		</fieldset>}
		<kit.Select id="divide-category" label={t("office.filter.category")}
		    value={category} choices={settings.categories.map(
			({ code, name }) => ({ value: code, label: name }))}
		    onValue={(category) => form.set({ category })} />
		<kit.Select id="divide-department" label={t("office.filter.department")}
		    value={department} choices={[{ value: "",
			label: t("office.divide.by-category") },
			...theApp().departments.map(({ code, name }) =>
			({ value: code, label: name }))]}
		    onValue={(department) => form.set({ department })} />
	</StepForm>;
}

// SPDX-License-Identifier: EUPL-1.2
// "Meine Daten": all that is kept, to change, take along and erase.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../announce.ts";
import { t } from "../context.ts";
import { errorText, AppError } from "../errors.ts";
import { Button, Notice, Skeleton, Title } from "../kit/basics.tsx";
import { Field } from "../kit/fields.tsx";
import { Confirm } from "../kit/layers.tsx";
import { exportText, FIELDS, importText, MOST_METERS, vault, type Meter,
    type Person, type VaultField } from "../vault.ts";

const native: Record<VaultField, { type?: "email" | "tel"; autocomplete: string;
    inputMode?: "email" | "tel" | "numeric" }> = {
	name: { autocomplete: "name" },
	street: { autocomplete: "street-address" },
	postcode: { autocomplete: "postal-code", inputMode: "numeric" },
	city: { autocomplete: "address-level2" },
	email: { type: "email", autocomplete: "email", inputMode: "email" },
	telephone: { type: "tel", autocomplete: "tel", inputMode: "tel" },
};

function Meters({ meters, onMeters }: { meters: Meter[];
    onMeters: (meters: Meter[]) => void }): JSX.Element {
	const set = (index: number, change: Partial<Meter>) => onMeters(meters.map(
	    (meter, i) => i === index ? { ...meter, ...change } : meter));
	return <fieldset class="kern-fieldset">
		<legend class="kern-heading-medium">{t("app.data.meters")}</legend>
		{meters.map((meter, i) => <div class="sk-pair" key={i}>
			<Field id={`meter-label-${i}`} label={t("app.data.meter-label")}
			    value={meter.label} hint={t("app.data.meter-label-hint")}
			    onValue={(label) => set(i, { label })} />
			<Field id={`meter-number-${i}`} label={t("app.data.meter-number")}
			    value={meter.number} spellcheck={false}
			    hint={t("app.data.meter-number-hint")}
			    onValue={(number) => set(i, { number })} />
			<Button kind="tertiary" icon="delete" onClick={() =>
			    onMeters(meters.filter((_, other) => other !== i))}>
				{t("app.data.meter-remove", { number: String(i + 1) })}
			</Button>
		</div>)}
		{meters.length < MOST_METERS && <Button icon="add" onClick={() =>
		    onMeters([...meters, { label: "", number: "" }])}>
			{t("app.data.meter-add")}</Button>}
	</fieldset>;
}

function DataForm({ start, onSaved, onError }: { start: Person;
    onSaved: () => void; onError: (error: unknown) => void }): JSX.Element {
	const [data, setData] = useState<Person>(start);
	const save = (event: Event) => {
		event.preventDefault();
		vault.write(data).then(onSaved, onError);
	};
	return <form class="sk-form" noValidate onSubmit={save}>
		{FIELDS.map((field) => <Field key={field} id={`data-${field}`}
		    label={t(`app.data.field.${field}`)} value={data[field] ?? ""}
		    maxLength={200} optional {...native[field]}
		    onValue={(value) => setData({ ...data, [field]: value })} />)}
		<Meters meters={data.meters ?? []}
		    onMeters={(meters) => setData({ ...data, meters })} />
		<Button type="submit" kind="primary" block>{t("app.button.save")}</Button>
	</form>;
}

function download(text: string): void {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([text],
	    { type: "application/json" }));
	link.download = `${t("app.data.file")}.json`;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function Import({ onImport, onError }: { onImport: (data: Person) => void;
    onError: (error: unknown) => void }): JSX.Element {
	const input = useRef<HTMLInputElement>(null);
	const take = async (file: File | undefined) => {
		if (input.current)
			input.current.value = "";
		if (!file)
			return;
		try {
			if (file.size > 100_000)
				throw new AppError("app.data.import-wrong");
			onImport(importText(await file.text()));
		} catch (error) {
			onError(error);
		}
	};
	return <>
		<input class="kern-sr-only" type="file" accept=".json,application/json"
		    ref={input} tabindex={-1} aria-hidden="true"
		    onChange={(event) => void take(event.currentTarget.files?.[0])} />
		<Button icon="drive-folder-upload"
		    onClick={() => input.current?.click()}>
			{t("app.data.import")}</Button>
	</>;
}

export function DataPage(): JSX.Element {
	const [error, setError] = useState<unknown>(null);
	const [said, setSaid] = useState("");
	const [erasing, setErasing] = useState(false);
	// The form begins anew when what is kept changes from outside of it.
	const [version, setVersion] = useState(0);
	const person = vault.person.value;
	useEffect(() => void vault.read().catch(setError), []);
	const done = (key: string) => {
		setError(null);
		setSaid(t(key));
		announce(t(key));
		setVersion((n) => n + 1);
	};
	const take = (data: Person) =>
	    void vault.write(data).then(() => done("app.data.imported"), setError);
	const erase = () => {
		setErasing(false);
		void vault.erase().then(() => done("app.data.erased"), setError);
	};
	return <>
		<Title says={t("app.data.says")}>{t("app.page.data")}</Title>
		{error !== null && <Notice kind="danger" live
		    title={errorText(error, t)} />}
		{said && error === null && <Notice kind="success" title={said} />}
		{person === null ? error === null && <Skeleton lines={6} /> :
		    <DataForm key={version} start={person} onError={setError}
			onSaved={() => done("app.data.saved")} />}
		<section class="sk-section">
			<h2 class="kern-heading-medium">{t("app.data.take")}</h2>
			<p class="kern-body">{t("app.data.take-says")}</p>
			<div class="sk-actions">
				<Button icon="download" onClick={() =>
				    download(exportText(person ?? {}))}>
					{t("app.data.export")}</Button>
				<Import onImport={take} onError={setError} />
				<Button icon="delete" onClick={() => setErasing(true)}>
					{t("app.data.erase")}</Button>
			</div>
		</section>
		{erasing && <Confirm title={t("app.data.erase-title")}
		    text={t("app.data.erase-says")} yes={t("app.data.erase")}
		    onYes={erase} onNo={() => setErasing(false)} />}
	</>;
}

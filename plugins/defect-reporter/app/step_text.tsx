// SPDX-License-Identifier: EUPL-1.2
// The text with its room, and whom to ask back.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { account, announce, errorText, kit, vault, type Plugin,
    type Translate } from "@stadtkern/app";
import { change, filledFrom, form, prefill } from "./draft.ts";
import { emptyForm, lengthOf, textRoom } from "./form.ts";
import type { Settings } from "./types.ts";

interface Props {
	settings: Settings;
	t: Translate;
	errors: ReadonlyMap<string, string>;
}

const SOON = 100;

export function TextStep({ settings, t, errors }: Props): JSX.Element {
	const last = useRef<string>("");
	const now = form.value ?? emptyForm();
	const { text } = now;
	const left = textRoom(now, settings) -
	    lengthOf(text.trim());
	const key = left < 0 ? "app.text.over" : "app.text.left";
	// Said aloud where it matters, not at each letter.
	const said = left < 0 ? "over" : left <= SOON ? "soon" : "";
	useEffect(() => {
		if (said !== "" && said !== last.current)
			announce(t(key, { count: Math.abs(left) }));
		last.current = said;
	}, [said]);
	return <div class="dr-step">
		<kit.Field id="text" label={t("app.text.label")} multiline rows={6}
		    hint={t("app.text.hint")} value={text} error={errors.get("text")}
		    onValue={(value) => change({ text: value })} />
		<p class={`dr-count${left < 0 ? " dr-count--over" : ""}`}>
			{t(key, { count: Math.abs(left) })}</p>
	</div>;
}

function Remember({ t }: { t: Translate }): JSX.Element | null {
	const [done, setDone] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const { name = "", email = "", phone = "" } = form.value?.contact ?? {};
	const known = vault.person.value ?? {};
	const fresh = [["name", name], ["email", email], ["telephone", phone]]
	    .filter(([field, value]) => value?.trim() &&
	    known[field as "name"] !== value.trim());
	if (done)
		return <p class="dr-line" role="status"><kit.Icon name="success" size={20} />
			<span>{t("app.contact.remembered")}</span></p>;
	if (fresh.length === 0)
		return null;
	const remember = () => vault.remember(Object.fromEntries(fresh)).then(
	    () => setDone(true), setError);
	return <>
		{error !== null && <kit.Notice kind="warning" title={errorText(error, t)} live />}
		<kit.Button kind="tertiary" icon="shield" onClick={() => void remember()}>
			{t("app.contact.remember")}</kit.Button>
	</>;
}

export function ContactStep({ plugin, t, errors }: Props & {
    plugin: Plugin }): JSX.Element | null {
	useEffect(() => void prefill(), []);
	if (form.value === null)
		return null;
	const { contact, consent } = form.value;
	const set = (edit: Partial<typeof contact>) =>
	    change({ contact: { ...contact, ...edit } });
	const reachable = Object.values(contact).some((value) => value.trim() !== "");
	return <div class="dr-step">
		<p class="kern-body sk-muted">{t("app.contact.says")}</p>
		{plugin.account === "required" && account.state.value !== "confirmed" &&
		    <kit.Notice kind="info" title={t("app.contact.account")} />}
		<kit.PrefillNote fields={filledFrom.value} />
		<kit.Field id="contact-name" label={t("app.data.field.name")} optional
		    autocomplete="name" value={contact.name} maxLength={200}
		    error={errors.get("contact-name")}
		    onValue={(name) => set({ name })} />
		<kit.Field id="contact-email" label={t("app.data.field.email")} optional
		    type="email" inputMode="email" autocomplete="email" maxLength={254}
		    value={contact.email} error={errors.get("contact-email")}
		    onValue={(email) => set({ email })} />
		<kit.Field id="contact-phone" label={t("app.data.field.telephone")}
		    optional type="tel" inputMode="tel" autocomplete="tel" maxLength={40}
		    value={contact.phone} error={errors.get("contact-phone")}
		    onValue={(phone) => set({ phone })} />
		{reachable && <kit.Check id="consent" label={t("app.contact.consent")}
		    hint={t("app.contact.consent-hint")} checked={consent}
		    onValue={(on) => change({ consent: on })} />}
		<Remember t={t} />
	</div>;
}

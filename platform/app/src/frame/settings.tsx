// SPDX-License-Identifier: EUPL-1.2
// Language, colours, size of text, account.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { account } from "../account.tsx";
import { announce } from "../announce.ts";
import { language, t, theApp } from "../context.ts";
import { errorText } from "../errors.ts";
import { names } from "../i18n.ts";
import { Button, Notice, Title } from "../kit/basics.tsx";
import { Choices } from "../kit/fields.tsx";
import { offered, setLanguage } from "../language.ts";
import { readPreferences, writePreferences, type Mode, type TextSize } from
    "../preferences.ts";
import { InstallHint } from "./install_hint.tsx";

function LanguageChoice(): JSX.Element {
	const [error, setError] = useState<unknown>(null);
	const change = (value: string) => {
		setError(null);
		setLanguage(value).then(() => announce(t("app.settings.changed")),
		    setError);
	};
	return <>
		<Choices id="language" label={t("app.settings.language")}
		    value={language.value} onValue={change}
		    choices={offered().map((value) =>
			({ value, label: names[value] ?? value }))} />
		{error !== null && <Notice kind="danger" live
		    title={errorText(error, t)} />}
	</>;
}

function LookChoice(): JSX.Element {
	const [chosen, setChosen] = useState(readPreferences());
	const choices = (key: string, values: readonly string[]) =>
	    values.map((value) => ({ value, label: t(`app.${key}.${value}`) }));
	return <>
		<Choices id="mode" label={t("app.settings.mode")} value={chosen.mode}
		    choices={choices("mode", ["system", "light", "dark", "contrast"])}
		    onValue={(mode) => setChosen(writePreferences(
			{ mode: mode as Mode }))} />
		<Choices id="text" label={t("app.settings.text")} value={chosen.text}
		    choices={choices("text", ["normal", "large", "larger"])}
		    onValue={(text) => setChosen(writePreferences(
			{ text: text as TextSize }))} />
	</>;
}

function AccountPart(): JSX.Element {
	const [error, setError] = useState<unknown>(null);
	const confirmed = account.state.value === "confirmed";
	useEffect(() => void account.read().catch(() => undefined), []);
	const act = async () => {
		setError(null);
		try {
			await (confirmed ? account.leave() : account.ensure());
		} catch (failure) {
			setError(failure);
		}
	};
	return <section class="sk-section">
		<h2 class="kern-heading-medium">{t("app.settings.account")}</h2>
		<p class="kern-body">{t(confirmed ? "app.settings.account-on" :
		    "app.settings.account-off", { city: theApp().name })}</p>
		{error !== null && <Notice kind="danger" live
		    title={errorText(error, t)} />}
		<Button onClick={() => void act()}>{t(confirmed ?
		    "app.settings.account-leave" : "app.settings.account-confirm")}
		</Button>
	</section>;
}

export function SettingsPage(): JSX.Element {
	return <>
		<Title>{t("app.page.settings")}</Title>
		<div class="sk-form">
			<LanguageChoice />
			<LookChoice />
		</div>
		<AccountPart />
		<InstallHint />
	</>;
}

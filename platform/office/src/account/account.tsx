// SPDX-License-Identifier: EUPL-1.2
// One's own account: how one signs in, where one is signed in, how one wants
// to work on this device.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../../../app/src/announce.ts";
import { language, t } from "../../../app/src/context.ts";
import { formatDateTime } from "../../../app/src/format.ts";
import { names } from "../../../app/src/i18n.ts";
import { Badge, Button, Failure, Notice, Skeleton, Title } from
    "../../../app/src/kit/basics.tsx";
import { Check, Choices, Field } from "../../../app/src/kit/fields.tsx";
import { readPreferences, writePreferences, type Mode } from
    "../../../app/src/preferences.ts";
import { place } from "../../../app/src/router.ts";
import { api, refresh, useApi } from "../api.ts";
import { offered, setLanguage } from "../language.ts";
import { keysOn, turnKeys } from "../preferences.ts";
import { BASE, me } from "../session.ts";
import { Form, useSending } from "../sign_in/form.tsx";
import { NewPassword, tooShort } from "../sign_in/invitation.tsx";
import { undoable } from "../toast.tsx";
import { Passkeys, Recovery, Totp } from "./factors.tsx";

const ACCOUNT = `${BASE}/account`;

interface Account {
	name: string;
	email: string;
	password: boolean;
	totp: boolean;
	passkeys: number;
	recovery_codes: number;
	second_factor: "required" | "optional";
}

function Password(): JSX.Element {
	const [before, setBefore] = useState("");
	const [after, setAfter] = useState("");
	const sending = useSending({ "/password": "old-password",
	    "/new_password": "new-password" });
	const go = async () => {
		const wrong = [...before !== "" ? [] : [{ id: "old-password",
		    message: t("office.sign-in.password-missing") }],
		    ...tooShort("new-password", after)];
		if (wrong.length > 0)
			return sending.fail(wrong);
		await api.post(`${ACCOUNT}/password`, { password: before,
		    new_password: after });
		setBefore("");
		setAfter("");
		refresh(ACCOUNT);
		undoable(t("office.password.changed"));
	};
	return <section class="of-section" aria-labelledby="password">
		<h2 class="kern-heading-medium" id="password">
			{t("office.password.title")}</h2>
		<Form sending={sending} button={t("office.password.go")} onSend={go}>
			{/* For what keeps passwords. */}
			<input hidden readOnly autocomplete="username"
			    value={me.value?.email ?? ""} />
			<Field id="old-password" label={t("office.password.old")}
			    type="password" autocomplete="current-password" value={before}
			    onValue={setBefore} error={sending.errorOf("old-password")}
			    required />
			<NewPassword id="new-password" label={t("office.password.new")}
			    value={after} onValue={setAfter}
			    error={sending.errorOf("new-password")} />
		</Form>
	</section>;
}

interface Session {
	id: string;
	here: boolean;
	created_at: string;
	last_seen_at: string;
}

function Sessions(): JSX.Element {
	const { data, error, reload } =
	    useApi<{ items: Session[] }>(`${ACCOUNT}/sessions`);
	const sending = useSending();
	const end = async (id: string) => {
		await api.delete(`${ACCOUNT}/sessions/${id}`);
		reload();
		undoable(t("office.sessions.ended"));
	};
	return <section class="of-section" aria-labelledby="sessions">
		<h2 class="kern-heading-medium" id="sessions">
			{t("office.sessions.title")}</h2>
		<p class="kern-body">{t("office.sessions.says")}</p>
		{error !== null && !data && <Failure error={error} retry={reload} />}
		{sending.errors.map(({ message }) => <Notice key={message}
		    kind="danger" live title={message} />)}
		<ul class="of-items">{data?.items.map(({ id, here, created_at,
		    last_seen_at }) => <li class="of-item" key={id}>
			<p>{t("office.sessions.since",
			    { time: formatDateTime(created_at) })}<br />
				<span class="sk-muted">{t("office.sessions.seen",
				    { time: formatDateTime(last_seen_at) })}</span></p>
			{here ? <Badge kind="info">{t("office.sessions.here")}</Badge> :
			    <Button onClick={() => void sending.send(() => end(id))}>
				{t("office.sessions.end")}</Button>}
		</li>)}</ul>
	</section>;
}

function Look(): JSX.Element {
	const [mode, setMode] = useState<string>(readPreferences().mode);
	return <section class="of-section" aria-labelledby="look">
		<h2 class="kern-heading-medium" id="look">{t("office.look.title")}</h2>
		<div class="sk-form">
			<Choices id="language" label={t("app.settings.language")}
			    value={language.value} onValue={(value) =>
				void setLanguage(value).then(() =>
				announce(t("app.settings.changed")))}
			    choices={offered().map((value) =>
				({ value, label: names[value] ?? value }))} />
			<Choices id="mode" label={t("app.settings.mode")} value={mode}
			    choices={["system", "light", "dark", "contrast"].map((value) =>
				({ value, label: t(`app.mode.${value}`) }))}
			    onValue={(value) => setMode(writePreferences(
				{ mode: value as Mode }).mode)} />
			<Check id="keys" label={t("office.keys.use")}
			    hint={t("office.keys.use-hint")} checked={keysOn.value}
			    onValue={turnKeys} />
		</div>
	</section>;
}

export function AccountPage(): JSX.Element {
	const { data, error, reload } = useApi<Account>(ACCOUNT);
	// From the dialog that lists the keys.
	useEffect(() => {
		if (data && place.value.query.get("at") === "keys")
			document.getElementById("keys")?.focus();
	}, [data !== null]);
	return <>
		<Title says={me.value?.email}>{t("office.account.title")}</Title>
		{error !== null && !data && <Failure error={error} retry={reload} />}
		{!data ? error === null && <Skeleton lines={6} /> :
		    <div class="of-columns">
			<Passkeys />
			<Totp on={data.totp} />
			<Recovery count={data.recovery_codes} />
			{data.password && <Password />}
			<Sessions />
			<Look />
		</div>}
		<p><a class="of-standalone" href="/licences">
			{t("app.legal.licences")}</a></p>
	</>;
}

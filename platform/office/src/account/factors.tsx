// SPDX-License-Identifier: EUPL-1.2
// Second factors: passkeys, a code generator, recovery codes.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t, theApp } from "../../../app/src/context.ts";
import { formatDateTime } from "../../../app/src/format.ts";
import { Button, Failure, Notice } from "../../../app/src/kit/basics.tsx";
import { Field } from "../../../app/src/kit/fields.tsx";
import { Confirm } from "../../../app/src/kit/layers.tsx";
import { api, refresh, useApi } from "../api.ts";
import { BASE } from "../session.ts";
import { Form, useSending } from "../sign_in/form.tsx";
import { undoable } from "../toast.tsx";
import { makePasskey, passkeysWork, type CreateOptions } from "../webauthn.ts";
import { Qr } from "./qr.tsx";

const ACCOUNT = `${BASE}/account`;

interface Passkey {
	id: string;
	name: string;
	created_at: string;
	used_at: string | null;
}

function Errors({ errors }: { errors: { message: string }[] }): JSX.Element {
	return <>{errors.map(({ message }) => <Notice key={message} kind="danger"
	    live title={message} />)}</>;
}

function PasskeyRow({ passkey }: { passkey: Passkey }): JSX.Element {
	const [asking, setAsking] = useState(false);
	const sending = useSending();
	const remove = async () => {
		setAsking(false);
		await api.delete(`${ACCOUNT}/passkeys/${passkey.id}`);
		refresh(ACCOUNT);
		undoable(t("office.passkey.removed", { name: passkey.name }));
	};
	const [name, setName] = useState<string | null>(null);
	const rename = async () => {
		const wanted = (name ?? "").trim();
		if (wanted === "")
			return sending.fail([{ id: `name-${passkey.id}`,
			    message: t("office.passkey.name-missing") }]);
		await api.patch(`${ACCOUNT}/passkeys/${passkey.id}`,
		    { name: wanted });
		setName(null);
		refresh(ACCOUNT);
		undoable(t("office.passkey.renamed", { name: wanted }));
	};
	if (name !== null)
		return <li class="of-item"><Form sending={sending} onSend={rename}
		    button={t("app.button.save")} after={<Button
			onClick={() => setName(null)}>
			{t("app.button.cancel")}</Button>}>
			<Field id={`name-${passkey.id}`} label={t("office.passkey.name")}
			    value={name} onValue={setName} maxLength={60}
			    error={sending.errorOf(`name-${passkey.id}`)} />
		</Form></li>;
	return <li class="of-item">
		<p><strong>{passkey.name}</strong><br />
			<span class="sk-muted">{passkey.used_at ?
			    t("office.passkey.used", { time: formatDateTime(
				passkey.used_at) }) : t("office.passkey.unused")}</span></p>
		<Button onClick={() => setName(passkey.name)}>
			{t("office.passkey.rename")}
			<span class="kern-sr-only"> {passkey.name}</span></Button>
		<Button busy={sending.busy} onClick={() => setAsking(true)}>
			{t("office.passkey.remove")}
			<span class="kern-sr-only"> {passkey.name}</span></Button>
		<Errors errors={sending.errors} />
		{asking && <Confirm title={t("office.passkey.remove-title")}
		    text={t("office.passkey.remove-says", { name: passkey.name })}
		    yes={t("office.passkey.remove")} onNo={() => setAsking(false)}
		    onYes={() => void sending.send(remove)} />}
	</li>;
}

export function Passkeys({ onDone }: { onDone?: () => Promise<void> }): JSX.Element {
	const { data, error, reload } =
	    useApi<{ items: Passkey[] }>(`${ACCOUNT}/passkeys`);
	const [name, setName] = useState("");
	const sending = useSending({ "/name": "passkey-name" });
	const add = async () => {
		const options = await api.post<CreateOptions>(
		    `${ACCOUNT}/passkeys/options`, {});
		const made = await makePasskey(options);
		await api.post(`${ACCOUNT}/passkeys`, { ...made,
		    ...name.trim() !== "" && { name: name.trim() } });
		setName("");
		undoable(t("office.passkey.added"));
		refresh(ACCOUNT);
		await onDone?.();
	};
	return <section class="of-section" aria-labelledby="passkeys">
		<h2 class="kern-heading-medium" id="passkeys">
			{t("office.passkey.title")}</h2>
		<p class="kern-body">{t("office.passkey.says",
		    { city: theApp().name })}</p>
		{error !== null && !data && <Failure error={error} retry={reload} />}
		{data && data.items.length > 0 && <ul class="of-items">
			{data.items.map((passkey) => <PasskeyRow key={passkey.id}
			    passkey={passkey} />)}</ul>}
		{passkeysWork() ? <Form sending={sending} onSend={add}
		    button={t("office.passkey.add")}>
			<Field id="passkey-name" label={t("office.passkey.name")}
			    hint={t("office.passkey.name-hint")} value={name}
			    onValue={setName} maxLength={60} optional
			    error={sending.errorOf("passkey-name")} />
		</Form> : <Notice kind="info" title={t("office.passkey.not-here")} />}
	</section>;
}

export function Totp({ on, onDone }: { on: boolean;
    onDone?: () => Promise<void> }): JSX.Element {
	const [offer, setOffer] = useState<{ secret: string; uri: string } | null>(
	    null);
	const [code, setCode] = useState("");
	const [asking, setAsking] = useState(false);
	const sending = useSending({ "/code": "totp-code" });
	const begin = async () => setOffer(await api.post(`${ACCOUNT}/totp`, {}));
	const confirm = async () => {
		const digits = code.replace(/\s/g, "");
		if (!/^\d{6}$/.test(digits))
			return sending.fail([{ id: "totp-code",
			    message: t("office.sign-in.totp-wrong") }]);
		await api.post(`${ACCOUNT}/totp/confirm`, { code: digits });
		setOffer(null);
		setCode("");
		undoable(t("office.totp.done"));
		refresh(ACCOUNT);
		await onDone?.();
	};
	const remove = async () => {
		setAsking(false);
		await api.delete(`${ACCOUNT}/totp`);
		refresh(ACCOUNT);
		undoable(t("office.totp.removed"));
	};
	return <section class="of-section" aria-labelledby="totp">
		<h2 class="kern-heading-medium" id="totp">{t("office.totp.title")}</h2>
		<p class="kern-body">{t(on ? "office.totp.on" : "office.totp.off")}</p>
		{offer ? <Form sending={sending} button={t("office.totp.confirm")}
		    onSend={confirm} after={<Button onClick={() => setOffer(null)}>
			{t("app.button.cancel")}</Button>}>
			<p class="kern-body">{t("office.totp.scan")}</p>
			<Qr text={offer.uri} label={t("office.totp.qr")} />
			<p class="kern-body">{t("office.totp.by-hand")}{" "}
				<code class="of-secret">{offer.secret.replace(/.{4}(?=.)/g,
				    "$& ")}</code></p>
			<Field id="totp-code" label={t("office.sign-in.totp")}
			    hint={t("office.sign-in.totp-hint")} inputMode="numeric"
			    autocomplete="one-time-code" value={code} onValue={setCode}
			    error={sending.errorOf("totp-code")} required />
		</Form> : <>
			<Errors errors={sending.errors} />
			<p class="sk-actions">
				<Button busy={sending.busy} kind={onDone ? "primary" : "secondary"}
				    onClick={() => void sending.send(begin)}>
					{t(on ? "office.totp.renew" : "office.totp.begin")}</Button>
				{on && <Button onClick={() => setAsking(true)}>
					{t("office.totp.remove")}</Button>}
			</p>
		</>}
		{asking && <Confirm title={t("office.totp.remove-title")}
		    text={t("office.totp.remove-says")} yes={t("office.totp.remove")}
		    onNo={() => setAsking(false)}
		    onYes={() => void sending.send(remove)} />}
	</section>;
}

function save(codes: string[]): void {
	const text = [t("office.recovery.file-says", { city: theApp().name }), "",
	    ...codes, ""].join("\n");
	const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
	const link = document.createElement("a");
	link.href = url;
	link.download = `${t("office.recovery.file")}.txt`;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function Recovery({ count, onDone }: { count: number;
    onDone?: () => void }): JSX.Element {
	const [codes, setCodes] = useState<string[] | null>(null);
	const sending = useSending();
	// Who leaves the page with them unsaved is asked first.
	useEffect(() => {
		if (codes === null)
			return undefined;
		const ask = (event: Event) => event.preventDefault();
		addEventListener("beforeunload", ask);
		return () => removeEventListener("beforeunload", ask);
	}, [codes]);
	const make = async () => {
		const { codes: fresh } = await api.post<{ codes: string[] }>(
		    `${ACCOUNT}/recovery-codes`, {});
		setCodes(fresh);
		refresh(ACCOUNT);
	};
	return <section class="of-section" aria-labelledby="recovery">
		<h2 class="kern-heading-medium" id="recovery">
			{t("office.recovery.title")}</h2>
		<p class="kern-body">{t("office.recovery.says")}</p>
		{codes === null ? <>
			<p class="kern-body">{t("office.recovery.left", { count })}</p>
			<Errors errors={sending.errors} />
			<p class="sk-actions"><Button busy={sending.busy}
			    onClick={() => void sending.send(make)}>
				{t(count > 0 ? "office.recovery.renew" :
				    "office.recovery.make")}</Button></p>
		</> : <>
			<Notice kind="warning" live title={t("office.recovery.once")} />
			<ol class="of-codes">{codes.map((code) => <li key={code}>
				<code class="of-secret">{code}</code></li>)}</ol>
			<p class="sk-actions">
				<Button icon="download" onClick={() => save(codes)}>
					{t("office.recovery.save")}</Button>
				<Button onClick={() => print()}>
					{t("office.recovery.print")}</Button>
				<Button kind="primary" onClick={() => {
					setCodes(null);
					onDone?.();
				}}>{t("office.recovery.kept")}</Button>
			</p>
		</>}
	</section>;
}

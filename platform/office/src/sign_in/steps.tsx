// SPDX-License-Identifier: EUPL-1.2
// Signing in: password, then whatever second factor the person has; or a
// passkey, which is both.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../app/src/context.ts";
import { ApiError } from "../../../app/src/errors.ts";
import { answer } from "../../../app/src/fetch.ts";
import { Button, Notice } from "../../../app/src/kit/basics.tsx";
import { Field } from "../../../app/src/kit/fields.tsx";
import { BASE, send, signedIn } from "../session.ts";
import { passkeysWork, usePasskey, type RequestOptions } from "../webauthn.ts";
import { Form, useSending } from "./form.tsx";

export type Way = "totp" | "passkey" | "recovery";

export const post = async <T,>(path: string, body: object): Promise<T> =>
    (await answer<T>(await send(`${BASE}${path}`, { method: "POST", body })))
    .data;

async function byPasskey(): Promise<void> {
	const options = await post<RequestOptions>("/session/passkey/options", {});
	await post("/session/passkey", await usePasskey(options));
	await signedIn();
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function PasswordStep({ email: known, onNext }: { email: string | null;
    onNext: (ways: Way[]) => void }): JSX.Element {
	const [email, setEmail] = useState(known ?? "");
	const [password, setPassword] = useState("");
	const sending = useSending({ "/email": "email", "/password": "password" });
	const go = async () => {
		const wrong = [
		    ...EMAIL.test(email.trim()) ? [] : [{ id: "email",
			message: t("app.account.email-wrong") }],
		    ...password !== "" ? [] : [{ id: "password",
			message: t("office.sign-in.password-missing") }]];
		if (wrong.length > 0) {
			sending.fail(wrong);
			return;
		}
		const { next } = await post<{ next?: Way[] }>("/session",
		    { email: email.trim(), password });
		setPassword("");
		if (next)
			onNext(next);
		else
			await signedIn();
	};
	return <Form sending={sending} button={t("office.sign-in.go")} onSend={go}
	    after={passkeysWork() && <Button icon="key" block
		onClick={() => void sending.send(byPasskey)}>
		{t("office.sign-in.by-passkey")}</Button>}>
		<Field id="email" label={t("app.data.field.email")} type="email"
		    autocomplete="username" inputMode="email" value={email}
		    onValue={setEmail} readOnly={known !== null} required
		    error={sending.errorOf("email")} />
		<Field id="password" label={t("office.sign-in.password")}
		    type="password" autocomplete="current-password" value={password}
		    onValue={setPassword} required
		    error={sending.errorOf("password")} />
	</Form>;
}

function CodeStep({ way, onLost }: { way: "totp" | "recovery";
    onLost: (error: unknown) => boolean }): JSX.Element {
	const [code, setCode] = useState("");
	const sending = useSending({ "/code": "code" }, onLost);
	const go = async () => {
		const given = code.replace(/\s/g, "");
		if (way === "totp" ? !/^\d{6}$/.test(given) : given.length < 10) {
			sending.fail([{ id: "code",
			    message: t(`office.sign-in.${way}-wrong`) }]);
			return;
		}
		await post(`/session/${way}`, { code: given });
		await signedIn();
	};
	return <Form sending={sending} button={t("office.sign-in.go")} onSend={go}>
		<Field id="code" label={t(`office.sign-in.${way}`)} value={code}
		    hint={t(`office.sign-in.${way}-hint`)} onValue={setCode} required
		    autocomplete={way === "totp" ? "one-time-code" : "off"}
		    inputMode={way === "totp" ? "numeric" : "text"}
		    spellcheck={false} error={sending.errorOf("code")} />
	</Form>;
}

function PasskeyStep({ onLost }: { onLost: (error: unknown) => boolean }):
    JSX.Element {
	const sending = useSending({}, onLost);
	return <Form sending={sending} button={t("office.sign-in.by-passkey")}
	    onSend={byPasskey}>
		<p class="kern-body">{t("office.sign-in.passkey-hint")}</p>
	</Form>;
}

export function SecondStep({ ways, onLost }: { ways: Way[];
    onLost: (error: unknown) => boolean }): JSX.Element {
	const order: Way[] = ["passkey", "totp", "recovery"];
	const has = order.filter((way) => ways.includes(way) &&
	    (way !== "passkey" || passkeysWork()));
	const [way, setWay] = useState<Way>(has[0] ?? "recovery");
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => heading.current?.focus(), [way]);
	return <>
		<h2 class="kern-heading-medium" tabindex={-1} ref={heading}>
			{t("office.sign-in.second")}</h2>
		{way === "passkey" ? <PasskeyStep onLost={onLost} /> :
		    <CodeStep key={way} way={way} onLost={onLost} />}
		<div class="of-other">
			{has.filter((one) => one !== way).map((one) => <Button key={one}
			    kind="tertiary" onClick={() => setWay(one)}>
				{t(`office.sign-in.instead-${one}`)}</Button>)}
		</div>
	</>;
}

// `email`: whose session it has to be.
export function Steps({ email = null }: { email?: string | null }): JSX.Element {
	const [ways, setWays] = useState<Way[] | null>(null);
	const [late, setLate] = useState(false);
	const onLost = (error: unknown) => {
		if (!(error instanceof ApiError) || error.code !== "ticket-unknown")
			return false;
		setWays(null);
		setLate(true);
		return true;
	};
	if (ways !== null)
		return <SecondStep ways={ways} onLost={onLost} />;
	return <>
		{late && <Notice kind="warning" live
		    title={t("office.sign-in.late")} />}
		<PasswordStep email={email} onNext={(next) => {
			setLate(false);
			setWays(next);
		}} />
	</>;
}

// SPDX-License-Identifier: EUPL-1.2
// The page that a link in a mail opens: the person chooses a password. What
// stands behind the # is sent to nobody before that.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t, theApp } from "../../../app/src/context.ts";
import { LinkButton, Notice, Title } from "../../../app/src/kit/basics.tsx";
import { Field } from "../../../app/src/kit/fields.tsx";
import { navigate } from "../../../app/src/router.ts";
import { me, signedIn } from "../session.ts";
import { Form, useSending } from "./form.tsx";
import { post, SecondStep, type Way } from "./steps.tsx";

const SHORTEST = 12;

export function NewPassword({ id, label, value, onValue, error }: { id: string;
    label: string; value: string; onValue: (value: string) => void;
    error: string | undefined }): JSX.Element {
	return <Field id={id} label={label} type="password"
	    autocomplete="new-password" hint={t("office.password.hint")}
	    value={value} onValue={onValue} error={error} required />;
}

export const tooShort = (id: string, password: string) =>
    [...password].length >= SHORTEST ? [] :
    [{ id, message: t("office.password.short") }];

export function Invitation(): JSX.Element {
	const [token] = useState(() => location.hash.slice(1));
	const [password, setPassword] = useState("");
	const [ways, setWays] = useState<Way[] | null>(null);
	const sending = useSending({ "/password": "new-password" });
	const go = async () => {
		const wrong = tooShort("new-password", password);
		if (wrong.length > 0)
			return sending.fail(wrong);
		const { email } = await post<{ email: string }>("/invitation",
		    { token, password });
		const { next } = await post<{ next?: Way[] }>("/session",
		    { email, password });
		// Somebody else's screens are not gone on with.
		me.value = null;
		if (next)
			return setWays(next);
		navigate("/", { replace: true });
		await signedIn();
	};
	return <div class="of-sign-in">
		<Title says={t("office.invitation.says", { city: theApp().name })}>
			{t("office.invitation.title")}</Title>
		{token === "" ? <>
			<Notice kind="warning" title={t("office.invitation.none")} />
			<LinkButton href="/">{t("office.sign-in.anew")}</LinkButton>
		</> : ways !== null ? <SecondStep ways={ways} onLost={() => {
			navigate("/", { replace: true });
			return true;
		}} /> :
		    <Form sending={sending} button={t("office.invitation.go")}
			onSend={go}>
			<NewPassword id="new-password" value={password}
			    label={t("office.password.new")} onValue={setPassword}
			    error={sending.errorOf("new-password")} />
		</Form>}
	</div>;
}

// SPDX-License-Identifier: EUPL-1.2
// What of the app is not accessible: the form that the accessibility statement
// has to offer. Sent without the device's token: it belongs to nobody.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api.ts";
import { t } from "../context.ts";
import { ApiError, errorText } from "../errors.ts";
import { Button, Notice, PrefillNote } from "../kit/basics.tsx";
import { ErrorSummary, Field, type FormError } from "../kit/fields.tsx";
import { vault } from "../vault.ts";

const LEAST = 10;

const fieldErrors = (error: unknown): FormError[] =>
    error instanceof ApiError && error.errors.length > 0 ?
	error.errors.map(({ pointer, message }) =>
	    ({ id: `feedback-${pointer.slice(1)}`,
		message: t("app.error.field", { message }) })) :
	[{ message: errorText(error, t) }];

export function Feedback({ to }: { to: string }): JSX.Element {
	const [text, setText] = useState("");
	const [email, setEmail] = useState("");
	const [filled, setFilled] = useState<readonly "email"[]>([]);
	const [errors, setErrors] = useState<FormError[]>([]);
	const [state, setState] = useState<"open" | "busy" | "sent">("open");
	// The same words are sent with the same key, so that a second try after an
	// answer that was lost is no second mail.
	const sent = useRef({ body: "", key: "" });
	useEffect(() => void vault.prefill(["email"]).then(({ values }) => {
		if (values.email) {
			setEmail(values.email);
			setFilled(["email"]);
		}
	}), []);
	const send = async (event: Event) => {
		event.preventDefault();
		if (state === "busy")
			return;
		if (text.trim().length < LEAST) {
			setErrors([{ id: "feedback-text",
			    message: t("app.feedback.too-short") }]);
			return;
		}
		setErrors([]);
		setState("busy");
		try {
			const body = { text: text.trim(),
			    ...email.trim() && { email: email.trim() } };
			if (sent.current.body !== JSON.stringify(body))
				sent.current = { body: JSON.stringify(body),
				    key: crypto.randomUUID() };
			await api.post(to, body, { device: false,
			    key: sent.current.key });
			setState("sent");
		} catch (error) {
			setErrors(fieldErrors(error));
			setState("open");
		}
	};
	const errorOf = (id: string) =>
	    errors.find((error) => error.id === id)?.message;
	if (state === "sent")
		return <Notice kind="success" title={t("app.feedback.sent")} live />;
	return <form class="sk-form" noValidate
	    onSubmit={(event) => void send(event)}>
		<h2 class="kern-heading-medium">{t("app.feedback.title")}</h2>
		<ErrorSummary errors={errors} />
		<Field id="feedback-text" label={t("app.feedback.text")} multiline
		    maxLength={4000} hint={t("app.feedback.text-hint")} value={text}
		    onValue={setText} error={errorOf("feedback-text")} required />
		<PrefillNote fields={filled} />
		<Field id="feedback-email" label={t("app.data.field.email")} type="email"
		    inputMode="email" autocomplete="email" optional
		    hint={t("app.feedback.email-hint")} value={email}
		    onValue={setEmail} error={errorOf("feedback-email")} />
		<Button type="submit" kind="primary" block busy={state === "busy"}>
			{t("app.button.send")}</Button>
	</form>;
}

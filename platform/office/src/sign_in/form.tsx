// SPDX-License-Identifier: EUPL-1.2
// What the steps of signing in have in common: a form that says what is wrong,
// waits when it has to, and sends once.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../../app/src/context.ts";
import { ApiError, errorText } from "../../../app/src/errors.ts";
import { Button, Notice } from "../../../app/src/kit/basics.tsx";
import { ErrorSummary, type FormError } from
    "../../../app/src/kit/fields.tsx";
import { useWait } from "./wait.ts";

export interface Sending {
	errors: FormError[];
	busy: boolean;
	seconds: number;
	send: (action: () => Promise<unknown>) => Promise<void>;
	fail: (errors: FormError[]) => void;
	errorOf: (id: string) => string | undefined;
}

// `fields` says which field a finding of the server's belongs to, by pointer.
export function useSending(fields: Record<string, string> = {},
    onError?: (error: unknown) => boolean): Sending {
	const [errors, setErrors] = useState<FormError[]>([]);
	const [busy, setBusy] = useState(false);
	const { seconds, slowed } = useWait();
	const errorsOf = (error: unknown): FormError[] => {
		const found = error instanceof ApiError ? error.errors.flatMap(
		    ({ pointer, message }) => fields[pointer] ? [{
		    id: fields[pointer] ?? "", message: t("app.error.field",
		    { message }) }] : []) : [];
		return found.length > 0 ? found : [{ message: errorText(error, t) }];
	};
	const send = async (action: () => Promise<unknown>) => {
		if (busy || seconds > 0)
			return;
		setErrors([]);
		setBusy(true);
		try {
			await action();
		} catch (error) {
			if (!slowed(error) && !onError?.(error))
				setErrors(errorsOf(error));
		}
		setBusy(false);
	};
	const errorOf = (id: string) =>
	    errors.find((one) => one.id === id)?.message;
	return { errors, busy, seconds, send, fail: setErrors, errorOf };
}

// A form around fields and its one filled button.
export function Form({ sending, button, onSend, children, after }: {
    sending: Sending; button: string; onSend: () => Promise<unknown>;
    children?: ComponentChildren; after?: ComponentChildren }): JSX.Element {
	const { errors, busy, seconds } = sending;
	return <form class="sk-form" noValidate onSubmit={(event) => {
		event.preventDefault();
		void sending.send(onSend);
	}}>
		<ErrorSummary errors={errors} />
		{seconds > 0 && <Notice kind="warning" live
		    title={t("office.sign-in.slow")}>
			<p aria-hidden="true">{t("office.sign-in.wait",
			    { count: seconds })}</p>
		</Notice>}
		{children}
		<Button type="submit" kind="primary" block
		    busy={busy || seconds > 0}>{button}</Button>
		{after}
	</form>;
}

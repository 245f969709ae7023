// SPDX-License-Identifier: EUPL-1.2
// A confirmed account, in the flow: where one is needed, a dialog asks for an
// e-mail address, then for the code that was sent there, and the person goes
// on where they were.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "./announce.ts";
import { api } from "./api.ts";
import { t, theApp } from "./context.ts";
import { ApiError, errorText } from "./errors.ts";
import { hasDevice } from "./http.ts";
import { Button, Notice } from "./kit/basics.tsx";
import { ErrorSummary, Field } from "./kit/fields.tsx";
import { Dialog } from "./kit/layers.tsx";
import { outbox } from "./outbox/outbox.ts";
import { vault } from "./vault.ts";

export type AccountState = "unknown" | "none" | "confirmed";

const state = signal<AccountState>("unknown");
const asking = signal<{ resolve: (confirmed: boolean) => void;
    reason: string | null } | null>(null);

// A device that was never registered has no account: that needs no request.
async function read(): Promise<AccountState> {
	if (!await hasDevice()) {
		state.value = "none";
	} else {
		const { data, fetchedAt } = await api.own<{ confirmed: boolean }>(
		    "/api/v1/account");
		if (fetchedAt === null || state.value === "unknown")
			state.value = data.confirmed ? "confirmed" : "none";
	}
	return state.value;
}

export const account = {
	state,
	read,

	// True when there is a confirmed account, at once or after the dialog;
	// false when the person closed it. Rejects without a network.
	async ensure(reason: string | null = null): Promise<boolean> {
		if (await read() === "confirmed")
			return true;
		return new Promise((resolve) => { asking.value = { resolve, reason }; });
	},

	async leave(): Promise<void> {
		await api.delete("/api/v1/account");
		state.value = "none";
	},
};

export const ensureAccount = account.ensure;

function close(confirmed: boolean): void {
	asking.value?.resolve(confirmed);
	asking.value = null;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function messageFor(error: unknown, pointer: string): string {
	const found = error instanceof ApiError ?
	    error.errors.find((one) => one.pointer === pointer) : undefined;
	return found ? t("app.error.field", { message: found.message }) :
	    errorText(error, t);
}

function EmailStep({ first, done }: { first: string;
    done: (email: string) => void }): JSX.Element {
	const [email, setEmail] = useState(first);
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const send = async (event: Event) => {
		event.preventDefault();
		if (busy)
			return;
		if (!EMAIL.test(email.trim())) {
			setError(t("app.account.email-wrong"));
			return;
		}
		setBusy(true);
		try {
			await api.post("/api/v1/account", { email: email.trim() });
			done(email.trim());
		} catch (failure) {
			setError(messageFor(failure, "/email"));
			setBusy(false);
		}
	};
	return <form noValidate onSubmit={(event) => void send(event)}>
		<ErrorSummary errors={error ? [{ id: "account-email",
		    message: error }] : []} />
		<p class="kern-body">{t("app.account.why")}</p>
		<Field id="account-email" label={t("app.data.field.email")} type="email"
		    autocomplete="email" inputMode="email" value={email}
		    onValue={setEmail} error={error} required
		    hint={t("app.account.email-hint")} />
		<Button type="submit" kind="primary" block busy={busy}>
			{t("app.account.send-code")}
		</Button>
	</form>;
}

function CodeStep({ email, back }: { email: string;
    back: () => void }): JSX.Element {
	const [code, setCode] = useState("");
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	useEffect(() => announce(t("app.account.sent", { email })), []);
	const confirm = async (event: Event) => {
		event.preventDefault();
		const digits = code.replace(/\s/g, "");
		if (busy)
			return;
		if (!/^\d{6}$/.test(digits)) {
			setError(t("app.account.code-wrong"));
			return;
		}
		setBusy(true);
		try {
			await api.post("/api/v1/account/confirm", { code: digits });
			state.value = "confirmed";
			announce(t("app.account.done"));
			close(true);
			void outbox.retryAccount();
		} catch (failure) {
			setError(messageFor(failure, "/code"));
			setBusy(false);
		}
	};
	return <form noValidate onSubmit={(event) => void confirm(event)}>
		<ErrorSummary errors={error ? [{ id: "account-code",
		    message: error }] : []} />
		<Notice kind="info" title={t("app.account.sent", { email })} />
		<Field id="account-code" label={t("app.account.code")}
		    autocomplete="one-time-code" inputMode="numeric" value={code}
		    onValue={setCode} error={error} required maxLength={12}
		    hint={t("app.account.code-hint")} />
		<Button type="submit" kind="primary" block busy={busy}>
			{t("app.account.confirm")}
		</Button>
		<Button kind="tertiary" block onClick={back}>
			{t("app.account.other-email")}
		</Button>
	</form>;
}

// In the page once, for whoever asks.
export function AccountDialog(): JSX.Element | null {
	const [email, setEmail] = useState<string | null>(null);
	const [first, setFirst] = useState<string | null>(null);
	const open = asking.value !== null;
	useEffect(() => {
		setEmail(null);
		setFirst(null);
		if (open)
			void vault.prefill(["email"]).then(({ values }) =>
			    setFirst(values.email ?? ""));
	}, [open]);
	if (!open)
		return null;
	return <Dialog title={t("app.account.title", { city: theApp().name })}
	    onClose={() => close(false)}>
		{asking.value?.reason && <p class="kern-body">{asking.value.reason}</p>}
		{first !== null && (email === null ?
		    <EmailStep first={first} done={setEmail} /> :
		    <CodeStep email={email} back={() => {
			setFirst(email);
			setEmail(null);
		    }} />)}
	</Dialog>;
}

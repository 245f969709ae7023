// SPDX-License-Identifier: EUPL-1.2
// Signing in at the city's own system (OpenID Connect): there and back. What
// it takes is asked by the courier, so this waits for it.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../../app/src/context.ts";
import { AppError } from "../../../app/src/errors.ts";
import { answer } from "../../../app/src/fetch.ts";
import { Button, Failure, LinkButton, Skeleton } from
    "../../../app/src/kit/basics.tsx";
import { navigate } from "../../../app/src/router.ts";
import { useApi } from "../api.ts";
import { BASE, send, signedIn } from "../session.ts";
import { useSending } from "./form.tsx";
import { post } from "./steps.tsx";

const RETURN = "stadtkern-office-return";
const PATIENCE = 60_000;
const PAUSE = 500;

interface Phase {
	phase: "asked" | "ready" | "given" | "done" | "failed";
	location?: string | null;
}

async function reached(state: string, wanted: Phase["phase"]): Promise<Phase> {
	const end = performance.now() + PATIENCE;
	while (performance.now() < end) {
		const { data } = await answer<Phase>(await send(
		    `${BASE}/session/oidc/${state}`, {}));
		if (data.phase === wanted)
			return data;
		if (data.phase === "failed")
			throw new AppError("office.city-system.failed");
		await new Promise((done) => setTimeout(done, PAUSE));
	}
	throw new AppError("office.city-system.slow");
}

export function CitySystem(): JSX.Element | null {
	const { data } = useApi<{ oidc: string | null }>(
	    `${BASE}/session/options`);
	const sending = useSending();
	if (!data?.oidc)
		return null;
	const go = async () => {
		const { state } = await post<{ state: string }>("/session/oidc", {});
		const { location: there } = await reached(state, "ready");
		sessionStorage.setItem(RETURN, location.pathname + location.search);
		location.assign(there ?? "/");
	};
	return <div>
		{sending.errors.map(({ message }) => <Failure key={message}
		    error={new AppError(message)} />)}
		<Button block busy={sending.busy}
		    onClick={() => void sending.send(go)}>{data.oidc}</Button>
	</div>;
}

// What the browser came back with; good once.
async function finish(state: string, code: string | null,
    iss: string | null): Promise<void> {
	if (code === null)
		throw new AppError("office.city-system.failed");
	await post(`/session/oidc/${state}`, { code, ...iss !== null && { iss } });
	await reached(state, "done");
	await post(`/session/oidc/${state}/session`, {});
	const back = sessionStorage.getItem(RETURN) ?? "/";
	sessionStorage.removeItem(RETURN);
	navigate(back.startsWith("/sign-in") ? "/" : back, { replace: true });
	await signedIn();
}

export function CityAnswer({ state, code, iss }: { state: string;
    code: string | null; iss: string | null }): JSX.Element {
	const [error, setError] = useState<unknown>(null);
	useEffect(() => {
		finish(state, code, iss).catch(setError);
	}, []);
	return error === null ? <Skeleton lines={3} /> : <>
		<Failure error={error} />
		<LinkButton href="/">{t("office.sign-in.anew")}</LinkButton>
	</>;
}

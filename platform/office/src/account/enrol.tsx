// SPDX-License-Identifier: EUPL-1.2
// The first thing after the first sign-in, where the city demands a second
// factor: nothing else is open before.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { t, theApp } from "../../../app/src/context.ts";
import { Button, Title } from "../../../app/src/kit/basics.tsx";
import { navigate } from "../../../app/src/router.ts";
import { me, readMe } from "../session.ts";
import { Passkeys, Recovery, Totp } from "./factors.tsx";

// Set while somebody who has just set up a factor is shown recovery codes.
const enrolled = signal(false);

export const enrols = (): boolean =>
    enrolled.value || me.value?.enrolling === true;

export function EnrolPage(): JSX.Element {
	const done = async () => {
		enrolled.value = true;
		me.value = await readMe();
	};
	const leave = () => {
		enrolled.value = false;
		navigate("/", { replace: true });
	};
	if (enrolled.value)
		return <>
			<Title says={t("office.enrol.codes")}>
				{t("office.enrol.done")}</Title>
			<Recovery count={0} onDone={leave} />
			<p class="sk-actions"><Button kind="tertiary" onClick={leave}>
				{t("office.enrol.skip")}</Button></p>
		</>;
	return <>
		<Title says={t("office.enrol.says", { city: theApp().name })}>
			{t("office.enrol.title")}</Title>
		<div class="of-columns">
			<Passkeys onDone={done} />
			<Totp on={false} onDone={done} />
		</div>
	</>;
}

// SPDX-License-Identifier: EUPL-1.2
// The page where one signs in, and the dialog where one does so again without
// losing what is on the screen.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { language, t, theApp } from "../../../app/src/context.ts";
import { names } from "../../../app/src/i18n.ts";
import { Button, Notice, Title } from "../../../app/src/kit/basics.tsx";
import { Dialog } from "../../../app/src/kit/layers.tsx";
import { place } from "../../../app/src/router.ts";
import { offered, setLanguage } from "../language.ts";
import { interrupted, me, readMe, signedIn } from "../session.ts";
import { CityAnswer, CitySystem } from "./city_system.tsx";
import { Invitation } from "./invitation.tsx";
import { Steps } from "./steps.tsx";

function Languages(): JSX.Element {
	return <p class="of-languages">
		{offered().filter((one) => one !== language.value).map((one) =>
		    <button key={one} type="button" lang={one} class="of-link"
			onClick={() => void setLanguage(one)}>{names[one]}</button>)}
	</p>;
}

export function SignInPage(): JSX.Element {
	const { path, query } = place.value;
	const state = query.get("state");
	if (path === "/invitation")
		return <Invitation />;
	return <div class="of-sign-in">
		<Title says={t("office.sign-in.says", { city: theApp().name })}>
			{t("office.sign-in.title")}</Title>
		{path === "/sign-in" && state ? <CityAnswer state={state}
		    code={query.get("code")} iss={query.get("iss")} /> : <>
			<Steps />
			<CitySystem />
		</>}
		<Languages />
	</div>;
}

// Over whatever is on the screen. Where the person is signed in again
// meanwhile, in another window, that will do here.
export function AgainDialog(): JSX.Element {
	const person = me.value;
	const reason = interrupted.value?.reason ?? "ended";
	useEffect(() => {
		if (reason === "stale")
			return undefined;
		const look = () => void readMe(true).then((now) => {
			if (now)
				void signedIn();
		}, () => undefined);
		addEventListener("focus", look);
		return () => removeEventListener("focus", look);
	}, [reason]);
	return <Dialog title={t("office.again.title")} {...reason === "stale" &&
	    { onClose: () => interrupted.value?.done(false) }}>
		<Notice kind="info" title={t(`office.again.${reason}`)} />
		<Steps email={person?.email ?? null} />
		{reason === "ended" && <>
			<p class="kern-body"><a href="/sign-in" target="_blank">
				{t("office.again.window")}</a></p>
			<Button kind="tertiary" onClick={() => location.reload()}>
				{t("office.again.somebody-else")}</Button>
		</>}
	</Dialog>;
}

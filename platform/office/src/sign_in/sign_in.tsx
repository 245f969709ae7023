// SPDX-License-Identifier: EUPL-1.2
// The page where one signs in, and the dialog where one does so again without
// losing what is on the screen.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { language, t, theApp } from "../../../app/src/context.ts";
import { names } from "../../../app/src/i18n.ts";
import { Button, Notice, Title } from "../../../app/src/kit/basics.tsx";
import { Dialog } from "../../../app/src/kit/layers.tsx";
import { offered, setLanguage } from "../language.ts";
import { me, readMe, signedIn } from "../session.ts";
import { Steps } from "./steps.tsx";

function Languages(): JSX.Element {
	return <p class="of-languages">
		{offered().filter((one) => one !== language.value).map((one) =>
		    <button key={one} type="button" lang={one} class="of-link"
			onClick={() => void setLanguage(one)}>{names[one]}</button>)}
	</p>;
}

export function SignInPage(): JSX.Element {
	return <div class="of-sign-in">
		<Title says={t("office.sign-in.says", { city: theApp().name })}>
			{t("office.sign-in.title")}</Title>
		<Steps />
		<Languages />
	</div>;
}

// Where the person is signed in again meanwhile, in another window, that will
// do here.
export function AgainDialog(): JSX.Element {
	const person = me.value;
	useEffect(() => {
		const look = () => void readMe(true).then((now) => {
			if (now)
				void signedIn();
		}, () => undefined);
		addEventListener("focus", look);
		return () => removeEventListener("focus", look);
	}, []);
	return <Dialog title={t("office.again.title")}>
		<Notice kind="info" title={t("office.again.says")} />
		<Steps email={person?.email ?? null} />
		<Button kind="tertiary" onClick={() => location.reload()}>
			{t("office.again.somebody-else")}</Button>
	</Dialog>;
}

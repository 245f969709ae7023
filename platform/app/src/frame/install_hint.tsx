// SPDX-License-Identifier: EUPL-1.2
// Offers to put the app on the home screen, where the browser can do that.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t, theApp } from "../context.ts";
import { installPrompt, installsByHand, isInstalled } from "../install.ts";
import { Button, Card } from "../kit/basics.tsx";

export function InstallHint(): JSX.Element | null {
	const [done, setDone] = useState(false);
	const prompt = installPrompt.value;
	if (done || isInstalled() || (!prompt && !installsByHand()))
		return null;
	const install = async () => {
		// A prompt can be shown once.
		installPrompt.value = null;
		if ((await prompt?.prompt())?.outcome === "accepted")
			setDone(true);
	};
	return <Card title={t("app.install.title")} icon="download"
	    action={prompt && <Button kind="primary" onClick={() => void install()}>
		{t("app.install.button")}</Button>}>
		<p class="kern-body">{prompt ?
		    t("app.install.says", { city: theApp().name }) :
		    t("app.install.by-hand")}</p>
	</Card>;
}

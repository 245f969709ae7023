// SPDX-License-Identifier: EUPL-1.2
// Where the app begins: the city and its texts are asked for, then everything
// is drawn into the document that the server made.

import { hydrate, render } from "preact";
import { makeRegions } from "./announce.ts";
import { language } from "./context.ts";
import { startDrafts } from "./drafts.ts";
import { Frame } from "./frame/frame.tsx";
import { Lost } from "./frame/lost.tsx";
import { Routes } from "./frame/routes.tsx";
import { startInstall } from "./install.ts";
import { startLanguage } from "./language.ts";
import { startOnline } from "./online.ts";
import { startOutbox } from "./outbox/outbox.ts";
import { readPreferences, show } from "./preferences.ts";
import { startRouter } from "./router.ts";
import { startTrust } from "./trust.ts";

async function start(): Promise<void> {
	const root = document.getElementById("app");
	if (!root)
		throw new Error("the document has no #app");
	// What the server drew is taken over, if it is in the person's language.
	const drawn = "first" in root.dataset ? document.documentElement.lang : null;
	show(readPreferences());
	makeRegions(document.body);
	startTrust();
	startRouter();
	startOnline();
	startDrafts();
	try {
		await startLanguage();
	} catch (error) {
		console.error(error);
		root.replaceChildren();
		render(<Lost />, root);
		startInstall();
		return;
	}
	if (drawn !== language.value)
		root.replaceChildren();
	(drawn === language.value ? hydrate : render)(
	    <Frame><Routes /></Frame>, root);
	delete root.dataset.first;
	startOutbox();
	// What the service worker fetches must not be in the way of the first view.
	startInstall();
}

void start();

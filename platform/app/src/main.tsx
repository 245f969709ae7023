// SPDX-License-Identifier: EUPL-1.2
// Where the app begins: the city and its texts are asked for, then everything
// is drawn into the document that the server made.

import { render } from "preact";
import { makeRegions } from "./announce.ts";
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
	show(readPreferences());
	makeRegions(document.body);
	startTrust();
	startRouter();
	startOnline();
	try {
		await startLanguage();
	} catch (error) {
		console.error(error);
		root.replaceChildren();
		render(<Lost />, root);
		startInstall();
		return;
	}
	root.replaceChildren();
	render(<Frame><Routes /></Frame>, root);
	startOutbox();
	// What the service worker fetches must not be in the way of the first view.
	startInstall();
}

void start();

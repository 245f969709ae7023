// SPDX-License-Identifier: EUPL-1.2
// Where the office begins: the city, its texts and who is signed in are asked
// for, then everything is drawn into the document that the server made.

import { render } from "preact";
import { makeRegions } from "../../app/src/announce.ts";
import { Lost } from "../../app/src/frame/lost.tsx";
import { startOnline } from "../../app/src/online.ts";
import { readPreferences, show } from "../../app/src/preferences.ts";
import { startRouter } from "../../app/src/router.ts";
import { startTrust } from "../../app/src/trust.ts";
import { Frame } from "./frame/frame.tsx";
import { startKeys } from "./keys.tsx";
import { startLanguage } from "./language.ts";
import { startSession } from "./session.ts";

async function start(): Promise<void> {
	const root = document.getElementById("app");
	if (!root)
		throw new Error("the document has no #app");
	show(readPreferences());
	makeRegions(document.body);
	startTrust();
	startRouter();
	startOnline();
	startKeys();
	try {
		await startLanguage();
		await startSession();
	} catch (error) {
		console.error(error);
		root.replaceChildren();
		render(<Lost />, root);
		return;
	}
	root.replaceChildren();
	render(<Frame />, root);
}

void start();

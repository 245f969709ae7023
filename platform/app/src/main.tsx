// SPDX-License-Identifier: EUPL-1.2
// Where the app begins: the city and its texts are asked for, then everything
// is drawn into the document that the server made.

import { render } from "preact";
import { makeRegions } from "./announce.ts";
import { Frame } from "./frame/frame.tsx";
import { Routes } from "./frame/routes.tsx";
import { startInstall } from "./install.ts";
import { startLanguage } from "./language.ts";
import { startOnline } from "./online.ts";
import { startOutbox } from "./outbox/outbox.ts";
import { readPreferences, show } from "./preferences.ts";
import { startRouter } from "./router.ts";
import { startTrust } from "./trust.ts";

// The only texts that are in the program: no others are there yet.
const lost = {
	de: { title: "Die App kann gerade nicht geladen werden.",
	    text: "Bitte prüfen Sie Ihre Internet-Verbindung und versuchen Sie " +
	    "es noch einmal.", again: "Noch einmal versuchen" },
	en: { title: "The app cannot be loaded right now.",
	    text: "Please check your internet connection and try again.",
	    again: "Try again" },
};

function Lost() {
	const language = navigator.language.startsWith("de") ? "de" : "en";
	const { title, text, again } = lost[language];
	return <main class="sk-lost" lang={language}>
		<h1 class="kern-heading-large">{title}</h1>
		<p class="kern-body">{text}</p>
		<button type="button" class="kern-btn kern-btn--primary"
		    onClick={() => location.reload()}>
			<span class="kern-label">{again}</span></button>
	</main>;
}

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

// SPDX-License-Identifier: EUPL-1.2
// The city's description could not be had.

import type { JSX } from "preact";

// The only texts that are in the program: no others are there yet.
const lost = {
	de: { title: "Die App kann gerade nicht geladen werden.",
	    text: "Bitte prüfen Sie Ihre Internet-Verbindung und versuchen Sie " +
	    "es noch einmal.", again: "Noch einmal versuchen" },
	en: { title: "The app cannot be loaded right now.",
	    text: "Please check your internet connection and try again.",
	    again: "Try again" },
};

export function Lost(): JSX.Element {
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

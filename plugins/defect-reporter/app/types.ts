// SPDX-License-Identifier: EUPL-1.2
// What the city sets and the server answers, as far as the screens read it.

export interface Question {
	code: string;
	ask: string;
	kind: "text" | "choice" | "choices" | "bool" | "number";
	choices?: string[];
	required?: boolean;
	// Answers with which no report is taken; for bool "true" or "false".
	stops?: string[];
	stop_text?: string;
}

export interface Category {
	code: string;
	name: string;
	group?: string;
	hint?: string;
	danger?: string;
	keywords?: string[];
	questions?: Question[];
}

export interface Status {
	code: string;
	name: string;
	kind: "open" | "closed" | "rejected";
}

export interface Settings {
	categories: Category[];
	statuses: Status[];
	initial: string;
	photos_max: number;
	text_max: number;
	nearby_metres: number;
	// Working days until staff look at a new report; 0: nothing is promised.
	first_look_days?: number;
}

export interface Position {
	lat: number;
	lon: number;
}

interface Common {
	id: string;
	number: number;
	category: string;
	status: string;
	received_at: string;
	// Null where other software told an address only.
	position?: Position | null;
	address?: string | null;
	supporters?: number;
}

export interface Listed extends Common {
	text: string;
	changed_at: string;
	photos: string[];
}

export interface Near extends Common {
	text: string;
	distance: number;
}

export interface Event {
	at: string;
	kind: string;
	status?: string;
	text?: string;
	body?: string;
	// Of the report that this one was merged with or divided from.
	number?: number;
}

export interface Shown extends Common {
	text: string;
	changed_at: string;
	photos: { id: string; width: number; height: number }[];
	history: Event[];
}

export type Release = "pending" | "released" | "rejected";

export interface OwnPhoto {
	id: string;
	state: "quarantine" | "waiting" | "released" | "rejected" | "refused" |
	    "erased";
	reason: string | null;
}

export interface Own extends Common {
	text: string;
	release: Release;
	changed_at: string;
	answers: number;
	photos: OwnPhoto[];
}

export interface OwnShown extends Common {
	text: string;
	published_text: string | null;
	release: Release;
	changed_at: string;
	answers: Record<string, unknown>;
	consent_forward: boolean;
	photos: OwnPhoto[];
	history: Event[];
}

export interface Supported extends Common {
	text: string;
	changed_at: string;
	answers: number;
}

// A report in the hands of an outside body, as its link shows it.
export interface Handed {
	state: "open" | "accepted";
	expires_at: string;
	sent_at: string;
	body: { code: string; name: string };
	note: string | null;
	report: { id: string; number: number; category: string; status: string;
	    text: string; received_at: string; position: Position | null;
	    address: string | null;
	    photos: { id: string; width: number; height: number }[] };
	answers: { at: string; kind: string; text: string | null }[];
}

export type HandedAction = "accept" | "answer" | "close" | "refuse";

export interface HandedAnswer {
	state: "open" | "accepted" | "refused" | "closed";
	number: number;
	answer: "waiting" | "published" | null;
}

export interface Page<T> {
	items: T[];
	next: string | null;
}

export interface Feature {
	id: string;
	geometry: { coordinates: [number, number] };
	properties: { number: number; category: string; status: string;
	    received_at: string };
}

// SPDX-License-Identifier: EUPL-1.2
// What the office's interface answers, as far as the screens read it.

import type { Category as AppCategory, Position, Release, Settings as
    AppSettings, Status as AppStatus } from "../app/types.ts";

import type { Area } from "./redact.ts";

export type { Page, Position, Question, Release } from "../app/types.ts";

export type Category = AppCategory & { department?: string };
export type Status = AppStatus & { next?: string[] };
export type Settings = Omit<AppSettings, "categories" | "statuses"> &
    { categories: Category[]; statuses: Status[] };

export type Priority = "low" | "normal" | "high" | "urgent";

export interface Person {
	id: string;
	name: string;
}

// The last thing that happened to a ticket; nobody did what a sender did.
export interface Last {
	at: string;
	kind: string;
	staff: string | null;
	// Whether it was whoever asks.
	own: boolean;
}

// A row of the list.
export interface Row {
	id: string;
	number: number;
	category: string;
	status: string;
	department: string;
	assignment: "proposed" | "assigned" | "accepted" | "returned";
	person: Person | null;
	channel: string;
	release: Release;
	priority: Priority;
	due_on: string | null;
	late: boolean;
	position: Position | null;
	address: string | null;
	text: string;
	received_at: string;
	changed_at: string;
	closed_at: string | null;
	version: number;
	spam: boolean;
	parent: string | null;
	children: number;
	photos: { all: number; waiting: number };
	// Whether an answer waits for release.
	answer: boolean;
	// Whether there is mail that nobody has read.
	mail: boolean;
	last: Last | null;
}

// What staff changed, from what to what; what there is not is left out.
interface Change<T> {
	from?: T;
	to?: T;
}

export interface Changes {
	category?: Change<string>;
	position?: Change<Position>;
	address?: Change<string>;
	priority?: Change<Priority>;
	due_on?: Change<string>;
}

export interface Event {
	at: string;
	kind: string;
	public: boolean;
	status?: string;
	text?: string;
	body?: string;
	department?: string;
	person?: string;
	category?: string;
	priority?: Priority;
	due_on?: string;
	changes?: Changes;
	report?: string;
	number?: number;
	photo?: string;
	staff?: string;
	own?: boolean;
}

export interface Photo {
	id: string;
	state: "quarantine" | "waiting" | "released" | "rejected" | "refused" |
	    "erased";
	reason: string | null;
	width: number | null;
	height: number | null;
	// What is blackened for the public, and whether that is burnt in.
	areas: Area[];
	redaction: "none" | "waiting" | "done" | "failed";
}

// The public's answer, before it is public.
export interface Preview {
	number: number;
	category: string;
	status: string;
	text: string;
	position: Position | null;
	address: string | null;
	received_at: string;
	photos: { id: string; width: number; height: number }[];
	history: unknown[];
}

// A ticket in the hands of a body outside the city.
export interface Forwarding {
	id: string;
	body: string;
	state: "open" | "accepted" | "refused" | "closed" | "revoked" | "expired";
	note: string | null;
	contact: boolean;
	created_at: string;
	expires_at: string;
	reminded_at: string | null;
	staff: string | null;
}

// What outside bodies have not settled.
export interface OpenForwarding extends Pick<Forwarding, "id" | "body" |
    "created_at" | "expires_at" | "reminded_at"> {
	state: "open" | "accepted" | "expired";
	report: { id: string; number: number; category: string;
	    department: string; status: string; due_on: string | null;
	    late: boolean };
}

// A mail that came to a ticket. `party` is who writes, as its token says; null
// is who began. `known`: from the address that the city's mail went to;
// `forged`: with a token of nothing; `cut` and `dropped`: what was too much.
export interface Letter {
	id: string;
	kind: "message" | "generated" | "automatic" | "bounce" | "unreadable";
	party: "sender" | "department" | "body" | null;
	known: boolean;
	forged: boolean;
	subject: string | null;
	shown: string | null;
	cut: boolean;
	dropped: number;
	status: string | null;
	received_at: string;
	read_at: string | null;
	files: { id: string; name: string; media_type: string; size: number }[];
}

export interface WholeLetter extends Letter {
	text: string | null;
	contact: { name?: string; email?: string } | null;
}

export interface Remark {
	id: string;
	state: "waiting" | "released" | "rejected";
	text: string;
	received_at: string;
}

export interface Draft {
	id: string;
	text: string;
	state: "waiting" | "released" | "rejected";
	reason: string | null;
	created_at: string;
	staff: string | null;
}

export interface Near {
	id: string;
	number: number;
	category: string;
	similar: boolean;
	status: string;
	received_at: string;
	distance: number;
	text: string;
}

// Everything of a ticket.
export interface Ticket extends Omit<Row, "parent" | "children" | "photos" |
    "due_on" | "late" | "answer" | "mail" | "last"> {
	allowed: string[];
	outside_body: string | null;
	// That the place is on.
	parcel: { key: string; label: string; city_owned: boolean | null;
	    area: number | null } | null;
	deadline: { on: string; by: "category" | "staff"; late: boolean } | null;
	sent_by: string | null;
	media_url: string | null;
	text: string;
	published_text: string | null;
	answers: Record<string, unknown>;
	consent_forward: boolean;
	contact: { name?: string; email?: string; phone?: string } | null;
	contact_until: string | null;
	released_at: string | null;
	photos: Photo[];
	remarks: Remark[];
	parent: { id: string; number: number; status: string } | null;
	children: { id: string; number: number; text: string }[];
	nearby: Near[];
	drafts: Draft[];
	correspondence: Letter[];
	history: Event[];
}

// SPDX-License-Identifier: EUPL-1.2
// What the list shows: the filter in the address, the list when others change
// it, and what is sensible next. Knows no page.

import type { Last, Row, Status, Ticket } from "./types.ts";

const LISTS = ["status", "category", "department", "channel", "priority"] as const;
export const FLAGS = ["new", "mine", "late", "answer", "mail", "photo", "spam"] as const;
export const SORTS = ["deadline", "received", "changed", "priority"] as const;
export const RELEASES = ["pending", "released", "rejected"] as const;
export const CHANNELS = ["app", "open311", "telephone", "letter", "counter",
    "mail"] as const;
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;

export type ListName = typeof LISTS[number];
export type Flag = typeof FLAGS[number];
export type Sort = typeof SORTS[number];

export interface Filter {
	lists: Record<ListName, string[]>;
	flags: Flag[];
	release: string;
	q: string;
	sort: Sort | "";
}

const NO_LISTS: Filter["lists"] = { status: [], category: [], department: [],
    channel: [], priority: [] };

const known = <T extends string>(all: readonly T[], text: string | null): T | "" =>
    all.find((one) => one === text) ?? "";

export function filterOf(query: URLSearchParams): Filter {
	const lists = Object.fromEntries(LISTS.map((name) => [name,
	    (query.get(name) ?? "").split(",").filter((code) =>
	    /^[a-z0-9][a-z0-9-]*$/.test(code))])) as Filter["lists"];
	return { lists, flags: FLAGS.filter((flag) => query.get(flag) === "true"),
	    release: known(RELEASES, query.get("release")),
	    q: (query.get("q") ?? "").slice(0, 200),
	    sort: known(SORTS, query.get("sort")) };
}

// The same for the address of the screen and for the server.
export function queryOf({ lists, flags, release, q, sort }: Filter): string {
	const query = new URLSearchParams();
	for (const name of LISTS)
		if (lists[name].length > 0)
			query.set(name, lists[name].join(","));
	for (const flag of FLAGS)
		if (flags.includes(flag))
			query.set(flag, "true");
	if (release !== "")
		query.set("release", release);
	// Fewer letters are no search yet.
	if ([...q.trim()].length >= 2)
		query.set("q", q.trim());
	if (sort !== "")
		query.set("sort", sort);
	return query.toString();
}

// What the list asks the server for. As long as no status is named, who looks
// for nothing in particular sees what is open, who looks for something all of
// it.
export function askedOf(filter: Filter, statuses: readonly Pick<Status, "code" |
    "kind">[]): Filter {
	const { lists, flags, release, q } = filter;
	const looks = queryOf({ lists: NO_LISTS, flags, release, q, sort: "" }) !== "";
	const status = lists.status.length > 0 || looks ? lists.status :
	    statuses.filter(({ kind }) => kind === "open").map(({ code }) => code);
	return { ...filter, lists: { ...lists, status } };
}

export const toggled = (filter: Filter, flag: Flag): Filter => ({ ...filter,
    flags: filter.flags.includes(flag) ? filter.flags.filter((one) =>
	one !== flag) : [...filter.flags, flag] });

// As a saved view holds it, and back.
export const savedOf = (filter: Filter): Record<string, string | boolean> =>
    Object.fromEntries([...new URLSearchParams(queryOf(filter))].map(
	([name, value]) => [name, value === "true" ? true : value]));

export const filterOfSaved = (saved: Record<string, unknown>): Filter =>
    filterOf(new URLSearchParams(Object.entries(saved).map(
	([name, value]): [string, string] => [name, String(value)])));

export interface Line extends Row {
	// What somebody else did since the row was first shown.
	news?: Last | undefined;
	// It does not fit the filter any more; it stays until the list is read
	// anew, so that nothing moves under the hand.
	gone?: boolean;
}

export const sameLast = (a: Last | null, b: Last | null): boolean =>
    a?.at === b?.at && a?.kind === b?.kind && a?.staff === b?.staff;

function renewed(old: Line, fresh: Row): Line {
	const changed = fresh.last !== null && (fresh.version !== old.version ||
	    !sameLast(fresh.last, old.last));
	const news = changed && !fresh.last?.own ? fresh.last : old.news;
	return { ...fresh, ...news && { news } };
}

// A page as it is shown, when the server tells how it is now. Rows stay where
// they are; new ones come in where they belong. What is not in `fresh` has left
// the filter, unless others pushed it over the end of a page that goes on.
export function merged(shown: readonly Line[], fresh: readonly Row[],
    more: boolean): Line[] {
	if (shown.length === 0)
		return [...fresh];
	const now = new Map(fresh.map((row) => [row.id, row]));
	const lastKept = shown.findLastIndex(({ id }) => now.has(id));
	const lines: Line[] = [];
	shown.forEach((old, i) => {
		const row = now.get(old.id);
		if (row)
			lines.push(renewed(old, row));
		else if (!more || i < lastKept)
			lines.push({ ...old, gone: true });
	});
	const there = new Set(lines.map(({ id }) => id));
	let after = -1;
	for (const row of fresh) {
		if (there.has(row.id)) {
			after = Math.max(after, lines.findIndex(({ id }) => id === row.id));
			continue;
		}
		lines.splice(++after, 0, row);
	}
	return lines;
}

// All pages one after the other; what slipped to the next is shown once.
export function joined(pages: readonly (readonly Line[])[]): Line[] {
	const seen = new Set<string>();
	return pages.flat().filter(({ id }) => !seen.has(id) && seen.add(id));
}

// The row that `j` and `k` go to; from nowhere to the first.
export function neighbour(lines: readonly { id: string }[], at: string | null,
    step: 1 | -1): string | null {
	const i = lines.findIndex(({ id }) => id === at);
	const to = i < 0 ? 0 : Math.min(Math.max(i + step, 0), lines.length - 1);
	return lines[to]?.id ?? null;
}

export type StepName = "place" | "release" | "answers" | "accept" | "assign" | "take" |
    "status" | "answer";

// The one step that a ticket waits for, of those that the person may take.
export function nextStep(ticket: Ticket, can: (right: string) => boolean): StepName | null {
	const open = ticket.closed_at === null;
	if (ticket.spam)
		return null;
	if (ticket.channel === "mail" && !ticket.position && !ticket.address &&
	    can("reports.work"))
		return "place";
	if (ticket.release === "pending" && can("reports.release"))
		return "release";
	if (ticket.drafts.some(({ state }) => state === "waiting") &&
	    can("answers.release"))
		return "answers";
	if (ticket.parent !== null)
		return null;
	if (open && ticket.assignment === "assigned" && can("reports.work"))
		return "accept";
	if (open && (ticket.assignment === "proposed" ||
	    ticket.assignment === "returned") && can("tickets.assign"))
		return "assign";
	if (open && ticket.person === null && can("reports.work"))
		return "take";
	if (open && can("reports.work"))
		return "status";
	return can("reports.work") ? "answer" : null;
}

// What one's own last step made of a ticket is known before it is read anew:
// who goes on at once meets no change but those of others.
const made = new Map<string, number>();

export function madeVersion({ id, version }: Pick<Ticket, "id" | "version">): void {
	made.set(id, version);
}
export const knownVersion = ({ id, version }: Pick<Ticket, "id" | "version">): number =>
    Math.max(version, made.get(id) ?? 0);

// What happened after the first `seen` events, and was not done by oneself.
export const othersSince = (ticket: Pick<Ticket, "history">,
    seen: number): Ticket["history"] =>
    ticket.history.slice(seen).filter(({ own }) => !own);

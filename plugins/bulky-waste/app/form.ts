// SPDX-License-Identifier: EUPL-1.2
// A pick-up that is being booked: what is in it, what is still wrong, what is
// sent. Pure: no storage, no network, no page.

import type { Address, Booking, Catalogue, Day, Excluded, Item, Settings }
    from "./types.ts";

export interface Form {
	// How many, by the code of the catalogue.
	items: Record<string, number>;
	address: Address;
	// Wished days, the dearest first.
	days: string[];
	name: string;
	email: string;
	phone: string;
	note: string;
	// Filled from "Meine Daten"; what is empty stays so.
	prefilled: boolean;
}

export const emptyForm = (): Form => ({ items: {}, address: { street: "",
    house_number: "", postcode: "" }, days: [], name: "", email: "", phone: "",
    note: "", prefilled: false });

export interface Load {
	volume: number;
	weight: number;
	devices: number;
}

// Devices are counted and take no room, as the server reckons.
export function loadOf(items: Form["items"], catalogue: Catalogue): Load {
	const load: Load = { volume: 0, weight: 0, devices: 0 };
	for (const item of catalogue.items) {
		const count = items[item.code] ?? 0;
		if (item.electrical)
			load.devices += count;
		else {
			load.volume += count * item.volume;
			load.weight += count * item.weight;
		}
	}
	return { ...load, volume: Math.round(load.volume * 1000) / 1000,
	    weight: Math.ceil(load.weight) };
}

// How much of what a pick-up takes is used; null where there is no limit.
export function room(load: Load, { limit }: Settings):
    { used: number; most: number; unit: "m3" | "kg" } | null {
	return limit === null ? null : { most: limit.value, unit: limit.unit,
	    used: limit.unit === "m3" ? load.volume : load.weight };
}

export const withCount = (items: Form["items"], code: string, count: number):
    Form["items"] => {
	const { [code]: _was, ...rest } = items;
	return count > 0 ? { ...rest, [code]: count } : rest;
};

// "Hauptstr. 12 a" as Meine Daten have it: street, and the number at its end.
export function splitStreet(text: string): { street: string; house_number: string } {
	const found = /^(.*\D)\s+(\d+\s*[a-z]?(?:\s*[-/]\s*\d+\s*[a-z]?)?|\d+\s+1\/2)$/i
	    .exec(text.trim());
	return found ? { street: found[1]!.trim(), house_number: found[2]! } :
	    { street: text.trim(), house_number: "" };
}

// "Kühlschrank" is found by "kuehl" and by "kuhl".
export const folded = (text: string): string => text.toLowerCase()
    .replace(/ß/g, "ss").normalize("NFD").replace(/\p{M}/gu, "")
    .replace(/([aou])e/g, "$1");

const matches = (words: string[], { name, keywords }: Item | Excluded) =>
    words.every((word) => [name, ...keywords].some((one) =>
    folded(one).includes(word)));

// What of the catalogue a person may mean; all of it when nothing is asked.
export function search(catalogue: Catalogue, asked: string):
    { items: Item[]; excluded: Excluded[] } {
	const words = folded(asked).split(/\s+/).filter(Boolean);
	return words.length === 0 ? { items: catalogue.items, excluded: [] } :
	    { items: catalogue.items.filter((one) => matches(words, one)),
		excluded: catalogue.excluded.filter((one) => matches(words, one)) };
}

export function groups(items: readonly Item[]): Map<string, Item[]> {
	const all = new Map<string, Item[]>();
	for (const item of items)
		all.set(item.group, [...all.get(item.group) ?? [], item]);
	return all;
}

export const isFree = ({ free, closed }: Day): boolean => free > 0 && closed === null;

// A day more or less; of more than `most` the oldest wish leaves.
export const withDay = (days: readonly string[], day: string, most: number): string[] =>
    days.includes(day) ? days.filter((one) => one !== day) :
    [...days, day].slice(-most);

export const isExpress = (days: readonly string[], offered: readonly Day[]): boolean =>
    offered.some(({ day, express }) => express && days.includes(day));

export interface FieldProblem {
	id: string;
	key: string;
}

export function problemsOf(form: Form, catalogue: Catalogue, settings: Settings,
    district: string | null): FieldProblem[] {
	const load = loadOf(form.items, catalogue);
	const space = room(load, settings);
	const most = settings.electrical?.max_devices ?? 0;
	const found: FieldProblem[] = [];
	const wrong = (is: boolean, id: string, key: string) =>
	    void (is && found.push({ id, key: `app.error.${key}` }));
	wrong(Object.keys(form.items).length === 0, "search", "things");
	wrong(space !== null && space.used > space.most, "search", "room");
	wrong(most > 0 && load.devices > most, "search", "devices");
	wrong(form.address.street.trim() === "", "street", "street");
	wrong(form.address.house_number.trim() === "", "house-number", "house-number");
	wrong(district !== null && form.days.length === 0, "days", "days");
	wrong(form.name.trim() === "", "name", "name");
	wrong(form.email.trim() === "" && form.phone.trim() === "", "email", "contact");
	return found;
}

const given = (map: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(map).map(([key, value]) =>
    [key, value.trim()]).filter(([, value]) => value !== ""));

export const itemsOf = ({ items }: Form) => Object.entries(items).map(
    ([item, count]) => ({ item, count }));

export const bodyOf = (form: Form, express: boolean, fee: number) => ({
	address: given({ ...form.address }),
	items: itemsOf(form),
	days: form.days,
	express,
	fee_cents: fee,
	household: given({ name: form.name, note: form.note }),
	contact: given({ name: form.name, email: form.email, phone: form.phone }),
});

const at = (pointer: string): string | null =>
    pointer.startsWith("/items") ? "search" :
    pointer === "/address/street" || pointer === "/address" ? "street" :
    pointer === "/address/house_number" ? "house-number" :
    pointer === "/address/postcode" ? "postcode" :
    pointer.startsWith("/days") ? "days" :
    pointer === "/household/name" || pointer === "/contact/name" ? "name" :
    pointer === "/household/note" ? "note" :
    pointer === "/contact/phone" ? "phone" :
    pointer.startsWith("/contact") ? "email" : null;

// The server's findings at the fields they are about.
export const fieldErrors = (errors: readonly { pointer: string; message: string }[]) =>
    errors.map(({ pointer, message }) => ({ id: at(pointer) ?? "search", message }));

type Sent = ReturnType<typeof bodyOf>;

const countsOf = (items: readonly { item: string; count: number }[]) =>
    Object.fromEntries(items.map(({ item, count }) => [item, count]));

// What was sent and refused as a form again. Its days may be gone.
export const formOfSent = ({ items, address, household, contact }: Sent): Form =>
    ({ ...emptyForm(), items: countsOf(items), address:
    { ...emptyForm().address, ...address }, name: household.name ?? "",
    note: household.note ?? "", email: contact.email ?? "",
    phone: contact.phone ?? "", prefilled: true });

// A booking as a form again, to change it.
export const formOf = (booking: Booking): Form => ({ ...emptyForm(),
    items: countsOf(booking.items), address: booking.address,
    days: [booking.day], prefilled: true });

// The upcoming ones, the next day first; then what is over.
export function sorted(bookings: readonly Booking[], today: string): Booking[] {
	const over = ({ state, day }: Booking) => state === "cancelled" || day < today;
	return [...bookings].sort((a, b) => Number(over(a)) - Number(over(b)) ||
	    (over(a) ? b.day.localeCompare(a.day) : a.day.localeCompare(b.day)));
}

export const thingsOf = (items: readonly { count: number; name: string }[]): string =>
    items.map(({ count, name }) => count > 1 ? `${count} × ${name}` : name)
    .join(", ");

// A day as the server writes it, in the city.
const berlin = new Intl.DateTimeFormat("sv", { timeZone: "Europe/Berlin" });
export const dayOf = (time: number): string => berlin.format(time);

export const price = (cents: number, language: string): string =>
    new Intl.NumberFormat(language, { style: "currency", currency: "EUR" })
    .format(cents / 100);

// SPDX-License-Identifier: EUPL-1.2
// "Meine Daten": what a person would type into every form, kept on this device
// and sealed. Nothing of it leaves the device but in a form that the person
// sends.

import { signal } from "@preact/signals";
import { AppError } from "./errors.ts";
import * as database from "./store/database.ts";
import * as sealed from "./store/sealed.ts";

export const FIELDS = ["name", "street", "postcode", "city", "email",
    "telephone"] as const;
export type VaultField = typeof FIELDS[number];

export interface Meter {
	label: string;
	number: string;
}

export type Person = Partial<Record<VaultField, string>> & { meters?: Meter[] };

export const MOST_METERS = 20;
const MOST = 200;
const FORMAT = "stadtkern-my-data";

// null until it was read.
const person = signal<Person | null>(null);

const text = (value: unknown): string => {
	if (typeof value !== "string")
		throw new AppError("app.data.import-wrong");
	// As a field of a form would give it: one line, no blanks around it.
	return value.replace(/[\p{Cc}\s]+/gu, " ").trim().slice(0, MOST);
};

function meters(value: unknown): Meter[] {
	if (!Array.isArray(value) || value.length > MOST_METERS)
		throw new AppError("app.data.import-wrong");
	return value.map((one: unknown) => {
		if (one === null || typeof one !== "object")
			throw new AppError("app.data.import-wrong");
		const { label = "", number = "" } = one as Record<string, unknown>;
		return { label: text(label), number: text(number) };
	}).filter((meter) => meter.number !== "");
}

// Only what we know, only text, nothing empty.
export function clean(input: unknown): Person {
	if (input === null || typeof input !== "object" || Array.isArray(input))
		throw new AppError("app.data.import-wrong");
	const from = input as Record<string, unknown>;
	const result: Person = {};
	for (const field of FIELDS) {
		const value = text(from[field] ?? "");
		if (value !== "")
			result[field] = value;
	}
	const list = meters(from.meters ?? []);
	if (list.length > 0)
		result.meters = list;
	return result;
}

export const exportText = (data: Person): string =>
    JSON.stringify({ format: FORMAT, version: 1, data }, null, 2) + "\n";

export function importText(input: string): Person {
	let parsed: unknown;
	try {
		parsed = JSON.parse(input);
	} catch {
		throw new AppError("app.data.import-wrong");
	}
	const { format, version, data } = (parsed ?? {}) as Record<string, unknown>;
	if (format !== FORMAT)
		throw new AppError("app.data.import-wrong");
	if (version !== 1)
		throw new AppError("app.data.import-newer");
	return clean(data);
}

async function read(): Promise<Person> {
	person.value = await sealed.get<Person>("vault", "person") ?? {};
	return person.value;
}

async function write(data: Person): Promise<void> {
	const cleaned = clean(data);
	await sealed.put("vault", "person", cleaned);
	person.value = cleaned;
}

export const vault = {
	person,
	read,
	write,

	async erase(): Promise<void> {
		await database.remove("vault", "person");
		person.value = {};
	},

	// What of the wanted fields is known. Show <PrefillNote fields={filled}/>
	// with the form, so that nobody wonders where it comes from.
	async prefill(wanted: readonly VaultField[]): Promise<{
	    values: Partial<Record<VaultField, string>>; filled: VaultField[] }> {
		// A vault that does not open must not keep a form from being used.
		const data = await read().catch((): Person => ({}));
		const filled = wanted.filter((field) => data[field] !== undefined);
		return { values: Object.fromEntries(filled.map((field) =>
		    [field, data[field]])), filled };
	},

	// Adds what was typed into a form, if the person asked for it.
	async remember(values: Person): Promise<void> {
		await write({ ...await read(), ...clean(values) });
	},
};

// SPDX-License-Identifier: EUPL-1.2
// The pick-up that is being booked, kept on the device at each change. One for
// the whole app: screens come and go, this stays.

import { signal } from "@preact/signals";
import { drafts, vault, type VaultField } from "@stadtkern/app";
import { emptyForm, splitStreet, type Form } from "./form.ts";

export const draftId = "bulky-waste/new";

// null until it was read.
export const form = signal<Form | null>(null);
// What kept the last change from being written down; null when it was.
export const unsaved = signal<unknown>(null);
export const filledFrom = signal<VaultField[]>([]);

export function change(edit: Partial<Form>): void {
	form.value = { ...form.value ?? emptyForm(), ...edit };
	drafts.save(draftId, form.value).then(() => { unsaved.value = null; },
	    (error: unknown) => { unsaved.value = error; });
}

const wanted: readonly VaultField[] =
    ["name", "street", "postcode", "email", "telephone"];

// Once: what the person empties afterwards stays empty.
async function prefill(empty: Form): Promise<Form> {
	const { values, filled } = await vault.prefill(wanted);
	filledFrom.value = filled;
	return { ...empty, prefilled: true, name: values.name ?? "",
	    email: values.email ?? "", phone: values.telephone ?? "",
	    address: { ...splitStreet(values.street ?? ""),
		postcode: values.postcode ?? "" } };
}

async function read(): Promise<void> {
	// A draft that does not open must not keep a new one from being written.
	const kept = await drafts.load<Form>(draftId).catch((error: unknown) => {
		unsaved.value = error;
		return null;
	});
	const data = { ...emptyForm(), ...kept?.data };
	form.value = data.prefilled ? data : await prefill(data);
}

let reading: Promise<void> | null = null;
export const open = (): Promise<void> => reading ??= read();

// The outbox has it now, or the person has thrown it away.
export async function forget(): Promise<void> {
	form.value = null;
	reading = null;
	await open();
}

export async function discard(): Promise<void> {
	await drafts.remove(draftId);
	await forget();
}

// A booking that was refused becomes a draft again.
export async function restore(old: Form): Promise<void> {
	await open();
	change(old);
}

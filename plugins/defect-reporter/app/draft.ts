// SPDX-License-Identifier: EUPL-1.2
// The report that is being written, kept on the device at each change. One for
// the whole app: steps come and go, this stays.

import { signal } from "@preact/signals";
import { drafts, vault, type VaultField } from "@stadtkern/app";
import { answersOf, emptyForm, type Answer, type Form, type Place } from "./form.ts";
import { takePhoto } from "./photo.ts";
import type { Position } from "./types.ts";

const ID = "defect-reporter/new";

// null until it was read.
export const form = signal<Form | null>(null);
export const pictures = signal<ReadonlyMap<string, string>>(new Map());
// What kept the last change from being written down; null when it was.
export const unsaved = signal<unknown>(null);
// Found when the app was opened: begun at an earlier time.
export const begunAt = signal<number | null>(null);
export const filledFrom = signal<VaultField[]>([]);

const blobs = new Map<string, Blob>();
let saving: Promise<void> | null = null;

export const draftId = ID;
export const photoBlobs = (): Blob[] => (form.value?.photos ?? [])
    .flatMap(({ name }) => blobs.get(name) ?? []);

function show(name: string, blob: Blob): void {
	blobs.set(name, blob);
	pictures.value = new Map([...pictures.value,
	    [name, URL.createObjectURL(blob)]]);
}

function hide(name: string): void {
	const url = pictures.value.get(name);
	if (url)
		URL.revokeObjectURL(url);
	blobs.delete(name);
	pictures.value = new Map([...pictures.value].filter(([one]) => one !== name));
}

export function save(): Promise<void> {
	saving = drafts.save(ID, form.value).then(() => { unsaved.value = null; },
	    (error: unknown) => { unsaved.value = error; });
	return saving;
}

export function change(edit: Partial<Form>): void {
	form.value = { ...form.value ?? emptyForm(), ...edit };
	void save();
}

export function answer(code: string, value: Answer): void {
	const now = form.value ?? emptyForm();
	change({ answers: { ...now.answers, [now.category]:
	    { ...answersOf(now), [code]: value } } });
}

let reading: Promise<void> | null = null;

async function read(): Promise<void> {
	try {
		const kept = await drafts.load<Form>(ID);
		if (!kept?.data) {
			form.value = emptyForm();
			return;
		}
		for (const [name, blob] of kept.blobs)
			show(name, blob);
		const data = { ...emptyForm(), ...kept.data };
		form.value = { ...data, photos: data.photos.filter(({ name }) =>
		    kept.blobs.has(name)) };
		begunAt.value = kept.saved;
	} catch (error) {
		// A draft that does not open must not keep a new one from being
		// written.
		form.value = emptyForm();
		unsaved.value = error;
	}
}

export const open = (): Promise<void> => reading ??= read();

export async function addPhoto(file: Blob): Promise<Position | null> {
	const { blob, position } = await takePhoto(file);
	const name = crypto.randomUUID();
	await drafts.addBlob(ID, name, blob);
	show(name, blob);
	change({ photos: [...form.value?.photos ?? [], { name, position }] });
	return position;
}

export async function removePhoto(name: string): Promise<void> {
	change({ photos: (form.value?.photos ?? [])
	    .filter((photo) => photo.name !== name) });
	hide(name);
	await drafts.removeBlob(ID, name).catch(() => undefined);
}

export const setPlace = (place: Place | null): void => change({ place });

// Once: what the person empties afterwards stays empty.
export async function prefill(): Promise<void> {
	if (form.value === null || form.value.prefilled)
		return;
	const { values, filled } = await vault.prefill(["name", "email", "telephone"]);
	filledFrom.value = filled;
	change({ prefilled: true, contact: { name: values.name ?? "",
	    email: values.email ?? "", phone: values.telephone ?? "" } });
}

function forget(): void {
	for (const name of [...blobs.keys()])
		hide(name);
	begunAt.value = null;
	filledFrom.value = [];
	form.value = emptyForm();
	unsaved.value = null;
}

// It is in the outbox now, which has removed the draft.
export async function sent(): Promise<void> {
	await saving;
	forget();
}

export async function discard(): Promise<void> {
	await saving;
	await drafts.remove(ID);
	forget();
}

// A message that was refused becomes a draft again, photos and all.
export async function restore(old: Form, photos: readonly Blob[]): Promise<void> {
	await open();
	await discard();
	form.value = { ...old, photos: [] };
	for (const [i, blob] of photos.entries()) {
		const name = crypto.randomUUID();
		await drafts.addBlob(ID, name, blob);
		show(name, blob);
		form.value = { ...form.value, photos: [...form.value.photos,
		    { name, position: old.photos[i]?.position ?? null }] };
	}
	await save();
}

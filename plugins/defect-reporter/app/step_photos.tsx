// SPDX-License-Identifier: EUPL-1.2
// Photos: from the camera or what is there, made small on the device.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce, errorText, kit, type Translate } from "@stadtkern/app";
import { addPhoto, form, pictures, removePhoto } from "./draft.ts";
import { useMedia } from "./parts.tsx";
import type { Settings } from "./types.ts";

function Chooser({ id, icon, label, camera, primary, onFiles, onNothing }: {
    id: string; icon: string; label: string; camera?: boolean;
    primary?: boolean; onFiles: (files: File[]) => void;
    onNothing?: () => void }): JSX.Element {
	const input = useRef<HTMLInputElement>(null);
	// Closing the camera, and not being allowed to use it, are told by an
	// event that Preact has no name for.
	useEffect(() => {
		const { current } = input;
		const nothing = () => onNothing?.();
		current?.addEventListener("cancel", nothing);
		return () => current?.removeEventListener("cancel", nothing);
	}, [onNothing]);
	return <label class={`kern-btn kern-btn--${primary ? "primary" :
	    "secondary"} dr-file`} for={id}>
		<kit.Icon name={icon} />
		<span class="kern-label">{label}</span>
		<input id={id} ref={input} class="dr-file__input" type="file"
		    accept="image/*" multiple={!camera}
		    {...camera ? { capture: "environment" as const } : {}}
		    onChange={(event) => {
			const files = [...event.currentTarget.files ?? []];
			event.currentTarget.value = "";
			onFiles(files);
		    }} />
	</label>;
}

function Taken({ t, onRemove }: { t: Translate;
    onRemove: (name: string) => void }): JSX.Element {
	const photos = form.value?.photos ?? [];
	return <ul class="dr-taken">
		{photos.map(({ name, position }, i) => <li key={name}>
			<img src={pictures.value.get(name)} alt={t("app.photo.nth",
			    { at: i + 1 })} />
			{position && <span class="dr-taken__note">
				<kit.Icon name="place" size={20} />
				{t("app.photo.has-place")}</span>}
			<kit.Button kind="tertiary" icon="delete"
			    onClick={() => onRemove(name)}
			    aria-label={t("app.photo.remove-nth", { at: i + 1 })}>
				{t("app.photo.remove")}
			</kit.Button>
		</li>)}
	</ul>;
}

// Adds one after the other: a phone's memory holds one large picture, not five.
function useAdding(settings: Settings, t: Translate) {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const add = async (files: File[]) => {
		setError(null);
		setBusy(true);
		let count = 0;
		try {
			for (const file of files) {
				const { length } = form.value?.photos ?? [];
				if (length >= settings.photos_max) {
					setError(t("app.photo.too-many",
					    { most: settings.photos_max }));
					break;
				}
				await addPhoto(file);
				count++;
			}
		} catch (failure) {
			setError(errorText(failure, t));
		}
		setBusy(false);
		if (count > 0)
			announce(t("app.photo.added", { count }));
	};
	return { add, busy, error, setError };
}

export function PhotosStep({ settings, t }: { settings: Settings;
    t: Translate }): JSX.Element {
	const { add, busy, error, setError } = useAdding(settings, t);
	const photos = form.value?.photos ?? [];
	// A mouse has no camera behind it.
	const phone = useMedia("(pointer: coarse)");
	const full = photos.length >= settings.photos_max;
	const box = useRef<HTMLDivElement>(null);
	const remove = async (name: string) => {
		await removePhoto(name);
		announce(t("app.photo.removed"));
		box.current?.querySelector("input")?.focus();
	};
	return <div class="dr-step" ref={box}>
		<p class="kern-body sk-muted">{t("app.photo.says",
		    { most: settings.photos_max })}</p>
		{error && <kit.Notice kind="warning" title={error} live />}
		{photos.length > 0 && <Taken t={t} onRemove={(name) =>
		    void remove(name)} />}
		{busy && <p class="dr-line" role="status">
			<kit.Icon name="image" size={20} />
			<span>{t("app.photo.busy")}</span></p>}
		{!full && <div class="sk-actions">
			{phone && <Chooser id="photo-camera" icon="camera" camera primary
			    label={t("app.photo.camera")} onFiles={(files) => void add(files)}
			    onNothing={() => setError(t("app.photo.no-camera"))} />}
			<Chooser id="photo-gallery" icon="image"
			    label={t(phone ? "app.photo.gallery" : "app.photo.choose")}
			    onFiles={(files) => void add(files)} />
		</div>}
		{full && <p class="kern-body" role="status">{t("app.photo.full",
		    { most: settings.photos_max })}</p>}
	</div>;
}

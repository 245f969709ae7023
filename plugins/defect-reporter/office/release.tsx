// SPDX-License-Identifier: EUPL-1.2
// What becomes public of a ticket: its text, each photo on its own with what is
// blackened in it, and beside it what the public will see, as the server says.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, errorText, formatDateTime, kit, refresh, t, undoable } from
    "@stadtkern/office";
import { lengthOf } from "../app/form.ts";
import { written } from "../app/place.ts";
import { StepForm, useTyped, type Work } from "./forms.tsx";
import { categoryName, Status } from "./parts.tsx";
import { RedactDialog } from "./redact.tsx";
import type { Photo, Preview, Settings, Ticket } from "./types.ts";

const TEXT_MAX = 4000;
const ASK_AGAIN = 700;

const decidable = ({ state }: Photo): boolean => state === "waiting" ||
    state === "released" || state === "rejected";
const ready = (photo: Photo): boolean => decidable(photo) &&
    (photo.redaction === "none" || photo.redaction === "done");

const photoName = (ticket: Ticket, photo: Photo): string => t("app.photo.of", {
    at: ticket.photos.indexOf(photo) + 1, of: ticket.photos.length,
    number: ticket.number });

// A picture whose address stays the same while what is behind it changes.
function Fresh({ path, version, alt, width, height }: { path: string;
    version: string; alt: string; width?: number | undefined;
    height?: number | undefined }): JSX.Element {
	const [src, setSrc] = useState<string | null>(null);
	useEffect(() => {
		let url: string | null = null;
		const abort = new AbortController();
		fetch(path, { signal: abort.signal, cache: "no-store" }).then(
		    async (response) => {
			if (!response.ok)
				return setSrc(null);
			url = URL.createObjectURL(await response.blob());
			setSrc(url);
		    }).catch(() => setSrc(null));
		return () => {
			abort.abort();
			if (url)
				URL.revokeObjectURL(url);
		};
	}, [path, version]);
	return src === null ? <p class="dt-photo__none" role="img" aria-label={alt}>
		<kit.Icon name="image" size={40} /></p> :
	    <img src={src} alt={alt} width={width} height={height} />;
}

const versionOf = ({ state, redaction, areas }: Photo): string =>
    JSON.stringify([state, redaction, areas]);

// Asks until the courier has burnt it in; the ticket is then read anew.
function useBurning(ticket: Ticket, base: string): void {
	const burning = ticket.photos.filter(({ redaction }) =>
	    redaction === "waiting").map(({ id }) => id).join(" ");
	useEffect(() => {
		if (burning === "")
			return undefined;
		const path = `${base}/reports/${ticket.id}/photos`;
		const timer = setInterval(async () => {
			const states = await Promise.all(burning.split(" ").map((id) =>
			    api.get<{ redaction: string }>(`${path}/${id}/redaction`)))
			    .catch(() => []);
			if (states.some(({ redaction }) => redaction !== "waiting"))
				refresh(`${base}/tickets/${ticket.id}`);
		}, ASK_AGAIN);
		return () => clearInterval(timer);
	}, [burning, ticket.id]);
}

// One photo: whether it is public, and what is blackened in it.
function PhotoRow({ ticket, photo, base, chosen, choose, edit }: { ticket: Ticket;
    photo: Photo; base: string; chosen: boolean;
    choose: (on: boolean) => void; edit: () => void }): JSX.Element {
	const path = `${base}/reports/${ticket.id}/photos/${photo.id}`;
	const name = photoName(ticket, photo);
	return <li class="dt-release__photo">
		{decidable(photo) && <Fresh path={ready(photo) ? `${path}/public` :
		    `${path}/thumbnail`} version={versionOf(photo)} alt={name} />}
		<div>
			<kit.Check id={`release-${photo.id}`} checked={chosen &&
			    ready(photo)} label={t("office.release-form.photo", {
			    at: ticket.photos.indexOf(photo) + 1 })}
			    hint={t(photo.redaction === "waiting" ?
				"office.redact.waiting" : photo.redaction === "failed" ?
				"office.redact.failed" : photo.redaction === "done" ?
				"office.redact.done" : `office.photo.${photo.state}`)}
			    onValue={(on) => ready(photo) && choose(on)} />
			{decidable(photo) && <kit.Button icon="edit" onClick={edit}>
				{t("office.redact.open")}</kit.Button>}
		</div>
	</li>;
}

// The server's own answer to "what will the public see", drawn.
function PublicView({ ticket, base, settings, text, photos }: { ticket: Ticket;
    base: string; settings: Settings; text: string;
    photos: readonly string[] }): JSX.Element {
	const [shown, setShown] = useState<Preview | null>(null);
	const [error, setError] = useState<unknown>(null);
	const states = ticket.photos.map(versionOf).join();
	useEffect(() => {
		let gone = false;
		const timer = setTimeout(() => api.post<Preview>(
		    `${base}/tickets/${ticket.id}/preview`, { photos,
		    ...text.trim() === "" ? {} : { text: text.trim() } }).then(
		    (answer) => {
			if (!gone) {
				setShown(answer);
				setError(null);
			}
		    }, (failure: unknown) => gone || setError(failure)), 300);
		return () => {
			gone = true;
			clearTimeout(timer);
		};
	}, [ticket.id, text, photos.join(), states]);
	const version = (id: string) => {
		const photo = ticket.photos.find((one) => one.id === id);
		return photo ? versionOf(photo) : "";
	};
	return <section class="dt-public" aria-labelledby="public-view">
		<h3 class="dt-small" id="public-view">{t("office.release-form.public")}</h3>
		{error !== null && <kit.Notice kind="warning"
		    title={errorText(error, t)} />}
		{shown && <article>
			<p><strong>{categoryName(settings, shown.category)}</strong>{" · "}
				{t("app.number", { number: shown.number })}</p>
			<p><Status settings={settings} code={shown.status} />{" "}
				<span class="sk-muted">{t("app.sent-at")}{" "}
				<time dateTime={shown.received_at}>
					{formatDateTime(shown.received_at)}</time></span></p>
			{shown.photos.length > 0 && <ul class="dt-public__photos">
				{shown.photos.map(({ id, width, height }, i) => <li key={id}>
					<Fresh path={`${base}/reports/${ticket.id}/photos/${
					    id}/public`} version={version(id)} width={width}
					    height={height} alt={t("app.photo.of", { at: i + 1,
					    of: shown.photos.length, number: shown.number })} />
				</li>)}</ul>}
			<p class="dt-text">{shown.text}</p>
			<p class="dt-place__words"><kit.Icon name="place" size={20} /><span>
				{shown.address ?? (shown.position ? "" : t("app.no-place"))}
				{" "}{shown.position && <span class="sk-muted">
				{written(shown.position)}</span>}</span></p>
			<p class="sk-muted">{t("office.release-form.history",
			    { count: shown.history.length })}</p>
		</article>}
	</section>;
}

export function ReleaseForm({ work }: { work: Work }): JSX.Element {
	const { ticket, base, settings } = work;
	const [editing, setEditing] = useState<string | null>(null);
	// The editor stays until the ticket is as one's own change has left it.
	const [saved, setSaved] = useState<number | null>(null);
	useEffect(() => {
		if (saved !== null && ticket.version >= saved) {
			setEditing(null);
			setSaved(null);
		}
	}, [saved, ticket.version]);
	const form = useTyped(work, "release", {
	    text: ticket.published_text ?? ticket.text,
	    photos: ticket.photos.filter(({ state }) => state === "released")
		.map(({ id }) => id) });
	useBurning(ticket, base);
	const { text, photos } = form.value;
	const tooLong = lengthOf(text) - TEXT_MAX;
	const chosen = ticket.photos.filter((photo) => ready(photo) &&
	    photos.includes(photo.id)).map(({ id }) => id);
	const edited = ticket.photos.find(({ id }) => id === editing);
	// Each photo on its own, after the text, whose version they raise.
	const send = async () => {
		await work.send({ path: `reports/${ticket.id}/release`,
		    body: { text: text.trim() }, said: t("office.said.release") });
		for (const photo of ticket.photos.filter(decidable)) {
			const on = chosen.includes(photo.id);
			if (on !== (photo.state === "released") &&
			    (on || photo.state === "released"))
				await api.post(`${base}/reports/${ticket.id}/photos/${
				    photo.id}/${on ? "release" : "reject"}`);
		}
		form.sent();
		refresh(`${base}/tickets`);
	};
	if (edited)
		return <RedactDialog path={`${base}/reports/${ticket.id}/photos/${
		    edited.id}`} src={`${base}/reports/${ticket.id}/photos/${edited.id}`}
		    alt={photoName(ticket, edited)} width={edited.width ?? 1}
		    height={edited.height ?? 1} areas={edited.areas}
		    onClose={() => setEditing(null)} onSaved={({ version }) => {
			setSaved(version);
			undoable(t("office.said.redacted"));
			refresh(`${base}/tickets/${ticket.id}`);
		    }} />;
	return <StepForm work={work} title={t("office.step.publish")} first="release-text"
	    submit={t("office.release-form.send")} wide send={send}>
		<div class="dt-release">
			<div class="dt-release__form">
				<section aria-labelledby="release-sent">
					<h3 class="dt-small" id="release-sent">
						{t("office.text-sent")}</h3>
					<p class="dt-quote">{ticket.text}</p></section>
				<kit.Field id="release-text" multiline rows={6}
				    label={t("office.text-public")} value={text}
				    hint={t("office.release-form.hint")}
				    onValue={(text) => form.set({ text })}
				    error={tooLong > 0 ? t("app.text.over",
					{ count: tooLong }) : null} />
				{ticket.photos.length > 0 && <section
				    aria-labelledby="release-photos">
					<h3 class="dt-small" id="release-photos">
						{t("app.photos")}</h3>
					<ul class="dt-plain">{ticket.photos.map((photo) =>
					    <PhotoRow key={photo.id} ticket={ticket} photo={photo}
						base={base} chosen={photos.includes(photo.id)}
						choose={(on) => form.set({ photos: on ?
						    [...photos, photo.id] : photos.filter((id) =>
						    id !== photo.id) })}
						edit={() => setEditing(photo.id)} />)}</ul>
				</section>}
			</div>
			<PublicView ticket={ticket} base={base} settings={settings}
			    text={text} photos={chosen} />
		</div>
	</StepForm>;
}

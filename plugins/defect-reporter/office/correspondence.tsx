// SPDX-License-Identifier: EUPL-1.2
// Mail that came to a ticket: what was written, what came with it, whether
// somebody has read it. Who wrote is asked for one by one, as the log has it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, can, errorText, formatDateTime, formatNumber, kit, refresh, t,
    undoable, useApi } from "@stadtkern/office";
import type { Letter, Ticket, WholeLetter } from "./types.ts";

interface Given {
	ticket: Ticket;
	base: string;
}

const KIND = { message: null, generated: "info", automatic: "info",
    bounce: "danger", unreadable: "warning" } as const;

const sizeText = (bytes: number): string => bytes < 100_000 ?
    t("office.mail.kilobytes", { size: formatNumber(Math.ceil(bytes / 1000)) }) :
    t("office.mail.megabytes", { size: formatNumber(Math.round(bytes / 1e5) / 10) });

// The whole text with its quotes, and who wrote it.
function Whole({ path }: { path: string }): JSX.Element {
	const { data, error, reload } = useApi<WholeLetter>(path);
	if (!data)
		return error === null ? <kit.Skeleton lines={4} /> :
		    <kit.Failure error={error} retry={reload} />;
	const from = [data.contact?.name, data.contact?.email].filter(Boolean);
	return <>
		<p class="dt-mail__from">{t("office.mail.from")}{" "}
			<strong>{from.length > 0 ? from.join(", ") :
			    t("office.nobody")}</strong></p>
		<p class="dt-quote">{data.text ?? t("office.mail.no-text")}</p>
	</>;
}

// What a clerk has to know before believing it.
function Warnings({ letter }: { letter: Letter }): JSX.Element | null {
	const { kind, party, known, forged, cut, dropped, status } = letter;
	const says = [
	    kind === "bounce" ? t("office.mail.bounce-says",
		{ status: status ?? "–" }) : "",
	    forged ? t("office.mail.forged") : "",
	    party !== null && !known && kind !== "bounce" ?
		t("office.mail.unknown") : "",
	    cut ? t("office.mail.cut") : "",
	    dropped > 0 ? t("office.mail.dropped", { count: dropped }) : ""]
	    .filter(Boolean);
	return says.length === 0 ? null : <ul class="dt-plain dt-mail__warnings">
		{says.map((one) => <li key={one}><kit.Icon name="warning" size={16} />{" "}
			{one}</li>)}</ul>;
}

function One({ letter, path }: { letter: Letter; path: string }): JSX.Element {
	const [whole, setWhole] = useState(false);
	const { id, kind, party, subject, shown, received_at, read_at,
	    files } = letter;
	const look = KIND[kind];
	return <li class={read_at === null ? "dt-mail dt-mail--new" : "dt-mail"}>
		<h4 class="dt-mail__subject" id={`mail-${id}`}>
			{read_at === null && <strong class="dt-mail__new">
				{t("office.mail.new")}{" "}</strong>}
			{subject ?? t("office.mail.no-subject")}</h4>
		<p class="sk-muted">{t(`office.mail.party.${party ?? "new"}`)},{" "}
			<time dateTime={received_at}>{formatDateTime(received_at)}</time>
			{look && <>{" "}<kit.Badge kind={look}>
				{t(`office.mail.kind.${kind}`)}</kit.Badge></>}
			{read_at !== null && ` · ${t("office.mail.read")}`}</p>
		<Warnings letter={letter} />
		{whole ? <Whole path={`${path}/${id}`} /> : shown &&
		    <p class="dt-quote">{shown}</p>}
		<kit.Button kind="tertiary" aria-expanded={whole}
		    aria-describedby={`mail-${id}`} onClick={() => setWhole(!whole)}>
			{t(whole ? "office.mail.less" : "office.mail.whole")}</kit.Button>
		{files.length > 0 && <ul class="dt-plain"
		    aria-label={t("office.mail.files")}>{files.map((file) =>
		    <li key={file.id}><a href={`${path}/${id}/files/${file.id}`}
			download={file.name}>{file.name}</a>{" "}
			<span class="sk-muted">({sizeText(file.size)})</span></li>)}</ul>}
	</li>;
}

export function Correspondence({ ticket, base }: Given): JSX.Element | null {
	const [busy, setBusy] = useState(false);
	const { correspondence: letters } = ticket;
	if (letters.length === 0)
		return null;
	const unread = letters.filter(({ read_at }) => read_at === null).length;
	const path = `${base}/tickets/${ticket.id}/mail`;
	const read = async () => {
		setBusy(true);
		try {
			await api.post(`${path}/read`);
			undoable(t("office.said.mail-read"));
		} catch (error) {
			undoable(errorText(error, t));
		}
		setBusy(false);
		refresh(`${base}/tickets`);
	};
	return <section class="dt-mails" aria-labelledby="correspondence">
		<div class="dt-top"><h3 class="dt-small" id="correspondence">
			{t("office.mail.title")}</h3>
			{unread > 0 && can("reports.work") && <kit.Button busy={busy}
			    onClick={() => void read()}>
				{t("office.mail.mark", { count: unread })}</kit.Button>}
		</div>
		<ol class="dt-plain" reversed>{[...letters].reverse().map((letter) =>
		    <One key={letter.id} letter={letter} path={path} />)}</ol>
	</section>;
}

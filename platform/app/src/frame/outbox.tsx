// SPDX-License-Identifier: EUPL-1.2
// What was sent, what waits, and what needs the person.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { account } from "../account.tsx";
import { t } from "../context.ts";
import { errorText } from "../errors.ts";
import { formatAge, formatDateTime } from "../format.ts";
import { Badge, Button, Empty, LinkButton, Notice, Title, type BadgeKind } from
    "../kit/basics.tsx";
import { Confirm } from "../kit/layers.tsx";
import { outbox, type Entry, type State } from "../outbox/outbox.ts";

const look: Record<State, { kind: BadgeKind; icon: string }> = {
	waiting: { kind: "info", icon: "outbox" },
	sent: { kind: "success", icon: "success" },
	refused: { kind: "danger", icon: "danger" },
	account: { kind: "warning", icon: "account-circle" },
	doubtful: { kind: "warning", icon: "question-mark" },
};

function Says({ entry }: { entry: Entry }): JSX.Element {
	const problem = entry.problem;
	return <>
		<p class="kern-body">{t(`app.outbox.${entry.state}.says`)}</p>
		{problem && <p class="kern-body">{problem.title ||
		    t("app.error.unexpected")}</p>}
		{problem && problem.errors.length > 0 && <ul class="sk-errors">
			{problem.errors.map(({ pointer, message }) =>
			    <li key={pointer}>{t("app.error.field", { message })}</li>)}
		</ul>}
	</>;
}

function Item({ entry, onDelete, onError }: { entry: Entry;
    onDelete: () => void; onError: (error: unknown) => void }): JSX.Element {
	const again = async () => {
		try {
			if (entry.state !== "account" || await account.ensure())
				await outbox.retry(entry.id);
		} catch (error) {
			onError(error);
		}
	};
	const { kind, icon } = look[entry.state];
	const done = entry.steps.filter((step) => step.done).length;
	return <li class="sk-card">
		<h2 class="sk-card__title">{entry.title}</h2>
		<p><Badge kind={kind} icon={icon}>
			{t(`app.outbox.${entry.state}`)}</Badge></p>
		<p class="sk-muted"><time dateTime={new Date(entry.created).toISOString()}
		    title={formatDateTime(entry.created)}>{formatAge(entry.created)}</time>
		{entry.steps.length > 1 && <> · {t("app.outbox.parts",
		    { done: String(done), of: String(entry.steps.length) })}</>}</p>
		<Says entry={entry} />
		<div class="sk-actions">
			{entry.state !== "sent" && <Button icon="autorenew"
			    onClick={() => void again()}>
				{t(entry.state === "account" ? "app.outbox.confirm" :
				    "app.outbox.again")}</Button>}
			<Button kind="tertiary" icon="delete" onClick={onDelete}>
				{t(entry.state === "sent" ? "app.outbox.clear" :
				    "app.button.delete")}</Button>
		</div>
	</li>;
}

export function OutboxPage(): JSX.Element {
	const [deleting, setDeleting] = useState<Entry | null>(null);
	const [error, setError] = useState<unknown>(null);
	const list = [...outbox.entries.value].reverse();
	const remove = (entry: Entry) => {
		setDeleting(null);
		void outbox.remove(entry.id).catch(setError);
	};
	return <>
		<Title says={t("app.page.outbox.says")}>{t("app.page.outbox")}</Title>
		{error !== null && <Notice kind="danger" live
		    title={errorText(error, t)} />}
		{list.length === 0 ? <Empty icon="outbox" title={t("app.outbox.empty")}
		    action={<LinkButton href="/report">{t("app.tab.report")}</LinkButton>}>
			{t("app.outbox.empty-says")}
		</Empty> : <ul class="sk-list">{list.map((entry) =>
		    <Item key={entry.id} entry={entry} onError={setError}
			onDelete={() => entry.state === "sent" ? remove(entry) :
			    setDeleting(entry)} />)}
		</ul>}
		{deleting && <Confirm title={t("app.outbox.delete-title")}
		    text={t(deleting.state === "doubtful" ?
			"app.outbox.delete-doubtful" : "app.outbox.delete-says")}
		    yes={t("app.button.delete")} onYes={() => remove(deleting)}
		    onNo={() => setDeleting(null)} />}
	</>;
}

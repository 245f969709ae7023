// SPDX-License-Identifier: EUPL-1.2
// After sending: the number, what happens next and by when; or why it waits.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { account, errorText, formatWeekday, kit, outbox, type Entry,
    type ScreenProps } from "@stadtkern/app";
import { workdayAfter } from "./form.ts";
import { Line } from "./parts.tsx";
import type { Settings } from "./types.ts";

type Props = ScreenProps<Settings>;

function Next({ props, from }: { props: Props; from: number }): JSX.Element {
	const { settings, app, t } = props;
	const days = settings.first_look_days ?? 0;
	return <section class="sk-section">
		<h2 class="kern-heading-medium">{t("app.sent.next")}</h2>
		<ol class="dr-next">
			<li>{days > 0 ? t("app.sent.look-by", { city: app.name,
			    day: formatWeekday(workdayAfter(new Date(from), days)) }) :
			    t("app.sent.look", { city: app.name })}</li>
			<li>{t("app.sent.public")}</li>
			<li>{t("app.sent.follow")}</li>
		</ol>
	</section>;
}

function Done({ entry, props }: { entry: Entry; props: Props }): JSX.Element {
	const { t, link } = props;
	const answer = entry.steps[0]?.answer as { id?: string; number?: number } | null;
	const failed = entry.steps.slice(1).flatMap(({ problem }, i) =>
	    problem ? [{ at: i + 1, says: problem.title }] : []);
	return <>
		<kit.Title>{t("app.sent.title")}</kit.Title>
		<div class="dr-number">
			<kit.Icon name="success" size={40} />
			<p><span class="sk-muted">{t("app.sent.number")}</span>
			<strong>{answer?.number ?? "–"}</strong></p>
		</div>
		{failed.map(({ at, says }) => <kit.Notice key={at} kind="warning"
		    title={t("app.sent.photo-failed", { at })}>
			<p class="kern-body">{says || t("app.error.problem")}</p>
		</kit.Notice>)}
		<Next props={props} from={entry.sentAt ?? entry.created} />
		<div class="sk-actions">
			{answer?.id && <kit.LinkButton kind="primary"
			    href={link("own", answer.id)}>{t("app.sent.show")}</kit.LinkButton>}
			<kit.LinkButton href={link("new")}>{t("app.sent.another")}
			</kit.LinkButton>
		</div>
	</>;
}

function Waiting({ entry, props }: { entry: Entry; props: Props }): JSX.Element {
	const { t } = props;
	const [error, setError] = useState("");
	const again = async () => {
		setError("");
		try {
			if (entry.state !== "account")
				await outbox.retry(entry.id);
			else if (await account.ensure(t("app.contact.account")))
				await outbox.retryAccount();
		} catch (failure) {
			setError(errorText(failure, t));
		}
	};
	const key = entry.state === "waiting" ? "waiting" :
	    entry.state === "account" ? "account" : "stuck";
	return <>
		<kit.Title>{t(`app.sent.${key}`)}</kit.Title>
		<Line icon={key === "waiting" ? "outbox" : "warning"}>
			{t(`app.sent.${key}-says`)}</Line>
		{entry.problem?.title && <kit.Notice kind="warning"
		    title={entry.problem.title} />}
		{error && <kit.Notice kind="warning" title={error} live />}
		<div class="sk-actions">
			<kit.Button kind="primary" icon="autorenew"
			    onClick={() => void again()}>
				{t(key === "account" ? "app.sent.confirm" : "app.button.retry")}
			</kit.Button>
			<kit.LinkButton href="/outbox">{t("app.page.outbox")}</kit.LinkButton>
		</div>
	</>;
}

// Follows the outbox: what waits here becomes a number when it was sent.
export function Sent(props: Props): JSX.Element {
	const { params, t, link } = props;
	const entry = outbox.entries.value.find(({ id }) => id === params[0]);
	if (!entry)
		return <>
			<kit.Title>{t("app.sent.gone")}</kit.Title>
			<p class="kern-body">{t("app.sent.gone-says")}</p>
			<div class="sk-actions"><kit.LinkButton kind="primary"
			    href={link("mine")}>{t("app.mine.title")}</kit.LinkButton></div>
		</>;
	return entry.state === "sent" ? <Done entry={entry} props={props} /> :
	    <Waiting entry={entry} props={props} />;
}

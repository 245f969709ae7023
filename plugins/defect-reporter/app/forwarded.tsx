// SPDX-License-Identifier: EUPL-1.2
// What an outside body sees that a report was handed to. It has no account:
// its link has a token behind the '#', which no server's log ever holds. The
// token goes along in the body of each call, and no device is registered.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, formatDateTime, kit, type ScreenProps, type Translate } from
    "@stadtkern/app";
import { categoryName, Photos, PlaceLine, Status } from "./parts.tsx";
import type { Handed, HandedAction, HandedAnswer, Settings } from "./types.ts";

type Props = ScreenProps<Settings>;

const ACTIONS: readonly HandedAction[] = ["accept", "answer", "close", "refuse"];
const TEXT_MAX = 4000;

const tokenHere = (): string => location.hash.slice(1);

function useHanded(path: string) {
	const [token, setToken] = useState(tokenHere);
	const [page, setPage] = useState<Handed | null>(null);
	const [error, setError] = useState<unknown>(null);
	const load = async () => {
		setError(null);
		try {
			setPage(await api.post<Handed>(path, { token: tokenHere() || "-" },
			    { device: false }));
		} catch (failure) {
			setPage(null);
			setError(failure);
		}
	};
	useEffect(() => {
		const changed = () => setToken(tokenHere());
		addEventListener("hashchange", changed);
		return () => removeEventListener("hashchange", changed);
	}, []);
	useEffect(() => void load(), [token]);
	return { token, page, error, load };
}

function ReportPart({ page, props }: { page: Handed; props: Props }): JSX.Element {
	const { plugin, settings, link, t } = props;
	const { report, note } = page;
	return <article class="dr-report">
		<p class="dr-facts"><Status settings={settings} code={report.status} />
			<span class="sk-muted">{t("app.sent-at")}{" "}
			<time dateTime={report.received_at}>
				{formatDateTime(report.received_at)}</time></span></p>
		<Photos plugin={plugin} report={report} t={t} />
		<p class="dr-text">{report.text}</p>
		<PlaceLine position={report.position} address={report.address} t={t}
		    mapLink={`${link("map")}?at=${report.id}`} />
		{note && <section class="sk-section">
			<h2 class="kern-heading-medium">{t("app.handed.note")}</h2>
			<p class="dr-text">{note}</p></section>}
		{page.answers.length > 0 && <section class="sk-section">
			<h2 class="kern-heading-medium">{t("app.handed.said")}</h2>
			<ul class="dr-plain">{page.answers.map(({ at, kind, text }) =>
			    <li key={at + kind}>
				<p>{text ?? t("app.handed.done.accept")}</p>
				<p class="sk-muted"><time dateTime={at}>{formatDateTime(at)}
				</time></p></li>)}</ul></section>}
	</article>;
}

interface FormProps {
	page: Handed;
	send: (action: HandedAction, text: string) => Promise<void>;
	t: Translate;
}

function AnswerForm({ page, send, t }: FormProps): JSX.Element {
	const actions = ACTIONS.filter((one) => one !== "accept" ||
	    page.state === "open");
	const [action, setAction] = useState<HandedAction>(actions[0] ?? "answer");
	const [text, setText] = useState("");
	const [busy, setBusy] = useState(false);
	const [errors, setErrors] = useState<kit.FormError[]>([]);
	const chosen = actions.includes(action) ? action : "answer";
	const needed = chosen === "answer" || chosen === "refuse";
	const submit = async () => {
		if (needed && text.trim() === "")
			return setErrors([{ id: "handed-text",
			    message: t(`app.handed.missing.${chosen}`) }]);
		setBusy(true);
		setErrors([]);
		try {
			await send(chosen, chosen === "accept" ? "" : text.trim());
			setText("");
		} catch (failure) {
			const listed = failure instanceof ApiError ? failure.errors : [];
			setErrors(listed.length > 0 ? listed.map(({ message }) =>
			    ({ id: "handed-text", message })) :
			    [{ message: failure instanceof ApiError && failure.title ||
				t("app.handed.failed") }]);
		} finally {
			setBusy(false);
		}
	};
	return <form class="sk-section" noValidate onSubmit={(event) => {
		event.preventDefault();
		if (!busy)
			void submit();
	}}>
		<h2 class="kern-heading-medium">{t("app.handed.what")}</h2>
		<kit.ErrorSummary errors={errors} />
		<kit.Choices id="handed-action" label={t("app.handed.choose")}
		    value={chosen} onValue={(value) => {
			setErrors([]);
			setAction(value as HandedAction);
		    }} choices={actions.map((one) => ({ value: one,
		    label: t(`app.handed.action.${one}`),
		    hint: t(`app.handed.says.${one}`) }))} />
		{chosen !== "accept" && <kit.Field id="handed-text" multiline
		    label={t(`app.handed.text.${chosen}`)} value={text}
		    onValue={setText} maxLength={TEXT_MAX} optional={!needed}
		    hint={t(chosen === "refuse" ? "app.handed.private" :
			"app.handed.public")}
		    error={errors.find(({ id }) => id)?.message} />}
		<div class="sk-actions"><kit.Button kind="primary" type="submit"
		    busy={busy}>{t(`app.handed.send.${chosen}`)}</kit.Button></div>
	</form>;
}

function Opened({ page, props, send, said }: { page: Handed; props: Props;
    send: FormProps["send"]; said: HandedAction | null }): JSX.Element {
	const { app, settings, t } = props;
	return <>
		<kit.Title says={t("app.handed.until", { body: page.body.name,
		    city: app.name, day: formatDateTime(page.expires_at) })}>
			{`${categoryName(settings, page.report.category)} · ${
			    t("app.number", { number: page.report.number })}`}</kit.Title>
		{said && <kit.Notice kind="success" live
		    title={t(`app.handed.done.${said}`)} />}
		<ReportPart page={page} props={props} />
		<AnswerForm page={page} send={send} t={t} />
	</>;
}

const settles = (state: string) => state === "refused" || state === "closed";

export function ForwardedScreen(props: Props): JSX.Element {
	const { plugin, t } = props;
	const { token, page, error, load } = useHanded(`${plugin.api}/forwarded`);
	const [said, setSaid] = useState<HandedAction | null>(null);
	const [over, setOver] = useState<HandedAnswer | null>(null);
	// The same until it has arrived, so that it is done once.
	const key = useRef<{ of: string; key: string } | null>(null);
	useEffect(() => {
		setSaid(null);
		setOver(null);
	}, [token]);
	const send = async (action: HandedAction, text: string) => {
		const of = `${action} ${text}`;
		if (key.current?.of !== of)
			key.current = { of, key: crypto.randomUUID() };
		const answer = await api.post<HandedAnswer>(
		    `${plugin.api}/forwarded/act`, { token, action,
		    ...text === "" ? {} : { text } },
		    { device: false, key: key.current.key });
		key.current = null;
		setSaid(action);
		if (settles(answer.state))
			setOver(answer);
		else
			await load();
	};
	if (over && said)
		return <>
			<kit.Title>{t("app.handed.over", { number: over.number })}</kit.Title>
			<kit.Notice kind="success" live title={t(`app.handed.done.${said}`)}>
				<p class="kern-body">{t("app.handed.used")}</p></kit.Notice>
		</>;
	if (page)
		return <Opened page={page} props={props} send={send} said={said} />;
	if (error instanceof ApiError && error.status === 404)
		return <>
			<kit.Title>{t("app.handed.title")}</kit.Title>
			<kit.Notice kind="warning" title={error.title}>
				<p class="kern-body">{t("app.handed.ask")}</p></kit.Notice>
		</>;
	return <>
		<kit.Title>{t("app.handed.title")}</kit.Title>
		{error === null ? <kit.Skeleton lines={6} /> :
		    <kit.Failure error={error} retry={() => void load()} />}
	</>;
}

// SPDX-License-Identifier: EUPL-1.2
// Writing a report: one question a screen on phones, the whole form where there
// is room. Both are the same steps with the same checks.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, ensureAccount, errorText, formatAge, kit, outbox, useApi,
    type ScreenProps } from "@stadtkern/app";
import { begunAt, discard, draftId, form, open, photoBlobs, restore, sent,
    unsaved } from "./draft.ts";
import { bodyOf, categoryOf, idOf, isEmpty, problemsOf, stepsOf, stopOf,
    type FieldProblem, type Form, type Step } from "./form.ts";
import { useMedia } from "./parts.tsx";
import { isInside, type Boundary } from "./place.ts";
import { CategoryStep, DetailsStep } from "./step_category.tsx";
import { CheckStep, NearbyStep } from "./step_check.tsx";
import { PhotosStep } from "./step_photos.tsx";
import { PlaceStep } from "./step_place.tsx";
import { ContactStep, TextStep } from "./step_text.tsx";
import type { Near, Settings } from "./types.ts";

type Props = ScreenProps<Settings>;

const PATIENCE = 10_000;

// What the server knows of the place that was chosen.
function useSurroundings({ app, plugin }: Props, now: Form) {
	const { data: boundary } = useApi<Boundary>(app.map.boundary);
	const inside = now.place && boundary ? isInside(now.place, boundary) : null;
	const path = now.place && inside !== false ?
	    `${plugin.api}/reports/nearby?lat=${now.place.lat.toFixed(5)}` +
	    `&lon=${now.place.lon.toFixed(5)}` : null;
	const { data } = useApi<{ items: Near[] }>(path);
	return { boundary, inside, near: path === null ? [] : data?.items ?? [] };
}

interface Sending {
	busy: boolean;
	serverSays: string;
	serverProblems: FieldProblem[];
	send: () => Promise<void>;
}

function fieldProblems(errors: { pointer: string; message: string }[]): FieldProblem[] {
	return errors.flatMap(({ pointer, message }) => {
		const at = idOf(pointer);
		return at ? [{ ...at, key: "app.error.field", values: { message } }] : [];
	});
}

// True when the report may be sent, or has to wait for a network anyhow.
async function accountReady({ plugin, t }: Props): Promise<boolean> {
	if (plugin.account !== "required")
		return true;
	try {
		return await ensureAccount(t("app.contact.account"));
	} catch (error) {
		if (error instanceof ApiError && error.kind !== "problem")
			return true;
		throw error;
	}
}

function useSending(props: Props): Sending {
	const { plugin, settings, t, link, navigate } = props;
	const [busy, setBusy] = useState(false);
	const [serverSays, setServerSays] = useState("");
	const [serverProblems, setProblems] = useState<FieldProblem[]>([]);
	const post = async (now: Form) => {
		const photos = photoBlobs();
		const reports = `${plugin.api}/reports`;
		const id = await outbox.add({ plugin: plugin.name, draft: draftId,
		    title: categoryOf(now, settings)?.name ?? plugin.title, steps: [
		    { path: reports, json: bodyOf(now, settings) },
		    ...photos.map((blob) => ({ path: `${reports}/{0.id}/photos`,
			blob, optional: true }))] });
		const entry = await outbox.wait(id, PATIENCE);
		if (entry?.state === "refused") {
			await outbox.remove(id);
			await restore(now, photos);
			setServerSays(entry.problem?.title || t("app.error.problem"));
			setProblems(fieldProblems(entry.problem?.errors ?? []));
			return;
		}
		navigate(link("sent", id), { replace: true });
		await sent();
	};
	const send = async () => {
		if (form.value === null)
			return;
		setBusy(true);
		setServerSays("");
		setProblems([]);
		try {
			if (await accountReady(props))
				await post(form.value);
			else
				setServerSays(t("app.contact.account-missing"));
		} catch (error) {
			setServerSays(errorText(error, t));
		}
		setBusy(false);
	};
	return { busy, serverSays, serverProblems, send };
}

function Begun({ t }: { t: Props["t"] }): JSX.Element | null {
	const [asking, setAsking] = useState(false);
	if (begunAt.value === null || form.value === null || isEmpty(form.value))
		return null;
	return <kit.Notice kind="info" title={t("app.draft.begun",
	    { age: formatAge(begunAt.value) })}>
		<kit.Button icon="delete" onClick={() => setAsking(true)}>
			{t("app.draft.discard")}</kit.Button>
		{asking && <kit.Confirm title={t("app.draft.discard-title")}
		    text={t("app.draft.discard-says")} yes={t("app.button.delete")}
		    onNo={() => setAsking(false)} onYes={() => {
			setAsking(false);
			void discard();
		}} />}
	</kit.Notice>;
}

function Unsaved({ t }: { t: Props["t"] }): JSX.Element | null {
	return unsaved.value === null ? null :
	    <kit.Notice kind="warning" title={errorText(unsaved.value, t)} live>
		<p class="kern-body">{t("app.draft.unsaved")}</p></kit.Notice>;
}

function messages(problems: readonly FieldProblem[], t: Props["t"]) {
	return new Map(problems.map(({ id, key, values }) => [id, t(key, values)]));
}

interface Body {
	props: Props;
	now: Form;
	steps: Step[];
	problems: FieldProblem[];
	sending: Sending;
	around: ReturnType<typeof useSurroundings>;
	// All on one page, below headings of their own.
	whole: boolean;
}

function StepBody({ step, body, errors, edit }: { step: Step; body: Body;
    errors: ReadonlyMap<string, string>;
    edit: (step: Step) => string | undefined }): JSX.Element {
	const { props, around, sending } = body;
	const { app, plugin, settings, link, t } = props;
	switch (step) {
	case "photos":
		return <PhotosStep settings={settings} t={t} />;
	case "place":
		return <PlaceStep app={app} t={t} boundary={around.boundary}
		    error={errors.get("place")} />;
	case "category":
		return <CategoryStep settings={settings} t={t} errors={errors} />;
	case "details":
		return <DetailsStep settings={settings} t={t} errors={errors} />;
	case "nearby":
		return <NearbyStep near={around.near} plugin={plugin} link={link}
		    heading={body.whole ? "h3" : "h2"} settings={settings} t={t} />;
	case "text":
		return <TextStep settings={settings} t={t} errors={errors} />;
	case "contact":
		return <ContactStep plugin={plugin} settings={settings} t={t}
		    errors={errors} />;
	case "check":
		return <CheckStep settings={settings} t={t} edit={edit}
		    serverSays={sending.serverSays}
		    problems={[...sending.serverProblems, ...body.problems]} />;
	}
}

function SendButton({ body }: { body: Body }): JSX.Element {
	const { t } = body.props;
	return <>
		<p role="status" class="kern-body">{body.sending.busy &&
		    t("app.check.sending")}</p>
		<kit.Button kind="primary" block icon="mail" busy={body.sending.busy}
		    onClick={() => body.problems.length === 0 && void body.sending.send()}>
			{t("app.check.send")}</kit.Button>
	</>;
}

// One question a screen.
function Stepwise({ step, body }: { step: Step; body: Body }): JSX.Element {
	const { props: { t, link, navigate, settings }, steps, now } = body;
	const [tried, setTried] = useState<Step | null>(null);
	const at = steps.indexOf(step);
	const here = body.problems.filter((problem) => problem.step === step);
	const shown = tried === step ? here : [];
	const next = (event: Event) => {
		event.preventDefault();
		setTried(step);
		const to = steps[at + 1];
		if (here.length === 0 && to)
			navigate(link("new", to));
	};
	const back = at > 0 ? () => navigate(link("new", steps[at - 1]!)) : undefined;
	const stopped = step === "details" && stopOf(now, settings) !== null;
	return <>
		<kit.Steps at={at + 1} of={steps.length} onBack={back} />
		<kit.Title>{t(`app.step.${step}`)}</kit.Title>
		{at === 0 && <Begun t={t} />}
		<Unsaved t={t} />
		<form class="sk-form" noValidate onSubmit={next}>
			{step !== "check" && <kit.ErrorSummary errors={shown.map(
			    ({ id, key, values }) => ({ id, message: t(key, values) }))} />}
			<StepBody step={step} body={body} errors={messages(shown, t)}
			    edit={(one) => steps.includes(one) ? link("new", one) : undefined} />
			{step === "check" ? <SendButton body={body} /> : !stopped &&
			    <kit.Button type="submit" kind="primary" block>
				{t(step === "nearby" ? "app.nearby.none" :
				    step === "photos" && now.photos.length === 0 ?
				    "app.photo.without" : "app.button.next")}
			    </kit.Button>}
		</form>
	</>;
}

// The first column of two; checking is a screen of its own, and there is
// nothing to ask of a category that was not chosen.
const FIRST: Step[] = ["photos", "place"];

// The whole form.
function Whole({ body }: { body: Body }): JSX.Element {
	const { props: { t, link, navigate, settings }, steps, now } = body;
	const [tried, setTried] = useState(false);
	const shown = tried ? body.problems : [];
	const errors = messages(shown, t);
	const next = (event: Event) => {
		event.preventDefault();
		setTried(true);
		if (body.problems.length === 0)
			navigate(link("new", "check"));
	};
	const stopped = stopOf(now, settings) !== null;
	const section = (step: Step) => <section key={step}
	    class={`dr-section dr-section--${step}`}
	    aria-labelledby={`section-${step}`}>
		<h2 class="kern-heading-medium" id={`section-${step}`}>
			{t(`app.step.${step}`)}</h2>
		<StepBody step={step} body={body} errors={errors}
		    edit={() => undefined} />
	</section>;
	return <>
		<kit.Title says={t("app.new.says")}>{t("app.tile.new")}</kit.Title>
		<Begun t={t} />
		<Unsaved t={t} />
		<form class="sk-form dr-whole" noValidate onSubmit={next}>
			<kit.ErrorSummary errors={shown.map(({ id, key, values }) =>
			    ({ id, message: t(key, values) }))} />
			<div class="dr-column">{steps.filter((step) => FIRST.includes(step)).map(section)}</div>
			<div class="dr-column">
				{steps.filter((step) => !FIRST.includes(step) &&
				    step !== "check" && (step !== "details" ||
				    now.category !== "")).map(section)}
				{!stopped && <kit.Button type="submit" kind="primary" block>
					{t("app.new.check")}</kit.Button>}
			</div>
		</form>
	</>;
}

export function New(props: Props): JSX.Element {
	const { settings, params, t, link } = props;
	const wide = useMedia("(min-width: 48rem)");
	const now = form.value;
	useEffect(() => void open(), []);
	if (now === null)
		return <>
			<kit.Title>{t("app.tile.new")}</kit.Title>
			<kit.Skeleton lines={5} />
		</>;
	return <Ready props={props} now={now} wide={wide} key="form"
	    asked={params[0] ?? ""} back={link("new")} settings={settings} />;
}

function Ready({ props, now, wide, asked, back, settings }: { props: Props;
    now: Form; wide: boolean; asked: string; back: string;
    settings: Settings }): JSX.Element {
	const { t } = props;
	const around = useSurroundings(props, now);
	const sending = useSending(props);
	const steps = stepsOf(now, settings, around.near.length);
	const problems = problemsOf(now, settings, around.inside);
	const step = steps.find((one) => one === asked) ?? steps[0] ?? "check";
	const body: Body = { props, now, steps, problems, sending, around,
	    whole: wide };
	if (!wide)
		return <Stepwise step={step} body={body} />;
	if (step !== "check")
		return <Whole body={body} />;
	return <>
		<kit.Title>{t("app.step.check")}</kit.Title>
		<Unsaved t={t} />
		<div class="sk-form">
			<StepBody step="check" body={body} errors={new Map()}
			    edit={() => back} />
			<SendButton body={body} />
		</div>
	</>;
}

// SPDX-License-Identifier: EUPL-1.2
// Booking: things, where, when, who, and what it costs, on one page. Whoever
// has their data on the device taps a thing, a day and "book".

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, ApiError, ensureAccount, errorText, kit, outbox, useApi,
    type ScreenProps } from "@stadtkern/app";
import { change, discard, draftId, filledFrom, forget, form, open, restore,
    unsaved } from "./draft.ts";
import { bodyOf, fieldErrors, isExpress, itemsOf, problemsOf, type Form }
    from "./form.ts";
import { Line, price, PutOut } from "./parts.tsx";
import { Things } from "./things.tsx";
import type { Catalogue, Day, Quote, Settings } from "./types.ts";
import { useDistrict, When, Where, type District } from "./when.tsx";

type Props = ScreenProps<Settings>;
type Errors = { id: string; message: string }[];

const PATIENCE = 10_000;

export function Section({ id, title, children }: { id: string; title: string;
    children: ComponentChildren }): JSX.Element {
	return <section class="bw-section" aria-labelledby={`part-${id}`}>
		<h2 class="kern-heading-medium" id={`part-${id}`}>{title}</h2>
		{children}
	</section>;
}

// What it costs, asked when things, place and day are known.
export function useQuote({ plugin }: Pick<Props, "plugin">, now: Form,
    district: District, day: string | undefined) {
	const [quote, setQuote] = useState<Quote | null>(null);
	const [error, setError] = useState<unknown>(null);
	const { street, house_number, postcode } = district.place?.address ?? {};
	const asked = street === undefined || day === undefined ||
	    itemsOf(now).length === 0 ? "" : JSON.stringify({ address: { street,
	    house_number, postcode }, items: itemsOf(now), day });
	useEffect(() => {
		let gone = false;
		setQuote(null);
		setError(null);
		if (asked !== "")
			api.post<Quote>(`${plugin.api}/quote`, JSON.parse(asked)).then(
			    (data) => gone || setQuote(data),
			    (failure: unknown) => gone || setError(failure));
		return () => { gone = true; };
	}, [plugin.api, asked]);
	return { quote, error };
}

export function Cost({ quote, error, settings, t }: { quote: Quote | null;
    error: unknown; settings: Settings; t: Props["t"] }): JSX.Element {
	if (error !== null)
		return <kit.Notice kind="warning" title={errorText(error, t)} live />;
	if (quote === null)
		return <p class="kern-body sk-muted">{t("app.cost.later")}</p>;
	if (!quote.possible)
		return <kit.Notice kind="warning" live
		    title={t("app.cost.impossible", { year: String(quote.year),
			operator: settings.operator })} />;
	return <div aria-live="polite">
		<p class="bw-price">{quote.fee_cents === 0 ? t("app.cost.free") :
		    price(quote.fee_cents ?? 0)}</p>
		<p class="kern-body sk-muted">{quote.fee_cents === 0 ?
		    t("app.cost.left", { count: Math.max(quote.free.bulky - 1, 0),
			year: String(quote.year) }) : t(`app.cost.${settings.payment}`,
			{ operator: settings.operator })}</p>
	</div>;
}

function Who({ now, errors, t }: { now: Form;
    errors: ReadonlyMap<string, string>; t: Props["t"] }): JSX.Element {
	return <>
		<kit.PrefillNote fields={filledFrom.value} />
		<kit.Field id="name" label={t("app.data.field.name")} value={now.name}
		    autocomplete="name" maxLength={100} error={errors.get("name")}
		    onValue={(name) => change({ name })} />
		<kit.Field id="email" label={t("app.data.field.email")} value={now.email}
		    hint={t("app.who.email-hint")} type="email" inputMode="email"
		    autocomplete="email" maxLength={254} error={errors.get("email")}
		    onValue={(email) => change({ email })} />
		<kit.Field id="phone" label={t("app.data.field.telephone")} optional
		    value={now.phone} type="tel" inputMode="tel" autocomplete="tel"
		    maxLength={40} error={errors.get("phone")}
		    onValue={(phone) => change({ phone })} />
		<kit.Field id="note" label={t("app.who.note")} optional multiline
		    rows={2} hint={t("app.who.note-hint")} value={now.note}
		    maxLength={300} error={errors.get("note")}
		    onValue={(note) => change({ note })} />
	</>;
}

// True when it may be sent, or has to wait for a network anyhow.
async function accountReady({ plugin, t }: Props): Promise<boolean> {
	if (plugin.account !== "required")
		return true;
	try {
		return await ensureAccount(t("app.who.account"));
	} catch (error) {
		if (error instanceof ApiError && error.kind !== "problem")
			return true;
		throw error;
	}
}

function useSending(props: Props) {
	const { plugin, t, link, navigate } = props;
	const [busy, setBusy] = useState(false);
	const [says, setSays] = useState("");
	const [errors, setErrors] = useState<Errors>([]);
	const post = async (now: Form, express: boolean, fee: number) => {
		const id = await outbox.add({ plugin: plugin.name, draft: draftId,
		    title: plugin.title, steps: [{ path: `${plugin.api}/bookings`,
		    json: bodyOf(now, express, fee) }] });
		const entry = await outbox.wait(id, PATIENCE);
		if (entry?.state === "refused") {
			await outbox.remove(id);
			await restore(now);
			setSays(entry.problem?.title || t("app.error.problem"));
			setErrors(fieldErrors(entry.problem?.errors ?? []));
			return;
		}
		navigate(link("done", id), { replace: true });
		await forget();
	};
	const send = async (now: Form, express: boolean, fee: number) => {
		setBusy(true);
		setSays("");
		setErrors([]);
		try {
			if (await accountReady(props))
				await post(now, express, fee);
			else
				setSays(t("app.who.account"));
		} catch (error) {
			setSays(errorText(error, t));
		}
		setBusy(false);
	};
	return { busy, says, errors, send };
}

function Ready({ props, now, catalogue }: { props: Props; now: Form;
    catalogue: Catalogue }): JSX.Element {
	const { plugin, settings, t } = props;
	const [tried, setTried] = useState(false);
	const [offered, setOffered] = useState<Day[]>([]);
	const begun = itemsOf(now).length > 0;
	const district = useDistrict(plugin, now.address, begun);
	const { quote, error } = useQuote(props, now, district, now.days[0]);
	const sending = useSending(props);
	const problems = problemsOf(now, catalogue, settings,
	    district.place?.district ?? null);
	const errors: Errors = [...sending.errors, ...tried ? problems.map(
	    ({ id, key }) => ({ id, message: t(key) })) : []];
	const at = new Map(errors.map(({ id, message }) => [id, message]));
	const fee = quote?.fee_cents ?? 0;
	const submit = (event: Event) => {
		event.preventDefault();
		setTried(true);
		if (problems.length === 0 && !sending.busy)
			void sending.send(now, isExpress(now.days, offered), fee);
	};
	return <form class="sk-form bw-form" noValidate onSubmit={submit}>
		<kit.ErrorSummary errors={errors} />
		{unsaved.value !== null && <kit.Notice kind="warning" live
		    title={errorText(unsaved.value, t)} />}
		<Section id="things" title={t("app.part.things")}>
			<Things items={now.items} onItems={(items) => change({ items })}
			    catalogue={catalogue} settings={settings}
			    error={at.get("search")} t={t} />
		</Section>
		<Section id="where" title={t("app.part.where")}>
			<Where address={now.address} district={district} errors={at}
			    onAddress={(address) => change({ address, days: [] })} t={t} />
		</Section>
		<Section id="when" title={t("app.part.when")}>
			<When plugin={plugin} settings={settings} t={t}
			    district={district.place?.district ?? null} days={now.days}
			    onDays={(days) => change({ days })} error={at.get("days")}
			    onOffered={setOffered} />
		</Section>
		<Section id="who" title={t("app.part.who")}>
			<Who now={now} errors={at} t={t} />
		</Section>
		<Section id="cost" title={t("app.part.cost")}>
			<Cost quote={quote} error={error} settings={settings} t={t} />
			<PutOut settings={settings} {...now.days[0] &&
			    { day: now.days[0] }} t={t} />
			{sending.says && <kit.Notice kind="danger" live
			    title={sending.says} />}
			<p role="status" class="kern-body">{sending.busy &&
			    t("app.book.sending")}</p>
			<kit.Button kind="primary" type="submit" block busy={sending.busy}>
				{t(fee > 0 ? "app.book.paid" : "app.book.free")}
			</kit.Button>
			{begun && <kit.Button kind="tertiary" icon="delete" onClick={() =>
			    void discard()}>{t("app.book.discard")}</kit.Button>}
		</Section>
	</form>;
}

export function Book(props: Props): JSX.Element {
	const { plugin, settings, t } = props;
	const { data, error, reload } = useApi<Catalogue>(`${plugin.api}/catalogue`);
	useEffect(() => void open(), []);
	const free = settings.free_per_year;
	return <>
		<kit.Title says={free > 0 ? t("app.book.free-says", { count: free }) :
		    undefined}>{t("app.tile.book")}</kit.Title>
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{(!data || form.value === null) && error === null &&
		    <kit.Skeleton lines={6} />}
		{data && form.value !== null && <Ready props={props} now={form.value}
		    catalogue={data} />}
		<Line icon="info">{t("app.book.by", { operator: settings.operator })}
		</Line>
	</>;
}

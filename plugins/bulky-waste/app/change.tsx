// SPDX-License-Identifier: EUPL-1.2
// Changing one's own booking: its things and its day, until the deadline. What
// somebody else changed meanwhile is a conflict, and what was chosen stays.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ApiError, errorText, kit, useApi, type ScreenProps }
    from "@stadtkern/app";
import { Cost, Section, useQuote } from "./book.tsx";
import { fieldErrors, formOf, isExpress, itemsOf, loadOf, room, type Form }
    from "./form.ts";
import { Things } from "./things.tsx";
import type { Booking, Catalogue, Day, Settings } from "./types.ts";
import { When } from "./when.tsx";

type Props = ScreenProps<Settings>;

const keep = ({ settings }: Props, form: Form, catalogue: Catalogue): boolean => {
	const space = room(loadOf(form.items, catalogue), settings);
	return itemsOf(form).length > 0 && form.days.length > 0 &&
	    (space === null || space.used <= space.most);
};

function Editor({ props, booking, catalogue }: { props: Props; booking: Booking;
    catalogue: Catalogue }): JSX.Element {
	const { plugin, settings, link, navigate, t } = props;
	const [form, setForm] = useState<Form>(() => formOf(booking));
	const [offered, setOffered] = useState<Day[]>([]);
	const [error, setError] = useState<unknown>(null);
	const [busy, setBusy] = useState(false);
	// What it would cost is the sum of what is new; of things alone it is what
	// was agreed.
	const other = form.days[0] !== booking.day ||
	    JSON.stringify(itemsOf(form)) !== JSON.stringify(itemsOf(formOf(booking)));
	const { quote, error: unpriced } = useQuote(props, other ? form : { ...form,
	    items: {} }, { place: { address: booking.address, district:
	    booking.district, name: "" }, error: null, asking: false },
	    form.days[0]);
	const found = error instanceof ApiError ? fieldErrors(error.errors) : [];
	const send = async (event: Event): Promise<void> => {
		event.preventDefault();
		if (busy || !keep(props, form, catalogue))
			return;
		setBusy(true);
		setError(null);
		try {
			await api.patch(`${plugin.api}/bookings/${booking.id}`, {
			    version: booking.version, items: itemsOf(form),
			    days: form.days, express: isExpress(form.days, offered),
			    fee_cents: Math.max(booking.fee_cents,
				quote?.fee_cents ?? 0) });
			navigate(link("show", booking.id), { replace: true });
		} catch (failure) {
			setError(failure);
			setBusy(false);
		}
	};
	const at = new Map(found.map(({ id, message }) => [id, message]));
	return <form class="sk-form bw-form" noValidate
	    onSubmit={(event) => void send(event)}>
		<kit.ErrorSummary errors={found} />
		<Section id="things" title={t("app.part.things")}>
			<Things items={form.items} catalogue={catalogue} t={t}
			    settings={settings} error={at.get("search")}
			    onItems={(items) => setForm({ ...form, items })} />
		</Section>
		<Section id="when" title={t("app.part.when")}>
			<When plugin={plugin} settings={settings} days={form.days} t={t}
			    district={booking.district} keep={booking.day}
			    error={at.get("days")} onOffered={setOffered}
			    onDays={(days) => setForm({ ...form, days })} />
		</Section>
		<Section id="cost" title={t("app.part.cost")}>
			{other && <Cost quote={quote} error={unpriced}
			    settings={settings} t={t} />}
			{error !== null && found.length === 0 && <kit.Notice kind="danger"
			    live title={errorText(error, t)} />}
			<div class="sk-actions">
				<kit.Button kind="primary" type="submit" busy={busy}>
					{t("app.change.send")}</kit.Button>
				<kit.LinkButton href={link("show", booking.id)}>
					{t("app.button.cancel")}</kit.LinkButton>
			</div>
		</Section>
	</form>;
}

export function Change(props: Props): JSX.Element {
	const { plugin, params, t } = props;
	const booking = useApi<Booking>(`${plugin.api}/bookings/${
	    encodeURIComponent(params[0] ?? "")}`, { own: true });
	const catalogue = useApi<Catalogue>(`${plugin.api}/catalogue`);
	const error = booking.error ?? catalogue.error;
	const ready = booking.data !== null && catalogue.data !== null;
	return <>
		<kit.Title>{t("app.show.change")}</kit.Title>
		{!ready && error === null && <kit.Skeleton lines={5} />}
		{!ready && error !== null && <kit.Failure error={error}
		    retry={booking.reload} />}
		{booking.data && catalogue.data && <Editor key={booking.data.version}
		    props={props} booking={booking.data} catalogue={catalogue.data} />}
	</>;
}

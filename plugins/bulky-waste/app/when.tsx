// SPDX-License-Identifier: EUPL-1.2
// Where it stands and when it is fetched: the address's district, and its days.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, errorText, formatWeekday, kit, useApi, type Plugin, type Translate }
    from "@stadtkern/app";
import { isFree, withDay } from "./form.ts";
import { price } from "./parts.tsx";
import type { Address, Day, Place, Settings } from "./types.ts";

const PAUSE = 500;
const FIRST_DAYS = 6;

export interface District {
	place: Place | null;
	error: unknown;
	asking: boolean;
}

// Asks for the district of an address when it is written; for nothing else is
// the address used before it is sent.
export function useDistrict(plugin: Plugin, address: Address, wanted: boolean): District {
	const [state, setState] = useState<District>({ place: null, error: null,
	    asking: false });
	const { street, house_number, postcode } = address;
	const whole = wanted && street.trim() !== "" && house_number.trim() !== "";
	useEffect(() => {
		let gone = false;
		setState({ place: null, error: null, asking: whole });
		if (!whole)
			return undefined;
		const timer = setTimeout(() => api.post<Place>(`${plugin.api}/address`,
		    { address: { street: street.trim(), house_number:
		    house_number.trim(), ...postcode.trim() &&
		    { postcode: postcode.trim() } } }, { device: false }).then(
		    (place) => gone || setState({ place, error: null, asking: false }),
		    (error: unknown) => gone || setState({ place: null, error,
			asking: false })), PAUSE);
		return () => {
			gone = true;
			clearTimeout(timer);
		};
	}, [plugin.api, street, house_number, postcode, whole]);
	return state;
}

export function Where({ address, onAddress, district, errors, t }: {
    address: Address; onAddress: (address: Address) => void;
    district: District; errors: ReadonlyMap<string, string>;
    t: Translate }): JSX.Element {
	const set = (edit: Partial<Address>) => onAddress({ ...address, ...edit });
	return <>
		<div class="sk-pair">
			<kit.Field id="street" label={t("app.where.street")}
			    autocomplete="address-line1" value={address.street}
			    maxLength={100} error={errors.get("street")}
			    onValue={(street) => set({ street })} />
			<kit.Field id="house-number" label={t("app.where.number")}
			    value={address.house_number} maxLength={20}
			    error={errors.get("house-number")}
			    onValue={(house_number) => set({ house_number })} />
		</div>
		<kit.Field id="postcode" label={t("app.where.postcode")} optional
		    autocomplete="postal-code" inputMode="numeric" maxLength={5}
		    value={address.postcode} error={errors.get("postcode")}
		    onValue={(postcode) => set({ postcode })} />
		{district.error !== null && <kit.Notice kind="warning" live
		    title={errorText(district.error, t)} />}
		{district.place && <p class="bw-line">
			<kit.Icon name="success" size={20} />
			<span>{t("app.where.found", { street:
			    district.place.address.street, number:
			    district.place.address.house_number, postcode:
			    district.place.address.postcode, district:
			    district.place.name })}</span></p>}
	</>;
}

function DayChoice({ one, index, on, many, settings, onToggle, t }: { one: Day;
    index: number; on: number; many: boolean; settings: Settings;
    onToggle: () => void; t: Translate }): JSX.Element {
	const fee = one.express && settings.express?.fee;
	return <li class="kern-form-check bw-day">
		<input type={many ? "checkbox" : "radio"} name="day" checked={on >= 0}
		    class={`kern-form-check__${many ? "checkbox" : "radio"}`}
		    id={index === 0 ? "days" : `day-${one.day}`} onChange={onToggle} />
		<label class="kern-label" for={index === 0 ? "days" : `day-${one.day}`}>
			{formatWeekday(one.day)}
			<span class="kern-hint">{[many && on >= 0 &&
			    t("app.when.wish", { at: on + 1 }), fee &&
			    t("app.when.express", { fee: price(Math.round(
			    Number(fee) * 100)) }), one.free <= 3 &&
			    t("app.when.left", { count: one.free })]
			    .filter(Boolean).join(" · ")}</span>
		</label>
	</li>;
}

// The days that can still be had; `keep` is the one a booking has already.
export function When({ plugin, settings, district, days, onDays, keep, error, t,
    onOffered }: { plugin: Plugin; settings: Settings; district: string | null;
    days: readonly string[]; onDays: (days: string[]) => void; keep?: string;
    error?: string | undefined; t: Translate;
    onOffered: (days: Day[]) => void }): JSX.Element {
	const [all, setAll] = useState(false);
	const path = district === null ? null :
	    `${plugin.api}/districts/${encodeURIComponent(district)}/days`;
	const { data, error: failed, fetchedAt, reload } =
	    useApi<{ days: Day[] }>(path);
	useEffect(() => onOffered(data?.days ?? []), [data]);
	if (path === null)
		return <p class="kern-body sk-muted">{t("app.when.first-where")}</p>;
	if (data === null)
		return failed === null ? <kit.Skeleton lines={4} /> :
		    <kit.Failure error={failed} retry={reload} />;
	const free = data.days.filter((one) => isFree(one) || one.day === keep);
	const many = settings.wish_dates > 1;
	const shown = all ? free : free.filter(({ day }, i) => i < FIRST_DAYS ||
	    days.includes(day));
	return <fieldset class="kern-fieldset sk-field">
		<legend class="kern-label">{many ? t("app.when.wishes",
		    { count: settings.wish_dates }) : t("app.when.day")}</legend>
		{error && <p class="kern-error" id="days-error">
			<kit.Icon name="danger" size={20} />
			<span class="kern-body">{error}</span></p>}
		<kit.Age fetchedAt={fetchedAt} />
		{free.length === 0 && <p class="kern-body">{t("app.when.none")}</p>}
		<ul class="bw-days">{shown.map((one, i) => <DayChoice key={one.day}
		    one={one} index={i} on={days.indexOf(one.day)} many={many}
		    settings={settings} t={t} onToggle={() => onDays(many ?
			withDay(days, one.day, settings.wish_dates) : [one.day])} />)}</ul>
		{shown.length < free.length && <kit.Button kind="tertiary"
		    icon="calendar-today" onClick={() => setAll(true)}>
			{t("app.when.more", { count: free.length - shown.length })}
		</kit.Button>}
	</fieldset>;
}

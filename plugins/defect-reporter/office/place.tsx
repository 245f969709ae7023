// SPDX-License-Identifier: EUPL-1.2
// Where something is: found by the city's street list, by moving the map below
// a pin, or typed. For what is entered, and for tickets that came without.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce, kit, t, useApi } from "@stadtkern/office";
import { parsePosition, rounded, written } from "../app/place.ts";
import { StepForm, useTyped, type Work } from "./forms.tsx";
import { Picker } from "./map.tsx";
import type { Position } from "./types.ts";

export interface Place {
	place: Position | null;
	address: string;
	typed: string;
}

interface Found {
	address: string;
	postcode: string | null;
	part: string | null;
	position: Position | null;
}

const PAUSE = 250;
const LEAST = 3;

// What a pause in typing leaves; nothing that was chosen is searched again.
function useAsked(text: string, chosen: string): string {
	const [asked, setAsked] = useState("");
	useEffect(() => {
		const wanted = text.trim();
		const timer = setTimeout(() => setAsked([...wanted].length < LEAST ||
		    wanted === chosen ? "" : wanted), PAUSE);
		return () => clearTimeout(timer);
	}, [text, chosen]);
	return asked;
}

function Streets({ value, onChange }: { value: Place;
    onChange: (change: Partial<Place>) => void }): JSX.Element {
	const [chosen, setChosen] = useState(value.address);
	const asked = useAsked(value.address, chosen);
	const { data } = useApi<{ items: Found[] }>(asked === "" ? null :
	    `/office/api/v1/addresses?q=${encodeURIComponent(asked)}`);
	const found = asked === "" ? [] : data?.items ?? [];
	useEffect(() => {
		if (data && asked !== "")
			announce(t("office.streets.count", { count: found.length }));
	}, [data]);
	const take = ({ address, position }: Found) => {
		setChosen(address);
		onChange({ address, typed: "", ...position && { place: position } });
		document.getElementById("address")?.focus();
	};
	return <>
		<kit.Field id="address" label={t("office.address")}
		    hint={t("office.address-hint")} value={value.address} optional
		    maxLength={200} autocomplete="off" spellcheck={false}
		    onValue={(address) => onChange({ address })} />
		{found.length > 0 && <ul class="dt-streets"
		    aria-label={t("office.streets.label")}>{found.map((one) =>
		    <li key={`${one.address} ${one.postcode} ${one.part}`}>
			<button type="button" class="dt-street" onClick={() => take(one)}>
				<kit.Icon name="place" size={20} />{" "}
				<span>{one.address}{" "}<span class="sk-muted">
				{[one.postcode, one.part].filter(Boolean).join(" ")}
				{!one.position && ` · ${t("office.streets.no-place")}`}</span>
				</span></button></li>)}</ul>}
	</>;
}

export function PlaceFields({ value, onChange }: { value: Place;
    onChange: (change: Partial<Place>) => void }): JSX.Element {
	const { place, typed } = value;
	const [wrong, setWrong] = useState(false);
	const take = () => {
		const at = parsePosition(typed);
		setWrong(at === null);
		if (at)
			onChange({ place: at });
	};
	return <>
		<Streets value={value} onChange={onChange} />
		<Picker place={place} onPick={(at) => onChange({ place: at,
		    typed: "" })} />
		<p role="status" class="dt-enter__at">{place ? <>
			<span>{t("office.place-chosen")} {written(place)}</span>
			<kit.Button kind="tertiary" onClick={() => onChange({ place: null,
			    typed: "" })}>{t("office.place-none")}</kit.Button></> :
		    t("app.place.none")}</p>
		<div class="dt-enter__typed">
			<kit.Field id="typed" label={t("app.place.typed")} value={typed}
			    hint={t("app.place.typed-hint")} autocomplete="off" optional
			    error={wrong ? t("app.place.typed-wrong") : null}
			    onValue={(typed) => onChange({ typed })} />
			<kit.Button onClick={take}>{t("app.place.take")}</kit.Button>
		</div>
	</>;
}

// As the server takes it, without what is as it was.
export const placeBody = ({ place, address }: Place,
    before?: { position: Position | null; address: string | null }): object => {
	const at = place && rounded(place);
	const was = before?.position;
	const words = address.trim();
	return { ...at && (at.lat !== was?.lat || at.lon !== was?.lon) &&
	    { position: at }, ...words !== "" && words !== before?.address &&
	    { address: words } };
};

export function PlaceForm({ work }: { work: Work }): JSX.Element {
	const { ticket } = work;
	const form = useTyped(work, "place", { place: ticket.position,
	    address: ticket.address ?? "", typed: "", reason: "" });
	const { reason } = form.value;
	return <StepForm work={work} title={t("office.step.place")} first="address" wide
	    submit={t("office.save")} send={async () => {
		await work.send({ method: "patch", path: `tickets/${ticket.id}`,
		    body: { ...placeBody(form.value, ticket),
			...reason.trim() !== "" && { reason: reason.trim() } },
		    undo: true, said: t("office.said.place") });
		form.sent();
	    }}>
		<PlaceFields value={form.value} onChange={form.set} />
		<kit.Field id="place-reason" label={t("office.reason")} optional
		    value={reason} onValue={(reason) => form.set({ reason })} />
	</StepForm>;
}

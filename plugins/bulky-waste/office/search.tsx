// SPDX-License-Identifier: EUPL-1.2
// A booking by its number or its street.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatWeekday, kit, useApi, type ScreenProps } from "@stadtkern/office";
import { BookingPane } from "./booking.tsx";
import { addressOf, thingsOf } from "./parts.tsx";
import type { Found, Page } from "./types.ts";

// What is asked for is an address: it stays out of the page's own, which the
// browser keeps.
export function Search(props: ScreenProps): JSX.Element {
	const { plugin, params, link, navigate, t } = props;
	const [text, setText] = useState("");
	const [asked, setAsked] = useState("");
	const { data, error, reload } = useApi<Page<Found>>(asked.length < 2 ?
	    null : `${plugin.api}/bookings?${new URLSearchParams({ q: asked })}`);
	const [id] = params;
	const ask = (event: Event) => {
		event.preventDefault();
		setAsked(text.trim());
	};
	return <kit.Split at={id ? "detail" : "queue"}
	    onBack={() => navigate(link("search"))}
	    queue={{ label: t("office.menu.search"), content: <>
		<kit.Title>{t("office.menu.search")}</kit.Title>
		<form role="search" class="bo-search" onSubmit={ask}>
			<kit.Field id="q" label={t("office.search.label")} value={text}
			    hint={t("office.search.hint")} maxLength={100}
			    spellcheck={false} onValue={setText} />
			<kit.Button type="submit" kind="primary" icon="search">
				{t("office.search.go")}</kit.Button>
		</form>
		{error !== null && asked && <kit.Failure error={error} retry={reload} />}
		{data && <kit.Table caption={t("office.search.found",
		    { count: data.items.length })} showCaption rows={data.items}
		    rowKey={(one) => one.id} current={id ?? null} columns={[
			{ key: "number", label: t("office.number"), heads: true,
			    cell: (one) => <a href={link("search", one.id)}>
				{one.number}</a> },
			{ key: "day", label: t("office.day"),
			    cell: ({ day }) => formatWeekday(day) },
			{ key: "address", label: t("office.fact.address"),
			    cell: ({ address }) => addressOf(address) },
			{ key: "things", label: t("office.fact.things"),
			    cell: ({ items }) => thingsOf(items) },
			{ key: "state", label: t("office.days.state"),
			    cell: ({ state }) => t(`app.state.${state}`) }]} />}
	    </> }}
	    detail={{ label: t("office.detail"), content: id ?
		<BookingPane key={id} id={id} props={props} /> :
		<p class="kern-body sk-muted">{t("office.plan.none-open")}</p> }} />;
}

// SPDX-License-Identifier: EUPL-1.2
// Capacity and closed days, and cancelling a whole day.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, announce, ApiError, errorText, formatNumber, formatWeekday, kit,
    newKey, refresh, useApi, type ScreenProps } from "@stadtkern/office";
import { districtName, Reason, today, useDistricts } from "./parts.tsx";
import type { Day } from "./types.ts";

function Editor({ day, props, onDone }: { day: Day; props: ScreenProps;
    onDone: () => void }): JSX.Element {
	const { plugin, t } = props;
	const [capacity, setCapacity] = useState(
	    day.own_capacity === null ? "" : String(day.own_capacity));
	const [closed, setClosed] = useState(day.closed ?? "");
	const [error, setError] = useState<unknown>(null);
	const at = (pointer: string) => error instanceof ApiError ? error.errors
	    .find((one) => one.pointer === pointer)?.message : undefined;
	const save = () => {
		setError(null);
		void api.put(`${plugin.api}/days/${day.district}/${day.day}`, {
		    ...capacity.trim() && { capacity: Number(capacity) },
		    ...closed.trim() && { closed: closed.trim() } }).then(() => {
			refresh(plugin.api);
			announce(t("office.days.saved"), "polite");
			onDone();
		}, setError);
	};
	return <kit.Dialog title={formatWeekday(day.day)} onClose={onDone} footer={<>
		<kit.Button onClick={onDone}>{t("app.button.cancel")}</kit.Button>
		<kit.Button kind="primary" onClick={save}>{t("app.button.save")}
		</kit.Button></>}>
		{error !== null && !at("/capacity") && !at("/closed") &&
		    <kit.Notice kind="danger" title={errorText(error, t)} live />}
		<kit.Field id="capacity" label={t("office.days.capacity")} optional
		    type="number" value={capacity} error={at("/capacity")}
		    hint={t("office.days.capacity-hint")} onValue={setCapacity} />
		<kit.Field id="closed" label={t("office.days.closed")} optional
		    value={closed} maxLength={200} error={at("/closed")}
		    hint={t("office.days.closed-hint")} onValue={setClosed} />
	</kit.Dialog>;
}

function CancelDay({ day, props, onDone }: { day: Day; props: ScreenProps;
    onDone: () => void }): JSX.Element {
	const { plugin, t } = props;
	const [key] = useState(newKey);
	const cancel = async (reason: string): Promise<void> => {
		const told = await api.post<{ cancelled: number;
		    without_address: number }>(`${plugin.api}/days/${day.district}/${
		    day.day}/cancel`, { reason }, { key });
		refresh(plugin.api);
		announce(t("office.days.cancelled", { count: told.cancelled,
		    without: String(told.without_address) }), "polite");
		onDone();
	};
	return <Reason t={t} title={t("office.days.cancel-title",
	    { day: formatWeekday(day.day) })} yes={t("office.days.cancel")}
	    says={t("office.days.cancel-says", { count: day.booked })}
	    onNo={onDone} onYes={cancel} />;
}

export function Days(props: ScreenProps): JSX.Element {
	const { plugin, query, link, navigate, can, t } = props;
	const from = query.get("from") ?? today();
	const districts = useDistricts(plugin);
	const { data, error, reload } = useApi<{ items: Day[] }>(
	    `${plugin.api}/days?${new URLSearchParams({ from })}`, { poll: 60 });
	const [edited, setEdited] = useState<Day | null>(null);
	const [cancelled, setCancelled] = useState<Day | null>(null);
	const name = (code: string) => districtName(districts.data?.items ?? [],
	    code);
	return <>
		<kit.Title>{t("office.menu.days")}</kit.Title>
		<kit.Toolbar label={t("office.plan.choose")}>
			<kit.Field id="from" type="date" label={t("office.days.from")}
			    value={from} onValue={(value) => value && navigate(
				`${link("days")}?${new URLSearchParams({ from: value })}`)} />
		</kit.Toolbar>
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{error === null && !data && <kit.Skeleton lines={6} />}
		{data && <kit.Table caption={t("office.menu.days")} rows={data.items}
		    rowKey={(one) => `${one.day}/${one.district}`} columns={[
			{ key: "day", label: t("office.day"), heads: true,
			    cell: ({ day, district }) => <a href={`${link("plan")}?${
				new URLSearchParams({ district, day })}`}>
				{formatWeekday(day)}</a> },
			{ key: "district", label: t("office.district"),
			    cell: ({ district }) => name(district) },
			{ key: "booked", label: t("office.days.booked"), numeric: true,
			    cell: ({ booked, capacity }) => t("office.days.of", { booked:
				formatNumber(booked), capacity: formatNumber(capacity) }) },
			{ key: "volume", label: "m³", numeric: true, cell: ({ volume }) =>
			    formatNumber(volume ?? 0, 1) },
			{ key: "closed", label: t("office.days.state"), cell: ({ closed,
			    booked, capacity }) => closed !== null ?
			    <kit.Badge kind="danger">{closed}</kit.Badge> :
			    booked >= capacity ? <kit.Badge kind="warning">
				{t("office.days.full")}</kit.Badge> : t("office.days.open") },
			...can("plan.write") ? [{ key: "do", label: t("office.days.do"),
			    cell: (day: Day) => <span class="bo-move">
				<kit.Button icon="edit" onClick={() => setEdited(day)}
				    aria-label={t("office.days.edit", { day:
				    `${formatWeekday(day.day)}, ${name(day.district)}` })}>
					{t("app.button.edit")}</kit.Button>
				{day.booked > 0 && <kit.Button icon="delete"
				    onClick={() => setCancelled(day)}
				    aria-label={`${t("office.days.cancel")}: ${
				    formatWeekday(day.day)}, ${name(day.district)}`}>
					{t("office.days.cancel")}</kit.Button>}
			    </span> }] : []]} />}
		{edited && <Editor day={edited} props={props}
		    onDone={() => setEdited(null)} />}
		{cancelled && <CancelDay day={cancelled} props={props}
		    onDone={() => setCancelled(null)} />}
	</>;
}

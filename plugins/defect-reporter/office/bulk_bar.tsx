// SPDX-License-Identifier: EUPL-1.2
// What can be done with several tickets at once. Each has its own outcome, and
// what was done can be taken back.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, can, errorText, kit, refresh, t, theApp, undoable, useKeys } from
    "@stadtkern/office";
import { each, succeeded } from "./bulk.ts";
import type { Props } from "./queue.tsx";
import type { Line } from "./view.ts";

interface Job {
	title: string;
	act: (line: Line) => Promise<{ version: number }>;
}

interface Refusal {
	number: number;
	text: string;
}

export function Bulk({ rows, props, onDone, onNone }: { rows: readonly Line[];
    props: Props; onDone: (ids: string[]) => void;
    onNone: () => void }): JSX.Element {
	const { plugin, settings } = props;
	const [busy, setBusy] = useState(false);
	const [department, setDepartment] = useState("");
	const [status, setStatus] = useState("");
	const [refusals, setRefusals] = useState<Refusal[]>([]);
	const tickets = `${plugin.api}/tickets`;
	const run = async ({ title, act }: Job) => {
		setBusy(true);
		const outcomes = await each(rows, act);
		const done = succeeded(outcomes);
		setBusy(false);
		setRefusals(outcomes.filter(({ error }) => error !== undefined)
		    .map(({ item, error }) => ({ number: item.number,
		    text: errorText(error, t) })));
		refresh(tickets);
		// What was refused stays chosen.
		onDone(done.map(({ item }) => item.id));
		const says = t("office.bulk.done", { count: done.length, what: title });
		if (done.length === 0)
			return;
		undoable(says, async () => {
			const back = await each(done, ({ item, answer }) => api.post(
			    `${tickets}/${item.id}/undo`, { version: answer.version }));
			refresh(tickets);
			const failed = back.find(({ error }) => error !== undefined);
			if (failed)
				throw failed.error;
		});
	};
	const step = (path: string, more: object = {}) => ({ id, version }: Line) =>
	    api.post<{ version: number }>(`${plugin.api}/${path.replace("{id}", id)}`,
	    { ...more, version });
	const release = () => run({ title: t("office.bulk.released"),
	    act: step("reports/{id}/release") });
	const assign = () => run({ title: t("office.bulk.assigned"),
	    act: step("tickets/{id}/assign", { department }) });
	const move = () => run({ title: t("office.bulk.moved"),
	    act: step("reports/{id}/status", { status }) });
	const focus = (id: string) => () => document.getElementById(id)?.focus();
	useKeys({
		...can("reports.release") ? { f: { label: t("office.bulk.release"),
		    run: () => void release() } } : {},
		...can("tickets.assign") ? { z: { label: t("office.bulk.assign"),
		    run: focus("bulk-department") } } : {},
		...can("reports.work") ? { s: { label: t("office.bulk.move"),
		    run: focus("bulk-status") } } : {},
	});
	return <section class="dt-bulk" aria-label={t("office.bulk.label")}>
		<div class="dt-bulk__head">
			<h2 class="dt-small">{t("office.bulk.chosen",
			    { count: rows.length })}</h2>
			<kit.Button kind="tertiary" onClick={onNone}>
				{t("office.choose-none")}</kit.Button>
		</div>
		<kit.Toolbar label={t("office.bulk.label")}>
			{can("reports.release") && <kit.Button busy={busy} icon="visibility"
			    onClick={() => void release()}>
				{t("office.step.release")} <kit.Key name="f" /></kit.Button>}
			{can("tickets.assign") && <>
				<kit.Select id="bulk-department" value={department}
				    label={t("office.filter.department")} choices={[
				    { value: "", label: t("office.choose-please") },
				    ...theApp().departments.map(({ code, name }) =>
				    ({ value: code, label: name }))]}
				    onValue={setDepartment} />
				{department !== "" && <kit.Button busy={busy}
				    onClick={() => void assign()}>
					{t("office.step.assign")} <kit.Key name="z" />
				</kit.Button>}</>}
			{can("reports.work") && <>
				<kit.Select id="bulk-status" value={status}
				    label={t("office.filter.status")} choices={[
				    { value: "", label: t("office.choose-please") },
				    ...settings.statuses.map(({ code, name }) =>
				    ({ value: code, label: name }))]}
				    onValue={setStatus} />
				{status !== "" && <kit.Button busy={busy}
				    onClick={() => void move()}>
					{t("office.step.status")} <kit.Key name="s" />
				</kit.Button>}</>}
		</kit.Toolbar>
		{refusals.length > 0 && <kit.Notice kind="warning" live
		    title={t("office.bulk.refused", { count: refusals.length })}>
			<ul>{refusals.map(({ number, text }) => <li key={number}>
				{t("app.number", { number })}: {text}</li>)}</ul>
		</kit.Notice>}
	</section>;
}

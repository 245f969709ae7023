// SPDX-License-Identifier: EUPL-1.2
// "I am affected too": counted once, taken back at any time, sent through the
// outbox like everything else.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce, api, ApiError, ensureAccount, errorText, hasDevice, kit,
    outbox, type Plugin, type Translate } from "@stadtkern/app";
import type { Page, Supported } from "./types.ts";

// What was pressed since the list was read.
const pressed = signal<ReadonlyMap<string, boolean>>(new Map());
const known = signal<ReadonlySet<string> | null>(null);

const PATIENCE = 6000;

// A device that was never registered supports nothing, and looking at a report
// is no reason to register it.
async function load(plugin: Plugin): Promise<void> {
	if (known.value !== null || !await hasDevice())
		return;
	const { data } = await api.own<Page<Supported>>(
	    `${plugin.api}/reports/supported?limit=100`);
	known.value = new Set(data.items.map(({ id }) => id));
}

async function send(plugin: Plugin, id: string, on: boolean, title: string,
    t: Translate): Promise<string> {
	if (on && plugin.account === "required") {
		const ready = await ensureAccount(t("app.support.account"))
		    .catch((error: unknown) => error instanceof ApiError &&
		    error.kind !== "problem");
		if (!ready)
			return "";
	}
	const entry = await outbox.add({ plugin: plugin.name, title, steps: [{
	    method: on ? "POST" : "DELETE",
	    path: `${plugin.api}/reports/${id}/support` }] });
	const done = await outbox.wait(entry, PATIENCE);
	if (done?.state === "refused") {
		await outbox.remove(entry);
		return done.problem?.title || t("app.error.problem");
	}
	if (done?.state === "sent")
		await outbox.remove(entry);
	pressed.value = new Map([...pressed.value, [id, on]]);
	announce(t(done?.state !== "sent" ? "app.support.later" :
	    on ? "app.support.done" : "app.support.undone"));
	return "";
}

export function SupportButton({ plugin, id, number, count, t, onSupport }: {
    plugin: Plugin; id: string; number: number; count: number; t: Translate;
    onSupport?: () => void }): JSX.Element {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState("");
	useEffect(() => void load(plugin).catch(() => undefined), []);
	const before = known.value?.has(id) ?? false;
	const on = pressed.value.get(id) ?? before;
	const total = Math.max(0, count + (on === before ? 0 : on ? 1 : -1));
	const press = async () => {
		setBusy(true);
		setError("");
		try {
			const problem = await send(plugin, id, !on,
			    t("app.support.title", { number }), t);
			setError(problem);
			if (problem === "" && pressed.value.get(id) === true)
				onSupport?.();
		} catch (failure) {
			setError(errorText(failure, t));
		}
		setBusy(false);
	};
	return <div class="dr-support">
		{error && <kit.Notice kind="warning" title={error} live />}
		<kit.Button kind={on ? "secondary" : "primary"} busy={busy}
		    icon={on ? "success" : "add"} aria-pressed={on}
		    onClick={() => void press()}>
			{t(on ? "app.support.on" : "app.support.press")}
		</kit.Button>
		<p class="sk-muted">{t("app.support.count", { count: total })}</p>
	</div>;
}

// SPDX-License-Identifier: EUPL-1.2
// What several of the office's screens show.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApiError, errorText, kit, language, useApi, type Plugin, type Translate }
    from "@stadtkern/office";
import { dayOf, price as priceIn } from "../app/form.ts";
import type { Address, District } from "./types.ts";

export { thingsOf } from "../app/form.ts";

export const price = (cents: number): string => priceIn(cents, language.value);

export const addressOf = ({ street, house_number }: Address): string =>
    `${street} ${house_number}`;

export const today = (): string => dayOf(Date.now());

export const useDistricts = (plugin: Plugin) =>
    useApi<{ items: District[] }>(`${plugin.api}/districts`);

export const districtName = (districts: readonly District[], code: string): string =>
    districts.find((one) => one.code === code)?.name ?? code;

// The first day from `from` on on which the district is collected.
export function nextDay(district: District | undefined, from: string): string {
	const day = new Date(`${from}T12:00:00Z`);
	for (let i = 0; i < 14; i++) {
		if (!district || district.days.includes(day.getUTCDay() || 7))
			break;
		day.setUTCDate(day.getUTCDate() + 1);
	}
	return day.toISOString().slice(0, 10);
}

// Asks for the reason that everybody concerned is told, then does it.
export function Reason({ title, says, yes, onNo, onYes, t }: { title: string;
    says: string; yes: string; onNo: () => void;
    onYes: (reason: string) => Promise<void>; t: Translate }): JSX.Element {
	const [reason, setReason] = useState("");
	const [error, setError] = useState<unknown>(null);
	const [busy, setBusy] = useState(false);
	const field = error instanceof ApiError ?
	    error.errors.find(({ pointer }) => pointer === "/reason") : undefined;
	const send = () => {
		setBusy(true);
		setError(null);
		void onYes(reason.trim()).catch(setError).finally(() => setBusy(false));
	};
	return <kit.Dialog title={title} onClose={onNo} footer={<>
		<kit.Button onClick={onNo}>{t("app.button.cancel")}</kit.Button>
		<kit.Button kind="primary" busy={busy} onClick={send}>{yes}</kit.Button>
	</>}>
		<p class="kern-body">{says}</p>
		{error !== null && !field && <kit.Notice kind="danger" live
		    title={errorText(error, t)} />}
		<kit.Field id="reason" label={t("office.reason")} value={reason}
		    hint={t("office.reason-hint")} maxLength={200}
		    error={field?.message} onValue={setReason} />
	</kit.Dialog>;
}

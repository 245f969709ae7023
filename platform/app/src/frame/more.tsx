// SPDX-License-Identifier: EUPL-1.2
// Everything else: what is on this device, settings, legal pages.

import type { JSX } from "preact";
import { t } from "../context.ts";
import { Title } from "../kit/basics.tsx";
import { outbox } from "../outbox/outbox.ts";
import { InstallHint } from "./install_hint.tsx";
import { Row, Rows } from "./rows.tsx";

export function MorePage(): JSX.Element {
	const waiting = outbox.entries.value.filter(({ state }) =>
	    state !== "sent").length;
	return <>
		<Title>{t("app.tab.more")}</Title>
		<InstallHint />
		<Rows title={t("app.more.device")}>
			<Row icon="shield" label={t("app.page.data")}
			    says={t("app.page.data.says")} href="/data" />
			<Row icon="outbox" label={t("app.page.outbox")}
			    says={t("app.page.outbox.says")} href="/outbox"
			    mark={waiting > 0 ? String(waiting) : undefined} />
			<Row icon="settings" label={t("app.page.settings")}
			    says={t("app.page.settings.says")} href="/settings" />
		</Rows>
		<Rows title={t("app.legal")}>
			<Row icon="info" label={t("app.legal.imprint")} href="/legal/imprint" />
			<Row icon="shield" label={t("app.legal.privacy")} href="/legal/privacy" />
			<Row icon="easy-language" label={t("app.legal.accessibility")}
			    href="/legal/accessibility" />
			<Row icon="draft" label={t("app.legal.licences")}
			    href="/legal/licences" />
		</Rows>
	</>;
}

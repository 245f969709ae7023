// SPDX-License-Identifier: EUPL-1.2
// There is no such screen.

import type { JSX } from "preact";
import { t } from "../context.ts";
import { LinkButton, Title } from "../kit/basics.tsx";

export function Missing(): JSX.Element {
	return <>
		<Title>{t("app.missing.title")}</Title>
		<p class="kern-body">{t("app.missing.text")}</p>
		<p class="sk-actions">
			<LinkButton kind="primary" href="/">{t("app.button.start")}</LinkButton>
		</p>
	</>;
}

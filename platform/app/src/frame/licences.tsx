// SPDX-License-Identifier: EUPL-1.2
// Licences of what is in the program, from the build.

import type { JSX } from "preact";
import { t } from "../context.ts";
import { Failure, Skeleton, Title } from "../kit/basics.tsx";

export interface Licence {
	name: string;
	version: string;
	licence: string;
	text: string;
}

export const LICENCES = "/assets/licences.json";

// Both sides read it in their own way.
export function Licences({ data, error, reload }: { data: Licence[] | null;
    error: unknown; reload: () => void }): JSX.Element {
	return <>
		<Title says={t("app.licences.says")}>{t("app.legal.licences")}</Title>
		{error !== null && !data && <Failure error={error} retry={reload} />}
		{!data && error === null && <Skeleton lines={8} />}
		{data?.map(({ name, version, licence, text }) =>
		    <details class="sk-details" key={name}>
			<summary>{name} {version} <span class="sk-muted">{licence}</span>
			</summary>
			<pre lang="en">{text}</pre>
		    </details>)}
	</>;
}

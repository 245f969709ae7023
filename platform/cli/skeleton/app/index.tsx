// SPDX-License-Identifier: EUPL-1.2
// The entries of new-plugin, for citizens.

import type { JSX } from "preact";
import { formatDay, kit, useApi, type Module, type ScreenProps }
    from "@stadtkern/app";

interface Settings { introduction: string | null }
interface Entry { id: string; title: string; text: string; created_at: string }

function List({ plugin, settings, t }: ScreenProps<Settings>): JSX.Element {
	const { data, error, fetchedAt, reload } =
	    useApi<{ items: Entry[] }>(`${plugin.api}/entries`);
	return <>
		<kit.Title>{t("app.list.title")}</kit.Title>
		{settings.introduction && <p class="kern-body">
			{settings.introduction}</p>}
		<kit.Age fetchedAt={fetchedAt} />
		{!data && error === null && <kit.Skeleton />}
		{!data && error !== null && <kit.Failure error={error} retry={reload} />}
		{data?.items.length === 0 && <kit.Empty icon="info"
		    title={t("app.list.empty")}>{t("app.list.empty-says")}</kit.Empty>}
		{data?.items.map((entry) => <article key={entry.id} class="sk-section">
			<h2 class="kern-heading-medium">{entry.title}</h2>
			<p class="kern-body">{entry.text}</p>
			<p class="sk-muted">{formatDay(entry.created_at)}</p>
		</article>)}
	</>;
}

export default { screens: { list: List } } satisfies Module;

// SPDX-License-Identifier: EUPL-1.2
// The entries of new-plugin, for staff: a list, and a form for one more.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { announce, api, ApiError, errorText, formatDay, kit, newKey, refresh,
    useApi, type Module, type ScreenProps } from "@stadtkern/office";

interface Entry { id: string; title: string; text: string; created_at: string }

function New({ plugin, t }: ScreenProps): JSX.Element {
	const [title, setTitle] = useState("");
	const [text, setText] = useState("");
	const [key, setKey] = useState(newKey);
	const [error, setError] = useState<unknown>(null);
	const at = (pointer: string): string | undefined => error instanceof
	    ApiError ? error.errors.find((one) => one.pointer === pointer)
	    ?.message : undefined;
	const send = async (event: Event): Promise<void> => {
		event.preventDefault();
		try {
			await api.post(`${plugin.api}/entries`, { title, text },
			    { key });
		} catch (failure) {
			return setError(failure);
		}
		setTitle("");
		setText("");
		setKey(newKey());
		setError(null);
		announce(t("office.written"), "polite");
		refresh(`${plugin.api}/entries`);
	};
	return <form onSubmit={(event) => void send(event)}>
		<h2 class="kern-heading-medium">{t("office.new")}</h2>
		{error !== null && <kit.Notice kind="danger"
		    title={errorText(error, t)} live />}
		<kit.Field id="entry-title" label={t("office.title")} value={title}
		    error={at("/title")} onValue={setTitle} />
		<kit.Field id="entry-text" label={t("office.text")} value={text} multiline
		    error={at("/text")} onValue={setText} />
		<kit.Button kind="primary" type="submit">{t("office.write")}</kit.Button>
	</form>;
}

function Entries(props: ScreenProps): JSX.Element {
	const { plugin, t } = props;
	const { data, error, reload } =
	    useApi<{ items: Entry[] }>(`${plugin.api}/entries`);
	const [failure, setFailure] = useState<unknown>(null);
	const remove = (id: string): Promise<void> =>
	    api.delete(`${plugin.api}/entries/${id}`).then(() =>
	    refresh(`${plugin.api}/entries`), setFailure);
	return <>
		<kit.Title>{t("office.menu.entries")}</kit.Title>
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{failure !== null && <kit.Notice kind="danger"
		    title={errorText(failure, t)} live />}
		<New {...props} />
		<kit.Table caption={t("office.menu.entries")} rows={data?.items ?? []}
		    rowKey={({ id }) => id} columns={[
			{ key: "title", label: t("office.title"), heads: true,
			    cell: ({ title }) => title },
			{ key: "day", label: t("office.day"),
			    cell: ({ created_at }) => formatDay(created_at) },
			{ key: "remove", label: t("office.remove"),
			    cell: ({ id, title }) => <kit.Button
				aria-label={`${t("office.remove")}: ${title}`}
				onClick={() => void remove(id)}>{t("office.remove")}
			    </kit.Button> },
		    ]} />
	</>;
}

export default { screens: { entries: Entries } } satisfies Module;

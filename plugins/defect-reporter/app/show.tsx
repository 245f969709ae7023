// SPDX-License-Identifier: EUPL-1.2
// A public report, as everybody sees it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { announce, kit, useApi, type ScreenProps } from "@stadtkern/app";
import { categoryName, History, Photos, PlaceLine, Status, statusOf, When } from
    "./parts.tsx";
import { SupportButton } from "./support.tsx";
import type { Settings, Shown } from "./types.ts";

type Props = ScreenProps<Settings>;

function Share({ title, t }: { title: string; t: Props["t"] }): JSX.Element {
	const [done, setDone] = useState(false);
	const [shown, setShown] = useState(false);
	const url = location.origin + location.pathname;
	const share = async () => {
		if (navigator.share) {
			// Closing the system's sheet is no failure.
			await navigator.share({ title, url }).catch(() => undefined);
			return;
		}
		try {
			await navigator.clipboard.writeText(url);
			setDone(true);
			announce(t("app.share.copied"));
		} catch {
			setShown(true);
		}
	};
	return <>
		<kit.Button icon={done ? "success" : "open-in-new"} onClick={() => void share()}>
			{t(done ? "app.share.copied" : "app.share")}</kit.Button>
		{shown && <kit.Field id="share" label={t("app.share.link")} value={url}
		    onValue={() => undefined} />}
	</>;
}

function Report({ report, props }: { report: Shown; props: Props }): JSX.Element {
	const { plugin, settings, link, t } = props;
	const open = statusOf(settings, report.status)?.kind !== "closed" &&
	    statusOf(settings, report.status)?.kind !== "rejected";
	const title = categoryName(settings, report.category);
	return <article class="dr-report">
		<p class="dr-facts"><Status settings={settings} code={report.status} />
			<span class="sk-muted">{t("app.sent-at")}{" "}
			<When at={report.received_at} /></span></p>
		<Photos plugin={plugin} report={report} t={t} />
		<p class="dr-text">{report.text}</p>
		<PlaceLine position={report.position ?? null}
		    address={report.address ?? null} t={t}
		    mapLink={`${link("map")}?at=${report.id}`} />
		<div class="dr-report__actions">
			{open && <SupportButton plugin={plugin} id={report.id} t={t}
			    number={report.number} count={report.supporters ?? 0} />}
			<Share title={title} t={t} />
		</div>
		<History received={report.received_at} events={report.history}
		    settings={settings} t={t} />
	</article>;
}

export function ShowScreen(props: Props): JSX.Element {
	const { plugin, settings, params, link, t } = props;
	const { data, error, fetchedAt, reload } = useApi<Shown>(
	    `${plugin.api}/reports/${encodeURIComponent(params[0] ?? "")}`);
	return <>
		<p class="dr-back"><a href={link("map")}>
			<kit.Icon name="arrow-back" size={20} turn />
			{t("app.public.map")}</a></p>
		<kit.Title>{data ? `${categoryName(settings, data.category)} · ${
		    t("app.number", { number: data.number })}` : t("app.report")}</kit.Title>
		<kit.Age fetchedAt={fetchedAt} />
		{error !== null && !data && <kit.Failure error={error} retry={reload} />}
		{!data && error === null && <kit.Skeleton lines={6} />}
		{data && <Report report={data} props={props} />}
	</>;
}

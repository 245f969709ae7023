// SPDX-License-Identifier: EUPL-1.2
// Imprint, privacy, accessibility as the city's server gives them; licences of
// what is in the app, from the build.

import type { JSX } from "preact";
import { useApi } from "../api.ts";
import { t, theApp } from "../context.ts";
import { Age, Empty, Failure, Skeleton, Title } from "../kit/basics.tsx";
import { Missing } from "./missing.tsx";

const PAGES = ["imprint", "privacy", "accessibility", "licences"];

interface Section {
	title?: string;
	// Paragraphs, parted by an empty line; a line that begins with "- " is
	// an item of a list.
	text?: string;
	// Shown as a table of two columns.
	entries?: { name: string; value: string }[];
	links?: { label: string; href: string }[];
}

interface LegalText {
	title?: string;
	updated?: string;
	sections?: Section[];
}

type Legal = Record<string, LegalText | undefined>;

interface Licence {
	name: string;
	version: string;
	licence: string;
	text: string;
}

function Text({ text }: { text: string }): JSX.Element {
	return <>{text.trim().split(/\n\s*\n/).map((block, i) => {
		const lines = block.split("\n");
		return lines.every((line) => line.startsWith("- ")) ?
		    <ul class="kern-list kern-list--bullet" key={i}>
			{lines.map((line) => <li key={line}>{line.slice(2)}</li>)}
		    </ul> : <p class="kern-body" key={i}>{block}</p>;
	})}</>;
}

// Only what a citizen can safely follow.
const isSafe = (href: string): boolean =>
    /^(https?:|mailto:|tel:|\/)/.test(href);

function LegalSection({ title, text, entries, links }: Section): JSX.Element {
	return <section class="sk-section">
		{title && <h2 class="kern-heading-medium">{title}</h2>}
		{text && <Text text={text} />}
		{entries && <dl class="kern-description-list">
			{entries.map(({ name, value }) => <div key={name}
			    class="kern-description-list-item">
				<dt class="kern-description-list-item__key">{name}</dt>
				<dd class="kern-description-list-item__value">{value}</dd>
			</div>)}
		</dl>}
		{links && <ul class="kern-list kern-list--bullet">
			{links.filter(({ href }) => isSafe(href)).map(({ label, href }) =>
			    <li key={href}><a href={href} rel="noopener">{label}</a></li>)}
		</ul>}
	</section>;
}

function FromServer({ page }: { page: string }): JSX.Element {
	const { data, error, loading, fetchedAt, reload } =
	    useApi<Legal>("/api/v1/legal");
	const text = data?.[page];
	return <>
		<Title>{text?.title ?? t(`app.legal.${page}`)}</Title>
		<Age fetchedAt={fetchedAt} />
		{loading && !data && <Skeleton lines={8} />}
		{error !== null && !data && <Failure error={error} retry={reload} />}
		{data && !text?.sections?.length && <Empty icon="info"
		    title={t("app.legal.nothing")}>
			{t("app.legal.nothing-says", { city: theApp().name })}
		</Empty>}
		{text?.sections?.map((section, i) => <LegalSection key={i} {...section} />)}
	</>;
}

function Licences(): JSX.Element {
	const { data, error, reload } = useApi<Licence[]>("/assets/licences.json");
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

export function LegalPage({ page }: { page: string }): JSX.Element {
	if (!PAGES.includes(page))
		return <Missing />;
	return page === "licences" ? <Licences /> : <FromServer page={page} />;
}

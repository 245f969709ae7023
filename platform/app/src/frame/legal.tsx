// SPDX-License-Identifier: EUPL-1.2
// Imprint, privacy, accessibility as the city's server gives them.

import type { JSX } from "preact";
import { useApi } from "../api.ts";
import { t, theApp } from "../context.ts";
import { Age, Empty, Failure, Notice, Skeleton, Title } from "../kit/basics.tsx";
import { Feedback } from "./feedback.tsx";
import { LICENCES, Licences, type Licence } from "./licences.tsx";
import { Missing } from "./missing.tsx";


// docs/api.md says what an answer looks like.
interface Section {
	heading?: string;
	paragraphs?: string[];
	list?: string[];
	table?: { columns: string[]; rows: (string | null)[][] };
}

interface LegalText {
	title?: string;
	sections?: Section[];
}

interface Legal {
	language?: string;
	// Why that is not the language that was asked for.
	note?: string | null;
	imprint?: LegalText;
	privacy?: LegalText;
	accessibility?: LegalText;
	// Where feedback on accessibility goes.
	feedback?: string;
}

// Addresses in the text are links; nothing else in it is more than text.
function Linked({ text }: { text: string }): JSX.Element {
	const parts = text.split(/(https?:\/\/[^\s)]+[^\s).,]|[^\s@()]+@[^\s@()]+\.[a-z]+)/);
	return <>{parts.map((part, i) => i % 2 === 0 ? part :
	    <a key={i} href={part.includes("://") ? part : `mailto:${part}`}
		rel="noopener">{part}</a>)}</>;
}

// On a phone each row is a card with its columns' names; the roles keep it a
// table for those who listen.
function Table({ columns, rows }: NonNullable<Section["table"]>): JSX.Element {
	return <table class="sk-table" role="table">
		<thead><tr role="row">{columns.map((name) =>
		    <th key={name} role="columnheader" scope="col">{name}</th>)}</tr></thead>
		<tbody>{rows.map((row, i) => <tr key={i} role="row">
			{row.map((cell, column) => <td key={column} role="cell"
			    data-column={columns[column]}>{cell}</td>)}
		</tr>)}</tbody>
	</table>;
}

function LegalSection({ heading, paragraphs, list, table }: Section): JSX.Element {
	return <section class="sk-section">
		{heading && <h2 class="kern-heading-medium">{heading}</h2>}
		{paragraphs?.map((text) => <p key={text} class="kern-body sk-lines">
			<Linked text={text} /></p>)}
		{list && <ul class="kern-list kern-list--bullet">
			{list.map((text) => <li key={text}><Linked text={text} /></li>)}
		</ul>}
		{table && <Table {...table} />}
	</section>;
}

function FromServer({ page }: { page: "imprint" | "privacy" | "accessibility" }): JSX.Element {
	const { data, error, loading, fetchedAt, reload } =
	    useApi<Legal>("/api/v1/legal");
	const text = data?.[page];
	return <>
		<Title>{data?.note ? t(`app.legal.${page}`) :
		    text?.title ?? t(`app.legal.${page}`)}</Title>
		<Age fetchedAt={fetchedAt} />
		{loading && !data && <Skeleton lines={8} />}
		{error !== null && !data && <Failure error={error} retry={reload} />}
		{data && !text?.sections?.length && <Empty icon="info"
		    title={t("app.legal.nothing")}>
			{t("app.legal.nothing-says", { city: theApp().name })}
		</Empty>}
		{data?.note && <Notice title={data.note} />}
		<div class="sk-sections" lang={data?.language}>
			{text?.sections?.map((section, i) => <LegalSection key={i} {...section} />)}
		</div>
		{page === "accessibility" && data?.feedback &&
		    <Feedback to={data.feedback} />}
	</>;
}

const LicencesPage = (): JSX.Element =>
    <Licences {...useApi<Licence[]>(LICENCES)} />;

export function LegalPage({ page }: { page: string }): JSX.Element {
	switch (page) {
	case "licences":
		return <LicencesPage />;
	case "imprint":
	case "privacy":
	case "accessibility":
		return <FromServer key={page} page={page} />;
	default:
		return <Missing />;
	}
}

// SPDX-License-Identifier: EUPL-1.2
// A table whose headers sort. Where it is wider than its place it scrolls by
// itself, by keyboard as well.

import type { ComponentChildren, JSX } from "preact";
import { t } from "../../../app/src/context.ts";

export interface Column<Row> {
	key: string;
	label: string;
	cell: (row: Row) => ComponentChildren;
	sortable?: boolean;
	// Right-aligned, all digits equally wide.
	numeric?: boolean;
	// Names the row for those who listen.
	heads?: boolean;
}

export interface Sort {
	key: string;
	down: boolean;
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>;
    sort?: Sort | undefined; onSort?: ((sort: Sort) => void) | undefined }):
    JSX.Element {
	const { key, label, numeric } = column;
	const mine = sort?.key === key;
	const look = numeric ? "of-numeric" : undefined;
	if (!column.sortable || !onSort)
		return <th role="columnheader" scope="col" class={look}>{label}</th>;
	return <th role="columnheader" scope="col" class={look}
	    aria-sort={mine ? sort.down ? "descending" : "ascending" : "none"}>
		<button type="button" class="of-sort"
		    onClick={() => onSort({ key, down: mine ? !sort.down : false })}>
			{label}
			<span aria-hidden="true" class="of-sort__mark">
				{mine ? sort.down ? "↓" : "↑" : "↕"}</span>
		</button>
	</th>;
}

export function Table<Row>({ caption, columns, rows, rowKey, sort, onSort,
    current = null, showCaption = false }: {
    caption: string; columns: readonly Column<Row>[]; rows: readonly Row[];
    rowKey: (row: Row) => string; sort?: Sort;
    onSort?: (sort: Sort) => void;
    // The row that is open beside the table.
    current?: string | null; showCaption?: boolean }): JSX.Element {
	return <div class="of-scroll" tabindex={0} role="region"
	    aria-label={caption}>
		{/* The roles are said because a style that stacks a table on a phone
		    takes them away. */}
		<table role="table" class="of-table">
			<caption class={showCaption ? "of-caption" : "kern-sr-only"}>
				{caption}</caption>
			<thead role="rowgroup"><tr role="row">{columns.map((column) =>
			    <Head key={column.key} column={column} sort={sort}
				onSort={onSort} />)}</tr></thead>
			<tbody role="rowgroup">
				{rows.map((row) => {
					const id = rowKey(row);
					return <tr role="row" key={id} aria-current={id === current ?
					    "true" : undefined}>
						{columns.map(({ key, cell, numeric, heads }) => heads ?
						    <th role="rowheader" key={key} scope="row">
							{cell(row)}</th> :
						    <td role="cell" key={key} class={numeric ? "of-numeric" :
							undefined}>{cell(row)}</td>)}
					</tr>;
				})}
			</tbody>
		</table>
		{rows.length === 0 && <p class="kern-body of-none">
			{t("office.table.none")}</p>}
	</div>;
}

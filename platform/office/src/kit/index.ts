// SPDX-License-Identifier: EUPL-1.2
// The app's parts, and what a desk needs besides.

export * from "../../../app/src/kit/index.ts";
export { Key } from "../keys.tsx";
export { Table } from "./table.tsx";
export type { Column, Sort } from "./table.tsx";
export { Split, Tabs, Toolbar } from "./panes.tsx";
export { Toast } from "../toast.tsx";

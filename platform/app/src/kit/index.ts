// SPDX-License-Identifier: EUPL-1.2
export { Icon } from "./icon.tsx";
export * from "./basics.tsx";
export * from "./fields.tsx";
export * from "./layers.tsx";
export { Row, Rows, Tile } from "../frame/rows.tsx";

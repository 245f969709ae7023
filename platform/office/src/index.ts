// SPDX-License-Identifier: EUPL-1.2
// @stadtkern/office: what a plugin's office screens may use. README.md
// explains it.

export type { Counter, Description, Entries, Me, MenuEntry, Module, Plugin,
    ScreenProps, Translate, Values } from "./module.ts";
export { api, useApi, refresh, newKey, ApiError, AppError, errorText } from
    "./api.ts";
export type { FieldError, Loaded } from "./api.ts";
export { can, link, t } from "./here.ts";
export { me } from "./session.ts";
export * as kit from "./kit/index.ts";
export { useKeys } from "./keys.tsx";
export type { Shortcut, Shortcuts } from "./keys.tsx";
export { undoable } from "./toast.tsx";
export { loadMap } from "../../app/src/map/index.ts";
export type { Area, CityMap, LonLat, MapModule, MapOptions, Pin, PinShape, PinTone,
    View } from "../../app/src/map/index.ts";
export { announce } from "../../app/src/announce.ts";
export { formatAge, formatDateTime, formatDay, formatDistance, formatNumber,
    formatTime, formatWeekday } from "../../app/src/format.ts";
export { language, theApp } from "../../app/src/context.ts";
export { navigate } from "../../app/src/router.ts";

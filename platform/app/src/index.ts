// SPDX-License-Identifier: EUPL-1.2
// @stadtkern/app: what a plugin's screens may use. README.md explains it.

export type { CardProps, Description, Module, Plugin, ScreenProps, Translate,
    Values } from "./module.ts";
export { api, useApi, onFresh, ApiError, AppError, errorText } from "./api.ts";
export type { Answer, FieldError, Loaded } from "./api.ts";
export { vault } from "./vault.ts";
export type { Meter, Person, VaultField } from "./vault.ts";
export { drafts } from "./drafts.ts";
export type { Draft } from "./drafts.ts";
export { outbox } from "./outbox/outbox.ts";
export type { Entry, NewEntry, NewStep, Problem, State } from "./outbox/outbox.ts";
export { hasDevice } from "./http.ts";
export { account, ensureAccount } from "./account.tsx";
export * as kit from "./kit/index.ts";
export { loadMap } from "./map/index.ts";
export type { Area, CityMap, LonLat, MapModule, MapOptions, Pin, PinShape, PinTone,
    View } from "./map/index.ts";
export { announce } from "./announce.ts";
export { formatAge, formatDateTime, formatDay, formatDistance, formatNumber,
    formatTime, formatWeekday } from "./format.ts";
export { language } from "./context.ts";
export { navigate } from "./router.ts";

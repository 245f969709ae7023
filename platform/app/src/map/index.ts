// SPDX-License-Identifier: EUPL-1.2
// The map's library weighs more than the rest of the app: it is loaded where a
// map is shown, and only there.

import { AppError } from "../errors.ts";
import type { MapModule } from "./types.ts";

export type { Area, AreaLook, CityMap, LonLat, MapModule, MapOptions, Pin, PinShape,
    PinTone, View } from "./types.ts";

let loading: Promise<MapModule> | null = null;

export function loadMap(): Promise<MapModule> {
	loading ??= import("./map.ts").catch(() => {
		loading = null;
		throw new AppError("app.map.not-loaded");
	});
	return loading;
}

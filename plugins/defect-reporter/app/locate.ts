// SPDX-License-Identifier: EUPL-1.2
// Where the person is, asked when the person wants it and never before.

import { AppError } from "@stadtkern/app";
import type { Position } from "./types.ts";

const PATIENCE = 15_000;

// Each way in which there is none has a sentence of its own.
const reasons: Record<number, string> = { 1: "app.locate.refused",
    2: "app.locate.unavailable", 3: "app.locate.late" };

export function locate(): Promise<Position & { accuracy: number }> {
	return new Promise((resolve, reject) => {
		if (!navigator.geolocation)
			return reject(new AppError("app.locate.unavailable"));
		navigator.geolocation.getCurrentPosition(
		    ({ coords: { latitude, longitude, accuracy } }) =>
			resolve({ lat: latitude, lon: longitude, accuracy }),
		    ({ code }) => reject(new AppError(reasons[code] ??
			"app.locate.unavailable")),
		    { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 10_000 });
	});
}

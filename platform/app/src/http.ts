// SPDX-License-Identifier: EUPL-1.2
// Requests of the citizens' app: with the device's token where one is needed.
//
// Used by the page and by the service worker.

import { ApiError } from "./errors.ts";
import { answer, ask, type Answer, type Call as PlainCall } from "./fetch.ts";
import * as sealed from "./store/sealed.ts";
import * as database from "./store/database.ts";

export type { Answer } from "./fetch.ts";

export interface Call extends PlainCall {
	// The device's token goes along; the device is registered when needed.
	device?: boolean;
	// A device that the server does not know is an error, no new one.
	sameDevice?: boolean;
}

interface Device {
	id: string;
	token: string;
}

const locked = <T>(name: string, action: () => Promise<T>): Promise<T> =>
    navigator.locks ? navigator.locks.request(name, action) as Promise<T> :
    action();

async function token(call: Call): Promise<string> {
	return locked("stadtkern-device", async () => {
		// A device that cannot be opened any more is a new one.
		const kept = await sealed.get<Device>("plain", "device")
		    .catch(() => undefined);
		if (kept)
			return kept.token;
		const { data } = await answer<Device>(await ask("/api/v1/devices",
		    { method: "POST", body: {}, language: call.language ?? "de" }));
		await sealed.put("plain", "device", data);
		return data.token;
	});
}

// Null before there is one, and when it cannot be opened.
export const deviceId = async (): Promise<string | null> =>
    (await sealed.get<Device>("plain", "device")
	.catch(() => undefined))?.id ?? null;

export const hasDevice = async (): Promise<boolean> =>
    await database.get("plain", "device") !== undefined;

export const forgetDevice = (): Promise<unknown> =>
    database.remove("plain", "device");

export const deviceIsUnknown = (error: unknown): boolean => error instanceof ApiError &&
    error.status === 401 && error.code === "device-unknown";

export async function request<T>(path: string, call: Call = {}): Promise<Answer<T>> {
	if (!call.device)
		return answer<T>(await ask(path, call), call.file);
	const asDevice = async () => answer<T>(await ask(path, call,
	    { more: { Authorization: `Bearer ${await token(call)}` } }), call.file);
	try {
		return await asDevice();
	} catch (error) {
		if (call.sameDevice || !deviceIsUnknown(error))
			throw error;
		// 401 comes before any effect, so asking again does nothing twice.
		await forgetDevice();
		return asDevice();
	}
}

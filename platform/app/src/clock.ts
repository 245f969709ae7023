// SPDX-License-Identifier: EUPL-1.2
// A device's clock may be wrong by years; the server's is not. Each answer
// says what time it is there.
//
// Used by the page and by the service worker.

const TOLERATED = 10 * 60_000;

// How far the device's clock is from the server's, in milliseconds. Zero until
// a server has answered.
let skew = 0;
const listeners = new Set<(wrong: boolean) => void>();

export const now = (): number => Date.now() + skew;

export const clockIsWrong = (): boolean => Math.abs(skew) > TOLERATED;

export function onClock(listener: (wrong: boolean) => void): void {
	listeners.add(listener);
}

// `date` is the answer's Date header, whole seconds.
export function learnTime(date: string | null): void {
	const server = date === null ? Number.NaN : Date.parse(date);
	if (Number.isNaN(server))
		return;
	const difference = server - Date.now();
	skew = Math.abs(difference) < 5000 ? 0 : difference;
	for (const listener of listeners)
		listener(clockIsWrong());
}

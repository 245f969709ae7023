// SPDX-License-Identifier: EUPL-1.2
// Counts down when the server wants to be left alone for a while (429).

import { useEffect, useState } from "preact/hooks";
import { announce } from "../../../app/src/announce.ts";
import { t } from "../../../app/src/context.ts";
import { ApiError } from "../../../app/src/errors.ts";

export function useWait(): { seconds: number; slowed: (error: unknown) => boolean } {
	const [end, setEnd] = useState(0);
	const [seconds, setSeconds] = useState(0);
	useEffect(() => {
		if (end === 0)
			return undefined;
		const count = () => {
			const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
			setSeconds(left);
			if (left > 0)
				return;
			setEnd(0);
			announce(t("office.sign-in.again-now"));
		};
		count();
		const timer = setInterval(count, 250);
		return () => clearInterval(timer);
	}, [end]);
	// True when that is what the error says.
	const slowed = (error: unknown) => {
		if (!(error instanceof ApiError) || error.status !== 429)
			return false;
		const given = error.members.seconds;
		const wait = error.retryAfter ??
		    (typeof given === "number" ? given : 5);
		setEnd(performance.now() + wait * 1000);
		setSeconds(wait);
		return true;
	};
	return { seconds, slowed };
}

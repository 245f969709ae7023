// SPDX-License-Identifier: EUPL-1.2
// Says in time that the session will end (WCAG 2.2.1), and prolongs it by
// itself while somebody is typing.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { now } from "../../../app/src/clock.ts";
import { t } from "../../../app/src/context.ts";
import { formatTime } from "../../../app/src/format.ts";
import { Button } from "../../../app/src/kit/basics.tsx";
import { Dialog } from "../../../app/src/kit/layers.tsx";
import { interrupted, me, readMe, signedInAgain, until } from "../session.ts";

const WARN = 5 * 60_000;
const LOOK = 10_000;

let activeAt = 0;
// The end that cannot be put off is told once.
let told = "";
for (const kind of ["keydown", "pointerdown"])
	addEventListener(kind, () => { activeAt = now(); }, { passive: true });

const left = () => until.value - now();

// Whether there is something to be said. Another window may have prolonged the
// session, so the server is asked first.
async function look(): Promise<boolean> {
	if (!me.value || interrupted.value || left() > WARN ||
	    told === me.value.ends)
		return false;
	const busy = now() - activeAt < WARN;
	const person = await readMe(!busy).catch(() => undefined);
	if (person === undefined)	// no network: no news either
		return left() <= WARN;
	if (person === null) {
		void signedInAgain("ended");
		return false;
	}
	return left() <= WARN;
}

export function Expiry(): JSX.Element | null {
	const [warning, setWarning] = useState(false);
	useEffect(() => {
		const again = () => void look().then(setWarning);
		const timer = setInterval(again, LOOK);
		document.addEventListener("visibilitychange", again);
		return () => {
			clearInterval(timer);
			document.removeEventListener("visibilitychange", again);
		};
	}, []);
	const person = me.value;
	if (!warning || !person || interrupted.value)
		return null;
	const final = Date.parse(person.ends) - now() <= WARN;
	const stay = () => {
		setWarning(false);
		if (final)
			told = person.ends;
		void readMe().catch(() => undefined);
	};
	return <Dialog title={t("office.expiry.title")} onClose={stay} footer={
	    <Button kind="primary" onClick={stay}>{t(final ?
		"office.expiry.understood" : "office.expiry.stay")}</Button>}>
		<p class="kern-body">{t(final ? "office.expiry.final" :
		    "office.expiry.idle", { time: formatTime(until.value) })}</p>
	</Dialog>;
}

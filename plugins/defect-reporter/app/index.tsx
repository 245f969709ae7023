// SPDX-License-Identifier: EUPL-1.2
// The defect reporter's screens: writing a report, one's own, the public ones.

import type { Module } from "@stadtkern/app";
import { ForwardedScreen } from "./forwarded.tsx";
import { Mine, MineCard, OwnScreen } from "./mine.tsx";
import { New } from "./new.tsx";
import { ListScreen, MapScreen } from "./public.tsx";
import { Sent } from "./sent.tsx";
import { ShowScreen } from "./show.tsx";

export default {
	screens: { new: New, sent: Sent, mine: Mine, own: OwnScreen, map: MapScreen,
	    list: ListScreen, show: ShowScreen, forwarded: ForwardedScreen },
	cards: { mine: MineCard },
} satisfies Module;

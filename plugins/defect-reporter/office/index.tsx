// SPDX-License-Identifier: EUPL-1.2
// The office's screens of the defect reporter.

import type { Module } from "@stadtkern/office";
import { EnterScreen } from "./enter.tsx";
import { FiguresScreen } from "./figures.tsx";
import { ForwardedScreen } from "./forwarded.tsx";
import { TicketsScreen } from "./tickets.tsx";

export default { screens: { tickets: TicketsScreen, enter: EnterScreen,
    figures: FiguresScreen, forwarded: ForwardedScreen } } satisfies Module;

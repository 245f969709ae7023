// SPDX-License-Identifier: EUPL-1.2
// Bulky waste in the citizens' app.

import type { Module } from "@stadtkern/app";
import { Book } from "./book.tsx";
import { Change } from "./change.tsx";
import { DoneScreen } from "./done.tsx";
import { Mine, MineCard, Show } from "./mine.tsx";

export default {
	screens: { book: Book, change: Change, done: DoneScreen, mine: Mine,
	    show: Show },
	cards: { mine: MineCard },
} satisfies Module;

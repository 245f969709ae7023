// SPDX-License-Identifier: EUPL-1.2
// Every screen of one city, for everyone: lib/sweep.mjs. Files of their own, so
// that two run at once.

import { keepsNobodyOut } from "./lib/sweep.mjs";

keepsNobodyOut("castrop-rauxel");

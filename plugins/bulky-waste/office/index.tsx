// SPDX-License-Identifier: EUPL-1.2
// Bulky waste in the office: the waste company's views.

import type { Module } from "@stadtkern/office";
import { Days } from "./days.tsx";
import { Plan } from "./plan.tsx";
import { Search } from "./search.tsx";

export default { screens: { days: Days, plan: Plan, search: Search } } satisfies
    Module;

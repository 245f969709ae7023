// SPDX-License-Identifier: EUPL-1.2
// What the office's interface of bulky waste answers.

import type { Address } from "../app/types.ts";

export type { Address };

export interface District {
	code: string;
	name: string;
	days: number[];		// ISO, 1 is Monday
	capacity: number;
}

export interface Thing {
	item: string;
	name: string;
	count: number;
}

export interface Stop {
	stop: number;
	id: string;
	number: string;
	address: Address;
	position: { lat: number; lon: number } | null;
	items: Thing[];
	volume: number;
	weight: number;
	devices: number;
	express: boolean;
	fee_cents: number;
	household: { name?: string; note?: string } | null;
}

export interface Day {
	district: string;
	day: string;
	booked: number;
	capacity: number;
	own_capacity: number | null;
	closed: string | null;
	volume: number | null;
	weight: number | null;
	devices: number | null;
}

export interface Found {
	id: string;
	number: string;
	state: "booked" | "cancelled";
	day: string;
	district: string;
	address: Address;
	items: Thing[];
	fee_cents: number;
}

export interface Booking extends Found {
	version: number;
	volume: number;
	weight: number;
	devices: number;
	express: boolean;
	created_at: string;
	changed_at: string;
	cancelled: { at: string; by: "citizen" | "office";
	    reason: string | null } | null;
	household: { name?: string; note?: string } | null;
	contact: { name?: string; email?: string; phone?: string } | null;
}

export interface Page<T> {
	items: T[];
	next: string | null;
}

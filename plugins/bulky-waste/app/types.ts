// SPDX-License-Identifier: EUPL-1.2
// What the server says of bulky waste; README.md has the interface.

export interface Settings {
	operator: string;
	email: string | null;
	phone: string | null;
	free_per_year: number;
	fee: string | null;
	limit: { value: number; unit: "m3" | "kg" } | null;
	electrical: { free_per_year: number; fee: string | null;
	    max_devices: number } | null;
	wish_dates: number;
	express: { lead_days: number; fee: string | null } | null;
	change_until: { days: number; hour: number };
	put_out: { from: string; until: string; place: string };
	payment: string;
}

export interface Item {
	code: string;
	name: string;
	group: string;
	icon: string;
	volume: number;		// m³
	weight: number;		// kg
	electrical: boolean;
	hint: string | null;
	keywords: string[];
}

export interface Excluded {
	code: string;
	name: string;
	icon: string;
	because: string;
	take_to: string;
	keywords: string[];
}

export interface Catalogue {
	items: Item[];
	excluded: Excluded[];
}

export interface Address {
	street: string;
	house_number: string;
	postcode: string;
}

export interface Place {
	address: Address;
	district: string;
	name: string;
}

export interface Day {
	day: string;
	free: number;
	express: boolean;
	closed: string | null;
}

export interface Quote {
	year: number;
	free: { bulky: number; electrical: number };
	fee_cents: number | null;
	possible: boolean;
}

export interface Booking {
	id: string;
	number: string;
	state: "booked" | "cancelled";
	version: number;
	day: string;
	district: string;
	address: Address;
	items: { item: string; name: string; count: number;
	    electrical: boolean }[];
	volume: number;
	weight: number;
	devices: number;
	express: boolean;
	fee_cents: number;
	payment: string;
	change_until: string;
	cancelled: { at: string; by: "citizen" | "office";
	    reason: string | null } | null;
}

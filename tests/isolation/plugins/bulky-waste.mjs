// SPDX-License-Identifier: EUPL-1.2
// What the isolation matrix has to know of bulky waste; ../matrix.test.mjs says
// what each of this is for.

import assert from "node:assert/strict";
import { aBooking, address, freeDays, waste } from "../../http/lib/waste.mjs";

const office = "/office/api/v1/bulky-waste";
const reason = "Der Wagen ist kaputt.";
// A day that stands in nobody's list, and a district that there is nowhere.
const day = "2031-05-05", nowhere = "nirgends";
const otherDay = "2031-05-06";	// answers name what was asked for

// A district of the city and one of its streets.
const spot = (world, city) => world.sql("select x.districts ->> " +
    "'bulky-waste', s.name from street s join street_section x on " +
    "x.tenant_id = s.tenant_id and x.street = s.key join tenant t on " +
    `t.id = s.tenant_id where t.slug = '${city}' and x.side = 'all' ` +
    "order by x.section limit 1").split("|");

async function objects({ world, city, text, device }) {
	const [district, street] = spot(world, city);
	const days = await freeDays(world.public, city, district);
	const make = async (number) => {
		const made = await device.request("POST", `${waste}/bookings`,
		    { body: aBooking([days[0]], number, { address:
		    address(number, street), fee_cents: 10_000,
		    household: { name: text } }) });
		assert.equal(made.status, 201, made.text);
		return { id: made.json.id, day, format: "ics" };
	};
	return { open: { ...await make(1), district },
	    hidden: { ...await make(2), district: nowhere } };
}

const bodies = Object.fromEntries(Object.entries({
	address: { address: address() },
	quote: { address: address(), items: [{ item: "sofa" }] },
	bookings: aBooking([otherDay], 1),
	"bookings/{id}/cancel": {},
}).map(([route, body]) => [`POST ${waste}/${route}`, body]));

export default {
	objects,
	bodies: { ...bodies,
	    [`PATCH ${waste}/bookings/{id}`]: { version: 1,
		days: [otherDay] },
	    [`POST ${office}/bookings/{id}/cancel`]: { reason },
	    [`PUT ${office}/days/{district}/{day}`]: { capacity: 5 },
	    [`POST ${office}/days/{district}/{day}/cancel`]: { reason },
	    [`PUT ${office}/days/{district}/{day}/order`]: { bookings:
		["00000000-0000-4000-8000-000000000000"] } },
	// A neighbour is told that there is nothing.
	everybodys: { [`PATCH ${waste}/bookings/{id}`]: 404,
	    [`POST ${waste}/bookings/{id}/cancel`]: 404 },
	queries: { [`GET ${office}/plan`]: `?district=${nowhere}&day=${day}`,
	    [`GET ${office}/bookings`]: "?q=weg" },
	anybody: [
		`GET ${waste}/catalogue`,
		`GET ${waste}/districts/{district}/days`,
		`POST ${waste}/address`,
	],
};

// SPDX-License-Identifier: EUPL-1.2
// What tests of bulky waste share: made-up households, and the days that a
// district has.

import assert from "node:assert/strict";

export const waste = "/api/v1/bulky-waste";
export const officeWaste = "/office/api/v1/bulky-waste";

export const address = (number = "1", street = "Thomasstraße") =>
    ({ street, house_number: String(number) });

export const aBooking = (days, number, changes = {}) => ({
	address: address(number), items: [{ item: "sofa" }], days,
	household: { name: "Alex Beispiel", note: "Im Hof" },
	contact: { email: "alex@example.org" }, ...changes });

// Days of a district that can be booked, the first ones.
export async function freeDays(server, city, district) {
	const answer = await server.request("GET", city,
	    `${waste}/districts/${district}/days`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json.days.filter((day) => day.free > 0 && !day.express)
	    .map((day) => day.day);
}

export async function book(device, days, number, changes) {
	const answer = await device.request("POST", `${waste}/bookings`,
	    { body: aBooking(days, number, changes) });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}

// What the settings of a city give SQL, of the document that was published.
export function rulesOf(world, slug) {
	const city = JSON.parse(world.sql("select config from tenant where " +
	    `slug = '${slug}'`)).tenant.plugins["bulky-waste"];
	const week = ["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
	const cents = (text) => Math.round(Number(text) * 100);
	return { districts: Object.fromEntries(city.districts.map(
	    ({ code, name, capacity, days }) => [code, { name, capacity,
	    days: days.map((one) => week.indexOf(one)) }])),
	    lead: city.lead_days, free: { bulky: city.free_per_year,
	    electrical: city.electrical.free_per_year },
	    fee: { bulky: cents(city.fee), electrical: cents(city.electrical.fee) },
	    change: city.change_until, payment: "invoice", payments: {},
	    operator: city.operator, ...city.put_out };
}

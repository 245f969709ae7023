// SPDX-License-Identifier: EUPL-1.2
// Bulky waste: one district whose days are asked for, and a day in it that takes
// as many bookings as come.

import path from "node:path";

import { newDevice, startWorld, top } from "../http/lib/server.mjs";
import { aBooking, address, freeDays, rulesOf, waste } from
    "../http/lib/waste.mjs";
import { interleave, pgbench, statement, wrk } from "./measure.mjs";

const CITY = "castrop-rauxel", DISTRICT = "nord", CENTS = 3500;
const QUERIES = path.join(top, "plugins/bulky-waste/queries.sql");

export const districtDays = `${waste}/districts/${DISTRICT}/days`;

export async function startWaste() {
	const world = await startWorld({ env: { STADTKERN_LIMITS: "0",
	    STADTKERN_WORKERS: "1" } });
	const server = await world.startServer("public");
	const tenant = world.sql("select id from tenant where slug = " +
	    `'${CITY}'`);
	const [day] = await freeDays(server, CITY, DISTRICT);
	world.sql("insert into bulky_waste.day (tenant_id, district, day, " +
	    `capacity) values (${tenant}, '${DISTRICT}', '${day}', 2000000000)`);
	return { world, server, tenant, day, host: `${CITY}.localhost`,
	    device: await newDevice(server, CITY) };
}

export async function bookingToPgbench({ world, server, tenant, day, host,
    device }) {
	const body = aBooking([day], 1, { fee_cents: CENTS });
	const box = `\\x${"5a".repeat(120)}`;
	const given = { settings_rules: JSON.stringify(rulesOf(world, CITY)),
	    address: JSON.stringify(address(1)),
	    need: JSON.stringify({ volume: 1500, weight: 60, devices: 0,
		items: [{ item: "sofa", name: "Sofa, Couch", count: 1,
		electrical: false }] }),
	    days: JSON.stringify([day]), express: "f", fee_cents: CENTS,
	    household: box, contact: box, letter: box, language: "de" };
	const sql = statement(QUERIES, "booking_create", (name) =>
	    `:${name.replace(".", "_")}`);
	const token = world.sql("select token_hash from stadtkern.device " +
	    `where id = '${device.id}'`);
	const script = `\\set key random(1, 9000000000000000000)
\\startpipeline
select enter_device(:tenant::int, :token::bytea, false);
select once(sha256(int8send(:key::int8)), sha256('the same'));
${sql};
\\endpipeline
`;
	const booked = () => Number(world.sql("select booked from " +
	    `bulky_waste.day where day = '${day}' and tenant_id = ${tenant}`));
	const load = { host, path: `${waste}/bookings`, device: device.token,
	    body: JSON.stringify(body) };
	return interleave(() => wrk(world.dir, server.port, load), async () => {
		const before = booked();
		const rate = await pgbench(world, script, { ...given, tenant, token },
		    2);
		if (booked() === before)
			throw new Error("pgbench books nothing");
		return rate;
	});
}

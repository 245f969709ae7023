// SPDX-License-Identifier: EUPL-1.2
// A city with a base map of somebody else's. The world needs { home: true }.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { cities } from "./city.mjs";
import { until } from "./server.mjs";

// Publishes the city with this base map; null: without.
export async function publishBasemap(world, basemap, city = "herne") {
	const file = path.join(world.home, `tenants/${city}.yaml`);
	const text = fs.readFileSync(file, "utf8");
	fs.writeFileSync(file, text.replace(/^map: .*$/m, "map: {lat: " +
	    `${cities[city].lat}, lon: ${cities[city].lon}${basemap ?
	    `, basemap: ${JSON.stringify(basemap)}` : ""}}`));
	const done = world.cli("tenant", "add", city);
	assert.equal(done.status, 0, done.stderr);
	await until("the city has it", async () => {
		const { json } = await world.public.request("GET", city,
		    "/api/v1/app");
		return (json.map.basemap?.attribution ?? null) ===
		    (basemap?.attribution ?? null);
	});
}

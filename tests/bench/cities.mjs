// SPDX-License-Identifier: EUPL-1.2
// A database with as many tenants as wanted and reports in all of them.

import fs from "node:fs";
import path from "node:path";

import { startWorld } from "../http/lib/server.mjs";

// What the least tenant writes: only required keys.
const MINIMAL = `name: Musterstadt
ags: "05916000"
hosts: [musterstadt.localhost]
theme: base
boundary: boundary.geojson
email: stadt@musterstadt.example.org
plugins:
  defect-reporter: {}
`;

// Copies of the minimal tenant under other names; of its boundary too.
const COPY_TENANTS = `
with copy as (
    insert into stadtkern.tenant (slug, config, public_key)
    select 'musterstadt-' || n, replace(t.config, 'musterstadt',
	'musterstadt-' || n), t.public_key
    from stadtkern.tenant t, generate_series(1, COUNT) n
    where t.slug = 'musterstadt'
    returning id
)
insert into stadtkern.tenant_boundary (tenant_id, boundary)
select c.id, b.boundary
from copy c, stadtkern.tenant_boundary b
join stadtkern.tenant t on t.id = b.tenant_id where t.slug = 'musterstadt'`;

// Herne gets 10,000 reports, the nine tenants of the ten 1,000, all others 3;
// each report was answered once. Tenant by tenant, for the triggers.
const REPORTS = `
do $$
declare
	city	record;
begin
	for city in select id, case when slug = 'herne' then 10000
	    when rank() over (order by id) <= 10 then 1000 else 3 end as reports
	    from stadtkern.tenant loop
		perform set_config('stadtkern.tenant', city.id::text, true);
		insert into defect_reporter.report (tenant_id, number, category,
		    department, status, release, lat, lon, text, released_at)
		select city.id, n,
		    (array['pothole', 'green', 'graffiti'])[n % 3 + 1], 'city',
		    'received', 'released', 51.52 + n % 100 * 0.0003,
		    7.20 + n / 100 * 0.0003,
		    'Tiefes Schlagloch am rechten Fahrbahnrand, bei Regen kaum ' ||
		    'zu sehen.', now()
		from generate_series(1, city.reports) n;
		insert into defect_reporter.counter (tenant_id, last)
		values (city.id, city.reports);
		insert into defect_reporter.event (tenant_id, report_id, kind,
		    public, text)
		select tenant_id, id, 'answer', true,
		    'Der Bauhof ist unterrichtet.'
		from defect_reporter.report where tenant_id = city.id;
	end loop;
end $$`;

// { world, hosts, reports: the newest of each host's tenant }; the first ten
// of the lists have the same content however many follow.
export async function startCities(count, env) {
	const world = await startWorld({ home: true, env });
	const tenants = path.join(world.home, "tenants");
	fs.writeFileSync(path.join(tenants, "musterstadt.yaml"), MINIMAL);
	fs.mkdirSync(path.join(tenants, "musterstadt"));
	fs.copyFileSync(path.join(tenants, "herne/boundary.geojson"),
	    path.join(tenants, "musterstadt/boundary.geojson"));
	const added = world.cli("tenant", "add", "musterstadt");
	if (added.status !== 0)
		throw new Error(added.stderr);
	world.sql(COPY_TENANTS.replace("COUNT", String(count - 5)));
	world.sql(REPORTS);
	// Not what is empty: the planner would hold it to be so for long.
	world.sql("vacuum analyze stadtkern.tenant, stadtkern.tenant_boundary, " +
	    "defect_reporter.report, defect_reporter.event");
	const rows = world.sql(`select t.slug, r.id from stadtkern.tenant t
	    join defect_reporter.report r on r.tenant_id = t.id
	    where r.number = 1 order by t.id`).trim().split("\n");
	if (rows.length !== count)
		throw new Error(`${rows.length} tenants`);
	const reports = rows.map((row) => row.split("|")[1]);
	return { world, hosts: rows.map((row) =>
	    `${row.split("|")[0]}.localhost`),
	    reports: reports.map((id) =>
	    `/api/v1/defect-reporter/reports/${id}`), ids: reports };
}

// SPDX-License-Identifier: EUPL-1.2
// What the tests know of the four cities, and what they send to them.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { top } from "./server.mjs";

// A position inside, and what tells a city's app from the others'.
export const cities = {
	"castrop-rauxel": { name: "Castrop-Rauxel", ags: "05562004",
	    lat: 51.5497, lon: 7.3117 },
	gladbeck: { name: "Gladbeck", ags: "05562014",
	    lat: 51.5713, lon: 6.9827 },
	herne: { name: "Herne", ags: "05916000", lat: 51.5426, lon: 7.219 },
	waltrop: { name: "Waltrop", ags: "05562036",
	    lat: 51.6213, lon: 7.4024 },
};

export const reports = "/api/v1/defect-reporter/reports";
export const map = "/api/v1/defect-reporter/map.geojson";
export const officeReports = "/office/api/v1/defect-reporter/reports";

// A report that the city takes as it is; `index` moves it a little.
export function aReport(city = "herne", changes = {}, index = 0) {
	return { category: "green", text: "Ein Ast hängt über den Gehweg.",
	    position: { lat: cities[city].lat + (index % 10) * 0.0003,
	    lon: cities[city].lon + Math.floor(index / 10) * 0.0003 },
	    ...changes };
}

// A small city of the test's own in its copy of the configuration, with what
// `plugins` says in YAML; in service when this returns.
export function addCity(world, slug, plugins) {
	const dir = path.join(world.home, "tenants");
	fs.mkdirSync(path.join(dir, slug), { recursive: true });
	fs.writeFileSync(path.join(dir, slug, "boundary.geojson"),
	    JSON.stringify({ type: "Polygon", coordinates: [[[7.0, 51.4],
	    [7.2, 51.4], [7.2, 51.6], [7.0, 51.6], [7.0, 51.4]]] }));
	fs.writeFileSync(path.join(dir, `${slug}.yaml`),
	    `name: Musterstadt\nags: "05999999"\nhosts: [${slug}.localhost]\n` +
	    "theme: base\nboundary: boundary.geojson\n" +
	    `email: stadt@example.org\nplugins:\n${plugins}`);
	const added = world.cli("tenant", "add", slug);
	assert.equal(added.status, 0, added.stderr);
}

export async function sendReport(device, body, headers = {}) {
	const answer = await device.request("POST", reports, { body, headers });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}

export async function release(staff, id, body = {}) {
	const answer = await staff.request("POST",
	    `${officeReports}/${id}/release`, { body });
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}

export function picture(name) {
	return fs.readFileSync(path.join(top, "tests/fixtures/images", name));
}

export async function sendPhoto(device, report, bytes, type = "image/jpeg",
    headers = {}) {
	return device.request("POST", `${reports}/${report}/photos`,
	    { body: bytes, headers: { "content-type": type, ...headers } });
}

// { table: "rows checksum", … } of every table there is but reference data, or
// of the rows of one tenant. last_seen is touched by looking, so it does not
// count.
export function tables(world, slug) {
	const rows = world.sql(`
	    with t as (select c.oid::regclass as name, exists (
		select from pg_attribute a where a.attrelid = c.oid
		    and a.attname = 'tenant_id') as tenanted
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind = 'r' and n.nspname not like 'pg\\_%'
		    and n.nspname not in ('information_schema', 'public')
		    and c.relname not in ('schedule_run', 'municipality',
			'tenant_boundary', 'audit', 'audit_inbox',
			'audit_checkpoint'))
	    select name || '|' || (xpath('/row/x/text()', query_to_xml(format(
		'select count(*) || '' '' || md5(coalesce(string_agg(v, '','''
		' order by v), '''')) as x from (select (to_jsonb(t) - '
		'''last_seen'' - ''last_seen_at'')::text as v from %s t %s) s',
		name, case when ${slug ? "tenanted" : "false"} then
		    'where tenant_id = (select id from stadtkern.tenant '
		    'where slug = ''${slug ?? ""}'')' else '' end),
		false, true, '')))[1]::text
	    from t where tenanted or ${slug ? "false" : "true"} order by 1`);
	assert.match(rows, /^device\|\d+ /m);
	return Object.fromEntries(rows.split("\n").map((row) => row.split("|")));
}

// Everything that is stored, as text: what must not be stored is looked for
// in it. bytea is turned back into its bytes.
export function everything(world) {
	const names = world.sql(`select c.oid::regclass from pg_class c
	    join pg_namespace n on n.oid = c.relnamespace
	    where c.relkind = 'r' and n.nspname not like 'pg\\_%'
	    and n.nspname not in ('information_schema', 'public')
	    and c.relname not in ('municipality', 'tenant_boundary')`);
	const text = names.split("\n").map((name) =>
	    world.sql(`select row_to_json(t)::text from ${name} t`)).join("\n");
	const bytes = [...text.matchAll(/\\\\x([0-9a-f]{2,})/g)].map((found) =>
	    Buffer.from(found[1], "hex").toString("latin1")).join("\n");
	return text + bytes;
}

// Refused as RFC 9457 says, with this code and, if given, these errors:
// [pointer, code] each, in any order.
export function refused(answer, status, code, errors) {
	assert.equal(answer.status, status, answer.text);
	assert.match(answer.headers["content-type"],
	    /^application\/problem\+json/);
	assert.equal(answer.json.status, status);
	assert.equal(answer.json.code, code, answer.text);
	assert.equal(answer.json.type, `/problems/${code}`);
	assert.ok(answer.json.title.length > 5, answer.text);
	assert.notEqual(answer.json.title, code, "the title is a sentence");
	if (errors) {
		assert.deepEqual((answer.json.errors ?? []).map((error) =>
		    `${error.pointer} ${error.code}`).sort(),
		    errors.map((error) => error.join(" ")).sort(), answer.text);
		for (const error of answer.json.errors)
			assert.ok(error.message.length > 3, answer.text);
	}
}

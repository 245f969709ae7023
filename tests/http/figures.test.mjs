// SPDX-License-Identifier: EUPL-1.2
// Figures, against the same counted slowly and another way: from each
// report's whole history, here, one after the other.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { refused } from "./lib/city.mjs";
import { newStaff, startWorld } from "./lib/server.mjs";

const CITY = "herne", OTHER = "castrop-rauxel";
const target = "/office/api/v1/defect-reporter/figures";
const people = {};
let world, rows, holidays, deadlines, look;

const sql = (text) => world.sql("set search_path = stadtkern, " +
    `defect_reporter, public; ${text}`);

// 600 reports of two years: closed, open, late, reopened, merged, split,
// spam, corrected, forwarded, with answers and without.
const made = `
select set_config('stadtkern.tenant', (select id::text from tenant
    where slug = '${CITY}'), false);
create temporary table made as select n, gen_random_uuid() as id,
    (array['pothole', 'green', 'litter', 'other'])[1 + n % 4] as category,
    (array['tiefbau', 'stadtgruen', 'ordnung'])[1 + n % 3] as department,
    (array['app', 'open311', 'telephone', 'letter', 'mail'])[1 + n * 7 % 5]
	as channel, date_trunc('day', now()) - interval '9 hours'
	- (n * 29 % 700) * interval '1 day' + (n * 47 % 24) * interval '1 hour'
	as at
from generate_series(1, 600) n;
insert into report (tenant_id, id, number, category, department, channel,
    status, release, lat, lon, text, received_at, released_at, changed_at,
    closed_at, due_on, spam)
select tenant(), id, n, category, department, channel,
    case when n % 3 = 0 then 'received' else 'done' end,
    case when n % 11 = 0 or n % 5 = 0 then 'pending' else 'released' end,
    51.54, 7.22, case when n % 11 <> 0 and n % 5 <> 0 then 'x' end, at,
    case when n % 11 <> 0 and n % 5 <> 0
	then at + (n % 6) * interval '1 day' end, at,
    case when n % 3 <> 0
	then least(at + (n * 13 % 60) * interval '11 hours', now()) end,
    case when n % 8 = 0 then 'infinity'
	else at::date + n % 25 end, n % 11 = 0
from made;
insert into submission (tenant_id, report_id, text)
select tenant(), id, 'Text' from made;
update report r set parent_id = p.id from made m, made p
where r.id = m.id and m.n % 13 = 0 and p.n = m.n + 1 and (m.n + 1) % 13 <> 0;
insert into event (tenant_id, report_id, kind, public, category, at)
select tenant(), m.id, k.kind, k.public, k.category,
    m.at + (m.n * k.f % 500) * interval '1 hour'
from made m cross join (values ('answer', true, null, 7, 3),
    ('status', true, null, 11, 2), ('note', false, null, 1, 1),
    ('forwarded', true, null, 17, 6), ('changed', false, 'green', 19, 9),
    ('changed', false, null, 23, 4), ('answer', true, null, 29, 5))
    k (kind, public, category, f, every) where m.n % k.every = 0;
`;

before(async () => {
	world = await startWorld({ office: true,
	    env: { STADTKERN_LIMITS: "0" } });
	for (const role of ["admin", "press"])
		people[role] = await newStaff(world, CITY,
		    `${role}@example.org`, role);
	people.there = await newStaff(world, OTHER, "admin@example.org",
	    "admin");
	sql(made);
	const json = (query) => JSON.parse(sql(`select json_agg(x) from (${query
	    }) x`));
	rows = json("select r.*, to_char(r.received_at at time zone " +
	    "'Europe/Berlin', 'YYYY-MM-DD') as received, (select json_agg(e) " +
	    "from event e where e.tenant_id = r.tenant_id and e.report_id = " +
	    "r.id) as events from report r join tenant t on t.id = r.tenant_id " +
	    `where t.slug = '${CITY}'`);
	holidays = new Set(json("select day from holiday").map(({ day }) =>
	    day));
	const app = (await people.admin.request("GET",
	    "/office/api/v1/app")).json;
	const plugin = app.plugins.find((one) =>
	    one.name === "defect-reporter");
	look = plugin.settings.first_look_days;
	deadlines = Object.fromEntries(plugin.settings.categories.map((one) =>
	    [one.code, one.deadline?.days ? one.deadline.kind : null]));
}, { timeout: 240_000 });
after(() => world.stop());

const berlin = new Intl.DateTimeFormat("sv-SE",
    { timeZone: "Europe/Berlin" });
const dayOf = (time) => berlin.format(new Date(time));
const next = (day) => new Date(Date.parse(day) + 86_400_000).toISOString()
    .slice(0, 10);
function daysBetween(from, to, working) {
	let count = 0;
	for (let day = from; day < to;) {
		day = next(day);
		if (!working || (new Date(day).getUTCDay() % 6 !== 0 &&
		    !holidays.has(day)))
			count++;
	}
	return count;
}
const ranked = (values, part) => values.length < 5 ? null :
    [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1];

function counted(its) {
	const own = its.filter((one) => one.parent_id === null);
	const answers = [], closings = [];
	let inTime = 0, due = 0, met = 0, corrected = 0, forwarded = 0;
	for (const one of own) {
		const events = one.events ?? [];
		const working = deadlines[one.category] === "working";
		const first = events.filter(({ kind, public: open }) => open &&
		    ["answer", "status", "forwarded"].includes(kind))
		    .map(({ at }) => at).sort()[0];
		if (first)
			answers.push(daysBetween(one.received, dayOf(first),
			    working));
		if (one.closed_at)
			closings.push(daysBetween(one.received,
			    dayOf(one.closed_at), working));
		if (one.released_at && daysBetween(one.received,
		    dayOf(one.released_at), true) <= look)
			inTime++;
		if (one.due_on !== "infinity" && (one.closed_at ||
		    one.due_on < dayOf(Date.now())))
			due++;
		if (one.closed_at && one.due_on !== "infinity" &&
		    dayOf(one.closed_at) <= one.due_on)
			met++;
		if (events.some(({ kind, category }) => kind === "changed" &&
		    category))
			corrected++;
		if (events.some(({ kind }) => kind === "forwarded"))
			forwarded++;
	}
	return { received: its.length, merged: its.length - own.length,
	    released: own.filter((one) => one.released_at).length,
	    released_in_time: look > 0 ? inTime : null,
	    closed: closings.length, due, closed_in_time: met,
	    answered: answers.length, answer_median: ranked(answers, 0.5),
	    answer_90: ranked(answers, 0.9), close_median: ranked(closings, 0.5),
	    close_90: ranked(closings, 0.9), corrected, forwarded };
}

function reference(by, since, until) {
	const its = rows.filter((one) => !one.spam && one.received >= since &&
	    one.received <= until);
	const keys = new Set(its.map((one) => keyOf(one, by)));
	return { total: counted(its), items: [...keys].sort().map((key) =>
	    ({ key, ...counted(its.filter((one) => keyOf(one, by) === key)) })) };
}
const keyOf = (one, by) => by === "month" ? one.received.slice(0, 7) :
    one[by];

describe("figures", () => {
	const today = dayOf(Date.now());
	const [year, month] = today.split("-").map(Number);
	const first = new Date(Date.UTC(year, month - 12, 1)).toISOString()
	    .slice(0, 10);
	for (const by of ["category", "department", "channel", "month"])
		for (const [since, until] of [[null, null],
		    ["2024-01-01", today], [`${year}-01-01`, `${year}-06-30`]])
			test(`by ${by} from ${since ?? "a year ago"} they are those ` +
			    "of a slow count", async () => {
				const period = since === null ? "" :
				    `&since=${since}&until=${until}`;
				const answer = await people.admin.request("GET",
				    `${target}?by=${by}${period}`);
				assert.equal(answer.status, 200, answer.text);
				const wanted = reference(by, since ?? first,
				    until ?? today);
				assert.deepEqual(answer.json.total, wanted.total);
				assert.deepEqual(answer.json.items.map(
				    ({ name, ...one }) => one), wanted.items);
				assert.ok(wanted.total.received > 100);
			});

	test("what was split counts again, what was reopened is open",
	    async () => {
		const before = (await people.admin.request("GET", target)).json;
		const child = rows.find((one) => one.parent_id !== null &&
		    !one.spam && one.closed_at && one.received >= first &&
		    !rows.some((other) => other.parent_id === one.id));
		sql("update report set parent_id = null, closed_at = null, " +
		    `status = 'received' where id = '${child.id}'`);
		const { total } = (await people.admin.request("GET", target)).json;
		assert.equal(total.received, before.total.received);
		assert.equal(total.merged, before.total.merged - 1);
		assert.equal(total.closed, before.total.closed);
		child.parent_id = child.closed_at = null;	// for those below
	});

	test("a limited right counts what it reaches", async () => {
		refused(await people.press.request("GET", target), 403,
		    "right-missing");
		sql("update staff set roles = '{head}' where email = " +
		    "'press@example.org'");
		const { json } = await people.press.request("GET",
		    `${target}?by=department&since=2024-01-01`);
		assert.deepEqual(json.items.map(({ key }) => key), ["tiefbau"]);
		const { items } = reference("department", "2024-01-01", today);
		const { key, ...wanted } = items.find((one) =>
		    one.key === "tiefbau");
		assert.deepEqual(json.total, wanted);
	});

	test("what makes no sense is refused", async () => {
		refused(await people.admin.request("GET",
		    `${target}?since=2026-02-01&until=2026-01-01`), 422, "fields",
		    [["/until", "conflict"]]);
		refused(await people.admin.request("GET", `${target}?by=person`),
		    422, "fields");
	});

	test("another city has none of it", async () => {
		const { json } = await people.there.request("GET", target);
		assert.equal(json.total.received, 0);
		assert.deepEqual(json.items, []);
	});

	test("the file says the same", async () => {
		const answer = await people.admin.request("GET",
		    `${target}.csv?by=channel&since=2024-01-01`);
		assert.equal(answer.status, 200, answer.text);
		const lines = answer.text.slice(1).trimEnd().split("\r\n")
		    .map((line) => line.split(";"));
		const wanted = reference("channel", "2024-01-01", today);
		assert.equal(lines[0][2], "Eingangsweg");
		assert.deepEqual(lines.slice(1, -1).map((line) => line[2]),
		    ["App", "Brief", "E-Mail", "Open311", "Telefon"]);
		assert.equal(Number(lines.at(-1)[4]), wanted.total.received);
		assert.equal(lines.length, wanted.items.length + 2);
	});
});

-- SPDX-License-Identifier: EUPL-1.2
-- What the office takes along as a file, and what it counts.

-- name: ticket_csv :csv
-- All tickets that the filter asks for and the caller may see, in its order.
with its as materialized (
    select t.* from defect_reporter.ticket_ids(jsonb_strip_nulls(
	jsonb_build_object('status', :status::text,
	    'category', :category::text, 'department', :department::text,
	    'channel', :channel::text, 'priority', :priority::text,
	    'release', :release::text, 'person', :person::uuid,
	    'mine', :mine::bool, 'new', :new::bool, 'late', :late::bool,
	    'photo', :photo::bool, 'answer', :answer::bool,
	    'mail', :mail::bool,
	    'spam', :spam::bool, 'since', :since::timestamptz,
	    'until', :until::timestamptz, 'bbox', :bbox::text,
	    'q', :q::text)),
	coalesce(:sort::text, case when :q::text is null then 'deadline'
	    else 'received' end), null, 2000000000) t
)
select r.number, (r.received_at at time zone 'Europe/Berlin')::timestamp(0)
    as received_at,
    coalesce(:categories::jsonb ->> r.category, r.category) as category,
    coalesce(:statuses::jsonb ->> r.status, r.status) as status,
    coalesce(:departments::jsonb ->> r.department, r.department)
	as department,
    a.name as person, r.channel, r.priority, r.release,
    case when isfinite(r.due_on) then r.due_on end as due_on,
    r.due_on < today() and r.closed_at is null as late,
    (r.closed_at at time zone 'Europe/Berlin')::timestamp(0) as closed_at,
    r.outside_body, p.number as parent, r.address,
    round(r.lat::numeric, 6) as lat, round(r.lon::numeric, 6) as lon,
    f.its ->> 'label' as parcel, (f.its ->> 'city_owned')::bool as city_owned,
    coalesce(r.text, s.text) as text
from its i
join defect_reporter.report r on r.id = i.id
join defect_reporter.submission s
    on s.tenant_id = r.tenant_id and s.report_id = r.id
left join defect_reporter.report p
    on p.tenant_id = r.tenant_id and p.id = r.parent_id
left join stadtkern.staff a
    on a.tenant_id = r.tenant_id and a.id = r.assignee_id
cross join lateral (select parcel_at(r.lat, r.lon) as its) f
order by i.nth;

-- name: parcels :row
-- Parcels of a cell of the map: a web-mercator tile at zoom 16.
select parcels_in(:x::int, :y::int) as body;

-- name: figures :row
-- What was received in a period, what became of it, and how long that took.
with its as materialized (
    select p.since, p.until, f.*
    from (select coalesce(:since::date, (date_trunc('month', today())
	    - interval '11 months')::date) as since,
	coalesce(:until::date, today()) as until) p
    cross join lateral defect_reporter.figures(:by::text, p.since, p.until,
	:deadlines::jsonb, :first_look::int) f
)
select json_build_object('by', :by::text, 'since', min(i.since),
    'until', min(i.until), 'first_look_days', :first_look::int,
    'total', (select to_jsonb(t) - '{key,since,until}'::text[] from its t
	where t.key is null),
    'items', coalesce(jsonb_agg(to_jsonb(i) - '{since,until}'::text[]
	|| jsonb_build_object('name', case :by::text
	    when 'category' then coalesce(:categories::jsonb ->> i.key, i.key)
	    when 'department' then
		coalesce(:departments::jsonb ->> i.key, i.key)
	    else i.key end)
	order by i.key) filter (where i.key is not null), '[]')) as body
from its i;

-- name: figures_csv :csv
-- The same as a file, the sum last.
select case when :by::text = 'category' then
	coalesce(:categories::jsonb ->> f.key, f.key) end as category,
    case when :by::text = 'department' then
	coalesce(:departments::jsonb ->> f.key, f.key) end as department,
    case when :by::text = 'channel' then f.key end as channel,
    case when :by::text = 'month' then f.key end as month,
    f.received, f.merged, f.released, f.released_in_time, f.closed, f.due,
    f.closed_in_time, f.answered, f.answer_median, f.answer_90,
    f.close_median, f.close_90, f.corrected, f.forwarded
from defect_reporter.figures(:by::text, coalesce(:since::date,
	(date_trunc('month', today()) - interval '11 months')::date),
    coalesce(:until::date, today()), :deadlines::jsonb,
    :first_look::int) f
order by f.key nulls last;

-- SPDX-License-Identifier: EUPL-1.2
-- Statements of the office's work on tickets: what lists and pages show, then
-- each step. A step locks the report, judges, and writes its event.

-- name: ticket_list :page
-- Tickets as the filter and the order ask. Filter and order are read by
-- ticket_ids(), which finds one page; here it is dressed.
with page as materialized (
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
	    else 'received' end), :after::text, :limit::int) t
)
select p.place as position, json_build_object('id', r.id,
	'number', r.number, 'category', r.category, 'status', r.status,
	'department', r.department, 'assignment', r.assignment,
	'person', case when a.id is not null then
	    json_build_object('id', a.id, 'name', a.name) end,
	'channel', r.channel, 'release', r.release, 'priority', r.priority,
	'due_on', case when isfinite(r.due_on) then r.due_on end,
	'late', r.due_on < today() and r.closed_at is null,
	'position', case when r.lat is not null then
	    json_build_object('lat', r.lat, 'lon', r.lon) end,
	'address', r.address, 'text', left(coalesce(r.text, s.text), 300),
	'received_at', r.received_at, 'changed_at', r.changed_at,
	'closed_at', r.closed_at, 'version', r.version, 'spam', r.spam,
	'parent', r.parent_id, 'children', (select count(*)
	    from defect_reporter.report c
	    where c.tenant_id = r.tenant_id and c.parent_id = r.id),
	'photos', json_build_object('all', f.count, 'waiting', f.waiting),
	'answer', exists (select from defect_reporter.draft d
	    where d.tenant_id = r.tenant_id and d.report_id = r.id
		and d.state = 'waiting'),
	'mail', exists (select from defect_reporter.correspondence c
	    where c.tenant_id = r.tenant_id and c.report_id = r.id
		and c.read_at is null),
	'last', e.last) as body
from page p
join defect_reporter.report r on r.id = p.id
join defect_reporter.submission s
    on s.tenant_id = r.tenant_id and s.report_id = r.id
left join stadtkern.staff a
    on a.tenant_id = r.tenant_id and a.id = r.assignee_id
cross join lateral (select count(*) as count,
	count(*) filter (where f.state = 'waiting') as waiting
    from defect_reporter.photo f
    where f.tenant_id = r.tenant_id and f.report_id = r.id) f
left join lateral (select json_build_object('at', e.at, 'kind', e.kind,
	'staff', w.name, 'own', e.staff_id is not distinct from staff()) as last
    from defect_reporter.event e left join stadtkern.staff w
	on w.tenant_id = e.tenant_id and w.id = e.staff_id
    where e.tenant_id = r.tenant_id and e.report_id = r.id
    order by e.id desc limit 1) e on true
order by p.nth;

-- name: ticket_counts :row
-- What waits for the caller: new ones, own ones, late ones, answers to let
-- out, mail that nobody has read. Those that the caller's rights do not reach are not counted.
with limits as materialized (
    select staff_limits() is null as none, today() as today
)
select json_build_object(
    'new', (select count(*) from defect_reporter.report r
	where r.release = 'pending' and r.closed_at is null and not r.spam
	    and r.parent_id is null and case when l.none then true
	    else staff_may(r.department, r.category) end),
    'mine', (select count(*) from defect_reporter.report r
	where r.assignee_id = staff() and r.closed_at is null and not r.spam
	    and r.parent_id is null and case when l.none then true
	    else staff_may(r.department, r.category) end),
    'late', (select count(*) from defect_reporter.report r
	where r.due_on < l.today and r.closed_at is null and not r.spam
	    and r.parent_id is null and case when l.none then true
	    else staff_may(r.department, r.category) end),
    'answers', (select count(*) from defect_reporter.draft d
	join defect_reporter.report r
	    on r.tenant_id = d.tenant_id and r.id = d.report_id
	where d.state = 'waiting' and case when l.none then true
	    else staff_may(r.department, r.category) end),
    'mail', (select count(*) from defect_reporter.correspondence c
	join defect_reporter.report r
	    on r.tenant_id = c.tenant_id and r.id = c.report_id
	where c.read_at is null and case when l.none then true
	    else staff_may(r.department, r.category) end)) as body
from limits l;

-- name: ticket_show :row
-- Everything of a ticket on one page; the platform opens the column contact.
with ticket as materialized (
    select r.*, s.text as original, s.answers, s.consent_forward,
	s.contact_until, s.media_url, s.contact,
	:settings.nearby_metres::int as metres
    from defect_reporter.report r
    join defect_reporter.submission s
	on s.tenant_id = r.tenant_id and s.report_id = r.id
    where r.id = :id::uuid and staff_may(r.department, r.category)
), around as materialized (
    select t.id, t.category, t.lat, t.lon, t.metres,
	t.metres / 111000.0::float8 as dlat, t.metres / 111000.0::float8
	    / greatest(cos(radians(t.lat)), 0.01) as dlon
    from ticket t where t.lat is not null
), near as (
    select r.*, a.category = r.category as alike,
	st_distancesphere(st_makepoint(r.lon, r.lat),
	    st_makepoint(a.lon, a.lat)) as distance
    from around a join defect_reporter.report r
	on r.cell = any (cells(a.lon - a.dlon, a.lat - a.dlat,
	    a.lon + a.dlon, a.lat + a.dlat))
    where r.id <> a.id and not r.spam and r.status = any (:settings.open::text[])
	and r.parent_id is distinct from a.id
	and r.lat between a.lat - a.dlat and a.lat + a.dlat
	and r.lon between a.lon - a.dlon and a.lon + a.dlon
	and st_distancesphere(st_makepoint(r.lon, r.lat),
	    st_makepoint(a.lon, a.lat)) <= a.metres
	and staff_may(r.department, r.category)
)
select json_build_object('id', t.id, 'number', t.number,
	'category', t.category, 'status', t.status,
	'allowed', coalesce(:settings.graph::jsonb -> t.status -> 'next',
	    (select jsonb_agg(k) from jsonb_object_keys(:settings.graph::jsonb) k)),
	'department', t.department, 'assignment', t.assignment,
	'person', (select json_build_object('id', a.id, 'name', a.name)
	    from stadtkern.staff a
	    where a.tenant_id = t.tenant_id and a.id = t.assignee_id),
	'outside_body', t.outside_body,
	'release', t.release, 'spam', t.spam, 'version', t.version,
	'priority', t.priority, 'deadline', case when isfinite(t.due_on) then
	    json_build_object('on', t.due_on, 'by', t.due_by, 'rule',
		case when t.due_by = 'category' then
		    :settings.deadlines::jsonb -> t.category end,
		'late', t.due_on < today() and t.closed_at is null,
		'escalated_at', t.escalated_at) end,
	'channel', t.channel, 'sent_by', (select k.name
	    from stadtkern.api_key k where k.tenant_id = t.tenant_id
		and k.id = t.api_key_id), 'media_url', t.media_url,
	'position', case when t.lat is not null then
	    json_build_object('lat', t.lat, 'lon', t.lon) end,
	'address', t.address, 'parcel', parcel_at(t.lat, t.lon),
	'text', t.original, 'published_text', t.text, 'answers', t.answers,
	'consent_forward', t.consent_forward,
	'contact_until', t.contact_until,
	'received_at', t.received_at, 'released_at', t.released_at,
	'changed_at', t.changed_at, 'closed_at', t.closed_at,
	'photos', (select coalesce(json_agg(json_build_object('id', p.id,
		    'state', p.state, 'reason', p.reason, 'width', p.width,
		    'height', p.height, 'created_at', p.created_at,
		    'areas', p.areas, 'redaction', p.redaction_state)
		order by p.created_at, p.id), '[]')
	    from defect_reporter.photo p
	    where p.tenant_id = t.tenant_id and p.report_id = t.id),
	'remarks', (select coalesce(json_agg(json_build_object('id', k.id,
		    'state', k.state, 'text', k.text, 'status', k.status,
		    'media_url', k.media_url, 'received_at', k.received_at)
		order by k.received_at, k.id), '[]')
	    from defect_reporter.remark k
	    where k.tenant_id = t.tenant_id and k.report_id = t.id),
	'parent', (select json_build_object('id', p.id, 'number', p.number,
		'status', p.status) from defect_reporter.report p
	    where p.tenant_id = t.tenant_id and p.id = t.parent_id),
	'children', (select coalesce(json_agg(json_build_object('id', c.id,
		    'number', c.number, 'release', c.release,
		    'received_at', c.received_at,
		    'text', left(coalesce(c.text, x.text), 300))
		order by c.number), '[]')
	    from defect_reporter.report c
	    join defect_reporter.submission x
		on x.tenant_id = c.tenant_id and x.report_id = c.id
	    where c.tenant_id = t.tenant_id and c.parent_id = t.id),
	'nearby', (select coalesce(json_agg(json_build_object('id', n.id,
		    'number', n.number, 'category', n.category,
		    'similar', n.alike, 'status', n.status,
		    'received_at', n.received_at,
		    'distance', round(n.distance::numeric, 1),
		    'position', json_build_object('lat', n.lat,
			'lon', n.lon),
		    'text', left(coalesce(n.text, x.text), 300))
		order by n.alike desc, n.distance, n.number), '[]')
	    from (select * from near order by alike desc, distance, number
		limit 20) n
	    join defect_reporter.submission x
		on x.tenant_id = n.tenant_id and x.report_id = n.id),
	'drafts', (select coalesce(json_agg(json_build_object('id', d.id,
		    'text', d.text, 'state', d.state, 'reason', d.reason,
		    'created_at', d.created_at, 'staff', a.name,
		    'body', d.outside_body)
		order by d.created_at, d.id), '[]')
	    from defect_reporter.draft d left join stadtkern.staff a
		on a.tenant_id = d.tenant_id and a.id = d.staff_id
	    where d.tenant_id = t.tenant_id and d.report_id = t.id),
	'correspondence', (select coalesce(json_agg(json_build_object(
		    'id', c.id, 'kind', c.kind, 'party', c.party,
		    'known', c.known, 'forged', c.forged,
		    'subject', c.subject, 'shown', c.shown,
		    'quotes', c.text is distinct from c.shown,
		    'cut', c.cut, 'dropped', c.dropped, 'status', c.status,
		    'sent_at', c.sent_at, 'received_at', c.received_at,
		    'read_at', c.read_at, 'files', (select coalesce(json_agg(
			    json_build_object('id', f.id, 'name', f.name,
				'media_type', f.media_type, 'size', f.size)
			    order by f.name, f.id), '[]')
			from defect_reporter.correspondence_file f
			where f.tenant_id = c.tenant_id
			    and f.correspondence_id = c.id))
		order by c.received_at, c.id), '[]')
	    from defect_reporter.correspondence c
	    where c.tenant_id = t.tenant_id and c.report_id = t.id),
	'history', (select coalesce(json_agg(json_strip_nulls(
		    json_build_object('at', e.at, 'kind', e.kind,
			'public', e.public, 'status', e.status,
			'text', e.text, 'body', e.outside_body,
			'correspondence', e.correspondence_id,
			'department', e.department, 'person', p.name,
			'category', e.category, 'priority', e.priority,
			'due_on', e.due_on, 'changes', e.changes,
			'report', e.related_id,
			'number', e.related_number,
			'photo', e.photo_id, 'staff', a.name,
			'own', e.staff_id = staff()))
		order by e.id), '[]')
	    from defect_reporter.event e
	    left join stadtkern.staff a
		on a.tenant_id = e.tenant_id and a.id = e.staff_id
	    left join stadtkern.staff p
		on p.tenant_id = e.tenant_id and p.id = e.person_id
	    where e.tenant_id = t.tenant_id and e.report_id = t.id)) as body,
    t.contact
from ticket t;

-- name: ticket_pulse :row
-- Whether a ticket is as it was, without its contact: what a page that shows
-- it asks again and again.
select json_build_object('version', r.version,
    'events', (select count(*) from defect_reporter.event e
	where e.tenant_id = r.tenant_id and e.report_id = r.id),
    'photos', (select json_object_agg(p.id, p.state order by p.id)
	from defect_reporter.photo p
	where p.tenant_id = r.tenant_id and p.report_id = r.id),
    'remarks', (select json_object_agg(k.id, k.state order by k.id)
	from defect_reporter.remark k
	where k.tenant_id = r.tenant_id and k.report_id = r.id),
    'unread', (select count(*) from defect_reporter.correspondence c
	where c.tenant_id = r.tenant_id and c.report_id = r.id
	    and c.read_at is null)) as body
from defect_reporter.report r
where r.id = :id::uuid and staff_may(r.department, r.category);

-- name: ticket_templates :row
-- Answers to choose from, filled in for this ticket: those of its category
-- first, then those of all. What cannot be filled in stays as it is written,
-- and whoever answers has to.
select json_build_object('items', coalesce(json_agg(json_build_object(
	'code', m.value ->> 'code', 'name', m.value ->> 'name',
	'text', replace(replace(replace(replace(m.value ->> 'text',
	    '{number}', r.number::text),
	    '{category}', coalesce(:labels::jsonb ->> r.category,
		r.category)),
	    '{city}', :city::text),
	    '{street}', coalesce(r.address, '{street}')))
    order by m.value -> 'categories' is null, m.nth)
    filter (where m.value is not null), '[]')) as body
from defect_reporter.report r
left join jsonb_array_elements(:templates::jsonb)
    with ordinality m (value, nth)
    on coalesce(m.value -> 'categories' ? r.category, true)
where r.id = :id::uuid and staff_may(r.department, r.category)
group by r.id;

-- name: ticket_people :row
-- To whom a ticket can be given: staff with a role that may work on it.
select json_build_object('items', coalesce(json_agg(json_build_object(
	'id', f.id, 'name', f.name, 'roles', f.roles) order by f.name, f.id),
	'[]')) as body
from stadtkern.staff f
where f.disabled_at is null and f.roles && :workers::text[];

-- name: ticket_create :row
-- A report that came by telephone, letter, mail or at the counter. It waits
-- for release like any other.
with place as materialized (
    select :position.lat::float8 as lat, :position.lon::float8 as lon
), judged as materialized (
    select p.lat, p.lon, case when p.lat is null
	or st_covers(b.boundary, st_setsrid(st_makepoint(p.lon, p.lat), 4326))
	    then null
	when st_covers(b.boundary, st_setsrid(st_makepoint(p.lat, p.lon),
	    4326)) then 'position-swapped'
	else 'outside-city' end as problem
    from place p cross join stadtkern.tenant_boundary b
), numbered as (
    insert into defect_reporter.counter as c (tenant_id, last)
    select tenant(), 1 from judged j where j.problem is null
    on conflict (tenant_id) do update set last = c.last + 1
    returning last
), made as (
    insert into defect_reporter.report (tenant_id, number, channel, category,
	department, outside_body, status, lat, lon, address, priority, due_on)
    select tenant(), n.last, :channel::text, :category::text,
	:department::text, :outside::text, :initial::text, j.lat, j.lon,
	:address::text, coalesce(:priority::text, 'normal'),
	defect_reporter.deadline(:deadlines::jsonb, :category::text, today())
    from numbered n cross join judged j
    returning id, number, status, release, received_at, version, due_on
), sent as (
    insert into defect_reporter.submission (tenant_id, report_id, text,
	answers, contact, consent_forward)
    select tenant(), m.id, :text::text,
	jsonb_strip_nulls(coalesce(:answers::jsonb, '{}')),
	:contact::bytea, coalesce(:consent_forward::bool, false)
    from made m
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	staff_id)
    select tenant(), m.id, 'entered', false, staff() from made m
)
select answered(json_build_object('id', m.id, 'number', m.number,
	'status', m.status, 'release', m.release, 'version', m.version,
	'due_on', case when isfinite(m.due_on) then m.due_on end,
	'received_at', m.received_at)) as body,
    null::text as problem, null::json as arguments
from made m
union all
select null, j.problem, json_build_object('city', c.name,
	'where', coalesce(': ' || c.name, ''))
from judged j
left join lateral (select x.name from stadtkern.municipality x
    where st_covers(x.boundary, st_setsrid(st_makepoint(j.lon, j.lat), 4326))
    limit 1) c on true
where j.problem is not null;

-- name: ticket_assign :row
-- Gives a ticket to a department, which has to accept it.
with target as materialized (
    select r.id, r.version, r.version <> :version::int as stale
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), done as (
    update defect_reporter.report r set department = :department::text,
	assignment = 'assigned', assignee_id = null, changed_at = now(),
	version = r.version + 1
    from target t where r.id = t.id and t.stale is not true
    returning r.id, r.department, r.assignment, r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	department, text, staff_id)
    select tenant(), d.id, 'assigned', false, d.department, :reason::text,
	staff()
    from done d
)
select json_build_object('id', d.id, 'department', d.department,
	'assignment', d.assignment, 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, 'changed-meanwhile', json_build_object('version', t.version)
from target t where t.stale;

-- name: ticket_accept :row
-- The department says that it is theirs.
with target as materialized (
    select r.id, r.version, case
	when r.version <> :version::int then 'changed-meanwhile'
	when r.assignment = 'accepted' then 'accepted-before' end as problem
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), done as (
    update defect_reporter.report r set assignment = 'accepted',
	changed_at = now(), version = r.version + 1
    from target t where r.id = t.id and t.problem is null
    returning r.id, r.department, r.assignment, r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	department, staff_id)
    select tenant(), d.id, 'accepted', false, d.department, staff()
    from done d
)
select json_build_object('id', d.id, 'department', d.department,
	'assignment', d.assignment, 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: ticket_return :row
-- The department says that it is not theirs: back to the first one, which
-- looks at what nobody claims.
with target as materialized (
    select r.id, r.department, r.version, case
	when r.version <> :version::int then 'changed-meanwhile'
	when r.department = :first::text then 'nowhere-to-return'
	end as problem
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), done as (
    update defect_reporter.report r set department = :first::text,
	assignment = 'returned', assignee_id = null, changed_at = now(),
	version = r.version + 1
    from target t where r.id = t.id and t.problem is null
    returning r.id, r.department, r.assignment, r.version,
	t.department as before
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	department, text, staff_id)
    select tenant(), d.id, 'returned', false, d.before, :reason::text,
	staff()
    from done d
)
select json_build_object('id', d.id, 'department', d.department,
	'assignment', d.assignment, 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: ticket_person :row
-- Gives a ticket to a person (:own: the caller; none: nobody), who must have a
-- role that may work on it.
with target as materialized (
    select r.id, r.version, w.person, case
	when r.version <> :version::int then 'changed-meanwhile'
	when w.person is not null and not exists (
	    select from stadtkern.staff f
	    where f.id = w.person and f.disabled_at is null
		and f.roles && :workers::text[]) then 'person-unfit'
	end as problem
    from defect_reporter.report r
    cross join (select case when :own::bool then staff()
	else :person::uuid end as person) w
    where r.id = :id::uuid and staff_may(r.department, r.category)
    for update of r
), done as (
    update defect_reporter.report r set assignee_id = t.person,
	changed_at = now(), version = r.version + 1
    from target t where r.id = t.id and t.problem is null
    returning r.id, r.assignee_id, r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	person_id, staff_id)
    select tenant(), d.id, 'person', false, d.assignee_id, staff()
    from done d
)
select json_build_object('id', d.id, 'person', (select json_build_object(
	    'id', f.id, 'name', f.name) from stadtkern.staff f
	where f.id = d.assignee_id), 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: ticket_change :row
-- Another category, place, priority or deadline; what is not given stays. A
-- deadline that came from the category goes with it.
with target as materialized (
    select r.id, r.version, r as was, p.lat, p.lon, case
	when r.version <> :version::int then 'changed-meanwhile'
	when p.lat is null or st_covers(b.boundary, st_setsrid(
	    st_makepoint(p.lon, p.lat), 4326)) then null
	when st_covers(b.boundary, st_setsrid(st_makepoint(p.lat, p.lon),
	    4326)) then 'position-swapped'
	else 'outside-city' end as problem
    from defect_reporter.report r
    cross join (select :position.lat::float8 as lat,
	:position.lon::float8 as lon) p
    cross join stadtkern.tenant_boundary b
    where r.id = :id::uuid
	and staff_may(r.department, r.category) for update of r
), done as (
    update defect_reporter.report r set
	category = coalesce(:category::text, r.category),
	priority = coalesce(:priority::text, r.priority),
	lat = coalesce(t.lat, r.lat), lon = coalesce(t.lon, r.lon),
	address = coalesce(:address::text, r.address),
	due_on = case when :due_on::date is not null then :due_on::date
	    when :category::text is not null and r.due_by = 'category' then
		defect_reporter.deadline(:settings.deadlines::jsonb, :category::text,
		    (r.received_at at time zone 'Europe/Berlin')::date)
	    else r.due_on end,
	due_by = case when :due_on::date is not null then 'staff'
	    else r.due_by end,
	-- It may become late once more.
	escalated_at = case when :due_on::date is null then r.escalated_at end,
	changed_at = now(), version = r.version + 1
    from target t where r.id = t.id and t.problem is null
    returning r.id, r.category, r.priority, r.due_on, r.version, r.lat, r.lon,
	r.address, defect_reporter.changes(t.was, r) as changes
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	category, priority, due_on, changes, text, staff_id)
    select tenant(), d.id, 'changed', false, :category::text,
	:priority::text, :due_on::date, d.changes, :reason::text, staff()
    from done d
)
select json_build_object('id', d.id, 'category', d.category,
	'priority', d.priority, 'due_on',
	case when isfinite(d.due_on) then d.due_on end,
	'position', case when d.lat is not null then
	    json_build_object('lat', d.lat, 'lon', d.lon) end,
	'address', d.address, 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version,
	'city', c.name, 'where', coalesce(': ' || c.name, ''))
from target t
left join lateral (select x.name from stadtkern.municipality x
    where st_covers(x.boundary, st_setsrid(st_makepoint(t.lon, t.lat), 4326))
    limit 1) c on true
where t.problem is not null;

-- name: ticket_merge :row
-- A report of the same thing follows another one from now on, and those that
-- followed it do as well. Both are locked in the order of their ids, so that
-- two who merge the other way round do not wait for each other.
with root as materialized (
    select coalesce(i.parent_id, i.id) as id
    from defect_reporter.report i where i.id = :into::uuid
	and staff_may(i.department, i.category)
), locked as materialized (
    select r.* from defect_reporter.report r
    where r.id in (select :id::uuid union all select t.id from root t)
    order by r.id for update
), judged as materialized (
    select c.id, c.number, c.version, p.id as into, p.number as into_number,
	p.status, p.closed_at, s.contact_until, case
	when c.version <> :version::int then 'changed-meanwhile'
	when p.id is null then 'merge-unknown'
	when p.id = c.id then 'merge-itself'
	when c.parent_id is not null then 'merged-before'
	when p.parent_id is not null or p.spam then 'changed-meanwhile'
	end as problem
    from locked c
    left join locked p on p.id = (select t.id from root t)
    left join defect_reporter.submission s on s.report_id = p.id
    where c.id = :id::uuid and staff_may(c.department, c.category)
), done as (
    update defect_reporter.report r set parent_id = j.into,
	status = j.status, closed_at = j.closed_at, changed_at = now(),
	version = r.version + 1
    from judged j
    where j.problem is null and (r.id = j.id or r.parent_id = j.id)
    returning r.id, r.number, r.status, r.release, r.version, j.into,
	j.into_number, j.contact_until, r.id = j.id as itself
), kept as (
    update defect_reporter.submission s set contact_until = d.contact_until
    from done d where s.report_id = d.id
), touched as (
    update defect_reporter.report r set version = r.version + 1
    from judged j where j.problem is null and r.id = j.into
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	status, related_id, related_number, staff_id)
    select tenant(), d.id, 'merged', true, d.status, d.into, d.into_number,
	staff()
    from done d
    union all
    select tenant(), d.into, 'absorbed', false, null, d.id, d.number, staff()
    from done d
)
select json_build_object('id', d.id, 'status', d.status,
	'parent', json_build_object('id', d.into, 'number', d.into_number),
	'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d where d.itself
union all
select null, j.problem, json_build_object('version', j.version)
from judged j where j.problem is not null;

-- name: ticket_split :row
-- A report that followed another one goes its own way, from where they are.
with target as materialized (
    select r.id, r.number, r.version, r.parent_id, p.number as parent_number,
	case when r.version <> :version::int then 'changed-meanwhile'
	when r.parent_id is null then 'not-merged' end as problem
    from defect_reporter.report r
    left join defect_reporter.report p on p.id = r.parent_id
    where r.id = :id::uuid and staff_may(r.department, r.category)
    for update of r
), done as (
    update defect_reporter.report r set parent_id = null, changed_at = now(),
	version = r.version + 1
    from target t where r.id = t.id and t.problem is null
    returning r.id, r.number, r.status, r.version, t.parent_id as parent,
	t.parent_number
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	related_id, related_number, staff_id)
    select tenant(), d.id, 'split', true, d.parent, d.parent_number, staff()
    from done d
    union all
    select tenant(), d.parent, 'split', false, d.id, d.number, staff()
    from done d
)
select json_build_object('id', d.id, 'status', d.status,
	'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: ticket_divide :row
-- A report that names two things becomes two tickets. The new one has its
-- sender, place and day in common with the first, words of its text and some
-- of its photos, and a category and department of its own. The first one keeps
-- the whole text as sent. Both tell their sender.
with target as materialized (
    select r.*, s.text as words, s.contact, s.consent_forward,
	case when r.version <> :version::int then 'changed-meanwhile'
	when r.parent_id is not null then 'follows' end as problem
    from defect_reporter.report r join defect_reporter.submission s
	on s.tenant_id = r.tenant_id and s.report_id = r.id
    where r.id = :id::uuid and staff_may(r.department, r.category)
    for update of r
), part as materialized (
    select p.part ->> 'text' as text, p.nth
    from jsonb_array_elements(:parts::jsonb) with ordinality p (part, nth)
), chosen as materialized (
    select p.id, p.state, p.public_picture, p.public_thumbnail
    from target t join defect_reporter.photo p
	on p.tenant_id = t.tenant_id and p.report_id = t.id
    where :photos::jsonb ? p.id::text
	and p.state in ('quarantine', 'waiting', 'released', 'rejected')
    for update of p
), judged as materialized (
    select t.*, coalesce(t.problem,
	(select 'part-unknown' from part p
	    where position(p.text in t.words) = 0 limit 1),
	(select 'photo-unknown' where (select count(distinct x)
	    from jsonb_array_elements_text(:photos::jsonb) x)
	    <> (select count(*) from chosen))) as verdict
    from target t
), numbered as (
    insert into defect_reporter.counter as c (tenant_id, last)
    select tenant(), 1 from judged j where j.verdict is null
    on conflict (tenant_id) do update set last = c.last + 1
    returning last
), made as (
    insert into defect_reporter.report (tenant_id, number, device_id,
	api_key_id, channel, category, department, outside_body, status, lat,
	lon, address, address_id, received_at, priority, photo_count, due_on)
    select tenant(), n.last, j.device_id, j.api_key_id, j.channel,
	:category::text, coalesce(:department::text, :proposed::text),
	:outside::text, :initial::text, j.lat, j.lon, j.address, j.address_id, j.received_at, j.priority,
	(select count(*) from chosen), defect_reporter.deadline(
	    :deadlines::jsonb, :category::text,
	    (j.received_at at time zone 'Europe/Berlin')::date)
    from numbered n cross join judged j
    returning id, number, status, version
), sent as (
    insert into defect_reporter.submission (tenant_id, report_id, device_id,
	api_key_id, text, contact, consent_forward)
    select tenant(), m.id, j.device_id, j.api_key_id, (select string_agg(
	p.text, E'\n\n' order by p.nth) from part p), j.contact,
	j.consent_forward
    from made m cross join judged j
), moved as (
    update defect_reporter.photo p set report_id = m.id,
	state = case p.state when 'released' then 'waiting' else p.state end
    from made m, chosen c where p.id = c.id
), hidden as (
    update stadtkern.blob b set shown = false
    from made m, chosen c
    where b.id in (c.public_picture, c.public_thumbnail)
), done as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1,
	photo_count = r.photo_count - (select count(*) from chosen)
    from made m, judged j where r.id = j.id
    returning r.id, r.number, r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	related_id, related_number, staff_id)
    select tenant(), d.id, 'divided', true, m.id, m.number, staff()
    from done d cross join made m
    union all
    select tenant(), m.id, 'divided', true, d.id, d.number, staff()
    from done d cross join made m
)
select answered(json_build_object('id', m.id, 'number', m.number,
	'status', m.status, 'version', m.version, 'from', json_build_object(
	    'id', d.id, 'number', d.number, 'version', d.version))) as body,
    null::text as problem, null::json as arguments
from done d cross join made m
union all
select null, j.verdict, json_build_object('version', j.version, 'number',
	(select p.number from defect_reporter.report p where p.id = j.parent_id),
	'part', (select p.nth - 1 from part p
	    where position(p.text in j.words) = 0 order by p.nth limit 1))
from judged j where j.verdict is not null;

-- name: ticket_note :row
-- A note for the house. It changes nothing that others could have seen, so
-- the version stays.
insert into defect_reporter.event (tenant_id, report_id, kind, public, text,
    staff_id)
select tenant(), r.id, 'note', false, :text::text, staff()
from defect_reporter.report r
where r.id = :id::uuid and staff_may(r.department, r.category)
returning answered(json_build_object('id', report_id, 'kind', kind,
    'at', at, 'text', text)) as body;

-- name: ticket_spam :row
-- Marks a report as no report at all, or takes that back; then it waits for
-- release again. What is spam is not public, follows nothing, and nothing
-- follows it: reports that did are in the lists again.
with target as materialized (
    select r.id, r.number, r.version, r.spam,
	r.version <> :version::int as stale
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), done as (
    update defect_reporter.report r set spam = :spam::bool,
	parent_id = case when not :spam::bool then r.parent_id end,
	release = case when :spam::bool then 'rejected'
	    when t.spam then 'pending' else r.release end,
	released_at = case when not :spam::bool and not t.spam
	    then r.released_at end,
	changed_at = now(), version = r.version + 1
    from target t where r.id = t.id and t.stale is not true
    returning r.id, r.number, r.spam, r.release, r.status, r.version,
	r.closed_at
), freed as (
    update defect_reporter.report r set parent_id = null, changed_at = now(),
	version = r.version + 1
    from target t
    where r.parent_id = t.id and t.stale is not true and :spam::bool
    returning r.id
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	related_id, related_number, staff_id)
    select tenant(), d.id, case when d.spam then 'spam' else 'not-spam' end,
	false, null, null, staff()
    from done d
    union all
    select tenant(), f.id, 'split', true, t.id, t.number, staff()
    from freed f cross join target t
), kept as (
    update defect_reporter.submission s set contact_until = case
	when d.spam then coalesce(s.contact_until, today() + :settings.contact_keep_days::int)
	when d.closed_at is not null then s.contact_until end
    from done d where s.report_id = d.id
)
select json_build_object('id', d.id, 'spam', d.spam, 'release', d.release,
	'status', d.status, 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, 'changed-meanwhile', json_build_object('version', t.version)
from target t where t.stale;

-- name: ticket_undo :row
-- Takes the caller's own last step back, if nothing came after it, for ten
-- minutes. What was said cannot be unsaid, and merging has its own way back.
-- A photo may have been released since; then it is not the last step.
with target as materialized (
    select r.id, r.version, t.before, case
	when r.version <> :version::int then 'changed-meanwhile'
	when t.before is null or t.before = '{}' or t.before ? 'parent_id'
	    or not (e.kind in ('released', 'assigned', 'accepted', 'returned',
		'person', 'changed')
		or e.kind = 'status' and e.text is null)
	    then 'nothing-to-undo' end as problem
    from defect_reporter.report r
    left join defect_reporter.step t on t.report_id = r.id
	and t.version = r.version and t.staff_id = staff()
	and t.at > now() - interval '10 minutes'
    left join lateral (select e.kind, e.text from defect_reporter.event e
	where e.tenant_id = r.tenant_id and e.report_id = r.id
	    and e.kind <> 'note'
	order by e.id desc limit 1) e on true
    where r.id = :id::uuid and staff_may(r.department, r.category)
    for update of r
), was as materialized (
    select w.*, defect_reporter.changes(r, w) as changes
    from target t join defect_reporter.report r on r.id = t.id
    cross join lateral jsonb_populate_record(r, t.before) w
    where t.problem is null
), done as (
    update defect_reporter.report r set category = w.category,
	department = w.department, assignment = w.assignment,
	assignee_id = w.assignee_id, status = w.status,
	closed_at = w.closed_at, release = w.release, text = w.text,
	released_at = w.released_at, spam = w.spam, priority = w.priority,
	due_on = w.due_on, due_by = w.due_by, escalated_at = w.escalated_at,
	lat = w.lat, lon = w.lon, address = w.address,
	changed_at = now(), version = r.version + 1
    from was w join target t on t.id = w.id where r.id = w.id
    returning r.id, r.release, r.status, r.version, r.closed_at,
	t.before ? 'status' as moved, w.changes
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	status, changes, staff_id)
    select tenant(), d.id, 'status', true, d.status, null::jsonb, staff()
    from done d where d.moved
    union all
    select tenant(), d.id, 'undone', false, null, d.changes, staff()
    from done d
), kept as (
    update defect_reporter.submission s set contact_until =
	case when d.closed_at is not null or d.release = 'rejected'
	    then coalesce(s.contact_until, today() + :settings.contact_keep_days::int) end
    from done d where s.report_id = d.id
)
select json_build_object('id', d.id, 'release', d.release,
	'status', d.status, 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: step_erase :done
-- What can no longer be taken back.
delete from defect_reporter.step t
where t.at < now() - make_interval(days => :days::int);

-- name: report_status :row
-- A step along the status graph, as it is under the row's lock. A status
-- that the graph no longer has may be left for any other. `from`, since
-- `status` is the HTTP one in a problem (RFC 9457, 3.1.2). A text waits for
-- release where the city wants that (:answers_mode 'released').
with target as materialized (
    select r.id, r.status, r.version, r.version <> :version::int as stale,
	r.parent_id, :settings.graph::jsonb -> r.status -> 'next' as allowed
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), judged as materialized (
    select t.*, case when t.stale then 'changed-meanwhile'
	when t.parent_id is not null then 'follows'
	when not t.allowed ? :status::text then 'transition' end as problem
    from target t
), done as (
    update defect_reporter.report r set status = :status::text,
	closed_at = case when :settings.graph::jsonb -> :status::text ->> 'kind'
	    <> 'open' then now() end,
	changed_at = now(), version = r.version + 1
    from judged j where r.id = j.id and j.problem is null
    returning r.id, r.release, r.status, r.version, r.closed_at,
	:text::text is not null and :settings.answers::text = 'released' as waits
), drafted as (
    insert into defect_reporter.draft (tenant_id, report_id, text, staff_id)
    select tenant(), d.id, :text::text, staff() from done d where d.waits
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	status, text, staff_id)
    select tenant(), d.id, 'status', true, d.status,
	case when not coalesce(d.waits, false) then :text::text end, staff()
    from done d
    union all
    select tenant(), d.id, 'draft', false, null, :text::text, staff()
    from done d where d.waits
), kept as (
    update defect_reporter.submission s set contact_until =
	case when d.closed_at is not null or d.release = 'rejected'
	    then today() + :settings.contact_keep_days::int
	end
    from done d where s.report_id = d.id
)
select json_build_object('id', d.id, 'release', d.release,
	'status', d.status, 'version', d.version, 'answer', case
	    when d.waits then 'waiting' when :text::text is not null
		then 'published' end) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, j.problem, case j.problem
    when 'transition' then json_build_object('from', j.status,
	'allowed', j.allowed)
    when 'follows' then (select json_build_object('number', p.number,
	    'parent', p.id) from defect_reporter.report p
	where p.id = j.parent_id)
    else json_build_object('version', j.version) end
from judged j where j.problem is not null;

-- name: report_answer :row
-- A public answer without a change of status; it waits for release where the
-- city wants that.
with target as materialized (
    select r.id, r.version, r.version <> :version::int as stale
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), done as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from target t where r.id = t.id and t.stale is not true
    returning r.id, r.release, r.status, r.version,
	coalesce(:settings.answers::text = 'released', false) as waits
), drafted as (
    insert into defect_reporter.draft (tenant_id, report_id, text, staff_id)
    select tenant(), d.id, :text::text, staff() from done d where d.waits
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	text, staff_id)
    select tenant(), d.id, case when d.waits then 'draft' else 'answer' end,
	not d.waits, :text::text, staff()
    from done d
)
select answered(json_build_object('id', d.id, 'release', d.release,
	'status', d.status, 'version', d.version,
	'answer', case when d.waits then 'waiting' else 'published' end))
    as body, null::text as problem, null::json as arguments
from done d
union all
select null, 'changed-meanwhile', json_build_object('version', t.version)
from target t where t.stale;

-- name: draft_release :row
-- Lets an answer out, as it was written or with another text.
with target as materialized (
    select d.id, d.report_id, d.text, d.state, r.version, case
	when r.version <> :version::int then 'changed-meanwhile'
	when d.state <> 'waiting' then 'answer-decided' end as problem
    from defect_reporter.draft d join defect_reporter.report r
	on r.tenant_id = d.tenant_id and r.id = d.report_id
    where d.id = :answer::uuid and d.report_id = :id::uuid
	and staff_may(r.department, r.category)
    for update of d, r
), decided as (
    update defect_reporter.draft d set state = 'released',
	decided_at = now(), decided_by = staff()
    from target t where d.id = t.id and t.problem is null
    returning d.report_id, d.outside_body as said_by,
	coalesce(:text::text, t.text) as text
), done as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from decided d where r.id = d.report_id
    returning r.id, r.release, r.status, r.version, d.text, d.said_by
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	text, outside_body, staff_id)
    select tenant(), d.id, 'answer', true, d.text, d.said_by, staff()
    from done d
)
select json_build_object('id', d.id, 'release', d.release,
	'status', d.status, 'version', d.version, 'answer', 'published')
    as body, null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: draft_reject :row
-- Does not let it out, and says why.
with target as materialized (
    select d.id, d.report_id, d.text, d.state, r.version, case
	when r.version <> :version::int then 'changed-meanwhile'
	when d.state <> 'waiting' then 'answer-decided' end as problem
    from defect_reporter.draft d join defect_reporter.report r
	on r.tenant_id = d.tenant_id and r.id = d.report_id
    where d.id = :answer::uuid and d.report_id = :id::uuid
	and staff_may(r.department, r.category)
    for update of d, r
), decided as (
    update defect_reporter.draft d set state = 'rejected',
	reason = :reason::text, decided_at = now(), decided_by = staff()
    from target t where d.id = t.id and t.problem is null
    returning d.report_id
), done as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from decided d where r.id = d.report_id
    returning r.id, r.release, r.status, r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	text, staff_id)
    select tenant(), d.id, 'draft-rejected', false, :reason::text, staff()
    from done d
)
select json_build_object('id', d.id, 'release', d.release,
	'status', d.status, 'version', d.version, 'answer', 'rejected')
    as body, null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: view_list :row
-- The caller's saved filters.
select json_build_object('items', coalesce(json_agg(json_build_object(
	'id', v.id, 'name', v.name, 'filter', v.filter)
    order by v.name, v.id), '[]')) as body
from defect_reporter.saved_view v where v.staff_id = staff();

-- name: view_save :row
-- Keeps a filter; one of the same name is replaced. A hundred are enough.
with others as materialized (
    select count(*) filter (where v.name <> :name::text) as count
    from defect_reporter.saved_view v where v.staff_id = staff()
), saved as (
    insert into defect_reporter.saved_view (tenant_id, staff_id, name, filter)
    select tenant(), staff(), :name::text, coalesce(:filter::jsonb, '{}')
    from others o where o.count < 100
    on conflict (tenant_id, staff_id, name)
	do update set filter = excluded.filter
    returning id, name, filter
)
select answered(json_build_object('id', s.id, 'name', s.name,
	'filter', s.filter)) as body, null::text as problem
from saved s
union all
select null, 'too-many-views' from others o where o.count >= 100;

-- name: view_delete :row
-- Forgets one of the caller's filters.
delete from defect_reporter.saved_view v
where v.id = :view::uuid and v.staff_id = staff()
returning null::json as body;

-- name: report_reopen :row
-- The sender says that a closed report is not done; see report_reopen().
select o.body, o.problem, json_build_object('days', :settings.reopen_days::int) as arguments
from defect_reporter.report_reopen(:id::uuid, :reason::text, :settings.reopen_days::int,
    :settings.initial::text, :settings.deadlines::jsonb) o
where o.problem is distinct from 'not-found';

-- name: ticket_escalate :done
-- Tells departments once of what has become late, with numbers and no more. A
-- few tickets are a mail each, so that an answer is about one of them; many
-- are a list. A department without an address is told at the city's.
with late as (
    update defect_reporter.report r set escalated_at = now()
    where r.due_on < today() and r.closed_at is null
	and r.escalated_at is null and not r.spam and r.parent_id is null
    returning r.id, r.number, r.department, r.due_on
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	department, due_on)
    select tenant(), l.id, 'late', false, l.department, l.due_on from late l
), city as materialized (
    select t.config::jsonb -> 'tenant' as its from stadtkern.tenant t
    where t.id = tenant() and exists (select from late)
), counted as materialized (
    select l.*, to_char(l.due_on, 'DD.MM.YYYY') as day,
	row_number() over (partition by l.department
	    order by l.due_on, l.number) as nth,
	count(*) over (partition by l.department) as count
    from late l
), told as (
    select c.department, c.number, jsonb_build_object('template', 'late',
	'thread', jsonb_build_object('id', c.id, 'party', 'department',
	    'number', c.number::text)) as mail,
	jsonb_build_object('number', c.number, 'day', c.day) as arguments
    from counted c where c.count <= 5
    union all
    select c.department, null, jsonb_build_object('template', 'late-many'),
	jsonb_build_object('count', c.count, 'list', string_agg(
	    format('%s (%s)', c.number, c.day), ', ' order by c.number))
    from counted c where c.count > 5 and c.nth <= 100
    group by c.department, c.count
)
select job_put('mail', t.mail || jsonb_build_object(
    'plugin', 'defect-reporter', 'language', 'de',
    'to', coalesce(c.its #>> array['departments', t.department, 'email'],
	c.its ->> 'email'),
    'arguments', t.arguments || jsonb_build_object('city', c.its ->> 'name',
	'department', coalesce(c.its #>> array['departments', t.department,
	    'name'], t.department))))
from told t cross join city c order by t.department, t.number;

-- name: view_erase :done
-- Filters of those who left some time ago.
delete from defect_reporter.saved_view v using stadtkern.staff f
where f.tenant_id = v.tenant_id and f.id = v.staff_id
    and f.disabled_at < now() - make_interval(days => :days::int);

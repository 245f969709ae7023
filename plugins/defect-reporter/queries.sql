-- SPDX-License-Identifier: EUPL-1.2
-- Statements of the defect reporter. Citizens' first, then the office's,
-- then the courier's.

-- name: report_create :row
-- A report inside the boundary, waiting for release. A position that only
-- fits the other way round is told apart from one that lies elsewhere.
with place as materialized (
    select :position.lat::float8 as lat, :position.lon::float8 as lon,
	st_setsrid(st_makepoint(:position.lon::float8, :position.lat::float8),
	    4326) as here,
	st_setsrid(st_makepoint(:position.lat::float8, :position.lon::float8),
	    4326) as swapped
), inside as materialized (
    select st_covers(b.boundary, p.here) as inside,
	st_covers(b.boundary, p.swapped) as inside_swapped
    from place p cross join stadtkern.tenant_boundary b
), numbered as (
    insert into defect_reporter.counter as c (tenant_id, last)
    select tenant(), 1 from inside i where i.inside
    on conflict (tenant_id) do update set last = c.last + 1
    returning last
), made as (
    insert into defect_reporter.report (tenant_id, number, device_id,
	category, department, outside_body, status, lat, lon, due_on)
    select tenant(), n.last, device(), :category::text, :department::text,
	:outside::text, :initial::text, p.lat, p.lon,
	defect_reporter.deadline(:deadlines::jsonb, :category::text, today())
    from numbered n cross join place p
    returning id, number, status, release, received_at
), sent as (
    insert into defect_reporter.submission (tenant_id, report_id, device_id,
	text, answers, contact, consent_forward)
    select tenant(), m.id, device(), :text::text,
	jsonb_strip_nulls(coalesce(:answers::jsonb, '{}')),
	:contact::bytea, coalesce(:consent_forward::bool, false)
    from made m
)
select answered(json_build_object('id', m.id, 'number', m.number,
	'status', m.status, 'release', m.release,
	'received_at', m.received_at)) as body,
    null::text as problem, null::json as arguments
from made m
union all
select null, 'position-swapped', null
from inside i where not i.inside and i.inside_swapped
union all
select null, 'outside-city', json_build_object('city', m.name,
	'where', coalesce(': ' || m.name, ''))
from inside i cross join place p
left join lateral (select x.name from stadtkern.municipality x
    where st_covers(x.boundary, p.here) limit 1) m on true
where not i.inside and not i.inside_swapped;

-- name: report_list :page
-- Released reports, newest first. A filter that is not given is null, and
-- coalesce() rather than `or` keeps the planner from expecting so few rows
-- that it would sort all of them.
with filter as materialized (
    select string_to_array(:status::text, ',') as statuses,
	string_to_array(:category::text, ',') as categories,
	string_to_array(:bbox::text, ',')::float8[] as box,
	:since::timestamptz as since
)
select r.number::text as position, json_build_object('id', r.id,
	'number', r.number, 'category', r.category, 'status', r.status,
	'position', case when r.lat is not null then
	    json_build_object('lat', round(r.lat * 1e6) / 1e6,
		'lon', round(r.lon * 1e6) / 1e6) end,
	'address', r.address, 'text', r.text, 'received_at', r.received_at,
	'changed_at', r.changed_at,
	'photos', (select coalesce(json_agg(p.id order by p.created_at, p.id),
		'[]') from defect_reporter.photo p
	    where p.tenant_id = r.tenant_id and p.report_id = r.id
		and p.state = 'released'),
	'supporters', r.supporters) as body
from defect_reporter.report r cross join filter f
where r.release = 'released'
    and r.number < coalesce(:after::bigint, 9223372036854775807)
    and coalesce(r.status = any (f.statuses), true)
    and coalesce(r.category = any (f.categories), true)
    and coalesce(r.received_at >= f.since, true)
    and coalesce(r.lon between f.box[1] and f.box[3]
	and r.lat between f.box[2] and f.box[4], true)
order by r.number desc
limit :limit::int;

-- name: report_nearby :row
-- Released open reports within a radius, nearest first, at most 20.
with around as materialized (
    select c.*, cells(c.lon - c.dlon, c.lat - c.dlat, c.lon + c.dlon,
	c.lat + c.dlat) as cells
    from (select :lat::float8 as lat, :lon::float8 as lon, m.metres,
	    m.metres / 111000.0::float8 as dlat, m.metres / 111000.0::float8
		/ greatest(cos(radians(:lat::float8)), 0.01) as dlon
	from (select coalesce(:metres::int, :radius::int) as metres) m) c
), near as (
    select r.id, r.number, r.category, r.status, r.text, r.received_at,
	r.lat, r.lon, r.supporters,
	st_distancesphere(st_makepoint(r.lon, r.lat),
	    st_makepoint(a.lon, a.lat)) as distance, a.metres
    from around a join defect_reporter.report r on r.cell = any (a.cells)
    where r.release = 'released' and r.status = any (:open::text[])
	and r.lat between a.lat - a.dlat and a.lat + a.dlat
	and r.lon between a.lon - a.dlon and a.lon + a.dlon
), nearest as (
    select n.* from near n where n.distance <= n.metres
    order by n.distance, n.number limit 20
)
select json_build_object('items', coalesce(json_agg(json_build_object(
	'id', n.id, 'number', n.number, 'category', n.category,
	'status', n.status, 'position', json_build_object(
	    'lat', round(n.lat * 1e6) / 1e6,
	    'lon', round(n.lon * 1e6) / 1e6),
	'text', n.text, 'received_at', n.received_at,
	'distance', round(n.distance::numeric, 1),
	'supporters', n.supporters)
    order by n.distance, n.number), '[]')) as body
from nearest n;

-- name: report_mine :page
-- What this device sent, newest first.
select r.number::text as position, json_build_object('id', r.id,
	'number', r.number, 'category', r.category, 'status', r.status,
	'release', r.release,
	'position', case when r.lat is not null then
	    json_build_object('lat', round(r.lat * 1e6) / 1e6,
		'lon', round(r.lon * 1e6) / 1e6) end,
	'text', s.text, 'received_at', r.received_at,
	'changed_at', r.changed_at,
	'answers', (select count(*) from defect_reporter.event e
	    where e.tenant_id = r.tenant_id and e.report_id = r.id
		and e.public and e.text is not null),
	'photos', (select coalesce(json_agg(json_build_object('id', p.id,
		    'state', p.state, 'reason', p.reason)
		order by p.created_at, p.id), '[]')
	    from defect_reporter.photo p
	    where p.tenant_id = r.tenant_id and p.report_id = r.id),
	'supporters', r.supporters) as body
from defect_reporter.report r
join defect_reporter.submission s
    on s.tenant_id = r.tenant_id and s.report_id = r.id
where r.device_id = device()
    and r.number < coalesce(:after::bigint, 9223372036854775807)
order by r.number desc
limit :limit::int;

-- name: report_mine_show :row
-- One report of this device, as sent and as answered.
select json_build_object('id', r.id, 'number', r.number,
	'category', r.category, 'status', r.status, 'release', r.release,
	'position', case when r.lat is not null then
	    json_build_object('lat', r.lat, 'lon', r.lon) end,
	'address', r.address,
	'text', s.text, 'published_text',
	case when r.release = 'released' then r.text end,
	'answers', s.answers, 'consent_forward', s.consent_forward,
	'received_at', r.received_at, 'changed_at', r.changed_at,
	'photos', (select coalesce(json_agg(json_build_object('id', p.id,
		    'state', p.state, 'reason', p.reason)
		order by p.created_at, p.id), '[]')
	    from defect_reporter.photo p
	    where p.tenant_id = r.tenant_id and p.report_id = r.id),
	'history', (select coalesce(json_agg(json_strip_nulls(
		    json_build_object('at', e.at, 'kind', e.kind,
			'status', e.status, 'text', e.text,
			'body', e.outside_body, 'number',
			e.related_number)) order by e.id), '[]')
	    from defect_reporter.event e
	    where e.tenant_id = r.tenant_id and e.report_id = r.id),
	'supporters', r.supporters) as body
from defect_reporter.report r
join defect_reporter.submission s
    on s.tenant_id = r.tenant_id and s.report_id = r.id
where r.id = :id::uuid and r.device_id = device();

-- name: report_show :row
-- A released report with its public history and released photos. The office's
-- preview is this statement too, so that the two cannot differ: with :preview
-- it shows any report as it would be, with :text and with :photos alone.
select json_build_object('id', r.id, 'number', r.number,
	'category', r.category, 'status', r.status,
	'position', case when r.lat is not null then
	    json_build_object('lat', round(r.lat * 1e6) / 1e6,
		'lon', round(r.lon * 1e6) / 1e6) end,
	'address', r.address, 'text', case when :preview::bool
	    then coalesce(:text::text, r.text, (select s.text
		from defect_reporter.submission s
		where s.tenant_id = r.tenant_id and s.report_id = r.id))
	    else r.text end, 'received_at', r.received_at,
	'changed_at', r.changed_at,
	'photos', (select coalesce(json_agg(json_build_object('id', p.id,
		    'width', p.width, 'height', p.height)
		order by p.created_at, p.id), '[]')
	    from defect_reporter.photo p
	    where p.tenant_id = r.tenant_id and p.report_id = r.id
		and case when :preview::bool and :photos::jsonb is not null
		    then :photos::jsonb ? p.id::text and (p.state = 'released'
			or p.state in ('waiting', 'rejected')
			and p.redaction_state in ('none', 'done'))
		    else p.state = 'released' end),
	'history', (select coalesce(json_agg(json_strip_nulls(
		    json_build_object('at', e.at, 'kind', e.kind,
			'status', e.status, 'text', e.text,
			'body', e.outside_body, 'number',
			e.related_number)) order by e.id), '[]')
	    from defect_reporter.event e
	    where e.tenant_id = r.tenant_id and e.report_id = r.id
		and e.public),
	'supporters', r.supporters) as body
from defect_reporter.report r
where r.id = :id::uuid and case when :preview::bool
    then staff_may(r.department, r.category)
    else r.release = 'released' end;

-- name: report_support :row
-- One more who wants it mended, counted once; the counter is a trigger's.
with target as materialized (
    select r.id, r.supporters, case
	when r.device_id is not distinct from device() then 'own-report'
	when not r.status = any (:settings.open::text[]) then 'report-closed'
	end as problem
    from defect_reporter.report r
    where r.id = :id::uuid and r.release = 'released'
), made as (
    insert into defect_reporter.support (tenant_id, report_id, device_id,
	account_id)
    select tenant(), t.id, device(), account()
    from target t where t.problem is null
    on conflict do nothing
    returning report_id
)
select answered(json_build_object('id', t.id, 'supporters', t.supporters
	+ (select count(*) from made))) as body, null::text as problem
from target t where t.problem is null
union all
select null, t.problem from target t where t.problem is not null;

-- name: report_unsupport :row
-- Taken back; that there was nothing to take back is no error.
with gone as (
    delete from defect_reporter.support s
    where s.report_id = :id::uuid
	and (s.device_id = device() or s.account_id = account())
    returning s.report_id
)
select null::json as body from defect_reporter.report r
where r.id = :id::uuid and r.release = 'released'
union all
select null from gone limit 1;

-- name: report_supported :page
-- Released reports that one supports, newest first.
select r.number::text as position, json_build_object('id', r.id,
	'number', r.number, 'category', r.category, 'status', r.status,
	'text', r.text, 'received_at', r.received_at,
	'changed_at', r.changed_at, 'supporters', r.supporters,
	'answers', (select count(*) from defect_reporter.event e
	    where e.tenant_id = r.tenant_id and e.report_id = r.id
		and e.public and e.text is not null)) as body
from defect_reporter.report r
where r.release = 'released'
    and r.id in (select s.report_id from defect_reporter.support s
	where s.device_id = device() or s.account_id = account())
    and r.number < coalesce(:after::bigint, 9223372036854775807)
order by r.number desc
limit :limit::int;

-- name: photo_create :row
-- A photo into quarantine, and the job that opens it. The counter's row lock
-- keeps two uploads at once from both being the last.
with report as materialized (
    select r.id, r.device_id is not distinct from device() as own,
	r.status = any (:open::text[]) as open, r.photo_count
    from defect_reporter.report r where r.id = :id::uuid
), counted as (
    update defect_reporter.report r set photo_count = r.photo_count + 1
    from report o
    where r.id = o.id and o.own and o.open
	and r.photo_count < :photos_max::int
    returning r.id
), stored as materialized (
    select c.id, gen_random_uuid() as photo,
	blob_put(:content::bytea, :media_type::text) as original
    from counted c
), added as (
    insert into defect_reporter.photo (tenant_id, id, report_id, original)
    select tenant(), s.photo, s.id, s.original from stored s
), queued as materialized (
    select s.photo, job_put('image', jsonb_build_object(
	    'plugin', 'defect-reporter', 'blob', s.original,
	    'done', 'photo_ready', 'failed', 'photo_refused',
	    'arguments', jsonb_build_object('photo', s.photo))) as job
    from stored s
)
select answered(json_build_object('id', q.photo, 'state', 'quarantine'))
    as body, null::text as problem, null::json as arguments
from queued q where q.job is not null
union all
select null, case when not o.own then 'not-own-report'
	when not o.open then 'report-closed' else 'too-many-photos' end,
    json_build_object('max', :photos_max::int)
from report o where not exists (select from counted);

-- name: photo_show :blob
-- A released photo of a released report.
select b.media_type, b.content
from defect_reporter.photo p
join defect_reporter.report r
    on r.tenant_id = p.tenant_id and r.id = p.report_id
join stadtkern.blob b on b.tenant_id = p.tenant_id and b.id = p.public_picture
where p.id = :photo::uuid and p.report_id = :id::uuid
    and p.state = 'released' and r.release = 'released';

-- name: photo_thumbnail :blob
-- A released photo's thumbnail.
select b.media_type, b.content
from defect_reporter.photo p
join defect_reporter.report r
    on r.tenant_id = p.tenant_id and r.id = p.report_id
join stadtkern.blob b
    on b.tenant_id = p.tenant_id and b.id = p.public_thumbnail
where p.id = :photo::uuid and p.report_id = :id::uuid
    and p.state = 'released' and r.release = 'released';

-- name: map :row
-- All released reports as one GeoJSON FeatureCollection (RFC 7946). Two
-- branches, so that a box is read by its cells even by a generic plan; format()
-- because building 10,000 features as json values takes twice as long.
with filter as materialized (
    select string_to_array(:status::text, ',') as statuses,
	string_to_array(:category::text, ',') as categories,
	b.box, cells(b.box[1], b.box[2], b.box[3], b.box[4]) as cells
    from (select string_to_array(:bbox::text, ',')::float8[] as box) b
), found as (
    select r.id, r.number, r.category, r.status, r.lat, r.lon, r.received_at
    from defect_reporter.report r cross join filter f
    where r.release = 'released' and f.cells is null
	and r.lat is not null
	and coalesce(r.lon between f.box[1] and f.box[3]
	    and r.lat between f.box[2] and f.box[4], true)
	and coalesce(r.status = any (f.statuses), true)
	and coalesce(r.category = any (f.categories), true)
    union all
    select r.id, r.number, r.category, r.status, r.lat, r.lon, r.received_at
    from filter f join defect_reporter.report r on r.cell = any (f.cells)
    where r.release = 'released'
	and r.lon between f.box[1] and f.box[3]
	and r.lat between f.box[2] and f.box[4]
	and coalesce(r.status = any (f.statuses), true)
	and coalesce(r.category = any (f.categories), true)
)
select '{"type":"FeatureCollection","features":['
    || coalesce(string_agg(format('{"type":"Feature","id":"%s",'
	'"geometry":{"type":"Point","coordinates":[%s,%s]},'
	'"properties":{"number":%s,"category":%s,"status":%s,'
	'"received_at":%s}}',
	x.id, round(x.lon * 1e6) / 1e6, round(x.lat * 1e6) / 1e6, x.number,
	to_json(x.category), to_json(x.status), to_json(x.received_at)), ','), '')
    || ']}' as body
from found x;

-- name: open311_discovery :row
-- Since when the city's services are what they are.
select to_char(config_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    as changeset, null::json as body
from stadtkern.tenant where id = tenant();

-- name: open311_create :row
-- A report of other software, as report_create does it, with a position or an
-- address, and a photo in the same go.
with place as materialized (
    select case when :has_position::bool then :lat::float8 end as lat,
	case when :has_position::bool then :long::float8 end as lon
), judged as materialized (
    select p.lat, p.lon, case when p.lat is null
	or st_covers(b.boundary, st_setsrid(st_makepoint(p.lon, p.lat), 4326))
	    then null
	when st_covers(b.boundary, st_setsrid(st_makepoint(p.lat, p.lon),
	    4326)) then 'position-swapped' else 'outside-city' end as problem
    from place p cross join stadtkern.tenant_boundary b
), numbered as (
    insert into defect_reporter.counter as c (tenant_id, last)
    select tenant(), 1 from judged j where j.problem is null
    on conflict (tenant_id) do update set last = c.last + 1
    returning last
), made as (
    insert into defect_reporter.report (tenant_id, number, api_key_id,
	channel, category, department, outside_body, status, lat, lon,
	address, address_id, token, due_on)
    select tenant(), n.last, api_key(), 'open311', :service_code::text,
	:department::text, :outside::text, :initial::text, j.lat, j.lon,
	:address_string::text, :address_id::text,
	case when :type::text = 'batch' then gen_random_uuid() end,
	defect_reporter.deadline(:deadlines::jsonb, :service_code::text,
	    today())
    from numbered n cross join judged j
    returning id, token
), sent as (
    insert into defect_reporter.submission (tenant_id, report_id, api_key_id,
	text, answers, contact, media_url)
    select tenant(), m.id, api_key(), coalesce(:description::text, ''),
	jsonb_strip_nulls(coalesce(:answers::jsonb, '{}')), :contact::bytea,
	:media_url::text
    from made m
), pictured as materialized (
    select defect_reporter.photo_add(m.id, :media::bytea, :media_type::text)
	as photo
    from made m where :media::bytea is not null
)
select answered(json_build_array(json_strip_nulls(json_build_object(
	'service_request_id', case when :type::text = 'realtime' then m.id end,
	'token', m.token, 'service_notice', :notice::text)))) as body,
    null::text as problem, null::json as arguments
from made m left join pictured on true
union all
select null, j.problem, json_build_object('city', c.name,
	'where', coalesce(': ' || c.name, ''))
from judged j
left join lateral (select x.name from stadtkern.municipality x
    where st_covers(x.boundary, st_setsrid(st_makepoint(j.lon, j.lat), 4326))
    limit 1) c on true
where j.problem is not null;

-- name: open311_token :row
-- What has become of a report of a "batch" service.
select json_build_array(json_build_object('token', :id::text,
    'service_request_id', t.report)) as body
from defect_reporter.token_report(:id::uuid) t;

-- name: open311_requests :row
-- Released reports as GeoReport's records. Texts, because building a thousand
-- records as json values takes twice as long. Without dates the last 90 days
-- (where it is asked for by the time of the update: all); a longer span is cut
-- to its last 90. Two branches, as each has an index of its own; conditions are
-- subqueries rather than a join, so that the second one can read its index
-- from the end and stop at the page's; columns by name, as the public role
-- may not read all of them.
with asked as materialized (
    select string_to_array(replace(:service_code::text, ' ', ''), ',')
	    as categories,
	string_to_array(replace(:status::text, ' ', ''), ',') as statuses,
	string_to_array(:bbox::text, ',')::float8[] as box,
	coalesce(:updated_after::timestamptz, '-infinity') as after,
	coalesce(:updated_before::timestamptz, 'infinity') as before,
	lower(:q::text) as words,
	:ids::uuid[] as ids, :extensions::bool as extensions,
	case when :end_date::timestamptz is not null then
		greatest(:start_date::timestamptz,
		    :end_date::timestamptz - interval '90 days')
	    when :start_date::timestamptz is not null then
		:start_date::timestamptz
	    when coalesce(:updated_after::timestamptz,
		:updated_before::timestamptz) is null then
		now() - interval '90 days'
	    else '-infinity' end as since,
	coalesce(:end_date::timestamptz, :start_date::timestamptz
	    + interval '90 days', 'infinity') as until
), service as materialized (
    select s.key as category, to_json(s.value ->> 'name')::text as name,
	',"service_notice":' || to_json(s.value ->> 'notice')::text as notice,
	d.most
    from jsonb_each(:services::jsonb) s
    left join defect_reporter.duration d
	on d.tenant_id = tenant() and d.category = s.key
), agency as materialized (
    select a.key as code, ',"agency_responsible":' || to_json(a.value)::text
	as name
    from jsonb_each_text(:agencies::jsonb) a
), chosen as materialized (
    (select r.tenant_id, r.id, r.number, r.channel, r.category, r.department,
	r.outside_body, r.status, r.received_at, r.changed_at, r.closed_at,
	r.text, r.address, r.address_id, r.lat, r.lon
    from defect_reporter.report r
    where r.id = any ((select ids from asked)::uuid[])
	and r.release = 'released' and :services::jsonb ? r.category
    order by r.received_at desc, r.number desc
    limit :page_size::int offset (:page::int - 1) * :page_size::int)
    union all
    (select r.tenant_id, r.id, r.number, r.channel, r.category, r.department,
	r.outside_body, r.status, r.received_at, r.changed_at, r.closed_at,
	r.text, r.address, r.address_id, r.lat, r.lon
    from defect_reporter.report r
    where (select ids is null from asked)
	and r.release = 'released' and :services::jsonb ? r.category
	and r.received_at >= (select since from asked)
	and r.received_at <= (select until from asked)
	and coalesce(r.closed_at, r.changed_at) >= (select after from asked)
	and coalesce(r.closed_at, r.changed_at) <= (select before from asked)
	and coalesce(r.category = any ((select categories from asked)::text[]),
	    true)
	and coalesce(case when r.closed_at is null then 'open'
	    else 'closed' end = any ((select statuses from asked)::text[]),
	    true)
	and ((select box is null from asked)
	    or r.lon between (select box[1] from asked)
		and (select box[3] from asked)
	    and r.lat between (select box[2] from asked)
		and (select box[4] from asked))
	and coalesce(position((select words from asked) in lower(r.text)) > 0,
	    true)
    order by r.received_at desc, r.number desc
    limit :page_size::int offset (:page::int - 1) * :page_size::int)
), found as (
    select r.*, s.name, s.notice, a.extensions,
	case when r.closed_at is null then r.received_at + s.most end
	    as expected
    from asked a cross join chosen r
    join service s on s.category = r.category
)
select '[' || coalesce(string_agg('{"service_request_id":"' || f.id
    || case when f.closed_at is null then '","status":"open"'
	else '","status":"closed"' end
    || coalesce(',"status_notes":' || to_json(n.text)::text, '')
    || ',"service_name":' || f.name
    || ',"service_code":"' || f.category || '"'
    || case when f.text = '' then '' else
	',"description":' || to_json(f.text)::text end
    || coalesce(g.name, '') || coalesce(f.notice, '')
    || ',"requested_datetime":"' || to_char(f.received_at at time zone 'UTC',
	'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    || '","updated_datetime":"' || to_char(coalesce(f.closed_at,
	f.changed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '"'
    || coalesce(',"expected_datetime":"' || to_char(f.expected
	at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '"', '')
    || coalesce(',"address":' || to_json(f.address)::text, '')
    || coalesce(',"address_id":' || to_json(f.address_id)::text, '')
    || coalesce(',"lat":' || round(f.lat::numeric, 6) || ',"long":'
	|| round(f.lon::numeric, 6), '')
    || coalesce(',"media_url":"' || :origin::text
	|| '/api/v1/defect-reporter/reports/' || f.id || '/photos/' || p.id
	|| '"', '')
    || case when f.extensions then ',"extended_attributes":{"number":'
	|| f.number || ',"channel":"' || f.channel
	|| '","detailed_status":' || to_json(f.status)::text
	|| coalesce(',"detailed_status_name":'
	    || to_json(:names::jsonb ->> f.status)::text, '')
	|| ',"photos":' || coalesce((select json_agg(json_build_object(
		'media_url', :origin::text || '/api/v1/defect-reporter/reports/'
		    || f.id || '/photos/' || x.id,
		'width', x.width, 'height', x.height) order by x.created_at,
		x.id)
	    from defect_reporter.photo x where x.tenant_id = f.tenant_id
		and x.report_id = f.id and x.state = 'released')::text, '[]')
	|| '},"notes":' || coalesce((select json_agg(json_strip_nulls(
		json_build_object('datetime', to_char(x.at at time zone 'UTC',
			'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'type', x.kind,
		    'description', x.text, 'status', x.status)) order by x.id)
	    from defect_reporter.event x where x.tenant_id = f.tenant_id
		and x.report_id = f.id and x.public)::text, '[]') else '' end
    || '}', ',' order by f.received_at desc, f.number desc), '') || ']'
    as body
from found f
left join agency g on g.code = case when f.outside_body is null
    then 'department ' || f.department else 'body ' || f.outside_body end
left join lateral (select e.text from defect_reporter.event e
    where e.tenant_id = f.tenant_id and e.report_id = f.id and e.public
	and e.text is not null order by e.id desc limit 1) n on true
left join lateral (select x.id from defect_reporter.photo x
    where x.tenant_id = f.tenant_id and x.report_id = f.id
	and x.state = 'released' order by x.created_at, x.id limit 1) p on true;

-- name: open311_updates :row
-- What was done and answered, and what others were let say, oldest first.
-- Without dates of the last 90 days; of certain reports: all.
with asked as materialized (
    select :ids::uuid[] as ids, case when :end_date::timestamptz is not null
	    then greatest(:start_date::timestamptz,
		:end_date::timestamptz - interval '90 days')
	    when :start_date::timestamptz is not null then
		:start_date::timestamptz
	    when :ids::uuid[] is null then now() - interval '90 days'
	    else '-infinity' end as since,
	coalesce(:end_date::timestamptz, :start_date::timestamptz
	    + interval '90 days', 'infinity') as until
), said as (
    select 'e' || e.id as id, e.report_id, e.at, e.status,
	coalesce(e.text, :names::jsonb ->> e.status) as text
    from asked a join defect_reporter.event e
	on e.at >= a.since and e.at <= a.until
    where e.public and e.kind in ('status', 'answer', 'forwarded')
	and coalesce(e.report_id = any (a.ids), true)
    union all
    select k.id::text, k.report_id, k.changed_at, null, k.text
    from asked a join defect_reporter.remark k
	on k.changed_at >= a.since and k.changed_at <= a.until
    where k.state = 'released'
	and coalesce(k.report_id = any (a.ids), true)
), found as (
    select s.*, case when s.status = any (:open::text[]) then 'open'
	when s.status is not null then 'closed'
	when s.at < coalesce(r.closed_at, 'infinity') then 'open'
	else 'closed' end as open
    from asked a cross join said s
    join defect_reporter.report r on r.id = s.report_id
    where r.release = 'released' and :services::jsonb ? r.category
    order by s.at, s.id
    limit :page_size::int offset (:page::int - 1) * :page_size::int
)
select coalesce(json_agg(json_strip_nulls(json_build_object(
	'update_id', f.id, 'service_request_id', f.report_id,
	'status', f.open, 'updated_datetime', to_char(f.at at time zone 'UTC',
	    'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'description', f.text))
    order by f.at, f.id), '[]') as body
from found f;

-- name: open311_update :row
-- Something said of a report; once for each update_id of a key.
with target as materialized (
    select r.id from defect_reporter.report r
    where r.id = :service_request_id::uuid
), made as (
    insert into defect_reporter.remark as k (tenant_id, report_id, api_key_id,
	update_id, status, text, media_url)
    select tenant(), t.id, api_key(), :update_id::text, lower(:status::text),
	:description::text, :media_url::text
    from target t
    on conflict (tenant_id, api_key_id, update_id)
	do update set update_id = k.update_id
    returning id
)
select answered(json_build_array(json_build_object('update_id', m.id)))
    as body
from made m;

-- name: open311_bulk :row
-- Released reports in the GeoReport bulk format, oldest first, a year unless
-- dates are given. In CSV a cell that a spreadsheet would run begins with an
-- apostrophe.
with asked as materialized (
    select coalesce(:start_date::timestamptz, coalesce(:end_date::timestamptz,
	    now()) - interval '1 year') as since,
	coalesce(:end_date::timestamptz, 'infinity') as until
), found as materialized (
    select r.tenant_id, r.id, r.number, r.channel, r.category, r.department,
	r.outside_body, r.status, r.received_at, r.changed_at, r.closed_at,
	r.text, r.address, r.address_id, r.lat, r.lon,
	:services::jsonb -> r.category ->> 'name' as service_name,
	coalesce(:agencies::jsonb ->> ('body ' || r.outside_body),
	    :agencies::jsonb ->> ('department ' || r.department)) as agency,
	case r.channel when 'app' then 'Mobile App'
	    when 'open311' then 'Open311' when 'telephone' then 'Phone'
	    when 'letter' then 'Letter' when 'counter' then 'Walk-in'
	    else 'Email' end as source
    from asked a join defect_reporter.report r
	on r.received_at >= a.since and r.received_at <= a.until
    where r.release = 'released' and :services::jsonb ? r.category
    order by r.received_at, r.number
    limit :page_size::int offset (:page::int - 1) * :page_size::int
), record as (
    select f.received_at, f.number, f.id::text as service_request_id,
	to_char(f.received_at at time zone 'UTC',
	    'YYYY-MM-DD"T"HH24:MI:SS"Z"') as requested_datetime,
	to_char(coalesce(f.closed_at, f.changed_at) at time zone 'UTC',
	    'YYYY-MM-DD"T"HH24:MI:SS"Z"') as updated_datetime,
	to_char(f.closed_at at time zone 'UTC',
	    'YYYY-MM-DD"T"HH24:MI:SS"Z"') as closed_date,
	case when f.closed_at is null then 'open' else 'closed' end
	    as status_description,
	(select e.text from defect_reporter.event e
	    where e.tenant_id = f.tenant_id and e.report_id = f.id
		and e.public and e.text is not null
	    order by e.id desc limit 1) as status_notes,
	f.source, f.service_name, null::text as service_subtype,
	nullif(f.text, '') as description, f.agency as agency_responsible,
	f.address, round(f.lat::numeric, 6) as lat,
	round(f.lon::numeric, 6) as long
    from found f
), csv as (
    select r.received_at, r.number, string_agg('"' || replace(
	case when c.value ~ '^[=+@\t\r-]' and c.nth < 13 then chr(39)
	    else '' end || coalesce(c.value, ''), '"', '""') || '"', ','
	order by c.nth) as line
    from record r cross join unnest(array[r.service_request_id,
	r.requested_datetime, r.updated_datetime, r.closed_date,
	r.status_description, r.status_notes, r.source, r.service_name,
	r.service_subtype, r.description, r.agency_responsible, r.address,
	r.lat::text, r.long::text]) with ordinality c (value, nth)
    group by r.received_at, r.number
)
select case when :csv::bool then
    (select '"service_request_id","requested_datetime","updated_datetime",'
	|| '"closed_date","status_description","status_notes","source",'
	|| '"service_name","service_subtype","description",'
	|| E'"agency_responsible","address","lat","long"\r\n'
	|| coalesce(string_agg(c.line || E'\r\n', ''
	    order by c.received_at, c.number), '') from csv c)
    else (select coalesce(json_agg(json_build_object(
	'service_request_id', r.service_request_id,
	'requested_datetime', r.requested_datetime,
	'updated_datetime', r.updated_datetime,
	'closed_date', r.closed_date,
	'status_description', r.status_description,
	'status_notes', r.status_notes, 'source', r.source,
	'service_name', r.service_name,
	'service_subtype', r.service_subtype,
	'description', r.description,
	'agency_responsible', r.agency_responsible, 'address', r.address,
	'lat', r.lat, 'long', r.long)
	order by r.received_at, r.number), '[]')::text from record r)
    end as body;

-- name: office_list :page
-- All reports, newest first.
with filter as materialized (
    select string_to_array(:status::text, ',') as statuses,
	string_to_array(:category::text, ',') as categories,
	string_to_array(:department::text, ',') as departments,
	:release::text as release
)
select r.number::text as position, json_build_object('id', r.id,
	'number', r.number, 'category', r.category, 'status', r.status,
	'department', r.department, 'channel', r.channel,
	'release', r.release,
	'position', case when r.lat is not null then
	    json_build_object('lat', r.lat, 'lon', r.lon) end,
	'address', r.address,
	'text', coalesce(r.text, s.text), 'received_at', r.received_at,
	'changed_at', r.changed_at, 'version', r.version,
	'photos', json_build_object('all', p.count, 'waiting', p.waiting))
    as body
from defect_reporter.report r
join defect_reporter.submission s
    on s.tenant_id = r.tenant_id and s.report_id = r.id
cross join filter f
cross join lateral (select count(*) as count,
	count(*) filter (where p.state = 'waiting') as waiting
    from defect_reporter.photo p
    where p.tenant_id = r.tenant_id and p.report_id = r.id) p
where not r.spam
    and r.number < coalesce(:after::bigint, 9223372036854775807)
    and coalesce(r.status = any (f.statuses), true)
    and coalesce(r.category = any (f.categories), true)
    and coalesce(r.department = any (f.departments), true)
    and coalesce(r.release = f.release, true)
    and staff_may(r.department, r.category)
order by r.number desc
limit :limit::int;

-- name: office_show :row
-- All there is of a report; the platform opens the column contact.
select json_build_object('id', r.id, 'number', r.number,
	'category', r.category, 'status', r.status,
	'department', r.department, 'outside_body', r.outside_body,
	'release', r.release, 'version', r.version,
	'channel', r.channel, 'sent_by', (select k.name
	    from stadtkern.api_key k where k.tenant_id = r.tenant_id
		and k.id = r.api_key_id), 'media_url', s.media_url,
	'position', case when r.lat is not null then
	    json_build_object('lat', r.lat, 'lon', r.lon) end,
	'address', r.address,
	'text', s.text, 'published_text', r.text, 'answers', s.answers,
	'consent_forward', s.consent_forward,
	'contact_until', s.contact_until,
	'received_at', r.received_at, 'released_at', r.released_at,
	'changed_at', r.changed_at, 'closed_at', r.closed_at,
	'photos', (select coalesce(json_agg(json_build_object('id', p.id,
		    'state', p.state, 'reason', p.reason, 'width', p.width,
		    'height', p.height, 'created_at', p.created_at,
		    'areas', p.areas, 'redaction', p.redaction_state)
		order by p.created_at, p.id), '[]')
	    from defect_reporter.photo p
	    where p.tenant_id = r.tenant_id and p.report_id = r.id),
	'remarks', (select coalesce(json_agg(json_build_object('id', k.id,
		    'state', k.state, 'text', k.text, 'status', k.status,
		    'media_url', k.media_url, 'received_at', k.received_at)
		order by k.received_at, k.id), '[]')
	    from defect_reporter.remark k
	    where k.tenant_id = r.tenant_id and k.report_id = r.id),
	'history', (select coalesce(json_agg(json_strip_nulls(
		    json_build_object('at', e.at, 'kind', e.kind,
			'public', e.public, 'status', e.status,
			'text', e.text, 'body', e.outside_body,
			'photo', e.photo_id, 'staff', t.name))
		order by e.id), '[]')
	    from defect_reporter.event e
	    left join stadtkern.staff t
		on t.tenant_id = e.tenant_id and t.id = e.staff_id
	    where e.tenant_id = r.tenant_id and e.report_id = r.id)) as body,
    s.contact
from defect_reporter.report r
join defect_reporter.submission s
    on s.tenant_id = r.tenant_id and s.report_id = r.id
where r.id = :id::uuid
    and staff_may(r.department, r.category);

-- name: office_photo :blob
-- A photo, released or not; none while it is in quarantine.
select b.media_type, b.content
from defect_reporter.photo p
join stadtkern.blob b on b.tenant_id = p.tenant_id and b.id = p.picture
join defect_reporter.report r
    on r.tenant_id = p.tenant_id and r.id = p.report_id
    and staff_may(r.department, r.category)
where p.id = :photo::uuid and p.report_id = :id::uuid;

-- name: office_photo_thumbnail :blob
-- The same, small.
select b.media_type, b.content
from defect_reporter.photo p
join stadtkern.blob b on b.tenant_id = p.tenant_id and b.id = p.thumbnail
join defect_reporter.report r
    on r.tenant_id = p.tenant_id and r.id = p.report_id
    and staff_may(r.department, r.category)
where p.id = :photo::uuid and p.report_id = :id::uuid;

-- name: office_photo_public :blob
-- A photo as the public gets it, or would; none while that is not known.
select b.media_type, b.content
from defect_reporter.photo p
join stadtkern.blob b on b.tenant_id = p.tenant_id and b.id = p.public_picture
join defect_reporter.report r
    on r.tenant_id = p.tenant_id and r.id = p.report_id
    and staff_may(r.department, r.category)
where p.id = :photo::uuid and p.report_id = :id::uuid
    and (p.state = 'released' or p.redaction_state in ('none', 'done'));

-- name: photo_redaction :row
-- What is to be blackened, and whether that is done.
select json_build_object('id', p.id, 'state', p.state, 'areas', p.areas,
    'redaction', p.redaction_state) as body
from defect_reporter.photo p
join defect_reporter.report r
    on r.tenant_id = p.tenant_id and r.id = p.report_id
where p.id = :photo::uuid and p.report_id = :id::uuid
    and staff_may(r.department, r.category);

-- name: office_photo_create :row
-- A photo of a report that came another way: by letter, at the counter.
with report as materialized (
    select r.id, case
	when r.channel in ('app', 'open311') then 'not-entered-here'
	when not r.status = any (:open::text[]) then 'report-closed'
	when r.photo_count >= :photos_max::int then 'too-many-photos'
	end as problem
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), added as materialized (
    select r.id, defect_reporter.photo_add(r.id, :content::bytea,
	:media_type::text) as photo
    from report r where r.problem is null
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	photo_id, staff_id)
    select tenant(), a.id, 'photo-added', false, a.photo, staff()
    from added a
)
select answered(json_build_object('id', a.photo, 'state', 'quarantine'))
    as body, null::text as problem, null::json as arguments
from added a
union all
select null, r.problem, json_build_object('max', :photos_max::int)
from report r where r.problem is not null;

-- name: photo_redact :row
-- Areas that the public is not to see. The courier burns them into a new
-- picture; a photo that is public shows the one before until then. Without
-- areas it is as it was, and one that was public waits for release again.
with target as materialized (
    select p.id, p.report_id, p.state, p.areas, p.redaction_state,
	p.redacted_picture, p.redacted_thumbnail, r.version, :areas::jsonb
	    as wanted, case
	when r.version <> :version::int then 'changed-meanwhile'
	when p.state not in ('waiting', 'released', 'rejected')
	    then 'photo-not-ready' end as problem
    from defect_reporter.photo p join defect_reporter.report r
	on r.tenant_id = p.tenant_id and r.id = p.report_id
    where p.id = :photo::uuid and p.report_id = :id::uuid
	and staff_may(r.department, r.category) for update of p, r
), judged as materialized (
    select t.*, t.wanted = '[]' as nothing, t.problem is null
	and not (t.areas = t.wanted
	    and t.redaction_state in ('none', 'done')) as changes
    from target t
), done as (
    update defect_reporter.photo p set areas = j.wanted,
	redaction = case when not j.nothing then gen_random_uuid() end,
	redacted_picture = case when not j.nothing then p.redacted_picture end,
	redacted_thumbnail = case when not j.nothing
	    then p.redacted_thumbnail end,
	state = case when j.nothing and p.state = 'released' then 'waiting'
	    else p.state end, changed_at = now()
    from judged j where p.id = j.id and j.changes
    returning p.*
), hidden as (
    update stadtkern.blob b set shown = false
    from done d join judged j on j.id = d.id
    where j.nothing and b.id in (d.picture, d.thumbnail)
), gone as materialized (
    select blob_delete(x.blob) from done d join judged j on j.id = d.id
    cross join lateral (values (j.redacted_picture), (j.redacted_thumbnail))
	x (blob)
    where j.nothing and x.blob is not null
), queued as materialized (
    select job_put('image', jsonb_build_object(
	'plugin', 'defect-reporter', 'blob', d.picture, 'areas', d.areas,
	'done', 'photo_redacted', 'failed', 'photo_unredacted',
	'arguments', jsonb_build_object('photo', d.id,
	    'redaction', d.redaction)))
    from done d where d.redaction is not null
), touched as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from done d where r.id = d.report_id
    returning r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	photo_id, staff_id)
    select tenant(), d.report_id, 'photo-redacted', false, d.id, staff()
    from done d
)
select json_build_object('id', j.id, 'state', coalesce(d.state, j.state),
	'areas', j.wanted, 'redaction', coalesce(d.redaction_state,
	    j.redaction_state), 'version', coalesce((select version
	    from touched), j.version)) as body,
    null::text as problem, null::json as arguments
from judged j left join done d on d.id = j.id
where j.problem is null
    and (select count(*) from gone) + (select count(*) from queued) >= 0
union all
select null, j.problem, json_build_object('version', j.version,
	'state', j.state)
from judged j where j.problem is not null;

-- name: report_release :row
-- Publishes the given text, else what was published before, else the
-- sender's own.
with target as materialized (
    select r.id, r.version, case
	when r.version <> :version::int then 'changed-meanwhile'
	when coalesce(r.lat::text, r.address, r.address_id) is null
	    then 'place-missing' end as problem
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), done as (
    update defect_reporter.report r set release = 'released', spam = false,
	text = coalesce(:text::text, r.text, s.text),
	released_at = coalesce(r.released_at, now()),
	changed_at = now(), version = r.version + 1
    from target t join defect_reporter.submission s on s.report_id = t.id
    where r.id = t.id and t.problem is null
    returning r.id, r.release, r.status, r.version, r.closed_at
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	staff_id)
    select tenant(), d.id, 'released', false, staff() from done d
), kept as (
    -- A rejection had begun to count its days; work goes on.
    update defect_reporter.submission s set contact_until = null
    from done d where s.report_id = d.id and d.closed_at is null
	and s.contact_until is not null
)
select json_build_object('id', d.id, 'release', d.release,
	'status', d.status, 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: report_reject :row
-- Keeps a report from the public, or takes it away again.
with target as materialized (
    select r.id, r.version, r.version <> :version::int as stale
    from defect_reporter.report r where r.id = :id::uuid
	and staff_may(r.department, r.category) for update
), done as (
    update defect_reporter.report r set release = 'rejected',
	released_at = null, changed_at = now(), version = r.version + 1
    from target t where r.id = t.id and t.stale is not true
    returning r.id, r.release, r.status, r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	text, staff_id)
    select tenant(), d.id, 'rejected', false, :reason::text, staff()
    from done d
), kept as (
    update defect_reporter.submission s
    set contact_until = (now() at time zone 'Europe/Berlin')::date
	+ :settings.contact_keep_days::int
    from done d where s.report_id = d.id and s.contact_until is null
)
select json_build_object('id', d.id, 'release', d.release,
	'status', d.status, 'version', d.version) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, 'changed-meanwhile', json_build_object('version', t.version)
from target t where t.stale;

-- name: photo_release :row
-- Publishes a photo that the courier has made safe.
with target as materialized (
    select p.id, p.report_id, p.state, p.redaction_state, case
	when p.state not in ('waiting', 'released', 'rejected')
	    then 'photo-not-ready'
	when p.redaction_state not in ('none', 'done')
	    then 'photo-redaction-open' end as problem
    from defect_reporter.photo p join defect_reporter.report r
	on r.tenant_id = p.tenant_id and r.id = p.report_id
    where p.id = :photo::uuid and p.report_id = :id::uuid
	and staff_may(r.department, r.category) for update of p
), done as (
    update defect_reporter.photo p set state = 'released', changed_at = now()
    from target t where p.id = t.id and t.problem is null
    returning p.id, p.report_id, p.state, p.public_picture,
	p.public_thumbnail
), shown as (
    update stadtkern.blob b set shown = true
    from done d where b.id in (d.public_picture, d.public_thumbnail)
), touched as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from done d where r.id = d.report_id
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	photo_id, staff_id)
    select tenant(), d.report_id, 'photo-released', false, d.id, staff()
    from done d
)
select json_build_object('id', d.id, 'state', d.state) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, t.problem, json_build_object('state', t.state,
	'redaction', t.redaction_state)
from target t where t.problem is not null;

-- name: photo_reject :row
-- Keeps a photo from the public; photo_erase forgets it later.
with target as materialized (
    select p.id, p.report_id, p.state
    from defect_reporter.photo p join defect_reporter.report r
	on r.tenant_id = p.tenant_id and r.id = p.report_id
    where p.id = :photo::uuid and p.report_id = :id::uuid
	and staff_may(r.department, r.category) for update of p
), done as (
    update defect_reporter.photo p set state = 'rejected', changed_at = now()
    from target t
    where p.id = t.id and t.state in ('waiting', 'released', 'rejected')
    returning p.id, p.report_id, p.state, p.public_picture,
	p.public_thumbnail
), shown as (
    update stadtkern.blob b set shown = false
    from done d where b.id in (d.public_picture, d.public_thumbnail)
), touched as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from done d where r.id = d.report_id
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	photo_id, staff_id)
    select tenant(), d.report_id, 'photo-rejected', false, d.id, staff()
    from done d
)
select json_build_object('id', d.id, 'state', d.state) as body,
    null::text as problem, null::json as arguments
from done d
union all
select null, 'photo-not-ready', json_build_object('state', t.state)
from target t where not exists (select from done);

-- name: remark_release :row
-- What other software said becomes public, with its report.
with target as materialized (
    select k.id from defect_reporter.remark k join defect_reporter.report r
	on r.tenant_id = k.tenant_id and r.id = k.report_id
    where k.id = :remark::uuid and k.report_id = :id::uuid
	and staff_may(r.department, r.category) for update of k
), done as (
    update defect_reporter.remark k set state = 'released', changed_at = now()
    from target t where k.id = t.id and k.state <> 'released'
    returning k.id, k.report_id, k.state
), touched as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from done d where r.id = d.report_id
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	staff_id)
    select tenant(), d.report_id, 'remark-released', false, staff()
    from done d
)
select json_build_object('id', t.id, 'state', 'released') as body from target t;

-- name: remark_reject :row
-- It does not become public, or is so no longer.
with target as materialized (
    select k.id from defect_reporter.remark k join defect_reporter.report r
	on r.tenant_id = k.tenant_id and r.id = k.report_id
    where k.id = :remark::uuid and k.report_id = :id::uuid
	and staff_may(r.department, r.category) for update of k
), done as (
    update defect_reporter.remark k set state = 'rejected', changed_at = now()
    from target t where k.id = t.id and k.state <> 'rejected'
    returning k.id, k.report_id, k.state
), touched as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from done d where r.id = d.report_id
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	staff_id)
    select tenant(), d.report_id, 'remark-rejected', false, staff()
    from done d
)
select json_build_object('id', t.id, 'state', 'rejected') as body from target t;

-- name: photo_ready :done
-- The courier made the picture and its thumbnail; the original goes.
with ready as (
    update defect_reporter.photo p set state = 'waiting', original = null,
	picture = :full::uuid, thumbnail = :thumbnail::uuid,
	width = :width::int, height = :height::int, changed_at = now()
    where p.id = :photo::uuid and p.state = 'quarantine'
)
select blob_delete(:original::uuid);

-- name: photo_redacted :done
-- The courier burnt the areas in. What is public is replaced in one go; of a
-- burning that is no longer wanted nothing is kept.
with ready as (
    update defect_reporter.photo p set redaction = null,
	redacted_picture = :full::uuid, redacted_thumbnail = :thumbnail::uuid,
	changed_at = now()
    from defect_reporter.photo before
    where before.tenant_id = p.tenant_id and before.id = p.id
	and p.id = :photo::uuid and p.redaction = :redaction::uuid
    returning p.*, before.redacted_picture as picture_before,
	before.redacted_thumbnail as thumbnail_before
), shown as (
    update stadtkern.blob b set shown = r.state = 'released'
	and b.id in (r.redacted_picture, r.redacted_thumbnail)
    from ready r where b.id in (r.redacted_picture, r.redacted_thumbnail,
	r.picture, r.thumbnail)
), touched as (
    update defect_reporter.report t set changed_at = now()
    from ready r where t.id = r.report_id and r.state = 'released'
), told as materialized (
    select changed('defect-reporter/reports') as its from ready r
    where r.state = 'released'
)
select blob_delete(x.blob)
from (select r.picture_before from ready r
    union all select r.thumbnail_before from ready r
    union all select x.blob from (values (:full::uuid),
	(:thumbnail::uuid)) x (blob)
    where not exists (select from ready)) x (blob)
where x.blob is not null
union all select t.its from told t;

-- name: photo_unredacted :done
-- The courier could not burn them in: nothing of the photo is public then.
with failed as (
    update defect_reporter.photo p set redaction = null,
	redacted_picture = null, redacted_thumbnail = null,
	state = case p.state when 'released' then 'waiting' else p.state end,
	changed_at = now()
    from defect_reporter.photo before
    where before.tenant_id = p.tenant_id and before.id = p.id
	and p.id = :photo::uuid and p.redaction = :redaction::uuid
    returning p.*, before.redacted_picture as picture_before,
	before.redacted_thumbnail as thumbnail_before
), shown as (
    update stadtkern.blob b set shown = false
    from failed f where b.id in (f.picture, f.thumbnail)
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	photo_id)
    select tenant(), f.report_id, 'redaction-failed', false, f.id
    from failed f
), told as materialized (
    select changed('defect-reporter/reports') as its from failed
)
select blob_delete(x.blob)
from failed f cross join lateral (values (f.picture_before),
    (f.thumbnail_before)) x (blob)
where x.blob is not null
union all select t.its from told t;

-- name: photo_refused :done
-- The courier could not open it; the original goes, and its place is free.
with refused as (
    update defect_reporter.photo p set state = 'refused', original = null,
	reason = :reason::text, changed_at = now()
    where p.id = :photo::uuid and p.state = 'quarantine'
    returning p.report_id
), freed as (
    update defect_reporter.report r set photo_count = r.photo_count - 1
    from refused f where r.id = f.report_id
)
select blob_delete(:original::uuid);

-- name: contact_erase :done
-- Contact data whose time is over: the day that was set when work ended, or an
-- earlier one where the city has shortened the period since.
update defect_reporter.submission s set contact = null,
    reply_box = null
from defect_reporter.report r
where r.tenant_id = s.tenant_id and r.id = s.report_id
    and (s.contact is not null or s.reply_box is not null)
    and s.contact_until is not null
    and (s.contact_until < today()
	or r.closed_at < now() - make_interval(days => :days::int + 1));

-- name: photo_erase :done
-- Photos that were not published, some days later.
with erased as (
    update defect_reporter.photo p set state = 'erased', picture = null,
	thumbnail = null, redacted_picture = null, redacted_thumbnail = null,
	areas = '[]', redaction = null, changed_at = now()
    from defect_reporter.photo before
    where before.tenant_id = p.tenant_id and before.id = p.id
	and p.state = 'rejected' and p.changed_at
	    < now() - make_interval(days => :days::int)
    returning before.picture, before.thumbnail, before.redacted_picture,
	before.redacted_thumbnail
)
select blob_delete(x.blob)
from erased e cross join lateral (values (e.picture), (e.thumbnail),
    (e.redacted_picture), (e.redacted_thumbnail)) x (blob)
where x.blob is not null;

-- name: duration_measure :done
-- How long reports of each category took that were closed within a year; of
-- fewer than five nothing can be said.
with measured as materialized (
    select r.category, count(*)::int as closed,
	percentile_disc(0.8) within group (order by r.closed_at
	    - r.received_at) as most
    from defect_reporter.report r
    where r.closed_at > now() - interval '1 year'
    group by r.category having count(*) >= 5
), gone as (
    delete from defect_reporter.duration d
    where not exists (select from measured m where m.category = d.category)
)
insert into defect_reporter.duration (tenant_id, category, closed, most)
select tenant(), m.category, m.closed, m.most from measured m
on conflict (tenant_id, category) do update
set closed = excluded.closed, most = excluded.most, measured_at = now();

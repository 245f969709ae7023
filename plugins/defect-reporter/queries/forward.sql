-- SPDX-License-Identifier: EUPL-1.2
-- Statements of forwarding: what the office hands over, what it does about it
-- later, what the outside body does by its link, and reminders.

-- name: forward_letter :row
-- What a mail to an outside body says, and the contact where it may go along.
-- Read first, as the office has to open and to seal it (forward.c).
select json_build_object('number', r.number,
	'category', coalesce(:labels::jsonb ->> r.category, r.category),
	'text', r.text, 'note', coalesce(:note::text, '–'),
	'address', coalesce(r.address, r.address_id),
	'lat', round(r.lat * 1e6) / 1e6,
	'lon', round(r.lon * 1e6) / 1e6)::text as letter, r.version,
    case when :contact::bool and s.consent_forward then s.contact end
	as contact
from defect_reporter.report r
join defect_reporter.submission s
    on s.tenant_id = r.tenant_id and s.report_id = r.id
where r.id = :id::uuid and staff_may(r.department, r.category);

-- name: report_forward :row
-- Hands what is public of a report to an outside body, with a link. What the
-- mail says is sealed to the courier.
with target as materialized (
    select r.id, r.release, r.parent_id, r.version,
	coalesce(r.version <> :version::int, false)
	    or coalesce(r.version <> :seen::int, false) as stale,
	coalesce(:contact::bool, false) as contact,
	s.consent_forward and s.contact is not null as may,
	coalesce(:graph::jsonb -> r.status -> 'next' ? :status::text, false)
	    as moves
    from defect_reporter.report r
    join defect_reporter.submission s
	on s.tenant_id = r.tenant_id and s.report_id = r.id
    where r.id = :id::uuid
	and staff_may(r.department, r.category) for update of r
), judged as materialized (
    select t.*, case when t.stale then 'changed-meanwhile'
	when t.parent_id is not null then 'follows'
	when t.release <> 'released' then 'not-released'
	when t.contact and not t.may then 'no-consent'
	when exists (select from defect_reporter.forwarding f
	    where f.report_id = t.id and f.outside_body = :body::text
		and defect_reporter.is_live(f)) then 'forwarded-before'
	end as problem
    from target t
), done as (
    update defect_reporter.report r set outside_body = :body::text,
	status = case when j.moves then :status::text else r.status end,
	closed_at = case when not j.moves then r.closed_at
	    when :graph::jsonb -> :status::text ->> 'kind' <> 'open'
	    then now() end,
	changed_at = now(), version = r.version + 1
    from judged j where r.id = j.id and j.problem is null
    returning r.*, j.moves, j.contact
), made as (
    insert into defect_reporter.forwarding (tenant_id, report_id,
	outside_body, token_hash, note, contact, expires_at, staff_id)
    select tenant(), d.id, :body::text, :token_hash::bytea, :note::text,
	d.contact, now() + make_interval(days => coalesce(:days::int,
	    :valid::int)), staff()
    from done d
    returning id, report_id, expires_at
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	status, outside_body, staff_id)
    select tenant(), d.id, 'forwarded', true,
	case when d.moves then d.status end, d.outside_body, staff()
    from done d
), queued as materialized (
    select d.*, m.id as forwarding, m.expires_at, job_put('mail',
	jsonb_build_object('plugin', 'defect-reporter', 'template', case
	    when d.lat is null then 'forwarded-address' else 'forwarded' end,
	    'language', 'de', 'thread', jsonb_build_object('id', d.id,
		'party', 'body', 'number', d.number::text)),
	:letter::bytea) as job
    from done d join made m on m.report_id = d.id
)
select answered(json_build_object('id', q.id, 'release', q.release,
	'status', q.status, 'version', q.version, 'forwarding',
	json_build_object('id', q.forwarding, 'body', q.outside_body,
	    'state', 'open', 'contact', q.contact,
	    'expires_at', q.expires_at))) as body,
    null::text as problem, null::json as arguments
from queued q where q.job is not null
union all
select null, j.problem, json_build_object('version', j.version, 'number',
	(select p.number from defect_reporter.report p where p.id = j.parent_id))
from judged j where j.problem is not null;

-- name: forward_list :row
-- To whom a ticket was handed, the newest first.
select json_build_object('items', (select coalesce(json_agg(
	json_build_object('id', f.id, 'body', f.outside_body, 'state', case
	    when f.state in ('open', 'accepted') and f.expires_at <= now()
		then 'expired' else f.state end,
	    'note', f.note, 'contact', f.contact,
	    'created_at', f.created_at, 'changed_at', f.changed_at,
	    'expires_at', f.expires_at, 'reminded_at', f.reminded_at,
	    'staff', a.name) order by f.created_at desc, f.id), '[]')
    from defect_reporter.forwarding f left join stadtkern.staff a
	on a.tenant_id = f.tenant_id and a.id = f.staff_id
    where f.tenant_id = r.tenant_id and f.report_id = r.id)) as body
from defect_reporter.report r
where r.id = :id::uuid and staff_may(r.department, r.category);

-- name: forward_open :page
-- What outside bodies have not settled yet, the next deadline first; links
-- that have expired are among it.
select f.expires_at::text || '/' || f.id as position, json_build_object(
	'id', f.id, 'body', f.outside_body, 'state', case
	    when f.expires_at <= now() then 'expired' else f.state end,
	'created_at', f.created_at, 'expires_at', f.expires_at,
	'reminded_at', f.reminded_at, 'report', json_build_object(
	    'id', r.id, 'number', r.number, 'category', r.category,
	    'department', r.department, 'status', r.status,
	    'due_on', case when isfinite(r.due_on) then r.due_on end,
	    'late', r.due_on < today() and r.closed_at is null)) as body
from defect_reporter.forwarding f
join defect_reporter.report r
    on r.tenant_id = f.tenant_id and r.id = f.report_id
where f.state in ('open', 'accepted')
    and coalesce(f.outside_body = :body::text, true)
    and staff_may(r.department, r.category)
    and coalesce((f.expires_at, f.id) >
	(split_part(:after::text, '/', 1)::timestamptz,
	split_part(:after::text, '/', 2)::uuid), true)
order by f.expires_at, f.id
limit :limit::int;

-- name: forward_revoke :row
-- Takes a link back; from now on it opens nothing.
with target as materialized (
    select f.id, f.report_id, f.outside_body, r.version, case
	when r.version <> :version::int then 'changed-meanwhile'
	when f.state not in ('open', 'accepted') then 'forward-over'
	end as problem
    from defect_reporter.forwarding f join defect_reporter.report r
	on r.tenant_id = f.tenant_id and r.id = f.report_id
    where f.id = :forwarding::uuid
	and staff_may(r.department, r.category) for update of r, f
), done as (
    update defect_reporter.forwarding f set state = 'revoked',
	changed_at = now()
    from target t where f.id = t.id and t.problem is null
    returning f.id, f.report_id, f.state, f.outside_body
), touched as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1,
	outside_body = nullif(r.outside_body, d.outside_body)
    from done d where r.id = d.report_id
    returning r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	outside_body, staff_id)
    select tenant(), d.report_id, 'forward-revoked', false, d.outside_body,
	staff()
    from done d
)
select json_build_object('id', d.id, 'state', d.state, 'version',
	u.version) as body, null::text as problem, null::json as arguments
from done d cross join touched u
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: forward_prolong :row
-- Lets a link live longer, or again.
with target as materialized (
    select f.id, r.version, case
	when r.version <> :version::int then 'changed-meanwhile'
	when f.state not in ('open', 'accepted') then 'forward-over'
	end as problem
    from defect_reporter.forwarding f join defect_reporter.report r
	on r.tenant_id = f.tenant_id and r.id = f.report_id
    where f.id = :forwarding::uuid
	and staff_may(r.department, r.category) for update of r, f
), done as (
    update defect_reporter.forwarding f set reminded_at = null,
	expired_at = null, changed_at = now(),
	expires_at = now() + make_interval(days => :days::int)
    from target t where f.id = t.id and t.problem is null
    returning f.id, f.report_id, f.state, f.expires_at, f.outside_body
), touched as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from done d where r.id = d.report_id
    returning r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	outside_body, due_on, staff_id)
    select tenant(), d.report_id, 'forward-prolonged', false, d.outside_body,
	(d.expires_at at time zone 'Europe/Berlin')::date, staff()
    from done d
)
select json_build_object('id', d.id, 'state', d.state, 'expires_at',
	d.expires_at, 'version', u.version) as body,
    null::text as problem, null::json as arguments
from done d cross join touched u
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: forward_letter_again :row
-- As forward_letter, of something that was forwarded before.
select json_build_object('number', r.number,
	'category', coalesce(:labels::jsonb ->> r.category, r.category),
	'text', r.text, 'note', coalesce(f.note, '–'),
	'address', coalesce(r.address, r.address_id),
	'lat', round(r.lat * 1e6) / 1e6,
	'lon', round(r.lon * 1e6) / 1e6)::text as letter, r.version,
    f.outside_body, case when f.contact and s.consent_forward then s.contact
	end as contact
from defect_reporter.forwarding f
join defect_reporter.report r
    on r.tenant_id = f.tenant_id and r.id = f.report_id
join defect_reporter.submission s
    on s.tenant_id = r.tenant_id and s.report_id = r.id
where f.id = :forwarding::uuid and staff_may(r.department, r.category);

-- name: forward_resend :row
-- The mail once more, with a new link; the one before opens nothing any more.
with target as materialized (
    select f.id, f.report_id, r.lat, r.number, r.version, case
	when coalesce(r.version <> :version::int, false)
	    or coalesce(r.version <> :seen::int, false)
	    then 'changed-meanwhile'
	when f.state not in ('open', 'accepted') then 'forward-over'
	when r.release <> 'released' then 'not-released' end as problem
    from defect_reporter.forwarding f join defect_reporter.report r
	on r.tenant_id = f.tenant_id and r.id = f.report_id
    where f.id = :forwarding::uuid
	and staff_may(r.department, r.category) for update of r, f
), done as (
    update defect_reporter.forwarding f set token_hash = :token_hash::bytea,
	reminded_at = null, expired_at = null, changed_at = now(),
	last_request = null, last_answer = null,
	expires_at = now() + make_interval(days => coalesce(:days::int,
	    :valid::int))
    from target t where f.id = t.id and t.problem is null
    returning f.id, f.report_id, f.state, f.expires_at, f.outside_body, t.lat,
	t.number
), touched as (
    update defect_reporter.report r set changed_at = now(),
	version = r.version + 1
    from done d where r.id = d.report_id
    returning r.version
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	outside_body, staff_id)
    select tenant(), d.report_id, 'forward-resent', false, d.outside_body,
	staff()
    from done d
), queued as materialized (
    select d.*, job_put('mail', jsonb_build_object(
	'plugin', 'defect-reporter', 'template', case
	    when d.lat is null then 'forwarded-address' else 'forwarded' end,
	'language', 'de', 'thread', jsonb_build_object('id', d.report_id,
	    'party', 'body', 'number', d.number::text)),
	:letter::bytea) as job
    from done d
)
select answered(json_build_object('id', q.id, 'state', q.state, 'expires_at',
	q.expires_at, 'version', u.version)) as body,
    null::text as problem, null::json as arguments
from queued q cross join touched u where q.job is not null
union all
select null, t.problem, json_build_object('version', t.version)
from target t where t.problem is not null;

-- name: forwarding_show :row
-- What is behind a link; every link that opens nothing is refused alike.
select p.its as body, case when p.its is null then 'link-unknown' end
    as problem
from (select defect_reporter.forwarding_page(:token_hash::bytea) as its) p;

-- name: forwarding_act :row
-- What the outside body does by its link; see forwarding_act().
with done as materialized (
    select defect_reporter.forwarding_act(:token_hash::bytea, :action::text,
	:text::text, :graph::jsonb, :answers_mode::text, :keep::int) as its
)
select answered(d.its) as body, null::text as problem
from done d where d.its is not null
union all
select null, 'link-unknown' from done d where d.its is null;

-- name: forward_remind :done
-- Tells bodies once that a link ends within three days. The link itself is
-- not known here: it stands in the first mail.
with due as (
    update defect_reporter.forwarding f set reminded_at = now()
    from defect_reporter.report r
    where r.tenant_id = f.tenant_id and r.id = f.report_id
	and f.state in ('open', 'accepted') and f.reminded_at is null
	and f.expires_at > now() and f.expires_at < now() + interval '3 days'
	and f.created_at < now() - interval '1 day'
	and r.release = 'released'
    returning f.id, f.report_id, f.outside_body, f.expires_at, f.created_at,
	r.number
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	outside_body)
    select tenant(), d.report_id, 'forward-reminded', false, d.outside_body
    from due d
), known as materialized (
    select d.*, defect_reporter.body_of(d.outside_body) as body from due d
)
select job_put('mail', jsonb_build_object('plugin', 'defect-reporter',
    'template', 'forward-reminder', 'language', 'de',
    'to', k.body ->> 'email', 'thread', jsonb_build_object(
	'id', k.report_id, 'party', 'body', 'number', k.number::text),
    'arguments', jsonb_build_object('number', k.number,
	'body', k.body ->> 'name', 'sent', to_char(
	    k.created_at at time zone 'Europe/Berlin', 'DD.MM.YYYY'),
	'until', to_char(k.expires_at at time zone 'Europe/Berlin',
	    'DD.MM.YYYY, HH24:MI'))))
from known k where k.body ->> 'email' is not null;

-- name: forward_expire :done
-- Tells departments of links that ended without the body having settled it.
with over as (
    update defect_reporter.forwarding f set expired_at = now()
    where f.state in ('open', 'accepted') and f.expired_at is null
	and f.expires_at <= now()
    returning f.*
), noted as (
    insert into defect_reporter.event (tenant_id, report_id, kind, public,
	outside_body)
    select tenant(), o.report_id, 'forward-expired', false, o.outside_body
    from over o
)
select defect_reporter.forwarding_tell(f, r.department, r.number, 'expired')
from over o
join defect_reporter.forwarding f on f.tenant_id = o.tenant_id and f.id = o.id
join defect_reporter.report r
    on r.tenant_id = o.tenant_id and r.id = o.report_id;

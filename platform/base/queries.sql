-- SPDX-License-Identifier: EUPL-1.2
-- The statements of the platform's own routes and schedules.

-- name: device_create :row
-- Registers a device; the server adds the token, of which only the keyed
-- hash comes here.
insert into device (tenant_id, token_hash)
values (tenant(), :token_hash::bytea)
returning id, json_build_object('id', id) as body;

-- name: device_delete :done
-- Forgets this device and which account it belonged to.
delete from device where tenant_id = tenant() and id = device();

-- name: account_show :row
-- Whether this device belongs to a confirmed account, and whether a code is
-- waited for.
select json_build_object(
    'confirmed', d.account_id is not null,
    'since', to_char(a.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'code', case when c.expires_at > now() and c.tries_left > 0 then
	json_build_object(
	    'expires', to_char(c.expires_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	    'tries', c.tries_left)
	end) as body
from device d
left join account a on a.tenant_id = d.tenant_id and a.id = d.account_id
left join account_code c on c.tenant_id = d.tenant_id and c.device_id = d.id
where d.tenant_id = tenant() and d.id = device();

-- name: account_request :row
-- A new code by mail, in the place of an older one. The answer is the same
-- whether the address is known or not.
with put as materialized (
    select account_code_put(:address_hash::bytea, :code_hash::bytea) as wait
), mail as materialized (
    select job_put('mail', jsonb_build_object('plugin', '',
	'template', 'account-code', 'language', :language::text),
	:sealed::bytea) as id
    from put where wait is null
)
select case when put.wait is not null then 'too-many-codes' end as problem,
    json_build_object('seconds', put.wait) as arguments,
    case when mail.id is not null then json_build_object(
	'expires', to_char(now() + interval '10 minutes',
	    'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'tries', 5) end as body
from put left join mail on true;

-- name: account_confirm :row
-- The code from the mail. A wrong one costs a try, which stays spent.
select tried.problem,
    json_build_object('tries', tried.tries_left) as arguments,
    case when tried.problem is null then
	json_build_object('confirmed', true) end as body
from account_code_try(:code_hash::bytea) as tried;

-- name: account_leave :done
-- This device no longer belongs to an account.
update device set account_id = null
where tenant_id = tenant() and id = device();

-- name: boundary_show :row
-- The city's boundary as a GeoJSON Feature.
select json_build_object('type', 'Feature',
    'bbox', json_build_array(ST_XMin(boundary), ST_YMin(boundary),
	ST_XMax(boundary), ST_YMax(boundary)),
    'properties', json_build_object('slug', t.slug),
    'geometry', ST_AsGeoJSON(boundary, 6)::json) as body
from tenant_boundary b join tenant t on t.id = b.tenant_id
where b.tenant_id = tenant();

-- name: feedback_put :row
-- A mail to the city's contact for accessibility. What was written, and by
-- whom, is in the box.
with put as materialized (
    select job_put('mail', jsonb_build_object('plugin', '',
	'template', 'accessibility-feedback', 'language', 'de'),
	:sealed::bytea) as id
)
select answered(json_build_object('sent', true)) as body
from put where id is not null;

-- name: session_find :row
-- Whose password is to be checked; nulls where there is nobody, for that must
-- take as long.
select null::json as body, s.id as staff_id, s.password_hash
from (values (tenant())) as here (tenant_id)
left join staff s on s.tenant_id = here.tenant_id
    and s.email_key = lower(:email::text) and s.disabled_at is null;

-- name: session_create :row
-- A session for somebody whose password was right.
with session as (
    insert into staff_session (tenant_id, hash, staff_id)
    select tenant(), :session_hash::bytea, id from staff
    where tenant_id = tenant() and id = :staff_id::uuid
	and disabled_at is null
    returning staff_id, created_at, last_seen_at
)
select json_build_object('name', s.name, 'email', s.email, 'roles', s.roles,
    'expires', to_char(session_expires(n.created_at, n.last_seen_at),
	'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as body
from session n
join staff s on s.tenant_id = tenant() and s.id = n.staff_id;

-- name: session_show :row
-- Who is signed in here, and until when.
select json_build_object('name', s.name, 'email', s.email, 'roles', s.roles,
    'expires', to_char(session_expires(n.created_at, n.last_seen_at),
	'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as body
from staff_session n
join staff s on s.tenant_id = n.tenant_id and s.id = n.staff_id
where n.tenant_id = tenant() and n.hash = session();

-- name: session_end :done
-- Signs out.
update staff_session set ended_at = now()
where tenant_id = tenant() and hash = session() and ended_at is null;

-- name: idempotency_expire :done
-- Answers to repeated requests are kept for two days.
delete from idempotency
where tenant_id = tenant() and created_at < now() - interval '48 hours';

-- name: code_expire :done
-- Codes that can no longer be used, and the count of those sent.
with code as (
    delete from account_code
    where tenant_id = tenant() and expires_at < now()
)
delete from account_code_sent
where tenant_id = tenant() and sent_at < now() - interval '1 hour';

-- name: session_expire :done
-- Sessions that are over.
delete from staff_session
where tenant_id = tenant()
    and (ended_at is not null
	or session_expires(created_at, last_seen_at) < now());

-- name: job_expire :done
-- Jobs that were done a week ago. Dead ones stay until somebody looks.
delete from job
where tenant_id = tenant() and state = 'done'
    and finished_at < now() - interval '7 days';

-- name: theme_file :blob
-- A file of the tenant's theme; its name is a hash, so it never changes.
-- `gzip` is the content once more, null where that is no smaller.
select media_type, content, gzip from tenant_file
where tenant_id = tenant() and name = :file::text;

-- name: theme_manifest :blob
-- The web manifest, under an address that stays.
select media_type, content, gzip from tenant_file
where tenant_id = tenant() and name = tenant_file_of('manifest');

-- name: theme_favicon :blob
-- 32 pixels, PNG.
select media_type, content, gzip from tenant_file
where tenant_id = tenant() and name = tenant_file_of('favicon');

-- name: theme_touch_icon :blob
-- 180 pixels, PNG.
select media_type, content, gzip from tenant_file
where tenant_id = tenant() and name = tenant_file_of('touch_icon');

-- name: theme_files_expire :done
-- Files that were replaced a month ago.
delete from tenant_file
where tenant_id = tenant() and retired_at < now() - interval '30 days';

-- name: basemap_show :row
-- A tile of somebody else's map. What is not here, or is old, is asked for;
-- what is old is given all the same.
with tile as materialized (
    select t.media_type, t.content, t.hash, t.fetched_at, t.retry_at,
	coalesce(t.expires_at > now(), false) as fresh
    from basemap_tile t
    where t.tenant_id = tenant() and t.source = basemap_source(:url::text)
	and t.z = :z::int and t.x = :x::int and t.y = :y::int
), asked as materialized (
    select basemap_want(:url::text, :z::int, :x::int, :y::int)
    where not exists (select from tile where fresh)
), pause as materialized (
    select greatest((select retry_at from tile),
	(select p.until from basemap_pause p where p.tenant_id = tenant()
	    and p.source = basemap_source(:url::text))) as until
)
select case when t.content is not null then 'tile'
	when t.fetched_at is not null then 'empty'
	when p.until > now() then 'unavailable'
	else 'pending' end as state,
    t.media_type, t.content, t.hash,
    least(greatest(ceil(extract(epoch from p.until - now())), 1), 3600)::int
	as seconds,
    (select count(*) from asked) as asked
from pause p left join tile t on true;

-- name: basemap_expire :done
-- Tiles that nobody has looked at for a month after they were old, that could
-- not be had, that are from an address of before; and the oldest of too many.
with place as (
    select t.source, t.z, t.x, t.y, row_number() over
	(order by t.fetched_at desc nulls last) as number
    from basemap_tile t where t.tenant_id = tenant()
), pause as (
    delete from basemap_pause p
    where p.tenant_id = tenant() and p.until < now() - interval '1 day'
)
delete from basemap_tile t using place p
where t.tenant_id = tenant()
    and (p.source, p.z, p.x, p.y) = (t.source, t.z, t.x, t.y)
    and (p.number > 20000
	or t.expires_at < now() - interval '30 days'
	or (t.fetched_at is null and t.retry_at < now() - interval '1 hour'));

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

-- name: street_list :row
-- Streets that a person may mean, each with its postcodes.
select json_build_object('items', coalesce(json_agg(json_build_object(
	'street', f.key, 'name', f.name, 'postcodes', (
	    select json_agg(distinct x.postcode) from street_section x
	    where x.tenant_id = tenant() and x.street = f.key))
    order by f.ordinality), '[]')) as body
from street_search(:q::text, 20) with ordinality f;

-- name: address_list :row
-- Places that a text may mean. With a house number that the list knows it is
-- that, else one of each street and postcode.
with asked as (
    select house_number(substring(:q::text from '[ ,](\d[^,]*)$')) as number
), found as (
    select f.ordinality, 0 as nth, concat_ws(' ', f.name, a.house_number)
	as address, a.postcode, a.part, a.lat, a.lon
    from street_search(:q::text, 10) with ordinality f
    cross join asked
    cross join lateral address_find(f.name, asked.number) a
    where a.problem is null
    union all
    select f.ordinality, s.section, f.name, s.postcode, s.part, s.lat, s.lon
    from street_search(:q::text, 10) with ordinality f
    cross join asked
    cross join lateral (select distinct on (x.postcode) x.*
	from street_section x
	where x.tenant_id = tenant() and x.street = f.key
	order by x.postcode, x.section) s
    where asked.number is null or (address_find(f.name, asked.number)).problem
	is not null
)
select json_build_object('items', coalesce(json_agg(json_build_object(
	'address', f.address, 'postcode', f.postcode, 'part', f.part,
	'position', case when f.lat is not null then
	    json_build_object('lat', f.lat, 'lon', f.lon) end)
    order by f.ordinality, f.nth), '[]')) as body
from (select * from found order by ordinality, nth limit 12) f;

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
-- take as long. After too many tries nobody's is.
with tried as materialized (
    select sign_in_try(:account_key::bytea, :address_key::bytea,
	:pair_key::bytea) as seconds
)
select case when t.seconds > 0 then 'sign-in-slow' end as problem,
    json_build_object('seconds', t.seconds) as arguments,
    null::json as body, s.id as staff_id, s.password_hash
from tried t
left join staff s on s.tenant_id = tenant()
    and s.email_key = lower(:email::text) and s.disabled_at is null;

-- name: session_create :row
-- The password was right, or `staff_id` is null: a session, or what comes
-- next.
select problem, body, steps
from password_right(:account_key::bytea, :address_key::bytea,
    :pair_key::bytea, :staff_id::uuid, :host::text, :session_hash::bytea,
    :ticket_hash::bytea, :required::boolean);

-- name: ticket_totp :row
-- The code generator of whoever has this ticket.
select t.problem, json_build_object('seconds', t.seconds) as arguments,
    null::json as body, t.staff_id, o.secret
from ticket_take(:ticket_hash::bytea) t
left join staff_totp o on o.tenant_id = tenant() and o.staff_id = t.staff_id;

-- name: ticket_totp_right :row
-- A session for a code that counts: its time step is later than the last
-- one's. `step` is null when the code was wrong.
with used as (
    update staff_totp set last_step = :step::bigint
    where tenant_id = tenant() and staff_id = :staff_id::uuid
	and secret is not null and last_step < :step::bigint
    returning staff_id
), made as materialized (
    select ticket_right(:ticket_hash::bytea, :session_hash::bytea,
	u.staff_id) as body
    from used u
)
select m.body, case when m.body is null then 'code-refused' end as problem
from (values (1)) one left join made m on true;

-- name: ticket_passkey_ask :row
-- A challenge, and which passkeys may answer it.
select is_new, json_build_object('credentials',
	array(select replace(encode(c, 'base64'), E'\n', '')
	from unnest(credentials) c)) as body
from passkey_ask(:ticket_hash::bytea, :new_hash::bytea, :challenge::bytea,
    :host::text);

-- name: ticket_passkey :row
-- The passkey that is said to answer, and the challenge, which is gone then.
select t.problem, json_build_object('seconds', t.seconds) as arguments,
    null::json as body, t.challenge, p.id as passkey, p.staff_id,
    p.public_key, p.algorithm, p.counter
from ticket_take(:ticket_hash::bytea) t
left join staff_passkey p on p.tenant_id = tenant()
    and p.credential = :credential::bytea and p.host = :host::text
    and (t.staff_id is null or p.staff_id = t.staff_id);

-- name: ticket_passkey_right :row
-- A session for a passkey whose signature was right. A counter that does not
-- go on is a copy's (WebAuthn 7.2, 21); many passkeys have none, always 0.
with used as (
    update staff_passkey set counter = :counter::bigint, used_at = now()
    where tenant_id = tenant() and id = :passkey::uuid
	and (counter < :counter::bigint
	    or counter = 0 and :counter::bigint = 0)
    returning staff_id
), made as materialized (
    select ticket_right(:ticket_hash::bytea, :session_hash::bytea,
	u.staff_id) as body
    from used u
)
select m.body, case when m.body is null then 'passkey-refused' end as problem
from (values (1)) one left join made m on true;

-- name: ticket_recovery :row
-- A session for a recovery code, which is gone then.
with taken as materialized (
    select * from ticket_take(:ticket_hash::bytea)
), used as (
    delete from staff_recovery r using taken t
    where r.tenant_id = tenant() and r.staff_id = t.staff_id
	and r.hash = :code_hash::bytea
    returning r.staff_id
), made as materialized (
    select ticket_right(:ticket_hash::bytea, :session_hash::bytea,
	u.staff_id) as body
    from used u
)
select m.body, coalesce(t.problem, case when m.body is null
	then 'code-refused' end) as problem,
    json_build_object('seconds', t.seconds) as arguments
from taken t left join made m on true;

-- name: session_show :row
-- Who is signed in here, and until when.
select s.roles::text as roles, json_build_object('name', s.name,
    'email', s.email, 'roles', s.roles, 'enrolling', n.enrolling,
    'expires', to_char(session_expires(n.created_at, n.last_seen_at),
	'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'ends', to_char(session_expires(n.created_at, 'infinity'),
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
where tenant_id = tenant()
    and created_at < now() - make_interval(days => :days::int);

-- name: code_expire :done
-- Codes that can no longer be used, and the count of those sent.
with code as (
    delete from account_code
    where tenant_id = tenant() and expires_at < now()
)
delete from account_code_sent
where tenant_id = tenant() and sent_at < now() - interval '1 hour';

-- name: session_expire :done
-- Sessions, tickets, challenges and links that are over.
with ticket as (
    delete from staff_ticket
    where tenant_id = tenant() and expires_at < now()
), challenge as (
    delete from staff_challenge
    where tenant_id = tenant() and expires_at < now()
), oidc as (
    delete from oidc_sign_in
    where tenant_id = tenant() and expires_at < now()
), invitation as (
    delete from staff_invitation
    where tenant_id = tenant() and expires_at < now()
)
delete from staff_session
where tenant_id = tenant()
    and (ended_at is not null
	or session_expires(created_at, last_seen_at) < now());

-- name: sign_in_count_erase :done
-- Tries that nobody is slowed down for any more.
delete from sign_in_count
where tenant_id = tenant()
    and last_at < now() - make_interval(days => :days::int);

-- name: sign_in_known_erase :done
-- Addresses that nobody has signed in from for long.
delete from sign_in_known
where tenant_id = tenant()
    and seen_at < now() - make_interval(days => :days::int);

-- name: account_erase :done
-- Accounts that no device belongs to any more.
delete from account a
where a.tenant_id = tenant() and not exists (select from device d
    where d.tenant_id = a.tenant_id and d.account_id = a.id);

-- name: staff_erase :done
-- Names and addresses of those who left some time ago.
select staff_anonymise(:days::int);

-- name: job_erase :done
-- Mail that never went out, with the address that is sealed in it.
delete from job
where tenant_id = tenant() and state = 'dead'
    and finished_at < now() - make_interval(days => :days::int);

-- name: job_expire :done
-- Jobs that were done a week ago. Dead ones stay longer, for somebody to look.
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

-- name: oidc_ask :row
-- A sign-in at the city's own system begins.
with put as (
    insert into oidc_sign_in (tenant_id, state_hash, ticket_hash, secrets)
    values (tenant(), :state_hash::bytea, :ticket_hash::bytea,
	:secrets::bytea)
    returning state_hash
)
select null::json as body, job_put('oidc', jsonb_build_object('state',
    encode(p.state_hash, 'hex'))) as job
from put p;

-- name: oidc_show :row
-- How far it is.
select json_build_object('phase', o.phase, 'location',
	case when o.phase = 'ready' then o.location end,
	'reason', o.reason) as body
from oidc_sign_in o
where o.tenant_id = tenant() and o.state_hash = :state_hash::bytea
    and o.ticket_hash = :ticket_hash::bytea and o.expires_at > now();

-- name: oidc_given :row
-- The code that the browser brought, for the courier.
with put as (
    update oidc_sign_in o set phase = 'given', location = null
    where o.tenant_id = tenant() and o.state_hash = :state_hash::bytea
	and o.ticket_hash = :ticket_hash::bytea and o.expires_at > now()
	and o.phase = 'ready'
    returning o.state_hash
), queued as materialized (
    select job_put('oidc', jsonb_build_object('state',
	encode(p.state_hash, 'hex')), :sealed::bytea) as job
    from put p
)
select json_build_object('phase', 'given') as body
from queued where job is not null;

-- name: oidc_session :row
-- A session, once, for whom the system has named.
with used as (
    delete from oidc_sign_in o
    where o.tenant_id = tenant() and o.state_hash = :state_hash::bytea
	and o.ticket_hash = :ticket_hash::bytea and o.expires_at > now()
	and o.phase = 'done'
    returning o.staff_id
)
select session_put(:session_hash::bytea, u.staff_id, null, false) as body
from used u;

-- name: own_account :row
-- How the caller signs in.
select json_build_object('name', s.name, 'email', s.email, 'roles', s.roles,
    'password', s.password_hash is not null,
    'totp', coalesce(t.secret is not null, false),
    'passkeys', (select count(*) from staff_passkey p
	where p.tenant_id = s.tenant_id and p.staff_id = s.id),
    'recovery_codes', (select count(*) from staff_recovery r
	where r.tenant_id = s.tenant_id and r.staff_id = s.id),
    'second_factor', case when :required::boolean then 'required'
	else 'optional' end) as body
from staff s
left join staff_totp t on t.tenant_id = s.tenant_id and t.staff_id = s.id
where s.tenant_id = tenant() and s.id = staff();

-- name: totp_offer :row
-- A code generator that has to show a code before it counts; until then the
-- one before does.
with put as (
    insert into staff_totp as t (tenant_id, staff_id, pending)
    select tenant(), staff(), :secret::bytea where session_is_fresh()
    on conflict (tenant_id, staff_id)
    do update set pending = excluded.pending
    returning t.staff_id
)
select s.email, null::json as body,
    case when p.staff_id is null then 'session-stale' end as problem
from staff s left join put p on p.staff_id = s.id
where s.tenant_id = tenant() and s.id = staff();

-- name: totp_pending :row
-- The code generator that is being set up.
select pending, null::json as body from staff_totp
where tenant_id = tenant() and staff_id = staff() and pending is not null;

-- name: totp_confirm :row
-- It showed a right code. `step` is null when it did not.
with put as (
    update staff_totp set secret = pending, pending = null,
	last_step = :step::bigint, confirmed_at = now()
    where tenant_id = tenant() and staff_id = staff()
	and pending is not null and :step::bigint is not null
    returning staff_id
), enrolled as materialized (
    select p.staff_id, session_enrolled() from put p
)
select json_build_object('totp', true) as body,
    case when e.staff_id is null then 'code-refused' end as problem
from (values (1)) one left join enrolled e on true;

-- name: totp_remove :row
-- Without it from now on.
with judged as materialized (
    select factor_problem(:required::boolean) as problem
), gone as (
    delete from staff_totp t using judged j
    where t.tenant_id = tenant() and t.staff_id = staff()
	and j.problem is null
)
select null::json as body, problem from judged;

-- name: passkey_list :row
-- The caller's passkeys.
select json_build_object('items', coalesce(json_agg(json_build_object(
	'id', p.id, 'name', p.name, 'host', p.host,
	'created_at', p.created_at, 'used_at', p.used_at)
    order by p.created_at), '[]')) as body
from staff_passkey p where p.tenant_id = tenant() and p.staff_id = staff();

-- name: passkey_offer :row
-- A challenge for a new passkey, and which ones there are.
with put as (
    insert into staff_challenge (tenant_id, session_hash, challenge)
    select tenant(), session(), :challenge::bytea where session_is_fresh()
    on conflict (tenant_id, session_hash) do update
    set challenge = excluded.challenge, expires_at = excluded.expires_at
    returning session_hash
)
select case when p.session_hash is null then 'session-stale' end as problem,
    s.name, s.email, uuid_send(s.id) as handle,
    json_build_object('credentials',
	array(select replace(encode(k.credential, 'base64'), E'\n', '')
	from staff_passkey k where k.tenant_id = s.tenant_id
	    and k.staff_id = s.id)) as body
from staff s left join put p on true
where s.tenant_id = tenant() and s.id = staff();

-- name: passkey_challenge :row
-- The challenge, which is gone then.
delete from staff_challenge
where tenant_id = tenant() and session_hash = session()
returning case when expires_at > now() then challenge end as challenge,
    null::json as body;

-- name: passkey_add :row
-- The caller's new passkey. `public_key` is null when it was refused; one
-- that is known here, whoever has it, is not added.
with put as (
    insert into staff_passkey (tenant_id, staff_id, credential, host,
	algorithm, public_key, counter, name)
    select tenant(), staff(), :credential::bytea, :host::text,
	:algorithm::int, :public_key::bytea, :counter::bigint, :name::text
    where :public_key::bytea is not null
    on conflict (tenant_id, credential) do nothing
    returning id, name
), enrolled as materialized (
    select p.id, p.name, session_enrolled() from put p
)
select json_build_object('id', e.id, 'name', e.name) as body,
    case when e.id is null then 'passkey-refused' end as problem
from (values (1)) one left join enrolled e on true;

-- name: passkey_rename :row
-- What its owner calls it; who it lets in stays.
update staff_passkey p set name = :name::text
where p.tenant_id = tenant() and p.staff_id = staff() and p.id = :id::uuid
returning json_build_object('id', p.id, 'name', p.name) as body;

-- name: passkey_remove :row
-- Without this one from now on.
with judged as materialized (
    select p.id, factor_problem(:required::boolean) as problem
    from staff_passkey p where p.tenant_id = tenant()
	and p.staff_id = staff() and p.id = :id::uuid
), gone as (
    delete from staff_passkey p using judged j
    where p.tenant_id = tenant() and p.id = j.id and j.problem is null
)
select null::json as body, problem from judged;

-- name: recovery_put :row
-- Ten new recovery codes; older ones no longer count.
with judged as materialized (
    select case when not session_is_fresh() then 'session-stale' end
	as problem
), gone as (
    delete from staff_recovery r using judged j
    where r.tenant_id = tenant() and r.staff_id = staff()
	and j.problem is null
), put as (
    insert into staff_recovery (tenant_id, staff_id, hash)
    select tenant(), staff(), c
    from judged j, unnest(:hashes::bytea[]) c where j.problem is null
)
select null::json as body, problem from judged;

-- name: password_find :row
-- The caller's password's hash.
select s.password_hash, s.email, null::json as body
from staff s where s.tenant_id = tenant() and s.id = staff();

-- name: password_set :row
-- A new password; all other sessions of the caller end. `password_hash` is
-- null when the one before was wrong.
with put as (
    update staff set password_hash = :password_hash::text
    where tenant_id = tenant() and id = staff()
	and :password_hash::text is not null
    returning id
), ended as materialized (
    select p.id, sessions_end(p.id, session()) as sessions from put p
)
select json_build_object('sessions_ended', e.sessions) as body,
    case when e.id is null then 'password-wrong' end as problem
from (values (1)) one left join ended e on true;

-- name: account_sessions :row
-- Where the caller is signed in.
select json_build_object('items', coalesce(json_agg(json_build_object(
	'id', n.id, 'here', n.hash = session(),
	'created_at', n.created_at, 'last_seen_at', n.last_seen_at)
    order by n.last_seen_at desc), '[]')) as body
from staff_session n
where n.tenant_id = tenant() and n.staff_id = staff()
    and n.ended_at is null
    and session_expires(n.created_at, n.last_seen_at) > now();

-- name: account_session_end :row
-- Signs out elsewhere.
update staff_session set ended_at = now()
where tenant_id = tenant() and staff_id = staff() and id = :id::uuid
    and ended_at is null
returning null::json as body;

-- name: invitation_find :row
-- For whom a link is.
select s.email, null::json as body
from staff_invitation i
join staff s on s.tenant_id = i.tenant_id and s.id = i.staff_id
where i.tenant_id = tenant() and i.hash = :invitation_hash::bytea
    and i.expires_at > now() and s.disabled_at is null;

-- name: invitation_use :row
-- The password that a link sets, once; other links of the person are void.
with used as (
    delete from staff_invitation
    where tenant_id = tenant() and hash = :invitation_hash::bytea
	and expires_at > now()
    returning staff_id
), others as (
    delete from staff_invitation i using used u
    where i.tenant_id = tenant() and i.staff_id = u.staff_id
	and i.hash <> :invitation_hash::bytea
), put as (
    update staff s set password_hash = :password_hash::text
    from used u where s.tenant_id = tenant() and s.id = u.staff_id
	and s.disabled_at is null
    returning s.id, s.email
), ended as materialized (
    select p.email, sessions_end(p.id, null) from put p
)
select json_build_object('email', e.email) as body,
    case when e.email is null then 'link-unknown' end as problem
from (values (1)) one left join ended e on true;

-- name: staff_list :page
-- Everybody who works here, by name.
select s.name || chr(1) || s.id as position, json_build_object('id', s.id,
	'name', s.name, 'email', s.email, 'roles', s.roles,
	'state', case when s.disabled_at is not null then 'disabled'
	    when s.password_hash is null and not s.external then 'invited'
	    else 'active' end,
	'second_factor', staff_has_factor(s.id),
	'last_seen_at', (select max(n.last_seen_at) from staff_session n
	    where n.tenant_id = s.tenant_id and n.staff_id = s.id)) as body
from staff s
where s.tenant_id = tenant()
    and coalesce((s.name, s.id) > (split_part(:after::text, chr(1), 1),
	split_part(:after::text, chr(1), 2)::uuid), true)
order by s.name, s.id
limit :limit::int;

-- name: roles_list :row
-- What they are stands in the city's file; this only asks who wants to know.
select null::json as body;

-- name: staff_add :row
-- A new account, and the mail with the link.
with made as materialized (
    select staff_invite(:invitation_hash::bytea, :email::text, :name::text,
	array(select json_array_elements_text(:roles::json))) as id
), mail as materialized (
    select m.id, job_put('mail', jsonb_build_object('plugin', '',
	'template', 'staff-invited', 'language', 'de'),
	:sealed::bytea) as job
    from made m where m.id is not null
)
select case when l.job is not null then answered(json_build_object(
	'id', l.id, 'state', 'invited')) end as body,
    case when m.id is null then 'staff-known' end as problem
from made m left join mail l on true;

-- name: staff_email :row
-- Where the mail with a new link goes.
select s.email, s.name, null::json as body from staff s
where s.tenant_id = tenant() and s.id = :id::uuid;

-- name: staff_reset :row
-- Begins anew, by a link that goes out by mail.
with person as materialized (
    select s.id, s.id = staff() as self from staff s
    where s.tenant_id = tenant() and s.id = :id::uuid
	and s.disabled_at is null
), reset as materialized (
    select p.id, staff_reset(:invitation_hash::bytea, p.id),
	job_put('mail', jsonb_build_object('plugin', '',
	    'template', 'staff-reset', 'language', 'de'),
	    :sealed::bytea) as job
    from person p where not p.self
)
select case when r.job is not null then json_build_object('id', p.id,
	'state', 'invited') end as body,
    case when p.self then 'not-yourself' end as problem
from person p left join reset r on true;

-- name: staff_roles :row
-- Other roles, from the person's next request on. Nobody changes their own:
-- a city must not lose its last administrator by a slip.
with person as materialized (
    select s.id, s.id = staff() as self from staff s
    where s.tenant_id = tenant() and s.id = :id::uuid
), put as (
    update staff s
    set roles = array(select json_array_elements_text(:roles::json))
    from person p
    where s.tenant_id = tenant() and s.id = p.id and not p.self
    returning s.roles
)
select json_build_object('id', p.id, 'roles', u.roles) as body,
    case when p.self then 'not-yourself' end as problem
from person p left join put u on true;

-- name: staff_disable :row
-- Nobody signs in any more, and who is signed in is out.
with person as materialized (
    select s.id, s.id = staff() as self from staff s
    where s.tenant_id = tenant() and s.id = :id::uuid
), put as (
    update staff s set disabled_at = coalesce(s.disabled_at, now())
    from person p
    where s.tenant_id = tenant() and s.id = p.id and not p.self
    returning s.id
), ended as materialized (
    select u.id, sessions_end(u.id, null) as sessions from put u
)
select json_build_object('id', p.id, 'state', 'disabled',
	'sessions_ended', e.sessions) as body,
    case when p.self then 'not-yourself' end as problem
from person p left join ended e on true;

-- name: staff_enable :row
-- May sign in again, by what the person had.
update staff set disabled_at = null
where tenant_id = tenant() and id = :id::uuid
returning json_build_object('id', id, 'state', case
    when password_hash is null and not external then 'invited'
    else 'active' end) as body;

-- name: mail_expire :done
-- Who sent mail is forgotten after two days, that it was taken after 400.
with gone as (
    delete from mail_received m where m.tenant_id = tenant()
	and m.received_at < now() - interval '400 days'
)
update mail_received m set sender = null
where m.tenant_id = tenant() and m.sender is not null
    and m.received_at between now() - interval '399 days'
	and now() - interval '2 days';

-- name: mail_thread_expire :done
-- Nobody has written about it for more than a year.
delete from mail_thread where used_at < now() - interval '400 days';

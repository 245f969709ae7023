-- SPDX-License-Identifier: EUPL-1.2
-- What the stadtkern command asks, as stadtkern_owner.

-- name: tenant_find :row
-- The row of one tenant.
select id, active, version, config, config_errors[1] as config_error,
    public_key is not null and secret_key_wrapped is not null as has_keys
from stadtkern.tenant where slug = :slug::text;

-- name: tenant_lock :done
-- One publishes at a time, couriers included: hosts are compared before.
select pg_advisory_xact_lock(hashtext('stadtkern'), hashtext('publish'));

-- name: tenant_list :row
-- All slugs.
select slug from stadtkern.tenant order by slug;

-- name: tenant_create :row
-- A tenant without keys and configuration, to be completed before commit.
insert into stadtkern.tenant (slug) values (:slug::text) returning id;

-- name: tenant_keys_set :done
-- The tenant's key pair, once.
update stadtkern.tenant
set public_key = :public_key::bytea, secret_key_wrapped = :wrapped::bytea
where id = :id::int and secret_key_wrapped is null;

-- name: tenant_hosts_taken :row
-- Host names that another tenant has published.
select t.slug, h.host
from stadtkern.tenant t,
    json_array_elements_text(t.config::json -> 'tenant' -> 'hosts') as h(host)
where t.slug <> :slug::text
    and h.host in (select json_array_elements_text(:hosts::json))
order by t.slug, h.host;

-- name: tenant_publish :row
-- Publishes; servers hear of it when the transaction commits.
select stadtkern.tenant_publish(:slug::text, :config::text, :boundary::text)
    as version;

-- name: tenant_active_set :row
-- Pauses or resumes; servers hear of it when the transaction commits.
with changed as (
	update stadtkern.tenant
	set active = :active::boolean
	where slug = :slug::text and active <> :active::boolean
	returning id
)
select count(*) as changed from changed;

-- name: tenant_counts :row
-- What the tenant set in stadtkern.tenant holds.
select (select count(*) from stadtkern.staff where disabled_at is null)
	as staff,
    (select count(*) from stadtkern.device) as devices,
    (select count(*) from stadtkern.account) as accounts,
    (select count(*) from stadtkern.job
	where tenant_id = stadtkern.tenant()
	    and state in ('waiting', 'running')) as jobs,
    (select count(*) from stadtkern.job
	where tenant_id = stadtkern.tenant() and state = 'dead') as dead_jobs;

-- name: staff_put :row
-- A staff account; one of the same address gets what is given here.
insert into stadtkern.staff as s (email, name, password_hash, roles)
values (:email::text, :name::text, :password_hash::text,
    string_to_array(:roles::text, ','))
on conflict (tenant_id, email_key) do update
set name = excluded.name, password_hash = excluded.password_hash,
    roles = excluded.roles, disabled_at = null
returning xmax = 0 as is_new;

-- name: staff_reset :row
-- Begins anew, by a link.
with person as materialized (
	select id from stadtkern.staff
	where email_key = lower(:email::text) and disabled_at is null
), reset as materialized (
	select stadtkern.staff_reset(:invitation_hash::bytea, id) from person
)
select count(*) as found from reset;

-- name: staff_find :row
-- Whether there is an account of this address.
select disabled_at is not null as disabled from stadtkern.staff
where email_key = lower(:email::text);

-- name: staff_disable :row
-- Nobody signs in any more, and who is signed in is out.
with person as (
	update stadtkern.staff
	set disabled_at = coalesce(disabled_at, now())
	where email_key = lower(:email::text) returning id
), ended as materialized (
	select stadtkern.sessions_end(p.id, null) as sessions from person p
)
select count(*) as found, coalesce(sum(sessions), 0) as sessions from ended;

-- name: job_list :row
-- Jobs that are not done, without what they hold.
select j.id, t.slug, j.kind, j.state, j.attempts, j.error,
    to_char(j.run_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as run_at
from stadtkern.job j join stadtkern.tenant t on t.id = j.tenant_id
where j.state = any (string_to_array(:states::text, ','))
order by j.state, j.run_at, j.id limit 200;

-- name: job_retry :row
-- A dead job waits again, with all its attempts.
with again as (
	update stadtkern.job
	set state = 'waiting', attempts = 0, run_at = now(), error = null,
	    finished_at = null, lease = null, leased_until = null
	where id = :id::bigint and state = 'dead' returning id
)
select count(*) as changed, count(pg_notify('stadtkern_job', ''))
from again;

-- name: municipality_put :row
-- One municipality; nothing is written where nothing differs.
with put as (
	insert into stadtkern.municipality as m (ags, name, boundary)
	values (:ags::text, :name::text,
	    stadtkern.boundary_from_geojson(:geometry::text))
	on conflict (ags) do update
	set name = excluded.name, boundary = excluded.boundary
	where m.name <> excluded.name
	    or ST_AsBinary(m.boundary) <> ST_AsBinary(excluded.boundary)
	returning 1
)
select count(*) as changed from put;

-- name: street_list_faults :row
-- What is wrong with a street list.
select line, field, code, argument
from stadtkern.street_list_faults(:list::jsonb);

-- name: street_list_put :row
-- Takes it in place of the one before.
select stadtkern.street_list_put(:list::jsonb) as streets;

-- name: doctor :row
-- The state of the whole, in numbers.
select current_setting('server_version') as postgresql,
    (select extversion from pg_extension where extname = 'postgis') as postgis,
    (select count(*) from stadtkern.tenant) as tenants,
    (select count(*) from stadtkern.tenant where not active) as paused,
    (select count(*) from stadtkern.job where state = 'dead') as dead_jobs,
    (select count(*) from stadtkern.job
	where state = 'waiting' and run_at < now() - interval '5 minutes')
	as late_jobs,
    (select count(*) from stadtkern.municipality) as municipalities;

-- name: doctor_tenants :row
-- Tenants whose published configuration is not what their files say.
select slug, config_errors[1] as config_error, config is null as unpublished
from stadtkern.tenant
where config_errors is not null or config is null order by slug limit 50;

-- name: doctor_mailboxes :row
-- Mailboxes that could not be read the last time.
select t.slug, m.error, m.failures, to_char(m.next_at at time zone
    'Europe/Berlin', 'DD.MM. HH24:MI') as next
from stadtkern.mailbox m join stadtkern.tenant t on t.id = m.tenant_id
where m.error is not null order by t.slug limit 50;

-- name: apikey_put :row
-- A new key, of which the hash comes here.
insert into stadtkern.api_key (hash, name, rights)
values (:hash::bytea, :name::text, string_to_array(:rights::text, ','))
returning id;

-- name: apikey_list :row
-- A tenant's keys, newest first.
select k.id, to_char(k.created_at, 'YYYY-MM-DD') as created,
    case when k.revoked_at is null then 'in force' else 'revoked ' end
	as state,
    array_to_string(k.rights, ',') as rights, k.name
from stadtkern.api_key k where k.tenant_id = stadtkern.tenant()
order by k.created_at desc, k.id;

-- name: apikey_revoke :row
-- Ends a key; the row stays, as reports name it.
update stadtkern.api_key set revoked_at = now()
where tenant_id = stadtkern.tenant() and id = :id::uuid
    and revoked_at is null
returning id;

-- name: tenant_files_missing :row
-- Which files of a theme are still to be made.
select stadtkern.tenant_files_missing(:slug::text, :names::json)::text as missing;

-- name: tenant_files_publish :row
-- The files that go with what is published, in its transaction.
select stadtkern.tenant_files_publish(:slug::text, :names::json, :files::json)
    as done;

-- name: audit_entries :row
-- The chain from a number on, each as it was hashed.
select a.number, a.tenant_id, a.request,
    to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
    a.actor, a.kind, a.action, a.right_used, a.object::text as object,
    a.detail::text as detail, a.reads, a.status, a.code,
    encode(a.previous, 'hex') as previous, encode(a.hash, 'hex') as hash
from stadtkern.audit a
where a.tenant_id = stadtkern.tenant() and a.number > :after::bigint
order by a.number limit 1000;

-- name: audit_checkpoints :row
-- What the courier has signed, as the database has it.
select c.kind, c.tenant_id, c.number, encode(c.hash, 'hex') as hash,
    to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
    encode(c.public_key, 'hex') as key,
    encode(c.signature, 'hex') as signature
from stadtkern.audit_checkpoint c
where c.tenant_id = stadtkern.tenant() order by c.id;

-- name: audit_waiting :row
-- Entries that no courier took into the chain for ten minutes.
select count(*) as count from stadtkern.audit_inbox i
where i.tenant_id = stadtkern.tenant()
    and i.at < now() - interval '10 minutes';

-- name: audit_show :row
-- The newest entries that fit.
select a.number, to_char(a.at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
    coalesce(f.email, a.actor) as actor, a.kind, a.action,
    a.object::text as object, a.detail::text as detail, a.reads, a.status,
    a.code
from stadtkern.audit a
left join stadtkern.staff f on f.tenant_id = a.tenant_id
    and a.actor = 'staff:' || f.id
where a.tenant_id = stadtkern.tenant()
    and coalesce(f.email_key = lower(:staff::text), :staff::text is null)
    and (:object::text is null or a.object_id = :object::text)
    and coalesce(a.kind = :kind::text, true)
    and coalesce(a.at >= :since::date, true)
    and coalesce(a.at < :until::date + 1, true)
order by a.number desc limit :limit::int;

-- name: actor_set :row
-- Who runs the command, for the audit log.
select set_config('stadtkern.actor', :actor::text, false);

-- name: parcels_begin :row
-- Takes the list before away, in the transaction that brings the new one.
with gone as (
	delete from stadtkern.parcel where tenant_id = stadtkern.tenant()
	returning 1
)
select count(*) as before from gone;

-- name: parcels_add :row
-- Some more of the new list; what is wrong with them.
select line, argument from stadtkern.parcels_add(:list::jsonb);

-- name: parcels_counts :row
-- How many there are now, and whose.
select count(*) as parcels, count(*) filter (where city_owned) as city_owned,
    count(*) filter (where city_owned is null) as unknown
from stadtkern.parcel where tenant_id = stadtkern.tenant();

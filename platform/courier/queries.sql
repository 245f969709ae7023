-- SPDX-License-Identifier: EUPL-1.2
-- What the courier asks, as stadtkern_courier.

-- name: job_expire :row
-- Jobs whose courier did not come back are taken over, or given up.
with lost as (
	update job set state = case when attempts >= :attempts::int
		then 'dead' else 'waiting' end,
	    error = 'courier-lost', lease = null, leased_until = null,
	    run_at = now(), finished_at = case when attempts >= :attempts::int
		then now() end
	where state = 'running' and leased_until < now()
	returning 1
)
select count(*) as lost from lost;

-- name: job_claim :row
-- The job that has been due the longest and that nobody has. Pictures are
-- taken apart: anybody can send many that take half a minute each, and a code
-- in a mail is good for ten.
update job j set state = 'running', attempts = j.attempts + 1,
    lease = gen_random_uuid(),
    leased_until = now() + make_interval(secs => :seconds::int)
from (
	select tenant_id, id from job
	where state = 'waiting' and run_at <= now()
	    and (kind = 'image') = :pictures::boolean
	order by run_at limit 1 for update skip locked
) due
where j.tenant_id = due.tenant_id and j.id = due.id
returning j.tenant_id, j.id, j.kind, j.payload, j.sealed, j.lease,
    j.attempts, extract(epoch from j.created_at)::bigint as created;

-- name: job_next :row
-- Milliseconds until the next job is due; null when none waits, which
-- greatest() alone would make 0.
select case when count(*) > 0 then greatest(0,
    ceil(extract(epoch from min(run_at) - now()) * 1000))::bigint end
    as ms from job
where state = 'waiting' and (kind = 'image') = :pictures::boolean;

-- name: job_finish :row
-- Done, if the lease is still ours. What was sealed is not kept.
update job set state = 'done', finished_at = now(), error = null,
    sealed = null, lease = null, leased_until = null
where tenant_id = :tenant::int and id = :id::bigint
    and state = 'running' and lease = :lease::uuid
returning id;

-- name: job_fail :row
-- Later again, or never: twice as long each time, at most an hour, and not
-- all at the same moment.
update job set state = case when :dead::boolean or attempts >= :attempts::int
	then 'dead' else 'waiting' end,
    run_at = now() + least(3600, 5 * power(2, attempts - 1))
	* (0.75 + random() / 2) * interval '1 second',
    finished_at = case when :dead::boolean or attempts >= :attempts::int
	then now() end,
    error = :error::text, lease = null, leased_until = null
where tenant_id = :tenant::int and id = :id::bigint
    and state = 'running' and lease = :lease::uuid
returning state, attempts;

-- name: blob_read :row
-- A blob of the tenant at hand.
select content from blob where tenant_id = tenant() and id = :id::uuid;

-- name: blob_store :row
-- A JPEG of the tenant at hand.
select blob_put(:content::bytea, 'image/jpeg') as id;

-- name: tenant_sender :row
-- In whose name mail goes out, and how it looks.
select t.config #>> '{tenant,name}' as name,
    t.config #>> '{tenant,email}' as email,
    t.config #>> '{tenant,mailbox,address}' as mailbox,
    t.config #> '{theme,mail}' as look, f.content as emblem
from (
	select n.id, n.config::json as config from tenant n
	where n.id = :tenant::int and n.config is not null
) t
left join tenant_file f on f.tenant_id = t.id
    and f.name = t.config #>> '{theme,touch_icon}'
    and f.media_type = 'image/png' and octet_length(f.content) <= 65536;

-- name: oidc_find :row
-- A sign-in that is under way, and the city's rules for it.
select o.phase, o.secrets, t.slug, r.rules ->> 'issuer' as issuer,
    r.rules ->> 'client_id' as client_id,
    r.rules ->> 'secret_file' as secret_file,
    coalesce(r.rules ->> 'roles_claim', 'roles') as roles_claim,
    r.rules -> 'roles' as roles,
    coalesce(r.rules ->> 'allow_loopback', 'f') as allow_loopback
from oidc_sign_in o
join tenant t on t.id = o.tenant_id
cross join lateral (select t.config::jsonb #> '{tenant,sign_in,oidc}'
    as rules) r
where o.tenant_id = tenant() and o.expires_at > now()
    and o.state_hash = decode(:state::text, 'hex')
    and o.phase in ('asked', 'given');

-- name: oidc_ready :row
-- Where the browser has to go.
update oidc_sign_in set phase = 'ready', location = :location::text
where tenant_id = tenant() and state_hash = decode(:state::text, 'hex')
    and phase = 'asked'
returning null::text as reason;

-- name: oidc_failed :row
-- And why; a code.
with put as (
    update oidc_sign_in set phase = 'failed', reason = :reason::text
    where tenant_id = tenant() and state_hash = decode(:state::text, 'hex')
    returning 1
)
select count(*) as failed from put;

-- name: oidc_right :row
-- Whom the system has named. Null: done.
select oidc_right(decode(:state::text, 'hex'), :subject::text, :email::text,
    :name::text, case when :roles::json is not null
	then array(select json_array_elements_text(:roles::json)) end)
    as reason;

-- name: tenant_active :row
-- Tenants in which schedules run; in a paused one, what erases.
select id, coalesce(config::json -> 'tenant' -> 'plugins', '{}')::text
    as plugins, active
from tenant where config is not null order by id;

-- name: schedule_lock :row
-- Whether this courier may run the schedules now. Held until the connection
-- ends or schedule_unlock.
select pg_try_advisory_lock(hashtext('stadtkern'), hashtext('schedules'))
    as mine;

-- name: schedule_unlock :row
-- The other half.
select pg_advisory_unlock(hashtext('stadtkern'), hashtext('schedules'))
    as mine;

-- name: schedule_ran :row
-- Tenants that have run it since it was last due: Berlin's wall time for a
-- daily one, an interval otherwise.
with clock as (
	select coalesce(:now::timestamptz, now()) as at
), berlin as (
	select at, ((at at time zone 'Europe/Berlin')::date
	    + make_time(:hour::int, :minute::int, 0)) as today
	from clock
), since as (
	select case when :seconds::int > 0
		then at - make_interval(secs => :seconds::int)
	    when today at time zone 'Europe/Berlin' <= at
		then today at time zone 'Europe/Berlin'
	    else (today - interval '1 day') at time zone 'Europe/Berlin'
	    end as at
	from berlin
)
select coalesce(json_agg(r.tenant_id), '[]')::text as tenants
from schedule_run r, since
where r.name = :name::text and r.last_run >= since.at;

-- name: schedule_record :row
-- Part of the run's own transaction.
insert into schedule_run (tenant_id, name, last_run)
values (tenant(), :name::text, now())
on conflict (tenant_id, name) do update set last_run = excluded.last_run
returning last_run;

-- name: changed :row
-- Public answers under this topic are no longer true.
select changed(:topic::text);

-- name: tenant_compare :row
-- The published tenant beside what was read from its files. No row: not
-- registered.
select t.id, t.config is distinct from :config::text as differs,
    (t.config::jsonb -> 'tenant' -> 'hosts')
	is distinct from :hosts::jsonb as hosts_differ,
    t.config_errors is not null as broken
from tenant t where t.slug = :slug::text;

-- name: tenant_lock :row
-- One courier at a time publishes.
select pg_advisory_xact_lock(hashtext('stadtkern'), hashtext('publish'));

-- name: tenant_find :row
-- Whether it was added.
select id from tenant where slug = :slug::text;

-- name: tenant_hosts_taken :row
-- A host name that another tenant has published.
select t.slug, h.host
from tenant t,
    json_array_elements_text(t.config::json -> 'tenant' -> 'hosts') as h(host)
where t.slug <> :slug::text
    and h.host in (select json_array_elements_text(:hosts::json))
order by h.host limit 1;

-- name: tenant_publish :row
-- Servers hear of it when the transaction commits.
select tenant_publish(:slug::text, :config::text, :boundary::text)
    as version;

-- name: tenant_errors_set :row
-- What is wrong with the files, as lines; null when nothing is. Only a
-- change is told.
with its as (
	update tenant set config_errors = :errors::text[],
	    config_error_at = case when :errors::text[] is not null
		then now() end
	where slug = :slug::text
	    and config_errors is distinct from :errors::text[]
	returning id
)
select count(*) as told from its;

-- name: tenant_files_missing :row
-- Which files of a theme are still to be made.
select tenant_files_missing(:slug::text, :names::json)::text as missing;

-- name: tenant_files_publish :row
-- The files that go with what is published, in its transaction.
select tenant_files_publish(:slug::text, :names::json, :files::json)
    as done;

-- name: basemap_claim :row
-- Tiles of base maps that somebody waits for, the longest first. One that a
-- courier did not bring in time is anybody's again.
update basemap_tile t
set claimed_until = now() + make_interval(secs => :seconds::int)
from (
	select w.tenant_id, w.source, w.z, w.x, w.y
	from basemap_tile w
	where w.wanted_at is not null
	    and coalesce(w.claimed_until < now(), true)
	    and not exists (select from basemap_pause p
		where p.tenant_id = w.tenant_id and p.source = w.source
		    and p.until > now())
	order by w.wanted_at limit :count::int
	for update skip locked
) due
where (t.tenant_id, t.source, t.z, t.x, t.y) =
    (due.tenant_id, due.source, due.z, due.x, due.y)
returning t.tenant_id, t.source, t.z, t.x, t.y, t.etag;

-- name: basemap_setting :row
-- Where a tenant's base map is, as published. No row: it has none, or another
-- one by now.
select map ->> 'url' as url, coalesce(map ->> 'type', 'raster') as type,
    email
from (
	select n.config::json #> '{tenant,map,basemap}' as map,
	    n.config::json #>> '{tenant,email}' as email
	from tenant n where n.id = :tenant::int and n.active
) setting
where basemap_source(map ->> 'url') = :source::text;

-- name: basemap_drop :row
-- A tile of an address that is no longer the tenant's.
delete from basemap_tile
where tenant_id = :tenant::int and source = :source::text and z = :z::int
    and x = :x::int and y = :y::int
returning 1;

-- name: basemap_store :row
-- What was fetched; without a media type nothing is there.
with pause as (
	delete from basemap_pause
	where tenant_id = :tenant::int and source = :source::text
)
update basemap_tile set media_type = :media_type::text,
    content = :content::bytea,
    hash = left(encode(sha256(:content::bytea), 'hex'), 32),
    etag = :etag::text, fetched_at = now(),
    expires_at = now() + make_interval(secs => :seconds::int),
    wanted_at = null, claimed_until = null, retry_at = now()
where tenant_id = :tenant::int and source = :source::text and z = :z::int
    and x = :x::int and y = :y::int
returning 1;

-- name: basemap_renew :row
-- It is still the same there.
with pause as (
	delete from basemap_pause
	where tenant_id = :tenant::int and source = :source::text
)
update basemap_tile set fetched_at = now(),
    expires_at = now() + make_interval(secs => :seconds::int),
    wanted_at = null, claimed_until = null, retry_at = now()
where tenant_id = :tenant::int and source = :source::text and z = :z::int
    and x = :x::int and y = :y::int
returning 1;

-- name: basemap_fail :row
-- Not now. What was fetched before stays. `server`: it is not this tile, but
-- all of them; twice as long each time, at most five minutes.
with pause as (
	insert into basemap_pause as p (tenant_id, source, until)
	select :tenant::int, :source::text, now() + interval '2 seconds'
	where :server::boolean
	on conflict (tenant_id, source) do update
	set failures = least(p.failures + 1, 10),
	    until = now() + least(300, power(2, p.failures + 1))
		* interval '1 second'
	where p.until <= now()
)
update basemap_tile set wanted_at = null, claimed_until = null,
    retry_at = now() + case when :server::boolean then interval '2 seconds'
	else interval '10 minutes' end
where tenant_id = :tenant::int and source = :source::text and z = :z::int
    and x = :x::int and y = :y::int
returning 1;

-- name: audit_lock :row
-- One courier at a time continues the chains.
select pg_try_advisory_lock(hashtext('stadtkern'), hashtext('audit')) as mine;

-- name: audit_unlock :row
-- Until the next turn.
select pg_advisory_unlock(hashtext('stadtkern'), hashtext('audit')) as mine;

-- name: audit_waiting :row
-- Tenants with entries that are ready: a refusal may still be added to one of
-- the last seconds.
select coalesce(json_agg(distinct tenant_id), '[]') as tenants
from audit_inbox where at < now() - interval '3 seconds';

-- name: audit_head :row
-- The last entry of the tenant's chain, or what the chain was cut off at.
select number, encode(hash, 'hex') as hash from (
    (select a.number, a.hash from audit a where a.tenant_id = tenant()
	order by a.number desc limit 1)
    union all
    (select c.number, c.hash from audit_checkpoint c
	where c.tenant_id = tenant() and c.kind = 'anchor'
	order by c.number desc limit 1)) h
order by number desc limit 1;

-- name: audit_take :row
-- The tenant's entries that are ready, in the order in which they came.
select i.place, i.tenant_id, i.request,
    to_char(i.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
    i.actor, i.kind, i.action, i.right_used, i.object::text as object,
    i.detail::text as detail, i.reads, i.status, i.code
from audit_inbox i
where i.tenant_id = tenant() and i.at < now() - interval '3 seconds'
order by i.place limit 500;

-- name: audit_append :row
-- The next entry of the chain.
select audit_append(:place::bigint, :number::bigint,
    decode(:previous::text, 'hex'), decode(:hash::text, 'hex')) as done;

-- name: audit_due :row
-- Tenants whose last checkpoint is of another day, or older than it may be
-- while the chain went on. A paused one's log is kept on, too.
select coalesce(json_agg(t.id order by t.id), '[]') as tenants
from tenant t
where audit_is_due(t.id, :seconds::int);

-- name: audit_signed :row
-- A checkpoint.
select audit_signed(:kind::text, :number::bigint,
    decode(:hash::text, 'hex'), :at::timestamptz, decode(:key::text, 'hex'),
    decode(:signature::text, 'hex')) as done;

-- name: audit_over :row
-- Tenants with entries whose time is over.
select coalesce(json_agg(t.id order by t.id), '[]') as tenants
from tenant t where audit_is_over(t.id, :days::int);

-- name: audit_old :row
-- The last entry whose time is over.
select a.number, encode(a.hash, 'hex') as hash from audit a
where a.tenant_id = tenant()
    and a.at < now() - make_interval(days => :days::int)
order by a.at desc, a.number desc limit 1;

-- name: audit_cut :row
-- Takes off what the last anchor stands for.
select audit_cut() as count;

-- name: audit_erased :row
-- That so many rows were erased as their time was over.
select audit_noted('courier', 'erased', :action::text, '{}',
    json_build_object('rows', :rows::bigint)) as done;

-- name: mailbox_wanted :row
-- The mailboxes that there are, as published. One of another server, user or
-- folder begins anew.
with wanted as (
	select t.id, encode(sha256(convert_to(concat_ws(' ', m ->> 'host',
	    m ->> 'port', m ->> 'user', coalesce(m ->> 'folder', 'INBOX')),
	    'utf8')), 'hex') as source
	from tenant t cross join lateral (
		select t.config::json #> '{tenant,mailbox}' as m) m
	where t.active and t.config like '%"mailbox"%' and m ->> 'host' <> ''
), gone as (
	delete from mailbox m
	where not exists (select from wanted w where w.id = m.tenant_id)
)
insert into mailbox as m (tenant_id, source)
select w.id, w.source from wanted w
on conflict (tenant_id) do update
set source = excluded.source, uidvalidity = null, last_uid = 0, failures = 0,
    tries = 0, error = null, next_at = now()
where m.source <> excluded.source
returning 1;

-- name: mailbox_claim :row
-- The mailbox that has been due the longest and that nobody reads.
update mailbox m set lease = gen_random_uuid(),
    leased_until = now() + make_interval(secs => :seconds::int)
from (
	select d.tenant_id, t.slug, t.config, t.public_key
	from mailbox d join tenant t on t.id = d.tenant_id and t.active
	where d.next_at <= now() and coalesce(d.leased_until < now(), true)
	order by d.next_at limit 1 for update of d skip locked
) due
where m.tenant_id = due.tenant_id
returning m.tenant_id, m.lease, m.source, m.uidvalidity, m.last_uid,
    due.config, due.public_key;

-- name: mailbox_begin :row
-- The folder's numbers are new.
update mailbox set uidvalidity = :uidvalidity::bigint, last_uid = 0, tries = 0
where tenant_id = :tenant::int and lease = :lease::uuid
returning 1;

-- name: mailbox_try :row
-- Whether the message at hand may be read once more.
update mailbox set tries = tries + 1
where tenant_id = :tenant::int and lease = :lease::uuid
returning tries <= :tries::int as may;

-- name: mailbox_advance :row
-- On to the next message; no row: the lease is another's.
update mailbox set last_uid = :uid::bigint, tries = 0
where tenant_id = :tenant::int and lease = :lease::uuid
    and uidvalidity = :uidvalidity::bigint and last_uid < :uid::bigint
returning 1;

-- name: mailbox_end :row
-- The turn is over. A mailbox that could not be read is asked again after
-- one minute, two, four … an hour.
update mailbox set lease = null, leased_until = null, error = :error::text,
    read_at = case when :error::text is null then now() else read_at end,
    failures = case when :error::text is null then 0
	else least(failures + 1, 10) end,
    next_at = now() + case when :error::text is null
	then make_interval(secs => :seconds::int)
	else least(3600, 60 * power(2, failures)) * (0.75 + random() / 2)
	    * interval '1 second' end
where tenant_id = :tenant::int and lease = :lease::uuid
returning 1;

-- name: mail_count :row
-- How much was taken within the hour.
select count(*) as count from mail_received
where tenant_id = :tenant::int and received_at > now() - interval '1 hour'
    and kind in ('message', 'generated', 'unreadable');

-- name: mail_record :row
-- What is taken; whether it was before, or is one of too many.
with before as (
	select count(*) as count from mail_received
	where tenant_id = tenant()
	    and sender = decode(:sender::text, 'hex')
	    and received_at > now() - interval '1 hour'
)
insert into mail_received (tenant_id, source, uidvalidity, uid, digest,
    sender, kind)
select tenant(), :source::text, :uidvalidity::bigint, :uid::bigint,
    decode(:digest::text, 'hex'), decode(:sender::text, 'hex'),
    case when exists (select from mail_received m
	where m.tenant_id = tenant() and m.digest = decode(:digest::text, 'hex')
	    and m.kind <> 'again') then 'again'
    when b.count >= :most::int then 'too-many' else :kind::text end
from before b
returning kind, (select count from before) as count;

-- name: mail_unsettled :row
-- What was taken and not marked in the folder.
select uid, kind from mail_received
where tenant_id = :tenant::int and source = :source::text
    and uidvalidity = :uidvalidity::bigint and not settled
order by uid limit :most::int;

-- name: mail_settled :row
-- It is marked.
update mail_received set settled = true
where tenant_id = :tenant::int and source = :source::text
    and uidvalidity = :uidvalidity::bigint and uid = :uid::bigint
returning 1;

-- name: mail_blob :row
-- A file of a message.
select blob_put(:content::bytea, :media_type::text) as id;

-- name: mail_thread_find :row
-- What a token stands for.
update mail_thread set used_at = now()
where token_hash = decode(:token::text, 'hex') and plugin = :plugin::text
returning thread, party, encode(address, 'hex') as address;

-- name: mail_sent_find :row
-- Which of our mails is answered, by whom it went to.
select t.thread, t.party, encode(t.address, 'hex') as address
from mail_sent s
join mail_thread t
    on t.tenant_id = s.tenant_id and t.token_hash = s.token_hash
where s.message = decode(:message::text, 'hex') and t.plugin = :plugin::text
    and t.address = decode(:sender::text, 'hex');

-- name: mail_thread_put :row
-- A mail goes out to which an answer is expected.
with thread as (
	insert into mail_thread as t (tenant_id, token_hash, plugin, thread,
	    party, address)
	values (tenant(), decode(:token::text, 'hex'), :plugin::text,
	    :thread::uuid, :party::text, decode(:address::text, 'hex'))
	on conflict (tenant_id, token_hash) do update set used_at = now()
	returning token_hash
)
insert into mail_sent (tenant_id, message, token_hash)
select tenant(), decode(:message::text, 'hex'), token_hash from thread
on conflict do nothing
returning 1;

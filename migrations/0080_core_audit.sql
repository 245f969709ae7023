-- SPDX-License-Identifier: EUPL-1.2
-- Who read or changed what: the audit log. An entry is written in the
-- transaction of what it tells of, into the inbox, without a lock that others
-- wait for. The courier takes it from there into the chain, a moment later and
-- in an order that nobody can choose, and signs the chain's head.

create table stadtkern.audit_inbox (
	tenant_id	int not null,
	place		bigint not null generated always as identity,
	request		uuid not null,
	at		timestamptz not null default now(),
	actor		text not null,
	kind		text not null,
	action		text not null,
	right_used	text,
	object		json not null,
	detail		json,
	reads		text,
	status		int,
	code		text,
	primary key (tenant_id, place),
	unique (tenant_id, request)
);
select stadtkern.tenant_table('stadtkern.audit_inbox');

-- `hash` is SHA-256 of the previous entry's and of what stands in this one
-- (platform/core/audit_chain.h).
create table stadtkern.audit (
	tenant_id	int not null,
	number		bigint not null check (number > 0),
	request		uuid not null,
	at		timestamptz not null,
	actor		text not null,
	kind		text not null
			check (kind in ('read', 'change', 'refused', 'erased')),
	action		text not null,
	right_used	text,
	object		json not null,
	detail		json,
	reads		text,
	status		int,
	code		text,
	previous	bytea not null check (octet_length(previous) = 32),
	hash		bytea not null check (octet_length(hash) = 32),
	object_id	text generated always as (object ->> 'id') stored,
	primary key (tenant_id, number)
);
create index audit_actor on stadtkern.audit (tenant_id, actor, number);
create index audit_object on stadtkern.audit (tenant_id, object_id, number);
create index audit_at on stadtkern.audit (tenant_id, at);
select stadtkern.tenant_table('stadtkern.audit');

-- What the courier has signed: `head`, that entry `number` has this hash;
-- `anchor`, that all up to it were taken off as their time was over.
create table stadtkern.audit_checkpoint (
	tenant_id	int not null,
	id		bigint not null generated always as identity,
	kind		text not null check (kind in ('head', 'anchor')),
	number		bigint not null,
	hash		bytea not null check (octet_length(hash) = 32),
	at		timestamptz not null,
	public_key	bytea not null check (octet_length(public_key) = 32),
	signature	bytea not null check (octet_length(signature) = 64),
	primary key (tenant_id, id)
);
create index audit_checkpoint_number
    on stadtkern.audit_checkpoint (tenant_id, number);
select stadtkern.tenant_table('stadtkern.audit_checkpoint');

-- Nobody but the owner changes or removes anything; the functions below are
-- the only way in.
revoke all on stadtkern.audit_inbox, stadtkern.audit,
    stadtkern.audit_checkpoint
    from stadtkern_public, stadtkern_office, stadtkern_courier;
grant select on stadtkern.audit to stadtkern_office, stadtkern_courier;
grant select on stadtkern.audit_inbox, stadtkern.audit_checkpoint
    to stadtkern_courier;
create policy every_tenant on stadtkern.audit_inbox
    for select to stadtkern_courier using (true);

-- An entry of the transaction at hand. What the server does twice, as it does
-- not know whether the first time was committed, has one.
create function stadtkern.audited(request uuid, kind text, action text,
    right_used text, object json, detail json, reads text) returns void
    language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
begin
	insert into audit_inbox (tenant_id, request, actor, kind, action,
	    right_used, object, detail, reads)
	values (tenant(), audited.request, coalesce('staff:' || staff(), ''),
	    audited.kind, audited.action, audited.right_used, audited.object,
	    audited.detail, audited.reads)
	on conflict do nothing;
end
$$;

-- That a request was refused: added to its entry, or one of its own where its
-- transaction was undone or never begun. Whose session it is counts even when
-- that is over.
create function stadtkern.audit_refused(tenant int, session_hash bytea,
    request uuid, action text, right_used text, object json, reads text,
    status int, code text) returns void language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	its_staff	uuid;
begin
	perform set_config('stadtkern.tenant', audit_refused.tenant::text, true);
	update audit_inbox i set kind = 'refused', detail = null,
	    status = audit_refused.status, code = audit_refused.code
	where i.tenant_id = tenant() and i.request = audit_refused.request
	    and i.status is null;
	if found then
		return;
	end if;
	select s.staff_id into its_staff from staff_session s
	where s.tenant_id = tenant() and s.hash = audit_refused.session_hash;
	insert into audit_inbox (tenant_id, request, actor, kind, action,
	    right_used, object, reads, status, code)
	values (tenant(), audit_refused.request,
	    coalesce('staff:' || its_staff, ''), 'refused',
	    audit_refused.action, audit_refused.right_used,
	    audit_refused.object, audit_refused.reads, audit_refused.status,
	    audit_refused.code)
	on conflict do nothing;
end
$$;

-- What the command line and the courier did.
create function stadtkern.audit_noted(actor text, kind text, action text,
    object json, detail json) returns void language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
begin
	insert into audit_inbox (tenant_id, request, actor, kind, action,
	    object, detail)
	values (tenant(), gen_random_uuid(), audit_noted.actor,
	    audit_noted.kind, audit_noted.action, audit_noted.object,
	    audit_noted.detail);
end
$$;

-- The entry at `place` of the inbox becomes number `number` of the chain.
create function stadtkern.audit_append(place bigint, number bigint,
    previous bytea, hash bytea) returns void language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
begin
	if audit_append.number <> 1 + coalesce(
	    (select max(a.number) from audit a where a.tenant_id = tenant()),
	    (select max(c.number) from audit_checkpoint c
		where c.tenant_id = tenant() and c.kind = 'anchor'), 0) then
		raise exception 'entry % is not the next one',
		    audit_append.number using errcode = 'SK409';
	end if;
	with taken as (
	    delete from audit_inbox i
	    where i.tenant_id = tenant() and i.place = audit_append.place
	    returning *
	)
	insert into audit (tenant_id, number, request, at, actor, kind, action,
	    right_used, object, detail, reads, status, code, previous, hash)
	select t.tenant_id, audit_append.number, t.request, t.at, t.actor,
	    t.kind, t.action, t.right_used, t.object, t.detail, t.reads,
	    t.status, t.code, audit_append.previous, audit_append.hash
	from taken t;
end
$$;

create function stadtkern.audit_signed(kind text, number bigint, hash bytea,
    at timestamptz, public_key bytea, signature bytea) returns void
    language sql volatile
    security definer set search_path = stadtkern, public, pg_temp
begin atomic
	insert into stadtkern.audit_checkpoint (tenant_id, kind, number, hash,
	    at, public_key, signature)
	values (stadtkern.tenant(), audit_signed.kind, audit_signed.number,
	    audit_signed.hash, audit_signed.at, audit_signed.public_key,
	    audit_signed.signature);
end;

-- Takes off what is up to the last anchor; its checkpoints go as well.
create function stadtkern.audit_cut() returns bigint language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	its_anchor	bigint := (select max(c.number) from audit_checkpoint c
			    where c.tenant_id = tenant()
				and c.kind = 'anchor');
	its_count	bigint;
begin
	delete from audit a
	where a.tenant_id = tenant() and a.number <= its_anchor;
	get diagnostics its_count = row_count;
	delete from audit_checkpoint c
	where c.tenant_id = tenant() and (c.number < its_anchor
	    or c.number = its_anchor and c.kind <> 'anchor');
	return its_count;
end
$$;

revoke execute on function
    stadtkern.audited(uuid, text, text, text, json, json, text),
    stadtkern.audit_refused(int, bytea, uuid, text, text, json, text, int,
	text),
    stadtkern.audit_noted(text, text, text, json, json),
    stadtkern.audit_append(bigint, bigint, bytea, bytea),
    stadtkern.audit_signed(text, bigint, bytea, timestamptz, bytea, bytea),
    stadtkern.audit_cut() from public;
grant execute on function
    stadtkern.audited(uuid, text, text, text, json, json, text),
    stadtkern.audit_refused(int, bytea, uuid, text, text, json, text, int,
	text) to stadtkern_office;
grant execute on function
    stadtkern.audit_noted(text, text, text, json, json),
    stadtkern.audit_append(bigint, bigint, bytea, bytea),
    stadtkern.audit_signed(text, bigint, bytea, timestamptz, bytea, bytea),
    stadtkern.audit_cut() to stadtkern_courier;

-- Who has just signed in is who is asking, for the rest of the transaction.
create or replace function stadtkern.session_put(session_hash bytea,
    its_staff uuid, pair_key bytea, enrolling boolean) returns json
    language plpgsql volatile set search_path = stadtkern, public, pg_temp
as $$
declare
	its	staff;
begin
	select * into its from staff s
	where s.tenant_id = tenant() and s.id = its_staff
	    and s.disabled_at is null for share;
	if not found then
		return null;
	end if;
	insert into staff_session (tenant_id, hash, staff_id, enrolling)
	values (tenant(), session_put.session_hash, its_staff,
	    session_put.enrolling);
	if pair_key is not null then
		insert into sign_in_known (tenant_id, key)
		values (tenant(), session_put.pair_key)
		on conflict (tenant_id, key) do update set seen_at = now();
	end if;
	perform set_config('stadtkern.staff', its_staff::text, true);
	return json_build_object('name', its.name, 'email', its.email,
	    'roles', its.roles, 'enrolling', session_put.enrolling,
	    'expires', to_char(session_expires(now(), now()),
		'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
end
$$;

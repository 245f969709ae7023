-- SPDX-License-Identifier: EUPL-1.2
-- Citizens' devices and accounts, the staff, and how a transaction becomes
-- one of theirs. Of an address only a keyed hash is kept.

create table stadtkern.account (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	address_hash	bytea not null check (octet_length(address_hash) = 32),
	created_at	timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, address_hash)
);
select stadtkern.tenant_table('stadtkern.account', '{address_hash}');
-- Made by account_code_try() only, after the code was right.
revoke insert, update, delete on stadtkern.account from stadtkern_public;

create table stadtkern.device (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	token_hash	bytea not null check (octet_length(token_hash) = 32),
	account_id	uuid,
	created_at	timestamptz not null default now(),
	last_seen	date not null default current_date,
	primary key (tenant_id, id),
	unique (tenant_id, token_hash),
	foreign key (tenant_id, account_id)
	    references stadtkern.account (tenant_id, id)
	    on delete set null (account_id)
);
create index device_account on stadtkern.device (tenant_id, account_id);
select stadtkern.tenant_table('stadtkern.device', '{token_hash}');
-- A device may add itself, leave its account, and go. The way into an account
-- leads through account_code_try() alone.
revoke update on stadtkern.device from stadtkern_public;
grant update (account_id) on stadtkern.device to stadtkern_public;
create policy public_adds on stadtkern.device as restrictive
    for insert to stadtkern_public with check (account_id is null);
create policy public_leaves on stadtkern.device as restrictive
    for update to stadtkern_public using (id = stadtkern.device())
    with check (account_id is null);
create policy public_goes on stadtkern.device as restrictive
    for delete to stadtkern_public using (id = stadtkern.device());

create table stadtkern.staff (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	email		text not null,
	email_key	text not null
			generated always as (lower(email)) stored,
	name		text not null,
	password_hash	text not null,
	roles		text[] not null default '{}',
	disabled_at	timestamptz,
	created_at	timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, email_key)
);
select stadtkern.tenant_table('stadtkern.staff', '{password_hash}');
revoke all on stadtkern.staff from stadtkern_public, stadtkern_courier;
grant select (tenant_id, id, email, email_key, name, roles, disabled_at,
    created_at) on stadtkern.staff to stadtkern_courier;

create table stadtkern.staff_session (
	tenant_id	int not null,
	hash		bytea not null check (octet_length(hash) = 32),
	staff_id	uuid not null,
	created_at	timestamptz not null default now(),
	last_seen_at	timestamptz not null default now(),
	ended_at	timestamptz,
	primary key (tenant_id, hash),
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade
);
create index staff_session_staff
    on stadtkern.staff_session (tenant_id, staff_id);
select stadtkern.tenant_table('stadtkern.staff_session', '{hash}');
revoke all on stadtkern.staff_session
    from stadtkern_public, stadtkern_courier;
grant select (tenant_id, staff_id, created_at, last_seen_at, ended_at), delete
    on stadtkern.staff_session to stadtkern_courier;

-- The first statement of every transaction is one of these three. They set
-- what tenant(), device(), account() and staff() then read, until the
-- transaction ends.
--
-- enter_public is one expression, so that it is inlined; what it gives means
-- nothing.
create function stadtkern.enter_public(tenant int) returns text
    language sql volatile
    return set_config('stadtkern.tenant', tenant::text, true)
	|| set_config('stadtkern.device', '', true)
	|| set_config('stadtkern.account', '', true)
	|| set_config('stadtkern.staff', '', true)
	|| set_config('stadtkern.session', '', true);

-- SK401 device-unknown; SK403 account-required. Reads the token's hash as the
-- owner, since stadtkern_public may not.
create function stadtkern.enter_device(tenant int, token_hash bytea,
    need_account boolean) returns void language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	its_id		uuid;
	its_account	uuid;
	its_last_seen	date;
begin
	perform set_config('stadtkern.tenant', enter_device.tenant::text, true);
	select d.id, d.account_id, d.last_seen
	into its_id, its_account, its_last_seen
	from device d where d.tenant_id = enter_device.tenant
	    and d.token_hash = enter_device.token_hash;
	if not found then
		raise exception 'device-unknown' using errcode = 'SK401';
	elsif need_account and its_account is null then
		raise exception 'account-required' using errcode = 'SK403';
	end if;
	perform set_config('stadtkern.device', its_id::text, true),
	    set_config('stadtkern.account', coalesce(its_account::text, ''), true),
	    set_config('stadtkern.staff', '', true),
	    set_config('stadtkern.session', '', true);
	if its_last_seen < current_date then
		update device d set last_seen = current_date
		where d.tenant_id = enter_device.tenant and d.id = its_id;
	end if;
end
$$;

-- A session lasts 12 hours at most, and 30 minutes without a request.
create function stadtkern.session_expires(created_at timestamptz,
    last_seen_at timestamptz) returns timestamptz
    language sql immutable parallel safe
    return least(created_at + interval '12 hours',
	last_seen_at + interval '30 minutes');

-- SK401 session-unknown; SK403 right-missing: none of `roles` is held. Null
-- is for what any member of staff may do.
create function stadtkern.enter_staff(tenant int, session_hash bytea,
    roles text[]) returns void language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	its_id		uuid;
	its_roles	text[];
	its_seen	timestamptz;
begin
	perform set_config('stadtkern.tenant', enter_staff.tenant::text, true);
	select f.id, f.roles, s.last_seen_at into its_id, its_roles, its_seen
	from staff_session s
	join staff f on f.tenant_id = s.tenant_id and f.id = s.staff_id
	where s.tenant_id = enter_staff.tenant
	    and s.hash = enter_staff.session_hash and s.ended_at is null
	    and session_expires(s.created_at, s.last_seen_at) > now()
	    and f.disabled_at is null;
	if not found then
		raise exception 'session-unknown' using errcode = 'SK401';
	elsif enter_staff.roles is not null
	    and (its_roles && enter_staff.roles) is not true then
		raise exception 'right-missing' using errcode = 'SK403';
	end if;
	perform set_config('stadtkern.device', '', true),
	    set_config('stadtkern.account', '', true),
	    set_config('stadtkern.staff', its_id::text, true),
	    set_config('stadtkern.session', encode(session_hash, 'hex'), true);
	if its_seen < now() - interval '1 minute' then
		update staff_session s set last_seen_at = now()
		where s.tenant_id = enter_staff.tenant
		    and s.hash = enter_staff.session_hash;
	end if;
end
$$;
revoke execute on function stadtkern.enter_staff(int, bytea, text[])
    from public;
grant execute on function stadtkern.enter_staff(int, bytea, text[])
    to stadtkern_office;

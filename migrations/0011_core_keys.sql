-- SPDX-License-Identifier: EUPL-1.2
-- API keys: other software that may do what a device or staff may, for one
-- tenant. Of a key only a keyed hash is kept.

create table stadtkern.api_key (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	hash		bytea not null check (octet_length(hash) = 32),
	name		text not null,
	rights		text[] not null,	-- "<plugin>.<right>"
	created_at	timestamptz(0) not null default now(),
	revoked_at	timestamptz(0),
	primary key (tenant_id, id),
	unique (tenant_id, hash)
);
select stadtkern.tenant_table('stadtkern.api_key', '{hash}');
-- The command line makes and revokes; enter_key() looks.
revoke all on stadtkern.api_key
    from stadtkern_public, stadtkern_office, stadtkern_courier;
grant select (tenant_id, id, name) on stadtkern.api_key to stadtkern_office;

create function stadtkern.api_key() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('stadtkern.api_key', true), '')::uuid;

-- As enter_device(), for who holds a key with this right. SK403 key-unknown:
-- there is none, it was revoked, or it has not the right; these are not told
-- apart.
create function stadtkern.enter_key(tenant int, key_hash bytea, its_right text)
    returns void language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	its_id	uuid;
begin
	perform set_config('stadtkern.tenant', enter_key.tenant::text, true);
	select k.id into its_id from api_key k
	where k.tenant_id = enter_key.tenant and k.hash = enter_key.key_hash
	    and k.revoked_at is null and enter_key.its_right = any (k.rights);
	if not found then
		raise exception 'key-unknown' using errcode = 'SK403';
	end if;
	perform set_config('stadtkern.api_key', its_id::text, true),
	    set_config('stadtkern.device', '', true),
	    set_config('stadtkern.account', '', true),
	    set_config('stadtkern.staff', '', true),
	    set_config('stadtkern.session', '', true);
end
$$;
revoke execute on function stadtkern.enter_key(int, bytea, text) from public;
grant execute on function stadtkern.enter_key(int, bytea, text)
    to stadtkern_public;

-- Whoever else enters is no key any more. (Staff are nobody that a policy of
-- keys asks about.)
create or replace function stadtkern.enter_public(tenant int) returns text
    language sql volatile
    return set_config('stadtkern.tenant', tenant::text, true)
	|| set_config('stadtkern.device', '', true)
	|| set_config('stadtkern.account', '', true)
	|| set_config('stadtkern.staff', '', true)
	|| set_config('stadtkern.session', '', true)
	|| set_config('stadtkern.api_key', '', true);

create or replace function stadtkern.enter_device(tenant int,
    token_hash bytea, need_account boolean) returns void
    language plpgsql volatile
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
	    set_config('stadtkern.session', '', true),
	    set_config('stadtkern.api_key', '', true);
	if its_last_seen < current_date then
		update device d set last_seen = current_date
		where d.tenant_id = enter_device.tenant and d.id = its_id;
	end if;
end
$$;

-- A key may ask once, too.
create or replace function stadtkern.caller() returns uuid
    language sql stable parallel safe
    return coalesce(stadtkern.device(), stadtkern.staff(),
	stadtkern.api_key(), '00000000-0000-0000-0000-000000000000'::uuid);

-- The last statement of a request that is only tried out: what stands before
-- it is undone, and its rows have gone out. SK200 is no error of anybody's.
create function stadtkern.rehearsed() returns void language plpgsql
as $$
begin
	raise exception 'rehearsed' using errcode = 'SK200';
end
$$;

-- When the document that is in service was published: what is made of it
-- tells others since when it has been so.
alter table stadtkern.tenant add column config_at timestamptz(0);
update stadtkern.tenant set config_at = now() where config is not null;
grant select (config_at) on stadtkern.tenant
    to stadtkern_public, stadtkern_courier;
create or replace function stadtkern.tenant_versioned() returns trigger
    language plpgsql security definer set search_path = stadtkern, pg_temp
as $$
begin
	new.version := nextval('tenant_version');
	if tg_op = 'INSERT' or new.config is distinct from old.config then
		new.config_at := case when new.config is not null then now() end;
	end if;
	perform pg_notify('stadtkern_tenant', new.id::text);
	return new;
end
$$;

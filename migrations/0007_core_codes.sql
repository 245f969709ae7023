-- SPDX-License-Identifier: EUPL-1.2
-- Confirming an address by a six-digit code. A device has one code at a time,
-- and a code is good for that device and tenant only.

create table stadtkern.account_code (
	tenant_id	int not null,
	device_id	uuid not null,
	address_hash	bytea not null check (octet_length(address_hash) = 32),
	code_hash	bytea not null check (octet_length(code_hash) = 32),
	expires_at	timestamptz not null,
	tries_left	int not null default 5 check (tries_left >= 0),
	primary key (tenant_id, device_id),
	foreign key (tenant_id, device_id)
	    references stadtkern.device (tenant_id, id) on delete cascade
);
select stadtkern.tenant_table('stadtkern.account_code',
    '{address_hash,code_hash}');
-- Written by the functions below only.
revoke insert, update, delete on stadtkern.account_code
    from stadtkern_public;
revoke all on stadtkern.account_code from stadtkern_office;

-- What was sent within the last hour. No foreign key to the device: leaving
-- and coming back must not make room for more.
create table stadtkern.account_code_sent (
	tenant_id	int not null,
	id		bigint not null generated always as identity,
	device_id	uuid not null,
	address_hash	bytea not null,
	sent_at		timestamptz not null default now(),
	primary key (tenant_id, id)
);
create index account_code_sent_device
    on stadtkern.account_code_sent (tenant_id, device_id, sent_at);
create index account_code_sent_address
    on stadtkern.account_code_sent (tenant_id, address_hash, sent_at);
select stadtkern.tenant_table('stadtkern.account_code_sent',
    '{address_hash}');
revoke all on stadtkern.account_code_sent
    from stadtkern_public, stadtkern_office;

-- Takes a new code in the place of the device's older one. Gives null, or
-- the seconds to wait when five went out within the hour to this device or
-- this address.
create function stadtkern.account_code_put(address_hash bytea,
    code_hash bytea) returns int language plpgsql volatile security definer
    set search_path = stadtkern, public, pg_temp
as $$
declare
	wait	interval;
begin
	-- Counting and adding must not overlap, per address and per device.
	perform pg_advisory_xact_lock(hashtextextended(
	    encode(account_code_put.address_hash, 'hex'), tenant()));
	perform from device d
	where d.tenant_id = tenant() and d.id = device() for update;
	if not found then
		raise exception 'device-unknown' using errcode = 'SK401';
	end if;

	select max(fifth) + interval '1 hour' - clock_timestamp() into wait
	from (
		(select s.sent_at as fifth from account_code_sent s
		where s.tenant_id = tenant() and s.device_id = device()
		order by s.sent_at desc offset 4 limit 1)
		union all
		(select s.sent_at from account_code_sent s
		where s.tenant_id = tenant()
		    and s.address_hash = account_code_put.address_hash
		order by s.sent_at desc offset 4 limit 1)
	) full_hours;
	if wait > interval '0' then
		return ceil(extract(epoch from wait));
	end if;

	insert into account_code_sent (tenant_id, device_id, address_hash)
	values (tenant(), device(), account_code_put.address_hash);
	insert into account_code as c
	    (tenant_id, device_id, address_hash, code_hash, expires_at)
	values (tenant(), device(), account_code_put.address_hash,
	    account_code_put.code_hash, now() + interval '10 minutes')
	on conflict (tenant_id, device_id) do update
	set address_hash = excluded.address_hash,
	    code_hash = excluded.code_hash, expires_at = excluded.expires_at,
	    tries_left = default;
	return null;
end
$$;

-- Tries a code. `problem` is code-none, code-expired, code-wrong (with the
-- tries that are left) or null: then the device belongs to `account`.
create function stadtkern.account_code_try(code_hash bytea,
    out problem text, out tries_left int, out account_id uuid)
    language plpgsql volatile security definer
    set search_path = stadtkern, public, pg_temp
as $$
declare
	its	account_code;
begin
	select * into its from account_code c
	where c.tenant_id = tenant() and c.device_id = device() for update;
	if not found then
		problem := 'code-none';
		return;
	elsif its.expires_at <= now() or its.tries_left = 0 then
		problem := 'code-expired';
		return;
	elsif its.code_hash <> account_code_try.code_hash then
		problem := 'code-wrong';
		tries_left := its.tries_left - 1;
		update account_code c set tries_left = c.tries_left - 1
		where c.tenant_id = tenant() and c.device_id = device();
		return;
	end if;

	insert into account as a (tenant_id, address_hash)
	values (tenant(), its.address_hash)
	on conflict (tenant_id, address_hash)
	do update set address_hash = excluded.address_hash
	returning a.id into account_code_try.account_id;
	update device d set account_id = account_code_try.account_id
	where d.tenant_id = tenant() and d.id = device();
	delete from account_code c
	where c.tenant_id = tenant() and c.device_id = device();
end
$$;

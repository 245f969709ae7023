-- SPDX-License-Identifier: EUPL-1.2
-- A POST that is sent twice is done once (the Idempotency-Key header).

-- The caller is part of the key: nobody is answered with what somebody else
-- was told, even when both chose the same key.
create table stadtkern.idempotency (
	tenant_id	int not null,
	caller		uuid not null,
	key_hash	bytea not null check (octet_length(key_hash) = 32),
	request_hash	bytea not null check (octet_length(request_hash) = 32),
	answer		text,
	created_at	timestamptz not null default now(),
	primary key (tenant_id, caller, key_hash)
);
create index idempotency_created
    on stadtkern.idempotency (tenant_id, created_at);
select stadtkern.tenant_table('stadtkern.idempotency', '{answer}');
-- Only once() and answered() read and write it; the courier erases.
revoke all on stadtkern.idempotency
    from stadtkern_public, stadtkern_office, stadtkern_courier;
grant select (tenant_id, created_at), delete on stadtkern.idempotency
    to stadtkern_courier;

create function stadtkern.caller() returns uuid
    language sql stable parallel safe
    return coalesce(stadtkern.device(), stadtkern.staff(),
	'00000000-0000-0000-0000-000000000000'::uuid);

-- Second statement of a transaction, after enter_*(). Waits for the same key
-- in flight. SK409 idempotency-key-reused: for another request; SK208
-- answered-before: the answer is the error's DETAIL. A key whose transaction
-- ended without an answer (a refusal) counts as new for the same request.
-- caller() is asked for first: under a policy its coalesce() would count as
-- leaky and keep the primary key's index from being used for more than the
-- tenant.
create function stadtkern.once(key_hash bytea, request_hash bytea)
    returns void language plpgsql volatile security definer
    set search_path = stadtkern, public, pg_temp
as $$
declare
	its_caller	uuid := caller();
	earlier		idempotency;
begin
	insert into idempotency (tenant_id, caller, key_hash, request_hash)
	values (tenant(), its_caller, once.key_hash, once.request_hash)
	on conflict do nothing;
	if not found then
		select * into earlier from idempotency i
		where i.tenant_id = tenant() and i.caller = its_caller
		    and i.key_hash = once.key_hash for update;
		if not found then
			-- Erased in between, so there is nothing to keep to.
			insert into idempotency
			    (tenant_id, caller, key_hash, request_hash)
			values (tenant(), its_caller, once.key_hash,
			    once.request_hash);
		elsif earlier.request_hash <> once.request_hash then
			raise exception 'idempotency-key-reused'
			    using errcode = 'SK409';
		elsif earlier.answer is not null then
			raise exception 'answered-before'
			    using errcode = 'SK208', detail = earlier.answer;
		end if;
	end if;
	perform set_config('stadtkern.once', encode(once.key_hash, 'hex'), true);
end
$$;

-- What a statement answers, kept for a repetition where once() was asked.
create function stadtkern.answered(body json) returns json
    language plpgsql volatile security definer
    set search_path = stadtkern, public, pg_temp
as $$
declare
	its_key		text := nullif(current_setting('stadtkern.once', true), '');
	its_caller	uuid := caller();
begin
	if its_key is not null and body is not null then
		update idempotency i set answer = body::text
		where i.tenant_id = tenant() and i.caller = its_caller
		    and i.key_hash = decode(its_key, 'hex');
	end if;
	return body;
end
$$;

-- SPDX-License-Identifier: EUPL-1.2
-- How a member of staff proves who they are: in steps, by things they know
-- and have. No token, code or link is stored but as a keyed hash; the secret
-- of a code generator is sealed to the tenant's key, which the office has.

-- Nobody knows a password for an account that was made by link, nor has one
-- whose sign-in is another system's (`external`).
alter table stadtkern.staff alter column password_hash drop not null,
    add column external boolean not null default false;

-- `enrolling`: the city demands a second factor and this person has none
-- yet; such a session opens what needs no right, that is, one's own account.
alter table stadtkern.staff_session
    add column id uuid not null default gen_random_uuid(),
    add column enrolling boolean not null default false,
    add unique (tenant_id, id);
select stadtkern.tenant_table('stadtkern.staff_session');
revoke all on stadtkern.staff_session
    from stadtkern_public, stadtkern_courier;
grant select (tenant_id, id, staff_id, created_at, last_seen_at, ended_at),
    delete on stadtkern.staff_session to stadtkern_courier;

-- A sign-in that is not over. Five minutes and five tries; `staff_id` is null
-- where a passkey is going to say who it is. `account_key` and `pair_key` are
-- those of sign_in_count. A challenge is asked for once.
create table stadtkern.staff_ticket (
	tenant_id	int not null,
	hash		bytea not null check (octet_length(hash) = 32),
	staff_id	uuid,
	account_key	bytea,
	pair_key	bytea,
	tries_left	int not null default 5 check (tries_left >= 0),
	challenge	bytea,
	expires_at	timestamptz not null
			default now() + interval '5 minutes',
	primary key (tenant_id, hash),
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade
);
create index staff_ticket_staff
    on stadtkern.staff_ticket (tenant_id, staff_id);

-- A code generator (RFC 6238). `pending` is one that has not shown a code
-- yet; `last_step` is the time step of the last code, which counts once.
create table stadtkern.staff_totp (
	tenant_id	int not null,
	staff_id	uuid not null,
	secret		bytea,
	pending		bytea,
	last_step	bigint not null default 0,
	confirmed_at	timestamptz,
	primary key (tenant_id, staff_id),
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade,
	check ((secret is null) = (confirmed_at is null))
);

create table stadtkern.staff_recovery (
	tenant_id	int not null,
	staff_id	uuid not null,
	hash		bytea not null check (octet_length(hash) = 32),
	primary key (tenant_id, staff_id, hash),
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade
);

-- A passkey (WebAuthn) is good for the host name that it was made on.
create table stadtkern.staff_passkey (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	staff_id	uuid not null,
	credential	bytea not null
			check (octet_length(credential) between 16 and 1023),
	host		text not null,
	algorithm	int not null,
	public_key	bytea not null,
	counter		bigint not null default 0,
	name		text not null,
	created_at	timestamptz not null default now(),
	used_at		timestamptz,
	primary key (tenant_id, id),
	unique (tenant_id, credential),
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade
);
create index staff_passkey_staff
    on stadtkern.staff_passkey (tenant_id, staff_id);

-- The challenge of a passkey that a signed-in person is about to add.
create table stadtkern.staff_challenge (
	tenant_id	int not null,
	session_hash	bytea not null,
	challenge	bytea not null,
	expires_at	timestamptz not null
			default now() + interval '5 minutes',
	primary key (tenant_id, session_hash),
	foreign key (tenant_id, session_hash)
	    references stadtkern.staff_session (tenant_id, hash)
	    on delete cascade
);

-- A link that sets a password, once.
create table stadtkern.staff_invitation (
	tenant_id	int not null,
	hash		bytea not null check (octet_length(hash) = 32),
	staff_id	uuid not null,
	expires_at	timestamptz not null
			default now() + interval '48 hours',
	primary key (tenant_id, hash),
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade
);
create index staff_invitation_staff
    on stadtkern.staff_invitation (tenant_id, staff_id);

-- Tries that were not (yet) right, by a keyed hash of whom or whence.
create table stadtkern.sign_in_count (
	tenant_id	int not null,
	key		bytea not null check (octet_length(key) = 32),
	tries		int not null,
	next_at		timestamptz not null,
	last_at		timestamptz not null,
	primary key (tenant_id, key)
);

-- That this account has signed in from this address.
create table stadtkern.sign_in_known (
	tenant_id	int not null,
	key		bytea not null check (octet_length(key) = 32),
	seen_at		timestamptz not null default now(),
	primary key (tenant_id, key)
);

select stadtkern.tenant_table('stadtkern.staff_ticket');
select stadtkern.tenant_table('stadtkern.staff_totp');
select stadtkern.tenant_table('stadtkern.staff_recovery');
select stadtkern.tenant_table('stadtkern.staff_passkey');
select stadtkern.tenant_table('stadtkern.staff_challenge');
select stadtkern.tenant_table('stadtkern.staff_invitation');
select stadtkern.tenant_table('stadtkern.sign_in_count');
select stadtkern.tenant_table('stadtkern.sign_in_known');
revoke all on stadtkern.staff_ticket, stadtkern.staff_totp,
    stadtkern.staff_recovery, stadtkern.staff_passkey,
    stadtkern.staff_challenge, stadtkern.staff_invitation,
    stadtkern.sign_in_count, stadtkern.sign_in_known
    from stadtkern_public, stadtkern_courier;
-- The courier erases what is over.
grant select (tenant_id, expires_at), delete on stadtkern.staff_ticket,
    stadtkern.staff_challenge, stadtkern.staff_invitation
    to stadtkern_courier;
grant select (tenant_id, last_at), delete on stadtkern.sign_in_count
    to stadtkern_courier;
grant select (tenant_id, seen_at), delete on stadtkern.sign_in_known
    to stadtkern_courier;

-- Takes a try, and gives 0 or the seconds to wait.
--
-- A lock on an account would be a weapon: whoever knows an address could keep
-- its owner out. So tries are counted in two ways. From an address that this
-- account has signed in from before, by the pair of the two alone: nobody
-- elsewhere can slow it. From anywhere else, by the account, whoever tries,
-- and by the address, whomever it tries. Somebody who guesses at an account
-- from all over the world slows those who come from somewhere new; for them
-- there are passkeys, which have no password to guess, and another link.
--
-- Three tries are free (thirty of an address, behind which an office may
-- sit), then 1, 2, 4 … seconds, at most 15 minutes. A try is taken before it
-- is known to be wrong: many at once are then no more than one after the
-- other. sign_in_right() gives it back. Counts of a day ago are forgotten.
create function stadtkern.sign_in_try(account_key bytea, address_key bytea,
    pair_key bytea) returns int language plpgsql volatile
    set search_path = stadtkern, public, pg_temp
as $$
declare
	keys	bytea[] := array_remove(array[account_key, address_key], null);
	free	int[] := '{3,30}';
	wait	interval;
begin
	if exists (select from sign_in_known k where k.tenant_id = tenant()
	    and k.key = pair_key and k.seen_at > now() - interval '90 days') then
		keys := array[pair_key];
	end if;
	for i in 1 .. cardinality(keys) loop
		insert into sign_in_count as c
		    (tenant_id, key, tries, next_at, last_at)
		values (tenant(), keys[i], 0, '-infinity', now())
		on conflict (tenant_id, key) do update set
		    tries = case when c.last_at < now() - interval '1 day'
			then 0 else c.tries end;
	end loop;
	select max(c.next_at) - clock_timestamp() into wait
	from sign_in_count c
	where c.tenant_id = tenant() and c.key = any (keys) and c.tries > 0;
	if wait > interval '0' then
		return ceil(extract(epoch from wait));
	end if;
	for i in 1 .. cardinality(keys) loop
		update sign_in_count c set tries = c.tries + 1,
		    last_at = now(), next_at = clock_timestamp()
			+ case when c.tries + 1 < free[i] then interval '0'
			else make_interval(secs => least(900,
			    power(2, least(c.tries + 1 - free[i], 10)))) end
		where c.tenant_id = tenant() and c.key = keys[i];
	end loop;
	return 0;
end
$$;

-- It was right: the account's and the pair's counts begin anew, the address
-- gets its try back, as whoever has one account could else guess at others.
create function stadtkern.sign_in_right(account_key bytea, address_key bytea,
    pair_key bytea) returns void language sql volatile
begin atomic
	delete from stadtkern.sign_in_count c
	where c.tenant_id = stadtkern.tenant()
	    and c.key in (sign_in_right.account_key, sign_in_right.pair_key);
	update stadtkern.sign_in_count c set tries = greatest(c.tries - 1, 0)
	where c.tenant_id = stadtkern.tenant()
	    and c.key = sign_in_right.address_key;
end;

-- The count of the second step is another one, by the same keys.
create function stadtkern.second_key(key bytea) returns bytea
    language sql immutable parallel safe
    return sha256(key || 'second'::bytea);

-- A session, as its owner reads of it; all steps are done. Null when the
-- person was disabled meanwhile.
create function stadtkern.session_put(session_hash bytea, its_staff uuid,
    pair_key bytea, enrolling boolean) returns json
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
	return json_build_object('name', its.name, 'email', its.email,
	    'roles', its.roles, 'enrolling', session_put.enrolling,
	    'expires', to_char(session_expires(now(), now()),
		'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
end
$$;

-- Takes a try of a ticket. `problem`: ticket-unknown, or sign-in-slow with
-- the seconds to wait. A ticket whose last try is gone is unknown.
create function stadtkern.ticket_take(ticket_hash bytea, out problem text,
    out seconds int, out staff_id uuid, out challenge bytea)
    language plpgsql volatile set search_path = stadtkern, public, pg_temp
as $$
declare
	its	staff_ticket;
begin
	select * into its from staff_ticket t
	where t.tenant_id = tenant() and t.hash = ticket_take.ticket_hash
	    and t.expires_at > now() and t.tries_left > 0 for update;
	if not found then
		problem := 'ticket-unknown';
		return;
	end if;
	if its.account_key is not null then
		seconds := sign_in_try(second_key(its.account_key), null,
		    second_key(its.pair_key));
		if seconds > 0 then
			problem := 'sign-in-slow';
			return;
		end if;
	end if;
	update staff_ticket t set tries_left = t.tries_left - 1,
	    challenge = null
	where t.tenant_id = tenant() and t.hash = ticket_take.ticket_hash;
	staff_id := its.staff_id;
	challenge := its.challenge;
end
$$;

-- The step was right: the ticket goes, a session comes. Null: the ticket was
-- used meanwhile, or the person disabled.
create function stadtkern.ticket_right(ticket_hash bytea, session_hash bytea,
    its_staff uuid) returns json language plpgsql volatile
    set search_path = stadtkern, public, pg_temp
as $$
declare
	its	staff_ticket;
begin
	delete from staff_ticket t
	where t.tenant_id = tenant() and t.hash = ticket_right.ticket_hash
	    and (t.staff_id is null or t.staff_id = its_staff)
	returning * into its;
	if not found then
		return null;
	end if;
	if its.account_key is not null then
		perform sign_in_right(second_key(its.account_key), null,
		    second_key(its.pair_key));
		insert into sign_in_known (tenant_id, key)
		values (tenant(), second_key(its.pair_key))
		on conflict (tenant_id, key) do update set seen_at = now();
	end if;
	return session_put(ticket_right.session_hash, its_staff,
	    its.pair_key, false);
end
$$;

-- What is asked of people beside the password: codes of their second factors
-- on this host.
create function stadtkern.staff_factors(its_staff uuid, host text)
    returns text[] language sql stable
begin atomic
	select array(
	    select 'totp' from stadtkern.staff_totp t
	    where t.tenant_id = stadtkern.tenant()
		and t.staff_id = its_staff and t.secret is not null
	    union all
	    select 'passkey' where exists (
		select from stadtkern.staff_passkey p
		where p.tenant_id = stadtkern.tenant()
		    and p.staff_id = its_staff
		    and p.host = staff_factors.host)
	    union all
	    select 'recovery' where exists (
		select from stadtkern.staff_recovery r
		where r.tenant_id = stadtkern.tenant()
		    and r.staff_id = its_staff));
end;

-- Whether a person has any second factor, on whatever host.
create function stadtkern.staff_has_factor(its_staff uuid) returns boolean
    language sql stable
begin atomic
	select exists (select from stadtkern.staff_totp t
	    where t.tenant_id = stadtkern.tenant()
		and t.staff_id = its_staff and t.secret is not null)
	    or exists (select from stadtkern.staff_passkey p
	    where p.tenant_id = stadtkern.tenant()
		and p.staff_id = its_staff);
end;

-- After the password: a session where there is no second factor, otherwise a
-- ticket for it. `its_staff` is null when the password was wrong.
create function stadtkern.password_right(account_key bytea, address_key bytea,
    pair_key bytea, its_staff uuid, host text, session_hash bytea,
    ticket_hash bytea, required boolean,
    out problem text, out body json, out steps boolean)
    language plpgsql volatile set search_path = stadtkern, public, pg_temp
as $$
begin
	perform from staff s where s.tenant_id = tenant()
	    and s.id = its_staff and s.disabled_at is null for share;
	if not found then
		problem := 'sign-in-failed';
		return;
	end if;
	perform sign_in_right(account_key, address_key, pair_key);
	steps := staff_has_factor(its_staff);
	if not steps then
		body := session_put(session_hash, its_staff, pair_key,
		    required);
		return;
	end if;
	insert into staff_ticket (tenant_id, hash, staff_id, account_key,
	    pair_key)
	values (tenant(), ticket_hash, its_staff, account_key, pair_key);
	body := json_build_object('next', staff_factors(its_staff, host),
	    'expires', to_char(now() + interval '5 minutes',
		'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
end
$$;

-- A challenge for a passkey, on this ticket or, where there is none, on a new
-- one. `credentials`: which keys may answer; none: any that knows the host.
create function stadtkern.passkey_ask(ticket_hash bytea, new_hash bytea,
    challenge bytea, host text, out is_new boolean, out credentials bytea[])
    language plpgsql volatile set search_path = stadtkern, public, pg_temp
as $$
declare
	its_staff	uuid;
begin
	update staff_ticket t set challenge = passkey_ask.challenge
	where t.tenant_id = tenant() and t.hash = passkey_ask.ticket_hash
	    and t.expires_at > now() and t.tries_left > 0
	returning t.staff_id into its_staff;
	is_new := not found;
	if is_new then
		insert into staff_ticket (tenant_id, hash, challenge)
		values (tenant(), passkey_ask.new_hash,
		    passkey_ask.challenge);
	end if;
	credentials := array(select p.credential from staff_passkey p
	    where p.tenant_id = tenant() and p.staff_id = its_staff
		and p.host = passkey_ask.host order by p.created_at);
end
$$;

-- Who changes how they sign in must have signed in within 15 minutes: a
-- browser that was left open must not be enough.
create function stadtkern.session_is_fresh() returns boolean
    language sql stable
begin atomic
	select exists (select from stadtkern.staff_session s
	    where s.tenant_id = stadtkern.tenant()
		and s.hash = stadtkern.session()
		and s.created_at > now() - interval '15 minutes');
end;

create function stadtkern.sessions_end(its_staff uuid, but bytea)
    returns bigint language sql volatile
begin atomic
	with ended as (
	    update stadtkern.staff_session s set ended_at = now()
	    where s.tenant_id = stadtkern.tenant()
		and s.staff_id = its_staff and s.ended_at is null
		and s.hash is distinct from but
	    returning 1
	), tickets as (
	    delete from stadtkern.staff_ticket t
	    where t.tenant_id = stadtkern.tenant() and t.staff_id = its_staff
	)
	select count(*) from ended;
end;

-- Whether the caller may lose this factor: not the last one where the city
-- demands one, and only in a fresh session. Null: yes.
create function stadtkern.factor_problem(required boolean) returns text
    language sql stable
    return case when not stadtkern.session_is_fresh() then 'session-stale'
	when required and (select count(*) from stadtkern.staff_passkey p
		where p.tenant_id = stadtkern.tenant()
		    and p.staff_id = stadtkern.staff())
	    + (select count(*) from stadtkern.staff_totp t
		where t.tenant_id = stadtkern.tenant()
		    and t.staff_id = stadtkern.staff()
		    and t.secret is not null) < 2 then 'last-factor' end;

-- The caller's session opens all that its roles give: there is a factor.
create function stadtkern.session_enrolled() returns void
    language sql volatile
begin atomic
	update stadtkern.staff_session s set enrolling = false
	where s.tenant_id = stadtkern.tenant()
	    and s.hash = stadtkern.session() and s.enrolling;
end;

-- An account without a password, and the link that sets one; an older link
-- is void. Null: there is an account of this address.
create function stadtkern.staff_invite(invitation_hash bytea, its_email text,
    its_name text, its_roles text[]) returns uuid
    language plpgsql volatile set search_path = stadtkern, public, pg_temp
as $$
declare
	its_id	uuid;
begin
	insert into staff (tenant_id, email, name, roles)
	values (tenant(), its_email, its_name, its_roles)
	on conflict (tenant_id, email_key) do nothing
	returning id into its_id;
	if found then
		insert into staff_invitation (tenant_id, hash, staff_id)
		values (tenant(), staff_invite.invitation_hash, its_id);
	end if;
	return its_id;
end
$$;

-- Begins anew: no password, no factor, no session, and a link. For somebody
-- who lost them, or from whom they were taken.
create function stadtkern.staff_reset(invitation_hash bytea, its_staff uuid)
    returns void language sql volatile
begin atomic
	update stadtkern.staff s set password_hash = null
	where s.tenant_id = stadtkern.tenant() and s.id = its_staff;
	delete from stadtkern.staff_totp t
	where t.tenant_id = stadtkern.tenant() and t.staff_id = its_staff;
	delete from stadtkern.staff_passkey p
	where p.tenant_id = stadtkern.tenant() and p.staff_id = its_staff;
	delete from stadtkern.staff_recovery r
	where r.tenant_id = stadtkern.tenant() and r.staff_id = its_staff;
	delete from stadtkern.staff_invitation i
	where i.tenant_id = stadtkern.tenant() and i.staff_id = its_staff;
	select stadtkern.sessions_end(its_staff, null);
	insert into stadtkern.staff_invitation (tenant_id, hash, staff_id)
	values (stadtkern.tenant(), staff_reset.invitation_hash, its_staff);
end;

-- SPDX-License-Identifier: EUPL-1.2
-- Signing in at the city's own system (OpenID Connect Core 1.0, code flow).
-- The office asks nobody outside: the courier does, and leaves here what it
-- found. `secrets` (state, nonce, PKCE verifier) are sealed to the courier.

-- "<issuer> <sub>", what the system knows a person by.
alter table stadtkern.staff add column subject text,
    add unique (tenant_id, subject);

-- asked: the courier has to find out where the browser is to go; ready: it
-- goes to `location`; given: it came back with a code, which the courier
-- exchanges; done: it is `staff_id`; failed, with the reason. The browser is
-- the one that has the ticket of `ticket_hash`.
create table stadtkern.oidc_sign_in (
	tenant_id	int not null,
	state_hash	bytea not null check (octet_length(state_hash) = 32),
	ticket_hash	bytea not null check (octet_length(ticket_hash) = 32),
	phase		text not null default 'asked' check (phase in
			('asked', 'ready', 'given', 'done', 'failed')),
	secrets		bytea,
	location	text,
	reason		text,
	staff_id	uuid,
	expires_at	timestamptz not null
			default now() + interval '10 minutes',
	primary key (tenant_id, state_hash),
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade
);
create index oidc_sign_in_staff
    on stadtkern.oidc_sign_in (tenant_id, staff_id);
select stadtkern.tenant_table('stadtkern.oidc_sign_in');
revoke all on stadtkern.oidc_sign_in
    from stadtkern_public, stadtkern_courier;
grant select (tenant_id, state_hash, phase, secrets, expires_at),
    update (phase, location, reason), delete
    on stadtkern.oidc_sign_in to stadtkern_courier;

-- Whom the system has named: by its subject, else, the first time, by an
-- address that it has verified, else, where the city lets it give roles, as
-- somebody new. `its_roles` null: roles are the city's own affair. Gives null
-- or why not. The courier may do no more to the staff than this.
create function stadtkern.oidc_right(state_hash bytea, its_subject text,
    its_email text, its_name text, its_roles text[]) returns text
    language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	its_id		uuid;
	is_off		boolean;
begin
	if cardinality(its_roles) = 0 then
		return 'no-role';
	end if;
	select s.id, s.disabled_at is not null into its_id, is_off
	from staff s
	where s.tenant_id = tenant() and s.subject = its_subject for update;
	if not found and its_email is not null then
		update staff s set subject = its_subject
		where s.tenant_id = tenant() and s.email_key = lower(its_email)
		    and s.subject is null
		returning s.id, s.disabled_at is not null into its_id, is_off;
	end if;
	if its_id is null and its_email is not null and its_roles is not null
	then
		insert into staff (tenant_id, email, name, roles, external,
		    subject)
		values (tenant(), its_email, coalesce(its_name, its_email),
		    its_roles, true, its_subject)
		on conflict (tenant_id, email_key) do nothing
		returning id into its_id;
	end if;
	if its_id is null or is_off then
		return 'unknown-person';
	end if;
	update staff s set roles = coalesce(its_roles, s.roles)
	where s.tenant_id = tenant() and s.id = its_id;
	update oidc_sign_in o set phase = 'done', staff_id = its_id
	where o.tenant_id = tenant() and o.state_hash = oidc_right.state_hash
	    and o.phase = 'given';
	return null;
end
$$;
revoke execute on function stadtkern.oidc_right(bytea, text, text, text,
    text[]) from public;
grant execute on function stadtkern.oidc_right(bytea, text, text, text,
    text[]) to stadtkern_courier;

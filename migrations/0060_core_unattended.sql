-- SPDX-License-Identifier: EUPL-1.2
-- A screen that looks for news by itself does not keep a session open.

-- For the rest of the transaction: nobody is at work.
create function stadtkern.unattended() returns void
    language sql volatile
    set search_path = stadtkern, public, pg_temp
begin atomic
	select set_config('stadtkern.unattended', 't', true);
end;
revoke execute on function stadtkern.unattended() from public;
grant execute on function stadtkern.unattended() to stadtkern_office;

-- As in 0041, and nothing is prolonged after unattended().
create or replace function stadtkern.enter_staff(tenant int,
    session_hash bytea, roles text[], limits jsonb default null) returns void
    language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	its_id		uuid;
	its_roles	text[];
	its_seen	timestamptz;
	its_enrolling	boolean;
	its_limits	jsonb;
begin
	perform set_config('stadtkern.tenant', enter_staff.tenant::text, true);
	select f.id, f.roles, s.last_seen_at, s.enrolling
	into its_id, its_roles, its_seen, its_enrolling
	from staff_session s
	join staff f on f.tenant_id = s.tenant_id and f.id = s.staff_id
	where s.tenant_id = enter_staff.tenant
	    and s.hash = enter_staff.session_hash and s.ended_at is null
	    and session_expires(s.created_at, s.last_seen_at) > now()
	    and f.disabled_at is null;
	if not found then
		raise exception 'session-unknown' using errcode = 'SK401';
	elsif enter_staff.roles is not null and its_enrolling then
		raise exception 'second-factor-required'
		    using errcode = 'SK403';
	elsif enter_staff.roles is not null
	    and (its_roles && enter_staff.roles) is not true then
		raise exception 'right-missing' using errcode = 'SK403';
	end if;
	if enter_staff.limits is not null and not exists (
	    select from unnest(its_roles) r
	    where r = any (enter_staff.roles)
		and not enter_staff.limits ? r) then
		select jsonb_agg(g) into its_limits
		from unnest(its_roles) r,
		    jsonb_array_elements(enter_staff.limits -> r) g;
	end if;
	perform set_config('stadtkern.device', '', true),
	    set_config('stadtkern.account', '', true),
	    set_config('stadtkern.staff', its_id::text, true),
	    set_config('stadtkern.session', encode(session_hash, 'hex'), true),
	    set_config('stadtkern.limits', coalesce(its_limits::text, ''),
		true);
	if its_seen < now() - interval '1 minute'
	    and current_setting('stadtkern.unattended', true)
		is distinct from 't' then
		update staff_session s set last_seen_at = now()
		where s.tenant_id = enter_staff.tenant
		    and s.hash = enter_staff.session_hash;
	end if;
end
$$;

-- SPDX-License-Identifier: EUPL-1.2
-- Rights that are limited to departments and categories.

-- `limits` says of roles among `roles` what they are limited to, by role:
-- {"clerk": [{"departments": ["roads"]}, {"categories": ["pothole"]}]}. Each
-- object is a grant; what it does not name it does not limit. A role that is
-- not in there is not limited. SK401 session-unknown; SK403 right-missing:
-- none of `roles` is held; SK403 second-factor-required: before that is set
-- up, a session opens only what needs no right (`roles` null).
drop function stadtkern.enter_staff(int, bytea, text[]);
create function stadtkern.enter_staff(tenant int, session_hash bytea,
    roles text[], limits jsonb default null) returns void
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
	if its_seen < now() - interval '1 minute' then
		update staff_session s set last_seen_at = now()
		where s.tenant_id = enter_staff.tenant
		    and s.hash = enter_staff.session_hash;
	end if;
end
$$;
revoke execute on function stadtkern.enter_staff(int, bytea, text[], jsonb)
    from public;
grant execute on function stadtkern.enter_staff(int, bytea, text[], jsonb)
    to stadtkern_office;

-- The grants by which the caller may do what is being done; null: all.
create function stadtkern.staff_limits() returns jsonb
    language sql stable parallel safe
    return nullif(current_setting('stadtkern.limits', true), '')::jsonb;

-- Whether one of them covers a thing of this department and category.
create function stadtkern.staff_may(department text, category text)
    returns boolean language sql stable parallel safe
    return stadtkern.staff_limits() is null
	or exists (select from jsonb_array_elements(stadtkern.staff_limits()) g
	    where coalesce(g -> 'departments' ? staff_may.department, true)
		and coalesce(g -> 'categories' ? staff_may.category, true));

-- The departments that may be seen at all, null: all. For an index; what it
-- lets through still has to pass staff_may().
create function stadtkern.staff_departments() returns text[]
    language sql stable parallel safe
begin atomic
	select case when bool_and(g ? 'departments') then array(
	    select distinct d
	    from jsonb_array_elements(stadtkern.staff_limits()) l,
		jsonb_array_elements_text(l -> 'departments') d) end
	from jsonb_array_elements(stadtkern.staff_limits()) g;
end;

-- SPDX-License-Identifier: EUPL-1.2
-- Who has left is anonymised some time later. The row stays, as histories and
-- the audit log name its id; nothing of it leads to a person any more.

create function stadtkern.staff_anonymise(days int) returns setof uuid
    language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	ids	uuid[];
begin
	with left_long_ago as (
	    update staff s set email = s.id || '@invalid',
		name = 'ausgeschieden', password_hash = null, subject = null,
		roles = '{}'
	    where s.tenant_id = tenant()
		and s.disabled_at < now() - make_interval(days => days)
		and s.email <> s.id || '@invalid'
	    returning s.id
	)
	select array_agg(l.id) into ids from left_long_ago l;
	delete from staff_passkey p
	where p.tenant_id = tenant() and p.staff_id = any (ids);
	delete from staff_totp t
	where t.tenant_id = tenant() and t.staff_id = any (ids);
	delete from staff_recovery r
	where r.tenant_id = tenant() and r.staff_id = any (ids);
	return query select unnest(ids);
end
$$;
revoke execute on function stadtkern.staff_anonymise(int) from public;
grant execute on function stadtkern.staff_anonymise(int)
    to stadtkern_courier;

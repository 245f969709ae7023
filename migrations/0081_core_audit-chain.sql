-- SPDX-License-Identifier: EUPL-1.2
-- Whose chain is to be signed, and whose has entries that are over. The
-- courier asks for all tenants at once, and has no policy that would show it
-- their entries.

create function stadtkern.audit_is_due(tenant int, seconds int)
    returns boolean language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	before		text := current_setting('stadtkern.tenant', true);
	its_number	bigint;
	its_at		timestamptz;
	its_head	bigint;
begin
	perform set_config('stadtkern.tenant', audit_is_due.tenant::text, true);
	select c.number, c.at into its_number, its_at
	from audit_checkpoint c where c.tenant_id = tenant()
	order by c.id desc limit 1;
	select max(a.number) into its_head
	from audit a where a.tenant_id = tenant();
	perform set_config('stadtkern.tenant', coalesce(before, ''), true);
	its_head := coalesce(its_head, its_number);
	if its_head is null then
		return false;
	end if;
	return its_at is null
	    or (its_at at time zone 'Europe/Berlin')::date
		< (now() at time zone 'Europe/Berlin')::date
	    or its_head > its_number
		and its_at < now() - make_interval(secs => seconds);
end
$$;

create function stadtkern.audit_is_over(tenant int, days int)
    returns boolean language plpgsql volatile
    security definer set search_path = stadtkern, public, pg_temp
as $$
declare
	before	text := current_setting('stadtkern.tenant', true);
	its	boolean;
begin
	perform set_config('stadtkern.tenant', audit_is_over.tenant::text, true);
	its := exists (select from audit a where a.tenant_id = tenant()
	    and a.at < now() - make_interval(days => audit_is_over.days));
	perform set_config('stadtkern.tenant', coalesce(before, ''), true);
	return its;
end
$$;
revoke execute on function stadtkern.audit_is_due(int, int),
    stadtkern.audit_is_over(int, int) from public;
grant execute on function stadtkern.audit_is_due(int, int),
    stadtkern.audit_is_over(int, int) to stadtkern_courier;

-- What is done to the staff, to API keys and to a tenant itself by others than
-- signed-in staff: the command line, the courier, the owner by hand. Requests
-- to the office have their entry from the server. `stadtkern.actor` may say
-- who it was.
create function stadtkern.audit_outside() returns trigger
    language plpgsql security definer set search_path = stadtkern, pg_temp
as $$
declare
	before		text := current_setting('stadtkern.tenant', true);
	was		jsonb := case when tg_op = 'INSERT' then '{}'
			    else to_jsonb(old) end;
	its		jsonb := case when tg_op = 'DELETE' then to_jsonb(old)
			    else to_jsonb(new) end;
	its_tenant	text := coalesce(its ->> 'tenant_id', its ->> 'id');
	changed		text[];
begin
	if staff() is not null
	    or session_user in ('stadtkern_office', 'stadtkern_public') then
		return null;
	end if;
	if tg_op = 'UPDATE' then
		select array_agg(n.key order by n.key) into changed
		from jsonb_each(its) n
		where n.value is distinct from was -> n.key
		    and n.key not in ('version', 'config_errors',
			'config_error_at');
		if changed is null then
			return null;
		end if;
	end if;
	perform set_config('stadtkern.tenant', its_tenant, true);
	insert into audit_inbox (tenant_id, request, actor, kind, action,
	    object, detail)
	values (its_tenant::int, gen_random_uuid(),
	    coalesce(nullif(current_setting('stadtkern.actor', true), ''),
		case session_user when 'stadtkern_courier' then 'courier'
		else 'command' end),
	    'change', lower(tg_op) || ' ' || tg_table_name,
	    json_build_object('id', its ->> 'id'),
	    case when changed is not null
		then json_build_object('changed', changed) end);
	perform set_config('stadtkern.tenant', coalesce(before, ''), true);
	return null;
end
$$;
create trigger audit_outside after insert or update or delete
    on stadtkern.staff for each row
    execute function stadtkern.audit_outside();
create trigger audit_outside after insert or update or delete
    on stadtkern.api_key for each row
    execute function stadtkern.audit_outside();
create trigger audit_outside after insert or update on stadtkern.tenant
    for each row execute function stadtkern.audit_outside();

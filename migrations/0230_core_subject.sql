-- SPDX-License-Identifier: EUPL-1.2
-- What an entry of the audit log is about, in words. `subject` is what a plugin
-- declares (struct subject): a text with {name} and parameters of the path, and
-- where the name stands. It is read as whoever asks, so that what policies hide
-- has no name. Null: there is nothing of that id any more, or it is not said.

create function stadtkern.subject_read(subject jsonb, object json)
    returns json language plpgsql stable
    set search_path = stadtkern, public, pg_temp
as $$
declare
	said	text := subject ->> 'says';
	its_id	text := object ->> (subject ->> 'id');
	name	text;
	part	record;
begin
	if said is null then
		return null;
	end if;
	for part in select key, value from json_each_text(object) loop
		said := replace(said, '{' || part.key || '}', part.value);
	end loop;
	if subject ? 'table' then
		if its_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
			return null;
		end if;
		execute format('select left(t.%I::text, 200) from %I.%I t '
		    'where t.tenant_id = stadtkern.tenant() and t.id = $1',
		    subject ->> 'name', subject ->> 'schema',
		    subject ->> 'table') into name using its_id::uuid;
		said := replace(said, '{name}', name);
	elsif said ~ '[{}]' then
		return null;
	end if;
	if said is null then
		return null;
	end if;
	return json_build_object('says', said, 'id', its_id,
	    'plugin', subject -> 'plugin', 'screen', subject -> 'screen');
end
$$;
revoke execute on function stadtkern.subject_read(jsonb, json) from public;
grant execute on function stadtkern.subject_read(jsonb, json)
    to stadtkern_office;

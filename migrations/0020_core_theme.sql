-- SPDX-License-Identifier: EUPL-1.2
-- What is made of a tenant's theme: stylesheet, pictures, fonts, manifest.
-- A file is named by a hash and never changes; one that is no longer part of
-- what is published stays for a while, as a page that is open may ask for it.

create table stadtkern.tenant_file (
	tenant_id	int not null,
	name		text not null
			check (name ~ '^[0-9a-f]{32}\.[a-z0-9]{2,12}$'),
	media_type	text not null,
	content		bytea not null
			check (octet_length(content) <= 1048576),
	gzip		bytea,		-- null: no smaller
	created_at	timestamptz not null default now(),
	retired_at	timestamptz,	-- null: part of what is published
	primary key (tenant_id, name)
);
-- What is stored is compressed already.
alter table stadtkern.tenant_file alter column content set storage external,
    alter column gzip set storage external;
create index tenant_file_retired on stadtkern.tenant_file
    (tenant_id, retired_at) where retired_at is not null;
select stadtkern.tenant_table('stadtkern.tenant_file');
revoke insert, update, delete on stadtkern.tenant_file
    from stadtkern_public, stadtkern_office;

-- Which of the named files the tenant does not have yet, as a JSON list. An
-- unknown tenant has none.
create function stadtkern.tenant_files_missing(slug text, names json)
    returns json language plpgsql security definer
    set search_path = stadtkern, pg_temp
as $$
declare
	its_id	int;
	before	text := current_setting('stadtkern.tenant', true);
	missing	json;
begin
	select t.id into its_id from tenant t
	where t.slug = tenant_files_missing.slug;
	perform set_config('stadtkern.tenant', coalesce(its_id::text, ''),
	    true);
	select coalesce(json_agg(n.name), '[]') into missing
	from json_array_elements_text(tenant_files_missing.names) as n (name)
	where not exists (select from tenant_file f
	    where f.tenant_id = its_id and f.name = n.name);
	perform set_config('stadtkern.tenant', coalesce(before, ''), true);
	return missing;
end
$$;

-- Makes `names` the tenant's published files: `files` are stored, objects
-- with name, type, base64 and gzip, the latter base64 or null; what is not
-- named retires. SK422: a name is neither there nor among the files.
create function stadtkern.tenant_files_publish(slug text, names json,
    files json) returns void language plpgsql security definer
    set search_path = stadtkern, pg_temp
as $$
declare
	its_id	int;
	before	text := current_setting('stadtkern.tenant', true);
begin
	select t.id into strict its_id from tenant t
	where t.slug = tenant_files_publish.slug;
	perform set_config('stadtkern.tenant', its_id::text, true);
	insert into tenant_file (tenant_id, name, media_type, content, gzip)
	select its_id, f.name, f.type, decode(f.base64, 'base64'),
	    decode(f.gzip, 'base64')
	from json_to_recordset(tenant_files_publish.files)
	    as f (name text, type text, base64 text, gzip text)
	on conflict (tenant_id, name) do nothing;
	-- What changed sides: is named and was retired, or the other way.
	update tenant_file f set retired_at = case when f.retired_at is null
	    then now() end
	where f.tenant_id = its_id and (f.retired_at is null) <>
	    (f.name in (select json_array_elements_text(
		tenant_files_publish.names)));
	if exists (select from json_array_elements_text(
	    tenant_files_publish.names) as n (name)
	    where not exists (select from tenant_file f
		where f.tenant_id = its_id and f.name = n.name)) then
		raise exception 'a file of the theme is missing'
		    using errcode = 'SK422';
	end if;
	perform set_config('stadtkern.tenant', coalesce(before, ''), true);
end
$$;
revoke execute on function stadtkern.tenant_files_missing(text, json),
    stadtkern.tenant_files_publish(text, json, json) from public;
grant execute on function stadtkern.tenant_files_missing(text, json),
    stadtkern.tenant_files_publish(text, json, json) to stadtkern_courier;

-- The published file that serves a purpose: 'manifest', 'favicon',
-- 'touch_icon' of the tenant at hand's theme.
create function stadtkern.tenant_file_of(purpose text) returns text
    language sql stable
    return (select config::json -> 'theme' ->> purpose
	from stadtkern.tenant where id = stadtkern.tenant());

-- SPDX-License-Identifier: EUPL-1.2
-- Where a tenant lies, where everybody else lies, and how a configuration is
-- published.

create table stadtkern.tenant_boundary (
	tenant_id	int not null primary key,
	boundary	geometry(MultiPolygon, 4326) not null
);
select stadtkern.tenant_table('stadtkern.tenant_boundary');
revoke insert, update, delete on stadtkern.tenant_boundary
    from stadtkern_public, stadtkern_office, stadtkern_courier;

-- Reference data, the same for all tenants: names a position outside.
create table stadtkern.municipality (
	ags		text primary key check (ags ~ '^[0-9]{8}$'),
	name		text not null,
	boundary	geometry(MultiPolygon, 4326) not null
);
create index municipality_boundary on stadtkern.municipality
    using gist (boundary);
grant select on stadtkern.municipality
    to stadtkern_public, stadtkern_office, stadtkern_courier;

-- A boundary as the map and the checks need it, or SK422 with a sentence.
create function stadtkern.boundary_from_geojson(its text)
    returns geometry language plpgsql immutable
    set search_path = stadtkern, public, pg_temp
as $$
declare
	shape	geometry;
	fault	text;
begin
	begin
		shape := ST_GeomFromGeoJSON(its);
	exception when others then
		raise exception 'boundary is no GeoJSON geometry: %', sqlerrm
		    using errcode = 'SK422';
	end;
	if shape is null then
		fault := 'boundary is no GeoJSON geometry';
	elsif GeometryType(shape) not in ('POLYGON', 'MULTIPOLYGON') then
		fault := format('boundary is a %s, not a Polygon or MultiPolygon',
		    GeometryType(shape));
	elsif ST_IsEmpty(shape) then
		fault := 'boundary is empty';
	elsif ST_XMin(shape) < -180 or ST_XMax(shape) > 180
	    or ST_YMin(shape) < -90 or ST_YMax(shape) > 90 then
		fault := 'boundary leaves the range of longitude and latitude';
	elsif not ST_IsValid(shape) then
		fault := format('boundary is no valid polygon: %s at %s',
		    ST_IsValidReason(shape),
		    ST_AsText((ST_IsValidDetail(shape)).location, 6));
	end if;
	if fault is not null then
		raise exception '%', fault using errcode = 'SK422';
	end if;
	return ST_SetSRID(ST_Multi(ST_Force2D(shape)), 4326);
end
$$;

-- Publishes a tenant's document; all processes hear of it. `boundary` null
-- keeps the one there is. Gives the new version. SK404: no such tenant;
-- SK422: the document or the boundary cannot be used.
create function stadtkern.tenant_publish(slug text, config text,
    boundary text) returns bigint language plpgsql security definer
    set search_path = stadtkern, public, pg_temp
as $$
declare
	its_id		int;
	its_version	bigint;
	before		text := current_setting('stadtkern.tenant', true);
begin
	begin
		if json_typeof(tenant_publish.config::json) is distinct from 'object'
		then
			raise exception 'no object' using errcode = '22030';
		end if;
	exception when data_exception then
		raise exception 'document of tenant "%" is no JSON object',
		    tenant_publish.slug using errcode = 'SK422';
	end;
	update tenant t set config = tenant_publish.config,
	    config_errors = null, config_error_at = null
	where t.slug = tenant_publish.slug
	returning t.id, t.version into its_id, its_version;
	if not found then
		raise exception 'there is no tenant "%"', tenant_publish.slug
		    using errcode = 'SK404';
	end if;

	perform set_config('stadtkern.tenant', its_id::text, true);
	if tenant_publish.boundary is not null then
		insert into tenant_boundary as b (tenant_id, boundary)
		values (its_id, boundary_from_geojson(tenant_publish.boundary))
		on conflict (tenant_id) do update
		set boundary = excluded.boundary
		where not (b.boundary ~= excluded.boundary
		    and ST_AsBinary(b.boundary) = ST_AsBinary(excluded.boundary));
	elsif not exists (select from tenant_boundary) then
		raise exception 'tenant "%" has no boundary', tenant_publish.slug
		    using errcode = 'SK422';
	end if;
	perform set_config('stadtkern.tenant', coalesce(before, ''), true);
	return its_version;
end
$$;
revoke execute on function stadtkern.tenant_publish(text, text, text)
    from public;
grant execute on function stadtkern.tenant_publish(text, text, text)
    to stadtkern_courier;

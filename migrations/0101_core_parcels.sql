-- SPDX-License-Identifier: EUPL-1.2
-- A city's parcels, as its cadastre gives them out (ALKIS), so that whoever
-- works on something out there knows whose ground it is on: the city's or not.
-- Whose otherwise is not known here, and there is no column for it.

create table stadtkern.parcel (
	tenant_id	int not null,
	key		text collate "C" not null	-- Flurstückskennzeichen
			check (key ~ '^\d{6}(\d{3}|___)\d{5}(\d{4}|____)(\d\d|__)$'),
	district	text,		-- the Gemarkung's name
	city_owned	boolean,	-- null: nobody said
	area		int,		-- m²
	boundary	geometry(MultiPolygon, 4326) not null,
	primary key (tenant_id, key)
);
select stadtkern.tenant_table('stadtkern.parcel');

-- Where it lies, by cells: web-mercator tiles at zoom 16, about 380 m wide.
-- (An index of geometries is not used under a policy.)
create table stadtkern.parcel_cell (
	tenant_id	int not null,
	x		int not null,
	y		int not null,
	key		text collate "C" not null,
	primary key (tenant_id, x, y, key),
	foreign key (tenant_id, key)
	    references stadtkern.parcel (tenant_id, key) on delete cascade
);
select stadtkern.tenant_table('stadtkern.parcel_cell');
create index parcel_cell_key on stadtkern.parcel_cell (tenant_id, key);
-- They come whole, by the command line, and are for the office.
revoke all on stadtkern.parcel, stadtkern.parcel_cell
    from stadtkern_public, stadtkern_office, stadtkern_courier;
grant select on stadtkern.parcel, stadtkern.parcel_cell to stadtkern_office;

create function stadtkern.parcel_x(lon float8) returns int
    language sql immutable strict parallel safe
    return floor((lon + 180) / 360 * 65536)::int;
create function stadtkern.parcel_y(lat float8) returns int
    language sql immutable strict parallel safe
    return floor((1 - asinh(tan(radians(least(greatest(lat, -85.0511),
	85.0511)))) / pi()) / 2 * 65536)::int;

-- "Waltrop, Flur 41, Flurstück 106/2"
create function stadtkern.parcel_label(key text, district text) returns text
    language sql immutable parallel safe
    return concat_ws(', ', district,
	'Flur ' || ltrim(nullif(substring(key, 7, 3), '___'), '0'),
	'Flurstück ' || ltrim(substring(key, 10, 5), '0')
	    || coalesce('/' || nullif(ltrim(replace(substring(key, 15, 4),
		'_', ''), '0'), ''), ''));

-- The parcel that a place is on, for whoever asks: null where there is none.
create function stadtkern.parcel_at(lat float8, lon float8) returns json
    language sql stable parallel safe
    set search_path = stadtkern, public, pg_temp
as $$
	select json_build_object('key', p.key,
	    'label', parcel_label(p.key, p.district),
	    'city_owned', p.city_owned, 'area', p.area)
	from parcel_cell c join parcel p
	    on p.tenant_id = c.tenant_id and p.key = c.key
	where c.tenant_id = tenant() and c.x = parcel_x(lon)
	    and c.y = parcel_y(lat) and st_covers(p.boundary,
		st_setsrid(st_makepoint(lon, lat), 4326))
	order by p.key limit 1
$$;

-- Those of a cell, for maps.
create function stadtkern.parcels_in(cell_x int, cell_y int) returns json
    language sql stable parallel safe
    set search_path = stadtkern, public, pg_temp
as $$
	select json_build_object('type', 'FeatureCollection', 'features',
	    coalesce(json_agg(json_build_object('type', 'Feature', 'id', p.key,
		'properties', json_build_object(
		    'label', parcel_label(p.key, p.district),
		    'city_owned', p.city_owned, 'area', p.area),
		'geometry', st_asgeojson(p.boundary, 7)::json)
		order by p.key), '[]'))
	from parcel_cell c join parcel p
	    on p.tenant_id = c.tenant_id and p.key = c.key
	where c.tenant_id = tenant() and c.x = parcels_in.cell_x
	    and c.y = parcels_in.cell_y
$$;

-- Takes some more of a new list, of which `line` counts from 0; what is wrong
-- with them comes back. Each is {"key", "district", "city_owned", "area",
-- "geometry"}. Whoever calls has emptied the table, and commits or does not.
create function stadtkern.parcels_add(list jsonb)
    returns table (line int, argument text) language plpgsql volatile
    set search_path = stadtkern, public, pg_temp
as $$
begin
	return query
	with entry as materialized (
	    select (e.ordinality - 1)::int as line, e.value as its,
		st_multi(st_setsrid(st_geomfromgeojson(e.value ->> 'geometry'),
		    4326)) as boundary
	    from jsonb_array_elements(list) with ordinality e
	), judged as materialized (
	    select e.*, case when not st_isvalid(e.boundary)
		then st_isvalidreason(e.boundary)
		when not st_intersects(e.boundary, b.boundary)
		then 'outside the city'
		when row_number() over (partition by e.its ->> 'key'
		    order by e.line) > 1 then 'twice: ' || (e.its ->> 'key')
		end as fault
	    from entry e left join tenant_boundary b on b.tenant_id = tenant()
	), put as (
	    insert into parcel (tenant_id, key, district, city_owned, area,
		boundary)
	    select tenant(), j.its ->> 'key', j.its ->> 'district',
		(j.its ->> 'city_owned')::boolean,
		(j.its ->> 'area')::float8::int, j.boundary
	    from judged j where j.fault is null
	    on conflict do nothing returning parcel.key
	)
	select j.line, coalesce(j.fault, 'twice: ' || (j.its ->> 'key'))
	from judged j left join put p on p.key = j.its ->> 'key'
	where p.key is null or j.fault is not null
	order by j.line;
	insert into parcel_cell (tenant_id, x, y, key)
	select tenant(), x, y, p.key from parcel p
	cross join lateral generate_series(parcel_x(st_xmin(p.boundary)),
	    parcel_x(st_xmax(p.boundary))) x
	cross join lateral generate_series(parcel_y(st_ymax(p.boundary)),
	    parcel_y(st_ymin(p.boundary))) y
	where p.tenant_id = tenant() and p.key in (
	    select e.value ->> 'key' from jsonb_array_elements(list) e)
	on conflict do nothing;
end
$$;
revoke execute on function stadtkern.parcels_add(jsonb) from public;

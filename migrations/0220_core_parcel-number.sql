-- SPDX-License-Identifier: EUPL-1.2
-- On a map there is room for a parcel's number and no more.

create function stadtkern.parcel_number(key text) returns text
    language sql immutable parallel safe
    return ltrim(substring(key, 10, 5), '0')
	|| coalesce('/' || nullif(ltrim(replace(substring(key, 15, 4),
	    '_', ''), '0'), ''), '');

create or replace function stadtkern.parcel_label(key text, district text)
    returns text language sql immutable parallel safe
    return concat_ws(', ', district,
	'Flur ' || ltrim(nullif(substring(key, 7, 3), '___'), '0'),
	'Flurstück ' || stadtkern.parcel_number(key));

create or replace function stadtkern.parcels_in(cell_x int, cell_y int)
    returns json language sql stable parallel safe
    set search_path = stadtkern, public, pg_temp
as $$
	select json_build_object('type', 'FeatureCollection', 'features',
	    coalesce(json_agg(json_build_object('type', 'Feature', 'id', p.key,
		'properties', json_build_object(
		    'number', parcel_number(p.key),
		    'label', parcel_label(p.key, p.district),
		    'city_owned', p.city_owned, 'area', p.area),
		'geometry', st_asgeojson(p.boundary, 7)::json)
		order by p.key), '[]'))
	from parcel_cell c join parcel p
	    on p.tenant_id = c.tenant_id and p.key = c.key
	where c.tenant_id = tenant() and c.x = parcels_in.cell_x
	    and c.y = parcels_in.cell_y
$$;

-- SPDX-License-Identifier: EUPL-1.2
-- Integer cells for maps. Under a policy an index serves only leakproof
-- operators, which int's are and geometry's are not; so a map is read by
-- (tenant_id, cell). A cell is a web-mercator tile at zoom 14, about 1.5 km
-- wide here.

create function stadtkern.cell_x(lon float8) returns int
    language sql immutable strict parallel safe
    return least(greatest(floor((lon + 180) / 360 * 16384), 0), 16383)::int;

create function stadtkern.cell_y(lat float8) returns int
    language sql immutable strict parallel safe
    return least(greatest(floor((1 - asinh(tan(radians(
	least(greatest(lat, -85.0511), 85.0511)))) / pi()) / 2 * 16384), 0),
	16383)::int;

create function stadtkern.cell(lat float8, lon float8) returns int
    language sql immutable strict parallel safe
    return (stadtkern.cell_x(lon) << 14) | stadtkern.cell_y(lat);

-- All cells of a bounding box; null when they are more than 1024, where
-- reading everything is as good.
create function stadtkern.cells(west float8, south float8, east float8,
    north float8) returns int[] language sql immutable strict parallel safe
    return case when (stadtkern.cell_x(east) - stadtkern.cell_x(west)
	    + 1)::bigint * (stadtkern.cell_y(south) - stadtkern.cell_y(north)
	    + 1) <= 1024 then
	array(select (x << 14) | y
	    from generate_series(stadtkern.cell_x(west),
		stadtkern.cell_x(east)) x,
	    generate_series(stadtkern.cell_y(north), stadtkern.cell_y(south)) y)
	end;

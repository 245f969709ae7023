-- SPDX-License-Identifier: EUPL-1.2
-- A city's streets: what an address is checked against, and what of it lies in
-- which district of which service. Waste, and whatever else goes from house to
-- house, asks here instead of keeping a list of its own.

-- What two spellings of a street have in common: "Obere Münster-Straße", "obere
-- muensterstr." and "Obere Munsterstr" are one. Umlauts, blanks, hyphens and
-- dots do not count, and the end of "Straße" may be missing; "Neue Straße" and
-- "Neustraße" are two.
create function stadtkern.street_key(name text) returns text
    language sql immutable strict parallel safe
begin atomic
	select regexp_replace(replace(regexp_replace(regexp_replace(replace(
	    translate(lower(translate(normalize(street_key.name),
		'ÄÖÜẞÁÀÂÇÉÈÊËÍÌÎÏÑÓÒÔÚÙÛ', 'äöüßáàâçéèêëíìîïñóòôúùû')),
		'äöüáàâçéèêëíìîïñóòôúùû', 'aouaaaceeeeiiiinooouuu'),
	    'ß', 'ss'), '(^|[^aeiou])([aou])e', '\1\2', 'g'),
	    '[^a-z0-9]', '', 'g'),
	    'strasse', 'str'), 'stra(s|ss)?$', 'str');
end;

-- A house number as it is kept, null for what is none: "12 A" is 12a, "007" is
-- 7, "12 – 14" is 12-14; 7 1/2 and 5/7 stay.
create function stadtkern.house_number(text text) returns text
    language sql immutable strict parallel safe
begin atomic
	select case when p[5] is null or p[4] = '/' or p[5]::int > p[1]::int
	    then p[1] || p[2] || coalesce(p[3], '') || coalesce(p[4], '')
		|| coalesce(p[5], '') || coalesce(p[6], '') end
	from (select regexp_match(lower(btrim(regexp_replace(translate(replace(
	    house_number.text, '½', ' 1/2'), '–—−', '---'), '\s+', ' ', 'g'))),
	    '^0*([1-9]\d{0,3}) ?([a-z]?)( 1/2)?'
	    '(?: ?([-/]) ?0*([1-9]\d{0,3}) ?([a-z]?))?$') as p) m;
end;

-- To be compared in the order of bytes: 2 before 10, 7 before 7 1/2.
create function stadtkern.house_number_order(number text) returns text
    language sql immutable strict parallel safe
    return lpad(substring(number from '^\d+'), 5, '0')
	|| substring(number from '^\d+(.*)$');

create table stadtkern.street (
	tenant_id	int not null,
	key		text collate "C" not null check (key <> ''),
	name		text not null,
	primary key (tenant_id, key)
);
select stadtkern.tenant_table('stadtkern.street');

-- In the list's order; of several that fit an address the first counts.
-- `districts` is what other services make of it: {"paper": "west"}.
create table stadtkern.street_section (
	tenant_id	int not null,
	street		text collate "C" not null,
	section		int not null,
	first_number	text collate "C",	-- house_number_order(); null: all
	last_number	text collate "C",
	side		text not null default 'all'
			check (side in ('all', 'odd', 'even')),
	postcode	text not null,
	part		text,
	lat		float8,
	lon		float8,
	districts	jsonb not null default '{}',
	primary key (tenant_id, street, section),
	foreign key (tenant_id, street)
	    references stadtkern.street (tenant_id, key) on delete cascade,
	check ((first_number is null) = (last_number is null)),
	check ((lat is null) = (lon is null))
);
select stadtkern.tenant_table('stadtkern.street_section');
-- A list comes whole, by the command line.
revoke insert, update, delete on stadtkern.street, stadtkern.street_section
    from stadtkern_public, stadtkern_office, stadtkern_courier;

-- What a person may have meant, best first: the same, what begins so, what has
-- it somewhere inside. A house number behind the name does no harm.
create function stadtkern.street_search(words text, most int)
    returns table (key text, name text) language sql stable parallel safe
    set search_path = stadtkern, public, pg_temp
as $$
	with asked as (
	    select street_key(words) as whole,
		street_key(regexp_replace(words, '[ ,]+\d[^,]*$', '')) as part
	), ranked as (
	    select s.key, s.name, case
		when s.key in (a.whole, a.part) then 0
		when starts_with(s.key, a.whole) then 1
		when starts_with(s.key, a.part) then 2
		when strpos(s.key, a.whole) > 0 then 3 end as rank
	    from street s cross join asked a
	    where a.whole <> '' and a.part <> '' and s.tenant_id = tenant()
	)
	select r.key, r.name from ranked r where r.rank is not null
	order by r.rank, r.key limit most
$$;

-- One address of the list. `problem` is street-unknown, house-number or
-- address-unknown, as the platform's problems say it.
create type stadtkern.address as (
	problem		text,
	street		text,		-- the key
	name		text,
	house_number	text,
	postcode	text,
	part		text,
	lat		float8,
	lon		float8,
	districts	jsonb
);
create function stadtkern.address_find(street text, house_number text,
    postcode text default null) returns stadtkern.address
    language plpgsql stable parallel safe
    set search_path = stadtkern, public, pg_temp
as $$
declare
	its	address;
	spot	text;
begin
	select s.key, s.name into its.street, its.name from street s
	where s.tenant_id = tenant() and s.key = street_key(address_find.street);
	if not found then
		its.problem := 'street-unknown';
		return its;
	end if;
	its.house_number := house_number(address_find.house_number);
	if its.house_number is null then
		its.problem := 'house-number';
		return its;
	end if;
	spot := house_number_order(its.house_number);
	select x.postcode, x.part, x.lat, x.lon, x.districts
	into its.postcode, its.part, its.lat, its.lon, its.districts
	from street_section x
	where x.tenant_id = tenant() and x.street = its.street
	    and coalesce(spot >= x.first_number
		and spot < x.last_number || '~', true)
	    and (x.side = 'all' or (x.side = 'odd')
		= (substring(spot for 5)::int % 2 = 1))
	    and x.postcode = coalesce(address_find.postcode, x.postcode)
	order by x.section limit 1;
	if not found then
		its.problem := 'address-unknown';
	end if;
	return its;
end
$$;

-- What goes with its problem: the street that was found, else those that may
-- be meant.
create function stadtkern.address_arguments(its stadtkern.address,
    words text) returns json language sql stable parallel safe
    set search_path = stadtkern, public, pg_temp
    return case its.problem
	when 'street-unknown' then json_build_object('streets', (
	    select coalesce(json_agg(s.name), '[]')
	    from street_search(words, 5) s))
	when 'address-unknown' then json_build_object('street', its.name) end;

-- What is wrong with a list: `line` counts its entries from 0. Each entry is
-- {"street", "postcode", "part", "from", "to", "side", "lat", "lon",
-- "districts"}.
create function stadtkern.street_list_faults(list jsonb)
    returns table (line int, field text, code text, argument text)
    language sql stable set search_path = stadtkern, public, pg_temp
as $$
	with entry as materialized (
	    select (e.ordinality - 1)::int as line, e.value ->> 'street' as street,
		street_key(e.value ->> 'street') as key,
		e.value ->> 'from' as first, e.value ->> 'to' as last,
		(e.value ->> 'lat')::float8 as lat,
		(e.value ->> 'lon')::float8 as lon
	    from jsonb_array_elements(list) with ordinality e
	), fault (line, field, code, argument) as (
	    select line, 'street', 'format', 'a street''s name' from entry
	    where key = ''
	    union all
	    select e.line, 'street', 'conflict', f.street from entry e
	    join lateral (select x.street from entry x where x.key = e.key
		order by x.line limit 1) f on f.street <> e.street
	    union all
	    select line, 'from', 'format', 'a house number such as 12a'
	    from entry where first is not null and house_number(first) is null
	    union all
	    select line, 'to', 'format', 'a house number such as 12a'
	    from entry where last is not null and house_number(last) is null
	    union all
	    select line, 'to', 'conflict', 'from ' || first from entry
	    where house_number_order(house_number(first))
		> house_number_order(house_number(last)) || '~'
	    union all
	    select line, 'lat', 'required', 'lat and lon' from entry
	    where (lat is null) <> (lon is null)
	    union all
	    select e.line, 'lat', 'conflict', 'outside the city' from entry e
	    join tenant_boundary b on b.tenant_id = tenant()
	    where not st_covers(b.boundary,
		st_setsrid(st_makepoint(e.lon, e.lat), 4326))
	)
	select * from fault order by line, field limit 100
$$;

-- The list in place of the one before, all of it or nothing.
create function stadtkern.street_list_put(list jsonb) returns int
    language plpgsql volatile set search_path = stadtkern, public, pg_temp
as $$
declare
	streets	int;
begin
	delete from street s where s.tenant_id = tenant();
	insert into street (tenant_id, key, name)
	select distinct on (street_key(e.value ->> 'street')) tenant(),
	    street_key(e.value ->> 'street'), e.value ->> 'street'
	from jsonb_array_elements(list) e;
	get diagnostics streets = row_count;
	insert into street_section (tenant_id, street, section, first_number,
	    last_number, side, postcode, part, lat, lon, districts)
	select tenant(), street_key(e.value ->> 'street'), e.ordinality,
	    house_number_order(house_number(coalesce(e.value ->> 'from',
		e.value ->> 'to'))),
	    house_number_order(house_number(coalesce(e.value ->> 'to',
		e.value ->> 'from'))),
	    coalesce(e.value ->> 'side', 'all'), e.value ->> 'postcode',
	    e.value ->> 'part', (e.value ->> 'lat')::float8,
	    (e.value ->> 'lon')::float8, coalesce(e.value -> 'districts', '{}')
	from jsonb_array_elements(list) with ordinality e;
	perform changed('/streets');
	return streets;
end
$$;
revoke execute on function stadtkern.street_list_put(jsonb) from public;

-- SPDX-License-Identifier: EUPL-1.2
-- Made-up bookings for a demonstration: up to five on each of a district's next
-- six days, at addresses of the city's street list. Nobody's name and contact.

create temporary table demo_booking on commit drop as
with rules as (
    select config::jsonb #> '{tenant,plugins,bulky-waste}' as r
    from stadtkern.tenant where id = stadtkern.tenant()
), district as (
    select d.value ->> 'code' as district, array(select
	array_position(array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
	    x) from jsonb_array_elements_text(d.value -> 'days') x) as days
    from rules, jsonb_array_elements(r -> 'districts') d
), day as (
    select d.district, x.day,
	row_number() over (partition by d.district order by x.day) as nth
    from district d
    cross join lateral (select stadtkern.today() + g as day
	from generate_series(3, 59) g) x
    where extract(isodow from x.day)::int = any (d.days)
	and not exists (select from stadtkern.holiday h where h.day = x.day)
), place as (
    select x.districts ->> 'bulky-waste' as district, x.street, s.name,
	x.postcode, x.lat, x.lon, x.side,
	row_number() over (partition by x.districts ->> 'bulky-waste'
	    order by x.section) as nth,
	count(*) over (partition by x.districts ->> 'bulky-waste') as of
    from stadtkern.street_section x
    join stadtkern.street s on s.tenant_id = x.tenant_id and s.key = x.street
    where x.tenant_id = stadtkern.tenant()
), thing (nth, code, name, volume, weight, electrical) as (values
    (0, 'sofa', 'Sofa, Couch', 1500, 60, false),
    (1, 'mattress', 'Matratze', 400, 20, false),
    (2, 'cupboard', 'Schrank, zerlegt', 1000, 80, false),
    (3, 'fridge', 'Kühlschrank, Gefriergerät', 0, 0, true),
    (4, 'carpet', 'Teppich, gerollt', 300, 20, false)
)
select gen_random_uuid() as id, d.district, d.day, p.street, p.name,
    (2 * d.nth + case p.side when 'even' then 2 else 1 end)::text as number,
    p.postcode, p.lat, p.lon, t.code, t.name as thing, t.volume, t.weight,
    t.electrical
from day d
cross join generate_series(1, 5) g
join place p on p.district = d.district
    and p.nth = 1 + (d.nth * 5 + g) % p.of
join thing t on t.nth = (d.nth + g) % 5
where d.nth <= 6 and g <= 5 - d.nth % 3;

insert into bulky_waste.booking (tenant_id, id, number, district, day, street,
    street_name, house_number, postcode, lat, lon, items, volume, weight,
    devices, fee, free, language, change_until)
select stadtkern.tenant(), d.id,
    (20000000 + row_number() over (order by d.day, d.id))::text, d.district,
    d.day, d.street, d.name, d.number, d.postcode, d.lat, d.lon,
    jsonb_build_array(jsonb_build_object('item', d.code, 'name', d.thing,
	'count', 1, 'electrical', d.electrical)),
    d.volume, d.weight, d.electrical::int, 0, '{}', 'de',
    (d.day - 1 + time '12:00') at time zone 'Europe/Berlin'
from demo_booking d;

insert into bulky_waste.day (tenant_id, district, day, booked)
select stadtkern.tenant(), d.district, d.day, count(*) from demo_booking d
group by d.district, d.day;

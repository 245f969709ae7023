-- SPDX-License-Identifier: EUPL-1.2
-- Statements of bulky waste. Citizens' first, then the office's, then the
-- courier's.

-- name: address_show :row
-- An address of the city, and where and when things are collected there.
select json_build_object('address', json_build_object('street', a.name,
	'house_number', a.house_number, 'postcode', a.postcode,
	'part', a.part),
    'district', a.districts ->> 'bulky-waste',
    'name', :settings.rules::jsonb -> 'districts'
	-> (a.districts ->> 'bulky-waste') ->> 'name') as body,
    a.problem, address_arguments(a, :address.street::text) as arguments
from bulky_waste.address_of(:settings.rules::jsonb, :address::jsonb) a;

-- name: day_list :row
-- A district's days, and what is left on each; none of the city: no row.
select json_build_object('district', :district::text, 'days',
    coalesce(json_agg(json_build_object('day', d.day, 'free',
	case when d.closed is null then d.free else 0 end,
	'express', d.express, 'closed', d.closed) order by d.day), '[]'))
    as body
from bulky_waste.days(:settings.rules::jsonb, :district::text) d
having :settings.rules::jsonb -> 'districts' ? :district::text;

-- name: quote_show :row
-- What a pick-up would cost.
select q.body, q.problem, q.arguments
from bulky_waste.quote(:settings.rules::jsonb, :address::jsonb,
    :need::jsonb, :day::date) q;

-- name: booking_create :row
-- Books; a refusal leaves nothing behind.
select case when b.body is not null then answered(b.body) end as body,
    b.problem, b.arguments
from bulky_waste.book(:settings.rules::jsonb, :address::jsonb, :need::jsonb,
    array(select jsonb_array_elements_text(:days::jsonb))::date[],
    :express::bool, :fee_cents::int, :household::bytea, :contact::bytea,
    :letter::bytea, :language::text) b;

-- name: booking_list :page
-- Bookings of this device or its account.
select b.day || '/' || b.id as position, bulky_waste.shown_own(b.id) as body
from (select x.id, x.day from bulky_waste.booking x
    where (x.device_id = device() or x.account_id = account())
	and coalesce((x.day, x.id) < (split_part(:after::text, '/', 1)::date,
	    split_part(:after::text, '/', 2)::uuid), true)
    order by x.day desc, x.id desc limit :limit::int) b
order by b.day desc, b.id desc;

-- name: booking_show :row
-- One of them.
select s.body from bulky_waste.shown_own(:id::uuid) s (body)
where s.body is not null;

-- name: booking_calendar :row
-- What a calendar file says of it.
select b.id, b.number, b.state, b.version - 1 as sequence,
    to_char(b.changed_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"')
	as stamp,
    to_char(b.day, 'YYYYMMDD') as first,
    to_char(b.day + 1, 'YYYYMMDD') as behind,
    b.street_name || ' ' || b.house_number || ', ' || b.postcode as address
from bulky_waste.booking b
where b.id = :id::uuid
    and (b.device_id = device() or b.account_id = account());

-- name: booking_change :row
-- Moves it or changes its things.
select c.body, c.problem, c.arguments
from bulky_waste.change(:settings.rules::jsonb, :id::uuid, :version::int,
    case when :days::jsonb is not null then
	array(select jsonb_array_elements_text(:days::jsonb))::date[] end,
    :need::jsonb, :express::bool, :fee_cents::int) c;

-- name: booking_cancel :row
-- Cancels an own one.
select c.body, c.problem, c.arguments
from bulky_waste.cancel(:settings.rules::jsonb, :id::uuid, 'citizen',
    :reason::text) c;

-- name: district_list :row
-- Districts as the city's file has them.
select json_build_object('items', coalesce(json_agg(json_build_object(
	'code', d.key, 'name', d.value ->> 'name',
	'days', d.value -> 'days',
	'capacity', (d.value ->> 'capacity')::int) order by d.key), '[]'))
    as body
from jsonb_each(:settings.rules::jsonb -> 'districts') d
where staff_may(:settings.department::text, d.key);

-- name: plan_list :page
-- The stops of a day, in their order.
select t.stop::text as position, json_build_object('stop', t.stop,
	'id', b.id, 'number', b.number, 'version', b.version,
	'address', json_build_object('street', b.street_name,
	    'house_number', b.house_number, 'postcode', b.postcode),
	'position', case when b.lat is not null then
	    json_build_object('lat', b.lat, 'lon', b.lon) end,
	'items', b.items, 'volume', b.volume / 1000.0::float8,
	'weight', b.weight, 'devices', b.devices, 'express', b.express,
	'fee_cents', b.fee) as body,
    b.household
from bulky_waste.tour(:district::text, :day::date) t
join bulky_waste.booking b on b.id = t.id
where staff_may(:settings.department::text, :district::text)
    and t.stop > coalesce(:after::int, 0)
order by t.stop limit :limit::int;

-- name: office_days :row
-- Each district's days from one to another.
with asked as materialized (
    select f.day as from, least(coalesce(:until::date, f.day + 27),
	f.day + 365) as until
    from (select coalesce(:from::date, today()) as day) f
)
select json_build_object('items', coalesce(json_agg(json_build_object(
	'district', r.key, 'day', x.day,
	'booked', coalesce(d.booked, 0),
	'capacity', coalesce(d.capacity, (r.value ->> 'capacity')::int),
	'own_capacity', d.capacity, 'closed', coalesce(d.closed, h.name),
	'volume', b.volume, 'weight', b.weight, 'devices', b.devices)
    order by x.day, r.key), '[]')) as body
from asked a
cross join lateral (select a.from + g as day
    from generate_series(0, a.until - a.from) g) x
cross join jsonb_each(:settings.rules::jsonb -> 'districts') r
left join bulky_waste.day d on d.district = r.key and d.day = x.day
left join holiday h on h.day = x.day
left join lateral (select sum(b.volume) / 1000.0::float8 as volume,
	sum(b.weight) as weight, sum(b.devices) as devices
    from bulky_waste.booking b where b.district = r.key and b.day = x.day
	and b.state = 'booked') b on true
where staff_may(:settings.department::text, r.key)
    and (r.value -> 'days' @> to_jsonb(extract(isodow from x.day)::int)
	or d.booked > 0 or d.closed is not null or d.capacity is not null);

-- name: office_search :page
-- By number, else by street and house number.
with asked as materialized (
    select street_key(:q::text) as whole,
	street_key(regexp_replace(:q::text, '[ ,]+\d[^,]*$', '')) as part,
	house_number(substring(:q::text from '[ ,]+(\d[^,]*)$')) as number
)
select b.day || '/' || b.id as position, json_build_object('id', b.id,
	'number', b.number, 'state', b.state, 'version', b.version,
	'day', b.day, 'district', b.district,
	'address', json_build_object('street', b.street_name,
	    'house_number', b.house_number, 'postcode', b.postcode),
	'items', b.items, 'fee_cents', b.fee) as body
from bulky_waste.booking b cross join asked a
where staff_may(:settings.department::text, b.district)
    and case when :number::text is not null then b.number = :number::text
	else starts_with(b.street, a.whole) or starts_with(b.street, a.part)
	    and b.house_number = coalesce(a.number, b.house_number) end
    and coalesce((b.day, b.id) < (split_part(:after::text, '/', 1)::date,
	split_part(:after::text, '/', 2)::uuid), true)
order by b.day desc, b.id desc limit :limit::int;

-- name: booking_csv :csv
-- What is to be fetched, day by day in the order of the stops.
with asked as materialized (
    select f.day as from, coalesce(:until::date, f.day + 27) as until
    from (select coalesce(:from::date, today()) as day) f
), planned as materialized (
    select distinct b.day, b.district
    from asked a join bulky_waste.booking b
	on b.day between a.from and a.until
    where b.state = 'booked'
	and staff_may(:settings.department::text, b.district)
)
select p.day, p.district, t.stop, b.number, b.street_name as street,
    b.house_number, b.postcode, b.household as "household.name",
    b.contact as "contact.phone", b.contact as "contact.email",
    b.household as "household.note",
    (select string_agg((i ->> 'count') || ' × ' || (i ->> 'name'), ', ')
	from jsonb_array_elements(b.items) i) as items,
    (b.volume / 1000.0)::numeric(8, 2) as volume, b.weight, b.devices,
    b.express, (b.fee / 100.0)::numeric(8, 2) as fee,
    case when b.fee > 0 then b.payment end as payment
from planned p
cross join lateral bulky_waste.tour(p.district, p.day) t
join bulky_waste.booking b on b.id = t.id
order by p.day, p.district, t.stop;

-- name: office_show :row
-- All of it; the boxes are opened by the server.
select bulky_waste.shown(b) as body, b.household, b.contact
from bulky_waste.booking b
where b.id = :id::uuid and staff_may(:settings.department::text, b.district);

-- name: office_cancel :row
-- Cancels one for the office.
select c.body, c.problem, c.arguments
from bulky_waste.booking b
cross join lateral bulky_waste.cancel(:settings.rules::jsonb, b.id, 'office',
    :reason::text) c
where b.id = :id::uuid and staff_may(:settings.department::text, b.district);

-- name: day_put :row
-- Capacity of a day, or that it is closed.
select json_build_object('district', d.district, 'day', d.day,
    'booked', d.booked, 'capacity', d.capacity, 'closed', d.closed) as body
from (select 1 where staff_may(:settings.department::text, :district::text)
	and :settings.rules::jsonb -> 'districts' ? :district::text) s
cross join lateral bulky_waste.day_set(:district::text, :day::date,
    :capacity::int, :closed::text) d;

-- name: day_cancel :row
-- Closes a day and cancels what is booked on it.
select answered(bulky_waste.day_cancel(:settings.rules::jsonb,
    :district::text, :day::date, :reason::text)) as body
where staff_may(:settings.department::text, :district::text)
    and :settings.rules::jsonb -> 'districts' ? :district::text;

-- name: order_put :row
-- An order of one's own.
select json_build_object('stops', bulky_waste.tour_set(:district::text,
    :day::date,
    array(select jsonb_array_elements_text(:bookings::jsonb))::uuid[]))
    as body
where staff_may(:settings.department::text, :district::text)
    and :settings.rules::jsonb -> 'districts' ? :district::text;

-- name: booking_facts :row
-- What a mail says of a booking and its job does not.
select json_build_object('address',
    b.street_name || ' ' || b.house_number) as body
from bulky_waste.booking b where b.id = :id::uuid;

-- name: contact_erase :done
-- Names and contact data some time after the pick-up.
update bulky_waste.booking b
set household = null, contact = null, letter = null
where b.day < today() - :days::int and (b.household is not null
    or b.contact is not null or b.letter is not null);

-- name: booking_erase :done
-- What has been kept as long as was said.
delete from bulky_waste.booking where day < today() - :days::int;

-- name: allowance_erase :done
-- What was used in a year, some time after its end.
delete from bulky_waste.allowance
where make_date(year, 12, 31) < today() - :days::int;

-- name: day_erase :done
-- Capacity and closed days that are long over; they say nothing of anybody.
delete from bulky_waste.day where day < today() - 400;

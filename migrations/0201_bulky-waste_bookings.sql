-- SPDX-License-Identifier: EUPL-1.2
-- Bookings of bulky-waste pick-ups. Whoever books goes through the functions
-- below, which lock in one order: days by date, then the booking, then what an
-- address has used. So no two wait for each other, and each lock lasts for one
-- statement.

create schema bulky_waste;

-- A day of a district, from its first booking or the office's first word on.
create table bulky_waste.day (
	tenant_id	int not null,
	district	text not null,
	day		date not null,
	booked		int not null default 0 check (booked >= 0),
	capacity	int check (capacity >= 0),	-- null: the city's file
	closed		text,		-- why nothing is collected
	primary key (tenant_id, district, day)
);
select stadtkern.tenant_table('bulky_waste.day');
revoke insert, update, delete on bulky_waste.day from stadtkern_public,
    stadtkern_office;

-- Free pick-ups that an address has used in a year.
create table bulky_waste.allowance (
	tenant_id	int not null,
	street		text not null,
	house_number	text not null,
	year		int not null,
	kind		text not null check (kind in ('bulky', 'electrical')),
	used		int not null default 0 check (used >= 0),
	primary key (tenant_id, street, house_number, year, kind)
);
select stadtkern.tenant_table('bulky_waste.allowance');
revoke all on bulky_waste.allowance from stadtkern_public, stadtkern_office;

create table bulky_waste.booking (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	number		text not null check (number ~ '^\d{8}$'),
	device_id	uuid,
	account_id	uuid,
	state		text not null default 'booked'
			check (state in ('booked', 'cancelled')),
	version		int not null default 1,
	district	text not null,
	day		date not null,
	stop		int,		-- the office's order of the day
	street		text not null,
	street_name	text not null,
	house_number	text not null,
	postcode	text not null,
	lat		float8,
	lon		float8,
	items		jsonb not null,
	volume		int not null,	-- litres
	weight		int not null,	-- kilogrammes
	devices		int not null,
	express		boolean not null default false,
	fee		int not null check (fee >= 0),		-- cents
	free		text[] not null default '{}',	-- allowances used
	household	bytea,
	contact		bytea,
	letter		bytea,		-- sealed to the courier
	language	text not null,
	change_until	timestamptz(0) not null,
	cancelled_at	timestamptz(0),
	cancelled_by	text check (cancelled_by in ('citizen', 'office')),
	reason		text,
	created_at	timestamptz(0) not null default now(),
	changed_at	timestamptz(0) not null default now(),
	contact_until	date not null,
	keep_until	date not null,
	primary key (tenant_id, id),
	unique (tenant_id, number),
	foreign key (tenant_id, device_id)
	    references stadtkern.device (tenant_id, id)
	    on delete set null (device_id),
	foreign key (tenant_id, account_id)
	    references stadtkern.account (tenant_id, id)
	    on delete set null (account_id),
	check ((state = 'cancelled') = (cancelled_at is not null))
);
create index booking_plan on bulky_waste.booking (tenant_id, district, day)
    where state = 'booked';
create index booking_device on bulky_waste.booking (tenant_id, device_id)
    where device_id is not null;
create index booking_account on bulky_waste.booking (tenant_id, account_id)
    where account_id is not null;
create index booking_street on bulky_waste.booking
    (tenant_id, street, house_number);
create index booking_contact_until on bulky_waste.booking
    (tenant_id, contact_until) where contact is not null
    or household is not null or letter is not null;
create index booking_keep_until on bulky_waste.booking
    (tenant_id, keep_until);
select stadtkern.tenant_table('bulky_waste.booking',
    '{household,contact,letter}');
revoke insert, update, delete on bulky_waste.booking from stadtkern_public,
    stadtkern_office;
create policy public_own on bulky_waste.booking
    as restrictive to stadtkern_public
    using (coalesce(device_id = stadtkern.device(), false)
	or coalesce(account_id = stadtkern.account(), false));

-- The days on which a district is collected, as far ahead as the city plans.
-- `rules` is what the settings make: {"districts": {"north": {"days": [1],
-- "capacity": 20}}, "lead": {"min": 2, "max": 60}, "express": {"days": 1,
-- "fee": 2000}, …}. `closed` says why not; of an express day the fee is more.
create function bulky_waste.days(rules jsonb, district text)
    returns table (day date, free int, express boolean, closed text)
    language sql stable set search_path = bulky_waste, stadtkern, pg_temp
as $$
	select x.day, greatest(coalesce(d.capacity,
	    (r.its ->> 'capacity')::int) - coalesce(d.booked, 0), 0),
	    x.day < today() + r.soonest, coalesce(d.closed, h.name)
	from (select rules -> 'districts' -> days.district as its,
		(rules #>> '{lead,min}')::int as soonest) r
	cross join lateral (select today() + g as day from generate_series(
	    coalesce((rules #>> '{express,days}')::int, r.soonest),
	    (rules #>> '{lead,max}')::int) g) x
	left join bulky_waste.day d on d.tenant_id = tenant()
	    and d.district = days.district and d.day = x.day
	left join holiday h on h.day = x.day
	where r.its -> 'days' @> to_jsonb(extract(isodow from x.day)::int)
	order by x.day
$$;

-- What an answer says of a day that cannot be had: from when until when days
-- are given out, and the next that are free.
create function bulky_waste.day_told(rules jsonb, district text, day date,
    soonest int) returns json language sql stable
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
	select json_build_object('day', day_told.day,
	    'from', today() + soonest,
	    'until', today() + (rules #>> '{lead,max}')::int,
	    'free_days', coalesce(json_agg(n.day order by n.day), '[]'))
	from (select d.day from days(rules, day_told.district) d
	    where d.free > 0 and d.closed is null and not d.express
	    order by d.day limit 5) n
$$;

-- Ends a booking half made; book() and the others catch it, and with it goes
-- all that was done for it.
create function bulky_waste.refuse(problem text, arguments json default null)
    returns void language plpgsql immutable
as $$
begin
	raise exception '%', problem using errcode = 'BW001',
	    detail = coalesce(arguments::text, '');
end
$$;

-- Locks the wished days and gives the first that can be had. `keep` is the day
-- that a booking has already: it needs no lead time.
create function bulky_waste.day_take(rules jsonb, its_district text,
    wishes date[], express boolean, keep date default null) returns date
    language plpgsql volatile security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	its	jsonb := rules -> 'districts' -> its_district;
	soonest	int := (rules #>> '{lead,min}')::int;
	wish	date;
	here	day;
	fault	text;
begin
	if express and not rules ? 'express' then
		perform refuse('no-express');
	elsif express then
		soonest := (rules #>> '{express,days}')::int;
	end if;
	foreach wish in array wishes loop
		if wish is not distinct from keep then
			continue;
		elsif wish < today() + soonest
		    or wish > today() + (rules #>> '{lead,max}')::int then
			perform refuse('day-outside', day_told(rules,
			    its_district, wish, soonest));
		elsif not its -> 'days'
		    @> to_jsonb(extract(isodow from wish)::int) then
			perform refuse('day-other', day_told(rules,
			    its_district, wish, soonest));
		end if;
	end loop;

	insert into day (tenant_id, district, day)
	select tenant(), its_district, w from unnest(wishes) w
	group by w order by w on conflict do nothing;
	perform from day d where d.tenant_id = tenant()
	    and d.district = its_district and d.day = any (wishes)
	order by d.day for update;
	foreach wish in array wishes loop
		select d.* into here from day d where d.tenant_id = tenant()
		    and d.district = its_district and d.day = wish;
		if here.closed is not null
		    or exists (select from holiday h where h.day = wish) then
			fault := coalesce(fault, 'day-closed');
		elsif here.booked
		    >= coalesce(here.capacity, (its ->> 'capacity')::int) then
			fault := coalesce(fault, 'day-full');
		else
			update day d set booked = d.booked + 1
			where d.tenant_id = tenant()
			    and d.district = its_district and d.day = wish;
			return wish;
		end if;
	end loop;
	perform refuse(fault, day_told(rules, its_district, wishes[1], soonest));
end
$$;

-- All that an address has used, always in the same order.
create function bulky_waste.allowance_lock(its bulky_waste.booking)
    returns void language sql volatile security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
	select from allowance a where a.tenant_id = tenant()
	    and a.street = its.street and a.house_number = its.house_number
	order by a.year, a.kind for update
$$;

-- Gives a booking's place and free pick-ups back; its day is locked.
create function bulky_waste.release(its bulky_waste.booking) returns void
    language sql volatile security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
	select allowance_lock(its);
	update day d set booked = d.booked - 1 where d.tenant_id = tenant()
	    and d.district = its.district and d.day = its.day;
	update allowance a set used = a.used - 1
	where a.tenant_id = tenant() and a.street = its.street
	    and a.house_number = its.house_number
	    and a.year = extract(year from its.day)::int
	    and a.kind = any (its.free);
$$;

-- As people here write it, 25,00.
create function bulky_waste.money(cents int) returns text
    language sql immutable parallel safe
    return (cents / 100) || ',' || lpad((cents % 100)::text, 2, '0');

-- Uses what is free of a year's pick-ups; what is not is paid. `agreed` is the
-- fee that the person was shown: a higher one is told and nothing happens.
create function bulky_waste.fee_take(rules jsonb, inout its bulky_waste.booking,
    agreed int) language plpgsql volatile security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	its_kind	text;
	kinds		text[] := '{}';
	its_year	int := extract(year from its.day);
	used_up		boolean := false;
begin
	if its.items @> '[{"electrical": false}]' then
		kinds := kinds || 'bulky'::text;
	end if;
	if its.devices > 0 then
		kinds := kinds || 'electrical'::text;
	end if;
	its.free := '{}';
	its.express := its.express
	    and its.day < today() + (rules #>> '{lead,min}')::int;
	its.fee := case when its.express
	    then (rules #>> '{express,fee}')::int else 0 end;
	insert into allowance (tenant_id, street, house_number, year, kind)
	select tenant(), its.street, its.house_number, its_year, k
	from unnest(kinds) k order by k on conflict do nothing;
	perform allowance_lock(its);
	foreach its_kind in array kinds loop
		update allowance a set used = a.used + 1
		where a.tenant_id = tenant() and a.street = its.street
		    and a.house_number = its.house_number
		    and a.year = its_year and a.kind = its_kind
		    and a.used < (rules -> 'free' ->> its_kind)::int;
		if found then
			its.free := its.free || its_kind;
		elsif rules -> 'fee' ->> its_kind is null then
			perform refuse('free-used', json_build_object(
			    'year', its_year, 'fee_cents', null));
		else
			used_up := used_up
			    or (rules -> 'free' ->> its_kind)::int > 0;
			its.fee := its.fee + (rules -> 'fee' ->> its_kind)::int;
		end if;
	end loop;
	if its.fee > agreed then
		perform refuse(case when used_up
		    then 'free-used-fee' else 'fee-differs' end,
		    json_build_object('year', its_year, 'fee_cents', its.fee,
			'fee', bulky_waste.money(its.fee)));
	end if;
end
$$;

-- What a booking looks like to whom it belongs.
create function bulky_waste.shown(its bulky_waste.booking) returns json
    language sql stable set search_path = bulky_waste, stadtkern, pg_temp
    return json_build_object('id', its.id, 'number', its.number,
	'state', its.state, 'version', its.version, 'day', its.day,
	'district', its.district, 'address', json_build_object(
	    'street', its.street_name, 'house_number', its.house_number,
	    'postcode', its.postcode),
	'items', its.items, 'volume', its.volume / 1000.0::float8,
	'weight', its.weight, 'devices', its.devices, 'express', its.express,
	'fee_cents', its.fee, 'free', its.free,
	'change_until', its.change_until, 'created_at', its.created_at,
	'changed_at', its.changed_at, 'cancelled', case
	    when its.state = 'cancelled' then json_build_object(
		'at', its.cancelled_at, 'by', its.cancelled_by,
		'reason', its.reason) end);

-- An own one: whoever asks may not read all columns.
create function bulky_waste.shown_own(its_id uuid) returns json
    language sql stable security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
	select shown(b) from booking b where b.id = its_id
	    and (b.device_id = device() or b.account_id = account())
$$;

-- The mail about it, to the address that only the courier can read.
create function bulky_waste.tell(rules jsonb, template text,
    its bulky_waste.booking) returns void language sql volatile
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
	select job_put('mail', jsonb_build_object('plugin', 'bulky-waste',
	    'template', tell.template, 'language', its.language,
	    'arguments', jsonb_build_object('number', its.number,
		'day', to_char(its.day, 'DD.MM.YYYY'),
		'fee', bulky_waste.money(its.fee),
		'reason', coalesce(its.reason, '–'),
		'change_until', to_char(its.change_until
		    at time zone 'Europe/Berlin', 'DD.MM.YYYY, HH24:MI'),
		'operator', rules ->> 'operator',
		'from', rules ->> 'from', 'until', rules ->> 'until',
		'place', rules ->> 'place')), its.letter)
	where its.letter is not null
$$;

-- Fills in what follows from the day.
create function bulky_waste.dated(rules jsonb, inout its bulky_waste.booking)
    language plpgsql stable set search_path = bulky_waste, stadtkern, pg_temp
as $$
begin
	its.change_until := (its.day - (rules #>> '{change,days}')::int
	    + make_time((rules #>> '{change,hour}')::int, 0, 0))
	    at time zone 'Europe/Berlin';
	its.contact_until := its.day + (rules #>> '{keep,contact}')::int;
	its.keep_until := make_date(extract(year from its.day)::int
	    + (rules #>> '{keep,years}')::int, 12, 31);
end
$$;

create type bulky_waste.outcome as (
	body		json,
	problem		text,
	arguments	json
);

-- Books, all of it or nothing. `need` is {"items": […], "volume", "weight",
-- "devices"}, checked against the city's catalogue; `place` is {"street",
-- "house_number", "postcode"} as a person wrote it.
create function bulky_waste.book(rules jsonb, place jsonb, need jsonb,
    wishes date[], express boolean, agreed int, household bytea,
    contact bytea, letter bytea, language text) returns bulky_waste.outcome
    language plpgsql volatile security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	at	stadtkern.address;
	its	booking;
	told	text;
	result	outcome;
begin
	at := address_of(rules, place);
	if at.problem is not null then
		result.problem := at.problem;
		result.arguments := address_arguments(at, place ->> 'street');
		return result;
	end if;
	its.id := gen_random_uuid();
	its.device_id := device();
	its.account_id := account();
	its.state := 'booked';
	its.version := 1;
	its.district := at.districts ->> 'bulky-waste';
	its.street := at.street;
	its.street_name := at.name;
	its.house_number := at.house_number;
	its.postcode := at.postcode;
	its.lat := at.lat;
	its.lon := at.lon;
	its.express := book.express;
	its.household := book.household;
	its.contact := book.contact;
	its.letter := book.letter;
	its.language := book.language;
	its.created_at := now();
	its.changed_at := now();
	its.tenant_id := tenant();
	its := needed(its, need);
	begin
		its.day := day_take(rules, its.district, wishes, its.express);
		its := fee_take(rules, its, agreed);
		its := dated(rules, its);
		loop
			its.number := lpad(floor(random() * 1e8)::bigint::text,
			    8, '0');
			insert into booking select its.*
			on conflict (tenant_id, number) do nothing;
			exit when found;
		end loop;
	exception when sqlstate 'BW001' then
		get stacked diagnostics result.problem = message_text,
		    told = pg_exception_detail;
		result.arguments := nullif(told, '')::json;
		return result;
	end;
	perform tell(rules, 'booked', its);
	result.body := shown(its);
	return result;
end
$$;

create function bulky_waste.needed(inout its bulky_waste.booking, need jsonb)
    language plpgsql immutable
as $$
begin
	its.items := need -> 'items';
	its.volume := (need ->> 'volume')::int;
	its.weight := (need ->> 'weight')::int;
	its.devices := (need ->> 'devices')::int;
end
$$;

-- The street list's address, if something is collected there.
create function bulky_waste.address_of(rules jsonb, place jsonb)
    returns stadtkern.address language plpgsql stable
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	at	stadtkern.address;
begin
	if place ->> 'postcode' is not null and not exists (
	    select from street_section x where x.tenant_id = tenant()
		and x.postcode = place ->> 'postcode') then
		at.problem := 'outside-city';
		return at;
	end if;
	at := address_find(place ->> 'street', place ->> 'house_number',
	    place ->> 'postcode');
	if at.problem is null and not coalesce(rules -> 'districts'
	    ? (at.districts ->> 'bulky-waste'), false) then
		at.problem := 'not-collected';
	end if;
	return at;
end
$$;

-- What booking would cost, before it is done: nothing is taken. `day` says in
-- which year, and whether it is an express day; null: today's year.
create function bulky_waste.quote(rules jsonb, place jsonb, need jsonb,
    day date) returns bulky_waste.outcome language plpgsql stable security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	at		stadtkern.address;
	its_year	int := extract(year from coalesce(day, today()));
	early		boolean := coalesce(day < today()
			    + (rules #>> '{lead,min}')::int, false);
	kinds		text[] := '{}';
	remaining	jsonb;
	cost		int;
	result		outcome;
begin
	at := address_of(rules, place);
	if at.problem is not null then
		result.problem := at.problem;
		result.arguments := address_arguments(at, place ->> 'street');
		return result;
	end if;
	if need -> 'items' @> '[{"electrical": false}]' then
		kinds := kinds || 'bulky'::text;
	end if;
	if (need ->> 'devices')::int > 0 then
		kinds := kinds || 'electrical'::text;
	end if;
	select jsonb_object_agg(k, greatest((rules -> 'free' ->> k)::int
	    - coalesce(a.used, 0), 0)) into remaining
	from unnest(array['bulky', 'electrical']) k
	left join allowance a on a.tenant_id = tenant()
	    and a.street = at.street and a.house_number = at.house_number
	    and a.year = its_year and a.kind = k;
	select sum(case when (remaining ->> k)::int > 0 then 0
	    else (rules -> 'fee' ->> k)::int end) into cost
	from unnest(kinds) k
	having bool_and((remaining ->> k)::int > 0
	    or rules -> 'fee' ->> k is not null);
	result.body := json_build_object('address', json_build_object(
		'street', at.name, 'house_number', at.house_number,
		'postcode', at.postcode, 'part', at.part),
	    'district', at.districts ->> 'bulky-waste',
	    'year', its_year, 'free', remaining, 'express', early,
	    'fee_cents', cost + case when early
		then coalesce((rules #>> '{express,fee}')::int, 0) else 0 end,
	    'possible', cost is not null);
	return result;
end
$$;

-- Moves a booking or changes its things; the day it had is free meanwhile.
-- `own`: only of the device or account that asks. No booking: no row.
create function bulky_waste.change(rules jsonb, its_id uuid, its_version int,
    wishes date[], need jsonb, express boolean, agreed int)
    returns setof bulky_waste.outcome language plpgsql volatile security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	was	booking;
	its	booking;
	told	text;
	result	outcome;
begin
	select b.* into was from booking b where b.id = its_id
	    and (b.device_id = device() or b.account_id = account());
	if not found then
		return;
	end if;
	wishes := coalesce(wishes, array[was.day]);
	begin
		insert into day (tenant_id, district, day)
		select tenant(), was.district, w from unnest(wishes) w
		group by w order by w on conflict do nothing;
		perform from day d where d.tenant_id = tenant()
		    and d.district = was.district
		    and d.day = any (wishes || was.day)
		order by d.day for update;
		select b.* into its from booking b where b.id = its_id
		for update;
		if its.day <> was.day or its.version <> its_version then
			perform refuse('changed-meanwhile');
		elsif its.state <> 'booked' then
			perform refuse('cancelled-before');
		elsif now() > its.change_until then
			perform refuse('too-late', json_build_object('until',
			    its.change_until));
		end if;
		perform release(its);
		if need is not null then
			its := needed(its, need);
		end if;
		its.express := coalesce(change.express, its.express);
		its.day := day_take(rules, its.district, wishes, its.express,
		    was.day);
		its := fee_take(rules, its, coalesce(agreed, was.fee));
		its := dated(rules, its);
		its.version := its.version + 1;
		its.changed_at := now();
		update booking b set day = its.day, items = its.items,
		    volume = its.volume, weight = its.weight,
		    devices = its.devices, express = its.express,
		    fee = its.fee, free = its.free, version = its.version,
		    stop = case when its.day = b.day then b.stop end,
		    change_until = its.change_until,
		    changed_at = its.changed_at,
		    contact_until = its.contact_until,
		    keep_until = its.keep_until
		where b.tenant_id = its.tenant_id and b.id = its.id;
	exception when sqlstate 'BW001' then
		get stacked diagnostics result.problem = message_text,
		    told = pg_exception_detail;
		result.arguments := nullif(told, '')::json;
		return next result;
		return;
	end;
	perform tell(rules, 'changed', its);
	result.body := shown(its);
	return next result;
end
$$;

-- Cancels one. `by` citizen: an own one, until its deadline; `office`: any. One
-- that is cancelled already stays as it is.
create function bulky_waste.cancel(rules jsonb, its_id uuid, by text,
    its_reason text) returns setof bulky_waste.outcome language plpgsql volatile
    security definer set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	was	booking;
	its	booking;
	result	outcome;
begin
	select b.* into was from booking b where b.id = its_id
	    and (by = 'office' and staff() is not null
		or b.device_id = device() or b.account_id = account());
	if not found then
		return;
	end if;
	perform from day d where d.tenant_id = tenant()
	    and d.district = was.district and d.day = was.day for update;
	select b.* into its from booking b where b.id = its_id for update;
	if its.day <> was.day then
		result.problem := 'changed-meanwhile';
	elsif its.state = 'booked' and by = 'citizen'
	    and now() > its.change_until then
		result.problem := 'too-late';
		result.arguments := json_build_object('until',
		    its.change_until);
	end if;
	if result.problem is not null then
		return next result;
		return;
	end if;
	if its.state = 'booked' then
		perform release(its);
		update booking b set state = 'cancelled', stop = null,
		    cancelled_at = now(), cancelled_by = by,
		    reason = its_reason, changed_at = now(),
		    version = b.version + 1
		where b.tenant_id = its.tenant_id and b.id = its.id
		returning b.* into its;
		perform tell(rules, case by when 'citizen' then 'cancelled'
		    else 'cancelled-office' end, its);
	end if;
	result.body := shown(its);
	return next result;
end
$$;

-- Closes a day and cancels what is booked on it; everybody is told. Gives how
-- many there were, and how many of them left no address.
create function bulky_waste.day_cancel(rules jsonb, its_district text,
    its_day date, its_reason text) returns json language plpgsql volatile
    security definer set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	its		booking;
	cancelled	int := 0;
	untold		int := 0;
begin
	if staff() is null then
		return null;
	end if;
	insert into day (tenant_id, district, day, closed)
	values (tenant(), its_district, its_day, its_reason)
	on conflict (tenant_id, district, day) do update
	set closed = excluded.closed;
	for its in select b.* from booking b
	    where b.district = its_district and b.day = its_day
		and b.state = 'booked'
	    order by b.street, b.house_number, b.id for update loop
		perform release(its);
		update booking b set state = 'cancelled', stop = null,
		    cancelled_at = now(), cancelled_by = 'office',
		    reason = its_reason, changed_at = now(),
		    version = b.version + 1
		where b.tenant_id = its.tenant_id and b.id = its.id
		returning b.* into its;
		perform tell(rules, 'cancelled-office', its);
		cancelled := cancelled + 1;
		untold := untold + (its.letter is null)::int;
	end loop;
	return json_build_object('district', its_district, 'day', its_day,
	    'cancelled', cancelled, 'without_address', untold);
end
$$;

-- The office's capacity of a day, or that it is closed; null leaves it to the
-- city's file. What is booked already stays booked.
create function bulky_waste.day_set(its_district text, its_day date,
    its_capacity int, its_closed text) returns bulky_waste.day
    language sql volatile security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
	insert into day as d (tenant_id, district, day, capacity, closed)
	select tenant(), its_district, its_day, its_capacity, its_closed
	where staff() is not null
	on conflict (tenant_id, district, day) do update
	set capacity = excluded.capacity, closed = excluded.closed
	returning d.*
$$;

-- The stops of a day in the order they are driven: as the office put them, then
-- always the nearest one, from the first in the order of the streets.
create function bulky_waste.tour(its_district text, its_day date)
    returns table (id uuid, stop int) language plpgsql stable
    set search_path = bulky_waste, stadtkern, public, pg_temp
as $$
declare
	rest	uuid[];
	here	booking;
	next_id	uuid;
begin
	stop := 0;
	select array_agg(b.id order by b.stop, b.street,
	    house_number_order(b.house_number), b.id) into rest
	from booking b where b.district = its_district and b.day = its_day
	    and b.state = 'booked';
	while cardinality(rest) > 0 loop
		select b.id into next_id from booking b
		where b.id = any (rest)
		order by b.stop nulls last,
		    case when here.lat is not null and b.lat is not null
			then st_distancesphere(st_makepoint(b.lon, b.lat),
			    st_makepoint(here.lon, here.lat)) end,
		    b.street, house_number_order(b.house_number), b.id
		limit 1;
		id := next_id;
		stop := stop + 1;
		return next;
		select b.* into here from booking b where b.id = next_id;
		rest := array_remove(rest, next_id);
	end loop;
end
$$;

-- The office's own order; bookings that are not named follow as before.
create function bulky_waste.tour_set(its_district text, its_day date,
    ids uuid[]) returns int language plpgsql volatile security definer
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
declare
	placed	int;
begin
	update booking b set stop = array_position(ids, b.id)
	where b.district = its_district and b.day = its_day
	    and b.state = 'booked' and staff() is not null;
	get diagnostics placed = row_count;
	return placed;
end
$$;

-- The steps are nobody's; each side gets what it may begin.
revoke execute on all functions in schema bulky_waste from public;
grant execute on function
    bulky_waste.days(jsonb, text),
    bulky_waste.shown(bulky_waste.booking),
    bulky_waste.money(int),
    bulky_waste.address_of(jsonb, jsonb)
    to stadtkern_public, stadtkern_office, stadtkern_courier;
grant execute on function
    bulky_waste.shown_own(uuid),
    bulky_waste.book(jsonb, jsonb, jsonb, date[], boolean, int, bytea, bytea,
	bytea, text),
    bulky_waste.quote(jsonb, jsonb, jsonb, date),
    bulky_waste.change(jsonb, uuid, int, date[], jsonb, boolean, int)
    to stadtkern_public;
grant execute on function bulky_waste.cancel(jsonb, uuid, text, text)
    to stadtkern_public, stadtkern_office;
grant execute on function
    bulky_waste.day_cancel(jsonb, text, date, text),
    bulky_waste.day_set(text, date, int, text),
    bulky_waste.tour(text, date),
    bulky_waste.tour_set(text, date, uuid[])
    to stadtkern_office;

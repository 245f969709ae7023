-- SPDX-License-Identifier: EUPL-1.2
-- How long a booking is kept follows from its day and from the declarations,
-- and need not be written into it. How its fee is paid is. A mail is about a
-- booking, whose address the courier reads when it writes.

alter table bulky_waste.booking
    drop column contact_until,
    drop column keep_until,
    add column payment text not null default 'invoice';
create index booking_day on bulky_waste.booking (tenant_id, day);

create or replace function bulky_waste.dated(rules jsonb,
    inout its bulky_waste.booking)
    language plpgsql stable set search_path = bulky_waste, stadtkern, pg_temp
as $$
begin
	its.change_until := (its.day - (rules #>> '{change,days}')::int
	    + make_time((rules #>> '{change,hour}')::int, 0, 0))
	    at time zone 'Europe/Berlin';
end
$$;

create or replace function bulky_waste.shown(its bulky_waste.booking)
    returns json language sql stable
    set search_path = bulky_waste, stadtkern, pg_temp
    return json_build_object('id', its.id, 'number', its.number,
	'state', its.state, 'version', its.version, 'day', its.day,
	'district', its.district, 'address', json_build_object(
	    'street', its.street_name, 'house_number', its.house_number,
	    'postcode', its.postcode),
	'items', its.items, 'volume', its.volume / 1000.0::float8,
	'weight', its.weight, 'devices', its.devices, 'express', its.express,
	'fee_cents', its.fee, 'payment', its.payment, 'free', its.free,
	'change_until', its.change_until, 'created_at', its.created_at,
	'changed_at', its.changed_at, 'cancelled', case
	    when its.state = 'cancelled' then json_build_object(
		'at', its.cancelled_at, 'by', its.cancelled_by,
		'reason', its.reason) end);

-- The mail about it, to the address that only the courier can read, with what
-- the statement booking_facts says of it then.
create or replace function bulky_waste.tell(rules jsonb, template text,
    its bulky_waste.booking) returns void language sql volatile
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
	select job_put('mail', jsonb_build_object('plugin', 'bulky-waste',
	    'template', tell.template, 'language', its.language,
	    'facts', 'booking_facts', 'id', its.id,
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

-- Tells the booking's provider of payments what it owes now, if that is not
-- what it owed before; `rules` has "payments": {"<name>": "<kind of job>"} of
-- those who want to know (plugins/bulky-waste/payment.h).
create function bulky_waste.owe(rules jsonb, its bulky_waste.booking,
    before int) returns void language sql volatile
    set search_path = bulky_waste, stadtkern, pg_temp
as $$
	select job_put(d.kind, jsonb_build_object('plugin', 'bulky-waste',
	    'booking', its.id, 'number', its.number, 'version', its.version,
	    'language', its.language, 'before', owe.before, 'owed', d.owed),
	    its.letter)
	from (select rules -> 'payments' ->> its.payment as kind,
		case its.state when 'booked' then its.fee else 0 end as owed) d
	where d.kind is not null and d.owed <> owe.before
$$;
revoke execute on function
    bulky_waste.owe(jsonb, bulky_waste.booking, int) from public;

create or replace function bulky_waste.book(rules jsonb, place jsonb, need jsonb,
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
	its.payment := rules ->> 'payment';
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
	perform owe(rules, its, 0);
	perform tell(rules, 'booked', its);
	result.body := shown(its);
	return result;
end
$$;

create or replace function bulky_waste.change(rules jsonb, its_id uuid, its_version int,
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
		was := its;
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
		    changed_at = its.changed_at
		where b.tenant_id = its.tenant_id and b.id = its.id;
	exception when sqlstate 'BW001' then
		get stacked diagnostics result.problem = message_text,
		    told = pg_exception_detail;
		result.arguments := nullif(told, '')::json;
		return next result;
		return;
	end;
	perform owe(rules, its, was.fee);
	perform tell(rules, 'changed', its);
	result.body := shown(its);
	return next result;
end
$$;

create or replace function bulky_waste.cancel(rules jsonb, its_id uuid, by text,
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
		perform owe(rules, its, its.fee);
		perform tell(rules, case by when 'citizen' then 'cancelled'
		    else 'cancelled-office' end, its);
	end if;
	result.body := shown(its);
	return next result;
end
$$;

create or replace function bulky_waste.day_cancel(rules jsonb, its_district text,
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
		perform owe(rules, its, its.fee);
		perform tell(rules, 'cancelled-office', its);
		cancelled := cancelled + 1;
		untold := untold + (its.letter is null)::int;
	end loop;
	return json_build_object('district', its_district, 'day', its_day,
	    'cancelled', cancelled, 'without_address', untold);
end
$$;

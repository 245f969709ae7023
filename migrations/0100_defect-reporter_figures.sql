-- SPDX-License-Identifier: EUPL-1.2
-- Figures. What a report's history says of it is kept beside it when an event
-- is written, so that counting 100,000 reads no history.

create table defect_reporter.measure (
	tenant_id	int not null,
	report_id	uuid not null,
	answered_at	timestamptz(0),	-- the first thing its sender heard
	forwarded_at	timestamptz(0),
	corrected_at	timestamptz(0),	-- another category
	primary key (tenant_id, report_id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade
);
select stadtkern.tenant_table('defect_reporter.measure');
revoke all on defect_reporter.measure
    from stadtkern_public, stadtkern_office, stadtkern_courier;
grant select on defect_reporter.measure to stadtkern_office;
create index report_figures on defect_reporter.report
    (tenant_id, received_at);

-- As the owner, as no role may write measures. The first of each counts.
create function defect_reporter.measure_keep() returns trigger
    language plpgsql security definer
    set search_path = defect_reporter, stadtkern, public, pg_temp as $$
begin
	insert into measure as m (tenant_id, report_id, answered_at,
	    forwarded_at, corrected_at)
	values (new.tenant_id, new.report_id,
	    case when new.public and new.kind <> 'changed' then new.at end,
	    case when new.kind = 'forwarded' then new.at end,
	    case when new.kind = 'changed' then new.at end)
	on conflict (tenant_id, report_id) do update set
	    answered_at = least(m.answered_at, excluded.answered_at),
	    forwarded_at = least(m.forwarded_at, excluded.forwarded_at),
	    corrected_at = least(m.corrected_at, excluded.corrected_at);
	return null;
end
$$;
revoke all on function defect_reporter.measure_keep() from public;
create trigger measure_keep after insert on defect_reporter.event
    for each row
    when (new.kind in ('answer', 'status', 'forwarded')
	or (new.kind = 'changed' and new.category is not null))
    execute function defect_reporter.measure_keep();

-- Those of the reports that there are already.
do $$
declare
	its	int;
begin
	for its in select id from stadtkern.tenant loop
		perform set_config('stadtkern.tenant', its::text, true);
		insert into defect_reporter.measure
		select e.tenant_id, e.report_id,
		    min(e.at) filter (where e.public and e.kind <> 'changed'),
		    min(e.at) filter (where e.kind = 'forwarded'),
		    min(e.at) filter (where e.kind = 'changed')
		from defect_reporter.event e
		where e.tenant_id = its and (e.kind in ('answer', 'status',
			'forwarded')
		    or (e.kind = 'changed' and e.category is not null))
		group by e.tenant_id, e.report_id;
	end loop;
	perform set_config('stadtkern.tenant', '', true);
end
$$;

-- Reports received in a period, by category, department, channel or month; the
-- row without a key is the sum. As the caller: only what it may see.
--
-- Spam counts nowhere. What was merged was received, and nothing else: it
-- follows another report, which counts. Once split it counts again. A report
-- counts where it stands now: a reopened one is not closed, a corrected one is
-- in its new category. Days are working days where the category's deadline
-- counts those, otherwise calendar days; the day itself is 0. Of fewer than
-- five, medians say nothing. `due` are those with a deadline that was met or
-- missed.
create function defect_reporter.figures(by text, since date, until date,
    deadlines jsonb, first_look int) returns table (key text,
	received bigint, merged bigint, released bigint,
	released_in_time bigint, closed bigint, due bigint,
	closed_in_time bigint, answered bigint, answer_median int,
	answer_90 int, close_median int, close_90 int, corrected bigint,
	forwarded bigint)
    language sql stable
    set search_path = defect_reporter, stadtkern, public, pg_temp
as $$
	with limits as materialized (
	    select staff_limits() is null as none, today() as today,
		greatest(figures.since, '2000-01-01'::date) as first
	), day as materialized (
	    select d.day, sum((extract(isodow from d.day) < 6 and not exists (
		    select from holiday h where h.day = d.day))::int)
		    over (order by d.day)::int as nth
	    from limits l, lateral (select l.first + g as day
		from generate_series(0, l.today - l.first) g) d
	), kind as materialized (
	    select k.key as category, k.value ->> 'kind' = 'working' as working
	    from jsonb_each(figures.deadlines) k
	), its as (
	    select case figures.by when 'category' then r.category
		    when 'department' then r.department
		    when 'channel' then r.channel
		    else to_char(t.received, 'YYYY-MM') end as key,
		r.parent_id is null as own, t.*, r.due_on,
		m.corrected_at is not null as corrected,
		m.forwarded_at is not null as forwarded,
		coalesce(k.working, false) as working
	    from report r
	    left join measure m
		on m.tenant_id = r.tenant_id and m.report_id = r.id
	    left join kind k on k.category = r.category
	    cross join lateral (select
		    (r.received_at at time zone 'Europe/Berlin')::date as received,
		    (r.released_at at time zone 'Europe/Berlin')::date as released,
		    (r.closed_at at time zone 'Europe/Berlin')::date as closed,
		    (m.answered_at at time zone 'Europe/Berlin')::date as answered)
		    t
	    cross join limits l
	    where r.tenant_id = tenant() and not r.spam
		and r.received_at >=
		    l.first::timestamp at time zone 'Europe/Berlin'
		and r.received_at <
		    (figures.until + 1)::timestamp at time zone 'Europe/Berlin'
		and case when l.none then true
		    else staff_may(r.department, r.category) end
	), counted as (
	    select i.key, i.own, i.corrected, i.forwarded, i.released, i.closed,
		i.answered, released.nth - received.nth as look,
		case when i.working then answered.nth - received.nth
		    else i.answered - i.received end as answer_days,
		case when i.working then closed.nth - received.nth
		    else i.closed - i.received end as close_days,
		isfinite(i.due_on) and (i.closed is not null
		    or i.due_on < l.today) as due,
		i.closed <= i.due_on and isfinite(i.due_on) as in_time
	    from its i cross join limits l
	    left join day received on received.day = i.received
	    left join day released on released.day = i.released
	    left join day answered on answered.day = i.answered
	    left join day closed on closed.day = i.closed
	)
	select c.key, count(*), count(*) filter (where not c.own),
	    count(c.released) filter (where c.own),
	    -- 0: nothing is promised.
	    case when figures.first_look > 0 then count(*)
		filter (where c.own and c.look <= figures.first_look) end,
	    count(c.closed) filter (where c.own),
	    count(*) filter (where c.own and c.due),
	    count(*) filter (where c.own and c.in_time),
	    count(c.answered) filter (where c.own),
	    case when count(c.answer_days) filter (where c.own) >= 5 then
		percentile_disc(0.5) within group (order by c.answer_days)
		filter (where c.own) end,
	    case when count(c.answer_days) filter (where c.own) >= 5 then
		percentile_disc(0.9) within group (order by c.answer_days)
		filter (where c.own) end,
	    case when count(c.close_days) filter (where c.own) >= 5 then
		percentile_disc(0.5) within group (order by c.close_days)
		filter (where c.own) end,
	    case when count(c.close_days) filter (where c.own) >= 5 then
		percentile_disc(0.9) within group (order by c.close_days)
		filter (where c.own) end,
	    count(*) filter (where c.own and c.corrected),
	    count(*) filter (where c.own and c.forwarded)
	from counted c group by grouping sets ((c.key), ())
$$;

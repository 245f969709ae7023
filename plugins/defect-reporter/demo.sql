-- SPDX-License-Identifier: EUPL-1.2
-- Made-up reports for a demonstration: 25 points inside the boundary of the
-- tenant that is set, in the categories that it has. Two in three are
-- released; of those some were worked on.

create temporary table demo_report on commit drop as
with config as (
    select config::jsonb -> 'tenant' as t from stadtkern.tenant
    where id = stadtkern.tenant()
), own as (
    select c.value ->> 'code' as category, c.value ->> 'department' as dep
    from config, jsonb_array_elements(
	t #> '{plugins,defect-reporter,categories}') c
), known as (
    select category, dep from own
    union all
    select category, null from unnest(array['pothole', 'street-light',
	'litter', 'graffiti', 'playground', 'green', 'idea']) category
    where not exists (select from own)
), category as (
    select category, coalesce(dep, (select t #>> '{departments,0,code}'
	from config), 'city') as department,
	row_number() over (order by category) - 1 as nth,
	count(*) over () as of
    from known
), point as (
    select g.path[1] as n, st_y(g.geom) as lat, st_x(g.geom) as lon
    from stadtkern.tenant_boundary b
    cross join st_dump(st_generatepoints(b.boundary, 25, 2026)) g
    where b.tenant_id = stadtkern.tenant()
)
select gen_random_uuid() as id, p.n, p.lat, p.lon, c.category, c.department,
    p.n % 3 <> 0 as released, now() - p.n * interval '29 hours' as at,
    coalesce(case c.category
	when 'pothole' then 'Tiefes Schlagloch am rechten Fahrbahnrand, bei Regen kaum zu sehen.'
	when 'street-light' then 'Die Laterne vor der Bushaltestelle ist seit einigen Tagen dunkel.'
	when 'litter' then 'Mehrere Müllsäcke und ein alter Teppich liegen neben dem Weg.'
	when 'graffiti' then 'Die Unterführung wurde auf ganzer Länge besprüht.'
	when 'playground' then 'An der Schaukel ist eine Kette ausgehängt.'
	when 'green' then 'Ein dicker Ast hängt lose über dem Fußweg.'
	when 'traffic-light' then 'Der Taster für Fußgänger reagiert nicht.'
	when 'traffic-sign' then 'Das Schild ist zur Seite gedreht und nicht zu lesen.'
	when 'cycle-path' then 'Wurzeln haben den Belag angehoben, man muss absteigen.'
	when 'drain' then 'Der Gully ist verstopft, nach Regen steht hier das Wasser.'
	when 'scrap-vehicle' then 'Ein Fahrrad ohne Räder steht seit Wochen am Ständer.'
	when 'idea' then 'Eine Bank unter den Bäumen wäre hier schön.'
	end, 'Hier ist etwas nicht in Ordnung, bitte einmal ansehen.') as text
from point p join category c on c.nth = p.n % c.of;

with numbered as (
    insert into defect_reporter.counter as c (tenant_id, last)
    values (stadtkern.tenant(), 25)
    on conflict (tenant_id) do update set last = c.last + 25
    returning last - 25 as before
)
insert into defect_reporter.report (tenant_id, id, number, category,
    department, status, release, lat, lon, text, received_at, released_at,
    changed_at)
select stadtkern.tenant(), d.id,
    n.before + row_number() over (order by d.at), d.category, d.department,
    'received', case when d.released then 'released' else 'pending' end,
    d.lat, d.lon, case when d.released then d.text end, d.at,
    case when d.released then d.at + interval '3 hours' end, d.at
from demo_report d cross join numbered n;

insert into defect_reporter.submission (tenant_id, report_id, text)
select stadtkern.tenant(), id, text from demo_report;

-- Only along statuses that the city has; the first is always the initial one.
create temporary table demo_step on commit drop as
with stage as (
    select coalesce(config::jsonb #> '{tenant,plugins,defect-reporter,statuses}',
	'[{"code":"received"},{"code":"in-progress"},{"code":"done"}]') as all,
	coalesce(config::jsonb #>>
	    '{tenant,plugins,defect-reporter,initial}', 'received') as initial
    from stadtkern.tenant where id = stadtkern.tenant()
)
select s.initial, exists (select from jsonb_array_elements(s.all) x
	where x ->> 'code' = 'in-progress') as has_progress,
    exists (select from jsonb_array_elements(s.all) x
	where x ->> 'code' = 'done') as has_done
from stage s;

update defect_reporter.report r set status = case
	when d.released and d.n % 5 = 0 and s.has_done then 'done'
	when d.released and d.n % 5 < 3 and s.has_progress then 'in-progress'
	else s.initial end,
    closed_at = case when d.released and d.n % 5 = 0 and s.has_done
	then d.at + interval '20 hours' end
from demo_report d cross join demo_step s where r.id = d.id;

insert into defect_reporter.event (tenant_id, report_id, at, kind, public,
    status, text)
select stadtkern.tenant(), d.id, d.at + interval '20 hours', 'status', true,
    r.status, case r.status
	when 'done' then 'Danke für den Hinweis, es ist erledigt.'
	else 'Danke für den Hinweis, wir kümmern uns darum.' end
from demo_report d join defect_reporter.report r on r.id = d.id
cross join demo_step s
where d.released and r.status <> s.initial;

-- What was answered before is forgotten.
do $$ begin perform stadtkern.changed('defect-reporter/reports'); end $$;

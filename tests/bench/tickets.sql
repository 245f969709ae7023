-- SPDX-License-Identifier: EUPL-1.2
-- 100,000 reports in Herne: eight in ten closed, the words of their texts made
-- up of sixty, some of them rare. Run by tickets.mjs as the owner.

select set_config('stadtkern.tenant', (select id::text from stadtkern.tenant
    where slug = 'herne'), false);
-- Words are made at once, below.
alter table defect_reporter.submission disable trigger words_keep;
alter table defect_reporter.report disable trigger words_keep;

create temporary table made as
select n, gen_random_uuid() as id,
    (array['tiefbau', 'stadtgruen', 'entsorgung', 'ordnung',
	'buergerbuero'])[1 + n / 3 % 5] as department,
    (array['pothole', 'green', 'litter', 'graffiti',
	'other'])[1 + n / 3 % 5] as category,
    case when n % 10 < 8 then (array['done', 'rejected'])[1 + (n % 10) / 7]
	else (array['received', 'in-progress', 'planned',
	    'forwarded'])[1 + n / 10 % 4] end as status,
    n % 10 < 8 as closed,
    now() - (200000 - n) * interval '5 minutes' as at,
    format('%s %s an der %s %s, bitte einmal ansehen.%s',
	(array['Schlagloch', 'Müll', 'Ast', 'Graffiti', 'Laterne', 'Gully',
	'Schild', 'Ampel', 'Bank', 'Radweg'])[1 + n % 10],
	(array['beschädigt', 'defekt', 'gefährlich', 'alt',
	'neu'])[1 + n / 10 % 5],
	(array['Bahnhofstraße', 'Hauptstraße', 'Bochumer Straße', 'Mont-Cenis-Str.',
	'Wiescherstraße', 'Schulstraße', 'Holsterhauser Straße'])[1 + n % 7],
	n % 200, case when n % 1000 = 0 then ' Seltenes Nashorn gesehen.'
	else '' end) as text
from generate_series(1, 100000) n;

insert into defect_reporter.report (tenant_id, id, number, category,
    department, status, release, lat, lon, text, received_at, released_at,
    changed_at, closed_at, due_on)
select stadtkern.tenant(), id, (select coalesce(max(number), 0)
	from defect_reporter.report) + n, category, department, status,
    case when n > 99500 then 'pending' else 'released' end,
    51.52 + n % 300 * 0.0001, 7.18 + n / 300 * 0.0002,
    case when n <= 99500 then text end, at,
    case when n <= 99500 then at end, at,
    case when closed then at + interval '3 days' end,
    (at + n % 20 * interval '1 day')::date
from made;
insert into defect_reporter.submission (tenant_id, report_id, text)
select stadtkern.tenant(), id, text from made;
insert into defect_reporter.word (tenant_id, report_id, word)
select stadtkern.tenant(), id, defect_reporter.words(text) from made;
insert into defect_reporter.counter as c (tenant_id, last)
select stadtkern.tenant(), max(number) from defect_reporter.report
on conflict (tenant_id) do update set last = excluded.last;

alter table defect_reporter.submission enable trigger words_keep;
alter table defect_reporter.report enable trigger words_keep;

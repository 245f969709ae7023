-- SPDX-License-Identifier: EUPL-1.2
-- Reports :first to :last of :city, without the words that a search looks for.
select set_config('stadtkern.tenant', (select id::text from stadtkern.tenant
    where slug = ':city'), false);
alter table defect_reporter.submission disable trigger words_keep;
create temporary table made as
select n, gen_random_uuid() as id, now() - n * interval '5 minutes' as at
from generate_series(:first, :last) n;
insert into defect_reporter.report (tenant_id, id, number, category,
    department, status, release, lat, lon, received_at, changed_at, due_on)
select stadtkern.tenant(), id, n, (array['pothole', 'green', 'litter'])[1
	+ n % 3], 'tiefbau', (array['received', 'in-progress', 'planned',
	'forwarded', 'assigned', 'received', 'received'])[1 + n % 7],
    'pending', 51.57, 6.98, at, at, at::date + 10
from made;
insert into defect_reporter.submission (tenant_id, report_id, text)
select stadtkern.tenant(), id, 'Bericht ' || n || repeat(
    ' bitte ansehen;', 3) from made;
alter table defect_reporter.submission enable trigger words_keep;
analyze defect_reporter.report;
analyze defect_reporter.submission;

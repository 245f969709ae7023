-- SPDX-License-Identifier: EUPL-1.2
-- By what number people know what was forwarded.

create view defect_reporter.forwarding_subject with (security_invoker = true)
as select f.tenant_id, f.id, r.number
from defect_reporter.forwarding f
join defect_reporter.report r on r.tenant_id = f.tenant_id
    and r.id = f.report_id;
grant select on defect_reporter.forwarding_subject to stadtkern_office;

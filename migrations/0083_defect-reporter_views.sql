-- SPDX-License-Identifier: EUPL-1.2
-- The courier erases what those who left had saved.

grant select (tenant_id, staff_id), delete on defect_reporter.saved_view
    to stadtkern_courier;

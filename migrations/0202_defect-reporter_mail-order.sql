-- SPDX-License-Identifier: EUPL-1.2
-- Two letters of one second are told apart, so that they stand in the order in
-- which they came.

alter table defect_reporter.correspondence
    alter column received_at type timestamptz;

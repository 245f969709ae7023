-- SPDX-License-Identifier: EUPL-1.2
-- What a ticket was before the last step of somebody on the staff, so that
-- they can take it back. One row a ticket: only the last step can be.

create table defect_reporter.step (
	tenant_id	int not null,
	report_id	uuid not null,
	version		int not null,
	staff_id	uuid not null,
	at		timestamptz not null default now(),
	-- The columns that the step changed, as they were.
	before		jsonb not null,
	primary key (tenant_id, report_id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade,
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade
);
create index step_staff on defect_reporter.step (tenant_id, staff_id);
create index step_at on defect_reporter.step (tenant_id, at);
select stadtkern.tenant_table('defect_reporter.step');
revoke all on defect_reporter.step from stadtkern_public;

-- As the owner, as the row is nobody's to write.
create function defect_reporter.step_keep() returns trigger
    language plpgsql security definer
    set search_path = defect_reporter, stadtkern, pg_temp as $$
declare
	its_before	jsonb;
begin
	select coalesce(jsonb_object_agg(o.key, o.value), '{}')
	into its_before
	from jsonb_each(to_jsonb(old)) o
	where o.key not in ('version', 'changed_at', 'urgency', 'cell')
	    and o.value is distinct from to_jsonb(new) -> o.key;
	insert into step (tenant_id, report_id, version, staff_id, before)
	values (new.tenant_id, new.id, new.version, staff(), its_before)
	on conflict (tenant_id, report_id) do update set
	    version = excluded.version, staff_id = excluded.staff_id,
	    at = excluded.at, before = excluded.before;
	return null;
end
$$;
revoke all on function defect_reporter.step_keep() from public;
create trigger step_keep after update on defect_reporter.report for each row
    when (old.version <> new.version and stadtkern.staff() is not null)
    execute function defect_reporter.step_keep();

-- One more kind of event, beside whichever there are.
do $$
begin
	execute (select format('alter table defect_reporter.event'
	    ' drop constraint event_kind_check,'
	    ' add constraint event_kind_check %s',
	    replace(pg_get_constraintdef(c.oid), 'ARRAY[',
		'ARRAY[''undone''::text, '))
	from pg_constraint c
	where c.conrelid = 'defect_reporter.event'::regclass
	    and c.conname = 'event_kind_check');
end
$$;

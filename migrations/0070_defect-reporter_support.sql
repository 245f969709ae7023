-- SPDX-License-Identifier: EUPL-1.2
-- Who supports a report of somebody else. The public role sees its own
-- support only; how many there are stands in the report, kept by a trigger, so
-- that it stays true when a device is forgotten.

alter table defect_reporter.report
    add column supporters int not null default 0;
grant select (supporters) on defect_reporter.report to stadtkern_public;

create table defect_reporter.support (
	tenant_id	int not null,
	report_id	uuid not null,
	device_id	uuid not null,
	account_id	uuid,		-- of the device, at that time
	at		timestamptz(0) not null default now(),
	primary key (tenant_id, report_id, device_id),
	unique (tenant_id, report_id, account_id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade,
	foreign key (tenant_id, device_id)
	    references stadtkern.device (tenant_id, id) on delete cascade,
	foreign key (tenant_id, account_id)
	    references stadtkern.account (tenant_id, id)
	    on delete set null (account_id)
);
create index support_device on defect_reporter.support (tenant_id, device_id);
create index support_account on defect_reporter.support
    (tenant_id, account_id);
select stadtkern.tenant_table('defect_reporter.support');
revoke update on defect_reporter.support from stadtkern_public;
revoke insert, update, delete on defect_reporter.support
    from stadtkern_office, stadtkern_courier;

create policy public_own on defect_reporter.support
    as restrictive to stadtkern_public
    using (device_id = stadtkern.device()
	or account_id = stadtkern.account());
create policy public_adds on defect_reporter.support
    as restrictive for insert to stadtkern_public
    with check (device_id = stadtkern.device()
	and account_id is not distinct from stadtkern.account()
	and exists (select from defect_reporter.report r
	    where r.tenant_id = support.tenant_id
		and r.id = support.report_id and r.release = 'released'
		and r.device_id is distinct from stadtkern.device()));

-- As the owner, as the public role may not write the counter.
create function defect_reporter.support_count() returns trigger
    language plpgsql security definer
    set search_path = defect_reporter, stadtkern, pg_temp as $$
begin
	update defect_reporter.report r set supporters = r.supporters
	    + case tg_op when 'INSERT' then 1 else -1 end
	where r.tenant_id = coalesce(new.tenant_id, old.tenant_id)
	    and r.id = coalesce(new.report_id, old.report_id);
	return null;
end
$$;
revoke all on function defect_reporter.support_count() from public;
create trigger support_count after insert or delete
    on defect_reporter.support
    for each row execute function defect_reporter.support_count();

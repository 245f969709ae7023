-- SPDX-License-Identifier: EUPL-1.2
-- Open311 GeoReport v2: reports that other software sends, with an API key
-- instead of a device, possibly with an address instead of a position; and
-- what it has to say of reports later on.

alter table defect_reporter.report
    add column channel text not null default 'app'
	check (channel in ('app', 'open311')),
    add column api_key_id uuid,
    add column address text,
    add column address_id text,
    -- What a client of a "batch" service waits with.
    add column token uuid,
    alter column lat drop not null,
    alter column lon drop not null,
    alter column cell drop not null,
    add check ((lat is null) = (lon is null)),
    add check (lat is not null or address is not null
	or address_id is not null),
    add unique (tenant_id, token),
    add foreign key (tenant_id, api_key_id)
	references stadtkern.api_key (tenant_id, id);
create index report_received on defect_reporter.report
    (tenant_id, received_at, number) where release = 'released';
create index report_changed on defect_reporter.report
    (tenant_id, (coalesce(closed_at, changed_at))) where release = 'released';
select stadtkern.tenant_table('defect_reporter.report');

-- `media_url` is shown to staff and never fetched.
alter table defect_reporter.submission
    add column api_key_id uuid,
    add column media_url text,
    add foreign key (tenant_id, api_key_id)
	references stadtkern.api_key (tenant_id, id);
select stadtkern.tenant_table('defect_reporter.submission', '{contact}');

-- tenant_table() gives its grants anew; what 0010 took away goes again.
revoke update, delete on defect_reporter.report from stadtkern_public;
grant update (photo_count) on defect_reporter.report to stadtkern_public;
revoke update, delete on defect_reporter.submission from stadtkern_public;

-- A sender is a device or a key; what is neither is nobody's.
drop policy public_sees on defect_reporter.report;
create policy public_sees on defect_reporter.report
    as restrictive for select to stadtkern_public
    using (release = 'released' or device_id = stadtkern.device()
	or api_key_id = stadtkern.api_key());
drop policy public_adds on defect_reporter.report;
create policy public_adds on defect_reporter.report
    as restrictive for insert to stadtkern_public
    with check (release = 'pending' and text is null
	and (device_id = stadtkern.device() and api_key_id is null
	or api_key_id = stadtkern.api_key() and device_id is null));
drop policy public_counts on defect_reporter.report;
create policy public_counts on defect_reporter.report
    as restrictive for update to stadtkern_public
    using (device_id = stadtkern.device()
	or api_key_id = stadtkern.api_key());
drop policy public_own on defect_reporter.submission;
create policy public_own on defect_reporter.submission
    as restrictive to stadtkern_public
    using (device_id = stadtkern.device()
	or api_key_id = stadtkern.api_key());
drop policy public_adds on defect_reporter.photo;
create policy public_adds on defect_reporter.photo
    as restrictive for insert to stadtkern_public
    with check (state = 'quarantine' and exists (
	select from defect_reporter.report r
	where r.tenant_id = photo.tenant_id and r.id = photo.report_id
	    and (r.device_id = stadtkern.device()
	    or r.api_key_id = stadtkern.api_key())));

-- A photo of a report that the same statement has made: the policy above has
-- to see that report, so this is a statement of its own, inside.
create function defect_reporter.photo_add(report uuid, content bytea,
    media_type text) returns uuid language plpgsql volatile
    set search_path = defect_reporter, stadtkern, public, pg_temp
as $$
declare
	its_id	uuid := gen_random_uuid();
	blob	uuid := blob_put(content, media_type);
begin
	insert into photo (tenant_id, id, report_id, original)
	values (tenant(), its_id, photo_add.report, blob);
	update report r set photo_count = r.photo_count + 1
	where r.tenant_id = tenant() and r.id = photo_add.report;
	perform job_put('image', jsonb_build_object(
	    'plugin', 'defect-reporter', 'blob', blob,
	    'done', 'photo_ready', 'failed', 'photo_refused',
	    'arguments', jsonb_build_object('photo', its_id)));
	return its_id;
end
$$;

-- Whose report a token stands for, once somebody has looked at it: the public
-- role does not see it before its release.
create function defect_reporter.token_report(token uuid)
    returns table (known boolean, report uuid)
    language sql stable security definer
    set search_path = defect_reporter, stadtkern, public, pg_temp
begin atomic
	select true, case when r.release <> 'pending' then r.id end
	from defect_reporter.report r
	where r.tenant_id = stadtkern.tenant() and r.token = token_report.token;
end;

-- How long reports of a category took, so that others can be told what to
-- expect. Measured by a schedule.
create table defect_reporter.duration (
	tenant_id	int not null,
	category	text not null,
	closed		int not null,
	most		interval not null,	-- four in five were quicker
	measured_at	timestamptz(0) not null default now(),
	primary key (tenant_id, category)
);
select stadtkern.tenant_table('defect_reporter.duration');
revoke insert, update, delete on defect_reporter.duration
    from stadtkern_public, stadtkern_office;

-- What other software says of a report (Open311's "service request updates"),
-- seen by staff, public when they release it.
create table defect_reporter.remark (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	report_id	uuid not null,
	api_key_id	uuid not null,
	update_id	text,			-- the sender's own
	status		text,			-- as the sender sees it
	text		text not null,
	media_url	text,
	state		text not null default 'pending'
			check (state in ('pending', 'released', 'rejected')),
	received_at	timestamptz(0) not null default now(),
	changed_at	timestamptz(0) not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, api_key_id, update_id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade,
	foreign key (tenant_id, api_key_id)
	    references stadtkern.api_key (tenant_id, id)
);
create index remark_report on defect_reporter.remark
    (tenant_id, report_id, received_at);
create index remark_released on defect_reporter.remark
    (tenant_id, changed_at) where state = 'released';
select stadtkern.tenant_table('defect_reporter.remark');
revoke update, delete on defect_reporter.remark from stadtkern_public;
-- For `on conflict do update`, which finds what is there already.
grant update (update_id) on defect_reporter.remark to stadtkern_public;
create policy public_sees on defect_reporter.remark
    as restrictive for select to stadtkern_public
    using (api_key_id = stadtkern.api_key() or state = 'released'
	and exists (select from defect_reporter.report r
	    where r.tenant_id = remark.tenant_id and r.id = remark.report_id
		and r.release = 'released'));
create policy public_adds on defect_reporter.remark
    as restrictive for insert to stadtkern_public
    with check (state = 'pending' and api_key_id = stadtkern.api_key());
create policy public_finds on defect_reporter.remark
    as restrictive for update to stadtkern_public
    using (api_key_id = stadtkern.api_key());

-- Lists of events by time, over all reports.
create index event_at on defect_reporter.event (tenant_id, at) where public;

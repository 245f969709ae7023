-- SPDX-License-Identifier: EUPL-1.2
-- Reports of defects. What may become public (report) and what never does
-- (submission) lie in two tables, so that the public role has no way to the
-- second but a sender's own.

create schema defect_reporter;

-- The number that citizens read. Its row lock also makes numbers appear in
-- the order of their commits, which the cursors of lists rely on.
create table defect_reporter.counter (
	tenant_id	int not null primary key,
	last		bigint not null
) with (fillfactor = 50);
select stadtkern.tenant_table('defect_reporter.counter');
revoke delete on defect_reporter.counter from stadtkern_public;

create table defect_reporter.report (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	number		bigint not null,
	device_id	uuid,
	category	text not null,
	department	text not null,
	outside_body	text,
	status		text not null,
	release		text not null default 'pending'
			check (release in ('pending', 'released', 'rejected')),
	lat		float8 not null check (lat between -90 and 90),
	lon		float8 not null check (lon between -180 and 180),
	cell		int not null
			generated always as (stadtkern.cell(lat, lon)) stored,
	text		text,		-- as published
	received_at	timestamptz(0) not null default now(),
	released_at	timestamptz(0),
	changed_at	timestamptz(0) not null default now(),
	closed_at	timestamptz(0),
	version		int not null default 1,
	photo_count	int not null default 0,
	primary key (tenant_id, id),
	unique (tenant_id, number),
	foreign key (tenant_id, device_id)
	    references stadtkern.device (tenant_id, id)
	    on delete set null (device_id),
	check (release <> 'released'
	    or (text is not null and released_at is not null))
);
create index report_device on defect_reporter.report
    (tenant_id, device_id, number);
create index report_released on defect_reporter.report (tenant_id, number)
    where release = 'released';
create index report_cell on defect_reporter.report (tenant_id, cell)
    where release = 'released';
create index report_release on defect_reporter.report
    (tenant_id, release, number) where release <> 'released';
select stadtkern.tenant_table('defect_reporter.report');

-- What the sender wrote. `contact` is sealed to the tenant's key.
create table defect_reporter.submission (
	tenant_id	int not null,
	report_id	uuid not null,
	device_id	uuid,
	text		text not null,
	answers		jsonb not null default '{}',
	contact		bytea,
	consent_forward	boolean not null default false,
	contact_until	date,		-- null: while work goes on
	primary key (tenant_id, report_id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade,
	foreign key (tenant_id, device_id)
	    references stadtkern.device (tenant_id, id)
	    on delete set null (device_id)
);
create index submission_device on defect_reporter.submission
    (tenant_id, device_id);
create index submission_contact on defect_reporter.submission
    (tenant_id, contact_until) where contact is not null;
select stadtkern.tenant_table('defect_reporter.submission', '{contact}');

-- The uuids of pictures name blobs. They are no foreign keys: blob_delete()
-- runs inside the statement that forgets them.
create table defect_reporter.photo (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	report_id	uuid not null,
	state		text not null default 'quarantine' check (state in
			('quarantine', 'waiting', 'released', 'rejected',
			'refused', 'erased')),
	reason		text,
	original	uuid,
	picture		uuid,
	thumbnail	uuid,
	width		int,
	height		int,
	created_at	timestamptz(0) not null default now(),
	changed_at	timestamptz(0) not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade,
	check (state not in ('waiting', 'released')
	    or (picture is not null and thumbnail is not null))
);
create index photo_report on defect_reporter.photo
    (tenant_id, report_id, created_at, id);
create index photo_rejected on defect_reporter.photo (tenant_id, changed_at)
    where state = 'rejected';
select stadtkern.tenant_table('defect_reporter.photo');

-- What staff did, only ever appended to.
create table defect_reporter.event (
	tenant_id	int not null,
	id		bigint not null generated always as identity,
	report_id	uuid not null,
	at		timestamptz(0) not null default now(),
	kind		text not null check (kind in ('released', 'rejected',
			'status', 'answer', 'forwarded', 'photo-released',
			'photo-rejected')),
	public		boolean not null,
	status		text,
	text		text,
	outside_body	text,
	photo_id	uuid,
	staff_id	uuid,
	primary key (tenant_id, id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade
);
create index event_report on defect_reporter.event (tenant_id, report_id, id);
select stadtkern.tenant_table('defect_reporter.event', '{staff_id}');
revoke update, delete on defect_reporter.event
    from stadtkern_office, stadtkern_courier;

-- What the public role can do is bounded here once more, whatever a
-- statement says: see what is released or its device's own, add as its
-- device, and count photos.
revoke update, delete on defect_reporter.report from stadtkern_public;
grant update (photo_count) on defect_reporter.report to stadtkern_public;
revoke update, delete on defect_reporter.submission from stadtkern_public;
revoke update, delete on defect_reporter.photo from stadtkern_public;
revoke insert, update, delete on defect_reporter.event from stadtkern_public;

create policy public_sees on defect_reporter.report
    as restrictive for select to stadtkern_public
    using (release = 'released' or device_id = stadtkern.device());
create policy public_adds on defect_reporter.report
    as restrictive for insert to stadtkern_public
    with check (device_id = stadtkern.device() and release = 'pending'
	and text is null);
create policy public_counts on defect_reporter.report
    as restrictive for update to stadtkern_public
    using (device_id = stadtkern.device());

create policy public_own on defect_reporter.submission
    as restrictive to stadtkern_public
    using (device_id = stadtkern.device());

create policy public_sees on defect_reporter.photo
    as restrictive for select to stadtkern_public
    using (exists (select from defect_reporter.report r
	where r.tenant_id = photo.tenant_id and r.id = photo.report_id
	    and (r.device_id = stadtkern.device()
		or r.release = 'released' and photo.state = 'released')));
create policy public_adds on defect_reporter.photo
    as restrictive for insert to stadtkern_public
    with check (state = 'quarantine' and exists (
	select from defect_reporter.report r
	where r.tenant_id = photo.tenant_id and r.id = photo.report_id
	    and r.device_id = stadtkern.device()));

-- A sender also reads why a report was not published.
create policy public_sees on defect_reporter.event
    as restrictive for select to stadtkern_public
    using (exists (select from defect_reporter.report r
	where r.tenant_id = event.tenant_id and r.id = event.report_id
	    and (event.public
		or event.kind = 'rejected' and r.device_id = stadtkern.device())));

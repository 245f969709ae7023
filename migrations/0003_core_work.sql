-- SPDX-License-Identifier: EUPL-1.2
-- What is kept and what is done later: blobs, jobs, schedules, and the news
-- that a public answer is no longer true.

create table stadtkern.blob (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	media_type	text not null,
	content		bytea not null,
	size		int not null
			generated always as (octet_length(content)) stored,
	shown		boolean not null default false,
	created_at	timestamptz not null default now(),
	primary key (tenant_id, id)
);
-- Pictures do not get smaller, and are read whole.
alter table stadtkern.blob alter column content set storage external;
select stadtkern.tenant_table('stadtkern.blob');
revoke update, delete on stadtkern.blob from stadtkern_public;
revoke update on stadtkern.blob from stadtkern_office;
grant update (shown) on stadtkern.blob to stadtkern_office;
-- What nobody has released cannot leave by a statement that forgot to ask.
create policy public_shown on stadtkern.blob as restrictive
    for select to stadtkern_public using (shown);
create policy public_adds on stadtkern.blob as restrictive
    for insert to stadtkern_public with check (not shown);

-- The id is drawn first: who may not read the row may not have it returned.
create function stadtkern.blob_put(content bytea, media_type text)
    returns uuid language sql volatile
begin atomic
	with drawn as materialized (
	    select gen_random_uuid() as id
	), stored as (
	    insert into stadtkern.blob (tenant_id, id, media_type, content)
	    select stadtkern.tenant(), d.id, blob_put.media_type,
		blob_put.content
	    from drawn d
	)
	select d.id from drawn d;
end;

create function stadtkern.blob_delete(id uuid) returns void
    language sql volatile
begin atomic
	delete from stadtkern.blob b where b.tenant_id = stadtkern.tenant()
	    and b.id = blob_delete.id;
end;

-- `payload` holds no personal data; what does is `sealed` to the courier.
create table stadtkern.job (
	tenant_id	int not null,
	id		bigint not null generated always as identity,
	kind		text not null,
	payload		jsonb not null,
	sealed		bytea,
	state		text not null default 'waiting'
			check (state in ('waiting', 'running', 'done', 'dead')),
	run_at		timestamptz not null default now(),
	attempts	int not null default 0,
	leased_until	timestamptz,
	lease		uuid,
	error		text,
	created_at	timestamptz not null default now(),
	finished_at	timestamptz,
	primary key (tenant_id, id)
);
create index job_due on stadtkern.job ((kind = 'image'), run_at)
    where state = 'waiting';
create index job_leased on stadtkern.job (leased_until)
    where state = 'running';
create index job_finished on stadtkern.job (tenant_id, finished_at)
    where state in ('done', 'dead');
select stadtkern.tenant_table('stadtkern.job', '{payload,sealed,error}');
revoke update, delete on stadtkern.job from stadtkern_public;
revoke select on stadtkern.job from stadtkern_office;
grant select (tenant_id, id, kind, state, run_at, attempts, created_at,
    finished_at) on stadtkern.job to stadtkern_office;
-- The courier takes work of all tenants, the owner shows and retries it.
create policy every_tenant on stadtkern.job
    to stadtkern_courier, stadtkern_owner using (true) with check (true);

create function stadtkern.job_put(kind text, payload jsonb,
    sealed bytea default null, run_at timestamptz default now())
    returns bigint language plpgsql volatile
    set search_path = stadtkern, public, pg_temp
as $$
declare
	its_id	bigint;
begin
	insert into job (tenant_id, kind, payload, sealed, run_at)
	values (tenant(), job_put.kind, job_put.payload, job_put.sealed,
	    job_put.run_at)
	returning id into its_id;
	perform pg_notify('stadtkern_job', '');
	return its_id;
end
$$;

create table stadtkern.schedule_run (
	tenant_id	int not null,
	name		text not null,
	last_run	timestamptz not null,
	primary key (tenant_id, name)
);
select stadtkern.tenant_table('stadtkern.schedule_run');
revoke all on stadtkern.schedule_run from stadtkern_public;
create policy every_tenant on stadtkern.schedule_run
    to stadtkern_courier, stadtkern_owner using (true) with check (true);

-- What was public under this topic ("<plugin>/<topic>") has changed.
create function stadtkern.changed(topic text) returns void
    language sql volatile
begin atomic
	select pg_notify('stadtkern_changed',
	    stadtkern.tenant() || ':' || changed.topic);
end;

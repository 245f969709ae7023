-- SPDX-License-Identifier: EUPL-1.2
-- Mail: a report that came by it, and what was written about a report.

-- Where it is, mail need not say; staff do before it is published.
alter table defect_reporter.report
    drop constraint report_check2,
    add constraint report_place check (lat is not null or address is not null
	or address_id is not null
	or (channel = 'mail' and release <> 'released'));

-- The sender's address once more, sealed to the courier: where answers go that
-- are published or sent. Gone with the contact, or when it does not exist.
alter table defect_reporter.submission add column reply_box bytea;
select stadtkern.tenant_table('defect_reporter.submission',
    '{contact,reply_box}');
revoke update, delete on defect_reporter.submission from stadtkern_public;

create table defect_reporter.correspondence (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	report_id	uuid not null,
	kind		text not null check (kind in ('message', 'generated',
			'automatic', 'bounce', 'unreadable')),
	-- Who writes, as the token says: null is whoever began it.
	party		text check (party in ('sender', 'department', 'body')),
	known		boolean not null default false,	-- from that address
	forged		boolean not null default false,	-- a token of nothing
	contact		bytea,
	subject		text,
	text		text,
	shown		text,
	cut		boolean not null default false,
	dropped		int not null default 0,
	status		text,
	sent_at		timestamptz(0),
	received_at	timestamptz(0) not null default now(),
	read_at		timestamptz(0),
	read_by		uuid,
	primary key (tenant_id, id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade
);
create index correspondence_report on defect_reporter.correspondence
    (tenant_id, report_id, received_at);
create index correspondence_at on defect_reporter.correspondence
    (tenant_id, received_at, id);
create index correspondence_new on defect_reporter.correspondence
    (tenant_id, received_at, id) where read_at is null;
select stadtkern.tenant_table('defect_reporter.correspondence');
revoke all on defect_reporter.correspondence from stadtkern_public;
revoke insert, delete on defect_reporter.correspondence
    from stadtkern_office;

-- What came with it and is no picture, or one too many. `blob` is no foreign
-- key, as with photos.
create table defect_reporter.correspondence_file (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	correspondence_id uuid not null,
	name		text not null,
	media_type	text not null,		-- as the sender says
	size		int not null,
	blob		uuid not null,
	primary key (tenant_id, id),
	foreign key (tenant_id, correspondence_id)
	    references defect_reporter.correspondence (tenant_id, id)
	    on delete cascade
);
create index correspondence_file_of on defect_reporter.correspondence_file
    (tenant_id, correspondence_id);
select stadtkern.tenant_table('defect_reporter.correspondence_file');
revoke all on defect_reporter.correspondence_file from stadtkern_public;
revoke insert, update, delete on defect_reporter.correspondence_file
    from stadtkern_office;

-- Three kinds beside those that there are.
alter table defect_reporter.event add column correspondence_id uuid;
do $$
declare
	its	text := (select pg_get_constraintdef(c.oid)
		    from pg_constraint c
		    where c.conrelid = 'defect_reporter.event'::regclass
			and c.conname = 'event_kind_check');
begin
	alter table defect_reporter.event drop constraint event_kind_check;
	execute 'alter table defect_reporter.event'
	    ' add constraint event_kind_check '
	    || replace(its, 'ARRAY[', 'ARRAY[''mail''::text,'
	    ' ''mail-automatic''::text, ''mail-returned''::text, ');
end
$$;

-- Pictures become photos while there is room, everything else files.
create function defect_reporter.mail_files(its_report uuid, its_mail uuid,
    files jsonb, photos_max int) returns void
    language plpgsql volatile
    set search_path = defect_reporter, stadtkern, public, pg_temp
as $$
declare
	file	jsonb;
	photo	uuid;
begin
	for file in select jsonb_array_elements(coalesce(files, '[]')) loop
		photo := null;
		if (file ->> 'picture')::bool then
			update report r set photo_count = r.photo_count + 1
			where r.tenant_id = tenant() and r.id = its_report
			    and r.photo_count < photos_max
			returning gen_random_uuid() into photo;
		end if;
		if photo is not null then
			insert into photo (tenant_id, id, report_id, original)
			values (tenant(), photo, its_report,
			    (file ->> 'blob')::uuid);
			perform job_put('image', jsonb_build_object(
			    'plugin', 'defect-reporter',
			    'blob', file ->> 'blob', 'done', 'photo_ready',
			    'failed', 'photo_refused', 'arguments',
			    jsonb_build_object('photo', photo)));
		else
			insert into correspondence_file (tenant_id,
			    correspondence_id, name, media_type, size, blob)
			values (tenant(), its_mail, file ->> 'name',
			    file ->> 'media_type', (file ->> 'size')::int,
			    (file ->> 'blob')::uuid);
		end if;
	end loop;
end
$$;

-- One mail: to the report that it is about, or a new one that waits for
-- somebody to sight it. `rules` is what the city's settings say of new ones.
create function defect_reporter.mail_take(its_thread uuid, mail jsonb,
    contact bytea, reply bytea, greet boolean, rules jsonb) returns void
    language plpgsql volatile
    set search_path = defect_reporter, stadtkern, public, pg_temp
as $$
declare
	its	report;
	its_id	uuid := gen_random_uuid();
	its_kind text := mail ->> 'kind';
	fresh	boolean := false;
	nr	bigint;
begin
	select r.* into its from report r
	where r.tenant_id = tenant() and r.id = its_thread for update;
	if not found then
		if its_kind in ('automatic', 'bounce') then
			return;
		end if;
		fresh := true;
		insert into counter as c (tenant_id, last) values (tenant(), 1)
		on conflict (tenant_id) do update set last = c.last + 1
		returning last into nr;
		insert into report (tenant_id, number, channel, category,
		    department, outside_body, status, due_on)
		values (tenant(), nr, 'mail', rules ->> 'category',
		    rules ->> 'department', rules ->> 'outside',
		    rules ->> 'initial', deadline(rules -> 'deadlines',
			rules ->> 'category', today()))
		returning * into its;
		insert into submission (tenant_id, report_id, text, contact,
		    reply_box)
		values (tenant(), its.id, left(concat_ws(E'\n\n',
		    mail ->> 'subject', mail ->> 'shown'), 4000),
		    mail_take.contact, reply);
	end if;
	insert into correspondence (tenant_id, id, report_id, kind, party,
	    known, forged, contact, subject, text, shown, cut, dropped, status,
	    sent_at)
	values (tenant(), its_id, its.id, its_kind,
	    case when not fresh then mail ->> 'party' end,
	    coalesce((mail ->> 'known')::bool, false),
	    coalesce((mail ->> 'forged')::bool, false), mail_take.contact,
	    mail ->> 'subject', mail ->> 'text', mail ->> 'shown',
	    coalesce((mail ->> 'cut')::bool, false),
	    coalesce((mail ->> 'dropped')::int, 0), mail ->> 'status',
	    (mail ->> 'sent_at')::timestamptz);
	insert into event (tenant_id, report_id, kind, public,
	    correspondence_id)
	values (tenant(), its.id, case its_kind when 'automatic'
	    then 'mail-automatic' when 'bounce' then 'mail-returned'
	    else 'mail' end, false, its_id);
	perform mail_files(its.id, its_id, nullif(mail -> 'files', 'null'),
	    (rules ->> 'photos_max')::int);
	if fresh then
		perform job_put('mail', jsonb_build_object(
		    'plugin', 'defect-reporter', 'template', 'mail-received',
		    'language', 'de', 'thread', jsonb_build_object(
			'id', its.id, 'party', 'sender', 'number', nr::text),
		    'arguments', jsonb_build_object('number', nr)), reply)
		where greet and reply is not null;
	else
		update report r set changed_at = now()
		where r.tenant_id = tenant() and r.id = its.id;
		-- It does not exist; nothing more is sent there.
		update submission s set reply_box = null
		where s.tenant_id = tenant() and s.report_id = its.id
		    and its_kind = 'bounce' and mail ->> 'party' = 'sender'
		    and mail ->> 'status' like '5.%';
	end if;
end
$$;

-- Who wrote by mail has no app to look into: what is said to the sender is
-- sent. A trigger, so that it holds for every way in which it is said.
create function defect_reporter.mail_told() returns trigger
    language plpgsql set search_path = defect_reporter, stadtkern, pg_temp as $$
begin
	perform job_put('mail', jsonb_build_object(
	    'plugin', 'defect-reporter', 'template', 'mail-answer',
	    'language', 'de', 'thread', jsonb_build_object('id', r.id,
		'party', 'sender', 'number', r.number::text),
	    'arguments', jsonb_build_object('number', r.number,
		'text', new.text)), s.reply_box)
	from report r join submission s
	    on s.tenant_id = r.tenant_id and s.report_id = r.id
	where r.tenant_id = new.tenant_id and r.id = new.report_id
	    and r.channel = 'mail' and s.reply_box is not null;
	return null;
end
$$;
create trigger mail_told after insert on defect_reporter.event
    for each row when (new.text is not null and (new.kind = 'rejected'
	or (new.public and new.kind in ('answer', 'status'))))
    execute function defect_reporter.mail_told();

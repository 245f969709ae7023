-- SPDX-License-Identifier: EUPL-1.2
-- Reports as the office works on them: who has them, until when, how urgent
-- they are, which belong together, and what is said of them in the house.

alter table defect_reporter.report
    drop constraint report_channel_check,
    add constraint report_channel_check check (channel in ('app', 'open311',
	'telephone', 'letter', 'counter', 'mail')),
    add column priority text not null default 'normal'
	check (priority in ('low', 'normal', 'high', 'urgent')),
    -- Lists are sorted in one direction, the most urgent first.
    add column urgency smallint not null generated always as (case priority
	when 'urgent' then 0 when 'high' then 1 when 'normal' then 2
	else 3 end) stored,
    -- 'infinity': nobody said until when. Not null, for keyset cursors.
    add column due_on date not null default 'infinity',
    add column due_by text not null default 'category'
	check (due_by in ('category', 'staff')),
    add column escalated_at timestamptz(0),
    -- Whether the department has agreed that it is theirs; `proposed` is
    -- what the category says.
    add column assignment text not null default 'proposed'
	check (assignment in ('proposed', 'assigned', 'accepted', 'returned')),
    add column assignee_id uuid,
    -- A report of the same thing, which this one follows. One level.
    add column parent_id uuid check (parent_id <> id),
    add column spam boolean not null default false,
    add check (not spam or release <> 'released'),
    add foreign key (tenant_id, assignee_id)
	references stadtkern.staff (tenant_id, id)
	on delete set null (assignee_id),
    add foreign key (tenant_id, parent_id)
	references defect_reporter.report (tenant_id, id)
	on delete set null (parent_id);

-- A list is read lane by lane, a lane being a department and a status (or a
-- category and a status), each in the order that is asked for (see ticket_ids). What is `spam` or has a parent
-- is in no list but by its own filter or a search.
create index ticket_deadline on defect_reporter.report
    (tenant_id, department, status, due_on, number)
    where not spam and parent_id is null;
create index ticket_category on defect_reporter.report
    (tenant_id, category, status, due_on, number)
    where not spam and parent_id is null;
create index ticket_received on defect_reporter.report
    (tenant_id, department, status, number)
    where not spam and parent_id is null;
create index ticket_changed on defect_reporter.report
    (tenant_id, department, status, changed_at, number)
    where not spam and parent_id is null;
create index ticket_priority on defect_reporter.report
    (tenant_id, department, status, urgency, due_on, number)
    where not spam and parent_id is null;
-- What is few by itself.
create index ticket_person on defect_reporter.report (tenant_id, assignee_id)
    where assignee_id is not null;
create index ticket_late on defect_reporter.report (tenant_id, due_on)
    where closed_at is null;
create index ticket_spam on defect_reporter.report (tenant_id, number)
    where spam;
create index ticket_child on defect_reporter.report (tenant_id, parent_id)
    where parent_id is not null;
create index ticket_cell on defect_reporter.report (tenant_id, cell);
create index photo_waiting on defect_reporter.photo (tenant_id, report_id)
    where state = 'waiting';

-- What a sender must not say of the own report.
create policy public_adds_plain on defect_reporter.report
    as restrictive for insert to stadtkern_public
    with check (channel in ('app', 'open311') and priority = 'normal'
	and due_by = 'category' and escalated_at is null
	and assignment = 'proposed' and assignee_id is null
	and parent_id is null and not spam);

-- Until when a report of this category, received on `day`, is to be done:
-- `deadlines` is {"pothole": {"days": 10, "kind": "working"}, …}.
create function defect_reporter.deadline(deadlines jsonb, category text,
    day date) returns date language sql stable parallel safe
    return coalesce(case deadlines -> category ->> 'kind'
	when 'working' then stadtkern.add_working_days(day,
	    (deadlines -> category ->> 'days')::int)
	when 'calendar' then day + (deadlines -> category ->> 'days')::int
	end, 'infinity');

-- The history knows more. `note` is for the house only; `related_number` is
-- that of the report that this one was merged with, for its sender.
alter table defect_reporter.event
    drop constraint event_kind_check,
    add constraint event_kind_check check (kind in ('released', 'rejected',
	'status', 'answer', 'forwarded', 'photo-released', 'photo-rejected',
	'entered', 'assigned', 'accepted', 'returned', 'person', 'changed',
	'merged', 'absorbed', 'split', 'note', 'draft', 'draft-rejected',
	'spam', 'not-spam', 'reopened', 'late')),
    add column department text,
    add column person_id uuid,
    add column category text,
    add column priority text,
    add column due_on date,
    add column related_id uuid,
    add column related_number bigint;
grant select (related_number) on defect_reporter.event to stadtkern_public;

-- Answers that the sighting office has not let out yet.
create table defect_reporter.draft (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	report_id	uuid not null,
	text		text not null,
	staff_id	uuid,
	state		text not null default 'waiting'
			check (state in ('waiting', 'released', 'rejected')),
	reason		text,
	created_at	timestamptz(0) not null default now(),
	decided_at	timestamptz(0),
	decided_by	uuid,
	primary key (tenant_id, id),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade
);
create index draft_report on defect_reporter.draft
    (tenant_id, report_id, created_at);
create index draft_waiting on defect_reporter.draft (tenant_id, report_id)
    where state = 'waiting';
select stadtkern.tenant_table('defect_reporter.draft');
revoke all on defect_reporter.draft from stadtkern_public;

-- Filters that a person keeps under a name.
create table defect_reporter.saved_view (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	staff_id	uuid not null,
	name		text not null,
	filter		jsonb not null,
	created_at	timestamptz(0) not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, staff_id, name),
	foreign key (tenant_id, staff_id)
	    references stadtkern.staff (tenant_id, id) on delete cascade
);
select stadtkern.tenant_table('defect_reporter.saved_view');
revoke all on defect_reporter.saved_view
    from stadtkern_public, stadtkern_courier;

-- Children follow: the status, and what is said to their senders. Triggers,
-- so that it holds for every statement that touches a parent.
create function defect_reporter.children_follow() returns trigger
    language plpgsql set search_path = defect_reporter, stadtkern, pg_temp as $$
begin
	update report r set status = new.status, closed_at = new.closed_at,
	    changed_at = now(), version = r.version + 1
	where r.tenant_id = new.tenant_id and r.parent_id = new.id;
	if found then
		update submission s set contact_until = p.contact_until
		from submission p, report r
		where p.tenant_id = new.tenant_id and p.report_id = new.id
		    and r.tenant_id = new.tenant_id and r.parent_id = new.id
		    and s.tenant_id = new.tenant_id and s.report_id = r.id;
	end if;
	return null;
end
$$;
create trigger children_follow after update of status
    on defect_reporter.report for each row
    when (old.status <> new.status and new.parent_id is null)
    execute function defect_reporter.children_follow();

create function defect_reporter.children_told() returns trigger
    language plpgsql set search_path = defect_reporter, stadtkern, pg_temp as $$
begin
	insert into event (tenant_id, report_id, kind, public, status, text,
	    outside_body, staff_id)
	select r.tenant_id, r.id, new.kind, true, new.status, new.text,
	    new.outside_body, new.staff_id
	from report r
	where r.tenant_id = new.tenant_id and r.parent_id = new.report_id;
	return null;
end
$$;
create trigger children_told after insert on defect_reporter.event
    for each row
    when (new.public and new.kind in ('status', 'answer', 'forwarded'))
    execute function defect_reporter.children_told();

-- Searching. Operators of a full-text or trigram index are not leakproof, so
-- under a policy they are evaluated row by row: 100,000 of them. Words are
-- kept in a table instead and compared as texts, whose operators are; "C", so
-- that what begins with a word is one range of an index.
create table defect_reporter.word (
	tenant_id	int not null,
	report_id	uuid not null,
	word		text collate "C" not null,
	primary key (tenant_id, report_id, word),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade
);
create index word_report on defect_reporter.word
    (tenant_id, word, report_id);
select stadtkern.tenant_table('defect_reporter.word');
revoke all on defect_reporter.word
    from stadtkern_public, stadtkern_office, stadtkern_courier;
grant select on defect_reporter.word to stadtkern_office;

-- The words of a text as they are compared: small letters, umlauts in two
-- letters, no other accents, "str." written out.
create function defect_reporter.words(its text) returns setof text
    language sql immutable strict parallel safe
begin atomic
	select distinct regexp_replace(left(w, 40), 'str$', 'strasse')
	    collate "C"
	from regexp_split_to_table(regexp_replace(normalize(replace(replace(
		replace(replace(lower(normalize(its, nfc) collate "und-x-icu"),
		'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'), nfkd),
		'[\u0300-\u036f]', '', 'g') collate "und-x-icu",
	    '[^[:alnum:]]+') w
	where length(w) > 1 or w ~ '^[0-9]$';
end;

-- As the owner, as no role may write words.
create function defect_reporter.words_keep() returns trigger
    language plpgsql security definer
    set search_path = defect_reporter, stadtkern, public, pg_temp as $$
declare
	its_report	uuid := case tg_table_name when 'report'
			    then (to_jsonb(new) ->> 'id')::uuid
			    else (to_jsonb(new) ->> 'report_id')::uuid end;
begin
	delete from word w where w.tenant_id = new.tenant_id
	    and w.report_id = its_report;
	insert into word (tenant_id, report_id, word)
	select new.tenant_id, its_report, words(concat_ws(' ', s.text, r.text,
	    r.address))
	from report r join submission s
	    on s.tenant_id = r.tenant_id and s.report_id = r.id
	where r.tenant_id = new.tenant_id and r.id = its_report;
	return null;
end
$$;
revoke all on function defect_reporter.words_keep() from public;
create trigger words_keep after insert or update of text
    on defect_reporter.submission
    for each row execute function defect_reporter.words_keep();
create trigger words_keep after update of text, address
    on defect_reporter.report for each row
    when (old.text is distinct from new.text
	or old.address is distinct from new.address)
    execute function defect_reporter.words_keep();

-- Those of the reports that there are already.
do $$
declare
	its	int;
begin
	for its in select id from stadtkern.tenant loop
		perform set_config('stadtkern.tenant', its::text, true);
		insert into defect_reporter.word (tenant_id, report_id, word)
		select r.tenant_id, r.id, defect_reporter.words(
		    concat_ws(' ', s.text, r.text, r.address))
		from defect_reporter.report r
		join defect_reporter.submission s
		    on s.tenant_id = r.tenant_id and s.report_id = r.id
		where r.tenant_id = its;
	end loop;
	perform set_config('stadtkern.tenant', '', true);
end
$$;

-- Reports in which each word of `q` begins one, or whose number it is. Null:
-- more than `most`; then the list is walked instead (ticket_ids).
create function defect_reporter.search_ids(q text, most int) returns uuid[]
    language plpgsql stable
    set search_path = defect_reporter, stadtkern, public, pg_temp
as $$
declare
	its	text[] := array(select w from words(q) w
		    order by length(w) desc, w);
	ids	uuid[] := '{}';
	nr	uuid;
begin
	if cardinality(its) > 0 then
		ids := array(select w.report_id from word w
		    where w.tenant_id = tenant() and w.word >= its[1]
			and w.word < its[1] || U&'\+10FFFF'
			and not exists (select from unnest(its[2:]) i
			    where not exists (select from word o
				where o.tenant_id = tenant()
				    and o.report_id = w.report_id
				    and o.word >= i
				    and o.word < i || U&'\+10FFFF'))
		    limit most + 1);
	end if;
	if cardinality(ids) > most then
		return null;
	end if;
	if q ~ '^\s*#?[0-9]{1,18}\s*$' then
		select r.id into nr from report r where r.tenant_id = tenant()
		    and r.number = translate(q, E'# \t', '')::bigint;
		if nr is not null then
			ids := ids || nr;
		end if;
	end if;
	return ids;
end
$$;

-- One page of tickets, and how the list goes on. `filter` holds what the table
-- of fields has checked; only what is in it becomes part of the query, which
-- is planned for it. No text of a caller does: values are parameters.
--
-- There are two ways. What is few by itself (a person's, late ones, an area, a
-- rare word) is read by its index and sorted. Everything else is read lane by
-- lane, as many rows of each as the page has, already in order, and merged:
-- so a page costs the same however many tickets there are.
create function defect_reporter.ticket_ids(filter jsonb, sort text,
    after text, many int) returns table (id uuid, place text, nth bigint)
    language plpgsql stable rows 50
    set search_path = defect_reporter, stadtkern, public, pg_temp
as $$
declare
	if_		text := '';	-- beside department, category, status
	few		boolean := false;
	ids		uuid[];
	its_words	text[];
	box		float8[] := string_to_array(filter ->> 'bbox', ',');
	its_order	text;
	its_place	text;
	beyond		text := '';
	lane		text;		-- the column that makes them
	lanes		text;
	at		text[] := string_to_array(after, '/');
	one		text;
begin
	select o.by_, o.at_, o.beyond into its_order, its_place, beyond
	from (values
	    ('deadline', 'r.due_on, r.number',
		'r.due_on::text, r.number::text',
		'(r.due_on, r.number) > ($4[2]::date, $4[3]::bigint)'),
	    ('priority', 'r.urgency, r.due_on, r.number',
		'r.urgency::text, r.due_on::text, r.number::text',
		'(r.urgency, r.due_on, r.number) > '
		'($4[2]::smallint, $4[3]::date, $4[4]::bigint)'),
	    ('changed', 'r.changed_at desc, r.number desc',
		'r.changed_at::text, r.number::text',
		'(r.changed_at, r.number) < '
		'($4[2]::timestamptz, $4[3]::bigint)'),
	    ('received', 'r.number desc', 'r.number::text',
		'r.number < $4[2]::bigint')) o (sort, by_, at_, beyond)
	where o.sort = ticket_ids.sort;
	-- A position of another order is none: the list begins.
	beyond := case when at[1] = sort then ' and ' || beyond else '' end;

	for one in select c.if_ from (values
	    ('channel', 'r.channel = any'
		' (string_to_array($1 ->> ''channel'', '',''))'),
	    ('priority', 'r.priority = any'
		' (string_to_array($1 ->> ''priority'', '',''))'),
	    ('release', 'r.release = $1 ->> ''release'''),
	    ('person', 'r.assignee_id = ($1 ->> ''person'')::uuid'),
	    ('since', 'r.received_at >= ($1 ->> ''since'')::timestamptz'),
	    ('until', 'r.received_at < ($1 ->> ''until'')::timestamptz'),
	    ('bbox', 'r.lon between $5[1] and $5[3]'
		' and r.lat between $5[2] and $5[4]')) c (name, if_)
	    where filter ? c.name
	    union all select c.if_ from (values
	    ('mine', 'r.assignee_id = $6'),
	    ('new', 'r.release = ''pending'' and r.closed_at is null'),
	    ('late', 'r.due_on < $8 and r.closed_at is null'),
	    ('photo', 'exists (select from photo p'
		' where p.tenant_id = $2 and p.report_id = r.id'
		' and p.state = ''waiting'')'),
	    ('answer', 'exists (select from draft d'
		' where d.tenant_id = $2 and d.report_id = r.id'
		' and d.state = ''waiting'')')) c (name, if_)
	    where (filter ->> c.name)::bool
	loop
		if_ := if_ || ' and ' || one;
	end loop;
	few := filter ?| '{person}' or (filter ->> 'mine')::bool
	    or (filter ->> 'new')::bool or (filter ->> 'late')::bool
	    or (filter ->> 'photo')::bool or (filter ->> 'answer')::bool
	    or (filter ->> 'spam')::bool
	    or coalesce(filter ->> 'release', 'released') <> 'released';
	if cells(box[1], box[2], box[3], box[4]) is not null then
		few := true;
		if_ := if_ || ' and r.cell = any'
		    ' (cells($5[1], $5[2], $5[3], $5[4]))';
	end if;
	if filter ? 'q' then
		ids := search_ids(filter ->> 'q', 2000);
		few := few is true or ids is not null;
		if ids is not null then
			if_ := if_ || ' and r.id = any ($7)';
		else
			its_words := array(select words(filter ->> 'q'));
			-- A word that is everywhere is soon met on the way
			-- from the newest back.
			few := few is true or sort = 'received'
			    and not filter ?| '{department,category,status}';
			-- Asked of each report on the way, whatever the planner
			-- thinks of it.
			if_ := if_ || (select string_agg(format(' and (select'
			    ' true from word o where o.tenant_id = $2'
			    ' and o.report_id = r.id and o.word >= $10[%s]'
			    ' and o.word < $10[%1$s] || $11 limit 1)', i), '')
			    from generate_subscripts(its_words, 1) i);
		end if;
	end if;
	-- What is merged is found by looking for it.
	if ids is null then
		if_ := if_ || ' and r.parent_id is null';
	end if;
	if_ := if_ || case when (filter ->> 'spam')::bool then ' and r.spam'
	    else ' and not r.spam' end;
	if staff_limits() is not null then
		if_ := if_ || ' and staff_may(r.department, r.category)';
	end if;

	if few then
		return query execute format('select r.id,'
		    ' concat_ws(''/'', $9, %s), row_number() over (order by %s)'
		    ' from report r where r.tenant_id = $2'
		    ' and coalesce(r.department = any (string_to_array('
		    '$1 ->> ''department'', '','')), true)'
		    ' and coalesce(r.category = any (string_to_array('
		    '$1 ->> ''category'', '','')), true)'
		    ' and coalesce(r.status = any (string_to_array('
		    '$1 ->> ''status'', '','')), true)'
		    '%s%s order by %2$s limit $3',
		    its_place, its_order, if_, beyond)
		using filter, tenant(), many, at, box, staff(), ids, today(),
		    sort, its_words, U&'\+10FFFF';
		return;
	end if;
	-- The lanes that there are, one step down the index each; with both
	-- named there is nothing to look for.
	lane := case when filter ? 'category' and not filter ? 'department'
	    then 'category' else 'department' end;
	if_ := if_ || case when lane = 'department' and filter ? 'category'
	    then ' and r.category = any'
	    ' (string_to_array($1 ->> ''category'', '',''))' else '' end;
	lanes := case when filter ? lane and filter ? 'status' then format(
	    'select d as its, s as status'
	    ' from unnest(string_to_array($1 ->> %1$L, '','')) d,'
	    ' unnest(string_to_array($1 ->> ''status'', '','')) s', lane)
	    else format('(select r.%1$I as its, r.status from report r'
	    ' where r.tenant_id = $2 and not r.spam and r.parent_id is null'
	    ' order by 1, 2 limit 1)'
	    ' union all select n.* from lane l cross join lateral ('
	    'select r.%1$I, r.status from report r'
	    ' where r.tenant_id = $2 and not r.spam and r.parent_id is null'
	    ' and (r.%1$I, r.status) > (l.its, l.status)'
	    ' order by 1, 2 limit 1) n', lane) end;
	return query execute format('with recursive lane as (%1$s)'
	    ' select k.id, k.place, row_number() over (order by %2$s)'
	    ' from lane l cross join lateral (select r.id,'
	    ' concat_ws(''/'', $9, %3$s) as place, r.due_on, r.number,'
	    ' r.changed_at, r.urgency from report r'
	    ' where r.tenant_id = $2 and r.%7$I = l.its'
	    ' and r.status = l.status%4$s%5$s order by %6$s limit $3) k'
	    ' where coalesce(l.its = any (string_to_array($1 ->> %7$L,'
	    ' '','')), true)'
	    ' and coalesce(l.status = any (string_to_array('
	    '$1 ->> ''status'', '','')), true)'
	    ' and coalesce(%7$L <> ''department'' or l.its = any ($12), true)'
	    ' order by %2$s limit $3',
	    lanes, replace(its_order, 'r.', 'k.'), its_place, if_, beyond,
	    its_order, lane)
	using filter, tenant(), many, at, box, staff(), ids, today(), sort,
	    its_words, U&'\+10FFFF', case when staff_limits() is not null
		then staff_departments() end;
end
$$;

-- A sender says that it is not done. As the owner, as the public role may
-- change no report; what it may not, is looked at here. A report that followed
-- another one goes its own way again.
create function defect_reporter.report_reopen(its_id uuid, reason text,
    days int, initial text, deadlines jsonb, out problem text, out body json)
    language plpgsql volatile security definer
    set search_path = defect_reporter, stadtkern, public, pg_temp
as $$
declare
	its	report;
begin
	select * into its from report r
	where r.tenant_id = tenant() and r.id = its_id
	    and r.device_id = device() for update;
	if not found then
		problem := 'not-found';
		return;
	elsif its.closed_at is null then
		problem := 'report-open';
		return;
	elsif its.spam or its.release = 'rejected'
	    or its.closed_at + make_interval(days => days) < now() then
		problem := 'reopen-late';
		return;
	end if;
	insert into event (tenant_id, report_id, kind, public, text)
	values (tenant(), its_id, 'reopened', false, reason);
	insert into event (tenant_id, report_id, kind, public, status)
	values (tenant(), its_id, 'status', true, initial);
	update report r set status = initial, closed_at = null,
	    parent_id = null, escalated_at = null, due_by = 'category',
	    due_on = deadline(deadlines, r.category, today()),
	    changed_at = now(), version = r.version + 1
	where r.tenant_id = tenant() and r.id = its_id;
	update submission s set contact_until = null
	where s.tenant_id = tenant() and s.report_id = its_id;
	body := json_build_object('id', its_id, 'status', initial);
end
$$;
revoke execute on function defect_reporter.report_reopen(uuid, text, int,
    text, jsonb) from public;
grant execute on function defect_reporter.report_reopen(uuid, text, int,
    text, jsonb) to stadtkern_public;

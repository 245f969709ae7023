-- SPDX-License-Identifier: EUPL-1.2
-- Reports that outside bodies have been handed, and what these may do with the
-- link that they got. They have no account: who holds the link is the body.

-- Only the hash of a link's token is kept. `refused` and `closed` use it up.
create table defect_reporter.forwarding (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	report_id	uuid not null,
	outside_body	text not null,
	token_hash	bytea not null,
	state		text not null default 'open' check (state in ('open',
			'accepted', 'refused', 'closed', 'revoked')),
	note		text,
	contact		boolean not null,	-- whether it went along
	expires_at	timestamptz(0) not null,
	reminded_at	timestamptz(0),
	expired_at	timestamptz(0),		-- when it was noticed
	-- What was asked last by the link, and what was answered.
	last_request	bytea,
	last_answer	json,
	staff_id	uuid,
	created_at	timestamptz(0) not null default now(),
	changed_at	timestamptz(0) not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, token_hash),
	foreign key (tenant_id, report_id)
	    references defect_reporter.report (tenant_id, id)
	    on delete cascade
);
create index forwarding_report on defect_reporter.forwarding
    (tenant_id, report_id, created_at);
create index forwarding_open on defect_reporter.forwarding
    (tenant_id, expires_at, id) where state in ('open', 'accepted');
select stadtkern.tenant_table('defect_reporter.forwarding',
    '{token_hash,note,staff_id,last_request,last_answer}');
revoke all on defect_reporter.forwarding from stadtkern_public;

-- Whether the body may still do something by its link.
create function defect_reporter.is_live(f defect_reporter.forwarding)
    returns boolean language sql stable
    return f.state in ('open', 'accepted') and f.expires_at > now();

-- An answer may be an outside body's.
alter table defect_reporter.draft add column outside_body text;

-- What the city's file calls a body, and where mail for it and for a
-- department goes.
create function defect_reporter.body_of(code text) returns json
    language sql stable security definer
    set search_path = stadtkern, pg_temp
begin atomic
	select t.config::json #> array['tenant', 'outside_bodies', code]
	from stadtkern.tenant t where t.id = stadtkern.tenant();
end;

-- What the body sees: what is public of the report, and what the city says to
-- it. As the owner, as the public role reads no forwarding; null for every
-- link that opens nothing, whatever the reason.
create function defect_reporter.forwarding_page(hash bytea) returns json
    language sql stable security definer
    set search_path = defect_reporter, stadtkern, public, pg_temp
begin atomic
	select json_build_object('state', f.state, 'expires_at', f.expires_at,
	    'body', json_build_object('code', f.outside_body, 'name',
		coalesce(defect_reporter.body_of(f.outside_body) ->> 'name',
		    f.outside_body)),
	    'note', f.note, 'sent_at', f.created_at,
	    'report', json_build_object('id', r.id, 'number', r.number,
		'category', r.category, 'status', r.status,
		'text', r.text, 'received_at', r.received_at,
		'position', case when r.lat is not null then
		    json_build_object('lat', round(r.lat * 1e6) / 1e6,
			'lon', round(r.lon * 1e6) / 1e6) end,
		'address', coalesce(r.address, r.address_id),
		'photos', (select coalesce(json_agg(json_build_object(
			'id', p.id, 'width', p.width, 'height', p.height)
			order by p.created_at, p.id), '[]')
		    from defect_reporter.photo p
		    where p.tenant_id = r.tenant_id and p.report_id = r.id
			and p.state = 'released')),
	    'answers', (select coalesce(json_agg(json_build_object(
		    'at', e.at, 'kind', e.kind, 'text', e.text)
		    order by e.id), '[]')
		from defect_reporter.event e
		where e.tenant_id = r.tenant_id and e.report_id = r.id
		    and e.outside_body = f.outside_body
		    and e.kind in ('forward-accepted', 'forward-answered')))
	from defect_reporter.forwarding f
	join defect_reporter.report r
	    on r.tenant_id = f.tenant_id and r.id = f.report_id
	where f.tenant_id = stadtkern.tenant() and f.token_hash = hash
	    and defect_reporter.is_live(f) and r.release = 'released';
end;
revoke execute on function defect_reporter.forwarding_page(bytea) from public;
grant execute on function defect_reporter.forwarding_page(bytea)
    to stadtkern_public;

-- What the body does. The same request again gets the same answer, also when
-- it has used the link up. Null: the link opens nothing.
create function defect_reporter.forwarding_act(hash bytea, action text,
    its_text text, graph jsonb, answers_mode text, keep int) returns json
    language plpgsql volatile security definer
    set search_path = defect_reporter, stadtkern, public, pg_temp
as $$
declare
	f	forwarding;
	r	report;
	request	bytea := sha256(convert_to(concat_ws(E'\n', action, its_text),
		    'UTF8'));
	waits	boolean := coalesce(answers_mode = 'released', false)
		    and its_text is not null;
	goal	text;
	new	text;
begin
	-- The report's lock comes first, as everywhere.
	select t.* into r from report t join forwarding o
	    on o.tenant_id = t.tenant_id and o.report_id = t.id
	where o.tenant_id = tenant() and o.token_hash = hash
	for update of t;
	select * into f from forwarding o
	where o.tenant_id = tenant() and o.token_hash = hash for update;
	if not found or f.state = 'revoked' or f.expires_at <= now()
	    or r.release <> 'released' then
		return null;
	elsif f.last_request = request then
		return f.last_answer;
	elsif not is_live(f) then
		return null;
	elsif action = 'accept' and f.state = 'accepted' then
		return json_build_object('state', f.state, 'number', r.number,
		    'answer', null);
	end if;
	new := case action when 'accept' then 'accepted'
	    when 'refuse' then 'refused' when 'close' then 'closed'
	    else f.state end;

	insert into event (tenant_id, report_id, kind, public, text,
	    outside_body)
	values (tenant(), r.id, case action when 'accept' then
	    'forward-accepted' when 'refuse' then 'forward-refused'
	    when 'close' then 'forward-closed' else 'forward-answered' end,
	    false, its_text, f.outside_body);
	if action = 'close' and r.parent_id is null then
		select n.value into goal
		from jsonb_array_elements_text(graph -> r.status -> 'next')
		    with ordinality n (value, nth)
		where graph -> n.value ->> 'kind' = 'closed'
		order by n.nth limit 1;
	end if;
	if waits and action in ('answer', 'close') then
		insert into draft (tenant_id, report_id, text, outside_body)
		values (tenant(), r.id, its_text, f.outside_body);
	end if;
	if goal is not null then
		insert into event (tenant_id, report_id, kind, public, status,
		    text, outside_body)
		values (tenant(), r.id, 'status', true, goal,
		    case when not waits then its_text end, f.outside_body);
		update submission s set contact_until = today() + keep
		where s.tenant_id = tenant() and s.report_id = r.id;
	elsif action in ('answer', 'close') and its_text is not null
	    and not waits then
		insert into event (tenant_id, report_id, kind, public, text,
		    outside_body)
		values (tenant(), r.id, 'answer', true, its_text,
		    f.outside_body);
	end if;
	update report t set status = coalesce(goal, t.status),
	    closed_at = case when goal is null then t.closed_at
		else now() end,
	    outside_body = case when action = 'refuse'
		and t.outside_body = f.outside_body then null
		else t.outside_body end,
	    changed_at = now(), version = t.version + 1
	where t.tenant_id = tenant() and t.id = r.id;
	update forwarding o set state = new, changed_at = now(),
	    last_request = request, last_answer = json_build_object(
		'state', new, 'number', r.number, 'answer', case
		    when its_text is null or action in ('accept', 'refuse')
			then null
		    when waits then 'waiting' else 'published' end)
	where o.tenant_id = tenant() and o.id = f.id
	returning o.* into f;
	perform forwarding_tell(f, r.department, r.number, 'news');
	return f.last_answer;
end
$$;
revoke execute on function defect_reporter.forwarding_act(bytea, text, text,
    jsonb, text, int) from public;
grant execute on function defect_reporter.forwarding_act(bytea, text, text,
    jsonb, text, int) to stadtkern_public;

-- A mail to the department: by number, and no more. One without an address is
-- told at the city's.
create function defect_reporter.forwarding_tell(f defect_reporter.forwarding,
    department text, number bigint, what text) returns bigint
    language sql volatile security definer
    set search_path = defect_reporter, stadtkern, public, pg_temp
begin atomic
	select stadtkern.job_put('mail', jsonb_build_object(
	    'plugin', 'defect-reporter', 'template', 'forward-' || what,
	    'language', 'de', 'to', coalesce(c.its #>> array['departments',
		department, 'email'], c.its ->> 'email'),
	    'arguments', jsonb_build_object('number', number,
		'body', coalesce(defect_reporter.body_of(f.outside_body)
		    ->> 'name', f.outside_body))))
	from (select t.config::json -> 'tenant' as its from stadtkern.tenant t
	    where t.id = stadtkern.tenant()) c;
end;
revoke execute on function defect_reporter.forwarding_tell(
    defect_reporter.forwarding, text, bigint, text) from public;
grant execute on function defect_reporter.forwarding_tell(
    defect_reporter.forwarding, text, bigint, text) to stadtkern_courier;

-- SPDX-License-Identifier: EUPL-1.2
-- The audit log, as whoever may look into it reads it.

-- name: audit_list :page
-- The audit log, newest first. An entry comes here a few seconds after what it
-- tells of. `words` says in the caller's language what stands in it as codes.
with page as materialized (
    select a.*, f.id as staff_id, f.name as staff_name,
	:words::jsonb -> 'action' -> a.action as word
    from audit a
    left join staff f on f.tenant_id = a.tenant_id
	and a.actor = 'staff:' || f.id
    where a.tenant_id = tenant()
	and a.number < coalesce(:after::bigint, 9223372036854775807)
	and coalesce(a.kind = :kind::text, true)
	and coalesce(a.actor = 'staff:' || :staff::uuid, true)
	and (:object::uuid is null or a.object_id = :object::uuid::text)
	and coalesce(a.at >= :since::date::timestamp at time zone
	    'Europe/Berlin', true)
	and coalesce(a.at < (:until::date + 1)::timestamp at time zone
	    'Europe/Berlin', true)
    order by a.number desc
    limit :limit::int
)
select a.number::text as position, json_build_object('number', a.number,
	'at', to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'kind', a.kind, 'staff', case when a.staff_id is not null then
	    json_build_object('id', a.staff_id, 'name', a.staff_name) end,
	'actor', a.actor, 'action', a.action, 'right', a.right_used,
	'object', a.object, 'detail', a.detail, 'reads', a.reads,
	'status', a.status, 'code', a.code,
	'subject', subject_read(a.word -> 'subject', a.object),
	'words', json_build_object('action', a.word -> 'says',
	    'reads', case when a.reads is not null then a.word -> 'reads' end,
	    'right', :words::jsonb -> 'right' -> a.right_used,
	    'code', coalesce(:words::jsonb -> 'problem' -> (a.word ->> 'plugin')
		-> a.code, :words::jsonb -> 'problem' -> '' -> a.code))) as body
from page a order by a.number desc;

-- name: audit_people :row
-- Whoever has all these words in name or address. Those who have left a while
-- ago have no name any more.
with found as (
    select f.id, f.name, f.email, case when f.disabled_at is not null
	then 'disabled' else 'active' end as state
    from staff f
    where f.tenant_id = tenant() and coalesce(f.id = :id::uuid, true)
	and not exists (select from regexp_split_to_table(lower(:q::text),
	    '\s+') w where position(w in lower(f.name || ' ' || f.email)) = 0)
    order by f.name, f.id limit 21
), shown as (
    select * from found order by name, id limit 20
)
select json_build_object('items', (select coalesce(json_agg(s order by s.name,
	s.id), '[]') from shown s),
    'more', (select count(*) > 20 from found)) as body;

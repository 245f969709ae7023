-- SPDX-License-Identifier: EUPL-1.2
-- Statements of new-plugin.

-- name: entry_list :page
-- Newest first.
select e.created_at::text || '/' || e.id as position,
    json_build_object('id', e.id, 'title', e.title, 'text', e.text,
	'created_at', e.created_at) as body
from new_plugin.entry e
where coalesce((e.created_at, e.id) <
	(split_part(:after::text, '/', 1)::timestamptz,
	split_part(:after::text, '/', 2)::uuid), true)
order by e.created_at desc, e.id desc
limit :limit::int;

-- name: entry_show :row
-- One entry; no row is 404.
select json_build_object('id', e.id, 'title', e.title, 'text', e.text,
    'created_at', e.created_at) as body
from new_plugin.entry e
where e.id = :id::uuid;

-- name: entry_create :row
-- An entry, as staff write it.
insert into new_plugin.entry (tenant_id, title, text)
values (tenant(), :title::text, :text::text)
returning answered(json_build_object('id', id, 'title', title)) as body;

-- name: entry_delete :row
-- No row: there is none, 404; a body that is null: 204.
delete from new_plugin.entry where id = :id::uuid
returning null::json as body;

-- SPDX-License-Identifier: EUPL-1.2
-- Entries of new-plugin.

create schema new_plugin;

create table new_plugin.entry (
	tenant_id	int not null,
	id		uuid not null default gen_random_uuid(),
	title		text not null,
	text		text not null,
	created_at	timestamptz not null default now(),
	primary key (tenant_id, id)
);
create index entry_newest on new_plugin.entry (tenant_id, created_at, id);
select stadtkern.tenant_table('new_plugin.entry');
revoke insert, update, delete on new_plugin.entry from stadtkern_public;

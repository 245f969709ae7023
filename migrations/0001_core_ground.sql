-- SPDX-License-Identifier: EUPL-1.2
-- The ground that every other table stands on: who is asking, the tenants,
-- and tenant_table(), which makes a table belong to tenants.
--
-- Roles, database and PostGIS were made by platform/db/bootstrap.sql; this
-- and all later files run as stadtkern_owner, who is no superuser and whom
-- the policies bind as well.

create schema if not exists stadtkern;
grant usage on schema stadtkern
    to stadtkern_public, stadtkern_office, stadtkern_courier;
grant select on stadtkern.migration
    to stadtkern_public, stadtkern_office, stadtkern_courier;

-- Who is asking. The settings are local to a transaction; afterwards they
-- read '' and not null, hence nullif: no tenant means no rows. The bodies are
-- parsed now, so no search_path can bend them, and are inlined into plans.
create function stadtkern.tenant() returns int
    language sql stable parallel safe
    return nullif(current_setting('stadtkern.tenant', true), '')::int;
create function stadtkern.device() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('stadtkern.device', true), '')::uuid;
create function stadtkern.account() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('stadtkern.account', true), '')::uuid;
create function stadtkern.staff() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('stadtkern.staff', true), '')::uuid;
-- The staff session's keyed hash, so that it can be ended.
create function stadtkern.session() returns bytea
    language sql stable parallel safe
    return decode(nullif(current_setting('stadtkern.session', true), ''), 'hex');

-- The tenants themselves. No tenant table: every process reads all of it at
-- start. `config` is the published document, JSON, kept as it was written.
create table stadtkern.tenant (
	id			int generated always as identity primary key,
	slug			text not null unique
				check (slug ~ '^[a-z][a-z0-9-]{0,62}$'),
	active			boolean not null default true,
	version			bigint not null default 0,
	config			text,
	config_errors		text[],
	config_error_at		timestamptz,
	public_key		bytea check (octet_length(public_key) = 32),
	secret_key_wrapped	bytea,
	created_at		timestamptz not null default now()
);

-- Every change of a row gets a version higher than all before, in any tenant,
-- and is told: servers ask for what is above the highest they have seen.
create sequence stadtkern.tenant_version;
create function stadtkern.tenant_versioned() returns trigger
    language plpgsql security definer set search_path = stadtkern, pg_temp
as $$
begin
	new.version := nextval('tenant_version');
	perform pg_notify('stadtkern_tenant', new.id::text);
	return new;
end
$$;
create trigger tenant_versioned before insert or update on stadtkern.tenant
    for each row execute function stadtkern.tenant_versioned();

grant select on stadtkern.tenant to stadtkern_office;
grant select (id, slug, active, version, config, config_errors,
    config_error_at, public_key, created_at)
    on stadtkern.tenant to stadtkern_public, stadtkern_courier;
grant update (config_errors, config_error_at)
    on stadtkern.tenant to stadtkern_courier;

-- Columns that stadtkern_public may write but never read; kept so that a
-- later call of tenant_table() cannot open one by leaving it out.
create table stadtkern.sealed_column (
	relation	regclass not null,
	name		name not null,
	primary key (relation, name)
);
grant select on stadtkern.sealed_column
    to stadtkern_public, stadtkern_office, stadtkern_courier;

-- What keeps a table from being a tenant table, as sentences; none: nothing.
create function stadtkern.tenant_table_faults(its regclass)
    returns setof text language sql stable
    set search_path = pg_catalog, pg_temp
as $$
	with me as (
		select a.attnum, a.atttypid, a.attnotnull
		from pg_attribute a
		where a.attrelid = its and a.attname = 'tenant_id'
		    and not a.attisdropped
	)
	select format('table %s has no column tenant_id int not null', its)
	where not exists (select from me
	    where atttypid = 'int'::regtype and attnotnull)
	union all
	select format('table %s has no primary key', its)
	where not exists (select from pg_constraint
	    where conrelid = its and contype = 'p')
	union all
	select format('%s %s of table %s does not begin with tenant_id',
	    case when i.indisprimary then 'primary key' else 'unique index' end,
	    i.indexrelid::regclass, its)
	from pg_index i
	where i.indrelid = its and i.indisunique
	    and not exists (select from me where attnum = i.indkey[0])
	union all
	select format('exclusion constraint %s of table %s does not begin'
	    ' with tenant_id with =', c.conname, its)
	from pg_constraint c
	where c.conrelid = its and c.contype = 'x'
	    and not exists (select from me where attnum = c.conkey[1]
		and (select oprname from pg_operator
		    where oid = c.conexclop[1]) = '=')
	union all
	select format('foreign key %s of table %s does not begin with tenant_id'
	    ' on both sides', c.conname, its)
	from pg_constraint c
	join pg_attribute far on far.attrelid = c.confrelid
	    and far.attname = 'tenant_id' and not far.attisdropped
	where c.conrelid = its and c.contype = 'f'
	    and not (c.confkey[1] = far.attnum
		and exists (select from me where attnum = c.conkey[1]))
	union all
	select format('foreign key %s of table %s would set tenant_id to null or'
	    ' its default on delete: name the columns', c.conname, its)
	from pg_constraint c
	join me on me.attnum = any (c.conkey)
	where c.conrelid = its and c.contype = 'f'
	    and c.confdeltype in ('n', 'd')
	    and (c.confdelsetcols is null
		or me.attnum = any (c.confdelsetcols))
$$;

-- Makes a table belong to tenants, or says why it cannot. To be called again
-- after columns or constraints were added; it then gives the same grants
-- anew. `sealed`: columns that stadtkern_public may write but not read.
create function stadtkern.tenant_table(its regclass,
    sealed text[] default '{}') returns void language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
	fault		text;
	columns		text;
	its_schema	name;
	sequence	regclass;
begin
	for fault in select stadtkern.tenant_table_faults(its) limit 1 loop
		raise exception '%', fault using errcode = 'invalid_table_definition';
	end loop;
	select format('table %s has no column "%s" to seal', its, s.name)
	into fault from unnest(sealed) as s(name)
	where not exists (select from pg_attribute where attrelid = its
	    and attname = s.name and attnum > 0 and not attisdropped);
	if found then
		raise exception '%', fault using errcode = 'undefined_column';
	end if;

	execute format('alter table %s alter column tenant_id'
	    ' set default stadtkern.tenant()', its);
	if not exists (select from pg_constraint where conrelid = its
	    and contype = 'f' and confrelid = 'stadtkern.tenant'::regclass) then
		execute format('alter table %s add foreign key (tenant_id)'
		    ' references stadtkern.tenant (id)', its);
	end if;
	execute format('alter table %s enable row level security,'
	    ' force row level security', its);
	if not exists (select from pg_policy where polrelid = its
	    and polname = 'tenant_only') then
		execute format('create policy tenant_only on %s'
		    ' using (tenant_id = stadtkern.tenant())'
		    ' with check (tenant_id = stadtkern.tenant())', its);
	end if;

	insert into stadtkern.sealed_column (relation, name)
	select its, s.name from unnest(sealed) as s(name)
	on conflict do nothing;
	select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
	into columns from pg_attribute a
	where a.attrelid = its and a.attnum > 0 and not a.attisdropped
	    and not exists (select from stadtkern.sealed_column s
		where s.relation = its and s.name = a.attname);
	select nspname into its_schema from pg_class c
	join pg_namespace n on n.oid = c.relnamespace where c.oid = its;

	execute format('grant usage on schema %I'
	    ' to stadtkern_public, stadtkern_office, stadtkern_courier',
	    its_schema);
	execute format('revoke all on %s from public,'
	    ' stadtkern_public, stadtkern_office, stadtkern_courier', its);
	execute format('grant select, insert, update, delete on %s'
	    ' to stadtkern_office, stadtkern_courier', its);
	execute format('grant insert, update, delete, select (%s) on %s'
	    ' to stadtkern_public', columns, its);
	for sequence in select d.objid::regclass from pg_depend d
	    join pg_class c on c.oid = d.objid and c.relkind = 'S'
	    where d.refobjid = its and d.deptype in ('a', 'i') loop
		execute format('grant usage on sequence %s to stadtkern_public,'
		    ' stadtkern_office, stadtkern_courier', sequence);
	end loop;
end
$$;
revoke execute on function stadtkern.tenant_table(regclass, text[])
    from public;

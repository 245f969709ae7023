-- SPDX-License-Identifier: EUPL-1.2
-- What the database's own catalogue has to say against tenant separation: one
-- row a fault, none when all is well. Run by tests/db/catalogue_test.c; a new
-- table, view, function or grant is looked at without anybody adding it here.

with exception (relation, why) as (values
	('stadtkern.tenant', 'the tenants themselves'),
	('stadtkern.municipality', 'reference data, the same for everybody'),
	('stadtkern.holiday', 'reference data, the same for everybody'),
	('stadtkern.migration', 'the registry of migrations'),
	('stadtkern.sealed_column', 'which columns are sealed')
), wide_policy (relation, policy, roles) as (values
	('stadtkern.job', 'every_tenant',
	    '{stadtkern_courier,stadtkern_owner}'::name[]),
	('stadtkern.schedule_run', 'every_tenant',
	    '{stadtkern_courier,stadtkern_owner}'::name[]),
	('stadtkern.basemap_tile', 'every_tenant',
	    '{stadtkern_courier}'::name[]),
	('stadtkern.basemap_pause', 'every_tenant',
	    '{stadtkern_courier}'::name[]),
	('stadtkern.audit_inbox', 'every_tenant',
	    '{stadtkern_courier}'::name[]),
	('stadtkern.mailbox', 'every_tenant',
	    '{stadtkern_courier,stadtkern_owner}'::name[]),
	('stadtkern.mail_received', 'every_tenant',
	    '{stadtkern_courier,stadtkern_owner}'::name[])
), ours as (
	select c.oid, c.oid::regclass as relation, c.relkind, c.relacl,
	    c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
	    format('%I.%I', n.nspname, c.relname) as name
	from pg_class c
	join pg_namespace n on n.oid = c.relnamespace
	where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
	    and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
	    and not exists (select from pg_depend d
		where d.classid = 'pg_class'::regclass and d.objid = c.oid
		    and d.deptype = 'e')
), tables as (
	select * from ours where relkind in ('r', 'p')
	    and name not in (select relation from exception)
)
select 'keys' as rule, f as fault
from tables, stadtkern.tenant_table_faults(relation) f
union all
select 'tenant', format('table %s has no foreign key to tenant', name)
from tables t where not exists (select from pg_constraint
    where conrelid = t.oid and contype = 'f'
	and confrelid = 'stadtkern.tenant'::regclass)
union all
select 'policy', format('row level security of table %s is not %s', name,
    case when relrowsecurity then 'forced' else 'enabled' end)
from tables where not (relrowsecurity and relforcerowsecurity)
union all
select 'policy', format('table %s lacks policy tenant_only'
    ' (tenant_id = tenant())', name)
from tables t where not exists (select from pg_policy p
    where p.polrelid = t.oid and p.polname = 'tenant_only'
	and p.polpermissive and p.polcmd = '*' and p.polroles = '{0}'
	and pg_get_expr(p.polqual, p.polrelid) ~
	    '^\(tenant_id = (stadtkern\.)?tenant\(\)\)$'
	and pg_get_expr(p.polwithcheck, p.polrelid) ~
	    '^\(tenant_id = (stadtkern\.)?tenant\(\)\)$')
union all
select 'policy', format('policy %s of table %s lets in more than one tenant',
    p.polname, t.name)
from tables t
join pg_policy p on p.polrelid = t.oid and p.polpermissive
    and p.polname <> 'tenant_only'
where not exists (select from wide_policy w
    where w.relation = t.name and w.policy = p.polname
	and w.roles @> array(select rolname from pg_roles
	    where oid = any (p.polroles))
	and p.polroles <> '{0}')
union all
select 'view', format('view %s lacks security_invoker', name)
from ours where relkind = 'v'
    and not coalesce(reloptions && '{security_invoker=true,'
	'security_invoker=on,security_invoker=1}'::text[], false)
union all
select 'view', format('materialized view or foreign table %s knows no policy',
    name)
from ours where relkind in ('m', 'f')
union all
select 'grant', format('truncate, references or trigger on %s is granted to %s',
    name, acl.grantee::regrole)
from ours, aclexplode(relacl) as acl
where acl.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')
    and acl.grantee <> relowner
union all
select 'grant', format('%s on %s is granted to everybody', acl.privilege_type,
    name)
from ours, aclexplode(relacl) as acl where acl.grantee = 0
union all
select 'grant', format('%s may write exception %s', acl.grantee::regrole, name)
from ours join exception e on e.relation = name,
    aclexplode(relacl) as acl
where acl.privilege_type <> 'SELECT' and acl.grantee <> relowner
union all
select 'sealed', format('stadtkern_public may read sealed column %s of %s',
    s.name, s.relation)
from stadtkern.sealed_column s
where has_column_privilege('stadtkern_public', s.relation, s.name, 'SELECT')
union all
select 'sealed', format('%s may read column secret_key_wrapped', role)
from unnest('{stadtkern_public,stadtkern_courier}'::text[]) as role
where has_column_privilege(role, 'stadtkern.tenant', 'secret_key_wrapped',
    'SELECT')
union all
select 'sealed', format('%s may read column password_hash', role)
from unnest('{stadtkern_public,stadtkern_courier}'::text[]) as role
where has_column_privilege(role, 'stadtkern.staff', 'password_hash', 'SELECT')
union all
select 'role', format('role %s may bypass policies', rolname)
from pg_roles where rolname ~ '^stadtkern_'
    and (rolbypassrls or rolsuper or rolcreaterole or rolreplication)
union all
select 'role', format('role %s is a member of %s', m.member::regrole,
    m.roleid::regrole)
from pg_auth_members m where m.member::regrole::text ~ '^stadtkern_'
union all
select 'role', format('%s owns %s', relowner::regrole, name)
from ours where relowner::regrole::text <> 'stadtkern_owner'
union all
select 'schema', format('%s may create in schema %s', role, nspname)
from pg_namespace,
    unnest('{stadtkern_public,stadtkern_office,stadtkern_courier}'::text[])
	as role
where nspname !~ '^pg_' and nspname <> 'information_schema'
    and has_schema_privilege(role, oid, 'CREATE')
union all
select 'function', format('function %s runs as its owner without a search_path',
    p.oid::regprocedure)
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and n.nspname !~ '^pg_'
    and not exists (select from unnest(p.proconfig) c
	where c like 'search_path=%pg_temp')
    and not exists (select from pg_depend d where d.objid = p.oid
	and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
order by 1, 2;

-- SPDX-License-Identifier: EUPL-1.2
-- What only a superuser may do: the roles, the database, PostGIS. Repeatable.
--
--	psql -X -v ON_ERROR_STOP=1 -v database=stadtkern -f bootstrap.sql postgres
--
-- -v template=name copies that database instead of starting an empty one.
-- Passwords or pg_ident lines for the roles are the operator's to add.

\if :{?template}
\else
	\set template template1
\endif

select format('create role %I login nosuperuser nobypassrls'
    ' nocreatedb nocreaterole noreplication', name)
from unnest(array['stadtkern_owner', 'stadtkern_public', 'stadtkern_office',
    'stadtkern_courier']) as name
where not exists (select from pg_roles where rolname = name)
\gexec

select format('create database %I owner stadtkern_owner template %I',
    :'database', :'template')
where not exists (select from pg_database where datname = :'database')
\gexec

revoke all on database :"database" from public;
grant connect on database :"database"
    to stadtkern_owner, stadtkern_public, stadtkern_office, stadtkern_courier;
alter database :"database" set search_path = stadtkern, public;
alter database :"database" set timezone = 'UTC';
-- Short statements: compiling one takes longer than it does.
alter database :"database" set jit = off;
-- A DETAIL may quote a row or an answer; neither belongs into a log.
alter database :"database" set log_error_verbosity = terse;

\connect :database
revoke all on schema public from public;
grant usage on schema public
    to stadtkern_owner, stadtkern_public, stadtkern_office, stadtkern_courier;
create extension if not exists postgis;

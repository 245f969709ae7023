/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The catalogue finds nothing against the migrated database, and does find
 * each kind of fault when there is one. tenant_table() refuses what the
 * catalogue would find.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"

static PGconn	*owner;
static char	*catalogue;

static void
the_migrated_database_has_no_fault(void **state)
{
	PGresult	*rows;
	int		 i;

	(void)state;
	rows = PQexec(owner, catalogue);
	assert_int_equal(PGRES_TUPLES_OK, PQresultStatus(rows));
	for (i = 0; i < PQntuples(rows); i++)
		print_error("%s: %s\n", PQgetvalue(rows, i, 0),
		    PQgetvalue(rows, i, 1));
	assert_int_equal(0, PQntuples(rows));
	PQclear(rows);
}

#define GOOD	"create table bad.t (tenant_id int not null, id int not null, "\
		"primary key (tenant_id, id)); "				\
		"select tenant_table('bad.t'); "

static const struct {
	const char	*what;
	const char	*sql;
	const char	*fault;		/* a part of one that must be found */
} faults[] = {
	{ "a table without tenant_id", "create table bad.t (id int primary key)",
	    "has no column tenant_id" },
	{ "a nullable tenant_id", "create table bad.t (tenant_id int)",
	    "has no column tenant_id int not null" },
	{ "a primary key without tenant_id", "create table bad.t "
	    "(tenant_id int not null, id int primary key)",
	    "primary key bad.t_pkey of table bad.t does not begin" },
	{ "a primary key with tenant_id second", "create table bad.t "
	    "(tenant_id int not null, id int, primary key (id, tenant_id))",
	    "primary key bad.t_pkey of table bad.t does not begin" },
	{ "a unique key across tenants", GOOD "alter table bad.t add unique (id)",
	    "unique index bad.t_id_key" },
	{ "a unique index across tenants",
	    GOOD "create unique index on bad.t ((id + 1))",
	    "unique index bad.t_expr_idx" },
	{ "a foreign key across tenants", GOOD
	    "alter table bad.t add key int, add n uuid, add foreign key "
	    "(key, n) references device (tenant_id, id)",
	    "foreign key t_key_n_fkey" },
	{ "a foreign key that sets tenant_id to null", GOOD
	    "alter table bad.t add n uuid, add foreign key (tenant_id, n) "
	    "references device (tenant_id, id) on delete set null",
	    "would set tenant_id to null" },
	{ "an exclusion constraint across tenants", GOOD
	    "alter table bad.t add r int4range, add exclude using gist "
	    "(r with &&)", "exclusion constraint" },
	{ "no row level security", GOOD
	    "alter table bad.t disable row level security", "is not enabled" },
	{ "row level security not forced", GOOD
	    "alter table bad.t no force row level security", "is not forced" },
	{ "no policy", GOOD "drop policy tenant_only on bad.t",
	    "lacks policy tenant_only" },
	{ "a policy that says something else", GOOD
	    "alter policy tenant_only on bad.t using (true)",
	    "lacks policy tenant_only" },
	{ "a second, wider policy", GOOD
	    "create policy more on bad.t for select using (true)",
	    "policy more of table bad.t" },
	{ "no reference to tenant", GOOD
	    "alter table bad.t drop constraint t_tenant_id_fkey",
	    "has no foreign key to tenant" },
	{ "a view of its owner's eyes", "create view bad.v as select 1 as n",
	    "view bad.v lacks security_invoker" },
	{ "a materialized view", "create materialized view bad.v as select 1",
	    "knows no policy" },
	{ "truncate", GOOD "grant truncate on bad.t to stadtkern_office",
	    "truncate" },
	{ "a grant to everybody", GOOD "grant select on bad.t to public",
	    "granted to everybody" },
	{ "write access to reference data",
	    "grant insert on municipality to stadtkern_courier",
	    "may write exception stadtkern.municipality" },
	{ "a sealed column that is open",
	    "grant select (token_hash) on device to stadtkern_public",
	    "sealed column token_hash" },
	{ "the tenants' wrapped keys in the public role",
	    "grant select on tenant to stadtkern_public",
	    "secret_key_wrapped" },
	{ "password hashes in the courier",
	    "grant select on staff to stadtkern_courier", "password_hash" },
	{ "a schema to create in",
	    "grant create on schema bad to stadtkern_public",
	    "may create in schema bad" },
	{ "a definer function without search_path", "create function bad.f() "
	    "returns int language sql security definer as 'select 1'",
	    "without a search_path" },
};

static void
each_kind_of_fault_is_found(void **state)
{
	PGresult	*rows;
	size_t		 i;
	int		 n;
	int		 found;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		assert_string_equal("(done)", ask(owner, "begin"));
		(void)ask(owner, "create schema bad; %s", faults[i].sql);
		assert_int_equal(PQTRANS_INTRANS, PQtransactionStatus(owner));
		rows = PQexec(owner, catalogue);
		assert_int_equal(PGRES_TUPLES_OK, PQresultStatus(rows));
		found = 0;
		for (n = 0; n < PQntuples(rows); n++)
			found |= strstr(PQgetvalue(rows, n, 1),
			    faults[i].fault) != NULL;
		PQclear(rows);
		if (!found)
			fail_msg("%s was not found", faults[i].what);
		(void)ask(owner, "rollback");
	}
}

static void
a_role_that_bypasses_policies_is_found(void **state)
{
	PGconn	*super;

	(void)state;
	super = db_open("postgres");
	(void)ask(super, "begin; alter role stadtkern_office bypassrls");
	assert_non_null(strstr(ask(super, "select string_agg(fault, ';') "
	    "from (%.*s) as c", (int)(strrchr(catalogue, ';') - catalogue),
	    catalogue), "stadtkern_office may bypass policies"));
	(void)ask(super, "rollback");
}

static void
tenant_table_refuses_what_crosses_tenants(void **state)
{
	static const struct {
		const char	*columns;
		const char	*says;
	} tables[] = {
		{ "id int primary key", "has no column tenant_id int not null" },
		{ "tenant_id bigint not null, primary key (tenant_id)",
		    "has no column tenant_id int not null" },
		{ "tenant_id int not null", "has no primary key" },
		{ "tenant_id int not null, id int primary key",
		    "primary key bad.t_pkey of table bad.t does not begin" },
		{ "tenant_id int primary key, slug text unique",
		    "unique index bad.t_slug_key of table bad.t does not" },
		{ "tenant_id int, d uuid, a int, primary key (tenant_id, d), "
		    "foreign key (a, d) references device (tenant_id, id)",
		    "foreign key t_a_d_fkey of table bad.t does not begin" },
	};
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		(void)ask(owner, "begin; create schema bad;"
		    "create table bad.t (%s)", tables[i].columns);
		assert_non_null(strstr(ask(owner,
		    "select tenant_table('bad.t')"), tables[i].says));
		(void)ask(owner, "rollback");
	}
	(void)ask(owner, "begin; create schema bad; create table bad.t ("
	    "tenant_id int primary key, n int)");
	assert_non_null(strstr(ask(owner,
	    "select tenant_table('bad.t', '{m}')"), "no column \"m\" to seal"));
	(void)ask(owner, "rollback");
}

static void
a_column_once_sealed_stays_sealed(void **state)
{
	(void)state;
	assert_string_equal("f t t", ask(owner, "begin; create schema bad;"
	    "create table bad.t (tenant_id int primary key, n int);"
	    "select tenant_table('bad.t', '{n}');"
	    "alter table bad.t add m int; select tenant_table('bad.t');"
	    "select concat_ws(' ', "
	    "has_column_privilege('stadtkern_public', 'bad.t', 'n', 'select'), "
	    "has_column_privilege('stadtkern_public', 'bad.t', 'm', 'select'), "
	    "has_column_privilege('stadtkern_public', 'bad.t', 'n', 'insert'))"));
	(void)ask(owner, "rollback");
}

static int
setup(void **state)
{
	(void)state;
	db_prepare();
	owner = db_open(OWNER);
	catalogue = file_text("tests/db/catalogue.sql");
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	free(catalogue);
	db_close_all();
	return (0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_migrated_database_has_no_fault),
		cmocka_unit_test(each_kind_of_fault_is_found),
		cmocka_unit_test(a_role_that_bypasses_policies_is_found),
		cmocka_unit_test(tenant_table_refuses_what_crosses_tenants),
		cmocka_unit_test(a_column_once_sealed_stays_sealed),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

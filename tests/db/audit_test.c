/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Routes of the office whose statement gives a sealed column say in .reads
 * what they show: the server opens it for no other (core/exchange/answer.c).
 * Every plugin that was built is looked at.
 */

#include <stdlib.h>
#include <string.h>

#include "core/plugin/mount.h"
#include "core/plugin/registry.h"

#include "db.h"

#define BYTEA_OID	17	/* pg_type */

static PGconn	*office;

/* The first sealed column that the answer of the statement would open. */
static const char *
sealed_column(const struct statement *statement)
{
	static char	 name[64];
	PGresult	*result;
	const char	*found;
	int		 i;

	result = PQprepare(office, "", statement->sql, 0, NULL);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", statement->prepared, PQerrorMessage(office));
	PQclear(result);
	result = PQdescribePrepared(office, "");
	found = NULL;
	for (i = 0; i < PQnfields(result) && found == NULL; i++) {
		if (PQftype(result, i) != BYTEA_OID)
			continue;
		(void)snprintf(name, sizeof(name), "%s", PQfname(result, i));
		found = name;
	}
	PQclear(result);
	return (found);
}

static void
who_opens_sealed_data_says_so(void **state)
{
	const struct statement	*statement;
	struct registry		*registry;
	struct findings		 findings;
	struct mounted		 at = { NULL, NULL, NULL };
	struct arena		*arena;
	const char		*build, *column;
	int			 opened;

	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	build = getenv("BUILD") == NULL ? "build" : getenv("BUILD");
	assert_int_equal(registry_load(&registry, ".", arena_format(arena,
	    "%s/plugins", build), &findings), STATUS_OK);
	opened = 0;
	while (mount_next(registry, &at)) {
		if (at.route->access.kind != ACCESS_OFFICE ||
		    at.route->answer != NULL || at.route->run == NULL)
			continue;
		statement = registry_statement(at.loaded, at.route->then == NULL ?
		    at.route->run : at.route->then);
		if (statement->kind != STATEMENT_ROW ||
		    (column = sealed_column(statement)) == NULL)
			continue;
		if (at.route->reads == NULL)
			fail_msg("%s opens \"%s\" without .reads",
			    mount_path(arena, &at), column);
		opened++;
	}
	assert_true(opened >= 2);
	registry_free(registry);
	arena_free(arena);
}

static int
setup(void **state)
{
	(void)state;
	db_prepare();
	office = db_open(OFFICE_ROLE);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	db_close_all();
	return (0);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(who_opens_sealed_data_says_so),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

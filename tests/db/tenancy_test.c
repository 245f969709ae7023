/* SPDX-License-Identifier: EUPL-1.2 */
/* What a role sees, and what of another tenant it does not. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"

#define ONE	"select set_config('stadtkern.tenant', '1', true); "
#define TWO	"select set_config('stadtkern.tenant', '2', true); "
#define REFUSED	"42501 "

static PGconn	*owner, *citizen, *office, *courier;

#define ROLES	4

/* The owner comes first. */
static PGconn *
role_db(size_t i)
{
	PGconn *const dbs[ROLES] = { owner, citizen, office, courier };

	return (dbs[i]);
}

static void
assert_refused(const char *text)
{
	if (strncmp(text, REFUSED, strlen(REFUSED)) != 0)
		fail_msg("not refused: %s", text);
}

static void
without_a_tenant_there_are_no_rows(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < ROLES; i++) {
		assert_string_equal("0", ask(role_db(i),
		    "select count(id) from device"));
		assert_string_equal("0", ask(role_db(i),
		    "select set_config('stadtkern.tenant', '', true); "
		    "select count(id) from device"));
		assert_string_equal("1", ask(role_db(i), ONE
		    "select count(id) from device"));
		/* Not null but '' by now: still no tenant. */
		assert_string_equal("0", ask(role_db(i),
		    "select count(id) from device"));
	}
}

static void
without_a_tenant_nothing_is_written(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < ROLES; i++) {
		assert_non_null(strstr(ask(role_db(i), "insert into device "
		    "(token_hash) values (sha256('n'))"), "violates"));
		assert_refused(ask(role_db(i), "insert into device "
		    "(tenant_id, token_hash) values (1, sha256('n'))"));
		assert_string_equal("0", ask(role_db(i), "with d as (delete "
		    "from device returning id) select count(*) from d"));
	}
}

static void
rows_of_another_tenant_are_neither_seen_nor_touched(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < ROLES; i++) {
		assert_string_equal("1", ask(role_db(i), TWO
		    "select count(id) from device"));
		assert_string_equal("0", ask(role_db(i), TWO
		    "select count(id) from device where tenant_id = 1"));
		assert_string_equal("0", ask(role_db(i), TWO
		    "with d as (update device set account_id = null "
		    "where tenant_id = 1 returning id) "
		    "select count(*) from d"));
		assert_refused(ask(role_db(i), TWO "insert into device "
		    "(tenant_id, token_hash) values (1, sha256('n'))"));
		assert_refused(ask(role_db(i), TWO
		    "update device set tenant_id = 1"));
	}
}

static void
a_foreign_key_cannot_point_into_another_tenant(void **state)
{
	(void)state;
	assert_non_null(strstr(ask(owner, TWO "update device set account_id = "
	    "'00000000-0000-0000-0000-00000000000a'"), "23503 "));
	assert_string_equal("(done)", ask(owner, ONE
	    "update device set account_id = "
	    "'00000000-0000-0000-0000-00000000000a'"));
}

static void
leaving_an_account_keeps_its_devices(void **state)
{
	(void)state;
	assert_string_equal("1 null", ask(owner, "begin; " ONE
	    "update device set account_id = "
	    "'00000000-0000-0000-0000-00000000000a'; delete from account; "
	    "select tenant_id || ' ' || coalesce(account_id::text, 'null') "
	    "from device"));
	(void)ask(owner, "rollback");
}

/* The server sends no begin: what lies before a Sync is one transaction. */
static void
a_setting_ends_with_its_pipelined_transaction(void **state)
{
	static const char *const sql[] = { "select enter_public(1)",
	    "select tenant()", NULL, "select coalesce(tenant(), 0)", NULL };
	static const char *const expected[] = { NULL, "1", NULL, "0", NULL };
	PGresult	*result;
	size_t		 i;

	(void)state;
	assert_int_equal(1, PQenterPipelineMode(citizen));
	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++)
		assert_int_equal(1, sql[i] == NULL ? PQpipelineSync(citizen) :
		    PQsendQueryParams(citizen, sql[i], 0, NULL, NULL, NULL,
		    NULL, 0));
	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		result = PQgetResult(citizen);
		assert_non_null(result);
		if (sql[i] == NULL) {
			assert_int_equal(PGRES_PIPELINE_SYNC,
			    PQresultStatus(result));
			PQclear(result);
			continue;
		}
		if (expected[i] == NULL)
			PQclear(result);
		else
			assert_string_equal(expected[i], answer(result));
		assert_null(PQgetResult(citizen));
	}
	assert_int_equal(1, PQexitPipelineMode(citizen));
}

static void
the_public_role_reads_no_sealed_column(void **state)
{
	static const char *const queries[] = {
		"select token_hash from device",
		"select * from device",
		"select 1 from device where token_hash = sha256('1')",
		"update device set account_id = null returning token_hash",
		"select address_hash from account",
		"select code_hash from account_code",
		"select sealed from job", "select payload from job",
		"select answer from idempotency",
		"select name from staff", "select password_hash from staff",
		"select staff_id from staff_session",
		"select secret_key_wrapped from tenant",
		"select * from tenant",
	};
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		assert_refused(ask(citizen, ONE "%s", queries[i]));
	assert_refused(ask(courier, ONE "select password_hash from staff"));
	assert_refused(ask(courier, "select secret_key_wrapped from tenant"));
	assert_refused(ask(office, ONE "select sealed from job"));
}

/* What a statement of the public server may do to devices, if one were made
 * to do more than it should. */
static void
the_public_role_takes_over_no_device_and_no_account(void **state)
{
	static const char	 ours[] = "select set_config('stadtkern.device', "
				    "id::text, true) from device; ";

	(void)state;
	assert_refused(ask(citizen, ONE "%supdate device set account_id = "
	    "'00000000-0000-0000-0000-00000000000a'", ours));
	assert_refused(ask(citizen, ONE "insert into device (token_hash, "
	    "account_id) values (sha256('n'), "
	    "'00000000-0000-0000-0000-00000000000a')"));
	assert_refused(ask(citizen, ONE
	    "%supdate device set token_hash = sha256('n')", ours));
	assert_string_equal("0", ask(citizen, ONE "with d as (delete from "
	    "device returning id) select count(*) from d"));
	assert_string_equal("0", ask(citizen, ONE "with d as (update device "
	    "set account_id = null returning id) select count(*) from d"));
	assert_string_equal("1", ask(citizen, ONE "%swith d as (update device "
	    "set account_id = null returning id) select count(*) from d",
	    ours));
	assert_refused(ask(citizen, ONE "insert into blob (media_type, content,"
	    " shown) values ('image/jpeg', '\x01', true)"));
}

static void
nobody_empties_a_table_or_makes_one(void **state)
{
	size_t	i;

	(void)state;
	for (i = 1; i < ROLES; i++) {
		assert_refused(ask(role_db(i), ONE "truncate device"));
		assert_refused(ask(role_db(i), "create table stadtkern.t ()"));
		assert_refused(ask(role_db(i), "create table public.t ()"));
		assert_refused(ask(role_db(i), "alter table device disable "
		    "row level security"));
		assert_refused(ask(role_db(i), "set role stadtkern_owner"));
	}
}

#define SQUARE	"{\"type\":\"Polygon\",\"coordinates\":"		\
		"[[[7,51],[8,51],[8,52],[7,52],[7,51]]]}"

/* Of all tenants, as the statement found them. */
#define HIGHEST	"(select max(version) from tenant)"

static void
publishing_counts_up_and_tells(void **state)
{
	PGnotify	*notice;
	PGconn		*listener;

	(void)state;
	listener = db_open(PUBLIC_ROLE);
	(void)ask(listener, "listen stadtkern_tenant");
	assert_string_equal("t", ask(courier, "select tenant_publish('one', "
	    "'{\"a\": 1}', '" SQUARE "') > " HIGHEST));
	assert_string_equal("t", ask(owner, "select tenant_publish('one', "
	    "'{\"a\": 2}', null) > " HIGHEST));
	assert_string_equal("{\"a\": 2}", ask(citizen,
	    "select config from tenant where slug = 'one'"));
	assert_string_equal("t", ask(citizen, ONE "select ST_Covers(boundary, "
	    "ST_Point(7.3, 51.5, 4326)) from tenant_boundary"));
	assert_string_equal("0", ask(citizen, TWO
	    "select count(*) from tenant_boundary"));
	(void)ask(listener, "select 1");
	assert_non_null(notice = PQnotifies(listener));
	assert_string_equal("1", notice->extra);
	PQfreemem(notice);
	assert_string_equal("2", ask(courier, TWO "select tenant_publish('one',"
	    " '{\"a\": 3}', '" SQUARE "'); select tenant()"));
}

static void
what_cannot_be_published_changes_nothing(void **state)
{
	static const struct {
		const char	*slug, *config, *boundary, *error;
	} cases[] = {
		{ "none", "{}", SQUARE, "SK404 there is no tenant \"none\"" },
		{ "two", "{}", NULL, "SK422 tenant \"two\" has no boundary" },
		{ "two", "{", SQUARE,
		    "SK422 document of tenant \"two\" is no JSON object" },
		{ "two", "[]", SQUARE,
		    "SK422 document of tenant \"two\" is no JSON object" },
		{ "two", "{}", "{}", "SK422 boundary is no GeoJSON geometry" },
		{ "two", "{}", "x", "SK422 boundary is no GeoJSON geometry" },
		{ "two", "{}", "{\"type\":\"Point\",\"coordinates\":[7,51]}",
		    "SK422 boundary is a POINT" },
		{ "two", "{}", "{\"type\":\"Polygon\",\"coordinates\":[]}",
		    "SK422 boundary is empty" },
		{ "two", "{}", "{\"type\":\"Polygon\",\"coordinates\":"
		    "[[[7,51],[8,52],[8,51],[7,52],[7,51]]]}",
		    "SK422 boundary is no valid polygon: Self-intersection" },
		{ "two", "{}", "{\"type\":\"Polygon\",\"coordinates\":"
		    "[[[7,51],[800,51],[8,52],[7,51]]]}",
		    "SK422 boundary leaves the range" },
		{ "two", "{}", "{\"type\":\"Polygon\",\"coordinates\":"
		    "[[[7,51],[8,51]]]}", "SK422 boundary is no" },
	};
	const char	*text;
	char		 boundary[256];
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(boundary, sizeof(boundary), "%s%s%s",
		    cases[i].boundary == NULL ? "null" : "'",
		    cases[i].boundary == NULL ? "" : cases[i].boundary,
		    cases[i].boundary == NULL ? "" : "'");
		text = ask(courier, "select tenant_publish('%s', '%s', %s)",
		    cases[i].slug, cases[i].config, boundary);
		if (strncmp(text, cases[i].error, strlen(cases[i].error)) != 0)
			fail_msg("case %zu: %s", i, text);
	}
	assert_string_equal("t",
	    ask(owner, "select config is null from tenant where slug = 'two'"));
	assert_refused(ask(citizen,
	    "select tenant_publish('one', '{}', null)"));
	assert_refused(ask(office, "select tenant_publish('one', '{}', null)"));
	assert_refused(ask(citizen, "update tenant set active = false"));
}

static void
the_courier_sees_the_jobs_of_all_tenants(void **state)
{
	PGnotify	*notice;

	(void)state;
	(void)ask(courier, "listen stadtkern_job");
	assert_string_equal("1", ask(citizen, ONE
	    "select job_put('mail', '{\"to\": \"a\"}', 'sealed')"));
	assert_string_equal("2", ask(office, TWO
	    "select job_put('image', '{}', run_at => now() + interval '1 h')"));
	assert_string_equal("1 mail,2 image", ask(courier, "select "
	    "string_agg(tenant_id || ' ' || kind, ',' order by id) from job"));
	assert_string_equal("1 mail", ask(courier,
	    "with next as (select tenant_id, id from job "
	    "where state = 'waiting' and run_at <= now() "
	    "order by run_at limit 5 for update skip locked) "
	    "update job j set state = 'running', lease = gen_random_uuid() "
	    "from next n where j.tenant_id = n.tenant_id and j.id = n.id "
	    "returning j.tenant_id || ' ' || j.kind"));
	assert_string_equal("1", ask(citizen, ONE
	    "select count(id) from job"));
	assert_refused(ask(citizen, ONE "update job set state = 'done'"));
	assert_refused(ask(citizen, ONE "delete from job"));
	assert_non_null(notice = PQnotifies(courier));
	assert_string_equal("stadtkern_job", notice->relname);
	PQfreemem(notice);
}

static void
the_public_role_reads_a_blob_once_it_is_shown(void **state)
{
	char	id[37];

	(void)state;
	(void)snprintf(id, sizeof(id), "%s", ask(citizen, ONE
	    "select blob_put('\\x010203', 'image/jpeg')"));
	assert_string_equal("0", ask(citizen, ONE
	    "select count(*) from blob"));
	assert_string_equal("1", ask(office, ONE "select count(*) from blob"));
	(void)ask(citizen, ONE "update blob set shown = true");
	assert_string_equal("0", ask(citizen, ONE
	    "select count(*) from blob"));
	(void)ask(office, ONE "update blob set shown = true where id = '%s'",
	    id);
	assert_string_equal("\\x010203", ask(citizen, ONE
	    "select content from blob where id = '%s'", id));
	assert_refused(ask(citizen, ONE "delete from blob"));
	(void)ask(courier, ONE "select blob_delete('%s')", id);
}

static void
a_blob_belongs_to_its_tenant(void **state)
{
	char	id[40];

	(void)state;
	(void)snprintf(id, sizeof(id), "%s", ask(citizen, ONE
	    "select blob_put('\\x010203', 'image/jpeg')"));
	assert_string_equal("image/jpeg 3", ask(office, ONE
	    "select media_type || ' ' || size from blob where id = '%s'", id));
	assert_string_equal("(none)", ask(office, TWO
	    "select media_type from blob where id = '%s'", id));
	(void)ask(courier, TWO "select blob_delete('%s')", id);
	assert_string_equal("1", ask(owner, ONE "select count(*) from blob"));
	(void)ask(courier, ONE "select blob_delete('%s')", id);
	assert_string_equal("0", ask(owner, ONE "select count(*) from blob"));
}

static void
a_change_is_told_with_its_tenant_and_topic(void **state)
{
	PGnotify	*notice;
	PGconn		*listener;

	(void)state;
	listener = db_open(PUBLIC_ROLE);
	(void)ask(listener, "listen stadtkern_changed");
	(void)ask(office, TWO "select changed('sample/things')");
	(void)ask(listener, "select 1");
	assert_non_null(notice = PQnotifies(listener));
	assert_string_equal("2:sample/things", notice->extra);
	PQfreemem(notice);
}

/* Tiles as of the OpenStreetMap wiki, "Slippy map tilenames". */
static void
a_cell_is_a_tile_of_zoom_14(void **state)
{
	static const struct {
		const char	*lat, *lon;
		int		 x, y;
	} tiles[] = {
		{ "0", "0", 8192, 8192 },
		{ "51.5497", "7.3116", 8524, 5445 },
		{ "-33.8568", "151.2153", 15073, 9831 },
		{ "90", "180", 16383, 0 },
		{ "-90", "-180", 0, 16383 },
	};
	char	expected[32];
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(tiles) / sizeof(tiles[0]); i++) {
		(void)snprintf(expected, sizeof(expected), "%d",
		    tiles[i].x << 14 | tiles[i].y);
		assert_string_equal(expected, ask(citizen,
		    "select cell(%s, %s)", tiles[i].lat, tiles[i].lon));
	}
}

static void
cells_cover_a_box_or_are_null_when_too_many(void **state)
{
	(void)state;
	assert_string_equal("t", ask(citizen, "select bool_and(cell("
	    "51.5 + random() * 0.1, 7.2 + random() * 0.1) = "
	    "any (cells(7.2, 51.5, 7.3, 51.6))) from generate_series(1, 500)"));
	assert_string_equal("1", ask(citizen,
	    "select cardinality(cells(7.31, 51.55, 7.31, 51.55))"));
	assert_string_equal("", ask(citizen, "select cells(5, 50, 10, 53)"));
	assert_string_equal("", ask(citizen, "select cells(-180, -90, 180, 90)"));
	assert_string_equal("1024", ask(citizen, "select cardinality(cells("
	    "0.001, -0.7, 0.001 + 31 * 360 / 16384.0, -0.001))"));
}

static int
setup(void **state)
{
	(void)state;
	db_prepare();
	owner = db_open(OWNER);
	citizen = db_open(PUBLIC_ROLE);
	office = db_open(OFFICE_ROLE);
	courier = db_open(COURIER);
	(void)ask(owner, ONE "insert into account (id, address_hash) values "
	    "('00000000-0000-0000-0000-00000000000a', sha256('a')); "
	    "insert into device (token_hash) values (sha256('1'))");
	(void)ask(owner, TWO
	    "insert into device (token_hash) values (sha256('2'))");
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_tenant_there_are_no_rows),
		cmocka_unit_test(without_a_tenant_nothing_is_written),
		cmocka_unit_test(
		    rows_of_another_tenant_are_neither_seen_nor_touched),
		cmocka_unit_test(a_foreign_key_cannot_point_into_another_tenant),
		cmocka_unit_test(leaving_an_account_keeps_its_devices),
		cmocka_unit_test(a_setting_ends_with_its_pipelined_transaction),
		cmocka_unit_test(the_public_role_reads_no_sealed_column),
		cmocka_unit_test(
		    the_public_role_takes_over_no_device_and_no_account),
		cmocka_unit_test(nobody_empties_a_table_or_makes_one),
		cmocka_unit_test(publishing_counts_up_and_tells),
		cmocka_unit_test(what_cannot_be_published_changes_nothing),
		cmocka_unit_test(the_courier_sees_the_jobs_of_all_tenants),
		cmocka_unit_test(a_blob_belongs_to_its_tenant),
		cmocka_unit_test(
		    the_public_role_reads_a_blob_once_it_is_shown),
		cmocka_unit_test(a_change_is_told_with_its_tenant_and_topic),
		cmocka_unit_test(a_cell_is_a_tile_of_zoom_14),
		cmocka_unit_test(cells_cover_a_box_or_are_null_when_too_many),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

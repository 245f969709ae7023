/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tickets against a real database: working days, limited rights, what the
 * public role must not do, words, children, and that a page of the list costs
 * the same however many reports there are.
 */

#include "reporter_db.h"

#define ENTER_ROADS	"select enter_staff(1, decode(repeat('d1', 32), 'hex'),"\
	" '{admin}', '{\"admin\":[{\"departments\":[\"roads\"]}]}')"
#define ENTER_CLEAN	"select enter_staff(1, decode(repeat('d1', 32), 'hex'),"\
	" '{admin}', '{\"admin\":[{\"departments\":[\"clean\"]},"	\
	"{\"categories\":[\"idea\"]}]}')"

static void
assert_day(const char *from, int days, const char *expected)
{
	PGresult	*result;

	result = sql(world.owner, "select add_working_days('%s', %d)", from,
	    days);
	assert_string_equal(PQgetvalue(result, 0, 0), expected);
	PQclear(result);
}

static void
working_days_know_weekends_and_the_holidays_of_the_state(void **state)
{
	(void)state;
	/* Good Friday to Easter Monday. */
	assert_day("2026-04-02", 1, "2026-04-07");
	assert_day("2026-04-01", 3, "2026-04-08");
	/* The year's end: Christmas Eve and New Year's Eve are worked. */
	assert_day("2026-12-23", 1, "2026-12-24");
	assert_day("2026-12-23", 2, "2026-12-28");
	assert_day("2026-12-30", 2, "2027-01-04");
	/* 3 October on a Friday, and on a Saturday. */
	assert_day("2025-10-02", 1, "2025-10-06");
	assert_day("2026-10-02", 1, "2026-10-05");
	/* Corpus Christi and All Saints' are holidays here. */
	assert_day("2026-06-03", 1, "2026-06-05");
	assert_day("2027-10-29", 1, "2027-11-02");
	assert_day("2026-07-18", 0, "2026-07-18");
	assert_day("2026-07-17", 260, "2027-07-27");
}

static void
no_working_day_is_a_holiday_or_at_a_weekend(void **state)
{
	PGresult	*result;

	(void)state;
	result = sql(world.owner, "select count(*), count(distinct d) from ("
	    "select add_working_days('2023-12-31', n) as d"
	    " from generate_series(1, 2000) n) x"
	    " where extract(isodow from d) > 5"
	    " or exists (select from holiday h where h.day = d)");
	assert_string_equal(PQgetvalue(result, 0, 0), "0");
	PQclear(result);
	result = sql(world.owner, "select bool_and(d > before) from ("
	    "select d, lag(d) over (order by n) as before from ("
	    "select n, add_working_days('2023-12-31', n) as d"
	    " from generate_series(1, 2000) n) x) y where before is not null");
	assert_string_equal(PQgetvalue(result, 0, 0), "t");
	PQclear(result);
}

static void
the_deadline_of_a_category_is_counted_from_the_day_it_came(void **state)
{
	PGresult	*result;

	(void)state;
	result = sql(world.owner, "select defect_reporter.deadline("
	    "'{\"a\":{\"days\":1,\"kind\":\"working\"},"
	    "\"b\":{\"days\":3,\"kind\":\"calendar\"}}', c, '2026-04-02')"
	    " from unnest('{a,b,c}'::text[]) c");
	assert_string_equal(PQgetvalue(result, 0, 0), "2026-04-07");
	assert_string_equal(PQgetvalue(result, 1, 0), "2026-04-05");
	assert_string_equal(PQgetvalue(result, 2, 0), "infinity");
	PQclear(result);
}

static int
found(const char *enter, const char *q)
{
	PGresult	*result;
	int		 rows;

	result = statement_run(&world, world.office, enter, "ticket_list",
	    ARGUMENTS("q", q, "limit", "100"));
	rows = PQntuples(result);
	PQclear(result);

	return (rows);
}

static void
a_search_knows_the_ways_a_word_is_written(void **state)
{
	const char	*id;

	(void)state;
	id = report_new();
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id, "text",
	    "Größe: 2 m, Ecke Mont-Cenis-Str. und Çelik-Allee"));
	assert_int_equal(found(ENTER_STAFF, "Größe"), 1);
	assert_int_equal(found(ENTER_STAFF, "GROESSE"), 1);
	assert_int_equal(found(ENTER_STAFF, "gro"), 1);
	assert_int_equal(found(ENTER_STAFF, "cenis straße"), 1);
	assert_int_equal(found(ENTER_STAFF, "cenis str."), 1);
	assert_int_equal(found(ENTER_STAFF, "celik cenis"), 1);
	assert_int_equal(found(ENTER_STAFF, "röße"), 0);
	assert_int_equal(found(ENTER_STAFF, "celik nirgends"), 0);
	assert_int_equal(found(ENTER_STAFF, "%"), 0);
	assert_int_equal(found(ENTER_STAFF, "' or true --"), 0);
	/* What the sender wrote is found as well, and by the house alone. */
	assert_true(found(ENTER_STAFF, "fahrbahn") > 0);
	assert_int_equal(found(ENTER_STAFF_2, "celik"), 0);
}

static void
the_words_of_a_text_that_is_erased_are_erased_with_it(void **state)
{
	const char	*id;

	(void)state;
	id = report_new();
	assert_true(count(arena_format(world.arena, "count(*) from"
	    " defect_reporter.word where report_id = '%s'", id)) > 3);
	sql_done(world.courier, "begin");
	sql_done(world.courier, ENTER_COURIER);
	PQclear(sql(world.courier, "update defect_reporter.submission"
	    " set text = '' where report_id = '%s'", id));
	sql_done(world.courier, "commit");
	assert_int_equal(count(arena_format(world.arena, "count(*) from"
	    " defect_reporter.word where report_id = '%s'", id)), 0);
}

static void
a_limited_right_reaches_its_departments_and_categories_alone(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_new();
	assert_true(found(ENTER_ROADS, "fahrbahn") > 0);
	assert_int_equal(found(ENTER_CLEAN, "fahrbahn"), 0);
	expect_rows(world.office, ENTER_CLEAN, "ticket_show", 0,
	    ARGUMENTS("id", id, "graph", GRAPH, "open", OPEN,
	    "nearby_metres", "50"));
	expect_rows(world.office, ENTER_CLEAN, "ticket_assign", 0,
	    ARGUMENTS("id", id, "department", "clean"));
	expect_rows(world.office, ENTER_CLEAN, "ticket_note", 0,
	    ARGUMENTS("id", id, "text", "Notiz"));
	expect_rows(world.office, ENTER_CLEAN, "report_show", 0,
	    ARGUMENTS("id", id, "preview", "true"));
	result = statement_run(&world, world.office, ENTER_CLEAN,
	    "ticket_counts", NOTHING);
	assert_member(result, "{new}", "0");
	PQclear(result);
	/* Another category opens it by the other grant. */
	expect(world.office, ENTER_ROADS, "ticket_change", "",
	    ARGUMENTS("id", id, "category", "idea"));
	expect_rows(world.office, ENTER_CLEAN, "ticket_show", 1,
	    ARGUMENTS("id", id, "graph", GRAPH, "open", OPEN,
	    "nearby_metres", "50"));
	/* What was given away is out of reach. */
	expect(world.office, ENTER_ROADS, "ticket_assign", "",
	    ARGUMENTS("id", id, "department", "mayor"));
	expect_rows(world.office, ENTER_ROADS, "ticket_show", 0,
	    ARGUMENTS("id", id, "graph", GRAPH, "open", OPEN,
	    "nearby_metres", "50"));
}

static void
the_public_role_makes_no_ticket_of_its_report(void **state)
{
	static const char *const	refused[] = {
		"update defect_reporter.report set priority = 'urgent'",
		"update defect_reporter.report set status = 'received'",
		"insert into defect_reporter.report (number, device_id,"
		    " category, department, status, lat, lon, priority)"
		    " values (9999, device(), 'x', 'x', 'x', 51, 7, 'urgent')",
		"insert into defect_reporter.report (number, device_id,"
		    " category, department, status, lat, lon, channel)"
		    " values (9999, device(), 'x', 'x', 'x', 51, 7, 'letter')",
		"select from defect_reporter.word",
		"select from defect_reporter.draft",
		"select from defect_reporter.saved_view",
		"select person_id from defect_reporter.event",
		"select assignee_id from defect_reporter.report",
		"select priority from defect_reporter.report",
	};
	size_t				i;

	(void)state;
	(void)report_new();
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		sql_done(world.public, "begin");
		sql_done(world.public, ENTER_ANNA);
		assert_string_equal(sql_refused(world.public, refused[i]),
		    "42501");
		sql_done(world.public, "rollback");
	}
}

static void
only_the_own_closed_report_is_reopened(void **state)
{
	const char	*id;

	(void)state;
	id = report_new();
	expect(world.public, ENTER_ANNA, "report_reopen", "report-open",
	    ARGUMENTS("id", id, "reason", "nein", "reopen_days", "14", "initial",
	    "received"));
	expect(world.office, ENTER_STAFF, "report_status", "", ARGUMENTS("id",
	    id, "status", "in-progress", "graph", GRAPH, "contact_keep_days", "90"));
	expect(world.office, ENTER_STAFF, "report_status", "", ARGUMENTS("id",
	    id, "status", "done", "graph", GRAPH, "contact_keep_days", "90"));
	expect_rows(world.public, ENTER_BERT, "report_reopen", 0,
	    ARGUMENTS("id", id, "reason", "nein", "reopen_days", "14", "initial",
	    "received"));
	expect_rows(world.public, ENTER_CARLA, "report_reopen", 0,
	    ARGUMENTS("id", id, "reason", "nein", "reopen_days", "14", "initial",
	    "received"));
	expect(world.public, ENTER_ANNA, "report_reopen", "",
	    ARGUMENTS("id", id, "reason", "nein", "reopen_days", "14", "initial",
	    "received"));
	assert_int_equal(count(arena_format(world.arena, "count(*) from"
	    " defect_reporter.report where id = '%s' and status = 'received'"
	    " and closed_at is null", id)), 1);
}

static void
children_follow_however_the_parent_moves(void **state)
{
	const char	*parent, *child;

	(void)state;
	parent = report_released();
	child = report_new();
	expect(world.office, ENTER_STAFF, "ticket_merge", "",
	    ARGUMENTS("id", child, "into", parent));
	expect(world.office, ENTER_STAFF, "report_status", "", ARGUMENTS("id",
	    parent, "status", "in-progress", "graph", GRAPH, "contact_keep_days", "90"));
	expect(world.office, ENTER_STAFF, "report_forward", "",
	    ARGUMENTS("id", parent, "body", "state-roads", "status",
	    "forwarded", "graph", GRAPH, "valid", "28", "token_hash", "\\x01",
	    "letter", "\\x02"));
	assert_int_equal(count(arena_format(world.arena, "count(*) from"
	    " defect_reporter.report where id = '%s'"
	    " and status = 'forwarded'", child)), 1);
	assert_int_equal(count(arena_format(world.arena, "count(*) from"
	    " defect_reporter.event where report_id = '%s'"
	    " and kind = 'forwarded' and outside_body = 'state-roads'",
	    child)), 1);
}

/* What one page reads of the shared buffers, in blocks. */
static long
page_blocks(const char *const *arguments)
{
	const struct statement	*statement;
	const char		*values[STATEMENT_PARAMETERS_MAX];
	const char		*plan;
	PGresult		*result, *sum;
	long			 blocks;
	size_t			 i;

	statement = statement_find(&world, "ticket_list");
	for (i = 0; i < statement->parameter_count; i++)
		values[i] = parameter_find(arguments,
		    statement->parameters[i]);
	sql_done(world.office, "begin");
	sql_done(world.office, ENTER_STAFF);
	result = PQexecParams(world.office, arena_format(world.arena,
	    "explain (analyze, buffers, format json) %s", statement->sql),
	    (int)statement->parameter_count, NULL, values, NULL, NULL, 0);
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	plan = PQgetvalue(result, 0, 0);
	sum = PQexecParams(world.owner, "select"
	    " ($1::json #>> '{0,Plan,Shared Hit Blocks}')::int"
	    " + ($1::json #>> '{0,Plan,Shared Read Blocks}')::int", 1, NULL,
	    &plan, NULL, NULL, 0);
	blocks = strtol(PQgetvalue(sum, 0, 0), NULL, 10);
	PQclear(sum);
	PQclear(result);
	sql_done(world.office, "commit");

	return (blocks);
}

static void
reports_make(int from, int to)
{
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	PQclear(sql(world.owner, "with made as ("
	    "insert into defect_reporter.report (number, category, department,"
	    " status, lat, lon, due_on) select n, 'c' || n %% 7,"
	    " 'd' || n %% 3, 's' || n / 3 %% 4, 51.5, 7.3,"
	    " current_date + n %% 50 from generate_series(%d, %d) n"
	    " returning id) insert into defect_reporter.submission"
	    " (report_id, text) select id, 'Text' from made", from, to));
	sql_done(world.owner, "commit");
	sql_done(world.owner, "analyze defect_reporter.report");
}

static void
a_page_costs_the_same_however_many_reports_there_are(void **state)
{
	const char *const *const	pages[] = {
		ARGUMENTS("department", "d1", "status", "s2", "sort",
		    "deadline", "limit", "51"),
		ARGUMENTS("department", "d1,d2", "status", "s1,s2", "sort",
		    "priority", "limit", "51"),
		ARGUMENTS("sort", "changed", "limit", "51"),
		ARGUMENTS("category", "c3", "sort", "deadline", "limit", "51"),
	};
	const size_t			count = sizeof(pages) / sizeof(pages[0]);
	long				few[sizeof(pages) / sizeof(pages[0])];
	long				many;
	size_t				i;

	(void)state;
	reports_make(100001, 102000);
	for (i = 0; i < count; i++)
		few[i] = page_blocks(pages[i]);
	reports_make(102001, 112000);
	for (i = 0; i < count; i++) {
		many = page_blocks(pages[i]);
		if (many > few[i] * 2)
			fail_msg("page %zu: %ld blocks, before %ld", i, many,
			    few[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(
		    working_days_know_weekends_and_the_holidays_of_the_state),
		cmocka_unit_test(no_working_day_is_a_holiday_or_at_a_weekend),
		cmocka_unit_test(
		    the_deadline_of_a_category_is_counted_from_the_day_it_came),
		cmocka_unit_test(a_search_knows_the_ways_a_word_is_written),
		cmocka_unit_test(
		    the_words_of_a_text_that_is_erased_are_erased_with_it),
		cmocka_unit_test(
		    a_limited_right_reaches_its_departments_and_categories_alone),
		cmocka_unit_test(the_public_role_makes_no_ticket_of_its_report),
		cmocka_unit_test(only_the_own_closed_report_is_reopened),
		cmocka_unit_test(children_follow_however_the_parent_moves),
		cmocka_unit_test(
		    a_page_costs_the_same_however_many_reports_there_are),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

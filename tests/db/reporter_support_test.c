/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Supporting a report of somebody else: counted once a device and account, by
 * the database itself, seen by nobody but who did it.
 */

#include "reporter_db.h"

static void
expect_supporters(const char *id, const char *expected)
{
	PGresult	*result;

	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_show", ARGUMENTS("id", id));
	assert_member(result, "{supporters}", expected);
	PQclear(result);
}

static void
support(const char *enter, const char *id, const char *problem)
{
	expect(world.public, enter, "report_support", problem,
	    ARGUMENTS("id", id, "open", OPEN));
}

/* Another device of Anna's city, with Bert's account. */
#define ENTER_FRIDA	"select enter_device(1, decode(repeat('f1', 32), 'hex'), false)"

static void
account_make(void)
{
	sql_done(world.owner, "begin");
	sql_done(world.owner, "select enter_public(1)");
	sql_done(world.owner, "with made as (insert into account"
	    " (address_hash) values (sha256('bert')) returning id),"
	    " one as (update device set account_id = (select id from made)"
	    " where token_hash = decode(repeat('b1', 32), 'hex'))"
	    " insert into device (token_hash, account_id)"
	    " select decode(repeat('f1', 32), 'hex'), id from made");
	sql_done(world.owner, "commit");
}

static void
a_report_is_supported_once_by_a_device_and_its_account(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_released();
	expect_supporters(id, "0");
	result = statement_run(&world, world.public, ENTER_BERT,
	    "report_support", ARGUMENTS("id", id, "open", OPEN));
	assert_member(result, "{supporters}", "1");
	PQclear(result);
	support(ENTER_BERT, id, "");
	support(ENTER_FRIDA, id, "");
	expect_supporters(id, "1");
	expect_rows(world.public, ENTER_BERT, "report_supported", 1,
	    ARGUMENTS("limit", "10"));
	expect_rows(world.public, ENTER_FRIDA, "report_supported", 1,
	    ARGUMENTS("limit", "10"));
	expect_rows(world.public, ENTER_ANNA, "report_supported", 0,
	    ARGUMENTS("limit", "10"));
}

static void
support_is_taken_back_and_nothing_else_goes(void **state)
{
	const char	*id;

	(void)state;
	id = report_released();
	support(ENTER_BERT, id, "");
	expect_rows(world.public, ENTER_ANNA, "report_unsupport", 1,
	    ARGUMENTS("id", id));
	expect_supporters(id, "1");
	/* The account's other device may take it back as well. */
	expect_rows(world.public, ENTER_FRIDA, "report_unsupport", 1,
	    ARGUMENTS("id", id));
	expect_supporters(id, "0");
	expect_rows(world.public, ENTER_BERT, "report_unsupport", 1,
	    ARGUMENTS("id", id));
	expect_supporters(id, "0");
}

static void
only_open_released_reports_of_others_can_be_supported(void **state)
{
	const char	*id;

	(void)state;
	id = report_new();
	expect_rows(world.public, ENTER_BERT, "report_support", 0,
	    ARGUMENTS("id", id, "open", OPEN));
	expect_rows(world.public, ENTER_BERT, "report_unsupport", 0,
	    ARGUMENTS("id", id));
	id = report_released();
	support(ENTER_ANNA, id, "own-report");
	expect(world.public, ENTER_BERT, "report_support", "report-closed",
	    ARGUMENTS("id", id, "open", "{done}"));
	expect_rows(world.public, ENTER_CARLA, "report_support", 0,
	    ARGUMENTS("id", id, "open", OPEN));
	expect_supporters(id, "0");
}

static void
a_forgotten_device_no_longer_counts(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_released();
	support(ENTER_BERT, id, "");
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	result = sql(world.owner, "delete from device where token_hash ="
	    " decode(repeat('b1', 32), 'hex')");
	assert_string_equal(PQcmdTuples(result), "1");
	PQclear(result);
	sql_done(world.owner, "commit");
	expect_supporters(id, "0");
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	sql_done(world.owner, "insert into device (token_hash, account_id)"
	    " select decode(repeat('b1', 32), 'hex'), account_id from device"
	    " where token_hash = decode(repeat('f1', 32), 'hex')");
	sql_done(world.owner, "commit");
}

static void
the_public_role_sees_and_adds_its_own_support_only(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_released();
	support(ENTER_BERT, id, "");
	sql_done(world.public, "begin");
	sql_done(world.public, ENTER_ANNA);
	result = sql(world.public, "select from defect_reporter.support"
	    " where report_id = '%s'", id);
	assert_int_equal(PQntuples(result), 0);
	PQclear(result);
	result = sql(world.public, "delete from defect_reporter.support"
	    " where report_id = '%s'", id);
	assert_string_equal(PQcmdTuples(result), "0");
	PQclear(result);
	sql_done(world.public, "rollback");
	sql_done(world.public, "begin");
	sql_done(world.public, ENTER_BERT);
	assert_string_equal(sql_refused(world.public, "insert into"
	    " defect_reporter.support (report_id, device_id) select id,"
	    " gen_random_uuid() from defect_reporter.report limit 1"),
	    "42501");
	sql_done(world.public, "rollback");
	assert_string_equal(sql_refused(world.public,
	    "update defect_reporter.report set supporters = 99"), "42501");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(
		    a_report_is_supported_once_by_a_device_and_its_account),
		cmocka_unit_test(support_is_taken_back_and_nothing_else_goes),
		cmocka_unit_test(
		    only_open_released_reports_of_others_can_be_supported),
		cmocka_unit_test(a_forgotten_device_no_longer_counts),
		cmocka_unit_test(
		    the_public_role_sees_and_adds_its_own_support_only),
	};

	if (setup(NULL) != 0)
		return (1);
	account_make();

	return (cmocka_run_group_tests(tests, NULL, teardown));
}

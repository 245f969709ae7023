/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Photos of reports against a real database: who may add them, how they
 * leave quarantine, when they are seen, and that no blob stays behind.
 */

#include "reporter_db.h"

static void
only_the_sender_adds_photos_and_only_while_open(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_new();
	result = photo_send(ENTER_BERT, id);
	assert_int_equal(PQntuples(result), 0);
	PQclear(result);
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id));
	expect(world.public, ENTER_BERT, "photo_create", "not-own-report",
	    ARGUMENTS("id", id, "content", PHOTO, "media_type", "image/jpeg",
	    "photos_max", "5", "open", OPEN));
	expect(world.public, ENTER_ANNA, "photo_create", "report-closed",
	    ARGUMENTS("id", id, "content", PHOTO, "media_type", "image/jpeg",
	    "photos_max", "5", "open", "{done}"));
	assert_int_equal(count("count(*) from blob"), 0);
	assert_int_equal(count("count(*) from job"), 0);
	sql_done(world.public, "begin");
	sql_done(world.public, ENTER_BERT);
	assert_string_equal(sql_refused(world.public, arena_format(world.arena,
	    "insert into defect_reporter.photo (report_id) values ('%s')",
	    id)), "42501");
	sql_done(world.public, "rollback");
}

static void
the_sixth_photo_is_refused_and_not_stored(void **state)
{
	PGresult	*result;
	const char	*id;
	long		 before;
	int		 i;

	(void)state;
	id = report_new();
	before = count("count(*) from blob");
	for (i = 0; i < 5; i++)
		(void)photo_new(id);
	result = photo_send(ENTER_ANNA, id);
	assert_string_equal(value(result, "problem"), "too-many-photos");
	assert_string_equal(member(result, "arguments", "{max}"), "5");
	PQclear(result);
	assert_int_equal(count("count(*) from blob"), before + 5);
}

static void
of_two_fifth_photos_at_once_one_is_refused(void **state)
{
	const struct statement	*create;
	const char		*id, *values[STATEMENT_PARAMETERS_MAX];
	const char *const	*arguments;
	PGconn			*rival;
	PGresult		*result;
	size_t			 i;

	(void)state;
	id = report_new();
	for (i = 0; i < 4; i++)
		(void)photo_new(id);
	rival = db_open(PUBLIC_ROLE);
	arguments = ARGUMENTS("id", id, "content", PHOTO, "media_type",
	    "image/jpeg", "photos_max", "5", "open", OPEN);
	result = statement_begin(&world, world.public, ENTER_ANNA,
	    "photo_create", arguments);
	assert_null(value(result, "problem"));
	PQclear(result);
	sql_done(rival, "begin");
	sql_done(rival, ENTER_ANNA);
	create = statement_find(&world, "photo_create");
	for (i = 0; i < create->parameter_count; i++)
		values[i] = parameter_find(arguments, create->parameters[i]);
	assert_int_equal(PQsendQueryParams(rival, create->sql,
	    (int)create->parameter_count, NULL, values, NULL, NULL, 0), 1);
	db_wait_for_lock(world.owner, PQbackendPID(rival));
	sql_done(world.public, "commit");
	result = PQgetResult(rival);
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	assert_string_equal(value(result, "problem"), "too-many-photos");
	PQclear(result);
}

static void
a_photo_is_public_once_it_and_its_report_are_released(void **state)
{
	const char	*id, *photo;
	long		 blobs;

	(void)state;
	id = report_new();
	blobs = count("count(*) from blob");
	photo = photo_new(id);
	expect(world.office, ENTER_STAFF, "photo_release", "photo-not-ready",
	    ARGUMENTS("id", id, "photo", photo));
	photo_make_ready(photo);
	assert_int_equal(count("count(*) from blob"), blobs + 2);
	expect_rows(world.public, ENTER_PUBLIC, "photo_show", 0,
	    ARGUMENTS("id", id, "photo", photo));
	expect_rows(world.office, ENTER_STAFF, "office_photo", 1,
	    ARGUMENTS("id", id, "photo", photo));
	expect(world.office, ENTER_STAFF, "photo_release", "",
	    ARGUMENTS("id", id, "photo", photo));
	expect_rows(world.public, ENTER_PUBLIC, "photo_show", 0,
	    ARGUMENTS("id", id, "photo", photo));
	expect_rows(world.public, ENTER_ANNA, "photo_show", 0,
	    ARGUMENTS("id", id, "photo", photo));
	expect_rows(world.public, ENTER_ANNA, "photo_thumbnail", 0,
	    ARGUMENTS("id", id, "photo", photo));
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id));
	expect_rows(world.public, ENTER_PUBLIC, "photo_show", 1,
	    ARGUMENTS("id", id, "photo", photo));
	expect_rows(world.public, ENTER_PUBLIC, "photo_thumbnail", 1,
	    ARGUMENTS("id", id, "photo", photo));
	expect_rows(world.public, ENTER_PUBLIC, "photo_show", 0,
	    ARGUMENTS("id", UUID_NOBODY, "photo", photo));
	expect(world.office, ENTER_STAFF, "photo_reject", "",
	    ARGUMENTS("id", id, "photo", photo));
	expect_rows(world.public, ENTER_PUBLIC, "photo_show", 0,
	    ARGUMENTS("id", id, "photo", photo));
}

static void
a_public_report_lists_its_released_photos_alone(void **state)
{
	PGresult	*result;
	const char	*id, *shown, *hidden;

	(void)state;
	id = report_released();
	shown = photo_new(id);
	hidden = photo_new(id);
	photo_make_ready(shown);
	photo_make_ready(hidden);
	expect(world.office, ENTER_STAFF, "photo_release", "",
	    ARGUMENTS("id", id, "photo", shown));
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_show", ARGUMENTS("id", id));
	assert_member(result, "{photos,0,id}", shown);
	assert_member(result, "{photos,0,width}", "640");
	assert_member(result, "{photos,1}", NULL);
	PQclear(result);

	/* The sender's own list says where each of them stands. */
	result = statement_run(&world, world.public, ENTER_ANNA,
	    "report_mine_show", ARGUMENTS("id", id));
	assert_non_null(strstr(value(result, "body"), hidden));
	assert_non_null(strstr(value(result, "body"), "\"waiting\""));
	PQclear(result);
}

static void
rejected_photos_are_erased_after_thirty_days(void **state)
{
	const char	*id, *photo;
	long		 blobs;

	(void)state;
	id = report_new();
	photo = photo_new(id);
	photo_make_ready(photo);
	expect(world.office, ENTER_STAFF, "photo_reject", "",
	    ARGUMENTS("id", id, "photo", photo));
	blobs = count("count(*) from blob");
	PQclear(statement_run(&world, world.courier, ENTER_COURIER,
	    "photo_erase", ARGUMENTS("days", "30")));
	assert_int_equal(count("count(*) from blob"), blobs);
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	PQclear(sql(world.owner, "update defect_reporter.photo set changed_at"
	    " = now() - interval '31 days' where id = '%s'", photo));
	sql_done(world.owner, "commit");
	PQclear(statement_run(&world, world.courier, ENTER_COURIER,
	    "photo_erase", ARGUMENTS("days", "30")));
	assert_int_equal(count("count(*) from blob"), blobs - 2);
}

static void
a_photo_that_does_not_open_leaves_no_blob_and_frees_its_place(void **state)
{
	PGresult	*result;
	const char	*id, *photo, *original;

	(void)state;
	id = report_new();
	photo = photo_new(id);
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	result = sql(world.owner, "select original from defect_reporter.photo"
	    " where id = '%s'", photo);
	original = arena_text(world.arena, PQgetvalue(result, 0, 0));
	PQclear(result);
	sql_done(world.owner, "commit");
	assert_int_equal(count(arena_format(world.arena,
	    "count(*) from blob where id = '%s'", original)), 1);
	PQclear(statement_run(&world, world.courier, ENTER_COURIER,
	    "photo_refused", ARGUMENTS("photo", photo, "original", original,
	    "reason", "damaged")));
	assert_int_equal(count(arena_format(world.arena,
	    "count(*) from blob where id = '%s'", original)), 0);
	assert_int_equal(count(arena_format(world.arena, "photo_count from"
	    " defect_reporter.report where id = '%s'", id)), 0);
	result = statement_run(&world, world.public, ENTER_ANNA,
	    "report_mine_show", ARGUMENTS("id", id));
	assert_member(result, "{photos,0,state}", "refused");
	assert_member(result, "{photos,0,reason}", "damaged");
	PQclear(result);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(
		    only_the_sender_adds_photos_and_only_while_open),
		cmocka_unit_test(the_sixth_photo_is_refused_and_not_stored),
		cmocka_unit_test(of_two_fifth_photos_at_once_one_is_refused),
		cmocka_unit_test(
		    a_photo_is_public_once_it_and_its_report_are_released),
		cmocka_unit_test(
		    a_public_report_lists_its_released_photos_alone),
		cmocka_unit_test(rejected_photos_are_erased_after_thirty_days),
		cmocka_unit_test(
		    a_photo_that_does_not_open_leaves_no_blob_and_frees_its_place),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

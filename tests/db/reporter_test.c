/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The defect reporter's statements against a real database, as the roles
 * that run them: what is released is seen, what is not is not, and the rules
 * hold when two do something at once.
 */

#include "reporter_db.h"

static void
every_statement_prepares_for_the_roles_that_run_it(void **state)
{
	const struct statement	*one;
	PGresult		*result;
	PGconn			*roles[] = { world.public, world.office,
				    world.courier };
	size_t			 i;

	(void)state;
	for (one = world.statements; one != NULL; one = one->next) {
		for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
			result = PQprepare(roles[i], one->prepared, one->sql,
			    0, NULL);
			if (PQresultStatus(result) != PGRES_COMMAND_OK)
				fail_msg("%s: %s", one->name,
				    PQerrorMessage(roles[i]));
			PQclear(result);
		}
	}
}

static void
a_report_gets_the_next_number_and_waits_for_release(void **state)
{
	PGresult	*first, *second;
	long		 before;

	(void)state;
	first = send_at(ENTER_ANNA, "51.55", "7.3");
	second = send_at(ENTER_BERT, "51.55", "7.3");
	before = strtol(member(first, "body", "{number}"), NULL, 10);
	assert_int_equal(strtol(member(second, "body", "{number}"), NULL, 10),
	    before + 1);
	assert_member(first, "{release}", "pending");
	assert_member(first, "{status}", "received");
	PQclear(first);
	PQclear(second);
}

static void
a_position_outside_names_the_city_and_stores_nothing(void **state)
{
	PGresult	*result;
	long		 before;

	(void)state;
	before = count("count(*) from defect_reporter.report")
	    + count("last from defect_reporter.counter");
	result = send_at(ENTER_ANNA, "51.55", "7.1");
	assert_string_equal(value(result, "problem"), "outside-city");
	assert_string_equal(member(result, "arguments", "{city}"),
	    "Nebenstadt");
	PQclear(result);
	result = send_at(ENTER_ANNA, "48.1", "11.5");
	assert_string_equal(value(result, "problem"), "outside-city");
	assert_null(member(result, "arguments", "{city}"));
	assert_string_equal(member(result, "arguments", "{where}"), "");
	PQclear(result);
	assert_int_equal(count("count(*) from defect_reporter.report")
	    + count("last from defect_reporter.counter"), before);
}

static void
swapped_coordinates_are_told_apart(void **state)
{
	PGresult	*result;

	(void)state;
	result = send_at(ENTER_ANNA, "7.3", "51.55");
	assert_string_equal(value(result, "problem"), "position-swapped");
	PQclear(result);
}

static void
an_unreleased_report_is_invisible_to_the_public(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_new();
	expect_rows(world.public, ENTER_PUBLIC, "report_show", 0,
	    ARGUMENTS("id", id));
	/* What is cached for everybody must not depend on who asked. */
	expect_rows(world.public, ENTER_ANNA, "report_show", 0,
	    ARGUMENTS("id", id));
	expect_rows(world.public, ENTER_BERT, "report_mine_show", 0,
	    ARGUMENTS("id", id));
	expect_rows(world.public, ENTER_ANNA, "report_mine_show", 1,
	    ARGUMENTS("id", id));
	result = statement_run(&world, world.public, ENTER_ANNA, "map",
	    NOTHING);
	assert_null(strstr(value(result, "body"), id));
	PQclear(result);

	/* Nor with any statement of its own that the role could think of. */
	sql_done(world.public, "begin");
	sql_done(world.public, ENTER_BERT);
	result = sql(world.public, "select from defect_reporter.report"
	    " where id = '%s' union all select from defect_reporter.submission"
	    " where report_id = '%s'", id, id);
	assert_int_equal(PQntuples(result), 0);
	PQclear(result);
	sql_done(world.public, "rollback");
}

static void
the_public_role_cannot_release_or_read_sealed_contact(void **state)
{
	(void)state;
	assert_string_equal(sql_refused(world.public,
	    "select contact from defect_reporter.submission"), "42501");
	assert_string_equal(sql_refused(world.public,
	    "update defect_reporter.report set release = 'released'"), "42501");
	assert_string_equal(sql_refused(world.public,
	    "insert into defect_reporter.event (report_id, kind, public)"
	    " values (gen_random_uuid(), 'answer', true)"), "42501");
	sql_done(world.public, "begin");
	sql_done(world.public, ENTER_BERT);
	assert_string_equal(sql_refused(world.public,
	    "insert into defect_reporter.report (number, device_id, category,"
	    " department, status, lat, lon, release, text, released_at)"
	    " values (999999, device(), 'x', 'x', 'x', 51.5, 7.3, 'released',"
	    " 'x', now())"), "42501");
	sql_done(world.public, "rollback");
}

static void
a_released_report_shows_the_published_text_and_no_contact(void **state)
{
	PGresult	*result;
	const char	*id, *body;

	(void)state;
	id = report_new();
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id, "text", "ein Loch"));
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_show", ARGUMENTS("id", id));
	assert_member(result, "{text}", "ein Loch");
	assert_member(result, "{position,lat}", "51.551235");
	assert_member(result, "{position,lon}", "7.301235");
	body = value(result, "body");
	assert_null(strstr(body, "tiefes"));
	assert_null(strstr(body, "answers"));
	assert_null(strstr(body, "Gehweg"));
	PQclear(result);
	result = statement_run(&world, world.public, ENTER_PUBLIC, "map",
	    ARGUMENTS("bbox", "7.3,51.55,7.302,51.552", "status", "received"));
	assert_non_null(strstr(value(result, "body"), id));
	assert_member(result, "{features,0,geometry,coordinates,0}",
	    "7.301235");
	PQclear(result);
	result = statement_run(&world, world.public, ENTER_PUBLIC, "map",
	    ARGUMENTS("bbox", "7.31,51.55,7.32,51.56"));
	assert_null(strstr(value(result, "body"), id));
	PQclear(result);
}

static void
the_map_of_everything_is_a_feature_collection(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	result = statement_run(&world, world.public, ENTER_OTHER_CITY, "map",
	    NOTHING);
	assert_string_equal(value(result, "body"),
	    "{\"type\":\"FeatureCollection\",\"features\":[]}");
	PQclear(result);
	id = report_released();
	result = statement_run(&world, world.public, ENTER_PUBLIC, "map",
	    NOTHING);
	assert_member(result, "{features,0,properties,category}", "pothole");
	assert_non_null(strstr(value(result, "body"), id));
	PQclear(result);
}

static void
a_withdrawn_report_is_gone_and_tells_its_sender_why(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_released();
	expect(world.office, ENTER_STAFF, "report_reject", "",
	    ARGUMENTS("id", id, "reason", "nennt einen Namen", "contact_keep_days", "90"));
	expect_rows(world.public, ENTER_PUBLIC, "report_show", 0,
	    ARGUMENTS("id", id));
	result = statement_run(&world, world.public, ENTER_ANNA,
	    "report_mine_show", ARGUMENTS("id", id));
	assert_member(result, "{history,0,kind}", "rejected");
	assert_member(result, "{history,0,text}", "nennt einen Namen");
	PQclear(result);

	/* Released again, it still keeps the reason to itself. */
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id));
	result = statement_run(&world, world.public, ENTER_ANNA,
	    "report_show", ARGUMENTS("id", id));
	assert_member(result, "{history,0}", NULL);
	PQclear(result);
}

static void
lists_go_on_where_the_page_before_ended(void **state)
{
	PGresult	*result;
	const char	*newest, *older, *position;

	(void)state;
	older = report_released();
	newest = report_released();
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_list", ARGUMENTS("limit", "1"));
	assert_member(result, "{id}", newest);
	position = arena_text(world.arena, value(result, "position"));
	PQclear(result);
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_list", ARGUMENTS("limit", "1", "after", position,
	    "category", "litter,pothole", "since", "2020-01-01T00:00:00Z"));
	assert_member(result, "{id}", older);
	PQclear(result);
	expect_rows(world.public, ENTER_PUBLIC, "report_list", 0,
	    ARGUMENTS("limit", "1", "category", "litter"));
	result = statement_run(&world, world.office, ENTER_STAFF,
	    "office_list", ARGUMENTS("limit", "1", "release", "released",
	    "department", "roads"));
	assert_member(result, "{id}", newest);
	PQclear(result);
	result = statement_run(&world, world.public, ENTER_ANNA,
	    "report_mine", ARGUMENTS("limit", "1"));
	assert_member(result, "{id}", newest);
	PQclear(result);
	expect_rows(world.public, ENTER_CARLA, "report_mine", 0,
	    ARGUMENTS("limit", "1"));
}

static void
reports_nearby_come_nearest_first_and_only_open_ones(void **state)
{
	PGresult	*result;
	const char	*near_id;

	(void)state;
	result = send_at(ENTER_ANNA, "51.59001", "7.21");
	near_id = member(result, "body", "{id}");
	PQclear(result);
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", near_id));
	result = send_at(ENTER_ANNA, "51.59002", "7.21");
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", member(result, "body", "{id}")));
	PQclear(result);
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_nearby", ARGUMENTS("lat", "51.59", "lon", "7.21",
	    "radius", "50", "open", OPEN));
	assert_member(result, "{items,0,id}", near_id);
	assert_member(result, "{items,0,distance}", "1.1");
	assert_member(result, "{items,1,distance}", "2.2");
	PQclear(result);
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_nearby", ARGUMENTS("lat", "51.59", "lon", "7.21",
	    "metres", "1", "radius", "50", "open", OPEN));
	assert_member(result, "{items,0}", NULL);
	PQclear(result);
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_nearby", ARGUMENTS("lat", "51.59", "lon", "7.21",
	    "radius", "50", "open", "{done}"));
	assert_member(result, "{items,0}", NULL);
	PQclear(result);
}

static void
the_status_goes_only_where_the_graph_leads(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_released();
	result = statement_run(&world, world.office, ENTER_STAFF,
	    "report_status", ARGUMENTS("id", id, "status", "done",
	    "graph", GRAPH, "contact_keep_days", "90"));
	assert_string_equal(value(result, "problem"), "transition");
	assert_string_equal(member(result, "arguments", "{from}"),
	    "received");
	assert_string_equal(member(result, "arguments", "{allowed,0}"),
	    "in-progress");
	PQclear(result);
	expect(world.office, ENTER_STAFF, "report_status", "",
	    ARGUMENTS("id", id, "status", "in-progress",
	    "text", "wir fahren hin", "graph", GRAPH, "contact_keep_days", "90"));
	expect(world.office, ENTER_STAFF, "report_status", "",
	    ARGUMENTS("id", id, "status", "done", "graph", GRAPH,
	    "contact_keep_days", "90"));
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_show", ARGUMENTS("id", id));
	assert_member(result, "{status}", "done");
	assert_member(result, "{history,0,text}", "wir fahren hin");
	assert_member(result, "{history,1,status}", "done");
	assert_member(result, "{history,2}", NULL);
	assert_null(strstr(value(result, "body"), "Dora"));
	PQclear(result);
	result = statement_run(&world, world.office, ENTER_STAFF,
	    "office_show", ARGUMENTS("id", id));
	assert_member(result, "{history,0,staff}", "Dora Beispiel");
	assert_string_equal(value(result, "contact"), "\\x0102");
	PQclear(result);
}

static void
a_status_that_the_graph_lost_can_be_left(void **state)
{
	const char	*id;

	(void)state;
	id = report_released();
	expect(world.office, ENTER_STAFF, "report_status", "",
	    ARGUMENTS("id", id, "status", "new", "contact_keep_days", "90",
	    "graph", "{\"new\":{\"kind\":\"open\",\"next\":[]}}"));
}

static void
a_stale_version_changes_nothing(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_released();		/* version 2 */
	result = statement_run(&world, world.office, ENTER_STAFF,
	    "report_answer", ARGUMENTS("id", id, "text", "nein",
	    "version", "1"));
	assert_string_equal(value(result, "problem"), "changed-meanwhile");
	assert_string_equal(member(result, "arguments", "{version}"), "2");
	PQclear(result);
	expect(world.office, ENTER_STAFF, "report_release",
	    "changed-meanwhile", ARGUMENTS("id", id, "version", "1"));
	expect(world.office, ENTER_STAFF, "report_reject",
	    "changed-meanwhile", ARGUMENTS("id", id, "version", "1",
	    "reason", "nein", "contact_keep_days", "90"));
	expect(world.office, ENTER_STAFF, "report_status",
	    "changed-meanwhile", ARGUMENTS("id", id, "version", "1",
	    "status", "in-progress", "graph", GRAPH, "contact_keep_days", "90"));
	expect(world.office, ENTER_STAFF, "report_answer", "",
	    ARGUMENTS("id", id, "text", "ja", "version", "2"));
	result = statement_run(&world, world.public, ENTER_PUBLIC,
	    "report_show", ARGUMENTS("id", id));
	assert_member(result, "{history,0,text}", "ja");
	assert_member(result, "{history,1}", NULL);
	PQclear(result);
}

/* The second waits for the row's lock and is judged by what it then finds. */
static void
of_two_steps_at_once_the_graph_judges_the_second_anew(void **state)
{
	const struct statement	*step;
	const char		*id, *values[STATEMENT_PARAMETERS_MAX];
	const char *const	*arguments;
	PGconn			*rival;
	PGresult		*result;
	size_t			 i;

	(void)state;
	id = report_released();
	rival = db_open(OFFICE_ROLE);
	arguments = ARGUMENTS("id", id, "status", "in-progress",
	    "graph", GRAPH, "contact_keep_days", "90");
	result = statement_begin(&world, world.office, ENTER_STAFF,
	    "report_status", arguments);
	assert_null(value(result, "problem"));
	PQclear(result);

	sql_done(rival, "begin");
	sql_done(rival, ENTER_STAFF);
	step = statement_find(&world, "report_status");
	for (i = 0; i < step->parameter_count; i++)
		values[i] = parameter_find(arguments, step->parameters[i]);
	assert_int_equal(PQsendQueryParams(rival, step->sql,
	    (int)step->parameter_count, NULL, values, NULL, NULL, 0), 1);
	db_wait_for_lock(world.owner, PQbackendPID(rival));
	sql_done(world.office, "commit");
	result = PQgetResult(rival);
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	assert_string_equal(value(result, "problem"), "transition");
	PQclear(result);
}

static void
a_report_is_forwarded_with_what_is_public_and_no_more(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	id = report_new();
	expect(world.office, ENTER_STAFF, "report_forward", "not-released",
	    ARGUMENTS("id", id, "body", "state-roads", "status", "forwarded",
	    "graph", GRAPH, "valid", "28", "token_hash", "\\x01", "letter",
	    "\\x02"));
	assert_int_equal(count("count(*) from job where kind = 'mail'"), 0);
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id, "text", "ein Loch"));
	expect(world.office, ENTER_STAFF, "report_status", "",
	    ARGUMENTS("id", id, "status", "in-progress", "graph", GRAPH,
	    "contact_keep_days", "90"));
	result = statement_run(&world, world.office, ENTER_STAFF,
	    "forward_letter", ARGUMENTS("id", id, "labels",
	    "{\"pothole\":\"Schlagloch\"}", "contact", "f"));
	assert_string_equal(member(result, "letter", "{text}"), "ein Loch");
	assert_string_equal(member(result, "letter", "{category}"),
	    "Schlagloch");
	assert_null(strstr(value(result, "letter"), "tiefes"));
	assert_null(value(result, "contact"));
	PQclear(result);
	result = statement_run(&world, world.office, ENTER_STAFF,
	    "report_forward", ARGUMENTS("id", id, "body", "state-roads",
	    "status", "forwarded", "graph", GRAPH, "valid", "28",
	    "token_hash", "\\x01", "letter", "\\x02"));
	assert_member(result, "{status}", "forwarded");
	PQclear(result);
	assert_int_equal(count("count(*) from job where kind = 'mail'"
	    " and sealed = '\\x02' and not payload ? 'to'"), 1);
}

static void
contact_is_erased_when_its_time_is_over_and_not_before(void **state)
{
	const char	*id, *left;

	(void)state;
	id = report_released();
	left = arena_format(world.arena, "count(contact) from"
	    " defect_reporter.submission where report_id = '%s'", id);
	expect(world.office, ENTER_STAFF, "report_status", "",
	    ARGUMENTS("id", id, "status", "in-progress", "graph", GRAPH,
	    "contact_keep_days", "0"));
	expect(world.office, ENTER_STAFF, "report_status", "",
	    ARGUMENTS("id", id, "status", "done", "graph", GRAPH,
	    "contact_keep_days", "0"));
	PQclear(statement_run(&world, world.courier, ENTER_COURIER,
	    "contact_erase", ARGUMENTS("days", "90")));
	assert_int_equal(count(left), 1);
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	PQclear(sql(world.owner, "update defect_reporter.submission set"
	    " contact_until = contact_until - 1 where report_id = '%s'", id));
	sql_done(world.owner, "commit");
	PQclear(statement_run(&world, world.courier, ENTER_COURIER,
	    "contact_erase", ARGUMENTS("days", "90")));
	assert_int_equal(count(left), 0);
}

/* Of these two zones one always has another day than Berlin. */
static void
contact_is_kept_for_days_in_berlin_whatever_the_session_calls_today(
    void **state)
{
	static const char *const	 zones[] = {
		"Etc/GMT+12", "Pacific/Kiritimati"
	};
	const char			*id;
	size_t				 i;

	(void)state;
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		id = report_new();
		sql_done(world.office, arena_format(world.arena,
		    "set timezone = '%s'", zones[i]));
		expect(world.office, ENTER_STAFF, "report_reject", "",
		    ARGUMENTS("id", id, "reason", "nein", "contact_keep_days", "7"));
		sql_done(world.office, "set timezone = 'UTC'");
		assert_int_equal(count(arena_format(world.arena,
		    "contact_until - (now() at time zone 'Europe/Berlin')::date"
		    " from defect_reporter.submission where report_id = '%s'",
		    id)), 7);
	}
}

static void
a_report_that_is_released_after_all_keeps_its_contact_while_open(void **state)
{
	const char	*id;

	(void)state;
	id = report_new();
	expect(world.office, ENTER_STAFF, "report_reject", "",
	    ARGUMENTS("id", id, "reason", "nein", "contact_keep_days", "7"));
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id));
	assert_int_equal(count(arena_format(world.arena,
	    "count(contact_until) from defect_reporter.submission"
	    " where report_id = '%s'", id)), 0);
}

static void
another_city_sees_and_changes_nothing(void **state)
{
	const char	*id;

	(void)state;
	id = report_released();
	expect_rows(world.public, ENTER_OTHER_CITY, "report_show", 0,
	    ARGUMENTS("id", id));
	expect_rows(world.public, ENTER_CARLA, "report_mine_show", 0,
	    ARGUMENTS("id", id));
	expect_rows(world.public, ENTER_CARLA, "photo_create", 0,
	    ARGUMENTS("id", id, "content", PHOTO, "media_type", "image/jpeg",
	    "photos_max", "5", "open", OPEN));
	expect_rows(world.office, ENTER_STAFF_2, "office_show", 0,
	    ARGUMENTS("id", id));
	expect_rows(world.office, ENTER_STAFF_2, "report_reject", 0,
	    ARGUMENTS("id", id, "reason", "fremd", "contact_keep_days", "90"));
	expect_rows(world.public, ENTER_PUBLIC, "report_show", 1,
	    ARGUMENTS("id", id));
}

static void
a_report_sent_twice_under_one_key_is_made_once(void **state)
{
	long	before;

	(void)state;
	PQclear(send_at(ENTER_ANNA "; " ONCE, "51.55", "7.3"));
	before = count("count(*) from defect_reporter.report");
	sql_done(world.public, "begin");
	sql_done(world.public, ENTER_ANNA);
	assert_string_equal(sql_refused(world.public, ONCE), "SK208");
	sql_done(world.public, "rollback");
	assert_int_equal(count("count(*) from defect_reporter.report"),
	    before);
}

static void
a_forgotten_device_leaves_its_reports_without_owner(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	sql_done(world.owner, "insert into device (tenant_id, token_hash)"
	    " values (1, decode(repeat('f1', 32), 'hex'))");
	sql_done(world.owner, "commit");
	result = send_at("select enter_device(1,"
	    " decode(repeat('f1', 32), 'hex'), false)", "51.55", "7.3");
	id = member(result, "body", "{id}");
	PQclear(result);
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	sql_done(world.owner, "delete from device"
	    " where token_hash = decode(repeat('f1', 32), 'hex')");
	sql_done(world.owner, "commit");
	assert_int_equal(count(arena_format(world.arena, "count(*) from"
	    " defect_reporter.report r join defect_reporter.submission s"
	    " on s.report_id = r.id where r.id = '%s' and r.device_id is null"
	    " and s.device_id is null", id)), 1);
}

static void
demonstration_reports_lie_inside_their_city(void **state)
{
	PGresult	*result;
	char		*text;

	(void)state;
	text = file_text("plugins/defect-reporter/demo.sql");
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_THIRD_CITY);
	sql_done(world.owner, text);
	free(text);
	result = sql(world.owner, "select count(*) || ' ' ||"
	    " count(*) filter (where st_covers(boundary,"
	    " st_setsrid(st_makepoint(lon, lat), 4326))) || ' ' ||"
	    " (count(*) filter (where release = 'released') between 10 and 24)"
	    " || ' ' || bool_and(category in ('litter', 'idea'))"
	    " from defect_reporter.report, tenant_boundary");
	assert_string_equal(PQgetvalue(result, 0, 0), "25 25 true true");
	PQclear(result);
	sql_done(world.owner, "rollback");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(
		    every_statement_prepares_for_the_roles_that_run_it),
		cmocka_unit_test(
		    a_report_gets_the_next_number_and_waits_for_release),
		cmocka_unit_test(
		    a_position_outside_names_the_city_and_stores_nothing),
		cmocka_unit_test(swapped_coordinates_are_told_apart),
		cmocka_unit_test(
		    an_unreleased_report_is_invisible_to_the_public),
		cmocka_unit_test(
		    the_public_role_cannot_release_or_read_sealed_contact),
		cmocka_unit_test(
		    a_released_report_shows_the_published_text_and_no_contact),
		cmocka_unit_test(the_map_of_everything_is_a_feature_collection),
		cmocka_unit_test(
		    a_withdrawn_report_is_gone_and_tells_its_sender_why),
		cmocka_unit_test(lists_go_on_where_the_page_before_ended),
		cmocka_unit_test(
		    reports_nearby_come_nearest_first_and_only_open_ones),
		cmocka_unit_test(the_status_goes_only_where_the_graph_leads),
		cmocka_unit_test(a_status_that_the_graph_lost_can_be_left),
		cmocka_unit_test(a_stale_version_changes_nothing),
		cmocka_unit_test(
		    of_two_steps_at_once_the_graph_judges_the_second_anew),
		cmocka_unit_test(
		    a_report_is_forwarded_with_what_is_public_and_no_more),
		cmocka_unit_test(
		    contact_is_erased_when_its_time_is_over_and_not_before),
		cmocka_unit_test(
		    contact_is_kept_for_days_in_berlin_whatever_the_session_calls_today),
		cmocka_unit_test(
		    a_report_that_is_released_after_all_keeps_its_contact_while_open),
		cmocka_unit_test(another_city_sees_and_changes_nothing),
		cmocka_unit_test(
		    a_report_sent_twice_under_one_key_is_made_once),
		cmocka_unit_test(
		    a_forgotten_device_leaves_its_reports_without_owner),
		cmocka_unit_test(demonstration_reports_lie_inside_their_city),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

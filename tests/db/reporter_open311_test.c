/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * API keys and what they may do to reports, against a real database: who is
 * let in, what a key sees and adds, tokens, remarks, measured durations, and
 * the rehearsal that undoes itself.
 */

#include "reporter_db.h"

#define KEY(tenant, byte, right)					\
	"select enter_key(" tenant ", decode(repeat('" byte "', 32), 'hex'),"	\
	" 'defect-reporter.open311." right "')"
#define ENTER_PORTAL	KEY("1", "f1", "requests")
#define ENTER_PORTAL_UPDATES KEY("1", "f1", "updates")
#define ENTER_GAZETTE	KEY("1", "f2", "requests")
#define ENTER_GAZETTE_UPDATES KEY("1", "f2", "updates")
#define ENTER_OTHERS	KEY("2", "f3", "requests")

static int
setup_keys(void **state)
{
	(void)setup(state);
	sql_done(world.owner, "begin");
	sql_done(world.owner, "select enter_public(1)");
	sql_done(world.owner, "insert into api_key (hash, name, rights,"
	    " revoked_at) values"
	    " (decode(repeat('f1', 32), 'hex'), 'Portal',"
	    " '{defect-reporter.open311.requests,"
	    "defect-reporter.open311.updates}', null),"
	    " (decode(repeat('f2', 32), 'hex'), 'Zeitung',"
	    " '{defect-reporter.open311.requests,"
	    "defect-reporter.open311.updates}', null),"
	    " (decode(repeat('f4', 32), 'hex'), 'nichts', '{}', null),"
	    " (decode(repeat('f5', 32), 'hex'), 'alt',"
	    " '{defect-reporter.open311.requests}', now())");
	sql_done(world.owner, "select enter_public(2)");
	sql_done(world.owner, "insert into api_key (hash, name, rights) values"
	    " (decode(repeat('f3', 32), 'hex'), 'anderswo',"
	    " '{defect-reporter.open311.requests}')");
	sql_done(world.owner, "commit");

	return (0);
}

static PGresult *
create(const char *enter, const char *type, const char *lat, const char *media)
{
	return (statement_run(&world, world.public, enter, "open311_create",
	    ARGUMENTS("has_position", lat == NULL ? NULL : "t", "lat", lat,
	    "long", "7.3", "address_string", lat == NULL ? "Markt 1" : NULL,
	    "service_code", "pothole", "department", "roads", "outside", NULL,
	    "initial", "received", "type", type, "notice", "Vorsicht",
	    "description", "ein Loch", "answers",
	    "{\"where\":\"Gehweg\",\"diameter\":null}", "contact", "\\x0102",
	    "media_url", "https://example.org/a", "media", media,
	    "media_type", media == NULL ? NULL : "image/jpeg")));
}

/* A new report of the portal's; its id. */
static const char *
created(void)
{
	PGresult	*result;
	const char	*id;

	result = create(ENTER_PORTAL, "realtime", "51.55", NULL);
	assert_null(value(result, "problem"));
	assert_member(result, "{0,service_notice}", "Vorsicht");
	id = member(result, "body", "{0,service_request_id}");
	assert_non_null(id);
	PQclear(result);

	return (id);
}

static void
a_key_enters_its_own_tenant_with_its_own_rights(void **state)
{
	static const char *const	refused[] = {
		KEY("2", "f1", "requests"), KEY("1", "f3", "requests"),
		KEY("1", "f4", "requests"), KEY("1", "f5", "requests"),
		KEY("1", "f1", "nothing"), KEY("1", "00", "requests"),
		"select enter_key(1, null, 'defect-reporter.open311.requests')",
		"select enter_key(null, decode(repeat('f1', 32), 'hex'),"
		" 'defect-reporter.open311.requests')",
		"select enter_key(1, decode(repeat('f1', 32), 'hex'), null)",
	};
	size_t				i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_string_equal(ask(world.public, "%s", refused[i]),
		    "SK403 key-unknown");
	assert_string_equal(ask(world.public, "%s; select concat_ws(' ',"
	    " tenant(), (api_key() is not null)::text, device(), account(),"
	    " staff(), (caller() = api_key())::text)", ENTER_PORTAL),
	    "1 true true");
	/* The transaction's end takes it away. */
	assert_string_equal(ask(world.public, "select api_key()"), "");
	assert_string_equal(ask(world.public, "%s; %s; select api_key() is "
	    "null and device() is not null", ENTER_PORTAL, ENTER_ANNA), "t");
	assert_string_equal(ask(world.public, "%s; %s; select api_key() is "
	    "null", ENTER_PORTAL, ENTER_PUBLIC), "t");
}

static void
nobody_but_the_command_line_reads_or_makes_keys(void **state)
{
	PGconn *const		roles[] = { world.public, world.office,
				    world.courier };
	size_t			i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_string_equal(sql_refused(roles[i],
		    "select hash from api_key"), "42501");
		assert_string_equal(sql_refused(roles[i],
		    "insert into api_key (hash, name, rights)"
		    " values (sha256('x'), 'x', '{}')"), "42501");
		assert_string_equal(sql_refused(roles[i],
		    "update api_key set revoked_at = null"), "42501");
	}
	for (i = 1; i < 3; i++)
		assert_string_equal(sql_refused(roles[i], ENTER_PORTAL),
		    "42501");
	assert_string_equal(ask(world.office, "%s; select count(*) from "
	    "(select id, name from api_key) k", ENTER_STAFF_2), "1");
	assert_string_equal(ask(world.owner, "%s; select count(*) from "
	    "api_key", ENTER_PUBLIC), "4");
}

static void
a_key_sees_its_own_reports_and_what_is_released(void **state)
{
	const char	*id, *other;

	(void)state;
	id = created();
	other = report_new();
#define SEES(enter, what)						\
	ask(world.public, "%s; select count(*) from defect_reporter.report"	\
	    " where id = '%s'", enter, what)
	assert_string_equal(SEES(ENTER_PORTAL, id), "1");
	assert_string_equal(SEES(ENTER_GAZETTE, id), "0");
	assert_string_equal(SEES(ENTER_ANNA, id), "0");
	assert_string_equal(SEES(ENTER_PUBLIC, id), "0");
	assert_string_equal(SEES(ENTER_OTHERS, id), "0");
	assert_string_equal(SEES(ENTER_PORTAL, other), "0");
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id));
	assert_string_equal(SEES(ENTER_PUBLIC, id), "1");
	assert_string_equal(SEES(ENTER_GAZETTE, id), "1");
	assert_string_equal(SEES(ENTER_OTHERS, id), "0");
	assert_string_equal(ask(world.public, "%s; select count(*) from "
	    "defect_reporter.submission where report_id = '%s'",
	    ENTER_GAZETTE, id), "0");
	assert_string_equal(ask(world.public, "%s; select answers::text from "
	    "defect_reporter.submission where report_id = '%s'",
	    ENTER_PORTAL, id), "{\"where\": \"Gehweg\"}");
	assert_begins(ask(world.public, "%s; select contact from "
	    "defect_reporter.submission", ENTER_PORTAL), "42501");
}

static void
a_key_adds_only_as_itself_and_releases_nothing(void **state)
{
#define ADD(enter, columns, values)					\
	ask(world.public, "%s; insert into defect_reporter.report (number,"	\
	    " category, department, status, lat, lon" columns ")"		\
	    " values (nextval('tenant_version') + 100000, 'a', 'b', 'c', 51.55,"\
	    " 7.3" values ") returning 'added'", enter)
	const char	*id;

	(void)state;
	id = created();
	assert_begins(ADD(ENTER_PORTAL, "", ""), "42501");
	assert_begins(ADD(ENTER_PORTAL, ", device_id",
	    ", gen_random_uuid()"), "42501");
	assert_begins(ADD(ENTER_PUBLIC, ", api_key_id",
	    ", gen_random_uuid()"), "42501");
	assert_begins(ADD(ENTER_PORTAL, ", api_key_id, release, text,"
	    " released_at", ", api_key(), 'released', 'x', now()"), "42501");
	assert_begins(ask(world.public, "%s; update defect_reporter.report "
	    "set release = 'released'", ENTER_PORTAL), "42501");
	assert_begins(ask(world.public, "%s; delete from "
	    "defect_reporter.report", ENTER_PORTAL), "42501");
	assert_begins(ask(world.public, "%s; insert into defect_reporter.photo"
	    " (report_id) values ('%s')", ENTER_GAZETTE, id), "42501");
	assert_begins(ask(world.public, "%s; select "
	    "defect_reporter.photo_add('%s', '\\x01', 'image/jpeg')",
	    ENTER_GAZETTE, id), "42501");
}

static void
a_photo_comes_with_its_report_or_not_at_all(void **state)
{
	PGresult	*result;
	const char	*id;
	long		 blobs, jobs;

	(void)state;
	blobs = count("count(*) from blob");
	jobs = count("count(*) from job");
	result = create(ENTER_PORTAL, "realtime", "51.55", PHOTO);
	id = member(result, "body", "{0,service_request_id}");
	PQclear(result);
	assert_int_equal(count("count(*) from blob"), blobs + 1);
	assert_int_equal(count("count(*) from job"), jobs + 1);
	assert_string_equal(ask(world.owner, "%s; select photo_count || ' ' || "
	    "(select state from defect_reporter.photo p where p.report_id = "
	    "r.id) from defect_reporter.report r where id = '%s'",
	    ENTER_PORTAL, id), "1 quarantine");
	/* Outside of the city: nothing of it stays. */
	result = create(ENTER_PORTAL, "realtime", "10.0", PHOTO);
	assert_string_equal(value(result, "problem"), "outside-city");
	PQclear(result);
	assert_int_equal(count("count(*) from blob"), blobs + 1);
}

static void
an_address_alone_is_a_place_and_neither_is_none(void **state)
{
	PGresult	*result;
	const char	*id;

	(void)state;
	result = create(ENTER_PORTAL, "realtime", NULL, NULL);
	assert_null(value(result, "problem"));
	id = member(result, "body", "{0,service_request_id}");
	PQclear(result);
	assert_string_equal(ask(world.owner, "%s; select concat_ws(' ', lat,"
	    " lon, cell, address) from defect_reporter.report where id = '%s'",
	    ENTER_PORTAL, id), "Markt 1");
	assert_begins(ask(world.owner, "%s; update defect_reporter.report"
	    " set address = null where id = '%s'", ENTER_PORTAL, id), "23514");
	assert_begins(ask(world.owner, "%s; update defect_reporter.report"
	    " set lat = 51.55 where id = '%s'", ENTER_PORTAL, id), "23514");
}

static const char *
token_ask(const char *enter, const char *token)
{
	PGresult	*result;
	const char	*id;

	result = statement_run(&world, world.public, enter, "open311_token",
	    ARGUMENTS("id", token));
	if (PQntuples(result) == 0)
		id = "(none)";
	else if ((id = member(result, "body",
	    "{0,service_request_id}")) == NULL)
		id = "(waiting)";
	PQclear(result);

	return (id);
}

static void
a_token_becomes_an_id_when_somebody_has_looked(void **state)
{
	PGresult	*result;
	const char	*token, *id;

	(void)state;
	result = create(ENTER_PORTAL, "batch", "51.55", NULL);
	assert_member(result, "{0,service_request_id}", NULL);
	token = member(result, "body", "{0,token}");
	PQclear(result);
	assert_string_equal(token_ask(ENTER_PUBLIC, token), "(waiting)");
	assert_string_equal(token_ask(ENTER_OTHER_CITY, token), "(none)");
	assert_string_equal(token_ask(ENTER_PUBLIC, UUID_NOBODY), "(none)");
	id = ask(world.owner, "%s; select id from defect_reporter.report"
	    " where token = '%s'", ENTER_PUBLIC, token);
	assert_string_equal(token_ask(ENTER_PUBLIC, id), "(none)");
	expect(world.office, ENTER_STAFF, "report_reject", "",
	    ARGUMENTS("id", id, "reason", "Das ist privat.",
	    "contact_keep_days", "90"));
	assert_string_equal(token_ask(ENTER_PUBLIC, token), id);

	result = create(ENTER_PORTAL, "blackbox", "51.55", NULL);
	assert_string_equal(value(result, "body"),
	    "[{\"service_notice\":\"Vorsicht\"}]");
	PQclear(result);
}

static const char *
remark(const char *enter, const char *report, const char *update)
{
	PGresult	*result;
	const char	*id;

	result = statement_run(&world, world.public, enter, "open311_update",
	    ARGUMENTS("service_request_id", report, "update_id", update,
	    "status", "OPEN", "description", "noch da"));
	id = PQntuples(result) == 0 ? NULL :
	    member(result, "body", "{0,update_id}");
	PQclear(result);

	return (id);
}

static void
a_remark_is_its_keys_until_it_and_its_report_are_released(void **state)
{
	const char	*report, *id;

	(void)state;
	report = created();
	assert_null(remark(ENTER_GAZETTE_UPDATES, report, "u1"));
	id = remark(ENTER_PORTAL_UPDATES, report, "u1");
	assert_non_null(id);
	assert_string_equal(remark(ENTER_PORTAL_UPDATES, report, "u1"), id);
	assert_string_not_equal(remark(ENTER_PORTAL_UPDATES, report, NULL),
	    remark(ENTER_PORTAL_UPDATES, report, NULL));
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", report));
	assert_string_not_equal(remark(ENTER_GAZETTE_UPDATES, report, "u1"),
	    id);
#define REMARKS(enter)							\
	ask(world.public, "%s; select count(*) from defect_reporter.remark"	\
	    " where id = '%s'", enter, id)
	assert_string_equal(REMARKS(ENTER_PORTAL), "1");
	assert_string_equal(REMARKS(ENTER_GAZETTE), "0");
	assert_string_equal(REMARKS(ENTER_PUBLIC), "0");
	expect_rows(world.office, ENTER_STAFF_2, "remark_release", 0,
	    ARGUMENTS("id", report, "remark", id));
	expect_rows(world.office, ENTER_STAFF, "remark_release", 0,
	    ARGUMENTS("id", UUID_NOBODY, "remark", id));
	expect_rows(world.office, ENTER_STAFF, "remark_release", 1,
	    ARGUMENTS("id", report, "remark", id));
	assert_string_equal(REMARKS(ENTER_PUBLIC), "1");
	assert_string_equal(REMARKS(ENTER_OTHERS), "0");
	assert_string_equal(REMARKS(ENTER_ANNA), "1");
	expect(world.office, ENTER_STAFF, "report_reject", "",
	    ARGUMENTS("id", report, "reason", "Doch nicht.",
	    "contact_keep_days", "90"));
	assert_string_equal(REMARKS(ENTER_PUBLIC), "0");
	expect_rows(world.office, ENTER_STAFF, "remark_reject", 1,
	    ARGUMENTS("id", report, "remark", id));
	assert_begins(ask(world.public, "%s; insert into "
	    "defect_reporter.remark (report_id, api_key_id, text, state) "
	    "values ('%s', api_key(), 'x', 'released')", ENTER_PORTAL,
	    report), "42501");
	assert_begins(ask(world.public, "%s; update defect_reporter.remark "
	    "set state = 'released'", ENTER_PORTAL), "42501");
}

static void
a_rehearsal_answers_and_leaves_nothing(void **state)
{
	PGresult	*result;
	long		 reports, blobs, last;

	(void)state;
	reports = count("count(*) from defect_reporter.report");
	blobs = count("count(*) from blob");
	last = count("last from defect_reporter.counter");
	result = statement_begin(&world, world.public, ENTER_PORTAL,
	    "open311_create", ARGUMENTS("has_position", "t", "lat", "51.55",
	    "long", "7.3", "service_code", "pothole", "department", "roads",
	    "initial", "received", "type", "realtime", "media", PHOTO,
	    "media_type", "image/jpeg"));
	assert_non_null(member(result, "body", "{0,service_request_id}"));
	PQclear(result);
	assert_string_equal(sql_refused(world.public, "select rehearsed()"),
	    "SK200");
	sql_done(world.public, "rollback");
	assert_int_equal(count("count(*) from defect_reporter.report"),
	    reports);
	assert_int_equal(count("count(*) from blob"), blobs);
	assert_int_equal(count("last from defect_reporter.counter"), last);
}

static void
durations_are_measured_of_five_and_four_in_five_were_quicker(void **state)
{
	(void)state;
	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_PUBLIC);
	sql_done(world.owner, "insert into defect_reporter.report (number,"
	    " category, department, status, lat, lon, release, received_at,"
	    " closed_at) select 5000 + i, case when i <= 10 then 'many' when"
	    " i <= 14 then 'few' else 'old' end, 'a', 'done', 51.55, 7.3,"
	    " 'rejected', t - i * interval '1 day', t from"
	    " generate_series(1, 20) i, lateral (select case when i <= 14"
	    " then now() else now() - interval '400 days' end as t) x");
	sql_done(world.owner, "insert into defect_reporter.duration (category,"
	    " closed, most) values ('gone', 9, '1 day')");
	sql_done(world.owner, "commit");
	PQclear(statement_run(&world, world.courier, ENTER_COURIER,
	    "duration_measure", NOTHING));
	assert_string_equal(ask(world.owner, "%s; select string_agg(category"
	    " || ' ' || closed || ' ' || most, ',') from"
	    " defect_reporter.duration", ENTER_PUBLIC), "many 10 8 days");
	PQclear(statement_run(&world, world.courier, ENTER_COURIER,
	    "duration_measure", NOTHING));
	assert_string_equal(ask(world.public, "%s; select count(*) from "
	    "defect_reporter.duration", ENTER_PUBLIC), "1");
	assert_string_equal(ask(world.public, "%s; select count(*) from "
	    "defect_reporter.duration", ENTER_OTHER_CITY), "0");
	assert_begins(ask(world.public, "%s; delete from "
	    "defect_reporter.duration", ENTER_PUBLIC), "42501");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(
		    a_key_enters_its_own_tenant_with_its_own_rights),
		cmocka_unit_test(
		    nobody_but_the_command_line_reads_or_makes_keys),
		cmocka_unit_test(
		    a_key_sees_its_own_reports_and_what_is_released),
		cmocka_unit_test(
		    a_key_adds_only_as_itself_and_releases_nothing),
		cmocka_unit_test(a_photo_comes_with_its_report_or_not_at_all),
		cmocka_unit_test(
		    an_address_alone_is_a_place_and_neither_is_none),
		cmocka_unit_test(
		    a_token_becomes_an_id_when_somebody_has_looked),
		cmocka_unit_test(
		    a_remark_is_its_keys_until_it_and_its_report_are_released),
		cmocka_unit_test(a_rehearsal_answers_and_leaves_nothing),
		cmocka_unit_test(
		    durations_are_measured_of_five_and_four_in_five_were_quicker),
	};

	return (cmocka_run_group_tests(tests, setup_keys, teardown));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who a transaction is run for, what is done only once, and the platform's
 * own statements from the first code to the last session.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plugin/statement.h"

#include "db.h"

#define DEVICE_IS(n)	"select enter_device(1, sha256('" n "'), false); "
#define STAFF_IS(n)	"select enter_staff(1, sha256('" n "'), '{admin}'); "
#define ONE		"select set_config('stadtkern.tenant', '1', true); "

/* Whom a wrong address names: no try too many, and no password. */
#define NOBODY	"|{\"seconds\" : 0}|||"

/* Ends the pairs of perform(). */
#define END	((const char *)NULL)

static PGconn		*owner, *citizen, *office, *courier;
static struct arena	*arena;
static struct statement	*statements;

/*
 * Runs a statement of queries.sql after `enter`, in one transaction; the
 * parameters are pairs of name and text. Gives all columns, joined with '|'.
 */
static const char *
perform(PGconn *db, const char *enter, const char *name, ...)
{
	const char		*values[STATEMENT_PARAMETERS_MAX] = { NULL };
	const struct statement	*one;
	const char		*parameter, *value;
	PGresult		*result;
	char			*line;
	va_list			 args;
	size_t			 i;
	int			 n;

	for (one = statements; one != NULL; one = one->next)
		if (strcmp(one->name, name) == 0)
			break;
	assert_non_null(one);
	va_start(args, name);
	while ((parameter = va_arg(args, const char *)) != NULL) {
		value = va_arg(args, const char *);
		for (i = 0; i < one->parameter_count; i++)
			if (strcmp(one->parameters[i], parameter) == 0)
				break;
		assert_true(i < one->parameter_count);
		values[i] = value;
	}
	va_end(args);

	line = arena_text(arena, ask(db, "begin; %s", enter));
	if (PQtransactionStatus(db) != PQTRANS_INTRANS) {
		(void)ask(db, "rollback");
		return (line);
	}
	result = PQexecParams(db, one->sql, (int)one->parameter_count, NULL,
	    values, NULL, NULL, 0);
	if (PQresultStatus(result) == PGRES_TUPLES_OK &&
	    PQntuples(result) > 0) {
		line = arena_text(arena, "");
		for (n = 0; n < PQnfields(result); n++)
			line = arena_format(arena, "%s%s%s", line,
			    n == 0 ? "" : "|", PQgetvalue(result, 0, n));
		PQclear(result);
	} else
		line = arena_text(arena, answer(result));
	assert_string_equal("(done)", ask(db, "commit"));
	return (line);
}

static void
a_device_is_known_by_its_token_in_its_tenant(void **state)
{
	(void)state;
	assert_string_equal("1 d1 none none", ask(citizen, DEVICE_IS("d1")
	    "select tenant() || ' d' || right(device()::text, 1) || ' ' || "
	    "coalesce(account()::text, 'none') || ' ' || "
	    "coalesce(staff()::text, 'none')"));
	assert_string_equal("SK401 device-unknown",
	    ask(citizen, DEVICE_IS("nobody")));
	assert_string_equal("SK401 device-unknown",
	    ask(citizen, "select enter_device(2, sha256('d1'), false)"));
	assert_string_equal("SK401 device-unknown",
	    ask(citizen, "select enter_device(1, null, false)"));
	assert_string_equal("SK403 account-required",
	    ask(citizen, "select enter_device(1, sha256('d1'), true)"));
}

static void
a_device_is_noted_as_seen_once_a_day(void **state)
{
	(void)state;
	(void)ask(owner, ONE "update device set last_seen = current_date - 1 "
	    "where token_hash = sha256('d1')");
	(void)ask(citizen, DEVICE_IS("d1"));
	assert_string_equal("t", ask(owner, ONE "select last_seen = "
	    "current_date from device where token_hash = sha256('d1')"));
}

static void
entering_as_public_leaves_everybody_else(void **state)
{
	(void)state;
	assert_string_equal("2", ask(citizen, DEVICE_IS("d1")
	    "select enter_public(2); select concat_ws(' ', tenant(), "
	    "device(), account(), staff(), session())"));
}

static void
a_session_ends_by_time_sign_out_or_dismissal(void **state)
{
	static const struct {
		const char	*change, *says;
	} cases[] = {
		{ "update staff_session set last_seen_at = now()", "" },
		{ "update staff_session set last_seen_at = now() - "
		    "interval '29 min'", "" },
		{ "update staff_session set last_seen_at = now() - "
		    "interval '30 min'", "SK401 session-unknown" },
		{ "update staff_session set created_at = now() - "
		    "interval '12 h'", "SK401 session-unknown" },
		{ "update staff_session set ended_at = now()",
		    "SK401 session-unknown" },
		{ "update staff set disabled_at = now()",
		    "SK401 session-unknown" },
		{ "update staff set roles = '{press}'",
		    "SK403 right-missing" },
		{ "update staff set roles = '{}'", "SK403 right-missing" },
		{ "update staff set roles = '{press,admin}'", "" },
	};
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)ask(owner, ONE "update staff set disabled_at = null, "
		    "roles = '{admin}'; update staff_session set "
		    "created_at = now(), last_seen_at = now(), "
		    "ended_at = null; %s", cases[i].change);
		assert_string_equal(cases[i].says,
		    ask(office, STAFF_IS("s1")));
	}
	assert_string_equal("SK401 session-unknown",
	    ask(office, "select enter_staff(2, sha256('s1'), '{admin}')"));
	assert_string_equal("SK401 session-unknown", ask(office,
	    STAFF_IS("nobody")));
	assert_begins(ask(citizen, STAFF_IS("s1")), "42501 ");
}

static void
a_session_in_use_lasts_and_is_touched_once_a_minute(void **state)
{
	(void)state;
	(void)ask(owner, ONE "update staff_session set last_seen_at = now() - "
	    "interval '50 s'");
	(void)ask(office, STAFF_IS("s1"));
	assert_string_equal("t", ask(owner, ONE "select last_seen_at < now() - "
	    "interval '49 s' from staff_session"));
	(void)ask(owner, ONE "update staff_session set last_seen_at = now() - "
	    "interval '70 s'");
	(void)ask(office, STAFF_IS("s1"));
	assert_string_equal("t", ask(owner, ONE "select last_seen_at > now() - "
	    "interval '49 s' from staff_session"));
}

#define ONCE(key, body)	"select once(sha256('" key "'), sha256('" body "')); "
#define ANSWER(n)	"select answered('{\"n\": " n "}')"

static void
a_repeated_request_gets_the_first_answer(void **state)
{
	PGresult	*result;

	(void)state;
	assert_string_equal("{\"n\": 1}", ask(citizen,
	    DEVICE_IS("d1") ONCE("k1", "b1") ANSWER("1")));
	result = PQexec(citizen, DEVICE_IS("d1") ONCE("k1", "b1") ANSWER("2"));
	assert_string_equal("SK208",
	    PQresultErrorField(result, PG_DIAG_SQLSTATE));
	assert_string_equal("{\"n\": 1}",
	    PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
	PQclear(result);
	assert_string_equal("SK409 idempotency-key-reused", ask(citizen,
	    DEVICE_IS("d1") ONCE("k1", "b2") ANSWER("3")));
}

static void
the_same_key_of_another_caller_is_another_key(void **state)
{
	(void)state;
	assert_string_equal("{\"n\": 4}", ask(citizen,
	    DEVICE_IS("d2") ONCE("k1", "b1") ANSWER("4")));
	assert_string_equal("{\"n\": 5}", ask(citizen,
	    "select enter_device(2, sha256('d1of2'), false); "
	    ONCE("k1", "b1") ANSWER("5")));
	assert_string_equal("{\"n\": 6}", ask(office,
	    STAFF_IS("s1") ONCE("k1", "b1") ANSWER("6")));
}

static void
a_refused_request_may_be_repeated(void **state)
{
	(void)state;
	assert_string_equal("no", ask(citizen,
	    DEVICE_IS("d1") ONCE("k2", "b1") "select 'no'"));
	assert_string_equal("{\"n\": 1}", ask(citizen,
	    DEVICE_IS("d1") ONCE("k2", "b1") ANSWER("1")));
	assert_begins(ask(citizen, DEVICE_IS("d1") ONCE("k3", "b1")
	    "select 1 / 0"), "22012 ");
	assert_string_equal("{\"n\": 1}", ask(citizen,
	    DEVICE_IS("d1") ONCE("k3", "b2") ANSWER("1")));
}

static void
an_answer_without_a_key_is_kept_nowhere(void **state)
{
	const char	*before;

	(void)state;
	before = ask(owner, ONE "select count(*) from idempotency");
	assert_string_equal("{\"n\": 1}",
	    ask(citizen, DEVICE_IS("d1") ANSWER("1")));
	assert_string_equal(before,
	    ask(owner, ONE "select count(*) from idempotency"));
}

/* The second of two sends the same while the first is not through. */
static void
expect_second(const char *key, const char *second_body, const char *ending,
    const char *expected)
{
	PGconn		*first, *second;
	PGresult	*result, *last;

	first = db_open(PUBLIC_ROLE);
	second = db_open(PUBLIC_ROLE);
	assert_string_equal("{\"n\": 1}", ask(first, "begin; " DEVICE_IS("d1")
	    "select once(sha256('%s'), sha256('b1')); " ANSWER("1"), key));
	assert_int_equal(1, PQsendQuery(second, arena_format(arena,
	    DEVICE_IS("d1") "select once(sha256('%s'), sha256('%s')); "
	    ANSWER("2"), key, second_body)));
	db_wait_for_lock(owner, PQbackendPID(second));
	assert_string_equal("(done)", ask(first, "%s", ending));
	for (last = NULL; (result = PQgetResult(second)) != NULL;
	    last = result)
		PQclear(last);
	assert_string_equal(expected, answer(last));
}

static void
the_second_of_two_at_once_waits_for_the_first(void **state)
{
	(void)state;
	expect_second("w1", "b1", "commit", "SK208 answered-before");
	expect_second("w2", "b2", "commit", "SK409 idempotency-key-reused");
	expect_second("w3", "b1", "rollback", "{\"n\": 2}");
	assert_string_equal("2", ask(owner, ONE "select count(*) from "
	    "idempotency where key_hash = sha256('w1') "
	    "or key_hash = sha256('w2')"));
}

static void
a_device_registers_and_is_forgotten(void **state)
{
	const char	*body;

	(void)state;
	body = perform(citizen, "select enter_public(1)", "device_create",
	    "token_hash", ask(owner, "select sha256('new')"), END);
	assert_non_null(strstr(body, "|{\"id\" : \""));
	assert_begins(perform(citizen, DEVICE_IS("new"), "account_show", END),
	    "{\"confirmed\" : false, \"since\" : null, \"code\" : null}");
	assert_string_equal("(done)", perform(citizen, DEVICE_IS("new"),
	    "device_delete", END));
	assert_string_equal("SK401 device-unknown",
	    ask(citizen, DEVICE_IS("new")));
	assert_string_equal("t", ask(citizen, DEVICE_IS("d1")
	    "select count(id) >= 2 from device"));
}

static const char *
request(const char *enter, const char *address, const char *code)
{
	return (perform(citizen, enter, "account_request",
	    "address_hash", ask(owner, "select sha256('%s')", address),
	    "code_hash", ask(owner, "select sha256('%s')", code),
	    "sealed", "\\x5ea1", "language", "de", END));
}

static const char *
confirm(const char *enter, const char *code)
{
	return (perform(citizen, enter, "account_confirm",
	    "code_hash", ask(owner, "select sha256('%s')", code), END));
}

#define CONFIRMED	"|{\"tries\" : null}|{\"confirmed\" : true}"
#define WRONG(left)	"code-wrong|{\"tries\" : " left "}|"

static void
a_code_confirms_an_account_and_is_then_used_up(void **state)
{
	(void)state;
	assert_begins(confirm(DEVICE_IS("d1"), "111111"), "code-none|");
	assert_begins(request(DEVICE_IS("d1"), "a@x", "111111"),
	    "|{\"seconds\" : null}|{\"expires\" : \"");
	assert_string_equal("mail account-code de \\x5ea1", ask(courier,
	    ONE "select kind || ' ' || (payload->>'template') || ' ' || "
	    "(payload->>'language') || ' ' || sealed from job"));
	assert_string_equal(WRONG("4"), confirm(DEVICE_IS("d1"), "000000"));
	assert_begins(confirm(DEVICE_IS("d2"), "111111"), "code-none|");
	assert_begins(confirm("select enter_device(2, sha256('d1of2'), false)",
	    "111111"), "code-none|");
	assert_string_equal(CONFIRMED, confirm(DEVICE_IS("d1"), "111111"));
	assert_begins(confirm(DEVICE_IS("d1"), "111111"), "code-none|");
	assert_string_equal("", ask(citizen,
	    "select enter_device(1, sha256('d1'), true)"));
	assert_begins(perform(citizen, DEVICE_IS("d1"), "account_show", END),
	    "{\"confirmed\" : true, \"since\" : \"2");
}

static void
two_devices_with_one_address_share_the_account(void **state)
{
	(void)state;
	(void)request(DEVICE_IS("d2"), "a@x", "222222");
	assert_string_equal(CONFIRMED, confirm(DEVICE_IS("d2"), "222222"));
	assert_string_equal("1 1", ask(owner, ONE "select count(distinct "
	    "account_id) || ' ' || (select count(*) from account) "
	    "from device where account_id is not null"));
	assert_string_equal("(done)", perform(citizen, DEVICE_IS("d2"),
	    "account_leave", END));
	assert_string_equal("SK403 account-required",
	    ask(citizen, "select enter_device(1, sha256('d2'), true)"));
	assert_string_equal("",
	    ask(citizen, "select enter_device(1, sha256('d1'), true)"));
}

static void
a_code_bears_five_tries_ten_minutes_and_no_newer_one(void **state)
{
	(void)state;
	(void)request(DEVICE_IS("d3"), "b@x", "333333");
	assert_string_equal(WRONG("4"), confirm(DEVICE_IS("d3"), "0"));
	assert_string_equal(WRONG("3"), confirm(DEVICE_IS("d3"), "0"));
	assert_string_equal(WRONG("2"), confirm(DEVICE_IS("d3"), "0"));
	assert_string_equal(WRONG("1"), confirm(DEVICE_IS("d3"), "0"));
	assert_string_equal(WRONG("0"), confirm(DEVICE_IS("d3"), "0"));
	assert_begins(confirm(DEVICE_IS("d3"), "333333"), "code-expired|");

	(void)request(DEVICE_IS("d3"), "b@x", "444444");
	(void)request(DEVICE_IS("d3"), "b@x", "555555");
	assert_string_equal(WRONG("4"), confirm(DEVICE_IS("d3"), "444444"));
	(void)ask(owner, ONE "update account_code set expires_at = now()");
	assert_begins(confirm(DEVICE_IS("d3"), "555555"), "code-expired|");
	assert_string_equal("", ask(owner, ONE "select account_id from device "
	    "where token_hash = sha256('d3')"));
}

static void
five_codes_an_hour_go_to_a_device_or_an_address(void **state)
{
	static const char *const addresses[] = { "1@x", "2@x", "3@x", "4@x",
	    "5@x" };
	long	jobs;
	size_t	i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_begins(request(DEVICE_IS("d4"), addresses[i], "1"),
		    "|");
	jobs = strtol(ask(courier, "select count(*) from job"), NULL, 10);
	assert_begins(request(DEVICE_IS("d4"), "6@x", "1"),
	    "too-many-codes|{\"seconds\" : 3");
	/* Forgetting the device does not help the address. */
	for (i = 0; i < 4; i++)
		assert_begins(request(i % 2 ? DEVICE_IS("d5") :
		    DEVICE_IS("d6"), "1@x", "1"), "|");
	assert_begins(request(DEVICE_IS("d5"), "1@x", "1"), "too-many-codes|");
	assert_string_equal(arena_format(arena, "%ld", jobs + 4),
	    ask(courier, "select count(*) from job"));
	(void)ask(owner, ONE "update account_code_sent set sent_at = sent_at "
	    "- interval '1 hour'");
	assert_begins(request(DEVICE_IS("d4"), "1@x", "1"), "|");
}

static void
two_requests_at_once_do_not_pass_the_limit(void **state)
{
	PGconn		*first, *second;
	PGresult	*result, *last;

	(void)state;
	(void)ask(owner, ONE "delete from account_code_sent; "
	    "insert into account_code_sent (device_id, address_hash) "
	    "select id, sha256('z@x') from device, generate_series(1, 4) "
	    "where token_hash = sha256('d6')");
	first = db_open(PUBLIC_ROLE);
	second = db_open(PUBLIC_ROLE);
	assert_string_equal("", ask(first, "begin; " DEVICE_IS("d6")
	    "select account_code_put(sha256('z@x'), sha256('1'))"));
	assert_int_equal(1, PQsendQuery(second, DEVICE_IS("d5")
	    "select account_code_put(sha256('z@x'), sha256('1')) > 3000"));
	db_wait_for_lock(owner, PQbackendPID(second));
	assert_string_equal("(done)", ask(first, "commit"));
	for (last = NULL; (result = PQgetResult(second)) != NULL;
	    last = result)
		PQclear(last);
	assert_string_equal("t", answer(last));
}

static void
staff_sign_in_look_and_sign_out(void **state)
{
	const char	*found;
	char		 id[37];

	(void)state;
	assert_string_equal(NOBODY, perform(office, "select enter_public(1)",
	    "session_find", "email", "nobody@x", END));
	assert_string_equal(NOBODY, perform(office, "select enter_public(2)",
	    "session_find", "email", "anna@x", END));
	found = perform(office, "select enter_public(1)", "session_find",
	    "email", "ANNA@x", END);
	assert_non_null(strstr(found, "|secret"));
	(void)snprintf(id, sizeof(id), "%.36s", strstr(found, "|secret") - 36);

	assert_begins(perform(office, "select enter_public(1)",
	    "session_create", "staff_id", id, "required", "f", "session_hash",
	    ask(owner, "select sha256('s2')"), END),
	    "|{\"name\" : \"Anna\", \"email\" : \"Anna@x\", \"roles\" : "
	    "[\"press\",\"admin\"], \"enrolling\" : false, "
	    "\"expires\" : \"2");
	assert_begins(perform(office, STAFF_IS("s2"), "session_show", END),
	    "{press,admin}|{\"name\" : \"Anna\"");
	assert_string_equal("(done)", perform(office, STAFF_IS("s2"),
	    "session_end", END));
	assert_string_equal("SK401 session-unknown",
	    ask(office, STAFF_IS("s2")));
	assert_string_equal("", ask(office, STAFF_IS("s1")));

	(void)ask(owner, ONE "update staff set disabled_at = now()");
	assert_string_equal(NOBODY, perform(office, "select enter_public(1)",
	    "session_find", "email", "anna@x", END));
	assert_string_equal("sign-in-failed||", perform(office,
	    "select enter_public(1)", "session_create", "staff_id", id,
	    "required", "f", "session_hash",
	    ask(owner, "select sha256('s3')"), END));
	(void)ask(owner, ONE "update staff set disabled_at = null");
}

static void
the_boundary_is_a_feature_with_a_box(void **state)
{
	(void)state;
	assert_string_equal("(none)", perform(citizen,
	    "select enter_public(2)", "boundary_show", END));
	(void)ask(owner, "select tenant_publish('two', '{}', '{\"type\":"
	    "\"Polygon\",\"coordinates\":[[[7,51],[8,51],[8,52],[7,51]]]}')");
	assert_string_equal("{\"type\" : \"Feature\", \"bbox\" : [7, 51, 8, "
	    "52], \"properties\" : {\"slug\" : \"two\"}, \"geometry\" : "
	    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[7,51],[8,51],"
	    "[8,52],[7,51]]]]}}", perform(citizen, "select enter_public(2)",
	    "boundary_show", END));
}

static void
what_is_over_is_erased(void **state)
{
	static const struct {
		const char	*name, *table, *make, *left;
		const char	*days;	/* "days": it takes a period */
	} cases[] = {
		{ "idempotency_expire", "idempotency",
		    "insert into idempotency (caller, key_hash, request_hash, "
		    "created_at) select gen_random_uuid(), sha256('e'), "
		    "sha256('e'), now() - h * interval '1 hour' "
		    "from unnest('{0,47,49}'::int[]) h", "2", "days" },
		{ "code_expire", "account_code_sent",
		    "insert into account_code_sent (device_id, address_hash, "
		    "sent_at) select gen_random_uuid(), sha256('e'), "
		    "now() - m * interval '1 min' "
		    "from unnest('{0,59,61}'::int[]) m", "2" },
		{ "code_expire", "account_code",
		    "insert into account_code (device_id, address_hash, "
		    "code_hash, expires_at) select id, sha256('e'), "
		    "sha256('e'), now() - interval '1 s' from device", "0" },
		{ "session_expire", "staff_session",
		    "insert into staff_session (hash, staff_id, last_seen_at, "
		    "ended_at) select sha256(n::text::bytea), id, now() - n * "
		    "interval '1 min', case n when 2 then now() end "
		    "from staff, unnest('{1,2,29,31}'::int[]) n", "2" },
		{ "job_expire", "job",
		    "insert into job (kind, payload, state, finished_at) "
		    "select 'mail', '{}', s, now() - d * interval '1 day' "
		    "from unnest('{done,dead}'::text[]) s, "
		    "unnest('{6,8}'::int[]) d", "3" },
	};
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal("(done)", ask(owner, ONE
		    "delete from %s; %s", cases[i].table, cases[i].make));
		assert_string_equal("(done)", perform(courier,
		    "select set_config('stadtkern.tenant', '2', true)",
		    cases[i].name, cases[i].days, "2", END));
		assert_string_not_equal(cases[i].left, ask(owner, ONE
		    "select count(*) from %s where tenant_id = 1",
		    cases[i].table));
		assert_string_equal("(done)", perform(courier,
		    "select set_config('stadtkern.tenant', '1', true)",
		    cases[i].name, cases[i].days, "2", END));
		assert_string_equal(cases[i].left, ask(owner, ONE
		    "select count(*) from %s where tenant_id = 1",
		    cases[i].table));
	}
}

static int
setup(void **state)
{
	struct findings	 findings;
	char		*text;

	(void)state;
	db_prepare();
	owner = db_open(OWNER);
	citizen = db_open(PUBLIC_ROLE);
	office = db_open(OFFICE_ROLE);
	courier = db_open(COURIER);
	arena = arena_new(0);
	findings_init(&findings, arena);
	text = file_text("platform/base/queries.sql");
	assert_int_equal(STATUS_OK, statements_read(arena, "",
	    "platform/base/queries.sql", text, strlen(text), &statements,
	    &findings));
	free(text);
	(void)ask(owner, ONE "insert into device (id, token_hash) "
	    "select format('00000000-0000-0000-0000-%%s', "
	    "lpad(n::text, 12, '0'))::uuid, sha256(('d' || n)::bytea) "
	    "from generate_series(1, 6) n");
	(void)ask(owner, "select set_config('stadtkern.tenant', '2', true); "
	    "insert into device (token_hash) values (sha256('d1of2'))");
	(void)ask(owner, ONE "insert into staff (email, name, password_hash) "
	    "values ('Anna@x', 'Anna', 'secret'); "
	    "insert into staff_session (hash, staff_id) "
	    "select sha256('s1'), id from staff");
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	db_close_all();
	return (0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_known_by_its_token_in_its_tenant),
		cmocka_unit_test(a_device_is_noted_as_seen_once_a_day),
		cmocka_unit_test(entering_as_public_leaves_everybody_else),
		cmocka_unit_test(a_session_ends_by_time_sign_out_or_dismissal),
		cmocka_unit_test(
		    a_session_in_use_lasts_and_is_touched_once_a_minute),
		cmocka_unit_test(a_repeated_request_gets_the_first_answer),
		cmocka_unit_test(the_same_key_of_another_caller_is_another_key),
		cmocka_unit_test(a_refused_request_may_be_repeated),
		cmocka_unit_test(an_answer_without_a_key_is_kept_nowhere),
		cmocka_unit_test(the_second_of_two_at_once_waits_for_the_first),
		cmocka_unit_test(a_device_registers_and_is_forgotten),
		cmocka_unit_test(a_code_confirms_an_account_and_is_then_used_up),
		cmocka_unit_test(two_devices_with_one_address_share_the_account),
		cmocka_unit_test(
		    a_code_bears_five_tries_ten_minutes_and_no_newer_one),
		cmocka_unit_test(five_codes_an_hour_go_to_a_device_or_an_address),
		cmocka_unit_test(two_requests_at_once_do_not_pass_the_limit),
		cmocka_unit_test(staff_sign_in_look_and_sign_out),
		cmocka_unit_test(the_boundary_is_a_feature_with_a_box),
		cmocka_unit_test(what_is_over_is_erased),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The pipelined pool against a real server. */

#include "pool_loop.h"

#include <sys/stat.h>

#define STORM		2000
#define STORM_AT_ONCE	24

static int
pool_stop(void **state)
{
	(void)state;
	pool_free(pool);
	pool = NULL;
	(void)ask(watcher, "select pg_advisory_unlock_all()");
	(void)ask(watcher, "truncate item cascade");
	return (0);
}

/* Until `count` backends of this database wait for the watcher's lock. */
static void
until_waiting(int count)
{
	char	want[16];

	(void)snprintf(want, sizeof(want), "%d", count);
	UNTIL(strcmp(ask(watcher, "select count(*) from pg_locks l join "
	    "pg_database d on d.oid = l.database where not granted and "
	    "locktype = 'advisory' and datname = current_database()"),
	    want) == 0);
}

static void
lock(void)
{
	assert_string_equal("", ask(watcher, "select pg_advisory_lock(7)"));
}

static void
unlock(void)
{
	assert_string_equal("t", ask(watcher, "select pg_advisory_unlock(7)"));
}

static int
setup(void **state)
{
	char	 path[512];
	char	*text;

	(void)state;
	watcher = db_open(OWNER);
	(void)snprintf(path, sizeof(path), "%s/conninfo",
	    getenv("STADTKERN_TEST_PG"));
	text = file_text(path);
	(void)snprintf(real, sizeof(real), "%.*s dbname=%s",
	    (int)strcspn(text, "\n"), text, database);
	free(text);
	assert_string_equal("(done)", ask(watcher,
	    "set application_name = 'watcher';"
	    "create table item (id int primary key, said text);"
	    "create table child (id int primary key, parent int not null "
	    "references item deferrable initially deferred);"
	    "create function refuse(text, text, text) returns void "
	    "language plpgsql as 'begin raise exception using errcode = $1, "
	    "message = $2, detail = $3; end';"
	    "create function warn(text) returns text language plpgsql as "
	    "'begin raise warning ''%%'', $1; return ''warned''; end'"));
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	db_close_all();
	return (0);
}

static void
a_batch_is_one_transaction(void **state)
{
	struct call	one, two;

	(void)state;
	pool_start_ready(1, 1);
	call_init(&one, POOL_SHORT);
	call_step(&one, "enter", "17", NULL, NULL)->keep = false;
	(void)call_step(&one, "entered", NULL, NULL, NULL);
	pool_submit(pool, &one.batch);
	submit(&two, POOL_SHORT, "entered", NULL, NULL, NULL);
	expect(&one, BATCH_DONE, "17");
	expect(&two, BATCH_DONE, "nobody");
}

static void
batches_on_one_link_keep_their_order_and_their_results(void **state)
{
	static struct call	calls[200];
	char			text[200][12];
	int			i;

	(void)state;
	pool_start_ready(1, 1);
	for (i = 0; i < 200; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "%d", i);
		submit(&calls[i], POOL_SHORT, "say", text[i], NULL, NULL);
	}
	for (i = 0; i < 200; i++) {
		expect(&calls[i], BATCH_DONE, text[i]);
		assert_int_equal(calls[i].order, i);
	}
}

static void
a_failing_step_changes_nothing_and_the_next_batch_is_fine(void **state)
{
	struct call	bad, good;

	(void)state;
	pool_start_ready(1, 1);
	call_init(&bad, POOL_SHORT);
	(void)call_step(&bad, "put", "1", "one", NULL);
	(void)call_step(&bad, "divide", "0", NULL, NULL);
	(void)call_step(&bad, "put", "2", "two", NULL);
	pool_submit(pool, &bad.batch);
	submit(&good, POOL_SHORT, "put", "3", "three", NULL);
	expect(&bad, BATCH_FAILED, NULL);
	assert_string_equal(bad.batch.sqlstate, "22012");
	assert_int_equal(bad.batch.failed_step, 1);
	expect(&good, BATCH_DONE, "3");
	assert_string_equal("3", ask(watcher,
	    "select string_agg(id::text, ',') from item"));
}

static void
what_postgresql_refused_is_handed_over(void **state)
{
	struct call	call;

	(void)state;
	pool_start_ready(1, 1);
	submit(&call, POOL_SHORT, "refuse", "SK409", "key-reused", "{\"a\":1}");
	expect(&call, BATCH_FAILED, NULL);
	assert_string_equal(call.batch.sqlstate, "SK409");
	assert_string_equal(call.message, "key-reused");
	assert_string_equal(call.detail, "{\"a\":1}");
}

static void
a_constraint_that_fails_at_the_commit_is_no_success(void **state)
{
	struct call	bad, good;

	(void)state;
	pool_start_ready(1, 1);
	submit(&bad, POOL_SHORT, "put_child", "1", "4711", NULL);
	submit(&good, POOL_SHORT, "say", "fine", NULL, NULL);
	expect(&bad, BATCH_FAILED, NULL);
	assert_string_equal(bad.batch.sqlstate, "23503");
	assert_int_equal(bad.batch.failed_step, bad.batch.step_count);
	expect(&good, BATCH_DONE, "fine");
	assert_string_equal("0", ask(watcher, "select count(*) from child"));
}

static void
a_statement_that_cannot_be_prepared_is_named_until_it_can(void **state)
{
	struct call	bad, good;

	(void)state;
	pool_start_ready(2, 1);
	assert_string_equal(pool_broken_statement(pool), "later");
	submit(&bad, POOL_SHORT, "later", NULL, NULL, NULL);
	submit(&good, POOL_SHORT, "say", "fine", NULL, NULL);
	expect(&bad, BATCH_FAILED, NULL);
	assert_string_equal(bad.batch.sqlstate, "26000");
	expect(&good, BATCH_DONE, "fine");

	(void)ask(watcher, "create table come_later (said text); "
	    "insert into come_later values ('came')");
	skew += BROKEN_MS;
	UNTIL(pool_broken_statement(pool) == NULL);
	submit(&good, POOL_SHORT, "later", NULL, NULL, NULL);
	expect(&good, BATCH_DONE, "came");
	assert_int_equal(downs, 0);	/* the listener stayed */
	(void)ask(watcher, "drop table come_later");
}

static void
what_postgresql_only_says_is_no_result(void **state)
{
	struct call	call;

	(void)state;
	pool_start_ready(1, 1);
	submit(&call, POOL_SHORT, "warn", "something private", NULL, NULL);
	expect(&call, BATCH_DONE, "warned");
}

static void
bytes_pass_in_both_directions_with_their_zeros(void **state)
{
	static const char	bytes[] = { 'a', '\0', '\xff', '\0', '\n' };
	struct call		call;
	struct batch_step	*step;

	(void)state;
	pool_start_ready(1, 1);
	call_init(&call, POOL_LONG);
	step = call_step(&call, "bytes", bytes, NULL, NULL);
	step->lengths[0] = (int)sizeof(bytes);
	step->formats[0] = 1;
	pool_submit(pool, &call.batch);
	expect(&call, BATCH_DONE, "\\x6100ff000a");

	call_init(&call, POOL_LONG);
	step = call_step(&call, "bytes", bytes, NULL, NULL);
	step->lengths[0] = (int)sizeof(bytes);
	step->formats[0] = 1;
	step->binary = true;
	pool_submit(pool, &call.batch);
	expect(&call, BATCH_DONE, NULL);
	assert_memory_equal(call.value, "a", 2);
}

static void
a_batch_larger_than_any_socket_buffer_passes(void **state)
{
	struct call	 call;
	struct batch_step *step;
	char		*bytes;
	size_t		 len;

	(void)state;
	len = (size_t)12 << 20;
	bytes = calloc(1, len);
	assert_non_null(bytes);
	pool_start_ready(1, 1);
	call_init(&call, POOL_LONG);
	step = call_step(&call, "bytes", bytes, NULL, NULL);
	step->lengths[0] = (int)len;
	step->formats[0] = 1;
	pool_submit(pool, &call.batch);
	expect(&call, BATCH_DONE, NULL);
	free(bytes);
}

static void
a_long_link_carries_one_at_a_time_and_the_rest_waits_in_line(void **state)
{
	struct call	calls[4], beside;
	int		i;

	(void)state;
	pool_start_ready(1, 1);
	lock();
	submit(&calls[0], POOL_LONG, "lock", "7", NULL, NULL);
	for (i = 1; i < 4; i++)
		submit(&calls[i], POOL_LONG, "say", "long", NULL, NULL);
	until_waiting(1);
	submit(&beside, POOL_SHORT, "say", "short", NULL, NULL);
	expect(&beside, BATCH_DONE, "short");
	for (i = 0; i < 4; i++)
		assert_int_equal(calls[i].done, 0);
	unlock();
	for (i = 0; i < 4; i++) {
		expect(&calls[i], BATCH_DONE, NULL);
		assert_int_equal(calls[i].order, i + 1);
	}
}

static void
reading_leaves_room_in_line_for_what_changes_something(void **state)
{
	static struct call	running, reads[100], upload;
	int			i;

	(void)state;
	pool_start_ready(1, 1);
	lock();
	submit(&running, POOL_LONG, "lock", "7", NULL, NULL);
	until_waiting(1);
	for (i = 0; i < 100; i++) {
		call_init(&reads[i], POOL_LONG);
		reads[i].batch.reads = true;
		(void)call_step(&reads[i], "say", "map", NULL, NULL);
		pool_submit(pool, &reads[i].batch);
	}
	assert_int_equal(reads[0].done, 0);
	assert_int_equal(reads[99].outcome, BATCH_UNAVAILABLE);
	submit(&upload, POOL_LONG, "say", "photo", NULL, NULL);
	assert_int_equal(upload.done, 0);
	unlock();
	expect(&upload, BATCH_DONE, "photo");

	/* And as many may wait again. */
	lock();
	submit(&running, POOL_LONG, "lock", "7", NULL, NULL);
	until_waiting(1);
	call_init(&reads[0], POOL_LONG);
	reads[0].batch.reads = true;
	(void)call_step(&reads[0], "say", "again", NULL, NULL);
	pool_submit(pool, &reads[0].batch);
	unlock();
	expect(&reads[0], BATCH_DONE, "again");
}

static void
what_waits_for_a_long_link_too_long_is_refused(void **state)
{
	static struct call	running, waiting, many[400];
	int			i, refused;

	(void)state;
	pool_start_ready(1, 1);
	lock();
	call_init(&running, POOL_LONG);
	(void)call_step(&running, "lock", "7", NULL, NULL);
	pool_submit(pool, &running.batch);
	until_waiting(1);
	skew += LONG_MS / 2;
	submit(&waiting, POOL_LONG, "put", "1", "never", NULL);
	for (i = refused = 0; i < 400; i++) {
		submit(&many[i], POOL_LONG, "say", "many", NULL, NULL);
		if (many[i].done != 0) {
			assert_int_equal(many[i].outcome, BATCH_UNAVAILABLE);
			refused++;
		}
	}
	assert_in_range(refused, 1, 399);
	skew += LONG_MS / 2;
	expect(&running, BATCH_LATE, NULL);
	expect(&waiting, BATCH_UNAVAILABLE, NULL);
	unlock();
	for (i = 0; i < 400; i++)
		assert_int_equal(many[i].done, 1);
	UNTIL(lane_is_up(POOL_LONG));
	assert_string_equal("0", ask(watcher, "select count(*) from item"));
}

static void
a_deadline_that_passes_is_told_and_the_link_comes_back(void **state)
{
	struct call	late, behind, call;

	(void)state;
	pool_start_ready(1, 1);
	lock();
	call_init(&late, POOL_SHORT);
	(void)call_step(&late, "patient", NULL, NULL, NULL);
	(void)call_step(&late, "lock", "7", NULL, NULL);
	pool_submit(pool, &late.batch);
	submit(&behind, POOL_SHORT, "put", "1", "behind", NULL);
	until_waiting(1);
	skew += SHORT_MS;
	expect(&late, BATCH_LATE, NULL);
	expect(&behind, BATCH_LOST, NULL);
	unlock();
	UNTIL(pool_is_up(pool));
	submit(&call, POOL_SHORT, "say", "back", NULL, NULL);
	expect(&call, BATCH_DONE, "back");
	assert_true(pool_is_listening(pool));
}

static void
a_link_that_is_cut_loses_what_was_under_way_and_comes_back(void **state)
{
	struct call	shorts[3], longs[3], call;
	int		i;

	(void)state;
	pool_start_ready(1, 1);
	lock();
	for (i = 0; i < 3; i++) {
		submit(&shorts[i], POOL_SHORT, "lock", "7", NULL, NULL);
		submit(&longs[i], POOL_LONG, "lock", "7", NULL, NULL);
	}
	until_waiting(2);
	assert_string_equal("3", ask(watcher, "select count(*) from (select "
	    "pg_terminate_backend(pid) " LINKS_OF_POOL ") as cut"));
	for (i = 0; i < 3; i++)
		expect(&shorts[i], BATCH_LOST, NULL);
	expect(&longs[0], BATCH_LOST, NULL);
	for (i = 1; i < 3; i++)	/* had never been sent */
		expect(&longs[i], BATCH_UNAVAILABLE, NULL);
	UNTIL(downs == 1);
	unlock();
	UNTIL(pool_is_up(pool) && pool_is_listening(pool));
	assert_int_equal(ups, 2);
	UNTIL(lane_is_up(POOL_LONG));
	submit(&call, POOL_SHORT, "say", "back", NULL, NULL);
	expect(&call, BATCH_DONE, "back");
}

static void
without_a_server_a_batch_is_refused_at_once_until_there_is_one(void **state)
{
	static char	conninfo[1024];
	char		dir[64], link[128], target[512];
	struct call	call;

	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/pool-test-%d", (int)getpid());
	(void)snprintf(link, sizeof(link), "%s/.s.PGSQL.%s", dir,
	    PQport(watcher));
	(void)snprintf(target, sizeof(target), "%s/.s.PGSQL.%s",
	    PQhost(watcher), PQport(watcher));
	assert_int_equal(0, mkdir(dir, 0700));
	(void)snprintf(conninfo, sizeof(conninfo), "%s host=%s", real, dir);
	pool_start(conninfo, 1, 1);
	assert_false(pool_is_up(pool));
	submit(&call, POOL_SHORT, "say", "short", NULL, NULL);
	assert_int_equal(call.done, 1);
	assert_int_equal(call.outcome, BATCH_UNAVAILABLE);
	submit(&call, POOL_LONG, "say", "long", NULL, NULL);
	assert_int_equal(call.done, 1);
	assert_int_equal(call.outcome, BATCH_UNAVAILABLE);
	turn(TURN_MS);
	assert_false(pool_is_listening(pool));

	assert_int_equal(0, symlink(target, link));
	UNTIL(pool_is_up(pool) && pool_is_listening(pool));
	assert_int_equal(ups, 1);
	assert_int_equal(downs, 0);
	submit(&call, POOL_SHORT, "say", "up", NULL, NULL);
	expect(&call, BATCH_DONE, "up");
	assert_int_equal(0, unlink(link));
	assert_int_equal(0, rmdir(dir));
}

static void
a_server_that_does_not_answer_is_passed_over_for_the_next(void **state)
{
	static char	conninfo[1024];
	struct call	call;

	(void)state;
	(void)snprintf(conninfo, sizeof(conninfo), "%s host=/nowhere,%s "
	    "port=%s", real, PQhost(watcher), PQport(watcher));
	pool_start(conninfo, 1, 1);
	UNTIL(pool_is_up(pool) && pool_is_listening(pool));
	submit(&call, POOL_SHORT, "say", "second", NULL, NULL);
	expect(&call, BATCH_DONE, "second");
}

static void
notifications_come_and_a_gap_in_listening_is_told(void **state)
{
	struct call	call;

	(void)state;
	pool_start_ready(1, 1);
	assert_int_equal(ups, 1);
	submit(&call, POOL_SHORT, "notify", "pool_one", "1:a/b", NULL);
	expect(&call, BATCH_DONE, NULL);
	(void)ask(watcher, "select pg_notify('pool_two', 'x'), "
	    "pg_notify('pool_three', 'y')");
	UNTIL(strcmp(heard, "pool_one=1:a/b pool_two=x ") == 0);
	assert_string_equal("1", ask(watcher, "select count(*) from (select "
	    "pg_terminate_backend(pid) " LINKS_OF_POOL
	    " and query like 'listen %%') as cut"));
	UNTIL(downs == 1 && ups == 2);
	(void)ask(watcher, "select pg_notify('pool_one', 'again')");
	UNTIL(strstr(heard, "pool_one=again") != NULL);
}

static void
what_is_done_may_submit_the_next(void **state)
{
	static struct call	calls[100];
	int			i;

	(void)state;
	pool_start_ready(1, 1);
	for (i = 0; i < 100; i++) {
		call_init(&calls[i], i % 2 ? POOL_LONG : POOL_SHORT);
		(void)call_step(&calls[i], "say", "chain", NULL, NULL);
		if (i != 0)
			calls[i - 1].next = &calls[i];
	}
	pool_submit(pool, &calls[0].batch);
	expect(&calls[99], BATCH_DONE, "chain");
	for (i = 0; i < 100; i++)
		assert_int_equal(calls[i].done, 1);
}

static void
the_end_of_the_pool_tells_each_batch_once(void **state)
{
	struct call	shorts[5], longs[5], again;
	int		i, lost, refused;

	(void)state;
	pool_start_ready(2, 2);
	lock();
	for (i = 0; i < 5; i++) {
		submit(&shorts[i], POOL_SHORT, "lock", "7", NULL, NULL);
		submit(&longs[i], POOL_LONG, "lock", "7", NULL, NULL);
	}
	call_init(&again, POOL_SHORT);
	(void)call_step(&again, "say", "too late", NULL, NULL);
	shorts[0].next = &again;
	until_waiting(4);
	pool_free(pool);
	pool = NULL;
	unlock();
	for (i = lost = refused = 0; i < 5; i++) {
		assert_int_equal(shorts[i].done, 1);
		assert_int_equal(shorts[i].outcome, BATCH_LOST);
		assert_int_equal(longs[i].done, 1);
		lost += longs[i].outcome == BATCH_LOST;
		refused += longs[i].outcome == BATCH_UNAVAILABLE;
	}
	assert_int_equal(lost, 2);
	assert_int_equal(refused, 3);
	assert_int_equal(again.done, 1);
	assert_int_equal(again.outcome, BATCH_UNAVAILABLE);
	for (i = 0; i < SLOTS; i++)
		assert_int_equal(watched[i].fd, -1);
}

/* The n-th batch of the storm: one row, in two statements, every tenth of
 * which fails after it was written, every fifteenth at the commit. */
static void
storm_submit(struct call *call, int n, char *id)
{
	(void)snprintf(id, 12, "%d", n);
	call_init(call, n % 7 == 0 ? POOL_LONG : POOL_SHORT);
	(void)call_step(call, "enter", "1", NULL, NULL);
	(void)call_step(call, "put", id, "storm", NULL);
	if (n % 10 == 3)
		(void)call_step(call, "divide", "0", NULL, NULL);
	else if (n % 15 == 4)
		(void)call_step(call, "put_child", id, "-1", NULL);
	pool_submit(pool, &call->batch);
}

static void
storm_cut(int n)
{
	(void)ask(watcher, "select pg_terminate_backend(pid) " LINKS_OF_POOL
	    " order by md5(pid::text || '%d') limit %d", n, 1 + n % 3);
}

static void
storm_check(const struct call *calls)
{
	PGresult	*result;
	bool		*there;
	int		 i, counts[5] = { 0 };

	there = calloc(STORM, sizeof(*there));
	assert_non_null(there);
	result = PQexec(watcher, "select id from item");
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	for (i = 0; i < PQntuples(result); i++)
		there[strtol(PQgetvalue(result, i, 0), NULL, 10)] = true;
	PQclear(result);
	for (i = 0; i < STORM; i++) {
		if (calls[i].done != 1)
			fail_msg("batch %d was done %d times", i,
			    calls[i].done);
		counts[calls[i].outcome]++;
		if (calls[i].outcome == BATCH_DONE && !there[i])
			fail_msg("batch %d is done and has no row", i);
		if ((calls[i].outcome == BATCH_FAILED ||
		    calls[i].outcome == BATCH_UNAVAILABLE) && there[i])
			fail_msg("batch %d is refused and has a row", i);
		if (i % 10 == 3 || i % 15 == 4)
			assert_true(calls[i].outcome != BATCH_DONE);
	}
	free(there);
	assert_true(counts[BATCH_DONE] > STORM / 4);
	assert_true(counts[BATCH_FAILED] > 0);
	assert_true(counts[BATCH_LOST] > 0);
	assert_int_equal(counts[BATCH_LATE], 0);
}

static void
in_a_storm_of_cuts_each_batch_is_told_once_and_truly(void **state)
{
	static struct call	calls[STORM];
	static char		ids[STORM][12];
	int			n;

	(void)state;
	pool_start_ready(2, 2);
	for (n = 0; n < STORM; n++) {
		/* Refused ones would only make it shorter. */
		UNTIL(pool_is_up(pool) && n - finished < STORM_AT_ONCE);
		storm_submit(&calls[n], n, ids[n]);
		if (n % 64 == 40)
			storm_cut(n);
		if (n % 8 == 0)
			turn(0);
	}
	UNTIL(finished >= STORM);
	UNTIL(links_up() == 5);
	storm_check(calls);
}

#define TEST(name)	cmocka_unit_test_teardown(name, pool_stop)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(a_batch_is_one_transaction),
		TEST(batches_on_one_link_keep_their_order_and_their_results),
		TEST(a_failing_step_changes_nothing_and_the_next_batch_is_fine),
		TEST(what_postgresql_refused_is_handed_over),
		TEST(a_constraint_that_fails_at_the_commit_is_no_success),
		TEST(a_statement_that_cannot_be_prepared_is_named_until_it_can),
		TEST(what_postgresql_only_says_is_no_result),
		TEST(bytes_pass_in_both_directions_with_their_zeros),
		TEST(a_batch_larger_than_any_socket_buffer_passes),
		TEST(a_long_link_carries_one_at_a_time_and_the_rest_waits_in_line),
		TEST(reading_leaves_room_in_line_for_what_changes_something),
		TEST(what_waits_for_a_long_link_too_long_is_refused),
		TEST(a_deadline_that_passes_is_told_and_the_link_comes_back),
		TEST(a_link_that_is_cut_loses_what_was_under_way_and_comes_back),
		TEST(without_a_server_a_batch_is_refused_at_once_until_there_is_one),
		TEST(a_server_that_does_not_answer_is_passed_over_for_the_next),
		TEST(notifications_come_and_a_gap_in_listening_is_told),
		TEST(what_is_done_may_submit_the_next),
		TEST(the_end_of_the_pool_tells_each_batch_once),
		TEST(in_a_storm_of_cuts_each_batch_is_told_once_and_truly),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

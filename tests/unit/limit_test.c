/* SPDX-License-Identifier: EUPL-1.2 */
/* Rate limits, counted by several processes together. */

#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/limit.h"

#define HOUR		3600u
#define NOW		((uint64_t)490000 * HOUR + 17)
#define CHILDREN	8
#define TRIES		500		/* of each child */
#define SHARED_LIMIT	1000

/* Spreads 1, 2, 3 … as a keyed hash would (SplitMix64). */
static uint64_t
key(uint64_t n)
{
	n += (n + 1) * 0x9e3779b97f4a7c15u;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
	n = (n ^ n >> 27) * 0x94d049bb133111ebu;
	return (n ^ n >> 31);
}

static int
setup(void **state)
{
	(void)state;
	return (limit_init() == STATUS_OK ? 0 : -1);
}

static void
as_many_pass_as_are_allowed(void **state)
{
	int	i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_true(limit_take(key(1), 5, NOW));
	for (i = 0; i < 5; i++)
		assert_false(limit_take(key(1), 5, NOW));
	assert_true(limit_take(key(2), 5, NOW));
}

static void
none_passes_where_none_is_allowed(void **state)
{
	(void)state;
	assert_false(limit_take(key(1), 0, NOW));
	assert_false(limit_take(key(1), 0, NOW));
}

static void
a_new_hour_begins_anew(void **state)
{
	(void)state;
	assert_true(limit_take(key(1), 1, NOW));
	assert_false(limit_take(key(1), 1, NOW + HOUR - 18));
	assert_true(limit_take(key(1), 1, NOW + HOUR - 17));
	assert_false(limit_take(key(1), 1, NOW + HOUR));
}

static void
the_wait_ends_with_the_clock_hour(void **state)
{
	(void)state;
	assert_int_equal(limit_wait(NOW), HOUR - 17);
	assert_int_equal(limit_wait(NOW - 17), HOUR);
	assert_int_equal(limit_wait(NOW - 18), 1);
}

static void
a_share_of_a_limit_leaves_at_least_one(void **state)
{
	(void)state;
	assert_int_equal(limit_share(20, 100), 20);
	assert_int_equal(limit_share(20, 50), 10);
	assert_int_equal(limit_share(20, 1), 1);
	assert_true(limit_share(1000000, 100000) >= 1000000);
	assert_true(limit_share(UINT32_MAX, 100000) >= 1000000);
}

static void
a_limit_beyond_what_can_be_counted_still_ends(void **state)
{
	unsigned int	i;

	(void)state;
	for (i = 0; i < (1u << 20) - 1; i++)
		assert_true(limit_take(key(1), UINT32_MAX, NOW));
	assert_false(limit_take(key(1), UINT32_MAX, NOW));
	/* The hour beside the count is as it was. */
	assert_false(limit_take(key(1), 1, NOW));
	assert_true(limit_take(key(1), 1, NOW + HOUR));
}

static void
many_callers_are_counted_apart(void **state)
{
	uint64_t	i;

	(void)state;
	for (i = 0; i < 20000; i++)
		assert_true(limit_take(key(i), 2, NOW));
	for (i = 0; i < 20000; i++)
		assert_true(limit_take(key(i), 2, NOW));
	for (i = 0; i < 20000; i++)
		assert_false(limit_take(key(i), 2, NOW));
}

static void
more_callers_than_counters_are_counted_more_strictly(void **state)
{
	uint64_t	i;
	int		refused;

	(void)state;
	for (i = refused = 0; i < 400000; i++)
		refused += !limit_take(key(i), 1, NOW);
	assert_in_range(refused, 1, 399999);
	for (i = 0; i < 400000; i++)
		assert_false(limit_take(key(i), 1, NOW));
}

static void
processes_count_together(void **state)
{
	int	i, n, status, passed, out[2];
	char	byte;

	(void)state;
	assert_int_equal(0, pipe(out));
	for (i = 0; i < CHILDREN; i++) {
		switch (fork()) {
		case -1:
			fail_msg("fork");
			break;
		case 0:
			for (n = 0; n < TRIES; n++)
				if (limit_take(key(1), SHARED_LIMIT, NOW) &&
				    write(out[1], "x", 1) != 1)
					_exit(1);
			_exit(0);
		}
	}
	(void)close(out[1]);
	for (passed = 0; read(out[0], &byte, 1) == 1; passed++)
		continue;
	(void)close(out[0]);
	for (i = 0; i < CHILDREN; i++) {
		assert_true(wait(&status) != -1);
		assert_int_equal(status, 0);
	}
	assert_int_equal(passed, SHARED_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup(as_many_pass_as_are_allowed, setup),
		cmocka_unit_test_setup(none_passes_where_none_is_allowed, setup),
		cmocka_unit_test_setup(a_new_hour_begins_anew, setup),
		cmocka_unit_test(the_wait_ends_with_the_clock_hour),
		cmocka_unit_test(a_share_of_a_limit_leaves_at_least_one),
		cmocka_unit_test_setup(
		    a_limit_beyond_what_can_be_counted_still_ends, setup),
		cmocka_unit_test_setup(many_callers_are_counted_apart, setup),
		cmocka_unit_test_setup(
		    more_callers_than_counters_are_counted_more_strictly, setup),
		cmocka_unit_test_setup(processes_count_together, setup),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

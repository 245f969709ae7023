/* SPDX-License-Identifier: EUPL-1.2 */
/* The capped string builder. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/buf.h>

static void
an_empty_builder_gives_an_empty_string(void **state)
{
	struct arena	*arena;
	struct buf	 buf;
	size_t		 len;

	(void)state;
	arena = arena_new(0);
	buf_init(&buf, arena, 10);
	assert_string_equal(buf_finish(&buf, &len), "");
	assert_int_equal(len, 0);
	buf_init(&buf, arena, 0);
	assert_string_equal(buf_finish(&buf, NULL), "");
	arena_free(arena);
}

static void
additions_follow_each_other(void **state)
{
	struct arena	*arena;
	struct buf	 buf;
	size_t		 len;

	(void)state;
	arena = arena_new(0);
	buf_init(&buf, arena, SIZE_MAX);
	buf_text(&buf, "a");
	buf_char(&buf, 'b');
	buf_add(&buf, "c\0d", 3);
	buf_add(&buf, NULL, 0);
	buf_format(&buf, "%03d", 7);
	assert_memory_equal(buf_finish(&buf, &len), "abc\0d007", 9);
	assert_int_equal(len, 8);
	arena_free(arena);
}

static void
the_cap_is_exact(void **state)
{
	struct arena	*arena;
	struct buf	 buf;
	size_t		 i, len;

	(void)state;
	arena = arena_new(0);
	buf_init(&buf, arena, 1000);
	for (i = 0; i < 1000; i++)
		buf_char(&buf, 'x');
	assert_int_equal(buf.status, STATUS_OK);
	assert_int_equal(strlen(buf_finish(&buf, &len)), 1000);
	assert_int_equal(len, 1000);
	buf_char(&buf, 'y');
	assert_int_equal(buf.status, STATUS_LIMIT);
	assert_null(buf_finish(&buf, &len));
	assert_int_equal(len, 0);
	arena_free(arena);
}

static void
an_overflow_sticks(void **state)
{
	struct arena	*arena;
	struct buf	 buf;

	(void)state;
	arena = arena_new(0);
	buf_init(&buf, arena, 4);
	buf_text(&buf, "abc");
	buf_text(&buf, "de");
	assert_int_equal(buf.len, 3);
	buf_char(&buf, 'f');
	buf_format(&buf, "%s", "g");
	assert_int_equal(buf.len, 3);
	assert_null(buf_finish(&buf, NULL));
	arena_free(arena);
}

static void
room_is_given_and_filled_by_hand(void **state)
{
	struct arena	*arena;
	struct buf	 buf;
	char		*at;

	(void)state;
	arena = arena_new(0);
	buf_init(&buf, arena, 1000);
	buf_text(&buf, "ab");
	at = buf_room(&buf, 998);
	assert_non_null(at);
	(void)memset(at, 'c', 998);
	assert_int_equal(buf.len, 2);
	buf.len += 998;
	assert_int_equal(strlen(buf_finish(&buf, NULL)), 1000);
	assert_non_null(buf_room(&buf, 0));
	assert_null(buf_room(&buf, 1));
	assert_null(buf_room(&buf, 0));
	assert_null(buf_finish(&buf, NULL));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(an_empty_builder_gives_an_empty_string),
		cmocka_unit_test(additions_follow_each_other),
		cmocka_unit_test(the_cap_is_exact),
		cmocka_unit_test(an_overflow_sticks),
		cmocka_unit_test(room_is_given_and_filled_by_hand),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

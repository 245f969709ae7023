/* SPDX-License-Identifier: EUPL-1.2 */
/* Arenas. */

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/arena.h>
#include <stadtkern/status.h>

static void
memory_is_zeroed_and_aligned(void **state)
{
	struct arena	*arena;
	unsigned char	*bytes;
	size_t		 i, len;

	(void)state;
	arena = arena_new(64);
	for (len = 0; len < 300; len++) {
		bytes = arena_alloc(arena, len);
		assert_non_null(bytes);
		assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
		for (i = 0; i < len; i++) {
			assert_int_equal(bytes[i], 0);
			bytes[i] = 0xff;
		}
	}
	arena_free(arena);
}

static void
pieces_do_not_overlap(void **state)
{
	struct arena	*arena;
	unsigned char	*pieces[200];
	size_t		 i, j;

	(void)state;
	arena = arena_new(0);
	for (i = 0; i < 200; i++) {
		pieces[i] = arena_alloc(arena, i * 7 + 1);
		(void)memset(pieces[i], (int)i, i * 7 + 1);
	}
	for (i = 0; i < 200; i++) {
		for (j = 0; j < i * 7 + 1; j++)
			assert_int_equal(pieces[i][j], i);
	}
	arena_free(arena);
}

static void
a_small_arena_stays_small(void **state)
{
	struct arena	*arena;
	size_t		 i;

	(void)state;
	arena = arena_new(128);
	assert_true(arena_size(arena) < 256);
	(void)arena_alloc(arena, 100);
	assert_true(arena_size(arena) < 256);
	for (i = 0; i < 64; i++)
		(void)arena_alloc(arena, 160);
#ifndef ARENA_MALLOC
	assert_true(arena_size(arena) < 64 * 160 * 2);
#endif
	assert_true(arena_size(arena) >= 64 * 160);
	arena_free(arena);
}

static void
a_large_piece_leaves_the_rest_of_a_block_usable(void **state)
{
	struct arena	*arena;
	size_t		 size;

	(void)state;
	arena = arena_new(4096);
	(void)arena_alloc(arena, 16);
	(void)arena_alloc(arena, 1000000);
	size = arena_size(arena);
	(void)arena_alloc(arena, 2000);
#ifndef ARENA_MALLOC
	assert_int_equal(arena_size(arena), size);
#endif
	assert_true(arena_size(arena) >= size);
	arena_free(arena);
}

static void
copies_end_in_nul(void **state)
{
	struct arena	*arena;
	const char	*copy;

	(void)state;
	arena = arena_new(0);
	copy = arena_copy(arena, "abcdef", 3);
	assert_string_equal(copy, "abc");
	assert_string_equal((char *)arena_copy(arena, NULL, 0), "");
	assert_string_equal(arena_text(arena, "ä"), "ä");
	assert_null(arena_text(arena, NULL));
	assert_string_equal(arena_format(arena, "%d %s", 7, "x"), "7 x");
	arena_free(arena);
	arena_free(NULL);
}

static void
each_status_has_words(void **state)
{
	enum status	 status;

	(void)state;
	for (status = STATUS_OK; status <= STATUS_REFUSED; status++)
		assert_string_not_equal(status_text(status),
		    "unknown status");
	assert_string_equal(status_text((enum status)99), "unknown status");
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(a_small_arena_stays_small),
		cmocka_unit_test(
		    a_large_piece_leaves_the_rest_of_a_block_usable),
		cmocka_unit_test(copies_end_in_nul),
		cmocka_unit_test(each_status_has_words),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The JSON writer, and numbers as text. */

#include <sys/resource.h>
#include <sys/wait.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <stadtkern/json.h>

#include "core/document/number.h"

static void
scopes_and_commas(void **state)
{
	struct arena	*arena;
	struct json	 json;

	(void)state;
	arena = arena_new(0);
	json_init(&json, arena, 1000);
	json_open_object(&json, NULL);
	json_open_array(&json, "a");
	json_int(&json, NULL, INT64_MIN);
	json_open_object(&json, NULL);
	json_close(&json);
	json_bool(&json, NULL, true);
	json_close(&json);
	json_text(&json, "b", NULL);
	json_null_value(&json, "c");
	json_raw(&json, "d", "[1]", 3);
	json_bool(&json, "e", false);
	json_close(&json);
	assert_string_equal(json_finish(&json, NULL),
	    "{\"a\":[-9223372036854775808,{},true],\"b\":null,\"c\":null,"
	    "\"d\":[1],\"e\":false}");
	arena_free(arena);
}

static void
texts_are_escaped(void **state)
{
	struct arena	*arena;
	struct json	 json;

	(void)state;
	arena = arena_new(0);
	json_init(&json, arena, 1000);
	json_open_object(&json, NULL);
	json_text(&json, "\"k\\", "\x01\"\\\n\t\x1f/ä€😀\x7f");
	json_close(&json);
	assert_string_equal(json_finish(&json, NULL),
	    "{\"\\\"k\\\\\":\"\\u0001\\\"\\\\\\n\\u0009\\u001f/ä€😀\x7f\"}");
	arena_free(arena);
}

static void
an_overflow_gives_null(void **state)
{
	struct arena	*arena;
	struct json	 json;

	(void)state;
	arena = arena_new(0);
	json_init(&json, arena, 8);
	json_open_array(&json, NULL);
	json_text(&json, NULL, "much too long");
	json_int(&json, NULL, 1);
	json_close(&json);
	assert_null(json_finish(&json, NULL));
	arena_free(arena);
}

static void
numbers_are_short_and_exact(void **state)
{
	static const struct {
		double		 value;
		const char	*text;
	} rows[] = {
		{ 0, "0" }, { -0.0, "-0" }, { 1, "1" }, { -1.5, "-1.5" },
		{ 0.1, "0.1" }, { 51.5488, "51.5488" }, { 1e22, "1e+22" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ DBL_MAX, "1.7976931348623157e+308" },
		{ 5e-324, "5e-324" }, { 123456789012345678.0,
		  "1.2345678901234568e+17" },
	};
	char	 text[NUMBER_LEN];
	double	 back;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		number_write(text, rows[i].value);
		assert_string_equal(text, rows[i].text);
		assert_int_equal(number_read(text, &back), NUMBER_OK);
		assert_true(back == rows[i].value);
	}
}

static void
numbers_ignore_the_locale(void **state)
{
	char	 text[NUMBER_LEN];
	double	 value;

	(void)state;
	/* Where this locale is missing the test still holds in "C". */
	(void)setlocale(LC_ALL, "de_DE.UTF-8");
	number_write(text, 1.5);
	assert_string_equal(text, "1.5");
	assert_int_equal(number_read("2.5", &value), NUMBER_OK);
	assert_true(value == 2.5);
	(void)setlocale(LC_ALL, "C");
}

static void
nan_and_infinity_are_null(void **state)
{
	struct arena	*arena;
	struct json	 json;

	(void)state;
	arena = arena_new(0);
	json_init(&json, arena, 100);
	json_open_array(&json, NULL);
	json_number(&json, NULL, (double)NAN);
	json_number(&json, NULL, (double)INFINITY);
	json_number(&json, NULL, 2);
	json_close(&json);
	assert_string_equal(json_finish(&json, NULL), "[null,null,2]");
	arena_free(arena);
}

static void
what_is_no_json_number_is_not_read(void **state)
{
	static const char *const	 bad[] = {
		"", "-", "+1", "01", "-01", ".5", "5.", "1e", "1e+", "0x10",
		"nan", "inf", "Infinity", " 1", "1 ", "1,5", "1_000", "1.5.2",
		"--1", "1e1.5", "١",
	};
	int64_t	 whole;
	double	 value;
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(number_read(bad[i], &value), NUMBER_NONE);
		assert_int_equal(number_read_int(bad[i], &whole),
		    NUMBER_NONE);
	}
	assert_int_equal(number_read_int("1.0", &whole), NUMBER_NONE);
	assert_int_equal(number_read_int("1e3", &whole), NUMBER_NONE);
	assert_int_equal(number_read("1e400", &value), NUMBER_TOO_LARGE);
	assert_int_equal(number_read("-1e400", &value), NUMBER_TOO_SMALL);
	assert_int_equal(number_read("1e-400", &value), NUMBER_OK);
	assert_int_equal(number_read_int("9223372036854775808", &whole),
	    NUMBER_TOO_LARGE);
	assert_int_equal(number_read_int("-9223372036854775809", &whole),
	    NUMBER_TOO_SMALL);
	assert_int_equal(number_read_int("-9223372036854775808", &whole),
	    NUMBER_OK);
	assert_true(whole == INT64_MIN);
}

enum misuse { MISUSE_NO_NAME, MISUSE_NAME, MISUSE_TWO, MISUSE_END,
	MISUSE_OPEN, MISUSE_DEEP };

static void
misuse(struct json *json, enum misuse kind)
{
	int	 i;

	switch (kind) {
	case MISUSE_NO_NAME:
		json_open_object(json, NULL);
		json_int(json, NULL, 1);
		break;
	case MISUSE_NAME:
		json_open_array(json, NULL);
		json_int(json, "a", 1);
		break;
	case MISUSE_TWO:
		json_int(json, NULL, 1);
		json_int(json, NULL, 2);
		break;
	case MISUSE_END:
		json_close(json);
		break;
	case MISUSE_OPEN:
		json_open_array(json, NULL);
		(void)json_finish(json, NULL);
		break;
	case MISUSE_DEEP:
		for (i = 0; i <= JSON_DEPTH_MAX; i++)
			json_open_array(json, NULL);
		break;
	}
}

static void
misuse_ends_the_process(void **state)
{
	const struct rlimit	 no_core = { 0, 0 };
	struct arena		*arena;
	struct json		 json;
	enum misuse		 kind;
	pid_t			 pid;
	int			 end;

	(void)state;
	for (kind = MISUSE_NO_NAME; kind <= MISUSE_DEEP; kind++) {
		pid = fork();
		assert_int_not_equal(pid, -1);
		if (pid == 0) {
			(void)setrlimit(RLIMIT_CORE, &no_core);
			(void)fclose(stderr);
			arena = arena_new(0);
			json_init(&json, arena, 1000);
			misuse(&json, kind);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &end, 0), pid);
		assert_true(WIFSIGNALED(end));
	}
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(scopes_and_commas),
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(an_overflow_gives_null),
		cmocka_unit_test(numbers_are_short_and_exact),
		cmocka_unit_test(numbers_ignore_the_locale),
		cmocka_unit_test(nan_and_infinity_are_null),
		cmocka_unit_test(what_is_no_json_number_is_not_read),
		cmocka_unit_test(misuse_ends_the_process),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Times as Open311's clients write them, and what is none. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../plugins/defect-reporter/open311_time.c"

static const struct {
	const char	*text;
	const char	*time;		/* NULL: it is none */
} times[] = {
	{ "2026-11-20T08:30:00Z", "2026-11-20T08:30:00Z" },
	{ "2026-11-20t08:30:00z", "2026-11-20T08:30:00Z" },
	{ "2026-11-20 08:30:00", "2026-11-20T08:30:00Z" },
	{ "2026-11-20T08:30:00", "2026-11-20T08:30:00Z" },
	{ "2026-11-20T08:30", "2026-11-20T08:30:00Z" },
	{ "2026-11-20T08:30Z", "2026-11-20T08:30:00Z" },
	{ "2026-11-20T08:30+01:00", "2026-11-20T07:30:00Z" },
	{ "2026-11-20", "2026-11-20T00:00:00Z" },
	{ "2026-11-20T08:30:00+01:00", "2026-11-20T07:30:00Z" },
	{ "2026-11-20T08:30:00 01:00", "2026-11-20T07:30:00Z" },
	{ "2026-11-20T08:30:00-05:30", "2026-11-20T14:00:00Z" },
	{ "2026-11-20T08:30:00+0100", "2026-11-20T07:30:00Z" },
	{ "2026-11-20T08:30:00+01", "2026-11-20T07:30:00Z" },
	{ "2026-11-20T00:30:00+01:00", "2026-11-19T23:30:00Z" },
	{ "2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z" },
	{ "2026-11-20T08:30:00.9Z", "2026-11-20T08:30:00Z" },
	{ "2026-11-20T08:30:00,123456789+01:00", "2026-11-20T07:30:00Z" },
	{ "2026-11-20T08:30:60Z", "2026-11-20T08:31:00Z" },
	{ "2028-02-29", "2028-02-29T00:00:00Z" },
	{ "2000-02-29", "2000-02-29T00:00:00Z" },
	{ "0001-01-01", "0001-01-01T00:00:00Z" },
	{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
	{ "0001-01-01T00:00:00+01:00", NULL },
	{ "9999-12-31T23:59:59-01:00", NULL },
	{ "0000-01-01", NULL }, { "2026-02-29", NULL },
	{ "1900-02-29", NULL }, { "2026-04-31", NULL },
	{ "2026-13-01", NULL }, { "2026-00-01", NULL },
	{ "2026-01-00", NULL }, { "2026-1-1", NULL },
	{ "2026-11-20T24:00:00Z", NULL }, { "2026-11-20T08:60Z", NULL },
	{ "2026-11-20T08:30:61Z", NULL }, { "2026-11-20T08", NULL },
	{ "2026-11-20T8:30", NULL }, { "2026-11-20T08:30:00.Z", NULL },
	{ "2026-11-20T08:30:00+24:00", NULL },
	{ "2026-11-20T08:30:00+01:60", NULL },
	{ "2026-11-20T08:30:00+1", NULL },
	{ "2026-11-20T08:30:00+01:", NULL },
	{ "2026-11-20T08:30:00+01:0", NULL },
	{ "2026-11-20T08:30:00Zx", NULL }, { "2026-11-20T08:30:00 Z", NULL },
	{ "2026-11-20Z", NULL }, { "2026-11-20 ", NULL },
	{ " 2026-11-20", NULL }, { "20261120", NULL }, { "2026", NULL },
	{ "1795000000", NULL }, { "-2026-11-20", NULL }, { "", NULL },
	{ "gestern", NULL }, { "\xd9\xa2\xd9\xa0-11-20", NULL },
};

static void
a_time_is_read_however_it_is_written_and_nothing_else(void **state)
{
	struct arena	*arena;
	const char	*time;
	size_t		 i;

	(void)state;
	arena = arena_new(0);
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		time = open311_time(arena, times[i].text);
		if (times[i].time == NULL ? time != NULL : time == NULL ||
		    strcmp(time, times[i].time) != 0)
			fail_msg("\"%s\": %s", times[i].text,
			    time == NULL ? "none" : time);
		/* What was made is read as itself. */
		if (time != NULL)
			assert_string_equal(open311_time(arena, time), time);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(
		    a_time_is_read_however_it_is_written_and_nothing_else),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

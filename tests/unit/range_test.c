/* SPDX-License-Identifier: EUPL-1.2 */
/* Range and Accept-Encoding, as callers write them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/range.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static void
a_range_of_a_thousand_bytes_is_what_rfc_9110_says(void **state)
{
	static const struct {
		const char		*text;
		enum range_verdict	 verdict;
		uint64_t		 from, len;
	} known[] = {
		{ NULL, RANGE_WHOLE, 0, 0 },
		{ "bytes=0-499", RANGE_PART, 0, 500 },
		{ "Bytes=0-0", RANGE_PART, 0, 1 },
		{ "bytes=999-999", RANGE_PART, 999, 1 },
		{ "bytes=500-", RANGE_PART, 500, 500 },
		{ "bytes=500-5000", RANGE_PART, 500, 500 },
		{ "bytes=5-18446744073709551615", RANGE_PART, 5, 995 },
		{ "bytes=5-99999999999999999999999", RANGE_PART, 5, 995 },
		{ "bytes=-500", RANGE_PART, 500, 500 },
		{ "bytes=-5000", RANGE_PART, 0, 1000 },
		{ "bytes=-0", RANGE_UNSATISFIABLE, 0, 0 },
		{ "bytes=1000-", RANGE_UNSATISFIABLE, 0, 0 },
		{ "bytes=1000-1000", RANGE_UNSATISFIABLE, 0, 0 },
		{ "bytes=99999999999999999999999-", RANGE_UNSATISFIABLE,
		    0, 0 },
		{ "bytes=5-4", RANGE_WHOLE, 0, 0 },
		{ "bytes=0-1,5-6", RANGE_WHOLE, 0, 0 },
		{ "bytes=0-1, 5-6", RANGE_WHOLE, 0, 0 },
		{ "bytes=-5,7-8", RANGE_WHOLE, 0, 0 },
		{ "bytes=", RANGE_WHOLE, 0, 0 },
		{ "bytes=-", RANGE_WHOLE, 0, 0 },
		{ "bytes=a-b", RANGE_WHOLE, 0, 0 },
		{ "bytes=0x1-2", RANGE_WHOLE, 0, 0 },
		{ "bytes=+1-2", RANGE_WHOLE, 0, 0 },
		{ "bytes=1-2x", RANGE_WHOLE, 0, 0 },
		{ "lines=1-2", RANGE_WHOLE, 0, 0 },
		{ "", RANGE_WHOLE, 0, 0 },
	};
	uint64_t	 from, len;
	size_t		 i;

	(void)state;
	for (i = 0; i < COUNT(known); i++) {
		from = len = 0;
		if (range_read(known[i].text, 1000, &from, &len) !=
		    known[i].verdict || (known[i].verdict == RANGE_PART &&
		    (from != known[i].from || len != known[i].len)))
			fail_msg("%s", known[i].text);
	}
	assert_int_equal(range_read("bytes=0-", 0, &from, &len),
	    RANGE_UNSATISFIABLE);
	assert_int_equal(range_read("bytes=-1", 0, &from, &len),
	    RANGE_UNSATISFIABLE);
}

int
main(void)
{
	static const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(
		    a_range_of_a_thousand_bytes_is_what_rfc_9110_says),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Which coding is sent, and who wants a page. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/coding.h"

#define ALL	(1u << CODING_IDENTITY | 1u << CODING_GZIP | 1u << CODING_BROTLI)

static void
what_is_not_there_is_never_chosen(void **state)
{
	(void)state;
	assert_int_equal(coding_negotiate("br, gzip", 1u), CODING_IDENTITY);
	assert_int_equal(coding_negotiate("br, gzip", 1u | 1u << CODING_GZIP),
	    CODING_GZIP);
	assert_int_equal(coding_negotiate("*", 0), CODING_IDENTITY);
	assert_int_equal(coding_negotiate(NULL, ALL), CODING_IDENTITY);
}

static void
the_better_quality_wins_and_the_smaller_of_equals(void **state)
{
	(void)state;
	assert_int_equal(coding_negotiate("gzip, br", ALL), CODING_BROTLI);
	assert_int_equal(coding_negotiate("br;q=0.1, gzip;q=0.11", ALL),
	    CODING_GZIP);
	assert_int_equal(coding_negotiate("gzip;q=0.9;x=y, br;x=\"a\"", ALL),
	    CODING_BROTLI);
	assert_int_equal(coding_negotiate("gzip; x=y ;\tQ=0.9,br;q=0.8", ALL),
	    CODING_GZIP);
}

static void
a_quality_that_is_none_is_a_refusal(void **state)
{
	static const char *const	headers[] = { "br;q=", "br;q=2",
	    "br;q=-1", "br;q=1.001", "br;q=0.0000", "br;q=.5", "br;q=0,5",
	    "br q=1", "br;q=0" };
	size_t				i;

	(void)state;
	for (i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		assert_int_equal(coding_negotiate(headers[i], ALL),
		    CODING_IDENTITY);
	assert_int_equal(coding_negotiate("br;q=1.", ALL), CODING_BROTLI);
}

static void
a_page_is_for_whom_names_html(void **state)
{
	(void)state;
	assert_true(accept_is_page("text/html"));
	assert_true(accept_is_page("image/png, TEXT/HTML;q=0.1"));
	assert_true(accept_is_page("text/*"));
	assert_true(accept_is_page("text/html;level=1"));
	assert_false(accept_is_page("*/*"));
	assert_false(accept_is_page("text/html;q=0"));
	assert_false(accept_is_page("text/htmlx, xtext/html"));
	assert_false(accept_is_page(NULL));
	assert_false(accept_is_page(""));
}

static void
gzip_is_accepted_where_the_caller_says_so(void **state)
{
	static const struct {
		const char	*text;
		bool		 accepts;
	} known[] = {
		{ NULL, false }, { "", false }, { "gzip", true },
		{ "GZIP", true }, { "x-gzip", true }, { "br, gzip", true },
		{ "gzip, deflate, br, zstd", true }, { "identity", false },
		{ "br", false }, { "gzipped", false }, { "*", true },
		{ "gzip;q=0", false }, { "gzip; q=0.000", false },
		{ "gzip;q=0.001", true }, { "gzip;q=1", true },
		{ "*;q=0", false }, { "gzip;q=0, *", false },
		{ "*, gzip;q=0", false }, { "br;q=1.0,gzip;q=0.5", true },
	};
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (coding_takes_gzip(known[i].text) != known[i].accepts)
			fail_msg("%s", known[i].text);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(what_is_not_there_is_never_chosen),
		cmocka_unit_test(
		    the_better_quality_wins_and_the_smaller_of_equals),
		cmocka_unit_test(a_quality_that_is_none_is_a_refusal),
		cmocka_unit_test(gzip_is_accepted_where_the_caller_says_so),
		cmocka_unit_test(a_page_is_for_whom_names_html),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

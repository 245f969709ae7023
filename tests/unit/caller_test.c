/* SPDX-License-Identifier: EUPL-1.2 */
/* What headers say of the caller. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/crypto.h"
#include "web/caller_text.h"

#define TOKEN	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
#define OTHER	"0bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPa"
#define NAME	"__Host-stadtkern="
#define PROXIES	"127.0.0.1, ::1,192.0.2.7"

static struct arena	*arena;

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(strlen(TOKEN), CRYPTO_TOKEN_TEXT);
	arena = arena_new(0);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static void
a_bearer_token_is_taken_from_its_scheme_only(void **state)
{
	(void)state;
	assert_string_equal(caller_text_bearer("Bearer " TOKEN), TOKEN);
	assert_string_equal(caller_text_bearer("bearer   " TOKEN), TOKEN);
	assert_null(caller_text_bearer(NULL));
	assert_null(caller_text_bearer(""));
	assert_null(caller_text_bearer("Bearer"));
	assert_null(caller_text_bearer("Bearer "));
	assert_null(caller_text_bearer(TOKEN));
	assert_null(caller_text_bearer("Basic " TOKEN));
	assert_null(caller_text_bearer("Bearer" TOKEN));
	assert_null(caller_text_bearer("Bearer " TOKEN "x"));
	assert_null(caller_text_bearer("Bearer " TOKEN ", Basic x"));
}

static void
a_session_is_found_among_other_cookies(void **state)
{
	(void)state;
	assert_string_equal(caller_text_session(arena, NAME TOKEN), TOKEN);
	assert_string_equal(caller_text_session(arena,
	    "a=1; " NAME TOKEN "; b=2"), TOKEN);
	assert_string_equal(caller_text_session(arena,
	    ";; ;a;" NAME TOKEN ";"), TOKEN);
	assert_string_equal(caller_text_session(arena,
	    NAME TOKEN "; " NAME OTHER), TOKEN);
}

static void
what_only_looks_like_a_session_is_none(void **state)
{
	(void)state;
	assert_null(caller_text_session(arena, NULL));
	assert_null(caller_text_session(arena, ""));
	assert_null(caller_text_session(arena, "; ;"));
	assert_null(caller_text_session(arena, NAME));
	assert_null(caller_text_session(arena, NAME TOKEN "x"));
	assert_null(caller_text_session(arena, "x" NAME TOKEN));
	assert_null(caller_text_session(arena, "stadtkern=" TOKEN));
	assert_null(caller_text_session(arena, "__host-stadtkern=" TOKEN));
	assert_null(caller_text_session(arena, "a=" NAME TOKEN));
	assert_null(caller_text_session(arena, NAME "\"" TOKEN "\""));
}

static void
expect_address(const char *peer, const char *forwarded, const char *address)
{
	assert_string_equal(caller_text_address(arena, peer, forwarded,
	    PROXIES), address);
}

static void
only_a_listed_proxy_is_believed_and_only_its_own_word(void **state)
{
	(void)state;
	expect_address("198.51.100.1", NULL, "198.51.100.1");
	expect_address("198.51.100.1", "203.0.113.9", "198.51.100.1");
	expect_address("127.0.0.1", NULL, "127.0.0.1");
	expect_address("127.0.0.1", "203.0.113.9", "203.0.113.9");
	expect_address("192.0.2.7", "10.0.0.1, 203.0.113.9", "203.0.113.9");
	expect_address("192.0.2.7", "10.0.0.1,\t203.0.113.9 ", "203.0.113.9");
	expect_address("192.0.2.70", "203.0.113.9", "192.0.2.70");
	expect_address("2.0.2.7", "203.0.113.9", "2.0.2.7");
	expect_address("", "203.0.113.9", "");
	assert_string_equal(caller_text_address(arena, "", "203.0.113.9",
	    ", ,"), "");
}

static void
a_word_that_is_no_address_leaves_the_proxys(void **state)
{
	(void)state;
	expect_address("127.0.0.1", "", "127.0.0.1");
	expect_address("127.0.0.1", "unknown", "127.0.0.1");
	expect_address("127.0.0.1", "203.0.113.9,", "127.0.0.1");
	expect_address("127.0.0.1", "203.0.113.9:1234", "127.0.0.1");
	expect_address("127.0.0.1", "203.0.113.256", "127.0.0.1");
	expect_address("127.0.0.1", "203.0.113.9\r\nx", "127.0.0.1");
}

static void
all_addresses_of_one_subscriber_count_as_one(void **state)
{
	(void)state;
	expect_address("2001:db8:1:2:3:4:5:6", NULL, "2001:db8:1:2::");
	expect_address("2001:db8:1:2::1", NULL, "2001:db8:1:2::");
	expect_address("2001:db8:1:3::1", NULL, "2001:db8:1:3::");
	expect_address("::1", "2001:DB8:1:2:ffff::", "2001:db8:1:2::");
	expect_address("::ffff:203.0.113.9", NULL, "203.0.113.9");
}

static void
a_foreign_page_is_told_from_our_own(void **state)
{
	(void)state;
	assert_true(caller_text_is_same_site(NULL, NULL, "a.example"));
	assert_true(caller_text_is_same_site("same-origin", NULL,
	    "a.example"));
	assert_true(caller_text_is_same_site("none", NULL, "a.example"));
	assert_true(caller_text_is_same_site("same-origin",
	    "https://A.example", "a.example"));
	assert_true(caller_text_is_same_site(NULL, "https://a.example:8443",
	    "a.example:8443"));
	assert_true(caller_text_is_same_site(NULL, "http://a.localhost:81",
	    "a.localhost:81"));
	assert_false(caller_text_is_same_site(NULL, "http://a.example",
	    "a.example"));
	assert_false(caller_text_is_same_site(NULL, "http://alocalhost",
	    "alocalhost"));
	assert_false(caller_text_is_same_site("cross-site", NULL,
	    "a.example"));
	assert_false(caller_text_is_same_site("same-site", NULL,
	    "a.example"));
	assert_false(caller_text_is_same_site("", NULL, "a.example"));
	assert_false(caller_text_is_same_site("none", "https://b.example",
	    "a.example"));
	assert_false(caller_text_is_same_site(NULL, "null", "a.example"));
	assert_false(caller_text_is_same_site(NULL, "", "a.example"));
	assert_false(caller_text_is_same_site(NULL,
	    "https://a.example.evil.example", "a.example"));
	assert_false(caller_text_is_same_site(NULL,
	    "https://evil.example/://a.example", "a.example"));
	assert_false(caller_text_is_same_site(NULL, "https://a.example:1",
	    "a.example"));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(a_bearer_token_is_taken_from_its_scheme_only),
		cmocka_unit_test(a_session_is_found_among_other_cookies),
		cmocka_unit_test(what_only_looks_like_a_session_is_none),
		cmocka_unit_test(
		    only_a_listed_proxy_is_believed_and_only_its_own_word),
		cmocka_unit_test(a_word_that_is_no_address_leaves_the_proxys),
		cmocka_unit_test(all_addresses_of_one_subscriber_count_as_one),
		cmocka_unit_test(a_foreign_page_is_told_from_our_own),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

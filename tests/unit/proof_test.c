/* SPDX-License-Identifier: EUPL-1.2 */
/* Codes by time, and what is no password. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#include "core/proof/passkey.h"
#include "core/proof/password.h"
#include "core/proof/totp.h"

static const struct bytes	secret = {
	(const unsigned char *)"12345678901234567890", 20
};

/* RFC 6238, appendix B, SHA-1, the last six of its eight digits. */
static void
a_code_is_that_of_the_standard(void **state)
{
	static const struct {
		int64_t		 at;
		const char	*code;
	} cases[] = {
		{ 59, "287082" }, { 1111111109, "081804" },
		{ 1111111111, "050471" }, { 1234567890, "005924" },
		{ 2000000000, "279037" }, { 20000000000, "353130" },
	};
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(cases[i].at / 30, totp_step(secret,
		    cases[i].code, cases[i].at));
}

static void
a_code_counts_one_step_earlier_and_later_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(1, totp_step(secret, "287082", 0));
	assert_int_equal(1, totp_step(secret, "287082", 89));
	assert_int_equal(-1, totp_step(secret, "287082", 90));
	assert_int_equal(-1, totp_step(secret, "287083", 59));
	assert_int_equal(-1, totp_step(secret, "28708", 59));
	assert_int_equal(-1, totp_step(secret, "", 59));
	assert_int_equal(-1, totp_step((struct bytes){ NULL, 0 }, "287082",
	    59));
}

static void
a_secret_is_written_in_base32(void **state)
{
	struct arena	*arena;

	(void)state;
	arena = arena_new(0);
	assert_string_equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
	    totp_base32(arena, secret));
	assert_string_equal("MY", totp_base32(arena, (struct bytes){
	    (const unsigned char *)"f", 1 }));
	assert_string_equal("MZXW6YTB", totp_base32(arena, (struct bytes){
	    (const unsigned char *)"fooba", 5 }));
	arena_free(arena);
}

static void
a_password_that_is_guessed_first_is_weak(void **state)
{
	static const char *const	weak[] = {
		"passwort1234", "Passwort2026!", "123456789012",
		"098765432109", "abcdefghijkl", "qwertzuiop12",
		"poiuztrewq12", "aaaaaaaaaaaa", "abababababab",
		"alma.amt2026", "stadt-herbst1",
	};
	static const char *const	good[] = {
		"correct horse battery", "Ein langes Kennwort 2026",
		"Drei Wörter im Regal", "k7f2-q9zm-4tbw", "xK2#fp9!vQ3z",
	};
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
		if (!password_is_weak(weak[i], "Alma.Amt@example.org"))
			fail_msg("\"%s\" is weak", weak[i]);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (password_is_weak(good[i], "Alma.Amt@example.org"))
			fail_msg("\"%s\" is good", good[i]);
}

static void
a_relying_party_is_the_host_without_its_port(void **state)
{
	struct arena	*arena;

	(void)state;
	arena = arena_new(0);
	assert_string_equal("herne.localhost", passkey_host(arena,
	    "Herne.localhost:8081"));
	assert_true(host_is_local(arena, "herne.localhost:8081"));
	assert_true(host_is_local(arena, "localhost"));
	assert_false(host_is_local(arena, "localhost.example"));
	assert_false(host_is_local(arena, "notlocalhost"));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(a_code_is_that_of_the_standard),
		cmocka_unit_test(
		    a_code_counts_one_step_earlier_and_later_and_no_more),
		cmocka_unit_test(a_secret_is_written_in_base32),
		cmocka_unit_test(a_password_that_is_guessed_first_is_weak),
		cmocka_unit_test(
		    a_relying_party_is_the_host_without_its_port),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

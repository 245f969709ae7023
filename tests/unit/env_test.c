/* SPDX-License-Identifier: EUPL-1.2 */
/* The environment, checked. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "core/env.h"

static struct arena	*arena;
static struct findings	 findings;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	char	name[64];
	size_t	i;

	/* What the test program itself is told stays. */
	for (i = 0; environ[i] != NULL; ) {
		if (strncmp(environ[i], "STADTKERN_", 10) != 0) {
			i++;
			continue;
		}
		(void)snprintf(name, sizeof(name), "%.*s",
		    (int)strcspn(environ[i], "="), environ[i]);
		(void)unsetenv(name);
	}
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
without_variables_all_have_their_defaults(void **state)
{
	struct env	env;

	(void)state;
	assert_int_equal(env_read(arena, &env, &findings), STATUS_OK);
	assert_string_equal(env.home, ".");
	assert_string_equal(env.objects, "build/plugins");
	assert_string_equal(env.app, "build/plugins/../app");
	assert_string_equal(env.office_app, "build/plugins/../office");
	assert_string_equal(env.var, "var");
	assert_string_equal(env.address, "127.0.0.1");
	assert_string_equal(env.proxies, "127.0.0.1,::1");
	assert_int_equal(env.port, 8080);
	assert_int_equal(env.office_port, 8081);
	assert_int_equal(env.workers, 0);
	assert_int_equal(env.cache_mib, 64);
	assert_non_null(env.database);
	assert_null(env.smtp_url);
	assert_null(env.smtp_password_file);
}

static void
variables_are_read_by_their_name(void **state)
{
	struct env	env;

	(void)state;
	setenv("STADTKERN_HOME", "/srv/stadtkern", 1);
	setenv("STADTKERN_OFFICE_PORT", "9001", 1);
	setenv("STADTKERN_DATABASE", "host=/run/pg dbname=a=b", 1);
	setenv("STADTKERN_VAR", "", 1);
	setenv("OTHER_PORT", "x", 1);
	assert_int_equal(env_read(arena, &env, &findings), STATUS_OK);
	assert_string_equal(env.home, "/srv/stadtkern");
	assert_string_equal(env.database, "host=/run/pg dbname=a=b");
	assert_string_equal(env.var, "var");
	assert_int_equal(env.office_port, 9001);
}

static void
an_unknown_variable_names_the_nearest_one(void **state)
{
	struct env	env;

	(void)state;
	setenv("STADTKERN_PROT", "9001", 1);
	assert_int_equal(env_read(arena, &env, &findings), STATUS_INVALID);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.first->code, FINDING_UNKNOWN);
	assert_string_equal(findings.first->pointer, "/STADTKERN_PROT");
	assert_non_null(strstr(findings.first->argument, "STADTKERN_PORT"));
	assert_string_equal(findings.first->file, "environment");
}

static void
numbers_are_checked_and_all_is_found_at_once(void **state)
{
	struct env	env;

	(void)state;
	setenv("STADTKERN_PORT", "eighty", 1);
	setenv("STADTKERN_OFFICE_PORT", "65536", 1);
	setenv("STADTKERN_WORKERS", "-1", 1);
	setenv("STADTKERN_CACHE_MIB", "-1", 1);
	setenv("STADTKERN_HOME", "a\nb", 1);
	assert_int_equal(env_read(arena, &env, &findings), STATUS_INVALID);
	assert_int_equal(findings.count, 5);
}

static void
a_tenants_address_is_one_with_any_host(void **state)
{
	static const char *const	bad[] = {
		"herne.example", "ftp://{host}", "https://{host}/app",
		"https://{host}/", "https://{host}?a", "https://{host}\"",
		"https://{port}", "https://{host}{host}", "https://",
	};
	struct env			env;
	size_t				i;

	(void)state;
	assert_int_equal(env_read(arena, &env, &findings), STATUS_OK);
	assert_string_equal(env.url, "https://{host}");
	assert_null(env.host);
	setenv("STADTKERN_URL", "http://{host}:8080", 1);
	setenv("STADTKERN_HOST", "platform.example.org", 1);
	assert_int_equal(env_read(arena, &env, &findings), STATUS_OK);
	assert_string_equal(env.url, "http://{host}:8080");
	assert_string_equal(env.host, "platform.example.org");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		setenv("STADTKERN_URL", bad[i], 1);
		findings_init(&findings, arena);
		if (env_read(arena, &env, &findings) != STATUS_INVALID ||
		    findings.count != 1)
			fail_msg("\"%s\" is taken", bad[i]);
		assert_string_equal(findings.first->pointer,
		    "/STADTKERN_URL");
	}
	setenv("STADTKERN_URL", "https://{host}", 1);
	setenv("STADTKERN_HOST", "https://platform", 1);
	findings_init(&findings, arena);
	assert_int_equal(env_read(arena, &env, &findings), STATUS_INVALID);
	assert_string_equal(findings.first->pointer, "/STADTKERN_HOST");
}

static void
a_mail_relay_needs_a_sender_and_a_fitting_address(void **state)
{
	struct env	env;

	(void)state;
	setenv("STADTKERN_SMTP_URL", "http://mail.example.org", 1);
	assert_int_equal(env_read(arena, &env, &findings), STATUS_INVALID);
	assert_int_equal(findings.count, 2);
	findings_init(&findings, arena);
	setenv("STADTKERN_SMTP_URL", "smtps://mail.example.org:465", 1);
	setenv("STADTKERN_MAIL_FROM", "app@example.org", 1);
	assert_int_equal(env_read(arena, &env, &findings), STATUS_OK);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(without_variables_all_have_their_defaults),
		TEST(variables_are_read_by_their_name),
		TEST(an_unknown_variable_names_the_nearest_one),
		TEST(numbers_are_checked_and_all_is_found_at_once),
		TEST(a_tenants_address_is_one_with_any_host),
		TEST(a_mail_relay_needs_a_sender_and_a_fitting_address),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

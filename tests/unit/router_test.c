/* SPDX-License-Identifier: EUPL-1.2 */
/* Path and method to route. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/plugin/mount.h"
#include "core/plugin/router.h"

static const struct route platform_routes[] = {
	{ GET, "/app", PUBLIC, .cache = "app" },
	{ POST, "/session", SIGN_IN },
	{ GET, "/a/{x}", PUBLIC },
	ROUTE_END
};

static const struct route first_routes[] = {
	{ GET, "/reports", PUBLIC, .run = "list", .cache = "reports" },
	{ POST, "/reports", CITIZEN, .changes = "reports" },
	{ GET, "/reports/nearby", PUBLIC },
	{ GET, "/reports/{id}", PUBLIC, .cache = "reports" },
	{ PATCH, "/reports/{id}", DEVICE, .changes = "reports" },
	{ GET, "/reports/{id}/photos/{photo}", PUBLIC },
	{ GET, "/reports/nearby/map.geojson", PUBLIC },
	{ PUT, "/reports/{id}/map.geojson", DEVICE },
	{ GET, "/reports", OFFICE("read"), .cache = "office" },
	ROUTE_END
};

static const struct schedule first_schedules[] = {
	{ "s", DAILY_AT(1, 0), .run = "list", .changes = "nightly" },
	SCHEDULE_END
};

static const struct route second_routes[] = {
	{ GET, "/x", PUBLIC },
	{ DELETE, "/{id}", DEVICE, .changes = "reports" },
	ROUTE_END
};

static const struct route standard_routes[] = {
	{ GET, "/things", PUBLIC, .formats = "json, xml" },
	{ POST, "/things", KEY("send"), .formats = "json, xml" },
	{ GET, "/things/{id}", PUBLIC, .formats = "xml, json" },
	{ GET, "/plain", PUBLIC },
	{ GET, "/plain", PUBLIC, .formats = "csv" },
	{ GET, "/{file}", PUBLIC },
	ROUTE_END
};

static const struct route index_routes[] = {
	{ GET, "/index", PUBLIC, .formats = "json" },
	ROUTE_END
};

static const struct mount mounts[] = {
	{ .path = "/std", .routes = index_routes },
	{ .path = "/std/v2", .rehearsal = "/std/test", .tenant = "who",
	  .routes = standard_routes },
	MOUNT_END
};

static const struct plugin plugins[] = {
	{ PLUGIN_HEADER("", "1"), .routes = platform_routes },
	{ PLUGIN_HEADER("first", "1"), .routes = first_routes,
	  .schedules = first_schedules },
	{ PLUGIN_HEADER("a", "1"), .routes = second_routes,
	  .mounts = mounts },
};

#define FIRST	((uint64_t)2)
#define SECOND	((uint64_t)4)
#define ALL	(FIRST | SECOND)

static struct statement		 list = { .name = "list" };
static struct loaded		 loaded[3];
static const struct registry	 registry = {
	.count = 3, .plugins = loaded,
};
static struct router		*router;
static struct router		*office;
static struct arena		*arena;
static struct router_match	 match;

static int
setup(void **state)
{
	unsigned int	i;

	(void)state;
	for (i = 0; i < 3; i++) {
		loaded[i].plugin = &plugins[i];
		loaded[i].index = i;
	}
	loaded[1].statements = &list;
	arena = arena_new(0);
	router = router_new(&registry, ROUTER_PUBLIC);
	office = router_new(&registry, ROUTER_OFFICE);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	router_free(router);
	router_free(office);
	router_free(NULL);
	arena_free(arena);
	return (0);
}

static enum router_verdict
find(uint64_t mask, const char *method, const char *path)
{
	return (router_match(router, mask, method, path, arena, &match));
}

static void
a_route_is_found_with_its_plugin_and_statement(void **state)
{
	(void)state;
	assert_int_equal(find(ALL, "GET", "/api/v1/first/reports"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &first_routes[0]);
	assert_ptr_equal(match.loaded, &loaded[1]);
	assert_ptr_equal(match.run, &list);
	assert_null(match.then);
	assert_int_equal(match.count, 0);
	assert_int_equal(find(ALL, "POST", "/api/v1/first/reports"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &first_routes[1]);
	assert_int_equal(find(0, "GET", "/api/v1/app"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &platform_routes[0]);
}

static void
parameters_are_named_and_decoded(void **state)
{
	(void)state;
	assert_int_equal(find(ALL, "GET",
	    "/api/v1/first/reports/a%20b%C3%a4/photos/7"), ROUTER_FOUND);
	assert_int_equal(match.count, 2);
	assert_string_equal(match.names[0], "id");
	assert_string_equal(match.values[0], "a b\xc3\xa4");
	assert_string_equal(match.names[1], "photo");
	assert_string_equal(match.values[1], "7");
}

static void
a_literal_wins_over_a_parameter_also_when_escaped(void **state)
{
	(void)state;
	assert_int_equal(find(ALL, "GET", "/api/v1/first/reports/nearby"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &first_routes[2]);
	assert_int_equal(find(ALL, "GET", "/api/v1/first/reports/%6eearby"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &first_routes[2]);
	assert_int_equal(find(ALL, "PATCH", "/api/v1/first/reports/nearby"),
	    ROUTER_NOT_ALLOWED);
}

static void
a_literal_that_leads_nowhere_gives_way_to_a_parameter(void **state)
{
	(void)state;
	assert_int_equal(find(ALL, "GET",
	    "/api/v1/first/reports/nearby/photos/1"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &first_routes[5]);
	assert_string_equal(match.values[0], "nearby");
	/* "a" is the plugin where it is on, otherwise the platform's {x}. */
	assert_int_equal(find(SECOND, "GET", "/api/v1/a/x"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &second_routes[0]);
	assert_int_equal(find(FIRST, "GET", "/api/v1/a/x"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &platform_routes[2]);
}

static void
head_is_get(void **state)
{
	(void)state;
	assert_int_equal(find(ALL, "HEAD", "/api/v1/app"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &platform_routes[0]);
}

static void
another_method_is_told_which_are_allowed(void **state)
{
	(void)state;
	assert_int_equal(find(ALL, "DELETE", "/api/v1/first/reports"),
	    ROUTER_NOT_ALLOWED);
	assert_string_equal(match.allow, "GET, HEAD, POST");
	assert_null(match.route);
	assert_int_equal(find(ALL, "OPTIONS", "/api/v1/first/reports/1"),
	    ROUTER_NOT_ALLOWED);
	assert_string_equal(match.allow, "GET, HEAD, PATCH");
	assert_int_equal(find(ALL, "get", "/api/v1/app"), ROUTER_NOT_ALLOWED);
	assert_int_equal(find(ALL, "", "/api/v1/app"), ROUTER_NOT_ALLOWED);
}

static void
what_a_tenant_has_not_is_not_there_whatever_the_method(void **state)
{
	(void)state;
	assert_int_equal(find(SECOND, "GET", "/api/v1/first/reports"),
	    ROUTER_NOT_FOUND);
	assert_int_equal(find(SECOND, "BREW", "/api/v1/first/reports"),
	    ROUTER_NOT_FOUND);
	/* The platform's {x} is on this path, the plugin's {id} is off. */
	assert_int_equal(find(FIRST, "DELETE", "/api/v1/a/1"),
	    ROUTER_NOT_ALLOWED);
	assert_string_equal(match.allow, "GET, HEAD");
}

static void
the_sides_do_not_know_each_others_routes(void **state)
{
	(void)state;
	assert_int_equal(find(ALL, "GET", "/office/api/v1/first/reports"),
	    ROUTER_NOT_FOUND);
	assert_int_equal(find(ALL, "POST", "/api/v1/session"),
	    ROUTER_NOT_FOUND);
	assert_int_equal(router_match(office, ALL, "GET",
	    "/office/api/v1/first/reports", arena, &match), ROUTER_FOUND);
	assert_ptr_equal(match.route, &first_routes[8]);
	assert_int_equal(router_match(office, ALL, "POST",
	    "/office/api/v1/session", arena, &match), ROUTER_FOUND);
	assert_int_equal(router_match(office, ALL, "GET",
	    "/api/v1/first/reports", arena, &match), ROUTER_NOT_FOUND);
}

static void
a_path_that_is_not_clean_matches_nothing(void **state)
{
	static const char *const	paths[] = {
		"", "/", "//", "api/v1/app", "/api/v1/app/", "/api//v1/app",
		"//api/v1/app", "/api/v1/./app", "/api/v1/../v1/app",
		"/api/v1/a/..", "/api/v1/a/.", "/api/v1/a/%2e%2E",
		"/api/v1/a/%2e", "/api/v1/a/%2f", "/api/v1/a/b%2Fc",
		"/api/v1/a/%00", "/api/v1/a/x%00y", "/api/v1/a/%",
		"/api/v1/a/%2", "/api/v1/a/%zz", "/api/v1/a/%ff",
		"/api/v1/a/\xff", "/api/v1/a/%C0%80", "/api/v1/a/%ed%a0%80",
		"/api/v1/a/", "/API/v1/app", "/api/v1/app?x",
		"/1/2/3/4/5/6/7/8/9/10/11/12/13", "/api", "/api/v1",
	};
	size_t				i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (find(ALL, "GET", paths[i]) != ROUTER_NOT_FOUND)
			fail_msg("\"%s\" matches", paths[i]);
	}
}

static void
a_mounts_routes_stand_where_it_says_with_their_formats(void **state)
{
	(void)state;
	assert_int_equal(find(SECOND, "GET", "/std/v2/things.json"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &standard_routes[0]);
	assert_ptr_equal(match.mount, &mounts[1]);
	assert_ptr_equal(match.loaded, &loaded[2]);
	assert_string_equal(match.format, "json");
	assert_false(match.rehearsal);
	assert_int_equal(find(SECOND, "HEAD", "/std/v2/things.xml"),
	    ROUTER_FOUND);
	assert_string_equal(match.format, "xml");
	assert_int_equal(find(SECOND, "POST", "/std/v2/things.xml"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &standard_routes[1]);
	assert_int_equal(find(SECOND, "GET", "/std/v2/things/a.b.xml"),
	    ROUTER_FOUND);
	assert_string_equal(match.values[0], "a.b");
	assert_int_equal(find(SECOND, "GET", "/std/index.json"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.mount, &mounts[0]);
	/* Elsewhere a suffix is a part of the name, and there is no mount. */
	assert_int_equal(find(FIRST, "GET",
	    "/api/v1/first/reports/nearby/map.geojson"), ROUTER_FOUND);
	assert_null(match.mount);
	assert_null(match.format);
}

static void
one_path_may_be_a_route_with_a_suffix_and_another_without(void **state)
{
	(void)state;
	assert_int_equal(find(SECOND, "GET", "/std/v2/plain"), ROUTER_FOUND);
	assert_ptr_equal(match.route, &standard_routes[3]);
	assert_null(match.format);
	assert_int_equal(find(SECOND, "GET", "/std/v2/plain.csv"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &standard_routes[4]);
	/* No route's format: the whole is a name. */
	assert_int_equal(find(SECOND, "GET", "/std/v2/plain.json"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &standard_routes[5]);
	assert_string_equal(match.values[0], "plain.json");
	assert_int_equal(find(SECOND, "GET", "/std/v2/.json"), ROUTER_FOUND);
	assert_string_equal(match.values[0], ".json");
}

static void
a_rehearsal_is_the_same_route(void **state)
{
	(void)state;
	assert_int_equal(find(SECOND, "POST", "/std/test/things.json"),
	    ROUTER_FOUND);
	assert_ptr_equal(match.route, &standard_routes[1]);
	assert_true(match.rehearsal);
	assert_int_equal(find(SECOND, "GET", "/std/test/things/7.json"),
	    ROUTER_FOUND);
	assert_true(match.rehearsal);
	assert_string_equal(match.values[0], "7");
}

static void
what_a_mount_has_not_is_told_with_the_mount_and_the_format(void **state)
{
	static const struct {
		const char		*path;
		const struct mount	*mount;
		const char		*format;
	}		paths[] = {
		{ "/std/v2/things/1/2.json", &mounts[1], "json" },
		{ "/std/v2/things/1/2", &mounts[1], NULL },
		{ "/std/v2/things/1/2.csv", &mounts[1], "csv" },
		{ "/std/v2/things/1/2.doc", &mounts[1], NULL },
		{ "/std/test/a/b/c.xml", &mounts[1], "xml" },
		{ "/std/v2/%ff.json", &mounts[1], "json" },
		{ "/std/nothing.json", &mounts[0], "json" },
		{ "/std/nothing.xml", &mounts[0], NULL },
		{ "/stdx/v2", NULL, NULL }, { "/std", NULL, NULL },
		{ "/api/v1/nothing.json", NULL, NULL },
	};
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(find(SECOND, "GET", paths[i].path),
		    ROUTER_NOT_FOUND);
		assert_null(match.route);
		if (match.mount != paths[i].mount)
			fail_msg("\"%s\": another mount", paths[i].path);
		if (paths[i].format == NULL)
			assert_null(match.format);
		else
			assert_string_equal(match.format, paths[i].format);
	}
	assert_int_equal(find(SECOND, "PUT", "/std/v2/things.xml"),
	    ROUTER_NOT_ALLOWED);
	assert_string_equal(match.allow, "GET, HEAD, POST");
	assert_ptr_equal(match.mount, &mounts[1]);
	assert_string_equal(match.format, "xml");
	/* A tenant without the plugin has no mount either. */
	assert_int_equal(find(FIRST, "GET", "/std/v2/things.json"),
	    ROUTER_NOT_FOUND);
	assert_null(match.mount);
	assert_int_equal(router_match(office, ALL, "GET",
	    "/std/v2/things.json", arena, &match), ROUTER_NOT_FOUND);
}

static void
topics_have_the_same_number_on_both_sides(void **state)
{
	static const char *const	topics[] = {
		"/app", "first/reports", "first/office", "a/reports",
		"first/nightly",
	};
	int				i;

	(void)state;
	for (i = 0; i < 5; i++) {
		assert_string_equal(router_topic(router, i), topics[i]);
		assert_string_equal(router_topic(office, i), topics[i]);
		assert_int_equal(router_topic_number(office, topics[i]), i);
	}
	assert_null(router_topic(router, 5));
	assert_null(router_topic(router, -1));
	assert_int_equal(router_topic_number(router, "reports"), -1);
	assert_int_equal(find(ALL, "GET", "/api/v1/first/reports"),
	    ROUTER_FOUND);
	assert_int_equal(match.cache_topic, 1);
	assert_int_equal(match.changes_topic, -1);
	assert_int_equal(find(ALL, "DELETE", "/api/v1/a/1"), ROUTER_FOUND);
	assert_int_equal(match.cache_topic, -1);
	assert_int_equal(match.changes_topic, 3);
}

static void
routes_are_listed_in_order_with_numbers_of_their_own(void **state)
{
	const struct router_match	*route;
	unsigned int			 seen;
	size_t				 i, j;

	(void)state;
	seen = 0;
	for (i = 0; (route = router_route(router, i)) != NULL; i++) {
		assert_int_equal(seen & 1u << route->index, 0);
		seen |= 1u << route->index;
	}
	assert_int_equal(i, 19);
	for (j = 0; (route = router_route(office, j)) != NULL; j++) {
		assert_int_equal(seen & 1u << route->index, 0);
		seen |= 1u << route->index;
	}
	assert_int_equal(j, 2);
	assert_int_equal(seen, (1u << 21) - 1);
	assert_string_equal(router_route(router, 5)->names[0], "id");
}

static void
paths_are_mounted_below_side_and_plugin(void **state)
{
	const struct mounted	app = { &loaded[0], NULL, &platform_routes[0] },
				session = { &loaded[0], NULL,
				    &platform_routes[1] },
				reports = { &loaded[1], NULL,
				    &first_routes[8] };

	(void)state;
	assert_string_equal(mount_path(arena, &app), "/api/v1/app");
	assert_string_equal(mount_path(arena, &session),
	    "/office/api/v1/session");
	assert_string_equal(mount_path(arena, &reports),
	    "/office/api/v1/first/reports");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(a_route_is_found_with_its_plugin_and_statement),
		TEST(parameters_are_named_and_decoded),
		TEST(a_literal_wins_over_a_parameter_also_when_escaped),
		TEST(a_literal_that_leads_nowhere_gives_way_to_a_parameter),
		TEST(head_is_get),
		TEST(another_method_is_told_which_are_allowed),
		TEST(what_a_tenant_has_not_is_not_there_whatever_the_method),
		TEST(the_sides_do_not_know_each_others_routes),
		TEST(a_path_that_is_not_clean_matches_nothing),
		TEST(a_mounts_routes_stand_where_it_says_with_their_formats),
		TEST(one_path_may_be_a_route_with_a_suffix_and_another_without),
		TEST(a_rehearsal_is_the_same_route),
		TEST(what_a_mount_has_not_is_told_with_the_mount_and_the_format),
		TEST(topics_have_the_same_number_on_both_sides),
		TEST(routes_are_listed_in_order_with_numbers_of_their_own),
		TEST(paths_are_mounted_below_side_and_plugin),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

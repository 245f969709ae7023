/* SPDX-License-Identifier: EUPL-1.2 */
/* The section `map:` of a city's file. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/tenant/tenant_map.h"

#include "home.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define AT		"lat: 51.1, lon: 7.25"
#define BASEMAP		"attribution: \"© Amt\""

static struct home	home;

static int
setup(void **state)
{
	(void)state;
	return (home_init(&home) ? 0 : -1);
}

static int
teardown(void **state)
{
	(void)state;
	home_fini(&home);
	return (0);
}

/* What is found in a file with this section. */
static const char *
lines_of(const char *map)
{
	struct node	*document;

	assert_true(home_write(&home, "tenants/muster.yaml",
	    arena_format(home.arena, TENANT "map: {%s}\n", map)));
	(void)tenant_read(home.arena, &home.registry, home.dir, "muster", NULL,
	    &document, &home.findings);
	return (home_lines(&home));
}

static struct tenant *
tenant_of(const char *map)
{
	struct tenant	*tenant;
	struct node	*document;

	assert_true(home_write(&home, "tenants/muster.yaml",
	    arena_format(home.arena, TENANT "map: {%s}\n", map)));
	assert_int_equal(tenant_read(home.arena, &home.registry, home.dir,
	    "muster", NULL, &document, &home.findings), STATUS_OK);
	assert_int_equal(tenant_new(&home.registry, document, &tenant,
	    &home.findings), STATUS_OK);
	return (tenant);
}

static void
a_set_is_named_by_a_code(void **state)
{
	(void)state;
	assert_string_equal(lines_of(AT ", tiles: kreis-2026"), "");
	assert_non_null(strstr(lines_of(AT ", tiles: ../secret"),
	    "tenants/muster.yaml:9:36: /map/tiles does not have the expected "
	    "form: lower-case letters"));
	assert_non_null(strstr(lines_of(AT ", tile: a"),
	    "/map/tile is not known here, perhaps \"tiles\" is meant"));
}

static void
the_address_of_a_base_map_is_complete_and_safe(void **state)
{
	static const char *const	good[] = {
		"https://tiles.example.org/{z}/{x}/{y}.png",
		"https://tiles.example.org:8443/wmts?m={z}&r={y}&c={x}&k=a",
		"http://127.0.0.1:9000/{z}/{x}/{y}",
		"http://127.0.0.1/{z}/{x}/{y}",
	};
	static const char *const	bad[] = {
		"http://tiles.example.org/{z}/{x}/{y}.png",
		"http://127.0.0.1.example.org/{z}/{x}/{y}",
		"http://localhost/{z}/{x}/{y}",
		"ftp://tiles.example.org/{z}/{x}/{y}",
		"file:///etc/{z}/{x}/{y}",
		"https:///{z}/{x}/{y}",
		"https://tiles.example.org",
		"https://tiles.example.org?{z}{x}{y}",
		"https://user:word@tiles.example.org/{z}/{x}/{y}",
		"https://{z}.example.org/{x}/{y}",
		"https://tiles.example.org/{z}/{x}",
		"https://tiles.example.org/{z}/{x}/{x}",
		"https://tiles.example.org/{z}/{x}/{y}/{y}",
		"https://tiles.example.org/{s}/{z}/{x}/{y}",
		"https://tiles.example.org/{z}/{x}/{y}{",
		"https://tiles.example.org/{z}/{x}/{y} ",
		"https://tiles.example.org/{z}/{x}/{y}#a",
		"https://tiles.example.org/ü/{z}/{x}/{y}",
		"{z}{x}{y}",
	};
	const char			*lines;
	size_t				 i;

	(void)state;
	for (i = 0; i < COUNT(good); i++)
		assert_string_equal(lines_of(arena_format(home.arena, AT
		    ", basemap: {" BASEMAP ", url: \"%s\"}", good[i])), "");
	for (i = 0; i < COUNT(bad); i++) {
		lines = lines_of(arena_format(home.arena, AT
		    ", basemap: {" BASEMAP ", url: \"%s\"}", bad[i]));
		if (strstr(lines, "tenants/muster.yaml:9:66: /map/basemap/url "
		    "does not have the expected form: https://host/path") ==
		    NULL)
			fail_msg("%s: %s", bad[i], lines);
	}
}

static void
a_base_map_names_whose_it_is_and_zooms_that_fit(void **state)
{
	const char	*lines;

	(void)state;
	assert_non_null(strstr(lines_of(AT ", basemap: {url: \"https://a.b/"
	    "{z}/{x}/{y}\"}"), "/map/basemap/attribution is required"));
	assert_non_null(strstr(lines_of(AT ", basemap: {" BASEMAP "}"),
	    "/map/basemap/url is required"));
	assert_non_null(strstr(lines_of(AT ", basemap: {" BASEMAP ", url: "
	    "\"https://a.b/{z}/{x}/{y}\", minzoom: 12, maxzoom: 9}"),
	    "/map/basemap contradicts another value: minzoom is above "
	    "maxzoom"));
	lines = lines_of(AT ", basemap: {" BASEMAP ", url: \"https://a.b/"
	    "{z}/{x}/{y}\", type: globe, maxzoom: 23}");
	assert_non_null(strstr(lines, "/map/basemap/type is not an allowed"));
	assert_non_null(strstr(lines, "/map/basemap/maxzoom is too large, at "
	    "most 22"));
	assert_null(strstr(lines, "contradicts"));
}

static void
the_app_is_told_our_own_address_of_it(void **state)
{
	struct tenant	*tenant;
	const char	*json;
	size_t		 len;

	(void)state;
	tenant = tenant_of(AT ", basemap: {" BASEMAP ", url: \"https://a.b/k"
	    "ey/{z}/{x}/{y}\", minzoom: 6, maxzoom: 17}");
	json = tenant_app_json(home.arena, &home.registry, tenant,
	    ROUTER_PUBLIC, "de", &len);
	assert_non_null(strstr(json, "\"basemap\":{\"url\":\"/api/v1/basemap/"
	    "{z}/{x}/{y}\",\"attribution\":\"© Amt\",\"type\":\"raster\","
	    "\"minzoom\":6,\"maxzoom\":17}"));
	assert_null(strstr(json, "a.b"));
	tenant_free(tenant);
}

/* The city lies from 7.0 to 7.4 and 51.0 to 51.2. */
static void
tiles_are_fetched_of_the_city_and_a_little_around(void **state)
{
	static const struct {
		int64_t	 z, x, y;
		bool	 covered;
	} known[] = {
		{ 6, 33, 21, true },		/* 5.6 to 11.2 */
		{ 6, 34, 21, false },
		{ 12, 2130, 1369, true },	/* in the middle of it */
		{ 12, 2125, 1369, true },	/* reaches to 6.86: around */
		{ 12, 2124, 1369, false },
		{ 12, 2134, 1369, true },	/* begins at 7.56 */
		{ 12, 2135, 1369, false },
		{ 12, 2130, 1365, true },	/* reaches to 51.29 */
		{ 12, 2130, 1364, false },
		{ 12, 2130, 1373, true },	/* begins at 50.90 */
		{ 12, 2130, 1374, false },
		{ 5, 16, 10, false },		/* below the least zoom */
		{ 17, 68157, 43822, true },
		{ 18, 136315, 87644, false },	/* above the greatest */
		{ 12, -1, 1369, false },
		{ 12, 2130, 4096, false },
		{ 12, 4096 + 2130, 1369, false },
	};
	struct tenant	*tenant;
	size_t		 i;

	(void)state;
	tenant = tenant_of(AT ", basemap: {" BASEMAP ", url: \"https://a.b/"
	    "{z}/{x}/{y}\", minzoom: 6, maxzoom: 17}");
	for (i = 0; i < COUNT(known); i++)
		if (tenant_map_covers(tenant, known[i].z, known[i].x,
		    known[i].y) != known[i].covered)
			fail_msg("%d/%d/%d", (int)known[i].z, (int)known[i].x,
			    (int)known[i].y);
	tenant_free(tenant);
	tenant = tenant_of(AT);
	assert_false(tenant_map_covers(tenant, 12, 2130, 1366));
	tenant_free(tenant);
}

int
main(void)
{
	static const struct CMUnitTest	 tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(a_set_is_named_by_a_code),
		T(the_address_of_a_base_map_is_complete_and_safe),
		T(a_base_map_names_whose_it_is_and_zooms_that_fit),
		T(the_app_is_told_our_own_address_of_it),
		T(tiles_are_fetched_of_the_city_and_a_little_around),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Tenants: their files, their document, and what is made of it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include <unistd.h>

#include "home.h"

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

static struct node *
document_read(const char *slug)
{
	struct node	*document;

	if (tenant_read(home.arena, &home.registry, home.dir, slug, NULL,
	    &document, &home.findings) != STATUS_OK)
		fail_msg("%s", home_lines(&home));
	assert_int_equal(home.findings.count, 0);
	return (document);
}

/* As a server gets it: written as JSON, read again. */
static struct tenant *
tenant_get(const char *slug)
{
	struct node	*document;
	struct tenant	*tenant;
	const char	*config;

	config = tenant_config(home.arena, document_read(slug));
	assert_non_null(config);
	assert_int_equal(node_from_json(home.arena, config, strlen(config),
	    &document, &home.findings), STATUS_OK);
	if (tenant_new(&home.registry, document, &tenant,
	    &home.findings) != STATUS_OK)
		fail_msg("%s", home_lines(&home));
	return (tenant);
}

/* Exactly these findings, whatever their order. */
static void
refused(const char *yaml, const char *const *lines)
{
	struct node	*document;
	const char	*all, *p;
	size_t		 i, count;

	assert_true(home_write(&home, "tenants/muster.yaml", yaml));
	assert_int_equal(tenant_read(home.arena, &home.registry, home.dir,
	    "muster", NULL,
	    &document, &home.findings), STATUS_INVALID);
	all = home_lines(&home);
	for (i = 0; lines[i] != NULL; i++)
		if (strstr(all, lines[i]) == NULL)
			fail_msg("no \"%s\" in:\n%s", lines[i], all);
	count = 0;
	for (p = all; *p != '\0'; p++)
		count += *p == '\n';
	if (count != i)
		fail_msg("%zu lines expected in:\n%s", i, all);
}

#define REFUSED(yaml, ...)						\
	refused(yaml, (const char *const []){ __VA_ARGS__, NULL })

static const char *
replaced(const char *from, const char *to)
{
	const char	*at;

	at = strstr(TENANT, from);
	assert_non_null(at);
	return (arena_format(home.arena, "%.*s%s%s", (int)(at - TENANT),
	    TENANT, to, at + strlen(from)));
}

static void
seven_keys_make_a_tenant(void **state)
{
	struct tenant	*tenant;
	struct finds	*finds;

	(void)state;
	tenant = tenant_get("muster");
	assert_string_equal(tenant_slug(tenant), "muster");
	assert_string_equal(tenant_name(tenant), "Musterstadt");
	assert_string_equal(tenant->file.title, "Musterstadt");
	assert_string_equal(tenant->file.ags, "05999001");
	assert_string_equal(tenant->file.hosts.items[0], "muster.localhost");
	assert_string_equal(tenant_first_department(tenant)->code, "city");
	assert_string_equal(tenant_first_department(tenant)->name,
	    "Musterstadt");
	assert_string_equal(tenant_first_department(tenant)->email,
	    "stadt@example.org");
	assert_true(tenant->file.map.lat > 51.09 &&
	    tenant->file.map.lat < 51.11);
	assert_true(tenant->bbox[0] == 7.0 && tenant->bbox[1] == 51.0 &&
	    tenant->bbox[2] == 7.4 && tenant->bbox[3] == 51.2);
	assert_int_equal(tenant->file.languages.count, 2);
	assert_int_equal(tenant->plugins, 3);
	assert_true(tenant_role_gives(tenant, "admin", "finds",
	    "claims.read"));
	finds = tenant->settings[1];
	assert_int_equal(finds->keep_days, 180);
	assert_string_equal(finds->counter, "Rathaus");
	tenant_free(tenant);
}

static void
tenants_that_write_no_settings_share_them(void **state)
{
	struct tenant	*one, *two, *own;

	(void)state;
	assert_true(home_write(&home, "tenants/own.yaml",
	    TENANT "    keep_days: 30\n"));
	assert_true(home_write(&home, "tenants/own/boundary.geojson", SQUARE));
	one = tenant_get("muster");
	two = tenant_get("muster");
	own = tenant_get("own");
	assert_ptr_equal(one->settings[1], two->settings[1]);
	assert_ptr_not_equal(one->settings[1], own->settings[1]);
	assert_int_equal(((struct finds *)own->settings[1])->keep_days, 30);
	assert_string_equal(((struct finds *)own->settings[1])->counter,
	    "Rathaus");
	tenant_free(one);
	assert_string_equal(((struct finds *)two->settings[1])->department,
	    "city");
	tenant_free(two);
	tenant_free(own);
}

static void
departments_of_its_own_end_the_sharing(void **state)
{
	struct tenant	*tenant;

	(void)state;
	assert_true(home_write(&home, "tenants/muster.yaml", TENANT
	    "    account: required\n"
	    "departments:\n  roads: {name: Tiefbau}\n  green: {name: Grün}\n"));
	tenant = tenant_get("muster");
	assert_string_equal(((struct finds *)tenant->settings[1])->department,
	    "roads");
	assert_int_equal(tenant->account_required, 2);
	assert_string_equal(tenant_department(tenant, "green")->name, "Grün");
	assert_null(tenant_department(tenant, "city"));
	tenant_free(tenant);
}

static void
a_small_tenant_takes_little_memory(void **state)
{
	struct tenant	*tenant;

	(void)state;
	tenant = tenant_get("muster");
	assert_in_range(arena_size(tenant->arena), 1, 10 * 1024);
	tenant_free(tenant);
}

static void
every_missing_key_is_told(void **state)
{
	(void)state;
	REFUSED("title: X\n", "/name is required", "/ags is required",
	    "/hosts is required", "/theme is required",
	    "/boundary is required", "/email is required",
	    "/plugins is required");
}

static void
mistakes_are_told_all_at_once_with_their_places(void **state)
{
	(void)state;
	REFUSED("name: Musterstadt\nags: 123\n"
	    "hosts: [muster.localhost, Muster]\ntheme: bse\nboundry: x\n"
	    "boundary: gone.geojson\nemail: nobody\n"
	    "plugins:\n  finds:\n    keep_day: 3\n    keep_days: 0\n"
	    "  find:\n",
	    "tenants/muster.yaml:2:6: /ags does not have",
	    "tenants/muster.yaml:3:27: /hosts/1 does not have",
	    "tenants/muster.yaml:4:8: /theme refers to something",
	    "/boundry is not known here, perhaps \"boundary\" is meant",
	    "tenants/muster.yaml:6:11: /boundary cannot be opened",
	    "tenants/muster.yaml:7:8: /email does not have",
	    "/plugins/finds/keep_day is not known here, perhaps \"keep_days\"",
	    "tenants/muster.yaml:11:16: /plugins/finds/keep_days is too small",
	    "/plugins/find is not known here, perhaps \"finds\"");
}

static void
what_a_plugin_refuses_is_told_at_its_place(void **state)
{
	(void)state;
	REFUSED(TENANT "    department: roads\n",
	    "tenants/muster.yaml:9:17: /plugins/finds/department refers to "
	    "something that does not exist: roads");
}

static void
broken_yaml_names_its_line(void **state)
{
	(void)state;
	REFUSED("name: \"Muster\nags: 1\n", "tenants/muster.yaml:");
	REFUSED("- a\n", "tenants/muster.yaml:1:1: the document has the wrong");
	REFUSED(TENANT "name: Anderstadt\n", "/name occurs twice");
}

static void
rights_and_languages_have_to_exist(void **state)
{
	(void)state;
	REFUSED(TENANT "languages: [de, xx]\nroles:\n"
	    "  a: {name: A, rights: [finds.claims.read, finds.fly, sing, "
	    "finds.*]}\n",
	    "tenants/muster.yaml:9:17: /languages/1 refers to",
	    "/roles/a/rights/1 refers to something that does not exist: "
	    "finds.fly", "/roles/a/rights/2 refers to");
}

static void
a_host_named_twice_is_told(void **state)
{
	(void)state;
	REFUSED(replaced("[muster.localhost]", "[a.example, b.example, "
	    "a.example]"), "tenants/muster.yaml:3:31: /hosts/2 occurs twice");
}

static void
a_map_outside_of_the_city_is_told(void **state)
{
	(void)state;
	REFUSED(TENANT "map: {lat: 7.2, lon: 51.1}\n",
	    "tenants/muster.yaml:9:6: /map contradicts another value: lat and "
	    "lon are exchanged");
	REFUSED(TENANT "map: {lat: 48.1, lon: 11.5}\n",
	    "/map contradicts another value: the boundary reaches from");
}

static void
a_boundary_that_is_no_polygon_is_told(void **state)
{
	(void)state;
	assert_true(home_write(&home, "tenants/muster/boundary.geojson",
	    "{\"type\": \"Feature\",\n \"geometry\": {\"type\": \"Point\"}}"));
	REFUSED(TENANT, "tenants/muster/boundary.geojson:2:23: "
	    "/geometry/type is not an allowed value");
}

static void
a_boundary_that_is_a_fifo_is_not_waited_for(void **state)
{
	const char	*path;

	(void)state;
	path = arena_format(home.arena, "%s/tenants/muster/boundary.geojson",
	    home.dir);
	assert_int_equal(0, unlink(path));
	assert_int_equal(0, mkfifo(path, 0600));
	(void)alarm(20);	/* a test that hangs fails */
	REFUSED(TENANT, "/boundary cannot be opened");
	(void)alarm(0);
}

static void
a_boundary_outside_of_the_folder_is_not_read(void **state)
{
	(void)state;
	REFUSED(replaced("boundary: boundary.geojson",
	    "boundary: ../muster/boundary.geojson"),
	    "tenants/muster.yaml:5:11: /boundary does not have");
}

static void
a_slug_that_is_no_code_is_refused(void **state)
{
	struct node	*document;

	(void)state;
	assert_int_equal(tenant_read(home.arena, &home.registry, home.dir,
	    "../muster", NULL, &document, &home.findings), STATUS_INVALID);
	assert_int_equal(tenant_read(home.arena, &home.registry, home.dir,
	    "nobody", NULL,
	    &document, &home.findings), STATUS_INVALID);
	assert_non_null(strstr(home_lines(&home), "cannot be opened"));
}

static void
a_host_of_two_tenants_is_told_at_the_second(void **state)
{
	struct node	*documents[3];
	const char	*slugs[] = { "broken", "muster", "other" };

	(void)state;
	assert_true(home_write(&home, "tenants/other.yaml",
	    replaced("[muster.localhost]",
	    "[other.localhost, muster.localhost]")));
	assert_true(home_write(&home, "tenants/other/boundary.geojson",
	    SQUARE));
	documents[0] = NULL;
	documents[1] = document_read("muster");
	documents[2] = document_read("other");
	tenant_hosts_check(home.arena, slugs, documents, 3, &home.findings);
	assert_string_equal(home_lines(&home),
	    "tenants/other.yaml:3:26: /hosts/1 contradicts another value: "
	    "\"muster.localhost\" belongs to \"muster\"\n");
}

static void
a_changed_boundary_changes_the_configuration(void **state)
{
	const char	*before, *after;

	(void)state;
	before = tenant_config(home.arena, document_read("muster"));
	assert_null(strstr(before, "coordinates"));
	assert_true(home_write(&home, "tenants/muster/boundary.geojson",
	    "{\"type\":\"Polygon\",\"coordinates\":[[[7.0,51.0],[7.4,51.0],"
	    "[7.4,51.2],[7.0,51.2],[6.9999,51.1],[7.0,51.0]]]}"));
	after = tenant_config(home.arena, document_read("muster"));
	assert_string_not_equal(before, after);
	assert_non_null(strstr(tenant_boundary(home.arena,
	    document_read("muster")), "6.9999"));
}

static void
a_document_of_an_unknown_plugin_is_refused(void **state)
{
	struct tenant	*tenant;
	struct node	*document;

	(void)state;
	document = document_read("muster");
	home.registry.count = 1;
	assert_int_equal(tenant_new(&home.registry, document, &tenant,
	    &home.findings), STATUS_INVALID);
	assert_null(tenant);
	assert_non_null(strstr(home_lines(&home),
	    "/plugins/finds is not known here"));
}

static void
roles_give_what_they_list_and_no_more(void **state)
{
	struct tenant	*tenant;

	(void)state;
	assert_true(home_write(&home, "tenants/muster.yaml", TENANT
	    "roles:\n  all: {name: A, rights: [\"*\"]}\n"
	    "  plugin: {name: B, rights: [finds.*]}\n"
	    "  one: {name: C, rights: [finds.claims.read]}\n"));
	tenant = tenant_get("muster");
	assert_true(tenant_role_gives(tenant, "all", "other", "x"));
	assert_true(tenant_role_gives(tenant, "plugin", "finds", "x"));
	assert_false(tenant_role_gives(tenant, "plugin", "find", "x"));
	assert_false(tenant_role_gives(tenant, "plugin", "finds-more", "x"));
	assert_true(tenant_role_gives(tenant, "one", "finds", "claims.read"));
	assert_false(tenant_role_gives(tenant, "one", "finds", "claims"));
	assert_false(tenant_role_gives(tenant, "none", "finds", "x"));
	assert_false(tenant_role_gives(tenant, "admin", "finds", "x"));
	tenant_free(tenant);
}

/* Limits that were cut off would be none. */
static void
limits_of_any_length_are_told_whole(void **state)
{
	struct tenant	*tenant;
	struct buf	 yaml;
	const char	*json;
	size_t		 i, len;

	(void)state;
	buf_init(&yaml, home.arena, NODE_YAML_MAX);
	buf_text(&yaml, TENANT "roles:\n  clerk:\n    name: A\n    rights:\n");
	for (i = 0; i < 150 * 40; i++)
		buf_format(&yaml, i % 150 != 0 ? "        - category-%zu\n" :
		    "      - right: finds.claims.read\n        categories:\n"
		    "        - category-%zu\n", i);
	assert_true(home_write(&home, "tenants/muster.yaml",
	    buf_finish(&yaml, NULL)));
	tenant = tenant_get("muster");
	json = tenant_limits_json(home.arena, tenant, "finds", "claims.read");
	assert_non_null(json);
	len = strlen(json);
	assert_true(len > 65536);
	assert_non_null(strstr(json, "{\"clerk\":[{\"categories\":["
	    "\"category-0\","));
	assert_string_equal(json + len - strlen("-5999\"]}]}"),
	    "-5999\"]}]}");
	tenant_free(tenant);
}

static void
the_app_is_told_what_is_shown(void **state)
{
	struct tenant	*tenant;
	struct node	*app;
	const char	*json;
	size_t		 len;

	(void)state;
	assert_true(home_write(&home, "tenants/muster.yaml", TENANT
	    "    account: required\n    department: city\ntitle: Muster App\n"
	    "map: {lat: 51.1, lon: 7.25, zoom: 12}\n"));
	tenant = tenant_get("muster");
	json = tenant_app_json(home.arena, &home.registry, tenant,
	    ROUTER_PUBLIC, "de", &len);
	assert_int_equal(strlen(json), len);
	assert_int_equal(node_from_json(home.arena, json, len, &app,
	    &home.findings), STATUS_OK);
	assert_string_equal(node_get(app, "title")->text, "Muster App");
	assert_non_null(strstr(json, "\"map\":{\"center\":[7.25,51.1],"
	    "\"zoom\":12,\"bbox\":[7,51,7.4,51.2],"
	    "\"boundary\":\"/api/v1/boundary\",\"tiles\":null,"
	    "\"basemap\":null}"));
	assert_non_null(strstr(json, "\"departments\":[{\"code\":\"city\","
	    "\"name\":\"Musterstadt\"}]"));
	assert_non_null(strstr(json, "\"account\":\"required\","
	    "\"api\":\"/api/v1/finds\",\"settings\":{\"keep_days\":180,"
	    "\"counter\":\"Rathaus\"},\"app\":null}],\"app\":null}"));
	assert_null(strstr(json, "example.org"));
	tenant_free(tenant);
}

static void
slugs_are_sorted_and_only_of_yaml_files(void **state)
{
	const char	**slugs;

	(void)state;
	assert_true(home_write(&home, "tenants/b.yaml", ""));
	assert_true(home_write(&home, "tenants/a.yaml", ""));
	assert_true(home_write(&home, "tenants/.c.yaml", ""));
	assert_true(home_write(&home, "tenants/SOURCES.md", ""));
	slugs = tenant_slugs(home.arena, home.dir);
	assert_string_equal(slugs[0], "a");
	assert_string_equal(slugs[1], "b");
	assert_string_equal(slugs[2], "muster");
	assert_null(slugs[3]);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		T(seven_keys_make_a_tenant),
		T(tenants_that_write_no_settings_share_them),
		T(departments_of_its_own_end_the_sharing),
		T(a_small_tenant_takes_little_memory),
		T(every_missing_key_is_told),
		T(mistakes_are_told_all_at_once_with_their_places),
		T(what_a_plugin_refuses_is_told_at_its_place),
		T(broken_yaml_names_its_line),
		T(rights_and_languages_have_to_exist),
		T(a_host_named_twice_is_told),
		T(a_map_outside_of_the_city_is_told),
		T(a_boundary_that_is_no_polygon_is_told),
		T(a_boundary_that_is_a_fifo_is_not_waited_for),
		T(a_boundary_outside_of_the_folder_is_not_read),
		T(a_slug_that_is_no_code_is_refused),
		T(a_host_of_two_tenants_is_told_at_the_second),
		T(a_changed_boundary_changes_the_configuration),
		T(a_document_of_an_unknown_plugin_is_refused),
		T(roles_give_what_they_list_and_no_more),
		T(limits_of_any_length_are_told_whole),
		T(the_app_is_told_what_is_shown),
		T(slugs_are_sorted_and_only_of_yaml_files),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

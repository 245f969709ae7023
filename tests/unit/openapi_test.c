/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The OpenAPI document of the platform and the sample plugin. With
 * OPENAPI_OUT set, both documents are also written there, for a validator.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/plugin/openapi.h"

#include "sample.h"

static struct sample	 sample;
static struct registry	*registry;
static struct node	*public;
static struct node	*office;

static struct node *
document(uint64_t mask, enum router_side side, const char *file)
{
	struct findings	 findings;
	struct node	*node;
	const char	*text;
	size_t		 len;

	text = openapi_document(sample.arena, registry, mask, side, &len);
	assert_non_null(text);
	assert_int_equal(strlen(text), len);
	findings_init(&findings, sample.arena);
	assert_int_equal(node_from_json(sample.arena, text, len, &node,
	    &findings), STATUS_OK);
	if (file != NULL && getenv("OPENAPI_OUT") != NULL)
		assert_true(folder_write(arena_format(sample.arena, "%s/%s",
		    getenv("OPENAPI_OUT"), file), text));
	return (node);
}

static int
setup(void **state)
{
	struct findings	findings;

	(void)state;
	if (!sample_init(&sample, NULL))
		return (-1);
	findings_init(&findings, sample.arena);
	if (registry_load(&registry, sample.home, sample.objects,
	    &findings) != STATUS_OK) {
		print_error("%s\n", finding_line(sample.arena,
		    findings.first));
		return (-1);
	}
	public = document(UINT64_MAX, ROUTER_PUBLIC, "public.json");
	office = document(UINT64_MAX, ROUTER_OFFICE, "office.json");
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	registry_free(registry);
	sample_fini(&sample);
	return (0);
}

/* Follows member names, or numbers inside a list. */
static const struct node *
at(const struct node *node, const char *const *names)
{
	unsigned long	i;

	for (; *names != NULL && node != NULL; names++) {
		if (node->kind != NODE_LIST) {
			node = node_get(node, *names);
			continue;
		}
		i = strtoul(*names, NULL, 10);
		for (node = node->first; node != NULL && i > 0; i--)
			node = node->next;
	}
	return (node);
}

#define AT(node, ...)	at(node, (const char *const []){ __VA_ARGS__, NULL })
#define OPERATION(path, method)						\
	AT(public, "paths", "/api/v1/sample" path, method)

static void
assert_text(const struct node *node, const char *text)
{
	assert_non_null(node);
	assert_int_equal(node->kind, NODE_TEXT);
	assert_string_equal(node->text, text);
}

static bool
has_parameter(const struct node *operation, const char *name)
{
	const struct node	*parameter, *its;

	parameter = node_get(operation, "parameters")->first;
	for (; parameter != NULL; parameter = parameter->next) {
		its = node_get(parameter, "name");
		if (its != NULL && strcmp(its->text, name) == 0)
			return (true);
	}
	return (false);
}

static void
the_document_says_its_version_and_all_paths_of_a_side(void **state)
{
	(void)state;
	assert_text(AT(public, "openapi"), "3.1.0");
	assert_non_null(AT(public, "paths", "/api/v1/app", "get"));
	assert_non_null(OPERATION("/finds/{id}", "get"));
	assert_null(OPERATION("/finds/{id}", "delete"));
	assert_non_null(AT(office, "paths",
	    "/office/api/v1/sample/finds/{id}", "delete"));
	assert_null(AT(office, "paths", "/api/v1/app"));
}

static void
a_plugin_that_is_off_is_not_in_the_document(void **state)
{
	const struct node	*node, *path;

	(void)state;
	node = document(1, ROUTER_PUBLIC, NULL);
	assert_int_equal(AT(node, "tags")->count, 1);
	for (path = AT(node, "paths")->first; path != NULL; path = path->next)
		assert_null(strstr(path->name, "sample"));
}

static void
an_operation_has_id_summary_tag_and_parameters(void **state)
{
	const struct node	*operation;

	(void)state;
	operation = OPERATION("/finds", "get");
	assert_text(AT(operation, "operationId"), "sample.find_list");
	assert_text(AT(operation, "summary"), "All finds.");
	assert_text(AT(operation, "tags", "0"), "sample");
	assert_true(has_parameter(operation, "category"));
	assert_true(has_parameter(operation, "cursor"));
	assert_true(has_parameter(operation, "limit"));
	assert_text(AT(operation, "parameters", "0", "description"),
	    "only finds of this category");
	assert_text(AT(operation, "parameters", "0", "schema", "type"),
	    "string");
	assert_text(AT(OPERATION("/finds/{id}", "get"), "parameters", "0",
	    "schema", "format"), "uuid");
	assert_false(has_parameter(OPERATION("/finds/{id}", "get"), "limit"));
}

static void
bodies_are_described_by_their_tables_or_media_types(void **state)
{
	const struct node	*content;

	(void)state;
	content = AT(OPERATION("/finds/{id}/claims", "post"), "requestBody",
	    "content", "application/json", "schema", "properties");
	assert_non_null(AT(content, "proof"));
	assert_non_null(AT(content, "position", "properties", "lat"));
	assert_null(AT(content, "serial"));
	content = AT(OPERATION("/finds/{id}/picture", "put"), "requestBody",
	    "content");
	assert_int_equal(content->count, 2);
	assert_non_null(AT(content, "image/png"));
}

static void
answers_follow_from_statement_access_and_method(void **state)
{
	const struct node	*list, *claim, *put;

	(void)state;
	list = AT(OPERATION("/finds", "get"), "responses");
	assert_non_null(AT(list, "200", "content", "application/json"));
	assert_non_null(AT(list, "304"));
	assert_null(AT(list, "401"));
	assert_null(AT(list, "413"));
	claim = AT(OPERATION("/finds/{id}/claims", "post"), "responses");
	assert_non_null(AT(claim, "201"));
	assert_null(AT(claim, "200"));
	assert_non_null(AT(claim, "403"));
	assert_non_null(AT(claim, "415"));
	put = AT(OPERATION("/finds/{id}/picture", "put"), "responses");
	assert_non_null(AT(put, "204"));
	assert_null(AT(put, "204", "content"));
	assert_null(AT(put, "403"));
}

static void
what_creates_takes_a_key(void **state)
{
	const struct node	*parameters;

	(void)state;
	parameters = AT(OPERATION("/finds/{id}/claims", "post"),
	    "parameters");
	assert_text(AT(parameters, "1", "$ref"),
	    "#/components/parameters/IdempotencyKey");
	assert_int_equal(AT(OPERATION("/finds/{id}/picture", "put"),
	    "parameters")->count, 1);
}

static void
callers_show_a_token_a_cookie_or_nothing(void **state)
{
	(void)state;
	assert_int_equal(AT(OPERATION("/finds", "get"), "security")->count,
	    0);
	assert_non_null(AT(OPERATION("/finds/{id}/claims", "post"),
	    "security", "0", "device"));
	assert_non_null(AT(office, "paths", "/office/api/v1/sample/claims",
	    "get", "security", "0", "staff"));
	assert_int_equal(AT(office, "paths", "/office/api/v1/session",
	    "post", "security")->count, 0);
	assert_text(AT(office, "components", "securitySchemes", "staff",
	    "name"), "__Host-stadtkern");
}

static void
problems_are_listed_with_their_status(void **state)
{
	const struct node	*problem;

	(void)state;
	problem = AT(public, "tags", "1", "x-problems", "0");
	assert_text(AT(problem, "type"), "/problems/find-gone");
	assert_int_equal(AT(problem, "status")->integer, 409);
	assert_text(AT(problem, "title"), "This find is no longer here.");
}

/* Every "$ref" of a tree leads somewhere. */
static void
check_references(const struct node *root, const struct node *node)
{
	const struct node	*child, *found;
	char			*path, *name;

	for (child = node->first; child != NULL; child = child->next)
		check_references(root, child);
	if (node->name == NULL || strcmp(node->name, "$ref") != 0)
		return;
	path = arena_text(sample.arena, node->text);
	assert_memory_equal(path, "#/", 2);
	found = root;
	path += 2;
	while ((name = strsep(&path, "/")) != NULL)
		found = node_get(found, name);
	if (found == NULL)
		fail_msg("%s", node->text);
}

static void
every_reference_leads_somewhere(void **state)
{
	(void)state;
	check_references(public, public);
	check_references(office, office);
}

static void
operation_ids_are_unique(void **state)
{
	const struct node	*path, *operation, *id;
	const char		*seen;

	(void)state;
	seen = " ";
	for (path = AT(public, "paths")->first; path != NULL;
	    path = path->next) {
		for (operation = path->first; operation != NULL;
		    operation = operation->next) {
			id = node_get(operation, "operationId");
			assert_null(strstr(seen, arena_format(sample.arena,
			    " %s ", id->text)));
			seen = arena_format(sample.arena, "%s%s ", seen,
			    id->text);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(
		    the_document_says_its_version_and_all_paths_of_a_side),
		cmocka_unit_test(a_plugin_that_is_off_is_not_in_the_document),
		cmocka_unit_test(
		    an_operation_has_id_summary_tag_and_parameters),
		cmocka_unit_test(
		    bodies_are_described_by_their_tables_or_media_types),
		cmocka_unit_test(
		    answers_follow_from_statement_access_and_method),
		cmocka_unit_test(what_creates_takes_a_key),
		cmocka_unit_test(callers_show_a_token_a_cookie_or_nothing),
		cmocka_unit_test(problems_are_listed_with_their_status),
		cmocka_unit_test(every_reference_leads_somewhere),
		cmocka_unit_test(operation_ids_are_unique),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

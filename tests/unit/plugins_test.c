/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What every plugin of this checkout has to keep to, beyond what
 * registry_load() refuses: everything is described, and a setting that is not
 * what it should be is found where it stands.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/plugin/registry.h"

static struct arena	*arena;
static struct registry	*registry;

static int
plugins_setup(void **state)
{
	const char	*build = getenv("BUILD");
	struct findings	 findings;

	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	if (registry_load(&registry, ".", arena_format(arena, "%s/plugins",
	    build == NULL ? "build" : build), &findings) == STATUS_OK)
		return (0);
	(void)fprintf(stderr, "%s\n", finding_line(arena, findings.first));
	return (-1);
}

static int
plugins_teardown(void **state)
{
	(void)state;
	registry_free(registry);
	arena_free(arena);
	return (0);
}

static void
described(const char *where, const struct field *fields)
{
	const struct field	*field;
	const char		*at;

	for (field = fields; field != NULL &&
	    field->type != FIELD_TYPE_END; field++) {
		if (field->type == FIELD_TYPE_COMPUTED ||
		    field->type == FIELD_TYPE_BYTES)
			continue;
		at = arena_format(arena, "%s/%s", where, field->name);
		if (field->says == NULL || *field->says == '\0')
			fail_msg("%s says nothing", at);
		described(at, field->fields);
	}
}

static void
routes_described(const char *name, const struct route *routes)
{
	const struct route	*route;
	const char		*where;

	for (route = routes; route != NULL && route->method != METHOD_END;
	    route++) {
		where = arena_format(arena, "%s: %d %s", name,
		    (int)route->method, route->path);
		if (route->says == NULL || *route->says == '\0')
			fail_msg("%s says nothing", where);
		described(where, route->path_fields);
		described(where, route->query);
		described(where, route->body);
	}
}

static void
every_route_and_every_field_says_what_it_is(void **state)
{
	const struct plugin	*plugin;
	const struct mount	*mount;
	size_t			 i;

	(void)state;
	assert_true(registry->count > 1);
	for (i = 1; i < registry->count; i++) {
		plugin = registry->plugins[i].plugin;
		described(plugin->name, plugin->settings);
		routes_described(plugin->name, plugin->routes);
		for (mount = plugin->mounts; mount != NULL &&
		    mount->path != NULL; mount++)
			routes_described(plugin->name, mount->routes);
	}
}

/* YAML that a field of this type must not take. */
static const char *
hostile(const struct field *field)
{
	switch (field->type) {
	case FIELD_TYPE_BOOL:
		return ("perhaps");
	case FIELD_TYPE_INT:
	case FIELD_TYPE_NUMBER:
		return ("never");
	case FIELD_TYPE_CHOICE:
		return ("\"no such choice\"");
	case FIELD_TYPE_TEXT:
		return ("[a, list]");
	case FIELD_TYPE_OBJECT:
	case FIELD_TYPE_LIST:
	case FIELD_TYPE_KEYED:
		return ("\"a word\"");
	default:
		return (NULL);
	}
}

/* That `yaml` has a finding with this pointer on this line. */
static void
finds(const struct plugin *plugin, const char *yaml, const char *pointer,
    unsigned int line)
{
	const struct finding	*finding;
	struct field_context	 context = { .arena = arena };
	struct findings		 findings;
	struct values		 values;
	struct node		*node;

	findings_init(&findings, arena);
	context.findings = &findings;
	assert_int_equal(node_from_yaml(arena, "city.yaml", yaml,
	    strlen(yaml), &node, &findings), STATUS_OK);
	assert_int_not_equal(field_check(&context, plugin->settings, node,
	    "", &values), STATUS_OK);
	for (finding = findings.first; finding != NULL;
	    finding = finding->next) {
		if (strcmp(finding->pointer, pointer) == 0 &&
		    finding->line == line && finding->column > 0)
			return;
	}
	fail_msg("%s: no finding at %s, line %u, of:\n%s", plugin->name,
	    pointer, line, yaml);
}

static void
a_hostile_setting_is_found_where_it_stands(void **state)
{
	const struct plugin	*plugin;
	const struct field	*field;
	const char		*wrong;
	size_t			 i, tried;

	(void)state;
	tried = 0;
	for (i = 1; i < registry->count; i++) {
		plugin = registry->plugins[i].plugin;
		if (plugin->settings == NULL)
			continue;
		finds(plugin, "# a comment\nno_such_setting: 1\n",
		    "/no_such_setting", 2);
		for (field = plugin->settings; field->type != FIELD_TYPE_END;
		    field++) {
			if ((wrong = hostile(field)) == NULL)
				continue;
			finds(plugin, arena_format(arena, "# a comment\n%s: "
			    "%s\n", field->name, wrong), arena_format(arena,
			    "/%s", field->name), 2);
			tried++;
		}
	}
	assert_true(tried > 0);
}

static void
a_number_beyond_its_limits_is_found(void **state)
{
	const struct plugin	*plugin;
	const struct field	*field;
	size_t			 i;

	(void)state;
	for (i = 1; i < registry->count; i++) {
		plugin = registry->plugins[i].plugin;
		for (field = plugin->settings; field != NULL &&
		    field->type != FIELD_TYPE_END; field++) {
			if (field->type != FIELD_TYPE_INT)
				continue;
			if (field->max <= field->min)
				fail_msg("%s: %s has no limits", plugin->name,
				    field->name);
			finds(plugin, arena_format(arena, "%s: %.0f\n",
			    field->name, field->max + 1), arena_format(arena,
			    "/%s", field->name), 1);
			finds(plugin, arena_format(arena, "%s: %.0f\n",
			    field->name, field->min - 1), arena_format(arena,
			    "/%s", field->name), 1);
		}
	}
}

/* The office speaks both languages; what citizens read has its own test. */
static void
what_staff_read_of_declarations_is_in_english_as_well(void **state)
{
	static const char *const	 sections[] = { "/action.", "/right.",
					    "/reads.", "/subject." };
	const struct finding		*finding;
	struct findings			 findings;
	size_t				 i, k;

	(void)state;
	findings_init(&findings, arena);
	for (i = 0; i < registry->count; i++)
		messages_missing(registry->plugins[i].messages, "en",
		    &findings);
	for (finding = findings.first; finding != NULL;
	    finding = finding->next)
		for (k = 0; k < sizeof(sections) / sizeof(sections[0]); k++)
			if (strncmp(finding->pointer, sections[k],
			    strlen(sections[k])) == 0)
				fail_msg("%s", finding_line(arena, finding));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_and_every_field_says_what_it_is),
		cmocka_unit_test(a_hostile_setting_is_found_where_it_stands),
		cmocka_unit_test(a_number_beyond_its_limits_is_found),
		cmocka_unit_test(
		    what_staff_read_of_declarations_is_in_english_as_well),
	};

	return (cmocka_run_group_tests(tests, plugins_setup,
	    plugins_teardown));
}

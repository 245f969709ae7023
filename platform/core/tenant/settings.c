/* SPDX-License-Identifier: EUPL-1.2 */
/* A plugin's settings in one tenant: the city's over the plugin's own. */

#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/settings.h"
#include "core/tenant/tenant_file.h"

#define SECTION_ACCOUNT	"account"

/* The keys that any plugin's section may have. */
struct common {
	const char	*account;
};

static const char *const account_choices[] = { "optional", "required", NULL };

static const struct field common_fields[] = {
	FIELD_CHOICE(struct common, account, .choices = account_choices,
	    .otherwise = "optional",
	    .says = "whether what is sent needs a confirmed account"),
	FIELD_END
};

static const struct field no_fields[] = { FIELD_END };

void
settings_finding(const struct settings_check *check, const struct node *node,
    const char *pointer, enum finding_code code, const char *argument)
{
	node_finding(check->findings, node != NULL ? node : check->node,
	    arena_format(check->findings->arena, "/plugins/%s%s",
	    check->node->name, pointer), code, argument);
}

static bool
fields_have_any(const struct field *fields)
{
	if (fields == NULL)
		return (false);
	for (; fields->type != FIELD_TYPE_END; fields++) {
		if (fields->type == FIELD_TYPE_ANY ||
		    fields_have_any(fields->fields))
			return (true);
	}
	return (false);
}

/*
 * The tenant's section without the common keys, then what it left out. Only
 * FIELD_ANY keeps pointing into it, past the document's end: then a copy.
 */
static struct node *
section_merge(struct arena *arena, const struct loaded *loaded,
    const struct node *section)
{
	struct node		*(*take)(struct arena *, const struct node *);
	const struct node	*child;
	struct node		*merged;

	take = fields_have_any(loaded->plugin->settings) ? node_copy :
	    node_share;
	merged = node_new(arena, NODE_MAP);
	merged->name = section->name;
	merged->file = section->file;
	merged->line = section->line;
	merged->column = section->column;
	for (child = section->first; child != NULL; child = child->next) {
		if (strcmp(child->name, SECTION_ACCOUNT) != 0)
			node_append(arena, merged, child->name,
			    take(arena, child));
	}
	if (loaded->defaults == NULL)
		return (merged);
	for (child = loaded->defaults->first; child != NULL;
	    child = child->next) {
		if (node_get(section, child->name) == NULL)
			node_append(arena, merged, child->name,
			    node_share(arena, child));
	}
	return (merged);
}

/* Checks and fills; `tenant` is whom the plugin's own check asks, or NULL. */
static enum status
section_fill(const struct field_context *context,
    const struct loaded *loaded, const struct tenant *tenant,
    const struct node *section, void **settings)
{
	const struct plugin	*plugin = loaded->plugin;
	struct settings_check	 check;
	struct values		 values;
	struct node		*merged;
	const char		*pointer;

	merged = section_merge(context->arena, loaded, section);
	pointer = arena_format(context->arena, "/plugins/%s", plugin->name);
	if (field_check(context, plugin->settings == NULL ? no_fields :
	    plugin->settings, merged, pointer, &values) != STATUS_OK)
		return (STATUS_INVALID);
	*settings = values.data;
	if (plugin->check == NULL || tenant == NULL)
		return (STATUS_OK);
	check.tenant = tenant;
	check.arena = context->arena;
	check.findings = context->findings;
	check.node = merged;
	return (plugin->check(&check, values.data));
}

/* What stands for settings that cannot be shared: tried once, not again. */
static char	 none_shared;

/* NULL when the defaults alone do not do; its findings are then not shown. */
static void *
settings_shared(const struct registry *registry, struct loaded *loaded)
{
	struct findings		 findings;
	struct field_context	 context = { .arena = registry->arena,
				    .findings = &findings };
	struct tenant		*nobody;
	struct node		*section;
	void			*settings;

	if (loaded->shared != NULL)
		return (loaded->shared == &none_shared ? NULL :
		    loaded->shared);
	findings_init(&findings, registry->arena);
	nobody = arena_alloc(registry->arena, sizeof(*nobody));
	nobody->slug = nobody->file.name = nobody->file.email = "";
	tenant_file_default(registry->arena, &nobody->file);
	section = node_new(registry->arena, NODE_MAP);
	section->name = loaded->plugin->name;
	if (section_fill(&context, loaded, nobody, section,
	    &settings) != STATUS_OK) {
		loaded->shared = &none_shared;
		return (NULL);
	}
	loaded->shared = settings;
	return (settings);
}

static bool
section_is_default(const struct node *section)
{
	const struct node	*child;

	for (child = section->first; child != NULL; child = child->next) {
		if (strcmp(child->name, SECTION_ACCOUNT) != 0)
			return (false);
	}
	return (true);
}

static enum status
common_fill(const struct field_context *context, const struct loaded *loaded,
    struct tenant *tenant, const struct node *section)
{
	const struct node	*account;
	const struct common	*common;
	struct values		 values;
	struct node		*map;
	const char		*pointer;

	account = node_get(section, SECTION_ACCOUNT);
	if (account == NULL)
		return (STATUS_OK);
	map = node_new(context->arena, NODE_MAP);
	node_append(context->arena, map, SECTION_ACCOUNT,
	    node_share(context->arena, account));
	pointer = arena_format(context->arena, "/plugins/%s",
	    loaded->plugin->name);
	if (field_check(context, common_fields, map, pointer,
	    &values) != STATUS_OK)
		return (STATUS_INVALID);
	common = values.data;
	if (strcmp(common->account, "required") == 0)
		tenant->account_required |= UINT64_C(1) << loaded->index;
	return (STATUS_OK);
}

enum status
settings_fill(const struct registry *registry, struct loaded *loaded,
    struct tenant *tenant, enum settings_of of, const struct node *section,
    struct findings *findings)
{
	struct field_context	 context = { .arena = tenant->arena,
				    .findings = findings };
	void			*settings;
	enum status		 status;

	if (section->kind != NODE_MAP && section->kind != NODE_NULL) {
		node_finding(findings, section, arena_format(tenant->arena,
		    "/plugins/%s", loaded->plugin->name), FINDING_TYPE,
		    "a map of settings, or nothing");
		return (STATUS_INVALID);
	}
	tenant->plugins |= UINT64_C(1) << loaded->index;
	status = common_fill(&context, loaded, tenant, section);
	settings = NULL;
	if (of == SETTINGS_OF_PLAIN && section_is_default(section))
		settings = settings_shared(registry, loaded);
	if (settings == NULL && section_fill(&context, loaded,
	    of == SETTINGS_OF_BROKEN ? NULL : tenant, section,
	    &settings) != STATUS_OK)
		status = STATUS_INVALID;
	tenant->settings[loaded->index] = settings;
	return (status);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Roles: which rights they give, and for which departments and categories.
 *
 *	rights:
 *	  - lost-property.finds.write
 *	  - right: lost-property.claims.read
 *	    departments: [roads]
 */

#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/tenant.h"
#include "core/tenant/tenant_file.h"

#define RIGHTS_MAX	200	/* of a role */
/* Bytes of JSON: as much as a tenant's whole document may have, which this is
 * a part of. What did not fit would be no limit at all. */
#define LIMITS_MAX	(4u << 20)

static const struct field grant_fields[] = {
	FIELD_TEXT(struct grant, right, .required = true,
	    .says = "*, <plugin>.* or <plugin>.<right>"),
	FIELD_LIST(struct grant, departments, .format = FIELD_FORMAT_CODE,
	    .min = 1, .max = 200, .says = "only what is these departments'"),
	FIELD_LIST(struct grant, categories, .format = FIELD_FORMAT_CODE,
	    .min = 1, .max = 200, .says = "only what is of these categories"),
	FIELD_END
};

/* Whether `given` ("*", "<plugin>.*", "<plugin>.<right>") covers a right. */
static bool
right_covers(const char *given, const char *plugin, const char *right)
{
	size_t	 len;

	if (strcmp(given, "*") == 0)
		return (true);
	plugin = RIGHTS_OF(plugin);
	len = strlen(plugin);
	if (strncmp(given, plugin, len) != 0 || given[len] != '.')
		return (false);
	given += len + 1;
	return (strcmp(given, "*") == 0 || strcmp(given, right) == 0);
}

static bool
grant_is_limited(const struct grant *grant)
{
	return (grant->departments.count != 0 || grant->categories.count != 0);
}

bool
role_gives(const struct role *role, const char *plugin, const char *right)
{
	size_t	 i;

	for (i = 0; i < role->grants.count; i++)
		if (right_covers(role->grants.items[i].right, plugin, right))
			return (true);
	return (false);
}

const struct role *
tenant_role(const struct tenant *tenant, const char *code)
{
	size_t	 i;

	for (i = 0; i < tenant->file.roles.count; i++)
		if (strcmp(tenant->file.roles.items[i].code, code) == 0)
			return (&tenant->file.roles.items[i]);
	return (NULL);
}

bool
tenant_role_gives(const struct tenant *tenant, const char *code,
    const char *plugin, const char *right)
{
	const struct role	*role;

	role = tenant_role(tenant, code);
	return (role != NULL && role_gives(role, plugin, right));
}

/* Whether every grant that gives the right is limited, and there is one. */
static bool
role_is_limited(const struct role *role, const char *plugin,
    const char *right)
{
	size_t	 i;
	bool	 any;

	any = false;
	for (i = 0; i < role->grants.count; i++) {
		if (!right_covers(role->grants.items[i].right, plugin, right))
			continue;
		if (!grant_is_limited(&role->grants.items[i]))
			return (false);
		any = true;
	}
	return (any);
}

static void
codes_to_json(struct json *json, const char *name, size_t count,
    const char *const *codes)
{
	size_t	 i;

	if (count == 0)
		return;
	json_open_array(json, name);
	for (i = 0; i < count; i++)
		json_text(json, NULL, codes[i]);
	json_close(json);
}

const char *
tenant_limits_json(struct arena *arena, const struct tenant *tenant,
    const char *plugin, const char *right)
{
	const struct grant	*grant;
	const struct role	*role;
	struct json		 json;
	size_t			 i, k;

	json_init(&json, arena, LIMITS_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < tenant->file.roles.count; i++) {
		role = &tenant->file.roles.items[i];
		if (!role_is_limited(role, plugin, right))
			continue;
		json_open_array(&json, role->code);
		for (k = 0; k < role->grants.count; k++) {
			grant = &role->grants.items[k];
			if (!right_covers(grant->right, plugin, right))
				continue;
			json_open_object(&json, NULL);
			codes_to_json(&json, "departments",
			    grant->departments.count,
			    grant->departments.items);
			codes_to_json(&json, "categories",
			    grant->categories.count, grant->categories.items);
			json_close(&json);
		}
		json_close(&json);
	}
	json_close(&json);
	return (json_finish(&json, NULL));
}

/* Whether "<plugin>.<right>" or "<plugin>.*" is one that a plugin declares. */
static bool
right_exists(const struct registry *registry, const char *right)
{
	const char *const	*permission;
	const struct plugin	*plugin;
	const char		*dot, *name;
	size_t			 i;

	if (strcmp(right, "*") == 0)
		return (true);
	if ((dot = strchr(right, '.')) == NULL)
		return (false);
	for (i = 0; i < registry->count; i++) {
		plugin = registry->plugins[i].plugin;
		name = RIGHTS_OF(plugin->name);
		if (strlen(name) != (size_t)(dot - right) ||
		    strncmp(name, right, (size_t)(dot - right)) != 0)
			continue;
		if (strcmp(dot + 1, "*") == 0)
			return (true);
		permission = plugin->permissions;
		for (; permission != NULL && *permission != NULL; permission++)
			if (strcmp(*permission, dot + 1) == 0)
				return (true);
	}
	return (false);
}

static void
departments_check(const struct tenant *tenant, const struct grant *grant,
    const struct node *node, const char *pointer, struct findings *findings)
{
	size_t	 i;

	for (i = 0; i < grant->departments.count; i++)
		if (tenant_department(tenant, grant->departments.items[i]) ==
		    NULL)
			node_finding(findings, node,
			    arena_format(tenant->arena, "%s/departments/%zu",
			    pointer, i), FINDING_REFERENCE,
			    grant->departments.items[i]);
}

/* A text is a map with nothing but `right`. */
static void
grant_fill(struct tenant *tenant, const struct registry *registry,
    const struct node *node, const char *pointer, struct grant *grant,
    struct findings *findings)
{
	struct field_context	 context = { .arena = tenant->arena,
				    .findings = findings };
	struct values		 values;
	const char		*at;

	at = pointer;
	if (node_text(node) != NULL) {
		grant->right = arena_text(tenant->arena, node->text);
	} else if (field_check(&context, grant_fields, node, pointer,
	    &values) == STATUS_OK) {
		*grant = *(const struct grant *)values.data;
		at = arena_format(tenant->arena, "%s/right", pointer);
	}
	if (grant->right == NULL) {
		grant->right = "";
		return;
	}
	if (!right_exists(registry, grant->right))
		node_finding(findings, node, at, FINDING_REFERENCE,
		    grant->right);
	departments_check(tenant, grant, node, pointer, findings);
}

void
tenant_roles_fill(struct tenant *tenant, const struct registry *registry,
    struct findings *findings)
{
	const struct node	*node;
	const char		*pointer;
	struct role		*role;
	size_t			 i, k;

	for (i = 0; i < tenant->file.roles.count; i++) {
		role = &tenant->file.roles.items[i];
		if ((node = role->rights) == NULL)
			continue;
		role->rights = NULL;
		pointer = arena_format(tenant->arena, "/roles/%s/rights",
		    role->code);
		if (node->kind != NODE_LIST || node->count == 0 ||
		    node->count > RIGHTS_MAX) {
			node_finding(findings, node, pointer,
			    node->kind != NODE_LIST ? FINDING_TYPE :
			    node->count == 0 ? FINDING_TOO_FEW :
			    FINDING_TOO_MANY, node->kind != NODE_LIST ?
			    "a list" : node->count == 0 ? "1" : "200");
			continue;
		}
		role->grants.count = node->count;
		role->grants.items = arena_alloc(tenant->arena,
		    node->count * sizeof(struct grant));
		k = 0;
		for (node = node->first; node != NULL; node = node->next, k++)
			grant_fill(tenant, registry, node,
			    arena_format(tenant->arena, "%s/%zu", pointer, k),
			    &role->grants.items[k], findings);
	}
}

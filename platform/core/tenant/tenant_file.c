/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of tenants/<slug>.yaml and the checks beyond it. */

#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/legal.h"
#include "core/tenant/settings.h"
#include "core/tenant/tenant_file.h"
#include "core/tenant/tenant_map.h"

static const struct field department_fields[] = {
	FIELD_TEXT(struct department, code, .format = FIELD_FORMAT_CODE),
	FIELD_TEXT(struct department, name, .format = FIELD_FORMAT_LINE,
	    .required = true, .says = "name as citizens read it"),
	FIELD_TEXT(struct department, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254),
	FIELD_TEXT(struct department, phone, .format = FIELD_FORMAT_PHONE,
	    .max = 40),
	FIELD_END
};

static const struct field body_fields[] = {
	FIELD_TEXT(struct outside_body, code, .format = FIELD_FORMAT_CODE),
	FIELD_TEXT(struct outside_body, name, .format = FIELD_FORMAT_LINE,
	    .required = true, .says = "name as staff and citizens read it"),
	FIELD_TEXT(struct outside_body, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .required = true,
	    .says = "where reports are forwarded to"),
	FIELD_END
};

static const struct field role_fields[] = {
	FIELD_TEXT(struct role, code, .format = FIELD_FORMAT_CODE),
	FIELD_TEXT(struct role, name, .format = FIELD_FORMAT_LINE,
	    .required = true, .says = "name as staff read it"),
	FIELD_LIST(struct role, rights, .min = 1, .max = 200,
	    .required = true,
	    .says = "*, <plugin>.* or <plugin>.<right>"),
	FIELD_END
};

const struct field tenant_fields[] = {
	FIELD_TEXT(struct tenant_file, name, .format = FIELD_FORMAT_LINE,
	    .max = 100, .required = true, .says = "the city's name"),
	FIELD_TEXT(struct tenant_file, ags, .format = FIELD_FORMAT_AGS,
	    .required = true, .says = "its official key"),
	FIELD_LIST(struct tenant_file, hosts, .format = FIELD_FORMAT_HOST,
	    .min = 1, .max = 20, .required = true,
	    .says = "host names under which it answers"),
	FIELD_TEXT(struct tenant_file, theme, .format = FIELD_FORMAT_CODE,
	    .required = true, .says = "a folder of themes/"),
	FIELD_TEXT(struct tenant_file, boundary, .format = FIELD_FORMAT_PATH,
	    .required = true,
	    .says = "GeoJSON file in tenants/<slug>/ with the city's area"),
	FIELD_TEXT(struct tenant_file, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .required = true,
	    .says = "the city's address, sender of its mail"),
	FIELD_ANY(struct tenant_file, plugins, .required = true,
	    .says = "the plugins that are on, each with its settings"),
	FIELD_TEXT(struct tenant_file, title, .format = FIELD_FORMAT_LINE,
	    .max = 60, .says = "name of the app; otherwise the city's"),
	FIELD_OBJECT(struct tenant_file, map, .fields = map_fields,
	    .says = "where the map opens, and what lies below"),
	FIELD_KEYED(struct tenant_file, departments,
	    .fields = department_fields, .max = 200,
	    .says = "by code; the first one gets what nobody else does"),
	FIELD_KEYED(struct tenant_file, outside_bodies,
	    .fields = body_fields, .max = 200,
	    .says = "by code: who else keeps roads, lamps, pipes"),
	FIELD_KEYED(struct tenant_file, roles, .fields = role_fields,
	    .max = 100, .says = "by code: what staff may do"),
	FIELD_LIST(struct tenant_file, languages,
	    .format = FIELD_FORMAT_CODE, .min = 1, .max = 20,
	    .otherwise = "[de, en]", .says = "languages of the app"),
	FIELD_ANY(struct tenant_file, legal,
	    .says = "imprint, data protection, accessibility: legal_fields"),
	FIELD_LIST(struct tenant_file, events, .format = FIELD_FORMAT_CODE,
	    .max = 20, .says = "themes that are on from a day until a day"),
	FIELD_LIST(struct tenant_file, order, .format = FIELD_FORMAT_CODE,
	    .min = 1, .max = 20,
	    .says = "cards of the start page; otherwise the theme's"),
	FIELD_ANY(struct tenant_file, words,
	    .says = "texts worded otherwise, by language and key"),
	FIELD_END
};

void
tenant_file_default(struct arena *arena, struct tenant_file *file)
{
	struct department	*department;
	struct role		*role;

	if (file->departments.count == 0) {
		department = arena_alloc(arena, sizeof(*department));
		department->code = "city";
		department->name = file->name;
		department->email = file->email;
		file->departments.items = department;
		file->departments.count = 1;
	}
	if (file->roles.count == 0) {
		role = arena_alloc(arena, sizeof(*role));
		role->code = "admin";
		role->name = "Administration";
		role->rights.items = arena_alloc(arena, sizeof(const char *));
		role->rights.items[0] = "*";
		role->rights.count = 1;
		file->roles.items = role;
		file->roles.count = 1;
	}
	if (file->title == NULL)
		file->title = file->name;
}

/* Whether "<plugin>.<right>" or "<plugin>.*" is one that a plugin declares. */
static bool
right_exists(const struct registry *registry, const char *right)
{
	const char *const	*permission;
	const struct plugin	*plugin;
	const char		*dot;
	size_t			 i;

	if (strcmp(right, "*") == 0)
		return (true);
	if ((dot = strchr(right, '.')) == NULL)
		return (false);
	for (i = 0; i < registry->count; i++) {
		plugin = registry->plugins[i].plugin;
		if (strlen(plugin->name) != (size_t)(dot - right) ||
		    strncmp(plugin->name, right, (size_t)(dot - right)) != 0)
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
roles_check(const struct tenant *tenant, const struct registry *registry,
    const struct node *roles, struct findings *findings)
{
	const struct node	*role, *right;
	const char		*text;
	size_t			 i;

	if (roles == NULL)
		return;
	for (role = roles->first; role != NULL; role = role->next) {
		if ((right = node_get(role, "rights")) == NULL)
			continue;
		i = 0;
		for (right = right->first; right != NULL;
		    right = right->next, i++) {
			text = node_text(right);
			if (text == NULL || right_exists(registry, text))
				continue;
			node_finding(findings, right,
			    arena_format(tenant->arena, "/roles/%s/rights/%zu",
			    role->name, i), FINDING_REFERENCE, text);
		}
	}
}

static void
languages_check(const struct tenant *tenant,
    const struct registry *registry, const struct node *languages,
    struct findings *findings)
{
	const struct node	*language;
	size_t			 i;

	if (languages == NULL)
		return;
	i = 0;
	for (language = languages->first; language != NULL;
	    language = language->next, i++) {
		if (node_text(language) == NULL ||
		    messages_have(registry->plugins[0].messages,
		    language->text))
			continue;
		node_finding(findings, language,
		    arena_format(tenant->arena, "/languages/%zu", i),
		    FINDING_REFERENCE, language->text);
	}
}

static void
hosts_once_check(const struct tenant *tenant, const struct node *hosts,
    struct findings *findings)
{
	const struct node	*host, *other;
	size_t			 i;

	if (hosts == NULL)
		return;
	i = 0;
	for (host = hosts->first; host != NULL; host = host->next, i++) {
		for (other = hosts->first; other != host; other = other->next)
			if (node_text(host) != NULL &&
			    node_text(other) != NULL &&
			    strcmp(host->text, other->text) == 0)
				break;
		if (other != host)
			node_finding(findings, host,
			    arena_format(tenant->arena, "/hosts/%zu", i),
			    FINDING_DUPLICATE, NULL);
	}
}

/*
 * Sections of plugins that there are not. The names go through a table like
 * any other map's, so that the nearest one is told.
 */
static void
plugins_known_check(const struct registry *registry, struct arena *arena,
    const struct node *plugins, struct findings *findings)
{
	struct field_context	 context = { .arena = arena,
				    .findings = findings };
	struct field		*fields;
	struct values		 values;
	size_t			 i;

	fields = arena_alloc(arena, registry->count * sizeof(*fields));
	for (i = 1; i < registry->count; i++) {
		fields[i - 1].name = registry->plugins[i].plugin->name;
		fields[i - 1].type = FIELD_TYPE_ANY;
		fields[i - 1].offset = (i - 1) * sizeof(struct node *);
		fields[i - 1].within = registry->count *
		    sizeof(struct node *);
	}
	(void)field_check(&context, fields, plugins, "/plugins", &values);
}

static struct loaded *
section_plugin(const struct registry *registry, const struct node *section)
{
	size_t	 i;

	for (i = 1; i < registry->count; i++)
		if (strcmp(registry->plugins[i].plugin->name,
		    section->name) == 0)
			return (&registry->plugins[i]);
	return (NULL);
}

static void
plugins_fill(struct tenant *tenant, const struct registry *registry,
    enum settings_of of, struct findings *findings)
{
	const struct node	*plugins, *section;
	struct loaded		*loaded;
	size_t			 known;

	tenant->plugins = 1;	/* the platform's own, always on */
	plugins = tenant->file.plugins;
	if (plugins == NULL)
		return;
	if (plugins->kind != NODE_MAP) {
		node_finding(findings, plugins, "/plugins", FINDING_TYPE,
		    "an object");
		return;
	}
	known = 0;
	for (section = plugins->first; section != NULL;
	    section = section->next) {
		if ((loaded = section_plugin(registry, section)) == NULL)
			continue;
		known++;
		(void)settings_fill(registry, loaded, tenant, of, section,
		    findings);
	}
	if (known < plugins->count)
		plugins_known_check(registry, tenant->arena, plugins,
		    findings);
}

enum status
tenant_file_fill(struct tenant *tenant, const struct registry *registry,
    const struct node *node, struct findings *findings)
{
	struct field_context	 context = { .arena = tenant->arena,
				    .findings = findings };
	struct values		 values;
	size_t			 before;
	enum settings_of	 of;

	before = findings->count;
	(void)field_check(&context, tenant_fields, node, "", &values);
	if (values.data != NULL)
		tenant->file = *(const struct tenant_file *)values.data;
	of = tenant->file.departments.count == 0 &&
	    tenant->file.outside_bodies.count == 0 ?
	    SETTINGS_OF_PLAIN : SETTINGS_OF_OWN;
	if (findings->count != before)
		of = SETTINGS_OF_BROKEN;
	tenant_file_default(tenant->arena, &tenant->file);
	roles_check(tenant, registry, node_get(node, "roles"), findings);
	languages_check(tenant, registry, node_get(node, "languages"),
	    findings);
	hosts_once_check(tenant, node_get(node, "hosts"), findings);
	(void)legal_fill(tenant->arena, tenant->file.legal, &tenant->legal,
	    findings);
	tenant_map_check(&tenant->file.map, node_get(node, "map"), findings);
	(void)plugins_fill(tenant, registry, of, findings);
	return (findings->count == before ? STATUS_OK : STATUS_INVALID);
}

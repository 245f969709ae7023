/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of tenants/<slug>.yaml and the checks beyond it. */

#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/legal.h"
#include "core/tenant/settings.h"
#include "core/tenant/tenant_file.h"
#include "core/tenant/tenant_mailbox.h"
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
	FIELD_ANY(struct role, rights, .required = true,
	    .says = "*, <plugin>.*, <plugin>.<right>, or a map: right, "
	    "departments, categories"),
	FIELD_END
};

static const char *const	second_factors[] = {
	"optional", "required", NULL
};

static const struct field oidc_fields[] = {
	FIELD_TEXT(struct oidc_rules, issuer, .format = FIELD_FORMAT_URL,
	    .max = 500, .says = "the provider's address"),
	FIELD_TEXT(struct oidc_rules, client_id, .format = FIELD_FORMAT_LINE,
	    .says = "our name at the provider"),
	FIELD_TEXT(struct oidc_rules, secret_file, .format = FIELD_FORMAT_PATH,
	    .says = "file in <var>/secrets/<slug>/ with our secret there"),
	FIELD_TEXT(struct oidc_rules, name, .format = FIELD_FORMAT_LINE,
	    .max = 60, .otherwise = "Single Sign-on",
	    .says = "what staff call the provider"),
	FIELD_TEXT(struct oidc_rules, roles_claim, .format = FIELD_FORMAT_LINE,
	    .otherwise = "roles", .says = "the claim that names roles"),
	FIELD_ANY(struct oidc_rules, roles,
	    .says = "by the claim's values: roles here"),
	FIELD_BOOL(struct oidc_rules, allow_loopback,
	    .says = "http:// to 127.0.0.1 or localhost, for tests"),
	FIELD_END
};

static const struct field sign_in_fields[] = {
	FIELD_CHOICE(struct sign_in_rules, second_factor,
	    .choices = second_factors, .otherwise = "optional",
	    .says = "whether a password alone is enough for staff"),
	FIELD_OBJECT(struct sign_in_rules, oidc, .fields = oidc_fields,
	    .says = "sign-in by the city's own system, OpenID Connect"),
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
	FIELD_TEXT(struct tenant_file, office, .format = FIELD_FORMAT_URL,
	    .says = "where staff open the office; otherwise https:// and the "
	    "first host"),
	FIELD_OBJECT(struct tenant_file, sign_in, .fields = sign_in_fields,
	    .says = "how staff sign in"),
	FIELD_OBJECT(struct tenant_file, mailbox, .fields = mailbox_fields,
	    .says = "mail to the city, which a plugin takes"),
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
		role->grants.items = arena_alloc(arena, sizeof(struct grant));
		role->grants.items[0].right = "*";
		role->grants.count = 1;
		file->roles.items = role;
		file->roles.count = 1;
	}
	if (file->title == NULL)
		file->title = file->name;
}

/* Whether `roles` is a map of texts that are roles; JSON of it is kept. */
static void
oidc_roles_fill(struct tenant *tenant, struct oidc_rules *oidc,
    struct findings *findings)
{
	const struct node	*role;
	struct json		 json;

	if (oidc->roles == NULL)
		return;
	if (oidc->roles->kind != NODE_MAP) {
		node_finding(findings, oidc->roles, "/sign_in/oidc/roles",
		    FINDING_TYPE, "an object");
		return;
	}
	json_init(&json, tenant->arena, 65536);
	node_to_json(&json, NULL, oidc->roles);
	oidc->roles_json = json_finish(&json, NULL);
	for (role = oidc->roles->first; role != NULL; role = role->next)
		if (node_text(role) == NULL ||
		    tenant_role(tenant, role->text) == NULL)
			node_finding(findings, role,
			    arena_format(tenant->arena,
			    "/sign_in/oidc/roles/%s", role->name),
			    FINDING_REFERENCE, node_text(role) == NULL ? "" :
			    role->text);
}

static void
sign_in_fill(struct tenant *tenant, struct findings *findings)
{
	struct oidc_rules	*oidc = &tenant->file.sign_in.oidc;
	const char		*missing;

	oidc_roles_fill(tenant, oidc, findings);
	oidc->roles = NULL;
	if (oidc->issuer == NULL)
		return;
	missing = oidc->client_id == NULL ? "/sign_in/oidc/client_id" :
	    oidc->secret_file == NULL ? "/sign_in/oidc/secret_file" : NULL;
	if (missing != NULL)
		finding_add(findings, missing, NULL, 0, 0, FINDING_REQUIRED,
		    NULL);
	if (strncmp(oidc->issuer, "https://", 8) != 0 &&
	    !oidc->allow_loopback)
		finding_add(findings, "/sign_in/oidc/issuer", NULL, 0, 0,
		    FINDING_FORMAT, "an address that begins with https://");
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
	tenant_roles_fill(tenant, registry, findings);
	sign_in_fill(tenant, findings);
	languages_check(tenant, registry, node_get(node, "languages"),
	    findings);
	hosts_once_check(tenant, node_get(node, "hosts"), findings);
	(void)legal_fill(tenant->arena, tenant->file.legal, &tenant->legal,
	    findings);
	tenant_map_check(&tenant->file.map, node_get(node, "map"), findings);
	(void)plugins_fill(tenant, registry, of, findings);
	tenant_mailbox_check(tenant, registry, node, findings);
	return (findings->count == before ? STATUS_OK : STATUS_INVALID);
}

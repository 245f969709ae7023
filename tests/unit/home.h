/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A home with tenants and themes, for the tests that read them, and a
 * registry with one plugin that needs no building.
 */
#ifndef UNIT_HOME_H
#define UNIT_HOME_H

#include "core/tenant/tenant.h"

#include "folder.h"

#define SQUARE								\
	"{\"type\":\"Polygon\",\"coordinates\":[[[7.0,51.0],[7.4,51.0],"	\
	"[7.4,51.2],[7.0,51.2],[7.0,51.0]]]}"

#define TENANT								\
	"name: Musterstadt\n"						\
	"ags: \"05999001\"\n"						\
	"hosts: [muster.localhost]\n"					\
	"theme: base\n"							\
	"boundary: boundary.geojson\n"					\
	"email: stadt@example.org\n"					\
	"plugins:\n"							\
	"  finds:\n"

/* The least that a theme without a parent has to write. */
#define THEME								\
	"name: Basis\n"							\
	"layout: tiles\n"						\
	"logo: emblem.svg\n"						\
	"primitive:\n"							\
	"  white: \"#ffffff\"\n"						\
	"  ink: \"#1b1f23\"\n"						\
	"  slate: {700: \"#2f4858\"}\n"					\
	"semantic:\n"							\
	"  background: \"{primitive.white}\"\n"				\
	"  surface: \"{primitive.white}\"\n"				\
	"  surface-raised: \"{primitive.white}\"\n"			\
	"  text: \"{primitive.ink}\"\n"					\
	"  text-muted: \"{primitive.ink}\"\n"				\
	"  border: \"{primitive.ink}\"\n"				\
	"  primary: \"{primitive.slate.700}\"\n"				\
	"  on-primary: \"{primitive.white}\"\n"				\
	"  primary-hover: \"{primitive.ink}\"\n"				\
	"  accent: \"#00706b\"\n"						\
	"  on-accent: \"{primitive.white}\"\n"				\
	"  focus: \"{primitive.ink}\"\n"					\
	"  danger: \"#b3261e\"\n"						\
	"  on-danger: \"{primitive.white}\"\n"				\
	"  warning: \"#874a00\"\n"						\
	"  on-warning: \"{primitive.white}\"\n"				\
	"  success: \"#1d6b3a\"\n"						\
	"  on-success: \"{primitive.white}\"\n"				\
	"  info: \"#075f94\"\n"						\
	"  on-info: \"{primitive.white}\"\n"				\
	"  header: \"{primitive.slate.700}\"\n"				\
	"  on-header: \"{primitive.white}\"\n"				\
	"  radius: 8px\n"						\
	"  space: 8px\n"							\
	"  font: sans-serif\n"						\
	"  font-heading: \"{semantic.font}\"\n"

#define EMBLEM								\
	"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">"	\
	"<path d=\"M0 0h8v8z\"/></svg>\n"

struct finds {
	int64_t		 keep_days;
	const char	*counter;
	const char	*department;	/* set by finds_check() */
};

static const struct field finds_fields[] = {
	FIELD_INT(struct finds, keep_days, .min = 1, .max = 3650,
	    .otherwise = "180", .shown = true),
	FIELD_TEXT(struct finds, counter, .required = true, .shown = true),
	FIELD_TEXT(struct finds, department, .format = FIELD_FORMAT_CODE),
	FIELD_END
};

static inline enum status
finds_check(const struct settings_check *check, void *data)
{
	struct finds	*finds = data;

	if (finds->department == NULL)
		finds->department =
		    tenant_first_department(check->tenant)->code;
	if (tenant_department(check->tenant, finds->department) != NULL)
		return (STATUS_OK);
	settings_finding(check, node_get(check->node, "department"),
	    "/department", FINDING_REFERENCE, finds->department);
	return (STATUS_INVALID);
}

static const char *const finds_permissions[] = { "claims.read", NULL };

static const struct plugin finds_plugin = {
	PLUGIN_HEADER("finds", "1.2"),
	.settings = finds_fields,
	.check = finds_check,
	.permissions = finds_permissions,
};

struct home {
	struct arena	*arena;
	struct findings	 findings;
	const char	*dir;
	struct loaded	 plugins[2];
	struct registry	 registry;
};

static inline bool
home_write(const struct home *home, const char *name, const char *text)
{
	char	*path, *slash;

	path = arena_format(home->arena, "%s/%s", home->dir, name);
	for (slash = path + strlen(home->dir) + 1;
	    (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		(void)mkdir(path, 0755);
		*slash = '/';
	}
	return (folder_write(path, text));
}

/* Whether all could be made: tenant "muster", theme "base", plugin "finds". */
static inline bool
home_init(struct home *home)
{
	struct node	*defaults;
	const char	*text = "counter: Rathaus\n";

	memset(home, 0, sizeof(*home));
	home->arena = arena_new(0);
	findings_init(&home->findings, home->arena);
	if ((home->dir = folder_new(home->arena)) == NULL ||
	    node_from_yaml(home->arena, "defaults.yaml", text, strlen(text),
	    &defaults, &home->findings) != STATUS_OK)
		return (false);
	home->plugins[0].plugin = &base_plugin;
	home->plugins[1].plugin = &finds_plugin;
	home->plugins[1].index = 1;
	home->plugins[1].defaults = defaults;
	home->registry.arena = home->arena;
	home->registry.count = 2;
	home->registry.plugins = home->plugins;
	if (messages_read(home->arena, "platform/base/messages",
	    &home->plugins[0].messages, &home->findings) != STATUS_OK)
		return (false);
	home->plugins[1].messages = home->plugins[0].messages;
	return (home_write(home, "tenants/muster.yaml", TENANT) &&
	    home_write(home, "tenants/muster/boundary.geojson", SQUARE) &&
	    home_write(home, "themes/base/theme.yaml", THEME) &&
	    home_write(home, "themes/base/emblem.svg", EMBLEM));
}

static inline void
home_fini(struct home *home)
{
	folder_free(home->dir);
	arena_free(home->arena);
}

/* What was found since the last call, a line each, without the folder. */
static inline const char *
home_lines(struct home *home)
{
	const struct finding	*finding;
	const char		*lines, *line;

	lines = "";
	for (finding = home->findings.first; finding != NULL;
	    finding = finding->next) {
		line = finding_line(home->arena, finding);
		if (strncmp(line, home->dir, strlen(home->dir)) == 0)
			line += strlen(home->dir) + 1;
		lines = arena_format(home->arena, "%s%s\n", lines, line);
	}
	findings_init(&home->findings, home->arena);
	return (lines);
}

#endif

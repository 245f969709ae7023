/* SPDX-License-Identifier: EUPL-1.2 */
/* New plugin: entries that staff write and everybody reads. */

#include <stadtkern/plugin.h>

struct settings {
	const char	*introduction;
};

struct entry {
	const char	*title;
	const char	*text;
};

static const struct field settings_fields[] = {
	FIELD_TEXT(struct settings, introduction, .max = 300, .shown = true,
	    .says = "a sentence above the entries, as citizens read it"),
	FIELD_END
};

static const struct field entry_fields[] = {
	FIELD_TEXT(struct entry, title, .format = FIELD_FORMAT_LINE,
	    .min = 3, .max = 100, .required = true, .says = "what it is about"),
	FIELD_TEXT(struct entry, text, .min = 3, .max = 2000,
	    .multiline = true, .required = true, .says = "all that is said"),
	FIELD_END
};

static const struct route routes[] = {
	{ GET, "/entries", PUBLIC, .run = "entry_list", .cache = "entries",
	    .says = "All entries, newest first." },
	{ GET, "/entries/{id}", PUBLIC, .run = "entry_show",
	    .cache = "entries", .says = "One entry." },

	{ POST, "/entries", OFFICE("entries.write"), .body = entry_fields,
	    .run = "entry_create", .created = true, .changes = "entries",
	    .says = "Write an entry; it is public at once." },
	{ DELETE, "/entries/{id}", OFFICE("entries.write"),
	    .run = "entry_delete", .changes = "entries",
	    .says = "Take an entry away." },
	{ GET, "/entries", OFFICE("entries.write"), .run = "entry_list",
	    .says = "All entries, newest first." },
	ROUTE_END
};

static const char *const permissions[] = { "entries.write", NULL };

static const struct subject subjects[] = {
	{ "/entries/{id}", "entry", .table = "entry", .name = "title" },
	SUBJECT_END
};

PLUGIN_EXPORT const struct plugin plugin = {
	PLUGIN_HEADER("new-plugin", "0.1"),
	.settings = settings_fields,
	.routes = routes,
	.permissions = permissions,
	.subjects = subjects,
};

/* SPDX-License-Identifier: EUPL-1.2 */
/* Themes and what they inherit. */

#include <sys/stat.h>

#include <string.h>
#include <unistd.h>

#include "core/document/node_util.h"
#include "core/tenant/theme.h"

struct theme_file {
	const char		*name;
	const char		*extends;
	const char		*layout;
	struct theme_colours	 colours;
	const char		*logo;
};

static const char *const layouts[] = { "tiles", "list", NULL };

#define COLOUR(member, ...)						\
	FIELD_TEXT(struct theme_colours, member,			\
	    .format = FIELD_FORMAT_COLOUR, __VA_ARGS__)

static const struct field colours_all[] = {
	COLOUR(primary, .required = true),
	COLOUR(on_primary, .required = true),
	COLOUR(accent, .required = true),
	COLOUR(background, .required = true),
	COLOUR(text, .required = true),
	FIELD_END
};

static const struct field colours_some[] = {
	COLOUR(primary, .says = "bars and main buttons"),
	COLOUR(on_primary, .says = "text on it"),
	COLOUR(accent, .says = "links and what is chosen"),
	COLOUR(background, .says = "behind everything"),
	COLOUR(text, .says = "text on the background"),
	FIELD_END
};

const struct field theme_fields[] = {
	FIELD_TEXT(struct theme, code, .format = FIELD_FORMAT_CODE,
	    .required = true),
	FIELD_TEXT(struct theme, name, .format = FIELD_FORMAT_LINE,
	    .required = true),
	FIELD_CHOICE(struct theme, layout, .choices = layouts,
	    .required = true),
	FIELD_OBJECT(struct theme, colours, .fields = colours_all,
	    .required = true),
	FIELD_TEXT(struct theme, logo, .format = FIELD_FORMAT_PATH,
	    .required = true),
	FIELD_END
};

static const struct field file_fields[] = {
	FIELD_TEXT(struct theme_file, name, .format = FIELD_FORMAT_LINE,
	    .required = true, .says = "the theme's name, for people"),
	FIELD_TEXT(struct theme_file, extends, .format = FIELD_FORMAT_CODE,
	    .says = "the theme that gives what is left out here"),
	FIELD_CHOICE(struct theme_file, layout, .choices = layouts,
	    .says = "tiles: a grid; list: hero picture and rows"),
	FIELD_OBJECT(struct theme_file, colours, .fields = colours_some),
	FIELD_TEXT(struct theme_file, logo, .format = FIELD_FORMAT_PATH,
	    .says = "the emblem, a file in the theme's folder"),
	FIELD_END
};

struct reader {
	struct arena	*arena;
	const char	*home;
	struct findings	*findings;
	const char	*codes[THEME_DEPTH_MAX + 1];
	struct node	*files[THEME_DEPTH_MAX + 1];
	size_t		 count;
};

/* Whether `code` can come next in the chain; a finding where it cannot. */
static bool
theme_follows(struct reader *reader, const struct node *reference,
    const char *pointer, const char *path)
{
	const char	*code;
	size_t		 i;

	code = node_text(reference);
	for (i = 0; i < reader->count; i++) {
		if (strcmp(reader->codes[i], code) != 0)
			continue;
		node_finding(reader->findings, reference, pointer,
		    FINDING_CONFLICT, arena_format(reader->arena,
		    "theme \"%s\" would extend itself", code));
		return (false);
	}
	if (reader->count > THEME_DEPTH_MAX) {
		node_finding(reader->findings, reference, pointer,
		    FINDING_DEPTH,
		    arena_format(reader->arena, "%d", THEME_DEPTH_MAX));
		return (false);
	}
	if (access(path, R_OK) == -1) {
		node_finding(reader->findings, reference, pointer,
		    FINDING_REFERENCE,
		    arena_format(reader->arena, "themes/%s/theme.yaml", code));
		return (false);
	}
	return (true);
}

static void
theme_logo_check(const struct reader *reader, const char *code,
    const struct node *logo)
{
	struct stat	 st;
	const char	*path;

	path = arena_format(reader->arena, "%s/themes/%s/%s", reader->home,
	    code, logo->text);
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return;
	node_finding(reader->findings, logo, "/logo", FINDING_REFERENCE,
	    arena_format(reader->arena, "themes/%s/%s", code, logo->text));
}

/* Reads one file of the chain; `parent` gets the node of its `extends`. */
static enum status
theme_file_read(struct reader *reader, const struct node *reference,
    const char *pointer, const struct node **parent)
{
	struct field_context	 context = { .arena = reader->arena,
				    .findings = reader->findings };
	struct values		 values;
	const struct theme_file	*file;
	struct node		*node;
	const char		*code, *path;

	code = node_text(reference);
	if (code == NULL || !field_format_fits(FIELD_FORMAT_CODE, code))
		return (STATUS_INVALID);	/* its table says so */
	path = arena_format(reader->arena, "%s/themes/%s/theme.yaml",
	    reader->home, code);
	if (!theme_follows(reader, reference, pointer, path))
		return (STATUS_INVALID);
	if (node_from_yaml_file(reader->arena, path, &node,
	    reader->findings) != STATUS_OK)
		return (STATUS_INVALID);
	if (field_check(&context, file_fields, node, "",
	    &values) != STATUS_OK)
		return (STATUS_INVALID);
	file = values.data;
	if (file->logo != NULL)
		theme_logo_check(reader, code, node_get(node, "logo"));
	reader->codes[reader->count] = code;
	reader->files[reader->count++] = node;
	*parent = file->extends == NULL ? NULL : node_get(node, "extends");
	return (STATUS_OK);
}

/* The first theme's own member, else that of the nearest one that has it. */
static const struct node *
theme_member(const struct reader *reader, const char *group,
    const char *name, size_t *owner)
{
	const struct node	*map, *node;
	size_t			 i;

	for (i = 0; i < reader->count; i++) {
		map = reader->files[i];
		if (group != NULL)
			map = node_get(map, group);
		node = node_get(map, name);
		if (node != NULL && node->kind != NODE_NULL) {
			*owner = i;
			return (node);
		}
	}
	return (NULL);
}

static struct node *
theme_merge(const struct reader *reader)
{
	struct arena		*arena = reader->arena;
	const struct field	*field;
	const struct node	*member;
	struct node		*theme, *colours, *logo;
	size_t			 owner;

	theme = node_new(arena, NODE_MAP);
	theme->file = reader->files[0]->file;
	theme->line = reader->files[0]->line;
	theme->column = reader->files[0]->column;
	node_append(arena, theme, "code",
	    node_text_new(arena, reader->codes[0]));
	member = node_get(reader->files[0], "name");
	node_append(arena, theme, "name", node_share(arena, member));
	member = theme_member(reader, NULL, "layout", &owner);
	if (member != NULL)
		node_append(arena, theme, "layout", node_share(arena, member));
	colours = node_share(arena, theme);
	colours->first = NULL;
	colours->count = 0;
	for (field = colours_all; field->type != FIELD_TYPE_END; field++) {
		member = theme_member(reader, "colours", field->name, &owner);
		if (member != NULL)
			node_append(arena, colours, field->name,
			    node_share(arena, member));
	}
	node_append(arena, theme, "colours", colours);
	member = theme_member(reader, NULL, "logo", &owner);
	if (member != NULL) {
		logo = node_text_new(arena, arena_format(arena,
		    "themes/%s/%s", reader->codes[owner], member->text));
		node_append(arena, theme, "logo", logo);
	}
	return (theme);
}

enum status
theme_read(struct arena *arena, const char *home,
    const struct node *reference, struct node **theme,
    struct findings *findings)
{
	struct field_context	 context = { .arena = arena,
				    .findings = findings };
	struct reader		 reader = { .arena = arena, .home = home,
				    .findings = findings };
	struct values		 values;
	const struct node	*next;
	const char		*pointer;
	size_t			 before;

	before = findings->count;
	pointer = "/theme";
	for (next = reference; next != NULL; pointer = "/extends") {
		if (theme_file_read(&reader, next, pointer,
		    &next) != STATUS_OK)
			return (STATUS_INVALID);
	}
	if (reader.count == 0 || findings->count != before)
		return (STATUS_INVALID);
	*theme = theme_merge(&reader);
	return (field_check(&context, theme_fields, *theme, "", &values));
}

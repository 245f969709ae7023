/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading theme.yaml after theme.yaml. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/document/file.h"
#include "core/document/node_util.h"
#include "core/theme/theme_chain.h"

static const char *const layouts[] = { "tiles", "list", NULL };

const char *const theme_cards[] = { "warnings", "collections", "mine",
    "actions", "news", "events", "coupons", NULL };

static const struct field font_fields[] = {
	FIELD_TEXT(struct theme_font, family, .format = FIELD_FORMAT_LINE,
	    .max = 60, .required = true, .says = "name of the font"),
	FIELD_TEXT(struct theme_font, file, .format = FIELD_FORMAT_PATH,
	    .required = true, .says = "a .woff2 file in the theme's folder"),
	FIELD_TEXT(struct theme_font, weight, .format = FIELD_FORMAT_LINE,
	    .max = 9, .otherwise = "'400'",
	    .says = "a weight, or two: 400 600"),
	FIELD_TEXT(struct theme_font, range, .format = FIELD_FORMAT_LINE,
	    .max = 1000, .says = "characters it has, as CSS writes them"),
	FIELD_END
};

const struct field theme_file_fields[] = {
	FIELD_TEXT(struct theme_file, name, .format = FIELD_FORMAT_LINE,
	    .required = true, .says = "the theme's name, for people"),
	FIELD_TEXT(struct theme_file, extends, .format = FIELD_FORMAT_CODE,
	    .says = "the theme that gives what is left out here"),
	FIELD_TEXT(struct theme_file, from, .format = FIELD_FORMAT_DAY,
	    .says = "an event's first day, in Berlin"),
	FIELD_TEXT(struct theme_file, until, .format = FIELD_FORMAT_DAY,
	    .says = "its last day"),
	FIELD_CHOICE(struct theme_file, layout, .choices = layouts,
	    .says = "`tiles`: a grid; `list`: hero picture and rows"),
	FIELD_TEXT(struct theme_file, logo, .format = FIELD_FORMAT_PATH,
	    .says = "the emblem, an SVG in the theme's folder"),
	FIELD_TEXT(struct theme_file, hero, .format = FIELD_FORMAT_PATH,
	    .says = "picture at the top of `list`: SVG, JPEG, PNG or WebP of "
	    "at most 100 KiB"),
	FIELD_LIST(struct theme_file, order, .format = FIELD_FORMAT_CODE,
	    .min = 1, .max = 20,
	    .says = "cards of the start page; one left out is hidden"),
	FIELD_LIST(struct theme_file, fonts, .fields = font_fields,
	    .max = THEME_FONTS_MAX,
	    .says = "fonts that we serve, together at most 120 KiB: "
	    "`family`, `file`, `weight`, `range`"),
	FIELD_ANY(struct theme_file, words,
	    .says = "by language, texts that are worded otherwise, by key"),
	FIELD_ANY(struct theme_file, primitive,
	    .says = "the palette: colours by names of your own, in one or "
	    "two steps"),
	FIELD_ANY(struct theme_file, semantic,
	    .says = "semantic tokens, below"),
	FIELD_ANY(struct theme_file, component,
	    .says = "component tokens, below"),
	FIELD_END
};

/* Whether `code` can come next in the chain; a finding where it cannot. */
static bool
theme_follows(const struct theme_chain *chain, const struct node *reference,
    const char *pointer, const char *path)
{
	const char	*code;
	size_t		 i;

	code = node_text(reference);
	for (i = 0; i < chain->count; i++) {
		if (strcmp(chain->levels[i].code, code) != 0)
			continue;
		node_finding(chain->findings, reference, pointer,
		    FINDING_CONFLICT, arena_format(chain->arena,
		    "theme \"%s\" would extend itself", code));
		return (false);
	}
	if (access(path, R_OK) == -1) {
		node_finding(chain->findings, reference, pointer,
		    FINDING_REFERENCE,
		    arena_format(chain->arena, "themes/%s/theme.yaml", code));
		return (false);
	}
	return (true);
}

static struct theme_level *
level_add(struct theme_chain *chain)
{
	struct theme_level	*more;

	if (chain->count == chain->cap) {
		chain->cap = chain->cap == 0 ? 4 : chain->cap * 2;
		more = arena_alloc(chain->arena, chain->cap * sizeof(*more));
		if (chain->count != 0)
			memcpy(more, chain->levels,
			    chain->count * sizeof(*more));
		chain->levels = more;
	}
	return (&chain->levels[chain->count++]);
}

static void
dates_check(const struct theme_chain *chain, const struct theme_level *level)
{
	const struct theme_file	*file = &level->file;

	if (file->from == NULL && file->until == NULL)
		return;
	if (file->from == NULL || file->until == NULL)
		node_finding(chain->findings, level->node,
		    file->from == NULL ? "/from" : "/until", FINDING_REQUIRED,
		    "an event has a first and a last day");
	else if (strcmp(file->from, file->until) > 0)
		node_finding(chain->findings, node_get(level->node, "until"),
		    "/until", FINDING_CONFLICT,
		    arena_format(chain->arena, "it begins on %s",
		    file->from));
}

/* Reads one file of the chain; `next` gets the node of its `extends`. */
static enum status
level_read(struct theme_chain *chain, const struct node *reference,
    const char *pointer, const struct node **next)
{
	struct field_context	 context = { .arena = chain->arena,
				    .findings = chain->findings };
	struct theme_level	*level;
	struct values		 values;
	struct node		*node;
	const char		*code, *path;

	code = node_text(reference);
	if (code == NULL || !field_format_fits(FIELD_FORMAT_CODE, code))
		return (STATUS_INVALID);	/* its table says so */
	path = arena_format(chain->arena, "%s/themes/%s/theme.yaml",
	    chain->home, code);
	if (!theme_follows(chain, reference, pointer, path))
		return (STATUS_INVALID);
	if (node_from_yaml_file(chain->arena, path, &node,
	    chain->findings) != STATUS_OK)
		return (STATUS_INVALID);
	if (field_check(&context, theme_file_fields, node, "",
	    &values) != STATUS_OK)
		return (STATUS_INVALID);
	level = level_add(chain);
	level->code = code;
	level->node = node;
	level->file = *(const struct theme_file *)values.data;
	dates_check(chain, level);
	*next = level->file.extends == NULL ? NULL :
	    node_get(node, "extends");
	return (STATUS_OK);
}

enum status
theme_chain_read(struct theme_chain *chain, const struct node *reference,
    const char *pointer)
{
	const struct node	*next;
	size_t			 before;

	before = chain->findings->count;
	/* It ends: folders are finite and none comes twice. */
	for (next = reference; next != NULL; pointer = "/extends")
		if (level_read(chain, next, pointer, &next) != STATUS_OK)
			return (STATUS_INVALID);
	return (chain->count != 0 && chain->findings->count == before ?
	    STATUS_OK : STATUS_INVALID);
}

const struct node *
theme_chain_member(const struct theme_chain *chain, const char *name,
    size_t *level)
{
	const struct node	*node;
	size_t			 i;

	for (i = 0; i < chain->count; i++) {
		node = node_get(chain->levels[i].node, name);
		if (node != NULL && node->kind != NODE_NULL) {
			*level = i;
			return (node);
		}
	}
	return (NULL);
}

enum status
theme_chain_file(const struct theme_chain *chain, size_t level,
    const struct node *node, const char *pointer, size_t max,
    struct bytes *content)
{
	const char	*name, *path;
	char		*text;
	size_t		 len;
	enum status	 status;

	name = arena_format(chain->arena, "themes/%s/%s",
	    chain->levels[level].code, node->text);
	path = arena_format(chain->arena, "%s/%s", chain->home, name);
	status = file_read(chain->arena, path, max, &text, &len);
	if (status == STATUS_OK) {
		*content = (struct bytes){ (const unsigned char *)text, len };
		return (STATUS_OK);
	}
	if (status == STATUS_LIMIT)
		node_finding(chain->findings, node, pointer,
		    FINDING_TOO_LARGE, arena_format(chain->arena,
		    "%zu KiB, and a file: %s", max / 1024, name));
	else if (errno == ENOENT)
		node_finding(chain->findings, node, pointer,
		    FINDING_REFERENCE, name);
	else
		node_finding(chain->findings, node, pointer, FINDING_FILE,
		    arena_format(chain->arena, "%s: %s", name,
		    strerror(errno)));
	return (STATUS_INVALID);
}

const char *
theme_chain_at(const struct theme_chain *chain, const struct node *node)
{
	const char	*file;
	size_t		 len;

	if (node == NULL || node->file == NULL)
		return ("");
	file = node->file;
	len = strlen(chain->home);
	if (strncmp(file, chain->home, len) == 0 && file[len] == '/')
		file += len + 1;
	return (arena_format(chain->arena, "%s:%u:%u", file, node->line,
	    node->column));
}

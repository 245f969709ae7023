/* SPDX-License-Identifier: EUPL-1.2 */
/* Putting the start page's pieces together. */

#include <string.h>

#include "core/document/html.h"
#include "core/document/node_util.h"
#include "core/plugin/bundle.h"
#include "web/page_start.h"

#define START_MAX	65536u

struct drawing {
	struct arena			*arena;
	const struct registry		*registry;
	const struct tenant		*tenant;
	const char			*language;
	const struct bundle_first	*first;
	struct node			*arguments;	/* of texts */
	const struct loaded		*loaded;	/* whose piece; or NULL */
	const struct bundle_plugin	*plugin;	/* the same */
	const char			*slot;
};

static const char *
text_in(const struct node *texts, const char *language, const char *key)
{
	const struct node	*own;

	if ((own = node_get(texts, language)) == NULL)
		own = node_get(texts, "de");
	return (node_text(node_get(own, key)));
}

/* In the order in which the app looks texts up. */
static const char *
key_text(const struct drawing *drawing, const char *key)
{
	const char	*text;

	text = node_text(node_get(node_get(drawing->tenant->theme.words,
	    drawing->language), key));
	if (text == NULL && drawing->plugin != NULL)
		text = text_in(drawing->plugin->first.texts,
		    drawing->language, key);
	if (text == NULL)
		text = text_in(drawing->first->texts, drawing->language, key);
	return (text == NULL ? key :
	    message_fill(drawing->arena, text, drawing->arguments));
}

static const char *
value_of(const struct drawing *drawing, const char *name)
{
	const struct theme	*theme = &drawing->tenant->theme;
	const char		*title;

	if (strcmp(name, "city") == 0)
		return (drawing->tenant->file.name);
	if (strcmp(name, "logo") == 0)
		return (theme->logo);
	if (strcmp(name, "hero") == 0)
		return (theme->hero);
	if (strcmp(name, "slot") == 0)
		return (drawing->slot);
	if (strcmp(name, "title") == 0 && drawing->loaded != NULL) {
		title = message_get(drawing->loaded->messages,
		    drawing->language, name);
		return (title == NULL ? drawing->loaded->plugin->name : title);
	}
	return (key_text(drawing, name));
}

/* Adds `piece`, in which {{name}} is `inner`, HTML already; every other value
 * is escaped. What is put in is not looked at again. */
static void
piece_add(const struct drawing *drawing, struct buf *buf, const char *piece,
    const char *name, const char *inner)
{
	const char	*open, *close, *found;

	while ((open = strstr(piece, "{{")) != NULL &&
	    (close = strstr(open, "}}")) != NULL) {
		buf_add(buf, piece, (size_t)(open - piece));
		open += 2;
		found = arena_format(drawing->arena, "%.*s",
		    (int)(close - open), open);
		if (strcmp(found, name) == 0)
			buf_text(buf, inner);
		else
			html_text(buf, value_of(drawing, found));
		piece = close + 2;
	}
	buf_text(buf, piece);
}

/* What the city's plugins have for a slot, one after the other. */
static const char *
slot_parts(struct drawing *drawing)
{
	const struct registry		*registry = drawing->registry;
	const struct bundle_plugin	*plugin;
	const char			*piece;
	struct buf			 buf;
	size_t				 i;

	buf_init(&buf, drawing->arena, START_MAX);
	for (i = 1; i < registry->count; i++) {
		drawing->loaded = &registry->plugins[i];
		plugin = bundle_plugin(registry->bundle,
		    drawing->loaded->plugin->name);
		if (plugin == NULL || (drawing->tenant->plugins >> i & 1) == 0)
			continue;
		if (strcmp(drawing->slot, "actions") != 0)
			piece = node_text(node_get(plugin->first.cards,
			    drawing->slot));
		else if (strcmp(drawing->tenant->theme.layout, "list") == 0)
			piece = plugin->first.rows;
		else
			piece = plugin->first.tiles;
		drawing->plugin = plugin;
		if (piece != NULL)
			piece_add(drawing, &buf, piece, "", "");
	}
	drawing->loaded = NULL;
	drawing->plugin = NULL;
	return (buf_finish(&buf, NULL));
}

static const char *
slots(struct drawing *drawing)
{
	const struct theme	*theme = &drawing->tenant->theme;
	const char		*parts;
	struct buf		 buf;
	size_t			 i;

	buf_init(&buf, drawing->arena, START_MAX);
	for (i = 0; i < theme->order.count; i++) {
		drawing->slot = theme->order.items[i];
		if ((parts = slot_parts(drawing)) == NULL || *parts == '\0')
			continue;
		if (strcmp(drawing->slot, "actions") != 0)
			piece_add(drawing, &buf, drawing->first->slot,
			    "cards", parts);
		else if (strcmp(theme->layout, "list") == 0)
			buf_text(&buf, parts);
		else
			piece_add(drawing, &buf, drawing->first->grid,
			    "actions", parts);
	}
	return (buf_finish(&buf, NULL));
}

const char *
page_start(struct arena *arena, const struct registry *registry,
    const struct tenant *tenant, const char *language)
{
	const struct bundle_first	*first = &registry->bundle->shell.first;
	struct drawing			 drawing = { arena, registry, tenant,
					    language, first, NULL, NULL,
					    NULL, "" };
	const char			*content, *layout;
	struct buf			 main, buf;

	layout = strcmp(tenant->theme.layout, "list") == 0 ? first->list :
	    first->tiles;
	/* Of a list without a picture the build has drawn nothing. */
	if (first->frame == NULL ||
	    node_get(first->texts, language) == NULL ||
	    (layout == first->list && tenant->theme.hero == NULL))
		return ("");
	drawing.arguments = node_new(arena, NODE_MAP);
	node_append(arena, drawing.arguments, "city",
	    node_text_new(arena, tenant->file.name));
	if ((content = slots(&drawing)) == NULL || *content == '\0')
		return ("");
	buf_init(&main, arena, START_MAX);
	piece_add(&drawing, &main, layout, "slots", content);
	if ((content = buf_finish(&main, NULL)) == NULL)
		return ("");
	buf_init(&buf, arena, START_MAX);
	piece_add(&drawing, &buf, first->frame, "main", content);
	content = buf_finish(&buf, NULL);
	return (content == NULL ? "" : content);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A theme's files on their way to the database. */

#include <sodium.h>
#include <string.h>

#include "core/document/gzip.h"
#include "core/document/node_util.h"
#include "courier/drawing.h"
#include "courier/publish_files.h"

#define FILES_MAX	(16u * 1024 * 1024)	/* bytes of JSON */
#define NAMES_MAX	8192u

struct packing {
	struct arena		*arena;
	const struct node	*publish;
	const struct node	*missing;
	struct json		 json;
};

static const struct node *
publish_list(const struct node *publish, const char *group)
{
	const struct node	*list;

	list = node_get(publish, group);
	if (list != NULL && list->kind == NODE_MAP)
		list = node_get(list, "list");
	return (list == NULL ? NULL : list->first);
}

static void
names_add(struct json *json, const struct node *item)
{
	for (; item != NULL; item = item->next)
		json_text(json, NULL, node_text(node_get(item, "name")));
}

const char *
publish_files_names(struct arena *arena, const struct node *document)
{
	const struct node	*publish;
	struct json		 json;

	publish = node_get(document, "publish");
	json_init(&json, arena, NAMES_MAX);
	json_open_array(&json, NULL);
	names_add(&json, publish_list(publish, "files"));
	names_add(&json, publish_list(publish, "pictures"));
	json_close(&json);
	return (json_finish(&json, NULL));
}

static bool
is_missing(const struct packing *packing, const struct node *item)
{
	const struct node	*name;
	const char		*text;

	text = node_text(node_get(item, "name"));
	for (name = packing->missing->first; name != NULL; name = name->next)
		if (node_text(name) != NULL && strcmp(name->text, text) == 0)
			return (true);
	return (false);
}

static const char *
base64_of(struct arena *arena, struct bytes content)
{
	char	*text;
	size_t	 len;

	len = sodium_base64_encoded_len(content.len,
	    sodium_base64_VARIANT_ORIGINAL);
	text = arena_alloc(arena, len);
	(void)sodium_bin2base64(text, len, content.at, content.len,
	    sodium_base64_VARIANT_ORIGINAL);
	return (text);
}

/* The file of that name, as theme_read() gave it; at NULL: none. */
static struct bytes
file_content(const struct packing *packing, const struct node *name)
{
	const struct node	*file;
	const char		*base64;
	unsigned char		*bytes;
	size_t			 len;

	file = publish_list(packing->publish, "files");
	for (; node_text(name) != NULL && file != NULL; file = file->next) {
		if (strcmp(node_text(node_get(file, "name")),
		    name->text) != 0)
			continue;
		base64 = node_text(node_get(file, "base64"));
		bytes = arena_alloc(packing->arena, strlen(base64) + 1);
		if (sodium_base642bin(bytes, strlen(base64), base64,
		    strlen(base64), NULL, &len, NULL,
		    sodium_base64_VARIANT_ORIGINAL) == 0)
			return ((struct bytes){ bytes, len });
	}
	return ((struct bytes){ NULL, 0 });
}

/* NULL where that is no smaller. */
static const char *
gzip_of(struct arena *arena, struct bytes content)
{
	struct bytes	 packed;

	packed = gzip_pack(arena, content);
	return (packed.at == NULL ? NULL : base64_of(arena, packed));
}

static void
entry_add(struct packing *packing, const char *name, const char *type,
    const char *base64, const char *gzip)
{
	json_open_object(&packing->json, NULL);
	json_text(&packing->json, "name", name);
	json_text(&packing->json, "type", type);
	json_text(&packing->json, "base64", base64);
	json_text(&packing->json, "gzip", gzip);
	json_close(&packing->json);
}

static void
files_add(struct packing *packing)
{
	const struct node	*file, *name;
	const char		*type;

	file = publish_list(packing->publish, "files");
	for (; file != NULL; file = file->next) {
		if (!is_missing(packing, file))
			continue;
		name = node_get(file, "name");
		type = node_text(node_get(file, "type"));
		/* Fonts and photos are packed already. */
		entry_add(packing, name->text, type,
		    node_text(node_get(file, "base64")),
		    strncmp(type, "font/", 5) == 0 ? NULL :
		    gzip_of(packing->arena, file_content(packing, name)));
	}
}

static enum drawing_kind
kind_read(const char *text)
{
	if (strcmp(text, "plain") == 0)
		return (DRAWING_PLAIN);
	return (strcmp(text, "card") == 0 ? DRAWING_CARD : DRAWING_FILLED);
}

/* The pictures that are missing, into the order and `names`. */
static void
order_fill(const struct packing *packing, struct drawing_order *order,
    const char **names)
{
	const struct node	*picture;
	struct drawing		*drawing;

	picture = publish_list(packing->publish, "pictures");
	for (; picture != NULL; picture = picture->next) {
		if (!is_missing(packing, picture) ||
		    order->count == DRAWINGS_MAX)
			continue;
		names[order->count] = node_text(node_get(picture, "name"));
		drawing = &order->drawings[order->count++];
		drawing->kind = kind_read(node_text(node_get(picture,
		    "kind")));
		drawing->width = (uint32_t)node_get(picture, "width")->number;
		drawing->height =
		    (uint32_t)node_get(picture, "height")->number;
	}
}

static enum status
pictures_add(struct packing *packing)
{
	const struct node	*pictures;
	struct drawing_input	 input;
	struct drawing_order	 order = { .count = 0 };
	struct bytes		 pngs[DRAWINGS_MAX] = { { NULL, 0 } };
	const char		*names[DRAWINGS_MAX] = { NULL };
	enum status		 status;
	size_t			 i;

	order_fill(packing, &order, names);
	if (order.count == 0)
		return (STATUS_OK);
	pictures = node_get(packing->publish, "pictures");
	input.svg = file_content(packing, node_get(pictures, "logo"));
	input.font = file_content(packing, node_get(pictures, "font"));
	input.name = node_text(node_get(pictures, "name"));
	(void)colour_read(node_text(node_get(pictures, "background")),
	    &order.background);
	(void)colour_read(node_text(node_get(pictures, "colour")),
	    &order.colour);
	status = drawing_make(packing->arena, &order, &input, pngs);
	for (i = 0; status == STATUS_OK && i < order.count; i++)
		entry_add(packing, names[i], "image/png",
		    base64_of(packing->arena, pngs[i]), NULL);
	return (status);
}

enum status
publish_files_make(struct arena *arena, const struct node *document,
    const char *missing, const char **files, struct findings *findings)
{
	struct packing	 packing = { .arena = arena };
	struct node	*list;
	enum status	 status;

	packing.publish = node_get(document, "publish");
	if (node_from_json(arena, missing, strlen(missing), &list,
	    findings) != STATUS_OK)
		return (STATUS_INVALID);
	packing.missing = list;
	json_init(&packing.json, arena, FILES_MAX);
	json_open_array(&packing.json, NULL);
	files_add(&packing);
	status = pictures_add(&packing);
	json_close(&packing.json);
	*files = json_finish(&packing.json, NULL);
	if (status == STATUS_REFUSED) {
		finding_add(findings, "/theme", NULL, 0, 0, FINDING_CONFLICT,
		    "its pictures cannot be drawn; does the emblem open in a "
		    "browser, and the font?");
		return (STATUS_INVALID);
	}
	return (status);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Stylesheet, logo, hero picture, fonts, manifest, and the list of pictures
 * that are drawn of the logo. All are named by a hash and never change.
 */

#include <sodium.h>
#include <string.h>

#include <stadtkern/image.h>

#include "core/document/node_util.h"
#include "core/theme/svg.h"
#include "core/theme/theme_css.h"
#include "core/theme/theme_files.h"

#define MANIFEST_MAX	8192
#define NAME_BYTES	16
#define DRAWN		"1"	/* changes when pictures are drawn otherwise */

struct maker {
	const struct theme_tokens *tokens;
	const struct theme_chain *chain;
	struct arena		*arena;
	const struct theme_city	*city;
	struct node		*theme;
	struct node		*files;
	struct node		*pictures;
	const char		*logo;		/* names of files */
	struct bytes		 logo_content;
	size_t			 before;	/* findings */
	const char		*font;
};

/* Pictures that are drawn; the first has to be known by everybody. */
static const struct picture {
	const char	*member;	/* of the theme, or NULL */
	const char	*kind;
	int		 width;
	int		 height;
	const char	*purpose;	/* in the manifest, or NULL */
} pictures[] = {
	{ "favicon", "plain", 32, 32, NULL },
	{ "touch_icon", "filled", 180, 180, NULL },
	{ NULL, "plain", 192, 192, "any" },
	{ NULL, "plain", 512, 512, "any" },
	{ NULL, "filled", 192, 192, "maskable" },
	{ NULL, "filled", 512, 512, "maskable" },
	{ "picture", "card", 1200, 630, NULL },
};
#define PICTURES	(sizeof(pictures) / sizeof(pictures[0]))

static const struct {
	enum image_type	 type;
	const char	*ending;
	const char	*media_type;
} hero_types[] = {
	{ IMAGE_JPEG, "jpg", "image/jpeg" },
	{ IMAGE_PNG, "png", "image/png" },
	{ IMAGE_WEBP, "webp", "image/webp" },
};

static const char *
content_name(struct arena *arena, const void *bytes, size_t len,
    const char *ending)
{
	unsigned char	 hash[NAME_BYTES];
	char		 text[NAME_BYTES * 2 + 1];

	(void)crypto_generichash(hash, sizeof(hash), bytes, len, NULL, 0);
	(void)sodium_bin2hex(text, sizeof(text), hash, sizeof(hash));
	return (arena_format(arena, "%s.%s", text, ending));
}

/* Adds a file; its name. */
static const char *
file_add(struct maker *maker, struct bytes content, const char *ending,
    const char *media_type)
{
	struct node	*file;
	const char	*name;
	char		*base64;
	size_t		 len;

	name = content_name(maker->arena, content.at, content.len, ending);
	len = sodium_base64_encoded_len(content.len,
	    sodium_base64_VARIANT_ORIGINAL);
	base64 = arena_alloc(maker->arena, len);
	(void)sodium_bin2base64(base64, len, content.at, content.len,
	    sodium_base64_VARIANT_ORIGINAL);
	file = node_new(maker->arena, NODE_MAP);
	node_append(maker->arena, file, "name",
	    node_text_new(maker->arena, name));
	node_append(maker->arena, file, "type",
	    node_text_new(maker->arena, media_type));
	node_append(maker->arena, file, "base64",
	    node_text_new(maker->arena, base64));
	node_append(maker->arena, maker->files, NULL, file);
	return (name);
}

static void
member_add(struct maker *maker, const char *member, const char *name)
{
	node_append(maker->arena, maker->theme, member,
	    node_text_new(maker->arena, name));
}

static void
address_add(struct maker *maker, const char *member, const char *name)
{
	member_add(maker, member, arena_format(maker->arena, "/theme/%s",
	    name));
}

static bool
svg_read(const struct maker *maker, size_t level, const struct node *node,
    const char *pointer, struct bytes *content)
{
	const char	*path;

	if (theme_chain_file(maker->chain, level, node, pointer, SVG_MAX,
	    content) != STATUS_OK)
		return (false);
	path = arena_format(maker->arena, "%s/themes/%s/%s",
	    maker->chain->home, maker->chain->levels[level].code, node->text);
	return (svg_check(maker->arena, path, (const char *)content->at,
	    content->len, maker->chain->findings) == STATUS_OK);
}

static void
logo_make(struct maker *maker)
{
	const struct node	*node;
	size_t			 level;

	if ((node = theme_chain_member(maker->chain, "logo", &level)) ==
	    NULL) {
		node_finding(maker->chain->findings,
		    maker->chain->levels[0].node, "/logo", FINDING_REQUIRED,
		    "an SVG in the theme's folder");
		return;
	}
	if (!svg_read(maker, level, node, "/logo", &maker->logo_content) ||
	    maker->city == NULL)
		return;
	maker->logo = file_add(maker, maker->logo_content, "svg",
	    "image/svg+xml");
	address_add(maker, "logo", maker->logo);
}

/* What kind of picture it is says its content, not its name. */
static void
hero_photo_make(struct maker *maker, size_t level, const struct node *node)
{
	struct image_header	 header;
	struct bytes		 content;
	enum image_verdict	 verdict;
	size_t			 i;

	if (theme_chain_file(maker->chain, level, node, "/hero",
	    THEME_HERO_BYTES, &content) != STATUS_OK)
		return;
	verdict = image_header_read(content.at, content.len, &header);
	if (verdict != IMAGE_OK) {
		node_finding(maker->chain->findings, node, "/hero",
		    FINDING_FORMAT, arena_format(maker->arena,
		    "SVG, JPEG, PNG or WebP (%s)",
		    image_verdict_text(verdict)));
		return;
	}
	for (i = 0; i + 1 < sizeof(hero_types) / sizeof(hero_types[0]) &&
	    hero_types[i].type != header.type; i++)
		continue;
	if (maker->city != NULL)
		address_add(maker, "hero", file_add(maker, content,
		    hero_types[i].ending, hero_types[i].media_type));
}

static void
hero_make(struct maker *maker)
{
	const struct node	*node;
	struct bytes		 content;
	size_t			 level, len;

	node = theme_chain_member(maker->chain, "hero", &level);
	if (node == NULL)
		return;
	len = strlen(node->text);
	if (len <= 4 || strcmp(node->text + len - 4, ".svg") != 0)
		hero_photo_make(maker, level, node);
	else if (svg_read(maker, level, node, "/hero", &content) &&
	    maker->city != NULL)
		address_add(maker, "hero", file_add(maker, content, "svg",
		    "image/svg+xml"));
}

static bool
font_read(const struct maker *maker, size_t level, const struct node *node,
    const struct theme_font *font, const char *pointer,
    struct bytes *content)
{
	const struct node	*file;

	if (!theme_font_check(maker->chain, node, font, pointer))
		return (false);
	file = node_get(node, "file");
	pointer = arena_format(maker->arena, "%s/file", pointer);
	if (theme_chain_file(maker->chain, level, file, pointer,
	    THEME_FONT_BYTES, content) != STATUS_OK)
		return (false);
	if (content->len >= 4 && memcmp(content->at, "wOF2", 4) == 0)
		return (true);
	node_finding(maker->chain->findings, file, pointer, FINDING_FORMAT,
	    "a font in WOFF2");
	return (false);
}

/* Names of the fonts' files, as many as the list has. */
static const char **
fonts_make(struct maker *maker, size_t level, const struct node *list)
{
	const struct theme_file	*file = &maker->chain->levels[level].file;
	const struct node	*node;
	const char		**names;
	struct bytes		 content;
	size_t			 i, sum;
	bool			 bold = false;

	names = arena_alloc(maker->arena,
	    (THEME_FONTS_MAX + 1) * sizeof(*names));
	i = sum = 0;
	for (node = list->first; node != NULL; node = node->next, i++) {
		if (!font_read(maker, level, node, &file->fonts.items[i],
		    arena_format(maker->arena, "/fonts/%zu", i), &content))
			continue;
		if ((sum += content.len) > THEME_FONT_BYTES) {
			node_finding(maker->chain->findings, list, "/fonts",
			    FINDING_TOO_LARGE, "120 KiB together");
			break;
		}
		if (maker->city != NULL)
			names[i] = file_add(maker, content, "woff2",
			    "font/woff2");
		/* The card's name is in the first bold one, else the first. */
		if (maker->font == NULL || (!bold &&
		    file->fonts.items[i].weight[0] >= '6')) {
			maker->font = names[i];
			bold = file->fonts.items[i].weight[0] >= '6';
		}
	}
	return (names);
}

static void
stylesheet_make(struct maker *maker)
{
	const struct theme_font	*faces;
	const struct node	*list;
	const char		**names;
	struct bytes		 css;
	size_t			 level, count;

	faces = NULL;
	names = NULL;
	count = 0;
	if ((list = theme_chain_member(maker->chain, "fonts", &level)) !=
	    NULL) {
		names = fonts_make(maker, level, list);
		faces = maker->chain->levels[level].file.fonts.items;
		count = maker->chain->levels[level].file.fonts.count;
	}
	if (maker->city == NULL || maker->chain->findings->count != maker->before)
		return;
	css.at = (const unsigned char *)theme_css(maker->tokens, faces,
	    names, count, &css.len);
	if (css.at == NULL)
		node_finding(maker->chain->findings, list, "/fonts",
		    FINDING_TOO_LARGE, "a stylesheet of 64 KiB");
	else
		address_add(maker, "stylesheet", file_add(maker, css, "css",
		    "text/css; charset=utf-8"));
}

static const char *
colour_of(const struct maker *maker, const char *name, enum token_mode mode)
{
	char	*text;

	text = arena_alloc(maker->arena, COLOUR_TEXT);
	colour_write(theme_tokens_value(maker->tokens, TOKEN_SEMANTIC, name,
	    mode)->colour, text);
	return (text);
}

/* All that a picture is drawn from, in one text; its hash is the name. */
static const char *
picture_name(const struct maker *maker, const struct picture *picture)
{
	bool		 card = strcmp(picture->kind, "card") == 0;
	bool		 plain = strcmp(picture->kind, "plain") == 0;
	const char	*text;

	text = arena_format(maker->arena, "%s %s %s %d %d %s %s %s %s", DRAWN,
	    maker->logo, picture->kind, picture->width, picture->height,
	    plain ? "" : colour_of(maker, "header", TOKEN_LIGHT),
	    card ? colour_of(maker, "on-header", TOKEN_LIGHT) : "",
	    card && maker->font != NULL ? maker->font : "",
	    card ? maker->city->name : "");
	return (content_name(maker->arena, text, strlen(text), "png"));
}

static void
icon_write(struct json *json, const char *name, const char *sizes,
    const char *media_type, const char *purpose)
{
	json_open_object(json, NULL);
	json_text(json, "src", arena_format(json->buf.arena, "/theme/%s",
	    name));
	json_text(json, "sizes", sizes);
	json_text(json, "type", media_type);
	json_text(json, "purpose", purpose);
	json_close(json);
}

/* W3C, Web Application Manifest. */
static void
manifest_make(struct maker *maker, const char *const *names)
{
	const struct theme_city	*city = maker->city;
	struct bytes		 content;
	struct json		 json;
	size_t			 i;

	json_init(&json, maker->arena, MANIFEST_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "id", "/");
	json_text(&json, "name", city->title);
	json_text(&json, "short_name", city->name);
	json_text(&json, "lang", city->language);
	json_text(&json, "start_url", "/");
	json_text(&json, "scope", "/");
	json_text(&json, "display", "standalone");
	json_text(&json, "background_color",
	    colour_of(maker, "background", TOKEN_LIGHT));
	json_text(&json, "theme_color",
	    colour_of(maker, "header", TOKEN_LIGHT));
	json_open_array(&json, "icons");
	icon_write(&json, maker->logo, "any", "image/svg+xml", "any");
	for (i = 0; i < PICTURES; i++)
		if (pictures[i].purpose != NULL)
			icon_write(&json, names[i], arena_format(maker->arena,
			    "%dx%d", pictures[i].width, pictures[i].height),
			    "image/png", pictures[i].purpose);
	json_close(&json);
	json_close(&json);
	content.at = (const unsigned char *)json_finish(&json, &content.len);
	member_add(maker, "manifest", file_add(maker, content, "webmanifest",
	    "application/manifest+json"));
}

static void
pictures_make(struct maker *maker)
{
	const char	*names[PICTURES];
	struct node	*list, *picture;
	struct arena	*arena = maker->arena;
	size_t		 i;

	list = node_new(arena, NODE_LIST);
	for (i = 0; i < PICTURES; i++) {
		names[i] = picture_name(maker, &pictures[i]);
		picture = node_new(arena, NODE_MAP);
		node_append(arena, picture, "name",
		    node_text_new(arena, names[i]));
		node_append(arena, picture, "kind",
		    node_text_new(arena, pictures[i].kind));
		node_append(arena, picture, "width",
		    node_number_new(arena, pictures[i].width));
		node_append(arena, picture, "height",
		    node_number_new(arena, pictures[i].height));
		node_append(arena, list, NULL, picture);
		if (pictures[i].member == NULL)
			continue;
		if (strcmp(pictures[i].member, "picture") == 0)
			address_add(maker, "picture", names[i]);
		else
			member_add(maker, pictures[i].member, names[i]);
	}
	picture = maker->pictures;
	node_append(arena, picture, "logo", node_text_new(arena,
	    maker->logo));
	node_append(arena, picture, "font", maker->font == NULL ?
	    node_new(arena, NODE_NULL) : node_text_new(arena, maker->font));
	node_append(arena, picture, "name", node_text_new(arena,
	    maker->city->name));
	node_append(arena, picture, "background", node_text_new(arena,
	    colour_of(maker, "header", TOKEN_LIGHT)));
	node_append(arena, picture, "colour", node_text_new(arena,
	    colour_of(maker, "on-header", TOKEN_LIGHT)));
	node_append(arena, picture, "list", list);
	manifest_make(maker, names);
}

enum status
theme_files_make(const struct theme_tokens *tokens_read,
    const struct theme_city *city, struct node *theme, struct node **publish)
{
	const struct theme_chain *chain = tokens_read->chain;
	struct maker	 maker = { .tokens = tokens_read, .chain = chain,
			    .arena = chain->arena, .city = city,
			    .theme = theme };
	size_t		 before;

	maker.before = before = chain->findings->count;
	maker.files = node_new(chain->arena, NODE_LIST);
	maker.pictures = node_new(chain->arena, NODE_MAP);
	logo_make(&maker);
	hero_make(&maker);
	stylesheet_make(&maker);
	if (chain->findings->count != before)
		return (STATUS_INVALID);
	if (city == NULL)
		return (STATUS_OK);
	pictures_make(&maker);
	*publish = node_new(chain->arena, NODE_MAP);
	node_append(chain->arena, *publish, "files", maker.files);
	node_append(chain->arena, *publish, "pictures", maker.pictures);
	return (STATUS_OK);
}

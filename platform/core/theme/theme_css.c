/* SPDX-License-Identifier: EUPL-1.2 */
/* Tokens and fonts as CSS. */

#include <string.h>

#include <stadtkern/buf.h>

#include "core/document/node_util.h"
#include "core/theme/theme_css.h"

#define CSS_MAX		(64u * 1024)
#define PROPERTY_MAX	64

/* "Fira Sans, sans-serif": names of several words are quoted. */
static void
font_add(struct buf *css, const char *text)
{
	size_t	 len, used;

	for (;;) {
		text += strspn(text, " ");
		len = strcspn(text, ",");
		for (used = len; used > 0 && text[used - 1] == ' '; used--)
			continue;
		if (memchr(text, ' ', used) != NULL) {
			buf_char(css, '"');
			buf_add(css, text, used);
			buf_char(css, '"');
		} else
			buf_add(css, text, used);
		text += len;
		if (*text == '\0')
			return;
		buf_char(css, ',');
		text++;
	}
}

static void
block_add(struct buf *css, const struct theme_tokens *all,
    enum token_mode mode, const char *selector)
{
	char		 name[PROPERTY_MAX], colour[COLOUR_TEXT];
	size_t		 i;

	buf_format(css, "%s{color-scheme:%s", selector,
	    mode == TOKEN_DARK ? "dark" : "light");
	for (i = 0; i < tokens_count; i++) {
		(void)token_property(&tokens[i], name, sizeof(name));
		buf_format(css, ";%s:", name);
		if (tokens[i].type == TOKEN_COLOUR) {
			colour_write(all->values[i][mode].colour, colour);
			buf_text(css, colour);
		} else if (tokens[i].type == TOKEN_FONT)
			font_add(css, all->values[i][mode].text);
		else
			buf_text(css, all->values[i][mode].text);
	}
	buf_text(css, "}\n");
}

/*
 * A face for each weight that the file stands for. One for a span of weights
 * would not do: a browser takes either the faces of the weight itself or those
 * of a span, and looks for a letter in no others.
 */
static void
faces_add(struct buf *css, const struct theme_font *face, const char *file)
{
	const char	*weight;
	size_t		 len;

	for (weight = face->weight; *weight != '\0'; weight += len) {
		weight += strspn(weight, " ");
		len = strcspn(weight, " ");
		buf_format(css, "@font-face{font-family:\"%s\";"
		    "font-weight:%.*s;font-display:optional;"
		    "src:url(/theme/%s)format(\"woff2\")", face->family,
		    (int)len, weight, file);
		if (face->range != NULL)
			buf_format(css, ";unicode-range:%s", face->range);
		buf_text(css, "}\n");
	}
}

char *
theme_css(const struct theme_tokens *all, const struct theme_font *faces,
    const char *const *fonts, size_t count, size_t *len)
{
	struct buf	 css;
	size_t		 i;

	buf_init(&css, all->chain->arena, CSS_MAX);
	for (i = 0; i < count; i++)
		faces_add(&css, &faces[i], fonts[i]);
	block_add(&css, all, TOKEN_LIGHT, ":root");
	buf_text(&css, "@media(prefers-color-scheme:dark){");
	block_add(&css, all, TOKEN_DARK, ":root");
	buf_text(&css, "}@media(prefers-contrast:more){");
	block_add(&css, all, TOKEN_CONTRAST, ":root");
	buf_char(&css, '}');
	block_add(&css, all, TOKEN_LIGHT, ":root[data-mode=\"light\"]");
	block_add(&css, all, TOKEN_DARK, ":root[data-mode=\"dark\"]");
	block_add(&css, all, TOKEN_CONTRAST, ":root[data-mode=\"contrast\"]");
	return (buf_finish(&css, len));
}

static bool
weight_fits(const char *weight)
{
	size_t	 len;

	len = strspn(weight, "0123456789");
	if (len < 1 || len > 4)
		return (false);
	weight += len;
	if (*weight == '\0')
		return (true);
	len = *weight == ' ' ? strspn(weight + 1, "0123456789") : 0;
	return (len >= 1 && len <= 4 && weight[1 + len] == '\0');
}

bool
theme_font_check(const struct theme_chain *chain, const struct node *node,
    const struct theme_font *font, const char *pointer)
{
	const char	*member, *says;

	member = NULL;
	says = "";
	if (!token_fits(TOKEN_FONT, font->family) ||
	    strchr(font->family, ',') != NULL) {
		member = "family";
		says = "one name such as Fira Sans";
	} else if (!weight_fits(font->weight)) {
		member = "weight";
		says = "a weight such as 400, or two such as 400 600";
	} else if (font->range != NULL && font->range[strspn(font->range,
	    "U+0123456789abcdefABCDEF?-, ")] != '\0') {
		member = "range";
		says = "ranges such as U+0000-00FF, U+0131";
	}
	if (member == NULL)
		return (true);
	node_finding(chain->findings, node_get(node, member) == NULL ? node :
	    node_get(node, member), arena_format(chain->arena, "%s/%s",
	    pointer, member), FINDING_FORMAT, says);
	return (false);
}

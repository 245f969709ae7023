/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of tokens, and looking things up in it. */

#include <stdio.h>
#include <string.h>

#include <stadtkern/field.h>

#include "core/field/field_walk.h"
#include "core/theme/token.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

#define COLOUR(name, says)						\
	{ name, TOKEN_SEMANTIC, TOKEN_COLOUR, NULL, 0, { NULL }, says }
#define STANDS_ON(name, least, says, ...)				\
	{ name, TOKEN_SEMANTIC, TOKEN_COLOUR, NULL, least,		\
	  { __VA_ARGS__ }, says }
#define PLAIN(name, type, says)						\
	{ name, TOKEN_SEMANTIC, type, NULL, 0, { NULL }, says }
#define PART(name, type, otherwise, says)				\
	{ name, TOKEN_COMPONENT, type, "{semantic." otherwise "}", 0,	\
	  { NULL }, says }
#define PART_ON(name, otherwise, least, says, ...)			\
	{ name, TOKEN_COMPONENT, TOKEN_COLOUR,				\
	  "{semantic." otherwise "}", least, { __VA_ARGS__ }, says }

#define GROUNDS		"background", "surface", "surface-raised"

const struct token tokens[] = {
	COLOUR("background", "behind everything"),
	COLOUR("surface", "cards and fields"),
	COLOUR("surface-raised", "sheets and dialogues above cards"),
	STANDS_ON("text", TOKEN_TEXT, "text", GROUNDS),
	STANDS_ON("text-muted", TOKEN_TEXT, "text of less weight", GROUNDS),
	STANDS_ON("border", TOKEN_CONTROL, "edges of fields and cards",
	    GROUNDS),
	STANDS_ON("primary", TOKEN_CONTROL, "main buttons", GROUNDS),
	STANDS_ON("on-primary", TOKEN_TEXT, "text on main buttons",
	    "primary", "primary-hover"),
	STANDS_ON("primary-hover", TOKEN_CONTROL,
	    "main buttons under the pointer", GROUNDS),
	STANDS_ON("accent", TOKEN_TEXT, "links and what is chosen", GROUNDS),
	STANDS_ON("on-accent", TOKEN_TEXT, "text on what is chosen",
	    "accent"),
	STANDS_ON("focus", TOKEN_CONTROL, "the ring around what has the focus",
	    GROUNDS),
	STANDS_ON("danger", TOKEN_TEXT, "errors and warnings of danger",
	    GROUNDS),
	STANDS_ON("on-danger", TOKEN_TEXT, "text on danger", "danger"),
	STANDS_ON("warning", TOKEN_TEXT, "what needs care", GROUNDS),
	STANDS_ON("on-warning", TOKEN_TEXT, "text on warning", "warning"),
	STANDS_ON("success", TOKEN_TEXT, "what went well, the all-clear",
	    GROUNDS),
	STANDS_ON("on-success", TOKEN_TEXT, "text on success", "success"),
	STANDS_ON("info", TOKEN_TEXT, "hints", GROUNDS),
	STANDS_ON("on-info", TOKEN_TEXT, "text on info", "info"),
	COLOUR("header", "the bar at the top; also behind the app's icon"),
	STANDS_ON("on-header", TOKEN_TEXT, "text on that bar", "header"),
	PLAIN("radius", TOKEN_SIZE, "corners"),
	PLAIN("space", TOKEN_SIZE, "the step of all distances"),
	PLAIN("font", TOKEN_FONT, "text"),
	PLAIN("font-heading", TOKEN_FONT, "headings"),

	PART("button-background", TOKEN_COLOUR, "primary", "main button"),
	PART("button-hover", TOKEN_COLOUR, "primary-hover",
	    "main button under the pointer"),
	PART_ON("button-text", "on-primary", TOKEN_TEXT, "text on it",
	    "button-background", "button-hover"),
	PART("button-radius", TOKEN_SIZE, "radius", "corners of buttons"),
	PART("field-background", TOKEN_COLOUR, "surface", "input fields"),
	PART_ON("field-text", "text", TOKEN_TEXT, "what is typed",
	    "field-background"),
	PART_ON("field-border", "border", TOKEN_CONTROL,
	    "edge of input fields", "field-background"),
	PART("tile-background", TOKEN_COLOUR, "surface", "tiles and rows"),
	PART_ON("tile-text", "text", TOKEN_TEXT, "words on tiles",
	    "tile-background"),
	PART_ON("tile-icon", "primary", TOKEN_CONTROL, "icons on tiles",
	    "tile-background"),
	PART("tile-border", TOKEN_COLOUR, "border", "edge of tiles"),
	PART("tile-radius", TOKEN_SIZE, "radius", "corners of tiles"),
	PART("bar-background", TOKEN_COLOUR, "surface-raised",
	    "bar at the bottom or the side"),
	PART_ON("bar-text", "text-muted", TOKEN_TEXT, "its words and icons",
	    "bar-background"),
	PART_ON("bar-chosen", "accent", TOKEN_TEXT, "where one is",
	    "bar-background"),
	PART_ON("bar-border", "border", TOKEN_CONTROL, "its edge",
	    "bar-background"),
	PART_ON("bar-report-background", "primary", TOKEN_CONTROL,
	    "its middle button", "bar-background"),
	PART_ON("bar-report-text", "on-primary", TOKEN_TEXT,
	    "words and icon of the middle button", "bar-report-background"),
	PART("header-background", TOKEN_COLOUR, "header", "bar at the top"),
	PART_ON("header-text", "on-header", TOKEN_TEXT, "words on it",
	    "header-background"),
	PART_ON("header-focus", "on-header", TOKEN_CONTROL,
	    "ring around what has the focus there", "header-background"),
};
const size_t	 tokens_count = COUNT(tokens);

const char *
token_layer_text(enum token_layer layer)
{
	static const char *const texts[] = { "primitive", "semantic",
	    "component" };

	return (texts[layer]);
}

const char *
token_mode_text(enum token_mode mode)
{
	static const char *const texts[] = { "light", "dark", "contrast" };

	return (texts[mode]);
}

size_t
token_find(enum token_layer layer, const char *name)
{
	size_t	 i;

	for (i = 0; i < tokens_count; i++)
		if (tokens[i].layer == layer &&
		    strcmp(tokens[i].name, name) == 0)
			return (i);
	return (tokens_count);
}

const char *
token_near(enum token_layer layer, const char *name)
{
	struct field	 fields[COUNT(tokens) + 1];
	size_t		 i, count;

	memset(fields, 0, sizeof(fields));
	for (i = count = 0; i < tokens_count; i++) {
		if (tokens[i].layer != layer)
			continue;
		fields[count].type = FIELD_TYPE_TEXT;
		fields[count++].name = tokens[i].name;
	}
	return (field_nearest(fields, name));
}

/* A number with at most one point and a unit; what CSS could misread is out. */
static bool
size_fits(const char *text)
{
	size_t	 digits, len;

	if (strcmp(text, "0") == 0)
		return (true);
	digits = strspn(text, "0123456789");
	len = digits;
	if (text[len] == '.') {
		digits = strspn(text + len + 1, "0123456789");
		len += 1 + digits;
	}
	return (digits != 0 && len < 8 && (strcmp(text + len, "px") == 0 ||
	    strcmp(text + len, "rem") == 0 || strcmp(text + len, "em") == 0));
}

/* Names of families, separated by commas; no quotes are needed. */
static bool
font_fits(const char *text)
{
	const char	*at;
	size_t		 len;

	for (at = text;; at += len + 1) {
		at += strspn(at, " ");
		len = strspn(at, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
		    "0123456789 ");
		if (len == 0 || len > 60 || strchr("0123456789", *at) != NULL)
			return (false);
		if (at[len] == '\0')
			return (true);
		if (at[len] != ',')
			return (false);
	}
}

bool
token_fits(enum token_type type, const char *literal)
{
	switch (type) {
	case TOKEN_COLOUR:
		return (field_format_fits(FIELD_FORMAT_COLOUR, literal));
	case TOKEN_SIZE:
		return (size_fits(literal));
	case TOKEN_FONT:
		return (font_fits(literal));
	}
	return (false);
}

const char *
token_says(enum token_type type)
{
	switch (type) {
	case TOKEN_COLOUR:
		return (field_format_says(FIELD_FORMAT_COLOUR));
	case TOKEN_SIZE:
		return ("a size such as 8px or 0.5rem");
	case TOKEN_FONT:
		return ("names of fonts such as Fira Sans, sans-serif");
	}
	return ("");
}

size_t
token_property(const struct token *token, char *name, size_t size)
{
	int	 len;

	len = snprintf(name, size, "--sk-%s%s",
	    token->layer == TOKEN_SEMANTIC && token->type == TOKEN_COLOUR ?
	    "color-" : "", token->name);
	return (len < 0 || (size_t)len >= size ? 0 : (size_t)len);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a theme can set. The table is the list: the check, the stylesheet,
 * docs/themes.md and the tests come from it.
 *
 * Three layers. A value is a literal or a reference in braces to a token of
 * the same layer or a lower one:
 *
 *	primitive	{primitive.green.700}	the palette; a theme's own names
 *	semantic	{semantic.primary}	what a colour is for; this table
 *	component	{component.bar-text}	where it is used; this table
 */
#ifndef CORE_TOKEN_H
#define CORE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#define TOKEN_GROUNDS	4	/* that one token has to stand out from */

enum token_layer { TOKEN_PRIMITIVE, TOKEN_SEMANTIC, TOKEN_COMPONENT,
    TOKEN_LAYERS };

enum token_type {
	TOKEN_COLOUR,	/* #0a5c8c */
	TOKEN_SIZE,	/* 8px, 0.5rem, 0 */
	TOKEN_FONT,	/* Fira Sans, sans-serif */
};

/* "light", "dark", "contrast". */
enum token_mode { TOKEN_LIGHT, TOKEN_DARK, TOKEN_CONTRAST, TOKEN_MODES };

#define TOKEN_TEXT	4.5	/* WCAG 2.2, 1.4.3: text */
#define TOKEN_CONTROL	3.0	/* 1.4.11, 2.4.13: controls, focus */

struct token {
	const char		*name;		/* "on-primary" */
	enum token_layer	 layer;
	enum token_type		 type;
	const char		*otherwise;	/* reference; NULL: base has it */
	double			 least;		/* contrast; 0: no demand */
	/* Names of the same layer's tokens that it stands on. */
	const char		*grounds[TOKEN_GROUNDS];
	const char		*says;
};

/* Semantic ones first, then components. */
extern const struct token tokens[];
extern const size_t tokens_count;

/* "primitive", "semantic", "component"; "light", "dark", "contrast". */
const char	*token_layer_text(enum token_layer layer);
const char	*token_mode_text(enum token_mode mode);

/* The index in `tokens`, or tokens_count. */
size_t		 token_find(enum token_layer layer, const char *name);

/* Known name of the layer nearest to a misspelt one; NULL: none is near. */
const char	*token_near(enum token_layer layer, const char *name);

/* Whether a literal has the type's form; and that form in words. */
bool		 token_fits(enum token_type type, const char *literal);
const char	*token_says(enum token_type type);

/* Its custom property: "--sk-color-primary", "--sk-bar-text". */
size_t		 token_property(const struct token *token, char *name,
		    size_t size);

#endif

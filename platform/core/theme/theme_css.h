/* SPDX-License-Identifier: EUPL-1.2 */
/* A theme's stylesheet: custom properties and fonts, no rule else. */
#ifndef CORE_THEME_CSS_H
#define CORE_THEME_CSS_H

#include "core/theme/theme_tokens.h"

/*
 * The stylesheet, UTF-8: --sk-… of every token on :root, again for the dark
 * and the high-contrast mode as the device asks for them, and for a choice
 * by hand as :root[data-mode="light"|"dark"|"contrast"]. `fonts` are names of
 * files below /theme/, one for each of `faces`.
 */
char		*theme_css(const struct theme_tokens *theme_tokens,
		    const struct theme_font *faces, const char *const *fonts,
		    size_t count, size_t *len);

/* Whether what CSS will hold of a font is harmless; a finding if not. */
bool		 theme_font_check(const struct theme_chain *chain,
		    const struct node *node, const struct theme_font *font,
		    const char *pointer);

#endif

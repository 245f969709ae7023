/* SPDX-License-Identifier: EUPL-1.2 */
/* What of a theme is published as files. */
#ifndef CORE_THEME_FILES_H
#define CORE_THEME_FILES_H

#include "core/theme/theme.h"

/*
 * Appends to `theme` what theme_fields calls stylesheet, logo, hero, picture,
 * manifest, favicon and touch_icon, and gives what theme_read() tells of
 * `publish`. `city` NULL: pictures and fonts are checked, nothing is made.
 * Findings: a file is not there, not of its kind, or too large; an SVG that
 * is more than a drawing; no theme has a logo.
 */
enum status	 theme_files_make(const struct theme_tokens *theme_tokens,
		    const struct theme_city *city, struct node *theme,
		    struct node **publish);

#endif

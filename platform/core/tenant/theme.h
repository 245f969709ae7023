/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Themes: themes/<code>/theme.yaml, data only. A theme that `extends`
 * another one writes what it wants otherwise; what it leaves out comes from
 * there, and so on up.
 */
#ifndef CORE_THEME_H
#define CORE_THEME_H

#include <stadtkern/field.h>
#include <stadtkern/finding.h>
#include <stadtkern/node.h>
#include <stadtkern/status.h>

#define THEME_DEPTH_MAX	8	/* themes that one theme may stand on */

struct theme_colours {
	const char	*primary;
	const char	*on_primary;
	const char	*accent;
	const char	*background;
	const char	*text;
};

/* A theme with all that it inherits. */
struct theme {
	const char		*code;		/* its folder */
	const char		*name;		/* for people */
	const char		*layout;	/* tiles or list */
	struct theme_colours	 colours;
	const char		*logo;		/* themes/<code>/<file> */
};

/* The table of a resolved theme; everything is required. */
extern const struct field theme_fields[];

/*
 * Reads the theme that `reference` (a node of the tenant's file) names, and
 * those it extends. `theme` gets a map that theme_fields describes.
 * Findings: no such theme, a circle, a file that is not there, whatever the
 * tables refuse.
 */
enum status	 theme_read(struct arena *arena, const char *home,
		    const struct node *reference, struct node **theme,
		    struct findings *findings);

#endif

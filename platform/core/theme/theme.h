/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Themes: themes/<code>/theme.yaml, data only. A theme that `extends`
 * another one writes what it wants otherwise; what it leaves out comes from
 * there, and so on down.
 *
 *	chain of files --theme_chain--> levels --theme_tokens--> values
 *	--theme_css, theme_files--> what is published
 */
#ifndef CORE_THEME_H
#define CORE_THEME_H

#include <time.h>

#include <stadtkern/field.h>
#include <stadtkern/finding.h>
#include <stadtkern/node.h>
#include <stadtkern/status.h>

#include "core/theme/theme_tokens.h"

#define THEME_DAY	11	/* "2027-08-06" and its NUL */

struct theme_colours {
	const char	*primary;
	const char	*on_primary;
	const char	*accent;
	const char	*background;
	const char	*text;
};

/* What a browser paints its own bars with. */
struct theme_bars {
	const char	*light;
	const char	*dark;
};

/* A mode, as far as a letter shows it: mail knows no custom properties. */
struct theme_paper {
	const char	*header;
	const char	*on_header;
	const char	*background;
	const char	*surface;
	const char	*text;
	const char	*text_muted;
	const char	*accent;
	const char	*border;
};

struct theme_mail {
	struct theme_paper	 light;
	struct theme_paper	 dark;
};

/*
 * A theme with all that it inherits, as it was published with a tenant. What
 * is not required was not published by earlier versions.
 */
struct theme {
	const char		*code;		/* its folder */
	const char		*name;		/* for people */
	const char		*layout;	/* tiles or list */
	LIST_OF(const char *)	 order;		/* cards of the start page */
	const struct node	*words;		/* by language, by key */
	struct theme_colours	 colours;	/* of the light mode */
	struct theme_bars	 colour;
	struct theme_mail	 mail;
	const char		*stylesheet;	/* "/theme/<hash>.css" */
	const char		*logo;
	const char		*hero;		/* NULL: none */
	const char		*picture;	/* for others who link to us */
	const char		*manifest;	/* these three are names of */
	const char		*favicon;	/* files, served elsewhere too */
	const char		*touch_icon;
};

/* The table of a resolved theme. */
extern const struct field theme_fields[];
/* And of its `mail`, for the one who sends it. */
extern const struct field theme_mail_fields[];

/* The city, as far as its theme's files tell of it. */
struct theme_city {
	const char		*name;
	const char		*title;		/* of the app */
	const char		*language;
	const struct node	*order;		/* its own; NULL: the theme's */
	const struct node	*words;		/* its own, over the theme's */
};

/*
 * Reads the theme that `reference` (a node of the tenant's file) names, and
 * those it stands on, and checks all of it: tokens, contrast, pictures,
 * fonts. `theme` gets a map that theme_fields describes; `publish` what is to
 * be published with it:
 *
 *	{"files": [{"name", "type", "base64"}],
 *	 "pictures": {"logo", "font" (names of files; null: none), "name",
 *	     "background", "colour", "list": [{"name", "kind", "width",
 *	     "height"}]}}
 *
 * Names hold a hash of the content, those of pictures of what they are drawn
 * from. `city` NULL: the theme alone is looked at and nothing given, so that
 * `theme` and `publish` may be NULL.
 */
enum status	 theme_read(struct arena *arena, const char *home,
		    const struct node *reference,
		    const struct theme_city *city, struct node **theme,
		    struct node **publish, struct findings *findings);

/*
 * Reads as far as tokens, of a theme by its folder's name, without looking
 * at contrast: for theme_tokens_check() and theme_tokens_fix(). `chain` has
 * arena, home and findings set.
 */
enum status	 theme_read_tokens(struct theme_chain *chain,
		    const char *code, struct theme_tokens *theme_tokens);

/*
 * Whether an event's theme is on at `day` ("2027-08-06"): a finding at
 * `reference` if it has no dates. What else is wrong theme_read() says.
 */
bool		 theme_is_on(struct arena *arena, const char *home,
		    const struct node *reference, const char *pointer,
		    const char *day, struct findings *findings);

/* The day in Berlin. */
void		 theme_day(time_t now, char day[THEME_DAY]);

/* Folders of themes/, sorted; NULL-terminated. */
const char	**theme_codes(struct arena *arena, const char *home);

#endif

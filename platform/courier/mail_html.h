/* SPDX-License-Identifier: EUPL-1.2 */
/* A letter's text again, as HTML in the city's colours. */
#ifndef COURIER_MAIL_HTML_H
#define COURIER_MAIL_HTML_H

#include <stadtkern/field.h>

#include "core/theme/theme.h"
#include "courier/mail.h"

/* How a city's letters look; what of the theme was published for it. */
struct mail_look {
	const char		*city;
	const char		*flow;		/* mail_unfold(), filled in */
	struct theme_mail	 colours;
	struct bytes		 emblem;	/* PNG; at NULL: none */
};

/*
 * The text of a letter before it is filled in, without the line breaks that
 * only keep it narrow: a line and the next are one where the next one's first
 * word would not have fitted. Lines in columns (with two blanks in them) and
 * indented ones stay. From `arena`.
 */
const char	*mail_unfold(struct arena *arena, const char *text);

/*
 * A document of HTML for mail->look, which is not NULL: blocks with inline
 * styles, as mail programs need them, nothing to load, nothing to run. A
 * line of six digits alone is a code and large; addresses at https:// are
 * links. `content_id` (NULL: none) is the emblem's. NULL: longer than
 * MAIL_MAX.
 */
const char	*mail_html(struct arena *arena, const struct mail *mail,
		    const char *content_id);

#endif

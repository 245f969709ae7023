/* SPDX-License-Identifier: EUPL-1.2 */
/* What queries and forms of both kinds share: the map that they fill. */
#ifndef CORE_FORM_H
#define CORE_FORM_H

#include <stdbool.h>

#include <stadtkern/node.h>

#define LIMIT(value)		LIMIT_TEXT(value)
#define LIMIT_TEXT(value)	#value

/* One run of a reader. */
struct form {
	struct arena	*arena;
	struct findings	*findings;
	struct node	*map;
	struct node	*last;
	size_t		 count;		/* parameters, also empty ones */
	bool		 failed;
};

void		 form_init(struct form *form, struct arena *arena,
		    struct findings *findings);

/* Adds a finding: the form will be refused. */
void		 form_fail(struct form *form, const char *pointer,
		    enum finding_code code, const char *argument);

/* Counts a parameter; false, and a finding, when it is one too many. */
bool		 form_count(struct form *form);

/* Whether it is UTF-8 without NUL; else there is a finding. */
bool		 form_text_fits(struct form *form, const char *pointer,
		    const char *text, size_t len);

/*
 * A SCALAR or BYTES under `name`, which is kept; where the name was before, it
 * joins a list of what it gave.
 */
void		 form_add(struct form *form, const char *name,
		    struct node *value);

/* The map, or STATUS_INVALID and NULL. */
enum status	 form_finish(const struct form *form, struct node **node);

#endif

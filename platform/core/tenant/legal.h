/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the law wants a city to say of itself: the section `legal` of its
 * file, and the pages that are made of it.
 */
#ifndef CORE_LEGAL_H
#define CORE_LEGAL_H

#include <stadtkern/field.h>

#include "core/plugin/registry.h"

struct tenant;

/* Who answers for something, with a postal address. */
struct legal_body {
	const char	*code;		/* of a controller: waste, utility */
	const char	*name;
	const char	*street;
	const char	*postcode;
	const char	*town;
	const char	*email;
	const char	*phone;
	const char	*officer;	/* of a controller: e-mail address of
					   its data protection officer */
};

struct legal_officer {
	const char	*name;
	const char	*email;
	const char	*phone;
};

struct legal_accessibility {
	const char	*email;		/* who reads what is fed back */
	const char	*phone;
	const char	*assessed;	/* day of the self-assessment */
	LIST_OF(const char *) gaps;	/* the city's, beside the app's own */
};

struct legal {
	struct legal_body provider;
	const char	*represented_by;
	const char	*vat_id;
	const char	*supervised_by;
	const char	*responsible;	/* for the content, § 18 (2) MStV */
	struct legal_officer officer;
	struct legal_accessibility accessibility;
	LIST_OF(struct legal_body) controllers;	/* other than the city */
};

extern const struct field legal_fields[];

/*
 * Checks the section and fills `*legal` in `arena`, NULL where `node` is
 * NULL or empty. Findings have pointers below /legal.
 */
enum status	 legal_fill(struct arena *arena, const struct node *node,
		    const struct legal **legal, struct findings *findings);

/* Where feedback on accessibility goes: the city's contact for it, otherwise
 * the city's address. */
const char	*legal_feedback_address(const struct tenant *tenant);

/*
 * GET /api/v1/legal: imprint, privacy and accessibility, each a title and
 * sections of a heading and paragraphs, a list or a table. A text's line that
 * names what the city has not written is left out.
 */
char		*legal_json(struct arena *arena,
		    const struct registry *registry,
		    const struct tenant *tenant, const char *language,
		    size_t *len);

#endif

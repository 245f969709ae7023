/* SPDX-License-Identifier: EUPL-1.2 */
/* "perhaps … is meant": the nearest known key. */

#include <string.h>

#include "core/field/field_walk.h"

#define NEAR_LEN_MAX	40

static size_t
least(size_t a, size_t b)
{
	return (a < b ? a : b);
}

/*
 * Optimal string alignment (the restricted Damerau-Levenshtein distance):
 * insertions, deletions, changes and swaps of neighbours. `b` has at most
 * NEAR_LEN_MAX bytes.
 */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t	 rows[3][NEAR_LEN_MAX + 1];
	size_t	*above, *here, *swap;
	size_t	 i, j;

	for (j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (i = 1; i <= a_len; i++) {
		swap = rows[(i + 1) % 3];
		above = rows[(i + 2) % 3];
		here = rows[i % 3];
		here[0] = i;
		for (j = 1; j <= b_len; j++) {
			here[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
			here[j] = least(here[j], above[j] + 1);
			here[j] = least(here[j], here[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				here[j] = least(here[j], swap[j - 2] + 1);
		}
	}
	return (rows[a_len % 3][b_len]);
}

const char *
field_nearest(const struct field *fields, const char *name)
{
	const char	*nearest;
	size_t		 best, far, len, other;

	nearest = NULL;
	len = strlen(name);
	if (fields == NULL || len == 0 || len > NEAR_LEN_MAX)
		return (NULL);
	/* One slip in a short word, up to three in a long one. */
	best = 1 + least(len / 4, 2);
	for (; fields->type != FIELD_TYPE_END; fields++) {
		other = strlen(fields->name);
		if (other > NEAR_LEN_MAX || !field_is_input(fields))
			continue;
		far = distance(name, len, fields->name, other);
		/* A word with nothing in common is no hint. */
		if (far >= least(len, other) || far > best ||
		    (far == best && nearest != NULL))
			continue;
		best = far;
		nearest = fields->name;
	}
	return (nearest);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The features of a GeoJSON FeatureCollection (RFC 7946, 3.3), one by one:
 * only their ends are looked for, whoever takes one parses it.
 */
#ifndef CORE_FEATURES_H
#define CORE_FEATURES_H

#include <stddef.h>

#include <stadtkern/status.h>

struct features {
	const char	*at;
	const char	*end;
	size_t		 count;		/* of those given out */
	unsigned int	 line;		/* of `at` */
	unsigned int	 column;
};

struct feature {
	const char	*at;
	size_t		 len;
	size_t		 index;
	unsigned int	 line;
	unsigned int	 column;
};

void		features_begin(struct features *features, const char *bytes,
		    size_t len);

/* STATUS_NOT_FOUND: that was the last. STATUS_INVALID: no collection, or it
 * ends too early; where is in `features`. */
enum status	features_next(struct features *features,
		    struct feature *feature);

#endif

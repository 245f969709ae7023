/* SPDX-License-Identifier: EUPL-1.2 */
/* What a caller asks for in Range. Knows nothing of Kore. */
#ifndef WEB_RANGE_H
#define WEB_RANGE_H

#include <stdbool.h>
#include <stdint.h>

enum range_verdict {
	RANGE_WHOLE,		/* none, several, or not understood: all of it */
	RANGE_PART,
	RANGE_UNSATISFIABLE	/* begins behind the end: 416 */
};

/*
 * A Range header (RFC 9110, 14.1.2; NULL: absent) over `size` bytes. Several
 * ranges are answered with the whole, as 14.2 allows.
 */
enum range_verdict range_read(const char *text, uint64_t size, uint64_t *from,
		    uint64_t *len);

#endif

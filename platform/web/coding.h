/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What of a thing is sent: its content coding (RFC 9110, 12.5.3) and whether
 * a caller wants a page (12.5.1). Knows nothing of Kore.
 */
#ifndef WEB_CODING_H
#define WEB_CODING_H

#include <stdbool.h>

enum coding { CODING_IDENTITY, CODING_GZIP, CODING_BROTLI, CODING_COUNT };

/* Its name in Content-Encoding; NULL for identity. */
const char	*coding_text(enum coding coding);

/*
 * The best of `available` (bit i: enum coding i; identity always counts) by
 * an Accept-Encoding header; of equals the smaller, that is brotli, gzip.
 * NULL (none was sent) and what cannot be read: identity. Identity too where
 * everything is refused, as an answer of the wrong coding is better than none.
 */
enum coding	 coding_negotiate(const char *accept_encoding,
		    unsigned int available);

/* Whether gzip is better than nothing, as coding_negotiate() says. */
bool		 coding_takes_gzip(const char *accept_encoding);

/*
 * Whether an Accept header asks for HTML by name: text/html, any text or
 * application/xhtml+xml, not with q=0. A browser's navigation does; a script
 * that takes anything does not, so that it gets a problem it can read.
 */
bool		 accept_is_page(const char *accept);

#endif

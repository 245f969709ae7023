/* SPDX-License-Identifier: EUPL-1.2 */
/* What request headers say of the caller, read apart from any request. */
#ifndef WEB_CALLER_TEXT_H
#define WEB_CALLER_TEXT_H

#include <stdbool.h>

#include <stadtkern/arena.h>

/* The token of an Authorization header (RFC 6750, 2.1), or NULL. */
const char	*caller_text_bearer(const char *authorization);

/* The session's token of a Cookie header (RFC 6265, 4.2), or NULL. */
const char	*caller_text_session(struct arena *arena, const char *cookie);

/*
 * Whom rate limits count: `peer`, or, where that is listed in `proxies`
 * (comma-separated), the last address of `forwarded` (NULL: none was sent),
 * which is the one that the proxy itself has seen. An IPv6 address counts as
 * its /64, the least that one subscriber has.
 */
const char	*caller_text_address(struct arena *arena, const char *peer,
		    const char *forwarded, const char *proxies);

/*
 * Whether a request comes from the pages of `host` or from no page at all:
 * Sec-Fetch-Site (Fetch Metadata) and Origin (RFC 6454, 7), NULL: not sent.
 */
bool		 caller_text_is_same_site(const char *site,
		    const char *origin, const char *host);

#endif

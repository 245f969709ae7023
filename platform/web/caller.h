/* SPDX-License-Identifier: EUPL-1.2 */
/* Who calls: address, credentials, where the page came from. */
#ifndef WEB_CALLER_H
#define WEB_CALLER_H

#include <kore/kore.h>
#include <kore/http.h>

#include "core/exchange/exchange.h"

/* The device's token from "Authorization: Bearer …", or NULL (RFC 6750). */
const char	*caller_bearer(struct http_request *req);

/* The session's token from the cookie, in `arena`, or NULL. */
const char	*caller_session(struct http_request *req, struct arena *arena);

/* Whom rate limits count, see caller_text_address(). */
const char	*caller_address(struct http_request *req, struct arena *arena,
		    const char *proxies);

/*
 * Whether an unsafe request of the office's side comes from its own pages
 * or from no page at all (Sec-Fetch-Site, Origin; Fetch Metadata).
 */
bool		 caller_is_same_site(struct http_request *req);

#endif

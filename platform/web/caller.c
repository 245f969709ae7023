/* SPDX-License-Identifier: EUPL-1.2 */
/* Who calls: the headers and the socket of a request. */

#include <arpa/inet.h>

#include <string.h>
#include <strings.h>

#include "web/caller.h"
#include "web/caller_text.h"

static const char *
header(struct http_request *req, const char *name)
{
	const char	*value;

	return (http_request_header(req, name, &value) ? value : NULL);
}

/* A proxy that adds a line of its own adds it behind the caller's. */
static const char *
header_last(struct http_request *req, const char *name)
{
	const struct http_header	*each;
	const char			*value;

	value = NULL;
	TAILQ_FOREACH(each, &req->req_headers, list) {
		if (strcasecmp(each->header, name) == 0)
			value = each->value;
	}
	return (value);
}

const char *
caller_bearer(struct http_request *req)
{
	return (caller_text_bearer(header(req, "authorization")));
}

const char *
caller_session(struct http_request *req, struct arena *arena)
{
	return (caller_text_session(arena, header(req, "cookie")));
}

const char *
caller_address(struct http_request *req, struct arena *arena,
    const char *proxies)
{
	char	peer[INET6_ADDRSTRLEN] = "";

	if (req->owner->family == AF_INET)
		(void)inet_ntop(AF_INET, &req->owner->addr.ipv4.sin_addr,
		    peer, sizeof(peer));
	else if (req->owner->family == AF_INET6)
		(void)inet_ntop(AF_INET6, &req->owner->addr.ipv6.sin6_addr,
		    peer, sizeof(peer));
	return (caller_text_address(arena, peer,
	    header_last(req, "x-forwarded-for"), proxies));
}

bool
caller_is_same_site(struct http_request *req)
{
	return (caller_text_is_same_site(header(req, "sec-fetch-site"),
	    header(req, "origin"), req->host));
}

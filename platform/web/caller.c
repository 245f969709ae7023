/* SPDX-License-Identifier: EUPL-1.2 */
/* Who calls. */

#include <arpa/inet.h>

#include <string.h>
#include <strings.h>

#include "web/caller.h"

#define COOKIE	"__Host-stadtkern="

const char *
caller_bearer(struct http_request *req)
{
	const char	*value;

	if (!http_request_header(req, "authorization", &value) ||
	    strncasecmp(value, "bearer ", 7) != 0)
		return (NULL);
	value += 7;
	value += strspn(value, " ");
	return (strlen(value) == CRYPTO_TOKEN_TEXT ? value : NULL);
}

const char *
caller_session(struct http_request *req, struct arena *arena)
{
	const char	*value, *at;
	size_t		 len;

	if (!http_request_header(req, "cookie", &value))
		return (NULL);
	for (at = value; *at != '\0'; at += len) {
		at += strspn(at, "; ");
		len = strcspn(at, ";");
		if (len != strlen(COOKIE) + CRYPTO_TOKEN_TEXT ||
		    strncmp(at, COOKIE, strlen(COOKIE)) != 0)
			continue;
		return (arena_copy(arena, at + strlen(COOKIE),
		    CRYPTO_TOKEN_TEXT));
	}
	return (NULL);
}

static bool
listed(const char *list, const char *address)
{
	const char	*at;
	size_t		 len;

	for (at = list; *at != '\0'; at += len) {
		at += strspn(at, ", ");
		len = strcspn(at, ", ");
		if (len == strlen(address) && memcmp(at, address, len) == 0)
			return (true);
	}
	return (false);
}

const char *
caller_address(struct http_request *req, struct arena *arena,
    const char *proxies)
{
	struct in6_addr	 check;
	const char	*forwarded, *last;
	char		 text[INET6_ADDRSTRLEN];

	text[0] = '\0';
	if (req->owner->family == AF_INET)
		(void)inet_ntop(AF_INET, &req->owner->addr.ipv4.sin_addr,
		    text, sizeof(text));
	else if (req->owner->family == AF_INET6)
		(void)inet_ntop(AF_INET6, &req->owner->addr.ipv6.sin6_addr,
		    text, sizeof(text));
	if (!listed(proxies, text) ||
	    !http_request_header(req, "x-forwarded-for", &forwarded))
		return (arena_text(arena, text));
	/* Only the last hop was written by the proxy that we believe. */
	last = strrchr(forwarded, ',');
	last = last == NULL ? forwarded : last + 1;
	last += strspn(last, " ");
	if (inet_pton(AF_INET, last, &check) != 1 &&
	    inet_pton(AF_INET6, last, &check) != 1)
		return (arena_text(arena, text));
	return (arena_text(arena, last));
}

bool
caller_is_same_site(struct http_request *req)
{
	const char	*site, *origin, *host;

	if (http_request_header(req, "sec-fetch-site", &site) &&
	    strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return (false);
	if (!http_request_header(req, "origin", &origin))
		return (true);
	if ((host = strstr(origin, "://")) == NULL)
		return (false);
	return (strcasecmp(host + 3, req->host) == 0);
}

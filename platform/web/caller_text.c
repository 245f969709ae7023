/* SPDX-License-Identifier: EUPL-1.2 */
/* What request headers say of the caller. */

#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string.h>
#include <strings.h>

#include "core/crypto.h"
#include "core/exchange/cookie.h"
#include "core/plugin/mount.h"
#include "web/caller_text.h"

#define SUBSCRIBER_LEN	8		/* bytes of a /64 */

const char *
caller_text_bearer(const char *value)
{
	if (value == NULL || strncasecmp(value, "bearer ", 7) != 0)
		return (NULL);
	value += 7;
	value += strspn(value, " ");
	return (strlen(value) == CRYPTO_TOKEN_TEXT ? value : NULL);
}

const char *
caller_text_session(struct arena *arena, const char *value)
{
	return (cookie_token(arena, value, SESSION_COOKIE));
}

static bool
listed(const char *list, const char *address)
{
	const char	*at;
	size_t		 len;

	for (at = list; *at != '\0'; at += len) {
		at += strspn(at, ", ");
		len = strcspn(at, ", ");
		if (len != 0 && len == strlen(address) &&
		    memcmp(at, address, len) == 0)
			return (true);
	}
	return (false);
}

/* One spelling for one caller; NULL: no address. */
static const char *
subscriber(struct arena *arena, const char *text)
{
	struct in_addr	four;
	struct in6_addr	six;
	char		out[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET, text, &four) == 1)
		return (arena_text(arena, text));
	if (inet_pton(AF_INET6, text, &six) != 1)
		return (NULL);
	if (IN6_IS_ADDR_V4MAPPED(&six))
		(void)inet_ntop(AF_INET, &six.s6_addr[12], out, sizeof(out));
	else {
		memset(&six.s6_addr[SUBSCRIBER_LEN], 0, SUBSCRIBER_LEN);
		(void)inet_ntop(AF_INET6, &six, out, sizeof(out));
	}
	return (arena_text(arena, out));
}

const char *
caller_text_address(struct arena *arena, const char *peer,
    const char *forwarded, const char *proxies)
{
	const char	*last, *address;
	size_t		 len;

	address = NULL;
	if (forwarded != NULL && listed(proxies, peer)) {
		last = strrchr(forwarded, ',');
		last = last == NULL ? forwarded : last + 1;
		last += strspn(last, " \t");
		len = strcspn(last, " \t");
		address = subscriber(arena, arena_copy(arena, last, len));
	}
	if (address == NULL)
		address = subscriber(arena, peer);
	return (address == NULL ? arena_text(arena, peer) : address);
}

/* localhost or a name below it, which browsers trust without TLS. */
static bool
is_local(const char *host)
{
	static const char	 local[] = "localhost";
	const size_t		 local_len = sizeof(local) - 1;
	size_t			 len;

	len = strcspn(host, ":");
	return (len >= local_len && strncasecmp(host + len - local_len, local,
	    local_len) == 0 && (len == local_len ||
	    host[len - local_len - 1] == '.'));
}

bool
caller_text_is_same_site(const char *site, const char *origin,
    const char *host)
{
	const char	*at;

	if (site != NULL && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0)
		return (false);
	if (origin == NULL)
		return (true);
	/* A page without TLS is anybody's on the way, the same name or not. */
	if (strncmp(origin, "https://", 8) == 0)
		at = origin + 8;
	else if (strncmp(origin, "http://", 7) == 0 && is_local(host))
		at = origin + 7;
	else
		return (false);
	return (strcasecmp(at, host) == 0);
}

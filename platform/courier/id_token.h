/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ID tokens (OpenID Connect Core 1.0, 3.1.3.7) in the form of a JWS (RFC
 * 7515), verified by cjose with keys from a JWK set (RFC 7517).
 */
#ifndef COURIER_ID_TOKEN_H
#define COURIER_ID_TOKEN_H

#include <stdint.h>

#include <stadtkern/node.h>

struct id_token_expect {
	const char	*issuer;
	const char	*client_id;
	const char	*nonce;
	const char	*access_token;	/* NULL: none came */
	int64_t		 now;		/* seconds since 1970 */
};

/*
 * STATUS_OK: signed ES256 or RS256 by a key of `jwks`, for us, by the issuer,
 * in time, to this nonce; `claims` is a map with a text `sub`. Otherwise
 * STATUS_REFUSED, `reason` is a code for the log. Takes any bytes.
 */
enum status	 id_token_verify(struct arena *arena, const char *token,
		    const char *jwks, const struct id_token_expect *expect,
		    const struct node **claims, const char **reason);

#endif

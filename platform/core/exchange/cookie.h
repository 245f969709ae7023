/* SPDX-License-Identifier: EUPL-1.2 */
/* Tokens in cookies. */
#ifndef CORE_COOKIE_H
#define CORE_COOKIE_H

#include <stadtkern/arena.h>

/* The sign-in that is not over, beside the session's (RFC 6265bis, 4.1.3.2). */
#define TICKET_COOKIE	"__Host-stadtkern-step"

/*
 * The first token (of CRYPTO_TOKEN_TEXT characters) that a Cookie header
 * (RFC 6265, 4.2; NULL: none) has under `name`, in `arena`, or NULL.
 */
const char	*cookie_token(struct arena *arena, const char *header,
		    const char *name);

#endif

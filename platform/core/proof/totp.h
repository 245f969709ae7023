/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One-time codes by time (RFC 6238), as every code generator makes them:
 * HMAC-SHA-1, six digits, 30 seconds.
 */
#ifndef CORE_PROOF_TOTP_H
#define CORE_PROOF_TOTP_H

#include <stdint.h>

#include <stadtkern/field.h>

#define TOTP_SECRET_LEN	20	/* bytes; RFC 4226, 4: 160 bits */
#define TOTP_DIGITS	6
#define TOTP_SECONDS	30

/* A new secret of TOTP_SECRET_LEN random bytes. */
struct bytes	 totp_secret(struct arena *arena);

/* The secret as people type it: base32 (RFC 4648, 6) without padding. */
char		*totp_base32(struct arena *arena, struct bytes secret);

/*
 * The time step that `code` belongs to: that of `now` (seconds since 1970),
 * the one before or the one after, as clocks differ; -1: none of them. Takes
 * the same time whichever it is. A step must be accepted once only (RFC 6238,
 * 5.2), which is the caller's task.
 */
int64_t		 totp_step(struct bytes secret, const char *code,
		    int64_t now);

#endif

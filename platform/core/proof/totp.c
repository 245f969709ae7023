/* SPDX-License-Identifier: EUPL-1.2 */
/* One-time codes by time. */

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "core/crypto.h"
#include "core/proof/totp.h"

#define STEP_LEN	8	/* bytes of the counter */
#define SHA1_LEN	20
#define CODE_MOD	1000000u

struct bytes
totp_secret(struct arena *arena)
{
	struct bytes	 secret;
	unsigned char	*bytes;

	bytes = arena_alloc(arena, TOTP_SECRET_LEN);
	randombytes_buf(bytes, TOTP_SECRET_LEN);
	secret.at = bytes;
	secret.len = TOTP_SECRET_LEN;
	return (secret);
}

char *
totp_base32(struct arena *arena, struct bytes secret)
{
	static const char	 alphabet[] =
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned int		 bits, held;
	char			*text, *to;
	size_t			 i;

	to = text = arena_alloc(arena, secret.len * 8 / 5 + 2);
	bits = held = 0;
	for (i = 0; i < secret.len; i++) {
		bits = (bits << 8 | secret.at[i]) & 0xffff;
		for (held += 8; held >= 5; held -= 5)
			*to++ = alphabet[bits >> (held - 5) & 31];
	}
	if (held > 0)
		*to = alphabet[bits << (5 - held) & 31];
	return (text);
}

/* RFC 4226, 5.3; false: the library refuses. */
static bool
totp_code(struct bytes secret, uint64_t step, char *code)
{
	unsigned char	counter[STEP_LEN], mac[SHA1_LEN];
	uint32_t	number;
	unsigned int	len, at;
	size_t		i;

	for (i = 0; i < STEP_LEN; i++)
		counter[i] = (unsigned char)(step >> (8 * (STEP_LEN - 1 - i)));
	len = sizeof(mac);
	if (HMAC(EVP_sha1(), secret.at, (int)secret.len, counter,
	    sizeof(counter), mac, &len) == NULL || len != sizeof(mac))
		return (false);
	at = mac[SHA1_LEN - 1] & 0xf;
	number = (uint32_t)(mac[at] & 0x7f) << 24 |
	    (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 |
	    mac[at + 3];
	(void)snprintf(code, TOTP_DIGITS + 1, "%06u", number % CODE_MOD);
	sodium_memzero(mac, sizeof(mac));
	return (true);
}

int64_t
totp_step(struct bytes secret, const char *code, int64_t now)
{
	char	 right[TOTP_DIGITS + 1];
	int64_t	 step, found;

	if (secret.at == NULL || strlen(code) != TOTP_DIGITS)
		return (-1);
	found = -1;
	for (step = now / TOTP_SECONDS - 1; step <= now / TOTP_SECONDS + 1;
	    step++) {
		if (step >= 0 && totp_code(secret, (uint64_t)step, right) &&
		    sodium_memcmp(right, code, TOTP_DIGITS) == 0)
			found = step;
	}
	sodium_memzero(right, sizeof(right));
	return (found);
}

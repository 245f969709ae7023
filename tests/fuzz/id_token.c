/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What an identity provider says: a token in the first line, its keys in the
 * rest. Nobody here has the nonce, so that none is ever good.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "courier/id_token.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct id_token_expect	 expect = { .issuer = "https://example.org",
				    .client_id = "us", .nonce = "\1",
				    .access_token = "access",
				    .now = 1795000000 };
	const struct node	*claims;
	struct arena		*arena;
	const char		*reason;
	char			*token, *keys;

	arena = arena_new(0);
	token = arena_copy(arena, data, len);
	keys = strchr(token, '\n');
	if (keys != NULL)
		*keys++ = '\0';
	if (id_token_verify(arena, token, keys == NULL ? "" : keys, &expect,
	    &claims, &reason) == STATUS_OK || reason == NULL)
		abort();
	arena_free(arena);
	return (0);
}

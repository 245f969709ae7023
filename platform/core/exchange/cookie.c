/* SPDX-License-Identifier: EUPL-1.2 */
/* Tokens in cookies. */

#include <string.h>

#include "core/crypto.h"
#include "core/exchange/cookie.h"

const char *
cookie_token(struct arena *arena, const char *header, const char *name)
{
	const char	*at;
	size_t		 len, name_len;

	name_len = strlen(name);
	for (at = header == NULL ? "" : header; *at != '\0'; at += len) {
		at += strspn(at, "; ");
		len = strcspn(at, ";");
		if (len != name_len + 1 + CRYPTO_TOKEN_TEXT ||
		    strncmp(at, name, name_len) != 0 || at[name_len] != '=')
			continue;
		return (arena_copy(arena, at + name_len + 1,
		    CRYPTO_TOKEN_TEXT));
	}
	return (NULL);
}

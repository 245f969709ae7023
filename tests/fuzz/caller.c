/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Authorization, Cookie, X-Forwarded-For, Sec-Fetch-Site and Origin: any of
 * them may hold what it likes. A token has its one length, a caller is never
 * nobody.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../platform/web/caller_text.c"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena	*arena;
	const char	*text, *token;

	arena = arena_new(0);
	text = arena_copy(arena, data, len);
	token = caller_text_bearer(text);
	if (token != NULL && strlen(token) != CRYPTO_TOKEN_TEXT)
		abort();
	token = caller_text_session(arena, text);
	if (token != NULL && (strlen(token) != CRYPTO_TOKEN_TEXT ||
	    strchr(token, ';') != NULL))
		abort();
	token = caller_text_address(arena, "192.0.2.1", text, "192.0.2.1");
	if (*token == '\0')
		abort();
	(void)caller_text_is_same_site(NULL, text, "herne.example.org");
	(void)caller_text_is_same_site(text, NULL, "herne.example.org");
	arena_free(arena);
	return (0);
}

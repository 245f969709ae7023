/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a passkey answers: clientDataJSON up to the first NUL, authenticator
 * data behind it. Nothing without our challenge is ever taken.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/proof/passkey.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const unsigned char	challenge[PASSKEY_CHALLENGE_LEN] = { 0 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct passkey_question	 question = { .host = "herne.localhost" };
	struct passkey_answer	 answer;
	struct passkey		 passkey;
	struct arena		*arena;
	const uint8_t		*nul;
	int64_t			 counter;

	arena = arena_new(0);
	nul = len == 0 ? NULL : memchr(data, '\0', len);
	question.challenge.at = challenge;
	question.challenge.len = sizeof(challenge);
	memset(&answer, 0, sizeof(answer));
	answer.client_data.at = arena_copy(arena, data, len);
	answer.client_data.len = nul == NULL ? len : (size_t)(nul - data);
	if (nul != NULL) {
		answer.data.len = len - answer.client_data.len - 1;
		answer.data.at = arena_copy(arena, nul + 1, answer.data.len);
		answer.signature = answer.data;
	}
	(void)passkey_made(arena, &question, &answer, &passkey);
	/* The key is one of a curve, so that a signature is looked at. */
	passkey.algorithm = -7;
	passkey.public_key.at = challenge;
	passkey.public_key.len = sizeof(challenge);
	if (passkey_used(arena, &question, &answer, &passkey, &counter) ==
	    STATUS_OK)
		abort();
	question.challenge.at = NULL;
	if (passkey_client_data(arena, &question, answer.client_data,
	    "webauthn.get") == STATUS_OK)
		abort();
	arena_free(arena);
	return (0);
}

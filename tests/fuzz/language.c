/* SPDX-License-Identifier: EUPL-1.2 */
/* Accept-Language, with three languages and a variant to choose from. */

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/plugin/message.h"
#include "core/plugin/texts.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct texts		 tr = { .language = "tr" };
	static struct texts		 en = { .next = &tr, .language = "en" };
	static struct texts		 simple = { .next = &en,
					    .language = "de-simple" };
	static struct texts		 de = { .next = &simple,
					    .language = "de" };
	static const struct messages	 messages = { .first = &de };
	struct arena			*arena;
	const char			*language;

	arena = arena_new(0);
	language = message_negotiate(&messages, arena_copy(arena, data, len));
	assert(messages_have(&messages, language));
	arena_free(arena);
	return (0);
}

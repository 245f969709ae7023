/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Accept-Encoding and Accept: whatever they hold, what is chosen is there,
 * and is identity when nothing else is.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stadtkern/arena.h>

#include "../../platform/web/coding.c"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena	*arena;
	const char	*text;
	unsigned int	 available;
	enum coding	 coding;

	arena = arena_new(0);
	text = arena_copy(arena, data, len);
	for (available = 0; available < 1u << CODING_COUNT; available++) {
		coding = coding_negotiate(text, available);
		if (coding != CODING_IDENTITY &&
		    (available >> coding & 1) == 0)
			abort();
	}
	if (accept_is_page(text) && *text == '\0')
		abort();
	arena_free(arena);
	return (0);
}

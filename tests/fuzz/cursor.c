/* SPDX-License-Identifier: EUPL-1.2 */
/* A cursor: nothing but what was handed out is ever read as a position. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/exchange/cursor.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct keys	 keys = { .hash = { 1 } };
	struct arena			*arena;
	const char			*text, *cursor, *position;

	arena = arena_new(0);
	text = arena_copy(arena, data, len);
	if (cursor_read(arena, &keys, 1, "list", text) != NULL)
		abort();
	cursor = cursor_write(arena, &keys, 1, "list", text);
	if (cursor != NULL) {
		position = cursor_read(arena, &keys, 1, "list", cursor);
		if (position == NULL || strcmp(position, text) != 0 ||
		    cursor_read(arena, &keys, 2, "list", cursor) != NULL ||
		    cursor_read(arena, &keys, 1, "other", cursor) != NULL)
			abort();
	}
	arena_free(arena);
	return (0);
}

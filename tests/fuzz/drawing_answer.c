/* SPDX-License-Identifier: EUPL-1.2 */
/* What a child that was taken over may answer when it was to draw. */

#include <stdint.h>
#include <stdlib.h>

#include "courier/drawing.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct drawing_order	 order = { .count = 2,
		.drawings = { { DRAWING_PLAIN, 8, 8 },
		{ DRAWING_FILLED, 16, 16 } } };
	struct bytes			 pngs[DRAWINGS_MAX];
	struct arena			*arena;

	arena = arena_new(0);
	if (drawing_answer_read(arena, (struct bytes){ data, len }, &order,
	    pngs) == STATUS_OK && pngs[0].len + pngs[1].len > len)
		abort();
	arena_free(arena);
	return (0);
}

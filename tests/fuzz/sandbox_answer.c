/* SPDX-License-Identifier: EUPL-1.2 */
/* What a child that was taken over may answer. */

#include <stdint.h>
#include <stdlib.h>

#include "courier/picture.h"
#include "courier/sandbox.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct sandbox_picture	 picture;
	struct arena		*arena;
	const char		*reason;

	arena = arena_new(0);
	reason = NULL;
	if (sandbox_answer_read(arena, (struct bytes){ data, len }, &picture,
	    &reason) == STATUS_OK) {
		if (picture.width > PICTURE_EDGE ||
		    picture.full.len + picture.thumbnail.len > len)
			abort();
	} else if (reason == NULL)
		abort();
	arena_free(arena);
	return (0);
}

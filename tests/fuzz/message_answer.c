/* SPDX-License-Identifier: EUPL-1.2 */
/* What a child that a message took over may answer. */

#include <stdint.h>
#include <stdlib.h>

#include "courier/message.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct message	 message;
	struct arena	*arena;
	size_t		 i, sum;

	arena = arena_new(0);
	if (message_answer_read(arena, (struct bytes){ data, len },
	    &message) == STATUS_OK) {
		for (i = sum = 0; i < message.files.count; i++)
			sum += message.files.items[i].content.len;
		if (sum > len || message.kind == NULL)
			abort();
	}
	arena_free(arena);
	return (0);
}

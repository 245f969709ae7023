/* SPDX-License-Identifier: EUPL-1.2 */
/* A message that somebody sent: what is made of it is always an answer. */

#include <stdint.h>
#include <stdlib.h>

#include "courier/message.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int	 warm;
	struct message	 message;
	struct arena	*arena;
	unsigned char	*answer;
	size_t		 answer_len;

	if (!warm++)
		message_warm();
	if (message_work(data, len, &answer, &answer_len) != STATUS_OK)
		return (0);
	arena = arena_new(0);
	if (message_answer_read(arena, (struct bytes){ answer, answer_len },
	    &message) != STATUS_OK)
		abort();
	arena_free(arena);
	free(answer);
	return (0);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A line of the checkpoints' file: what is taken is written the same again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit_chain.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct checkpoint	 checkpoint;
	struct arena		*arena;
	const char		*line;

	if (checkpoint_read((const char *)data, len, &checkpoint) != STATUS_OK)
		return (0);
	arena = arena_new(0);
	line = checkpoint_line(arena, &checkpoint);
	if (strlen(line) != len || memcmp(line, data, len) != 0)
		abort();
	(void)checkpoint_holds(&checkpoint);
	arena_free(arena);
	return (0);
}

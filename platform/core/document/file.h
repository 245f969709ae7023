/* SPDX-License-Identifier: EUPL-1.2 */
/* A whole file in an arena. */
#ifndef CORE_FILE_H
#define CORE_FILE_H

#include <stddef.h>

#include <stadtkern/arena.h>
#include <stadtkern/status.h>

/*
 * Reads all of a regular file of at most `max` bytes; a NUL that is not
 * counted follows. STATUS_IO: errno says why. STATUS_LIMIT: longer, or no
 * regular file. `*text` and `*len` are set by STATUS_OK alone.
 */
enum status	file_read(struct arena *arena, const char *path, size_t max,
		    char **text, size_t *len);

#endif

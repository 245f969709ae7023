/* SPDX-License-Identifier: EUPL-1.2 */
/* Where in a JSON text reading ended. */
#ifndef CORE_JSON_PATH_H
#define CORE_JSON_PATH_H

#include <stddef.h>

#include <stadtkern/arena.h>

/*
 * The JSON pointer of the value that the first `len` bytes of a JSON text
 * end in or with. Those bytes were read without an error, so this only
 * follows the brackets; deeper than NODE_DEPTH_MAX it stays with the parent.
 */
const char	*json_path(struct arena *arena, const char *bytes, size_t len);

#endif

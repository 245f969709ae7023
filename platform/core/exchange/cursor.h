/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where the next page begins, as callers carry it: a statement's `position`
 * behind a keyed hash of it, in base64url. Only what was handed out comes
 * back in, and only to the same list of the same tenant.
 */
#ifndef CORE_CURSOR_H
#define CORE_CURSOR_H

#include <stadtkern/arena.h>

#include "core/crypto.h"

/* `list` names the list. NULL when `position` is too long. */
char		*cursor_write(struct arena *arena, const struct keys *keys,
		    int32_t tenant_id, const char *list, const char *position);

/* The position, or NULL: this was never handed out for this list. */
const char	*cursor_read(struct arena *arena, const struct keys *keys,
		    int32_t tenant_id, const char *list, const char *cursor);

#endif

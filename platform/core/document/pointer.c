/* SPDX-License-Identifier: EUPL-1.2 */
/* Building JSON pointers. */

#include <string.h>

#include "core/document/pointer.h"

const char *
pointer_member(struct arena *arena, const char *pointer, const char *name)
{
	size_t		 len;
	const char	*from;
	char		*at, *joined;

	len = strlen(pointer);
	/* Each character may become two; and the slash and the NUL. */
	joined = arena_alloc(arena, len + strlen(name) * 2 + 2);
	(void)memcpy(joined, pointer, len);
	at = joined + len;
	*at++ = '/';
	for (from = name; *from != '\0'; from++) {
		if (*from == '~' || *from == '/') {
			*at++ = '~';
			*at++ = *from == '~' ? '0' : '1';
		} else
			*at++ = *from;
	}
	*at = '\0';
	return (joined);
}

const char *
pointer_item(struct arena *arena, const char *pointer, size_t index)
{
	return (arena_format(arena, "%s/%zu", pointer, index));
}

const char *
pointer_of(struct arena *arena, const char *prefix, const struct place *place)
{
	if (place == NULL)
		return (prefix);
	prefix = pointer_of(arena, prefix, place->above);
	if (place->name == NULL)
		return (pointer_item(arena, prefix, place->index));
	return (pointer_member(arena, prefix, place->name));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* JSON pointers, RFC 6901. */
#ifndef CORE_POINTER_H
#define CORE_POINTER_H

#include <stddef.h>

#include <stadtkern/arena.h>

/*
 * Where in a tree a walk is: a list of places on the stack, from the
 * innermost outwards. The text is made only once something was found there.
 */
struct place {
	const struct place	*above;		/* NULL: the root */
	const char		*name;		/* NULL: an item of a list */
	size_t			 index;
};

/* The pointer to `place`, behind `prefix`; NULL is the root. */
const char	*pointer_of(struct arena *arena, const char *prefix,
		    const struct place *place);

/* `pointer` with one more reference token; "~" and "/" are escaped. */
const char	*pointer_member(struct arena *arena, const char *pointer,
		    const char *name);
const char	*pointer_item(struct arena *arena, const char *pointer,
		    size_t index);

#endif

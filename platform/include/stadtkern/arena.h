/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Memory that lives as long as one thing does: a request, a tenant, a
 * parse. Nothing is freed on its own; arena_free() frees it all.
 *
 * Built with -DARENA_MALLOC each piece is its own malloc(), so that the
 * sanitizers see an overrun of one byte.
 */
#ifndef STADTKERN_ARENA_H
#define STADTKERN_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A new arena; the first block holds `first` bytes (0: a default). */
struct arena	*arena_new(size_t first);

/* Frees all that was ever taken from it. NULL is accepted. */
void		 arena_free(struct arena *arena);

/* Bytes taken from the system so far. */
size_t		 arena_size(const struct arena *arena);

/*
 * `len` zeroed bytes, aligned for any type. Never NULL: running out of
 * memory ends the process, as inputs are limited before they get here.
 */
void		*arena_alloc(struct arena *arena, size_t len);

/* A copy of `len` bytes, followed by a NUL that is not counted. */
void		*arena_copy(struct arena *arena, const void *from, size_t len);

/* A copy of a string; NULL gives NULL. */
char		*arena_text(struct arena *arena, const char *text);

/* A string formatted as printf(3) does. */
char		*arena_format(struct arena *arena, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));
char		*arena_vformat(struct arena *arena, const char *fmt,
		    va_list args) __attribute__((format(printf, 2, 0), nonnull(2)));

#endif

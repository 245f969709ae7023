/* SPDX-License-Identifier: EUPL-1.2 */
/* UTF-8, RFC 3629: no overlong forms, no surrogates, up to U+10FFFF. */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_INVALID	(-1)

/*
 * Decodes the code point at *at and moves *at behind it. UTF8_INVALID when
 * there is none; *at then stays. *at must be below `end`.
 */
int32_t	 utf8_next(const char **at, const char *end);

/* The bytes of `code`, a code point, no surrogate: how many there are. */
size_t	 utf8_write(char text[4], int32_t code);

/* Code points in `len` bytes, or UTF8_INVALID. */
ptrdiff_t utf8_count(const char *text, size_t len);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Percent-encoding, which paths and forms share. */
#ifndef CORE_PERCENT_H
#define CORE_PERCENT_H

#include <stddef.h>

#include <stadtkern/arena.h>

#define PERCENT_LEN	3	/* of "%41" */

/*
 * The byte that the escape at `at` stands for (RFC 3986, 2.1), of which
 * `left` bytes may be read; -1: there is no whole escape.
 */
int	percent_read(const char *at, size_t left);

/* The text with all but letters, digits and - . _ ~ escaped. */
char	*percent_write(struct arena *arena, const char *text);

#endif

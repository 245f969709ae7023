/* SPDX-License-Identifier: EUPL-1.2 */
/* Where in a JSON text a value stands; only needed once something is wrong. */
#ifndef CORE_JSON_POSITION_H
#define CORE_JSON_POSITION_H

#include <stddef.h>

/*
 * Line and column (in characters), from 1, of the value at `pointer`
 * (RFC 6901) in `bytes`, which was read as valid JSON before. Of a value
 * that is not there, the position of the innermost one that is.
 */
void	json_position(const char *bytes, size_t len, const char *pointer,
	    unsigned int *line, unsigned int *column);

#endif

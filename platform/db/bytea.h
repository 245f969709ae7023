/* SPDX-License-Identifier: EUPL-1.2 */
/* PostgreSQL's text form of a bytea ("\x…"), in an arena. */
#ifndef DB_BYTEA_H
#define DB_BYTEA_H

#include <stadtkern/arena.h>
#include <stadtkern/field.h>

/* The bytes, in `arena`; {NULL, 0} where `text` is NULL or memory is out. */
struct bytes	bytea_read(struct arena *arena, const char *text);

const char	*bytea_text(struct arena *arena, struct bytes bytes);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* libpq's own malloc()ed copy becomes one of the arena's. */

#include <string.h>

#include <libpq-fe.h>
#include <sodium.h>

#include "db/bytea.h"

struct bytes
bytea_read(struct arena *arena, const char *text)
{
	struct bytes	 bytes = { NULL, 0 };
	unsigned char	*raw;
	size_t		 len;

	if (text == NULL ||
	    (raw = PQunescapeBytea((const unsigned char *)text, &len)) == NULL)
		return (bytes);
	bytes.at = arena_copy(arena, raw, len);
	bytes.len = len;
	PQfreemem(raw);
	return (bytes);
}

const char *
bytea_text(struct arena *arena, struct bytes bytes)
{
	char	*text;

	text = arena_alloc(arena, bytes.len * 2 + 3);
	memcpy(text, "\\x", 2);
	(void)sodium_bin2hex(text + 2, bytes.len * 2 + 1, bytes.at,
	    bytes.len);
	return (text);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* libpq's own malloc()ed copy becomes one of the arena's. */

#include <libpq-fe.h>

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

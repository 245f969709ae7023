/* SPDX-License-Identifier: EUPL-1.2 */
/* Packing (RFC 1952); unpacking, with a cap: core/tiles. */
#ifndef CORE_GZIP_H
#define CORE_GZIP_H

#include <stadtkern/arena.h>
#include <stadtkern/bytes.h>

/* From `arena`; .at NULL where it would be no smaller. */
struct bytes	 gzip_pack(struct arena *arena, struct bytes content);

#endif

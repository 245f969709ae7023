/* SPDX-License-Identifier: EUPL-1.2 */
/* Packing by zlib. */

#include <limits.h>
#include <stddef.h>

#define ZLIB_CONST	/* it does not write where it reads */
#include <zlib.h>

#include "core/document/gzip.h"

#define GZIP_ONLY	(15 + 16)	/* zlib's windowBits: no other wrapper */
#define MEMORY		9		/* its memLevel: the most */

struct bytes
gzip_pack(struct arena *arena, struct bytes content)
{
	struct bytes	 packed = { NULL, 0 };
	z_stream	 stream = { .zalloc = Z_NULL };
	unsigned char	*out;

	if (content.len > INT_MAX || deflateInit2(&stream, Z_BEST_COMPRESSION,
	    Z_DEFLATED, GZIP_ONLY, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return (packed);
	out = arena_alloc(arena, content.len + 1);
	stream.next_in = content.at;
	stream.avail_in = (uInt)content.len;
	stream.next_out = out;
	stream.avail_out = (uInt)content.len;
	if (deflate(&stream, Z_FINISH) == Z_STREAM_END)
		packed = (struct bytes){ out, stream.total_out };
	(void)deflateEnd(&stream);
	return (packed);
}

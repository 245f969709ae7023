/* SPDX-License-Identifier: EUPL-1.2 */
/* gzip out of an archive, with a cap. */

#include <limits.h>
#include <stdlib.h>

#define ZLIB_CONST	/* it does not write where it reads */
#include <zlib.h>

#include "core/tiles/pmtiles.h"

#define GZIP_ONLY	(15 + 16)	/* zlib's windowBits: no other wrapper */
#define FIRST		((size_t)16384)

/* Twice as much room, at most `max`; false: no more. */
static bool
room_grow(unsigned char **room, size_t *cap, size_t max)
{
	unsigned char	*more;
	size_t		 want;

	if (*cap >= max)
		return (false);
	want = *cap == 0 ? FIRST : *cap * 2;
	if (want > max)
		want = max;
	if ((more = realloc(*room, want)) == NULL)
		return (false);
	*room = more;
	*cap = want;
	return (true);
}

static bool
inflate_all(z_stream *stream, unsigned char **room, size_t *len, size_t max)
{
	size_t	 cap;
	int	 code;

	cap = 0;
	*len = 0;
	for (;;) {
		if (*len == cap && !room_grow(room, &cap, max))
			return (false);
		stream->next_out = *room + *len;
		stream->avail_out = (uInt)(cap - *len);
		code = inflate(stream, Z_NO_FLUSH);
		*len = cap - stream->avail_out;
		if (code == Z_STREAM_END) {
			if (stream->avail_in == 0)
				return (true);
			if (inflateReset(stream) != Z_OK)
				return (false);
		} else if (code != Z_OK ||
		    (stream->avail_in == 0 && stream->avail_out != 0))
			return (false);
	}
}

unsigned char *
pmtiles_inflate(const unsigned char *bytes, size_t len, size_t max,
    size_t *out_len)
{
	z_stream	 stream = { .zalloc = Z_NULL };
	unsigned char	*room;
	bool		 good;

	*out_len = 0;
	if (len == 0 || len > INT_MAX || max > INT_MAX ||
	    inflateInit2(&stream, GZIP_ONLY) != Z_OK)
		return (NULL);
	stream.next_in = bytes;
	stream.avail_in = (uInt)len;
	room = NULL;
	good = inflate_all(&stream, &room, out_len, max);
	(void)inflateEnd(&stream);
	if (good)
		return (room);
	free(room);
	return (NULL);
}

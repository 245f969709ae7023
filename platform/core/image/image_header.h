/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What image_header.c and image_tail.c share: a cursor over foreign bytes, and
 * the look at what follows a picture.
 */
#ifndef CORE_IMAGE_HEADER_H
#define CORE_IMAGE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stadtkern/image.h>

struct reader {
	const unsigned char	*at;
	size_t			 len;	/* in all */
	size_t			 pos;	/* never above len */
};

static inline size_t
reader_left(const struct reader *reader)
{
	return (reader->len - reader->pos);
}

static inline uint32_t
bytes_u16(const unsigned char *at)
{
	return ((uint32_t)at[0] << 8 | at[1]);
}

static inline uint32_t
bytes_u32(const unsigned char *at)
{
	return (bytes_u16(at) << 16 | bytes_u16(at + 2));
}

static inline uint32_t
bytes_u24_le(const unsigned char *at)
{
	return (at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16);
}

static inline uint32_t
bytes_u32_le(const unsigned char *at)
{
	return (bytes_u24_le(at) | (uint32_t)at[3] << 24);
}

/*
 * Walks from reader->pos, the first byte of the file's signature, and leaves
 * the position behind the picture's last byte, where another may follow.
 * `header` gets the size as soon as it is known, whatever comes later.
 */
enum image_verdict image_walk_jpeg(struct reader *reader,
		    struct image_header *header);

/* Whether the bytes hold the begin of a web page or of a program. */
bool		 image_text_is_markup(const unsigned char *at, size_t len);

/* Looks at what is left of the reader behind the picture. */
enum image_verdict image_tail_check(struct reader *reader);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tells what a picture is without decoding it. Runs in the web process on
 * hostile bytes: allocates nothing, reads nothing outside the input, and
 * takes time linear in its length.
 */

#include <string.h>
#include <strings.h>

#include <zlib.h>

#include "core/image/image_header.h"

#define PNG_CHUNK(a, b, c, d)						\
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))
#define PNG_LEN_MAX	0x7fffffffu

#define WEBP_ANIMATION	0x02	/* flag of VP8X */

struct png_walk {
	struct image_header	*header;
	unsigned int		 chunks;
	unsigned int		 colour;
	bool			 palette;
	bool			 data;		/* an IDAT was seen */
	bool			 data_over;	/* and then something else */
	bool			 end;
};

struct webp_walk {
	struct image_header	*header;
	bool			 extended;	/* VP8X came */
	bool			 animated;
	bool			 picture;	/* pixels came */
};

static enum image_verdict
image_size_check(const struct image_header *header)
{
	if (header->width == 0 || header->height == 0)
		return (IMAGE_DAMAGED);
	if ((uint64_t)header->width * header->height > IMAGE_PIXELS_MAX)
		return (IMAGE_TOO_MANY_PIXELS);
	return (IMAGE_OK);
}

/* ITU T.81 B.2.2. Only what the courier's decoder knows is let in. */
static enum image_verdict
jpeg_frame(const unsigned char *at, size_t len, unsigned int marker,
    struct image_header *header)
{
	unsigned int	 components;

	if (marker != 0xc0 && marker != 0xc1 && marker != 0xc2)
		return (IMAGE_DAMAGED);
	if (header->width != 0 || len < 6 || at[0] != 8)
		return (IMAGE_DAMAGED);
	components = at[5];
	if ((components != 1 && components != 3 && components != 4) ||
	    len != 6 + 3 * (size_t)components)
		return (IMAGE_DAMAGED);
	header->height = bytes_u16(at + 1);
	header->width = bytes_u16(at + 3);
	return (image_size_check(header));
}

/* Entropy-coded data (B.1.1.5): runs to the next marker that is no RSTn. */
static enum image_verdict
jpeg_scan(struct reader *reader)
{
	const unsigned char	*next;
	unsigned char		 byte;

	for (;;) {
		next = memchr(reader->at + reader->pos, 0xff,
		    reader_left(reader));
		if (next == NULL || (size_t)(next - reader->at) + 1 ==
		    reader->len)
			return (IMAGE_TRUNCATED);
		reader->pos = (size_t)(next - reader->at);
		byte = next[1];
		if (byte == 0xff)
			reader->pos++;
		else if (byte == 0x00 || (byte >= 0xd0 && byte <= 0xd7))
			reader->pos += 2;
		else
			return (IMAGE_OK);
	}
}

/* Reads one marker; fill bytes before it are allowed (B.1.1.2). */
static enum image_verdict
jpeg_marker(struct reader *reader, unsigned int *marker)
{
	if (reader_left(reader) < 2)
		return (IMAGE_TRUNCATED);
	if (reader->at[reader->pos] != 0xff)
		return (IMAGE_DAMAGED);
	while (reader_left(reader) > 0 && reader->at[reader->pos] == 0xff)
		reader->pos++;
	if (reader_left(reader) == 0)
		return (IMAGE_TRUNCATED);
	*marker = reader->at[reader->pos++];
	return (IMAGE_OK);
}

static bool
jpeg_marker_is_frame(unsigned int marker)
{
	return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
	    marker != 0xc8 && marker != 0xcc);
}

static enum image_verdict
jpeg_segment(struct reader *reader, unsigned int marker,
    struct image_header *header)
{
	const unsigned char	*at;
	enum image_verdict	 verdict;
	size_t			 len;

	if (reader_left(reader) < 2)
		return (IMAGE_TRUNCATED);
	len = bytes_u16(reader->at + reader->pos);
	if (len < 2)
		return (IMAGE_DAMAGED);
	if (len > reader_left(reader))
		return (IMAGE_TRUNCATED);
	at = reader->at + reader->pos + 2;
	reader->pos += len;
	len -= 2;

	if (jpeg_marker_is_frame(marker)) {
		verdict = jpeg_frame(at, len, marker, header);
		if (verdict != IMAGE_OK)
			return (verdict);
	}
	if (marker == 0xfe && image_text_is_markup(at, len))
		return (IMAGE_TRAILING_DATA);
	if (marker == 0xda) {
		if (header->width == 0)
			return (IMAGE_DAMAGED);
		return (jpeg_scan(reader));
	}
	return (IMAGE_OK);
}

enum image_verdict
image_walk_jpeg(struct reader *reader, struct image_header *header)
{
	enum image_verdict	 verdict;
	unsigned int		 marker;
	bool			 scanned;

	scanned = false;
	reader->pos += 2;
	for (;;) {
		verdict = jpeg_marker(reader, &marker);
		if (verdict != IMAGE_OK)
			return (verdict);
		if (marker == 0xd9)
			return (scanned ? IMAGE_OK : IMAGE_DAMAGED);
		/* What stands alone has no place between segments. */
		if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8))
			return (IMAGE_DAMAGED);
		verdict = jpeg_segment(reader, marker, header);
		if (verdict != IMAGE_OK)
			return (verdict);
		scanned = scanned || marker == 0xda;
	}
}

/* W3C PNG, 11.2.1: which bit depths a colour type has. */
static bool
png_depth_fits(unsigned int colour, unsigned int depth)
{
	switch (colour) {
	case 0:
		return (depth == 1 || depth == 2 || depth == 4 ||
		    depth == 8 || depth == 16);
	case 3:
		return (depth == 1 || depth == 2 || depth == 4 || depth == 8);
	case 2:
	case 4:
	case 6:
		return (depth == 8 || depth == 16);
	default:
		return (false);
	}
}

static enum image_verdict
png_header(struct png_walk *walk, const unsigned char *at, size_t len)
{
	enum image_verdict	 verdict;

	if (walk->chunks != 0 || len != 13)
		return (IMAGE_DAMAGED);
	if (bytes_u32(at) > PNG_LEN_MAX || bytes_u32(at + 4) > PNG_LEN_MAX)
		return (IMAGE_DAMAGED);
	walk->header->width = bytes_u32(at);
	walk->header->height = bytes_u32(at + 4);
	walk->colour = at[9];
	verdict = image_size_check(walk->header);
	if (verdict != IMAGE_OK)
		return (verdict);
	if (!png_depth_fits(at[9], at[8]) || at[10] != 0 || at[11] != 0 ||
	    at[12] > 1)
		return (IMAGE_DAMAGED);
	return (IMAGE_OK);
}

static enum image_verdict
png_data(struct png_walk *walk)
{
	if (walk->data_over || (walk->colour == 3 && !walk->palette))
		return (IMAGE_DAMAGED);
	walk->data = true;
	return (IMAGE_OK);
}

static enum image_verdict
png_chunk(struct png_walk *walk, uint32_t type, const unsigned char *at,
    size_t len)
{
	if (type == PNG_CHUNK('I', 'H', 'D', 'R'))
		return (png_header(walk, at, len));
	if (walk->chunks == 0)
		return (IMAGE_DAMAGED);
	if (type == PNG_CHUNK('I', 'D', 'A', 'T'))
		return (png_data(walk));
	walk->data_over = walk->data;

	switch (type) {
	case PNG_CHUNK('P', 'L', 'T', 'E'):
		if (walk->palette || walk->data || len == 0 || len > 768 ||
		    len % 3 != 0)
			return (IMAGE_DAMAGED);
		walk->palette = true;
		return (IMAGE_OK);
	case PNG_CHUNK('I', 'E', 'N', 'D'):
		walk->end = true;
		return (walk->data && len == 0 ? IMAGE_OK : IMAGE_DAMAGED);
	case PNG_CHUNK('t', 'E', 'X', 't'):
	case PNG_CHUNK('i', 'T', 'X', 't'):
		return (image_text_is_markup(at, len) ? IMAGE_TRAILING_DATA :
		    IMAGE_OK);
	default:
		/* Bit 5 of the first letter: nobody needs to know it. */
		return ((type & 0x20000000u) != 0 ? IMAGE_OK : IMAGE_DAMAGED);
	}
}

static enum image_verdict
image_walk_png(struct reader *reader, struct image_header *header)
{
	struct png_walk		 walk = { .header = header };
	const unsigned char	*at;
	enum image_verdict	 verdict;
	uint32_t		 len;

	reader->pos += 8;
	while (!walk.end) {
		if (reader_left(reader) < 12)
			return (IMAGE_TRUNCATED);
		at = reader->at + reader->pos;
		len = bytes_u32(at);
		if (len > PNG_LEN_MAX)
			return (IMAGE_DAMAGED);
		if (len > reader_left(reader) - 12)
			return (IMAGE_TRUNCATED);
		if (crc32(0, at + 4, len + 4) != bytes_u32(at + 8 + len))
			return (IMAGE_DAMAGED);
		verdict = png_chunk(&walk, bytes_u32(at + 4), at + 8, len);
		if (verdict != IMAGE_OK)
			return (verdict);
		walk.chunks++;
		reader->pos += (size_t)len + 12;
	}
	return (IMAGE_OK);
}

/* The size in a VP8 key frame (RFC 6386, 9.1) or a VP8L header (RFC 9649,
 * 3.4); false when it is neither. */
static bool
webp_stream_size(const unsigned char *at, size_t len, char kind,
    struct image_header *size)
{
	if (kind == 'L') {
		if (len < 5 || at[0] != 0x2f || at[4] >> 5 != 0)
			return (false);
		size->width = (bytes_u24_le(at + 1) & 0x3fff) + 1;
		size->height = ((bytes_u32_le(at + 1) >> 14) & 0x3fff) + 1;
		return (true);
	}
	if (len < 10 || (at[0] & 1) != 0 || at[3] != 0x9d || at[4] != 0x01 ||
	    at[5] != 0x2a)
		return (false);
	size->width = (at[6] | (unsigned int)at[7] << 8) & 0x3fff;
	size->height = (at[8] | (unsigned int)at[9] << 8) & 0x3fff;
	return (true);
}

static enum image_verdict
webp_stream(struct webp_walk *walk, const unsigned char *at, size_t len,
    char kind)
{
	struct image_header	 size = { 0 };

	if (walk->picture || walk->animated ||
	    !webp_stream_size(at, len, kind, &size))
		return (IMAGE_DAMAGED);
	walk->picture = true;
	if (!walk->extended) {
		walk->header->width = size.width;
		walk->header->height = size.height;
	} else if (walk->header->width != size.width ||
	    walk->header->height != size.height)
		return (IMAGE_DAMAGED);
	return (image_size_check(walk->header));
}

static enum image_verdict
webp_canvas(struct webp_walk *walk, const unsigned char *at, size_t len)
{
	if (walk->extended || walk->picture || len != 10)
		return (IMAGE_DAMAGED);
	walk->extended = true;
	walk->animated = (at[0] & WEBP_ANIMATION) != 0;
	walk->header->width = bytes_u24_le(at + 4) + 1;
	walk->header->height = bytes_u24_le(at + 7) + 1;
	return (image_size_check(walk->header));
}

/* RFC 9649, 2.7.1.1: a frame has to lie inside the canvas. */
static enum image_verdict
webp_frame(struct webp_walk *walk, const unsigned char *at, size_t len)
{
	uint64_t	 right, bottom;

	if (!walk->animated || len < 16 + 8)
		return (IMAGE_DAMAGED);
	right = (uint64_t)bytes_u24_le(at) * 2 + bytes_u24_le(at + 6) + 1;
	bottom = (uint64_t)bytes_u24_le(at + 3) * 2 + bytes_u24_le(at + 9) + 1;
	if (right > walk->header->width || bottom > walk->header->height)
		return (IMAGE_DAMAGED);
	walk->picture = true;
	return (IMAGE_OK);
}

static enum image_verdict
webp_chunk(struct webp_walk *walk, const unsigned char *tag,
    const unsigned char *at, size_t len)
{
	if (memcmp(tag, "VP8 ", 4) == 0 || memcmp(tag, "VP8L", 4) == 0)
		return (webp_stream(walk, at, len, (char)tag[3]));
	if (memcmp(tag, "VP8X", 4) == 0)
		return (webp_canvas(walk, at, len));
	if (memcmp(tag, "ANMF", 4) == 0)
		return (webp_frame(walk, at, len));
	/* Only the extended form has further chunks. */
	return (walk->extended || walk->picture ? IMAGE_OK : IMAGE_DAMAGED);
}

static enum image_verdict
image_walk_webp(struct reader *reader, struct image_header *header)
{
	struct webp_walk	 walk = { .header = header };
	const unsigned char	*at;
	enum image_verdict	 verdict, whole;
	size_t			 end, len;

	end = bytes_u32_le(reader->at + reader->pos + 4);
	end = end + 8 + (end & 1);
	whole = end <= reader_left(reader) ? IMAGE_DAMAGED : IMAGE_TRUNCATED;
	if (end > reader_left(reader))
		end = reader_left(reader);
	end += reader->pos;
	reader->pos += 12;
	while (reader->pos < end) {
		at = reader->at + reader->pos;
		if (end - reader->pos < 8)
			return (whole);
		len = bytes_u32_le(at + 4);
		if (len > end - reader->pos - 8)
			len = end - reader->pos - 8;
		verdict = webp_chunk(&walk, at, at + 8, len);
		if (verdict != IMAGE_OK)
			return (verdict);
		if (bytes_u32_le(at + 4) > end - reader->pos - 8)
			return (whole);
		len += len & 1;
		if (len > end - reader->pos - 8)
			return (whole);
		reader->pos += 8 + len;
	}
	if (whole == IMAGE_TRUNCATED)
		return (IMAGE_TRUNCATED);
	return (walk.picture ? IMAGE_OK : IMAGE_DAMAGED);
}

static enum image_verdict
image_walk(struct reader *reader, struct image_header *header)
{
	const unsigned char	*at;

	at = reader->at;
	if (reader->len >= 3 && memcmp(at, "\xff\xd8\xff", 3) == 0) {
		header->type = IMAGE_JPEG;
		return (image_walk_jpeg(reader, header));
	}
	if (reader->len >= 8 && memcmp(at, "\x89PNG\r\n\x1a\n", 8) == 0) {
		header->type = IMAGE_PNG;
		return (image_walk_png(reader, header));
	}
	if (reader->len >= 12 && memcmp(at, "RIFF", 4) == 0 &&
	    memcmp(at + 8, "WEBP", 4) == 0) {
		header->type = IMAGE_WEBP;
		return (image_walk_webp(reader, header));
	}
	return (IMAGE_NOT_AN_IMAGE);
}

enum image_verdict
image_header_read(const unsigned char *bytes, size_t len,
    struct image_header *header)
{
	struct reader		 reader = { .at = bytes, .len = len };
	enum image_verdict	 verdict;

	memset(header, 0, sizeof(*header));
	if (len == 0)
		return (IMAGE_NOT_AN_IMAGE);
	verdict = image_walk(&reader, header);
	if (verdict != IMAGE_OK)
		return (verdict);
	return (image_tail_check(&reader));
}

const char *
image_verdict_text(enum image_verdict verdict)
{
	static const char *const	 texts[] = {
		[IMAGE_OK] = "ok",
		[IMAGE_NOT_AN_IMAGE] = "not-an-image",
		[IMAGE_TRUNCATED] = "truncated",
		[IMAGE_DAMAGED] = "damaged",
		[IMAGE_TOO_MANY_PIXELS] = "too-many-pixels",
		[IMAGE_TRAILING_DATA] = "trailing-data",
	};

	return (texts[verdict]);
}

const char *
image_media_type(enum image_type type)
{
	static const char *const	 types[] = {
		[IMAGE_JPEG] = "image/jpeg",
		[IMAGE_PNG] = "image/png",
		[IMAGE_WEBP] = "image/webp",
	};

	return (types[type]);
}

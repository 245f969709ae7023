/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What stands behind a picture, or hides in its comments. Cameras append
 * honest things (a depth map, a short film); attackers append archives.
 */

#include <string.h>
#include <strings.h>

#include "core/image/image_header.h"

#define TAIL_PICTURES_MAX	16	/* of one multi-picture file */
#define ZIP_END_LEN		22
#define ZIP_SEARCH		(65535 + ZIP_END_LEN)

bool
image_text_is_markup(const unsigned char *at, size_t len)
{
	static const char *const	 signs[] = {
		"<!doctype", "<html", "<head", "<body", "<script", "<iframe",
		"<svg", "<img", "<?php", "<%", "javascript:",
	};
	const unsigned char		*next;
	size_t				 i, left, pos;

	for (pos = 0; pos < len; pos++) {
		/* Each sign begins with one of two letters. */
		if (at[pos] != '<' && at[pos] != 'j' && at[pos] != 'J')
			continue;
		next = at + pos;
		left = len - pos;
		for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
			if (left >= strlen(signs[i]) && strncasecmp(
			    (const char *)next, signs[i],
			    strlen(signs[i])) == 0)
				return (true);
		}
	}
	return (false);
}

/*
 * An end-of-central-directory record (APPNOTE 4.3.16) that an unpacker would
 * take: its comment and its directory have to fit into the file. Four bytes
 * alone would hit one honest picture in a hundred thousand.
 */
static bool
zip_end_found(const unsigned char *bytes, size_t len)
{
	const unsigned char	*at;
	size_t			 pos;

	if (len < ZIP_END_LEN)
		return (false);
	pos = len > ZIP_SEARCH ? len - ZIP_SEARCH : 0;
	for (; pos <= len - ZIP_END_LEN; pos++) {
		at = bytes + pos;
		if (at[0] == 'P' && memcmp(at, "PK\x05\x06", 4) == 0 &&
		    (at[20] | (size_t)at[21] << 8) <=
		    len - pos - ZIP_END_LEN && bytes_u32_le(at + 12) <= pos)
			return (true);
	}
	return (false);
}

/*
 * ISO/IEC 14496-12, 4.2: boxes up to the end. Only types that a film has at
 * the top are taken, so that nothing else can be wrapped in one.
 */
static bool
tail_skip_mp4(struct reader *reader)
{
	static const char	 types[][5] = {
		"ftyp", "moov", "mdat", "free", "skip", "wide", "uuid", "mpvd",
		"meta", "moof", "mfra", "sidx", "styp",
	};
	const unsigned char	*at;
	uint64_t		 len;
	size_t			 i, head;

	if (reader_left(reader) < 16 ||
	    memcmp(reader->at + reader->pos + 4, "ftyp", 4) != 0)
		return (false);
	while (reader_left(reader) >= 8) {
		at = reader->at + reader->pos;
		for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
			if (memcmp(at + 4, types[i], 4) == 0)
				break;
		}
		if (i == sizeof(types) / sizeof(types[0]))
			return (true);
		head = 8;
		len = bytes_u32(at);
		if (len == 1 && reader_left(reader) >= 16) {
			len = (uint64_t)bytes_u32(at + 8) << 32 |
			    bytes_u32(at + 12);
			head = 16;
		} else if (len == 0)
			len = reader_left(reader);
		if (len < head || len > reader_left(reader))
			return (false);
		reader->pos += (size_t)len;
	}
	return (true);
}

/*
 * Samsung's trailer: blocks, then a directory "SEFH" … and, at the very end,
 * the directory's length and "SEFT".
 */
static bool
tail_is_samsung(const struct reader *reader)
{
	const unsigned char	*end;
	size_t			 left, len;

	left = reader_left(reader);
	if (left < 20)
		return (false);
	end = reader->at + reader->len;
	if (memcmp(end - 4, "SEFT", 4) != 0)
		return (false);
	len = bytes_u32_le(end - 8);
	return (len >= 12 && len <= left - 8 &&
	    memcmp(end - 8 - len, "SEFH", 4) == 0);
}

static bool
tail_skip_jpeg(struct reader *reader)
{
	struct image_header	 header = { .type = IMAGE_JPEG };

	if (reader_left(reader) < 3 ||
	    memcmp(reader->at + reader->pos, "\xff\xd8\xff", 3) != 0)
		return (false);
	return (image_walk_jpeg(reader, &header) == IMAGE_OK);
}

static void
tail_skip_zeros(struct reader *reader)
{
	while (reader_left(reader) > 0 && reader->at[reader->pos] == 0)
		reader->pos++;
}

enum image_verdict
image_tail_check(struct reader *reader)
{
	struct reader	 behind;
	unsigned int	 i;

	if (zip_end_found(reader->at, reader->len))
		return (IMAGE_TRAILING_DATA);
	for (i = 0; i < TAIL_PICTURES_MAX; i++) {
		if (tail_is_samsung(reader))
			return (IMAGE_OK);
		behind = *reader;
		if (tail_skip_mp4(&behind)) {
			*reader = behind;
			continue;
		}
		/* A box's length may begin with zeros: hence not first. */
		tail_skip_zeros(reader);
		if (reader_left(reader) == 0)
			return (IMAGE_OK);
		behind = *reader;
		if (!tail_skip_jpeg(&behind))
			return (IMAGE_TRAILING_DATA);
		*reader = behind;
	}
	return (IMAGE_TRAILING_DATA);
}

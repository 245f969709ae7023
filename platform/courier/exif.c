/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads the orientation out of foreign Exif bytes; allocates nothing. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "courier/exif.h"

#define TAG_ORIENTATION		0x0112
#define TYPE_SHORT		3
#define ENTRY_LEN		12
#define ENTRIES_MAX		512

struct tiff {
	const unsigned char	*at;
	size_t			 len;
	bool			 big;	/* endian */
};

static uint32_t
tiff_u16(const struct tiff *tiff, size_t pos)
{
	const unsigned char	*at;

	at = tiff->at + pos;
	return (tiff->big ? (uint32_t)at[0] << 8 | at[1] :
	    (uint32_t)at[1] << 8 | at[0]);
}

static uint32_t
tiff_u32(const struct tiff *tiff, size_t pos)
{
	return (tiff->big ?
	    tiff_u16(tiff, pos) << 16 | tiff_u16(tiff, pos + 2) :
	    tiff_u16(tiff, pos + 2) << 16 | tiff_u16(tiff, pos));
}

static unsigned int
tiff_orientation(const struct tiff *tiff)
{
	size_t		 pos, count, i;
	uint32_t	 value;

	if (tiff_u16(tiff, 2) != 42)
		return (1);
	pos = tiff_u32(tiff, 4);
	if (pos < 8 || pos > tiff->len - 2)
		return (1);
	count = tiff_u16(tiff, pos);
	pos += 2;
	for (i = 0; i < count && i < ENTRIES_MAX; i++, pos += ENTRY_LEN) {
		if (tiff->len - pos < ENTRY_LEN)
			return (1);
		if (tiff_u16(tiff, pos) != TAG_ORIENTATION)
			continue;
		if (tiff_u16(tiff, pos + 2) != TYPE_SHORT ||
		    tiff_u32(tiff, pos + 4) != 1)
			return (1);
		value = tiff_u16(tiff, pos + 8);
		return (value >= 1 && value <= 8 ? value : 1);
	}
	return (1);
}

unsigned int
exif_orientation(const unsigned char *bytes, size_t len)
{
	struct tiff	 tiff;

	if (len >= 6 && memcmp(bytes, "Exif\0\0", 6) == 0) {
		bytes += 6;
		len -= 6;
	}
	if (len < 10)
		return (1);
	tiff.at = bytes;
	tiff.len = len;
	if (memcmp(bytes, "II", 2) == 0)
		tiff.big = false;
	else if (memcmp(bytes, "MM", 2) == 0)
		tiff.big = true;
	else
		return (1);
	return (tiff_orientation(&tiff));
}

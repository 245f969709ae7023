/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What can be known of a picture without decoding it: the container is
 * walked, no pixel is touched. Decoding happens in the courier's sandbox
 * alone.
 */
#ifndef STADTKERN_IMAGE_H
#define STADTKERN_IMAGE_H

#include <stddef.h>

enum image_type { IMAGE_JPEG, IMAGE_PNG, IMAGE_WEBP };

enum image_verdict {
	IMAGE_OK = 0,
	IMAGE_NOT_AN_IMAGE,	/* no JPEG, PNG or WebP */
	IMAGE_TRUNCATED,	/* ends before the container does */
	IMAGE_DAMAGED,		/* the container contradicts itself */
	IMAGE_TOO_MANY_PIXELS,	/* width × height above the limit */
	IMAGE_TRAILING_DATA,	/* another file hides behind or in it */
};

struct image_header {
	enum image_type	 type;
	unsigned int	 width;		/* as stored, before orientation */
	unsigned int	 height;
};

#define IMAGE_PIXELS_MAX	40000000u

/*
 * JPEG: ITU T.81 annex B; PNG: W3C PNG 3rd edition, 5; WebP: RFC 9649, 2.
 * After the end only zero bytes, a further JPEG (CIPA DC-007 multi-picture),
 * an MP4 (motion photo) or a Samsung trailer are accepted. A ZIP end record
 * in the last 64 KiB, or HTML in a comment, makes IMAGE_TRAILING_DATA.
 */
enum image_verdict image_header_read(const unsigned char *bytes, size_t len,
		    struct image_header *header);

/* "not-an-image", "truncated", …: codes for problems; static storage. */
const char	*image_verdict_text(enum image_verdict verdict);
/* "image/jpeg", … */
const char	*image_media_type(enum image_type type);

#endif

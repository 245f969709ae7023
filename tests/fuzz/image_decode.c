/* SPDX-License-Identifier: EUPL-1.2 */
/* Fuzz target: the decoders, without the walk that stands before them. */

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include <stadtkern/image.h>

#include "courier/picture.h"

#define PIXELS_WANTED	1000000u	/* so that a run stays quick */

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct image_header	 header;
	struct picture		 picture, small;
	unsigned char		*jpeg;
	size_t			 jpeg_len;

	(void)image_header_read(data, len, &header);
	if ((uint64_t)header.width * header.height > PIXELS_WANTED)
		return (0);
	if (picture_decode(data, len, header.type, &picture) != STATUS_OK)
		return (0);
	if (picture_scale(&picture, 16, &small) == STATUS_OK) {
		assert(small.width <= 16 && small.height <= 16);
		if (picture_encode(&small, 75, PICTURE_BASELINE, &jpeg,
		    &jpeg_len) == STATUS_OK)
			free(jpeg);
		picture_fini(&small);
	}
	picture_fini(&picture);
	return (0);
}

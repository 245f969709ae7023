/* SPDX-License-Identifier: EUPL-1.2 */
/* Fuzz target: the walk over foreign picture files. */

#include <assert.h>
#include <stdint.h>

#include <stadtkern/image.h>

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct image_header	 header;

	if (image_header_read(data, len, &header) == IMAGE_OK) {
		assert(header.width > 0 && header.height > 0);
		assert((uint64_t)header.width * header.height <=
		    IMAGE_PIXELS_MAX);
	}
	return (0);
}

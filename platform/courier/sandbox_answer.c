/* SPDX-License-Identifier: EUPL-1.2 */
/* What the sandbox's child sent back. */

#include <string.h>

#include <stadtkern/image.h>

#include "courier/picture.h"
#include "courier/sandbox.h"
#include "courier/sandbox_pipe.h"

static bool
jpeg_is_plausible(struct bytes jpeg, unsigned int edge)
{
	struct image_header	 header;

	return (image_header_read(jpeg.at, jpeg.len, &header) == IMAGE_OK &&
	    header.type == IMAGE_JPEG && header.width <= edge &&
	    header.height <= edge);
}

/* The child may have been taken over: its answer is foreign input. */
enum status
sandbox_answer_read(struct arena *arena, struct bytes result,
    struct sandbox_picture *picture, const char **reason)
{
	struct sandbox_answer	 answer;
	const unsigned char	*at;

	*reason = image_verdict_text(IMAGE_DAMAGED);
	if (result.len < sizeof(answer))
		return (STATUS_REFUSED);
	memcpy(&answer, result.at, sizeof(answer));
	if (answer.verdict != SANDBOX_DONE) {
		if (answer.reason == SANDBOX_EXPENSIVE)
			*reason = "too-expensive";
		else if (answer.reason > IMAGE_OK &&
		    answer.reason <= IMAGE_TRAILING_DATA)
			*reason = image_verdict_text(
			    (enum image_verdict)answer.reason);
		return (STATUS_REFUSED);
	}
	if ((uint64_t)answer.full_len + answer.thumbnail_len +
	    sizeof(answer) != result.len)
		return (STATUS_REFUSED);
	at = arena_copy(arena, result.at + sizeof(answer),
	    result.len - sizeof(answer));
	picture->width = answer.width;
	picture->height = answer.height;
	picture->full = (struct bytes){ at, answer.full_len };
	picture->thumbnail = (struct bytes){ at + answer.full_len,
	    answer.thumbnail_len };
	if (answer.width > PICTURE_EDGE || answer.height > PICTURE_EDGE ||
	    !jpeg_is_plausible(picture->full, PICTURE_EDGE) ||
	    !jpeg_is_plausible(picture->thumbnail, PICTURE_THUMBNAIL))
		return (STATUS_REFUSED);
	return (STATUS_OK);
}

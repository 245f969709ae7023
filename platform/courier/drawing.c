/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking the sandbox for drawings, and reading what it says. */

#include <string.h>

#include <stadtkern/buf.h>
#include <stadtkern/image.h>

#include "courier/drawing.h"
#include "courier/sandbox.h"
#include "courier/sandbox_pipe.h"

static bool
png_is_plausible(struct bytes png, const struct drawing *drawing)
{
	struct image_header	 header;

	return (image_header_read(png.at, png.len, &header) == IMAGE_OK &&
	    header.type == IMAGE_PNG && header.width == drawing->width &&
	    header.height == drawing->height);
}

enum status
drawing_answer_read(struct arena *arena, struct bytes result,
    const struct drawing_order *order, struct bytes *pngs)
{
	struct drawing_answer	 answer;
	const unsigned char	*at;
	uint64_t		 sum;
	size_t			 i;

	if (result.len < sizeof(answer))
		return (STATUS_REFUSED);
	memcpy(&answer, result.at, sizeof(answer));
	if (answer.verdict != SANDBOX_DONE || answer.count != order->count ||
	    answer.count > DRAWINGS_MAX)
		return (STATUS_REFUSED);
	sum = sizeof(answer);
	for (i = 0; i < answer.count; i++)
		sum += answer.len[i];
	if (sum != result.len)
		return (STATUS_REFUSED);
	at = arena_copy(arena, result.at + sizeof(answer),
	    result.len - sizeof(answer));
	for (i = 0; i < answer.count; i++) {
		pngs[i] = (struct bytes){ at, answer.len[i] };
		at += answer.len[i];
		if (!png_is_plausible(pngs[i], &order->drawings[i]))
			return (STATUS_REFUSED);
	}
	return (STATUS_OK);
}

enum status
drawing_make(struct arena *arena, struct drawing_order *order,
    const struct drawing_input *input, struct bytes *pngs)
{
	const struct sandbox_request	 request = { .task = SANDBOX_DRAWING };
	struct bytes			 content, result;
	struct buf			 buf;
	const char			*reason;
	enum status			 status;

	order->svg_len = (uint32_t)input->svg.len;
	order->font_len = (uint32_t)input->font.len;
	order->name_len = (uint32_t)strlen(input->name);
	buf_init(&buf, arena, SANDBOX_CONTENT_MAX);
	buf_add(&buf, order, sizeof(*order));
	buf_add(&buf, input->svg.at, input->svg.len);
	if (input->font.len != 0)
		buf_add(&buf, input->font.at, input->font.len);
	buf_text(&buf, input->name);
	content.at = (const unsigned char *)buf_finish(&buf, &content.len);
	if (content.at == NULL)
		return (STATUS_REFUSED);
	status = sandbox_run(arena, &request, content, NULL, &result,
	    &reason);
	if (status != STATUS_OK)
		return (status);
	return (drawing_answer_read(arena, result, order, pngs));
}

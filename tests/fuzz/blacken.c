/* SPDX-License-Identifier: EUPL-1.2 */
/* Fuzz target: areas to blacken, read and painted into a small picture. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "courier/blacken.h"

#define WIDTH	37u
#define HEIGHT	23u

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Whether any of the pixel lies in the area. */
static int
is_touched(const struct blacken_area *area, unsigned int x, unsigned int y)
{
	return (area->width > 0 && area->height > 0 &&
	    area->x * WIDTH < x + 1 && (area->x + area->width) * WIDTH > x &&
	    area->y * HEIGHT < y + 1 && (area->y + area->height) * HEIGHT > y);
}

static void
painted_check(const struct picture *picture, const struct blacken *blacken)
{
	const unsigned char	*at;
	unsigned int		 x, y;
	uint32_t		 i;

	for (y = 0; y < HEIGHT; y++) {
		for (x = 0; x < WIDTH; x++) {
			at = picture->rgb + ((size_t)y * WIDTH + x) * 3;
			for (i = 0; i < blacken->count; i++) {
				if (is_touched(&blacken->areas[i], x, y) &&
				    (at[0] | at[1] | at[2]) != 0)
					abort();
			}
			if (blacken->count == 0 && at[0] != 0xff)
				abort();
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct findings	 findings;
	struct blacken	 blacken;
	struct picture	 picture;
	struct arena	*arena;
	struct node	*node;

	arena = arena_new(0);
	findings_init(&findings, arena);
	if (node_from_json(arena, (const char *)data, len, &node,
	    &findings) == STATUS_OK &&
	    blacken_read(node, &blacken) == STATUS_OK) {
		if (picture_init(&picture, WIDTH, HEIGHT) != STATUS_OK)
			abort();
		memset(picture.rgb, 0xff, (size_t)WIDTH * HEIGHT * 3);
		blacken_paint(&picture, &blacken);
		painted_check(&picture, &blacken);
		picture_fini(&picture);
	}
	/* What a sandbox that was fed nonsense would paint. */
	if (len >= sizeof(blacken.areas[0])) {
		memset(&blacken, 0, sizeof(blacken));
		blacken.count = 1;
		memcpy(&blacken.areas[0], data, sizeof(blacken.areas[0]));
		if (picture_init(&picture, WIDTH, HEIGHT) != STATUS_OK)
			abort();
		blacken_paint(&picture, &blacken);
		picture_fini(&picture);
	}
	arena_free(arena);
	return (0);
}

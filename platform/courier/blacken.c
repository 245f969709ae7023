/* SPDX-License-Identifier: EUPL-1.2 */
/* Black rectangles. */

#include <math.h>
#include <string.h>

#include "courier/blacken.h"

static bool
share_read(const struct node *area, const char *name, double *share)
{
	const struct node	*node;

	node = node_get(area, name);
	if (node == NULL ||
	    (node->kind != NODE_NUMBER && node->kind != NODE_INT) ||
	    !(node->number >= 0 && node->number <= 1))
		return (false);
	*share = node->number;
	return (true);
}

enum status
blacken_read(const struct node *list, struct blacken *blacken)
{
	const struct node	*node;
	struct blacken_area	*area;

	memset(blacken, 0, sizeof(*blacken));
	if (list == NULL)
		return (STATUS_OK);
	if (list->kind != NODE_LIST || list->count > BLACKEN_MAX)
		return (STATUS_INVALID);
	for (node = list->first; node != NULL; node = node->next) {
		area = &blacken->areas[blacken->count++];
		if (!share_read(node, "x", &area->x) ||
		    !share_read(node, "y", &area->y) ||
		    !share_read(node, "width", &area->width) ||
		    !share_read(node, "height", &area->height))
			return (STATUS_INVALID);
	}
	return (STATUS_OK);
}

/* The first pixel that `share` touches, and the one behind the last. */
static unsigned int
pixel_from(double share, unsigned int edge)
{
	double	at;

	at = floor(share * edge);
	return (at > 0 ? (at < edge ? (unsigned int)at : edge) : 0);
}

static unsigned int
pixel_until(double share, unsigned int edge)
{
	double	at;

	at = ceil(share * edge);
	return (at > 0 ? (at < edge ? (unsigned int)at : edge) : 0);
}

void
blacken_paint(struct picture *picture, const struct blacken *blacken)
{
	const struct blacken_area	*area;
	unsigned int			 left, right, y, bottom;
	uint32_t			 i;

	for (i = 0; i < blacken->count && i < BLACKEN_MAX; i++) {
		area = &blacken->areas[i];
		left = pixel_from(area->x, picture->width);
		right = pixel_until(area->x + area->width, picture->width);
		bottom = pixel_until(area->y + area->height, picture->height);
		if (right <= left)
			continue;
		for (y = pixel_from(area->y, picture->height); y < bottom; y++)
			memset(picture->rgb + ((size_t)y * picture->width +
			    left) * 3, 0, (size_t)(right - left) * 3);
	}
}

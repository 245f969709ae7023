/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Parts of a picture that nobody is to see: faces, number plates. Painted
 * black before anything is written, so that what comes out never held them.
 */
#ifndef COURIER_BLACKEN_H
#define COURIER_BLACKEN_H

#include <stdint.h>

#include <stadtkern/node.h>
#include <stadtkern/status.h>

#include "courier/picture.h"

#define BLACKEN_MAX	20u	/* areas of a picture */

/* In shares of the upright picture's width and height, 0 to 1. */
struct blacken_area {
	double	x;
	double	y;
	double	width;
	double	height;
};

/* Goes through the sandbox's pipe as it is. */
struct blacken {
	uint32_t		 count;
	struct blacken_area	 areas[BLACKEN_MAX];
};

/*
 * Reads [{"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.1}, …]. NULL: none.
 * STATUS_INVALID: it is anything else, or there are too many; then nothing is
 * to be shown of the picture.
 */
enum status	blacken_read(const struct node *list, struct blacken *blacken);

/* Paints each area, widened to whole pixels and cut off at the edges. */
void		blacken_paint(struct picture *picture,
		    const struct blacken *blacken);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Colours: sRGB as people write it, contrast, and the nearest that has it. */
#ifndef CORE_COLOUR_H
#define CORE_COLOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COLOUR_TEXT	8	/* "#0a5c8c" and its NUL */

struct colour {
	uint8_t	 red;
	uint8_t	 green;
	uint8_t	 blue;
};

/* Reads "#0a5c8c", upper or lower case; false for all else. */
bool		 colour_read(const char *text, struct colour *colour);
void		 colour_write(struct colour colour, char text[COLOUR_TEXT]);
bool		 colour_same(struct colour a, struct colour b);

/* WCAG 2.2, "contrast ratio": 1 to 21, the order does not count. */
double		 colour_contrast(struct colour a, struct colour b);

/* What a shade has to stand out from, and by how much. */
struct colour_demand {
	struct colour	 from;
	double		 least;		/* 4.5 */
};

/*
 * The shade of `colour` (OKLCH: same hue and chroma, as far as sRGB has it)
 * that meets all demands and is nearest in lightness. False: there is none,
 * not even black or white; `*nearest` is then left alone.
 */
bool		 colour_nearest(struct colour colour,
		    const struct colour_demand *demands, size_t count,
		    struct colour *nearest);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Drawing a city's pictures of its emblem: icons, and the card that others
 * show who link to it. SVG and font are foreign bytes, so it is done in the
 * sandbox's child; drawing_work() is never called elsewhere.
 */
#ifndef COURIER_DRAWING_H
#define COURIER_DRAWING_H

#include <stddef.h>
#include <stdint.h>

#include <stadtkern/arena.h>
#include <stadtkern/field.h>
#include <stadtkern/status.h>

#include "core/theme/colour.h"

#define DRAWINGS_MAX	8
#define DRAWING_EDGE	1200	/* pixels */

enum drawing_kind {
	DRAWING_PLAIN,		/* the emblem alone, on nothing */
	DRAWING_FILLED,		/* on the background, for masks: W3C's safe
				   zone is a circle of 80 % */
	DRAWING_CARD,		/* emblem and name, side by side */
};

struct drawing {
	uint32_t	 kind;
	uint32_t	 width;
	uint32_t	 height;
};

/* What is to be drawn, as it is sent to the child. */
struct drawing_order {
	uint32_t	 count;
	struct drawing	 drawings[DRAWINGS_MAX];
	struct colour	 background;
	struct colour	 colour;	/* of the name */
	uint16_t	 nothing;
	uint32_t	 svg_len;	/* these three follow */
	uint32_t	 font_len;	/* 0: the name is left out */
	uint32_t	 name_len;	/* UTF-8 */
};

/* What comes back; the PNGs follow. */
struct drawing_answer {
	uint32_t	 verdict;	/* enum sandbox_verdict */
	uint32_t	 count;
	uint32_t	 len[DRAWINGS_MAX];
};

struct drawing_input {
	struct bytes	 svg;		/* svg_check() let it through */
	struct bytes	 font;		/* WOFF2; at NULL: none */
	const char	*name;
};

/*
 * Draws in a sandbox of its own; `pngs`, as many as order->count, are from
 * `arena`. The three lengths of the order are set here. STATUS_REFUSED: it
 * cannot be drawn; STATUS_IO: the sandbox failed. SIGPIPE has to be ignored.
 */
enum status	drawing_make(struct arena *arena, struct drawing_order *order,
		    const struct drawing_input *input, struct bytes *pngs);

/* Reads what a child sent; STATUS_REFUSED where it is not what was ordered. */
enum status	drawing_answer_read(struct arena *arena, struct bytes result,
		    const struct drawing_order *order, struct bytes *pngs);

/* The child: libraries make themselves ready before the walls go up. */
void		drawing_warm(void);

/*
 * The child: order and its bytes to answer and its bytes, from malloc(3).
 * STATUS_REFUSED: it cannot be drawn.
 */
enum status	drawing_work(const unsigned char *bytes, size_t len,
		    unsigned char **answer, size_t *answer_len);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whether an SVG is a drawing and nothing else. What is not on the lists is
 * refused, not taken out: who keeps the file is told what to do, and what
 * is published is what was looked at.
 */
#ifndef CORE_SVG_H
#define CORE_SVG_H

#include <stddef.h>

#include <stadtkern/finding.h>
#include <stadtkern/status.h>

#define SVG_MAX		65536u	/* bytes */
#define SVG_DEPTH_MAX	16	/* elements in each other */
#define SVG_COUNT_MAX	2000	/* elements */

/*
 * Checks an SVG (SVG 2, XML 1.0) of `len` bytes, UTF-8. Allowed are shapes,
 * groups, gradients, clip paths, title and desc, with attributes that place
 * and paint; references to #fragments of the same file. Refused are script
 * and everything else that is no shape, event attributes, style, text (it
 * needs a font that the reader may lack), references elsewhere, a DOCTYPE,
 * processing instructions, a missing viewBox, more than the limits above.
 * `file` is named in the findings. STATUS_INVALID when anything was found.
 */
enum status	 svg_check(struct arena *arena, const char *file,
		    const char *bytes, size_t len, struct findings *findings);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Opening foreign pictures where it can do no harm: in a program of its own
 * (this one, executed again with nothing but a pipe in and a pipe out, so
 * that no key and no connection is in its memory), without network, without
 * files, with little memory and time.
 *
 * The program's main() has to hand over first of all:
 *
 *	if (sandbox_wanted(argc, argv))
 *		return (sandbox_child());
 */
#ifndef COURIER_SANDBOX_H
#define COURIER_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include <stadtkern/arena.h>
#include <stadtkern/field.h>
#include <stadtkern/status.h>

#include "courier/blacken.h"

#define SANDBOX_MEMORY		(768UL * 1024 * 1024)	/* bytes */
#define SANDBOX_CPU		15			/* seconds */
#define SANDBOX_WALL		30			/* seconds */

/* What came out of a picture. */
struct sandbox_picture {
	unsigned int	 width;		/* of full */
	unsigned int	 height;
	struct bytes	 full;		/* JPEG, long edge at most 2048 */
	struct bytes	 thumbnail;	/* JPEG, long edge at most 400 */
};

struct sandbox_limits {
	unsigned int	 cpu;		/* seconds */
	unsigned int	 wall;		/* seconds */
};

bool		sandbox_wanted(int argc, char *const *argv);
/* The child's whole life; the exit status for main(). */
int		sandbox_child(void);

/*
 * Opens `content` in a sandbox of its own and takes the results from
 * `arena`. Both pictures have `blacken` painted into them; NULL: nothing.
 * `limits` NULL: the ones above. STATUS_REFUSED: `*reason` is a code
 * for the picture's owner (image_verdict_text(), or "too-expensive" when a
 * limit was hit). STATUS_IO: nothing is known of the picture, try again later.
 * SIGPIPE has to be ignored by the caller.
 */
enum status	sandbox_open(struct arena *arena, struct bytes content,
		    const struct blacken *blacken,
		    const struct sandbox_limits *limits,
		    struct sandbox_picture *picture, const char **reason);

/*
 * Reads what a child sent: foreign input, as a picture may have taken it
 * over. As sandbox_open(), but never STATUS_IO.
 */
enum status	sandbox_answer_read(struct arena *arena, struct bytes result,
		    struct sandbox_picture *picture, const char **reason);

/*
 * Locks the calling process in: from here on it may read, write, take memory
 * and exit; anything else kills it. STATUS_IO when the kernel would not.
 */
enum status	sandbox_enter(unsigned int cpu_seconds);

#endif

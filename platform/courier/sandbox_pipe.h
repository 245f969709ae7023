/* SPDX-License-Identifier: EUPL-1.2 */
/* What is said between the sandbox and the process that made it. */
#ifndef COURIER_SANDBOX_PIPE_H
#define COURIER_SANDBOX_PIPE_H

#include <stdint.h>

#include "courier/sandbox.h"

#define SANDBOX_COMMAND		"image-child"
#define SANDBOX_EXIT		3	/* the sandbox itself failed */
#define SANDBOX_CONTENT_MAX	(32u * 1024 * 1024)
#define SANDBOX_RESULT_MAX	(16u * 1024 * 1024)

struct sandbox_request {
	uint32_t	 len;		/* of the picture that follows */
	uint32_t	 cpu;		/* seconds */
	uint32_t	 task;		/* enum sandbox_task */
	struct blacken	 blacken;	/* of a PICTURE */
};

enum sandbox_task { SANDBOX_PICTURE = 1, SANDBOX_DRAWING, SANDBOX_MESSAGE };

enum sandbox_verdict { SANDBOX_DONE = 0x53444f4b, SANDBOX_REFUSED };

#define SANDBOX_EXPENSIVE	0xffffu	/* reason beside enum image_verdict */

struct sandbox_answer {
	uint32_t	 verdict;
	uint32_t	 reason;
	uint32_t	 width;
	uint32_t	 height;
	uint32_t	 full_len;	/* both pictures follow */
	uint32_t	 thumbnail_len;
};

/* Of a message: JSON (message.h) and its files follow. */
struct message_head {
	uint32_t	 verdict;
	uint32_t	 json_len;
};

/*
 * Starts a child for the request, of which .task and .blacken are set, sends
 * `content` and takes what it says, all of it foreign, from `arena`. As
 * sandbox_open() otherwise.
 */
enum status	sandbox_run(struct arena *arena,
		    const struct sandbox_request *request,
		    struct bytes content, const struct sandbox_limits *limits,
		    struct bytes *result, const char **reason);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the sandbox: one task from a pipe, pictures to another. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "courier/drawing.h"
#include "courier/message.h"
#include "courier/picture.h"
#include "courier/sandbox.h"
#include "courier/sandbox_pipe.h"

bool
sandbox_wanted(int argc, char *const *argv)
{
	return (argc == 2 && strcmp(argv[1], SANDBOX_COMMAND) == 0);
}

static bool
bytes_read(void *to, size_t len)
{
	unsigned char	*at;
	ssize_t		 got;

	for (at = to; len > 0; at += got, len -= (size_t)got) {
		got = read(STDIN_FILENO, at, len);
		if (got <= 0)
			return (false);
	}
	return (true);
}

static bool
bytes_write(const void *from, size_t len)
{
	const unsigned char	*at;
	ssize_t			 put;

	for (at = from; len > 0; at += put, len -= (size_t)put) {
		put = write(STDOUT_FILENO, at, len);
		if (put <= 0)
			return (false);
	}
	return (true);
}

static enum status
pictures_make(const struct picture *picture, struct picture *full,
    struct picture *thumbnail)
{
	enum status	 status;

	status = picture_scale(picture, PICTURE_EDGE, full);
	if (status == STATUS_OK)
		status = picture_scale(full, PICTURE_THUMBNAIL, thumbnail);
	return (status);
}

static enum status
pictures_write(const struct picture *full, const struct picture *thumbnail)
{
	struct sandbox_answer	 answer = { .verdict = SANDBOX_DONE };
	unsigned char		*large, *small;
	enum status		 status;
	size_t			 large_len, small_len;

	status = picture_encode(full, PICTURE_QUALITY, PICTURE_PROGRESSIVE,
	    &large, &large_len);
	if (status != STATUS_OK)
		return (status);
	status = picture_encode(thumbnail, PICTURE_THUMBNAIL_QUALITY,
	    PICTURE_BASELINE, &small, &small_len);
	if (status != STATUS_OK) {
		free(large);
		return (status);
	}
	answer.width = full->width;
	answer.height = full->height;
	answer.full_len = (uint32_t)large_len;
	answer.thumbnail_len = (uint32_t)small_len;
	if (!bytes_write(&answer, sizeof(answer)) ||
	    !bytes_write(large, large_len) || !bytes_write(small, small_len))
		status = STATUS_IO;
	free(large);
	free(small);
	return (status);
}

static enum status
picture_work(const unsigned char *bytes, size_t len,
    const struct blacken *blacken, enum image_verdict *verdict)
{
	struct picture		 picture, full, thumbnail;
	struct image_header	 header;
	enum status		 status;

	*verdict = image_header_read(bytes, len, &header);
	if (*verdict != IMAGE_OK)
		return (STATUS_REFUSED);
	*verdict = IMAGE_DAMAGED;
	status = picture_decode(bytes, len, header.type, &picture);
	if (status != STATUS_OK)
		return (status);
	blacken_paint(&picture, blacken);
	full.rgb = thumbnail.rgb = NULL;
	status = pictures_make(&picture, &full, &thumbnail);
	picture_fini(&picture);
	if (status == STATUS_OK)
		status = pictures_write(&full, &thumbnail);
	picture_fini(&full);
	picture_fini(&thumbnail);
	return (status);
}

/* False: the sandbox itself failed. */
static bool
picture_task(const unsigned char *bytes, size_t len,
    const struct blacken *blacken)
{
	struct sandbox_answer	 answer = { .verdict = SANDBOX_REFUSED };
	enum image_verdict	 verdict;
	enum status		 status;

	status = picture_work(bytes, len, blacken, &verdict);
	if (status == STATUS_OK || status == STATUS_IO)
		return (status == STATUS_OK);
	answer.reason = status == STATUS_LIMIT ? SANDBOX_EXPENSIVE :
	    (uint32_t)verdict;
	return (bytes_write(&answer, sizeof(answer)));
}

static bool
drawing_task(const unsigned char *bytes, size_t len)
{
	struct drawing_answer	 refused = { .verdict = SANDBOX_REFUSED };
	unsigned char		*answer;
	size_t			 answer_len;

	if (drawing_work(bytes, len, &answer, &answer_len) != STATUS_OK)
		return (bytes_write(&refused, sizeof(refused)));
	return (bytes_write(answer, answer_len));
}

static bool
message_task(const unsigned char *bytes, size_t len)
{
	struct message_head	 refused = { .verdict = SANDBOX_REFUSED };
	unsigned char		*answer;
	size_t			 answer_len;

	if (message_work(bytes, len, &answer, &answer_len) != STATUS_OK)
		return (bytes_write(&refused, sizeof(refused)));
	return (bytes_write(answer, answer_len));
}

/* What a library would open a file for, it opens before the walls go up. */
static void
task_warm(uint32_t task)
{
	if (task == SANDBOX_DRAWING)
		drawing_warm();
	else if (task == SANDBOX_MESSAGE)
		message_warm();
}

static bool
task_run(const struct sandbox_request *request, const unsigned char *bytes)
{
	if (request->task == SANDBOX_DRAWING)
		return (drawing_task(bytes, request->len));
	if (request->task == SANDBOX_MESSAGE)
		return (message_task(bytes, request->len));
	return (picture_task(bytes, request->len, &request->blacken));
}

int
sandbox_child(void)
{
	struct sandbox_request	 request;
	unsigned char		*bytes;
	bool			 done;

	/* The limit comes first: what is read next is the picture. */
	if (!bytes_read(&request, sizeof(request)) ||
	    request.len > SANDBOX_CONTENT_MAX ||
	    request.blacken.count > BLACKEN_MAX)
		return (SANDBOX_EXIT);
	task_warm(request.task);
	if (sandbox_enter(request.cpu) != STATUS_OK)
		return (SANDBOX_EXIT);
	if ((bytes = malloc(request.len + 1)) == NULL)
		_exit(SANDBOX_EXIT);
	if (!bytes_read(bytes, request.len))
		_exit(SANDBOX_EXIT);
	done = task_run(&request, bytes);
	/* No exit handlers: they would call what the filter kills for. */
	_exit(done ? 0 : SANDBOX_EXIT);
}

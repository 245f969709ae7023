/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The head of a request. What is read lies inside the buffer and ends there;
 * a beginning of what is accepted is never refused; what the framing says is
 * within what the contract allows.
 */

#include <stdint.h>
#include <stdlib.h>

#include "../../platform/web/kore/head.c"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct http_head	head;

static int
parse(const uint8_t *data, size_t len, size_t size, char **buf)
{
	/* Exactly as long as the input, so that an over-read is seen. */
	*buf = malloc(len == 0 ? 1 : len);
	if (*buf == NULL)
		abort();
	memcpy(*buf, data, len);
	return (http_head_parse(*buf, len, size, &head));
}

static void
inside(const char *buf, size_t len, const char *text)
{
	if (text < buf || text + strlen(text) >= buf + len)
		abort();
}

static void
parts_check(const char *buf, const uint8_t *data, size_t len)
{
	size_t	i;

	if (head.length > len || memcmp(data + head.length - 4, "\r\n\r\n", 4))
		abort();
	inside(buf, head.length, head.method);
	inside(buf, head.length, head.target);
	inside(buf, head.length, head.version);
	inside(buf, head.length, head.host);
	if (head.nfields == 0 || head.nfields > HTTP_HEAD_FIELDS_MAX)
		abort();
	for (i = 0; i < head.nfields; i++) {
		inside(buf, head.length, head.fields[i].name);
		inside(buf, head.length, head.fields[i].value);
		if (strpbrk(head.fields[i].name, " \t:") != NULL ||
		    strpbrk(head.fields[i].value, "\r\n") != NULL)
			abort();
	}
	if (head.content_length != 0 && (strcmp(head.method, "GET") == 0 ||
	    strcmp(head.method, "DELETE") == 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char	*buf;
	size_t	 part, whole;
	int	 status;

	status = parse(data, len, len + 1, &buf);
	whole = head.length;
	if (status == HTTP_HEAD_DONE)
		parts_check(buf, data, len);
	else if (status == HTTP_HEAD_MORE ? memcmp(buf, data, len) != 0 :
	    status < 400 || status > 599)
		abort();
	free(buf);
	if (status != HTTP_HEAD_DONE)
		return (0);

	for (part = 0; part < whole; part += 1 + whole / 64) {
		if (parse(data, part, len + 1, &buf) != HTTP_HEAD_MORE ||
		    memcmp(buf, data, part) != 0)
			abort();
		free(buf);
	}
	return (0);
}

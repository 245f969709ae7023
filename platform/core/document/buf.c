/* SPDX-License-Identifier: EUPL-1.2 */
/* The capped string builder. */

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <stadtkern/buf.h>

#define BUF_FIRST	256u

void
buf_init(struct buf *buf, struct arena *arena, size_t max)
{
	(void)memset(buf, 0, sizeof(*buf));
	buf->arena = arena;
	/* One byte more is needed for the NUL. */
	buf->max = max < SIZE_MAX ? max : SIZE_MAX - 1;
}

/* Moves to a larger place: twice as large, or as is needed for `need`. */
static void
buf_grow(struct buf *buf, size_t need)
{
	char	*data;
	size_t	 cap;

	cap = buf->cap <= buf->max / 2 ? buf->cap * 2 : buf->max + 1;
	if (cap < BUF_FIRST)
		cap = BUF_FIRST;
	if (cap < need)
		cap = need;
	if (cap > buf->max + 1)
		cap = buf->max + 1;
	data = arena_alloc(buf->arena, cap);
	if (buf->len != 0)
		(void)memcpy(data, buf->data, buf->len);
	buf->data = data;
	buf->cap = cap;
}

/* There is always a byte more, for the NUL. */
char *
buf_room(struct buf *buf, size_t more)
{
	if (buf->status != STATUS_OK)
		return (NULL);
	if (more > buf->max - buf->len) {
		buf->status = STATUS_LIMIT;
		return (NULL);
	}
	if (buf->len + more >= buf->cap)
		buf_grow(buf, buf->len + more + 1);
	return (buf->data + buf->len);
}

void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	char	*at;

	if (len == 0 || (at = buf_room(buf, len)) == NULL)
		return;
	(void)memcpy(at, bytes, len);
	buf->len += len;
}

void
buf_char(struct buf *buf, char c)
{
	char	*at;

	if ((at = buf_room(buf, 1)) == NULL)
		return;
	*at = c;
	buf->len++;
}

void
buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_format(struct buf *buf, const char *fmt, ...)
{
	va_list	 args;
	char	*at;
	int	 len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0) {
		buf->status = STATUS_LIMIT;
		return;
	}
	if ((at = buf_room(buf, (size_t)len)) == NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf(at, (size_t)len + 1, fmt, args);
	va_end(args);
	buf->len += (size_t)len;
}

char *
buf_finish(struct buf *buf, size_t *len)
{
	char	*end;

	if (len != NULL)
		*len = 0;
	if ((end = buf_room(buf, 0)) == NULL)
		return (NULL);
	*end = '\0';
	if (len != NULL)
		*len = buf->len;
	return (buf->data);
}

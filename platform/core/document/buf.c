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

/* Makes room for `more` bytes and a NUL. */
static enum status
buf_reserve(struct buf *buf, size_t more)
{
	char	*data;
	size_t	 cap, need;

	if (buf->status != STATUS_OK)
		return (buf->status);
	if (more > buf->max - buf->len) {
		buf->status = STATUS_LIMIT;
		return (buf->status);
	}
	need = buf->len + more + 1;
	if (need <= buf->cap)
		return (STATUS_OK);
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
	return (STATUS_OK);
}

void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0 || buf_reserve(buf, len) != STATUS_OK)
		return;
	(void)memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
}

void
buf_char(struct buf *buf, char c)
{
	if (buf_reserve(buf, 1) == STATUS_OK)
		buf->data[buf->len++] = c;
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
	int	 len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0) {
		buf->status = STATUS_LIMIT;
		return;
	}
	if (buf_reserve(buf, (size_t)len) != STATUS_OK)
		return;
	va_start(args, fmt);
	(void)vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, args);
	va_end(args);
	buf->len += (size_t)len;
}

char *
buf_finish(struct buf *buf, size_t *len)
{
	if (len != NULL)
		*len = 0;
	if (buf_reserve(buf, 0) != STATUS_OK)
		return (NULL);
	buf->data[buf->len] = '\0';
	if (len != NULL)
		*len = buf->len;
	return (buf->data);
}

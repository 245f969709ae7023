/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A string builder with a cap. An addition that would pass the cap sets a
 * sticky error and adds nothing; it is looked at once, at buf_finish().
 */
#ifndef STADTKERN_BUF_H
#define STADTKERN_BUF_H

#include <stddef.h>

#include <stadtkern/arena.h>
#include <stadtkern/status.h>

struct buf {
	struct arena	*arena;
	char		*data;
	size_t		 len;
	size_t		 cap;
	size_t		 max;
	enum status	 status;	/* STATUS_OK or STATUS_LIMIT */
};

/* An empty builder that grows in `arena` up to `max` bytes. */
void		 buf_init(struct buf *buf, struct arena *arena, size_t max);
void		 buf_add(struct buf *buf, const void *bytes, size_t len);
void		 buf_char(struct buf *buf, char c);
void		 buf_text(struct buf *buf, const char *text);

/*
 * Where `more` bytes may be written, of which whoever calls adds to `len` what
 * was written; NULL after an overflow. For writers of many short pieces.
 */
char		*buf_room(struct buf *buf, size_t more);

void		 buf_format(struct buf *buf, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));

/*
 * The NUL-terminated content, owned by the arena, or NULL after an
 * overflow. `len`, if not NULL, gets the length without the NUL.
 */
char		*buf_finish(struct buf *buf, size_t *len);

#endif

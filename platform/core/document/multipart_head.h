/* SPDX-License-Identifier: EUPL-1.2 */
/* What stands above the content of a multipart form's part. */
#ifndef CORE_MULTIPART_HEAD_H
#define CORE_MULTIPART_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include <stadtkern/arena.h>

#define MULTIPART_BOUNDARY_MAX	70	/* RFC 2046, 5.1.1 */

struct multipart_head {
	const char	*name;		/* NULL: none or an empty one; its
					   bytes are any but NUL */
	bool		 file;		/* there is a filename, be it empty */
	bool		 charset;	/* one that is not UTF-8's */
	size_t		 len;		/* with the empty line */
};

/*
 * Reads the head that the `len` bytes of a part begin with. NULL, or what is
 * wrong with it, a word of finding_word(); the name is then given where it was
 * read before. Of the header fields (RFC 7578, 4.8) all but
 * Content-Disposition, Content-Type and Content-Transfer-Encoding are ignored
 * once they are well-formed.
 */
const char	*multipart_head_read(struct arena *arena, const char *from,
		    size_t len, struct multipart_head *head);

/*
 * The boundary of a Content-Type's value, or NULL: it is not
 * multipart/form-data, or has no valid one.
 */
const char	*multipart_boundary(struct arena *arena,
		    const char *content_type);

#endif

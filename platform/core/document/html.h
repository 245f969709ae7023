/* SPDX-License-Identifier: EUPL-1.2 */
/* Text in HTML, in an attribute's value or between two tags. */
#ifndef CORE_HTML_H
#define CORE_HTML_H

#include <stadtkern/buf.h>

/* `len` bytes with what HTML reads as its own escaped. Control characters,
 * which have no place in it, become spaces. */
void		 html_add(struct buf *buf, const char *text, size_t len);
void		 html_text(struct buf *buf, const char *text);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Escaping for HTML. */

#include <string.h>

#include "core/document/html.h"

void
html_add(struct buf *buf, const char *text, size_t len)
{
	size_t	 i;

	for (i = 0; i < len; i++) {
		switch (text[i]) {
		case '&':
			buf_text(buf, "&amp;");
			break;
		case '<':
			buf_text(buf, "&lt;");
			break;
		case '>':
			buf_text(buf, "&gt;");
			break;
		case '"':
			buf_text(buf, "&quot;");
			break;
		case '\'':
			buf_text(buf, "&#39;");
			break;
		default:
			buf_char(buf, (unsigned char)text[i] < ' ' ||
			    text[i] == 0x7f ? ' ' : text[i]);
		}
	}
}

void
html_text(struct buf *buf, const char *text)
{
	html_add(buf, text, strlen(text));
}

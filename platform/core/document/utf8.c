/* SPDX-License-Identifier: EUPL-1.2 */
/* Decoding of UTF-8. */

#include "core/document/utf8.h"

int32_t
utf8_next(const char **at, const char *end)
{
	static const int32_t	 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char	*byte;
	int32_t			 code;
	int			 i, len;

	byte = (const unsigned char *)*at;
	if (byte[0] < 0x80) {
		(*at)++;
		return (byte[0]);
	}
	if (byte[0] < 0xc2 || byte[0] > 0xf4)
		return (UTF8_INVALID);
	len = byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
	if (end - *at < len)
		return (UTF8_INVALID);
	code = byte[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return (UTF8_INVALID);
		code = (code << 6) | (byte[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return (UTF8_INVALID);
	*at += len;
	return (code);
}

ptrdiff_t
utf8_count(const char *text, size_t len)
{
	const char	*end;
	ptrdiff_t	 count;

	end = text + len;
	for (count = 0; text < end; count++) {
		if (utf8_next(&text, end) == UTF8_INVALID)
			return (UTF8_INVALID);
	}
	return (count);
}

size_t
utf8_write(char text[4], int32_t code)
{
	static const unsigned char	 first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t				 i, len;

	if (code < 0x80) {
		text[0] = (char)code;
		return (1);
	}
	len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (i = len - 1; i > 0; i--) {
		text[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	text[0] = (char)(first[len] | code);
	return (len);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Percent-encoding. */

#include <string.h>

#include "core/document/percent.h"

static const char	plain[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
static const char	digits[] = "0123456789ABCDEF";

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}

int
percent_read(const char *at, size_t left)
{
	int	high, low;

	if (left < PERCENT_LEN || at[0] != '%' ||
	    (high = hex_digit(at[1])) == -1 || (low = hex_digit(at[2])) == -1)
		return (-1);
	return (high << 4 | low);
}

char *
percent_write(struct arena *arena, const char *text)
{
	unsigned char	 byte;
	char		*out, *to;

	out = to = arena_alloc(arena, strlen(text) * PERCENT_LEN + 1);
	for (; *text != '\0'; text++) {
		byte = (unsigned char)*text;
		if (strchr(plain, *text) != NULL) {
			*to++ = *text;
			continue;
		}
		*to++ = '%';
		*to++ = digits[byte >> 4];
		*to++ = digits[byte & 15];
	}
	*to = '\0';
	return (out);
}

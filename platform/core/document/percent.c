/* SPDX-License-Identifier: EUPL-1.2 */
/* Percent-encoding. */

#include "core/document/percent.h"

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

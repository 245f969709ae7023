/* SPDX-License-Identifier: EUPL-1.2 */
/* Range and Accept-Encoding. */

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "web/range.h"

#define UNIT	"bytes="

/* Digits up to `*at`'s end; what is beyond 64 bits stays the largest. */
static bool
number_take(const char **at, uint64_t *value)
{
	const char	*from;

	*value = 0;
	for (from = *at; **at >= '0' && **at <= '9'; (*at)++) {
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value,
		    (uint64_t)(**at - '0'), value)) {
			*value = UINT64_MAX;
			*at += strspn(*at, "0123456789");
			return (true);
		}
	}
	return (*at != from);
}

/* "-500": the last 500 bytes. */
static enum range_verdict
suffix_read(const char *at, uint64_t size, uint64_t *from, uint64_t *len)
{
	uint64_t	 last;

	if (!number_take(&at, &last) || *at != '\0')
		return (RANGE_WHOLE);
	if (last == 0 || size == 0)
		return (RANGE_UNSATISFIABLE);
	*len = last < size ? last : size;
	*from = size - *len;
	return (RANGE_PART);
}

enum range_verdict
range_read(const char *text, uint64_t size, uint64_t *from, uint64_t *len)
{
	uint64_t	 first, last;
	const char	*at;

	if (text == NULL || strncasecmp(text, UNIT, strlen(UNIT)) != 0)
		return (RANGE_WHOLE);
	at = text + strlen(UNIT);
	if (*at == '-')
		return (suffix_read(at + 1, size, from, len));
	if (!number_take(&at, &first) || *at++ != '-')
		return (RANGE_WHOLE);
	last = UINT64_MAX;
	if (*at != '\0' && (!number_take(&at, &last) || *at != '\0' ||
	    last < first))
		return (RANGE_WHOLE);
	if (first >= size)
		return (RANGE_UNSATISFIABLE);
	*from = first;
	*len = (last < size - 1 ? last : size - 1) - first + 1;
	return (RANGE_PART);
}

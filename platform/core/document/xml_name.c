/* SPDX-License-Identifier: EUPL-1.2 */
/* XML 1.0 (fifth edition), 2.3. */

#include <stdbool.h>

#include "core/document/utf8.h"
#include "core/document/xml_name.h"

struct range {
	int32_t	 first;
	int32_t	 last;
};

/* NameStartChar and NameChar beyond ASCII. */
static const struct range	 starts[] = {
	{ 0xc0, 0xd6 }, { 0xd8, 0xf6 }, { 0xf8, 0x2ff }, { 0x370, 0x37d },
	{ 0x37f, 0x1fff }, { 0x200c, 0x200d }, { 0x2070, 0x218f },
	{ 0x2c00, 0x2fef }, { 0x3001, 0xd7ff }, { 0xf900, 0xfdcf },
	{ 0xfdf0, 0xfffd }, { 0x10000, 0xeffff }, { 0, 0 },
};
static const struct range	 others[] = {
	{ 0xb7, 0xb7 }, { 0x300, 0x36f }, { 0x203f, 0x2040 }, { 0, 0 },
};

#define TEN(value)							\
	value, value, value, value, value, value, value, value, value, value
#define LETTERS	TEN(NAME_START), TEN(NAME_START), NAME_START, NAME_START, \
	NAME_START, NAME_START, NAME_START, NAME_START

/* What may only follow, and what a name may begin with as well. */
enum { NAME_NO = 0, NAME_OTHER, NAME_START };

static const unsigned char	 ascii[128] = {
	['-'] = NAME_OTHER, ['.'] = NAME_OTHER, ['0'] = TEN(NAME_OTHER),
	['A'] = LETTERS, ['_'] = NAME_START, ['a'] = LETTERS,
};

static bool
is_among(const struct range *range, int32_t code)
{
	for (; range->last != 0; range++) {
		if (code >= range->first && code <= range->last)
			return (true);
	}
	return (false);
}

/* Takes the character at *at, which is beyond ASCII. */
static int
wide_take(const char **at, const char *end)
{
	int32_t	 code;

	code = utf8_next(at, end);
	if (is_among(starts, code))
		return (NAME_START);
	return (is_among(others, code) ? NAME_OTHER : NAME_NO);
}

size_t
xml_name_len(const char *text, const char *end)
{
	const char	*at, *next;
	int		 kind;

	for (at = text; at < end; at = next) {
		next = at + 1;
		if ((unsigned char)*at < 0x80)
			kind = ascii[(unsigned char)*at];
		else {
			next = at;
			kind = wide_take(&next, end);
		}
		if (kind == NAME_NO || (at == text && kind == NAME_OTHER))
			break;
	}
	return ((size_t)(at - text));
}

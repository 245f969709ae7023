/* SPDX-License-Identifier: EUPL-1.2 */
/* Accept-Language: RFC 9110, 12.5.4, with the basic ranges of RFC 4647. */

#include <string.h>

#include "core/plugin/message.h"
#include "core/plugin/texts.h"

/* What a caller may make us look at. */
#define HEADER_MAX	1000
#define RANGES_MAX	20

#define PREFIX_MAX	8	/* a primary subtag, RFC 5646 */
#define TAG_MAX		20	/* a language and a variant */
#define QUALITY_ONE	1000

struct range {
	char	prefix[PREFIX_MAX + 1];	/* lower case, or "*" */
	char	tag[TAG_MAX + 1];	/* all of it; "": longer */
	int	quality;		/* thousandths */
};

/* Languages that are written from right to left. */
static const char *const	rightward[] = { "ar", "ckb", "fa", "he", "ps",
				    "ur", "yi", NULL };

const char *
language_direction(const char *language)
{
	size_t	i;

	for (i = 0; rightward[i] != NULL; i++) {
		if (strcmp(rightward[i], language) == 0)
			return ("rtl");
	}
	return ("ltr");
}

static bool
is_blank(char c)
{
	return (c == ' ' || c == '\t');
}

static char
lower(char c)
{
	return (c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
}

static bool
is_tag_char(char c)
{
	c = lower(c);
	return ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
}

static const char *
skip(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return (at);
}

/* "0", "0.75", "1.000": a qvalue in thousandths, -1 when it is none. */
static int
quality_read(const char *at, const char *end)
{
	int	quality, unit;

	if (at == end || (*at != '0' && *at != '1'))
		return (-1);
	quality = *at++ == '1' ? QUALITY_ONE : 0;
	if (at == end)
		return (quality);
	if (*at++ != '.')
		return (-1);
	for (unit = 100; at < end && unit > 0; at++, unit /= 10) {
		if (*at < '0' || *at > '9')
			return (-1);
		quality += (*at - '0') * unit;
	}
	return (at == end && quality <= QUALITY_ONE ? quality : -1);
}

/* What `at` begins with, in lower case; its end. */
static const char *
tag_read(const char *at, const char *end, struct range *range)
{
	size_t	len;

	for (len = 0; at < end && is_tag_char(*at); at++, len++) {
		if (len < TAG_MAX)
			range->tag[len] = lower(*at);
	}
	range->tag[len > TAG_MAX ? 0 : len] = '\0';
	return (at);
}

static bool
range_read(const char *at, const char *end, struct range *range)
{
	const char	*tag;
	size_t		 len;

	at = tag = skip(at, end);
	while (end > at && is_blank(end[-1]))
		end--;
	for (len = 0; at < end && is_tag_char(*at) && *at != '-'; at++) {
		if (len == PREFIX_MAX)
			return (false);
		range->prefix[len++] = lower(*at);
	}
	if (len == 0 && at < end && *at == '*')
		range->prefix[len++] = *at++;
	range->prefix[len] = '\0';
	at = skip(tag_read(*tag == '*' ? at : tag, end, range), end);
	range->quality = QUALITY_ONE;
	if (len == 0 || at == end)
		return (len != 0);

	if (*at++ != ';')
		return (false);
	at = skip(at, end);
	if (end - at < 2 || lower(at[0]) != 'q' || at[1] != '=')
		return (false);
	range->quality = quality_read(at + 2, end);
	return (range->quality != -1);
}

static size_t
ranges_read(const char *header, struct range *ranges)
{
	const char	*at, *end, *comma;
	size_t		 count;

	end = header + strnlen(header, HEADER_MAX);
	count = 0;
	for (at = header; at < end && count < RANGES_MAX; at = comma + 1) {
		comma = memchr(at, ',', (size_t)(end - at));
		if (comma == NULL)
			comma = end;
		if (range_read(at, comma, &ranges[count]))
			count++;
	}
	return (count);
}

static bool
range_names(const struct range *range, const char *language)
{
	/* A variant is for who asks for it, "de" not for "de-simple". */
	return (strcmp(strchr(language, '-') == NULL ? range->prefix :
	    range->tag, language) == 0);
}

/* The range that decides about `language`: "*" only when no other does. */
static const struct range *
range_for(const struct range *ranges, size_t count, const char *language)
{
	const struct range	*best, *any;
	size_t			 i;

	best = any = NULL;
	for (i = 0; i < count; i++) {
		if (strcmp(ranges[i].prefix, "*") == 0) {
			if (any == NULL)
				any = &ranges[i];
		} else if (range_names(&ranges[i], language) &&
		    (best == NULL || ranges[i].quality > best->quality))
			best = &ranges[i];
	}
	return (best == NULL ? any : best);
}

/* The better quality, then what was named first, then the variant that was
 * named, or of all German. */
static bool
is_better(const struct range *range, const char *language,
    const struct range *best)
{
	if (best == NULL || range->quality != best->quality)
		return (best == NULL || range->quality > best->quality);
	if (range != best)
		return (range < best);
	return (strcmp(range->prefix, "*") == 0 ?
	    strcmp(language, "de") == 0 : strchr(language, '-') != NULL);
}

const char *
message_negotiate(const struct messages *messages, const char *header)
{
	struct range		 ranges[RANGES_MAX];
	const struct range	*range, *best;
	const struct texts	*texts;
	const char		*language;
	size_t			 count;

	if (header == NULL)
		return ("de");
	count = ranges_read(header, ranges);
	language = "de";
	best = NULL;
	for (texts = messages->first; texts != NULL; texts = texts->next) {
		range = range_for(ranges, count, texts->language);
		if (range == NULL || range->quality == 0 ||
		    !is_better(range, texts->language, best))
			continue;
		best = range;
		language = texts->language;
	}
	return (language);
}

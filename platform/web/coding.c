/* SPDX-License-Identifier: EUPL-1.2 */
/* Accept-Encoding and Accept: lists of names with weights. */

#include <string.h>
#include <strings.h>

#include "web/coding.h"

/* What a caller may make us look at. */
#define ITEMS_MAX	32

#define QUALITY_ONE	1000
#define UNSAID		(-1)

struct item {
	const char	*name;		/* not terminated */
	size_t		 len;
	int		 quality;	/* thousandths */
};

const char *
coding_text(enum coding coding)
{
	switch (coding) {
	case CODING_GZIP:
		return ("gzip");
	case CODING_BROTLI:
		return ("br");
	default:
		return (NULL);
	}
}

/* "0", "0.75", "1.000": a qvalue in thousandths (12.4.2); else 0, for what
 * cannot be read is not asked for. */
static int
quality_read(const char *at, size_t len)
{
	int	quality, unit;
	size_t	i;

	if (len == 0 || (*at != '0' && *at != '1'))
		return (0);
	quality = *at == '1' ? QUALITY_ONE : 0;
	if (len == 1)
		return (quality);
	if (at[1] != '.' || len > 5)
		return (0);
	for (i = 2, unit = 100; i < len; i++, unit /= 10) {
		if (at[i] < '0' || at[i] > '9')
			return (0);
		quality += (at[i] - '0') * unit;
	}
	return (quality > QUALITY_ONE ? 0 : quality);
}

/* The parameter q of "; level=1; q=0.5", whatever else there is. */
static int
parameters_quality(const char *at, size_t len)
{
	size_t	part;

	while (len > 0) {
		part = 1 + strspn(at + 1, " \t");
		at += part < len ? part : len;
		len -= part < len ? part : len;
		for (part = 0; part < len && at[part] != ';'; part++)
			continue;
		if (part >= 2 && (at[0] == 'q' || at[0] == 'Q') &&
		    at[1] == '=')
			return (quality_read(at + 2, strcspn(at + 2,
			    " \t;,")));
		at += part;
		len -= part;
	}
	return (QUALITY_ONE);
}

/* The next item, or false at the end. `*at` moves on. */
static bool
item_next(const char **at, struct item *item)
{
	const char	*end;
	size_t		 len;

	*at += strspn(*at, ", \t");
	if (**at == '\0')
		return (false);
	len = strcspn(*at, ",");
	end = *at + len;
	item->name = *at;
	item->len = strcspn(*at, " \t;,");
	*at += item->len;
	*at += strspn(*at, " \t");
	item->quality = *at >= end ? QUALITY_ONE : **at == ';' ?
	    parameters_quality(*at, (size_t)(end - *at)) : 0;
	*at = end;
	return (true);
}

static bool
item_is(const struct item *item, const char *name)
{
	return (item->len == strlen(name) &&
	    strncasecmp(item->name, name, item->len) == 0);
}

/* What `header` says of each coding, UNSAID where nothing. */
static void
qualities_read(const char *header, int *quality)
{
	struct item	item;
	int		others, i;

	others = UNSAID;
	for (i = 0; i < CODING_COUNT; i++)
		quality[i] = UNSAID;
	for (i = 0; i < ITEMS_MAX && item_next(&header, &item); i++) {
		if (item_is(&item, "br"))
			quality[CODING_BROTLI] = item.quality;
		else if (item_is(&item, "gzip") || item_is(&item, "x-gzip"))
			quality[CODING_GZIP] = item.quality;
		else if (item_is(&item, "identity"))
			quality[CODING_IDENTITY] = item.quality;
		else if (item_is(&item, "*"))
			others = item.quality;
	}
	for (i = 0; i < CODING_COUNT; i++) {
		if (quality[i] == UNSAID)
			quality[i] = others;
	}
	/* The least of all, and yet acceptable unless refused. */
	if (quality[CODING_IDENTITY] == UNSAID)
		quality[CODING_IDENTITY] = 1;
}

enum coding
coding_negotiate(const char *accept_encoding, unsigned int available)
{
	enum coding	best;
	int		quality[CODING_COUNT], i;

	if (accept_encoding == NULL)
		return (CODING_IDENTITY);
	qualities_read(accept_encoding, quality);
	best = CODING_IDENTITY;
	for (i = CODING_IDENTITY + 1; i < CODING_COUNT; i++) {
		if ((available >> i & 1) != 0 && quality[i] > 0 &&
		    quality[i] >= quality[best])
			best = (enum coding)i;
	}
	return (best);
}

bool
coding_takes_gzip(const char *accept_encoding)
{
	return (coding_negotiate(accept_encoding, 1u << CODING_GZIP) ==
	    CODING_GZIP);
}

bool
accept_is_page(const char *accept)
{
	struct item	item;
	int		i;

	if (accept == NULL)
		return (false);
	for (i = 0; i < ITEMS_MAX && item_next(&accept, &item); i++) {
		if (item.quality > 0 && (item_is(&item, "text/html") ||
		    item_is(&item, "text/*") ||
		    item_is(&item, "application/xhtml+xml")))
			return (true);
	}
	return (false);
}

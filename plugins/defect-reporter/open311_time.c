/* SPDX-License-Identifier: EUPL-1.2 */
/* Times as Open311's clients write them (W3C NOTE-datetime, and then some). */

#include <string.h>
#include <time.h>

#include "open311.h"

/* Reads exactly `count` digits; -1: there are not as many. */
static int
digits(const char **at, int count)
{
	int	value;

	for (value = 0; count > 0; count--, (*at)++) {
		if (**at < '0' || **at > '9')
			return (-1);
		value = value * 10 + (**at - '0');
	}

	return (value);
}

/* The separator and the number behind it. */
static bool
part(const char **at, const char *separators, int count, int low, int high,
    int *value)
{
	if (**at == '\0' || strchr(separators, **at) == NULL)
		return (false);
	(*at)++;
	*value = digits(at, count);

	return (*value >= low && *value <= high);
}

static bool
read_day(const char **at, struct tm *tm)
{
	static const int	 most[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30,
				    31, 30, 31 };
	int			 year;

	year = digits(at, 4);
	if (year < 1 || !part(at, "-", 2, 1, 12, &tm->tm_mon) ||
	    !part(at, "-", 2, 1, most[tm->tm_mon - 1], &tm->tm_mday))
		return (false);
	if (tm->tm_mon == 2 && tm->tm_mday == 29 &&
	    (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
		return (false);
	tm->tm_year = year - 1900;
	tm->tm_mon--;

	return (true);
}

static bool
read_clock(const char **at, struct tm *tm)
{
	if (!part(at, "Tt ", 2, 0, 23, &tm->tm_hour) ||
	    !part(at, ":", 2, 0, 59, &tm->tm_min))
		return (false);
	if (**at != ':')
		return (true);
	if (!part(at, ":", 2, 0, 60, &tm->tm_sec))
		return (false);
	if (**at == '.' || **at == ',') {
		(*at)++;
		if (strspn(*at, "0123456789") == 0)
			return (false);
		*at += strspn(*at, "0123456789");
	}

	return (true);
}

/* Seconds east of Greenwich. */
static bool
read_offset(const char **at, long *offset)
{
	char	sign;
	int	hours, minutes;

	*offset = 0;
	if (**at == '\0')
		return (true);
	if (**at == 'Z' || **at == 'z') {
		(*at)++;
		return (true);
	}
	sign = **at;
	if (!part(at, "+- ", 2, 0, 23, &hours))
		return (false);
	minutes = 0;
	if (**at == ':' && *++(*at) == '\0')
		return (false);
	if (**at != '\0' &&
	    ((minutes = digits(at, 2)) < 0 || minutes > 59))
		return (false);
	*offset = (hours * 60L + minutes) * 60 * (sign == '-' ? -1 : 1);

	return (true);
}

const char *
open311_time(struct arena *arena, const char *text)
{
	struct tm	tm;
	time_t		seconds;
	long		offset;

	memset(&tm, 0, sizeof(tm));
	offset = 0;
	if (!read_day(&text, &tm))
		return (NULL);
	if (*text != '\0' &&
	    (!read_clock(&text, &tm) || !read_offset(&text, &offset)))
		return (NULL);
	if (*text != '\0')
		return (NULL);
	seconds = timegm(&tm) - offset;
	/* An offset may lead out of the years that have four digits. */
	if (gmtime_r(&seconds, &tm) == NULL || tm.tm_year < 1 - 1900 ||
	    tm.tm_year > 9999 - 1900)
		return (NULL);

	return (arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec));
}

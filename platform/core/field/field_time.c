/* SPDX-License-Identifier: EUPL-1.2 */
/* Checking days and times. */

#include <stddef.h>

#include "core/field/field_time.h"

/* The number of `count` digits at *text, moved behind them; -1: there is no
 * such number. */
static int
digits_read(const char **text, int count)
{
	int	 number;

	for (number = 0; count > 0; count--, (*text)++) {
		if (**text < '0' || **text > '9')
			return (-1);
		number = number * 10 + (**text - '0');
	}
	return (number);
}

static bool
char_read(const char **text, char c)
{
	if (**text != c)
		return (false);
	(*text)++;
	return (true);
}

static int
month_days(int year, int month)
{
	static const int	 days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (month == 2 && year % 4 == 0 &&
	    (year % 100 != 0 || year % 400 == 0))
		return (29);
	return (days[month - 1]);
}

static bool
day_read(const char **text)
{
	int	 day, month, year;

	if ((year = digits_read(text, 4)) < 1 || !char_read(text, '-') ||
	    (month = digits_read(text, 2)) < 1 || month > 12 ||
	    !char_read(text, '-') || (day = digits_read(text, 2)) < 1)
		return (false);
	return (day <= month_days(year, month));
}

/* "hh:mm" with hh up to `hours`. */
static bool
hour_read(const char **text, int hours)
{
	int	 hour, minute;

	if ((hour = digits_read(text, 2)) < 0 || hour > hours ||
	    !char_read(text, ':') || (minute = digits_read(text, 2)) < 0)
		return (false);
	return (minute <= 59);
}

static bool
second_read(const char **text)
{
	int	 digits, second;

	if ((second = digits_read(text, 2)) < 0 || second > 59)
		return (false);
	if (!char_read(text, '.'))
		return (true);
	for (digits = 0; **text >= '0' && **text <= '9'; digits++)
		(*text)++;
	return (digits >= 1 && digits <= 9);
}

bool
field_day_fits(const char *text)
{
	return (day_read(&text) && *text == '\0');
}

bool
field_time_fits(const char *text)
{
	if (!day_read(&text) || !char_read(&text, 'T') ||
	    !hour_read(&text, 23) || !char_read(&text, ':') ||
	    !second_read(&text))
		return (false);
	if (char_read(&text, 'Z'))
		return (*text == '\0');
	if (!char_read(&text, '+') && !char_read(&text, '-'))
		return (false);
	return (hour_read(&text, 14) && *text == '\0');
}

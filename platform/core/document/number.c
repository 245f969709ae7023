/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers from and to text. */

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/document/number.h"

static pthread_once_t	number_once = PTHREAD_ONCE_INIT;
static locale_t		number_locale;

/* A library may have called setlocale(): "C" has to be asked for. */
static void
number_init(void)
{
	number_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (number_locale == (locale_t)0)
		abort();
}

static const char *
digits_skip(const char *text)
{
	while (*text >= '0' && *text <= '9')
		text++;
	return (text);
}

/* Behind the integer that `text` begins with, or NULL. */
static const char *
integer_skip(const char *text)
{
	if (*text == '-')
		text++;
	if (*text == '0')
		return (text + 1);
	if (*text < '1' || *text > '9')
		return (NULL);
	return (digits_skip(text));
}

static bool
number_fits(const char *text)
{
	const char	*from;

	if ((text = integer_skip(text)) == NULL)
		return (false);
	if (*text == '.') {
		from = ++text;
		if ((text = digits_skip(text)) == from)
			return (false);
	}
	if (*text == 'e' || *text == 'E') {
		text++;
		if (*text == '+' || *text == '-')
			text++;
		from = text;
		if ((text = digits_skip(text)) == from)
			return (false);
	}
	return (*text == '\0');
}

enum number_verdict
number_read(const char *text, double *value)
{
	double	 number;

	if (!number_fits(text))
		return (NUMBER_NONE);
	(void)pthread_once(&number_once, number_init);
	number = strtod_l(text, NULL, number_locale);
	if (!isfinite(number))
		return (number < 0 ? NUMBER_TOO_SMALL : NUMBER_TOO_LARGE);
	*value = number;
	return (NUMBER_OK);
}

enum number_verdict
number_read_int(const char *text, int64_t *value)
{
	const char	*end;
	intmax_t	 number;

	if ((end = integer_skip(text)) == NULL || *end != '\0')
		return (NUMBER_NONE);
	errno = 0;
	number = strtoimax(text, NULL, 10);
	if (errno == ERANGE)
		return (*text == '-' ? NUMBER_TOO_SMALL : NUMBER_TOO_LARGE);
	*value = number;
	return (NUMBER_OK);
}

void
number_write(char text[NUMBER_LEN], double value)
{
	locale_t	 before;
	int		 precision;

	(void)pthread_once(&number_once, number_init);
	before = uselocale(number_locale);
	/* 15 digits always survive; only subnormals have fewer than that. */
	precision = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
	do {
		(void)snprintf(text, NUMBER_LEN, "%.*g", precision, value);
	} while (precision++ < DBL_DECIMAL_DIG && strtod(text, NULL) != value);
	(void)uselocale(before);
}

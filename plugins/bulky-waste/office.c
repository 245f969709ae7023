/* SPDX-License-Identifier: EUPL-1.2 */
/* Input of the office's routes. */

#include <string.h>

#include "hooks.h"

struct plan {
	const char	*district;
	const char	*day;
};

struct days {
	const char	*from;
	const char	*until;
};

struct search {
	const char	*q;
	const char	*number;
};

struct day {
	int64_t		 capacity;
	const char	*closed;
};

struct reason {
	const char	*reason;
};

struct order {
	LIST_OF(const char *) bookings;
};

#define DISTRICT(T)							\
	FIELD_TEXT(T, district, .format = FIELD_FORMAT_CODE, .max = 40,	\
	    .required = true, .says = "code of a district")
#define DAY(T)								\
	FIELD_TEXT(T, day, .format = FIELD_FORMAT_DAY, .required = true, \
	    .says = "the day")

const struct field plan_query[] = {
	DISTRICT(struct plan),
	DAY(struct plan),
	FIELD_END
};

const struct field day_path[] = {
	DISTRICT(struct plan),
	DAY(struct plan),
	FIELD_END
};

const struct field days_query[] = {
	FIELD_TEXT(struct days, from, .format = FIELD_FORMAT_DAY,
	    .says = "first day; today otherwise"),
	FIELD_TEXT(struct days, until, .format = FIELD_FORMAT_DAY,
	    .says = "last day; four weeks after the first otherwise"),
	FIELD_END
};

const struct field search_query[] = {
	FIELD_TEXT(struct search, q, .format = FIELD_FORMAT_LINE, .min = 2,
	    .max = 100, .required = true,
	    .says = "a booking's number, or a street with or without number"),
	FIELD_COMPUTED(struct search, number),
	FIELD_END
};

const struct field day_fields[] = {
	FIELD_INT(struct day, capacity, .min = 0, .max = 500,
	    .says = "pick-ups on that day; the city's file otherwise"),
	FIELD_TEXT(struct day, closed, .format = FIELD_FORMAT_LINE,
	    .max = 200, .says = "why nothing more is booked, as citizens "
	    "read it; open otherwise"),
	FIELD_END
};

const struct field reason_fields[] = {
	FIELD_TEXT(struct reason, reason, .format = FIELD_FORMAT_LINE,
	    .min = 3, .max = 200, .required = true,
	    .says = "why; it stands in the mail to everybody concerned"),
	FIELD_END
};

const struct field order_fields[] = {
	FIELD_LIST(struct order, bookings, .format = FIELD_FORMAT_UUID,
	    .min = 1, .max = 500, .required = true,
	    .says = "bookings of the day in the order they are driven"),
	FIELD_END
};

/* Digits alone, whatever stands between them, are a booking's number. */
enum status
search_prepare(struct exchange *exchange)
{
	struct search	*search = exchange_query(exchange);
	char		 digits[9];
	const char	*at;
	size_t		 count;

	count = 0;
	for (at = search->q; *at != '\0'; at++) {
		if (strchr(" -./", *at) != NULL)
			continue;
		if (*at < '0' || *at > '9' || count == 8)
			return (STATUS_OK);
		digits[count++] = *at;
	}
	digits[count] = '\0';
	if (count == 8)
		search->number = arena_text(exchange_arena(exchange), digits);

	return (STATUS_OK);
}

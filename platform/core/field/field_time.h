/* SPDX-License-Identifier: EUPL-1.2 */
/* Days and times as RFC 3339 writes them. */
#ifndef CORE_FIELD_TIME_H
#define CORE_FIELD_TIME_H

#include <stdbool.h>

/* full-date of RFC 3339, 5.6, a day of the calendar, from year 1 on. */
bool	 field_day_fits(const char *text);

/*
 * date-time of RFC 3339, 5.6, with capital T and Z and at most nine digits of
 * a second. No leap second, and no offset beyond the 14 hours that exist:
 * PostgreSQL does not take what lies further out.
 */
bool	 field_time_fits(const char *text);

#endif

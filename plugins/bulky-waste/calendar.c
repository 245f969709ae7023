/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A booking as a calendar file (RFC 5545). The UID stays and SEQUENCE grows
 * with each change, so that a calendar that has the event changes it; a
 * cancelled one is said to be cancelled, and is not left out.
 */

#include <string.h>

#include "hooks.h"

#define CALENDAR_MAX	(16 * 1024)
#define LINE_OCTETS	75

/* One content line, folded where it is longer (3.1), never inside UTF-8. */
static void
line_add(struct buf *calendar, const char *name, const char *value)
{
	size_t	len;

	buf_text(calendar, name);
	len = strlen(name);
	for (; *value != '\0'; value++) {
		if (len >= LINE_OCTETS - 4 &&
		    ((unsigned char)*value & 0xc0) != 0x80) {
			buf_text(calendar, "\r\n ");
			len = 1;
		}
		buf_char(calendar, *value);
		len++;
	}
	buf_text(calendar, "\r\n");
}

/* TEXT (3.3.11). */
static const char *
text_escape(struct arena *arena, const char *text)
{
	struct buf	buf;

	buf_init(&buf, arena, CALENDAR_MAX);
	for (; text != NULL && *text != '\0'; text++) {
		if (*text == '\n') {
			buf_text(&buf, "\\n");
			continue;
		}
		if (strchr("\\;,", *text) != NULL)
			buf_char(&buf, '\\');
		if (*text != '\r')
			buf_char(&buf, *text);
	}

	return (buf_finish(&buf, NULL));
}

static const char *
arguments_new(struct exchange *exchange, const struct row *row)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct json		 json;

	json_init(&json, exchange_arena(exchange), CALENDAR_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "number", row_text(row, "number"));
	json_text(&json, "from", settings->put_out.from);
	json_text(&json, "until", settings->put_out.until);
	json_text(&json, "place", settings->put_out.place);
	json_text(&json, "operator", settings->operator);
	json_text(&json, "city", tenant_name(exchange_tenant(exchange)));
	json_close(&json);

	return (json_finish(&json, NULL));
}

/* The evening before, when things may be put out: minutes before midnight. */
static int
alarm_minutes(const char *from)
{
	int	minutes;

	minutes = (from[0] - '0') * 600 + (from[1] - '0') * 60 +
	    (from[3] - '0') * 10 + (from[4] - '0');

	return (24 * 60 - minutes);
}

static void
alarm_add(struct exchange *exchange, struct buf *calendar,
    const char *summary)
{
	const struct settings	*settings = exchange_settings(exchange);

	line_add(calendar, "BEGIN:", "VALARM");
	line_add(calendar, "ACTION:", "DISPLAY");
	line_add(calendar, "TRIGGER:", arena_format(
	    exchange_arena(exchange), "-PT%dM",
	    alarm_minutes(settings->put_out.from)));
	line_add(calendar, "DESCRIPTION:", summary);
	line_add(calendar, "END:", "VALARM");
}

static void
event_add(struct exchange *exchange, const struct row *row,
    struct buf *calendar)
{
	struct arena	*arena = exchange_arena(exchange);
	const char	*arguments, *summary;
	bool		 cancelled;

	arguments = arguments_new(exchange, row);
	cancelled = strcmp(row_text(row, "state"), "cancelled") == 0;
	summary = text_escape(arena, exchange_text(exchange,
	    "calendar.summary", arguments));
	line_add(calendar, "BEGIN:", "VEVENT");
	line_add(calendar, "UID:", arena_format(arena, "%s@%s",
	    row_text(row, "id"), tenant_slug(exchange_tenant(exchange))));
	line_add(calendar, "SEQUENCE:", row_text(row, "sequence"));
	line_add(calendar, "DTSTAMP:", row_text(row, "stamp"));
	line_add(calendar, "DTSTART;VALUE=DATE:", row_text(row, "first"));
	line_add(calendar, "DTEND;VALUE=DATE:", row_text(row, "behind"));
	line_add(calendar, "SUMMARY:", summary);
	line_add(calendar, "DESCRIPTION:", text_escape(arena,
	    exchange_text(exchange, "calendar.description", arguments)));
	line_add(calendar, "LOCATION:", text_escape(arena,
	    row_text(row, "address")));
	line_add(calendar, "STATUS:", cancelled ? "CANCELLED" : "CONFIRMED");
	line_add(calendar, "TRANSP:", "TRANSPARENT");
	if (!cancelled)
		alarm_add(exchange, calendar, summary);
	line_add(calendar, "END:", "VEVENT");
}

enum status
calendar_answer(struct exchange *exchange, const struct row *row)
{
	struct buf	 calendar;
	const char	*bytes;
	size_t		 len;

	buf_init(&calendar, exchange_arena(exchange), CALENDAR_MAX);
	line_add(&calendar, "BEGIN:", "VCALENDAR");
	line_add(&calendar, "VERSION:", "2.0");
	line_add(&calendar, "PRODID:", "-//Stadtkern//bulky-waste//DE");
	line_add(&calendar, "METHOD:", "PUBLISH");
	event_add(exchange, row, &calendar);
	line_add(&calendar, "END:", "VCALENDAR");
	bytes = buf_finish(&calendar, &len);

	return (exchange_answer(exchange, 200,
	    "text/calendar; charset=utf-8", bytes, len));
}

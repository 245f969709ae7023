/* SPDX-License-Identifier: EUPL-1.2 */
/* Input of the files and figures of the office. */

#include <string.h>

#include "figures.h"

#define LABELS_MAX	(256u << 10)

struct labels {
	const char	*categories;	/* {code: name}, as the others */
	const char	*statuses;
	const char	*departments;
};

/* Stands where a path's parameters do, as the query has what the list has. */
const struct field labels_fields[] = {
	FIELD_COMPUTED(struct labels, categories),
	FIELD_COMPUTED(struct labels, statuses),
	FIELD_COMPUTED(struct labels, departments),
	FIELD_END
};

struct figures {
	const char	*by;
	const char	*since;
	const char	*until;
	const char	*deadlines;
	const char	*first_look;
};

static const char *const groups[] = {
	"category", "department", "channel", "month", NULL
};

const struct field figures_query[] = {
	FIELD_CHOICE(struct figures, by, .choices = groups,
	    .otherwise = "category", .says = "what makes a line"),
	FIELD_TEXT(struct figures, since, .format = FIELD_FORMAT_DAY,
	    .says = "first day of receipt; of the month eleven months ago "
	    "otherwise"),
	FIELD_TEXT(struct figures, until, .format = FIELD_FORMAT_DAY,
	    .says = "last day of receipt; today otherwise"),
	FIELD_COMPUTED(struct figures, deadlines),
	FIELD_COMPUTED(struct figures, first_look),
	FIELD_END
};

struct cell {
	int64_t	x;
	int64_t	y;
};

const struct field cell_fields[] = {
	FIELD_INT(struct cell, x, .min = 0, .max = 65535, .required = true,
	    .says = "column of a web-mercator tile at zoom 16"),
	FIELD_INT(struct cell, y, .min = 0, .max = 65535, .required = true,
	    .says = "its row"),
	FIELD_END
};

enum status
figures_check(struct exchange *exchange)
{
	const struct figures	*figures = exchange_query(exchange);

	/* Days are compared as texts: YYYY-MM-DD. */
	if (figures->since == NULL || figures->until == NULL ||
	    strcmp(figures->since, figures->until) <= 0)
		return (STATUS_OK);
	exchange_finding(exchange, "/until", FINDING_CONFLICT,
	    arena_format(exchange_arena(exchange), "since %s",
	    figures->since));

	return (STATUS_INVALID);
}

enum status
figures_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct figures		*figures = exchange_query(exchange);

	figures->deadlines = settings->deadlines;
	figures->first_look = arena_format(exchange_arena(exchange), "%d",
	    (int)settings->first_look_days);

	return (labels_prepare(exchange));
}

enum status
labels_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct department	*departments;
	struct labels		*labels = exchange_path(exchange);
	struct json		 json;
	size_t			 count, i;

	labels->categories = settings->labels;
	labels->statuses = settings->names;
	departments = tenant_departments(exchange_tenant(exchange), &count);
	json_init(&json, exchange_arena(exchange), LABELS_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < count; i++)
		json_text(&json, departments[i].code, departments[i].name);
	json_close(&json);
	labels->departments = json_finish(&json, NULL);

	return (labels->departments == NULL ? STATUS_LIMIT : STATUS_OK);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Input of the files and figures of the office. */

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

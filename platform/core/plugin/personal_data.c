/* SPDX-License-Identifier: EUPL-1.2 */
/* Declarations of personal data and their texts. */

#include <string.h>

#include "core/plugin/personal_data.h"

/* "booking", and where that was declared before "booking-2". */
static const char *
data_name(struct arena *arena, const struct plugin *plugin, size_t number)
{
	const struct personal_data	*data;
	size_t				 i, again;

	data = plugin->personal_data;
	again = 1;
	for (i = 0; i < number; i++) {
		if (strcmp(data[i].table, data[number].table) == 0)
			again++;
	}
	return (again == 1 ? data[number].table :
	    arena_format(arena, "%s-%zu", data[number].table, again));
}

const char *
personal_data_key(struct arena *arena, const struct plugin *plugin,
    size_t number, const char *part)
{
	return (arena_format(arena, "personal_data.%s.%s",
	    data_name(arena, plugin, number), part));
}

const char *
personal_data_erased(struct arena *arena, const struct plugin *plugin,
    size_t number)
{
	return (arena_format(arena, "erase %s.%s", RIGHTS_OF(plugin->name),
	    data_name(arena, plugin, number)));
}

const char *
personal_data_text(struct arena *arena, const struct loaded *loaded,
    size_t number, const char *part, const char *language)
{
	return (message_get(loaded->messages, language,
	    personal_data_key(arena, loaded->plugin, number, part)));
}

int64_t
personal_data_days(const struct plugin *plugin, size_t number,
    const void *settings)
{
	const struct personal_data	*data;
	const struct field		*field;

	data = &plugin->personal_data[number];
	if (data->days_from == NULL)
		return (data->days);
	field = field_find(plugin->settings, data->days_from);
	if (field == NULL || settings == NULL)
		return (0);
	return (*(const int64_t *)(const void *)((const char *)settings +
	    field->offset));
}

const char *
personal_data_keep(struct arena *arena, const struct loaded *loaded,
    size_t number, const void *settings, const char *language)
{
	struct node	*arguments, *days;
	const char	*text;

	text = personal_data_text(arena, loaded, number, "keep", language);
	if (text == NULL)
		return (NULL);
	arguments = node_new(arena, NODE_MAP);
	days = node_new(arena, NODE_INT);
	days->integer = personal_data_days(loaded->plugin, number, settings);
	node_append(arena, arguments, "days", days);
	return (message_fill(arena, text, arguments));
}

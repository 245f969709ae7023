/* SPDX-License-Identifier: EUPL-1.2 */
/* Tables of fields: finding one, its limits, its default. */

#include <string.h>

#include "core/field/field_walk.h"

const struct field *
field_named(const struct field *fields, const char *name, size_t len)
{
	if (fields == NULL)
		return (NULL);
	for (; fields->type != FIELD_TYPE_END; fields++) {
		if (strlen(fields->name) == len &&
		    memcmp(fields->name, name, len) == 0)
			return (fields);
	}
	return (NULL);
}

const struct field *
field_find(const struct field *fields, const char *name)
{
	const struct field	*field;
	const char		*dot;

	while ((dot = strchr(name, '.')) != NULL) {
		field = field_named(fields, name, (size_t)(dot - name));
		if (field == NULL || field->type != FIELD_TYPE_OBJECT)
			return (NULL);
		fields = field->fields;
		name = dot + 1;
	}
	return (field_named(fields, name, strlen(name)));
}

bool
field_is_input(const struct field *field)
{
	return (field->type != FIELD_TYPE_COMPUTED &&
	    field->type != FIELD_TYPE_BYTES);
}

const struct field *
field_item_fields(const struct field *field)
{
	if (field->type == FIELD_TYPE_KEYED && field->fields != NULL &&
	    field->fields->type != FIELD_TYPE_END &&
	    field->fields->offset == 0)
		return (field->fields + 1);
	return (field->fields);
}

bool
field_has_min(const struct field *field)
{
	return (field->min != 0 || field->max != 0);
}

bool
field_has_max(const struct field *field)
{
	return (field_has_min(field) && field->max >= field->min);
}

double
field_text_min(const struct field *field)
{
	if (field->required && field->min < 1)
		return (1);
	return (field->min);
}

double
field_text_max(const struct field *field)
{
	if (field->max > 0)
		return (field->max);
	return (field->min > FIELD_TEXT_MAX ? field->min : FIELD_TEXT_MAX);
}

/* Whether YAML reads `text` as a plain scalar that is not null. */
static bool
default_is_plain(const char *text)
{
	size_t	 len;

	len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	return (len != 0 && text[len] == '\0' && strcmp(text, "null") != 0);
}

/* Most defaults are one word: no parser is started for them. */
static const struct node *
default_node(struct arena *arena, struct findings *findings,
    const struct field *field)
{
	struct findings	 unheard;
	struct node	*node;

	if (default_is_plain(field->otherwise)) {
		node = node_new(arena, NODE_SCALAR);
		node->text = field->otherwise;
		return (node);
	}
	if (findings == NULL) {
		findings_init(&unheard, arena);
		findings = &unheard;
	}
	if (node_from_yaml(arena, NULL, field->otherwise,
	    strlen(field->otherwise), &node, findings) != STATUS_OK ||
	    node->kind == NODE_NULL)
		return (NULL);
	return (node);
}

const struct node *
field_node(struct arena *arena, struct findings *findings,
    const struct field *field, const struct node *map)
{
	const struct node	*node;

	node = node_get(map, field->name);
	if (node != NULL && node->kind != NODE_NULL)
		return (node);
	if (field->otherwise == NULL)
		return (NULL);
	return (default_node(arena, findings, field));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Checked structs as JSON. */

#include "core/field/field_walk.h"

/* Whether the member is known not to have been given. */
static bool
is_absent(const struct field *field, const struct node *map)
{
	const struct node	*node;

	if (map == NULL || map->kind != NODE_MAP || field->otherwise != NULL)
		return (false);
	node = node_get(map, field->name);
	return (node == NULL || node->kind == NODE_NULL);
}

/* Whether something in the table, or below it, is shown. */
static bool
has_shown(const struct field *fields)
{
	if (fields == NULL)
		return (false);
	for (; fields->type != FIELD_TYPE_END; fields++) {
		if (fields->shown || (fields->type != FIELD_TYPE_SEALED &&
		    has_shown(fields->fields)))
			return (true);
	}
	return (false);
}

static void
write_text(struct json *json, const char *name, const void *at)
{
	const char	*text;

	if ((text = *(const char *const *)at) != NULL)
		json_text(json, name, text);
}

static void
write_any(struct json *json, const char *name, const void *at)
{
	const struct node	*node;

	if ((node = *(const struct node *const *)at) != NULL)
		node_to_json(json, name, node);
}

static void
write_object(struct json *json, const char *name, const struct field *fields,
    const void *at, const struct node *node, enum write_scope scope)
{
	json_open_object(json, name);
	if (fields != NULL)
		field_write_members(json, fields, at, node, scope);
	json_close(json);
}

static void
write_list(struct json *json, const char *name, const struct field *field,
    const struct field_list *list, const struct node *node,
    enum write_scope scope)
{
	const struct node	*item;
	const char		*at;
	size_t			 i;

	/* A hook may have changed the list: then the nodes tell nothing. */
	item = node != NULL && node->count == list->count ? node->first : NULL;
	at = list->items;
	json_open_array(json, name);
	for (i = 0; i < list->count; i++, at += field->item) {
		if (field->fields == NULL)
			json_text(json, NULL, *(const char *const *)at);
		else
			write_object(json, NULL, field->fields, at, item,
			    scope);
		item = item == NULL ? NULL : item->next;
	}
	json_close(json);
}

static void
write_keyed(struct json *json, const char *name, const struct field *field,
    const struct field_list *list, const struct node *node,
    enum write_scope scope)
{
	const struct node	*item;
	const char		*at, *key;
	size_t			 i;

	item = node != NULL && node->count == list->count ? node->first : NULL;
	at = list->items;
	json_open_object(json, name);
	for (i = 0; i < list->count; i++, at += field->item) {
		/* Without a key the item did not pass the check. */
		if ((key = *(const char *const *)at) != NULL)
			write_object(json, key, field_item_fields(field), at,
			    item, scope);
		item = item == NULL ? NULL : item->next;
	}
	json_close(json);
}

void
field_write(struct json *json, const char *name, const struct field *field,
    const void *at, const struct node *node, enum write_scope scope)
{
	switch (field->type) {
	case FIELD_TYPE_BOOL:
		json_bool(json, name, *(const bool *)at);
		break;
	case FIELD_TYPE_INT:
		json_int(json, name, *(const int64_t *)at);
		break;
	case FIELD_TYPE_NUMBER:
		json_number(json, name, *(const double *)at);
		break;
	case FIELD_TYPE_TEXT:
	case FIELD_TYPE_CHOICE:
		write_text(json, name, at);
		break;
	case FIELD_TYPE_ANY:
		write_any(json, name, at);
		break;
	case FIELD_TYPE_OBJECT:
		write_object(json, name, field->fields, at, node, scope);
		break;
	case FIELD_TYPE_LIST:
		write_list(json, name, field, at, node, scope);
		break;
	case FIELD_TYPE_KEYED:
		write_keyed(json, name, field, at, node, scope);
		break;
	case FIELD_TYPE_SEALED:
	case FIELD_TYPE_COMPUTED:
	case FIELD_TYPE_BYTES:
	case FIELD_TYPE_FILE:
	case FIELD_TYPE_END:
		break;
	}
}

void
field_write_members(struct json *json, const struct field *fields,
    const void *data, const struct node *node, enum write_scope scope)
{
	const struct field	*field;
	enum write_scope	 below;

	for (field = fields; field->type != FIELD_TYPE_END; field++) {
		below = field->shown ? WRITE_ALL : scope;
		if (below == WRITE_SHOWN && !has_shown(field->fields))
			continue;
		if (is_absent(field, node))
			continue;
		field_write(json, field->name, field,
		    (const char *)data + field->offset,
		    node_get(node, field->name), below);
	}
}

void
field_to_json(struct json *json, const struct field *fields,
    const void *data, bool shown_only)
{
	field_write_members(json, fields, data, NULL,
	    shown_only ? WRITE_SHOWN : WRITE_ALL);
}

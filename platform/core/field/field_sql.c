/* SPDX-License-Identifier: EUPL-1.2 */
/* Checked values as parameters of statements. */

#include <inttypes.h>
#include <string.h>

#include "core/field/field_walk.h"
#include "core/document/number.h"

/* A field and where its value is. */
struct spot {
	const struct field	*field;
	const char		*at;
	const struct node	*node;	/* given or default; NULL: absent */
};

static bool
field_is_top_present(const struct values *values, const struct field *field)
{
	ptrdiff_t	 i;

	i = field - values->fields;
	return (i < 64 && (values->present & (uint64_t)1 << i) != 0);
}

bool
field_present(const struct values *values, const char *name)
{
	const struct field	*field;
	const struct node	*node;

	field = field_named(values->fields, name, strlen(name));
	if (field == NULL)
		return (false);
	if (field - values->fields < 64)
		return (field_is_top_present(values, field));
	node = node_get(values->node, name);
	return (field->otherwise != NULL ||
	    (node != NULL && node->kind != NODE_NULL));
}

/* Finds "a.b.c"; false when there is no such field or no object around it. */
static bool
spot_find(struct arena *arena, const struct values *values, const char *name,
    struct spot *spot)
{
	const struct field	*fields;
	const struct node	*map;
	size_t			 len;

	fields = values->fields;
	map = values->node;
	spot->at = values->data;
	for (;;) {
		len = strcspn(name, ".");
		spot->field = field_named(fields, name, len);
		if (spot->field == NULL)
			return (false);
		spot->at += spot->field->offset;
		spot->node = field_node(arena, NULL, spot->field, map);
		if (name[len] == '\0')
			return (true);
		if (spot->field->type != FIELD_TYPE_OBJECT ||
		    spot->node == NULL)
			return (false);
		fields = spot->field->fields;
		map = spot->node;
		name += len + 1;
	}
}

static const char *
compound_sql(struct arena *arena, const struct spot *spot)
{
	struct json	 json;

	json_init(&json, arena, SIZE_MAX);
	field_write(&json, NULL, spot->field, spot->at, spot->node, WRITE_ALL);
	return (json_finish(&json, NULL));
}

static const char *
bytes_sql(const struct bytes *bytes, size_t *len)
{
	static const char	 none[] = "";

	if (bytes->at == NULL)
		return (NULL);
	*len = bytes->len;
	return (bytes->len == 0 ? none : (const char *)bytes->at);
}

/* A hook may have set what did not come: pointers tell for themselves. */
static bool
spot_has_value(const struct spot *spot, const struct values *values,
    const char *name)
{
	switch (spot->field->type) {
	case FIELD_TYPE_LIST:
	case FIELD_TYPE_KEYED:
		return (spot->node != NULL ||
		    ((const struct field_list *)(const void *)
		    spot->at)->items != NULL);
	case FIELD_TYPE_ANY:
		return (*(const struct node *const *)(const void *)spot->at !=
		    NULL);
	default:
		return (spot->node != NULL || (strchr(name, '.') == NULL &&
		    field_is_top_present(values, spot->field)));
	}
}

const char *
field_sql(struct arena *arena, const struct values *values, const char *name,
    size_t *len)
{
	struct spot	 spot;
	const void	*at;
	char		 number[NUMBER_LEN];

	*len = 0;
	if (values->data == NULL || !spot_find(arena, values, name, &spot))
		return (NULL);
	at = spot.at;
	switch (spot.field->type) {
	case FIELD_TYPE_TEXT:
	case FIELD_TYPE_CHOICE:
	case FIELD_TYPE_COMPUTED:
		return (*(const char *const *)at);
	case FIELD_TYPE_SEALED:
		return (bytes_sql(&((const struct sealed *)at)->box, len));
	case FIELD_TYPE_BYTES:
	case FIELD_TYPE_FILE:
		return (bytes_sql(at, len));
	default:
		break;
	}
	if (!spot_has_value(&spot, values, name))
		return (NULL);
	switch (spot.field->type) {
	case FIELD_TYPE_BOOL:
		return (*(const bool *)at ? "t" : "f");
	case FIELD_TYPE_INT:
		return (arena_format(arena, "%" PRId64,
		    *(const int64_t *)at));
	case FIELD_TYPE_NUMBER:
		number_write(number, *(const double *)at);
		return (arena_text(arena, number));
	default:
		return (compound_sql(arena, &spot));
	}
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The check of a tree against a table. It goes on after an error, so that
 * all of them are found; what did not pass stays zero.
 */

#include <stdio.h>
#include <string.h>

#include "core/field/field_walk.h"

void
check_fail(struct check *check, const struct place *place,
    const struct node *node, enum finding_code code, const char *argument)
{
	struct findings	*findings;
	const char	*pointer;

	findings = check->ctx->findings;
	pointer = findings->count >= FINDINGS_MAX ? "" :
	    pointer_of(check->ctx->arena, check->prefix, place);
	finding_add(findings, pointer, node == NULL ? NULL : node->file,
	    node == NULL ? 0 : node->line, node == NULL ? 0 : node->column,
	    code, argument);
	if (check->status == STATUS_OK)
		check->status = STATUS_INVALID;
}

/* A finding about a key: it stands where the key does. */
static void
check_fail_key(struct check *check, const struct place *place,
    const struct node *node, enum finding_code code, const char *argument)
{
	struct node	 key;

	key = *node;
	if (key.name_line != 0) {
		key.line = key.name_line;
		key.column = key.name_column;
	}
	check_fail(check, place, &key, code, argument);
}

/*
 * A form gives one value where it could give several: a list of one. JSON
 * has no such scalars, and YAML's have a line.
 */
static bool
is_form_value(const struct node *node)
{
	return (node->kind == NODE_SCALAR && node->line == 0);
}

/* The same name more than once. */
static bool
is_form_list(const struct node *node)
{
	return (node->kind == NODE_LIST && node->line == 0 &&
	    node->count > 1 && (node->first->kind == NODE_SCALAR ||
	    node->first->kind == NODE_BYTES));
}

static bool
check_count(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, size_t count)
{
	char	 limit[32];

	if (field_has_min(field) && (double)count < field->min) {
		(void)snprintf(limit, sizeof(limit), "%.0f", field->min);
		check_fail(check, place, node, FINDING_TOO_FEW, limit);
		return (false);
	}
	if (field_has_max(field) && (double)count > field->max) {
		(void)snprintf(limit, sizeof(limit), "%.0f", field->max);
		check_fail(check, place, node, FINDING_TOO_MANY, limit);
		return (false);
	}
	return (true);
}

static void check_members(struct check *check, const struct field *fields,
		    const struct node *map, const struct place *place,
		    void *data, uint64_t *present);

static void
check_object(struct check *check, const struct field *fields,
    const struct node *node, const struct place *place, void *at)
{
	if (node->kind != NODE_MAP && node->kind != NODE_NULL) {
		check_fail(check, place, node, FINDING_TYPE, "an object");
		return;
	}
	check_members(check, fields, node, place, at, NULL);
}

static void
check_list(struct check *check, const struct field *field,
    const struct node *node, const struct place *above,
    struct field_list *list)
{
	const struct field	 text = {
		.type = field->choices == NULL ? FIELD_TYPE_TEXT :
		    FIELD_TYPE_CHOICE,
		.format = field->format, .choices = field->choices
	};
	struct place		 place = { .above = above };
	const struct node	*item;
	char			*at;
	size_t			 count;

	if (node->kind != NODE_LIST && !is_form_value(node)) {
		check_fail(check, above, node, FINDING_TYPE, "a list");
		return;
	}
	item = node->kind == NODE_LIST ? node->first : node;
	count = node->kind == NODE_LIST ? node->count : 1;
	if (!check_count(check, field, node, above, count))
		return;
	list->items = at = arena_alloc(check->ctx->arena,
	    count * field->item);
	list->count = count;
	for (; place.index < count; place.index++, at += field->item) {
		if (field->fields == NULL)
			check_scalar(check, &text, item, &place, at);
		else if (item->kind == NODE_NULL)
			check_fail(check, &place, item, FINDING_TYPE,
			    "an object");
		else
			check_object(check, field->fields, item, &place, at);
		item = item->next;
	}
}

static void
check_keyed(struct check *check, const struct field *field,
    const struct node *node, const struct place *above,
    struct field_list *list)
{
	const struct field	 code = {
		.type = FIELD_TYPE_TEXT, .format = FIELD_FORMAT_CODE
	};
	struct place		 place = { .above = above };
	const struct field	*fields;
	const struct node	*child;
	struct node		 key;
	char			*at;

	if (node->kind != NODE_MAP) {
		check_fail(check, above, node, FINDING_TYPE, "an object");
		return;
	}
	if (!check_count(check, field, node, above, node->count))
		return;
	list->items = at = arena_alloc(check->ctx->arena,
	    node->count * field->item);
	list->count = node->count;
	fields = field_item_fields(field);
	for (child = node->first; child != NULL; child = child->next) {
		place.name = child->name;
		key = *child;
		key.kind = NODE_TEXT;
		key.text = child->name;
		if (child->name_line != 0) {
			key.line = child->name_line;
			key.column = child->name_column;
		}
		check_scalar(check, &code, &key, &place, at);
		check_object(check, fields, child, &place, at);
		at += field->item;
	}
}

/* False when nothing was in it: an empty box would look like a contact. */
static bool
check_sealed(struct check *check, const struct field *field,
    const struct node *node, const struct place *place,
    struct sealed *sealed)
{
	const struct field_context	*ctx;
	struct json			 json;
	enum status			 status;
	size_t				 before, len;
	void				*data;
	char				*text;

	ctx = check->ctx;
	before = ctx->findings->count;
	data = arena_alloc(ctx->arena, field->fields->within);
	check_object(check, field->fields, node, place, data);
	if (ctx->findings->count != before)
		return (true);
	json_init(&json, ctx->arena, SIZE_MAX);
	json_open_object(&json, NULL);
	field_write_members(&json, field->fields, data, node, WRITE_ALL);
	json_close(&json);
	text = json_finish(&json, &len);
	if (strcmp(text, "{}") == 0)
		return (false);
	if (ctx->seal == NULL || check->status != STATUS_OK)
		return (true);
	status = ctx->seal(ctx->seal_arg, ctx->arena, text, len,
	    &sealed->box);
	if (status != STATUS_OK)
		check->status = status;
	return (true);
}

/* Whether the field has a value now, be it a wrong one. */
static bool
check_value(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, void *at)
{
	switch (field->type) {
	case FIELD_TYPE_OBJECT:
		check_object(check, field->fields, node, place, at);
		break;
	case FIELD_TYPE_LIST:
		check_list(check, field, node, place, at);
		break;
	case FIELD_TYPE_KEYED:
		check_keyed(check, field, node, place, at);
		break;
	case FIELD_TYPE_ANY:
		*(const struct node **)at = node;
		break;
	case FIELD_TYPE_SEALED:
		return (check_sealed(check, field, node, place, at));
	default:
		if (is_form_list(node))
			check_fail(check, place, node, FINDING_DUPLICATE,
			    NULL);
		else
			check_scalar(check, field, node, place, at);
		break;
	}
	return (true);
}

/* What an object holds that is not there: its members' defaults. */
static void
check_absent(struct check *check, const struct field *field,
    const struct place *place, void *at)
{
	bool	 before;

	if (field->type != FIELD_TYPE_OBJECT)
		return;
	before = check->absent;
	check->absent = true;
	check_members(check, field->fields, NULL, place, at, NULL);
	check->absent = before;
}

/* Whether the field has a value now. */
static bool
check_field(struct check *check, const struct field *field,
    const struct node *map, const struct place *place, void *at)
{
	const struct node	*node;

	node = field_node(check->ctx->arena, check->ctx->findings, field, map);
	if (node != NULL && check_value(check, field, node, place, at))
		return (true);
	if (field->required && !check->absent)
		check_fail(check, place, map, FINDING_REQUIRED, NULL);
	check_absent(check, field, place, at);
	return (false);
}

static void
check_unknown(struct check *check, const struct field *fields,
    const struct node *map, const struct place *above)
{
	struct place		 place = { .above = above };
	const struct field	*field;
	const struct node	*child;
	const char		*nearest;

	for (child = map->first; child != NULL; child = child->next) {
		field = field_named(fields, child->name, strlen(child->name));
		if (field != NULL && field_is_input(field))
			continue;
		/* A finding that is only counted needs no hint. */
		nearest = NULL;
		if (check->ctx->findings->count < FINDINGS_MAX)
			nearest = field_nearest(fields, child->name);
		place.name = child->name;
		check_fail_key(check, &place, child, FINDING_UNKNOWN,
		    nearest);
	}
}

static void
check_members(struct check *check, const struct field *fields,
    const struct node *map, const struct place *above, void *data,
    uint64_t *present)
{
	struct place	 place = { .above = above };
	unsigned int	 i;
	bool		 has;

	if (fields == NULL)
		return;
	if (map != NULL)
		check_unknown(check, fields, map, above);
	for (i = 0; fields[i].type != FIELD_TYPE_END; i++) {
		if (!field_is_input(&fields[i]))
			continue;
		place.name = fields[i].name;
		has = check_field(check, &fields[i], map, &place,
		    (char *)data + fields[i].offset);
		if (has && present != NULL && i < 64)
			*present |= (uint64_t)1 << i;
	}
}

enum status
field_check(const struct field_context *ctx, const struct field *fields,
    const struct node *node, const char *pointer, struct values *values)
{
	struct check	 check = { .ctx = ctx, .prefix = pointer };

	(void)memset(values, 0, sizeof(*values));
	values->fields = fields;
	values->node = node;
	values->data = arena_alloc(ctx->arena,
	    fields == NULL || fields->type == FIELD_TYPE_END ? 1 :
	    fields->within);
	if (node != NULL && node->kind != NODE_MAP &&
	    node->kind != NODE_NULL) {
		check_fail(&check, NULL, node, FINDING_TYPE, "an object");
		return (check.status);
	}
	check_members(&check, fields, node, NULL, values->data,
	    &values->present);
	return (check.status);
}

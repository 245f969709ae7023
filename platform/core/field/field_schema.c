/* SPDX-License-Identifier: EUPL-1.2 */
/* Tables of fields as JSON Schema 2020-12. */

#include <stddef.h>
#include <string.h>

#include "core/field/field_walk.h"

/* `format` where JSON Schema Validation, 7.3, has a name; else a pattern. */
static const struct {
	const char	*format;
	const char	*pattern;
} format_schemas[] = {
	[FIELD_FORMAT_CODE] = { NULL, "^[a-z][a-z0-9-]*$" },
	[FIELD_FORMAT_UUID] = { "uuid", NULL },
	[FIELD_FORMAT_EMAIL] = { "email", NULL },
	[FIELD_FORMAT_PHONE] = { NULL, "^[0-9 +()/-]+$" },
	[FIELD_FORMAT_HOST] = { "hostname", NULL },
	[FIELD_FORMAT_COLOUR] = { NULL, "^#[0-9A-Fa-f]{6}$" },
	[FIELD_FORMAT_URL] = { "uri", "^https?://" },
	[FIELD_FORMAT_TIME] = { "date-time", NULL },
	[FIELD_FORMAT_DAY] = { "date", NULL },
	[FIELD_FORMAT_AGS] = { NULL, "^[0-9]{8}$" },
	[FIELD_FORMAT_BBOX] = { NULL, "^[^,]+,[^,]+,[^,]+,[^,]+$" },
	[FIELD_FORMAT_CODES] = { NULL,
	    "^[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*$" },
	[FIELD_FORMAT_LINE] = { NULL, "^[^\\r\\n]*$" },
	[FIELD_FORMAT_PATH] = { NULL, NULL },
};

static void schema_members(struct json *json, const struct field *fields);

static void
schema_limits(struct json *json, const struct field *field,
    const char *least, const char *most)
{
	if (field_has_min(field))
		json_number(json, least, field->min);
	if (field_has_max(field))
		json_number(json, most, field->max);
}

static void
schema_format(struct json *json, enum field_format format)
{
	if ((size_t)format >= sizeof(format_schemas) /
	    sizeof(*format_schemas))
		return;
	if (format_schemas[format].format != NULL)
		json_text(json, "format", format_schemas[format].format);
	if (format_schemas[format].pattern != NULL)
		json_text(json, "pattern", format_schemas[format].pattern);
}

static void
schema_text(struct json *json, const struct field *field)
{
	json_text(json, "type", "string");
	if (field_text_min(field) > 0)
		json_number(json, "minLength", field_text_min(field));
	json_number(json, "maxLength", field_text_max(field));
	schema_format(json, field->format);
}

static void
schema_choice(struct json *json, const struct field *field)
{
	size_t	 i;

	json_text(json, "type", "string");
	json_open_array(json, "enum");
	for (i = 0; field->choices[i] != NULL; i++)
		json_text(json, NULL, field->choices[i]);
	json_close(json);
}

static void
schema_list(struct json *json, const struct field *field)
{
	const struct field	 text = {
		.type = FIELD_TYPE_TEXT, .format = field->format
	};

	json_text(json, "type", "array");
	schema_limits(json, field, "minItems", "maxItems");
	json_open_object(json, "items");
	if (field->choices != NULL)
		schema_choice(json, field);
	else if (field->fields == NULL)
		schema_text(json, &text);
	else
		schema_members(json, field->fields);
	json_close(json);
}

static void
schema_keyed(struct json *json, const struct field *field)
{
	json_text(json, "type", "object");
	schema_limits(json, field, "minProperties", "maxProperties");
	json_open_object(json, "propertyNames");
	schema_format(json, FIELD_FORMAT_CODE);
	json_close(json);
	json_open_object(json, "additionalProperties");
	schema_members(json, field_item_fields(field));
	json_close(json);
}

/* The default goes through the check, as it does where it is used. */
static void
schema_default(struct json *json, const struct field *field)
{
	struct arena		*arena;
	struct findings		 findings;
	struct field_context	 ctx;
	struct field		 table[2];
	struct values		 values;

	if (field->otherwise == NULL)
		return;
	arena = arena_new(0);
	findings_init(&findings, arena);
	(void)memset(&ctx, 0, sizeof(ctx));
	ctx.arena = arena;
	ctx.findings = &findings;
	(void)memset(table, 0, sizeof(table));
	table[0] = *field;
	if (field_check(&ctx, table, NULL, "", &values) == STATUS_OK) {
		field_write(json, "default", field,
		    (const char *)values.data + field->offset, NULL,
		    WRITE_ALL);
	}
	arena_free(arena);
}

static void
schema_type(struct json *json, const struct field *field)
{
	switch (field->type) {
	case FIELD_TYPE_BOOL:
		json_text(json, "type", "boolean");
		break;
	case FIELD_TYPE_INT:
		json_text(json, "type", "integer");
		schema_limits(json, field, "minimum", "maximum");
		break;
	case FIELD_TYPE_NUMBER:
		json_text(json, "type", "number");
		schema_limits(json, field, "minimum", "maximum");
		break;
	case FIELD_TYPE_TEXT:
		schema_text(json, field);
		break;
	case FIELD_TYPE_CHOICE:
		schema_choice(json, field);
		break;
	case FIELD_TYPE_LIST:
		schema_list(json, field);
		break;
	case FIELD_TYPE_KEYED:
		schema_keyed(json, field);
		break;
	case FIELD_TYPE_OBJECT:
	case FIELD_TYPE_SEALED:
		schema_members(json, field->fields);
		break;
	case FIELD_TYPE_FILE:
		/* Bytes are no string: OpenAPI 3.1.1, Working with Binary Data. */
		json_text(json, "contentMediaType",
		    "application/octet-stream");
		schema_limits(json, field, "minLength", "maxLength");
		break;
	case FIELD_TYPE_ANY:
	case FIELD_TYPE_COMPUTED:
	case FIELD_TYPE_BYTES:
	case FIELD_TYPE_END:
		break;
	}
}

static void
schema_required(struct json *json, const struct field *fields)
{
	const struct field	*field;
	bool			 open;

	open = false;
	for (field = fields; field->type != FIELD_TYPE_END; field++) {
		if (!field->required || field->otherwise != NULL ||
		    !field_is_input(field))
			continue;
		if (!open)
			json_open_array(json, "required");
		open = true;
		json_text(json, NULL, field->name);
	}
	if (open)
		json_close(json);
}

static void
schema_members(struct json *json, const struct field *fields)
{
	const struct field	*field;

	json_text(json, "type", "object");
	json_bool(json, "additionalProperties", false);
	json_open_object(json, "properties");
	for (field = fields; field != NULL && field->type != FIELD_TYPE_END;
	    field++) {
		if (!field_is_input(field))
			continue;
		json_open_object(json, field->name);
		if (field->says != NULL)
			json_text(json, "description", field->says);
		schema_type(json, field);
		schema_default(json, field);
		json_close(json);
	}
	json_close(json);
	if (fields != NULL)
		schema_required(json, fields);
}

void
field_schema(struct json *json, const char *name, const struct field *fields)
{
	json_open_object(json, name);
	schema_members(json, fields);
	json_close(json);
}

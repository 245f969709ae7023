/* SPDX-License-Identifier: EUPL-1.2 */
/* A request as the audit log has it. */

#include <string.h>

#include <sodium.h>

#include "core/exchange/audit.h"
#include "core/field/field_walk.h"
#include "core/plugin/mount.h"

#define AUDIT_TEXT_MAX	65536u

enum audit_kind
audit_kind(const struct route *route)
{
	if (mount_side(route) != ROUTER_OFFICE)
		return (AUDIT_NOTHING);
	if (route->method != GET)
		return (AUDIT_CHANGE);
	return (route->reads == NULL ? AUDIT_NOTHING : AUDIT_READ);
}

const char *
audit_kind_text(enum audit_kind kind)
{
	return (kind == AUDIT_READ ? "read" : "change");
}

/*
 * 429 is what bounds the others. Of what gives no personal data only the
 * lack of a right is told: a screen that looks for what is gone is no news.
 */
bool
audit_is_refusal(const struct route *route, int status)
{
	if (route == NULL || status < 400 || status > 499 || status == 429)
		return (false);
	if (audit_kind(route) != AUDIT_NOTHING)
		return (true);
	return (status == 403 && mount_side(route) == ROUTER_OFFICE);
}

const char *
audit_action(struct exchange *x)
{
	const struct mounted	at = { x->loaded, NULL, x->route };

	return (arena_format(x->arena, "%s %s", method_text(x->route->method),
	    mount_path(x->arena, &at)));
}

const char *
audit_right(struct exchange *x)
{
	const char	*right;

	right = x->route->access.right;
	return (right == NULL ? NULL : arena_format(x->arena, "%s.%s",
	    RIGHTS_OF(x->loaded->plugin->name), right));
}

/* Whether values of this field can say nothing about anybody. */
static bool
field_is_plain(const struct field *field)
{
	switch (field->type) {
	case FIELD_TYPE_BOOL:
	case FIELD_TYPE_CHOICE:
		return (true);
	case FIELD_TYPE_LIST:
		if (field->fields != NULL)
			return (false);
		/* FALLTHROUGH */
	case FIELD_TYPE_TEXT:
		return (field->choices != NULL ||
		    field->format == FIELD_FORMAT_UUID ||
		    field->format == FIELD_FORMAT_CODE);
	default:
		return (false);
	}
}

/* What has not been checked may be anything. A day in a path is what it is
 * about. */
static bool
path_is_plain(const struct field *fields, const char *name,
    const char *value)
{
	const struct field	*field;

	if (fields == NULL)
		return (field_format_fits(FIELD_FORMAT_UUID, value));
	field = field_find(fields, name);
	return (field != NULL && field->format != FIELD_FORMAT_NONE &&
	    (field_is_plain(field) || field->format == FIELD_FORMAT_DAY) &&
	    field_format_fits(field->format, value));
}

const char *
audit_object(struct exchange *x)
{
	struct json	 json;
	size_t		 i;

	json_init(&json, x->arena, AUDIT_TEXT_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < x->match->count; i++) {
		if (path_is_plain(x->route->path_fields, x->match->names[i],
		    x->match->values[i]))
			json_text(&json, x->match->names[i],
			    x->match->values[i]);
	}
	json_close(&json);
	return (json_finish(&json, NULL));
}

static void
detail_write(struct exchange *x, struct json *json, const struct field *field)
{
	const char	*value;
	size_t		 len;

	value = field_is_plain(field) ? field_sql(x->arena, &x->body,
	    field->name, &len) : NULL;
	if (value == NULL)
		json_null_value(json, field->name);
	else if (field->type == FIELD_TYPE_BOOL)
		json_bool(json, field->name, *value == 't');
	else if (field->type == FIELD_TYPE_LIST)
		json_raw(json, field->name, value, strlen(value));
	else
		json_text(json, field->name, value);
}

const char *
audit_detail(struct exchange *x)
{
	const struct field	*field;
	struct json		 json;

	if (x->body.fields == NULL)
		return (NULL);
	json_init(&json, x->arena, AUDIT_TEXT_MAX);
	json_open_object(&json, NULL);
	for (field = x->body.fields; field->type != FIELD_TYPE_END; field++) {
		if (field_is_input(field) &&
		    field_present(&x->body, field->name))
			detail_write(x, &json, field);
	}
	json_close(&json);
	return (json_finish(&json, NULL));
}

const char *
audit_request(struct arena *arena)
{
	unsigned char	 bytes[16];
	char		 hex[33];

	randombytes_buf(bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	(void)sodium_bin2hex(hex, sizeof(hex), bytes, sizeof(bytes));
	return (arena_format(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20));
}

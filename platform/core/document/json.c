/* SPDX-License-Identifier: EUPL-1.2 */
/* The JSON writer. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stadtkern/json.h>

#include "core/document/number.h"

/* Like assert(), but in production too: a wrong answer is worse than none. */
static void
json_must(bool holds, const char *what)
{
	if (holds)
		return;
	(void)fprintf(stderr, "json writer: %s\n", what);
	abort();
}

void
json_init(struct json *json, struct arena *arena, size_t max)
{
	(void)memset(json, 0, sizeof(*json));
	buf_init(&json->buf, arena, max);
}

static void
json_escape(struct buf *buf, const char *text)
{
	const char	*from;
	unsigned char	 c;

	buf_char(buf, '"');
	for (from = text; (c = (unsigned char)*text) != '\0'; text++) {
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(buf, from, (size_t)(text - from));
		from = text + 1;
		if (c == '\n')
			buf_add(buf, "\\n", 2);
		else if (c < 0x20)
			buf_format(buf, "\\u%04x", c);
		else {
			buf_char(buf, '\\');
			buf_char(buf, (char)c);
		}
	}
	buf_add(buf, from, (size_t)(text - from));
	buf_char(buf, '"');
}

/* What stands before a value: a comma, the member's name. */
static void
json_begin(struct json *json, const char *name)
{
	char	 scope;
	bool	*comma;

	scope = json->depth == 0 ? '\0' : json->scope[json->depth - 1];
	json_must((scope == '{') == (name != NULL),
	    "a name belongs to a value in an object, and only there");
	if (scope == '\0') {
		json_must(json->buf.len == 0, "two values at the top");
		return;
	}
	comma = &json->comma[json->depth - 1];
	if (*comma)
		buf_char(&json->buf, ',');
	*comma = true;
	if (name != NULL) {
		json_escape(&json->buf, name);
		buf_char(&json->buf, ':');
	}
}

static void
json_open_scope(struct json *json, const char *name, char scope)
{
	json_begin(json, name);
	json_must(json->depth < JSON_DEPTH_MAX, "nested too deeply");
	json->scope[json->depth] = scope;
	json->comma[json->depth] = false;
	json->depth++;
	buf_char(&json->buf, scope);
}

void
json_open_object(struct json *json, const char *name)
{
	json_open_scope(json, name, '{');
}

void
json_open_array(struct json *json, const char *name)
{
	json_open_scope(json, name, '[');
}

void
json_close(struct json *json)
{
	json_must(json->depth != 0, "nothing is open");
	json->depth--;
	buf_char(&json->buf, json->scope[json->depth] == '{' ? '}' : ']');
}

void
json_text(struct json *json, const char *name, const char *text)
{
	if (text == NULL) {
		json_null_value(json, name);
		return;
	}
	json_begin(json, name);
	json_escape(&json->buf, text);
}

void
json_int(struct json *json, const char *name, int64_t value)
{
	json_begin(json, name);
	buf_format(&json->buf, "%" PRId64, value);
}

void
json_number(struct json *json, const char *name, double value)
{
	char	 text[NUMBER_LEN];

	if (!isfinite(value)) {
		json_null_value(json, name);
		return;
	}
	json_begin(json, name);
	number_write(text, value);
	buf_text(&json->buf, text);
}

void
json_bool(struct json *json, const char *name, bool value)
{
	json_begin(json, name);
	buf_text(&json->buf, value ? "true" : "false");
}

void
json_null_value(struct json *json, const char *name)
{
	json_begin(json, name);
	buf_text(&json->buf, "null");
}

void
json_raw(struct json *json, const char *name, const char *text, size_t len)
{
	json_begin(json, name);
	buf_add(&json->buf, text, len);
}

char *
json_finish(struct json *json, size_t *len)
{
	json_must(json->depth == 0, "a scope is still open");
	return (buf_finish(&json->buf, len));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A JSON writer (RFC 8259) that cannot mis-nest: it keeps a stack of open
 * scopes, places commas, and escapes. Reading JSON is in node.h.
 *
 * `name` is the member's name inside an object and must be NULL inside an
 * array and at the top. Getting that wrong, or closing what is not open,
 * is a programmer's error and is asserted.
 *
 * No function here may be called as one of jansson's (json_object, json_array,
 * json_null, …): the program's symbols come first, so jansson would call ours.
 */
#ifndef STADTKERN_JSON_H
#define STADTKERN_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <stadtkern/buf.h>

#define JSON_DEPTH_MAX	32

struct json {
	struct buf	buf;
	unsigned int	depth;
	char		scope[JSON_DEPTH_MAX];	/* '{' or '[' */
	bool		comma[JSON_DEPTH_MAX];
};

void	json_init(struct json *json, struct arena *arena, size_t max);
void	json_open_object(struct json *json, const char *name);
void	json_open_array(struct json *json, const char *name);
void	json_close(struct json *json);		/* the innermost */
/* NULL text writes null. Text must be UTF-8. */
void	json_text(struct json *json, const char *name, const char *text);
void	json_int(struct json *json, const char *name, int64_t value);
/* Shortest decimal that reads back the same; NaN and infinity: null. */
void	json_number(struct json *json, const char *name, double value);
void	json_bool(struct json *json, const char *name, bool value);
void	json_null_value(struct json *json, const char *name);
/* `text` must be one valid JSON value. */
void	json_raw(struct json *json, const char *name, const char *text,
	    size_t len);

/* As buf_finish(); asserts that every scope was closed. */
char	*json_finish(struct json *json, size_t *len);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of field_*.c share. */
#ifndef CORE_FIELD_WALK_H
#define CORE_FIELD_WALK_H

#include <stadtkern/field.h>

#include "core/document/pointer.h"

#define FIELD_TEXT_MAX	200	/* characters, where a table says nothing */

/* One run of field_check(). */
struct check {
	const struct field_context	*ctx;
	const char			*prefix;
	enum status			 status;
	bool				 absent;	/* inside an object that
							   was not given: only
							   defaults are set */
};

void		 check_fail(struct check *check, const struct place *place,
		    const struct node *node, enum finding_code code,
		    const char *argument);

/* BOOL, INT, NUMBER, TEXT, CHOICE and FILE: checks `node`, sets *at. */
void		 check_scalar(struct check *check, const struct field *field,
		    const struct node *node, const struct place *place,
		    void *at);

/* The field of this name, or NULL; `len` bytes of `name` count. */
const struct field *field_named(const struct field *fields, const char *name,
		    size_t len);

/* Whether the field is read from input at all. */
bool		 field_is_input(const struct field *field);

/* The name of an input field that `name` may be a slip of, or NULL. */
const char	*field_nearest(const struct field *fields, const char *name);

/*
 * The child of `map` that gives the field, else the field's default, else
 * NULL. null counts as not given.
 */
const struct node *field_node(struct arena *arena, struct findings *findings,
		    const struct field *field, const struct node *map);

/* Whether min or max apply; the limits of TEXT are never both absent. */
bool		 field_has_min(const struct field *field);
bool		 field_has_max(const struct field *field);
double		 field_text_min(const struct field *field);
double		 field_text_max(const struct field *field);

/* The table of a LIST's or KEYED's items; for KEYED without the key. */
const struct field *field_item_fields(const struct field *field);

enum write_scope { WRITE_ALL, WRITE_SHOWN };

/*
 * Writes one value, found at `at`, unless there is none. `node` is what it
 * was read from and tells which members were given; NULL: not known, then
 * numbers and booleans are always written.
 */
void		 field_write(struct json *json, const char *name,
		    const struct field *field, const void *at,
		    const struct node *node, enum write_scope scope);
void		 field_write_members(struct json *json,
		    const struct field *fields, const void *data,
		    const struct node *node, enum write_scope scope);

#endif

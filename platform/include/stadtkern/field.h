/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Declared fields. A table of `struct field` says once what a body, a
 * query, a path or a YAML section may hold. From it come the check (all
 * errors at once), the C value, the SQL parameter, OpenAPI and the
 * documentation.
 *
 *	struct claim { const char *proof; struct sealed contact; };
 *
 *	static const struct field claim_fields[] = {
 *		FIELD_TEXT(struct claim, proof, .min = 10, .max = 2000,
 *		    .required = true, .says = "what only the owner can know"),
 *		FIELD_SEALED(struct claim, contact, .fields = contact_fields),
 *		FIELD_END
 *	};
 */
#ifndef STADTKERN_FIELD_H
#define STADTKERN_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stadtkern/arena.h>
#include <stadtkern/bytes.h>
#include <stadtkern/finding.h>
#include <stadtkern/json.h>
#include <stadtkern/node.h>
#include <stadtkern/status.h>

enum field_type {
	FIELD_TYPE_END = 0,
	FIELD_TYPE_BOOL,	/* bool */
	FIELD_TYPE_INT,		/* int64_t */
	FIELD_TYPE_NUMBER,	/* double, finite */
	FIELD_TYPE_TEXT,	/* const char *, UTF-8; min, max: characters */
	FIELD_TYPE_CHOICE,	/* const char *, one of .choices */
	FIELD_TYPE_OBJECT,	/* the struct itself, described by .fields */
	FIELD_TYPE_LIST,	/* LIST_OF(T): items described by .fields, or
				   const char * where .fields is NULL, each one
				   of .choices where there are any */
	FIELD_TYPE_KEYED,	/* LIST_OF(T) from a map; the key, a CODE, goes
				   into the first member of T, a const char *,
				   which .fields may name first but which is
				   not read from the item */
	FIELD_TYPE_ANY,		/* const struct node *; plugin code checks it */
	FIELD_TYPE_SEALED,	/* struct sealed: checked against .fields, then
				   sealed to the tenant's public key */
	FIELD_TYPE_COMPUTED,	/* const char *: never read from input, set by
				   .prepare, bound to the statement */
	FIELD_TYPE_BYTES,	/* struct bytes: as COMPUTED, or the raw body */
	FIELD_TYPE_FILE,	/* struct bytes: a file of a multipart form, not
				   copied; min, max: bytes */
};

/* Forms that a TEXT must have; `says` is what findings tell. */
#define FIELD_FORMATS(X)						\
	X(NONE, "")							\
	X(LINE, "one line without line breaks")				\
	X(CODE, "lower-case letters, digits and hyphens, beginning with a letter") \
	X(UUID, "a UUID such as 5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d10")	\
	X(EMAIL, "an e-mail address such as name@example.org")		\
	X(PHONE, "a telephone number: digits, blanks and + ( ) / -")	\
	X(HOST, "a host name such as app.example.org")			\
	X(COLOUR, "a colour such as #0a5c8c")				\
	X(URL, "an address that begins with https:// or http://")	\
	X(TIME, "an RFC 3339 time such as 2026-11-20T08:30:00Z")	\
	X(DAY, "a day such as 2026-11-20")				\
	X(AGS, "an official municipality key of eight digits")		\
	X(BBOX, "west,south,east,north in degrees")			\
	X(CODES, "a comma-separated list of codes")			\
	X(PATH, "a relative file path without ..")

enum field_format {
#define X(name, says) FIELD_FORMAT_##name,
	FIELD_FORMATS(X)
#undef X
};

struct sealed {
	struct bytes	 box;		/* crypto_box_seal of the JSON text */
};

#define LIST_OF(type)	struct { size_t count; type *items; }

/* What the platform sees of any LIST_OF. */
struct field_list {
	size_t		 count;
	void		*items;
};

struct field {
	const char		*name;
	enum field_type		 type;
	enum field_format	 format;
	size_t			 offset;	/* of the member */
	size_t			 within;	/* sizeof the whole struct */
	size_t			 item;		/* sizeof one list item */
	bool			 required;
	bool			 shown;		/* setting is part of GET /app */
	bool			 multiline;	/* TEXT may hold \n and \t */
	double			 min;		/* value, characters or count; */
	double			 max;		/* both 0: no limit but the
						   type's own (TEXT: 200) */
	const char		*otherwise;	/* default, as written in YAML */
	const char *const	*choices;	/* NULL-terminated */
	const struct field	*fields;
	const char		*says;		/* for the documentation */
};

#define FIELD_AT(T, member)						\
	.name = #member, .offset = offsetof(T, member), .within = sizeof(T)
#define FIELD_BOOL(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_BOOL, __VA_ARGS__ }
#define FIELD_INT(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_INT, __VA_ARGS__ }
#define FIELD_NUMBER(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_NUMBER, __VA_ARGS__ }
#define FIELD_TEXT(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_TEXT, __VA_ARGS__ }
#define FIELD_CHOICE(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_CHOICE, __VA_ARGS__ }
#define FIELD_UUID(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_TEXT,			\
	  .format = FIELD_FORMAT_UUID, __VA_ARGS__ }
#define FIELD_OBJECT(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_OBJECT, __VA_ARGS__ }
#define FIELD_LIST(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_LIST,			\
	  .item = sizeof(*((T *)0)->member.items), __VA_ARGS__ }
#define FIELD_KEYED(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_KEYED,		\
	  .item = sizeof(*((T *)0)->member.items), __VA_ARGS__ }
#define FIELD_ANY(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_ANY, __VA_ARGS__ }
#define FIELD_SEALED(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_SEALED, __VA_ARGS__ }
#define FIELD_COMPUTED(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_COMPUTED, __VA_ARGS__ }
#define FIELD_BYTES(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_BYTES, __VA_ARGS__ }
#define FIELD_FILE(T, member, ...)					\
	{ FIELD_AT(T, member), .type = FIELD_TYPE_FILE, __VA_ARGS__ }
#define FIELD_END	{ .type = FIELD_TYPE_END }

/* A checked value: the struct, and which of the first 64 fields came. */
struct values {
	const struct field	*fields;	/* NULL: no such input */
	const struct node	*node;		/* what it was read from */
	void			*data;
	uint64_t		 present;	/* bit i: fields[i] was given or
						   has a default */
};

struct field_context {
	struct arena		*arena;
	struct findings		*findings;
	/* Seals for FIELD_SEALED; NULL where no tenant is at hand, then a
	   SEALED field is checked and left empty. */
	enum status		(*seal)(void *arg, struct arena *arena,
				    const char *text, size_t len,
				    struct bytes *box);
	void			*seal_arg;
};

/*
 * Checks `node` (a NODE_MAP; NULL and NODE_NULL count as an empty one) against
 * `fields` and fills `values`, all of it in ctx->arena; texts are copied, while
 * ANY and values->node point into the tree, and FILE to where its node does. Every error is added to
 * ctx->findings with a pointer that begins with `pointer` ("" for the root);
 * unknown keys name the nearest known one. STATUS_INVALID when anything was
 * found.
 *
 * NODE_SCALAR is read as whatever the field wants; JSON's types are exact
 * (an integer is accepted where a number is wanted, null counts as absent).
 * A TEXT is refused when it holds control characters (\n and \t are allowed
 * with .multiline; \r\n then becomes \n), and is counted in Unicode code
 * points; a required TEXT has at least one. Where a LIST is wanted a single
 * value of a form is a list of one. A SEALED object in which nothing was given
 * counts as absent. An OBJECT that is absent gets its members' defaults.
 * A FILE is a NODE_BYTES and nothing else, which is nothing but a FILE (or
 * ANY). What ctx->seal returns, when that fails, is returned.
 */
enum status	 field_check(const struct field_context *ctx,
		    const struct field *fields, const struct node *node,
		    const char *pointer, struct values *values);

/* Whether the named top-level field was given or has a default. */
bool		 field_present(const struct values *values, const char *name);

/*
 * Finds the SQL parameter `name`; "position.lat" descends into OBJECTs.
 * NULL when the table has no such field. For use at load time.
 */
const struct field *field_find(const struct field *fields, const char *name);

/*
 * The parameter's value in PostgreSQL's text form, from `arena`, or NULL for
 * SQL null (absent). LIST, KEYED, OBJECT and ANY give their JSON, without the
 * members that were neither given nor have a default. For SEALED, BYTES and
 * FILE `*len` is set and the bytes are to be bound in binary format; otherwise
 * `*len` is 0.
 */
const char	*field_sql(struct arena *arena, const struct values *values,
		    const char *name, size_t *len);

/*
 * Writes a checked struct as a JSON object's members, by its table; a KEYED
 * list as an object. With `shown_only`, just the fields marked .shown (their
 * descendants whole), and of objects and lists that are not marked the members
 * that are. Absent optional texts are left out; absent numbers are 0. SEALED,
 * COMPUTED, BYTES and FILE are never written.
 */
void		 field_to_json(struct json *json, const struct field *fields,
		    const void *data, bool shown_only);

/* A JSON Schema (2020-12, as OpenAPI 3.1 uses it) of the table. */
void		 field_schema(struct json *json, const char *name,
		    const struct field *fields);

/* English words for a format; "" for NONE. */
const char	*field_format_says(enum field_format format);

/* Whether `text` has the form; used by field_check and by plugins. */
bool		 field_format_fits(enum field_format format, const char *text);

#endif

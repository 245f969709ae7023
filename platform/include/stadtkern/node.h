/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A parsed document: JSON or YAML, each node with its line and column.
 * One checker (field.h) then reads both. Nodes belong to the arena they
 * were parsed into and are not changed afterwards.
 */
#ifndef STADTKERN_NODE_H
#define STADTKERN_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stadtkern/arena.h>
#include <stadtkern/bytes.h>
#include <stadtkern/finding.h>
#include <stadtkern/json.h>
#include <stadtkern/status.h>

#define NODE_DEPTH_MAX	24		/* lists and maps in each other */
#define NODE_YAML_MAX	1048576u	/* bytes of a YAML document */
#define NODE_FORM_MAX	100		/* parameters or parts of a form */
#define NODE_FORM_HEAD_MAX 4096u	/* bytes of a part's head */
#define NODE_CSV_MAX	(64u << 20)	/* bytes of a CSV file */
#define NODE_CSV_CELLS	100		/* in a row */

enum node_kind {
	NODE_NULL,
	NODE_BOOL,
	NODE_INT,
	NODE_NUMBER,
	NODE_TEXT,
	NODE_SCALAR,	/* text whose type its reader decides: a plain
			   YAML scalar, a query parameter, a form field */
	NODE_LIST,
	NODE_MAP,
	NODE_BYTES,	/* a file of a multipart form */
};

struct node {
	enum node_kind	 kind;
	bool		 boolean;
	unsigned int	 line;		/* of the value; 0: not known */
	unsigned int	 column;
	unsigned int	 name_line;	/* of the key; 0: not known */
	unsigned int	 name_column;
	const char	*file;		/* NULL unless from a file */
	const char	*name;		/* key, inside a map */
	struct node	*next;		/* sibling */
	struct node	*first;		/* of a list or a map */
	size_t		 count;		/* children */
	int64_t		 integer;
	double		 number;	/* also set for NODE_INT */
	const char	*text;		/* TEXT and SCALAR */
	struct bytes	 bytes;		/* BYTES: the content, not copied */
};

/*
 * Reads one JSON document (RFC 8259, through jansson). Refused: anything
 * after it, duplicate keys, invalid UTF-8, \u0000, numbers beyond int64_t or
 * double, more than NODE_DEPTH_MAX levels. STATUS_INVALID leaves the reason,
 * with the pointer to where reading ended, in findings.
 */
enum status	 node_from_json(struct arena *arena, const char *bytes,
		    size_t len, struct node **node, struct findings *findings);

/*
 * Reads one YAML document (libyaml's events). Plain scalars become
 * NODE_SCALAR (null, ~ and empty become NODE_NULL), quoted and block ones
 * NODE_TEXT. Refused: duplicate keys, keys that are not scalars, anchors and
 * aliases, tags, merge keys, a second document, invalid UTF-8, control
 * characters, more than NODE_DEPTH_MAX levels, more than NODE_YAML_MAX bytes.
 * `file` is named in the findings (NULL: none); it must outlive the nodes.
 * All duplicate keys are reported at once. No document gives NODE_NULL.
 */
enum status	 node_from_yaml(struct arena *arena, const char *file,
		    const char *bytes, size_t len, struct node **node,
		    struct findings *findings);

/*
 * node_from_yaml() on a file's content; keeps a copy of `path`. A file that
 * is missing or no regular file is a finding (FILE) and STATUS_INVALID.
 */
enum status	 node_from_yaml_file(struct arena *arena, const char *path,
		    struct node **node, struct findings *findings);

/*
 * A map of NODE_SCALARs from an application/x-www-form-urlencoded string
 * (a query, a form). A name that occurs again makes a NODE_LIST of its
 * values. Refused: broken %-escapes, NUL, invalid UTF-8, more than 100
 * parameters (NODE_FORM_MAX). Empty values count as absent.
 */
enum status	 node_from_form(struct arena *arena, const char *bytes,
		    size_t len, struct node **node, struct findings *findings);

/*
 * The same from multipart/form-data (RFC 7578). `content_type` is the header's
 * whole value, with the boundary (RFC 2046, 5.1.1: 1 to 70 characters). A part
 * with a filename, or filename*, becomes NODE_BYTES that point into `bytes`;
 * what type and name it claims is not kept. Any other is a text, whose line
 * breaks stay as they came. Refused: a boundary that is missing, never closed
 * or followed by something; heads that are broken, folded or above
 * NODE_FORM_HEAD_MAX, or have a field or parameter twice that counts; parts
 * without a name; a transfer encoding other than 7bit, 8bit and binary; a text
 * in another charset than UTF-8 and US-ASCII; and what node_from_form()
 * refuses. Parts without content count as absent. Ignored are a part's other
 * header fields, and what stands before the first boundary and after the last.
 */
enum status	 node_from_multipart(struct arena *arena,
		    const char *content_type, const char *bytes, size_t len,
		    struct node **node, struct findings *findings);

/*
 * Turns names with brackets into nested maps and lists, as forms write them:
 * attribute[colour]=red becomes {"attribute": {"colour": "red"}}, and both
 * attribute[colour][]=red and a repeated attribute[colour]=red make a list of
 * values. One level, and "[]" behind it or behind a plain name, which makes a
 * list of a single value too; anything else with a bracket stays as it is
 * named. Refused, with a finding (CONFLICT) for each: a name that is spelt in
 * more than one of these ways. `form` is a map of one of the readers above;
 * the lists and texts in it are shared.
 */
enum status	 node_unfold(struct arena *arena, const struct node *form,
		    struct node **node, struct findings *findings);

/*
 * A NODE_LIST of rows from a CSV file (RFC 4180), each a map of NODE_SCALARs by
 * the names in the first row. What parts the cells is what the first row has
 * first of semicolon, comma and tab; a byte order mark and blank lines are
 * skipped, blanks around a cell that is not quoted too. Empty cells count as
 * absent. Refused, all of it at once, with line and column: invalid UTF-8,
 * control characters, quotes that are not closed or stand in the middle, a
 * column without a name or twice, more or fewer cells than the first row has.
 * `file` as in node_from_yaml(); NODE_CSV_MAX and NODE_CSV_CELLS limit it.
 */
enum status	 node_from_csv(struct arena *arena, const char *file,
		    const char *bytes, size_t len, struct node **node,
		    struct findings *findings);

/* A new node without children. */
struct node	*node_new(struct arena *arena, enum node_kind kind);

/* The child of a map, or NULL; also NULL when `map` is NULL or no map. */
const struct node *node_get(const struct node *map, const char *name);

/* Appends `child` under `name`, which is copied (NULL for lists). */
void		 node_append(struct arena *arena, struct node *parent,
		    const char *name, struct node *child);

/* Writes the tree; NODE_SCALAR is written as a string, NODE_BYTES as null. */
void		 node_to_json(struct json *json, const char *name,
		    const struct node *node);

#endif

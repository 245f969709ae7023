/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Named SQL statements. A queries.sql, or a file of a plugin's queries/ beside
 * it, holds, each after the other:
 *
 *	-- name: claim_create :row
 *	-- What it does, in a sentence or two.
 *	select … where id = :id …;
 *
 * :name becomes a numbered parameter ($1 …; the same name, or "a.b" for a
 * member of an object, the same number). Casts (::type), strings, dollar
 * quotes, quoted identifiers and comments are left alone.
 */
#ifndef CORE_STATEMENT_H
#define CORE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include <stadtkern/arena.h>
#include <stadtkern/finding.h>
#include <stadtkern/status.h>

#define STATEMENT_PARAMETERS_MAX 40

enum statement_kind {
	STATEMENT_ROW,	/* one row, column `body` is the JSON answer (or
			   `problem`, `arguments`); no row: 404 */
	STATEMENT_PAGE,	/* rows with `body` and `position` (text, for the
			   cursor); parameters :after (text) and :limit (int) */
	STATEMENT_BLOB,	/* one row: media_type, content (bytea), and gzip, which
			   may be null: the content packed, and filename: it is
			   to be saved, not shown; none: 404 */
	STATEMENT_DONE,	/* rows are ignored: 204 */
	STATEMENT_CSV,	/* each row is a line of a file: see exchange/csv.h */
};

struct statement {
	struct statement	*next;
	const char		*plugin;	/* "" is the platform */
	const char		*file;		/* as statements_read() got it */
	const char		*name;		/* unique within the plugin */
	const char		*prepared;	/* "<plugin>.<name>" */
	enum statement_kind	 kind;
	const char		*sql;		/* with $1 … */
	const char		*says;
	size_t			 parameter_count;
	const char		*parameters[STATEMENT_PARAMETERS_MAX];
	bool			 once;		/* calls answered(): the route takes
						   an Idempotency-Key */
	unsigned int		 line;
	unsigned int		 index;		/* among all of a registry */
};

/*
 * Reads such a file. `list` gets the statements in order; `file` is kept, not
 * copied. Findings: no
 * name line, unknown kind, a name that occurs twice, an empty statement, more
 * than one statement under a name, unterminated string or comment.
 */
enum status	statements_read(struct arena *arena, const char *plugin,
		    const char *file, const char *sql, size_t len,
		    struct statement **list, struct findings *findings);

#endif

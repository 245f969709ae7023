/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reads queries.sql. The lexical rules are PostgreSQL's (manual, 4.1), with
 * standard_conforming_strings on.
 */

#include <string.h>

#include <stadtkern/buf.h>

#include "core/plugin/statement.h"

#define NAME_LINE	"-- name:"
#define KINDS		":row, :page, :blob, :done or :csv"
#define SQL_MAX		((size_t)1 << 20)

struct reader {
	struct arena		 *arena;
	const char		 *plugin;
	const char		 *file;
	struct findings		 *findings;
	const char		 *at;
	const char		 *end;
	const char		 *line_start;
	unsigned int		  line;
	struct statement	**tail;
	struct statement	 *list;
	struct statement	 *current;	/* NULL before the first name */
	struct buf		  sql;
	struct buf		  says;
	bool			  begun;	/* some SQL was seen */
	bool			  ended;	/* its semicolon was */
	bool			  told;		/* one finding a kind will do */
};

static bool
is_letter(char c)
{
	/* Bytes of UTF-8 beyond ASCII are letters to PostgreSQL. */
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (unsigned char)c >= 0x80);
}

static bool
is_digit(char c)
{
	return (c >= '0' && c <= '9');
}

static bool
is_word(char c)
{
	return (is_letter(c) || is_digit(c));
}

static bool
is_name_start(char c)
{
	return ((c >= 'a' && c <= 'z') || c == '_');
}

static bool
is_name(char c)
{
	return (is_name_start(c) || is_digit(c));
}

static bool
looking_at(const struct reader *r, const char *text)
{
	size_t	len;

	len = strlen(text);
	return ((size_t)(r->end - r->at) >= len &&
	    memcmp(r->at, text, len) == 0);
}

static void
complain_at(struct reader *r, unsigned int line, unsigned int column,
    enum finding_code code, const char *argument)
{
	const char	*name;

	name = r->current == NULL ? "" : r->current->name;
	finding_add(r->findings, *name == '\0' ? "" :
	    arena_format(r->arena, "/%s", name), r->file, line, column, code,
	    argument);
}

static void
complain(struct reader *r, enum finding_code code, const char *argument)
{
	complain_at(r, r->line, (unsigned int)(r->at - r->line_start) + 1,
	    code, argument);
}

/* Passes `len` bytes on to the statement, counting lines. */
static void
pass(struct reader *r, size_t len)
{
	size_t	i;

	buf_add(&r->sql, r->at, len);
	for (i = 0; i < len; i++, r->at++) {
		if (*r->at == '\n') {
			r->line++;
			r->line_start = r->at + 1;
		}
	}
}

static const char *
trim(struct arena *arena, const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	while (len > 0 && strchr(" \t\r\n", *text) != NULL) {
		text++;
		len--;
	}
	return (arena_copy(arena, text, len));
}

/* A page that ignores its limit would answer with the whole table. */
static void
statement_check(struct reader *r)
{
	const struct statement	*statement;
	bool			 after, limit;
	size_t			 i;

	statement = r->current;
	if (*statement->sql == '\0')
		complain_at(r, statement->line, 1, FINDING_REQUIRED, "SQL");
	if (statement->kind != STATEMENT_PAGE)
		return;
	after = limit = false;
	for (i = 0; i < statement->parameter_count; i++) {
		if (strcmp(statement->parameters[i], "after") == 0)
			after = true;
		if (strcmp(statement->parameters[i], "limit") == 0)
			limit = true;
	}
	if (!after || !limit)
		complain_at(r, statement->line, 1, FINDING_REQUIRED,
		    ":after and :limit");
}

static void
statement_finish(struct reader *r)
{
	const char	*text;
	size_t		 len;

	if (r->current == NULL)
		return;
	text = buf_finish(&r->sql, &len);
	r->current->sql = text == NULL ? "" : trim(r->arena, text, len);
	if (text == NULL)
		complain_at(r, r->current->line, 1, FINDING_TOO_LONG, "1048576");
	text = buf_finish(&r->says, &len);
	r->current->says = text == NULL ? "" : trim(r->arena, text, len);
	statement_check(r);
}

static const char *
word_take(struct reader *r, const char **at, const char *end)
{
	const char	*from;

	while (*at < end && (**at == ' ' || **at == '\t'))
		(*at)++;
	from = *at;
	while (*at < end && strchr(" \t\r", **at) == NULL)
		(*at)++;
	return (arena_copy(r->arena, from, (size_t)(*at - from)));
}

static bool
kind_read(const char *text, enum statement_kind *kind)
{
	static const char *const	names[] = {
		[STATEMENT_ROW] = ":row", [STATEMENT_PAGE] = ":page",
		[STATEMENT_BLOB] = ":blob", [STATEMENT_DONE] = ":done",
		[STATEMENT_CSV] = ":csv",
	};
	size_t				i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			*kind = (enum statement_kind)i;
			return (true);
		}
	}
	return (false);
}

static void
name_check(struct reader *r, const char *name)
{
	const struct statement	*other;
	const char		*at;

	for (at = name; is_name(*at); at++)
		continue;
	if (*at != '\0' || !is_name_start(*name))
		complain(r, FINDING_FORMAT,
		    "-- name: lower_case_name " KINDS);
	for (other = r->list; other != NULL; other = other->next) {
		if (other != r->current && strcmp(other->name, name) == 0) {
			complain(r, FINDING_DUPLICATE, arena_format(r->arena,
			    "%u", other->line));
			return;
		}
	}
}

/* "-- name: claim_create :row" begins a statement. */
static void
statement_begin(struct reader *r)
{
	struct statement	*statement;
	const char		*at, *end, *kind;

	statement_finish(r);
	end = memchr(r->at, '\n', (size_t)(r->end - r->at));
	if (end == NULL)
		end = r->end;
	at = r->at + strlen(NAME_LINE);
	statement = arena_alloc(r->arena, sizeof(*statement));
	statement->plugin = r->plugin;
	statement->file = r->file;
	statement->name = word_take(r, &at, end);
	statement->prepared = arena_format(r->arena, "%s.%s", r->plugin,
	    statement->name);
	statement->line = r->line;
	kind = word_take(r, &at, end);
	r->current = *r->tail = statement;
	r->tail = &statement->next;
	name_check(r, statement->name);
	if (!kind_read(kind, &statement->kind) ||
	    *word_take(r, &at, end) != '\0')
		complain(r, FINDING_CHOICE, KINDS);

	r->at = end;
	buf_init(&r->sql, r->arena, SQL_MAX);
	buf_init(&r->says, r->arena, SQL_MAX);
	r->begun = r->ended = r->told = false;
}

/* Comments right below the name say what the statement does. */
static void
comment_line(struct reader *r)
{
	const char	*end;
	size_t		 len;

	end = memchr(r->at, '\n', (size_t)(r->end - r->at));
	len = (size_t)((end == NULL ? r->end : end) - r->at);
	if (r->current == NULL || r->begun) {
		pass(r, len);
		return;
	}
	buf_char(&r->says, ' ');
	buf_text(&r->says, trim(r->arena, r->at + 2, len - 2));
	r->at += len;
}

static void
comment_block(struct reader *r)
{
	unsigned int	depth;

	depth = 0;
	do {
		if (looking_at(r, "/*")) {
			depth++;
			pass(r, 2);
		} else if (looking_at(r, "*/")) {
			depth--;
			pass(r, 2);
		} else if (r->at == r->end) {
			complain(r, FINDING_SYNTAX, "comment is not closed");
			return;
		} else
			pass(r, 1);
	} while (depth > 0);
}

/* A string or a quoted identifier; its quote is doubled to stand for one. */
static void
quoted(struct reader *r, char quote, bool backslash)
{
	pass(r, 1);
	while (r->at < r->end) {
		if (backslash && *r->at == '\\' && r->end - r->at > 1) {
			pass(r, 2);
			continue;
		}
		if (*r->at != quote) {
			pass(r, 1);
			continue;
		}
		if (r->end - r->at == 1 || r->at[1] != quote) {
			pass(r, 1);
			return;
		}
		pass(r, 2);
	}
	complain(r, FINDING_SYNTAX, "string is not closed");
}

/* $$ or $tag$; anything else after a dollar sign is not for queries.sql. */
static void
dollar(struct reader *r)
{
	const char	*at, *close;
	size_t		 len;

	for (at = r->at + 1; at < r->end && is_word(*at); at++)
		continue;
	if (at == r->end || *at != '$' || is_digit(r->at[1])) {
		complain(r, FINDING_SYNTAX,
		    "parameters are written :name, not $1");
		pass(r, 1);
		return;
	}
	len = (size_t)(at - r->at) + 1;
	close = memmem(r->at + len, (size_t)(r->end - r->at) - len, r->at,
	    len);
	if (close == NULL) {
		complain(r, FINDING_SYNTAX, "dollar quote is not closed");
		pass(r, (size_t)(r->end - r->at));
		return;
	}
	pass(r, (size_t)(close - r->at) + len);
}

static size_t
parameter_number(struct reader *r, const char *name)
{
	struct statement	*statement;
	size_t			 i;

	statement = r->current;
	for (i = 0; i < statement->parameter_count; i++) {
		if (strcmp(statement->parameters[i], name) == 0)
			return (i + 1);
	}
	if (i == STATEMENT_PARAMETERS_MAX) {
		if (!r->told)
			complain(r, FINDING_TOO_MANY, arena_format(r->arena,
			    "%d", STATEMENT_PARAMETERS_MAX));
		r->told = true;
		return (i);
	}
	statement->parameters[i] = name;
	return (++statement->parameter_count);
}

static void
parameter(struct reader *r)
{
	const char	*at;

	at = r->at + 1;
	while (at < r->end && (is_name(*at) || (*at == '.' &&
	    r->end - at > 1 && is_name_start(at[1]))))
		at++;
	buf_format(&r->sql, "$%zu", parameter_number(r,
	    arena_copy(r->arena, r->at + 1, (size_t)(at - r->at) - 1)));
	r->at = at;
}

/* An identifier or a keyword, and the string that one may introduce. */
static void
word(struct reader *r)
{
	const char	*from, *at;
	size_t		 len;

	from = r->at;
	while (r->at < r->end && (is_word(*r->at) || *r->at == '$'))
		r->at++;
	len = (size_t)(r->at - from);
	buf_add(&r->sql, from, len);
	if (len == 1 && (*from == 'e' || *from == 'E') && r->at < r->end &&
	    *r->at == '\'') {
		quoted(r, '\'', true);
		return;
	}
	for (at = r->at; at < r->end && strchr(" \t\r\n", *at) != NULL; at++)
		continue;
	if (len == strlen("answered") && strncmp(from, "answered", len) == 0 &&
	    at < r->end && *at == '(')
		r->current->once = true;
}

static void
colon(struct reader *r)
{
	if (looking_at(r, "::") || looking_at(r, ":="))
		pass(r, 2);
	else if (r->end - r->at > 1 && is_name_start(r->at[1]))
		parameter(r);
	else
		pass(r, 1);
}

/* One token that is neither blank nor a comment. */
static void
token(struct reader *r)
{
	if (r->current == NULL || r->ended) {
		if (!r->told)
			complain(r, FINDING_SYNTAX, r->current == NULL ?
			    "expected is a line -- name: … :row" :
			    "more than one statement under a name");
		r->told = true;
		if (r->current == NULL) {
			r->at++;
			return;
		}
	}
	r->begun = true;
	if (*r->at == ';') {
		r->ended = true;
		r->at++;
	} else if (*r->at == '\'' || *r->at == '"')
		quoted(r, *r->at, false);
	else if (*r->at == '$')
		dollar(r);
	else if (*r->at == ':')
		colon(r);
	else if (is_letter(*r->at))
		word(r);
	else if (is_digit(*r->at)) {
		do {
			pass(r, 1);
		} while (r->at < r->end && is_word(*r->at));
	} else
		pass(r, 1);
}

enum status
statements_read(struct arena *arena, const char *plugin, const char *file,
    const char *sql, size_t len, struct statement **list,
    struct findings *findings)
{
	struct reader	r = { .arena = arena, .plugin = plugin, .file = file,
			    .findings = findings, .at = sql,
			    .end = sql + len, .line_start = sql, .line = 1 };
	size_t		before;

	before = findings->count;
	r.tail = &r.list;
	buf_init(&r.sql, arena, SQL_MAX);
	buf_init(&r.says, arena, SQL_MAX);
	while (r.at < r.end) {
		if (r.at == r.line_start && looking_at(&r, NAME_LINE))
			statement_begin(&r);
		else if (looking_at(&r, "--"))
			comment_line(&r);
		else if (looking_at(&r, "/*"))
			comment_block(&r);
		else if (*r.at == '\0') {
			complain(&r, FINDING_CONTROL, NULL);
			break;
		} else if (strchr(" \t\r\n\f\v", *r.at) != NULL)
			pass(&r, 1);
		else
			token(&r);
	}
	statement_finish(&r);
	*list = r.list;
	return (findings->count == before ? STATUS_OK : STATUS_INVALID);
}

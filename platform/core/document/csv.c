/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV (RFC 4180) into nodes that know their line and column. */

#include <stdint.h>
#include <string.h>

#include <stadtkern/buf.h>
#include <stadtkern/node.h>

#include "core/document/pointer.h"
#include "core/document/utf8.h"

struct cell {
	const char	*text;		/* NULL: empty */
	unsigned int	 line;
	unsigned int	 column;
};

struct csv {
	struct arena	*arena;
	struct findings	*findings;
	const char	*file;
	const char	*at;
	const char	*end;
	char		 separator;
	unsigned int	 line;
	unsigned int	 column;
	size_t		 count;			/* cells of this row */
	struct cell	 cells[NODE_CSV_CELLS];
	struct buf	 buf;			/* of the cell being read */
	struct node	**tail;			/* where the next row goes */
	bool		 broken;
};

static void
csv_fail(struct csv *csv, unsigned int line, unsigned int column,
    enum finding_code code, const char *argument)
{
	csv->broken = true;
	finding_add(csv->findings, "", csv->file, line, column, code,
	    argument);
}

static bool
csv_line_ends(const struct csv *csv)
{
	return (csv->at == csv->end || *csv->at == '\n' ||
	    (*csv->at == '\r' && csv->at + 1 < csv->end &&
	    csv->at[1] == '\n'));
}

/* One character into the cell; false when the file cannot go on. */
static bool
csv_take(struct csv *csv)
{
	const char	*from;
	int32_t		 code;

	from = csv->at;
	code = utf8_next(&csv->at, csv->end);
	if (code == UTF8_INVALID) {
		csv_fail(csv, csv->line, csv->column, FINDING_ENCODING, "");
		return (false);
	}
	if ((code < ' ' && code != '\t' && code != '\n' && code != '\r') ||
	    code == 0x7f) {
		csv_fail(csv, csv->line, csv->column, FINDING_CONTROL, "");
		return (false);
	}
	if (code == '\n') {
		csv->line++;
		csv->column = 1;
	} else
		csv->column++;
	buf_add(&csv->buf, from, (size_t)(csv->at - from));

	return (true);
}

static bool
csv_quoted(struct csv *csv)
{
	unsigned int	 line, column;

	line = csv->line;
	column = csv->column++;
	csv->at++;
	while (csv->at < csv->end) {
		if (*csv->at != '"') {
			if (!csv_take(csv))
				return (false);
			continue;
		}
		csv->at++;
		csv->column++;
		if (csv->at == csv->end || *csv->at != '"')
			return (true);
		buf_char(&csv->buf, '"');
		csv->at++;
		csv->column++;
	}
	csv_fail(csv, line, column, FINDING_SYNTAX,
	    "a quote that is not closed");

	return (false);
}

static void
csv_blanks(struct csv *csv)
{
	while (csv->at < csv->end && *csv->at == ' ') {
		csv->at++;
		csv->column++;
	}
}

/* The next cell of the row; false when the file cannot go on. */
static bool
csv_cell(struct csv *csv, struct cell *cell)
{
	char		*text;
	size_t		 len;

	csv_blanks(csv);
	cell->line = csv->line;
	cell->column = csv->column;
	csv->buf.len = 0;
	if (csv->at < csv->end && *csv->at == '"') {
		if (!csv_quoted(csv))
			return (false);
		csv_blanks(csv);
		if (!csv_line_ends(csv) && *csv->at != csv->separator) {
			csv_fail(csv, csv->line, csv->column, FINDING_SYNTAX,
			    "something behind a closing quote");
			return (false);
		}
		text = buf_finish(&csv->buf, &len);
	} else {
		while (!csv_line_ends(csv) && *csv->at != csv->separator) {
			if (*csv->at == '"') {
				csv_fail(csv, csv->line, csv->column,
				    FINDING_SYNTAX, "a quote inside a cell");
				return (false);
			}
			if (!csv_take(csv))
				return (false);
		}
		text = buf_finish(&csv->buf, &len);
		while (len > 0 && text[len - 1] == ' ')
			text[--len] = '\0';
	}
	cell->text = len == 0 ? NULL : arena_copy(csv->arena, text, len);

	return (true);
}

/* A row into csv->cells; false when there is none any more. */
static bool
csv_row(struct csv *csv)
{
	struct cell	 cell;

	csv->count = 0;
	if (csv->at == csv->end)
		return (false);
	for (;;) {
		if (!csv_cell(csv, &cell))
			return (false);
		if (csv->count == NODE_CSV_CELLS) {
			csv_fail(csv, cell.line, cell.column,
			    FINDING_TOO_MANY, arena_format(csv->arena, "%d",
			    NODE_CSV_CELLS));
			return (false);
		}
		csv->cells[csv->count++] = cell;
		if (csv_line_ends(csv))
			break;
		csv->at++;
		csv->column++;
	}
	if (csv->at < csv->end && *csv->at == '\r')
		csv->at++;
	if (csv->at < csv->end)
		csv->at++;
	csv->line++;
	csv->column = 1;

	return (true);
}

/* The first of the three outside of quotes in the first line. */
static char
csv_separator(const struct csv *csv)
{
	const char	*at;
	bool		 quoted;

	quoted = false;
	for (at = csv->at; at < csv->end && (quoted || *at != '\n'); at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (!quoted && (*at == ';' || *at == ',' || *at == '\t'))
			return (*at);
	}

	return (';');
}

static bool
csv_is_blank(const struct csv *csv)
{
	return (csv->count == 1 && csv->cells[0].text == NULL);
}

static void
csv_head(struct csv *csv, const struct cell *names, size_t count)
{
	size_t	i, j;

	for (i = 0; i < count; i++) {
		if (names[i].text == NULL) {
			csv_fail(csv, names[i].line, names[i].column,
			    FINDING_REQUIRED, "a column's name");
			continue;
		}
		for (j = 0; j < i; j++) {
			if (names[j].text != NULL &&
			    strcmp(names[j].text, names[i].text) == 0)
				csv_fail(csv, names[i].line, names[i].column,
				    FINDING_DUPLICATE, "");
		}
	}
}

static void
csv_append(struct csv *csv, struct node *list, const struct cell *names,
    size_t count)
{
	struct node	*row, *value;
	size_t		 i;

	if (csv->count != count) {
		csv_fail(csv, csv->cells[0].line, csv->cells[0].column,
		    csv->count < count ? FINDING_TOO_FEW : FINDING_TOO_MANY,
		    arena_format(csv->arena, "%zu", count));
		return;
	}
	row = node_new(csv->arena, NODE_MAP);
	row->file = csv->file;
	row->line = csv->cells[0].line;
	row->column = csv->cells[0].column;
	*csv->tail = row;	/* node_append() would walk to the end */
	csv->tail = &row->next;
	list->count++;
	for (i = 0; i < count; i++) {
		if (csv->cells[i].text == NULL || names[i].text == NULL)
			continue;
		value = node_new(csv->arena, NODE_SCALAR);
		value->text = csv->cells[i].text;
		value->file = csv->file;
		value->line = value->name_line = csv->cells[i].line;
		value->column = value->name_column = csv->cells[i].column;
		node_append(csv->arena, row, names[i].text, value);
	}
}

enum status
node_from_csv(struct arena *arena, const char *file, const char *bytes,
    size_t len, struct node **node, struct findings *findings)
{
	struct csv	 csv = { .arena = arena, .findings = findings,
			    .file = file, .line = 1, .column = 1 };
	struct cell	*names;
	struct node	*list;
	size_t		 count;

	*node = NULL;
	csv.at = bytes;
	csv.end = bytes + len;
	buf_init(&csv.buf, arena, NODE_CSV_MAX);
	if (len > NODE_CSV_MAX) {
		csv_fail(&csv, 0, 0, FINDING_TOO_LONG,
		    arena_format(arena, "%u", NODE_CSV_MAX));
		return (STATUS_INVALID);
	}
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		csv.at += 3;
	csv.separator = csv_separator(&csv);
	if (!csv_row(&csv)) {
		if (!csv.broken)
			csv_fail(&csv, 1, 1, FINDING_REQUIRED, "a first row");
		return (STATUS_INVALID);
	}
	count = csv.count;
	names = arena_copy(arena, csv.cells, count * sizeof(*names));
	csv_head(&csv, names, count);
	list = node_new(arena, NODE_LIST);
	list->file = file;
	csv.tail = &list->first;
	while (csv_row(&csv)) {
		if (!csv_is_blank(&csv))
			csv_append(&csv, list, names, count);
	}
	if (csv.broken)
		return (STATUS_INVALID);
	*node = list;

	return (STATUS_OK);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows as lines of a CSV file. */

#include <string.h>

#include "core/exchange/csv.h"
#include "core/log.h"

#define MARK		"\xef\xbb\xbf"	/* or Excel reads Windows-1252 */
#define SEPARATOR	';'
#define LINE_END	"\r\n"
#define NUMBER_MAX	64
#define CODE_MAX	40

/* What the boxes of a row were, as several columns come from one. */
struct opened {
	struct bytes		 box;
	const struct node	*node;
};

void
csv_text(struct buf *buf, const char *text, size_t len)
{
	const char	*at, *quote;
	bool		 formula;

	if (len == 0)
		return;
	formula = strchr("=+-@\t\r\n", *text) != NULL && *text != '\0';
	for (at = text; at < text + len &&
	    strchr(";\"\r\n\t", *at) == NULL; at++)
		continue;
	if (at == text + len && *text != ' ' && text[len - 1] != ' ') {
		if (formula)
			buf_char(buf, '\'');
		buf_add(buf, text, len);
		return;
	}
	buf_char(buf, '"');
	if (formula)
		buf_char(buf, '\'');
	for (at = text; (quote = memchr(at, '"',
	    len - (size_t)(at - text))) != NULL; at = quote + 1) {
		buf_add(buf, at, (size_t)(quote - at) + 1);
		buf_char(buf, '"');
	}
	buf_add(buf, at, len - (size_t)(at - text));
	buf_char(buf, '"');
}

/* PostgreSQL's text of a number, but "NaN" and "Infinity", which are none. */
static void
csv_number(struct buf *buf, const char *text, size_t len)
{
	char	number[NUMBER_MAX], *point;

	if (len >= sizeof(number) || text[strspn(text, "0123456789.-+e")] !=
	    '\0') {
		csv_text(buf, text, len);
		return;
	}
	(void)memcpy(number, text, len);
	number[len] = '\0';
	if ((point = strchr(number, '.')) != NULL)
		*point = ',';
	buf_add(buf, number, len);
}

static void
csv_logical(struct exchange *x, struct buf *buf, bool its)
{
	const char	*text;

	text = registry_message(x->registry, x->loaded, x->language,
	    its ? "csv.true" : "csv.false");
	csv_text(buf, text, strlen(text));
}

/* What a code means, where the plugin has a text for it. */
static const char *
csv_code(struct exchange *x, struct arena *arena,
    const struct row_column *column)
{
	if (column->len > CODE_MAX ||
	    column->at[strspn(column->at, "abcdefghijklmnopqrstuvwxyz"
	    "0123456789-_")] != '\0')
		return (NULL);
	return (registry_message(x->registry, x->loaded, x->language,
	    arena_format(arena, "csv_code.%s.%s", column->name, column->at)));
}

static void
csv_node(struct exchange *x, struct buf *buf, const struct node *node)
{
	const char	*text;

	if (node == NULL)
		return;
	switch (node->kind) {
	case NODE_BOOL:
		csv_logical(x, buf, node->boolean);
		break;
	case NODE_INT:
		buf_format(buf, "%lld", (long long)node->integer);
		break;
	case NODE_NUMBER:
		text = arena_format(buf->arena, "%.10g", node->number);
		csv_number(buf, text, strlen(text));
		break;
	case NODE_TEXT:
		csv_text(buf, node->text, strlen(node->text));
		break;
	default:
		break;
	}
}

static enum status
csv_open(struct exchange *x, struct arena *arena, struct bytes box,
    struct opened *opened)
{
	struct findings	 ignored;
	struct bytes	 text;
	struct node	*node;

	if (opened->node != NULL && opened->box.len == box.len &&
	    memcmp(opened->box.at, box.at, box.len) == 0)
		return (STATUS_OK);
	findings_init(&ignored, arena);
	if (x->route->access.kind != ACCESS_OFFICE ||
	    !x->tenant->has_secret_key ||
	    crypto_open(arena, x->tenant->public_key, x->tenant->secret_key,
	    box, &text) != STATUS_OK || node_from_json(arena,
	    (const char *)text.at, text.len, &node, &ignored) != STATUS_OK) {
		log_event(LOG_LEVEL_ERROR, "sealed data cannot be opened",
		    "tenant=%s", x->tenant->slug);
		return (STATUS_CRYPTO);
	}
	opened->box = box;
	opened->node = node;
	return (STATUS_OK);
}

static enum status
csv_cell(struct exchange *x, const struct row_column *column,
    struct buf *buf, struct opened *opened)
{
	const struct bytes	 box = { (const unsigned char *)column->at,
				    column->len };
	const char		*member, *text;

	if (column->at == NULL)
		return (STATUS_OK);
	if (column->binary) {
		if ((member = strchr(column->name, '.')) == NULL)
			return (STATUS_CRYPTO);
		if (csv_open(x, buf->arena, box, opened) != STATUS_OK)
			return (STATUS_CRYPTO);
		csv_node(x, buf, node_get(opened->node, member + 1));
	} else if (column->number)
		csv_number(buf, column->at, column->len);
	else if (column->logical)
		csv_logical(x, buf, *column->at == 't');
	else if ((text = csv_code(x, buf->arena, column)) != NULL)
		csv_text(buf, text, strlen(text));
	else
		csv_text(buf, column->at, column->len);
	return (STATUS_OK);
}

enum status
csv_head(struct exchange *x, const struct row *row, struct buf *buf)
{
	const char	*text;
	size_t		 i;

	buf_text(buf, MARK);
	for (i = 0; i < row->count; i++) {
		text = registry_message(x->registry, x->loaded, x->language,
		    arena_format(buf->arena, "csv.%s", row->columns[i].name));
		if (text == NULL) {
			log_event(LOG_LEVEL_ERROR, "column without a text",
			    "route=\"%s\" text=\"csv.%s\"", x->route->path,
			    row->columns[i].name);
			return (STATUS_NOT_FOUND);
		}
		if (i != 0)
			buf_char(buf, SEPARATOR);
		csv_text(buf, text, strlen(text));
	}
	buf_text(buf, LINE_END);
	return (STATUS_OK);
}

enum status
csv_row(struct exchange *x, const struct row *row, struct buf *buf)
{
	struct opened	opened = { { NULL, 0 }, NULL };
	size_t		i;

	for (i = 0; i < row->count; i++) {
		if (i != 0)
			buf_char(buf, SEPARATOR);
		if (csv_cell(x, &row->columns[i], buf, &opened) != STATUS_OK)
			return (STATUS_CRYPTO);
	}
	buf_text(buf, LINE_END);
	return (buf->status);
}

const char *
csv_name(struct exchange *x)
{
	const char	*name;
	size_t		 len;

	name = strrchr(x->route->path, '/') + 1;
	len = strlen(name);
	if (len > 4 && strcmp(name + len - 4, ".csv") == 0)
		len -= 4;
	return (arena_format(x->arena, "%s-%.*s.csv", x->tenant->slug,
	    (int)len, name));
}

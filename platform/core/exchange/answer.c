/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows and refusals become answers. */

#include <string.h>

#include "core/document/percent.h"
#include "core/exchange/exchange.h"
#include "core/log.h"

#define ANSWER_MAX	(32u << 20)

static const struct row_column *
row_column(const struct row *row, const char *name)
{
	size_t	i;

	for (i = 0; row != NULL && i < row->count; i++) {
		if (strcmp(row->columns[i].name, name) == 0)
			return (&row->columns[i]);
	}
	return (NULL);
}

const char *
row_text(const struct row *row, const char *name)
{
	const struct row_column	*column;

	column = row_column(row, name);
	return (column == NULL ? NULL : column->at);
}

struct bytes
row_bytes(const struct row *row, const char *name)
{
	const struct row_column	*column;
	struct bytes		 bytes = { NULL, 0 };

	column = row_column(row, name);
	if (column != NULL && column->at != NULL) {
		bytes.at = (const unsigned char *)column->at;
		bytes.len = column->len;
	}
	return (bytes);
}

static void
problem_errors(struct exchange *x, struct json *json)
{
	const struct finding	*finding;

	if (x->findings.first == NULL)
		return;
	json_open_array(json, "errors");
	for (finding = x->findings.first; finding != NULL;
	    finding = finding->next) {
		json_open_object(json, NULL);
		json_text(json, "pointer", finding->pointer);
		json_text(json, "code", finding_code_text(finding->code));
		json_text(json, "message",
		    finding_message(x->arena, finding, x->language));
		json_close(json);
	}
	json_close(json);
}

/* Members that RFC 9457 and we give a meaning; arguments add others. */
static bool
problem_reserved(const char *name)
{
	static const char *const	 names[] = { "type", "title", "status",
					    "detail", "instance", "code",
					    "errors" };
	size_t				 i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0)
			return (true);
	}
	return (false);
}

static void
problem_write(struct exchange *x, int status, const char *code,
    const char *title, const struct node *map)
{
	const struct node	*child;
	struct json		 json;

	json_init(&json, x->arena, ANSWER_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "type", arena_format(x->arena, "/problems/%s", code));
	json_text(&json, "title", title);
	json_int(&json, "status", status);
	json_text(&json, "code", code);
	for (child = map == NULL ? NULL : map->first; child != NULL;
	    child = child->next) {
		if (!problem_reserved(child->name))
			node_to_json(&json, child->name, child);
	}
	problem_errors(x, &json);
	json_close(&json);
	x->status = status;
	x->media_type = "application/problem+json";
	x->answer_len = 0;
	x->answer = json_finish(&json, &x->answer_len);
}

/* A mount may say it in its standard's form. */
static bool
problem_refuse(struct exchange *x, int status, const char *code,
    const char *title)
{
	const struct mount	*mount;
	const struct refusal	 refusal = {
		.status = status, .code = code, .title = title,
		.findings = x->findings.first
	};

	mount = x->match == NULL ? NULL : x->match->mount;
	if (mount == NULL || mount->refuse == NULL || x->refusing)
		return (false);
	x->status = 0;
	x->refusing = true;
	if (mount->refuse(x, &refusal) != STATUS_OK)
		x->status = 0;
	x->refusing = false;
	return (x->status >= 400);
}

void
exchange_problem(struct exchange *x, int status, const char *code,
    const char *arguments)
{
	struct findings	 ignored;
	struct node	*map;
	const char	*title;

	map = NULL;
	findings_init(&ignored, x->arena);
	if (arguments != NULL)
		(void)node_from_json(x->arena, arguments, strlen(arguments),
		    &map, &ignored);
	if (map != NULL && map->kind != NODE_MAP)
		map = NULL;
	title = registry_message(x->registry, x->loaded, x->language,
	    arena_format(x->arena, "problem.%s", code));
	title = title == NULL ? code : message_fill(x->arena, title, map);
	x->code = arena_text(x->arena, code);
	if (!problem_refuse(x, status, code, title))
		problem_write(x, status, code, title, map);
}

const char *
exchange_open(struct exchange *x, const struct row *row, const char *body)
{
	const struct row_column	*column;
	struct bytes		 text;
	struct buf		 buf;
	size_t			 i, len;

	len = strlen(body);
	if (x->route->access.kind != ACCESS_OFFICE || len < 2 ||
	    body[len - 1] != '}')
		return (body);
	buf_init(&buf, x->arena, ANSWER_MAX);
	buf_add(&buf, body, len - 1);
	for (i = 0; i < row->count; i++) {
		column = &row->columns[i];
		if (!column->binary || column->at == NULL)
			continue;
		if (x->route->reads == NULL) {
			log_event(LOG_LEVEL_ERROR, "a route opens sealed data "
			    "without .reads", "statement=\"%s\"",
			    x->route->run);
			return (NULL);
		}
		if (exchange_unseal(x, row_bytes(row, column->name), &text) !=
		    STATUS_OK) {
			log_event(LOG_LEVEL_ERROR, "sealed data cannot be "
			    "opened", "tenant=%s", x->tenant->slug);
			return (NULL);
		}
		buf_format(&buf, "%s\"%s\":", buf.len > 1 ? "," : "",
		    column->name);
		buf_add(&buf, text.at, text.len);
	}
	buf_char(&buf, '}');
	return (buf_finish(&buf, NULL));
}

/* A hook that fails or says nothing is no answer. */
static void
answer_hook(struct exchange *x, const struct row *row)
{
	enum status	status;

	status = x->route->answer(x, row);
	if (x->status == 0 || (status != STATUS_OK && x->status < 400))
		exchange_problem(x, 500, "internal", NULL);
}

static void
answer_row(struct exchange *x, const struct row *row)
{
	const char	*body;

	if (x->route->answer != NULL) {
		answer_hook(x, row);
		return;
	}
	if ((body = row_text(row, "body")) == NULL) {
		(void)exchange_answer(x, 204, NULL, NULL, 0);
		return;
	}
	if ((body = exchange_open(x, row, body)) == NULL) {
		exchange_problem(x, 500, "internal", NULL);
		return;
	}
	(void)exchange_answer(x, x->route->created ? 201 : 200,
	    x->route->media_type == NULL ? "application/json" :
	    x->route->media_type, body, strlen(body));
}

static void
answer_blob(struct exchange *x, const struct row *row)
{
	struct bytes	 content;
	const char	*type;

	content = row_bytes(row, "content");
	if (content.at == NULL) {
		exchange_problem(x, 404, "not-found", NULL);
		return;
	}
	x->gzip = row_bytes(row, "gzip");
	if (row_text(row, "filename") != NULL)
		exchange_add_header(x, "content-disposition",
		    arena_format(x->arena, "attachment; filename*=UTF-8''%s",
		    percent_write(x->arena, row_text(row, "filename"))));
	type = row_text(row, "media_type");
	(void)exchange_answer(x, 200, type == NULL ?
	    "application/octet-stream" : type, (const char *)content.at,
	    content.len);
}

void
exchange_plain(struct exchange *x)
{
	if (x->route->answer == NULL)
		exchange_problem(x, 500, "internal", NULL);
	else
		answer_hook(x, NULL);
}

void
exchange_rows(struct exchange *x, const struct statement *statement,
    const struct row *rows, size_t count)
{
	const char	*problem;

	if (count != 0 &&
	    (problem = row_text(&rows[0], "problem")) != NULL) {
		(void)exchange_refuse(x, problem,
		    row_text(&rows[0], "arguments"));
		return;
	}
	switch (statement->kind) {
	case STATEMENT_PAGE:
		exchange_page(x, rows, count);
		break;
	case STATEMENT_DONE:
		if (x->route->answer != NULL)
			answer_row(x, NULL);
		else
			(void)exchange_answer(x, 204, NULL, NULL, 0);
		break;
	case STATEMENT_ROW:
		if (count == 0)
			exchange_problem(x, 404, "not-found", NULL);
		else
			answer_row(x, &rows[0]);
		break;
	case STATEMENT_BLOB:
		if (count == 0)
			exchange_problem(x, 404, "not-found", NULL);
		else
			answer_blob(x, &rows[0]);
		break;
	case STATEMENT_CSV:	/* its rows go another way: csv.h */
		exchange_problem(x, 500, "internal", NULL);
		break;
	}
}

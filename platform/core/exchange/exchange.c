/* SPDX-License-Identifier: EUPL-1.2 */
/* An exchange as hooks see it, and how its input is read. */

#include <string.h>

#include "core/exchange/cookie.h"
#include "core/exchange/cursor.h"
#include "core/exchange/exchange.h"
#include "core/field/field_walk.h"
#include "core/log.h"
#include "core/plugin/mount.h"
#include "core/plugin/page.h"

#define PAGE_DEFAULT	50		/* items */
#define PAGE_MAX	(16u << 20)	/* bytes */

struct arena *
exchange_arena(struct exchange *x)
{
	return (x->arena);
}

const struct tenant *
exchange_tenant(const struct exchange *x)
{
	return (x->tenant);
}

const void *
exchange_settings(const struct exchange *x)
{
	return (x->tenant->settings[x->loaded->index]);
}

void *
exchange_body(struct exchange *x)
{
	return (x->body.data);
}

void *
exchange_query(struct exchange *x)
{
	return (x->query.data);
}

void *
exchange_path(struct exchange *x)
{
	return (x->path.data);
}

const char *
exchange_path_text(const struct exchange *x, const char *name)
{
	size_t	i;

	for (i = 0; i < x->match->count; i++) {
		if (strcmp(x->match->names[i], name) == 0)
			return (x->match->values[i]);
	}
	return (NULL);
}

bool
exchange_has(const struct exchange *x, const char *name)
{
	return (field_present(&x->body, name));
}

const char *
exchange_format(const struct exchange *x)
{
	return (x->match->format);
}

const char *
exchange_origin(struct exchange *x)
{
	return (tenant_origin(x->arena, x->tenant, x->url));
}

const char *
exchange_language(const struct exchange *x)
{
	return (x->language);
}

const char *
exchange_header(const struct exchange *x, const char *name)
{
	return (x->header(x, name));
}

struct bytes
exchange_content(const struct exchange *x)
{
	return (x->content);
}

const char *
exchange_content_type(const struct exchange *x)
{
	return (x->content_type);
}

const char *
exchange_cookie(struct exchange *x, const char *name)
{
	return (cookie_token(x->arena, exchange_header(x, "cookie"), name));
}

struct bytes
exchange_hash(struct exchange *x, enum hash_purpose purpose, const char *text)
{
	struct bytes	 bytes;
	unsigned char	*hash;

	hash = arena_alloc(x->arena, CRYPTO_HASH_LEN);
	crypto_digest(x->keys, purpose, x->tenant->id, text, strlen(text),
	    hash);
	bytes.at = hash;
	bytes.len = CRYPTO_HASH_LEN;
	return (bytes);
}

void
exchange_finding(struct exchange *x, const char *pointer,
    enum finding_code code, const char *argument)
{
	finding_add(&x->findings, pointer, NULL, 0, 0, code, argument);
}

static bool
is_line(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return (false);
	}
	return (true);
}

void
exchange_add_header(struct exchange *x, const char *name, const char *value)
{
	/* A line break in a value would begin a header of somebody else's. */
	if (x->header_count == EXCHANGE_HEADERS_MAX || value == NULL ||
	    !is_line(name) || !is_line(value)) {
		log_event(LOG_LEVEL_ERROR, "header cannot be sent",
		    "route=\"%s\"", x->route == NULL ? "" : x->route->path);
		return;
	}
	x->headers[x->header_count].name = name;
	x->headers[x->header_count].value = value;
	x->header_count++;
}

enum status
exchange_answer(struct exchange *x, int status, const char *media_type,
    const char *bytes, size_t len)
{
	/* A builder that overflowed; or a type that is none. */
	if (media_type != NULL && (bytes == NULL || !is_line(media_type))) {
		exchange_problem(x, 500, "internal", NULL);
		return (STATUS_LIMIT);
	}
	x->status = status;
	x->media_type = media_type;
	x->answer = bytes;
	x->answer_len = len;
	return (STATUS_OK);
}

static const struct problem *
problem_find(const struct problem *problems, const char *code)
{
	for (; problems != NULL && problems->code != NULL; problems++) {
		if (strcmp(problems->code, code) == 0)
			return (problems);
	}
	return (NULL);
}

/* Who is told to wait is told how long: the argument `seconds`. */
static void
retry_after(struct exchange *x, const char *arguments)
{
	const struct node	*seconds;
	struct findings		 ignored;
	struct node		*map;

	findings_init(&ignored, x->arena);
	if (arguments == NULL || node_from_json(x->arena, arguments,
	    strlen(arguments), &map, &ignored) != STATUS_OK ||
	    (seconds = node_get(map, "seconds")) == NULL ||
	    seconds->kind != NODE_INT)
		return;
	exchange_add_header(x, "retry-after", arena_format(x->arena, "%lld",
	    (long long)seconds->integer));
}

enum status
exchange_refuse(struct exchange *x, const char *code, const char *arguments)
{
	const struct problem	*problem;

	if (code == NULL)
		code = "internal";
	problem = problem_find(x->loaded->plugin->problems, code);
	if (problem == NULL)
		problem = problem_find(base_plugin.problems, code);
	if (problem != NULL && problem->status == 429)
		retry_after(x, arguments);
	/* An undeclared code is the plugin's mistake, never the caller's. */
	exchange_problem(x, problem == NULL ? 500 : problem->status,
	    problem == NULL ? "internal" : code,
	    problem == NULL ? NULL : arguments);
	return (STATUS_REFUSED);
}

static enum status
refuse(struct exchange *x, int status, const char *code)
{
	exchange_problem(x, status, code, NULL);
	return (STATUS_INVALID);
}

static enum status
seal(void *arg, struct arena *arena, const char *text, size_t len,
    struct bytes *box)
{
	const struct tenant	*tenant;

	tenant = arg;
	return (crypto_seal(arena, tenant->public_key, text, len, box));
}

enum status
exchange_seal(struct exchange *x, const char *json, size_t len,
    struct bytes *box)
{
	return (seal(x->tenant, x->arena, json, len, box));
}

enum status
exchange_unseal(struct exchange *x, struct bytes box, struct bytes *text)
{
	if (!x->tenant->has_secret_key)
		return (STATUS_CRYPTO);
	return (crypto_open(x->arena, x->tenant->public_key,
	    x->tenant->secret_key, box, text));
}

enum status
exchange_seal_mail(struct exchange *x, const char *json, size_t len,
    struct bytes *box)
{
	return (crypto_seal(x->arena, x->keys->courier_public, json, len,
	    box));
}

enum status
exchange_letter(struct exchange *x, const char *contact,
    const char *arguments, struct bytes *box)
{
	const struct node	*email;
	struct json		 json;
	const char		*text;
	size_t			 len;

	*box = (struct bytes){ NULL, 0 };
	email = node_get(node_get(x->body.node, contact), "email");
	if (email == NULL || email->text == NULL)
		return (STATUS_OK);
	json_init(&json, x->arena, EXCHANGE_BODY_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "to", email->text);
	if (arguments != NULL)
		json_raw(&json, "arguments", arguments, strlen(arguments));
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);
	return (exchange_seal_mail(x, text, len, box));
}

const char *
exchange_text(struct exchange *x, const char *key, const char *arguments)
{
	struct findings	 ignored;
	struct node	*map;
	const char	*text;

	text = registry_message(x->registry, x->loaded, x->language, key);
	if (text == NULL)
		return (NULL);
	map = NULL;
	findings_init(&ignored, x->arena);
	if (arguments != NULL)
		(void)node_from_json(x->arena, arguments, strlen(arguments),
		    &map, &ignored);
	return (message_fill(x->arena, text, map));
}

const char *
exchange_token(struct exchange *x)
{
	return (crypto_token(x->arena));
}

struct bytes
exchange_token_hash(struct exchange *x, const char *token)
{
	return (exchange_hash(x, HASH_LINK, token));
}

static void
exchange_context(struct exchange *x, struct field_context *ctx)
{
	ctx->arena = x->arena;
	ctx->findings = &x->findings;
	ctx->seal = seal;
	ctx->seal_arg = x->tenant;
}

/* A path that cannot be names nothing: 404 rather than 422. */
static enum status
read_path(struct exchange *x, const struct field_context *ctx)
{
	const struct router_match	*match;
	struct node			*map, *value;
	size_t				 i;

	match = x->match;
	if (x->route->path_fields == NULL) {
		for (i = 0; i < match->count; i++) {
			if (!field_format_fits(FIELD_FORMAT_UUID,
			    match->values[i]))
				return (refuse(x, 404, "not-found"));
		}
		return (STATUS_OK);
	}
	map = node_new(x->arena, NODE_MAP);
	for (i = 0; i < match->count; i++) {
		value = node_new(x->arena, NODE_SCALAR);
		value->text = match->values[i];
		node_append(x->arena, map, match->names[i], value);
	}
	if (field_check(ctx, x->route->path_fields, map, "", &x->path) !=
	    STATUS_OK) {
		findings_init(&x->findings, x->arena);
		return (refuse(x, 404, "not-found"));
	}
	return (STATUS_OK);
}

/* Takes the child `name` out of a map, so that the table need not know it. */
static struct node *
node_take(struct node *map, const char *name)
{
	struct node	**at, *node;

	for (at = &map->first; (node = *at) != NULL; at = &node->next) {
		if (strcmp(node->name, name) != 0)
			continue;
		*at = node->next;
		map->count--;
		node->next = NULL;	/* it goes into another map */
		return (node);
	}
	return (NULL);
}

/* A cursor of one list is none in another. */
static const char *
cursor_list(const struct exchange *x)
{
	return (arena_format(x->arena, "%s%s", x->loaded->plugin->name,
	    x->route->path));
}

static void
read_page(struct exchange *x, const struct field_context *ctx,
    struct node *query)
{
	const struct page	*page;
	struct values		 values;
	struct node		*map, *node;
	size_t			 i;

	map = node_new(x->arena, NODE_MAP);
	for (i = 0; page_fields[i].type != FIELD_TYPE_END; i++) {
		if ((node = node_take(query, page_fields[i].name)) != NULL)
			node_append(x->arena, map, node->name, node);
	}
	(void)field_check(ctx, page_fields, map, "", &values);
	page = values.data;
	x->limit = page->limit;
	if (page->cursor != NULL &&
	    (x->after = cursor_read(x->arena, x->keys, x->tenant->id,
	    cursor_list(x), page->cursor)) == NULL)
		exchange_finding(x, "/cursor", FINDING_FORMAT,
		    "`next` of the page before");
}

/*
 * Leaves what the table knows: a mount's standard lets others send more. What
 * is not read from input is not known either.
 */
static void
node_keep(struct node *map, const struct field *fields)
{
	const struct field	*field;
	struct node		**at, *node;

	for (at = &map->first; (node = *at) != NULL;) {
		field = field_find(fields, node->name);
		if (field != NULL && strchr(node->name, '.') == NULL &&
		    field_is_input(field)) {
			at = &node->next;
			continue;
		}
		*at = node->next;
		map->count--;
	}
}

static void
read_query(struct exchange *x, const struct field_context *ctx)
{
	static const struct field	 none[] = { FIELD_END };
	const struct field		*fields;

	fields = x->route->query == NULL ? none : x->route->query;
	if (x->match->run != NULL && x->match->run->kind == STATEMENT_PAGE)
		read_page(x, ctx, x->query_node);
	if (x->match->mount != NULL)
		node_keep(x->query_node, fields);
	(void)field_check(ctx, fields, x->query_node, "", &x->query);
}

static bool
accepts(const char *list, const char *type)
{
	return (type != NULL && mount_list_has(list, type, strlen(type)));
}

static bool
is_too_large(const struct exchange *x)
{
	return (x->content.len > (x->route->limit == 0 ? EXCHANGE_BODY_MAX :
	    x->route->limit));
}

static enum status
parse_form(struct exchange *x)
{
	const char	*bytes;
	struct node	*flat;
	enum status	 status;

	bytes = (const char *)x->content.at;
	if (x->content.len == 0)
		flat = node_new(x->arena, NODE_MAP);
	else if (accepts("multipart/form-data", x->content_type)) {
		status = node_from_multipart(x->arena,
		    x->header(x, "content-type"), bytes, x->content.len, &flat,
		    &x->findings);
		if (status != STATUS_OK)
			return (refuse(x, 400, "form-malformed"));
	} else if (!accepts("application/x-www-form-urlencoded",
	    x->content_type))
		return (refuse(x, 415, "media-type"));
	else if (node_from_form(x->arena, bytes, x->content.len, &flat,
	    &x->findings) != STATUS_OK)
		return (refuse(x, 400, "form-malformed"));
	if (node_unfold(x->arena, flat, &x->form_node, &x->findings) !=
	    STATUS_OK)
		return (refuse(x, 400, "form-malformed"));
	return (STATUS_OK);
}

/* The last of several, as in any other place where one is wanted: NULL. */
static const char *
parse_parameter(struct exchange *x, const char *name)
{
	const struct node	*node;

	if (name == NULL)
		return (NULL);
	node = node_take(x->query_node, name);
	if (node == NULL && x->form_node != NULL)
		node = node_take(x->form_node, name);
	return (node == NULL ? NULL : node->text);
}

enum status
exchange_parse(struct exchange *x)
{
	const struct mount	*mount;
	const char		*text;

	findings_init(&x->findings, x->arena);
	mount = x->match->mount;
	text = x->query_text == NULL ? "" : x->query_text;
	if (node_from_form(x->arena, text, strlen(text), &x->query_node,
	    &x->findings) != STATUS_OK)
		return (refuse(x, 400, "query-malformed"));
	if (is_too_large(x))
		return (refuse(x, 413, "too-large"));
	if (mount == NULL)
		return (STATUS_OK);
	if (mount->forms && x->route->body != NULL &&
	    parse_form(x) != STATUS_OK)
		return (STATUS_INVALID);
	x->tenant_name = parse_parameter(x, mount->tenant);
	x->key = parse_parameter(x, mount->key);
	return (STATUS_OK);
}

static enum status
read_json(struct exchange *x, struct node **node)
{
	if (!accepts("application/json", x->content_type))
		return (refuse(x, 415, "media-type"));
	if (node_from_json(x->arena, (const char *)x->content.at,
	    x->content.len, node, &x->findings) != STATUS_OK)
		return (refuse(x, 400, "json-malformed"));
	if ((*node)->kind != NODE_MAP) {
		exchange_finding(x, "", FINDING_TYPE, "object");
		return (refuse(x, 422, "fields"));
	}
	return (STATUS_OK);
}

static enum status
read_body(struct exchange *x, const struct field_context *ctx)
{
	struct node	*node;

	if (x->route->accepts != NULL) {
		if (!accepts(x->route->accepts, x->content_type))
			return (refuse(x, 415, "media-type"));
		return (STATUS_OK);
	}
	if (x->route->body == NULL) {
		if (x->content.len != 0)
			return (refuse(x, 400, "body-unexpected"));
		return (STATUS_OK);
	}
	node = x->form_node;
	if (node != NULL)
		node_keep(node, x->route->body);
	else if (x->content.len != 0 && read_json(x, &node) != STATUS_OK)
		return (STATUS_INVALID);
	(void)field_check(ctx, x->route->body, node, "", &x->body);
	return (STATUS_OK);
}

enum status
exchange_read(struct exchange *x)
{
	struct field_context	 ctx;
	enum status		 status;

	if (x->query_node == NULL &&
	    (status = exchange_parse(x)) != STATUS_OK)
		return (status);
	x->limit = PAGE_DEFAULT;
	exchange_context(x, &ctx);
	if ((status = read_path(x, &ctx)) != STATUS_OK)
		return (status);
	read_query(x, &ctx);
	if ((status = read_body(x, &ctx)) != STATUS_OK)
		return (status);
	if (x->route->check != NULL)
		(void)x->route->check(x);
	if (x->findings.count != 0)
		return (refuse(x, 422, "fields"));
	if (x->route->prepare == NULL)
		return (STATUS_OK);

	status = x->route->prepare(x);
	if (x->findings.count != 0)
		return (refuse(x, 422, "fields"));
	/* A hook that fails has refused; one that did not say why has not. */
	if (status != STATUS_OK && x->status < 400)
		exchange_problem(x, 500, "internal", NULL);
	return (status);
}

/* All of it is there: checked, with the defaults. */
static const char *
settings_parameter(struct exchange *x, const char *name, size_t *len)
{
	struct values	values = { .fields = x->loaded->plugin->settings,
			    .present = UINT64_MAX };

	values.data = x->tenant->settings[x->loaded->index];
	return (field_sql(x->arena, &values, name, len));
}

const char *
exchange_parameter(struct exchange *x, const char *name, size_t *len)
{
	const struct values	*tables[] = { &x->path, &x->body, &x->query };
	size_t			 i;

	*len = 0;
	if (strcmp(name, "content") == 0 && x->route->accepts != NULL) {
		*len = x->content.len;
		return ((const char *)x->content.at);
	}
	if (strcmp(name, "content_type") == 0 && x->route->accepts != NULL)
		return (x->content_type);
	if (strncmp(name, SETTINGS_PREFIX, strlen(SETTINGS_PREFIX)) == 0)
		return (settings_parameter(x, name + strlen(SETTINGS_PREFIX),
		    len));
	if (x->match->run != NULL && x->match->run->kind == STATEMENT_PAGE) {
		if (strcmp(name, "after") == 0)
			return (x->after);
		/* One more than asked for tells whether there is a next. */
		if (strcmp(name, "limit") == 0)
			return (arena_format(x->arena, "%lld",
			    (long long)x->limit + 1));
	}
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (tables[i]->fields != NULL &&
		    field_find(tables[i]->fields, name) != NULL)
			return (field_sql(x->arena, tables[i], name, len));
	}
	for (i = 0; i < x->match->count; i++) {
		if (strcmp(x->match->names[i], name) == 0)
			return (x->match->values[i]);
	}
	return (NULL);
}

void
exchange_page(struct exchange *x, const struct row *rows, size_t count)
{
	struct json	 json;
	const char	*body, *cursor, *position;
	size_t		 i, len;

	json_init(&json, x->arena, PAGE_MAX);
	json_open_object(&json, NULL);
	json_open_array(&json, "items");
	for (i = 0; i < count && i < (size_t)x->limit; i++) {
		if ((body = row_text(&rows[i], "body")) == NULL)
			continue;
		if ((body = exchange_open(x, &rows[i], body)) == NULL) {
			exchange_problem(x, 500, "internal", NULL);
			return;
		}
		json_raw(&json, NULL, body, strlen(body));
	}
	json_close(&json);
	cursor = NULL;
	if (count > (size_t)x->limit &&
	    (position = row_text(&rows[x->limit - 1], "position")) != NULL)
		cursor = cursor_write(x->arena, x->keys, x->tenant->id,
		    cursor_list(x), position);
	json_text(&json, "next", cursor);
	json_close(&json);
	if ((body = json_finish(&json, &len)) == NULL) {
		exchange_problem(x, 500, "internal", NULL);
		return;
	}
	(void)exchange_answer(x, 200, "application/json", body, len);
}

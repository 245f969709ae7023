/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * OpenAPI 3.1 from the tables. The parts that stand in each document the
 * same are in openapi_parts.c.
 */

#include <string.h>

#include "core/plugin/openapi.h"
#include "core/plugin/openapi_parts.h"
#include "core/plugin/page.h"

static const char *
plugin_tag(const struct loaded *loaded)
{
	return (*loaded->plugin->name == '\0' ? "platform" :
	    loaded->plugin->name);
}

static bool
is_on(const struct loaded *loaded, uint64_t mask)
{
	return (loaded->index == 0 || (mask >> loaded->index & 1) != 0);
}

static bool
takes_body(const struct route *route)
{
	return (route->body != NULL || route->accepts != NULL);
}

static bool
takes_key(const struct router_match *match)
{
	return ((match->run != NULL && match->run->once) ||
	    (match->then != NULL && match->then->once));
}

/* The statement whose rows are the answer. */
static const struct statement *
answering(const struct router_match *match)
{
	return (match->then != NULL ? match->then : match->run);
}

/* "<plugin>.<statement>"; unique, as mount and method make it so. */
static void
write_operation_id(struct openapi *o, const struct router_match *match)
{
	const struct statement	*statement;
	const char		*name;

	statement = answering(match);
	name = statement == NULL ? match->route->path + 1 : statement->name;
	name = arena_format(o->arena, "%s.%s", plugin_tag(match->loaded),
	    name);
	json_text(&o->json, "operationId", openapi_unique(o, name,
	    method_text(match->route->method)));
}

static void
write_path_parameters(struct openapi *o, const struct router_match *match)
{
	const struct field	*field;
	size_t			 i;

	for (i = 0; i < match->count; i++) {
		field = match->route->path_fields == NULL ? NULL :
		    field_find(match->route->path_fields, match->names[i]);
		openapi_parameter(o, "path", match->names[i], field);
	}
}

static void
write_query_parameters(struct openapi *o, const struct field *field)
{
	for (; field != NULL && field->type != FIELD_TYPE_END; field++) {
		if (field->type != FIELD_TYPE_COMPUTED &&
		    field->type != FIELD_TYPE_BYTES)
			openapi_parameter(o, "query", field->name, field);
	}
}

/* What a mount takes out of each request, and the suffix of a path. */
static void
write_mount_parameters(struct openapi *o, const struct router_match *match)
{
	if (match->route->formats != NULL)
		openapi_choice(o, "path", "format", match->route->formats);
	if (match->mount != NULL && match->mount->tenant != NULL)
		openapi_text(o, "query", match->mount->tenant, "The city's "
		    "host name or short name; not needed on its own host.");
}

static void
write_parameters(struct openapi *o, const struct router_match *match)
{
	json_open_array(&o->json, "parameters");
	write_path_parameters(o, match);
	write_mount_parameters(o, match);
	write_query_parameters(o, match->route->query);
	if (match->run != NULL && match->run->kind == STATEMENT_PAGE)
		write_query_parameters(o, page_fields);
	if (takes_key(match))
		openapi_reference(o, NULL, "parameters", "IdempotencyKey");
	json_close(&o->json);
}

static void
write_raw_body(struct openapi *o, const char *accepts)
{
	size_t	len;

	for (; *accepts != '\0'; accepts += len) {
		accepts += strspn(accepts, ", ");
		if ((len = strcspn(accepts, ", ")) == 0)
			continue;
		json_open_object(&o->json, arena_copy(o->arena, accepts, len));
		json_close(&o->json);
	}
}

static bool
any_required(const struct field *field)
{
	for (; field->type != FIELD_TYPE_END; field++) {
		if (field->required)
			return (true);
	}
	return (false);
}

static void
write_schema_body(struct openapi *o, const struct router_match *match)
{
	static const char *const	 json[] = { "application/json", NULL };
	static const char *const	 forms[] = {
		"application/x-www-form-urlencoded", "multipart/form-data", NULL
	};
	const char *const		*type;

	type = match->mount != NULL && match->mount->forms ? forms : json;
	for (; *type != NULL; type++) {
		json_open_object(&o->json, *type);
		field_schema(&o->json, "schema", match->route->body);
		json_close(&o->json);
	}
}

static void
write_body(struct openapi *o, const struct router_match *match)
{
	const struct route	*route;

	route = match->route;
	if (!takes_body(route))
		return;
	json_open_object(&o->json, "requestBody");
	json_bool(&o->json, "required", route->accepts != NULL ||
	    any_required(route->body));
	json_open_object(&o->json, "content");
	if (route->accepts != NULL)
		write_raw_body(o, route->accepts);
	else
		write_schema_body(o, match);
	json_close(&o->json);
	json_close(&o->json);
}

static const char *
answer_media_type(const struct router_match *match)
{
	const struct statement	*statement;

	statement = answering(match);
	if (match->route->media_type != NULL)
		return (match->route->media_type);
	if (statement != NULL && statement->kind == STATEMENT_BLOB)
		return ("application/octet-stream");
	if (statement != NULL && statement->kind == STATEMENT_CSV)
		return ("text/csv");
	return ("application/json");
}

/* Of an answer in several formats the table says no more than their names. */
static void
write_formats(struct openapi *o, const char *formats)
{
	static const char *const	types[][2] = {
		{ "json", "application/json" }, { "xml", "text/xml" },
		{ "csv", "text/csv" },
	};
	size_t				i;

	json_open_object(&o->json, "content");
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!mount_list_has(formats, types[i][0],
		    strlen(types[i][0])))
			continue;
		json_open_object(&o->json, types[i][1]);
		json_close(&o->json);
	}
	json_close(&o->json);
}

static void
write_content(struct openapi *o, const struct router_match *match)
{
	const struct statement	*statement;
	const char		*type;

	if (match->route->formats != NULL) {
		write_formats(o, match->route->formats);
		return;
	}
	statement = answering(match);
	type = answer_media_type(match);
	json_open_object(&o->json, "content");
	json_open_object(&o->json, type);
	if (statement != NULL && statement->kind == STATEMENT_PAGE)
		openapi_reference(o, "schema", "schemas", "Page");
	else if (strstr(type, "json") != NULL) {
		json_open_object(&o->json, "schema");
		json_text(&o->json, "type", "object");
		json_close(&o->json);
	}
	json_close(&o->json);
	json_close(&o->json);
}

static void
write_success(struct openapi *o, const struct router_match *match)
{
	const struct statement	*statement;
	const char		*says;
	bool			 nothing;

	statement = answering(match);
	nothing = statement != NULL && statement->kind == STATEMENT_DONE;
	says = statement == NULL || *statement->says == '\0' ?
	    match->route->says : statement->says;
	json_open_object(&o->json, nothing ? "204" :
	    match->route->created ? "201" : "200");
	json_text(&o->json, "description", says == NULL ? "Done." : says);
	if (!nothing)
		write_content(o, match);
	json_close(&o->json);
}

/* How a mount refuses is its standard's business. */
static void
write_mount_responses(struct openapi *o, const struct router_match *match)
{
	static const struct {
		const char	*status;
		const char	*says;
	}		refusals[] = {
		{ "400", "The request is not as it should be; the list says "
		    "what is wrong." },
		{ "403", "The key is missing, unknown or revoked." },
		{ "404", "There is no such thing in this city." },
		{ "429", "Too often; Retry-After says when again." },
		{ "503", "Not now; Retry-After says when again." },
	};
	size_t		i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (strcmp(refusals[i].status, "403") == 0 &&
		    match->route->access.kind != ACCESS_KEY)
			continue;
		json_open_object(&o->json, refusals[i].status);
		json_text(&o->json, "description", refusals[i].says);
		write_formats(o, match->route->formats);
		json_close(&o->json);
	}
}

static void
write_responses(struct openapi *o, const struct router_match *match)
{
	const struct route	*route;
	enum access_kind	 access;

	route = match->route;
	access = route->access.kind;
	json_open_object(&o->json, "responses");
	write_success(o, match);
	if (route->cache != NULL)
		openapi_reference(o, "304", "responses", "NotModified");
	if (match->mount != NULL && match->mount->refuse != NULL) {
		write_mount_responses(o, match);
		json_close(&o->json);
		return;
	}
	openapi_reference(o, "400", "responses", "BadRequest");
	if (access != ACCESS_PUBLIC)
		openapi_reference(o, "401", "responses", "Unauthorized");
	if (access != ACCESS_PUBLIC && access != ACCESS_DEVICE)
		openapi_reference(o, "403", "responses", "Forbidden");
	openapi_reference(o, "404", "responses", "NotFound");
	if (route->method != GET)
		openapi_reference(o, "409", "responses", "Conflict");
	if (takes_body(route)) {
		openapi_reference(o, "413", "responses", "TooLarge");
		openapi_reference(o, "415", "responses", "MediaType");
	}
	openapi_reference(o, "422", "responses", "Fields");
	openapi_reference(o, "429", "responses", "TooManyRequests");
	openapi_reference(o, "503", "responses", "Unavailable");
	json_close(&o->json);
}

static void
write_security(struct openapi *o, enum access_kind access)
{
	json_open_array(&o->json, "security");
	if (access != ACCESS_PUBLIC && access != ACCESS_SIGN_IN) {
		json_open_object(&o->json, NULL);
		json_open_array(&o->json, access == ACCESS_OFFICE ? "staff" :
		    access == ACCESS_KEY ? "key" : "device");
		json_close(&o->json);
		json_close(&o->json);
	}
	json_close(&o->json);
}

static void
write_operation(struct openapi *o, const struct router_match *match)
{
	static const char *const	names[] = {
		[GET] = "get", [POST] = "post", [PUT] = "put",
		[PATCH] = "patch", [DELETE] = "delete",
	};
	const struct route		*route;

	route = match->route;
	json_open_object(&o->json, names[route->method]);
	json_open_array(&o->json, "tags");
	json_text(&o->json, NULL, plugin_tag(match->loaded));
	json_close(&o->json);
	write_operation_id(o, match);
	if (route->says != NULL)
		json_text(&o->json, "summary", route->says);
	if (route->access.right != NULL)
		json_text(&o->json, "x-right", arena_format(o->arena, "%s.%s",
		    RIGHTS_OF(match->loaded->plugin->name),
		    route->access.right));
	write_parameters(o, match);
	write_body(o, match);
	write_responses(o, match);
	write_security(o, route->access.kind);
	json_close(&o->json);
}

static const char *
match_path(struct openapi *o, const struct router_match *match)
{
	const struct mounted	at = { match->loaded, match->mount,
				    match->route };
	const char		*path;

	path = mount_path(o->arena, &at);
	return (match->route->formats == NULL ? path :
	    arena_format(o->arena, "%s.{format}", path));
}

/* All methods of a path stand below it, so the routes are gone through for
 * each path that was not written yet. */
static void
write_paths(struct openapi *o, const struct router *router, uint64_t mask)
{
	const struct router_match	*match, *other;
	const char			*path;
	size_t				 i, j;

	json_open_object(&o->json, "paths");
	for (i = 0; (match = router_route(router, i)) != NULL; i++) {
		path = match_path(o, match);
		if (!is_on(match->loaded, mask) || openapi_seen(o, path))
			continue;
		json_open_object(&o->json, path);
		for (j = i; (other = router_route(router, j)) != NULL; j++) {
			if (is_on(other->loaded, mask) &&
			    strcmp(path, match_path(o, other)) == 0)
				write_operation(o, other);
		}
		json_close(&o->json);
	}
	json_close(&o->json);
}

static void
write_problems(struct openapi *o, const struct loaded *loaded)
{
	const struct problem	*problem;
	const char		*title;

	json_open_array(&o->json, "x-problems");
	problem = loaded->plugin->problems;
	for (; problem != NULL && problem->code != NULL; problem++) {
		title = registry_message(o->registry, loaded, "en",
		    arena_format(o->arena, "problem.%s", problem->code));
		json_open_object(&o->json, NULL);
		json_text(&o->json, "type", arena_format(o->arena,
		    "/problems/%s", problem->code));
		json_int(&o->json, "status", problem->status);
		json_text(&o->json, "title", title);
		json_close(&o->json);
	}
	json_close(&o->json);
}

static void
write_tags(struct openapi *o, uint64_t mask)
{
	const struct loaded	*loaded;
	const char		*title;
	size_t			 i;

	json_open_array(&o->json, "tags");
	for (i = 0; i < o->registry->count; i++) {
		loaded = &o->registry->plugins[i];
		if (!is_on(loaded, mask))
			continue;
		title = message_get(loaded->messages, "en", "title");
		json_open_object(&o->json, NULL);
		json_text(&o->json, "name", plugin_tag(loaded));
		json_text(&o->json, "description", arena_format(o->arena,
		    "%s, version %s", title == NULL ? plugin_tag(loaded) :
		    title, loaded->plugin->version));
		write_problems(o, loaded);
		json_close(&o->json);
	}
	json_close(&o->json);
}

char *
openapi_document(struct arena *arena, const struct registry *registry,
    uint64_t mask, enum router_side side, size_t *len)
{
	struct openapi	 o = { .arena = arena, .registry = registry };
	struct router	*router;
	char		*text;

	/* Freed below, but what is written must not point into it. */
	router = router_new(registry, side);
	json_init(&o.json, arena, OPENAPI_MAX);
	json_open_object(&o.json, NULL);
	openapi_head(&o, side);
	write_tags(&o, mask);
	write_paths(&o, router, mask);
	openapi_components(&o, side);
	json_close(&o.json);
	text = json_finish(&o.json, len);
	router_free(router);
	return (text);
}

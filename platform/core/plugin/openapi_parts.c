/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of an OpenAPI document. */

#include <string.h>

#include <stadtkern/node.h>

#include "core/plugin/openapi_parts.h"

#define SCHEMA_MAX	((size_t)256 << 10)

struct response {
	const char	*name;
	const char	*says;
};

static const struct response responses[] = {
	{ "BadRequest", "The request cannot be read." },
	{ "Unauthorized", "The device's token or the session is missing, "
	    "unknown or over." },
	{ "Forbidden", "The caller is known, but may not do this." },
	{ "NotFound", "There is no such thing in this city." },
	{ "Conflict", "A rule or the present state speaks against it, or the "
	    "Idempotency-Key was used for another request." },
	{ "TooLarge", "The body is larger than this path takes." },
	{ "MediaType", "The body's media type is not one this path takes." },
	{ "Fields", "Fields are not as declared: `errors` names each of "
	    "them." },
	{ "TooManyRequests", "Too many requests; Retry-After tells when." },
	{ "Unavailable", "The service cannot answer now; Retry-After tells "
	    "when." },
};

void
openapi_reference(struct openapi *o, const char *member, const char *kind,
    const char *name)
{
	json_open_object(&o->json, member);
	json_text(&o->json, "$ref", arena_format(o->arena,
	    "#/components/%s/%s", kind, name));
	json_close(&o->json);
}

bool
openapi_seen(struct openapi *o, const char *name)
{
	struct openapi_name	*item;

	for (item = o->names; item != NULL; item = item->next) {
		if (strcmp(item->name, name) == 0)
			return (true);
	}
	item = arena_alloc(o->arena, sizeof(*item));
	item->name = name;
	item->next = o->names;
	o->names = item;
	return (false);
}

const char *
openapi_unique(struct openapi *o, const char *name, const char *method)
{
	const char	*unique;
	unsigned int	 i;

	unique = name;
	for (i = 1; openapi_seen(o, unique); i++)
		unique = i == 1 ? arena_format(o->arena, "%s.%s", name,
		    method) : arena_format(o->arena, "%s.%s.%u", name, method,
		    i);
	return (unique);
}

/*
 * field_schema() describes a table. Of one with this field alone, the
 * property is what a parameter wants.
 */
static void
write_schema(struct openapi *o, const struct field *field)
{
	struct field		 table[2] = { *field, FIELD_END };
	struct findings		 findings;
	struct json		 json;
	struct node		*node;
	const struct node	*schema;
	const char		*text;
	size_t			 len;

	findings_init(&findings, o->arena);
	json_init(&json, o->arena, SCHEMA_MAX);
	field_schema(&json, NULL, table);
	text = json_finish(&json, &len);
	if (text == NULL || node_from_json(o->arena, text, len, &node,
	    &findings) != STATUS_OK || (schema = node_get(node_get(node,
	    "properties"), field->name)) == NULL) {
		json_open_object(&o->json, "schema");
		json_close(&o->json);
		return;
	}
	node_to_json(&o->json, "schema", schema);
}

void
openapi_parameter(struct openapi *o, const char *in, const char *name,
    const struct field *field)
{
	bool	path;

	path = strcmp(in, "path") == 0;
	json_open_object(&o->json, NULL);
	json_text(&o->json, "name", name);
	json_text(&o->json, "in", in);
	json_bool(&o->json, "required", path || field->required);
	if (field != NULL && field->says != NULL)
		json_text(&o->json, "description", field->says);
	if (field != NULL)
		write_schema(o, field);
	else {
		json_open_object(&o->json, "schema");
		json_text(&o->json, "type", "string");
		json_text(&o->json, "format", "uuid");
		json_close(&o->json);
	}
	json_close(&o->json);
}

void
openapi_text(struct openapi *o, const char *in, const char *name,
    const char *says)
{
	json_open_object(&o->json, NULL);
	json_text(&o->json, "name", name);
	json_text(&o->json, "in", in);
	json_bool(&o->json, "required", false);
	json_text(&o->json, "description", says);
	json_open_object(&o->json, "schema");
	json_text(&o->json, "type", "string");
	json_close(&o->json);
	json_close(&o->json);
}

void
openapi_choice(struct openapi *o, const char *in, const char *name,
    const char *choices)
{
	size_t	len;

	json_open_object(&o->json, NULL);
	json_text(&o->json, "name", name);
	json_text(&o->json, "in", in);
	json_bool(&o->json, "required", true);
	json_open_object(&o->json, "schema");
	json_text(&o->json, "type", "string");
	json_open_array(&o->json, "enum");
	for (; *choices != '\0'; choices += len) {
		choices += strspn(choices, ", ");
		if ((len = strcspn(choices, ", ")) != 0)
			json_text(&o->json, NULL,
			    arena_copy(o->arena, choices, len));
	}
	json_close(&o->json);
	json_close(&o->json);
	json_close(&o->json);
}

/* The first mount's parameter that holds a key, or NULL. */
static const char *
key_parameter(const struct registry *registry)
{
	struct mounted	at = { NULL, NULL, NULL };

	while (mount_next(registry, &at)) {
		if (at.mount != NULL && at.mount->key != NULL)
			return (at.mount->key);
	}
	return (NULL);
}

void
openapi_head(struct openapi *o, enum router_side side)
{
	json_text(&o->json, "openapi", "3.1.0");
	json_open_object(&o->json, "info");
	json_text(&o->json, "title", side == ROUTER_OFFICE ?
	    "Stadtkern, for the office" : "Stadtkern, for citizens and apps");
	json_text(&o->json, "version", "1");
	json_text(&o->json, "description", "Errors are problem+json "
	    "(RFC 9457), in German or English by Accept-Language. Times are "
	    "RFC 3339 in UTC. Lists are paged: `next` of an answer is the "
	    "`cursor` of the next request.");
	json_open_object(&o->json, "license");
	json_text(&o->json, "name", "EUPL-1.2");
	json_text(&o->json, "identifier", "EUPL-1.2");
	json_close(&o->json);
	json_close(&o->json);
	json_open_array(&o->json, "servers");
	json_open_object(&o->json, NULL);
	json_text(&o->json, "url", "/");
	json_text(&o->json, "description", "the city that this host name "
	    "belongs to");
	json_close(&o->json);
	json_close(&o->json);
}

static void
string_property(struct openapi *o, const char *name, const char *says)
{
	json_open_object(&o->json, name);
	json_text(&o->json, "type", "string");
	json_text(&o->json, "description", says);
	json_close(&o->json);
}

static void
required(struct openapi *o, const char *const *names)
{
	json_open_array(&o->json, "required");
	for (; *names != NULL; names++)
		json_text(&o->json, NULL, *names);
	json_close(&o->json);
}

static void
write_error(struct openapi *o)
{
	static const char *const	names[] = {
		"pointer", "code", "message", NULL
	};

	json_open_object(&o->json, "errors");
	json_text(&o->json, "type", "array");
	json_text(&o->json, "description", "one entry for each bad field");
	json_open_object(&o->json, "items");
	json_text(&o->json, "type", "object");
	json_open_object(&o->json, "properties");
	string_property(o, "pointer", "the field, as a JSON pointer");
	string_property(o, "code", "what is wrong, for programs");
	string_property(o, "message", "what is wrong, in the caller's "
	    "language");
	json_close(&o->json);
	required(o, names);
	json_close(&o->json);
	json_close(&o->json);
}

static void
write_problem(struct openapi *o)
{
	static const char *const	names[] = {
		"type", "title", "status", "code", NULL
	};

	json_open_object(&o->json, "Problem");
	json_text(&o->json, "type", "object");
	json_open_object(&o->json, "properties");
	string_property(o, "type", "/problems/<code>");
	string_property(o, "title", "a sentence in the caller's language");
	json_open_object(&o->json, "status");
	json_text(&o->json, "type", "integer");
	json_close(&o->json);
	string_property(o, "code", "see x-problems of the tags");
	write_error(o);
	json_close(&o->json);
	required(o, names);
	json_close(&o->json);
}

static void
write_page(struct openapi *o)
{
	static const char *const	names[] = { "items", "next", NULL };

	json_open_object(&o->json, "Page");
	json_text(&o->json, "type", "object");
	json_open_object(&o->json, "properties");
	json_open_object(&o->json, "items");
	json_text(&o->json, "type", "array");
	json_open_object(&o->json, "items");
	json_text(&o->json, "type", "object");
	json_close(&o->json);
	json_close(&o->json);
	json_open_object(&o->json, "next");
	json_open_array(&o->json, "type");
	json_text(&o->json, NULL, "string");
	json_text(&o->json, NULL, "null");
	json_close(&o->json);
	json_text(&o->json, "description", "`cursor` of the next page; null: "
	    "this is the last");
	json_close(&o->json);
	json_close(&o->json);
	required(o, names);
	json_close(&o->json);
}

static void
write_responses(struct openapi *o)
{
	size_t	i;

	json_open_object(&o->json, "responses");
	json_open_object(&o->json, "NotModified");
	json_text(&o->json, "description", "The ETag of If-None-Match still "
	    "holds.");
	json_close(&o->json);
	for (i = 0; i < sizeof(responses) / sizeof(responses[0]); i++) {
		json_open_object(&o->json, responses[i].name);
		json_text(&o->json, "description", responses[i].says);
		json_open_object(&o->json, "content");
		json_open_object(&o->json, "application/problem+json");
		openapi_reference(o, "schema", "schemas", "Problem");
		json_close(&o->json);
		json_close(&o->json);
		json_close(&o->json);
	}
	json_close(&o->json);
}

static void
write_key_parameter(struct openapi *o)
{
	json_open_object(&o->json, "parameters");
	json_open_object(&o->json, "IdempotencyKey");
	json_text(&o->json, "name", "Idempotency-Key");
	json_text(&o->json, "in", "header");
	json_bool(&o->json, "required", false);
	json_text(&o->json, "description", "A value that the caller makes up. "
	    "The same request with the same key is done once and gets the "
	    "same answer, for 48 hours.");
	json_open_object(&o->json, "schema");
	json_text(&o->json, "type", "string");
	json_close(&o->json);
	json_close(&o->json);
	json_close(&o->json);
}

static void
write_key_scheme(struct openapi *o)
{
	const char	*name;

	if ((name = key_parameter(o->registry)) == NULL)
		return;
	json_open_object(&o->json, "key");
	json_text(&o->json, "type", "apiKey");
	json_text(&o->json, "in", "query");
	json_text(&o->json, "name", name);
	json_text(&o->json, "description", "A key that the city gave out; it "
	    "may also stand in the form.");
	json_close(&o->json);
}

static void
write_security_schemes(struct openapi *o, enum router_side side)
{
	json_open_object(&o->json, "securitySchemes");
	if (side == ROUTER_PUBLIC) {
		json_open_object(&o->json, "device");
		json_text(&o->json, "type", "http");
		json_text(&o->json, "scheme", "bearer");
		json_text(&o->json, "description", "The token that "
		    "POST /api/v1/devices tells once.");
		json_close(&o->json);
		write_key_scheme(o);
	} else {
		json_open_object(&o->json, "staff");
		json_text(&o->json, "type", "apiKey");
		json_text(&o->json, "in", "cookie");
		json_text(&o->json, "name", SESSION_COOKIE);
		json_text(&o->json, "description", "The cookie that "
		    "POST /office/api/v1/session sets.");
		json_close(&o->json);
	}
	json_close(&o->json);
}

void
openapi_components(struct openapi *o, enum router_side side)
{
	json_open_object(&o->json, "components");
	json_open_object(&o->json, "schemas");
	write_problem(o);
	write_page(o);
	json_close(&o->json);
	write_responses(o);
	write_key_parameter(o);
	write_security_schemes(o, side);
	json_close(&o->json);
}

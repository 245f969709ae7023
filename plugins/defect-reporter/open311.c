/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Open311: what is served where, how it is said in JSON and XML, discovery and
 * services. Requests are in open311_requests.c, what is sent in
 * open311_create.c.
 */

#include <string.h>

#include <stadtkern/xml.h>

#include "open311.h"

#define SPECIFICATION	"http://wiki.open311.org/GeoReport_v2"
#define JSON_TYPE	"application/json; charset=utf-8"
#define XML_TYPE	"text/xml; charset=utf-8"
#define ANSWER_MAX	(32 * 1024 * 1024)
#define TEXT_MAX	(256 * 1024)
#define FORM_MAX	(10 * 1024 * 1024 + 64 * 1024)	/* a photo and words */

/* JSON has lists where XML has an element around elements of one name. */
static const struct xml_item items[] = {
	{ "endpoints", "endpoint" }, { "formats", "format" },
	{ "services", "service" }, { "attributes", "attribute" },
	{ "values", "value" }, { "service_requests", "request" },
	{ "service_request_updates", "request_update" },
	{ "errors", "error" }, { "photos", "photo" }, { "notes", "note" },
	{ NULL, NULL }
};

struct definition {
	const char	*code;
};

static const struct field definition_path[] = {
	FIELD_TEXT(struct definition, code, .format = FIELD_FORMAT_CODE,
	    .required = true, .says = "service_code of the list of services"),
	FIELD_END
};

enum status
open311_answer(struct exchange *exchange, int status, const char *root,
    const char *json, size_t len)
{
	struct buf	 xml;
	const char	*text;

	if (exchange_format(exchange) != NULL &&
	    strcmp(exchange_format(exchange), "json") == 0)
		return (exchange_answer(exchange, status, JSON_TYPE, json,
		    len));
	buf_init(&xml, exchange_arena(exchange), ANSWER_MAX);
	if (json == NULL ||
	    xml_from_json(&xml, root, items, json, len) != STATUS_OK)
		return (STATUS_INVALID);
	text = buf_finish(&xml, &len);

	return (exchange_answer(exchange, status, XML_TYPE, text, len));
}

static enum status
answer_json(struct exchange *exchange, const char *root, struct json *json)
{
	const char	*text;
	size_t		 len;

	text = json_finish(json, &len);

	return (open311_answer(exchange, 200, root, text, len));
}

static enum status
answer_row(struct exchange *exchange, const char *root, const struct row *row)
{
	const char	*body;

	if ((body = row_text(row, "body")) == NULL)
		return (exchange_refuse(exchange, "not-found", NULL));

	return (open311_answer(exchange, 200, root, body, strlen(body)));
}

static enum status
answer_requests(struct exchange *exchange, const struct row *row)
{
	return (answer_row(exchange, "service_requests", row));
}

/* One record as a list; an empty list is a report that there is not. */
static enum status
answer_request(struct exchange *exchange, const struct row *row)
{
	const char	*body;

	body = row_text(row, "body");
	if (body == NULL || strcmp(body, "[]") == 0)
		return (exchange_refuse(exchange, "not-found", NULL));

	return (answer_row(exchange, "service_requests", row));
}

static enum status
answer_updates(struct exchange *exchange, const struct row *row)
{
	return (answer_row(exchange, "service_request_updates", row));
}

/* The bulk format knows CSV (RFC 4180) besides. */
static enum status
answer_bulk(struct exchange *exchange, const struct row *row)
{
	const char	*body;

	if (strcmp(exchange_format(exchange), "csv") != 0)
		return (answer_requests(exchange, row));
	if ((body = row_text(row, "body")) == NULL)
		return (STATUS_INVALID);

	return (exchange_answer(exchange, 200,
	    "text/csv; charset=utf-8; header=present", body, strlen(body)));
}

/* "/attribute/where" is what the sender wrote as "attribute[where]". */
static const char *
parameter_name(struct arena *arena, const char *pointer)
{
	struct buf	name;
	size_t		len;
	bool		first;

	buf_init(&name, arena, TEXT_MAX);
	for (first = true; *pointer == '/'; first = false) {
		len = strcspn(++pointer, "/");
		buf_format(&name, first ? "%.*s" : "[%.*s]", (int)len, pointer);
		pointer += len;
	}

	return (buf_finish(&name, NULL));
}

/*
 * What the specification counts: 404 for what is not there, 403 for the key,
 * 400 for everything else. That we cannot answer, or not now, stays what it is,
 * as it is no answer to the request.
 */
static int
refusal_status(int status)
{
	if (status == 403 || status == 404 || status == 429 || status >= 500)
		return (status);

	return (400);
}

static void
error_write(struct json *json, int code, const char *description)
{
	json_open_object(json, NULL);
	json_int(json, "code", code);
	json_text(json, "description", description);
	json_close(json);
}

/* Under the names that the standard has for what the platform means. */
static const char *
refusal_text(const struct refusal *refusal)
{
	static const char *const	texts[][2] = {
		{ "tenant-missing", "jurisdiction_id was not provided" },
		{ "tenant-unknown", "jurisdiction_id was not found" },
		{ "key-unknown", "api_key was not provided, is not known, or "
		    "may not do this" },
		{ "service-unknown", "service_code was not found" },
	};
	size_t				i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(refusal->code, texts[i][0]) == 0)
			return (texts[i][1]);
	}

	return (refusal->title);
}

static const char *
finding_text(struct exchange *exchange, const struct finding *finding)
{
	struct arena	*arena = exchange_arena(exchange);

	return (arena_format(arena, "%s %s", *finding->pointer == '\0' ?
	    "the request" : parameter_name(arena, finding->pointer),
	    finding_message(arena, finding, exchange_language(exchange))));
}

static enum status
open311_refuse(struct exchange *exchange, const struct refusal *refusal)
{
	struct arena		*arena = exchange_arena(exchange);
	const struct finding	*finding;
	struct json		 json;
	const char		*text;
	size_t			 len;
	int			 status;

	status = refusal_status(refusal->status);
	json_init(&json, arena, TEXT_MAX);
	json_open_array(&json, NULL);
	for (finding = refusal->findings; finding != NULL;
	    finding = finding->next)
		error_write(&json, status, finding_text(exchange, finding));
	if (refusal->findings == NULL)
		error_write(&json, status, refusal_text(refusal));
	json_close(&json);
	text = json_finish(&json, &len);

	return (open311_answer(exchange, status, "errors", text, len));
}

static void
endpoint_write(struct exchange *exchange, struct json *json, const char *path,
    const char *type, const char *changeset)
{
	json_open_object(json, NULL);
	json_text(json, "specification", SPECIFICATION);
	json_text(json, "url", arena_format(exchange_arena(exchange), "%s%s",
	    exchange_origin(exchange), path));
	json_text(json, "changeset", changeset);
	json_text(json, "type", type);
	json_open_array(json, "formats");
	json_text(json, NULL, "text/xml");
	json_text(json, NULL, "application/json");
	json_close(json);
	json_close(json);
}

static enum status
answer_discovery(struct exchange *exchange, const struct row *row)
{
	struct arena		*arena = exchange_arena(exchange);
	const struct tenant	*tenant = exchange_tenant(exchange);
	const char		*changeset;
	struct json		 json;

	if ((changeset = row_text(row, "changeset")) == NULL)
		return (STATUS_INVALID);
	json_init(&json, arena, TEXT_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "changeset", changeset);
	json_text(&json, "contact", arena_format(arena, "%s, %s",
	    tenant_name(tenant), tenant_email(tenant)));
	json_text(&json, "key_service", arena_format(arena,
	    "Einen API-Schlüssel vergibt die Stadt auf Anfrage: %s",
	    tenant_email(tenant)));
	json_open_array(&json, "endpoints");
	endpoint_write(exchange, &json, OPEN311_PATH, "production", changeset);
	endpoint_write(exchange, &json, OPEN311_TEST, "test", changeset);
	json_close(&json);
	json_close(&json);

	return (answer_json(exchange, "discovery", &json));
}

static const char *
keywords_join(struct arena *arena, const struct category *category)
{
	struct buf	text;
	size_t		i;

	if (category->keywords.count == 0)
		return (NULL);
	buf_init(&text, arena, TEXT_MAX);
	for (i = 0; i < category->keywords.count; i++)
		buf_format(&text, "%s%s", i > 0 ? ", " : "",
		    category->keywords.items[i]);

	return (buf_finish(&text, NULL));
}

/* What is not known is left out rather than empty. */
static void
text_write(struct json *json, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		json_text(json, name, text);
}

static enum status
answer_services(struct exchange *exchange, const struct row *row)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct category	*category;
	struct json		 json;
	size_t			 i;

	(void)row;
	json_init(&json, exchange_arena(exchange), TEXT_MAX);
	json_open_array(&json, NULL);
	for (i = 0; i < settings->categories.count; i++) {
		category = &settings->categories.items[i];
		json_open_object(&json, NULL);
		json_text(&json, "service_code", category->code);
		json_text(&json, "service_name", category->name);
		text_write(&json, "description", category->hint);
		json_bool(&json, "metadata", category->questions.count > 0);
		json_text(&json, "type", category->type);
		text_write(&json, "keywords", keywords_join(json.buf.arena,
		    category));
		text_write(&json, "group", category->group);
		json_close(&json);
	}
	json_close(&json);

	return (answer_json(exchange, "services", &json));
}

static const char *
question_datatype(const struct question *question)
{
	static const char *const	names[][2] = {
		{ "number", "number" }, { "bool", "singlevaluelist" },
		{ "choice", "singlevaluelist" },
		{ "choices", "multivaluelist" },
	};
	size_t				i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(question->kind, names[i][0]) == 0)
			return (names[i][1]);
	}

	return ("text");
}

static void
value_write(struct json *json, const char *key, const char *name)
{
	json_open_object(json, NULL);
	json_text(json, "key", key);
	json_text(json, "name", name);
	json_close(json);
}

static void
values_write(struct json *json, const struct question *question)
{
	bool	yes_no;
	size_t	i;

	yes_no = strcmp(question->kind, "bool") == 0;
	if (!yes_no && question->choices.count == 0)
		return;
	json_open_array(json, "values");
	if (yes_no) {
		value_write(json, "true", "ja");
		value_write(json, "false", "nein");
	}
	for (i = 0; i < question->choices.count; i++)
		value_write(json, question->choices.items[i],
		    question->choices.items[i]);
	json_close(json);
}

static enum status
answer_definition(struct exchange *exchange, const struct row *row)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct definition	*path = exchange_path(exchange);
	const struct category	*category;
	const struct question	*question;
	struct json		 json;
	size_t			 i;

	(void)row;
	if ((category = settings_category(settings, path->code)) == NULL)
		return (exchange_refuse(exchange, "service-unknown", NULL));
	json_init(&json, exchange_arena(exchange), TEXT_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "service_code", category->code);
	json_open_array(&json, "attributes");
	for (i = 0; i < category->questions.count; i++) {
		question = &category->questions.items[i];
		json_open_object(&json, NULL);
		json_bool(&json, "variable", true);
		json_text(&json, "code", question->code);
		json_text(&json, "datatype", question_datatype(question));
		json_bool(&json, "required", question->required);
		json_int(&json, "order", (int64_t)i + 1);
		json_text(&json, "description", question->ask);
		values_write(&json, question);
		json_close(&json);
	}
	json_close(&json);
	json_close(&json);

	return (answer_json(exchange, "service_definition", &json));
}

#define FORMATS	.formats = "json, xml"

/* Of a caller's address. What is kept is not counted; what is not costs a
 * second of a large city's database, or a tenth of one. */
#define LISTS_PER_HOUR	1200
#define BULKS_PER_HOUR	120	/* a million reports */

static const struct route discovery_routes[] = {
	{ GET, "/discovery", PUBLIC, .run = "open311_discovery",
	    .answer = answer_discovery, .cache = "services", FORMATS,
	    .says = "Where the Open311 endpoints are." },
	ROUTE_END
};

static const struct route routes[] = {
	{ GET, "/discovery", PUBLIC, .run = "open311_discovery",
	    .answer = answer_discovery, .cache = "services", FORMATS,
	    .says = "Where the Open311 endpoints are." },
	{ GET, "/services", PUBLIC, .answer = answer_services,
	    .cache = "services", FORMATS,
	    .says = "What can be reported." },
	{ GET, "/services/{code}", PUBLIC, .path_fields = definition_path,
	    .answer = answer_definition, .cache = "services", FORMATS,
	    .says = "What is asked besides, for one kind of report." },
	{ POST, "/requests", KEY("open311.requests"),
	    .body = open311_create_fields, .limit = FORM_MAX,
	    .check = open311_create_check, .prepare = open311_create_prepare,
	    .run = "open311_create", .answer = answer_requests, .slow = true,
	    FORMATS,
	    .says = "Send a report; it is public once staff released it." },
	{ GET, "/tokens/{id}", PUBLIC, .run = "open311_token",
	    .answer = answer_requests, FORMATS,
	    .says = "The id that a token stands for, once there is one." },
	{ GET, "/requests", PUBLIC, .query = open311_requests_query,
	    .check = open311_requests_check,
	    .prepare = open311_requests_prepare, .run = "open311_requests",
	    .answer = answer_requests, .cache = "reports", .seconds = 60,
	    .slow = true, .per_hour = LISTS_PER_HOUR, FORMATS,
	    .says = "Released reports, newest first." },
	{ GET, "/requests/{id}", PUBLIC, .query = open311_request_query,
	    .prepare = open311_request_prepare, .run = "open311_requests",
	    .answer = answer_request, .cache = "reports", FORMATS,
	    .says = "One released report." },
	{ GET, "/servicerequestupdates", PUBLIC,
	    .query = open311_updates_query, .check = open311_updates_check,
	    .prepare = open311_updates_prepare, .run = "open311_updates",
	    .answer = answer_updates, .cache = "reports", .seconds = 60,
	    .slow = true, .per_hour = LISTS_PER_HOUR, FORMATS,
	    .says = "What was done and answered, oldest first." },
	{ POST, "/servicerequestupdates", KEY("open311.updates"),
	    .body = open311_update_fields, .check = open311_update_check,
	    .prepare = open311_update_prepare, .run = "open311_update",
	    .answer = answer_updates, FORMATS,
	    .says = "Say something about a report; it is public once staff "
	    "released it." },
	{ GET, "/bulk", PUBLIC, .query = open311_bulk_query,
	    .check = open311_bulk_check, .prepare = open311_bulk_prepare,
	    .run = "open311_bulk", .answer = answer_bulk, .cache = "reports",
	    .seconds = 3600, .slow = true, .per_hour = BULKS_PER_HOUR,
	    .formats = "csv, json, xml",
	    .says = "Released reports as open data, oldest first." },
	ROUTE_END
};

#define GEOREPORT							\
	.forms = true, .tenant = "jurisdiction_id", .key = "api_key",	\
	.language = "en", .shared = true, .refuse = open311_refuse

const struct mount open311_mounts[] = {
	{ .path = "/open311", .routes = discovery_routes, GEOREPORT },
	{ .path = OPEN311_PATH, .rehearsal = OPEN311_TEST, .routes = routes,
	    GEOREPORT },
	MOUNT_END
};

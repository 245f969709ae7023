/* SPDX-License-Identifier: EUPL-1.2 */
/* Open311: reports and updates that other software sends. */

#include <string.h>

#include "hooks.h"
#include "open311.h"

#define CONTACT_MAX	8192
#define DESCRIPTION_MAX	4000	/* characters, GeoReport v2 */

struct request {
	const char		*service_code;
	double			 lat;
	double			 lon;
	const char		*address_string;
	const char		*address_id;
	const struct node	*attribute;
	const char		*description;
	const char		*media_url;
	struct bytes		 media;
	const char		*email;
	const char		*first_name;
	const char		*last_name;
	const char		*phone;
	const char		*device_id;
	const char		*account_id;
	/* What the statement needs besides. */
	const char		*has_position;
	const char		*answers;
	const char		*department;
	const char		*outside;
	const char		*initial;
	const char		*deadlines;
	const char		*type;
	const char		*notice;
	const char		*media_type;
	struct bytes		 contact;
};

#define MEDIA_URL(T)							\
	FIELD_TEXT(T, media_url, .format = FIELD_FORMAT_URL, .max = 2000, \
	    .says = "link to a picture; shown to staff, never fetched")

const struct field open311_create_fields[] = {
	FIELD_TEXT(struct request, service_code, .max = 100, .required = true,
	    .says = "of the list of services"),
	FIELD_NUMBER(struct request, lat, .min = -90, .max = 90,
	    .says = "latitude in degrees, WGS 84"),
	{ .name = "long", .type = FIELD_TYPE_NUMBER,
	    .offset = offsetof(struct request, lon),
	    .within = sizeof(struct request), .min = -180, .max = 180,
	    .says = "longitude in degrees, WGS 84" },
	FIELD_TEXT(struct request, address_string,
	    .format = FIELD_FORMAT_LINE, .max = 500,
	    .says = "where it is, where lat and long are not known"),
	FIELD_TEXT(struct request, address_id, .format = FIELD_FORMAT_LINE,
	    .max = 100, .says = "the city's own number of the address"),
	FIELD_ANY(struct request, attribute,
	    .says = "attribute[code]: answers to the service's questions"),
	FIELD_TEXT(struct request, description, .max = DESCRIPTION_MAX,
	    .multiline = true, .says = "what it is"),
	MEDIA_URL(struct request),
	FIELD_FILE(struct request, media, .says = "a photo: JPEG, PNG, WebP"),
	FIELD_TEXT(struct request, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .says = "of the sender; only staff can read it"),
	FIELD_TEXT(struct request, first_name, .format = FIELD_FORMAT_LINE,
	    .max = 100, .says = "of the sender"),
	FIELD_TEXT(struct request, last_name, .format = FIELD_FORMAT_LINE,
	    .max = 100, .says = "of the sender"),
	FIELD_TEXT(struct request, phone, .format = FIELD_FORMAT_PHONE,
	    .max = 40, .says = "of the sender"),
	FIELD_TEXT(struct request, device_id, .format = FIELD_FORMAT_LINE,
	    .max = 200, .says = "of the sender, in the client's counting"),
	FIELD_TEXT(struct request, account_id, .format = FIELD_FORMAT_LINE,
	    .max = 200, .says = "of the sender, in the client's counting"),
	FIELD_COMPUTED(struct request, has_position),
	FIELD_COMPUTED(struct request, answers),
	FIELD_COMPUTED(struct request, department),
	FIELD_COMPUTED(struct request, outside),
	FIELD_COMPUTED(struct request, initial),
	FIELD_COMPUTED(struct request, deadlines),
	FIELD_COMPUTED(struct request, type),
	FIELD_COMPUTED(struct request, notice),
	FIELD_COMPUTED(struct request, media_type),
	FIELD_BYTES(struct request, contact),
	FIELD_END
};

struct update {
	const char	*service_request_id;
	const char	*update_id;
	const char	*updated_datetime;
	const char	*status;
	const char	*description;
	const char	*media_url;
};

/* Who said it may be sent along, but is not kept: nobody would read it. */
const struct field open311_update_fields[] = {
	FIELD_TEXT(struct update, service_request_id, .max = 100,
	    .required = true, .says = "of a report that is public, or that "
	    "the same key sent"),
	FIELD_TEXT(struct update, update_id, .format = FIELD_FORMAT_LINE,
	    .max = 100, .says = "the sender's own; what comes twice under "
	    "it is kept once"),
	FIELD_TEXT(struct update, updated_datetime, .max = 40,
	    .says = "when it was said"),
	FIELD_TEXT(struct update, status, .format = FIELD_FORMAT_LINE,
	    .max = 60, .says = "the report's, as the sender sees it"),
	FIELD_TEXT(struct update, description, .max = DESCRIPTION_MAX,
	    .multiline = true, .required = true, .says = "what is said"),
	MEDIA_URL(struct update),
	FIELD_END
};

/* The attributes that the service asks for; others may be sent, too. */
static struct node *
attributes_known(struct arena *arena, const struct category *category,
    const struct node *sent)
{
	const struct node	*child;
	struct node		*known, *copy;

	known = node_new(arena, NODE_MAP);
	for (child = sent == NULL ? NULL : sent->first; child != NULL;
	    child = child->next) {
		if (strchr(child->name, '.') != NULL ||
		    field_find(category->answers, child->name) == NULL)
			continue;
		copy = arena_copy(arena, child, sizeof(*child));
		copy->next = NULL;
		node_append(arena, known, child->name, copy);
	}

	return (known);
}

/*
 * Checks the answers as members of one object, so that findings name
 * attribute[code], and what they come to is written as the app's are.
 */
static void
attributes_check(struct exchange *exchange, const struct category *category,
    struct request *request)
{
	struct arena		*arena = exchange_arena(exchange);
	struct findings		 findings;
	struct field_context	 ctx = { .arena = arena,
				    .findings = &findings };
	const struct finding	*finding;
	struct field		*table;
	struct values		 values;
	struct node		*map;
	size_t			 len;

	if (category->questions.count == 0)
		return;
	table = arena_alloc(arena, 2 * sizeof(*table));
	table[0].name = "attribute";
	table[0].type = FIELD_TYPE_OBJECT;
	table[0].fields = category->answers;
	table[0].within = category->answers->within;
	table[0].required = true;
	map = node_new(arena, NODE_MAP);
	node_append(arena, map, "attribute", attributes_known(arena, category,
	    request->attribute));
	findings_init(&findings, arena);
	if (field_check(&ctx, table, map, "", &values) == STATUS_OK) {
		request->answers = field_sql(arena, &values, "attribute",
		    &len);
		return;
	}
	for (finding = findings.first; finding != NULL;
	    finding = finding->next)
		exchange_finding(exchange, finding->pointer, finding->code,
		    finding->argument);
}

static void
position_check(struct exchange *exchange, struct request *request)
{
	bool	lat, lon;

	lat = exchange_has(exchange, "lat");
	lon = exchange_has(exchange, "long");
	if (lat && lon)
		request->has_position = "t";
	else if (lat != lon)
		exchange_finding(exchange, lat ? "/long" : "/lat",
		    FINDING_REQUIRED, "lat and long come together");
	else if (request->address_string == NULL &&
	    request->address_id == NULL)
		exchange_finding(exchange, "/lat", FINDING_REQUIRED,
		    "lat and long, or address_string, or address_id");
}

enum status
open311_create_check(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct request		*request = exchange_body(exchange);
	const struct category	*category;

	position_check(exchange, request);
	if (request->attribute != NULL && request->attribute->kind != NODE_MAP)
		exchange_finding(exchange, "/attribute", FINDING_FORMAT,
		    "attribute[code]=value");
	else if (request->service_code != NULL &&
	    (category = settings_category(settings, request->service_code)) !=
	    NULL)
		attributes_check(exchange, category, request);

	return (STATUS_OK);
}

static void
contact_member(struct json *json, const char *name, const char *text)
{
	if (text != NULL)
		json_text(json, name, text);
}

static const char *
full_name(struct arena *arena, const char *first, const char *last)
{
	if (first == NULL || last == NULL)
		return (first == NULL ? last : first);

	return (arena_format(arena, "%s %s", first, last));
}

/* Sealed; nothing at all is no contact. */
static enum status
request_contact(struct exchange *exchange, struct request *request)
{
	struct arena	*arena = exchange_arena(exchange);
	struct json	 json;
	const char	*text;
	size_t		 len;

	json_init(&json, arena, CONTACT_MAX);
	json_open_object(&json, NULL);
	contact_member(&json, "name", full_name(arena, request->first_name,
	    request->last_name));
	contact_member(&json, "email", request->email);
	contact_member(&json, "phone", request->phone);
	contact_member(&json, "device_id", request->device_id);
	contact_member(&json, "account_id", request->account_id);
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);
	if (strcmp(text, "{}") == 0)
		return (STATUS_OK);

	return (exchange_seal(exchange, text, len, &request->contact));
}

static enum status
media_prepare(struct exchange *exchange, struct request *request)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct image_header	 header;
	enum image_verdict	 verdict;

	if (request->media.at == NULL)
		return (STATUS_OK);
	if (settings->photos_max == 0)
		return (exchange_refuse(exchange, "too-many-photos",
		    "{\"max\": 0}"));
	verdict = image_header_read(request->media.at, request->media.len,
	    &header);
	if (verdict != IMAGE_OK)
		return (exchange_refuse(exchange, image_verdict_text(verdict),
		    NULL));
	request->media_type = image_media_type(header.type);

	return (STATUS_OK);
}

enum status
open311_create_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct request		*request = exchange_body(exchange);
	const struct category	*category;
	enum status		 status;

	category = settings_category(settings, request->service_code);
	if (category == NULL)
		return (exchange_refuse(exchange, "service-unknown", NULL));
	status = emergency_check(exchange, category, request->attribute);
	if (status != STATUS_OK)
		return (status);
	request->department = category->department;
	request->outside = category->body;
	request->initial = settings->initial;
	request->deadlines = settings->deadlines;
	request->type = category->type;
	request->notice = category->danger;
	if ((status = emergency_check(exchange, category,
	    request->attribute)) != STATUS_OK ||
	    (status = media_prepare(exchange, request)) != STATUS_OK)
		return (status);

	return (request_contact(exchange, request));
}

enum status
open311_update_check(struct exchange *exchange)
{
	const struct update	*update = exchange_body(exchange);

	if (update->updated_datetime != NULL &&
	    open311_time(exchange_arena(exchange), update->updated_datetime) ==
	    NULL)
		exchange_finding(exchange, "/updated_datetime",
		    FINDING_FORMAT, "a time such as 2026-11-20T08:30:00Z");

	return (STATUS_OK);
}

enum status
open311_update_prepare(struct exchange *exchange)
{
	const struct update	*update = exchange_body(exchange);

	if (!field_format_fits(FIELD_FORMAT_UUID, update->service_request_id))
		return (exchange_refuse(exchange, "not-found", NULL));

	return (STATUS_OK);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Open311: what lists are asked for. */

#include <string.h>

#include "open311.h"

#define IDS_MAX		(64 * 1024)
#define AGENCIES_MAX	(64 * 1024)
#define UUID_LEN	36

/* What several of the queries share; each table takes what it knows. */
struct query {
	const char	*service_request_id;
	const char	*service_code;
	const char	*start_date;
	const char	*end_date;
	const char	*updated_after;
	const char	*updated_before;
	const char	*status;
	const char	*bbox;
	const char	*q;
	int64_t		 page;
	int64_t		 page_size;
	bool		 extensions;
	/* What statements need besides. */
	const char	*ids;
	const char	*services;
	const char	*agencies;
	const char	*origin;
	const char	*open;
	const char	*names;
	const char	*one;
	const char	*csv;
};

#define COMMON								\
	FIELD_COMPUTED(struct query, services),				\
	FIELD_COMPUTED(struct query, agencies),				\
	FIELD_COMPUTED(struct query, origin),				\
	FIELD_COMPUTED(struct query, names),				\
	FIELD_COMPUTED(struct query, open)
#define IDS								\
	FIELD_TEXT(struct query, service_request_id, .max = 40000,	\
	    .says = "only these reports, comma-separated; of requests, "	\
	    "no other condition counts then"),				\
	FIELD_COMPUTED(struct query, ids)
#define DATES								\
	FIELD_TEXT(struct query, start_date, .max = 40,			\
	    .says = "received (or, of updates, made) then or later"),	\
	FIELD_TEXT(struct query, end_date, .max = 40,			\
	    .says = "received (or, of updates, made) then or before; at "	\
	    "most 90 days after start_date")
#define PAGES(most)							\
	FIELD_INT(struct query, page, .min = 1, .max = 100000,		\
	    .otherwise = "1", .says = "which part of a long list, from 1"), \
	FIELD_INT(struct query, page_size, .min = 1, .max = (most),	\
	    .otherwise = #most, .says = "how many a page has")
#define EXTENSIONS							\
	FIELD_BOOL(struct query, extensions, .otherwise = "false",	\
	    .says = "extended_attributes and notes besides")

const struct field open311_requests_query[] = {
	IDS,
	FIELD_TEXT(struct query, service_code, .max = 4000, .says = "only these services, comma-separated"),
	DATES,
	FIELD_TEXT(struct query, status, .max = 100,
	    .says = "open, closed, or both, comma-separated"),
	FIELD_TEXT(struct query, updated_after, .max = 40,
	    .says = "updated then or later"),
	FIELD_TEXT(struct query, updated_before, .max = 40,
	    .says = "updated then or before"),
	FIELD_TEXT(struct query, bbox, .says = "only inside west,south,east,north"),
	FIELD_TEXT(struct query, q, .max = 200,
	    .says = "only those whose description holds this"),
	EXTENSIONS,
	PAGES(1000),
	COMMON,
	FIELD_END
};

/* The same statement, which is told the id and nothing else. */
#define NOTHING(member)	FIELD_COMPUTED(struct query, member)
#define ONE(its_name)							\
	{ .name = its_name, .type = FIELD_TYPE_COMPUTED,		\
	  .offset = offsetof(struct query, one),			\
	  .within = sizeof(struct query) }

const struct field open311_request_query[] = {
	EXTENSIONS,
	COMMON,
	NOTHING(ids),
	NOTHING(service_code),
	NOTHING(start_date),
	NOTHING(end_date),
	NOTHING(status),
	NOTHING(updated_after),
	NOTHING(updated_before),
	NOTHING(bbox),
	NOTHING(q),
	ONE("page"),
	ONE("page_size"),
	FIELD_END
};

const struct field open311_updates_query[] = {
	IDS,
	DATES,
	PAGES(1000),
	COMMON,
	FIELD_END
};

const struct field open311_bulk_query[] = {
	DATES,
	PAGES(10000),
	COMMON,
	FIELD_COMPUTED(struct query, csv),
	FIELD_END
};

static void
time_check(struct exchange *exchange, const char *pointer, const char **text)
{
	const char	*time;

	if (*text == NULL)
		return;
	time = open311_time(exchange_arena(exchange), *text);
	if (time == NULL)
		exchange_finding(exchange, pointer, FINDING_FORMAT,
		    "a time such as 2026-11-20T08:30:00Z");
	else
		*text = time;
}

static void
order_check(struct exchange *exchange, const char *pointer,
    const char *earlier, const char *later)
{
	/* Of one form, so that they compare as texts. */
	if (earlier != NULL && later != NULL && strcmp(earlier, later) > 0)
		exchange_finding(exchange, pointer, FINDING_TOO_SMALL, earlier);
}

static bool
status_fits(const char *list)
{
	size_t	len;

	for (;; list += len + 1) {
		list += strspn(list, " ");
		len = strcspn(list, ",");
		if (!(len == 4 && strncmp(list, "open", len) == 0) &&
		    !(len == 6 && strncmp(list, "closed", len) == 0))
			return (false);
		if (list[len] == '\0')
			return (true);
	}
}

static void
dates_check(struct exchange *exchange)
{
	struct query	*query = exchange_query(exchange);

	time_check(exchange, "/start_date", &query->start_date);
	time_check(exchange, "/end_date", &query->end_date);
	time_check(exchange, "/updated_after", &query->updated_after);
	time_check(exchange, "/updated_before", &query->updated_before);
	order_check(exchange, "/end_date", query->start_date,
	    query->end_date);
	order_check(exchange, "/updated_before", query->updated_after,
	    query->updated_before);
	if (query->status != NULL && !status_fits(query->status))
		exchange_finding(exchange, "/status", FINDING_CHOICE,
		    "open, closed");
}

/* Blanks behind commas are usual. */
static const char *
without_blanks(struct arena *arena, const char *text)
{
	char	*copy, *to;

	copy = to = arena_text(arena, text);
	for (; *text != '\0'; text++) {
		if (*text != ' ')
			*to++ = *text;
	}
	*to = '\0';

	return (copy);
}

/*
 * A list of ids overrides all other arguments, be they what they may: so what
 * they are like is looked at here and not by the table.
 */
enum status
open311_requests_check(struct exchange *exchange)
{
	struct query	*query = exchange_query(exchange);

	if (query->service_request_id != NULL) {
		query->service_code = query->start_date = query->end_date =
		    query->updated_after = query->updated_before =
		    query->status = query->bbox = query->q = NULL;
		return (STATUS_OK);
	}
	dates_check(exchange);
	if (query->service_code != NULL) {
		query->service_code = without_blanks(exchange_arena(exchange),
		    query->service_code);
		if (!field_format_fits(FIELD_FORMAT_CODES,
		    query->service_code))
			exchange_finding(exchange, "/service_code",
			    FINDING_FORMAT, "codes, comma-separated");
	}
	if (query->bbox != NULL &&
	    !field_format_fits(FIELD_FORMAT_BBOX, query->bbox))
		exchange_finding(exchange, "/bbox", FINDING_FORMAT,
		    "west,south,east,north");

	return (STATUS_OK);
}

enum status
open311_updates_check(struct exchange *exchange)
{
	dates_check(exchange);

	return (STATUS_OK);
}

enum status
open311_bulk_check(struct exchange *exchange)
{
	dates_check(exchange);

	return (STATUS_OK);
}

/* uuid[] of what can be an id; what cannot, names nothing. */
static const char *
ids_array(struct arena *arena, const char *list)
{
	struct buf	array;
	const char	*id;
	size_t		len;

	if (list == NULL)
		return (NULL);
	buf_init(&array, arena, IDS_MAX);
	buf_char(&array, '{');
	for (;; list += len + 1) {
		list += strspn(list, " ");
		len = strcspn(list, ", ");
		id = arena_copy(arena, list, len);
		if (len == UUID_LEN &&
		    field_format_fits(FIELD_FORMAT_UUID, id))
			buf_format(&array, "%s%s", array.len > 1 ? "," : "",
			    id);
		len += strspn(list + len, " ");
		if (list[len] != ',')
			break;
	}
	buf_char(&array, '}');

	return (buf_finish(&array, NULL));
}

/* {"department tiefbau": name, "body strassen-nrw": name} */
static const char *
agencies_json(struct exchange *exchange)
{
	struct arena			*arena = exchange_arena(exchange);
	const struct department		*departments;
	const struct outside_body	*bodies;
	struct json			 json;
	size_t				 i, count;

	json_init(&json, arena, AGENCIES_MAX);
	json_open_object(&json, NULL);
	departments = tenant_departments(exchange_tenant(exchange), &count);
	for (i = 0; i < count; i++)
		json_text(&json, arena_format(arena, "department %s",
		    departments[i].code), departments[i].name);
	bodies = tenant_outside_bodies(exchange_tenant(exchange), &count);
	for (i = 0; i < count; i++)
		json_text(&json, arena_format(arena, "body %s",
		    bodies[i].code), bodies[i].name);
	json_close(&json);

	return (json_finish(&json, NULL));
}

static enum status
query_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct query		*query = exchange_query(exchange);

	query->ids = ids_array(exchange_arena(exchange),
	    query->service_request_id);
	query->services = settings->services;
	query->agencies = agencies_json(exchange);
	query->origin = exchange_origin(exchange);
	query->open = settings->open;
	query->names = settings->names;

	return (STATUS_OK);
}

enum status
open311_requests_prepare(struct exchange *exchange)
{
	return (query_prepare(exchange));
}

enum status
open311_request_prepare(struct exchange *exchange)
{
	struct query	*query = exchange_query(exchange);

	(void)query_prepare(exchange);
	query->one = "1";
	query->ids = arena_format(exchange_arena(exchange), "{%s}",
	    exchange_path_text(exchange, "id"));

	return (STATUS_OK);
}

enum status
open311_updates_prepare(struct exchange *exchange)
{
	return (query_prepare(exchange));
}

enum status
open311_bulk_prepare(struct exchange *exchange)
{
	struct query	*query = exchange_query(exchange);

	(void)query_prepare(exchange);
	query->csv = strcmp(exchange_format(exchange), "csv") == 0 ? "t" : "f";

	return (STATUS_OK);
}

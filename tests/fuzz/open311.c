/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Open311's questions: a query string through form, table and check to what
 * the statement is given. Times are all of one form, ids are an array of
 * UUIDs, and a list of ids leaves no other condition.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/exchange/exchange.h"

#include "../../plugins/defect-reporter/open311_requests.c"
#include "../../plugins/defect-reporter/open311_time.c"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct route routes[] = {
	{ GET, "/requests", PUBLIC, .query = open311_requests_query,
	    .check = open311_requests_check,
	    .prepare = open311_requests_prepare },
	{ GET, "/updates", PUBLIC, .query = open311_updates_query,
	    .check = open311_updates_check,
	    .prepare = open311_updates_prepare },
	{ GET, "/bulk", PUBLIC, .query = open311_bulk_query,
	    .check = open311_bulk_check, .prepare = open311_bulk_prepare },
};

static const struct mount	 mount = { .path = "/open311",
    .tenant = "jurisdiction_id", .key = "api_key", .routes = routes };
static const struct plugin	 plugin = { PLUGIN_HEADER("reporter", "1") };
static struct loaded		 loaded[2];
static const struct registry	 registry = { .count = 2, .plugins = loaded };

static void
check_time(const char *text)
{
	if (text != NULL && (strlen(text) != 20 || text[10] != 'T' ||
	    text[19] != 'Z'))
		abort();
}

static void
check_ids(const char *ids)
{
	size_t	i, len;

	if (ids == NULL)
		return;
	len = strlen(ids);
	if (ids[0] != '{' || ids[len - 1] != '}' ||
	    (len != 2 && (len - 1) % (UUID_LEN + 1) != 0))
		abort();
	for (i = 1; i + 1 < len; i++) {
		if (strchr("0123456789abcdefABCDEF-,", ids[i]) == NULL)
			abort();
	}
}

static void
check_query(struct arena *arena, const struct query *query, size_t which)
{
	check_time(query->start_date);
	check_time(query->end_date);
	check_time(query->updated_after);
	check_time(query->updated_before);
	check_ids(query->ids);
	if (query->start_date != NULL && query->end_date != NULL &&
	    strcmp(query->start_date, query->end_date) > 0)
		abort();
	if (which != 0)
		return;
	if (query->service_request_id != NULL &&
	    (query->start_date != NULL || query->status != NULL ||
	    query->bbox != NULL || query->q != NULL ||
	    query->service_code != NULL))
		abort();
	if ((query->service_code != NULL && !field_format_fits(
	    FIELD_FORMAT_CODES, query->service_code)) ||
	    (query->start_date != NULL && open311_time(arena,
	    query->start_date) == NULL))
		abort();
}

/* Refusals have titles: read once, as the server does. */
static struct messages *
messages(void)
{
	static struct messages	*read;
	struct findings		 findings;
	struct arena		*arena;

	if (read != NULL)
		return (read);
	arena = arena_new(0);
	findings_init(&findings, arena);
	if (messages_read(arena, "platform/base/messages", &read,
	    &findings) != STATUS_OK)
		abort();
	return (read);
}

static const char *
no_header(const struct exchange *x, const char *name)
{
	(void)x;
	(void)name;
	return (NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct settings	 settings;
	static const char	*hosts[] = { "a.example" };
	struct tenant		 tenant;
	struct router_match	 match;
	struct exchange		 x;
	size_t			 which;

	if (len == 0)
		return (0);
	which = data[0] % (sizeof(routes) / sizeof(routes[0]));
	memset(&x, 0, sizeof(x));
	memset(&match, 0, sizeof(match));
	memset(&tenant, 0, sizeof(tenant));
	loaded[0].plugin = &base_plugin;
	loaded[1].plugin = &plugin;
	loaded[1].index = 1;
	loaded[0].messages = loaded[1].messages = messages();
	tenant.settings[1] = &settings;
	tenant.file.hosts.items = hosts;
	tenant.file.hosts.count = 1;
	match.mount = &mount;
	match.format = "json";
	x.arena = arena_new(0);
	x.registry = &registry;
	x.loaded = &loaded[1];
	x.match = &match;
	x.tenant = &tenant;
	x.route = &routes[which];
	x.language = "en";
	x.url = "https://{host}";
	x.header = no_header;
	x.query_text = arena_copy(x.arena, data + 1, len - 1);
	check_time(open311_time(x.arena, x.query_text));
	if (exchange_read(&x) == STATUS_OK)
		check_query(x.arena, exchange_query(&x), which);
	else if (x.status < 400)
		abort();
	arena_free(x.arena);
	return (0);
}

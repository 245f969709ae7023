/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The process that runs what plugins want done at its time, once in each
 * tenant, however many couriers there are: one of them holds the lock, and
 * what ran is written down in the transaction of the run.
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/log.h"
#include "courier/part.h"
#include "db/sync.h"

#define TICK_MS		5000
#define PAUSE_SECONDS	60	/* after a run that failed */
#define SCHEDULES_MAX	256

struct tenant_entry {
	int32_t			 id;
	const struct node	*plugins;
};

struct ticker {
	struct part		*part;
	struct arena		*arena;		/* of one tick */
	size_t			 count;
	struct tenant_entry	*tenants;
	time_t			 pause_until[SCHEDULES_MAX];
};

/* A JSON text of the result's column, or NULL. */
static const struct node *
json_read(struct arena *arena, const char *text)
{
	struct findings	 findings;
	struct node	*node;

	findings_init(&findings, arena);
	if (text == NULL || node_from_json(arena, text, strlen(text), &node,
	    &findings) != STATUS_OK)
		return (NULL);
	return (node);
}

static enum status
tenants_read(struct ticker *ticker)
{
	PGresult	*result;
	size_t		 i;

	result = part_query(ticker->part, ticker->arena,
	    part_statement(ticker->part, "tenant_active"), NULL);
	if (result == NULL)
		return (STATUS_DATABASE);
	ticker->count = (size_t)PQntuples(result);
	ticker->tenants = arena_alloc(ticker->arena,
	    (ticker->count + 1) * sizeof(*ticker->tenants));
	for (i = 0; i < ticker->count; i++) {
		ticker->tenants[i].id = (int32_t)strtol(
		    PQgetvalue(result, (int)i, 0), NULL, 10);
		ticker->tenants[i].plugins = json_read(ticker->arena,
		    PQgetvalue(result, (int)i, 1));
	}
	PQclear(result);
	return (STATUS_OK);
}

static const char *
schedule_name(struct ticker *ticker, const struct loaded *loaded,
    const struct schedule *schedule)
{
	return (arena_format(ticker->arena, "%s/%s", loaded->plugin->name,
	    schedule->name));
}

/* The ids of the tenants that have run it already. */
static const struct node *
schedule_ran(struct ticker *ticker, const char *name,
    const struct schedule *schedule)
{
	const struct node	*ran;
	struct node		*arguments;
	PGresult		*result;

	arguments = node_new(ticker->arena, NODE_MAP);
	argument_text(ticker->arena, arguments, "name", name);
	argument_int(ticker->arena, arguments, "hour", schedule->hour);
	argument_int(ticker->arena, arguments, "minute", schedule->minute);
	argument_int(ticker->arena, arguments, "seconds",
	    schedule->kind == SCHEDULE_EVERY ? schedule->seconds : 0);
	result = part_query(ticker->part, ticker->arena,
	    part_statement(ticker->part, "schedule_ran"), arguments);
	ran = json_read(ticker->arena, result_text(result, "tenants"));
	PQclear(result);
	return (ran);
}

static int
id_compare(const void *a, const void *b)
{
	int32_t	 left, right;

	left = *(const int32_t *)a;
	right = *(const int32_t *)b;
	return (left < right ? -1 : left > right);
}

static int32_t *
ids_sorted(struct ticker *ticker, const struct node *list)
{
	const struct node	*item;
	int32_t			*ids;
	size_t			 i;

	ids = arena_alloc(ticker->arena, (list->count + 1) * sizeof(*ids));
	for (i = 0, item = list->first; item != NULL; item = item->next)
		ids[i++] = (int32_t)item->integer;
	qsort(ids, i, sizeof(*ids), id_compare);
	return (ids);
}

/* Whether the statement touched or gave any row. */
static bool
result_changed(PGresult *result)
{
	return (PQntuples(result) > 0 ||
	    strtol(PQcmdTuples(result), NULL, 10) > 0);
}

static enum status
changed_tell(struct ticker *ticker, const struct loaded *loaded,
    const struct schedule *schedule)
{
	struct node	*arguments;
	PGresult	*result;

	arguments = node_new(ticker->arena, NODE_MAP);
	argument_text(ticker->arena, arguments, "topic",
	    arena_format(ticker->arena, "%s/%s", loaded->plugin->name,
	    schedule->changes));
	result = part_query(ticker->part, ticker->arena,
	    part_statement(ticker->part, "changed"), arguments);
	if (result == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

static enum status
schedule_record(struct ticker *ticker, const char *name)
{
	struct node	*arguments;
	PGresult	*result;

	arguments = node_new(ticker->arena, NODE_MAP);
	argument_text(ticker->arena, arguments, "name", name);
	result = part_query(ticker->part, ticker->arena,
	    part_statement(ticker->part, "schedule_record"), arguments);
	if (result == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

static enum status
schedule_run(struct ticker *ticker, const struct loaded *loaded,
    const struct schedule *schedule, int32_t tenant)
{
	const char	*name;
	PGresult	*result;
	enum status	 status;

	name = schedule_name(ticker, loaded, schedule);
	if (sync_begin(ticker->part->db, tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	result = part_query(ticker->part, ticker->arena,
	    registry_statement(loaded, schedule->run), NULL);
	status = result == NULL ? STATUS_DATABASE : STATUS_OK;
	if (status == STATUS_OK && schedule->changes != NULL &&
	    result_changed(result))
		status = changed_tell(ticker, loaded, schedule);
	PQclear(result);
	if (status == STATUS_OK)
		status = schedule_record(ticker, name);
	if (status == STATUS_OK)
		status = sync_commit(ticker->part->db);
	if (status != STATUS_OK) {
		sync_rollback(ticker->part->db);
		log_event(LOG_LEVEL_ERROR, "schedule failed",
		    "schedule=%s tenant=%d", name, tenant);
	}
	return (status);
}

/* Runs it in each tenant that has the plugin and is due. */
static enum status
schedule_tick(struct ticker *ticker, const struct loaded *loaded,
    const struct schedule *schedule)
{
	const struct tenant_entry	*tenant;
	const struct node		*ran;
	const int32_t			*ids;
	enum status			 status;
	size_t				 i;

	ran = schedule_ran(ticker, schedule_name(ticker, loaded, schedule),
	    schedule);
	if (ran == NULL)
		return (STATUS_DATABASE);
	ids = ids_sorted(ticker, ran);
	status = STATUS_OK;
	for (i = 0; i < ticker->count; i++) {
		tenant = &ticker->tenants[i];
		if (loaded->plugin->name[0] != '\0' &&
		    node_get(tenant->plugins, loaded->plugin->name) == NULL)
			continue;
		if (bsearch(&tenant->id, ids, ran->count, sizeof(*ids),
		    id_compare) != NULL)
			continue;
		part_signals();
		if (part_stop)
			break;
		if (schedule_run(ticker, loaded, schedule, tenant->id) !=
		    STATUS_OK)
			status = STATUS_DATABASE;
		if (ticker->part->lost)
			break;
	}
	return (status);
}

static void
schedules_tick(struct ticker *ticker)
{
	const struct registry	*registry;
	const struct schedule	*schedule;
	size_t			 i, number;

	if (tenants_read(ticker) != STATUS_OK)
		return;
	registry = ticker->part->registry;
	number = 0;
	for (i = 0; i < registry->count; i++) {
		schedule = registry->plugins[i].plugin->schedules;
		for (; schedule != NULL &&
		    schedule->kind != SCHEDULE_KIND_END &&
		    number < SCHEDULES_MAX; schedule++, number++) {
			if (part_stop || ticker->part->lost ||
			    ticker->pause_until[number] > time(NULL))
				continue;
			if (schedule_tick(ticker, &registry->plugins[i],
			    schedule) != STATUS_OK)
				ticker->pause_until[number] = time(NULL) +
				    PAUSE_SECONDS;
		}
	}
}

static bool
schedules_lock(struct ticker *ticker, const char *statement)
{
	const char	*mine;
	PGresult	*result;
	bool		 locked;

	result = part_query(ticker->part, ticker->arena,
	    part_statement(ticker->part, statement), NULL);
	mine = result_text(result, "mine");
	locked = mine != NULL && mine[0] == 't';
	PQclear(result);
	return (locked);
}

int
schedules_run(struct part *part)
{
	struct ticker	 ticker = { .part = part };

	part->lost = true;
	while (!part_stop) {
		if (part->lost && part_connect(part, NULL) != STATUS_OK)
			break;
		ticker.arena = arena_new(0);
		if (schedules_lock(&ticker, "schedule_lock")) {
			schedules_tick(&ticker);
			if (!part->lost)
				(void)schedules_lock(&ticker,
				    "schedule_unlock");
		}
		arena_free(ticker.arena);
		if (!part->lost)
			(void)part_wait(part, -1, TICK_MS);
		part_signals();
	}
	return (0);
}

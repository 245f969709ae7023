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
#include "core/plugin/personal_data.h"
#include "courier/part.h"
#include "db/sync.h"

#define TICK_MS		5000
#define PAUSE_SECONDS	60	/* after a run that failed */
#define SCHEDULES_MAX	256

struct tenant_entry {
	int32_t			 id;
	const struct node	*plugins;
	bool			 active;
};

#define ERASE_HOUR	3
#define ERASE_MINUTE	20

/* What a plugin schedules, or declares of how long it keeps personal data. */
struct entry {
	const struct loaded		*loaded;
	struct schedule			 schedule;
	const struct personal_data	*data;	/* NULL: no period */
};

struct ticker {
	struct part		*part;
	struct arena		*arena;		/* of one tick */
	size_t			 count;
	struct tenant_entry	*tenants;
	size_t			 entry_count;
	struct entry		 entries[SCHEDULES_MAX];
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
		ticker->tenants[i].active =
		    PQgetvalue(result, (int)i, 2)[0] == 't';
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

/* As the city has set it, else as the setting's own default says. */
static int64_t
entry_days(const struct entry *entry, const struct tenant_entry *tenant)
{
	const struct plugin	*plugin;
	const struct field	*field;
	const struct node	*node;

	if (entry->data->days_from == NULL)
		return (entry->data->days);
	plugin = entry->loaded->plugin;
	node = node_get(node_get(tenant->plugins, plugin->name),
	    entry->data->days_from);
	if (node != NULL && node->kind == NODE_INT)
		return (node->integer);
	field = field_find(plugin->settings, entry->data->days_from);
	return (strtoll(field->otherwise, NULL, 10));
}

/* How many rows were erased goes into the audit log. */
static enum status
erased_tell(struct ticker *ticker, const struct entry *entry,
    PGresult *erased)
{
	struct node	*arguments;
	PGresult	*result;

	arguments = node_new(ticker->arena, NODE_MAP);
	argument_text(ticker->arena, arguments, "action",
	    personal_data_erased(ticker->arena, entry->loaded->plugin,
	    (size_t)(entry->data - entry->loaded->plugin->personal_data)));
	argument_int(ticker->arena, arguments, "rows",
	    PQntuples(erased) > 0 ? PQntuples(erased) :
	    strtol(PQcmdTuples(erased), NULL, 10));
	result = part_query(ticker->part, ticker->arena,
	    part_statement(ticker->part, "audit_erased"), arguments);
	if (result == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

static enum status
schedule_run(struct ticker *ticker, const struct entry *entry,
    const struct tenant_entry *tenant)
{
	const struct schedule	*schedule;
	const struct loaded	*loaded;
	struct node		*arguments;
	const char		*name;
	PGresult		*result;
	enum status		 status;

	schedule = &entry->schedule;
	loaded = entry->loaded;
	name = schedule_name(ticker, loaded, schedule);
	arguments = node_new(ticker->arena, NODE_MAP);
	if (entry->data != NULL)
		argument_int(ticker->arena, arguments, "days",
		    entry_days(entry, tenant));
	if (sync_begin(ticker->part->db, tenant->id) != STATUS_OK)
		return (STATUS_DATABASE);
	result = part_query(ticker->part, ticker->arena,
	    registry_statement(loaded, schedule->run), arguments);
	status = result == NULL ? STATUS_DATABASE : STATUS_OK;
	if (status == STATUS_OK && entry->data != NULL &&
	    result_changed(result))
		status = erased_tell(ticker, entry, result);
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
		    "schedule=%s tenant=%d", name, tenant->id);
	}
	return (status);
}

/* Runs it in each tenant that has the plugin and is due. */
static enum status
schedule_tick(struct ticker *ticker, const struct entry *entry)
{
	const struct loaded		*loaded;
	const struct tenant_entry	*tenant;
	const struct node		*ran;
	const int32_t			*ids;
	enum status			 status;
	size_t				 i;

	loaded = entry->loaded;
	ran = schedule_ran(ticker, schedule_name(ticker, loaded,
	    &entry->schedule), &entry->schedule);
	if (ran == NULL)
		return (STATUS_DATABASE);
	ids = ids_sorted(ticker, ran);
	status = STATUS_OK;
	for (i = 0; i < ticker->count; i++) {
		tenant = &ticker->tenants[i];
		if (!tenant->active && entry->data == NULL)
			continue;
		if (loaded->plugin->name[0] != '\0' &&
		    node_get(tenant->plugins, loaded->plugin->name) == NULL)
			continue;
		if (bsearch(&tenant->id, ids, ran->count, sizeof(*ids),
		    id_compare) != NULL)
			continue;
		part_signals();
		if (part_stop)
			break;
		if (schedule_run(ticker, entry, tenant) != STATUS_OK)
			status = STATUS_DATABASE;
		if (ticker->part->lost)
			break;
	}
	return (status);
}

static struct entry *
entry_add(struct ticker *ticker, const struct loaded *loaded)
{
	struct entry	*entry;

	if (ticker->entry_count == SCHEDULES_MAX)
		return (NULL);
	entry = &ticker->entries[ticker->entry_count++];
	entry->loaded = loaded;
	return (entry);
}

/* What is erased has a schedule of its own: "erase-submission", and
 * "erase-submission-2" for the table's second declaration. */
static void
entries_add_erasing(struct ticker *ticker, const struct loaded *loaded,
    struct arena *arena)
{
	const struct personal_data	*data;
	struct entry			*entry;
	const char			*key;
	size_t				 i;

	data = loaded->plugin->personal_data;
	for (i = 0; data != NULL && data[i].table != NULL; i++) {
		if (data[i].erase == NULL ||
		    (entry = entry_add(ticker, loaded)) == NULL)
			continue;
		key = personal_data_key(arena, loaded->plugin, i, "");
		key += strlen("personal_data.");
		entry->data = &data[i];
		entry->schedule = (struct schedule){
			.name = arena_format(arena, "erase-%.*s",
			    (int)strlen(key) - 1, key),
			DAILY_AT(ERASE_HOUR, ERASE_MINUTE),
			.run = data[i].erase, .changes = NULL };
	}
}

static void
entries_collect(struct ticker *ticker, struct arena *arena)
{
	const struct registry	*registry;
	const struct schedule	*schedule;
	struct entry		*entry;
	size_t			 i;

	registry = ticker->part->registry;
	for (i = 0; i < registry->count; i++) {
		schedule = registry->plugins[i].plugin->schedules;
		for (; schedule != NULL &&
		    schedule->kind != SCHEDULE_KIND_END; schedule++) {
			entry = entry_add(ticker, &registry->plugins[i]);
			if (entry != NULL)
				entry->schedule = *schedule;
		}
		entries_add_erasing(ticker, &registry->plugins[i], arena);
	}
}

static void
schedules_tick(struct ticker *ticker)
{
	size_t	 i;

	if (tenants_read(ticker) != STATUS_OK)
		return;
	for (i = 0; i < ticker->entry_count; i++) {
		if (part_stop || ticker->part->lost ||
		    ticker->pause_until[i] > time(NULL))
			continue;
		if (schedule_tick(ticker, &ticker->entries[i]) != STATUS_OK)
			ticker->pause_until[i] = time(NULL) + PAUSE_SECONDS;
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
	struct arena	*names;

	names = arena_new(0);
	entries_collect(&ticker, names);
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
	arena_free(names);
	return (0);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Tenants by host, kept up to date from the database. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "db/bytea.h"
#include "web/loop.h"
#include "web/tenants.h"
#include "web/tiles.h"
#include "web/worker.h"

#define HOST_MAX	254
#define BATCH_ROWS	500
#define TEXT_OF(number)	#number
#define TEXT(number)	TEXT_OF(number)
#define VERSIONS_AGAIN	1000		/* see tenants_refresh */
#define REFUSED_MS	1000		/* until a refused question is put anew */

struct host {
	uint32_t	 hash;
	const char	*name;		/* in the tenant's arena */
	uint32_t	 slot;		/* index + 1; 0: free */
};

struct tenants {
	struct tenant_slot	**slots;	/* in order of arrival */
	size_t			 count;
	size_t			 cap;
	struct tenant_slot	**by_slug;	/* sorted */
	size_t			 by_slug_cap;
	struct host		*hosts;		/* open addressing */
	size_t			 host_count;
	size_t			 host_cap;	/* a power of two */
	struct tenant_slot	**by_id;	/* [id], NULL: unknown */
	size_t			 id_cap;
	int64_t			 version;	/* the highest seen */
	char			 changed_id[16];
	bool			 loaded;
	bool			 asking;
	bool			 ask_again;
	bool			 step_back;	/* VERSIONS_AGAIN, with the next */
	uint64_t		 not_before;
	char			 version_text[24];
	struct batch		 batch;
};

static void	tenants_ask(struct tenants *);

struct tenant *
tenant_hold(struct tenant *tenant)
{
	tenant->references++;
	return (tenant);
}

void
tenant_release(struct tenant *tenant)
{
	if (tenant != NULL && --tenant->references == 0)
		tenant_free(tenant);
}

/* FNV-1a: the table's keys are our own, only its size is asked for. */
static uint32_t
host_hash(const char *host, size_t len)
{
	uint32_t	hash;
	size_t		i;

	hash = 2166136261u;
	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)host[i]) * 16777619u;
	return (hash);
}

static struct host *
host_find(const struct tenants *tenants, const char *name, size_t len)
{
	struct host	*host;
	uint32_t	 hash;
	size_t		 at;

	if (tenants->host_cap == 0)
		return (NULL);
	hash = host_hash(name, len);
	for (at = hash;; at++) {
		host = &tenants->hosts[at & (tenants->host_cap - 1)];
		if (host->slot == 0)
			return (NULL);
		if (host->hash == hash && strlen(host->name) == len &&
		    memcmp(host->name, name, len) == 0)
			return (host);
	}
}

static void
host_put(struct tenants *tenants, const char *name, uint32_t slot)
{
	struct host	*host;
	uint32_t	 hash;
	size_t		 at;

	hash = host_hash(name, strlen(name));
	for (at = hash;; at++) {
		host = &tenants->hosts[at & (tenants->host_cap - 1)];
		if (host->slot == 0)
			break;
	}
	host->hash = hash;
	host->name = name;
	host->slot = slot;
	tenants->host_count++;
}

/*
 * Hosts are put back from all tenants when one's hosts changed: rare, quick
 * (10,000 tenants: a millisecond), and without tombstones. The first tenant
 * that claims a name keeps it.
 */
static void
hosts_rebuild(struct tenants *tenants)
{
	const struct tenant	*tenant;
	size_t			 i, j, need;

	need = 0;
	for (i = 0; i < tenants->count; i++) {
		if ((tenant = tenants->slots[i]->tenant) != NULL)
			need += tenant->file.hosts.count;
	}
	while (tenants->host_cap < need * 2 + 16)
		tenants->host_cap = tenants->host_cap == 0 ? 64 :
		    tenants->host_cap * 2;
	free(tenants->hosts);
	tenants->hosts = calloc(tenants->host_cap, sizeof(*tenants->hosts));
	if (tenants->hosts == NULL)
		abort();
	tenants->host_count = 0;
	for (i = 0; i < tenants->count; i++) {
		if ((tenant = tenants->slots[i]->tenant) == NULL)
			continue;
		for (j = 0; j < tenant->file.hosts.count; j++) {
			if (host_find(tenants, tenant->file.hosts.items[j],
			    strlen(tenant->file.hosts.items[j])) == NULL)
				host_put(tenants, tenant->file.hosts.items[j],
				    (uint32_t)i + 1);
		}
	}
}

static void *
grow(void *items, size_t *cap, size_t need, size_t size)
{
	size_t	was;

	if (need <= *cap)
		return (items);
	was = *cap;
	while (*cap < need)
		*cap = *cap == 0 ? 16 : *cap * 2;
	if ((items = realloc(items, *cap * size)) == NULL)
		abort();
	memset((char *)items + was * size, 0, (*cap - was) * size);
	return (items);
}

/* Where `slug` is in by_slug, or where it belongs. */
static size_t
slug_find(const struct tenants *tenants, const char *slug, size_t count)
{
	size_t	low, high, middle;

	low = 0;
	high = count;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(tenants->by_slug[middle]->slug, slug) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (low);
}

static void
slug_put(struct tenants *tenants, struct tenant_slot *slot)
{
	size_t	at, count;

	count = tenants->count - 1;	/* without this one */
	tenants->by_slug = grow(tenants->by_slug, &tenants->by_slug_cap,
	    tenants->count, sizeof(*tenants->by_slug));
	at = slug_find(tenants, slot->slug, count);
	memmove(tenants->by_slug + at + 1, tenants->by_slug + at,
	    (count - at) * sizeof(*tenants->by_slug));
	tenants->by_slug[at] = slot;
}

static struct tenant_slot *
slot_get(struct tenants *tenants, int32_t id, const char *slug)
{
	struct tenant_slot	*slot;

	if ((slot = tenants_by_id(tenants, id)) != NULL)
		return (slot);
	if ((slot = calloc(1, sizeof(*slot))) == NULL ||
	    (slot->slug = strdup(slug)) == NULL)
		abort();
	slot->id = id;
	tenants->slots = grow(tenants->slots, &tenants->cap,
	    tenants->count + 1, sizeof(*tenants->slots));
	tenants->slots[tenants->count++] = slot;
	slug_put(tenants, slot);
	tenants->by_id = grow(tenants->by_id, &tenants->id_cap,
	    (size_t)id + 1, sizeof(*tenants->by_id));
	tenants->by_id[id] = slot;
	return (slot);
}

static void
slot_problem(struct tenant_slot *slot, const char *text)
{
	if (text != NULL && slot->problem != NULL &&
	    strcmp(text, slot->problem) == 0)
		return;
	free(slot->problem);
	slot->problem = NULL;
	if (text == NULL || *text == '\0')
		return;
	if ((slot->problem = strdup(text)) == NULL)
		abort();
	log_event(LOG_LEVEL_ERROR, "tenant has a problem",
	    "tenant=%s problem=\"%s\"", slot->slug, slot->problem);
}

static bool
hosts_same(const struct tenant *a, const struct tenant *b)
{
	size_t	i;

	if (a == NULL || b == NULL ||
	    a->file.hosts.count != b->file.hosts.count)
		return (false);
	for (i = 0; i < a->file.hosts.count; i++) {
		if (strcmp(a->file.hosts.items[i], b->file.hosts.items[i]) != 0)
			return (false);
	}
	return (true);
}

/* false: SQL null. */
static bool
column_bytes(const PGresult *result, int row, int column, struct arena *arena,
    struct bytes *bytes)
{
	if (PQgetisnull(result, row, column))
		return (false);
	*bytes = bytea_read(arena, PQgetvalue(result, row, column));
	return (bytes->at != NULL);
}

enum { C_ID, C_SLUG, C_ACTIVE, C_VERSION, C_CONFIG, C_ERRORS, C_PUBLIC,
    C_SECRET };

static void
slot_keys(struct tenant *tenant, const PGresult *result, int row,
    struct arena *arena)
{
	struct bytes	bytes;

	if (column_bytes(result, row, C_PUBLIC, arena, &bytes) &&
	    bytes.len == CRYPTO_KEY_LEN)
		memcpy(tenant->public_key, bytes.at, CRYPTO_KEY_LEN);
	if (worker_state.side == ROUTER_OFFICE &&
	    column_bytes(result, row, C_SECRET, arena, &bytes) &&
	    crypto_tenant_unwrap(&worker_state.keys, tenant->id, bytes,
	    tenant->secret_key) == STATUS_OK)
		tenant->has_secret_key = true;
}

static struct tenant *
tenant_parse(struct tenant_slot *slot, const PGresult *result, int row,
    struct arena *arena)
{
	struct findings	 findings;
	struct tenant	*tenant;
	struct node	*document;
	const char	*config;

	findings_init(&findings, arena);
	config = PQgetvalue(result, row, C_CONFIG);
	if (node_from_json(arena, config, strlen(config), &document,
	    &findings) != STATUS_OK ||
	    tenant_new(worker_state.registry, document, &tenant, &findings) !=
	    STATUS_OK) {
		slot_problem(slot, findings.first == NULL ? "unreadable" :
		    finding_line(arena, findings.first));
		return (NULL);
	}
	tenant->id = slot->id;
	tenant->version = strtoll(PQgetvalue(result, row, C_VERSION), NULL, 10);
	tenant->active = true;
	tiles_look(tenant);
	slot_keys(tenant, result, row, arena);
	return (tenant_hold(tenant));
}

/* The new tenant, or the one that was: the last good version keeps serving. */
static bool
tenant_take(struct tenants *tenants, const PGresult *result, int row)
{
	struct tenant_slot	*slot;
	struct tenant		*tenant, *old;
	struct arena		*arena;
	bool			 same;
	size_t			 i;

	arena = arena_new(8192);
	slot = slot_get(tenants,
	    (int32_t)strtol(PQgetvalue(result, row, C_ID), NULL, 10),
	    PQgetvalue(result, row, C_SLUG));
	slot_problem(slot, PQgetvalue(result, row, C_ERRORS));
	old = slot->tenant;
	if (old != NULL && old->version ==
	    strtoll(PQgetvalue(result, row, C_VERSION), NULL, 10)) {
		arena_free(arena);
		return (true);
	}
	if (PQgetvalue(result, row, C_ACTIVE)[0] != 't')
		tenant = NULL;
	else if (PQgetisnull(result, row, C_CONFIG) ||
	    (tenant = tenant_parse(slot, result, row, arena)) == NULL) {
		arena_free(arena);
		return (true);
	}
	same = hosts_same(old, tenant);
	slot->tenant = tenant;
	if (old != NULL && !same)
		hosts_rebuild(tenants);	/* its names go with it */
	for (i = 0; i < TOPICS_MAX; i++)
		slot->changes[i]++;
	/* A host entry's name lies in the tenant it came from. */
	if (same) {
		for (i = 0; i < tenant->file.hosts.count; i++)
			host_find(tenants, tenant->file.hosts.items[i],
			    strlen(tenant->file.hosts.items[i]))->name =
			    tenant->file.hosts.items[i];
	}
	arena_free(arena);
	tenant_release(old);
	return (same);
}

static void
tenants_take(struct tenants *tenants, const PGresult *result)
{
	int64_t	version;
	bool	same;
	int	i;

	same = true;
	for (i = 0; i < PQntuples(result); i++) {
		version = strtoll(PQgetvalue(result, i, C_VERSION), NULL, 10);
		if (version > tenants->version)
			tenants->version = version;
		if (!tenant_take(tenants, result, i))
			same = false;
	}
	if (!same)
		hosts_rebuild(tenants);
}

static void
tenants_answered(struct batch *batch, enum batch_outcome outcome)
{
	struct tenants	*tenants;
	bool		 more;

	tenants = batch->argument;
	tenants->asking = false;
	more = tenants->ask_again;
	if (outcome == BATCH_DONE) {
		tenants_take(tenants, batch->result);
		more = more || PQntuples(batch->result) == BATCH_ROWS;
		if (!more && !tenants->loaded) {
			tenants->loaded = true;
			log_event(LOG_LEVEL_INFO, "tenants loaded",
			    "count=%zu", tenants->count);
		}
	} else {
		/* What was asked for is still to come: see tenants_tick. */
		tenants->ask_again = tenants->step_back = true;
	}
	if (outcome == BATCH_FAILED) {
		tenants->not_before = loop_kore.now() + REFUSED_MS;
		log_event(LOG_LEVEL_ERROR, "tenants cannot be read",
		    "sqlstate=%s", batch->sqlstate);
	}
	PQclear(batch->result);
	batch->result = NULL;
	if (more && outcome == BATCH_DONE)
		tenants_ask(tenants);
}

static void
tenants_ask(struct tenants *tenants)
{
	struct batch_step	*step;

	if (tenants->asking) {
		tenants->ask_again = true;
		return;
	}
	tenants->asking = true;
	tenants->ask_again = false;
	if (tenants->step_back)
		tenants->version = tenants->version > VERSIONS_AGAIN ?
		    tenants->version - VERSIONS_AGAIN : -1;
	tenants->step_back = false;
	memset(&tenants->batch, 0, sizeof(tenants->batch));
	tenants->batch.lane = POOL_SHORT;
	tenants->batch.done = tenants_answered;
	tenants->batch.argument = tenants;
	tenants->batch.step_count = 1;
	step = &tenants->batch.steps[0];
	step->prepared = SQL_TENANTS;
	step->keep = true;
	(void)snprintf(tenants->version_text, sizeof(tenants->version_text),
	    "%lld", (long long)tenants->version);
	step_text(step, tenants->version_text);
	step_text(step, tenants->changed_id[0] == '\0' ? NULL :
	    tenants->changed_id);
	step_text(step, TEXT(BATCH_ROWS));
	/* A short batch is sent, or refused, before this returns. */
	pool_submit(worker_state.pool, &tenants->batch);
	tenants->changed_id[0] = '\0';
}

struct tenants *
tenants_new(void)
{
	struct tenants	*tenants;

	if ((tenants = calloc(1, sizeof(*tenants))) == NULL)
		abort();
	tenants->version = -1;
	return (tenants);
}

/* Transactions may commit in another order than their versions': what came
 * just before the highest is asked for again. */
void
tenants_refresh(struct tenants *tenants)
{
	if (tenants->loaded)
		tenants->step_back = true;
	tenants_ask(tenants);
}

void
tenants_tick(struct tenants *tenants)
{
	if (!tenants->asking && (tenants->ask_again || !tenants->loaded) &&
	    loop_kore.now() >= tenants->not_before)
		tenants_ask(tenants);
}

/* Versions of two transactions may be committed in the other order: the id
 * is asked for by name. */
void
tenants_changed(struct tenants *tenants, const char *payload)
{
	if (strspn(payload, "0123456789") != strlen(payload) ||
	    strlen(payload) >= sizeof(tenants->changed_id))
		return;
	if (!tenants->asking || tenants->changed_id[0] == '\0')
		(void)snprintf(tenants->changed_id,
		    sizeof(tenants->changed_id), "%s", payload);
	else
		tenants->step_back = true;	/* two at once */
	tenants_ask(tenants);
}

struct tenant_slot *
tenants_by_host(struct tenants *tenants, const char *name)
{
	const struct host	*host;
	char			 lower[HOST_MAX];
	size_t			 i;

	for (i = 0; name[i] != '\0' && name[i] != ':'; i++) {
		if (i == sizeof(lower))
			return (NULL);
		lower[i] = (char)tolower((unsigned char)name[i]);
	}
	if ((host = host_find(tenants, lower, i)) == NULL)
		return (NULL);
	return (tenants->slots[host->slot - 1]);
}

struct tenant_slot *
tenants_by_name(struct tenants *tenants, const char *name)
{
	struct tenant_slot	*slot;
	size_t			 at;

	if ((slot = tenants_by_host(tenants, name)) != NULL)
		return (slot);
	at = slug_find(tenants, name, tenants->count);
	if (at == tenants->count ||
	    strcmp(tenants->by_slug[at]->slug, name) != 0)
		return (NULL);
	return (tenants->by_slug[at]);
}

struct tenant_slot *
tenants_by_id(struct tenants *tenants, int32_t id)
{
	if (id < 0 || (size_t)id >= tenants->id_cap)
		return (NULL);
	return (tenants->by_id[id]);
}

bool
tenants_loaded(const struct tenants *tenants)
{
	return (tenants->loaded);
}

void
tenants_report(const struct tenants *tenants, struct json *json)
{
	size_t	i;

	json_int(json, "tenants", (int64_t)tenants->count);
	json_open_array(json, "problems");
	for (i = 0; i < tenants->count; i++) {
		if (tenants->slots[i]->problem == NULL)
			continue;
		json_open_object(json, NULL);
		json_text(json, "tenant", tenants->slots[i]->slug);
		json_text(json, "problem", tenants->slots[i]->problem);
		json_close(json);
	}
	json_close(json);
}

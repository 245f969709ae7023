/* SPDX-License-Identifier: EUPL-1.2 */
/* The processes that take jobs, each one after the other. */

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "courier/job.h"
#include "db/bytea.h"
#include "db/sync.h"

#define IDLE_MS		5000	/* and looks for lost leases that often */

static const struct {
	const char	*kind;
	enum status	(*run)(struct worker *, struct job *);
} kinds[] = {
	{ "image", job_image },
	{ "mail", job_mail },
	{ "oidc", job_oidc },
};

const char *
job_text(const struct job *job, const char *name)
{
	const struct node	*node;

	node = node_get(job->payload, name);
	return (node == NULL || node->kind != NODE_TEXT ? NULL : node->text);
}

const struct statement *
job_statement(const struct worker *worker, const struct job *job,
    const char *which)
{
	const struct loaded	*loaded;
	const char		*plugin, *name;

	plugin = job_text(job, "plugin");
	name = job_text(job, which);
	if (plugin == NULL || name == NULL)
		return (NULL);
	loaded = registry_plugin(worker->part->registry, plugin);
	return (loaded == NULL ? NULL : registry_statement(loaded, name));
}

static struct node *
job_arguments(struct worker *worker, const struct job *job)
{
	struct node	*map;

	map = node_new(worker->arena, NODE_MAP);
	argument_int(worker->arena, map, "tenant", job->tenant);
	argument_text(worker->arena, map, "id", job->id);
	argument_text(worker->arena, map, "lease", job->lease);
	argument_int(worker->arena, map, "attempts", JOB_ATTEMPTS);
	return (map);
}

enum status
job_finish(struct worker *worker, const struct job *job)
{
	PGresult	*result;
	enum status	 status;

	result = part_query(worker->part, worker->arena,
	    part_statement(worker->part, "job_finish"),
	    job_arguments(worker, job));
	/* No row: somebody took it over, and what was done is undone. */
	status = result != NULL && PQntuples(result) == 1 ? STATUS_OK :
	    STATUS_DATABASE;
	PQclear(result);
	return (status);
}

static void
job_fail(struct worker *worker, const struct job *job, enum status status)
{
	struct node	*arguments;
	PGresult	*result;
	const char	*state;

	arguments = job_arguments(worker, job);
	argument_text(worker->arena, arguments, "error",
	    job->reason == NULL ? status_text(status) : job->reason);
	argument_text(worker->arena, arguments, "dead",
	    status == STATUS_REFUSED ? "t" : "f");
	result = part_query(worker->part, worker->arena,
	    part_statement(worker->part, "job_fail"), arguments);
	if ((state = result_text(result, "state")) != NULL)
		log_event(strcmp(state, "dead") == 0 ? LOG_LEVEL_ERROR :
		    LOG_LEVEL_WARN, "job failed", "job=%s kind=%s tenant=%d "
		    "attempt=%d state=%s reason=%s", job->id, job->kind,
		    job->tenant, (int)result_int(result, "attempts"), state,
		    job->reason == NULL ? "database" : job->reason);
	PQclear(result);
}

static void
job_run(struct worker *worker, struct job *job)
{
	enum status	 status;
	size_t		 i;

	status = STATUS_REFUSED;
	job->reason = "unknown-kind";
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].kind, job->kind) != 0)
			continue;
		job->reason = NULL;
		status = kinds[i].run(worker, job);
	}
	if (status != STATUS_OK &&
	    PQtransactionStatus(worker->part->db) != PQTRANS_IDLE)
		sync_rollback(worker->part->db);
	if (status == STATUS_OK)
		log_event(LOG_LEVEL_INFO, "job done",
		    "job=%s kind=%s tenant=%d", job->id, job->kind,
		    job->tenant);
	else if (!worker->part->lost)
		job_fail(worker, job, status);
}

static void
job_read(struct worker *worker, const PGresult *row, struct job *job)
{
	struct arena	*arena;
	struct findings	 findings;
	struct node	*payload;
	const char	*text;

	arena = worker->arena;
	job->tenant = (int32_t)result_int(row, "tenant_id");
	job->id = arena_text(arena, result_text(row, "id"));
	job->kind = arena_text(arena, result_text(row, "kind"));
	job->lease = arena_text(arena, result_text(row, "lease"));
	job->created = result_int(row, "created");
	text = result_text(row, "payload");
	findings_init(&findings, arena);
	job->payload = NULL;
	if (node_from_json(arena, text, strlen(text), &payload, &findings) ==
	    STATUS_OK)
		job->payload = payload;
	job->sealed = bytea_read(arena, result_text(row, "sealed"));
}

static bool
job_claim(struct worker *worker, struct job *job)
{
	struct node	*arguments;
	PGresult	*result;
	bool		 any;

	arguments = node_new(worker->arena, NODE_MAP);
	argument_int(worker->arena, arguments, "seconds", JOB_LEASE);
	argument_text(worker->arena, arguments, "pictures",
	    worker->pictures ? "t" : "f");
	result = part_query(worker->part, worker->arena,
	    part_statement(worker->part, "job_claim"), arguments);
	any = result != NULL && PQntuples(result) == 1;
	if (any)
		job_read(worker, result, job);
	PQclear(result);
	return (any);
}

static void
jobs_expire(struct worker *worker)
{
	struct node	*arguments;
	PGresult	*result;

	arguments = node_new(worker->arena, NODE_MAP);
	argument_int(worker->arena, arguments, "attempts", JOB_ATTEMPTS);
	result = part_query(worker->part, worker->arena,
	    part_statement(worker->part, "job_expire"), arguments);
	if (result_int(result, "lost") > 0)
		log_event(LOG_LEVEL_WARN, "jobs of a lost courier are taken "
		    "over", "count=%d", (int)result_int(result, "lost"));
	PQclear(result);
}

/* Milliseconds that nothing is going to be due. */
static int
jobs_idle(struct worker *worker)
{
	struct node	*arguments;
	PGresult	*result;
	const char	*text;
	int64_t		 ms;

	arguments = node_new(worker->arena, NODE_MAP);
	argument_text(worker->arena, arguments, "pictures",
	    worker->pictures ? "t" : "f");
	result = part_query(worker->part, worker->arena,
	    part_statement(worker->part, "job_next"), arguments);
	text = result_text(result, "ms");
	ms = text == NULL ? IDLE_MS : result_int(result, "ms");
	PQclear(result);
	return (ms < IDLE_MS ? (int)ms + 1 : IDLE_MS);
}

static void
jobs_turn(struct worker *worker)
{
	struct job	 job;
	int		 idle;

	worker->arena = arena_new(0);
	if (job_claim(worker, &job))
		job_run(worker, &job);
	else if (!worker->part->lost) {
		jobs_expire(worker);
		idle = jobs_idle(worker);
		if (!worker->part->lost)
			(void)part_wait(worker->part, -1, idle);
	}
	arena_free(worker->arena);
}

static int
worker_run(struct part *part, bool pictures)
{
	struct worker	 worker = { .part = part, .pictures = pictures };
	struct arena	*arena;
	struct keys	 keys;
	enum status	 status;

	arena = arena_new(0);
	status = keys_load(&keys, arena_format(arena, "%s/keys",
	    part->env->var), KEYS_COURIER);
	arena_free(arena);
	if (status != STATUS_OK)
		return (1);
	worker.keys = &keys;
	part->lost = true;
	while (!part_stop) {
		if (part->lost &&
		    part_connect(part, "stadtkern_job") != STATUS_OK)
			break;
		jobs_turn(&worker);
		part_signals();
	}
	explicit_bzero(&keys, sizeof(keys));
	return (0);
}

int
jobs_run(struct part *part)
{
	return (worker_run(part, false));
}

int
pictures_run(struct part *part)
{
	return (worker_run(part, true));
}

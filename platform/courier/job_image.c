/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A picture: opened in the sandbox, where the payload's `areas` are blackened,
 * stored as two JPEGs; then the plugin's own statement says what becomes of
 * them. All of it in one transaction with
 * the end of the job, so that it happens once.
 */

#include <string.h>

#include "core/document/node_util.h"
#include "core/log.h"
#include "courier/job.h"
#include "courier/sandbox.h"
#include "db/bytea.h"
#include "db/sync.h"

/* STATUS_NOT_FOUND: it was erased in the meantime. */
static enum status
original_read(struct worker *worker, const struct job *job,
    struct bytes *content)
{
	struct node	*arguments;
	PGresult	*result;
	const char	*text;
	enum status	 status;

	if (sync_begin(worker->part->db, job->tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	arguments = node_new(worker->arena, NODE_MAP);
	argument_text(worker->arena, arguments, "id", job_text(job, "blob"));
	result = part_query(worker->part, worker->arena,
	    part_statement(worker->part, "blob_read"), arguments);
	status = result == NULL ? STATUS_DATABASE : STATUS_NOT_FOUND;
	if ((text = result_text(result, "content")) != NULL) {
		*content = bytea_read(worker->arena, text);
		status = content->at == NULL ? STATUS_DATABASE : STATUS_OK;
	}
	PQclear(result);
	if (status != STATUS_DATABASE &&
	    sync_commit(worker->part->db) != STATUS_OK)
		return (STATUS_DATABASE);
	return (status);
}

/* Stores a JPEG and adds its id to the arguments. */
static enum status
blob_store(struct worker *worker, struct node *arguments, const char *name,
    struct bytes content)
{
	const char *const	 parameters[] = { (const char *)content.at };
	const int		 lengths[] = { (int)content.len };
	PGresult		*result;
	const char		*id;
	char			 state[6];
	enum status		 status;

	result = sync_query_state(worker->part->db,
	    part_statement(worker->part, "blob_store")->sql, 1, parameters,
	    lengths, state);
	if ((id = result_text(result, "id")) != NULL)
		argument_text(worker->arena, arguments, name, id);
	status = id == NULL ? STATUS_DATABASE : STATUS_OK;
	PQclear(result);
	return (status);
}

/* A copy of the payload's arguments, and the original's id. */
static struct node *
image_arguments(struct worker *worker, const struct job *job)
{
	const struct node	*given, *member;
	struct node		*map;

	map = node_new(worker->arena, NODE_MAP);
	given = node_get(job->payload, "arguments");
	for (member = given == NULL ? NULL : given->first; member != NULL;
	    member = member->next)
		node_append(worker->arena, map, member->name,
		    node_share(worker->arena, member));
	argument_text(worker->arena, map, "original", job_text(job, "blob"));
	return (map);
}

static enum status
image_store(struct worker *worker, const struct sandbox_picture *picture,
    struct node *arguments)
{
	enum status	 status;

	argument_int(worker->arena, arguments, "width", picture->width);
	argument_int(worker->arena, arguments, "height", picture->height);
	status = blob_store(worker, arguments, "full", picture->full);
	if (status == STATUS_OK)
		status = blob_store(worker, arguments, "thumbnail",
		    picture->thumbnail);
	return (status);
}

static enum status
image_settle(struct worker *worker, struct job *job,
    const struct sandbox_picture *picture, const char *refused)
{
	const struct statement	*statement;
	struct node		*arguments;
	PGresult		*result;
	enum status		 status;

	statement = job_statement(worker, job,
	    refused == NULL ? "done" : "failed");
	if (statement == NULL) {
		job->reason = "no-statement";
		return (STATUS_REFUSED);
	}
	arguments = image_arguments(worker, job);
	if (sync_begin(worker->part->db, job->tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	status = STATUS_OK;
	if (refused != NULL)
		argument_text(worker->arena, arguments, "reason", refused);
	else if (picture != NULL)
		status = image_store(worker, picture, arguments);
	if (status != STATUS_OK)
		return (status);
	job->reason = "statement-failed";
	result = part_query(worker->part, worker->arena, statement,
	    arguments);
	if (result == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	job->reason = NULL;
	if (job_finish(worker, job) != STATUS_OK)
		return (STATUS_DATABASE);
	return (sync_commit(worker->part->db));
}

/* The one it was about is gone: nothing is left to do. */
static enum status
image_vanished(struct worker *worker, const struct job *job)
{
	enum status	 status;

	if (sync_begin(worker->part->db, job->tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	status = job_finish(worker, job);
	return (status == STATUS_OK ? sync_commit(worker->part->db) : status);
}

enum status
job_image(struct worker *worker, struct job *job)
{
	struct sandbox_picture	 picture;
	struct blacken		 blacken;
	struct bytes		 content;
	const char		*refused;
	enum status		 status;

	if (blacken_read(node_get(job->payload, "areas"), &blacken) !=
	    STATUS_OK)
		return (image_settle(worker, job, NULL, "bad-areas"));
	status = original_read(worker, job, &content);
	if (status == STATUS_NOT_FOUND)
		return (image_vanished(worker, job));
	if (status != STATUS_OK)
		return (status);
	refused = NULL;
	status = sandbox_open(worker->arena, content, &blacken, NULL,
	    &picture, &refused);
	if (status == STATUS_IO) {
		job->reason = "sandbox";
		return (STATUS_IO);
	}
	if (status == STATUS_REFUSED)
		log_event(LOG_LEVEL_INFO, "picture refused",
		    "job=%s tenant=%d reason=%s", job->id, job->tenant,
		    refused);
	return (image_settle(worker, job, &picture,
	    status == STATUS_REFUSED ? refused : NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* From a tenant's files to the database, or to a list of what is wrong. */

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/tenant/tenant.h"
#include "courier/publish.h"
#include "courier/publish_files.h"
#include "db/sync.h"

#define ERRORS_MAX	(64u * 1024)

struct publishing {
	struct part		*part;
	struct arena		*arena;
	const char		*slug;
	struct node		*document;
	struct findings		 findings;
	struct node		*arguments;	/* for all statements */
};

static PGresult *
publishing_query(struct publishing *publishing, const char *name)
{
	return (part_query(publishing->part, publishing->arena,
	    part_statement(publishing->part, name), publishing->arguments));
}

static void
array_item(struct buf *buf, const char *text)
{
	buf_char(buf, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_char(buf, '\\');
		buf_char(buf, *text);
	}
	buf_char(buf, '"');
}

/* The findings as PostgreSQL's text[]; each is logged, too. */
static const char *
errors_text(struct publishing *publishing)
{
	const struct finding	*finding;
	struct buf		 buf;
	const char		*line;

	buf_init(&buf, publishing->arena, ERRORS_MAX);
	buf_char(&buf, '{');
	for (finding = publishing->findings.first; finding != NULL;
	    finding = finding->next) {
		line = finding_line(publishing->arena, finding);
		log_event(LOG_LEVEL_ERROR, "tenant's files are not good",
		    "tenant=%s at=\"%s\"", publishing->slug,
		    part_log_text(publishing->arena, line));
		if (finding != publishing->findings.first)
			buf_char(&buf, ',');
		array_item(&buf, line);
	}
	buf_char(&buf, '}');
	line = buf_finish(&buf, NULL);
	return (line == NULL ? "{\"too many findings\"}" : line);
}

/* NULL: there are none (any more). */
static enum status
errors_set(struct publishing *publishing, const char *errors)
{
	PGresult	*result;

	argument_text(publishing->arena, publishing->arguments, "errors",
	    errors);
	if ((result = publishing_query(publishing, "tenant_errors_set")) ==
	    NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

static const struct node *
document_hosts(const struct publishing *publishing)
{
	return (node_get(node_get(publishing->document, "tenant"), "hosts"));
}

/* Who published a host first keeps it. */
static enum status
hosts_check(struct publishing *publishing)
{
	const struct node	*host, *hosts;
	const char		*taken;
	PGresult		*result;
	enum status		 status;

	result = publishing_query(publishing, "tenant_hosts_taken");
	if (result == NULL)
		return (STATUS_DATABASE);
	status = STATUS_OK;
	if ((taken = result_text(result, "host")) != NULL) {
		hosts = document_hosts(publishing);
		for (host = hosts->first; host->next != NULL &&
		    strcmp(host->text, taken) != 0; host = host->next)
			continue;
		finding_add(&publishing->findings, "/hosts", host->file,
		    host->line, host->column, FINDING_CONFLICT,
		    arena_format(publishing->arena,
		    "\"%s\" belongs to \"%s\"", taken,
		    result_text(result, "slug")));
		status = STATUS_INVALID;
	}
	PQclear(result);
	return (status);
}

static enum status
document_publish(struct publishing *publishing)
{
	PGresult	*result;

	/* Servers hear of it at the end, when the files are there too. */
	result = publishing_query(publishing, "tenant_files_publish");
	PQclear(result);
	if (result == NULL)
		return (STATUS_DATABASE);
	if ((result = publishing_query(publishing, "tenant_publish")) == NULL)
		return (STATUS_DATABASE);
	log_event(LOG_LEVEL_INFO, "tenant published",
	    "tenant=%s version=%lld", publishing->slug,
	    (long long)result_int(result, "version"));
	PQclear(result);
	return (STATUS_OK);
}

/* Inside the transaction, with the lock: nobody publishes beside us. */
static enum status
document_compare(struct publishing *publishing)
{
	PGresult	*result;
	enum status	 status;
	bool		 differs, hosts, broken;

	if ((result = publishing_query(publishing, "tenant_lock")) == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	result = publishing_query(publishing, "tenant_compare");
	if (result == NULL)
		return (STATUS_DATABASE);
	if (PQntuples(result) == 0) {
		PQclear(result);
		return (STATUS_NOT_FOUND);
	}
	differs = strcmp(result_text(result, "differs"), "t") == 0;
	hosts = strcmp(result_text(result, "hosts_differ"), "t") == 0;
	broken = strcmp(result_text(result, "broken"), "t") == 0;
	PQclear(result);
	status = hosts ? hosts_check(publishing) : STATUS_OK;
	if (status == STATUS_OK && differs)
		status = document_publish(publishing);
	else if (status == STATUS_OK && broken)
		status = errors_set(publishing, NULL);
	return (status);
}

/* Before the transaction, as drawing takes its time. */
static enum status
files_make(struct publishing *publishing)
{
	PGresult	*result;
	const char	*missing, *files;
	enum status	 status;

	argument_text(publishing->arena, publishing->arguments, "names",
	    publish_files_names(publishing->arena, publishing->document));
	result = publishing_query(publishing, "tenant_files_missing");
	if (result == NULL)
		return (STATUS_DATABASE);
	missing = arena_text(publishing->arena,
	    result_text(result, "missing"));
	PQclear(result);
	status = publish_files_make(publishing->arena, publishing->document,
	    missing, &files, &publishing->findings);
	if (status == STATUS_OK)
		argument_text(publishing->arena, publishing->arguments,
		    "files", files);
	return (status);
}

static enum status
document_settle(struct publishing *publishing)
{
	struct json	 json;
	enum status	 status;

	argument_text(publishing->arena, publishing->arguments, "config",
	    tenant_config(publishing->arena, publishing->document));
	argument_text(publishing->arena, publishing->arguments, "boundary",
	    tenant_boundary(publishing->arena, publishing->document));
	json_init(&json, publishing->arena, ERRORS_MAX);
	node_to_json(&json, NULL, document_hosts(publishing));
	argument_text(publishing->arena, publishing->arguments, "hosts",
	    json_finish(&json, NULL));
	if (sync_begin(publishing->part->db, 0) != STATUS_OK) {
		publishing->part->lost = true;
		return (STATUS_DATABASE);
	}
	status = document_compare(publishing);
	if (status == STATUS_OK)
		return (sync_commit(publishing->part->db));
	sync_rollback(publishing->part->db);
	return (status);
}

static enum status
tenant_is_registered(struct publishing *publishing)
{
	PGresult	*result;
	enum status	 status;

	if ((result = publishing_query(publishing, "tenant_find")) == NULL)
		return (STATUS_DATABASE);
	status = PQntuples(result) == 1 ? STATUS_OK : STATUS_NOT_FOUND;
	PQclear(result);
	if (status == STATUS_NOT_FOUND)
		log_event(LOG_LEVEL_WARN, "a tenant's file waits",
		    "run=\"stadtkern tenant add %s\"", publishing->slug);
	return (status);
}

static enum status
publishing_run(struct publishing *publishing)
{
	enum status	 status;

	status = tenant_is_registered(publishing);
	if (status != STATUS_OK)
		return (status);
	status = tenant_read(publishing->arena, publishing->part->registry,
	    publishing->part->env->home, publishing->slug, NULL,
	    &publishing->document, &publishing->findings);
	if (status == STATUS_OK)
		status = files_make(publishing);
	if (status == STATUS_OK)
		status = document_settle(publishing);
	/* The database refused what the check let through. */
	if (status == STATUS_DATABASE && !publishing->part->lost) {
		finding_add(&publishing->findings, "", NULL, 0, 0,
		    FINDING_SYNTAX, "the database refused the document or "
		    "its boundary");
		status = STATUS_INVALID;
	}
	if (publishing->findings.count > 0 &&
	    errors_set(publishing, errors_text(publishing)) != STATUS_OK)
		return (STATUS_DATABASE);
	return (status);
}

enum status
publish_tenant(struct part *part, const char *slug)
{
	struct publishing	 publishing = { .part = part, .slug = slug };
	enum status		 status;

	publishing.arena = arena_new(0);
	findings_init(&publishing.findings, publishing.arena);
	publishing.arguments = node_new(publishing.arena, NODE_MAP);
	argument_text(publishing.arena, publishing.arguments, "slug", slug);
	status = publishing_run(&publishing);
	arena_free(publishing.arena);
	return (status);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Blocking access to the database, for the CLI and the courier. */

#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "db/sync.h"

#define SYNC_PARAMETERS_MAX	64
#define CONNECTION_LOST		"08006"

/* NOTICEs are for whoever writes a migration, not for a log. */
static void
notice_ignore(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

/* The first line of a libpq message, without quotes: fit for a log field. */
static void
message_line(const char *message, char *line, size_t size)
{
	size_t	i;

	if (strncmp(message, "ERROR:  ", 8) == 0)
		message += 8;
	for (i = 0; i + 1 < size && message[i] != '\0' && message[i] != '\n';
	    i++)
		line[i] = message[i] == '"' ? '\'' : message[i];
	line[i] = '\0';
}

PGconn *
sync_connect(const char *conninfo, const char *user)
{
	/* With expand_dbname a later keyword outweighs the string and an
	 * earlier one gives way to it. */
	const char *const keywords[] = { "user", "connect_timeout",
	    "keepalives_idle", "dbname", "application_name",
	    "client_encoding", "options", NULL };
	const char *const values[] = { user, "10", "30", conninfo, user,
	    "UTF8", "-c TimeZone=UTC -c search_path=stadtkern,public", NULL };
	PGconn	*db;
	char	 line[256];

	db = PQconnectdbParams(keywords, values, 1);
	if (PQstatus(db) != CONNECTION_OK) {
		message_line(PQerrorMessage(db), line, sizeof(line));
		log_event(LOG_LEVEL_ERROR, "could not reach the database",
		    "role=%s reason=\"%s\"", user, line);
		PQfinish(db);
		return (NULL);
	}
	PQsetNoticeProcessor(db, notice_ignore, NULL);
	return (db);
}

PGresult *
sync_query(PGconn *db, const char *sql, int count,
    const char *const *parameters)
{
	PGresult	*result;
	char		 state[6];
	char		 line[256];

	result = sync_query_state(db, sql, count, parameters, NULL, state);
	if (result == NULL) {
		message_line(PQerrorMessage(db), line, sizeof(line));
		log_event(LOG_LEVEL_ERROR, "statement failed",
		    "state=%s reason=\"%s\"", state, line);
	}
	return (result);
}

PGresult *
sync_query_state(PGconn *db, const char *sql, int count,
    const char *const *parameters, const int *lengths, char state[6])
{
	PGresult	*result;
	ExecStatusType	 status;
	const char	*code;
	int		 formats[SYNC_PARAMETERS_MAX];
	int		 i;

	if (count > SYNC_PARAMETERS_MAX) {
		(void)snprintf(state, 6, "54023");
		return (NULL);
	}
	for (i = 0; i < count; i++)
		formats[i] = lengths != NULL && lengths[i] > 0;
	result = PQexecParams(db, sql, count, NULL, parameters, lengths,
	    lengths == NULL ? NULL : formats, 0);
	status = PQresultStatus(result);
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
		state[0] = '\0';
		return (result);
	}
	code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	(void)snprintf(state, 6, "%s", code == NULL ? CONNECTION_LOST : code);
	PQclear(result);
	return (NULL);
}

/* Runs what gives no rows. */
static enum status
run(PGconn *db, const char *sql, int count, const char *const *parameters)
{
	PGresult	*result;

	result = sync_query(db, sql, count, parameters);
	if (result == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

enum status
sync_begin(PGconn *db, int32_t tenant_id)
{
	char		 text[16];
	const char	*parameters[] = { text };
	enum status	 status;

	if ((status = run(db, "begin", 0, NULL)) != STATUS_OK)
		return (status);
	if (tenant_id == 0)
		return (STATUS_OK);
	(void)snprintf(text, sizeof(text), "%d", tenant_id);
	status = run(db, "select set_config('stadtkern.tenant', $1, true)", 1,
	    parameters);
	if (status != STATUS_OK)
		sync_rollback(db);
	return (status);
}

enum status
sync_commit(PGconn *db)
{
	/* A commit of a failed transaction succeeds, as a rollback. */
	if (PQtransactionStatus(db) != PQTRANS_INTRANS) {
		sync_rollback(db);
		return (STATUS_DATABASE);
	}
	return (run(db, "commit", 0, NULL));
}

void
sync_rollback(PGconn *db)
{
	PGTransactionStatusType	status;

	status = PQtransactionStatus(db);
	if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
		(void)run(db, "rollback", 0, NULL);
}

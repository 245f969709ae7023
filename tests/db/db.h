/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the database tests share. Each program has a fresh database of its
 * own, in the cluster (platform/db/cluster.sh) whose directory
 * STADTKERN_TEST_PG names. To be run from the top of the checkout.
 */
#ifndef TESTS_DB_H
#define TESTS_DB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/migrate.h"
#include "db/sync.h"

#define OWNER	"stadtkern_owner"
#define PUBLIC_ROLE "stadtkern_public"
#define OFFICE_ROLE "stadtkern_office"
#define COURIER	"stadtkern_courier"

#define CONNECTIONS_MAX	64
#define ANSWERS		64
#define WAIT_STEPS	1000	/* of 10 ms */

static PGconn	*connections[CONNECTIONS_MAX];
static size_t	 connection_count;
static char	 database[32];		/* "" until it is made */

/* platform/db/cluster.sh <command> <directory> <database> */
static inline void
cluster(const char *command)
{
	char	*dir = getenv("STADTKERN_TEST_PG");
	char	*args[6];
	pid_t	 pid;
	int	 status;
	posix_spawn_file_actions_t quiet;

	if (dir == NULL)
		fail_msg("STADTKERN_TEST_PG is not set: see tests/db/run.sh");
	args[0] = strdup("sh");
	args[1] = strdup("platform/db/cluster.sh");
	args[2] = strdup(command);
	args[3] = dir;
	args[4] = database;
	args[5] = NULL;
	(void)posix_spawn_file_actions_init(&quiet);
	(void)posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO,
	    "/dev/null", O_WRONLY, 0);
	assert_int_equal(0, posix_spawnp(&pid, args[0], &quiet, NULL, args,
	    environ));
	(void)posix_spawn_file_actions_destroy(&quiet);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	free(args[0]);
	free(args[1]);
	free(args[2]);
	if (status != 0)
		fail_msg("cluster.sh %s failed", command);
}

/* A file's text, to be freed; found from the top of the checkout. */
static inline char *
file_text(const char *path)
{
	FILE	*file;
	char	*text;
	size_t	 len;

	text = malloc(1 << 20);
	file = fopen(path, "re");
	if (text == NULL || file == NULL)
		fail_msg("cannot read \"%s\"", path);
	len = fread(text, 1, (1 << 20) - 1, file);
	text[len] = '\0';
	assert_int_equal(0, ferror(file));
	(void)fclose(file);
	return (text);
}

/* A new connection as `role`; the first makes the database. */
static inline PGconn *
db_open(const char *role)
{
	PGconn	*db;
	char	 path[512], conninfo[512];
	char	*text;

	if (database[0] == '\0') {
		(void)snprintf(database, sizeof(database), "test_%d",
		    (int)getpid());
		cluster("database");
	}
	(void)snprintf(path, sizeof(path), "%s/conninfo",
	    getenv("STADTKERN_TEST_PG"));
	text = file_text(path);
	(void)snprintf(conninfo, sizeof(conninfo), "%.*s dbname=%s",
	    (int)strcspn(text, "\n"), text, database);
	free(text);
	db = sync_connect(conninfo, role);
	assert_non_null(db);
	assert_true(connection_count < CONNECTIONS_MAX);
	connections[connection_count++] = db;
	return (db);
}

/* Ends all connections and drops the database. */
static inline void
db_close_all(void)
{
	while (connection_count > 0)
		PQfinish(connections[--connection_count]);
	if (database[0] != '\0')
		cluster("drop");
	database[0] = '\0';
}

/*
 * The first value of the first row: "" for null, "(none)" without a row,
 * "(done)" for a command, "SK401 device-unknown" for an error. Clears the
 * result; the text lives until 64 further calls.
 */
static inline const char *
answer(PGresult *result)
{
	static char	*ring[ANSWERS];
	static size_t	 next;
	char		**slot;
	int		 len;

	slot = &ring[next++ % ANSWERS];
	free(*slot);
	*slot = NULL;
	switch (PQresultStatus(result)) {
	case PGRES_TUPLES_OK:
		*slot = strdup(PQntuples(result) == 0 ? "(none)" :
		    PQnfields(result) == 0 ? "(row)" :
		    PQgetvalue(result, 0, 0));
		break;
	case PGRES_COMMAND_OK:
		*slot = strdup("(done)");
		break;
	default:
		len = asprintf(slot, "%s %s",
		    PQresultErrorField(result, PG_DIAG_SQLSTATE),
		    PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
		assert_true(len >= 0);
	}
	assert_non_null(*slot);
	PQclear(result);
	return (*slot);
}

static inline void
assert_begins(const char *text, const char *beginning)
{
	if (strncmp(text, beginning, strlen(beginning)) != 0)
		fail_msg("\"%s\" does not begin with \"%s\"", text, beginning);
}

/* Runs one or more statements (in one transaction, unless they say begin)
 * and gives the answer of the last one. */
static inline const char *ask(PGconn *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static inline const char *
ask(PGconn *db, const char *fmt, ...)
{
	const char	*text;
	char		*sql;
	va_list		 args;

	va_start(args, fmt);
	assert_true(vasprintf(&sql, fmt, args) >= 0);
	va_end(args);
	text = answer(PQexec(db, sql));
	free(sql);
	return (text);
}

/* Runs all of migrations/ and makes tenants 1 "one" and 2 "two". */
static inline void
db_prepare(void)
{
	PGconn		*owner;
	unsigned int	 applied;

	owner = db_open(OWNER);
	assert_int_equal(migrate_run(owner, "migrations", &applied),
	    STATUS_OK);
	assert_true(applied > 0);
	assert_string_equal("1,2", ask(owner,
	    "with made as (insert into tenant (slug) values ('one'), ('two') "
	    "returning id) select string_agg(id::text, ',' order by id) "
	    "from made"));
}

/* Waits until the backend `pid` waits for a lock; fails after 10 seconds. */
static inline void
db_wait_for_lock(PGconn *watcher, int pid)
{
	int	i;

	for (i = 0; i < WAIT_STEPS; i++) {
		if (strcmp(ask(watcher, "select 1 from pg_locks "
		    "where pid = %d and not granted", pid), "1") == 0)
			return;
		(void)poll(NULL, 0, 10);
	}
	fail_msg("backend %d waits for no lock", pid);
}

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* Forward-only migrations. */

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <stadtkern/arena.h>

#include "db/migrate.h"

#define FILE_MAX_LEN	(4 * 1024 * 1024)
#define NUMBER_DIGITS	4
#define SHA256_TEXT	(crypto_hash_sha256_BYTES * 2 + 1)

/* The key of the advisory lock: "stadtkern" in ASCII, cut to eight. */
#define LOCK		"8319381495737967986"

struct migration {
	int		 number;
	const char	*name;		/* the file's */
	char		*sql;
	char		 sha256[SHA256_TEXT];
	bool		 applied;
};

struct migrations {
	struct arena		*arena;
	const char		*dir;
	size_t			 count;
	struct migration	*list;
};

static void complain(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

static void
complain(const char *fmt, ...)
{
	va_list	args;

	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

/* libpq's messages end in a line feed of their own. */
static void
complain_database(PGconn *db, const char *what)
{
	(void)fprintf(stderr, "%s: %s", what, PQerrorMessage(db));
}

/* NNNN_<plugin or core>_<what>.sql; the number, or -1. */
static int
name_number(const char *name)
{
	const char	*rest;
	size_t		 i;

	for (i = 0; i < NUMBER_DIGITS; i++)
		if (name[i] < '0' || name[i] > '9')
			return (-1);
	rest = name + NUMBER_DIGITS;
	if (rest[0] != '_' ||
	    strspn(rest + 1, "abcdefghijklmnopqrstuvwxyz0123456789-_") !=
	    strlen(rest) - 1 - strlen(".sql"))
		return (-1);
	rest = strchr(rest + 1, '_');
	if (rest == NULL || rest[1] == '.')
		return (-1);
	return ((int)strtol(name, NULL, 10));
}

static int
name_is_sql(const struct dirent *entry)
{
	size_t	len;

	len = strlen(entry->d_name);
	return (len > 4 && entry->d_name[0] != '.' &&
	    strcmp(entry->d_name + len - 4, ".sql") == 0);
}

static enum status
file_read(struct migrations *all, struct migration *one)
{
	unsigned char	 hash[crypto_hash_sha256_BYTES];
	struct stat	 about;
	char		*path;
	FILE		*file;
	size_t		 len;

	path = arena_format(all->arena, "%s/%s", all->dir, one->name);
	if ((file = fopen(path, "re")) == NULL) {
		complain("%s: %s", path, strerror(errno));
		return (STATUS_IO);
	}
	if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode) ||
	    about.st_size > FILE_MAX_LEN)
		about.st_size = 0;
	one->sql = arena_alloc(all->arena, (size_t)about.st_size + 1);
	len = fread(one->sql, 1, (size_t)about.st_size, file);
	(void)fclose(file);
	if (len == 0 || len != (size_t)about.st_size ||
	    memchr(one->sql, '\0', len) != NULL) {
		complain("%s: not a text file of 1 to %d bytes", path,
		    FILE_MAX_LEN);
		return (STATUS_IO);
	}
	(void)crypto_hash_sha256(hash, (const unsigned char *)one->sql, len);
	(void)sodium_bin2hex(one->sha256, sizeof(one->sha256), hash,
	    sizeof(hash));
	return (STATUS_OK);
}

/* All files of the directory, in order; every fault of a name is said. */
static enum status
files_read(struct migrations *all)
{
	struct dirent		**entries;
	struct migration	*one;
	enum status		 status;
	int			 i, count;

	count = scandir(all->dir, &entries, name_is_sql, alphasort);
	if (count < 0) {
		complain("%s: %s", all->dir, strerror(errno));
		return (STATUS_IO);
	}
	status = STATUS_OK;
	all->list = arena_alloc(all->arena,
	    ((size_t)count + 1) * sizeof(*all->list));
	for (i = 0; i < count; i++) {
		one = &all->list[all->count];
		one->name = arena_text(all->arena, entries[i]->d_name);
		free(entries[i]);
		one->number = name_number(one->name);
		if (one->number < 0) {
			complain("%s/%s: not named NNNN_<plugin or core>_"
			    "<what>.sql; rename it", all->dir, one->name);
			status = STATUS_REFUSED;
		} else if (i > 0 && all->count > 0 &&
		    one[-1].number == one->number) {
			complain("%s/%s: number %04d is taken by \"%s\"; give "
			    "the newer one the next free number", all->dir,
			    one->name, one->number, one[-1].name);
			status = STATUS_REFUSED;
		} else if (file_read(all, one) != STATUS_OK) {
			status = STATUS_IO;
		} else
			all->count++;
	}
	free(entries);
	return (status);
}

static struct migration *
find(struct migrations *all, int number)
{
	size_t	i;

	for (i = 0; i < all->count; i++)
		if (all->list[i].number == number)
			return (&all->list[i]);
	return (NULL);
}

/* Marks what was applied; refuses what does not agree with the files. */
static enum status
registry_compare(PGconn *db, struct migrations *all)
{
	PGresult		*rows;
	struct migration	*one;
	enum status		 status;
	int			 i;

	rows = PQexec(db, "select number, name, sha256 "
	    "from stadtkern.migration order by number");
	if (PQresultStatus(rows) != PGRES_TUPLES_OK) {
		complain_database(db, "could not read the registry of "
		    "migrations");
		PQclear(rows);
		return (STATUS_DATABASE);
	}
	status = STATUS_OK;
	for (i = 0; i < PQntuples(rows); i++) {
		one = find(all, (int)strtol(PQgetvalue(rows, i, 0), NULL, 10));
		if (one == NULL) {
			complain("%s/%s: was applied but is not here; this "
			    "checkout is older than the database: update it",
			    all->dir, PQgetvalue(rows, i, 1));
			status = STATUS_REFUSED;
		} else if (strcmp(one->name, PQgetvalue(rows, i, 1)) != 0 ||
		    strcmp(one->sha256, PQgetvalue(rows, i, 2)) != 0) {
			complain("%s/%s: was applied as \"%s\" and edited "
			    "since; restore it and write a new migration",
			    all->dir, one->name, PQgetvalue(rows, i, 1));
			status = STATUS_REFUSED;
		} else
			one->applied = true;
	}
	PQclear(rows);
	return (status);
}

/* Runs statements whose rows nobody wants. */
static enum status
run(PGconn *db, const char *sql, const char *what)
{
	PGresult	*result;
	enum status	 status;

	result = PQexec(db, sql);
	status = STATUS_OK;
	if (PQresultStatus(result) != PGRES_COMMAND_OK &&
	    PQresultStatus(result) != PGRES_TUPLES_OK) {
		complain_database(db, what);
		status = STATUS_DATABASE;
	}
	PQclear(result);
	return (status);
}

/* The line of the file that the server points at, or 1. */
static unsigned int
error_line(const PGresult *result, const char *sql)
{
	const char	*position;
	unsigned int	 line;
	long		 at;

	position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	at = position == NULL ? 1 : strtol(position, NULL, 10);
	/* Counted in characters: continuation bytes of UTF-8 are none. */
	for (line = 1; *sql != '\0' && at > 1; sql++) {
		if (((unsigned char)sql[1] & 0xc0) != 0x80)
			at--;
		if (*sql == '\n')
			line++;
	}
	return (line);
}

static enum status
apply_sql(PGconn *db, const char *dir, const struct migration *one)
{
	PGresult	*result;
	const char	*detail;
	enum status	 status;

	result = PQexec(db, one->sql);
	status = STATUS_OK;
	if (PQresultStatus(result) != PGRES_COMMAND_OK &&
	    PQresultStatus(result) != PGRES_TUPLES_OK) {
		detail = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
		complain("%s/%s:%u: %s", dir, one->name,
		    error_line(result, one->sql),
		    detail == NULL ? PQerrorMessage(db) : detail);
		status = STATUS_DATABASE;
	} else if (PQtransactionStatus(db) != PQTRANS_INTRANS) {
		complain("%s/%s: ends its transaction; take commit and "
		    "rollback out", dir, one->name);
		status = STATUS_REFUSED;
	}
	PQclear(result);
	return (status);
}

/* One file and its entry in the registry, or neither. */
static enum status
apply(PGconn *db, const char *dir, const struct migration *one)
{
	const char	*parameters[3];
	PGresult	*result;
	char		 number[16];
	enum status	 status;

	if ((status = run(db, "begin; set local lock_timeout = '5s';"
	    " set local search_path = stadtkern, public", "begin")) != STATUS_OK)
		return (status);
	status = apply_sql(db, dir, one);
	if (status == STATUS_OK) {
		(void)snprintf(number, sizeof(number), "%d", one->number);
		parameters[0] = number;
		parameters[1] = one->name;
		parameters[2] = one->sha256;
		result = PQexecParams(db, "insert into stadtkern.migration "
		    "(number, name, sha256) values ($1, $2, $3)", 3, NULL,
		    parameters, NULL, NULL, 0);
		if (PQresultStatus(result) != PGRES_COMMAND_OK) {
			complain_database(db, "could not note a migration");
			status = STATUS_DATABASE;
		}
		PQclear(result);
	}
	if (status == STATUS_OK)
		return (run(db, "commit", "could not commit a migration"));
	if (PQtransactionStatus(db) != PQTRANS_IDLE)
		(void)run(db, "rollback", "rollback");
	complain("nothing of \"%s\" was kept; put it right (or wait for what "
	    "holds a lock) and run stadtkern migrate again", one->name);
	return (status);
}

static enum status
apply_missing(PGconn *db, struct migrations *all, unsigned int *applied)
{
	enum status	status;
	size_t		i;

	if ((status = run(db, "create schema if not exists stadtkern;"
	    "create table if not exists stadtkern.migration ("
	    "number int primary key, name text not null, "
	    "sha256 text not null, "
	    "applied_at timestamptz not null default now())",
	    "could not make the registry of migrations")) != STATUS_OK)
		return (status);
	if ((status = registry_compare(db, all)) != STATUS_OK)
		return (status);
	for (i = 0; i < all->count; i++) {
		if (all->list[i].applied)
			continue;
		status = apply(db, all->dir, &all->list[i]);
		if (status != STATUS_OK)
			return (status);
		(*applied)++;
	}
	return (STATUS_OK);
}

enum status
migrate_run(PGconn *db, const char *dir, unsigned int *applied)
{
	struct migrations	 all = { .dir = dir };
	enum status		 status;

	*applied = 0;
	all.arena = arena_new(0);
	if ((status = files_read(&all)) != STATUS_OK)
		goto out;
	/* Whoever comes second finds nothing left to do. */
	if (run(db, "set client_min_messages = warning;"
	    " set lock_timeout = '60s'; select pg_advisory_lock(" LOCK ");"
	    " set lock_timeout = '5s'",
	    "another migration is running; wait for it and run stadtkern "
	    "migrate again") != STATUS_OK) {
		status = STATUS_DATABASE;
		goto out;
	}
	status = apply_missing(db, &all, applied);
	if (PQstatus(db) == CONNECTION_OK)
		(void)run(db, "select pg_advisory_unlock(" LOCK ");"
		    " reset lock_timeout; reset client_min_messages",
		    "unlock");
out:
	arena_free(all.arena);
	return (status);
}

enum status
migrate_pending(PGconn *db, const char *dir, unsigned int *pending)
{
	struct migrations	 all = { .dir = dir };
	PGresult		*result;
	enum status		 status;
	size_t			 i;
	bool			 registry;

	*pending = 0;
	all.arena = arena_new(0);
	if ((status = files_read(&all)) != STATUS_OK)
		goto out;
	result = PQexec(db, "select from pg_tables "
	    "where schemaname = 'stadtkern' and tablename = 'migration'");
	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		complain_database(db, "could not look for migrations");
		status = STATUS_DATABASE;
	}
	registry = PQntuples(result) == 1;
	PQclear(result);
	if (status == STATUS_OK && registry)
		status = registry_compare(db, &all);
	for (i = 0; status == STATUS_OK && i < all.count; i++)
		*pending += !all.list[i].applied;
out:
	arena_free(all.arena);
	return (status);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Forward-only migrations: migrations/NNNN_<plugin or core>_<what>.sql, each
 * in one transaction, in order of their numbers, under an advisory lock and
 * with a lock_timeout. The registry keeps each file's SHA-256; an applied
 * file that was edited, or a number that occurs twice, is an error.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <libpq-fe.h>

#include <stadtkern/status.h>

/* Applies what is missing from `dir`; `applied` gets how many that were.
 * Messages for people go to standard error, what to do next included. */
enum status	migrate_run(PGconn *db, const char *dir, unsigned int *applied);

/* How many files wait; STATUS_REFUSED when an applied one was edited. */
enum status	migrate_pending(PGconn *db, const char *dir,
		    unsigned int *pending);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Blocking access to the database, for the CLI and the courier. The server
 * never uses it: its own way is db/pool.h.
 */
#ifndef DB_SYNC_H
#define DB_SYNC_H

#include <libpq-fe.h>

#include <stdint.h>

#include <stadtkern/arena.h>
#include <stadtkern/status.h>

struct statement;
struct registry;

/*
 * Connects with the libpq string, as database role `user` unless the string
 * names one ("stadtkern_courier", "stadtkern_owner"). NULL with a logged
 * reason on failure. The connection has client_encoding UTF8, TimeZone UTC,
 * search_path stadtkern, public, and `user` as application_name.
 */
PGconn		*sync_connect(const char *conninfo, const char *user);

/* One statement, text parameters; NULL (logged, without values) on error. */
PGresult	*sync_query(PGconn *db, const char *sql, int count,
		    const char *const *parameters);

/*
 * As above, but a failure is not logged: `state` gets its SQLSTATE ("08006"
 * when the connection is gone), "" on success. `lengths` NULL: all are text;
 * otherwise parameter i is text where lengths[i] is 0, and binary (bytea, of
 * so many bytes) where it is more. What the server said about a failure is in
 * PQerrorMessage(db).
 */
PGresult	*sync_query_state(PGconn *db, const char *sql, int count,
		    const char *const *parameters, const int *lengths,
		    char state[6]);

/*
 * begin with the tenant set; 0: a transaction without one, which sees no
 * tenant's rows. Then sync_commit(), which fails with STATUS_DATABASE when a
 * statement in between did, or sync_rollback().
 */
enum status	 sync_begin(PGconn *db, int32_t tenant_id);
enum status	 sync_commit(PGconn *db);
void		 sync_rollback(PGconn *db);

#endif

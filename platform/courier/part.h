/* SPDX-License-Identifier: EUPL-1.2 */
/* What the courier's processes have in common. */
#ifndef COURIER_PART_H
#define COURIER_PART_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include <stadtkern/node.h>

#include "core/crypto.h"
#include "core/env.h"
#include "core/plugin/registry.h"

struct part {
	const struct env	*env;
	const struct registry	*registry;
	const struct statement	*statements;	/* courier/queries.sql */
	PGconn			*db;
	bool			 lost;		/* the connection broke */
};

/* Set by SIGTERM and SIGINT: end when nothing is half done. */
extern volatile sig_atomic_t part_stop;

/* Each runs until part_stop; exit status of its process. */
int		 jobs_run(struct part *part);	/* all but pictures */
int		 pictures_run(struct part *part);
int		 schedules_run(struct part *part);
int		 watch_run(struct part *part);
int		 basemap_run(struct part *part);
int		 audit_run(struct part *part);
int		 mailbox_run(struct part *part);

/*
 * Connects, listening on `channel` (NULL: none), with back-off until it
 * works. STATUS_REFUSED: part_stop came first.
 */
enum status	 part_connect(struct part *part, const char *channel);

/* Signals that came while nobody waited: sets part_stop. */
void		 part_signals(void);

/*
 * Waits until the database or `fd` (-1: none) has something to say, a
 * signal comes, or `ms` are over. Takes in notifications; true when there
 * was one, or when `fd` is readable.
 */
bool		 part_wait(struct part *part, int fd, int ms);

/* The courier's own statement of that name; asserts that there is one. */
const struct statement *part_statement(const struct part *part,
		    const char *name);

/*
 * Runs a statement; its parameters are taken by name from `arguments` (a
 * map; what is missing is null, lists and maps are given as JSON). NULL
 * after an error, which was logged without values; part->lost is set when it
 * was the connection's.
 */
PGresult	*part_query(struct part *part, struct arena *arena,
		    const struct statement *statement,
		    const struct node *arguments);

/*
 * The first line of <var>/secrets/<slug>/<file>, from `arena`. NULL: it is not
 * there, or others may read it as well.
 */
const char	*part_secret(const struct part *part, struct arena *arena,
		    const char *slug, const char *file);

/* A copy that may stand between quotes in a log line. */
const char	*part_log_text(struct arena *arena, const char *text);

/* Appends a member to a map of arguments. */
void		 argument_text(struct arena *arena, struct node *map,
		    const char *name, const char *text);
void		 argument_int(struct arena *arena, struct node *map,
		    const char *name, int64_t value);

/* Text of row 0's column; NULL for null, no row, no such column. */
const char	*result_text(const PGresult *result, const char *column);
int64_t		 result_int(const PGresult *result, const char *column);

#endif

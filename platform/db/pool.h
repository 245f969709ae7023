/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The server's way to PostgreSQL: libpq, never blocking, in pipeline mode,
 * on whatever event loop the owner has.
 *
 * A *batch* is one transaction: its steps, prepared statements all, are sent
 * in one go with one Sync behind them. It is over when the Sync was answered,
 * that is, after the commit; no answer is given before. A batch that fails at
 * a step has changed nothing.
 *
 * A *link* is one connection, in one of three lanes:
 *	SHORT	many batches under way on each link, one behind the other
 *	LONG	one batch at a time: uploads, pictures, big answers
 *	STREAM	one batch at a time, whose rows are handed on as they come and
 *		as fast as whoever reads takes them
 *	LISTEN	notifications only
 *
 * Connection strings must name a socket folder or an address: a host name
 * would be resolved in the loop.
 */
#ifndef DB_POOL_H
#define DB_POOL_H

#include <libpq-fe.h>

#include <stdbool.h>
#include <stdint.h>

#include <stadtkern/status.h>

#define BATCH_STEPS_MAX		6
#define BATCH_PARAMETERS_MAX	44

enum pool_lane {
	POOL_SHORT, POOL_LONG, POOL_STREAM, POOL_LISTEN, POOL_LANES
};

enum batch_outcome {
	BATCH_DONE,		/* committed; result is the kept step's */
	BATCH_FAILED,		/* PostgreSQL refused: sqlstate, message, detail */
	BATCH_LOST,		/* the connection went; whether it was
				   committed is not known */
	BATCH_LATE,		/* the deadline passed; as BATCH_LOST */
	BATCH_UNAVAILABLE,	/* never sent: no connection, or too many wait */
};

/* What becomes of a stream after a row. */
enum batch_flow {
	BATCH_MORE,
	BATCH_PAUSE,		/* until pool_resume() */
	BATCH_STOP,		/* nobody wants the rest: BATCH_LOST */
};

struct batch_step {
	const char	*prepared;	/* name of a prepared statement */
	bool		 keep;		/* its result is the batch's result */
	bool		 binary;	/* its result comes in binary format */
	bool		 commit;	/* of a stream: what comes before is kept,
					   whatever becomes of the rest */
	int		 count;
	const char	*values[BATCH_PARAMETERS_MAX];
	int		 lengths[BATCH_PARAMETERS_MAX];	/* binary ones */
	int		 formats[BATCH_PARAMETERS_MAX];	/* 0 text, 1 binary */
};

/* Filled by the caller up to `argument`; must live until `done` was called,
 * which happens exactly once, possibly before pool_submit() returns. */
struct batch {
	enum pool_lane		  lane;
	bool			  reads;	/* changes nothing: see pool_submit */
	int			  step_count;
	struct batch_step	  steps[BATCH_STEPS_MAX];
	void			(*done)(struct batch *batch,
				    enum batch_outcome outcome);
	/*
	 * Lane STREAM: a row of the kept step, and after the last one a result
	 * without any, which has the columns, too. Neither is kept.
	 */
	enum batch_flow		(*row)(struct batch *batch,
				    const PGresult *row);
	void			 *argument;

	PGresult		 *result;	/* from `done` on the caller's */
	char			  sqlstate[6];
	const char		 *message;	/* valid during `done` */
	const char		 *detail;
	int			  failed_step;

	struct batch		 *next;		/* the pool's from here on */
	uint64_t		  deadline;
	int			  step;
	PGresult		 *error;
};

/*
 * Adds a parameter in text format (NULL: SQL null), or a bytea's bytes. What
 * is pointed to must live as long as the batch.
 */
void		 step_text(struct batch_step *step, const char *text);
void		 step_bytes(struct batch_step *step, const void *bytes,
		    size_t len);

struct pool_prepared {
	const char	*name;
	const char	*sql;
};

/* The owner's event loop. */
enum { POOL_READ = 1, POOL_WRITE = 2 };

struct pool_loop {
	/* Watch `fd` for `interest` (level-triggered); `slot` is the link's
	 * number. Called again when the interest changes, and while a link
	 * connects, as a new socket may have the number of the one before. */
	void		(*watch)(int slot, int fd, int interest);
	/* Not any more: `fd` is closed next, or was closed by libpq. */
	void		(*forget)(int slot, int fd);
	uint64_t	(*now)(void);		/* monotonic, ms */
};

struct pool_config {
	const char			*conninfo;
	const char			*user;		/* unless conninfo says */
	int				 short_links;
	int				 long_links;
	int				 stream_links;
	uint64_t			 short_ms;	/* deadlines */
	uint64_t			 long_ms;	/* of a stream: from one
							   row taken to the next */
	uint64_t			 stream_ms;	/* of a stream's statement */
	const struct pool_prepared	*prepared;
	size_t				 prepared_count;
	const char *const		*channels;	/* NULL-terminated */
	void				(*notified)(const char *channel,
					    const char *payload);
	/* The listening link came up (again): what was said meanwhile was
	 * missed. Or it went: nothing can be known until it is back. */
	void				(*listening)(bool up);
	struct pool_loop		 loop;
};

struct pool;

/* Starts connecting; config's pointers must outlive the pool. */
struct pool	*pool_new(const struct pool_config *config);
void		 pool_free(struct pool *pool);

/* The loop says that the link's descriptor is ready. */
void		 pool_ready(struct pool *pool, int slot, int events);

/* To be called about ten times a second: deadlines, reconnecting. */
void		 pool_tick(struct pool *pool);

/* Sends, queues, or calls `done` at once with BATCH_UNAVAILABLE. What only
 * reads may take half of the places in the LONG lane's line: anybody may ask
 * for maps, and uploads must not be refused for it. */
void		 pool_submit(struct pool *pool, struct batch *batch);

/* A stream goes on after BATCH_PAUSE. */
void		 pool_resume(struct pool *pool, struct batch *batch);

/* Ends a stream that nobody reads, waiting or begun: `done` is called with
 * BATCH_LOST. Its statement ends with its connection. */
void		 pool_abandon(struct pool *pool, struct batch *batch);

/* Whether a batch submitted now would be sent; and the listener's state. */
bool		 pool_is_up(const struct pool *pool);
bool		 pool_is_listening(const struct pool *pool);

/* A statement that could not be prepared, or NULL. Its link connects anew
 * from time to time, as a migration may bring what it lacks. */
const char	*pool_broken_statement(const struct pool *pool);

#endif

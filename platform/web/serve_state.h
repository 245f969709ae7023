/* SPDX-License-Identifier: EUPL-1.2 */
/* A request on its way: what serve.c and serve_batch.c share. */
#ifndef WEB_SERVE_STATE_H
#define WEB_SERVE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "core/exchange/exchange.h"
#include "db/pool.h"
#include "web/tenants.h"
#include "web/work.h"

struct serve {
	struct work		 work;		/* first: see serve_worked */
	struct exchange		 exchange;
	struct router_match	 match;
	struct tenant_slot	*slot;
	struct http_request	*req;		/* NULL: the caller has gone */
	struct kore_buf		*body;
	struct batch		 batch;
	PGresult		*result;
	PGresult		*found;		/* .run's, while .then runs: .work
						   may point into its row */
	struct row		*rows;
	size_t			 row_count;
	const char		*language;	/* the caller's: a mount may want
						   another one for its answer */
	const char		*token;		/* device's, session's, or a key */
	uint32_t		 changes;	/* of the topic, at the start */
	uint32_t		 epoch;
	uint64_t		 began;		/* kore_time_ms() */
	unsigned int		 tries;
	bool			 once;
	bool			 busy;		/* in the pool or in a thread */
	bool			 then;		/* the second statement runs */
	const char		*audit;		/* the request's id in the log,
						   until it was undone */
	bool			 known;		/* there is such a session */
	bool			 recorded;	/* its refusal, too */
	struct stream		*stream;	/* NULL: not of a :csv statement */
};

/* GET and HEAD: what may be done again, and by anybody's page. */
bool	serve_is_safe(const struct http_request *req);

/*
 * Sends `statement` with what has to stand around it, as one transaction.
 * When that is over, the exchange has its answer and serve_wake() is called,
 * possibly before this returns. false: nothing was sent, the answer is made.
 */
bool	serve_submit(struct serve *serve, const struct statement *statement);

/* The next step of the batch, with parameters still to come. */
struct batch_step *serve_step(struct serve *serve, const char *prepared);

/* The keyed hash of a text, in the arena. */
const unsigned char *serve_hash(struct serve *serve,
	    enum hash_purpose purpose, const void *bytes, size_t len);

/* Adds the step that enters the request in the audit log, where it has to. */
void	serve_step_audit(struct serve *serve);

/* Nothing of it has still to go into the log: no refusal, or it is there. */
bool	serve_is_recorded(const struct serve *serve);

/*
 * Where the answer is a refusal that belongs into the audit log, sends a
 * transaction that enters it; true: serve_wake() is called when it is over,
 * possibly before this returns.
 */
bool	serve_record(struct serve *serve);

/* The answer is made: the request is woken and sends it, or, where the caller
 * has gone, all is freed. */
void	serve_wake(struct serve *serve);

/* A row of `result` for hooks and answers, in `arena`. */
void	serve_row(struct arena *arena, const PGresult *result, int number,
	    struct row *row);

/* The step that says who asks. */
void	serve_step_enter(struct serve *serve);

/* Makes the batch a stream of the route's rows: web/serve_stream.c. */
void	serve_stream(struct serve *serve);

/* Where its reading is entered in the audit log, that is committed first. */
void	serve_stream_audit(struct serve *serve);

/* How its batch ended. false: nothing was sent yet, so that it is a refusal or
 * a failure like any other. */
bool	serve_stream_done(struct serve *serve, enum batch_outcome outcome);

/* The request was woken: what Kore's handler returns. */
int	serve_stream_wake(struct serve *serve);

#endif

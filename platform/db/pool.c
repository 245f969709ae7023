/* SPDX-License-Identifier: EUPL-1.2 */
/* Links and their lanes: connecting, preparing, sending, deadlines. */

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "db/pool.h"
#include "db/queue.h"

#define LINKS_MAX		64
#define SHORT_DEPTH_MAX		256	/* batches under way on one link */
#define CONNECT_MS		3000
#define BACKOFF_FIRST_MS	50
#define BACKOFF_MAX_MS		2000
#define BROKEN_MS		5000	/* until a broken link connects anew */

enum link_state {
	LINK_DOWN,		/* nothing open; tried again at retry_at */
	LINK_CONNECTING,	/* PQconnectPoll */
	LINK_PREPARING,		/* statements or LISTEN were sent */
	LINK_READY,
};

struct link {
	struct pool	*pool;
	int		 slot;
	enum pool_lane	 lane;
	enum link_state	 state;
	PGconn		*db;
	int		 fd;
	int		 interest;
	uint64_t	 deadline;	/* of connecting and preparing */
	uint64_t	 retry_at;
	uint64_t	 backoff;
	size_t		 to_prepare;	/* Syncs still to come */
	bool		 after_result;	/* libpq owes a NULL */
	bool		 paused;	/* a stream's reader is slower */
	bool		 abandoned;	/* down for that reason only */
	const char	*broken;	/* a statement it could not prepare */
	struct queue	 sent;
};

struct pool {
	struct pool_config	 config;
	int			 count;
	struct link		 links[LINKS_MAX];
	struct line		 lines[POOL_LANES];
	bool			 said_down;
	bool			 ending;
};

static struct link	*pool_choose(struct pool *, enum pool_lane);
static bool		 pool_expects(const struct pool *, enum pool_lane);
static void		 pool_refuse_waiting(struct pool *, enum pool_lane);
static void		 link_lose(struct link *, enum batch_outcome,
			    const char *);
static void		 link_up(struct link *);
static void		 link_flush(struct link *);
static void		 link_take_waiting(struct link *);

static bool
lane_has_line(enum pool_lane lane)
{
	return (lane == POOL_LONG || lane == POOL_STREAM);
}

static void
batch_finish(struct batch *batch, enum batch_outcome outcome)
{
	PGresult	*error;

	batch->message = batch->detail = NULL;
	if (outcome == BATCH_DONE && batch->error != NULL) {
		outcome = BATCH_FAILED;
		batch->message =
		    PQresultErrorField(batch->error, PG_DIAG_MESSAGE_PRIMARY);
		batch->detail =
		    PQresultErrorField(batch->error, PG_DIAG_MESSAGE_DETAIL);
	}
	/* `done` may free the batch. */
	error = batch->error;
	batch->done(batch, outcome);
	PQclear(error);
}

static uint64_t
link_now(const struct link *link)
{
	return (link->pool->config.loop.now());
}

static void
link_watch(struct link *link, int interest)
{
	if (link->interest == interest)
		return;
	link->interest = interest;
	link->pool->config.loop.watch(link->slot, link->fd, interest);
}

/* libpq may open another socket while it connects, and that may have the
 * number of the one before: always told. */
static void
link_watch_socket(struct link *link, int interest)
{
	link->fd = PQsocket(link->db);
	link->interest = 0;
	if (link->fd != -1)
		link_watch(link, interest);
}

/* What PostgreSQL says beside its answers may quote what somebody sent. */
static void
link_notice(void *argument, const PGresult *result)
{
	(void)argument;
	(void)result;
}

static void
link_connect(struct link *link)
{
	/* A listener that hears nothing has to notice that its peer has
	 * gone: keepalives, over TCP. */
	const char *const	 keys[] = { "user", "application_name",
				    "client_encoding", "keepalives_idle",
				    "keepalives_interval", "keepalives_count",
				    "dbname", "options", NULL };
	const char		*values[] = { NULL, NULL, "UTF8", "10", "5", "2",
				    NULL, NULL, NULL };
	const struct pool_config *config;
	unsigned long long	 ms;
	char			 options[200];

	config = &link->pool->config;
	ms = link->lane == POOL_LONG ? config->long_ms :
	    link->lane == POOL_STREAM ? config->stream_ms : config->short_ms;
	/* PostgreSQL gives up a little before we do: that costs a batch, our
	 * own deadline the link and all that is under way on it. */
	(void)snprintf(options, sizeof(options),
	    "-c timezone=UTC -c search_path=stadtkern,public "
	    "-c statement_timeout=%llu -c idle_in_transaction_session_timeout="
	    "%llu%s", ms - ms / 10, (unsigned long long)config->long_ms,
	    /* A stream is ended by closing its link. */
	    link->lane == POOL_STREAM ?
	    " -c client_connection_check_interval=1000" : "");
	values[0] = values[1] = config->user;
	values[6] = config->conninfo;
	values[7] = options;

	link->state = LINK_CONNECTING;
	link->deadline = link_now(link) + CONNECT_MS;
	link->after_result = link->paused = false;
	link->fd = -1;
	link->db = PQconnectStartParams(keys, values, 1);
	if (link->db == NULL || PQstatus(link->db) == CONNECTION_BAD) {
		link_lose(link, BATCH_LOST, "connect");
		return;
	}
	(void)PQsetNoticeReceiver(link->db, link_notice, NULL);
	link_watch_socket(link, POOL_WRITE);
}

/*
 * The one way out of every state: closes, tells the batches, tries again.
 * `why` NULL: we want it so, and nothing is wrong.
 */
static void
link_lose(struct link *link, enum batch_outcome outcome, const char *why)
{
	struct batch		*batch;
	struct queue		 sent;
	enum link_state		 was;
	const char		*detail;

	was = link->state;
	link->abandoned = why == NULL;
	if (why != NULL && !link->pool->ending &&
	    (was == LINK_READY || !link->pool->said_down)) {
		detail = link->db == NULL ? "" : PQerrorMessage(link->db);
		log_event(LOG_LEVEL_WARN, "database connection lost",
		    "lane=%d why=\"%s\" detail=\"%.*s\"", (int)link->lane,
		    why, (int)strcspn(detail, "\n"), detail);
		link->pool->said_down = true;
	}
	if (link->fd != -1)
		link->pool->config.loop.forget(link->slot, link->fd);
	PQfinish(link->db);
	link->db = NULL;
	link->fd = -1;
	link->interest = 0;
	link->state = LINK_DOWN;
	link->retry_at = link_now(link) + link->backoff;
	link->backoff = why == NULL ? 0 : link->backoff == 0 ? BACKOFF_FIRST_MS :
	    link->backoff * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS :
	    link->backoff * 2;

	if (was == LINK_READY && link->lane == POOL_LISTEN)
		link->pool->config.listening(false);

	/* `done` may submit again: onto another list. */
	sent = link->sent;
	if (sent.first == NULL)
		sent.last = &sent.first;
	queue_init(&link->sent);
	while ((batch = queue_take(&sent)) != NULL) {
		batch_finish(batch, outcome);
		outcome = BATCH_LOST;	/* only the first one was late */
	}
	if (lane_has_line(link->lane) && !pool_expects(link->pool, link->lane))
		pool_refuse_waiting(link->pool, link->lane);
}

static void
link_prepare(struct link *link)
{
	const struct pool_config	*config;
	char				 sql[128];
	size_t				 i;

	config = &link->pool->config;
	link->state = LINK_PREPARING;
	link->to_prepare = 0;
	link->broken = NULL;
	if (PQsetnonblocking(link->db, 1) == -1 ||
	    PQenterPipelineMode(link->db) == 0) {
		link_lose(link, BATCH_LOST, "pipeline");
		return;
	}
	if (link->lane == POOL_LISTEN) {
		for (i = 0; config->channels[i] != NULL; i++) {
			(void)snprintf(sql, sizeof(sql), "listen %s",
			    config->channels[i]);
			if (PQsendQueryParams(link->db, sql, 0, NULL, NULL,
			    NULL, NULL, 0) == 0 ||
			    PQpipelineSync(link->db) == 0)
				goto lost;
			link->to_prepare++;
		}
	} else {
		/* Each with a Sync of its own: one that fails, say for a
		 * migration that is still to come, takes no other along. */
		for (i = 0; i < config->prepared_count; i++) {
			if (PQsendPrepare(link->db, config->prepared[i].name,
			    config->prepared[i].sql, 0, NULL) == 0 ||
			    PQpipelineSync(link->db) == 0)
				goto lost;
			link->to_prepare++;
		}
	}
	if (link->to_prepare == 0)
		link_up(link);
	link_flush(link);
	return;
lost:
	link_lose(link, BATCH_LOST, "prepare");
}

static void
link_up(struct link *link)
{
	link->state = LINK_READY;
	link->abandoned = false;
	link->backoff = 0;
	link->retry_at = link_now(link) + BROKEN_MS;
	link->pool->said_down = false;
	if (link->lane == POOL_LISTEN)
		link->pool->config.listening(true);
	link_take_waiting(link);
}

static void
link_poll_connect(struct link *link)
{
	switch (PQconnectPoll(link->db)) {
	case PGRES_POLLING_READING:
		link_watch_socket(link, POOL_READ);
		break;
	case PGRES_POLLING_WRITING:
		link_watch_socket(link, POOL_WRITE);
		break;
	case PGRES_POLLING_OK:
		link_watch_socket(link, POOL_READ);
		link_prepare(link);
		break;
	default:
		link_lose(link, BATCH_LOST, "connect");
		break;
	}
}

static void
link_flush(struct link *link)
{
	int	left;

	if ((left = PQflush(link->db)) == -1) {
		link_lose(link, BATCH_LOST, "send");
		return;
	}
	link_watch(link, left == 1 ? POOL_READ | POOL_WRITE : POOL_READ);
}

static void
link_send(struct link *link, struct batch *batch)
{
	const struct batch_step	*step;
	int			 i;

	batch->step = 0;
	batch->failed_step = -1;
	batch->result = batch->error = NULL;
	queue_put(&link->sent, batch);
	for (i = 0; i < batch->step_count; i++) {
		step = &batch->steps[i];
		if (PQsendQueryPrepared(link->db, step->prepared, step->count,
		    step->values, step->lengths, step->formats,
		    step->binary ? 1 : 0) == 0 ||
		    (step->commit && PQpipelineSync(link->db) == 0)) {
			link_lose(link, BATCH_LOST, "send");
			return;
		}
	}
	if (PQpipelineSync(link->db) == 0) {
		link_lose(link, BATCH_LOST, "send");
		return;
	}
	link_flush(link);
}

static void
link_prepared_result(struct link *link, PGresult *result)
{
	const char	*state, *message;

	if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
		if (--link->to_prepare == 0)
			link_up(link);
		return;
	}
	if (PQresultStatus(result) != PGRES_FATAL_ERROR)
		return;
	state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	/* Cut off meanwhile: no fault of the statement's. */
	if (state == NULL || strncmp(state, "57P", 3) == 0)
		return;
	message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	link->broken = link->lane == POOL_LISTEN ? "listen" :
	    link->pool->config.prepared[link->pool->config.prepared_count -
	    link->to_prepare].name;
	log_event(LOG_LEVEL_ERROR, "statement cannot be prepared",
	    "statement=%s sqlstate=%s detail=\"%.160s\"", link->broken,
	    state, message == NULL ? "" : message);
}

static bool
link_streams(const struct link *link)
{
	const struct batch	*batch;

	batch = link->sent.first;
	return (batch != NULL && batch->row != NULL &&
	    batch->step < batch->step_count && batch->steps[batch->step].keep);
}

static void
link_row(struct link *link, PGresult *result)
{
	struct batch	*batch;
	enum batch_flow	 flow;

	batch = link->sent.first;
	/* What had to be kept first was not: none of it is for anybody. */
	flow = batch->error != NULL ? BATCH_MORE : batch->row(batch, result);
	PQclear(result);
	if (flow == BATCH_STOP)
		link_lose(link, BATCH_LOST, NULL);
	else if (flow == BATCH_PAUSE) {
		link->paused = true;
		link_watch(link, 0);
	}
}

static void
link_batch_result(struct link *link, PGresult *result)
{
	struct batch	*batch;
	const char	*state;

	if ((batch = link->sent.first) == NULL) {
		PQclear(result);
		return;
	}
	switch (PQresultStatus(result)) {
	case PGRES_PIPELINE_SYNC:
		PQclear(result);
		if (batch->step < batch->step_count)
			return;		/* behind a step with .commit */
		(void)queue_take(&link->sent);
		batch_finish(batch, BATCH_DONE);
		return;
	case PGRES_FATAL_ERROR:
		/* A failing commit comes after the last step: also here. */
		if (batch->error == NULL) {
			state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
			(void)snprintf(batch->sqlstate,
			    sizeof(batch->sqlstate), "%s",
			    state == NULL ? "" : state);
			batch->failed_step = batch->step;
			batch->error = result;
			return;
		}
		break;
	case PGRES_SINGLE_TUPLE:
		link_row(link, result);
		return;
	case PGRES_TUPLES_OK:
		if (link_streams(link)) {
			link_row(link, result);
			return;
		}
		if (batch->step < batch->step_count &&
		    batch->steps[batch->step].keep && batch->result == NULL) {
			batch->result = result;
			return;
		}
		break;
	default:
		break;
	}
	PQclear(result);
}

static void
link_notifications(struct link *link)
{
	PGnotify	*note;

	while (link->db != NULL && (note = PQnotifies(link->db)) != NULL) {
		link->pool->config.notified(note->relname, note->extra);
		PQfreemem(note);
	}
}

static void
link_results(struct link *link)
{
	PGresult	*result;
	bool		 sync;

	while (link->db != NULL && !link->paused && PQisBusy(link->db) == 0) {
		if ((result = PQgetResult(link->db)) == NULL) {
			if (!link->after_result)
				return;
			link->after_result = false;
			if (link->sent.first != NULL)
				link->sent.first->step++;
			/* Before libpq has looked at what comes next. */
			if (link_streams(link))
				(void)PQsetSingleRowMode(link->db);
			continue;
		}
		sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		link->after_result = !sync;
		if (link->state == LINK_PREPARING) {
			link_prepared_result(link, result);
			PQclear(result);
		} else
			link_batch_result(link, result);
	}
}

/* A link that has become free takes the next in line. */
static void
link_take_waiting(struct link *link)
{
	struct batch	*batch;

	if (!lane_has_line(link->lane) || link->state != LINK_READY ||
	    link->sent.count != 0)
		return;
	if ((batch = line_take(&link->pool->lines[link->lane])) != NULL)
		link_send(link, batch);
}

/* A stream is late when nothing has moved, however long it is. */
static void
link_moves(struct link *link)
{
	if (link->lane == POOL_STREAM && link->sent.first != NULL)
		link->sent.first->deadline = link_now(link) +
		    link->pool->config.long_ms;
}

static void
link_read(struct link *link)
{
	link_moves(link);
	if (PQconsumeInput(link->db) == 0) {
		/* What had come before the end still counts. */
		link_results(link);
		if (link->db != NULL)
			link_lose(link, BATCH_LOST, "receive");
		return;
	}
	link_results(link);
	link_notifications(link);
	link_take_waiting(link);
}

struct pool *
pool_new(const struct pool_config *config)
{
	struct pool	*pool;
	struct link	*link;
	int		 i, long_end;

	if ((pool = calloc(1, sizeof(*pool))) == NULL)
		abort();
	pool->config = *config;
	long_end = config->short_links + config->long_links;
	pool->count = long_end + config->stream_links + 1;
	if (pool->count > LINKS_MAX)
		abort();
	for (i = 0; i < POOL_LANES; i++)
		line_init(&pool->lines[i]);
	for (i = 0; i < pool->count; i++) {
		link = &pool->links[i];
		link->pool = pool;
		link->slot = i;
		link->fd = -1;
		link->lane = i < config->short_links ? POOL_SHORT :
		    i < long_end ? POOL_LONG :
		    i < pool->count - 1 ? POOL_STREAM : POOL_LISTEN;
		queue_init(&link->sent);
		link_connect(link);
	}
	return (pool);
}

void
pool_free(struct pool *pool)
{
	int	i;

	if (pool == NULL)
		return;
	pool->ending = true;
	for (i = 0; i < pool->count; i++) {
		if (pool->links[i].state != LINK_DOWN)
			link_lose(&pool->links[i], BATCH_LOST, "shutdown");
	}
	pool_refuse_waiting(pool, POOL_LONG);
	pool_refuse_waiting(pool, POOL_STREAM);
	free(pool);
}

void
pool_ready(struct pool *pool, int slot, int events)
{
	struct link	*link;

	link = &pool->links[slot];
	if (link->db == NULL)
		return;
	if (link->state == LINK_CONNECTING) {
		link_poll_connect(link);
		return;
	}
	if (link->paused) {	/* nothing was asked for: it is broken */
		link_lose(link, BATCH_LOST, "receive");
		return;
	}
	if (events & POOL_READ)
		link_read(link);
	if (link->db != NULL && (link->interest & POOL_WRITE))
		link_flush(link);
}

/* Whether it can go for a moment and its lane still carries. */
static bool
link_is_spare(const struct link *link)
{
	const struct link	*other;
	bool			 alone;
	int			 i;

	if (link->sent.count != 0)
		return (false);
	alone = true;
	for (i = 0; i < link->pool->count; i++) {
		other = &link->pool->links[i];
		if (other == link || other->lane != link->lane)
			continue;
		if (other->state == LINK_READY)
			return (true);
		alone = false;
	}
	return (alone);
}

static void
link_tick(struct link *link, uint64_t now)
{
	switch (link->state) {
	case LINK_DOWN:
		if (now >= link->retry_at)
			link_connect(link);
		break;
	case LINK_CONNECTING:
	case LINK_PREPARING:
		if (now >= link->deadline)
			link_lose(link, BATCH_LOST, "connect deadline");
		break;
	case LINK_READY:
		if (link->sent.first != NULL &&
		    now >= link->sent.first->deadline)
			link_lose(link, BATCH_LATE, "statement deadline");
		else if (link->broken != NULL && now >= link->retry_at &&
		    link_is_spare(link))
			link_lose(link, BATCH_LOST, "statement not prepared");
		break;
	}
}

static void
pool_refuse_waiting(struct pool *pool, enum pool_lane lane)
{
	struct batch	*batch;

	while ((batch = line_take(&pool->lines[lane])) != NULL)
		batch_finish(batch, BATCH_UNAVAILABLE);
}

void
pool_tick(struct pool *pool)
{
	struct batch	*batch;
	struct line	*line;
	uint64_t	 now;
	int		 i;

	now = pool->config.loop.now();
	for (i = 0; i < pool->count; i++)
		link_tick(&pool->links[i], now);
	for (i = 0; i < POOL_LANES; i++) {
		line = &pool->lines[i];
		while ((batch = line->queue.first) != NULL &&
		    now >= batch->deadline) {
			(void)line_take(line);
			batch_finish(batch, BATCH_UNAVAILABLE);
		}
	}
}

static struct link *
pool_choose(struct pool *pool, enum pool_lane lane)
{
	struct link	*link, *best;
	int		 i;

	best = NULL;
	for (i = 0; i < pool->count; i++) {
		link = &pool->links[i];
		if (link->lane != lane || link->state != LINK_READY)
			continue;
		if (best == NULL || link->sent.count < best->sent.count)
			best = link;
	}
	return (best);
}

/* A link that carries, or is away only because its stream was given up. */
static bool
pool_expects(const struct pool *pool, enum pool_lane lane)
{
	const struct link	*link;
	int			 i;

	for (i = 0; i < pool->count; i++) {
		link = &pool->links[i];
		if (link->lane == lane &&
		    (link->state == LINK_READY || link->abandoned))
			return (true);
	}
	return (false);
}

static void
pool_wait(struct pool *pool, struct batch *batch)
{
	struct line	*line;

	line = &pool->lines[batch->lane];
	if (!pool_expects(pool, batch->lane) || line_is_full(line, batch))
		batch_finish(batch, BATCH_UNAVAILABLE);
	else
		line_put(line, batch);
}

void
pool_submit(struct pool *pool, struct batch *batch)
{
	const struct pool_config	*config;
	struct link			*link;

	config = &pool->config;
	batch->result = batch->error = NULL;
	batch->deadline = config->loop.now() +
	    (lane_has_line(batch->lane) ? config->long_ms : config->short_ms);
	link = pool_choose(pool, batch->lane);
	if (pool->ending)
		batch_finish(batch, BATCH_UNAVAILABLE);
	else if (lane_has_line(batch->lane) && (link == NULL ||
	    link->sent.count != 0 ||
	    pool->lines[batch->lane].queue.count != 0))
		pool_wait(pool, batch);
	else if (link == NULL || link->sent.count >= SHORT_DEPTH_MAX)
		batch_finish(batch, BATCH_UNAVAILABLE);
	else
		link_send(link, batch);
}

static struct link *
pool_link_of(struct pool *pool, const struct batch *batch)
{
	int	i;

	for (i = 0; i < pool->count; i++) {
		if (pool->links[i].lane == POOL_STREAM &&
		    pool->links[i].sent.first == batch)
			return (&pool->links[i]);
	}
	return (NULL);
}

void
pool_resume(struct pool *pool, struct batch *batch)
{
	struct link	*link;

	link = pool_link_of(pool, batch);
	if (link == NULL || !link->paused)
		return;
	link->paused = false;
	link_moves(link);
	link_watch(link, POOL_READ);
	link_results(link);
	link_take_waiting(link);
}

void
pool_abandon(struct pool *pool, struct batch *batch)
{
	struct line	*line;
	struct link	*link;

	line = &pool->lines[POOL_STREAM];
	if ((link = pool_link_of(pool, batch)) != NULL)
		link_lose(link, BATCH_LOST, NULL);
	else if (line_drop(line, batch))
		batch_finish(batch, BATCH_LOST);
}

bool
pool_is_up(const struct pool *pool)
{
	int	i;

	for (i = 0; i < pool->count; i++) {
		if (pool->links[i].lane == POOL_SHORT &&
		    pool->links[i].state == LINK_READY)
			return (true);
	}
	return (false);
}

bool
pool_is_listening(const struct pool *pool)
{
	return (pool->links[pool->count - 1].state == LINK_READY);
}

const char *
pool_broken_statement(const struct pool *pool)
{
	int	i;

	for (i = 0; i < pool->count; i++) {
		if (pool->links[i].broken != NULL)
			return (pool->links[i].broken);
	}
	return (NULL);
}

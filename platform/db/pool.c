/* SPDX-License-Identifier: EUPL-1.2 */
/* Links and their lanes: connecting, preparing, sending, deadlines. */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "db/pool.h"

#define LINKS_MAX		64
#define SHORT_DEPTH_MAX		256	/* batches under way on one link */
#define WAITING_MAX		64	/* for a LONG link; each may hold a body */
#define WAITING_READS_MAX	32	/* of them */
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

struct queue {
	struct batch	*first;
	struct batch	**last;
	size_t		 count;
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
	const char	*broken;	/* a statement it could not prepare */
	struct queue	 sent;
};

struct pool {
	struct pool_config	 config;
	int			 count;
	struct link		 links[LINKS_MAX];
	struct queue		 waiting;	/* for a LONG link */
	size_t			 waiting_reads;
	bool			 said_down;
	bool			 ending;
};

static struct link	*pool_choose(struct pool *, enum pool_lane);
static void		 pool_refuse_waiting(struct pool *);
static void		 link_lose(struct link *, enum batch_outcome,
			    const char *);
static void		 link_up(struct link *);
static void		 link_flush(struct link *);

void
step_text(struct batch_step *step, const char *text)
{
	assert(step->count < BATCH_PARAMETERS_MAX);
	step->values[step->count++] = text;
}

void
step_bytes(struct batch_step *step, const void *bytes, size_t len)
{
	assert(step->count < BATCH_PARAMETERS_MAX);
	step->lengths[step->count] = (int)len;
	step->formats[step->count] = 1;
	step->values[step->count++] = bytes;
}

static void
queue_init(struct queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
	queue->count = 0;
}

static void
queue_put(struct queue *queue, struct batch *batch)
{
	batch->next = NULL;
	*queue->last = batch;
	queue->last = &batch->next;
	queue->count++;
}

static struct batch *
queue_take(struct queue *queue)
{
	struct batch	*batch;

	if ((batch = queue->first) == NULL)
		return (NULL);
	if ((queue->first = batch->next) == NULL)
		queue->last = &queue->first;
	queue->count--;
	return (batch);
}

static void
waiting_put(struct pool *pool, struct batch *batch)
{
	if (batch->reads)
		pool->waiting_reads++;
	queue_put(&pool->waiting, batch);
}

static struct batch *
waiting_take(struct pool *pool)
{
	struct batch	*batch;

	if ((batch = queue_take(&pool->waiting)) != NULL && batch->reads)
		pool->waiting_reads--;
	return (batch);
}

static bool
waiting_is_full(const struct pool *pool, const struct batch *batch)
{
	return (pool->waiting.count >= WAITING_MAX ||
	    (batch->reads && pool->waiting_reads >= WAITING_READS_MAX));
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
	char			 options[160];

	config = &link->pool->config;
	ms = link->lane == POOL_LONG ? config->long_ms : config->short_ms;
	/* PostgreSQL gives up a little before we do: that costs a batch, our
	 * own deadline the link and all that is under way on it. */
	(void)snprintf(options, sizeof(options),
	    "-c timezone=UTC -c search_path=stadtkern,public "
	    "-c statement_timeout=%llu -c idle_in_transaction_session_timeout="
	    "%llu", ms - ms / 10, (unsigned long long)config->long_ms);
	values[0] = values[1] = config->user;
	values[6] = config->conninfo;
	values[7] = options;

	link->state = LINK_CONNECTING;
	link->deadline = link_now(link) + CONNECT_MS;
	link->after_result = false;
	link->fd = -1;
	link->db = PQconnectStartParams(keys, values, 1);
	if (link->db == NULL || PQstatus(link->db) == CONNECTION_BAD) {
		link_lose(link, BATCH_LOST, "connect");
		return;
	}
	(void)PQsetNoticeReceiver(link->db, link_notice, NULL);
	link_watch_socket(link, POOL_WRITE);
}

/* The one way out of every state: closes, tells the batches, tries again. */
static void
link_lose(struct link *link, enum batch_outcome outcome, const char *why)
{
	struct batch		*batch;
	struct queue		 sent;
	enum link_state		 was;
	const char		*detail;

	was = link->state;
	if (!link->pool->ending &&
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
	link->backoff = link->backoff == 0 ? BACKOFF_FIRST_MS :
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
	if (link->lane == POOL_LONG &&
	    pool_choose(link->pool, POOL_LONG) == NULL)
		pool_refuse_waiting(link->pool);
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
	link->backoff = 0;
	link->retry_at = link_now(link) + BROKEN_MS;
	link->pool->said_down = false;
	if (link->lane == POOL_LISTEN)
		link->pool->config.listening(true);
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
		    step->binary ? 1 : 0) == 0) {
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
	case PGRES_TUPLES_OK:
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

	while (link->db != NULL && PQisBusy(link->db) == 0) {
		if ((result = PQgetResult(link->db)) == NULL) {
			if (!link->after_result)
				return;
			link->after_result = false;
			if (link->sent.first != NULL)
				link->sent.first->step++;
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

/* A LONG link that has become free takes the next in line. */
static void
link_take_waiting(struct link *link)
{
	struct batch	*batch;

	if (link->lane != POOL_LONG || link->state != LINK_READY ||
	    link->sent.count != 0)
		return;
	if ((batch = waiting_take(link->pool)) != NULL)
		link_send(link, batch);
}

static void
link_read(struct link *link)
{
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
	int		 i;

	if ((pool = calloc(1, sizeof(*pool))) == NULL)
		abort();
	pool->config = *config;
	pool->count = config->short_links + config->long_links + 1;
	if (pool->count > LINKS_MAX)
		abort();
	queue_init(&pool->waiting);
	for (i = 0; i < pool->count; i++) {
		link = &pool->links[i];
		link->pool = pool;
		link->slot = i;
		link->fd = -1;
		link->lane = i < config->short_links ? POOL_SHORT :
		    i < config->short_links + config->long_links ?
		    POOL_LONG : POOL_LISTEN;
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
	pool_refuse_waiting(pool);
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
pool_refuse_waiting(struct pool *pool)
{
	struct batch	*batch;

	while ((batch = waiting_take(pool)) != NULL)
		batch_finish(batch, BATCH_UNAVAILABLE);
}

void
pool_tick(struct pool *pool)
{
	struct batch	*batch;
	uint64_t	 now;
	int		 i;

	now = pool->config.loop.now();
	for (i = 0; i < pool->count; i++)
		link_tick(&pool->links[i], now);
	while ((batch = pool->waiting.first) != NULL &&
	    now >= batch->deadline) {
		(void)waiting_take(pool);
		batch_finish(batch, BATCH_UNAVAILABLE);
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

void
pool_submit(struct pool *pool, struct batch *batch)
{
	const struct pool_config	*config;
	struct link			*link;

	config = &pool->config;
	batch->result = batch->error = NULL;
	batch->deadline = config->loop.now() +
	    (batch->lane == POOL_LONG ? config->long_ms : config->short_ms);
	link = pool_choose(pool, batch->lane);
	if (link == NULL || pool->ending ||
	    (batch->lane == POOL_SHORT && link->sent.count >= SHORT_DEPTH_MAX)) {
		batch_finish(batch, BATCH_UNAVAILABLE);
		return;
	}
	if (batch->lane == POOL_LONG &&
	    (link->sent.count != 0 || pool->waiting.count != 0)) {
		if (waiting_is_full(pool, batch))
			batch_finish(batch, BATCH_UNAVAILABLE);
		else
			waiting_put(pool, batch);
		return;
	}
	link_send(link, batch);
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

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A pool on a loop of poll(2), for the tests: what is submitted, what came
 * of it. The clock can be put forward, so that nobody waits for a deadline.
 */
#ifndef TESTS_POOL_LOOP_H
#define TESTS_POOL_LOOP_H

#include "db.h"

#include <time.h>

#include "db/pool.h"

#define SHORT_MS	20000
#define LONG_MS		60000
#define TURN_MS		20
#define TURNS		1500		/* at most 30 seconds */
#define BROKEN_MS	5000
#define SLOTS		64

struct call {
	struct batch		 batch;
	int			 done;		/* times */
	enum batch_outcome	 outcome;
	int			 order;
	char			 value[128];
	char			 message[128];
	char			 detail[128];
	struct call		*next;		/* submitted by `done` */
};

static const struct pool_prepared statements[] = {
	{ "say", "select $1::text" },
	{ "enter", "select set_config('stadtkern.tenant', $1, true)" },
	{ "entered", "select coalesce(nullif(current_setting("
	    "'stadtkern.tenant', true), ''), 'nobody')" },
	{ "put", "insert into item (id, said) values ($1::int, $2::text) "
	    "returning id" },
	{ "put_child", "insert into child (id, parent) "
	    "values ($1::int, $2::int)" },
	{ "divide", "select 1 / $1::int" },
	{ "lock", "select pg_advisory_xact_lock($1::bigint)::text" },
	{ "patient", "select set_config('statement_timeout', '0', true)" },
	{ "refuse", "select refuse($1, $2, $3)" },
	{ "warn", "select warn($1)" },
	{ "bytes", "select $1::bytea" },
	{ "pid", "select pg_backend_pid()" },
	{ "notify", "select pg_notify($1, $2)" },
	{ "later", "select said from come_later" },
};

static const char *const channels[] = { "pool_one", "pool_two", NULL };

static PGconn		*watcher;	/* holds locks, kills, looks */
static struct pool	*pool;
static char		 real[512];
static struct { int fd; int interest; } watched[SLOTS];
static uint64_t		 skew;
static int		 finished;
static int		 ups, downs;
static char		 heard[256];

static inline void
loop_watch(int slot, int fd, int interest)
{
	watched[slot].fd = fd;
	watched[slot].interest = interest;
}

static inline void
loop_forget(int slot, int fd)
{
	assert_int_equal(watched[slot].fd, fd);
	watched[slot].fd = -1;
}

static inline uint64_t
loop_now(void)
{
	struct timespec	ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000 +
	    skew);
}

static inline void
notified(const char *channel, const char *payload)
{
	size_t	len;

	len = strlen(heard);
	(void)snprintf(heard + len, sizeof(heard) - len, "%s=%s ", channel,
	    payload);
}

static inline void
listening(bool up)
{
	if (up)
		ups++;
	else
		downs++;
}

static inline void
turn(int ms)
{
	struct pollfd	fds[SLOTS];
	int		slots[SLOTS], i, count;

	for (i = count = 0; i < SLOTS; i++) {
		if (watched[i].fd == -1)
			continue;
		slots[count] = i;
		fds[count].fd = watched[i].fd;
		fds[count].events = (short)(
		    (watched[i].interest & POOL_READ ? POLLIN : 0) |
		    (watched[i].interest & POOL_WRITE ? POLLOUT : 0));
		count++;
	}
	assert_true(poll(fds, (nfds_t)count, ms) != -1);
	for (i = 0; i < count; i++) {
		/* Forgotten by what an earlier one did. */
		if (fds[i].revents == 0 || watched[slots[i]].fd != fds[i].fd)
			continue;
		assert_int_equal(fds[i].revents & POLLNVAL, 0);
		pool_ready(pool, slots[i],
		    (fds[i].revents & ~POLLOUT ? POOL_READ : 0) |
		    (fds[i].revents & POLLOUT ? POOL_WRITE : 0));
	}
	pool_tick(pool);
}

/* Turns the loop until `condition` holds; fails when it never does. */
#define UNTIL(condition) do {						\
	int	turns_left;						\
									\
	for (turns_left = TURNS; !(condition); turns_left--) {		\
		if (turns_left == 0)					\
			fail_msg("never: %s", #condition);		\
		turn(TURN_MS);						\
	}								\
} while (0)

static inline void
call_done(struct batch *batch, enum batch_outcome outcome)
{
	struct call	*call;

	call = batch->argument;
	call->done++;
	call->outcome = outcome;
	call->order = finished++;
	if (PQntuples(batch->result) > 0)
		(void)snprintf(call->value, sizeof(call->value), "%s",
		    PQgetvalue(batch->result, 0, 0));
	if (batch->message != NULL)
		(void)snprintf(call->message, sizeof(call->message), "%s",
		    batch->message);
	if (batch->detail != NULL)
		(void)snprintf(call->detail, sizeof(call->detail), "%s",
		    batch->detail);
	PQclear(batch->result);
	batch->result = NULL;
	if (call->next != NULL)
		pool_submit(pool, &call->next->batch);
}

static inline void
call_init(struct call *call, enum pool_lane lane)
{
	memset(call, 0, sizeof(*call));
	call->batch.lane = lane;
	call->batch.done = call_done;
	call->batch.argument = call;
}

/* Adds a step that keeps its result, with up to three text parameters. */
static inline struct batch_step *
call_step(struct call *call, const char *prepared, const char *a,
    const char *b, const char *c)
{
	const char		*values[] = { a, b, c };
	struct batch_step	*step;
	size_t			 i;

	step = &call->batch.steps[call->batch.step_count++];
	step->prepared = prepared;
	step->keep = true;
	for (i = 0; i < 3 && values[i] != NULL; i++)
		step->values[step->count++] = values[i];
	return (step);
}

static inline void
submit(struct call *call, enum pool_lane lane, const char *prepared,
    const char *a, const char *b, const char *c)
{
	call_init(call, lane);
	(void)call_step(call, prepared, a, b, c);
	pool_submit(pool, &call->batch);
}

static inline void
expect(struct call *call, enum batch_outcome outcome, const char *value)
{
	UNTIL(call->done != 0);
	assert_int_equal(call->done, 1);
	if (call->outcome != outcome)
		fail_msg("outcome %d, not %d: %s %s", (int)call->outcome,
		    (int)outcome, call->batch.sqlstate, call->message);
	if (value != NULL)
		assert_string_equal(call->value, value);
}

static inline bool
lane_is_up(enum pool_lane lane)
{
	struct call	call;

	submit(&call, lane, "say", "up", NULL, NULL);
	UNTIL(call.done != 0);
	return (call.outcome == BATCH_DONE);
}

static inline void
pool_start(const char *conninfo, int short_links, int long_links)
{
	static struct pool_config	 config;
	int				 i;

	for (i = 0; i < SLOTS; i++)
		watched[i].fd = -1;
	finished = ups = downs = 0;
	heard[0] = '\0';
	memset(&config, 0, sizeof(config));
	config.conninfo = conninfo;
	config.user = OWNER;
	config.short_links = short_links;
	config.long_links = long_links;
	config.short_ms = SHORT_MS;
	config.long_ms = LONG_MS;
	config.prepared = statements;
	config.prepared_count = sizeof(statements) / sizeof(statements[0]);
	config.channels = channels;
	config.notified = notified;
	config.listening = listening;
	config.loop.watch = loop_watch;
	config.loop.forget = loop_forget;
	config.loop.now = loop_now;
	pool = pool_new(&config);
}

#define LINKS_OF_POOL							\
	"from pg_stat_activity where datname = current_database() "	\
	"and application_name = '" OWNER "' and pid <> pg_backend_pid()"

static inline int
links_up(void)
{
	return ((int)strtol(ask(watcher, "select count(*) " LINKS_OF_POOL
	    " and state = 'idle'"), NULL, 10));
}

static inline void
pool_start_ready(int short_links, int long_links)
{
	pool_start(real, short_links, long_links);
	UNTIL(pool_is_up(pool) && pool_is_listening(pool));
	UNTIL(links_up() == short_links + long_links + 1);
	UNTIL(lane_is_up(POOL_LONG) && lane_is_up(POOL_SHORT));
	finished = 0;
}

#endif

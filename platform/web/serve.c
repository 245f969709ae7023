/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A request's way:
 *
 *	host -> tenant		serve_request
 *	kept answer		serve_from_cache
 *	path -> route		serve_route
 *	input, .prepare		exchange_read
 *	one transaction		serve_submit: enter, once, run, changed
 *	(.work, then)		serve_work, serve_then
 *	answer			exchange_rows, respond
 *
 * A `struct serve` outlives its request when the caller hangs up: the
 * transaction goes on, its answer is dropped.
 */

#include <string.h>
#include <time.h>

#include "core/log.h"
#include "web/cache.h"
#include "web/caller.h"
#include "web/health.h"
#include "web/limit.h"
#include "web/respond.h"
#include "web/serve.h"
#include "web/tenants.h"
#include "web/work.h"
#include "web/worker.h"

#define PER_HOUR_DEFAULT	1200	/* of what changes something */
#define DEVICES_AT_ADDRESS	50	/* a mobile network's, an office's */
#define BYTEA_OID		17
#define EARLY_MS		2000

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
	const char		*token;		/* of the device or session */
	uint32_t		 changes;	/* of the topic, at the start */
	uint32_t		 epoch;
	unsigned int		 tries;
	bool			 once;
	bool			 busy;		/* in the pool or in a thread */
	bool			 then;		/* the second statement runs */
};

static void	serve_send(struct serve *);
static void	serve_batch_done(struct batch *, enum batch_outcome);

void
step_text(struct batch_step *step, const char *text)
{
	step->values[step->count++] = text;
}

void
step_bytes(struct batch_step *step, const void *bytes, size_t len)
{
	step->lengths[step->count] = (int)len;
	step->formats[step->count] = 1;
	step->values[step->count++] = bytes;
}

static void
serve_free(struct serve *serve)
{
	PQclear(serve->result);
	PQclear(serve->found);
	tenant_release(serve->exchange.tenant);
	if (serve->body != NULL)
		kore_buf_free(serve->body);
	arena_free(serve->exchange.arena);	/* and `serve` with it */
}

/* Kore lets go of the request; called more than once if it likes. */
static void
serve_onfree(struct http_request *req)
{
	struct serve	*serve;

	if ((serve = req->hdlr_extra) == NULL)
		return;
	req->hdlr_extra = NULL;
	serve->req = NULL;
	if (!serve->busy)
		serve_free(serve);
}

static const char *
serve_header(const struct exchange *x, const char *name)
{
	const struct serve	*serve;
	const char		*value;

	serve = x->request;
	if (serve->req == NULL ||
	    !http_request_header(serve->req, name, &value))
		return (NULL);
	return (value);
}

static const char *
media_type(struct arena *arena, struct http_request *req)
{
	const char	*value;
	char		*type, *at;

	if (!http_request_header(req, "content-type", &value))
		return (NULL);
	type = arena_copy(arena, value, strcspn(value, "; \t"));
	for (at = type; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return (type);
}

static const char *
method_text(const struct http_request *req)
{
	switch (req->method) {
	case HTTP_METHOD_GET:
		return ("GET");
	case HTTP_METHOD_HEAD:
		return ("HEAD");
	case HTTP_METHOD_POST:
		return ("POST");
	case HTTP_METHOD_PUT:
		return ("PUT");
	case HTTP_METHOD_PATCH:
		return ("PATCH");
	case HTTP_METHOD_DELETE:
		return ("DELETE");
	default:
		return ("OPTIONS");
	}
}

static struct serve *
serve_new(struct http_request *req, struct tenant_slot *slot,
    const char *language)
{
	struct exchange	*x;
	struct serve	*serve;
	struct arena	*arena;

	arena = arena_new(16384);
	serve = arena_alloc(arena, sizeof(*serve));
	serve->req = req;
	serve->slot = slot;
	x = &serve->exchange;
	x->arena = arena;
	x->registry = worker_state.registry;
	x->keys = &worker_state.keys;
	x->loaded = &worker_state.registry->plugins[0];
	x->match = &serve->match;
	x->language = language;
	x->request = serve;
	x->header = serve_header;
	x->method = method_text(req);
	findings_init(&x->findings, arena);
	if (slot != NULL)
		x->tenant = tenant_hold(slot->tenant);
	req->hdlr_extra = serve;
	req->onfree = serve_onfree;
	req->flags |= HTTP_REQUEST_RETAIN_EXTRA;
	return (serve);
}

/* Whatever the reason, the same bytes: nobody learns which it was. */
static int
serve_problem(struct serve *serve, int status, const char *code)
{
	exchange_problem(&serve->exchange, status, code, NULL);
	serve_send(serve);
	return (KORE_RESULT_OK);
}

static bool
is_safe(const struct http_request *req)
{
	return (req->method == HTTP_METHOD_GET ||
	    req->method == HTTP_METHOD_HEAD);
}

static bool
serve_from_cache(struct http_request *req, struct tenant_slot *slot,
    const char *language)
{
	const struct cached	*cached;

	cached = cache_get(worker_state.cache, slot, language, req->path,
	    req->query_string);
	if (cached == NULL)
		return (false);
	if (cache_is_changed(slot, cached) ||
	    (pool_is_up(worker_state.pool) &&
	    (!pool_is_listening(worker_state.pool) ||
	    !cache_is_fresh(worker_state.cache, slot, cached))))
		return (false);
	respond_cached(req, cached);
	return (true);
}

static void
serve_keep(struct serve *serve)
{
	const struct exchange	*x;
	struct cached		 cached;

	x = &serve->exchange;
	if (serve->match.cache_topic < 0 || x->status != 200 ||
	    x->header_count != 0 || serve->req == NULL ||
	    !pool_is_listening(worker_state.pool))
		return;
	cached.status = x->status;
	cached.media_type = x->media_type;
	cached.body = x->answer;
	cached.len = x->answer_len;
	cached.topic = serve->match.cache_topic;
	cached.changes = serve->changes;
	cached.epoch = serve->epoch;
	cache_etag(x->answer, x->answer_len, cached.etag);
	cache_put(worker_state.cache, serve->slot, x->language,
	    serve->req->path, serve->req->query_string, &cached);
}

/* Into Kore's hands; the request is done. */
static void
serve_send(struct serve *serve)
{
	struct exchange	*x;
	char		 etag[CACHE_ETAG_LEN + 1];

	x = &serve->exchange;
	if (serve->match.cache_topic >= 0 && x->status == 200 &&
	    serve->match.route != NULL) {
		serve_keep(serve);
		cache_etag(x->answer, x->answer_len, etag);
		respond_exchange(serve->req, x, etag);
	} else
		respond_exchange(serve->req, x, NULL);
}

static bool
serve_limit_take(struct serve *serve, const char *caller,
    unsigned int per_hour)
{
	struct exchange	*x;
	unsigned char	 hash[CRYPTO_HASH_LEN];
	const char	*text;
	uint64_t	 key;

	x = &serve->exchange;
	text = arena_format(x->arena, "%u %s", serve->match.index, caller);
	crypto_digest(x->keys, HASH_CALLER, x->tenant->id, text, strlen(text),
	    hash);
	memcpy(&key, hash, sizeof(key));
	return (limit_take(key, limit_share(per_hour,
	    (unsigned int)worker_state.env.limits), (uint64_t)time(NULL)));
}

static bool
serve_within_limit(struct serve *serve)
{
	const char	*address;
	unsigned int	 per_hour;

	per_hour = serve->exchange.route->per_hour;
	if (worker_state.env.limits == 0 ||
	    (per_hour == 0 && is_safe(serve->req)))
		return (true);
	if (per_hour == 0)
		per_hour = PER_HOUR_DEFAULT;
	/* A token is not known to be real yet: who draws new ones is counted
	 * by the address, which many devices may share. */
	address = caller_address(serve->req, serve->exchange.arena,
	    worker_state.env.proxies);
	if (serve->token == NULL)
		return (serve_limit_take(serve, address, per_hour));
	return (serve_limit_take(serve, address,
	    per_hour * DEVICES_AT_ADDRESS) &&
	    serve_limit_take(serve, serve->token, per_hour));
}

/* false: the answer, 401 or 403, is made. */
static bool
serve_credentials(struct serve *serve)
{
	struct exchange	*x;

	x = &serve->exchange;
	switch (x->route->access.kind) {
	case ACCESS_PUBLIC:
	case ACCESS_SIGN_IN:
		break;
	case ACCESS_OFFICE:
		serve->token = caller_session(serve->req, x->arena);
		if (serve->token == NULL) {
			(void)exchange_refuse(x, "session-unknown", NULL);
			return (false);
		}
		break;
	default:
		serve->token = caller_bearer(serve->req);
		if (serve->token == NULL) {
			(void)exchange_refuse(x, "device-unknown", NULL);
			return (false);
		}
		break;
	}
	if (worker_state.side == ROUTER_OFFICE && !is_safe(serve->req) &&
	    !caller_is_same_site(serve->req)) {
		(void)exchange_refuse(x, "cross-site", NULL);
		return (false);
	}
	return (true);
}

static const unsigned char *
serve_hash(struct serve *serve, enum hash_purpose purpose, const void *bytes,
    size_t len)
{
	unsigned char	*hash;

	hash = arena_alloc(serve->exchange.arena, CRYPTO_HASH_LEN);
	crypto_digest(&worker_state.keys, purpose, serve->exchange.tenant->id,
	    bytes, len, hash);
	return (hash);
}

/* A PostgreSQL array of the roles that give the route's right. */
static const char *
serve_roles(struct serve *serve)
{
	const struct exchange	*x;
	const struct role	*role;
	const char		*roles;
	struct buf		 buf;
	size_t			 i;

	x = &serve->exchange;
	if (x->route->access.right == NULL)
		return (NULL);
	buf_init(&buf, x->arena, 65536);
	buf_char(&buf, '{');
	for (i = 0; i < x->tenant->file.roles.count; i++) {
		role = &x->tenant->file.roles.items[i];
		if (!tenant_role_gives(x->tenant, role->code,
		    x->loaded->plugin->name, x->route->access.right))
			continue;
		buf_format(&buf, "%s%s", buf.len > 1 ? "," : "", role->code);
	}
	buf_char(&buf, '}');
	/* NULL would ask for no right at all. */
	roles = buf_finish(&buf, NULL);
	return (roles == NULL ? "{}" : roles);
}

static struct batch_step *
serve_step(struct serve *serve, const char *prepared)
{
	struct batch_step	*step;

	step = &serve->batch.steps[serve->batch.step_count++];
	memset(step, 0, sizeof(*step));
	step->prepared = prepared;
	return (step);
}

static void
serve_step_enter(struct serve *serve)
{
	const struct exchange	*x;
	struct batch_step	*step;
	const char		*tenant;
	enum access_kind	 kind;
	bool			 account;

	x = &serve->exchange;
	kind = x->route->access.kind;
	tenant = arena_format(x->arena, "%d", x->tenant->id);
	if (kind == ACCESS_PUBLIC || kind == ACCESS_SIGN_IN) {
		step_text(serve_step(serve, SQL_ENTER_PUBLIC), tenant);
		return;
	}
	step = serve_step(serve, kind == ACCESS_OFFICE ? SQL_ENTER_STAFF :
	    SQL_ENTER_DEVICE);
	step_text(step, tenant);
	step_bytes(step, serve_hash(serve, kind == ACCESS_OFFICE ?
	    HASH_SESSION : HASH_DEVICE_TOKEN, serve->token,
	    strlen(serve->token)), CRYPTO_HASH_LEN);
	if (kind == ACCESS_OFFICE) {
		step_text(step, serve_roles(serve));
		return;
	}
	account = kind == ACCESS_ACCOUNT || (kind == ACCESS_CITIZEN &&
	    (x->tenant->account_required >> x->loaded->index & 1) != 0);
	step_text(step, account ? "t" : "f");
}

/* false: the key is malformed and the answer is made. */
static bool
serve_step_once(struct serve *serve)
{
	struct exchange		*x;
	struct batch_step	*step;
	const char		*key, *text, *query;
	struct buf		 buf;
	size_t			 i, len;

	x = &serve->exchange;
	serve->once = false;
	if (serve->match.run == NULL || !serve->match.run->once ||
	    !http_request_header(serve->req, "idempotency-key", &key))
		return (true);
	len = strlen(key);
	for (i = 0; i < len && key[i] > ' ' && key[i] < 0x7f; i++)
		continue;
	if (i != len || len < 8 || len > 128) {
		(void)exchange_refuse(x, "idempotency-key", NULL);
		return (false);
	}
	text = arena_format(x->arena, "%s %s %s", key, serve->token == NULL ?
	    "" : serve->token, serve->req->path);
	query = x->query_text == NULL ? "" : x->query_text;
	buf_init(&buf, x->arena, strlen(query) + 1 + x->content.len);
	buf_format(&buf, "%s\n", query);
	buf_add(&buf, x->content.at, x->content.len);
	step = serve_step(serve, SQL_ONCE);
	step_bytes(step, serve_hash(serve, HASH_IDEMPOTENCY, text,
	    strlen(text)), CRYPTO_HASH_LEN);
	step_bytes(step, serve_hash(serve, HASH_IDEMPOTENCY, buf.data,
	    buf.len), CRYPTO_HASH_LEN);
	serve->once = true;
	return (true);
}

static void
serve_step_run(struct serve *serve, const struct statement *statement)
{
	struct batch_step	*step;
	const char		*value;
	size_t			 i, len;

	step = serve_step(serve, statement->prepared);
	step->keep = true;
	step->binary = statement->kind == STATEMENT_BLOB;
	for (i = 0; i < statement->parameter_count; i++) {
		value = exchange_parameter(&serve->exchange,
		    statement->parameters[i], &len);
		if (value != NULL && len != 0)
			step_bytes(step, value, len);
		else
			step_text(step, value);
	}
}

static bool
serve_submit(struct serve *serve, const struct statement *statement)
{
	const struct route	*route;
	struct batch		*batch;

	route = serve->exchange.route;
	batch = &serve->batch;
	batch->step_count = 0;
	batch->lane = route->slow || route->accepts != NULL ||
	    statement->kind == STATEMENT_BLOB ? POOL_LONG : POOL_SHORT;
	batch->done = serve_batch_done;
	batch->argument = serve;
	serve_step_enter(serve);
	if (!serve->then && !serve_step_once(serve))
		return (false);
	serve_step_run(serve, statement);
	if (route->changes != NULL)
		step_text(serve_step(serve, SQL_CHANGED),
		    router_topic(worker_state.router,
		    serve->match.changes_topic));
	serve->busy = true;
	pool_submit(worker_state.pool, batch);
	return (true);
}

static void
serve_rows(struct serve *serve)
{
	struct row_column	*column;
	struct arena		*arena;
	const PGresult		*result;
	unsigned char		*raw;
	int			 r, c, columns;

	arena = serve->exchange.arena;
	result = serve->result;
	columns = PQnfields(result);
	serve->row_count = (size_t)PQntuples(result);
	serve->rows = arena_alloc(arena, (serve->row_count + 1) *
	    sizeof(*serve->rows));
	for (r = 0; r < PQntuples(result); r++) {
		serve->rows[r].count = (size_t)columns;
		serve->rows[r].columns = arena_alloc(arena,
		    (size_t)columns * sizeof(*column));
		for (c = 0; c < columns; c++) {
			column = &serve->rows[r].columns[c];
			column->name = PQfname(result, c);
			if (PQgetisnull(result, r, c))
				continue;
			column->at = PQgetvalue(result, r, c);
			column->len = (size_t)PQgetlength(result, r, c);
			if (PQftype(result, c) != BYTEA_OID)
				continue;
			column->binary = true;
			if (PQfformat(result, c) == 1)
				continue;
			raw = PQunescapeBytea((const unsigned char *)
			    column->at, &column->len);
			column->at = arena_copy(arena, raw, column->len);
			PQfreemem(raw);
		}
	}
}

/* The answer is made; the request is woken and sends it. */
static void
serve_wake(struct serve *serve)
{
	serve->busy = false;
	if (serve->req == NULL)
		serve_free(serve);
	else
		http_request_wakeup(serve->req);
}

static void
serve_run_work(struct work *work)
{
	struct serve	*serve;
	struct exchange	*x;

	serve = (struct serve *)work;
	x = &serve->exchange;
	if (x->route->work(x, serve->row_count == 0 ? NULL :
	    &serve->rows[0]) != STATUS_OK && x->status == 0)
		exchange_problem(x, 500, "internal", NULL);
}

static void
serve_worked(struct work *work)
{
	struct serve	*serve;

	serve = (struct serve *)work;
	serve->found = serve->result;
	serve->result = NULL;
	serve->then = true;
	if (serve->exchange.status != 0 || serve->req == NULL ||
	    !serve_submit(serve, serve->match.then))
		serve_wake(serve);
}

static void
serve_work(struct serve *serve)
{
	serve->work.run = serve_run_work;
	serve->work.done = serve_worked;
	if (work_submit(&serve->work) == STATUS_OK)
		return;
	exchange_problem(&serve->exchange, 429, "too-many-requests", NULL);
	serve_wake(serve);
}

/* What enter_…() and once() raise: SQLSTATE class SK, the problem's code as
 * the message. */
static void
serve_refused(struct serve *serve)
{
	struct exchange		*x;
	struct row_column	 column;
	struct row		 row = { 1, &column };

	x = &serve->exchange;
	if (strcmp(serve->batch.sqlstate, "SK208") != 0) {
		(void)exchange_refuse(x, serve->batch.message, NULL);
		return;
	}
	column.name = "body";
	column.at = arena_text(x->arena, serve->batch.detail);
	column.len = 0;
	column.binary = false;
	exchange_add_header(x, "idempotency-replayed", "true");
	exchange_rows(x, serve->match.run, &row, 1);
}

static void
serve_failed(struct serve *serve)
{
	const struct batch	*batch;

	batch = &serve->batch;
	if (strncmp(batch->sqlstate, "SK", 2) == 0) {
		serve_refused(serve);
		return;
	}
	log_event(LOG_LEVEL_ERROR, "statement failed",
	    "tenant=%s statement=\"%s\" sqlstate=%s",
	    serve->exchange.tenant->slug,
	    batch->failed_step < batch->step_count ?
	    batch->steps[batch->failed_step].prepared : "commit",
	    batch->sqlstate);
	/* Resources, operator intervention, conflicts: worth another try. */
	if (strncmp(batch->sqlstate, "53", 2) == 0 ||
	    strncmp(batch->sqlstate, "57", 2) == 0 ||
	    strncmp(batch->sqlstate, "40", 2) == 0 ||
	    strncmp(batch->sqlstate, "08", 2) == 0)
		exchange_problem(&serve->exchange, 503, "unavailable", NULL);
	else
		exchange_problem(&serve->exchange, 500, "internal", NULL);
}

/* Once more where doing it twice is doing it once. */
static bool
serve_retry(struct serve *serve)
{
	if (serve->tries++ != 0 || serve->req == NULL ||
	    (!is_safe(serve->req) && !serve->once))
		return (false);
	pool_submit(worker_state.pool, &serve->batch);
	return (true);
}

static void
serve_batch_done(struct batch *batch, enum batch_outcome outcome)
{
	struct serve	*serve;

	serve = batch->argument;
	serve->result = batch->result;
	batch->result = NULL;
	switch (outcome) {
	case BATCH_DONE:
		serve_rows(serve);
		if (serve->exchange.route->work != NULL && !serve->then) {
			serve_work(serve);
			return;
		}
		exchange_rows(&serve->exchange, serve->then ?
		    serve->match.then : serve->match.run, serve->rows,
		    serve->row_count);
		break;
	case BATCH_FAILED:
		serve_failed(serve);
		break;
	case BATCH_LOST:
		PQclear(serve->result);
		serve->result = NULL;
		if (serve_retry(serve))
			return;
		/* FALLTHROUGH */
	default:
		exchange_problem(&serve->exchange, 503, "unavailable", NULL);
		break;
	}
	serve_wake(serve);
}

/* Takes the body over from Kore: it has to live as long as the batch. */
static void
serve_take_body(struct serve *serve)
{
	struct exchange	*x;

	x = &serve->exchange;
	x->query_text = serve->req->query_string == NULL ? NULL :
	    arena_text(x->arena, serve->req->query_string);
	x->content_type = media_type(x->arena, serve->req);
	if (serve->req->http_body == NULL)
		return;
	serve->body = serve->req->http_body;
	serve->req->http_body = NULL;
	x->content.at = serve->body->data;
	x->content.len = serve->req->http_body_length;
}

static int
serve_route(struct serve *serve)
{
	struct exchange	*x;

	x = &serve->exchange;
	switch (router_match(worker_state.router, x->tenant->plugins,
	    x->method, serve->req->path, x->arena, &serve->match)) {
	case ROUTER_NOT_FOUND:
		return (serve_problem(serve, 404, "not-found"));
	case ROUTER_NOT_ALLOWED:
		exchange_add_header(x, "allow", serve->match.allow);
		return (serve_problem(serve, 405, "method-not-allowed"));
	case ROUTER_FOUND:
		break;
	}
	x->loaded = serve->match.loaded;
	x->route = serve->match.route;
	serve->epoch = cache_epoch(worker_state.cache);
	if (serve->match.cache_topic >= 0)
		serve->changes =
		    serve->slot->changes[serve->match.cache_topic];

	serve_take_body(serve);
	if (!serve_credentials(serve)) {
		serve_send(serve);
		return (KORE_RESULT_OK);
	}
	if (!serve_within_limit(serve))
		return (serve_problem(serve, 429, "too-many-requests"));
	if (exchange_read(x) != STATUS_OK) {
		serve_send(serve);
		return (KORE_RESULT_OK);
	}
	if (serve->match.run == NULL) {
		exchange_plain(x);
		serve_send(serve);
		return (KORE_RESULT_OK);
	}
	/* Asleep before the batch goes: it may come back at once. */
	http_request_sleep(serve->req);
	if (!serve_submit(serve, serve->match.run))
		http_request_wakeup(serve->req);
	return (KORE_RESULT_RETRY);
}

/*
 * A worker takes connections before it knows the cities. Kore asks again
 * with the loop's next turn, at most a tick later.
 */
static bool
serve_is_early(void)
{
	return (!tenants_loaded(worker_state.tenants) &&
	    kore_time_ms() - worker_state.started < EARLY_MS);
}

int
serve_request(struct http_request *req)
{
	struct tenant_slot	*slot;
	struct serve		*serve;
	const char		*languages, *language;

	if ((serve = req->hdlr_extra) != NULL) {
		serve_send(serve);
		return (KORE_RESULT_OK);
	}
	if (serve_is_early())
		return (KORE_RESULT_RETRY);
	if (health_request(req))
		return (KORE_RESULT_OK);

	if (!http_request_header(req, "accept-language", &languages))
		languages = NULL;
	language = message_negotiate(
	    worker_state.registry->plugins[0].messages, languages);
	slot = tenants_by_host(worker_state.tenants, req->host);
	if (slot == NULL || slot->tenant == NULL) {
		serve = serve_new(req, NULL, language);
		serve->match.cache_topic = -1;
		if (!tenants_loaded(worker_state.tenants))
			return (serve_problem(serve, 503, "unavailable"));
		return (serve_problem(serve, 404, "not-found"));
	}
	if (is_safe(req) && serve_from_cache(req, slot, language))
		return (KORE_RESULT_OK);
	serve = serve_new(req, slot, language);
	serve->match.cache_topic = -1;
	return (serve_route(serve));
}

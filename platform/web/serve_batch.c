/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The transaction of a request: enter, once, the statement, changed; its rows
 * or its refusal become the exchange's answer. A route with .work has a second
 * one behind it.
 */

#include <string.h>

#include "core/log.h"
#include "db/bytea.h"
#include "web/serve_state.h"
#include "web/worker.h"

#define BOOL_OID	16	/* pg_type */
#define BYTEA_OID	17
#define INT8_OID	20
#define INT2_OID	21
#define INT4_OID	23
#define FLOAT4_OID	700
#define FLOAT8_OID	701
#define NUMERIC_OID	1700
#define KEY_MIN		8	/* characters of an Idempotency-Key */
#define KEY_MAX		128
#define UNATTENDED	"stadtkern-unattended"

static void	serve_batch_done(struct batch *, enum batch_outcome);

const unsigned char *
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

	x = &serve->exchange;
	/* NULL asks for no right at all. */
	return (x->route->access.right == NULL ? NULL :
	    tenant_roles_array(x->arena, x->tenant, x->loaded->plugin->name,
	    x->route->access.right));
}

struct batch_step *
serve_step(struct serve *serve, const char *prepared)
{
	struct batch_step	*step;

	step = &serve->batch.steps[serve->batch.step_count++];
	memset(step, 0, sizeof(*step));
	step->prepared = prepared;
	return (step);
}

/* Without a right none are asked for. NULL would be a right without limits:
 * who cannot be told theirs has none of it. */
static void
serve_step_roles(struct serve *serve, struct batch_step *step)
{
	const struct exchange	*x;
	const char		*limits, *right;

	x = &serve->exchange;
	right = x->route->access.right;
	limits = right == NULL ? NULL : tenant_limits_json(x->arena,
	    x->tenant, x->loaded->plugin->name, right);
	step_text(step, right != NULL && limits == NULL ? "{}" :
	    serve_roles(serve));
	step_text(step, limits);
}

/* A screen that looks for news by itself is nobody at work. */
static bool
serve_is_unattended(const struct serve *serve)
{
	const char	*value;

	return (serve->exchange.route->access.kind == ACCESS_OFFICE &&
	    serve_is_safe(serve->req) &&
	    http_request_header(serve->req, UNATTENDED, &value));
}

void
serve_step_enter(struct serve *serve)
{
	const struct exchange	*x;
	struct batch_step	*step;
	const char		*tenant;
	enum access_kind	 kind;
	bool			 account;

	if (serve_is_unattended(serve))
		(void)serve_step(serve, SQL_UNATTENDED);
	x = &serve->exchange;
	kind = x->route->access.kind;
	tenant = arena_format(x->arena, "%d", x->tenant->id);
	if (kind == ACCESS_PUBLIC || kind == ACCESS_SIGN_IN) {
		step_text(serve_step(serve, SQL_ENTER_PUBLIC), tenant);
		return;
	}
	step = serve_step(serve, kind == ACCESS_OFFICE ? SQL_ENTER_STAFF :
	    kind == ACCESS_KEY ? SQL_ENTER_KEY : SQL_ENTER_DEVICE);
	step_text(step, tenant);
	step_bytes(step, serve_hash(serve, kind == ACCESS_OFFICE ?
	    HASH_SESSION : kind == ACCESS_KEY ? HASH_API_KEY :
	    HASH_DEVICE_TOKEN, serve->token, strlen(serve->token)),
	    CRYPTO_HASH_LEN);
	if (kind == ACCESS_OFFICE) {
		serve_step_roles(serve, step);
		return;
	}
	if (kind == ACCESS_KEY) {
		step_text(step, arena_format(x->arena, "%s.%s",
		    x->loaded->plugin->name, x->route->access.right));
		return;
	}
	account = kind == ACCESS_ACCOUNT || (kind == ACCESS_CITIZEN &&
	    (x->tenant->account_required >> x->loaded->index & 1) != 0);
	step_text(step, account ? "t" : "f");
}

/* Of the statement that keeps its answer, which may be the second one. false:
 * the key is malformed and the answer is made. */
static bool
serve_step_once(struct serve *serve, const struct statement *statement)
{
	struct exchange		*x;
	struct batch_step	*step;
	const char		*key, *text, *query;
	struct buf		 buf;
	size_t			 i, len;

	x = &serve->exchange;
	serve->once = false;
	if (!statement->once ||
	    !http_request_header(serve->req, "idempotency-key", &key))
		return (true);
	len = strlen(key);
	for (i = 0; i < len && key[i] > ' ' && key[i] < 0x7f; i++)
		continue;
	if (i != len || len < KEY_MIN || len > KEY_MAX) {
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

bool
serve_submit(struct serve *serve, const struct statement *statement)
{
	const struct route	*route;
	struct batch		*batch;

	route = serve->exchange.route;
	batch = &serve->batch;
	batch->step_count = 0;
	batch->lane = route->slow || route->accepts != NULL ||
	    statement->kind == STATEMENT_BLOB ? POOL_LONG : POOL_SHORT;
	batch->reads = serve_is_safe(serve->req);
	batch->done = serve_batch_done;
	batch->argument = serve;
	if (statement->kind == STATEMENT_CSV)
		serve_stream(serve);
	serve_step_enter(serve);
	/* Whoever reads half a file and hangs up has read it. */
	if (serve->stream != NULL)
		serve_stream_audit(serve);
	if (!serve->match.rehearsal && !serve_step_once(serve, statement))
		return (false);
	serve_step_run(serve, statement);
	if (serve->match.rehearsal)
		(void)serve_step(serve, SQL_REHEARSED);
	else if (route->changes != NULL)
		step_text(serve_step(serve, SQL_CHANGED),
		    router_topic(worker_state.router,
		    serve->match.changes_topic));
	if (serve->stream == NULL)
		serve_step_audit(serve);
	serve->busy = true;
	pool_submit(worker_state.pool, batch);
	return (true);
}

static bool
type_is_number(Oid type)
{
	switch (type) {
	case INT2_OID:
	case INT4_OID:
	case INT8_OID:
	case FLOAT4_OID:
	case FLOAT8_OID:
	case NUMERIC_OID:
		return (true);
	default:
		return (false);
	}
}

static void
serve_column(struct arena *arena, const PGresult *result, int number, int c,
    struct row_column *column)
{
	struct bytes	bytes;
	Oid		type;

	type = PQftype(result, c);
	column->name = PQfname(result, c);
	column->number = type_is_number(type);
	column->logical = type == BOOL_OID;
	if (number < 0 || PQgetisnull(result, number, c))
		return;
	column->at = PQgetvalue(result, number, c);
	column->len = (size_t)PQgetlength(result, number, c);
	if (type != BYTEA_OID)
		return;
	column->binary = true;
	if (PQfformat(result, c) == 1)
		return;
	bytes = bytea_read(arena, column->at);
	column->at = (const char *)bytes.at;
	column->len = bytes.len;
}

void
serve_row(struct arena *arena, const PGresult *result, int number,
    struct row *row)
{
	int	c;

	row->count = (size_t)PQnfields(result);
	row->columns = arena_alloc(arena, row->count * sizeof(*row->columns));
	for (c = 0; c < PQnfields(result); c++)
		serve_column(arena, result, number, c, &row->columns[c]);
}

static void
serve_rows(struct serve *serve)
{
	struct arena	*arena;
	int		 r;

	arena = serve->exchange.arena;
	serve->row_count = (size_t)PQntuples(serve->result);
	serve->rows = arena_alloc(arena, (serve->row_count + 1) *
	    sizeof(*serve->rows));
	for (r = 0; r < PQntuples(serve->result); r++)
		serve_row(arena, serve->result, r, &serve->rows[r]);
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
	exchange_rows(x, serve->then ? serve->match.then : serve->match.run,
	    &row, 1);
}

/* What was done is undone by the last step's error; its rows are the answer. */
static bool
serve_is_rehearsed(const struct serve *serve)
{
	return (serve->match.rehearsal && serve->result != NULL &&
	    strcmp(serve->batch.sqlstate, "SK200") == 0);
}

static void
serve_failed(struct serve *serve)
{
	const struct batch	*batch;

	batch = &serve->batch;
	serve->audit = NULL;
	serve->known = serve->token != NULL &&
	    strcmp(batch->sqlstate, "SK401") != 0;
	if (serve_is_rehearsed(serve)) {
		serve_rows(serve);
		exchange_rows(&serve->exchange, serve->match.run, serve->rows,
		    serve->row_count);
		return;
	}
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
	    (!serve_is_safe(serve->req) && !serve->once))
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
	if (serve->stream != NULL && serve_stream_done(serve, outcome))
		return;
	switch (outcome) {
	case BATCH_DONE:
		serve_rows(serve);
		if (serve->exchange.route->work != NULL && !serve->then &&
		    (serve->row_count == 0 ||
		    row_text(&serve->rows[0], "problem") == NULL)) {
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

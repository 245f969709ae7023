/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit log, as a request sees it. What is done is entered in the same
 * transaction. That it was refused is known only afterwards, from its rows or
 * because its transaction was undone: then a second one says so before the
 * caller is answered. Refusals are bounded, as anybody can be refused as often
 * as they like.
 */

#include <string.h>
#include <time.h>

#include "core/exchange/audit.h"
#include "core/log.h"
#include "web/limit.h"
#include "web/serve_state.h"
#include "web/worker.h"

#define REFUSALS_OF_SESSION	600	/* an hour */
#define REFUSALS_AT_ADDRESS	600	/* of whom nobody knows */
#define REFUSALS_OF_TENANT	3000	/* of all of them */
#define MORE			"more-not-listed"

static void	serve_recorded(struct batch *, enum batch_outcome);

void
serve_step_audit(struct serve *serve)
{
	struct batch_step	*step;
	struct exchange		*x;
	enum audit_kind		 kind;

	x = &serve->exchange;
	kind = audit_kind(x->route);
	if (kind == AUDIT_NOTHING || (x->route->work != NULL && !serve->then))
		return;
	serve->audit = audit_request(x->arena);
	step = serve_step(serve, SQL_AUDITED);
	step_text(step, serve->audit);
	step_text(step, audit_kind_text(kind));
	step_text(step, audit_action(x));
	step_text(step, audit_right(x));
	step_text(step, audit_object(x));
	step_text(step, audit_detail(x));
	step_text(step, x->route->reads);
}

static bool
refusal_take(struct serve *serve, const char *what, const char *whose,
    unsigned int per_hour)
{
	const struct exchange	*x;
	unsigned char		 hash[CRYPTO_HASH_LEN];
	const char		*text;
	uint64_t		 key;

	x = &serve->exchange;
	if (worker_state.env.limits == 0)
		return (true);
	text = arena_format(x->arena, "audit %s %s", what, whose);
	crypto_digest(x->keys, HASH_CALLER, x->tenant->id, text, strlen(text),
	    hash);
	memcpy(&key, hash, sizeof(key));
	return (limit_take(key, per_hour, (uint64_t)time(NULL)));
}

/* The problem's code; MORE, once an hour, where no more are listed; NULL: no
 * entry. */
static const char *
refusal_code(struct serve *serve)
{
	const struct exchange	*x;
	const char		*whose;
	bool			 listed;

	x = &serve->exchange;
	whose = serve->known ? serve->token : "";
	listed = serve->known ?
	    refusal_take(serve, "session", whose, REFUSALS_OF_SESSION) :
	    refusal_take(serve, "address", x->address, REFUSALS_AT_ADDRESS) &&
	    refusal_take(serve, "tenant", whose, REFUSALS_OF_TENANT);
	if (listed)
		return (x->code);
	return (refusal_take(serve, "more", whose, 1) ? MORE : NULL);
}

bool
serve_is_recorded(const struct serve *serve)
{
	return (serve->recorded || serve->exchange.tenant == NULL ||
	    !audit_is_refusal(serve->exchange.route, serve->exchange.status));
}

bool
serve_record(struct serve *serve)
{
	struct batch_step	*step;
	struct exchange		*x;
	const char		*code;

	x = &serve->exchange;
	if (serve_is_recorded(serve))
		return (false);
	serve->recorded = true;
	/* One that has its entry already is only told apart from success. */
	code = serve->audit != NULL ? x->code : refusal_code(serve);
	if (code == NULL)
		return (false);
	serve->batch.step_count = 0;
	serve->batch.lane = POOL_SHORT;
	serve->batch.done = serve_recorded;
	serve->batch.argument = serve;
	step = serve_step(serve, SQL_AUDIT_REFUSED);
	step_text(step, arena_format(x->arena, "%d", x->tenant->id));
	if (serve->token == NULL)
		step_text(step, NULL);
	else
		step_bytes(step, serve_hash(serve, HASH_SESSION, serve->token,
		    strlen(serve->token)), CRYPTO_HASH_LEN);
	step_text(step, serve->audit != NULL ? serve->audit :
	    audit_request(x->arena));
	step_text(step, audit_action(x));
	step_text(step, audit_right(x));
	step_text(step, audit_object(x));
	step_text(step, x->route->reads);
	step_text(step, arena_format(x->arena, "%d", x->status));
	step_text(step, code);
	serve->busy = true;
	pool_submit(worker_state.pool, &serve->batch);
	return (true);
}

static void
serve_recorded(struct batch *batch, enum batch_outcome outcome)
{
	struct serve	*serve;

	serve = batch->argument;
	PQclear(batch->result);
	batch->result = NULL;
	if (outcome != BATCH_DONE)
		log_event(LOG_LEVEL_ERROR, "a refusal is not in the audit log",
		    "tenant=%s status=%d", serve->exchange.tenant->slug,
		    serve->exchange.status);
	serve_wake(serve);
}

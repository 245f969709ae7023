/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A request's way. What is between input and answer, a transaction and what
 * becomes of it, is in serve_batch.c.
 *
 *	host -> tenant		serve_request
 *	the app itself		assets_request, page_request
 *	kept answer		serve_from_cache
 *	path -> route		serve_route
 *	query, form		exchange_parse
 *	(parameter -> tenant)	serve_take_tenant
 *	input, .prepare		exchange_read
 *	one transaction		serve_submit: enter, once, run, changed
 *	(.work, .then)		serve_work, serve_worked
 *	answer			exchange_rows, respond; or serve_stream
 *	(refusal -> log)	serve_record
 *
 * A `struct serve` outlives its request when the caller hangs up: the
 * transaction goes on, its answer is dropped; a stream's (serve_stream.c) ends.
 */

#include <string.h>
#include <strings.h>
#include <time.h>

#include "core/log.h"
#include "web/assets.h"
#include "web/cache.h"
#include "web/caller.h"
#include "web/health.h"
#include "web/limit.h"
#include "web/page.h"
#include "web/respond.h"
#include "web/serve.h"
#include "web/serve_state.h"
#include "web/tenants.h"
#include "web/tiles.h"
#include "web/worker.h"

#define PER_HOUR_DEFAULT	1200	/* of what changes something */
#define PER_HOUR_READS		3600	/* of what is in the audit log */
#define DEVICES_AT_ADDRESS	50	/* a mobile network's, an office's */
#define EARLY_MS		2000	/* what a worker waits for the cities */

static void	serve_send(struct serve *);

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

void
serve_wake(struct serve *serve)
{
	serve->busy = false;
	if (serve_record(serve))
		return;
	if (serve->req == NULL)
		serve_free(serve);
	else
		http_request_wakeup(serve->req);
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
	else if (serve->stream != NULL)
		pool_abandon(worker_state.pool, &serve->batch);
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
serve_media_type(struct arena *arena, struct http_request *req)
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
serve_method(const struct http_request *req)
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
	x->language = serve->language = language;
	x->url = worker_state.env.url;
	x->request = serve;
	x->header = serve_header;
	x->method = serve_method(req);
	x->host = arena_text(arena, req->host);
	if (worker_state.side == ROUTER_OFFICE)
		x->address = caller_address(req, arena,
		    worker_state.env.proxies);
	findings_init(&x->findings, arena);
	serve->match.cache_topic = -1;
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

bool
serve_is_safe(const struct http_request *req)
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
	    !cache_is_fresh(worker_state.cache, slot, cached,
	    kore_time_ms()))))
		return (false);
	respond_cached(req, cached);
	return (true);
}

/* What is computed from the city's settings, nobody sends. */
static bool
serve_takes_query(const struct router_match *match)
{
	const struct field	*field;

	if (match->run != NULL && match->run->kind == STATEMENT_PAGE)
		return (true);
	for (field = match->route->query;
	    field != NULL && field->type != FIELD_TYPE_END; field++)
		if (field->type != FIELD_TYPE_COMPUTED)
			return (true);
	return (false);
}

/* Spellings that mean the same: anybody could fill the cache with one answer
 * under "?a", "?b", "%61". */
static bool
serve_is_respelled(const struct serve *serve)
{
	return (strchr(serve->req->path, '%') != NULL ||
	    (serve->req->query_string != NULL &&
	    !serve_takes_query(&serve->match)));
}

static void
serve_keep(struct serve *serve)
{
	const struct exchange	*x;
	struct cached		 cached;

	x = &serve->exchange;
	/* A caller's key is a part of the query, and no key of ours. */
	if (serve->match.cache_topic < 0 || x->status != 200 ||
	    x->header_count != 0 || serve->req == NULL || x->key != NULL ||
	    serve_is_respelled(serve) ||
	    !pool_is_listening(worker_state.pool))
		return;
	cached.status = x->status;
	cached.media_type = x->media_type;
	cached.body = x->answer;
	cached.len = x->answer_len;
	cached.gzip = x->gzip;
	cached.lasting = x->route->lasting;
	cached.topic = serve->match.cache_topic;
	cached.changes = serve->changes;
	cached.epoch = serve->epoch;
	cached.until = x->route->seconds == 0 ? 0 : serve->began +
	    x->route->seconds * (uint64_t)1000;
	cached.shared = x->match->mount != NULL && x->match->mount->shared;
	cache_etag(x->answer, x->answer_len, cached.etag);
	cache_put(worker_state.cache, serve->slot, serve->language,
	    serve->req->path, serve->req->query_string, &cached);
}

/* The database went while it was asked, maybe before all links knew. */
static bool
serve_from_doubt(struct serve *serve)
{
	const struct cached	*cached;

	if (serve->exchange.status != 503 || serve->slot == NULL ||
	    serve->match.cache_topic < 0 || !serve_is_safe(serve->req))
		return (false);
	cached = cache_get(worker_state.cache, serve->slot,
	    serve->language, serve->req->path,
	    serve->req->query_string);
	if (cached == NULL || cache_is_changed(serve->slot, cached))
		return (false);
	respond_cached(serve->req, cached);
	return (true);
}

/* Into Kore's hands; the request is done. */
static void
serve_send(struct serve *serve)
{
	struct exchange	*x;
	char		 etag[CACHE_ETAG_LEN + 1];

	x = &serve->exchange;
	if (serve_from_doubt(serve))
		return;
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
	if (per_hour == 0 && serve->exchange.route->reads != NULL)
		per_hour = PER_HOUR_READS;
	if (worker_state.env.limits == 0 ||
	    (per_hour == 0 && serve_is_safe(serve->req)))
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
	case ACCESS_KEY:
		if ((serve->token = x->key) == NULL) {
			(void)exchange_refuse(x, "key-unknown", NULL);
			return (false);
		}
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
	if (worker_state.side == ROUTER_OFFICE && !serve_is_safe(serve->req) &&
	    !caller_is_same_site(serve->req)) {
		(void)exchange_refuse(x, "cross-site", NULL);
		return (false);
	}
	return (true);
}

/* Takes the body over from Kore: it has to live as long as the batch. */
static void
serve_take_body(struct serve *serve)
{
	struct exchange	*x;

	x = &serve->exchange;
	x->query_text = serve->req->query_string == NULL ? NULL :
	    arena_text(x->arena, serve->req->query_string);
	x->content_type = serve_media_type(x->arena, serve->req);
	if (serve->req->http_body == NULL)
		return;
	serve->body = serve->req->http_body;
	serve->req->http_body = NULL;
	x->content.at = serve->body->data;
	x->content.len = serve->req->http_body_length;
}

/* The answer was made without asking the database. */
static int
serve_answered(struct serve *serve)
{
	if (!serve_is_recorded(serve)) {
		http_request_sleep(serve->req);
		serve_wake(serve);
		return (KORE_RESULT_RETRY);
	}
	serve_send(serve);
	return (KORE_RESULT_OK);
}

/*
 * Of the platform's shared host, or of a mount that lets a parameter say it:
 * whose request this is. false: the answer is made.
 */
static bool
serve_take_tenant(struct serve *serve)
{
	struct tenant_slot	*slot;
	struct exchange		*x;

	x = &serve->exchange;
	slot = serve->slot;
	if (x->tenant_name != NULL)
		slot = tenants_by_name(worker_state.tenants, x->tenant_name);
	else if (slot == NULL) {
		(void)exchange_refuse(x, "tenant-missing", NULL);
		return (false);
	}
	if (slot == NULL || slot->tenant == NULL ||
	    (serve->slot != NULL && serve->slot != slot) ||
	    (slot->tenant->plugins >> x->loaded->index & 1) == 0) {
		(void)exchange_refuse(x, "tenant-unknown", NULL);
		return (false);
	}
	if (serve->slot == NULL) {
		serve->slot = slot;
		x->tenant = tenant_hold(slot->tenant);
	}
	return (true);
}

/* false: there is no such route, and the answer is made. */
static bool
serve_find_route(struct serve *serve)
{
	enum router_verdict	 verdict;
	struct router_match	*match;
	struct exchange		*x;

	x = &serve->exchange;
	match = &serve->match;
	verdict = router_match(worker_state.router, x->tenant == NULL ?
	    UINT64_MAX : x->tenant->plugins, x->method, serve->req->path,
	    x->arena, match);
	if (x->tenant == NULL && (match->mount == NULL ||
	    match->mount->tenant == NULL)) {
		memset(match, 0, sizeof(*match));
		match->cache_topic = -1;
		verdict = ROUTER_NOT_FOUND;
	}
	if (match->loaded != NULL)
		x->loaded = match->loaded;
	if (match->mount != NULL && match->mount->language != NULL)
		x->language = match->mount->language;
	if (verdict == ROUTER_NOT_ALLOWED)
		exchange_add_header(x, "allow", match->allow);
	if (verdict != ROUTER_FOUND) {
		exchange_problem(x, verdict == ROUTER_NOT_FOUND ? 404 : 405,
		    verdict == ROUTER_NOT_FOUND ? "not-found" :
		    "method-not-allowed", NULL);
		return (false);
	}
	x->route = match->route;
	return (true);
}

static int
serve_route(struct serve *serve)
{
	struct exchange	*x;
	bool		 unhosted;

	x = &serve->exchange;
	if (!serve_find_route(serve))
		return (serve_answered(serve));
	serve_take_body(serve);
	unhosted = serve->slot == NULL;
	if (serve->match.mount != NULL && (exchange_parse(x) != STATUS_OK ||
	    !serve_take_tenant(serve)))
		return (serve_answered(serve));
	if (serve->slot == NULL)	/* only a mount's parameter names one */
		return (serve_problem(serve, 404, "not-found"));
	if (unhosted && serve_is_safe(serve->req) &&
	    serve_from_cache(serve->req, serve->slot, serve->language))
		return (KORE_RESULT_OK);
	serve->began = kore_time_ms();
	serve->epoch = cache_epoch(worker_state.cache);
	if (serve->match.cache_topic >= 0)
		serve->changes =
		    serve->slot->changes[serve->match.cache_topic];

	if (!serve_credentials(serve))
		return (serve_answered(serve));
	if (!serve_within_limit(serve) ||
	    (x->route->work != NULL && work_is_full()))
		return (serve_problem(serve, 429, "too-many-requests"));
	if (exchange_read(x) != STATUS_OK)
		return (serve_answered(serve));
	if (serve->match.run != NULL &&
	    serve->match.run->kind == STATEMENT_CSV &&
	    (serve->req->flags & HTTP_VERSION_1_0))
		return (serve_problem(serve, 505, "http-version"));
	if (serve->match.run == NULL) {
		exchange_plain(x);
		return (serve_answered(serve));
	}
	/* Asleep before the batch goes: it may come back at once. */
	http_request_sleep(serve->req);
	if (!serve_submit(serve, serve->match.run))
		serve_wake(serve);
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

/* The host that belongs to no tenant, but to the platform. */
static bool
serve_is_shared(const struct http_request *req)
{
	const char	*host;
	size_t		 len;

	host = worker_state.env.host;
	len = strcspn(req->host, ":");
	return (host != NULL && strlen(host) == len &&
	    strncasecmp(host, req->host, len) == 0);
}

int
serve_request(struct http_request *req)
{
	struct tenant_slot	*slot;
	struct serve		*serve;
	const char		*languages, *language;
	enum tiles_answer	 tiles;

	if ((serve = req->hdlr_extra) != NULL) {
		if (serve->stream != NULL && serve->exchange.status == 0)
			return (serve_stream_wake(serve));
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
		if (!tenants_loaded(worker_state.tenants))
			return (serve_problem(serve, 503, "unavailable"));
		if (slot == NULL && serve_is_shared(req))
			return (serve_route(serve));
		return (serve_problem(serve, 404, "not-found"));
	}
	if (assets_request(worker_state.assets, req) ||
	    page_request(req, slot, language))
		return (KORE_RESULT_OK);
	if (serve_is_safe(req) && serve_from_cache(req, slot, language))
		return (KORE_RESULT_OK);
	tiles = tiles_request(req, slot->tenant);
	if (tiles == TILES_SENT)
		return (KORE_RESULT_OK);
	serve = serve_new(req, slot, language);
	if (tiles == TILES_RANGE)
		return (serve_problem(serve, 416, "range-unsatisfiable"));
	if (tiles == TILES_BROKEN)
		return (serve_problem(serve, 503, "unavailable"));
	return (serve_route(serve));
}

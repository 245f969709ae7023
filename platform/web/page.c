/* SPDX-License-Identifier: EUPL-1.2 */
/* The documents: made once per city and language, and kept like answers. */

#include <string.h>

#include "core/document/gzip.h"
#include "web/cache.h"
#include "web/coding.h"
#include "web/page.h"
#include "web/page_text.h"
#include "web/respond.h"
#include "web/serve_state.h"
#include "web/worker.h"

/* What is kept of it ends when the tenant changes, as /api/v1/app does. */
#define TOPIC		"/app"

static const char *const kept_as[] = { [PAGE_START] = "/",
    [PAGE_OTHER] = "/*" };

static bool
page_is_wanted(struct http_request *req)
{
	const char	*accept;

	if (worker_state.registry->bundle == NULL || !serve_is_safe(req))
		return (false);
	if (strcmp(req->path, "/") == 0)
		return (true);
	return (bundle_has_page(worker_state.registry->bundle, req->path) &&
	    http_request_header(req, "accept", &accept) &&
	    accept_is_page(accept));
}

static enum respond_kind
page_kind(void)
{
	return (worker_state.side == ROUTER_OFFICE ? RESPOND_OFFICE :
	    RESPOND_PAGE);
}

static bool
page_make(struct http_request *req, const struct tenant_slot *slot,
    const char *language, enum page page)
{
	const struct page_wish	 wish = { worker_state.side, page, language,
				    worker_state.env.url };
	struct cached		 cached;
	struct arena		*arena;

	arena = arena_new(0);
	memset(&cached, 0, sizeof(cached));
	cached.status = 200;
	cached.media_type = "text/html; charset=utf-8";
	cached.body = page_text(arena, worker_state.registry, slot->tenant,
	    &wish, &cached.len);
	if (cached.body == NULL) {
		arena_free(arena);
		return (false);
	}
	cached.gzip = gzip_pack(arena, (struct bytes){
	    (const unsigned char *)cached.body, cached.len });
	cached.topic = router_topic_number(worker_state.router, TOPIC);
	cached.changes = slot->changes[cached.topic];
	cached.epoch = cache_epoch(worker_state.cache);
	cache_etag(cached.body, cached.len, cached.etag);
	cache_put(worker_state.cache, slot, language, kept_as[page], NULL,
	    &cached);
	respond_page(req, page_kind(), &cached);
	arena_free(arena);
	return (true);
}

bool
page_request(struct http_request *req, const struct tenant_slot *slot,
    const char *language)
{
	const struct cached	*cached;
	enum page		 page;

	if (!page_is_wanted(req))
		return (false);
	language = page_language(slot->tenant, language);
	page = strcmp(req->path, "/") == 0 ? PAGE_START : PAGE_OTHER;
	cached = cache_get(worker_state.cache, slot, language, kept_as[page],
	    NULL);
	/* It is made of what this worker has: never in doubt, as others are. */
	if (cached == NULL || cache_is_changed(slot, cached))
		return (page_make(req, slot, language, page));
	respond_page(req, page_kind(), cached);
	return (true);
}

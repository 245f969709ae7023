/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * /livez: this worker's loop turns. /readyz: it can do its work, and what is
 * wrong although it can, such as a tenant's file that does not check.
 */

#include <string.h>

#include "web/health.h"
#include "web/respond.h"
#include "web/tenants.h"
#include "web/worker.h"

static void
health_ready(struct http_request *req)
{
	struct arena	*arena;
	struct json	 json;
	const char	*text, *broken;
	size_t		 len;
	bool		 up, ready;

	up = pool_is_up(worker_state.pool);
	broken = pool_broken_statement(worker_state.pool);
	ready = up && broken == NULL && tenants_loaded(worker_state.tenants);
	arena = arena_new(4096);
	json_init(&json, arena, 1u << 20);
	json_open_object(&json, NULL);
	json_bool(&json, "ready", ready);
	json_bool(&json, "database", up);
	json_bool(&json, "listening", pool_is_listening(worker_state.pool));
	if (broken != NULL)
		json_text(&json, "broken_statement", broken);
	tenants_report(worker_state.tenants, &json);
	json_close(&json);
	text = json_finish(&json, &len);
	respond_plain(req, ready ? 200 : 503, "application/json",
	    text == NULL ? "{}" : text, text == NULL ? 2 : len);
	arena_free(arena);
}

bool
health_request(struct http_request *req)
{
	if (strcmp(req->path, "/livez") == 0) {
		respond_plain(req, 200, "text/plain", "alive\n", 6);
		return (true);
	}
	if (strcmp(req->path, "/readyz") == 0) {
		health_ready(req);
		return (true);
	}
	return (false);
}

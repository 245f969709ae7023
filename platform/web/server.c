/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * stadtkern-server public|office: Kore's hooks. One server, one domain, one
 * handler; what they do is in serve.c.
 *
 * The parent reads the environment, the plugins and the keys before it forks:
 * the workers share them and open no file afterwards.
 */

#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/hooks.h>
#include <kore/http.h>

#include "core/exchange/exchange.h"
#include "core/log.h"
#include "web/assets.h"
#include "web/cache.h"
#include "web/limit.h"
#include "web/loop.h"
#include "web/seccomp.h"
#include "web/serve.h"
#include "web/tenants.h"
#include "web/tiles.h"
#include "web/work.h"
#include "web/worker.h"

#define TICK_MS		100
#define RESTART_PAUSE_MS	250
#define SHORT_LINKS	2
#define LONG_LINKS	2
#define STREAM_LINKS	2	/* where there is any :csv statement */
#define SHORT_MS	5000
#define LONG_MS		60000
#define STREAM_MS	900000
#define HEADER_BYTES	32768
#define BODY_SLACK	1024
#define PREPARED_OWN	12	/* beside the registry's: worker.h */

uint8_t		asset_builtin_kore_conf[1];
uint32_t	asset_len_builtin_kore_conf = 0;

struct worker_state	worker_state;

static const char *const channels[] = { "stadtkern_changed",
    "stadtkern_tenant", NULL };

static struct pool_prepared	*prepared;
static size_t			 prepared_count;

int	server_handle(struct http_request *req);

int
server_handle(struct http_request *req)
{
	return (serve_request(req));
}

static void
server_usage(void)
{
	(void)fprintf(stderr, "usage: stadtkern-server public|office\n"
	    "The environment says the rest: see stadtkern doctor.\n");
	exit(2);
}

static void
findings_print(struct arena *arena, const struct findings *findings)
{
	const struct finding	*finding;

	for (finding = findings->first; finding != NULL;
	    finding = finding->next)
		(void)fprintf(stderr, "%s\n", finding_line(arena, finding));
}

static void
prepared_add(const char *name, const char *sql)
{
	prepared[prepared_count].name = name;
	prepared[prepared_count].sql = sql;
	prepared_count++;
}

static bool
side_runs(const struct statement *statement)
{
	const struct router_match	*match;
	size_t				 i;

	for (i = 0; (match = router_route(worker_state.router, i)) != NULL;
	    i++) {
		if (match->run == statement || match->then == statement)
			return (true);
	}
	return (false);
}

/* What this side's routes need: the other side's the role may not even see. */
static void
prepared_collect(void)
{
	const struct registry	*registry;
	size_t			 i;

	registry = worker_state.registry;
	prepared = calloc(registry->statement_count + PREPARED_OWN,
	    sizeof(*prepared));
	if (prepared == NULL)
		fatal("out of memory");
	prepared_add(SQL_ENTER_PUBLIC, "select enter_public($1::int)");
	if (worker_state.side == ROUTER_PUBLIC) {
		prepared_add(SQL_ENTER_DEVICE,
		    "select enter_device($1::int, $2::bytea, $3::boolean)");
		prepared_add(SQL_ENTER_KEY,
		    "select enter_key($1::int, $2::bytea, $3::text)");
		prepared_add(SQL_REHEARSED, "select rehearsed()");
	} else {
		prepared_add(SQL_ENTER_STAFF,
		    "select enter_staff($1::int, $2::bytea, $3::text[],"
		    " $4::jsonb)");
		prepared_add(SQL_AUDITED,
		    "select audited($1::uuid, $2::text, $3::text, $4::text,"
		    " $5::json, $6::json, $7::text)");
		prepared_add(SQL_AUDIT_REFUSED,
		    "select audit_refused($1::int, $2::bytea, $3::uuid,"
		    " $4::text, $5::text, $6::json, $7::text, $8::int,"
		    " $9::text)");
		prepared_add(SQL_UNATTENDED, "select unattended()");
	}
	prepared_add(SQL_ONCE, "select once($1::bytea, $2::bytea)");
	prepared_add(SQL_CHANGED, "select changed($1::text)");
	prepared_add(SQL_TENANTS, worker_state.side == ROUTER_OFFICE ?
	    "select id, slug, active, version, config,"
	    " array_to_string(config_errors, '; '), public_key,"
	    " secret_key_wrapped from tenant"
	    " where version > $1::bigint or id = $2::int"
	    " order by version limit $3::int" :
	    "select id, slug, active, version, config,"
	    " array_to_string(config_errors, '; '), public_key,"
	    " null::bytea from tenant"
	    " where version > $1::bigint or id = $2::int"
	    " order by version limit $3::int");
	for (i = 0; i < registry->statement_count; i++) {
		if (side_runs(registry->statements[i]))
			prepared_add(registry->statements[i]->prepared,
			    registry->statements[i]->sql);
	}
}

static bool
side_streams(void)
{
	const struct router_match	*match;
	size_t				 i;

	for (i = 0; (match = router_route(worker_state.router, i)) != NULL;
	    i++) {
		if (match->run != NULL && match->run->kind == STATEMENT_CSV)
			return (true);
	}
	return (false);
}

/* Without a folder a server has an interface and no app. */
static void
app_load(struct arena *arena, struct findings *findings)
{
	struct bundle	*bundle;
	const char	*dir;
	enum status	 status;

	dir = worker_state.side == ROUTER_OFFICE ?
	    worker_state.env.office_app : worker_state.env.app;
	status = bundle_read(arena, dir, &bundle, findings);
	if (status == STATUS_NOT_FOUND) {
		log_event(LOG_LEVEL_WARN, "no app is served", "folder=\"%s\"",
		    dir);
		return;
	}
	if (status != STATUS_OK || assets_load(arena, dir, bundle,
	    &worker_state.assets, findings) != STATUS_OK) {
		findings_print(arena, findings);
		exit(1);
	}
	worker_state.registry->bundle = bundle;
}

static void
server_load(const char *role)
{
	struct findings	 findings;
	struct arena	*arena;
	const char	*keys;

	arena = arena_new(0);	/* the environment's texts: for good */
	findings_init(&findings, arena);
	if (env_read(arena, &worker_state.env, &findings) != STATUS_OK ||
	    registry_load(&worker_state.registry, worker_state.env.home,
	    worker_state.env.objects, &findings) != STATUS_OK) {
		findings_print(arena, &findings);
		exit(1);
	}
	worker_state.side = strcmp(role, "office") == 0 ? ROUTER_OFFICE :
	    ROUTER_PUBLIC;
	keys = arena_format(arena, "%s/keys", worker_state.env.var);
	if (keys_load(&worker_state.keys, keys,
	    worker_state.side == ROUTER_OFFICE ? KEYS_OFFICE : KEYS_PUBLIC) !=
	    STATUS_OK) {
		(void)fprintf(stderr, "no keys in \"%s\": run: "
		    "stadtkern keys\n", keys);
		exit(1);
	}
	app_load(arena, &findings);
	worker_state.registry->tilesets = tiles_open(arena,
	    &worker_state.env);
	worker_state.router = router_new(worker_state.registry,
	    worker_state.side);
	prepared_collect();
}

/* The largest body that any route takes; the route's own limit is checked
 * when the route is known. */
static size_t
server_body_max(void)
{
	const struct router_match	*match;
	size_t				 i, max;

	max = EXCHANGE_BODY_MAX;
	for (i = 0; (match = router_route(worker_state.router, i)) != NULL;
	    i++) {
		if (match->route->limit > max)
			max = match->route->limit;
	}
	return (max + BODY_SLACK);
}

static void
server_settings(void)
{
	kore_foreground = 1;
	kore_quiet = 1;
	skip_runas = 1;
	skip_chroot = 1;
	kore_pidfile = NULL;

	if (worker_state.env.workers != 0)
		worker_count = (uint8_t)worker_state.env.workers;
	worker_set_affinity = 0;
	worker_accept_threshold = 1;
	worker_max_connections = 4096;
	worker_rlimit_nofiles = 8192;
	worker_drain_time = (u_int32_t)worker_state.env.drain_seconds * 1000;

	http_hsts_enable = 0;		/* the proxy's, where TLS is */
	http_header_max = HEADER_BYTES;
	http_header_timeout = (u_int16_t)worker_state.env.header_seconds;
	/* An idle connection is closed by the same clock: say no more. */
	http_keepalive_time = http_header_timeout;
	http_body_timeout = (u_int16_t)worker_state.env.body_seconds;
	http_body_max = server_body_max();
	http_request_limit = 4096;
}

void
kore_parent_configure(int argc, char **argv)
{
	struct kore_server	*server;
	struct kore_domain	*domain;
	char			 port[8];

	if (argc != 2 || (strcmp(argv[1], "public") != 0 &&
	    strcmp(argv[1], "office") != 0))
		server_usage();
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)setvbuf(stderr, NULL, _IOLBF, 0);
	log_init(argv[1]);
	if (sodium_init() == -1)
		fatal("libsodium cannot start");
	server_load(argv[1]);
	if (limit_init() != STATUS_OK)
		fatal("no shared memory for rate limits");
	server_settings();

	server = kore_server_create(argv[1]);
	server->tls = 0;
	(void)snprintf(port, sizeof(port), "%d",
	    (int)(worker_state.side == ROUTER_OFFICE ?
	    worker_state.env.office_port : worker_state.env.port));
	if (!kore_server_bind(server, worker_state.env.address, port, NULL))
		fatal("cannot listen on %s port %s", worker_state.env.address,
		    port);
	domain = kore_domain_new("*");
	if (!kore_domain_attach(domain, server) ||
	    !kore_module_handler_new(domain, "^.*$", "server_handle", NULL,
	    HANDLER_TYPE_DYNAMIC))
		fatal("cannot attach the handler");
	kore_server_finalize(server);
}

static void
worker_notified(const char *channel, const char *payload)
{
	struct tenant_slot	*slot;
	const char		*colon;
	int			 topic;

	if (strcmp(channel, "stadtkern_tenant") == 0) {
		tenants_changed(worker_state.tenants, payload);
		return;
	}
	if ((colon = strchr(payload, ':')) == NULL)
		return;
	slot = tenants_by_id(worker_state.tenants,
	    (int32_t)strtol(payload, NULL, 10));
	topic = router_topic_number(worker_state.router, colon + 1);
	if (slot != NULL && topic >= 0)
		slot->changes[topic]++;
}

static void
worker_listening(bool up)
{
	if (!up)
		return;
	cache_doubt_all(worker_state.cache);
	tenants_refresh(worker_state.tenants);
}

static void
worker_tick(void *arg, u_int64_t now)
{
	(void)arg;
	(void)now;
	pool_tick(worker_state.pool);
	/* Connections may come up after the listener did. */
	if (pool_is_up(worker_state.pool))
		tenants_tick(worker_state.tenants);
}

void
kore_worker_configure(void)
{
	static struct pool_config	config;

	/* One that dies as soon as it starts would be forked thousands of
	 * times a minute. */
	if (worker->restarted)
		(void)poll(NULL, 0, RESTART_PAUSE_MS);
	if (work_init() != STATUS_OK)
		fatal("no threads for long work");
	worker_state.started = kore_time_ms();
	worker_state.cache =
	    cache_new((size_t)worker_state.env.cache_mib << 20);
	worker_state.tenants = tenants_new();
	config.conninfo = worker_state.env.database;
	config.user = worker_state.side == ROUTER_OFFICE ?
	    "stadtkern_office" : "stadtkern_public";
	config.short_links = SHORT_LINKS;
	config.long_links = LONG_LINKS;
	config.stream_links = side_streams() ? STREAM_LINKS : 0;
	config.short_ms = SHORT_MS;
	config.long_ms = LONG_MS;
	config.stream_ms = STREAM_MS;
	config.prepared = prepared;
	config.prepared_count = prepared_count;
	config.channels = channels;
	config.notified = worker_notified;
	config.listening = worker_listening;
	config.loop = loop_kore;
	worker_state.pool = pool_new(&config);
	kore_timer_add(worker_tick, TICK_MS, NULL, 0);
}

void
kore_worker_teardown(void)
{
	work_fini();
	pool_free(worker_state.pool);
	worker_state.pool = NULL;
}

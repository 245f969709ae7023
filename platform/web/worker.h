/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What one worker process holds. Everything before the fork (registry,
 * routers, files, keys, the limits' shared memory) is only read afterwards.
 */
#ifndef WEB_WORKER_H
#define WEB_WORKER_H

#include "core/crypto.h"
#include "core/env.h"
#include "core/plugin/registry.h"
#include "core/plugin/router.h"
#include "db/pool.h"

struct assets;
struct cache;
struct tenants;

struct worker_state {
	struct env		 env;
	enum router_side	 side;
	struct registry		*registry;
	struct router		*router;
	struct assets		*assets;	/* NULL: no app was built */
	struct keys		 keys;
	struct pool		*pool;
	struct tenants		*tenants;
	struct cache		*cache;
	uint64_t		 started;	/* kore_time_ms() */
};

extern struct worker_state worker_state;

/* Statements beside the registry's: entering a tenant, loading tenants. */
#define SQL_ENTER_PUBLIC	"platform enter_public"
#define SQL_ENTER_DEVICE	"platform enter_device"
#define SQL_ENTER_KEY		"platform enter_key"
#define SQL_ENTER_STAFF		"platform enter_staff"
#define SQL_UNATTENDED		"platform unattended"
#define SQL_ONCE		"platform once"
#define SQL_CHANGED		"platform changed"
#define SQL_AUDITED		"platform audited"
#define SQL_AUDIT_REFUSED	"platform audit_refused"
#define SQL_REHEARSED		"platform rehearsed"
#define SQL_TENANTS		"platform tenants"

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The tenants this worker serves: by host name, from the database, where the
 * courier and the CLI publish what the files say. A tenant is replaced whole;
 * exchanges in flight keep the one they began with.
 */
#ifndef WEB_TENANTS_H
#define WEB_TENANTS_H

#include <stdbool.h>

#include "core/tenant/tenant.h"

struct tenant_slot {
	int32_t		 id;
	struct tenant	*tenant;	/* NULL: paused, or never valid */
	char		*slug;
	char		*problem;	/* what is wrong with the last version */
	uint32_t	 changes[TOPICS_MAX];	/* counts, see cache.h */
};

struct tenants;

struct tenants	*tenants_new(void);

/* Asks the database for what is newer than what is here. Safe to call at any
 * time; one question is under way at most, a further one follows it. */
void		 tenants_refresh(struct tenants *tenants);

/* From time to time while the database is up: what was asked for and not
 * answered is asked again. */
void		 tenants_tick(struct tenants *tenants);

/* The notification of one tenant's change. */
void		 tenants_changed(struct tenants *tenants, const char *payload);

/* `host` as in the Host header: a port is ignored, case too. NULL: none. */
struct tenant_slot *tenants_by_host(struct tenants *tenants,
		    const char *host);
/* By host or slug, as a parameter names it. NULL: none. */
struct tenant_slot *tenants_by_name(struct tenants *tenants,
		    const char *name);
struct tenant_slot *tenants_by_id(struct tenants *tenants, int32_t id);

/* Whether the first complete answer has come. */
bool		 tenants_loaded(const struct tenants *tenants);

/* {"tenants": n, "problems": [...]} for /readyz. */
void		 tenants_report(const struct tenants *tenants,
		    struct json *json);

/* One reference more, or less: the last one frees it. NULL may be released. */
struct tenant	*tenant_hold(struct tenant *tenant);
void		 tenant_release(struct tenant *tenant);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Public answers, kept in this worker until PostgreSQL says that they have
 * changed. An entry remembers what its topic's change count was before its
 * statement was sent; a count that has moved on makes it stale. When the
 * listener was away every answer is in doubt; such a one is given only while
 * the database is away.
 */
#ifndef WEB_CACHE_H
#define WEB_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stadtkern/bytes.h>

#include "web/tenants.h"

#define CACHE_ETAG_LEN	24	/* with quotes, without NUL */

struct cached {
	int			 status;
	const char		*media_type;
	const char		*body;
	size_t			 len;
	struct bytes		 gzip;		/* the same packed, or NULL */
	char			 etag[CACHE_ETAG_LEN + 1];
	int			 topic;
	uint32_t		 changes;	/* of the tenant's topic */
	uint32_t		 epoch;		/* of the whole cache */
	uint64_t		 until;		/* ms of the worker's clock; 0: no
						   end of its own */
	bool			 shared;	/* see struct mount */
	bool			 lasting;	/* see struct route */
};

struct cache;

/* Holds up to `max` bytes of answers. */
struct cache	*cache_new(size_t max);

/* The listener was away: everything may have changed. */
void		 cache_doubt_all(struct cache *cache);
uint32_t	 cache_epoch(const struct cache *cache);

/* `path` and `query` (NULL: none) are undecoded. Valid until the next
 * cache_put(). */
const struct cached *cache_get(struct cache *cache,
		    const struct tenant_slot *slot, const char *language,
		    const char *path, const char *query);
/* `now` in ms of the worker's clock. */
bool		 cache_is_fresh(const struct cache *cache,
		    const struct tenant_slot *slot,
		    const struct cached *cached, uint64_t now);

/* Whether it is known to have changed, and not only in doubt: then it is not
 * given even while the database is away, as somebody may have withdrawn it. */
bool		 cache_is_changed(const struct tenant_slot *slot,
		    const struct cached *cached);

/* Takes copies. Answers above an eighth of the cache are not kept. */
void		 cache_put(struct cache *cache,
		    const struct tenant_slot *slot, const char *language,
		    const char *path, const char *query,
		    const struct cached *cached);

/* A strong entity tag (RFC 9110, 8.8.3) of these bytes; `etag` has
 * CACHE_ETAG_LEN + 1 bytes. */
void		 cache_etag(const void *bytes, size_t len, char *etag);

#endif

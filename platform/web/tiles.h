/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Map tiles, of the archives that the parent opened before the fork; no
 * database is asked.
 *
 *	/tiles/<set>/<z>/<x>/<y>	a tile; 204: nothing is there
 *	/tiles/<set>.json		TileJSON 3.0.0
 *	/tiles/<set>.pmtiles		the archive, in ranges (RFC 9110, 14)
 */
#ifndef WEB_TILES_H
#define WEB_TILES_H

#include <kore/kore.h>
#include <kore/http.h>

#include "core/env.h"
#include "core/tenant/tenant.h"
#include "core/tilesets.h"

enum tiles_answer {
	TILES_NONE,		/* there is no such thing here: 404 */
	TILES_SENT,
	TILES_RANGE,		/* 416; Content-Range is set */
	TILES_BROKEN		/* the archive can no longer be read: 503 */
};

/* Before the fork: the folder that the environment names. */
struct tilesets	*tiles_open(struct arena *arena, const struct env *env);

/* Says in the log when the tenant names a set that is not here. */
void		 tiles_look(const struct tenant *tenant);

/* Answers a GET or HEAD below /tiles/ for this tenant, if it can. */
enum tiles_answer tiles_request(struct http_request *req,
		    const struct tenant *tenant);

#endif

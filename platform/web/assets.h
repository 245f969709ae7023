/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The built app's files, in memory before the fork, and sent from there.
 * They are the same for all cities; a host that is none gets none of them.
 */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include <kore/kore.h>
#include <kore/http.h>

#include "core/plugin/bundle.h"

struct assets;

/*
 * Reads all that `bundle` names below `dir`, with the .gz and .br beside it;
 * for as long as the process lives. STATUS_INVALID: a file is missing or too
 * large, or all together are; findings say which.
 */
enum status	assets_load(struct arena *arena, const char *dir,
		    const struct bundle *bundle, struct assets **assets,
		    struct findings *findings);

/* false: it is no GET or HEAD of a file's path. `assets` may be NULL. */
bool		assets_request(const struct assets *assets,
		    struct http_request *req);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The start page as it looks before the script is there, so that the first
 * picture does not wait for it. The app's build draws its pieces, which are
 * put together here for one city.
 */
#ifndef WEB_PAGE_START_H
#define WEB_PAGE_START_H

#include "core/plugin/registry.h"
#include "core/tenant/tenant.h"

/* HTML in `arena`; "" where the app's build has none, where it has no texts
 * in `language`, and for a city with nothing on its start page. */
const char	*page_start(struct arena *arena,
		    const struct registry *registry,
		    const struct tenant *tenant, const char *language);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* OpenAPI 3.1 from the tables. */
#ifndef CORE_OPENAPI_H
#define CORE_OPENAPI_H

#include "core/plugin/router.h"

/* The document for the plugins in `mask`; JSON from `arena`. */
char	*openapi_document(struct arena *arena, const struct registry *registry,
	    uint64_t mask, enum router_side side, size_t *len);

#endif

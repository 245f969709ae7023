/* SPDX-License-Identifier: EUPL-1.2 */
/* The section `map:` of a city's file. */
#ifndef CORE_TENANT_MAP_H
#define CORE_TENANT_MAP_H

#include "core/tenant/tenant.h"

#define BASEMAP_ROUTE	"/api/v1/basemap/{z}/{x}/{y}"

extern const struct field map_fields[];

/* What the table cannot say of `node`, the section (NULL: not written). */
void		 tenant_map_check(const struct tenant_map *map,
		    const struct node *node, struct findings *findings);

/* The member "map" of GET /api/v1/app. */
void		 tenant_map_write(struct json *json,
		    const struct registry *registry,
		    const struct tenant *tenant);

/*
 * Whether the tile may be asked of the city's base map: within its zooms, and
 * touching the city's bounding box with half of that around it. So nobody can
 * have the whole world fetched.
 */
bool		 tenant_map_covers(const struct tenant *tenant, int64_t z,
		    int64_t x, int64_t y);

#endif

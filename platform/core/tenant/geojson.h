/* SPDX-License-Identifier: EUPL-1.2 */
/* A city's boundary from a GeoJSON file (RFC 7946), its structure checked. */
#ifndef CORE_GEOJSON_H
#define CORE_GEOJSON_H

#include <stadtkern/finding.h>
#include <stadtkern/node.h>
#include <stadtkern/status.h>

#define GEOJSON_MAX	(1024 * 1024)	/* bytes of a boundary file */

struct geojson_boundary {
	const struct node	*geometry;	/* Polygon or MultiPolygon */
	double			 bbox[4];	/* west, south, east, north */
};

/*
 * Takes a Feature (RFC 7946, 3.2) with, or the plain geometry of, a Polygon
 * (3.1.6) or MultiPolygon (3.1.7): rings of at least four positions that are
 * closed, longitude before latitude, two numbers each. Whether rings cross
 * is the database's to say (tenant_publish). Findings name `file` with line
 * and column. STATUS_INVALID when anything was found.
 */
enum status	 geojson_boundary_read(struct arena *arena, const char *file,
		    const char *bytes, size_t len,
		    struct geojson_boundary *boundary,
		    struct findings *findings);

#endif

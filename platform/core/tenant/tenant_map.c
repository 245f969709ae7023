/* SPDX-License-Identifier: EUPL-1.2 */
/* A city's map: where it opens, and what lies below. */

#include <math.h>
#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/tenant_map.h"
#include "core/tilesets.h"

#define ZOOM_LAST	22	/* of any base map */
#define AROUND		0.5	/* of the city's width and height */

static const char *const basemap_types[] = { "raster", "vector", NULL };

static const struct field basemap_fields[] = {
	FIELD_TEXT(struct tenant_basemap, url, .max = 500, .required = true,
	    .says = "address of a tile, with {z}, {x} and {y}"),
	FIELD_TEXT(struct tenant_basemap, attribution,
	    .format = FIELD_FORMAT_LINE, .max = 300, .required = true,
	    .says = "whose map it is, as its licence wants it shown"),
	FIELD_CHOICE(struct tenant_basemap, type, .choices = basemap_types,
	    .otherwise = "raster", .says = "pictures, or vector tiles"),
	FIELD_INT(struct tenant_basemap, minzoom, .min = 0, .max = ZOOM_LAST,
	    .otherwise = "0", .says = "least zoom that is fetched"),
	FIELD_INT(struct tenant_basemap, maxzoom, .min = 0, .max = ZOOM_LAST,
	    .otherwise = "18", .says = "greatest zoom that is fetched"),
	FIELD_END
};

const struct field map_fields[] = {
	FIELD_NUMBER(struct tenant_map, lat, .min = -90, .max = 90,
	    .required = true, .says = "degrees north"),
	FIELD_NUMBER(struct tenant_map, lon, .min = -180, .max = 180,
	    .required = true, .says = "degrees east"),
	FIELD_INT(struct tenant_map, zoom, .min = 1, .max = 20,
	    .otherwise = "13", .says = "zoom at which the map opens"),
	FIELD_TEXT(struct tenant_map, tiles, .format = FIELD_FORMAT_CODE,
	    .says = "an archive of map tiles that the server has"),
	FIELD_TEXT(struct tenant_map, attribution,
	    .format = FIELD_FORMAT_LINE, .max = 300,
	    .says = "whose tiles they are; otherwise what the archive says"),
	FIELD_OBJECT(struct tenant_map, basemap, .fields = basemap_fields,
	    .says = "a map of somebody else's, fetched and kept for the city"),
	FIELD_END
};

static size_t
occurrences(const char *text, const char *part)
{
	size_t	 count;

	for (count = 0; (text = strstr(text, part)) != NULL; count++)
		text += strlen(part);
	return (count);
}

/* The part behind the scheme; plain HTTP does not leave the machine. */
static const char *
url_authority(const char *url)
{
	static const char *const	schemes[] = { "https://",
					    "http://127.0.0.1:",
					    "http://127.0.0.1/" };
	size_t				 i;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (strncmp(url, schemes[i], strlen(schemes[i])) == 0)
			return (strstr(url, "://") + 3);
	}
	return (NULL);
}

static bool
url_fits(const char *url)
{
	const char	*authority, *path, *at;

	if ((authority = url_authority(url)) == NULL)
		return (false);
	path = authority + strcspn(authority, "/?#");
	if (path == authority || *path != '/' ||
	    memchr(authority, '@', (size_t)(path - authority)) != NULL ||
	    memchr(authority, '{', (size_t)(path - authority)) != NULL)
		return (false);
	for (at = url; *at != '\0'; at++)
		if (*at <= ' ' || (unsigned char)*at >= 0x7f ||
		    strchr("\"<>\\^`|#", *at) != NULL)
			return (false);
	return (occurrences(url, "{z}") == 1 && occurrences(url, "{x}") == 1 &&
	    occurrences(url, "{y}") == 1 && occurrences(url, "{") == 3 &&
	    occurrences(url, "}") == 3);
}

void
tenant_map_check(const struct tenant_map *map, const struct node *node,
    struct findings *findings)
{
	const struct node	*written;

	if ((written = node_get(node, "basemap")) == NULL)
		return;
	if (map->basemap.url != NULL && !url_fits(map->basemap.url))
		node_finding(findings, node_get(written, "url"),
		    "/map/basemap/url", FINDING_FORMAT,
		    "https://host/path with {z}, {x} and {y} once each");
	/* 0 is also a greatest zoom that was refused. */
	if (map->basemap.maxzoom != 0 &&
	    map->basemap.minzoom > map->basemap.maxzoom)
		node_finding(findings, written, "/map/basemap",
		    FINDING_CONFLICT, "minzoom is above maxzoom");
}

static void
tiles_write(struct json *json, const struct registry *registry,
    const struct tenant_map *map)
{
	const struct tileset	*set;

	set = map->tiles == NULL ? NULL :
	    tilesets_get(registry->tilesets, map->tiles);
	if (set == NULL) {
		json_null_value(json, "tiles");
		return;
	}
	json_open_object(json, "tiles");
	json_text(json, "url", arena_format(json->buf.arena,
	    "/tiles/%s/{z}/{x}/{y}", set->name));
	json_text(json, "attribution", map->attribution != NULL ?
	    map->attribution : tileset_text(set, "attribution"));
	tileset_describe(json, set);
	json_close(json);
}

static void
basemap_write(struct json *json, const struct tenant_basemap *basemap)
{
	if (basemap->url == NULL) {
		json_null_value(json, "basemap");
		return;
	}
	json_open_object(json, "basemap");
	json_text(json, "url", BASEMAP_ROUTE);
	json_text(json, "attribution", basemap->attribution);
	json_text(json, "type", basemap->type);
	json_int(json, "minzoom", basemap->minzoom);
	json_int(json, "maxzoom", basemap->maxzoom);
	json_close(json);
}

void
tenant_map_write(struct json *json, const struct registry *registry,
    const struct tenant *tenant)
{
	const struct tenant_map	*map;
	size_t			 i;

	map = &tenant->file.map;
	json_open_object(json, "map");
	json_open_array(json, "center");
	json_number(json, NULL, map->lon);
	json_number(json, NULL, map->lat);
	json_close(json);
	json_int(json, "zoom", map->zoom);
	json_open_array(json, "bbox");
	for (i = 0; i < 4; i++)
		json_number(json, NULL, tenant->bbox[i]);
	json_close(json);
	json_text(json, "boundary", "/api/v1/boundary");
	tiles_write(json, registry, map);
	basemap_write(json, &map->basemap);
	json_close(json);
}

/* Web mercator: the northern edge of row `y`, in degrees. */
static double
row_north(int64_t z, int64_t y)
{
	return (atan(sinh(M_PI * (1 - 2 * ldexp((double)y, -(int)z)))) *
	    180 / M_PI);
}

static double
column_west(int64_t z, int64_t x)
{
	return (ldexp((double)x, -(int)z) * 360 - 180);
}

bool
tenant_map_covers(const struct tenant *tenant, int64_t z, int64_t x,
    int64_t y)
{
	const struct tenant_basemap	*basemap;
	const double			*bbox;
	double				 wide, high;

	basemap = &tenant->file.map.basemap;
	if (basemap->url == NULL || z < basemap->minzoom ||
	    z > basemap->maxzoom || x < 0 || y < 0 || x >> z != 0 ||
	    y >> z != 0)
		return (false);
	bbox = tenant->bbox;
	wide = (bbox[2] - bbox[0]) * AROUND;
	high = (bbox[3] - bbox[1]) * AROUND;
	return (column_west(z, x) <= bbox[2] + wide &&
	    column_west(z, x + 1) >= bbox[0] - wide &&
	    row_north(z, y) >= bbox[1] - high &&
	    row_north(z, y + 1) <= bbox[3] + high);
}

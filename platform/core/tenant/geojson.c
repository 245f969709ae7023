/* SPDX-License-Identifier: EUPL-1.2 */
/* A city's boundary from a GeoJSON file. */

#include <assert.h>
#include <string.h>

#include "core/document/json_position.h"
#include "core/document/node_util.h"
#include "core/tenant/geojson.h"

#define SHAPES	"Feature, Polygon, MultiPolygon"

/* Roughly Germany: enough to tell longitude and latitude apart. */
static const double germany[4] = { 5.5, 47.0, 15.5, 55.5 };

struct reader {
	struct arena	*arena;
	const char	*file;
	const char	*bytes;
	size_t		 len;
	struct findings	*findings;
	double		 bbox[4];
	bool		 any;		/* bbox holds something */
};

static void
reader_finding(const struct reader *reader, const char *pointer,
    enum finding_code code, const char *argument)
{
	unsigned int	 line, column;

	json_position(reader->bytes, reader->len, pointer, &line, &column);
	finding_add(reader->findings, pointer, reader->file, line, column,
	    code, argument);
}

static bool
is_list(const struct node *node)
{
	return (node != NULL && node->kind == NODE_LIST);
}

static bool
is_number(const struct node *node)
{
	return (node->kind == NODE_INT || node->kind == NODE_NUMBER);
}

static void
bbox_add(struct reader *reader, double lon, double lat)
{
	double	*bbox = reader->bbox;

	if (!reader->any) {
		bbox[0] = bbox[2] = lon;
		bbox[1] = bbox[3] = lat;
		reader->any = true;
		return;
	}
	bbox[0] = lon < bbox[0] ? lon : bbox[0];
	bbox[1] = lat < bbox[1] ? lat : bbox[1];
	bbox[2] = lon > bbox[2] ? lon : bbox[2];
	bbox[3] = lat > bbox[3] ? lat : bbox[3];
}

/* One number of a position, within plus or minus `limit` degrees. */
static bool
degrees_check(const struct reader *reader, const struct node *node,
    double limit, const char *pointer, int which)
{
	const char	*text;

	if (is_number(node) && node->number >= -limit && node->number <= limit)
		return (true);
	pointer = arena_format(reader->arena, "%s/%d", pointer, which);
	text = arena_format(reader->arena, "%g degrees", limit);
	if (!is_number(node))
		reader_finding(reader, pointer, FINDING_TYPE, "a number");
	else if (node->number > limit)
		reader_finding(reader, pointer, FINDING_TOO_LARGE, text);
	else
		reader_finding(reader, pointer, FINDING_TOO_SMALL,
		    arena_format(reader->arena, "-%s", text));
	return (false);
}

static bool
position_check(struct reader *reader, const struct node *position,
    const char *ring, size_t index)
{
	const struct node	*lon, *lat;
	const char		*pointer;

	if (is_list(position) && position->count == 2) {
		lon = position->first;
		lat = lon->next;
		if (is_number(lon) && is_number(lat) &&
		    lon->number >= -180 && lon->number <= 180 &&
		    lat->number >= -90 && lat->number <= 90) {
			bbox_add(reader, lon->number, lat->number);
			return (true);
		}
		pointer = arena_format(reader->arena, "%s/%zu", ring, index);
		if (degrees_check(reader, lon, 180, pointer, 0))
			(void)degrees_check(reader, lat, 90, pointer, 1);
		return (false);
	}
	pointer = arena_format(reader->arena, "%s/%zu", ring, index);
	reader_finding(reader, pointer, FINDING_TYPE,
	    "a list of two numbers, longitude and latitude");
	return (false);
}

/* Stops at the first bad position: the others are likely bad alike. */
static void
ring_check(struct reader *reader, const struct node *ring,
    const char *pointer)
{
	const struct node	*position, *last;
	size_t			 i;

	if (!is_list(ring)) {
		reader_finding(reader, pointer, FINDING_TYPE,
		    "a list of positions");
		return;
	}
	if (ring->count < 4) {
		reader_finding(reader, pointer, FINDING_TOO_FEW,
		    "4 positions");
		return;
	}
	last = ring->first;
	i = 0;
	for (position = ring->first; position != NULL;
	    position = position->next) {
		if (!position_check(reader, position, pointer, i++))
			return;
		last = position;
	}
	/* position_check() let only pairs of numbers pass. */
	assert(ring->first != NULL && ring->first->first != NULL &&
	    ring->first->first->next != NULL && last->first != NULL &&
	    last->first->next != NULL);
	if (ring->first->first->number != last->first->number ||
	    ring->first->first->next->number != last->first->next->number)
		reader_finding(reader, arena_format(reader->arena, "%s/%zu",
		    pointer, i - 1), FINDING_FORMAT,
		    "a closed ring, whose last position is its first");
}

static void
polygon_check(struct reader *reader, const struct node *rings,
    const char *pointer)
{
	const struct node	*ring;
	size_t			 i;

	if (!is_list(rings) || rings->count == 0) {
		reader_finding(reader, pointer, FINDING_TYPE,
		    "a list of rings");
		return;
	}
	i = 0;
	for (ring = rings->first; ring != NULL; ring = ring->next)
		ring_check(reader, ring,
		    arena_format(reader->arena, "%s/%zu", pointer, i++));
}

static void
multipolygon_check(struct reader *reader, const struct node *polygons,
    const char *pointer)
{
	const struct node	*polygon;
	size_t			 i;

	if (!is_list(polygons) || polygons->count == 0) {
		reader_finding(reader, pointer, FINDING_TYPE,
		    "a list of polygons");
		return;
	}
	i = 0;
	for (polygon = polygons->first; polygon != NULL;
	    polygon = polygon->next)
		polygon_check(reader, polygon,
		    arena_format(reader->arena, "%s/%zu", pointer, i++));
}

static bool
within_germany(double west, double south, double east, double north)
{
	return (west >= germany[0] && south >= germany[1] &&
	    east <= germany[2] && north <= germany[3]);
}

static void
swapped_check(const struct reader *reader, const char *pointer)
{
	const double	*bbox = reader->bbox;

	if (!within_germany(bbox[0], bbox[1], bbox[2], bbox[3]) &&
	    within_germany(bbox[1], bbox[0], bbox[3], bbox[2]))
		reader_finding(reader, pointer, FINDING_CONFLICT,
		    "longitude and latitude are exchanged, longitude is "
		    "first in GeoJSON");
}

/* The geometry of the document and where it is; NULL with a finding. */
static const struct node *
geometry_find(const struct reader *reader, const struct node *document,
    const char **pointer)
{
	const struct node	*geometry;
	const char		*type;

	*pointer = "";
	type = node_text(node_get(document, "type"));
	if (type == NULL || strcmp(type, "Feature") != 0)
		return (document);
	geometry = node_get(document, "geometry");
	*pointer = "/geometry";
	if (geometry != NULL && geometry->kind == NODE_MAP)
		return (geometry);
	reader_finding(reader, *pointer, FINDING_TYPE,
	    "a Polygon or MultiPolygon");
	return (NULL);
}

static void
geometry_check(struct reader *reader, const struct node *geometry,
    const char *pointer)
{
	const struct node	*coordinates;
	const char		*type, *at;

	type = node_text(node_get(geometry, "type"));
	at = arena_format(reader->arena, "%s/type", pointer);
	if (type == NULL) {
		reader_finding(reader, at, FINDING_REQUIRED, NULL);
		return;
	}
	coordinates = node_get(geometry, "coordinates");
	pointer = arena_format(reader->arena, "%s/coordinates", pointer);
	if (strcmp(type, "Polygon") == 0)
		polygon_check(reader, coordinates, pointer);
	else if (strcmp(type, "MultiPolygon") == 0)
		multipolygon_check(reader, coordinates, pointer);
	else
		reader_finding(reader, at, FINDING_CHOICE, SHAPES);
	if (reader->any)
		swapped_check(reader, pointer);
}

/* Only type and coordinates: the database takes no foreign members. */
static const struct node *
geometry_plain(struct arena *arena, const struct node *geometry)
{
	struct node	*plain;

	plain = node_new(arena, NODE_MAP);
	node_append(arena, plain, "type",
	    node_share(arena, node_get(geometry, "type")));
	node_append(arena, plain, "coordinates",
	    node_share(arena, node_get(geometry, "coordinates")));
	return (plain);
}

enum status
geojson_boundary_read(struct arena *arena, const char *file,
    const char *bytes, size_t len, struct geojson_boundary *boundary,
    struct findings *findings)
{
	struct reader		 reader = { .arena = arena, .file = file,
				    .bytes = bytes, .len = len,
				    .findings = findings };
	struct findings		 syntax;
	const struct finding	*finding;
	const struct node	*geometry;
	struct node		*document;
	const char		*pointer;
	size_t			 before;

	before = findings->count;
	if (len > GEOJSON_MAX) {
		finding_add(findings, "", file, 1, 1, FINDING_TOO_LONG,
		    arena_format(arena, "%d", GEOJSON_MAX));
		return (STATUS_INVALID);
	}
	findings_init(&syntax, arena);
	if (node_from_json(arena, bytes, len, &document,
	    &syntax) != STATUS_OK) {
		for (finding = syntax.first; finding != NULL;
		    finding = finding->next)
			finding_add(findings, finding->pointer, file,
			    finding->line, finding->column, finding->code,
			    finding->argument);
		return (STATUS_INVALID);
	}
	if (document->kind != NODE_MAP) {
		finding_add(findings, "", file, 1, 1, FINDING_TYPE, SHAPES);
		return (STATUS_INVALID);
	}
	geometry = geometry_find(&reader, document, &pointer);
	if (geometry != NULL)
		geometry_check(&reader, geometry, pointer);
	if (findings->count != before)
		return (STATUS_INVALID);
	boundary->geometry = geometry_plain(arena, geometry);
	memcpy(boundary->bbox, reader.bbox, sizeof(boundary->bbox));
	return (STATUS_OK);
}

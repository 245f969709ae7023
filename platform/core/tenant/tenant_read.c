/* SPDX-License-Identifier: EUPL-1.2 */
/* A tenant's files become one checked document. */

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/document/node_util.h"
#include "core/tenant/geojson.h"
#include "core/tenant/tenant.h"
#include "core/tenant/tenant_file.h"

#define CONFIG_MAX	(4u * 1024 * 1024)
#define SUFFIX		".yaml"

/* What is read of a whole file, cut off one byte past GEOJSON_MAX. */
static enum status
boundary_load(struct arena *arena, const char *path, char **bytes,
    size_t *len)
{
	struct stat	 st;
	size_t		 max = GEOJSON_MAX + 1;
	ssize_t		 got;
	int		 fd;

	/* A FIFO would be waited for before it is known to be one. */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return (STATUS_IO);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		errno = EINVAL;
		return (STATUS_IO);
	}
	if (st.st_size >= 0 && (size_t)st.st_size < max)
		max = (size_t)st.st_size;
	*bytes = arena_alloc(arena, max + 1);
	*len = 0;
	while (*len < max &&
	    (got = read(fd, *bytes + *len, max - *len)) != 0) {
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1) {
			(void)close(fd);
			return (STATUS_IO);
		}
		*len += (size_t)got;
	}
	(void)close(fd);
	return (STATUS_OK);
}

static const char *
boundary_hash(struct arena *arena, const char *bytes, size_t len)
{
	unsigned char	 hash[16];
	char		*text;

	(void)crypto_generichash(hash, sizeof(hash),
	    (const unsigned char *)bytes, len, NULL, 0);
	text = arena_alloc(arena, sizeof(hash) * 2 + 1);
	(void)sodium_bin2hex(text, sizeof(hash) * 2 + 1, hash, sizeof(hash));
	return (text);
}

/* Adds bbox, boundary_hash and boundary to the document. */
static enum status
boundary_read(struct arena *arena, const char *home, const char *slug,
    const struct node *reference, struct node *document,
    struct geojson_boundary *boundary, struct findings *findings)
{
	struct node	*bbox;
	const char	*name, *path;
	char		*bytes;
	size_t		 len, i;

	name = node_text(reference);
	if (name == NULL || !field_format_fits(FIELD_FORMAT_PATH, name))
		return (STATUS_INVALID);	/* tenant_fields says so */
	path = arena_format(arena, "%s/tenants/%s/%s", home, slug, name);
	if (boundary_load(arena, path, &bytes, &len) != STATUS_OK) {
		node_finding(findings, reference, "/boundary", FINDING_FILE,
		    arena_format(arena, "%s: %s", path, strerror(errno)));
		return (STATUS_INVALID);
	}
	if (geojson_boundary_read(arena, path, bytes, len, boundary,
	    findings) != STATUS_OK)
		return (STATUS_INVALID);
	bbox = node_new(arena, NODE_LIST);
	for (i = 0; i < 4; i++)
		node_append(arena, bbox, NULL,
		    node_number_new(arena, boundary->bbox[i]));
	node_append(arena, document, "bbox", bbox);
	node_append(arena, document, "boundary_hash",
	    node_text_new(arena, boundary_hash(arena, bytes, len)));
	node_append(arena, document, "boundary",
	    node_share(arena, boundary->geometry));
	return (STATUS_OK);
}

static bool
within(const double *bbox, double lon, double lat)
{
	return (lon >= bbox[0] && lon <= bbox[2] && lat >= bbox[1] &&
	    lat <= bbox[3]);
}

/*
 * Where the map opens has to be where the city is. Degrees that were refused
 * stay 0 and are not spoken of again.
 */
static void
map_check(struct arena *arena, const struct tenant_map *map,
    const struct node *node, const double *bbox, struct findings *findings)
{
	if (node == NULL || map->lat == 0 || map->lon == 0 ||
	    within(bbox, map->lon, map->lat))
		return;
	if (within(bbox, map->lat, map->lon))
		node_finding(findings, node, "/map", FINDING_CONFLICT,
		    "lat and lon are exchanged");
	else
		node_finding(findings, node, "/map", FINDING_CONFLICT,
		    arena_format(arena, "the boundary reaches from %g, %g "
		    "to %g, %g (lat, lon)", bbox[1], bbox[0], bbox[3],
		    bbox[2]));
}

static enum status
file_check(const struct registry *registry, const struct node *file,
    const double *bbox, struct findings *findings)
{
	struct tenant	*tenant;
	struct arena	*arena;
	enum status	 status;

	arena = arena_new(0);
	tenant = arena_alloc(arena, sizeof(*tenant));
	tenant->arena = arena;
	tenant->slug = "";
	status = tenant_file_fill(tenant, registry, file, findings);
	if (bbox != NULL)
		map_check(arena, &tenant->file.map, node_get(file, "map"),
		    bbox, findings);
	arena_free(arena);
	return (status);
}

/*
 * The event's theme that is on, else the city's own. All of them are read,
 * so that what is wrong is known before its day.
 */
static const struct node *
theme_choose(struct arena *arena, const char *home, const struct node *file,
    const char *day, struct findings *findings)
{
	const struct node	*events, *event, *chosen;
	struct arena		*scratch;
	const char		*pointer;
	size_t			 i;

	chosen = NULL;
	events = node_get(file, "events");
	if (events == NULL || events->kind != NODE_LIST)
		return (node_get(file, "theme"));
	i = 0;
	for (event = events->first; event != NULL; event = event->next, i++) {
		pointer = arena_format(arena, "/events/%zu", i);
		if (theme_is_on(arena, home, event, pointer, day, findings) &&
		    chosen == NULL) {
			chosen = event;
			continue;
		}
		scratch = arena_new(0);
		(void)theme_read(scratch, home, event, NULL, NULL, NULL,
		    findings);
		arena_free(scratch);
	}
	if (chosen == NULL)
		return (node_get(file, "theme"));
	/* The city's own is back tomorrow. */
	scratch = arena_new(0);
	if (node_get(file, "theme") != NULL)
		(void)theme_read(scratch, home, node_get(file, "theme"),
		    NULL, NULL, NULL, findings);
	arena_free(scratch);
	return (chosen);
}

static const char *
file_text(const struct node *file, const char *member, const char *otherwise)
{
	const char	*text;

	text = node_text(node_get(file, member));
	return (text != NULL ? text : otherwise);
}

static void
document_theme(struct arena *arena, const char *home, const struct node *file,
    const char *day, struct node *document, struct findings *findings)
{
	struct theme_city	 city;
	const struct node	*reference, *languages;
	struct node		*theme, *publish;
	char			 today[THEME_DAY];

	if (day == NULL) {
		theme_day(time(NULL), today);
		day = today;
	}
	reference = theme_choose(arena, home, file, day, findings);
	if (reference == NULL)
		return;
	city.name = file_text(file, "name", "");
	city.title = file_text(file, "title", city.name);
	languages = node_get(file, "languages");
	city.language = languages != NULL && languages->kind == NODE_LIST &&
	    node_text(languages->first) != NULL ? languages->first->text :
	    "de";
	city.order = node_get(file, "order");
	city.words = node_get(file, "words");
	if (theme_read(arena, home, reference, &city, &theme, &publish,
	    findings) != STATUS_OK)
		return;
	node_append(arena, document, "theme", theme);
	node_append(arena, document, "publish", publish);
}

enum status
tenant_read(struct arena *arena, const struct registry *registry,
    const char *home, const char *slug, const char *day,
    struct node **document, struct findings *findings)
{
	struct geojson_boundary	 boundary;
	const struct node	*reference;
	struct node		*file;
	const char		*path;
	size_t			 before;
	enum status		 status;

	before = findings->count;
	path = arena_format(arena, "%s/tenants/%s" SUFFIX, home, slug);
	if (!field_format_fits(FIELD_FORMAT_CODE, slug)) {
		finding_add(findings, "", path, 0, 0, FINDING_FORMAT,
		    field_format_says(FIELD_FORMAT_CODE));
		return (STATUS_INVALID);
	}
	if (node_from_yaml_file(arena, path, &file, findings) != STATUS_OK)
		return (STATUS_INVALID);
	if (file->kind != NODE_MAP) {
		node_finding(findings, file, "", FINDING_TYPE, "an object");
		return (STATUS_INVALID);
	}
	*document = node_new(arena, NODE_MAP);
	node_append(arena, *document, "slug", node_text_new(arena, slug));
	node_append(arena, *document, "tenant", file);
	document_theme(arena, home, file, day, *document, findings);
	status = STATUS_INVALID;
	if ((reference = node_get(file, "boundary")) != NULL)
		status = boundary_read(arena, home, slug, reference,
		    *document, &boundary, findings);
	(void)file_check(registry, file,
	    status == STATUS_OK ? boundary.bbox : NULL, findings);
	return (findings->count == before ? STATUS_OK : STATUS_INVALID);
}

char *
tenant_config(struct arena *arena, const struct node *document)
{
	const struct node	*child;
	struct json		 json;

	json_init(&json, arena, CONFIG_MAX);
	json_open_object(&json, NULL);
	for (child = document->first; child != NULL; child = child->next)
		if (strcmp(child->name, "boundary") != 0 &&
		    strcmp(child->name, "publish") != 0)
			node_to_json(&json, child->name, child);
	json_close(&json);
	return (json_finish(&json, NULL));
}

char *
tenant_boundary(struct arena *arena, const struct node *document)
{
	struct json	 json;

	json_init(&json, arena, CONFIG_MAX);
	node_to_json(&json, NULL, node_get(document, "boundary"));
	return (json_finish(&json, NULL));
}

static int
text_compare(const void *a, const void *b)
{
	return (strcmp(*(const char *const *)a, *(const char *const *)b));
}

const char **
tenant_slugs(struct arena *arena, const char *home)
{
	const struct dirent	 *entry;
	const char		**slugs, **more;
	size_t			  count, cap, len;
	DIR			 *dir;

	count = 0;
	cap = 16;
	slugs = arena_alloc(arena, cap * sizeof(*slugs));
	if ((dir = opendir(arena_format(arena, "%s/tenants", home))) == NULL)
		return (slugs);
	while ((entry = readdir(dir)) != NULL) {
		len = strlen(entry->d_name);
		if (entry->d_name[0] == '.' || len <= strlen(SUFFIX) ||
		    strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) != 0)
			continue;
		if (count + 1 == cap) {
			more = arena_alloc(arena, cap * 2 * sizeof(*more));
			memcpy(more, slugs, count * sizeof(*more));
			slugs = more;
			cap *= 2;
		}
		slugs[count++] = arena_copy(arena, entry->d_name,
		    len - strlen(SUFFIX));
	}
	(void)closedir(dir);
	qsort(slugs, count, sizeof(*slugs), text_compare);
	return (slugs);
}

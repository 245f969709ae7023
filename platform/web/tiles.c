/* SPDX-License-Identifier: EUPL-1.2 */
/* Map tiles out of archives. */

#include <sys/stat.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/document/number.h"
#include "core/log.h"
#include "web/cache.h"
#include "web/coding.h"
#include "web/range.h"
#include "web/respond.h"
#include "web/serve_state.h"
#include "web/tiles.h"
#include "web/worker.h"

#define PREFIX		"/tiles/"
#define JSON_SUFFIX	".json"
#define ARCHIVE_SUFFIX	".pmtiles"
#define KEEP		"public, max-age=86400"
#define INFLATED_MAX	((size_t)16 << 20)	/* a tile, unpacked */
#define ETAG_LEN	(CACHE_ETAG_LEN + 4)
#define NAME_MAX_LEN	64

struct tilesets *
tiles_open(struct arena *arena, const struct env *env)
{
	return (tilesets_open(arena, env->tiles != NULL ? env->tiles :
	    arena_format(arena, "%s/platform/geo/tiles", env->home)));
}

void
tiles_look(const struct tenant *tenant)
{
	const char	*name;

	name = tenant->file.map.tiles;
	if (name != NULL && tilesets_get(worker_state.registry->tilesets,
	    name) == NULL)
		log_event(LOG_LEVEL_WARN, "city names tiles that are not here",
		    "tenant=%s set=%s", tenant->slug, name);
}

static const char *
tiles_header(struct http_request *req, const char *name)
{
	const char	*value;

	return (http_request_header(req, name, &value) ? value : NULL);
}

static const struct tileset *
tiles_set(const char *name, size_t len)
{
	char	copy[NAME_MAX_LEN];

	if (len >= sizeof(copy))
		return (NULL);
	memcpy(copy, name, len);
	copy[len] = '\0';
	return (tilesets_get(worker_state.registry->tilesets, copy));
}

/* Said each time: somebody is without a map until the server is restarted. */
static enum tiles_answer
tiles_broken(const struct tileset *set)
{
	log_event(LOG_LEVEL_ERROR, "tile archive can no longer be read",
	    "set=%s", set->name);
	return (TILES_BROKEN);
}

/* One spelling a tile: digits without a zero in front. */
static bool
number_next(const char **at, uint32_t *value)
{
	char		 text[12];
	int64_t		 number;
	size_t		 len;

	len = strspn(*at, "0123456789");
	if (len == 0 || len >= sizeof(text))
		return (false);
	memcpy(text, *at, len);
	text[len] = '\0';
	if (number_read_int(text, &number) != NUMBER_OK ||
	    number > UINT32_MAX)
		return (false);
	*value = (uint32_t)number;
	*at += len;
	return (true);
}

/* "<z>/<x>/<y>" */
static bool
place_read(const char *at, uint32_t *place)
{
	size_t	i;

	for (i = 0; i < 3; i++)
		if (!number_next(&at, &place[i]) ||
		    *at++ != (i < 2 ? '/' : '\0'))
			return (false);
	return (true);
}

/* The tag of what is stored; what is made of it is another representation. */
static void
tile_etag(const unsigned char *bytes, size_t len, bool unpacked, char *etag)
{
	cache_etag(bytes, len, etag);
	if (unpacked)
		memcpy(etag + CACHE_ETAG_LEN - 1, "-u\"", 4);
}

static enum tiles_answer
tile_send(struct http_request *req, const struct tileset *set,
    unsigned char *bytes, size_t len)
{
	const struct pmtiles_header	*header;
	struct respond_lasting		 what = { .keep = KEEP };
	unsigned char			*plain;
	char				 etag[ETAG_LEN + 1];
	bool				 unpack;

	header = archive_header(set->archive);
	unpack = header->tile == PMTILES_GZIP &&
	    !coding_takes_gzip(tiles_header(req, "accept-encoding"));
	tile_etag(bytes, len, unpack, etag);
	plain = NULL;
	if (unpack && (plain = pmtiles_inflate(bytes, len, INFLATED_MAX,
	    &len)) == NULL) {
		free(bytes);
		return (tiles_broken(set));
	}
	what.media_type = pmtiles_media_type(header->type);
	what.encoding = header->tile == PMTILES_GZIP && !unpack ? "gzip" :
	    NULL;
	what.etag = etag;
	if (!respond_lasting(req, &what))
		http_response(req, 200, unpack ? plain : bytes, len);
	free(plain);
	free(bytes);
	return (TILES_SENT);
}

static enum tiles_answer
tile_answer(struct http_request *req, const struct tileset *set,
    const char *place)
{
	const struct respond_lasting	 nothing = { .keep = KEEP };
	uint32_t			 at[3];
	unsigned char			*bytes;
	size_t				 len;

	if (!place_read(place, at))
		return (TILES_NONE);
	switch (archive_tile(set->archive, at[0], at[1], at[2], &bytes,
	    &len)) {
	case ARCHIVE_TILE:
		return (tile_send(req, set, bytes, len));
	case ARCHIVE_EMPTY:
		(void)respond_lasting(req, &nothing);
		http_response(req, 204, NULL, 0);
		return (TILES_SENT);
	case ARCHIVE_NO_TILE:
		return (TILES_NONE);
	case ARCHIVE_BROKEN:
		break;
	}
	return (tiles_broken(set));
}

/* The caller's own address of us: what it says is told to nobody else. */
static enum tiles_answer
json_answer(struct http_request *req, const struct tileset *set,
    const struct tenant *tenant)
{
	struct respond_lasting	 what = { .media_type = "application/json",
				    .keep = "no-cache" };
	const struct tenant_map	*map = &tenant->file.map;
	struct arena		*arena;
	const char		*protocol, *url, *text;
	char			 etag[ETAG_LEN + 1];
	size_t			 len;

	arena = arena_new(8192);
	protocol = tiles_header(req, "x-forwarded-proto");
	url = arena_format(arena, "%s://%s" PREFIX "%s/{z}/{x}/{y}",
	    protocol != NULL && strcmp(protocol, "https") == 0 ? "https" :
	    "http", req->host, set->name);
	text = tileset_json(arena, set, url, map->tiles != NULL &&
	    strcmp(map->tiles, set->name) == 0 ? map->attribution : NULL,
	    &len);
	if (text == NULL) {
		arena_free(arena);
		return (tiles_broken(set));
	}
	cache_etag(text, len, etag);
	what.etag = etag;
	if (!respond_lasting(req, &what))
		http_response(req, 200, text, len);
	arena_free(arena);
	return (TILES_SENT);
}

/* Whether a range may be given: If-Range (RFC 9110, 13.1.5) names what we
 * have, or is not there. A date never does, as we tell none. */
static bool
range_is_current(struct http_request *req, const struct tileset *set)
{
	const char	*tag;

	tag = tiles_header(req, "if-range");
	return (tag == NULL || strcmp(tag, set->etag) == 0);
}

/*
 * Kore sends from the mapping, 8 KiB at a time, when the socket has room:
 * nothing is copied and no worker waits, however large the archive is.
 */
static void
archive_send(struct http_request *req, const struct tileset *set, int status,
    uint64_t from, uint64_t len)
{
	if (req->method == HTTP_METHOD_HEAD)
		http_response(req, status, "", (size_t)len);
	else
		http_response_stream(req, status, (unsigned char *)
		    (uintptr_t)set->mapped + from, (size_t)len, NULL, NULL);
}

static enum tiles_answer
archive_answer(struct http_request *req, const struct tileset *set)
{
	const struct respond_lasting	 what = { .keep = KEEP,
	    .media_type = "application/vnd.pmtiles", .etag = set->etag };
	enum range_verdict		 verdict;
	struct stat			 st;
	uint64_t			 from, len;
	char				 text[80];

	if (fstat(set->fd, &st) == -1 || (uint64_t)st.st_size < set->size)
		return (tiles_broken(set));
	from = 0;
	len = set->size;
	verdict = req->method != HTTP_METHOD_GET ||
	    !range_is_current(req, set) ? RANGE_WHOLE :
	    range_read(tiles_header(req, "range"), set->size, &from, &len);
	if (verdict == RANGE_UNSATISFIABLE) {
		(void)snprintf(text, sizeof(text), "bytes */%" PRIu64,
		    set->size);
		http_response_header(req, "content-range", text);
		return (TILES_RANGE);
	}
	if (respond_lasting(req, &what))
		return (TILES_SENT);
	http_response_header(req, "accept-ranges", "bytes");
	if (verdict == RANGE_PART) {
		(void)snprintf(text, sizeof(text), "bytes %" PRIu64 "-%"
		    PRIu64 "/%" PRIu64, from, from + len - 1, set->size);
		http_response_header(req, "content-range", text);
	}
	archive_send(req, set, verdict == RANGE_PART ? 206 : 200, from, len);
	return (TILES_SENT);
}

static bool
ends_with(const char *text, const char *suffix)
{
	size_t	 len, end;

	len = strlen(text);
	end = strlen(suffix);
	return (len > end && strcmp(text + len - end, suffix) == 0);
}

enum tiles_answer
tiles_request(struct http_request *req, const struct tenant *tenant)
{
	const struct tileset	*set;
	const char		*name, *slash;

	if (strncmp(req->path, PREFIX, strlen(PREFIX)) != 0 ||
	    !serve_is_safe(req))
		return (TILES_NONE);
	name = req->path + strlen(PREFIX);
	if ((slash = strchr(name, '/')) != NULL) {
		set = tiles_set(name, (size_t)(slash - name));
		return (set == NULL ? TILES_NONE :
		    tile_answer(req, set, slash + 1));
	}
	if (ends_with(name, JSON_SUFFIX)) {
		set = tiles_set(name, strlen(name) - strlen(JSON_SUFFIX));
		return (set == NULL ? TILES_NONE :
		    json_answer(req, set, tenant));
	}
	if (ends_with(name, ARCHIVE_SUFFIX)) {
		set = tiles_set(name, strlen(name) - strlen(ARCHIVE_SUFFIX));
		return (set == NULL ? TILES_NONE : archive_answer(req, set));
	}
	return (TILES_NONE);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A hash table of paths; each with its bytes in up to three codings. */

#include <errno.h>
#include <string.h>

#include "core/document/file.h"
#include "web/assets.h"
#include "web/cache.h"
#include "web/coding.h"
#include "web/respond.h"

#define FILE_MAX	(16u << 20)
#define ALL_MAX		(128u << 20)
#define IMMUTABLE	"public, max-age=31536000, immutable"
#define FNV_BASIS	2166136261u
#define FNV_PRIME	16777619u

struct asset {
	const char	*path;		/* NULL: a free place */
	unsigned int	 available;	/* bit i: enum coding i */
	struct fixed	 as[CODING_COUNT];
};

struct assets {
	size_t		 cap;		/* a power of two */
	struct asset	*items;		/* open addressing */
};

struct loading {
	struct arena		*arena;
	const char		*dir;
	struct findings		*findings;
	size_t			 total;
};

/* The place of `path`, or the free one where it belongs. */
static struct asset *
asset_find(const struct assets *assets, const char *path)
{
	struct asset	*asset;
	uint32_t	 hash;
	const char	*at;

	hash = FNV_BASIS;
	for (at = path; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * FNV_PRIME;
	for (;; hash++) {
		asset = &assets->items[hash & (assets->cap - 1)];
		if (asset->path == NULL || strcmp(asset->path, path) == 0)
			return (asset);
	}
}

static bool
is_script(const char *type)
{
	size_t	len;

	len = strlen("text/javascript");
	return (strncmp(type, "text/javascript", len) == 0 &&
	    (type[len] == '\0' || type[len] == ';'));
}

static void
asset_read(struct loading *loading, const struct bundle_file *file,
    struct asset *asset, enum coding coding)
{
	static const char *const	 suffixes[CODING_COUNT] = {
					    "", ".gz", ".br" };
	struct fixed			*as;
	const char			*path;
	char				*bytes, *etag;
	size_t				 len;

	path = arena_format(loading->arena, "%s/%s%s", loading->dir,
	    file->file, suffixes[coding]);
	errno = 0;
	if (file_read(loading->arena, path, FILE_MAX, &bytes, &len) !=
	    STATUS_OK) {
		finding_add(loading->findings, "", path, 0, 0, FINDING_FILE,
		    errno == 0 ? "no file, or above 16 MiB" :
		    strerror(errno));
		return;
	}
	loading->total += len;
	etag = arena_alloc(loading->arena, CACHE_ETAG_LEN + 1);
	cache_etag(bytes, len, etag);
	as = &asset->as[coding];
	as->kind = is_script(file->type) ? RESPOND_SCRIPT : RESPOND_DATA;
	as->media_type = file->type;
	as->encoding = coding_text(coding);
	as->vary = file->gzip || file->brotli ? "accept-encoding" : NULL;
	as->cache_control = file->immutable ? IMMUTABLE : "no-cache";
	as->etag = etag;
	as->bytes = bytes;
	as->len = len;
	asset->available |= 1u << coding;
}

enum status
assets_load(struct arena *arena, const char *dir,
    const struct bundle *bundle, struct assets **assets,
    struct findings *findings)
{
	struct loading			 loading = { arena, dir, findings, 0 };
	const struct bundle_file	*file;
	struct assets			*table;
	struct asset			*asset;
	size_t				 i, before;

	before = findings->count;
	table = arena_alloc(arena, sizeof(*table));
	for (table->cap = 16; table->cap < bundle->files.count * 2; )
		table->cap *= 2;
	table->items = arena_alloc(arena, table->cap * sizeof(*asset));
	for (i = 0; i < bundle->files.count && loading.total <= ALL_MAX; i++) {
		file = &bundle->files.items[i];
		asset = asset_find(table, file->path);
		asset->path = file->path;
		asset_read(&loading, file, asset, CODING_IDENTITY);
		if (file->gzip)
			asset_read(&loading, file, asset, CODING_GZIP);
		if (file->brotli)
			asset_read(&loading, file, asset, CODING_BROTLI);
	}
	if (loading.total > ALL_MAX)
		finding_add(findings, "/files", dir, 0, 0, FINDING_TOO_LARGE,
		    "128 MiB");
	*assets = findings->count == before ? table : NULL;
	return (findings->count == before ? STATUS_OK : STATUS_INVALID);
}

bool
assets_request(const struct assets *assets, struct http_request *req)
{
	const struct asset	*asset;
	const char		*accept;

	if (assets == NULL || (req->method != HTTP_METHOD_GET &&
	    req->method != HTTP_METHOD_HEAD))
		return (false);
	asset = asset_find(assets, req->path);
	if (asset->path == NULL)
		return (false);
	if (!http_request_header(req, "accept-encoding", &accept))
		accept = NULL;
	respond_fixed(req, &asset->as[coding_negotiate(accept,
	    asset->available)]);
	return (true);
}

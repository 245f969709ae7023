/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The archives of map tiles that a server has: <set>.pmtiles in one folder,
 * opened before the fork. A set belongs to nobody; which one a city shows
 * stands in its file.
 */
#ifndef CORE_TILESETS_H
#define CORE_TILESETS_H

#include <stadtkern/json.h>
#include <stadtkern/node.h>

#include "core/tiles/archive.h"

#define TILESETS_MAX		64
#define TILESET_ETAG_LEN	34	/* with quotes, without NUL */

struct tileset {
	const char		*name;		/* a CODE, the file's name */
	struct archive		*archive;
	const struct node	*metadata;	/* a map */
	int			 fd;
	uint64_t		 size;
	/*
	 * All of the file, to be handed to send(2) and nothing else: where the
	 * file became shorter the kernel then says EFAULT, while a look at it
	 * would be SIGBUS.
	 */
	const void		*mapped;
	char			 etag[TILESET_ETAG_LEN + 1];	/* strong */
};

struct tilesets {
	size_t		 count;
	struct tileset	*sets;
};

/*
 * Opens what is good in `folder` and logs what is not, each with its reason;
 * a folder that is not there holds nothing. Reads each file whole, once, for
 * its entity tag. All in `arena`, but the files, which stay open.
 */
struct tilesets	*tilesets_open(struct arena *arena, const char *folder);

/* NULL: none of this name, or `tilesets` is NULL. */
const struct tileset *tilesets_get(const struct tilesets *tilesets,
		    const char *name);

/* "vector" or "raster". */
const char	*tileset_kind(const struct tileset *set);

/* A text of the metadata, or NULL. */
const char	*tileset_text(const struct tileset *set, const char *name);

/*
 * TileJSON 3.0.0. `url` is the address of a tile with {z}, {x} and {y};
 * `attribution` NULL: the archive's own.
 */
char		*tileset_json(struct arena *arena, const struct tileset *set,
		    const char *url, const char *attribution, size_t *len);

/* Members "type", "minzoom", "maxzoom" and "layers", the names of a vector
 * set's layers, into the open object. */
void		 tileset_describe(struct json *json,
		    const struct tileset *set);

#endif

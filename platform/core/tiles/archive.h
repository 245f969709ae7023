/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A PMTiles archive that is open. Directories are read when they are first
 * needed and kept, the least recently used ones leave. Not for several threads
 * at once; after fork(2) each process goes on with a cache of its own.
 */
#ifndef CORE_ARCHIVE_H
#define CORE_ARCHIVE_H

#include "core/tiles/pmtiles.h"

/*
 * Where the bytes are. `read` fills all of `to` or gives false; a file that
 * became shorter is a read that fails, never a signal.
 */
struct archive_source {
	bool		(*read)(void *arg, uint64_t at, void *to, size_t len);
	void		*arg;
	uint64_t	 size;
};

#define ARCHIVE_METADATA_MAX	(1u << 20)	/* bytes, unpacked */
#define ARCHIVE_CACHE_MAX	(16u << 20)	/* bytes of leaf directories */

struct archive;

/*
 * Opens it and looks at everything but the tiles: the header and every
 * directory. The source must outlive it. `archive` is set by PMTILES_OK alone.
 */
enum pmtiles_verdict archive_open(const struct archive_source *source,
		    struct archive **archive);
void		 archive_free(struct archive *archive);

const struct pmtiles_header *archive_header(const struct archive *archive);

/* The metadata, JSON that nobody has looked at yet; from malloc(3), with a
 * NUL behind it that is not counted. */
enum pmtiles_verdict archive_metadata(const struct archive *archive,
		    char **text, size_t *len);

enum archive_found {
	ARCHIVE_TILE,		/* here it is */
	ARCHIVE_EMPTY,		/* a tile of these zooms, but nothing is there */
	ARCHIVE_NO_TILE,	/* not of these zooms, or no tile at all */
	ARCHIVE_BROKEN		/* the source has changed beneath us */
};

/* A tile as it is stored (header->tile says how), from malloc(3). */
enum archive_found archive_tile(struct archive *archive, unsigned int z,
		    uint32_t x, uint32_t y, unsigned char **bytes,
		    size_t *len);

#endif

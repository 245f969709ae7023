/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is written in a PMTiles archive, version 3: its header, its
 * directories, the numbers of its tiles. Works on bytes in memory; archive.h
 * reads them from a file.
 *
 * Source: PMTiles Version 3 Specification (protomaps/PMTiles, spec/v3),
 * sections named below. All numbers in it are little-endian.
 */
#ifndef CORE_PMTILES_H
#define CORE_PMTILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PMTILES_HEADER_LEN	127u
#define PMTILES_ROOT_END	16384u	/* the root directory ends before */
#define PMTILES_ZOOM_MAX	26
#define PMTILES_DIRECTORY_MAX	(2u << 20)	/* bytes, decompressed */
#define PMTILES_TILE_MAX	(4u << 20)	/* bytes, as stored */

/* What is wrong with an archive, in the words of the log. */
#define PMTILES_VERDICTS(X)						\
	X(OK, "is good")						\
	X(NOT_PMTILES, "is no PMTiles archive")				\
	X(VERSION, "is not version 3 of PMTiles")			\
	X(TRUNCATED, "ends before what its header speaks of")		\
	X(ROOT, "has its root directory outside of the first 16384 bytes") \
	X(COMPRESSION, "is compressed in a way that is not known here: "	\
	    "directories and tiles may be plain or gzip")		\
	X(TILE_TYPE, "does not say what its tiles are")			\
	X(ZOOM, "has zooms outside of 0 to 26, or the least above the "	\
	    "greatest")							\
	X(BOUNDS, "has bounds or a centre that are no places on earth")	\
	X(DIRECTORY, "has a damaged directory")				\
	X(DIRECTORY_SIZE, "has a directory that unpacks to more than 2 MiB") \
	X(DEPTH, "has directories nested too deeply, or within each other") \
	X(TILE, "has an entry that points outside of its tiles, or to one " \
	    "of more than 4 MiB")					\
	X(METADATA, "has metadata that cannot be unpacked")		\
	X(READ, "cannot be read")

enum pmtiles_verdict {
#define X(name, says) PMTILES_##name,
	PMTILES_VERDICTS(X)
#undef X
};

/* "Compression" and "Tile Type" of the specification, section 3. */
enum pmtiles_compression { PMTILES_PLAIN = 1, PMTILES_GZIP = 2 };
enum pmtiles_type {
	PMTILES_MVT = 1, PMTILES_PNG, PMTILES_JPEG, PMTILES_WEBP, PMTILES_AVIF,
	PMTILES_MLT
};

struct pmtiles_header {
	uint64_t		 root_at, root_len;	/* bytes of the file */
	uint64_t		 metadata_at, metadata_len;
	uint64_t		 leaves_at, leaves_len;
	uint64_t		 tiles_at, tiles_len;
	enum pmtiles_compression internal;	/* directories, metadata */
	enum pmtiles_compression tile;
	enum pmtiles_type	 type;
	unsigned int		 zoom_min, zoom_max;
	double			 bounds[4];	/* west, south, east, north */
	unsigned int		 center_zoom;
	double			 center[2];	/* lon, lat */
};

/* Section 4. run 0: a leaf directory, at `at` of the leaves. */
struct pmtiles_entry {
	uint64_t	 id;
	uint64_t	 at;		/* within the tiles or leaves */
	uint32_t	 len;
	uint32_t	 run;		/* this many ids have the tile */
};

struct pmtiles_directory {
	size_t			 count;
	struct pmtiles_entry	*entries;	/* malloc(3), ids ascending */
};

/* A sentence without its subject; static storage. */
const char	*pmtiles_verdict_text(enum pmtiles_verdict verdict);

/*
 * Reads the header from the first `len` bytes of a file of `size`. Refused is
 * whatever would lead outside of the file, and what is not served. `header` is
 * set by PMTILES_OK alone.
 */
enum pmtiles_verdict pmtiles_header_read(const unsigned char *bytes,
		    size_t len, uint64_t size, struct pmtiles_header *header);

/*
 * Unpacks `len` bytes as a directory of this archive; every entry is looked at.
 * `directory` is set by PMTILES_OK alone and freed by the caller.
 */
enum pmtiles_verdict pmtiles_directory_read(
		    const struct pmtiles_header *header,
		    const unsigned char *bytes, size_t len,
		    struct pmtiles_directory *directory);
void		 pmtiles_directory_free(struct pmtiles_directory *directory);

/* The entry that `id` falls into, a leaf's one too; NULL: none. */
const struct pmtiles_entry *pmtiles_directory_find(
		    const struct pmtiles_directory *directory, uint64_t id);

/* The number of a tile on the Hilbert curve (section 4.1); false: there is no
 * such tile. */
bool		 pmtiles_id(unsigned int z, uint32_t x, uint32_t y,
		    uint64_t *id);

/* "application/vnd.mapbox-vector-tile", "image/png", … */
const char	*pmtiles_media_type(enum pmtiles_type type);

/*
 * `len` bytes of gzip (RFC 1952), one or more members, as at most `max` bytes
 * from malloc(3); NULL: damaged, larger, or something follows.
 */
unsigned char	*pmtiles_inflate(const unsigned char *bytes, size_t len,
		    size_t max, size_t *out_len);

#endif

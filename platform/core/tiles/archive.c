/* SPDX-License-Identifier: EUPL-1.2 */
/* Finding tiles in an archive: root, leaves, tile. */

#include <stdlib.h>
#include <string.h>

#include "core/tiles/archive.h"

#define DEPTH_MAX	4	/* directories from the root to a tile */
#define LEAVES_MAX	256	/* kept at once */

struct leaf {
	uint64_t			 at;	/* within the leaves */
	uint64_t			 used;	/* when; 0: the slot is free */
	struct pmtiles_directory	 directory;
};

struct archive {
	struct archive_source		 source;
	struct pmtiles_header		 header;
	struct pmtiles_directory	 root;
	struct leaf			 leaves[LEAVES_MAX];
	size_t				 kept;		/* bytes of them */
	uint64_t			 clock;
};

static unsigned char *
source_take(const struct archive_source *source, uint64_t at, size_t len)
{
	unsigned char	*bytes;

	if (at > source->size || len > source->size - at ||
	    (bytes = malloc(len + 1)) == NULL)
		return (NULL);
	if (!source->read(source->arg, at, bytes, len)) {
		free(bytes);
		return (NULL);
	}
	bytes[len] = '\0';
	return (bytes);
}

static enum pmtiles_verdict
directory_take(const struct archive *archive, uint64_t at, size_t len,
    struct pmtiles_directory *directory)
{
	enum pmtiles_verdict	 verdict;
	unsigned char		*bytes;

	/* What packs worse than this is no directory. */
	if (len > PMTILES_DIRECTORY_MAX)
		return (PMTILES_DIRECTORY_SIZE);
	if ((bytes = source_take(&archive->source, at, len)) == NULL)
		return (PMTILES_READ);
	verdict = pmtiles_directory_read(&archive->header, bytes, len,
	    directory);
	free(bytes);
	return (verdict);
}

/*
 * All directories below this one. What is read of the leaves is counted:
 * directories that lie in each other would make a walk without end.
 */
static enum pmtiles_verdict
directory_walk(const struct archive *archive,
    const struct pmtiles_directory *directory, unsigned int depth,
    uint64_t *left)
{
	const struct pmtiles_entry	*entry;
	struct pmtiles_directory	 leaf;
	enum pmtiles_verdict		 verdict;
	size_t				 i;

	for (i = 0; i < directory->count; i++) {
		entry = &directory->entries[i];
		if (entry->run != 0)
			continue;
		if (depth + 1 >= DEPTH_MAX || entry->len > *left)
			return (PMTILES_DEPTH);
		*left -= entry->len;
		verdict = directory_take(archive, archive->header.leaves_at +
		    entry->at, entry->len, &leaf);
		if (verdict != PMTILES_OK)
			return (verdict);
		verdict = directory_walk(archive, &leaf, depth + 1, left);
		pmtiles_directory_free(&leaf);
		if (verdict != PMTILES_OK)
			return (verdict);
	}
	return (PMTILES_OK);
}

static enum pmtiles_verdict
archive_begin(struct archive *archive)
{
	unsigned char		 bytes[PMTILES_HEADER_LEN];
	enum pmtiles_verdict	 verdict;
	uint64_t		 left;
	size_t			 len;

	len = archive->source.size < sizeof(bytes) ?
	    (size_t)archive->source.size : sizeof(bytes);
	if (!archive->source.read(archive->source.arg, 0, bytes, len))
		return (PMTILES_READ);
	if ((verdict = pmtiles_header_read(bytes, len, archive->source.size,
	    &archive->header)) != PMTILES_OK ||
	    (verdict = directory_take(archive, archive->header.root_at,
	    (size_t)archive->header.root_len, &archive->root)) != PMTILES_OK)
		return (verdict);
	left = archive->header.leaves_len;
	return (directory_walk(archive, &archive->root, 0, &left));
}

enum pmtiles_verdict
archive_open(const struct archive_source *source, struct archive **result)
{
	struct archive		*archive;
	enum pmtiles_verdict	 verdict;

	if ((archive = calloc(1, sizeof(*archive))) == NULL)
		return (PMTILES_READ);
	archive->source = *source;
	if ((verdict = archive_begin(archive)) != PMTILES_OK) {
		archive_free(archive);
		return (verdict);
	}
	*result = archive;
	return (PMTILES_OK);
}

void
archive_free(struct archive *archive)
{
	size_t	i;

	if (archive == NULL)
		return;
	for (i = 0; i < LEAVES_MAX; i++)
		pmtiles_directory_free(&archive->leaves[i].directory);
	pmtiles_directory_free(&archive->root);
	free(archive);
}

const struct pmtiles_header *
archive_header(const struct archive *archive)
{
	return (&archive->header);
}

enum pmtiles_verdict
archive_metadata(const struct archive *archive, char **text, size_t *len)
{
	const struct pmtiles_header	*header;
	unsigned char			*bytes, *plain;

	header = &archive->header;
	if (header->metadata_len > ARCHIVE_METADATA_MAX)
		return (PMTILES_METADATA);
	bytes = source_take(&archive->source, header->metadata_at,
	    (size_t)header->metadata_len);
	if (bytes == NULL)
		return (PMTILES_READ);
	*len = (size_t)header->metadata_len;
	if (header->internal == PMTILES_GZIP) {
		/* Room for the NUL: what fills all of it is too large. */
		plain = pmtiles_inflate(bytes, *len, ARCHIVE_METADATA_MAX,
		    len);
		free(bytes);
		if (plain == NULL ||
		    (bytes = realloc(plain, *len + 1)) == NULL) {
			free(plain);
			return (PMTILES_METADATA);
		}
		bytes[*len] = '\0';
	}
	*text = (char *)bytes;
	return (PMTILES_OK);
}

static size_t
leaf_size(const struct leaf *leaf)
{
	return (leaf->directory.count * sizeof(*leaf->directory.entries));
}

static void
leaf_drop(struct archive *archive, struct leaf *leaf)
{
	archive->kept -= leaf_size(leaf);
	pmtiles_directory_free(&leaf->directory);
	leaf->used = 0;
}

/* The slot that was not used for the longest time, or never. */
static struct leaf *
leaf_oldest(struct archive *archive, bool in_use)
{
	struct leaf	*leaf, *oldest;
	size_t		 i;

	oldest = NULL;
	for (i = 0; i < LEAVES_MAX; i++) {
		leaf = &archive->leaves[i];
		if (in_use && leaf->used == 0)
			continue;
		if (oldest == NULL || leaf->used < oldest->used)
			oldest = leaf;
	}
	return (oldest);
}

static const struct pmtiles_directory *
leaf_keep(struct archive *archive, uint64_t at,
    const struct pmtiles_directory *directory)
{
	struct leaf	*leaf, *other;

	leaf = leaf_oldest(archive, false);
	if (leaf->used != 0)
		leaf_drop(archive, leaf);
	leaf->at = at;
	leaf->used = ++archive->clock;
	leaf->directory = *directory;
	archive->kept += leaf_size(leaf);
	while (archive->kept > ARCHIVE_CACHE_MAX &&
	    (other = leaf_oldest(archive, true)) != leaf)
		leaf_drop(archive, other);
	return (&leaf->directory);
}

/* NULL: it cannot be read any more. Valid until the next call. */
static const struct pmtiles_directory *
leaf_get(struct archive *archive, const struct pmtiles_entry *entry)
{
	struct pmtiles_directory	 directory;
	struct leaf			*leaf;
	uint64_t			 at;
	size_t				 i;

	for (i = 0; i < LEAVES_MAX; i++) {
		leaf = &archive->leaves[i];
		if (leaf->used != 0 && leaf->at == entry->at) {
			leaf->used = ++archive->clock;
			return (&leaf->directory);
		}
	}
	at = entry->at;
	if (directory_take(archive, archive->header.leaves_at + at,
	    entry->len, &directory) != PMTILES_OK)
		return (NULL);
	return (leaf_keep(archive, at, &directory));
}

static enum archive_found
tile_find(struct archive *archive, uint64_t id, struct pmtiles_entry *found)
{
	const struct pmtiles_directory	*directory;
	const struct pmtiles_entry	*entry;
	unsigned int			 depth;

	directory = &archive->root;
	for (depth = 0; depth < DEPTH_MAX; depth++) {
		if ((entry = pmtiles_directory_find(directory, id)) == NULL)
			return (ARCHIVE_EMPTY);
		if (entry->run != 0) {
			*found = *entry;
			return (ARCHIVE_TILE);
		}
		if ((directory = leaf_get(archive, entry)) == NULL)
			return (ARCHIVE_BROKEN);
	}
	return (ARCHIVE_BROKEN);
}

enum archive_found
archive_tile(struct archive *archive, unsigned int z, uint32_t x, uint32_t y,
    unsigned char **bytes, size_t *len)
{
	struct pmtiles_entry	 entry;
	enum archive_found	 found;
	uint64_t		 id;

	if (z < archive->header.zoom_min || z > archive->header.zoom_max ||
	    !pmtiles_id(z, x, y, &id))
		return (ARCHIVE_NO_TILE);
	if ((found = tile_find(archive, id, &entry)) != ARCHIVE_TILE)
		return (found);
	*bytes = source_take(&archive->source, archive->header.tiles_at +
	    entry.at, entry.len);
	*len = entry.len;
	return (*bytes == NULL ? ARCHIVE_BROKEN : ARCHIVE_TILE);
}

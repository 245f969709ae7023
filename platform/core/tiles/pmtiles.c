/* SPDX-License-Identifier: EUPL-1.2 */
/* Header, directories and tile numbers of a PMTiles archive. */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/tiles/pmtiles.h"

#define MAGIC		"PMTiles"
#define MAGIC_LEN	7
#define VERSION		3
#define DEGREES		1e7	/* section 3: positions are so many a degree */

/* The least that an entry takes: a byte in each of four columns. */
#define ENTRY_LEN	4

/* A cursor over a directory's bytes; `bad` once anything did not fit. */
struct columns {
	const unsigned char	*at;
	const unsigned char	*end;
	bool			 bad;
};

const char *
pmtiles_verdict_text(enum pmtiles_verdict verdict)
{
	static const char *const	texts[] = {
#define X(name, says) [PMTILES_##name] = says,
		PMTILES_VERDICTS(X)
#undef X
	};

	return (texts[verdict]);
}

static uint32_t
u32(const unsigned char *at)
{
	return (at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	    (uint32_t)at[3] << 24);
}

static uint64_t
u64(const unsigned char *at)
{
	return (u32(at) | (uint64_t)u32(at + 4) << 32);
}

static double
degrees(const unsigned char *at)
{
	return ((double)(int32_t)u32(at) / DEGREES);
}

/* Whether `len` bytes from `at` lie between the header and the end. */
static bool
within(uint64_t at, uint64_t len, uint64_t size)
{
	return (len == 0 ||
	    (at >= PMTILES_HEADER_LEN && at <= size && len <= size - at));
}

static bool
is_place(const double *at)
{
	return (at[0] >= -180 && at[0] <= 180 && at[1] >= -90 && at[1] <= 90);
}

static enum pmtiles_verdict
header_sections(const struct pmtiles_header *header, uint64_t size)
{
	if (header->root_len == 0 || header->root_at < PMTILES_HEADER_LEN ||
	    header->root_at > PMTILES_ROOT_END ||
	    header->root_len > PMTILES_ROOT_END - header->root_at)
		return (PMTILES_ROOT);
	if (!within(header->root_at, header->root_len, size) ||
	    !within(header->metadata_at, header->metadata_len, size) ||
	    !within(header->leaves_at, header->leaves_len, size) ||
	    !within(header->tiles_at, header->tiles_len, size))
		return (PMTILES_TRUNCATED);
	return (PMTILES_OK);
}

static enum pmtiles_verdict
header_meaning(const struct pmtiles_header *header)
{
	if ((header->internal != PMTILES_PLAIN &&
	    header->internal != PMTILES_GZIP) ||
	    (header->tile != PMTILES_PLAIN && header->tile != PMTILES_GZIP))
		return (PMTILES_COMPRESSION);
	if (header->type < PMTILES_MVT || header->type > PMTILES_MLT)
		return (PMTILES_TILE_TYPE);
	if (header->zoom_max > PMTILES_ZOOM_MAX ||
	    header->zoom_min > header->zoom_max)
		return (PMTILES_ZOOM);
	if (!is_place(header->bounds) || !is_place(header->bounds + 2) ||
	    !is_place(header->center) ||
	    header->bounds[0] > header->bounds[2] ||
	    header->bounds[1] > header->bounds[3])
		return (PMTILES_BOUNDS);
	return (PMTILES_OK);
}

enum pmtiles_verdict
pmtiles_header_read(const unsigned char *bytes, size_t len, uint64_t size,
    struct pmtiles_header *result)
{
	struct pmtiles_header	 header;
	enum pmtiles_verdict	 verdict;
	size_t			 i;

	if (len <= MAGIC_LEN || memcmp(bytes, MAGIC, MAGIC_LEN) != 0)
		return (PMTILES_NOT_PMTILES);
	if (bytes[MAGIC_LEN] != VERSION)
		return (PMTILES_VERSION);
	if (len < PMTILES_HEADER_LEN)
		return (PMTILES_TRUNCATED);

	header.root_at = u64(bytes + 8);
	header.root_len = u64(bytes + 16);
	header.metadata_at = u64(bytes + 24);
	header.metadata_len = u64(bytes + 32);
	header.leaves_at = u64(bytes + 40);
	header.leaves_len = u64(bytes + 48);
	header.tiles_at = u64(bytes + 56);
	header.tiles_len = u64(bytes + 64);
	header.internal = (enum pmtiles_compression)bytes[97];
	header.tile = (enum pmtiles_compression)bytes[98];
	header.type = (enum pmtiles_type)bytes[99];
	header.zoom_min = bytes[100];
	header.zoom_max = bytes[101];
	for (i = 0; i < 4; i++)
		header.bounds[i] = degrees(bytes + 102 + i * 4);
	header.center_zoom = bytes[118];
	header.center[0] = degrees(bytes + 119);
	header.center[1] = degrees(bytes + 123);

	if ((verdict = header_sections(&header, size)) != PMTILES_OK ||
	    (verdict = header_meaning(&header)) != PMTILES_OK)
		return (verdict);
	*result = header;
	return (PMTILES_OK);
}

/* An unsigned LEB128 number, at most 64 bits. */
static uint64_t
varint(struct columns *columns)
{
	uint64_t	 value;
	unsigned int	 shift;
	unsigned char	 byte;

	value = 0;
	for (shift = 0; shift < 64 && columns->at < columns->end;
	    shift += 7) {
		byte = *columns->at++;
		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return (value);
	}
	columns->bad = true;
	return (0);
}

static uint32_t
varint32(struct columns *columns)
{
	uint64_t	 value;

	if ((value = varint(columns)) > UINT32_MAX)
		columns->bad = true;
	return ((uint32_t)value);
}

/* The number behind the last tile of the greatest zoom. */
static uint64_t
ids_end(void)
{
	return (((UINT64_C(1) << 2 * (PMTILES_ZOOM_MAX + 1)) - 1) / 3);
}

/* Section 4.2: ids as differences, then runs, lengths and places. */
static void
columns_read(struct columns *columns, struct pmtiles_entry *entries,
    size_t count)
{
	uint64_t	 value, id;
	size_t		 i;

	id = 0;
	for (i = 0; i < count; i++) {
		value = varint(columns);
		if (value > ids_end() - id || (i != 0 && value == 0))
			columns->bad = true;
		else
			id += value;
		entries[i].id = id;
	}
	for (i = 0; i < count; i++)
		entries[i].run = varint32(columns);
	for (i = 0; i < count; i++)
		entries[i].len = varint32(columns);
	for (i = 0; i < count; i++) {
		value = varint(columns);
		/* 0: right behind the one before. */
		if (value != 0)
			entries[i].at = value - 1;
		else if (i == 0)
			columns->bad = true;
		else if (__builtin_add_overflow(entries[i - 1].at,
		    entries[i - 1].len, &entries[i].at))
			columns->bad = true;
	}
	if (columns->at != columns->end)
		columns->bad = true;
}

/* Each entry: where it points, and that it ends before the next begins. */
static enum pmtiles_verdict
entries_check(const struct pmtiles_header *header,
    const struct pmtiles_entry *entries, size_t count)
{
	const struct pmtiles_entry	*entry;
	uint64_t			 whole, next;
	size_t				 i;

	for (i = 0; i < count; i++) {
		entry = &entries[i];
		next = i + 1 < count ? entries[i + 1].id : ids_end();
		if (entry->len == 0 || entry->run > next - entry->id)
			return (PMTILES_DIRECTORY);
		whole = entry->run == 0 ? header->leaves_len :
		    header->tiles_len;
		if (entry->at > whole || entry->len > whole - entry->at ||
		    (entry->run != 0 && entry->len > PMTILES_TILE_MAX))
			return (PMTILES_TILE);
	}
	return (PMTILES_OK);
}

static enum pmtiles_verdict
directory_decode(const struct pmtiles_header *header,
    const unsigned char *bytes, size_t len,
    struct pmtiles_directory *directory)
{
	struct columns		 columns = { bytes, bytes + len, false };
	struct pmtiles_entry	*entries;
	enum pmtiles_verdict	 verdict;
	uint64_t		 count;

	count = varint(&columns);
	if (columns.bad || count == 0 ||
	    count > (uint64_t)(columns.end - columns.at) / ENTRY_LEN)
		return (PMTILES_DIRECTORY);
	if ((entries = calloc((size_t)count, sizeof(*entries))) == NULL)
		return (PMTILES_READ);
	columns_read(&columns, entries, (size_t)count);
	verdict = columns.bad ? PMTILES_DIRECTORY :
	    entries_check(header, entries, (size_t)count);
	if (verdict != PMTILES_OK) {
		free(entries);
		return (verdict);
	}
	directory->count = (size_t)count;
	directory->entries = entries;
	return (PMTILES_OK);
}

enum pmtiles_verdict
pmtiles_directory_read(const struct pmtiles_header *header,
    const unsigned char *bytes, size_t len,
    struct pmtiles_directory *directory)
{
	enum pmtiles_verdict	 verdict;
	unsigned char		*plain;
	size_t			 plain_len;

	if (header->internal == PMTILES_PLAIN) {
		if (len > PMTILES_DIRECTORY_MAX)
			return (PMTILES_DIRECTORY_SIZE);
		return (directory_decode(header, bytes, len, directory));
	}
	/* A byte more than allowed tells what is too large from the rest. */
	plain = pmtiles_inflate(bytes, len, PMTILES_DIRECTORY_MAX + 1,
	    &plain_len);
	if (plain == NULL)
		return (plain_len > PMTILES_DIRECTORY_MAX ?
		    PMTILES_DIRECTORY_SIZE : PMTILES_DIRECTORY);
	verdict = plain_len > PMTILES_DIRECTORY_MAX ? PMTILES_DIRECTORY_SIZE :
	    directory_decode(header, plain, plain_len, directory);
	free(plain);
	return (verdict);
}

void
pmtiles_directory_free(struct pmtiles_directory *directory)
{
	free(directory->entries);
	directory->entries = NULL;
	directory->count = 0;
}

const struct pmtiles_entry *
pmtiles_directory_find(const struct pmtiles_directory *directory, uint64_t id)
{
	const struct pmtiles_entry	*entry;
	size_t				 low, high, middle;

	/* The last entry that begins at or before `id`. */
	low = 0;
	high = directory->count;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (directory->entries[middle].id <= id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return (NULL);
	entry = &directory->entries[low - 1];
	if (entry->run != 0 && id - entry->id >= entry->run)
		return (NULL);
	return (entry);
}

bool
pmtiles_id(unsigned int z, uint32_t x, uint32_t y, uint64_t *id)
{
	uint64_t	 d;
	uint32_t	 s, t, right, below;

	if (z > PMTILES_ZOOM_MAX || x >> z != 0 || y >> z != 0)
		return (false);
	d = 0;
	for (s = z == 0 ? 0 : UINT32_C(1) << (z - 1); s > 0; s /= 2) {
		right = (x & s) != 0;
		below = (y & s) != 0;
		d += (uint64_t)s * s * ((3 * right) ^ below);
		if (below)
			continue;
		if (right) {
			x = s - 1 - (x & (s - 1));
			y = s - 1 - (y & (s - 1));
		}
		t = x;
		x = y;
		y = t;
	}
	*id = ((UINT64_C(1) << 2 * z) - 1) / 3 + d;
	return (true);
}

const char *
pmtiles_media_type(enum pmtiles_type type)
{
	static const char *const	names[] = {
		[PMTILES_MVT] = "application/vnd.mapbox-vector-tile",
		[PMTILES_PNG] = "image/png",
		[PMTILES_JPEG] = "image/jpeg",
		[PMTILES_WEBP] = "image/webp",
		[PMTILES_AVIF] = "image/avif",
		[PMTILES_MLT] = "application/vnd.maplibre-vector-tile",
	};

	assert(type >= PMTILES_MVT && type <= PMTILES_MLT);
	return (names[type]);
}

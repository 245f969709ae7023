/* SPDX-License-Identifier: EUPL-1.2 */
/* Fuzz target: an archive of map tiles, opened and asked for tiles. */

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/tiles/archive.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct memory {
	const uint8_t	*data;
	size_t		 len;
};

static bool
memory_read(void *arg, uint64_t at, void *to, size_t len)
{
	const struct memory	*memory = arg;

	/* The archive is to ask for nothing outside of its file. */
	assert(at <= memory->len && len <= memory->len - at);
	memcpy(to, memory->data + at, len);
	return (true);
}

static void
tile_ask(struct archive *archive, unsigned int z, uint32_t x, uint32_t y)
{
	unsigned char	*bytes, *plain;
	size_t		 len;

	if (archive_tile(archive, z, x, y, &bytes, &len) != ARCHIVE_TILE)
		return;
	assert(len > 0 && len <= PMTILES_TILE_MAX);
	plain = pmtiles_inflate(bytes, len, 65536, &len);
	assert(plain == NULL || len <= 65536);
	free(plain);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct memory		 memory = { data, len };
	struct archive_source	 source = { memory_read, &memory, len };
	struct archive		*archive;
	uint64_t		 id;
	uint32_t		 last;
	char			*text;
	unsigned int		 z;

	if (archive_open(&source, &archive) != PMTILES_OK)
		return (0);
	if (archive_metadata(archive, &text, &len) == PMTILES_OK) {
		assert(text[len] == '\0' && len <= ARCHIVE_METADATA_MAX);
		free(text);
	}
	for (z = 0; z <= PMTILES_ZOOM_MAX; z++) {
		last = (UINT32_C(1) << z) - 1;
		tile_ask(archive, z, 0, 0);
		tile_ask(archive, z, last, last);
		tile_ask(archive, z, last / 2, last / 3);
		assert(!pmtiles_id(z, last + 1, 0, &id));
	}
	archive_free(archive);
	return (0);
}

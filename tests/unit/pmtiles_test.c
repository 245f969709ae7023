/* SPDX-License-Identifier: EUPL-1.2 */
/* Archives of map tiles: numbers, headers, directories, and broken ones. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "core/tiles/archive.h"

#include "fixture.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define BYTES_MAX	(1u << 20)

/* Bytes in memory, and how often they were asked for. */
struct memory {
	const unsigned char	*at;
	size_t			 len;
	unsigned int		 reads;
	bool			 broken;
};

static bool
memory_read(void *arg, uint64_t at, void *to, size_t len)
{
	struct memory	*memory = arg;

	assert_true(at <= memory->len && len <= memory->len - at);
	memory->reads++;
	if (memory->broken)
		return (false);
	memcpy(to, memory->at + at, len);
	return (true);
}

static enum pmtiles_verdict
memory_open(struct memory *memory, struct archive **archive)
{
	struct archive_source	 source = { memory_read, memory, memory->len };

	*archive = NULL;
	return (archive_open(&source, archive));
}

/* A text that grows, for directories and archives made by hand. */
struct made {
	unsigned char	 at[BYTES_MAX];
	size_t		 len;
};

static void
made_bytes(struct made *made, const void *bytes, size_t len)
{
	assert_true(len <= sizeof(made->at) - made->len);
	memcpy(made->at + made->len, bytes, len);
	made->len += len;
}

static void
made_varint(struct made *made, uint64_t value)
{
	unsigned char	 byte;

	do {
		byte = (unsigned char)(value & 0x7f);
		value >>= 7;
		if (value != 0)
			byte |= 0x80;
		made_bytes(made, &byte, 1);
	} while (value != 0);
}

static void
made_directory(struct made *made, const struct pmtiles_entry *entries,
    size_t count)
{
	size_t	 i;

	made_varint(made, count);
	for (i = 0; i < count; i++)
		made_varint(made, entries[i].id -
		    (i == 0 ? 0 : entries[i - 1].id));
	for (i = 0; i < count; i++)
		made_varint(made, entries[i].run);
	for (i = 0; i < count; i++)
		made_varint(made, entries[i].len);
	for (i = 0; i < count; i++)
		made_varint(made, entries[i].at + 1);
}

static void
put64(unsigned char *at, uint64_t value)
{
	unsigned int	 i;

	for (i = 0; i < 8; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

/* Everything plain, zooms 0 to 20, the metadata "{}". */
static void
made_archive(struct made *made, const struct made *root,
    const struct made *leaves, const char *tiles)
{
	const struct {
		const void	*at;
		size_t		 len;
	} parts[] = { { root->at, root->len }, { "{}", 2 },
	    { leaves->at, leaves->len }, { tiles, strlen(tiles) } };
	unsigned char	 header[PMTILES_HEADER_LEN] = "PMTiles\3";
	uint64_t	 at;
	size_t		 i;

	at = PMTILES_HEADER_LEN;
	for (i = 0; i < COUNT(parts); i++) {
		put64(header + 8 + i * 16, at);
		put64(header + 16 + i * 16, parts[i].len);
		at += parts[i].len;
	}
	header[97] = header[98] = PMTILES_PLAIN;
	header[99] = PMTILES_MVT;
	header[101] = 20;
	made->len = 0;
	made_bytes(made, header, sizeof(header));
	for (i = 0; i < COUNT(parts); i++)
		made_bytes(made, parts[i].at, parts[i].len);
}

static struct made	made, root, leaves;
static struct memory	memory;

static enum pmtiles_verdict
made_open(const char *tiles, struct archive **archive)
{
	made_archive(&made, &root, &leaves, tiles);
	memory.at = made.at;
	memory.len = made.len;
	return (memory_open(&memory, archive));
}

static int
setup(void **state)
{
	(void)state;
	root.len = leaves.len = made.len = 0;
	memset(&memory, 0, sizeof(memory));
	return (0);
}

static void
tiles_are_numbered_along_the_hilbert_curve(void **state)
{
	/* As the format's own library for JavaScript numbers them. */
	static const struct {
		unsigned int	 z;
		uint32_t	 x, y;
		uint64_t	 id;
	} known[] = {
		{ 0, 0, 0, 0 }, { 1, 0, 0, 1 }, { 1, 0, 1, 2 },
		{ 1, 1, 1, 3 }, { 1, 1, 0, 4 }, { 2, 0, 0, 5 },
		{ 12, 3423, 1763, UINT64_C(19078479) },
		{ 18, 136370, 86973, UINT64_C(81301632434) },
		{ 26, 0, 0, UINT64_C(1501199875790165) },
		{ 26, 67108863, 0, UINT64_C(6004799503160660) },
		{ 26, 67108863, 67108863, UINT64_C(4503599627370495) },
		{ 26, 12345678, 54321098, UINT64_C(3154909521354637) },
	};
	uint64_t	 id;
	size_t		 i;

	(void)state;
	for (i = 0; i < COUNT(known); i++) {
		assert_true(pmtiles_id(known[i].z, known[i].x, known[i].y,
		    &id));
		assert_int_equal(id, known[i].id);
	}
	assert_false(pmtiles_id(0, 1, 0, &id));
	assert_false(pmtiles_id(3, 8, 0, &id));
	assert_false(pmtiles_id(3, 0, 8, &id));
	assert_false(pmtiles_id(27, 0, 0, &id));
	assert_false(pmtiles_id(4000000000u, 0, 0, &id));
}

static void
a_zoom_has_each_number_once(void **state)
{
	static bool	 seen[4096];
	uint64_t	 id, first;
	uint32_t	 x, y;

	(void)state;
	memset(seen, 0, sizeof(seen));
	assert_true(pmtiles_id(6, 0, 0, &first));
	for (x = 0; x < 64; x++)
		for (y = 0; y < 64; y++) {
			assert_true(pmtiles_id(6, x, y, &id));
			assert_in_range(id, first, first + 4095);
			assert_false(seen[id - first]);
			seen[id - first] = true;
		}
}

static void
the_published_test_archive_opens(void **state)
{
	struct bytes		 file;
	struct archive		*archive;
	unsigned char		*bytes, *plain;
	char			*text;
	size_t			 len, plain_len;

	(void)state;
	file = fixture_read("geo/pmtiles_test_fixture_1.pmtiles");
	assert_non_null(file.at);
	memory.at = file.at;
	memory.len = file.len;
	assert_int_equal(memory_open(&memory, &archive), PMTILES_OK);
	assert_int_equal(archive_header(archive)->type, PMTILES_MVT);
	assert_int_equal(archive_header(archive)->zoom_max, 0);
	assert_int_equal(archive_tile(archive, 0, 0, 0, &bytes, &len),
	    ARCHIVE_TILE);
	assert_int_equal(len, 69);
	plain = pmtiles_inflate(bytes, len, 4096, &plain_len);
	assert_non_null(plain);
	/* Field 3, a layer, as long as the rest. */
	assert_int_equal(plain[0], 0x1a);
	assert_int_equal(plain[1], plain_len - 2);
	assert_null(pmtiles_inflate(bytes, len, plain_len - 1, &len));
	free(plain);
	free(bytes);
	assert_int_equal(archive_metadata(archive, &text, &len), PMTILES_OK);
	assert_non_null(strstr(text, "\"name\": \"test_fixture_1.pmtiles\""));
	assert_int_equal(text[len - 1], '}');
	free(text);
	assert_int_equal(archive_tile(archive, 1, 0, 0, &bytes, &len),
	    ARCHIVE_NO_TILE);
	archive_free(archive);
	fixture_free(file);
}

static enum pmtiles_verdict
verdict_of(const unsigned char *bytes, size_t len)
{
	struct archive		*archive;
	enum pmtiles_verdict	 verdict;
	unsigned char		*exact;

	exact = malloc(len == 0 ? 1 : len);
	assert_non_null(exact);
	memcpy(exact, bytes, len);
	memory.at = exact;
	memory.len = len;
	verdict = memory_open(&memory, &archive);
	archive_free(archive);
	free(exact);
	return (verdict);
}

static void
a_broken_archive_is_refused_with_what_is_wrong(void **state)
{
	struct bytes	 file;

	(void)state;
	file = fixture_read("geo/pmtiles_invalid.pmtiles");
	assert_int_equal(verdict_of(file.at, file.len), PMTILES_NOT_PMTILES);
	fixture_free(file);
	file = fixture_read("geo/pmtiles_invalid_v4.pmtiles");
	assert_int_equal(verdict_of(file.at, file.len), PMTILES_VERSION);
	assert_string_equal(pmtiles_verdict_text(PMTILES_VERSION),
	    "is not version 3 of PMTiles");
	fixture_free(file);
	assert_int_equal(verdict_of((const unsigned char *)"", 0),
	    PMTILES_NOT_PMTILES);
}

static void
an_archive_that_was_cut_off_anywhere_is_refused(void **state)
{
	struct bytes	 file;
	size_t		 len;

	(void)state;
	file = fixture_read("geo/pmtiles_test_fixture_1.pmtiles");
	for (len = 0; len < file.len; len++)
		assert_int_equal(verdict_of(file.at, len),
		    len < 8 ? PMTILES_NOT_PMTILES : PMTILES_TRUNCATED);
	fixture_free(file);
}

static void
every_field_of_the_header_is_checked(void **state)
{
	static const struct {
		size_t			 at;
		size_t			 width;
		uint64_t		 value;
		enum pmtiles_verdict	 verdict;
	} wrong[] = {
		{ 8, 8, 126, PMTILES_ROOT },
		{ 8, 8, 16384, PMTILES_ROOT },
		{ 8, 8, UINT64_MAX, PMTILES_ROOT },
		{ 8, 8, 400, PMTILES_DIRECTORY },
		{ 16, 8, 0, PMTILES_ROOT },
		{ 16, 8, 16384, PMTILES_ROOT },
		{ 16, 8, UINT64_MAX, PMTILES_ROOT },
		{ 24, 8, 60, PMTILES_TRUNCATED },
		{ 24, 8, UINT64_MAX - 5, PMTILES_TRUNCATED },
		{ 32, 8, UINT64_MAX - 151, PMTILES_TRUNCATED },
		{ 48, 8, 1, PMTILES_TRUNCATED },
		{ 56, 8, 400, PMTILES_TRUNCATED },
		{ 56, 8, UINT64_MAX, PMTILES_TRUNCATED },
		{ 64, 8, UINT64_MAX, PMTILES_TRUNCATED },
		{ 64, 8, 68, PMTILES_TILE },
		{ 97, 1, 0, PMTILES_COMPRESSION },
		{ 97, 1, 3, PMTILES_COMPRESSION },
		{ 97, 1, 255, PMTILES_COMPRESSION },
		{ 98, 1, 4, PMTILES_COMPRESSION },
		{ 99, 1, 0, PMTILES_TILE_TYPE },
		{ 99, 1, 7, PMTILES_TILE_TYPE },
		{ 100, 1, 1, PMTILES_ZOOM },
		{ 101, 1, 27, PMTILES_ZOOM },
		{ 102, 4, 1900000000, PMTILES_BOUNDS },
		{ 106, 4, 0x80000000, PMTILES_BOUNDS },
		{ 110, 4, 0xffffffff, PMTILES_BOUNDS },
		{ 123, 4, 0x7fffffff, PMTILES_BOUNDS },
	};
	struct bytes	 file;
	unsigned char	 copy[468];
	size_t		 i, k;

	(void)state;
	file = fixture_read("geo/pmtiles_test_fixture_1.pmtiles");
	assert_int_equal(file.len, sizeof(copy));
	for (i = 0; i < COUNT(wrong); i++) {
		memcpy(copy, file.at, sizeof(copy));
		for (k = 0; k < wrong[i].width; k++)
			copy[wrong[i].at + k] =
			    (unsigned char)(wrong[i].value >> (8 * k));
		if (verdict_of(copy, sizeof(copy)) != wrong[i].verdict)
			fail_msg("header byte %zu, %llu: %s", wrong[i].at,
			    (unsigned long long)wrong[i].value,
			    pmtiles_verdict_text(verdict_of(copy,
			    sizeof(copy))));
	}
	fixture_free(file);
}

static void
tile_is(struct archive *archive, unsigned int z, uint32_t x, uint32_t y,
    const char *want)
{
	enum archive_found	 found;
	unsigned char		*bytes;
	size_t			 len;

	found = archive_tile(archive, z, x, y, &bytes, &len);
	if (want == NULL) {
		assert_int_equal(found, ARCHIVE_EMPTY);
		return;
	}
	assert_int_equal(found, ARCHIVE_TILE);
	assert_int_equal(len, strlen(want));
	assert_memory_equal(bytes, want, len);
	free(bytes);
}

static void
runs_and_gaps_are_kept(void **state)
{
	/* Numbers 1 to 3 are one tile, 5 another, 0 and 4 nothing. */
	const struct pmtiles_entry	 entries[] = {
		{ .id = 1, .run = 3, .len = 4, .at = 0 },
		{ .id = 5, .run = 1, .len = 3, .at = 4 },
	};
	struct archive			*archive;

	(void)state;
	made_directory(&root, entries, COUNT(entries));
	assert_int_equal(made_open("lakesea", &archive), PMTILES_OK);
	tile_is(archive, 0, 0, 0, NULL);
	tile_is(archive, 1, 0, 0, "lake");
	tile_is(archive, 1, 0, 1, "lake");
	tile_is(archive, 1, 1, 1, "lake");
	tile_is(archive, 1, 1, 0, NULL);
	tile_is(archive, 2, 0, 0, "sea");
	tile_is(archive, 20, 5, 5, NULL);
	archive_free(archive);
}

#define LEAF_COUNT	300

/* Leaves of one tile each, all with the same content. */
static void
many_leaves_make(void)
{
	static struct pmtiles_entry	 entries[LEAF_COUNT];
	struct pmtiles_entry		 tile = { .run = 1, .len = 4 };
	size_t				 i, before;

	for (i = 0; i < LEAF_COUNT; i++) {
		tile.id = entries[i].id = 21845 + i;	/* zoom 8 */
		before = leaves.len;
		made_directory(&leaves, &tile, 1);
		entries[i].at = before;
		entries[i].len = (uint32_t)(leaves.len - before);
	}
	made_directory(&root, entries, LEAF_COUNT);
}

static void
leaves_are_read_once_and_the_least_recently_used_forgotten(void **state)
{
	struct archive	*archive;
	unsigned char	*bytes;
	unsigned int	 reads;
	uint64_t	 id;
	uint32_t	 x, y;
	size_t		 len, found;

	(void)state;
	many_leaves_make();
	assert_int_equal(made_open("lake", &archive), PMTILES_OK);
	tile_is(archive, 8, 0, 0, "lake");
	reads = memory.reads;
	tile_is(archive, 8, 0, 0, "lake");
	assert_int_equal(memory.reads, reads + 1);	/* just the tile */
	found = 0;
	for (x = 0; x < 256; x++)
		for (y = 0; y < 256; y++) {
			assert_true(pmtiles_id(8, x, y, &id));
			if (id >= 21845 + LEAF_COUNT || id == 21845 ||
			    archive_tile(archive, 8, x, y, &bytes, &len) !=
			    ARCHIVE_TILE)
				continue;
			free(bytes);
			found++;
		}
	assert_int_equal(found, LEAF_COUNT - 1);
	reads = memory.reads;
	tile_is(archive, 8, 0, 0, "lake");
	assert_int_equal(memory.reads, reads + 2);	/* and its leaf */
	memory.broken = true;
	assert_int_equal(archive_tile(archive, 8, 0, 0, &bytes, &len),
	    ARCHIVE_BROKEN);
	archive_free(archive);
}

static void
directories_within_each_other_are_refused(void **state)
{
	struct pmtiles_entry	 entry = { .id = 0, .run = 0, .len = 5 };
	struct archive		*archive;

	(void)state;
	made_directory(&root, &entry, 1);
	made_directory(&leaves, &entry, 1);
	assert_int_equal(root.len, 5);
	assert_int_equal(made_open("lake", &archive), PMTILES_DEPTH);

	/* Room enough that only the depth is wrong. */
	made_bytes(&leaves, "0123456789012345678901234567890", 30);
	assert_int_equal(made_open("lake", &archive), PMTILES_DEPTH);
}

static void
an_entry_that_points_outside_is_refused(void **state)
{
	static const struct pmtiles_entry	 wrong[] = {
		{ .id = 0, .run = 1, .len = 5, .at = 0 },
		{ .id = 0, .run = 1, .len = 4, .at = 1 },
		{ .id = 0, .run = 1, .len = UINT32_MAX, .at = 0 },
		{ .id = 0, .run = 1, .len = 1, .at = UINT64_MAX - 1 },
		{ .id = 0, .run = 0, .len = 1, .at = 0 },
	};
	struct archive				*archive;
	size_t					 i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		root.len = 0;
		made_directory(&root, &wrong[i], 1);
		assert_int_equal(made_open("lake", &archive), PMTILES_TILE);
	}
}

static void
a_directory_that_contradicts_itself_is_refused(void **state)
{
	static const struct {
		const char	*bytes;
		size_t		 len;
	} wrong[] = {
		{ "\0", 1 },				/* no entry */
		{ "\1\0\1\1", 4 },			/* a column is missing */
		{ "\1\0\1\1\1\1", 6 },			/* a byte is left */
		{ "\2\0\1\1\1\1", 6 },			/* one entry of two */
		{ "\2\0\0\1\1\1\1\1\2", 9 },		/* the same number */
		{ "\2\0\1\2\1\1\1\1\2", 9 },		/* a run into the next */
		{ "\1\0\1\0\1", 5 },			/* a tile without bytes */
		{ "\1\0\1\1\0", 5 },			/* behind nothing */
		{ "\1\0\1\1\x81", 5 },			/* a number without end */
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 10 },
		{ "\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\2\1\1\1", 14 },
		{ "\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\1\1\1", 14 },
		{ "\1\0\x80\x80\x80\x80\x10\1\1", 9 },	/* run beyond 32 bits */
	};
	struct archive	*archive;
	size_t		 i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		root.len = 0;
		made_bytes(&root, wrong[i].bytes, wrong[i].len);
		if (made_open("lake", &archive) != PMTILES_DIRECTORY)
			fail_msg("directory %zu", i);
	}
}

static void
a_directory_that_unpacks_to_too_much_is_refused(void **state)
{
	static unsigned char	 zeros[PMTILES_DIRECTORY_MAX + 100];
	struct archive		*archive;
	z_stream		 stream = { .zalloc = Z_NULL };

	(void)state;
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8,
	    Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = zeros;
	stream.avail_in = sizeof(zeros);
	stream.next_out = root.at;
	stream.avail_out = PMTILES_ROOT_END;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	root.len = stream.total_out;
	(void)deflateEnd(&stream);
	made_archive(&made, &root, &leaves, "lake");
	made.at[97] = PMTILES_GZIP;
	memory.at = made.at;
	memory.len = made.len;
	assert_int_equal(memory_open(&memory, &archive),
	    PMTILES_DIRECTORY_SIZE);
}

static void
what_is_no_gzip_is_not_unpacked(void **state)
{
	struct bytes	 file;
	unsigned char	*plain, *copy;
	size_t		 len, i, tile_len = 69;

	(void)state;
	file = fixture_read("geo/pmtiles_test_fixture_1.pmtiles");
	assert_null(pmtiles_inflate(file.at, 0, 100, &len));
	assert_null(pmtiles_inflate(file.at, 100, 100, &len));
	copy = malloc(tile_len + 1);
	assert_non_null(copy);
	memcpy(copy, file.at + 399, tile_len);
	copy[tile_len] = 'x';
	assert_null(pmtiles_inflate(copy, tile_len + 1, 4096, &len));
	for (i = 0; i < tile_len; i++)
		assert_null(pmtiles_inflate(copy, i, 4096, &len));
	plain = pmtiles_inflate(copy, tile_len, 4096, &len);
	assert_non_null(plain);
	free(plain);
	copy[40] ^= 1;
	assert_null(pmtiles_inflate(copy, tile_len, 4096, &len));
	free(copy);
	fixture_free(file);
}

int
main(void)
{
	static const struct CMUnitTest	 tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(tiles_are_numbered_along_the_hilbert_curve),
		T(a_zoom_has_each_number_once),
		T(the_published_test_archive_opens),
		T(a_broken_archive_is_refused_with_what_is_wrong),
		T(an_archive_that_was_cut_off_anywhere_is_refused),
		T(every_field_of_the_header_is_checked),
		T(runs_and_gaps_are_kept),
		T(leaves_are_read_once_and_the_least_recently_used_forgotten),
		T(directories_within_each_other_are_refused),
		T(an_entry_that_points_outside_is_refused),
		T(a_directory_that_contradicts_itself_is_refused),
		T(a_directory_that_unpacks_to_too_much_is_refused),
		T(what_is_no_gzip_is_not_unpacked),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What image_header_read() says of each fixture, and of each part of it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include <stadtkern/image.h>

#include "fixture.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

struct expected {
	const char		*file;
	enum image_verdict	 verdict;
	enum image_type		 type;
	unsigned int		 width;
	unsigned int		 height;
};

static const struct expected	 table[] = {
	{ "orientation-1.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "orientation-6.jpg", IMAGE_OK, IMAGE_JPEG, 48, 64 },
	{ "plain.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "progressive.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "grey.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "ink-adobe.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "large.jpg", IMAGE_OK, IMAGE_JPEG, 5000, 2500 },
	{ "multi-picture.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "zeros-behind.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "film-behind.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "samsung-behind.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "scan-short.jpg", IMAGE_OK, IMAGE_JPEG, 64, 48 },
	{ "text-behind.jpg", IMAGE_TRAILING_DATA, IMAGE_JPEG, 64, 48 },
	{ "zip-behind.jpg", IMAGE_TRAILING_DATA, IMAGE_JPEG, 64, 48 },
	{ "page-in-comment.jpg", IMAGE_TRAILING_DATA, IMAGE_JPEG, 0, 0 },
	{ "truncated.jpg", IMAGE_TRUNCATED, IMAGE_JPEG, 64, 48 },
	{ "bomb.jpg", IMAGE_TOO_MANY_PIXELS, IMAGE_JPEG, 65500, 65500 },
	{ "rgb.png", IMAGE_OK, IMAGE_PNG, 64, 48 },
	{ "rgb16.png", IMAGE_OK, IMAGE_PNG, 64, 48 },
	{ "interlaced.png", IMAGE_OK, IMAGE_PNG, 64, 48 },
	{ "alpha.png", IMAGE_OK, IMAGE_PNG, 64, 48 },
	{ "palette-alpha.png", IMAGE_OK, IMAGE_PNG, 64, 48 },
	{ "upside-down.png", IMAGE_OK, IMAGE_PNG, 64, 48 },
	{ "animated.png", IMAGE_OK, IMAGE_PNG, 64, 48 },
	{ "black-39-megapixels.png", IMAGE_OK, IMAGE_PNG, 6250, 6250 },
	{ "no-data.png", IMAGE_OK, IMAGE_PNG, 64, 48 },
	{ "bomb.png", IMAGE_TOO_MANY_PIXELS, IMAGE_PNG, 40000, 40000 },
	{ "page-in-text.png", IMAGE_TRAILING_DATA, IMAGE_PNG, 64, 48 },
	{ "zip-behind.png", IMAGE_TRAILING_DATA, IMAGE_PNG, 64, 48 },
	{ "critical-unknown.png", IMAGE_DAMAGED, IMAGE_PNG, 64, 48 },
	{ "checksum.png", IMAGE_DAMAGED, IMAGE_PNG, 64, 48 },
	{ "truncated.png", IMAGE_TRUNCATED, IMAGE_PNG, 64, 48 },
	{ "lossy.webp", IMAGE_OK, IMAGE_WEBP, 64, 48 },
	{ "lossless.webp", IMAGE_OK, IMAGE_WEBP, 64, 48 },
	{ "alpha.webp", IMAGE_OK, IMAGE_WEBP, 64, 48 },
	{ "animated.webp", IMAGE_OK, IMAGE_WEBP, 64, 48 },
	{ "turned.webp", IMAGE_OK, IMAGE_WEBP, 48, 64 },
	{ "frame-outside.webp", IMAGE_DAMAGED, IMAGE_WEBP, 62, 48 },
	{ "canvas-differs.webp", IMAGE_DAMAGED, IMAGE_WEBP, 64, 64 },
	{ "truncated.webp", IMAGE_TRUNCATED, IMAGE_WEBP, 64, 48 },
	{ "bomb.webp", IMAGE_TOO_MANY_PIXELS, IMAGE_WEBP, 16384, 16384 },
	{ "page.jpg", IMAGE_NOT_AN_IMAGE, IMAGE_JPEG, 0, 0 },
	{ "small.gif", IMAGE_NOT_AN_IMAGE, IMAGE_JPEG, 0, 0 },
	{ "empty.png", IMAGE_NOT_AN_IMAGE, IMAGE_JPEG, 0, 0 },
};

static struct bytes
image_fixture(const char *file)
{
	struct bytes	 bytes;
	char		 name[128];

	(void)snprintf(name, sizeof(name), "images/%s", file);
	bytes = fixture_read(name);
	if (bytes.at == NULL)
		fail_msg("no fixture \"%s\"", file);
	return (bytes);
}

static void
each_fixture_gets_its_verdict_type_and_size(void **state)
{
	struct image_header	 header;
	struct bytes		 bytes;
	enum image_verdict	 verdict;
	size_t			 i;

	(void)state;
	for (i = 0; i < COUNT(table); i++) {
		bytes = image_fixture(table[i].file);
		verdict = image_header_read(bytes.at, bytes.len, &header);
		if (verdict != table[i].verdict)
			fail_msg("%s: \"%s\", expected \"%s\"", table[i].file,
			    image_verdict_text(verdict),
			    image_verdict_text(table[i].verdict));
		if (header.type != table[i].type ||
		    header.width != table[i].width ||
		    header.height != table[i].height)
			fail_msg("%s: %s of %u x %u", table[i].file,
			    image_media_type(header.type), header.width,
			    header.height);
		fixture_free(bytes);
	}
}

/* The exceptions are pictures that are followed by what may be left out. */
static void
every_shorter_prefix_of_a_picture_is_refused(void **state)
{
	static const char *const	 files[] = {
		"orientation-3.jpg", "progressive.jpg", "ink-ycck.jpg",
		"palette-alpha.png", "animated.png", "upside-down.png",
		"lossy.webp", "lossless.webp", "animated.webp", "turned.webp",
	};
	struct image_header		 header;
	struct bytes			 bytes;
	unsigned char			*part;
	size_t				 i, len;

	(void)state;
	for (i = 0; i < COUNT(files); i++) {
		bytes = image_fixture(files[i]);
		for (len = 0; len < bytes.len; len++) {
			part = malloc(len == 0 ? 1 : len);
			assert_non_null(part);
			memcpy(part, bytes.at, len);
			if (image_header_read(part, len, &header) == IMAGE_OK)
				fail_msg("%s: %zu of %zu bytes taken",
				    files[i], len, bytes.len);
			free(part);
		}
		fixture_free(bytes);
	}
}

static void
one_wrong_byte_in_a_png_is_always_noticed(void **state)
{
	struct image_header	 header;
	struct bytes		 bytes;
	unsigned char		*copy;
	size_t			 i;

	(void)state;
	bytes = image_fixture("rgb16.png");
	copy = malloc(bytes.len);
	assert_non_null(copy);
	for (i = 0; i < bytes.len; i++) {
		memcpy(copy, bytes.at, bytes.len);
		copy[i] ^= 0x11;
		if (image_header_read(copy, bytes.len, &header) == IMAGE_OK)
			fail_msg("byte %zu", i);
	}
	free(copy);
	fixture_free(bytes);
}

static void
an_archive_is_found_wherever_an_unpacker_would_look(void **state)
{
	struct image_header	 header;
	struct bytes		 bytes;
	unsigned char		*all;
	size_t			 len, comment;

	(void)state;
	bytes = image_fixture("plain.jpg");
	for (comment = 0; comment <= 65535; comment += 13107) {
		len = bytes.len + 22 + comment;
		all = calloc(len, 1);
		assert_non_null(all);
		memcpy(all, bytes.at, bytes.len);
		memcpy(all + bytes.len, "PK\5\6", 4);
		all[bytes.len + 20] = (unsigned char)comment;
		all[bytes.len + 21] = (unsigned char)(comment >> 8);
		assert_int_equal(image_header_read(all, len, &header),
		    IMAGE_TRAILING_DATA);
		free(all);
	}
	fixture_free(bytes);
}

static void
many_pictures_in_one_file_are_bounded(void **state)
{
	struct image_header	 header;
	struct bytes		 bytes;
	unsigned char		*all;
	unsigned int		 i;

	(void)state;
	bytes = image_fixture("plain.jpg");
	all = malloc(bytes.len * 40);
	assert_non_null(all);
	for (i = 0; i < 40; i++)
		memcpy(all + i * bytes.len, bytes.at, bytes.len);
	assert_int_equal(image_header_read(all, bytes.len * 3, &header),
	    IMAGE_OK);
	assert_int_equal(image_header_read(all, bytes.len * 40, &header),
	    IMAGE_TRAILING_DATA);
	free(all);
	fixture_free(bytes);
}

static void
big_endian_write(unsigned char *at, uint32_t number)
{
	at[0] = (unsigned char)(number >> 24);
	at[1] = (unsigned char)(number >> 16);
	at[2] = (unsigned char)(number >> 8);
	at[3] = (unsigned char)number;
}

/* PNG 11.2.2: the size follows the signature and the name IHDR. */
static enum image_verdict
verdict_of_size(uint32_t width, uint32_t height)
{
	struct image_header	 header;
	struct bytes		 bytes;
	enum image_verdict	 verdict;
	unsigned char		*copy;

	bytes = image_fixture("rgb.png");
	copy = malloc(bytes.len);
	assert_non_null(copy);
	memcpy(copy, bytes.at, bytes.len);
	big_endian_write(copy + 16, width);
	big_endian_write(copy + 20, height);
	big_endian_write(copy + 29, (uint32_t)crc32(0, copy + 12, 17));
	verdict = image_header_read(copy, bytes.len, &header);
	free(copy);
	fixture_free(bytes);
	return (verdict);
}

static void
forty_megapixels_are_taken_and_not_one_pixel_more(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_size(8000, 5000), IMAGE_OK);
	assert_int_equal(verdict_of_size(40000001, 1), IMAGE_TOO_MANY_PIXELS);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(each_fixture_gets_its_verdict_type_and_size),
		cmocka_unit_test(every_shorter_prefix_of_a_picture_is_refused),
		cmocka_unit_test(one_wrong_byte_in_a_png_is_always_noticed),
		cmocka_unit_test(
		    an_archive_is_found_wherever_an_unpacker_would_look),
		cmocka_unit_test(many_pictures_in_one_file_are_bounded),
		cmocka_unit_test(
		    forty_megapixels_are_taken_and_not_one_pixel_more),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What is blackened is black in everything that leaves the sandbox. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "courier/picture.h"
#include "courier/sandbox.h"

#include "fixture.h"

/* The upper left quarter, and a bit of the lower right one. */
static const struct blacken	quarter = { 2, {
	{ 0, 0, 0.5, 0.5 },
	{ 0.75, 0.75, 0.25, 0.25 },
} };

static int
light_at(const struct picture *picture, unsigned int x, unsigned int y)
{
	const unsigned char	*at;

	at = picture->rgb + ((size_t)y * picture->width + x) * 3;
	return (at[0] + at[1] + at[2]);
}

/* JPEG lets a few pixels at the edge of an area shine in from outside. */
static void
assert_black(const struct picture *picture, unsigned int left,
    unsigned int top, unsigned int right, unsigned int bottom)
{
	unsigned int	 x, y;

	for (y = top; y < bottom; y++) {
		for (x = left; x < right; x++) {
			if (light_at(picture, x, y) > 24)
				fail_msg("(%u, %u) is light", x, y);
		}
	}
}

static void
areas_are_black_in_both_pictures_and_the_rest_is_as_it_was(void **state)
{
	static const char *const	 names[] = { "orientation-1.jpg",
					    "orientation-6.jpg", "rgb.png" };
	struct sandbox_picture		 made;
	struct picture			 picture;
	struct bytes			 bytes, jpeg;
	struct arena			*arena;
	const char			*reason;
	char				 name[64];
	unsigned int			 orientation;
	size_t				 i;
	int				 small;

	(void)state;
	arena = arena_new(0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(name, sizeof(name), "images/%s", names[i]);
		bytes = fixture_read(name);
		assert_int_equal(sandbox_open(arena, bytes, &quarter, NULL,
		    &made, &reason), STATUS_OK);
		for (small = 0; small < 2; small++) {
			jpeg = small ? made.thumbnail : made.full;
			assert_int_equal(picture_decode_jpeg(jpeg.at, jpeg.len,
			    &picture, &orientation), STATUS_OK);
			assert_int_equal(picture.width, 64);
			assert_black(&picture, 0, 0, 31, 23);
			assert_black(&picture, 49, 37, 64, 48);
			assert_true(light_at(&picture, 48, 12) > 200);
			assert_true(light_at(&picture, 16, 36) > 200);
			picture_fini(&picture);
		}
		fixture_free(bytes);
	}
	arena_free(arena);
}

static void
an_area_is_widened_to_whole_pixels_and_cut_off_at_the_edges(void **state)
{
	static const struct blacken	 blacken = { 3, {
		{ 0.49, 0.49, 0.02, 0.02 },
		{ 0.95, 0.95, 1, 1 },
		{ 0.1, 0.1, 0, 0.5 },
	} };
	struct picture			 picture;
	unsigned int			 x, y;
	int				 black;

	(void)state;
	assert_int_equal(picture_init(&picture, 10, 10), STATUS_OK);
	memset(picture.rgb, 0xff, 300);
	blacken_paint(&picture, &blacken);
	for (y = 0; y < 10; y++) {
		for (x = 0; x < 10; x++) {
			black = ((x == 4 || x == 5) && (y == 4 || y == 5)) ||
			    (x == 9 && y == 9);
			assert_int_equal(light_at(&picture, x, y), black ? 0 :
			    765);
		}
	}
	picture_fini(&picture);
}

static void
what_is_no_list_of_areas_is_refused(void **state)
{
	static const char *const	 wrong[] = { "{}", "[1]", "[{}]",
		"[{\"x\":0,\"y\":0,\"width\":1}]",
		"[{\"x\":-0.1,\"y\":0,\"width\":1,\"height\":1}]",
		"[{\"x\":0,\"y\":0,\"width\":1.1,\"height\":1}]",
		"[{\"x\":\"0\",\"y\":0,\"width\":1,\"height\":1}]" };
	static const char		 good[] =
		"{\"x\":0,\"y\":0,\"width\":0.5,\"height\":0.5}";
	struct findings			 findings;
	struct blacken			 blacken;
	struct arena			*arena;
	struct node			*node, *list;
	size_t				 i;

	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(node_from_json(arena, wrong[i],
		    strlen(wrong[i]), &node, &findings), STATUS_OK);
		assert_int_equal(blacken_read(node, &blacken),
		    STATUS_INVALID);
	}
	assert_int_equal(blacken_read(NULL, &blacken), STATUS_OK);
	assert_int_equal(blacken.count, 0);
	list = node_new(arena, NODE_LIST);
	for (i = 0; i <= BLACKEN_MAX; i++) {
		assert_int_equal(node_from_json(arena, good, strlen(good),
		    &node, &findings), STATUS_OK);
		node_append(arena, list, NULL, node);
		assert_int_equal(blacken_read(list, &blacken),
		    i < BLACKEN_MAX ? STATUS_OK : STATUS_INVALID);
	}
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(
		    areas_are_black_in_both_pictures_and_the_rest_is_as_it_was),
		cmocka_unit_test(
		    an_area_is_widened_to_whole_pixels_and_cut_off_at_the_edges),
		cmocka_unit_test(what_is_no_list_of_areas_is_refused),
	};

	if (sandbox_wanted(argc, argv))
		return (sandbox_child());
	return (cmocka_run_group_tests(tests, NULL, NULL));
}

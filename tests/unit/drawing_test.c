/* SPDX-License-Identifier: EUPL-1.2 */
/* Drawing icons in the sandbox, with the libraries' real code. */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stadtkern/image.h>

#include "core/document/file.h"
#include "courier/drawing.h"
#include "courier/sandbox.h"
#include "courier/sandbox_pipe.h"

#include "folder.h"

#define FONT	"themes/base/fonts/fira-sans-latin-600-normal.woff2"

static struct arena	*arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(0);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static struct bytes
content(const char *path)
{
	char	*text;
	size_t	 len;

	assert_int_equal(file_read(arena, path, 1 << 20, &text, &len),
	    STATUS_OK);
	return ((struct bytes){ (const unsigned char *)text, len });
}

static struct drawing_order
ordered(enum drawing_kind kind, uint32_t width, uint32_t height)
{
	return ((struct drawing_order){ .count = 1,
	    .drawings = { { kind, width, height } },
	    .background = { 0x0b, 0x4f, 0xa0 },
	    .colour = { 0xff, 0xff, 0xff } });
}

static enum status
draw(struct drawing_order order, const char *svg, const char *font,
    struct bytes *pngs)
{
	struct drawing_input	 input = { .name = "Castrop-Rauxel Süd" };

	input.svg = (struct bytes){ (const unsigned char *)svg, strlen(svg) };
	if (font != NULL)
		input.font = content(font);
	return (drawing_make(arena, &order, &input, pngs));
}

static const char *
emblem(const char *city)
{
	return ((const char *)content(arena_format(arena,
	    "themes/%s/emblem.svg", city)).at);
}

/* Set STADTKERN_DRAWINGS to a folder to look at what comes out. */
static void
keep(const char *name, struct bytes png)
{
	const char	*dir = getenv("STADTKERN_DRAWINGS");
	FILE		*file;

	if (dir == NULL || (file = fopen(arena_format(arena, "%s/%s.png",
	    dir, name), "w")) == NULL)
		return;
	(void)fwrite(png.at, 1, png.len, file);
	(void)fclose(file);
}

static void
each_citys_icons_and_card_are_drawn_in_their_sizes(void **state)
{
	static const char *const cities[] = { "base", "castrop-rauxel",
	    "gladbeck", "herne", "herne-kirmes", "waltrop" };
	struct drawing_order	 order;
	struct bytes		 pngs[3];
	size_t			 i, k;

	(void)state;
	for (i = 0; i < sizeof(cities) / sizeof(cities[0]); i++) {
		order = ordered(DRAWING_PLAIN, 32, 32);
		order.count = 3;
		order.drawings[1] = (struct drawing){ DRAWING_FILLED, 512,
		    512 };
		order.drawings[2] = (struct drawing){ DRAWING_CARD, 1200,
		    630 };
		assert_int_equal(draw(order, emblem(cities[i]), FONT, pngs),
		    STATUS_OK);
		for (k = 0; k < 3; k++)
			keep(arena_format(arena, "%s-%zu", cities[i], k),
			    pngs[k]);
	}
}

static void
a_name_makes_a_card_another_one(void **state)
{
	struct bytes	 with, without;

	(void)state;
	assert_int_equal(draw(ordered(DRAWING_CARD, 1200, 630),
	    emblem("herne"), FONT, &with), STATUS_OK);
	assert_int_equal(draw(ordered(DRAWING_CARD, 1200, 630),
	    emblem("herne"), NULL, &without), STATUS_OK);
	assert_true(with.len != without.len);
}

static void
what_is_no_svg_or_no_font_is_refused(void **state)
{
	struct bytes	 png;

	(void)state;
	assert_int_equal(draw(ordered(DRAWING_PLAIN, 32, 32), "<svg", NULL,
	    &png), STATUS_REFUSED);
	assert_int_equal(draw(ordered(DRAWING_CARD, 1200, 630),
	    emblem("herne"), "README.md", &png), STATUS_REFUSED);
}

static void
a_size_beyond_the_limit_is_refused(void **state)
{
	struct bytes	 png;

	(void)state;
	assert_int_equal(draw(ordered(DRAWING_PLAIN, DRAWING_EDGE + 1, 32),
	    emblem("herne"), NULL, &png), STATUS_REFUSED);
	assert_int_equal(draw(ordered(DRAWING_PLAIN, 0, 32), emblem("herne"),
	    NULL, &png), STATUS_REFUSED);
}

static void
an_answer_that_was_not_ordered_is_refused(void **state)
{
	struct drawing_order	 order = ordered(DRAWING_PLAIN, 32, 32);
	struct drawing_answer	 answer = { SANDBOX_DONE, 1, { 0 } };
	struct bytes		 png, result;
	unsigned char		*bytes;

	(void)state;
	assert_int_equal(draw(order, emblem("herne"), NULL, &png), STATUS_OK);
	answer.len[0] = (uint32_t)png.len;
	bytes = arena_alloc(arena, sizeof(answer) + png.len);
	memcpy(bytes, &answer, sizeof(answer));
	memcpy(bytes + sizeof(answer), png.at, png.len);
	result = (struct bytes){ bytes, sizeof(answer) + png.len };
	assert_int_equal(drawing_answer_read(arena, result, &order, &png),
	    STATUS_OK);
	order.drawings[0].width = 64;
	assert_int_equal(drawing_answer_read(arena, result, &order, &png),
	    STATUS_REFUSED);
	order = ordered(DRAWING_PLAIN, 32, 32);
	result.len--;
	assert_int_equal(drawing_answer_read(arena, result, &order, &png),
	    STATUS_REFUSED);
	answer.count = 9;
	memcpy(bytes, &answer, sizeof(answer));
	order.count = 9;
	assert_int_equal(drawing_answer_read(arena, result, &order, &png),
	    STATUS_REFUSED);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(int argc, char **argv)
{
	const struct CMUnitTest	 tests[] = {
		T(each_citys_icons_and_card_are_drawn_in_their_sizes),
		T(a_name_makes_a_card_another_one),
		T(what_is_no_svg_or_no_font_is_refused),
		T(a_size_beyond_the_limit_is_refused),
		T(an_answer_that_was_not_ordered_is_refused),
	};

	if (sandbox_wanted(argc, argv))
		return (sandbox_child());
	(void)signal(SIGPIPE, SIG_IGN);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}

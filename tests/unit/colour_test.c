/* SPDX-License-Identifier: EUPL-1.2 */
/* Contrast as WCAG counts it, and shades. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/theme/colour.h"

static struct colour
colour(const char *text)
{
	struct colour	 read;

	assert_true(colour_read(text, &read));
	return (read);
}

static void
a_colour_is_six_hexadecimal_digits(void **state)
{
	struct colour	 read;
	char		 text[COLOUR_TEXT];

	(void)state;
	assert_true(colour_read("#0A5c8c", &read));
	colour_write(read, text);
	assert_string_equal(text, "#0a5c8c");
	assert_false(colour_read("#0a5c8", &read));
	assert_false(colour_read("0a5c8c0", &read));
	assert_false(colour_read("#0a5c8g", &read));
	assert_false(colour_read("", &read));
	assert_false(colour_read(NULL, &read));
}

/* Values of WCAG's own examples and of others' calculators. */
static void
contrast_is_wcags(void **state)
{
	static const struct {
		const char	*a;
		const char	*b;
		double		 ratio;
	} cases[] = {
		{ "#000000", "#ffffff", 21 },
		{ "#ffffff", "#ffffff", 1 },
		{ "#777777", "#ffffff", 4.48 },
		{ "#767676", "#ffffff", 4.54 },
		{ "#0000ff", "#ffffff", 8.59 },
		{ "#ff0000", "#ffffff", 4.00 },
	};
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(fabs(colour_contrast(colour(cases[i].a),
		    colour(cases[i].b)) - cases[i].ratio) < 0.005);
		assert_true(colour_contrast(colour(cases[i].a),
		    colour(cases[i].b)) == colour_contrast(
		    colour(cases[i].b), colour(cases[i].a)));
	}
}

static void
what_passes_already_is_its_own_nearest_shade(void **state)
{
	const struct colour_demand	 demand = { colour("#ffffff"), 4.5 };
	struct colour			 nearest;

	(void)state;
	assert_true(colour_nearest(colour("#767676"), &demand, 1, &nearest));
	assert_true(colour_same(nearest, colour("#767676")));
}

static void
the_nearest_shade_passes_and_is_hardly_darker_than_needed(void **state)
{
	static const char *const colours[] = { "#ff8800", "#3399ff",
	    "#66cc33", "#e0559a", "#c9b500", "#999999" };
	const struct colour_demand	 demand = { colour("#ffffff"), 4.5 };
	struct colour			 nearest;
	double				 ratio;
	size_t				 i;

	(void)state;
	for (i = 0; i < sizeof(colours) / sizeof(colours[0]); i++) {
		assert_true(colour_nearest(colour(colours[i]), &demand, 1,
		    &nearest));
		ratio = colour_contrast(nearest, demand.from);
		assert_true(ratio >= 4.5);
		assert_true(ratio < 4.6);
	}
}

static void
a_shade_keeps_its_hue(void **state)
{
	const struct colour_demand	 demand = { colour("#ffffff"), 4.5 };
	struct colour			 nearest;

	(void)state;
	assert_true(colour_nearest(colour("#ff8800"), &demand, 1, &nearest));
	assert_true(nearest.red > nearest.green);
	assert_true(nearest.green > nearest.blue);
	assert_true(colour_nearest(colour("#3399ff"), &demand, 1, &nearest));
	assert_true(nearest.blue > nearest.green);
	assert_true(nearest.green > nearest.red);
}

static void
all_demands_count_and_what_none_meets_is_not_found(void **state)
{
	const struct colour_demand	 both[] = {
		{ colour("#ffffff"), 3 }, { colour("#000000"), 3 } };
	const struct colour_demand	 never[] = {
		{ colour("#ffffff"), 4.6 }, { colour("#000000"), 4.6 } };
	struct colour			 nearest = colour("#123456");

	(void)state;
	assert_true(colour_nearest(colour("#ffeecc"), both, 2, &nearest));
	assert_true(colour_contrast(nearest, both[0].from) >= 3);
	assert_true(colour_contrast(nearest, both[1].from) >= 3);
	nearest = colour("#123456");
	assert_false(colour_nearest(colour("#ffeecc"), never, 2, &nearest));
	assert_true(colour_same(nearest, colour("#123456")));
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(a_colour_is_six_hexadecimal_digits),
		cmocka_unit_test(contrast_is_wcags),
		cmocka_unit_test(what_passes_already_is_its_own_nearest_shade),
		cmocka_unit_test(
		    the_nearest_shade_passes_and_is_hardly_darker_than_needed),
		cmocka_unit_test(a_shade_keeps_its_hue),
		cmocka_unit_test(
		    all_demands_count_and_what_none_meets_is_not_found),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

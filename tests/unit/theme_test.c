/* SPDX-License-Identifier: EUPL-1.2 */
/* Themes: what is inherited, what is refused, and the ones we ship. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "home.h"

static struct home	home;

static int
setup(void **state)
{
	(void)state;
	return (home_init(&home) ? 0 : -1);
}

static int
teardown(void **state)
{
	(void)state;
	home_fini(&home);
	return (0);
}

/* theme_read() of `code` in `dir`, checked into a struct. */
static const struct theme *
theme_get(const char *dir, const char *code)
{
	struct field_context	 context = { .arena = home.arena,
				    .findings = &home.findings };
	struct values		 values;
	struct node		*reference, *theme;

	reference = node_new(home.arena, NODE_SCALAR);
	reference->text = code;
	reference->file = "tenants/muster.yaml";
	reference->line = 4;
	reference->column = 8;
	if (theme_read(home.arena, dir, reference, &theme,
	    &home.findings) != STATUS_OK)
		return (NULL);
	assert_int_equal(field_check(&context, theme_fields, theme, "",
	    &values), STATUS_OK);
	return (values.data);
}

static void
refused(const char *code, const char *lines)
{
	assert_null(theme_get(home.dir, code));
	assert_string_equal(home_lines(&home), lines);
}

static void
a_theme_without_a_parent_is_itself(void **state)
{
	const struct theme	*theme;

	(void)state;
	theme = theme_get(home.dir, "base");
	assert_non_null(theme);
	assert_string_equal(theme->code, "base");
	assert_string_equal(theme->layout, "tiles");
	assert_string_equal(theme->colours.accent, "#00706b");
	assert_string_equal(theme->logo, "themes/base/emblem.svg");
}

static void
what_is_left_out_comes_from_the_nearest_that_has_it(void **state)
{
	const struct theme	*theme;

	(void)state;
	assert_true(home_write(&home, "themes/middle/theme.yaml",
	    "name: Mitte\nextends: base\nlayout: list\n"
	    "colours: {primary: \"#111111\", accent: \"#222222\"}\n"));
	assert_true(home_write(&home, "themes/city/theme.yaml",
	    "name: Stadt\nextends: middle\ncolours: {primary: \"#333333\"}\n"));
	theme = theme_get(home.dir, "city");
	assert_non_null(theme);
	assert_string_equal(theme->code, "city");
	assert_string_equal(theme->name, "Stadt");
	assert_string_equal(theme->layout, "list");
	assert_string_equal(theme->colours.primary, "#333333");
	assert_string_equal(theme->colours.accent, "#222222");
	assert_string_equal(theme->colours.text, "#1b1f23");
	assert_string_equal(theme->logo, "themes/base/emblem.svg");
}

static void
a_circle_is_refused_where_it_closes(void **state)
{
	(void)state;
	assert_true(home_write(&home, "themes/a/theme.yaml",
	    "name: A\nextends: b\n"));
	assert_true(home_write(&home, "themes/b/theme.yaml",
	    "name: B\nextends: a\n"));
	refused("a", "themes/b/theme.yaml:2:10: /extends contradicts another "
	    "value: theme \"a\" would extend itself\n");
}

static void
a_theme_that_is_not_there_is_refused_where_it_is_named(void **state)
{
	(void)state;
	assert_true(home_write(&home, "themes/a/theme.yaml",
	    "name: A\nextends: nope\n"));
	refused("a", "themes/a/theme.yaml:2:10: /extends refers to something "
	    "that does not exist: themes/nope/theme.yaml\n");
	refused("none", "tenants/muster.yaml:4:8: /theme refers to something "
	    "that does not exist: themes/none/theme.yaml\n");
}

static void
a_logo_that_is_not_there_is_refused(void **state)
{
	(void)state;
	assert_true(home_write(&home, "themes/a/theme.yaml",
	    "name: A\nextends: base\nlogo: gone.svg\n"));
	refused("a", "themes/a/theme.yaml:3:7: /logo refers to something "
	    "that does not exist: themes/a/gone.svg\n");
}

static void
a_logo_outside_of_the_folder_is_refused(void **state)
{
	(void)state;
	assert_true(home_write(&home, "themes/a/theme.yaml",
	    "name: A\nextends: base\nlogo: ../base/emblem.svg\n"));
	assert_null(theme_get(home.dir, "a"));
	assert_non_null(strstr(home_lines(&home),
	    "themes/a/theme.yaml:3:7: /logo "));
}

static void
what_nobody_in_the_chain_has_is_required(void **state)
{
	(void)state;
	assert_true(home_write(&home, "themes/a/theme.yaml",
	    "name: A\nlayout: tiles\nlogo: x\n"));
	assert_true(home_write(&home, "themes/a/x", "x"));
	assert_null(theme_get(home.dir, "a"));
	assert_non_null(strstr(home_lines(&home),
	    "themes/a/theme.yaml:1:1: /colours/primary is required\n"));
}

static void
a_long_chain_is_refused(void **state)
{
	int	 i;

	(void)state;
	for (i = 0; i < 12; i++)
		assert_true(home_write(&home,
		    arena_format(home.arena, "themes/t%d/theme.yaml", i),
		    arena_format(home.arena, "name: T\nextends: t%d\n",
		    i + 1)));
	assert_null(theme_get(home.dir, "t0"));
	assert_non_null(strstr(home_lines(&home),
	    "/extends is nested too deeply"));
}

/* WCAG 2.2, relative luminance. */
static double
luminance(const char *colour)
{
	static const double	 weights[] = { 0.2126, 0.7152, 0.0722 };
	char			 digits[3] = "";
	double			 channel, sum;
	int			 i;

	sum = 0;
	for (i = 0; i < 3; i++) {
		memcpy(digits, colour + 1 + 2 * i, 2);
		channel = (double)strtol(digits, NULL, 16) / 255;
		channel = channel <= 0.04045 ? channel / 12.92 :
		    pow((channel + 0.055) / 1.055, 2.4);
		sum += weights[i] * channel;
	}
	return (sum);
}

static double
contrast(const char *a, const char *b)
{
	double	 x, y;

	x = luminance(a) + 0.05;
	y = luminance(b) + 0.05;
	return (x > y ? x / y : y / x);
}

static void
the_cities_themes_have_contrast_and_differ(void **state)
{
	static const char *const codes[] = { "base", "castrop-rauxel",
	    "gladbeck", "herne", "waltrop" };
	const struct theme	*themes[5];
	size_t			 i, k;

	(void)state;
	for (i = 0; i < 5; i++) {
		themes[i] = theme_get(".", codes[i]);
		if (themes[i] == NULL)
			fail_msg("%s", home_lines(&home));
		assert_true(contrast(themes[i]->colours.on_primary,
		    themes[i]->colours.primary) >= 4.5);
		assert_true(contrast(themes[i]->colours.text,
		    themes[i]->colours.background) >= 4.5);
		assert_true(contrast(themes[i]->colours.accent,
		    themes[i]->colours.background) >= 4.5);
		for (k = 0; k < i; k++) {
			assert_string_not_equal(themes[i]->colours.primary,
			    themes[k]->colours.primary);
			assert_string_not_equal(themes[i]->logo,
			    themes[k]->logo);
		}
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		T(a_theme_without_a_parent_is_itself),
		T(what_is_left_out_comes_from_the_nearest_that_has_it),
		T(a_circle_is_refused_where_it_closes),
		T(a_theme_that_is_not_there_is_refused_where_it_is_named),
		T(a_logo_that_is_not_there_is_refused),
		T(a_logo_outside_of_the_folder_is_refused),
		T(what_nobody_in_the_chain_has_is_required),
		T(a_long_chain_is_refused),
		T(the_cities_themes_have_contrast_and_differ),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

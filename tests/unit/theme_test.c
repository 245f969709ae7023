/* SPDX-License-Identifier: EUPL-1.2 */
/* Themes: what is inherited, what is refused, events, the ones we ship. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "theme_home.h"

static void
a_theme_without_a_parent_is_itself(void **state)
{
	const struct theme	*theme;

	(void)state;
	theme = theme_get(home.dir, "base", NULL);
	assert_non_null(theme);
	assert_string_equal(theme->code, "base");
	assert_string_equal(theme->layout, "tiles");
	assert_string_equal(theme->colours.accent, "#00706b");
	assert_string_equal(theme->colour.light, "#2f4858");
	assert_memory_equal(theme->logo, "/theme/", 7);
	assert_memory_equal(theme->stylesheet, "/theme/", 7);
	assert_null(theme->hero);
}

static void
what_is_left_out_comes_from_the_nearest_that_has_it(void **state)
{
	const struct theme	*theme;

	(void)state;
	theme_write("middle", "name: Mitte\nextends: base\nlayout: list\n"
	    "order: [news, mine]\n"
	    "semantic: {primary: \"#111111\", accent: \"#222222\"}\n");
	theme_write("city", "name: Stadt\nextends: middle\n"
	    "semantic: {primary: \"#333333\"}\n");
	theme = theme_get(home.dir, "city", NULL);
	assert_non_null(theme);
	assert_string_equal(theme->code, "city");
	assert_string_equal(theme->name, "Stadt");
	assert_string_equal(theme->layout, "list");
	assert_int_equal(theme->order.count, 2);
	assert_string_equal(theme->order.items[0], "news");
	assert_string_equal(theme->colours.primary, "#333333");
	assert_string_equal(theme->colours.accent, "#222222");
	assert_string_equal(theme->colours.text, "#1b1f23");
	assert_string_equal(theme->logo,
	    theme_get(home.dir, "base", NULL)->logo);
}

static void
a_chain_may_be_as_long_as_it_likes(void **state)
{
	const struct theme	*theme;
	int			 i;

	(void)state;
	for (i = 0; i < 40; i++)
		theme_write(arena_format(home.arena, "t%d", i),
		    arena_format(home.arena, "name: T\nextends: %s\n",
		    i == 39 ? "base" : arena_format(home.arena, "t%d",
		    i + 1)));
	theme = theme_get(home.dir, "t0", NULL);
	assert_non_null(theme);
	assert_string_equal(theme->colours.text, "#1b1f23");
}

static void
a_circle_is_refused_where_it_closes(void **state)
{
	(void)state;
	theme_write("a", "name: A\nextends: b\n");
	theme_write("b", "name: B\nextends: a\n");
	refused("a", "themes/b/theme.yaml:2:10: /extends contradicts another "
	    "value: theme \"a\" would extend itself\n");
}

static void
a_theme_that_is_not_there_is_refused_where_it_is_named(void **state)
{
	(void)state;
	theme_write("a", "name: A\nextends: nope\n");
	refused("a", "themes/a/theme.yaml:2:10: /extends refers to something "
	    "that does not exist: themes/nope/theme.yaml\n");
	refused("none", "tenants/muster.yaml:4:8: /theme refers to something "
	    "that does not exist: themes/none/theme.yaml\n");
}

static void
a_logo_that_is_not_there_is_refused(void **state)
{
	(void)state;
	theme_write("a", "name: A\nextends: base\nlogo: gone.svg\n");
	refused("a", "themes/a/theme.yaml:3:7: /logo refers to something "
	    "that does not exist: themes/a/gone.svg\n");
}

static void
a_theme_that_nobody_gives_a_logo_is_refused(void **state)
{
	(void)state;
	theme_write("a", arena_format(home.arena, "name: A\nlayout: tiles\n%s",
	    strstr(THEME, "primitive:")));
	refused("a", "themes/a/theme.yaml:1:1: /logo is required: an SVG in "
	    "the theme's folder\n");
}

static void
a_theme_that_nobody_gives_a_layout_is_refused(void **state)
{
	(void)state;
	theme_write("a", arena_format(home.arena, "name: A\nlogo: x.svg\n%s",
	    strstr(THEME, "primitive:")));
	assert_true(home_write(&home, "themes/a/x.svg", EMBLEM));
	refused("a", "themes/a/theme.yaml:1:1: /layout is required: tiles or "
	    "list\n");
}

static void
a_logo_outside_of_the_folder_is_refused(void **state)
{
	(void)state;
	theme_write("a", "name: A\nextends: base\nlogo: ../base/emblem.svg\n");
	assert_null(theme_get(home.dir, "a", NULL));
	assert_non_null(strstr(home_lines(&home),
	    "themes/a/theme.yaml:3:7: /logo "));
}

static void
a_logo_with_a_script_is_refused_in_its_line(void **state)
{
	(void)state;
	theme_write("a", "name: A\nextends: base\nlogo: x.svg\n");
	assert_true(home_write(&home, "themes/a/x.svg",
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">\n"
	    "  <script>alert(1)</script>\n</svg>\n"));
	refused("a", "themes/a/x.svg:2:3: /script is not allowed here: take "
	    "it out; allowed are shapes, groups and gradients, text as "
	    "paths\n");
}

static void
a_font_that_is_missing_or_none_is_refused(void **state)
{
	(void)state;
	theme_write("a", "name: A\nextends: base\nfonts:\n"
	    "  - {family: Fira, file: gone.woff2}\n"
	    "  - {family: Fira, file: text.woff2}\n"
	    "  - {family: \"Fira;}\", file: text.woff2}\n");
	assert_true(home_write(&home, "themes/a/text.woff2", "text"));
	refused("a",
	    "themes/a/theme.yaml:4:26: /fonts/0/file refers to something "
	    "that does not exist: themes/a/gone.woff2\n"
	    "themes/a/theme.yaml:5:26: /fonts/1/file does not have the "
	    "expected form: a font in WOFF2\n"
	    "themes/a/theme.yaml:6:14: /fonts/2/family does not have the "
	    "expected form: one name such as Fira Sans\n");
}

static void
a_hero_picture_is_what_its_content_says(void **state)
{
	const struct theme	*theme;

	(void)state;
	theme_write("a", "name: A\nextends: base\nhero: hero.jpg\n");
	assert_true(home_write(&home, "themes/a/hero.jpg", "no picture"));
	refused("a", "themes/a/theme.yaml:3:7: /hero does not have the "
	    "expected form: SVG, JPEG, PNG or WebP (not-an-image)\n");
	assert_true(home_write(&home, "themes/a/hero.svg", EMBLEM));
	theme_write("a", "name: A\nextends: base\nhero: hero.svg\n");
	theme = theme_get(home.dir, "a", NULL);
	assert_non_null(theme);
	assert_memory_equal(theme->hero, "/theme/", 7);
}

static void
cards_that_there_are_not_or_twice_are_refused(void **state)
{
	(void)state;
	theme_write("a", "name: A\nextends: base\norder: [news, wether, news]\n");
	refused("a",
	    "themes/a/theme.yaml:3:15: /order/1 is not an allowed value, "
	    "possible: warnings, collections, mine, actions, news, events, "
	    "coupons\n"
	    "themes/a/theme.yaml:3:23: /order/2 occurs twice\n");
}

static void
mail_gets_the_colours_of_both_modes(void **state)
{
	const struct theme	*theme;

	(void)state;
	theme_write("a", "name: A\nextends: base\nsemantic:\n"
	    "  header: {light: \"#123456\", dark: \"#101010\"}\n"
	    "  on-header: \"#ffffff\"\n");
	theme = theme_get(home.dir, "a", NULL);
	assert_non_null(theme);
	assert_string_equal(theme->mail.light.header, "#123456");
	assert_string_equal(theme->mail.dark.header, "#101010");
	assert_string_equal(theme->mail.light.on_header, "#ffffff");
	assert_string_equal(theme->mail.light.text, theme->colours.text);
	assert_non_null(theme->mail.dark.text_muted);
}

static void
words_are_those_of_the_nearest_and_the_citys_before_all(void **state)
{
	struct theme_city	 city = musterstadt;
	struct node		*theme, *publish, *own;
	const struct node	*words;
	const char		*text = "de: {a: Stadt}\n";

	(void)state;
	theme_write("b", "name: B\nextends: base\nwords:\n"
	    "  de: {a: B, b: B, c: B}\n  tr: {a: T}\n");
	theme_write("a", "name: A\nextends: b\nwords:\n  de: {a: A, b: A}\n");
	assert_int_equal(node_from_yaml(home.arena, "x", text, strlen(text),
	    &own, &home.findings), STATUS_OK);
	city.words = own;
	assert_int_equal(theme_read(home.arena, home.dir,
	    theme_reference("a"), &city, &theme, &publish, &home.findings),
	    STATUS_OK);
	words = node_get(node_get(theme, "words"), "de");
	assert_string_equal(node_text(node_get(words, "a")), "Stadt");
	assert_string_equal(node_text(node_get(words, "b")), "A");
	assert_string_equal(node_text(node_get(words, "c")), "B");
	words = node_get(node_get(theme, "words"), "tr");
	assert_string_equal(node_text(node_get(words, "a")), "T");
	theme_write("a", "name: A\nextends: base\nwords: {de: {a: [x]}}\n");
	refused("a", "themes/a/theme.yaml:3:17: /words/de/a has the wrong "
	    "type, expected is a text\n");
}

static bool
on_at(const char *day)
{
	return (theme_is_on(home.arena, home.dir, theme_reference("fair"),
	    "/events/0", day, &home.findings));
}

static void
an_events_theme_is_on_from_its_first_day_until_its_last(void **state)
{
	(void)state;
	theme_write("fair", "name: F\nextends: base\nfrom: 2027-08-05\n"
	    "until: 2027-08-15\n");
	assert_false(on_at("2027-08-04"));
	assert_true(on_at("2027-08-05"));
	assert_true(on_at("2027-08-15"));
	assert_false(on_at("2027-08-16"));
	assert_string_equal(home_lines(&home), "");
}

static void
an_event_without_days_or_with_its_end_first_is_refused(void **state)
{
	(void)state;
	theme_write("fair", "name: F\nextends: base\n");
	assert_false(on_at("2027-08-05"));
	assert_string_equal(home_lines(&home), "tenants/muster.yaml:4:8: "
	    "/events/0 contradicts another value: themes/fair/theme.yaml has "
	    "no from and until\n");
	theme_write("fair", "name: F\nextends: base\nfrom: 2027-08-05\n");
	refused("fair", "themes/fair/theme.yaml:1:1: /until is required: an "
	    "event has a first and a last day\n");
	theme_write("fair", "name: F\nextends: base\nfrom: 2027-08-05\n"
	    "until: 2027-08-04\n");
	refused("fair", "themes/fair/theme.yaml:4:8: /until contradicts "
	    "another value: it begins on 2027-08-05\n");
}

static void
the_day_is_berlins_through_both_changes_of_time(void **state)
{
	static const struct {
		time_t		 at;
		const char	*day;
	} cases[] = {
		{ 1774738799, "2026-03-28" },	/* 28 March, 22:59:59 UTC */
		{ 1774738800, "2026-03-29" },	/* 23:00, still winter */
		{ 1774821599, "2026-03-29" },	/* 29 March, 21:59:59 */
		{ 1774821600, "2026-03-30" },	/* 22:00, now summer */
		{ 1792879199, "2026-10-24" },	/* 24 October, 21:59:59 */
		{ 1792879200, "2026-10-25" },	/* 22:00, summer */
		{ 1792969199, "2026-10-25" },	/* 25 October, 22:59:59 */
		{ 1792969200, "2026-10-26" },	/* 23:00, winter */
		{ 1798757999, "2026-12-31" },	/* 31 December, 22:59:59 */
		{ 1798758000, "2027-01-01" },
	};
	char	 day[THEME_DAY];
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		theme_day(cases[i].at, day);
		assert_string_equal(day, cases[i].day);
	}
}

/* The event takes the theme's place on its days, and what it breaks shows. */
static void
a_citys_event_takes_the_place_of_its_theme_on_its_days(void **state)
{
	struct node	*document;

	(void)state;
	theme_write("fair", "name: F\nextends: base\nfrom: 2027-08-05\n"
	    "until: 2027-08-15\nsemantic: {accent: \"#123456\"}\n");
	assert_true(home_write(&home, "tenants/muster.yaml",
	    TENANT "events: [fair]\n"));
	assert_int_equal(tenant_read(home.arena, &home.registry, home.dir,
	    "muster", "2027-08-04", &document, &home.findings), STATUS_OK);
	assert_string_equal(node_text(node_get(node_get(document, "theme"),
	    "code")), "base");
	assert_int_equal(tenant_read(home.arena, &home.registry, home.dir,
	    "muster", "2027-08-05", &document, &home.findings), STATUS_OK);
	assert_string_equal(node_text(node_get(node_get(document, "theme"),
	    "code")), "fair");
	theme_write("fair", "name: F\nextends: base\nfrom: 2027-08-05\n"
	    "until: 2027-08-15\nsemantic: {acent: \"#123456\"}\n");
	assert_int_equal(tenant_read(home.arena, &home.registry, home.dir,
	    "muster", "2027-01-01", &document, &home.findings),
	    STATUS_INVALID);
	assert_string_equal(home_lines(&home), "themes/fair/theme.yaml:5:12: "
	    "/semantic/acent is not known here, perhaps \"accent\" is "
	    "meant\n");
}

static void
every_theme_we_ship_is_in_order(void **state)
{
	const char	**codes;
	size_t		  count;

	(void)state;
	codes = theme_codes(home.arena, ".");
	for (count = 0; codes[count] != NULL; count++)
		if (theme_get(".", codes[count], NULL) == NULL)
			fail_msg("%s", home_lines(&home));
	assert_true(count >= 8);
}

static void
the_cities_looks_differ_in_colour_emblem_and_card(void **state)
{
	static const char *const codes[] = { "castrop-rauxel", "gladbeck",
	    "herne", "waltrop", "base" };
	const struct theme	*themes[5];
	size_t			 i, k;

	(void)state;
	for (i = 0; i < 5; i++) {
		themes[i] = theme_get(".", codes[i], NULL);
		assert_non_null(themes[i]);
		for (k = 0; k < i; k++) {
			assert_string_not_equal(themes[i]->colour.light,
			    themes[k]->colour.light);
			assert_string_not_equal(themes[i]->colour.dark,
			    themes[k]->colour.dark);
			assert_string_not_equal(themes[i]->logo,
			    themes[k]->logo);
			assert_string_not_equal(themes[i]->picture,
			    themes[k]->picture);
		}
	}
}

/* One line of Castrop-Rauxel's file names the layout that is Herne's. */
static void
castrop_rauxel_takes_hernes_layout_with_one_line(void **state)
{
	const char		*text;
	char			*line, *changed;
	const struct theme	*was, *is, *herne;

	(void)state;
	was = theme_get(".", "castrop-rauxel", NULL);
	herne = theme_get(".", "herne", NULL);
	text = folder_read(home.arena, "themes/castrop-rauxel/theme.yaml");
	changed = arena_text(home.arena, text);
	line = strstr(changed, "extends: kreis-recklinghausen\n");
	assert_non_null(line);
	changed = arena_format(home.arena, "%.*sextends: list-layout\n%s",
	    (int)(line - changed), changed, strchr(line, '\n') + 1);
	theme_write("castrop-rauxel", changed);
	assert_true(folder_run((const char *const[]){ "cp", "-r",
	    "themes/base", "themes/list-layout",
	    arena_format(home.arena, "%s/themes", home.dir), NULL }));
	assert_true(home_write(&home, "themes/castrop-rauxel/emblem.svg",
	    folder_read(home.arena, "themes/castrop-rauxel/emblem.svg")));
	is = theme_get(home.dir, "castrop-rauxel", NULL);
	if (is == NULL)
		fail_msg("%s", home_lines(&home));
	assert_string_equal(was->layout, "tiles");
	assert_string_equal(is->layout, herne->layout);
	assert_string_equal(is->order.items[1], herne->order.items[1]);
	assert_non_null(is->hero);
	assert_string_equal(is->colours.primary, was->colours.primary);
	assert_string_equal(is->logo, was->logo);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		T(a_theme_without_a_parent_is_itself),
		T(what_is_left_out_comes_from_the_nearest_that_has_it),
		T(a_chain_may_be_as_long_as_it_likes),
		T(a_circle_is_refused_where_it_closes),
		T(a_theme_that_is_not_there_is_refused_where_it_is_named),
		T(a_logo_that_is_not_there_is_refused),
		T(a_theme_that_nobody_gives_a_logo_is_refused),
		T(a_theme_that_nobody_gives_a_layout_is_refused),
		T(a_logo_outside_of_the_folder_is_refused),
		T(a_logo_with_a_script_is_refused_in_its_line),
		T(a_font_that_is_missing_or_none_is_refused),
		T(a_hero_picture_is_what_its_content_says),
		T(cards_that_there_are_not_or_twice_are_refused),
		T(mail_gets_the_colours_of_both_modes),
		T(words_are_those_of_the_nearest_and_the_citys_before_all),
		T(an_events_theme_is_on_from_its_first_day_until_its_last),
		T(an_event_without_days_or_with_its_end_first_is_refused),
		T(the_day_is_berlins_through_both_changes_of_time),
		T(a_citys_event_takes_the_place_of_its_theme_on_its_days),
		T(every_theme_we_ship_is_in_order),
		T(the_cities_looks_differ_in_colour_emblem_and_card),
		T(castrop_rauxel_takes_hernes_layout_with_one_line),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

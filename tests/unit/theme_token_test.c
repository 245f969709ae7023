/* SPDX-License-Identifier: EUPL-1.2 */
/* Tokens: layers, references, modes, contrast, the stylesheet. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "theme_home.h"

#define A	"name: A\nextends: base\n"

static const char *
value(const char *name, enum token_mode mode)
{
	return (token_value(home.dir, "a", TOKEN_SEMANTIC, name, mode));
}

static void
the_table_is_without_contradiction(void **state)
{
	size_t	 i, k;

	(void)state;
	for (i = 0; i < tokens_count; i++) {
		assert_int_equal(token_find(tokens[i].layer, tokens[i].name),
		    i);
		assert_true(tokens[i].says[0] != '\0');
		for (k = 0; k < TOKEN_GROUNDS && tokens[i].grounds[k] != NULL;
		    k++)
			assert_true(token_find(tokens[i].layer,
			    tokens[i].grounds[k]) < tokens_count);
		assert_true((tokens[i].least != 0) == (k != 0));
		assert_true((tokens[i].layer == TOKEN_COMPONENT) ==
		    (tokens[i].otherwise != NULL));
	}
}

static void
a_reference_is_followed_through_the_layers(void **state)
{
	(void)state;
	theme_write("a", A
	    "primitive: {sun: \"{primitive.gold.700}\", gold: {700: \"#6b4a00\"}}\n"
	    "semantic: {accent: \"{primitive.sun}\", focus: \"{semantic.accent}\"}\n"
	    "component: {bar-text: \"{semantic.focus}\"}\n");
	assert_string_equal(value("accent", TOKEN_LIGHT), "#6b4a00");
	assert_string_equal(value("focus", TOKEN_DARK), "#6b4a00");
	assert_string_equal(token_value(home.dir, "a", TOKEN_COMPONENT,
	    "bar-text", TOKEN_LIGHT), "#6b4a00");
}

static void
a_palette_that_is_changed_changes_what_refers_to_it(void **state)
{
	(void)state;
	theme_write("a", A "primitive: {slate: {700: \"#123456\"}}\n");
	assert_string_equal(value("primary", TOKEN_LIGHT), "#123456");
	assert_string_equal(token_value(home.dir, "a", TOKEN_COMPONENT,
	    "button-background", TOKEN_LIGHT), "#123456");
}

static void
one_value_is_for_light_and_dark_and_a_map_for_what_it_names(void **state)
{
	(void)state;
	theme_write("a", A "semantic:\n  accent: \"#005f5b\"\n"
	    "  danger: {dark: \"#a02020\"}\n");
	assert_string_equal(value("accent", TOKEN_LIGHT), "#005f5b");
	assert_string_equal(value("accent", TOKEN_DARK), "#005f5b");
	assert_string_equal(value("danger", TOKEN_LIGHT), "#b3261e");
	assert_string_equal(value("danger", TOKEN_DARK), "#a02020");
}

static void
high_contrast_that_is_not_written_is_derived(void **state)
{
	struct colour	 colour, white;

	(void)state;
	theme_write("a", A "semantic:\n  accent: \"#00807a\"\n"
	    "  info: {light: \"#075f94\", contrast: \"#003355\"}\n");
	assert_true(colour_read(value("accent", TOKEN_CONTRAST), &colour));
	assert_true(colour_read("#ffffff", &white));
	assert_true(colour_contrast(colour, white) >= 7);
	assert_string_equal(value("info", TOKEN_CONTRAST), "#003355");
	/* A nearer light value is not overruled by a farther contrast. */
	theme_write("b", "name: B\nextends: a\nsemantic: {info: \"#006688\"}\n");
	assert_string_not_equal(token_value(home.dir, "b", TOKEN_SEMANTIC,
	    "info", TOKEN_CONTRAST), "#003355");
}

static void
an_unknown_token_is_refused_with_the_nearest_one(void **state)
{
	(void)state;
	theme_write("a", A "semantic: {primry: \"#111111\"}\n"
	    "component: {button-colour: \"#111111\"}\n");
	refused("a",
	    "themes/a/theme.yaml:3:12: /semantic/primry is not known here, "
	    "perhaps \"primary\" is meant\n"
	    "themes/a/theme.yaml:4:13: /component/button-colour is not known "
	    "here\n");
	theme_write("a", A "semantic: {primary: {lihgt: \"#111111\"}}\n");
	refused("a", "themes/a/theme.yaml:3:22: /semantic/primary/lihgt is "
	    "not known here, perhaps \"light, dark, contrast\" is meant\n");
}

static void
a_wrong_colour_size_or_font_is_refused_in_its_place(void **state)
{
	(void)state;
	theme_write("a", A "primitive: {sun: yellow}\n"
	    "semantic: {accent: \"#12345\", radius: 8, space: \"1px;x\",\n"
	    "  font: \"a{}\"}\n");
	refused("a",
	    "themes/a/theme.yaml:3:18: /primitive/sun does not have the "
	    "expected form: a colour such as #0a5c8c, or a token in braces\n"
	    "themes/a/theme.yaml:4:20: /semantic/accent does not have the "
	    "expected form: a colour such as #0a5c8c, or a token in braces\n"
	    "themes/a/theme.yaml:4:38: /semantic/radius does not have the "
	    "expected form: a size such as 8px or 0.5rem, or a token in "
	    "braces\n"
	    "themes/a/theme.yaml:4:48: /semantic/space does not have the "
	    "expected form: a size such as 8px or 0.5rem, or a token in "
	    "braces\n"
	    "themes/a/theme.yaml:5:9: /semantic/font does not have the "
	    "expected form: names of fonts such as Fira Sans, sans-serif, or "
	    "a token in braces\n");
}

static void
a_reference_to_nothing_is_refused(void **state)
{
	(void)state;
	theme_write("a", A "semantic: {accent: \"{primitive.gold.700}\",\n"
	    "  focus: \"{semantic.acent}\", text: \"{colour.x}\"}\n");
	refused("a",
	    "themes/a/theme.yaml:4:36: /semantic/text does not have the "
	    "expected form: {primitive.…}, {semantic.…} or {component.…}\n"
	    "themes/a/theme.yaml:3:20: /semantic/accent refers to something "
	    "that does not exist: no theme has primitive.gold.700\n"
	    "themes/a/theme.yaml:4:10: /semantic/focus refers to something "
	    "that does not exist: there is no semantic.acent, perhaps this is "
	    "meant: accent\n");
}

static void
a_reference_to_a_higher_layer_is_refused(void **state)
{
	(void)state;
	theme_write("a", A "primitive: {sun: \"{semantic.accent}\"}\n"
	    "semantic: {accent: \"{component.bar-text}\"}\n");
	refused("a",
	    "themes/a/theme.yaml:3:18: /primitive/sun contradicts another "
	    "value: a primitive token cannot refer to the higher layer "
	    "semantic, only the other way\n"
	    "themes/a/theme.yaml:4:20: /semantic/accent contradicts another "
	    "value: a semantic token cannot refer to the higher layer "
	    "component, only the other way\n");
}

static void
a_reference_in_a_circle_is_refused(void **state)
{
	(void)state;
	theme_write("a", A
	    "semantic: {accent: \"{semantic.focus}\",\n"
	    "  focus: \"{semantic.accent}\"}\n");
	refused("a", "themes/a/theme.yaml:4:10: /semantic/focus contradicts "
	    "another value: the reference leads back to itself\n");
	theme_write("a", A "primitive: {x: \"{primitive.y}\",\n"
	    "  y: \"{primitive.x}\"}\n");
	assert_null(theme_get(home.dir, "a", NULL));
	assert_non_null(strstr(home_lines(&home),
	    "the reference leads back to itself"));
	/* What it stands on in high contrast is made from itself. */
	theme_write("a", A "semantic:\n"
	    "  primary: {light: \"#111111\", contrast: \"{semantic.on-primary}\"}\n");
	assert_null(theme_get(home.dir, "a", NULL));
	assert_non_null(strstr(home_lines(&home), "/semantic/"));
}

static void
a_token_of_another_kind_is_refused(void **state)
{
	(void)state;
	theme_write("a", A "semantic: {accent: \"{semantic.radius}\"}\n");
	refused("a", "themes/a/theme.yaml:3:20: /semantic/accent has the "
	    "wrong type, expected is a colour such as #0a5c8c\n");
}

static void
a_token_that_nobody_sets_is_required(void **state)
{
	(void)state;
	theme_write("a", "name: A\nlayout: tiles\nsemantic: {text: \"#000000\"}\n");
	assert_null(theme_get(home.dir, "a", NULL));
	assert_non_null(strstr(home_lines(&home), "themes/a/theme.yaml:1:1: "
	    "/semantic/background is required: light\n"));
}

static void
too_little_contrast_is_told_with_both_values_and_their_places(void **state)
{
	(void)state;
	theme_write("a", A "semantic:\n  accent: {dark: \"#999999\"}\n");
	refused("a",
	    "themes/a/theme.yaml:4:18: /semantic/accent has too little "
	    "contrast: dark, accent #999999 (themes/a/theme.yaml:4:18) on "
	    "background #ffffff (themes/base/theme.yaml:9:15) is 2.84:1, "
	    "needed is 4.5:1\n"
	    "themes/a/theme.yaml:4:18: /semantic/accent has too little "
	    "contrast: dark, accent #999999 (themes/a/theme.yaml:4:18) on "
	    "surface #ffffff (themes/base/theme.yaml:10:12) is 2.84:1, "
	    "needed is 4.5:1\n"
	    "themes/a/theme.yaml:4:18: /semantic/accent has too little "
	    "contrast: dark, accent #999999 (themes/a/theme.yaml:4:18) on "
	    "surface-raised #ffffff (themes/base/theme.yaml:11:19) is "
	    "2.84:1, needed is 4.5:1\n"
	    "themes/a/theme.yaml:4:18: /semantic/accent has too little "
	    "contrast: dark, on-accent #ffffff (themes/base/theme.yaml:19:14) "
	    "on accent #999999 (themes/a/theme.yaml:4:18) is 2.84:1, needed "
	    "is 4.5:1\n");
}

static void
controls_need_three_to_one_and_text_four_and_a_half(void **state)
{
	(void)state;
	theme_write("a", A "semantic: {border: \"#8c8c8c\", focus: \"#8c8c8c\"}\n");
	assert_non_null(theme_get(home.dir, "a", NULL));
	theme_write("a", A "semantic: {text-muted: \"#8c8c8c\"}\n");
	assert_null(theme_get(home.dir, "a", NULL));
	assert_non_null(strstr(home_lines(&home), "light, text-muted"));
	theme_write("a", A "semantic: {border: \"#a0a0a0\"}\n");
	assert_null(theme_get(home.dir, "a", NULL));
	assert_non_null(strstr(home_lines(&home), "needed is 3.0:1"));
}

static void
a_components_own_value_is_checked_too(void **state)
{
	(void)state;
	theme_write("a", A "component: {button-text: \"#555555\"}\n");
	assert_null(theme_get(home.dir, "a", NULL));
	assert_non_null(strstr(home_lines(&home), "/component/button-text has "
	    "too little contrast: light, button-text #555555 "));
}

static void
a_proposal_passes_when_it_is_written(void **state)
{
	struct theme_chain	 chain = { .arena = home.arena,
				    .home = home.dir,
				    .findings = &home.findings };
	struct theme_proposal	*proposals;
	struct theme_tokens	 all;
	char			 instead[COLOUR_TEXT];

	(void)state;
	theme_write("a", A "semantic: {accent: \"#ff8800\"}\n");
	assert_int_equal(theme_read_tokens(&chain, "a", &all), STATUS_OK);
	assert_int_equal(theme_tokens_fix(&all, &proposals), 2);
	assert_string_equal(proposals[0].token->name, "accent");
	assert_int_equal(proposals[0].mode, TOKEN_LIGHT);
	assert_int_equal(proposals[0].node->line, 3);
	assert_true(proposals[0].found);
	colour_write(proposals[0].instead, instead);
	theme_write("a", arena_format(home.arena, A
	    "semantic: {accent: \"%s\"}\n", instead));
	assert_non_null(theme_get(home.dir, "a", NULL));
}

/* The content of the published file of that ending. */
static const char *
published(const struct node *publish, const char *ending)
{
	const struct node	*file;
	const char		*name, *base64;
	unsigned char		*text;
	size_t			 len;

	file = node_get(publish, "files")->first;
	for (; file != NULL; file = file->next) {
		name = node_text(node_get(file, "name"));
		if (strcmp(name + strlen(name) - strlen(ending), ending) != 0)
			continue;
		base64 = node_text(node_get(file, "base64"));
		text = arena_alloc(home.arena, strlen(base64) + 1);
		assert_int_equal(sodium_base642bin(text, strlen(base64),
		    base64, strlen(base64), NULL, &len, NULL,
		    sodium_base64_VARIANT_ORIGINAL), 0);
		return ((const char *)text);
	}
	return (NULL);
}

static size_t
count_of(const char *text, const char *what)
{
	size_t	 count;

	for (count = 0; (text = strstr(text, what)) != NULL; count++)
		text += strlen(what);
	return (count);
}

static void
the_stylesheet_has_every_token_in_every_mode_and_no_rule_else(void **state)
{
	struct node	*publish;
	const char	*css;
	char		 name[64];
	size_t		 i;

	(void)state;
	assert_non_null(theme_get(".", "herne", &publish));
	css = published(publish, ".css");
	assert_non_null(css);
	for (i = 0; i < tokens_count; i++) {
		assert_true(token_property(&tokens[i], name,
		    sizeof(name)) != 0);
		assert_int_equal(count_of(css, arena_format(home.arena,
		    ";%s:", name)), 6);
	}
	assert_non_null(strstr(css, "@media(prefers-color-scheme:dark){:root{"));
	assert_non_null(strstr(css, "@media(prefers-contrast:more){:root{"));
	assert_non_null(strstr(css, ":root[data-mode=\"dark\"]{"));
	assert_non_null(strstr(css, "--sk-color-header:#0b4fa0"));
	assert_non_null(strstr(css, "--sk-font:\"Fira Sans\",system-ui"));
	assert_int_equal(count_of(css, "@font-face{"), 6);
	assert_int_equal(count_of(css, "url(/theme/"), 6);
	assert_int_equal(count_of(css, "url("), 6);
	assert_int_equal(count_of(css, "{"), count_of(css, "}"));
	assert_int_equal(count_of(css, "{"), 6 + 6 + 2);
}

static void
the_manifest_names_the_city_and_its_icons(void **state)
{
	struct node		*publish, *manifest;
	const struct node	*icon;
	const char		*text;
	size_t			 maskable;

	(void)state;
	assert_non_null(theme_get(".", "waltrop", &publish));
	text = published(publish, ".webmanifest");
	assert_int_equal(node_from_json(home.arena, text, strlen(text),
	    &manifest, &home.findings), STATUS_OK);
	assert_string_equal(node_text(node_get(manifest, "name")),
	    "Muster App");
	assert_string_equal(node_text(node_get(manifest, "short_name")),
	    "Musterstadt");
	assert_string_equal(node_text(node_get(manifest, "theme_color")),
	    "#8f3d00");
	assert_string_equal(node_text(node_get(manifest, "display")),
	    "standalone");
	maskable = 0;
	for (icon = node_get(manifest, "icons")->first; icon != NULL;
	    icon = icon->next)
		if (strcmp(node_text(node_get(icon, "purpose")),
		    "maskable") == 0)
			maskable++;
	assert_int_equal(maskable, 2);
}

static void
a_files_name_changes_with_its_content_alone(void **state)
{
	const struct theme	*before, *after;

	(void)state;
	theme_write("a", A);
	before = theme_get(home.dir, "a", NULL);
	theme_write("a", A "# a remark\n");
	after = theme_get(home.dir, "a", NULL);
	assert_string_equal(before->stylesheet, after->stylesheet);
	assert_string_equal(before->manifest, after->manifest);
	theme_write("a", A "semantic: {header: \"#234567\"}\n");
	after = theme_get(home.dir, "a", NULL);
	assert_string_not_equal(before->stylesheet, after->stylesheet);
	assert_string_not_equal(before->manifest, after->manifest);
	assert_string_not_equal(before->picture, after->picture);
	assert_string_equal(before->logo, after->logo);
	assert_string_equal(before->favicon, after->favicon);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		T(the_table_is_without_contradiction),
		T(a_reference_is_followed_through_the_layers),
		T(a_palette_that_is_changed_changes_what_refers_to_it),
		T(one_value_is_for_light_and_dark_and_a_map_for_what_it_names),
		T(high_contrast_that_is_not_written_is_derived),
		T(an_unknown_token_is_refused_with_the_nearest_one),
		T(a_wrong_colour_size_or_font_is_refused_in_its_place),
		T(a_reference_to_nothing_is_refused),
		T(a_reference_to_a_higher_layer_is_refused),
		T(a_reference_in_a_circle_is_refused),
		T(a_token_of_another_kind_is_refused),
		T(a_token_that_nobody_sets_is_required),
		T(too_little_contrast_is_told_with_both_values_and_their_places),
		T(controls_need_three_to_one_and_text_four_and_a_half),
		T(a_components_own_value_is_checked_too),
		T(a_proposal_passes_when_it_is_written),
		T(the_stylesheet_has_every_token_in_every_mode_and_no_rule_else),
		T(the_manifest_names_the_city_and_its_icons),
		T(a_files_name_changes_with_its_content_alone),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading themes of a test's own home. */
#ifndef UNIT_THEME_HOME_H
#define UNIT_THEME_HOME_H

#include "home.h"

#include "core/document/node_util.h"
#include "core/theme/theme.h"

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

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* themes/<code>/theme.yaml of the text. */
static inline void
theme_write(const char *code, const char *text)
{
	assert_true(home_write(&home, arena_format(home.arena,
	    "themes/%s/theme.yaml", code), text));
}

static inline struct node *
theme_reference(const char *code)
{
	struct node	*reference;

	reference = node_new(home.arena, NODE_SCALAR);
	reference->text = code;
	reference->file = "tenants/muster.yaml";
	reference->line = 4;
	reference->column = 8;
	return (reference);
}

static const struct theme_city	musterstadt = { .name = "Musterstadt",
				    .title = "Muster App", .language = "de" };

/* A theme as it is published, and its files; NULL: findings. */
static inline const struct theme *
theme_get(const char *dir, const char *code, struct node **publish)
{
	struct field_context	 context = { .arena = home.arena,
				    .findings = &home.findings };
	struct values		 values;
	struct node		*theme, *files;

	if (theme_read(home.arena, dir, theme_reference(code), &musterstadt,
	    &theme, publish == NULL ? &files : publish,
	    &home.findings) != STATUS_OK)
		return (NULL);
	assert_int_equal(field_check(&context, theme_fields, theme, "",
	    &values), STATUS_OK);
	return (values.data);
}

/* All that is found of a theme, exactly. */
static inline void
refused(const char *code, const char *lines)
{
	assert_null(theme_get(home.dir, code, NULL));
	assert_string_equal(home_lines(&home), lines);
}

/* The value of a token in a mode. */
static inline const char *
token_value(const char *dir, const char *code, enum token_layer layer,
    const char *name, enum token_mode mode)
{
	struct theme_chain	*chain;
	struct theme_tokens	 all;

	chain = arena_alloc(home.arena, sizeof(*chain));
	chain->arena = home.arena;
	chain->home = dir;
	chain->findings = &home.findings;
	if (theme_read_tokens(chain, code, &all) != STATUS_OK)
		fail_msg("%s", home_lines(&home));
	return (theme_tokens_value(&all, layer, name, mode)->text);
}

#endif

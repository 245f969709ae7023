/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows as lines of a file: quoting, formulas, numbers, sealed boxes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/exchange/csv.h"

static const struct route	 office = { GET, "/a/things.csv", OFFICE(NULL) };
static const struct route	 open = { GET, "/things", PUBLIC };
static const struct plugin	 plugin = { PLUGIN_HEADER("thing", "1") };
static struct loaded		 loaded[2];
static const struct registry	 registry = { .count = 2, .plugins = loaded };
static struct tenant		 tenant = { .id = 1, .slug = "one" };
static struct arena		*arena;
static struct exchange		 x;
static struct buf		 buf;

static int
setup(void **state)
{
	static struct messages	*messages;
	struct findings		 findings;
	struct bytes		 wrapped;
	static struct keys	 keys = { .role = KEYS_CLI };

	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	if (messages_read(arena, "platform/base/messages", &messages,
	    &findings) != STATUS_OK)
		return (-1);
	loaded[0].plugin = &base_plugin;
	loaded[0].messages = loaded[1].messages = messages;
	loaded[1].plugin = &plugin;
	if (crypto_tenant_keys(arena, &keys, 1, tenant.public_key, &wrapped) !=
	    STATUS_OK || crypto_tenant_unwrap(&keys, 1, wrapped,
	    tenant.secret_key) != STATUS_OK)
		return (-1);
	tenant.has_secret_key = true;
	x.arena = arena;
	x.registry = &registry;
	x.loaded = &loaded[1];
	x.tenant = &tenant;
	x.route = &office;
	x.language = "en";
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static const char *
cell(const char *text)
{
	buf_init(&buf, arena, 1 << 20);
	csv_text(&buf, text, strlen(text));
	return (buf_finish(&buf, NULL));
}

static const char *
line(struct row_column *columns, size_t count, enum status expected)
{
	const struct row	row = { count, columns };

	buf_init(&buf, arena, 1 << 20);
	assert_int_equal(csv_row(&x, &row, &buf), expected);
	return (buf_finish(&buf, NULL));
}

static void
a_text_is_quoted_where_it_has_to_be(void **state)
{
	(void)state;
	assert_string_equal(cell(""), "");
	assert_string_equal(cell("Ast, groß"), "Ast, groß");
	assert_string_equal(cell("a;b"), "\"a;b\"");
	assert_string_equal(cell("a\"b"), "\"a\"\"b\"");
	assert_string_equal(cell("\"\""), "\"\"\"\"\"\"");
	assert_string_equal(cell("a\nb"), "\"a\nb\"");
	assert_string_equal(cell("a\rb"), "\"a\rb\"");
	assert_string_equal(cell(" a"), "\" a\"");
	assert_string_equal(cell("a "), "\"a \"");
}

static void
a_formula_is_a_text(void **state)
{
	(void)state;
	assert_string_equal(cell("=1+1"), "'=1+1");
	assert_string_equal(cell("+49 2305"), "'+49 2305");
	assert_string_equal(cell("-1"), "'-1");
	assert_string_equal(cell("@a"), "'@a");
	assert_string_equal(cell("\t=1"), "\"'\t=1\"");
	assert_string_equal(cell("\r=1"), "\"'\r=1\"");
	assert_string_equal(cell("\n=1"), "\"'\n=1\"");
	assert_string_equal(cell("=A1;\"x\""), "\"'=A1;\"\"x\"\"\"");
	assert_string_equal(cell("1=1"), "1=1");
}

static void
a_number_is_a_number_and_a_truth_a_word(void **state)
{
	struct row_column	columns[] = {
		{ .name = "a", .at = "-12.5", .len = 5, .number = true },
		{ .name = "b", .at = "1e+20", .len = 5, .number = true },
		{ .name = "c", .at = "NaN", .len = 3, .number = true },
		{ .name = "d", .at = "-Infinity", .len = 9, .number = true },
		{ .name = "e", .at = "t", .len = 1, .logical = true },
		{ .name = "f", .at = "f", .len = 1, .logical = true },
		{ .name = "g", .at = NULL },
	};

	(void)state;
	assert_string_equal(line(columns, 7, STATUS_OK),
	    "-12,5;1e+20;NaN;'-Infinity;yes;no;\r\n");
}

static void
a_box_is_in_it_where_a_column_says_which_member(void **state)
{
	static const char	 json[] = "{\"name\":\"=A\",\"n\":7,"
				    "\"sure\":true,\"list\":[1]}";
	struct row_column	 columns[6];
	static const char *const names[] = { "c.name", "c.n", "c.sure",
				    "c.list", "c.none", "c.name" };
	struct bytes		 box;
	size_t			 i;

	(void)state;
	memset(columns, 0, sizeof(columns));
	assert_int_equal(crypto_seal(arena, tenant.public_key, json,
	    strlen(json), &box), STATUS_OK);
	for (i = 0; i < 5; i++) {
		columns[i].name = names[i];
		columns[i].at = (const char *)box.at;
		columns[i].len = box.len;
		columns[i].binary = true;
	}
	columns[5].name = names[5];	/* a box that is not there */
	assert_string_equal(line(columns, 6, STATUS_OK),
	    "'=A;7;yes;;;\r\n");
	/* Another one than the row's before. */
	assert_int_equal(crypto_seal(arena, tenant.public_key,
	    "{\"n\":8}", 7, &box), STATUS_OK);
	columns[1].at = (const char *)box.at;
	columns[1].len = box.len;
	assert_string_equal(line(columns, 3, STATUS_OK), "'=A;8;yes\r\n");

	columns[0].name = "c";		/* nobody said what of it */
	(void)line(columns, 1, STATUS_CRYPTO);
	columns[0].name = "c.name";
	columns[0].len--;
	(void)line(columns, 1, STATUS_CRYPTO);
	columns[0].len++;
	x.route = &open;		/* and never for the public */
	(void)line(columns, 1, STATUS_CRYPTO);
	x.route = &office;
}

static void
the_head_has_the_columns_texts_or_is_none(void **state)
{
	struct row_column	columns[] = { { .name = "true" },
					    { .name = "false" } };
	struct row		row = { 2, columns };

	(void)state;
	buf_init(&buf, arena, 1 << 20);
	assert_int_equal(csv_head(&x, &row, &buf), STATUS_OK);
	assert_string_equal(buf_finish(&buf, NULL),
	    "\xef\xbb\xbfyes;no\r\n");
	columns[1].name = "nobody";
	assert_int_equal(csv_head(&x, &row, &buf), STATUS_NOT_FOUND);
}

static void
a_file_is_named_after_city_and_path(void **state)
{
	(void)state;
	assert_string_equal(csv_name(&x), "one-things.csv");
	x.route = &open;
	assert_string_equal(csv_name(&x), "one-things.csv");
	x.route = &office;
}

#define TEST(f)	cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(a_text_is_quoted_where_it_has_to_be),
		TEST(a_formula_is_a_text),
		TEST(a_number_is_a_number_and_a_truth_a_word),
		TEST(a_box_is_in_it_where_a_column_says_which_member),
		TEST(the_head_has_the_columns_texts_or_is_none),
		TEST(a_file_is_named_after_city_and_path),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV files into nodes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/node.h>

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static struct arena	*arena;
static struct findings	 findings;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

/* From memory that ends where the text does. */
static enum status
read_text(const char *text, struct node **node)
{
	enum status	 status;
	char		*exact;
	size_t		 len;

	findings_init(&findings, arena);
	len = strlen(text);
	exact = malloc(len == 0 ? 1 : len);
	assert_non_null(exact);
	(void)memcpy(exact, text, len);
	status = node_from_csv(arena, "f.csv", exact, len, node, &findings);
	free(exact);
	return (status);
}

static void
rows_are_maps_by_the_first_row(void **state)
{
	static const struct {
		const char	*text;
		const char	*json;
	} cases[] = {
		{ "a;b\n1;2\n", "[{\"a\":\"1\",\"b\":\"2\"}]" },
		{ "a,b\r\n1,2", "[{\"a\":\"1\",\"b\":\"2\"}]" },
		{ "a\tb\n1\t2\n", "[{\"a\":\"1\",\"b\":\"2\"}]" },
		{ "\xef\xbb\xbf" "a;b\n;2\n", "[{\"b\":\"2\"}]" },
		{ "a;b\n\n 1 ; 2 \n", "[{\"a\":\"1\",\"b\":\"2\"}]" },
		{ "a;b\n\"x;\"\"y\"\"\r\nz\" ;\" 2\"\n",
		    "[{\"a\":\"x;\\\"y\\\"\\u000d\\nz\",\"b\":\" 2\"}]" },
		{ "\"a;,b\",c\n1,2\n", "[{\"a;,b\":\"1\",\"c\":\"2\"}]" },
		{ "a;b\n;\n", "[{}]" },
		{ "a\n", "[]" },
	};
	struct json	 json;
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(read_text(cases[i].text, &node), STATUS_OK);
		json_init(&json, arena, 4096);
		node_to_json(&json, NULL, node);
		assert_string_equal(json_finish(&json, NULL), cases[i].json);
	}
}

static void
cells_know_where_they_stand(void **state)
{
	const struct node	*row, *cell;
	struct node		*node;

	(void)state;
	assert_int_equal(read_text("a;b\n\"1\n2\";ä\nß;  x\n", &node),
	    STATUS_OK);
	cell = node_get(node->first, "b");
	assert_int_equal(cell->line, 3);
	assert_int_equal(cell->column, 4);
	row = node->first->next;
	assert_int_equal(row->line, 4);
	cell = node_get(row, "b");
	assert_int_equal(cell->line, 4);
	assert_int_equal(cell->column, 5);
	assert_string_equal(cell->file, "f.csv");
}

static void
what_is_broken_is_said_with_its_place(void **state)
{
	static const struct {
		const char		*text;
		enum finding_code	 code;
		unsigned int		 line;
		unsigned int		 column;
	} cases[] = {
		{ "", FINDING_REQUIRED, 1, 1 },
		{ "a;;b\n", FINDING_REQUIRED, 1, 3 },
		{ "a;b;a\n", FINDING_DUPLICATE, 1, 5 },
		{ "a;b\n1;2\n1\n", FINDING_TOO_FEW, 3, 1 },
		{ "a;b\n1;2;3\n", FINDING_TOO_MANY, 2, 1 },
		{ "a;b\n1;\"2\n", FINDING_SYNTAX, 2, 3 },
		{ "a;b\n1;2\"\n", FINDING_SYNTAX, 2, 4 },
		{ "a;b\n\"1\"2;\n", FINDING_SYNTAX, 2, 4 },
		{ "a;b\n\xc3;1\n", FINDING_ENCODING, 2, 1 },
		{ "a;b\n1;\x01\n", FINDING_CONTROL, 2, 3 },
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(read_text(cases[i].text, &node),
		    STATUS_INVALID);
		assert_null(node);
		assert_int_equal(findings.first->code, cases[i].code);
		assert_int_equal(findings.first->line, cases[i].line);
		assert_int_equal(findings.first->column, cases[i].column);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_are_maps_by_the_first_row),
		TEST(cells_know_where_they_stand),
		TEST(what_is_broken_is_said_with_its_place),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

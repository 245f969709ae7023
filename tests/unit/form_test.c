/* SPDX-License-Identifier: EUPL-1.2 */
/* Queries and forms into nodes. */

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
	findings_init(&findings, arena);
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
	status = node_from_form(arena, exact, len, node, &findings);
	free(exact);
	return (status);
}

static void
parameters_are_decoded(void **state)
{
	static const struct {
		const char	*text;
		const char	*json;
	} rows[] = {
		{ "", "{}" },
		{ "&&", "{}" },
		{ "a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}" },
		{ "a=x+y%20z%2B", "{\"a\":\"x y z+\"}" },
		{ "%C3%A4=%c3%9f", "{\"ä\":\"ß\"}" },
		{ "a=&b&c=1", "{\"c\":\"1\"}" },
		{ "a=b=c", "{\"a\":\"b=c\"}" },
		{ "a=1&b=x&a=2&a=3", "{\"a\":[\"1\",\"2\",\"3\"],\"b\":\"x\"}" },
		{ "a=&a=2", "{\"a\":\"2\"}" },
		{ "=x", "{\"\":\"x\"}" },
		{ "a=%26%3D%25", "{\"a\":\"&=%\"}" },
	};
	struct node	*node;
	struct json	 json;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &node), STATUS_OK);
		json_init(&json, arena, 1000);
		node_to_json(&json, NULL, node);
		assert_string_equal(json_finish(&json, NULL), rows[i].json);
	}
}

static void
broken_parameters_are_refused_at_once(void **state)
{
	static const struct {
		const char		*text;
		const char		*pointer;
		enum finding_code	 code;
		size_t			 count;
	} rows[] = {
		{ "a=%", "/a", FINDING_SYNTAX, 1 },
		{ "a=%4", "/a", FINDING_SYNTAX, 1 },
		{ "a=%zz", "/a", FINDING_SYNTAX, 1 },
		{ "a=%-1&c=%+1", "/a", FINDING_SYNTAX, 2 },
		{ "%=1", "", FINDING_SYNTAX, 1 },
		{ "a%2Fb=%00", "/a~1b", FINDING_CONTROL, 1 },
		{ "a=%ff&b=%C0%80&c=1", "/a", FINDING_ENCODING, 2 },
		{ "%ff=1", "", FINDING_ENCODING, 1 },
		{ "a=\xff", "/a", FINDING_ENCODING, 1 },
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &node),
		    STATUS_INVALID);
		assert_null(node);
		assert_int_equal(findings.count, rows[i].count);
		assert_int_equal(findings.first->code, rows[i].code);
		assert_string_equal(findings.first->pointer,
		    rows[i].pointer);
	}
}

static void
the_number_of_parameters_is_capped(void **state)
{
	struct buf	 buf;
	struct node	*node;
	int		 i;

	(void)state;
	buf_init(&buf, arena, 10000);
	for (i = 0; i < NODE_FORM_MAX; i++)
		buf_format(&buf, "&p%d=1", i % 60);
	assert_int_equal(read_text(buf_finish(&buf, NULL), &node),
	    STATUS_OK);
	assert_int_equal(node->count, 60);
	buf_text(&buf, "&last=");
	assert_int_equal(read_text(buf_finish(&buf, NULL), &node),
	    STATUS_INVALID);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.first->code, FINDING_TOO_MANY);
	assert_string_equal(findings.first->argument, "100");
}

static void
brackets_become_maps_and_lists(void **state)
{
	static const struct {
		const char	*text;
		const char	*json;
	} rows[] = {
		{ "", "{}" },
		{ "a=1&b=2&b=3", "{\"a\":\"1\",\"b\":[\"2\",\"3\"]}" },
		{ "attribute[colour]=red", "{\"attribute\":{\"colour\":\"red\"}}" },
		{ "a[x]=1&b=2&a[y]=3&a[x]=4",
		  "{\"a\":{\"x\":[\"1\",\"4\"],\"y\":\"3\"},\"b\":\"2\"}" },
		{ "a[x][]=1&a[x][]=2&a[y][]=3",
		  "{\"a\":{\"x\":[\"1\",\"2\"],\"y\":[\"3\"]}}" },
		{ "a[]=1&b[]=2&b[]=3", "{\"a\":[\"1\"],\"b\":[\"2\",\"3\"]}" },
		{ "a%5Bx%5D%5B%5D=1", "{\"a\":{\"x\":[\"1\"]}}" },
		{ "a[Größe /~]=1", "{\"a\":{\"Größe /~\":\"1\"}}" },
		{ "a[x=1&a]x=2&[x]=3&[]=4&a[x]y=5&a[x][y]=6&a[[x]]=7&a[][]=8"
		  "&a[x][][]=9&a[]x=10&a[][x]=11&a[x]]=12&[=13&]=14&=15"
		  "&a][]=16&[][]=17",
		  "{\"a[x\":\"1\",\"a]x\":\"2\",\"[x]\":\"3\",\"[]\":\"4\","
		  "\"a[x]y\":\"5\",\"a[x][y]\":\"6\",\"a[[x]]\":\"7\","
		  "\"a[][]\":\"8\",\"a[x][][]\":\"9\",\"a[]x\":\"10\","
		  "\"a[][x]\":\"11\",\"a[x]]\":\"12\",\"[\":\"13\","
		  "\"]\":\"14\",\"\":\"15\",\"a][]\":\"16\","
		  "\"[][]\":\"17\"}" },
	};
	struct node	*form, *node;
	struct json	 json;
	const char	*before;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &form), STATUS_OK);
		json_init(&json, arena, 1000);
		node_to_json(&json, NULL, form);
		before = json_finish(&json, NULL);
		assert_int_equal(node_unfold(arena, form, &node, &findings),
		    STATUS_OK);
		json_init(&json, arena, 1000);
		node_to_json(&json, NULL, node);
		assert_string_equal(json_finish(&json, NULL), rows[i].json);
		json_init(&json, arena, 1000);
		node_to_json(&json, NULL, form);
		assert_string_equal(json_finish(&json, NULL), before);
	}
}

static void
a_name_is_spelt_in_one_way(void **state)
{
	static const struct {
		const char	*text;
		const char	*pointer;
		const char	*spelling;
	} rows[] = {
		{ "a=1&a[x]=2", "/a", "a[x]" },
		{ "a[x]=2&a=1", "/a", "a" },
		{ "a=1&a[]=2", "/a", "a[]" },
		{ "a=1&a=2&a[]=3", "/a", "a[]" },
		{ "a[]=1&a[x]=2", "/a", "a[x]" },
		{ "a[x]=1&a[]=2", "/a", "a[]" },
		{ "a[x]=1&a[x][]=2", "/a/x", "a[x][]" },
		{ "a[x/y][]=1&a[x/y]=2", "/a/x~1y", "a[x/y]" },
	};
	struct node	*form, *node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &form), STATUS_OK);
		assert_int_equal(node_unfold(arena, form, &node, &findings),
		    STATUS_INVALID);
		assert_null(node);
		assert_int_equal(findings.count, 1);
		assert_int_equal(findings.first->code, FINDING_CONFLICT);
		assert_string_equal(findings.first->pointer,
		    rows[i].pointer);
		assert_string_equal(findings.first->argument,
		    rows[i].spelling);
	}
	assert_int_equal(read_text("a=1&a[x]=1&a[y]=1&b[]=1&b=1", &form),
	    STATUS_OK);
	assert_int_equal(node_unfold(arena, form, &node, &findings),
	    STATUS_INVALID);
	assert_int_equal(findings.count, 3);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(parameters_are_decoded),
		TEST(broken_parameters_are_refused_at_once),
		TEST(the_number_of_parameters_is_capped),
		TEST(brackets_become_maps_and_lists),
		TEST(a_name_is_spelt_in_one_way),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

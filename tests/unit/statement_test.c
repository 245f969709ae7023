/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading queries.sql. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/plugin/statement.h"

static struct arena	*arena;
static struct findings	 findings;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static struct statement *
read_sql(const char *sql)
{
	struct statement	*list;

	list = NULL;
	(void)statements_read(arena, "sample", "queries.sql", sql,
	    strlen(sql), &list, &findings);
	return (list);
}

/* What the SQL below one name becomes. */
static const char *
translated(const char *sql)
{
	const struct statement	*statement;

	statement = read_sql(arena_format(arena, "-- name: a :row\n%s", sql));
	assert_int_equal(findings.count, 0);
	assert_non_null(statement);
	return (statement->sql);
}

static void
statements_come_in_order_with_name_kind_line_and_sentence(void **state)
{
	const struct statement	*list;

	(void)state;
	list = read_sql("-- SPDX\n\n-- name: find_show :row\n-- One find,\n"
	    "-- whole.\nselect 1; -- last\n\n-- name: find_end :done\n"
	    "delete from x;\n-- name: find_csv :csv\nselect 1");
	assert_int_equal(findings.count, 0);
	assert_string_equal(list->name, "find_show");
	assert_string_equal(list->prepared, "sample.find_show");
	assert_string_equal(list->says, "One find, whole.");
	assert_int_equal(list->kind, STATEMENT_ROW);
	assert_int_equal(list->line, 3);
	assert_non_null(strstr(list->sql, "select 1"));
	assert_null(strchr(list->sql, ';'));
	list = list->next;
	assert_string_equal(list->name, "find_end");
	assert_string_equal(list->sql, "delete from x");
	assert_int_equal(list->kind, STATEMENT_DONE);
	assert_int_equal(list->line, 8);
	list = list->next;
	assert_int_equal(list->kind, STATEMENT_CSV);
	assert_null(list->next);
}

static void
parameters_are_numbered_and_the_same_name_has_the_same_number(void **state)
{
	const struct statement	*list;

	(void)state;
	list = read_sql("-- name: a :row\nselect :id::uuid, :position.lat, "
	    ":id, :position.lon");
	assert_string_equal(list->sql, "select $1::uuid, $2, $1, $3");
	assert_int_equal(list->parameter_count, 3);
	assert_string_equal(list->parameters[0], "id");
	assert_string_equal(list->parameters[1], "position.lat");
	assert_string_equal(list->parameters[2], "position.lon");
}

static void
what_only_looks_like_a_parameter_is_left_alone(void **state)
{
	static const char *const	same[] = {
		"select 'a:b '':c' , x", "select \"a:b\"\":c\"",
		"select x::text", "select e'\\':a'", "select E'\\\\' , 1",
		"select $$ :a ; $$", "select $x$ :a $$ ; $x$",
		"select 1 /* :a /* ; */ ' */ + 1", "select 1 -- :a ; '\n+ 1",
		"select a[1:2]", "select f(x := 1)", "select 12:3",
		"select a$b, c$1", "select '\\'", "select '\xc3\xa4:b'",
		"select $\xc3\xa4$ :a $\xc3\xa4$", "select ns.e.f",
	};
	size_t				i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		assert_string_equal(translated(same[i]), same[i]);
}

static void
a_parameter_ends_where_its_name_does(void **state)
{
	(void)state;
	assert_string_equal(translated("select (:a).b, :a. , :b_1+1, ':c'"),
	    "select ($1).b, $1. , $2+1, ':c'");
}

static void
an_escape_string_is_told_from_a_name_that_ends_in_e(void **state)
{
	(void)state;
	assert_string_equal(translated("select date'\\', :a, ''"),
	    "select date'\\', $1, ''");
}

static void
only_a_call_of_answered_makes_a_statement_take_a_key(void **state)
{
	const struct statement	*list;

	(void)state;
	list = read_sql("-- name: a :row\nselect answered (x)\n"
	    "-- name: b :row\nselect answered from x\n"
	    "-- name: c :row\nselect 'answered(x)' -- answered(x)\n"
	    "-- name: d :row\nselect stadtkern.answered(x)");
	assert_true(list->once);
	assert_false(list->next->once);
	assert_false(list->next->next->once);
	assert_true(list->next->next->next->once);
}

static void
a_name_line_inside_a_string_or_a_comment_is_none(void **state)
{
	const struct statement	*list;

	(void)state;
	list = read_sql("-- name: a :row\nselect $$\n-- name: b :row\n$$\n"
	    "/*\n-- name: c :row\n*/\n");
	assert_int_equal(findings.count, 0);
	assert_null(list->next);
}

struct bad {
	const char		*sql;
	enum finding_code	 code;
	unsigned int		 line;
};

static void
mistakes_are_found_with_their_line(void **state)
{
	static const struct bad	bads[] = {
		{ "select 1", FINDING_SYNTAX, 1 },
		{ "-- name: a\nselect 1", FINDING_CHOICE, 1 },
		{ "-- name: a :rows\nselect 1", FINDING_CHOICE, 1 },
		{ "-- name: a :row :row\nselect 1", FINDING_CHOICE, 1 },
		{ "-- name: A :row\nselect 1", FINDING_FORMAT, 1 },
		{ "-- name: 1a :row\nselect 1", FINDING_FORMAT, 1 },
		{ "\n-- name: a :row\n;", FINDING_REQUIRED, 2 },
		{ "\n-- name: a :row\n\n-- name: b :row\nselect 1",
		    FINDING_REQUIRED, 2 },
		{ "-- name: a :row\nselect 1;\nselect 2", FINDING_SYNTAX, 3 },
		{ "-- name: a :row\nselect 1\n-- name: a :row\nselect 2",
		    FINDING_DUPLICATE, 3 },
		{ "-- name: a :row\nselect 'x", FINDING_SYNTAX, 2 },
		{ "-- name: a :row\nselect \"x", FINDING_SYNTAX, 2 },
		{ "-- name: a :row\nselect $$x", FINDING_SYNTAX, 2 },
		{ "-- name: a :row\nselect 1 /* /* */", FINDING_SYNTAX, 2 },
		{ "-- name: a :row\nselect $1", FINDING_SYNTAX, 2 },
		{ "-- name: a :page\nselect :after", FINDING_REQUIRED, 1 },
		{ "-- name: a :page\nselect :limit", FINDING_REQUIRED, 1 },
	};
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		findings_init(&findings, arena);
		(void)read_sql(bads[i].sql);
		if (findings.count != 1 ||
		    findings.first->code != bads[i].code ||
		    findings.first->line != bads[i].line)
			fail_msg("case %zu: %zu findings, %s", i,
			    findings.count, findings.count == 0 ? "" :
			    finding_line(arena, findings.first));
		assert_string_equal(findings.first->file, "queries.sql");
	}
}

static void
all_mistakes_are_found_at_once(void **state)
{
	(void)state;
	(void)read_sql("-- name: a :x\nselect $1\n-- name: a :row\n"
	    "select 1; select 2\n-- name: c :row\n");
	assert_int_equal(findings.count, 5);
}

static void
a_nul_byte_is_a_mistake(void **state)
{
	static const char	 sql[] = "-- name: a :row\nselect \0 1";
	struct statement	*list;

	(void)state;
	assert_int_equal(statements_read(arena, "", "q", sql, sizeof(sql) - 1,
	    &list, &findings), STATUS_INVALID);
	assert_int_equal(findings.first->code, FINDING_CONTROL);
}

static void
forty_parameters_are_the_most(void **state)
{
	struct statement	*list;
	const char		*sql;
	int			 i;

	(void)state;
	sql = "-- name: a :row\nselect 0";
	for (i = 0; i < STATEMENT_PARAMETERS_MAX; i++)
		sql = arena_format(arena, "%s, :p%d", sql, i);
	list = read_sql(sql);
	assert_int_equal(findings.count, 0);
	assert_int_equal(list->parameter_count, STATEMENT_PARAMETERS_MAX);
	(void)read_sql(arena_format(arena, "%s, :x, :y", sql));
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.first->code, FINDING_TOO_MANY);
}

static void
an_empty_file_has_no_statements(void **state)
{
	(void)state;
	assert_null(read_sql("-- only a comment\n\n/* and this */\n"));
	assert_int_equal(findings.count, 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(statements_come_in_order_with_name_kind_line_and_sentence),
		TEST(parameters_are_numbered_and_the_same_name_has_the_same_number),
		TEST(what_only_looks_like_a_parameter_is_left_alone),
		TEST(a_parameter_ends_where_its_name_does),
		TEST(an_escape_string_is_told_from_a_name_that_ends_in_e),
		TEST(only_a_call_of_answered_makes_a_statement_take_a_key),
		TEST(a_name_line_inside_a_string_or_a_comment_is_none),
		TEST(mistakes_are_found_with_their_line),
		TEST(all_mistakes_are_found_at_once),
		TEST(a_nul_byte_is_a_mistake),
		TEST(forty_parameters_are_the_most),
		TEST(an_empty_file_has_no_statements),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

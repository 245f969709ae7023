/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The defect reporter's settings: what a city may get wrong is found where
 * it stands, and answers are checked against a category's questions.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/tenant/tenant.h"

#include "../../plugins/defect-reporter/settings.c"

#define STATUSES							\
	"initial: new\n"						\
	"statuses:\n"							\
	"  - {code: new, name: Neu, kind: open, next: [done]}\n"		\
	"  - {code: done, name: Fertig, kind: closed, next: [new]}\n"
#define CATEGORIES							\
	"categories:\n"							\
	"  - {code: hole, name: Loch}\n"

static struct arena		*arena;
static struct findings		 findings;
static struct department	 departments[] = {
	{ .code = "roads", .name = "Tiefbau" },
	{ .code = "parks", .name = "Grün" },
};
static struct outside_body	 bodies[] = {
	{ "county", "Kreis", "county@example.org" },
};

static struct settings *
settings_fill_from(struct node *node)
{
	struct field_context	 ctx = { .arena = arena,
				    .findings = &findings };
	struct settings_check	 check = { .arena = arena,
				    .findings = &findings };
	struct tenant		*tenant;
	struct values		 values;

	tenant = arena_alloc(arena, sizeof(*tenant));
	tenant->file.departments.count = 2;
	tenant->file.departments.items = departments;
	tenant->file.outside_bodies.count = 1;
	tenant->file.outside_bodies.items = bodies;
	node->name = "defect-reporter";
	if (field_check(&ctx, settings_fields, node, "", &values) !=
	    STATUS_OK)
		return (NULL);
	check.tenant = tenant;
	check.node = node;
	if (settings_check(&check, values.data) != STATUS_OK)
		return (NULL);
	assert_int_equal(findings.count, 0);

	return (values.data);
}

static struct settings *
settings_read(const char *yaml)
{
	struct node	*node;

	findings_init(&findings, arena);
	if (node_from_yaml(arena, "city.yaml", yaml, strlen(yaml), &node,
	    &findings) != STATUS_OK)
		fail_msg("%s", finding_line(arena, findings.first));

	return (settings_fill_from(node));
}

static const struct {
	const char		*what;
	const char		*yaml;
	unsigned int		 line;
	unsigned int		 column;
	const char		*pointer;
	enum finding_code	 code;
} faults[] = {
	{ "an unknown department",
	  STATUSES "categories:\n  - {code: a, name: A, department: sea}\n",
	  6, 36, "/categories/0/department", FINDING_REFERENCE },
	{ "an unknown outside body",
	  STATUSES "categories:\n  - {code: a, name: A, body: moon}\n",
	  6, 30, "/categories/0/body", FINDING_REFERENCE },
	{ "a category's code that occurs twice",
	  STATUSES CATEGORIES "  - {code: hole, name: B}\n",
	  7, 12, "/categories/1/code", FINDING_DUPLICATE },
	{ "a category's code that is a number",
	  STATUSES "categories:\n  - {code: \"12\", name: A}\n",
	  6, 12, "/categories/0/code", FINDING_FORMAT },
	{ "a type of service that there is not",
	  STATUSES "categories:\n  - {code: a, name: A, type: slow}\n",
	  6, 30, "/categories/0/type", FINDING_CHOICE },
	{ "a question's code that is a number",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: \"7\", ask: Was?}\n",
	  9, 16, "/categories/0/questions/0/code", FINDING_FORMAT },
	{ "choices of which there are none",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: q, ask: Was?, kind: choices}\n",
	  9, 9, "/categories/0/questions/0/choices", FINDING_REQUIRED },
	{ "a deadline without days",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    deadline: {kind: working}\n",
	  8, 15, "/categories/0/deadline/days", FINDING_REQUIRED },
	{ "a deadline counted in another way",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    deadline: {days: 3, kind: bank}\n",
	  8, 31, "/categories/0/deadline/kind", FINDING_CHOICE },
	{ "a template with a placeholder that nothing fills",
	  STATUSES CATEGORIES "answer_templates:\n"
	  "  - {code: t, name: T, text: \"Guten Tag {name}\"}\n",
	  8, 30, "/answer_templates/0/text", FINDING_REFERENCE },
	{ "a template for a category that there is not",
	  STATUSES CATEGORIES "answer_templates:\n"
	  "  - {code: t, name: T, text: x, categories: [hole, hill]}\n",
	  8, 52, "/answer_templates/0/categories/1", FINDING_REFERENCE },
	{ "a template's code that occurs twice",
	  STATUSES CATEGORIES "answer_templates:\n"
	  "  - {code: t, name: T, text: x}\n"
	  "  - {code: t, name: U, text: y}\n",
	  9, 12, "/answer_templates/1/code", FINDING_DUPLICATE },
	{ "answers that are neither direct nor released",
	  STATUSES CATEGORIES "answers: later\n",
	  7, 10, "/answers", FINDING_CHOICE },
	{ "no category at all", STATUSES "categories: []\n",
	  5, 13, "/categories", FINDING_TOO_FEW },
	{ "a choice without choices",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: q, ask: Was?, kind: choice}\n",
	  9, 9, "/categories/0/questions/0/choices", FINDING_REQUIRED },
	{ "choices where nothing is chosen",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: q, ask: Was?, choices: [x]}\n",
	  9, 39, "/categories/0/questions/0/choices", FINDING_CONFLICT },
	{ "an answer that stops and cannot be given",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: q, ask: Was?, kind: choice, choices:"
	  " [x], stops: [y], stop_text: Bitte 112 anrufen.}\n",
	  9, 66, "/categories/0/questions/0/stops/0", FINDING_REFERENCE },
	{ "a text that stops",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: q, ask: Was?, stops: [\"true\"],"
	  " stop_text: Bitte 112 anrufen.}\n",
	  9, 38, "/categories/0/questions/0/stops/0", FINDING_REFERENCE },
	{ "an answer that stops and does not say why",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: q, ask: Was?, kind: bool,"
	  " stops: [true]}\n",
	  9, 9, "/categories/0/questions/0/stop_text", FINDING_REQUIRED },
	{ "a reason to stop and no answer that does",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: q, ask: Was?, kind: bool,"
	  " stop_text: Bitte 112 anrufen.}\n",
	  9, 9, "/categories/0/questions/0/stops", FINDING_REQUIRED },
	{ "a question's code that occurs twice",
	  STATUSES "categories:\n  - code: a\n    name: A\n"
	  "    questions:\n      - {code: q, ask: Was?}\n"
	  "      - {code: q, ask: Wie?}\n",
	  10, 16, "/categories/0/questions/1/code", FINDING_DUPLICATE },
	{ "a next status that is not there",
	  CATEGORIES "initial: new\nstatuses:\n"
	  "  - {code: new, name: Neu, kind: open, next: [new, gone]}\n",
	  5, 52, "/statuses/0/next/1", FINDING_REFERENCE },
	{ "a status that occurs twice",
	  CATEGORIES STATUSES "  - {code: new, name: N, kind: open}\n",
	  7, 12, "/statuses/2/code", FINDING_DUPLICATE },
	{ "an initial status that is not there",
	  CATEGORIES "initial: old\nstatuses:\n"
	  "  - {code: new, name: Neu, kind: open}\n",
	  3, 10, "/initial", FINDING_REFERENCE },
	{ "an initial status that is closed",
	  CATEGORIES "initial: new\nstatuses:\n"
	  "  - {code: new, name: Neu, kind: closed}\n",
	  3, 10, "/initial", FINDING_CONFLICT },
	{ "more photos than are possible",
	  CATEGORIES STATUSES "photos_max: 6\n",
	  7, 13, "/photos_max", FINDING_TOO_LARGE },
};

static void
each_fault_is_found_where_it_stands(void **state)
{
	const struct finding	*first;
	const char		*pointer;
	size_t			 i, len;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		assert_null(settings_read(faults[i].yaml));
		first = findings.first;
		if (findings.count != 1)
			fail_msg("%s: %zu findings", faults[i].what,
			    findings.count);
		/* The plugin's section lies somewhere below the root. */
		len = strlen(first->pointer) - strlen(faults[i].pointer);
		pointer = first->pointer + len;
		if (strcmp(pointer, faults[i].pointer) != 0 ||
		    first->code != faults[i].code ||
		    first->line != faults[i].line ||
		    first->column != faults[i].column)
			fail_msg("%s: %s", faults[i].what,
			    finding_line(arena, first));
	}
}

static void
all_faults_are_found_at_once(void **state)
{
	(void)state;
	assert_null(settings_read("initial: nowhere\nstatuses:\n"
	    "  - {code: new, name: N, kind: open, next: [a, b]}\n"
	    "categories:\n  - {code: c, name: C, department: x, body: y}\n"));
	assert_int_equal(findings.count, 5);
}

static void
what_the_plugin_ships_is_a_complete_setting(void **state)
{
	struct settings	*settings;
	struct node	*node;

	(void)state;
	findings_init(&findings, arena);
	assert_int_equal(node_from_yaml_file(arena,
	    "plugins/defect-reporter/defaults.yaml", &node, &findings),
	    STATUS_OK);
	settings = settings_fill_from(node);
	if (settings == NULL)
		fail_msg("%s", finding_line(arena, findings.first));
	assert_true(settings->categories.count >= 12);
	assert_string_equal(settings->categories.items[0].department, "roads");
	assert_non_null(settings_stage(settings, settings->forwarded));
}

static void
what_statements_need_is_derived_once(void **state)
{
	struct settings	*settings;

	(void)state;
	settings = settings_read(CATEGORIES STATUSES);
	assert_non_null(settings);
	assert_string_equal(settings->graph,
	    "{\"new\":{\"kind\":\"open\",\"next\":[\"done\"]},"
	    "\"done\":{\"kind\":\"closed\",\"next\":[\"new\"]}}");
	assert_string_equal(settings->open, "{new}");
	assert_string_equal(settings->labels, "{\"hole\":\"Loch\"}");
	assert_string_equal(settings->photos_text, "5");
	assert_string_equal(settings->keep_text, "90");
	assert_null(settings_category(settings, "none"));
}

static const struct {
	const char	*json;
	const char	*question;	/* that stops; NULL: none */
} stops[] = {
	{ "{\"where\":\"Gehweg\"}", NULL },
	{ "{\"where\":\"Dach\"}", "where" },
	{ "{\"where\":[\"Gehweg\",\"Dach\"]}", "where" },
	{ "{\"hurt\":true}", "hurt" },
	{ "{\"hurt\":false}", NULL },
	{ "{\"hurt\":null,\"other\":{\"a\":1}}", NULL },
	{ "{}", NULL },
};

static void
an_answer_that_calls_for_help_stops(void **state)
{
	const struct question	*question;
	const struct category	*category;
	struct settings		*settings;
	struct node		*node;
	size_t			 i;

	(void)state;
	settings = settings_read(STATUSES "categories:\n"
	    "  - code: hole\n    name: Loch\n    questions:\n"
	    "      - {code: where, ask: Wo?, kind: choice,"
	    " choices: [Gehweg, Dach], stops: [Dach], stop_text: Bitte 112.}\n"
	    "      - {code: hurt, ask: Verletzt?, kind: bool, stops: [true],"
	    " stop_text: Bitte 112.}\n");
	assert_non_null(settings);
	category = settings_category(settings, "hole");
	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		assert_int_equal(node_from_json(arena, stops[i].json,
		    strlen(stops[i].json), &node, &findings), STATUS_OK);
		question = settings_stop(category, node);
		if (stops[i].question == NULL)
			assert_null(question);
		else
			assert_string_equal(question->code, stops[i].question);
	}
	assert_null(settings_stop(category, NULL));
}

static const struct {
	const char		*json;
	size_t			 count;
	const char		*pointer;
	enum finding_code	 code;
} answers[] = {
	{ "{\"where\":\"Gehweg\"}", 0, NULL, FINDING_COUNT },
	{ "{\"where\":\"Gehweg\",\"deep\":12.5,\"wet\":true,"
	  "\"more\":\"zwei\\nZeilen\"}", 0, NULL, FINDING_COUNT },
	{ "{\"where\":\"Gehweg\",\"deep\":null}", 0, NULL, FINDING_COUNT },
	{ "{}", 1, "/answers/where", FINDING_REQUIRED },
	{ "{\"where\":\"Dach\"}", 1, "/answers/where", FINDING_CHOICE },
	{ "{\"where\":\"Gehweg\",\"deep\":\"12\"}", 1, "/answers/deep",
	  FINDING_TYPE },
	{ "{\"where\":\"Gehweg\",\"wet\":\"ja\"}", 1, "/answers/wet",
	  FINDING_TYPE },
	{ "{\"where\":\"Gehweg\",\"a/b\":1}", 1, "/answers/a~1b",
	  FINDING_UNKNOWN },
	{ "{\"where\":\"Gehweg\",\"more\":\"\\u0007\"}", 1, "/answers/more",
	  FINDING_CONTROL },
	{ "[1]", 1, "/answers", FINDING_TYPE },
	{ "{\"where\":1,\"deep\":[],\"wet\":{},\"more\":2}", 4,
	  "/answers/where", FINDING_TYPE },
};

static void
answers_are_checked_against_the_questions(void **state)
{
	struct field_context	 ctx = { .arena = arena,
				    .findings = &findings };
	const struct category	*category;
	struct settings		*settings;
	struct values		 values;
	struct node		*node;
	size_t			 i;

	(void)state;
	settings = settings_read(STATUSES "categories:\n"
	    "  - code: hole\n    name: Loch\n    questions:\n"
	    "      - {code: where, ask: Wo?, kind: choice, required: true,"
	    " choices: [Gehweg, Fahrbahn]}\n"
	    "      - {code: deep, ask: Wie tief?, kind: number}\n"
	    "      - {code: wet, ask: Nass?, kind: bool}\n"
	    "      - {code: more, ask: Noch etwas?}\n");
	assert_non_null(settings);
	category = settings_category(settings, "hole");
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		findings_init(&findings, arena);
		assert_int_equal(node_from_json(arena, answers[i].json,
		    strlen(answers[i].json), &node, &findings), STATUS_OK);
		(void)field_check(&ctx, category->answers, node, "/answers",
		    &values);
		if (findings.count != answers[i].count)
			fail_msg("%s: %zu findings", answers[i].json,
			    findings.count);
		if (findings.count == 0)
			continue;
		assert_string_equal(findings.first->pointer,
		    answers[i].pointer);
		assert_int_equal(findings.first->code, answers[i].code);
	}
}

static void
deadlines_and_templates_are_derived_as_statements_read_them(void **state)
{
	const struct settings	*settings;

	(void)state;
	settings = settings_read(STATUSES "categories:\n"
	    "  - {code: a, name: A, deadline: {days: 10}}\n"
	    "  - {code: b, name: B}\n"
	    "  - {code: c, name: C, deadline: {days: 3, kind: calendar}}\n"
	    "answer_templates:\n"
	    "  - {code: t, name: T, text: \"Nummer {number}, {street}\"}\n"
	    "  - {code: u, name: U, text: \"{ x } und {a b}\","
	    " categories: [b]}\n");
	assert_non_null(settings);
	assert_string_equal(settings->deadlines, "{\"a\":{\"days\":10,"
	    "\"kind\":\"working\"},\"c\":{\"days\":3,"
	    "\"kind\":\"calendar\"}}");
	assert_string_equal(settings->templates,
	    "[{\"code\":\"t\",\"name\":\"T\","
	    "\"text\":\"Nummer {number}, {street}\"},"
	    "{\"code\":\"u\",\"name\":\"U\",\"text\":\"{ x } und {a b}\","
	    "\"categories\":[\"b\"]}]");
	assert_string_equal(settings->answers, "direct");
	assert_int_equal(settings->reopen_days, 14);
}

static void
a_placeholder_is_a_word_in_braces(void **state)
{
	(void)state;
	assert_null(settings_placeholder(arena, NULL, true));
	assert_null(settings_placeholder(arena, "{", true));
	assert_null(settings_placeholder(arena, "{number", true));
	assert_null(settings_placeholder(arena, "{numbers}", true));
	assert_string_equal(settings_placeholder(arena, "a {{city}}", true),
	    "{city}");
	assert_string_equal(settings_placeholder(arena, "{city} {you}",
	    false), "{you}");
	assert_null(settings_placeholder(arena, "{city} {a b}", false));
}

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

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(each_fault_is_found_where_it_stands),
		cmocka_unit_test(all_faults_are_found_at_once),
		cmocka_unit_test(what_the_plugin_ships_is_a_complete_setting),
		cmocka_unit_test(what_statements_need_is_derived_once),
		cmocka_unit_test(an_answer_that_calls_for_help_stops),
		cmocka_unit_test(answers_are_checked_against_the_questions),
		cmocka_unit_test(
		    deadlines_and_templates_are_derived_as_statements_read_them),
		cmocka_unit_test(a_placeholder_is_a_word_in_braces),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}

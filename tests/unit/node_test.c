/* SPDX-License-Identifier: EUPL-1.2 */
/* JSON into nodes, and findings in words. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/field.h>
#include <stadtkern/node.h>

#include "core/document/pointer.h"
#include "core/document/utf8.h"

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
read_bytes(const char *text, size_t len, struct node **node)
{
	enum status	 status;
	char		*exact;

	exact = malloc(len == 0 ? 1 : len);
	assert_non_null(exact);
	(void)memcpy(exact, text, len);
	status = node_from_json(arena, exact, len, node, &findings);
	free(exact);
	return (status);
}

static const char *
written(const struct node *node)
{
	struct json	 json;

	json_init(&json, arena, 100000);
	node_to_json(&json, NULL, node);
	return (json_finish(&json, NULL));
}

static void
what_was_read_is_written_again(void **state)
{
	static const char *const	 texts[] = {
		"{}", "[]", "null", "true", "\"\"", "-9223372036854775808",
		"9223372036854775807", "1.5", "[[],{}]",
		"{\"b\":[1,2.5,true,false,null,\"ä😀\"],\"a\":{\"\":0}}",
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(read_bytes(texts[i], strlen(texts[i]),
		    &node), STATUS_OK);
		assert_string_equal(written(node), texts[i]);
	}
}

static void
bad_json_is_refused_with_its_place(void **state)
{
	static const struct {
		const char		*text;
		const char		*pointer;
		enum finding_code	 code;
		const char		*argument;	/* NULL: any */
		unsigned int		 line;
	} rows[] = {
		{ "", "", FINDING_SYNTAX, "it ends too early", 1 },
		{ "{\"a\":", "/a", FINDING_SYNTAX, "it ends too early", 1 },
		{ "{} {}", "", FINDING_SYNTAX,
		  "something follows after its end", 1 },
		{ "[1,\n 2,\n nul]", "/2", FINDING_SYNTAX, "invalid token",
		  3 },
		{ "{\"a\":1,}", "", FINDING_SYNTAX, NULL, 1 },
		{ "[1,]", "/1", FINDING_SYNTAX, NULL, 1 },
		{ "{'a':1}", "", FINDING_SYNTAX, NULL, 1 },
		{ "[01]", "/0", FINDING_SYNTAX, NULL, 1 },
		{ "[NaN]", "/0", FINDING_SYNTAX, NULL, 1 },
		{ "[\"\\ud800\"]", "/0", FINDING_SYNTAX, NULL, 1 },
		{ "[1]/* x */", "", FINDING_SYNTAX, NULL, 1 },
		{ "\xef\xbb\xbf{}", "", FINDING_SYNTAX, NULL, 1 },
		{ "{\"a\":{\"b/~\":1,\n\"b/~\":2}}", "/a/b~1~0",
		  FINDING_DUPLICATE, "", 2 },
		{ "{\"\\u0061\":1,\"a\":2}", "/a", FINDING_DUPLICATE, "", 1 },
		{ "[[1,2],[\"\xff\"]]", "/1/0", FINDING_ENCODING, "", 1 },
		{ "[\"\xc0\xaf\"]", "/0", FINDING_ENCODING, "", 1 },
		{ "[\"\xed\xa0\x80\"]", "/0", FINDING_ENCODING, "", 1 },
		{ "{\"a\":\"\\u0000\"}", "/a", FINDING_CONTROL, "U+0000", 1 },
		{ "{\"\\u0000\":1}", "", FINDING_CONTROL, "U+0000", 1 },
		{ "[\"\x01\"]", "/0", FINDING_CONTROL, NULL, 1 },
		{ "[9223372036854775808]", "/0", FINDING_TOO_LARGE,
		  "9223372036854775807", 1 },
		{ "[-9223372036854775809]", "/0", FINDING_TOO_SMALL,
		  "-9223372036854775808", 1 },
		{ "{\"x\":[1e400]}", "/x/0", FINDING_TOO_LARGE,
		  "1.7976931348623157e+308", 1 },
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		findings_init(&findings, arena);
		assert_int_equal(read_bytes(rows[i].text,
		    strlen(rows[i].text), &node), STATUS_INVALID);
		assert_null(node);
		assert_int_equal(findings.count, 1);
		assert_int_equal(findings.first->code, rows[i].code);
		assert_int_equal(findings.first->line, rows[i].line);
		assert_true(findings.first->column >= 1);
		/* jansson gives a list's or an object's place loosely. */
		if (rows[i].argument == NULL)
			continue;
		assert_string_equal(findings.first->pointer,
		    rows[i].pointer);
		assert_string_equal(findings.first->argument,
		    rows[i].argument);
	}
}

static void
raw_nul_is_refused(void **state)
{
	struct node	*node;

	(void)state;
	assert_int_equal(read_bytes("[1]\0", 4, &node), STATUS_INVALID);
	assert_int_equal(read_bytes("[\"a\0b\"]", 7, &node), STATUS_INVALID);
	assert_int_equal(read_bytes("[2\0]", 4, &node), STATUS_INVALID);
	assert_int_equal(read_bytes("2\0\n", 3, &node), STATUS_INVALID);
	assert_null(node);
	assert_int_equal(findings.last->code, FINDING_CONTROL);
	assert_string_equal(findings.last->argument, "U+0000");
}

static const char *
nested(size_t depth, const char *open, const char *close)
{
	struct buf	 buf;
	size_t		 i;

	buf_init(&buf, arena, SIZE_MAX);
	for (i = 0; i < depth; i++)
		buf_text(&buf, open);
	buf_text(&buf, "1");
	for (i = 0; i < depth; i++)
		buf_text(&buf, close);
	return (buf_finish(&buf, NULL));
}

static void
depth_is_capped(void **state)
{
	static const size_t	 depths[] = { 25, 100, 2047, 2049, 100000 };
	struct node		*node;
	const char		*text;
	size_t			 i;

	(void)state;
	text = nested(NODE_DEPTH_MAX, "[", "]");
	assert_int_equal(read_bytes(text, strlen(text), &node), STATUS_OK);
	for (i = 0; i < 2 * sizeof(depths) / sizeof(*depths); i++) {
		text = i % 2 == 0 ? nested(depths[i / 2], "[", "]") :
		    nested(depths[i / 2], "{\"a\":", "}");
		findings_init(&findings, arena);
		assert_int_equal(read_bytes(text, strlen(text), &node),
		    STATUS_INVALID);
		assert_int_equal(findings.count, 1);
		assert_int_equal(findings.first->code, FINDING_DEPTH);
		assert_string_equal(findings.first->argument, "24");
		assert_int_equal(strlen(findings.first->pointer),
		    2 * NODE_DEPTH_MAX);
	}
}

static void
children_are_found_by_name(void **state)
{
	struct node	*child, *list, *map;

	(void)state;
	map = node_new(arena, NODE_MAP);
	assert_null(node_get(map, "a"));
	assert_null(node_get(NULL, "a"));
	child = node_new(arena, NODE_INT);
	child->integer = 7;
	node_append(arena, map, "a", child);
	list = node_new(arena, NODE_LIST);
	node_append(arena, map, "b", list);
	child = node_new(arena, NODE_SCALAR);
	child->text = "12";
	node_append(arena, list, NULL, child);
	assert_ptr_equal(node_get(map, "b"), list);
	assert_null(node_get(list, "a"));
	assert_int_equal(map->count, 2);
	assert_string_equal(written(map), "{\"a\":7,\"b\":[\"12\"]}");
}

static void
pointers_are_escaped(void **state)
{
	const struct place	 list = { .name = "a/b~c" };
	const struct place	 item = { .above = &list, .index = 12 };

	(void)state;
	assert_string_equal(pointer_of(arena, "/p", &item),
	    "/p/a~1b~0c/12");
	assert_string_equal(pointer_of(arena, "", NULL), "");
}

static void
utf8_is_decoded_strictly(void **state)
{
	static const char *const	 bad[] = {
		"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98",
		"\xc3(",
	};
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(utf8_count(bad[i], strlen(bad[i])),
		    UTF8_INVALID);
	}
	assert_int_equal(utf8_count("aä€😀\xf4\x8f\xbf\xbf", 14), 5);
	assert_int_equal(utf8_count("", 0), 0);
}

static void
findings_beyond_the_cap_are_counted(void **state)
{
	const struct finding	*finding;
	size_t			 i, kept;

	(void)state;
	for (i = 0; i < FINDINGS_MAX + 7; i++)
		finding_add(&findings, "/a", NULL, 0, 0, FINDING_REQUIRED,
		    NULL);
	assert_int_equal(findings.count, FINDINGS_MAX + 7);
	kept = 0;
	for (finding = findings.first; finding != NULL;
	    finding = finding->next)
		kept++;
	assert_int_equal(kept, FINDINGS_MAX);
}

static void
findings_read_well_in_both_languages(void **state)
{
	static const struct {
		enum finding_code	 code;
		const char		*argument;
		const char		*de;
		const char		*en;
	} rows[] = {
		{ FINDING_REQUIRED, NULL, "fehlt, wird aber benötigt",
		  "is required" },
		{ FINDING_UNKNOWN, NULL, "ist hier nicht bekannt",
		  "is not known here" },
		{ FINDING_UNKNOWN, "categories",
		  "ist hier nicht bekannt, gemeint ist vielleicht "
		  "„categories“",
		  "is not known here, perhaps \"categories\" is meant" },
		{ FINDING_TYPE, "a whole number",
		  "hat den falschen Typ, erwartet wird eine ganze Zahl",
		  "has the wrong type, expected is a whole number" },
		{ FINDING_TOO_SHORT, "10",
		  "ist zu kurz, nötig sind mindestens 10 Zeichen",
		  "is too short, least number of characters: 10" },
		{ FINDING_DUPLICATE, "3",
		  "kommt doppelt vor, zuerst in Zeile 3",
		  "occurs twice, first in line 3" },
		{ FINDING_CHOICE, "100%s [x]",
		  "ist kein erlaubter Wert, möglich: 100%s [x]",
		  "is not an allowed value, possible: 100%s [x]" },
	};
	struct finding	 finding;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		(void)memset(&finding, 0, sizeof(finding));
		finding.pointer = "/a";
		finding.code = rows[i].code;
		finding.argument = rows[i].argument == NULL ? "" :
		    rows[i].argument;
		assert_string_equal(finding_message(arena, &finding, "de"),
		    rows[i].de);
		assert_string_equal(finding_message(arena, &finding, "en"),
		    rows[i].en);
		assert_string_equal(finding_message(arena, &finding, "fr"),
		    rows[i].en);
	}
}

static void
findings_are_said_in_the_other_languages_too(void **state)
{
	static const struct {
		enum finding_code	 code;
		const char		*argument;
		const char		*language;
		const char		*says;
	} rows[] = {
		{ FINDING_REQUIRED, "", "tr", "eksik, ancak gerekli" },
		{ FINDING_TOO_LONG, "5", "uk",
		  "надто довго, символів щонайбільше: 5" },
		{ FINDING_TOO_LONG, "5", "de-simple",
		  "Das ist zu lang. Mehr als 5 Zeichen gehen nicht." },
		{ FINDING_TYPE, "a number", "de-simple",
		  "Das passt hier nicht. Hier passt: eine Zahl." },
		{ FINDING_TYPE, "a number", "tr",
		  "yanlış türde, beklenen: bir sayı" },
		{ FINDING_TYPE, "a number", "uk",
		  "має неправильний тип, очікується: число" },
	};
	struct finding	 finding;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		finding = (struct finding){ .pointer = "/a",
		    .code = rows[i].code, .argument = rows[i].argument };
		assert_string_equal(finding_message(arena, &finding,
		    rows[i].language), rows[i].says);
	}
	finding.line = 7;
	finding.column = 5;
	finding.code = FINDING_REQUIRED;
	finding.argument = "";
	assert_string_equal(finding_message(arena, &finding, "tr"),
	    "eksik, ancak gerekli (satır 7, karakter 5)");
}

static void
lines_name_file_line_column_and_pointer(void **state)
{
	struct finding	 finding = {
		.pointer = "/hosts/0", .file = "tenants/herne.yaml",
		.line = 3, .column = 5, .code = FINDING_REQUIRED,
		.argument = ""
	};

	(void)state;
	assert_string_equal(finding_line(arena, &finding),
	    "tenants/herne.yaml:3:5: /hosts/0 is required");
	finding.line = 0;
	finding.pointer = "";
	assert_string_equal(finding_line(arena, &finding),
	    "tenants/herne.yaml: the document is required");
	finding.file = NULL;
	assert_string_equal(finding_line(arena, &finding),
	    "the document is required");
	finding.line = 7;
	assert_string_equal(finding_message(arena, &finding, "de"),
	    "fehlt, wird aber benötigt (Zeile 7, Zeichen 5)");
}

static void
each_code_and_each_form_has_its_words(void **state)
{
	static const char *const languages[] = { "de", "tr", "uk",
				    "de-simple" };
	struct finding		 finding = { .pointer = "", .argument = "" };
	enum field_format	 format;
	const char		*says, *english;
	size_t			 k;
	int			 i;

	(void)state;
	for (i = 0; i < FINDING_COUNT; i++) {
		finding.code = (enum finding_code)i;
		english = finding_message(arena, &finding, "en");
		assert_null(strchr(english, '['));
		for (k = 0; k < sizeof(languages) / sizeof(*languages); k++) {
			says = finding_message(arena, &finding, languages[k]);
			assert_true(strlen(says) > 5);
			assert_null(strchr(says, '['));
			assert_string_not_equal(says, english);
		}
		assert_string_not_equal(finding_code_text(finding.code), "");
	}
	for (format = FIELD_FORMAT_LINE; format <= FIELD_FORMAT_PATH;
	    format++) {
		says = field_format_says(format);
		assert_string_not_equal(says, "");
		for (k = 0; k < sizeof(languages) / sizeof(*languages); k++)
			assert_string_not_equal(finding_word(says,
			    languages[k]), says);
		assert_string_equal(finding_word(says, "en"), says);
	}
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(what_was_read_is_written_again),
		TEST(bad_json_is_refused_with_its_place),
		TEST(raw_nul_is_refused),
		TEST(depth_is_capped),
		TEST(children_are_found_by_name),
		TEST(pointers_are_escaped),
		TEST(utf8_is_decoded_strictly),
		TEST(findings_beyond_the_cap_are_counted),
		TEST(findings_read_well_in_both_languages),
		TEST(findings_are_said_in_the_other_languages_too),
		TEST(lines_name_file_line_column_and_pointer),
		TEST(each_code_and_each_form_has_its_words),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Texts by language, and which language a caller gets. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/plugin/message.h"

#include "folder.h"

static struct arena	*arena;
static struct findings	 findings;
static struct messages	*messages;
static const char	*folder;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	folder = folder_new(arena);
	return (folder == NULL ? -1 : 0);
}

static int
teardown(void **state)
{
	(void)state;
	folder_free(folder);
	arena_free(arena);
	return (0);
}

static void
put(const char *file, const char *text)
{
	assert_true(folder_write(arena_format(arena, "%s/%s", folder, file),
	    text));
}

static enum status
read_folder(void)
{
	findings_init(&findings, arena);
	return (messages_read(arena, folder, &messages, &findings));
}

static void
keys_are_paths_and_other_languages_fall_back_to_german(void **state)
{
	(void)state;
	put("de.yaml", "a:\n  b: Eins\n  c: Zwei\nd: '3'\ne: 4\n");
	put("en.yaml", "a:\n  b: One\n");
	put("README.md", "no texts");
	assert_int_equal(read_folder(), STATUS_OK);
	assert_string_equal(message_get(messages, "en", "a.b"), "One");
	assert_string_equal(message_get(messages, "en", "a.c"), "Zwei");
	assert_string_equal(message_get(messages, "fr", "d"), "3");
	assert_string_equal(message_get(messages, "de", "e"), "4");
	assert_null(message_get(messages, "de", "a"));
	assert_null(message_get(messages, "de", "a.x"));
	assert_true(messages_have(messages, "en"));
	assert_false(messages_have(messages, "fr"));
}

static void
what_the_app_says_is_not_the_servers(void **state)
{
	(void)state;
	put("de.yaml", "a: Eins\napp:\n  b: {one: eins, other: viele}\n");
	put("uk.yaml", "a: X\napp:\n  b: {one: x, few: y, other: z}\n");
	assert_int_equal(read_folder(), STATUS_OK);
	assert_null(message_get(messages, "de", "app.b.one"));
	assert_string_equal(message_get(messages, "uk", "a"), "X");
}

static void
missing_german_is_found(void **state)
{
	(void)state;
	put("en.yaml", "a: One\n");
	assert_int_equal(read_folder(), STATUS_INVALID);
	assert_int_equal(findings.count, 1);
	assert_non_null(strstr(findings.first->file, "/de.yaml"));
}

static void
a_text_that_german_lacks_and_what_is_no_text_are_found(void **state)
{
	(void)state;
	put("de.yaml", "a: Eins\nb: [x]\nc:\nd.e: 1\nd:\n  e: 2\n");
	put("en.yaml", "a: One\nx: More\n");
	assert_int_equal(read_folder(), STATUS_INVALID);
	assert_int_equal(findings.count, 4);
	assert_string_equal(findings.last->pointer, "/x");
	assert_int_equal(findings.last->line, 2);
	assert_int_equal(findings.last->code, FINDING_REFERENCE);
}

static void
texts_that_a_language_lacks_can_be_listed(void **state)
{
	(void)state;
	put("de.yaml", "a: Eins\nb: Zwei\n");
	put("en.yaml", "b: Two\n");
	assert_int_equal(read_folder(), STATUS_OK);
	messages_missing(messages, "en", &findings);
	assert_int_equal(findings.count, 1);
	assert_string_equal(findings.first->pointer, "/a");
	messages_missing(messages, "fr", &findings);
	assert_int_equal(findings.count, 3);
}

static void
arguments_take_the_place_of_their_names_once(void **state)
{
	static const char	 json[] = "{\"name\":\"{n}\",\"n\":5,"
	    "\"half\":0.5,\"list\":[1]}";
	struct node		*arguments;

	(void)state;
	assert_int_equal(node_from_json(arena, json, sizeof(json) - 1,
	    &arguments, &findings), STATUS_OK);
	assert_string_equal(message_fill(arena, "{name}, {n} and {half}",
	    arguments), "{n}, 5 and 0.5");
	assert_string_equal(message_fill(arena, "{x} {list} {n", arguments),
	    "{x} {list} {n");
	assert_string_equal(message_fill(arena, "{} {{n}}", arguments),
	    "{} {5}");
	assert_string_equal(message_fill(arena, "{n}", NULL), "{n}");
	assert_string_equal(message_fill(arena, "", arguments), "");
}

struct wish {
	const char	*header;
	const char	*language;
};

static void
the_best_language_that_is_there_is_chosen(void **state)
{
	static const struct wish	wishes[] = {
		{ NULL, "de" }, { "", "de" }, { "en", "en" },
		{ "EN-gb", "en" }, { "de-DE", "de" },
		{ "fr", "de" }, { "fr, en;q=0.5", "en" },
		{ "en;q=0.5, de;q=0.8", "de" },
		{ "de;q=0.5, en;q=0.8", "en" },
		{ "en, de", "en" }, { "de, en", "de" },
		{ "*", "de" }, { "fr, *;q=0.1", "de" },
		{ "de;q=0, *", "en" }, { "en;q=0, *", "de" },
		{ "de;q=0.1, *;q=0.5", "en" }, { "en;q=0", "de" },
		{ "en;q=0.001", "en" }, { "en;q=1.000", "en" },
		{ " en ; q=0.9 , de;q=0.8", "en" }, { "en;Q=1", "en" },
		{ "en;q=1.001", "de" }, { "en;q=2", "de" },
		{ "en;q=-1", "de" }, { "en;q=0.0001", "de" },
		{ "en;q=", "de" }, { "en;q", "de" }, { "en;x=1", "de" },
		{ "en;q=1;q=1", "de" }, { "e n", "de" }, { "-en", "de" },
		{ "english", "de" }, { "englishenglish", "de" },
		{ ",,,;;;,en", "en" }, { "\xff\xfe, en", "en" },
		{ "de-AT;q=0.1, de;q=0.9, en;q=0.5", "de" },
	};
	size_t				i;

	(void)state;
	put("de.yaml", "a: Eins\n");
	put("en.yaml", "a: One\n");
	assert_int_equal(read_folder(), STATUS_OK);
	for (i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
		if (strcmp(message_negotiate(messages, wishes[i].header),
		    wishes[i].language) != 0)
			fail_msg("\"%s\" is not %s", wishes[i].header,
			    wishes[i].language);
	}
}

static void
an_endless_header_is_read_up_to_its_limit(void **state)
{
	char	*header;

	(void)state;
	put("de.yaml", "a: Eins\n");
	put("en.yaml", "a: One\n");
	assert_int_equal(read_folder(), STATUS_OK);
	header = arena_alloc(arena, 100001);
	memset(header, 'a', 100000);
	memcpy(header, "en,", 3);
	assert_string_equal(message_negotiate(messages, header), "en");
	memset(header, ',', 100000);
	memcpy(header + 99998, "en", 2);
	assert_string_equal(message_negotiate(messages, header), "de");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(keys_are_paths_and_other_languages_fall_back_to_german),
		TEST(what_the_app_says_is_not_the_servers),
		TEST(missing_german_is_found),
		TEST(a_text_that_german_lacks_and_what_is_no_text_are_found),
		TEST(texts_that_a_language_lacks_can_be_listed),
		TEST(arguments_take_the_place_of_their_names_once),
		TEST(the_best_language_that_is_there_is_chosen),
		TEST(an_endless_header_is_read_up_to_its_limit),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Messages through the whole sandbox; they are the seeds of the fuzz target. */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "courier/message.h"
#include "courier/sandbox.h"

#include "fixture.h"

static struct arena	*arena;

static enum status
open_seed(const char *name, struct message *message)
{
	struct bytes	 raw;
	char		 path[128];
	enum status	 status;

	(void)snprintf(path, sizeof(path), "../fuzz/seeds/message/%s", name);
	raw = fixture_read(path);
	if (raw.at == NULL)
		fail_msg("no seed \"%s\"", name);
	memset(message, 0, sizeof(*message));
	status = message_open(arena, raw, message);
	fixture_free(raw);
	return (status);
}

static struct message
seed(const char *name)
{
	struct message	 message;

	if (open_seed(name, &message) != STATUS_OK)
		fail_msg("\"%s\" cannot be read", name);
	return (message);
}

static int
arena_begin(void **state)
{
	(void)state;
	arena = arena_new(0);
	return (0);
}

static int
arena_end(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static void
a_plain_message_has_sender_subject_text_and_date(void **state)
{
	struct message	 message = seed("plain");

	(void)state;
	assert_string_equal(message.kind, "message");
	assert_string_equal(message.from, "kim@example.org");
	assert_string_equal(message.from_name, "Kim Beispiel");
	assert_string_equal(message.subject, "Schlagloch");
	assert_string_equal(message.message_id, "1@example.org");
	assert_string_equal(message.sent_at, "2026-11-26T07:00:00Z");
	assert_string_equal(message.text,
	    "Vor Haus 5 ist ein Loch.\n\nGrüße");
	assert_int_equal(message.to.count, 1);
	assert_int_equal(message.files.count, 0);
}

static void
charsets_that_lie_or_do_not_exist_still_give_text(void **state)
{
	struct message	 message;

	(void)state;
	message = seed("encoded-words");
	assert_string_equal(message.from_name, "Müller, €");
	assert_string_equal(message.subject, "Straße kaputt!");
	assert_string_equal(message.text, "Straße kaputt");
	assert_string_equal(seed("wrong-charset").text, "Straße käputt");
	assert_string_equal(seed("unknown-charset").text, "Straße");
	assert_string_equal(seed("nul").text, "beforeafter");
}

static void
who_did_not_sign_or_signed_twice_is_nobody(void **state)
{
	struct message	 message;

	(void)state;
	assert_null(seed("no-from").from);
	assert_null(seed("two-froms").from);
	assert_null(seed("from-list").from);
	assert_string_equal(seed("no-from").kind, "message");
	assert_null(seed("no-date").sent_at);
	assert_non_null(seed("no-head").kind);
	assert_int_equal(open_seed("empty", &message), STATUS_REFUSED);
}

static void
no_header_and_no_direction_is_smuggled_in(void **state)
{
	struct message	 message = seed("injection");

	(void)state;
	assert_null(strchr(message.subject, '\n'));
	assert_string_equal(message.text, "text");
	assert_string_equal(seed("bidi").subject, "gpj.exe");
}

static void
html_becomes_text_without_script_and_without_what_is_elsewhere(void **state)
{
	struct message	 message = seed("html");

	(void)state;
	assert_non_null(strstr(message.text, "Hallo Stadt & Bürger"));
	assert_non_null(strstr(message.text, "Absatz € €"));
	assert_null(strstr(message.text, "alert"));
	assert_null(strstr(message.text, "tracker"));
	assert_string_equal(seed("alternative").text, "plain");
}

static void
flowed_text_flows_and_quotes_are_not_shown(void **state)
{
	struct message	 message = seed("flowed");

	(void)state;
	assert_non_null(strstr(message.text,
	    "Ein langer Absatz, der fliesst.\n\n> quoted more"));
	assert_string_equal(message.shown, "Ein langer Absatz, der fliesst.");
	message = seed("reply");
	assert_string_equal(message.shown, "Ja, es ist noch da.");
	assert_non_null(strstr(message.text, "> Ist es noch da?"));
	assert_int_equal(message.answers.count, 3);
}

static void
files_keep_their_names_but_no_folder(void **state)
{
	struct message	 message = seed("rfc2231");

	(void)state;
	assert_int_equal(message.files.count, 1);
	assert_string_equal(message.files.items[0].name, "Löcher im Weg.pdf");
	assert_string_equal(message.files.items[0].media_type,
	    "application/pdf");
	assert_int_equal(message.files.items[0].size, 3);
	assert_memory_equal(message.files.items[0].content.at, "PDF", 3);
	message = seed("path-name");
	assert_int_equal(message.files.count, 2);
	assert_string_equal(message.files.items[0].name, "pass_wd_");
	assert_null(strchr(message.files.items[1].name, '\\'));
	message = seed("tnef");
	assert_string_equal(message.files.items[0].name, "winmail.dat");
	message = seed("alternative");
	assert_string_equal(message.files.items[0].media_type,
	    "text/calendar");
}

static void
what_is_too_many_or_too_deep_is_counted(void **state)
{
	struct message	 message = seed("attachments-1000");

	(void)state;
	assert_int_equal(message.files.count, MESSAGE_FILES_MAX);
	assert_int_equal(message.dropped, 1000 - MESSAGE_FILES_MAX);
	assert_string_equal(message.text, "text");
	message = seed("nested-100");
	assert_int_equal(message.dropped, 1);
	message = seed("nested-mail-100");
	assert_int_equal(message.files.count, 1);
	message = seed("huge-line");
	assert_true(message.cut);
	assert_int_equal(strlen(message.text), MESSAGE_TEXT_MAX);
	assert_int_equal(strlen(message.subject), MESSAGE_LINE_MAX);
}

static void
machines_are_told_from_people(void **state)
{
	struct message	 message = seed("bounce");

	(void)state;
	assert_string_equal(message.kind, "bounce");
	assert_string_equal(message.status, "5.1.1");
	assert_string_equal(message.answers.items[0],
	    "7.1.1795@stadt.example.org");
	message = seed("delayed");
	assert_string_equal(message.kind, "automatic");
	assert_string_equal(message.answers.items[0],
	    "7.1.1795@stadt.example.org");
	assert_string_equal(seed("vacation").kind, "automatic");
	assert_string_equal(seed("newsletter").kind, "generated");
}

static void
what_is_broken_is_read_as_far_as_it_goes(void **state)
{
	(void)state;
	assert_string_equal(seed("unclosed").text, "text");
	assert_int_equal(seed("unclosed").files.count, 1);
	(void)seed("missing-boundary");
	(void)seed("uuencode");
	(void)seed("smime");
}

static void
a_charset_that_would_need_a_file_harms_nobody_else(void **state)
{
	struct message	 message;
	enum status	 status;

	(void)state;
	status = open_seed("exotic-charset", &message);
	assert_true(status == STATUS_OK || status == STATUS_REFUSED);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(
		    a_plain_message_has_sender_subject_text_and_date),
		cmocka_unit_test(
		    charsets_that_lie_or_do_not_exist_still_give_text),
		cmocka_unit_test(who_did_not_sign_or_signed_twice_is_nobody),
		cmocka_unit_test(no_header_and_no_direction_is_smuggled_in),
		cmocka_unit_test(
	    html_becomes_text_without_script_and_without_what_is_elsewhere),
		cmocka_unit_test(flowed_text_flows_and_quotes_are_not_shown),
		cmocka_unit_test(files_keep_their_names_but_no_folder),
		cmocka_unit_test(what_is_too_many_or_too_deep_is_counted),
		cmocka_unit_test(machines_are_told_from_people),
		cmocka_unit_test(what_is_broken_is_read_as_far_as_it_goes),
		cmocka_unit_test(
		    a_charset_that_would_need_a_file_harms_nobody_else),
	};

	if (sandbox_wanted(argc, argv))
		return (sandbox_child());
	(void)signal(SIGPIPE, SIG_IGN);
	return (cmocka_run_group_tests(tests, arena_begin, arena_end));
}

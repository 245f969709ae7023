/* SPDX-License-Identifier: EUPL-1.2 */
/* What a message looks like, and what nobody can make it look like. */

#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "courier/mail_html.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static const struct mail	 example = {
	.from_name = "Stadt Herne", .from = "stadt@example.org",
	.to = "name@example.org", .subject = "Ihr Code", .body = "Hallo\n",
	.language = "de", .message_id = "7.1.1795221590@example.org",
	.date = 1795221590,
};

#define PAPER(n)							\
	{ "#00000" n, "#10000" n, "#20000" n, "#30000" n, "#40000" n,	\
	  "#50000" n, "#60000" n, "#70000" n }

static const unsigned char	 emblem[200] = { 0x89, 'P', 'N', 'G' };

static const struct mail_look	 look = {
	.city = "Herne", .flow = "Hallo\n",
	.colours = { .light = PAPER("1"), .dark = PAPER("2") },
	.emblem = { emblem, sizeof(emblem) },
};

static char *
formatted(struct arena *arena, const struct mail *mail)
{
	char	*text;
	size_t	 len;

	assert_int_equal(mail_format(arena, mail, &text, &len), STATUS_OK);
	assert_int_equal(strlen(text), len);
	return (text);
}

static void
a_message_has_all_its_headers_in_order_and_ends_lines_in_crlf(void **state)
{
	struct arena	*arena;

	(void)state;
	arena = arena_new(0);
	assert_string_equal(formatted(arena, &example),
	    "Date: Sat, 21 Nov 2026 00:39:50 +0000\r\n"
	    "From: \"Stadt Herne\"\r\n <stadt@example.org>\r\n"
	    "To: <name@example.org>\r\n"
	    "Subject: Ihr Code\r\n"
	    "Message-ID: <7.1.1795221590@example.org>\r\n"
	    "Content-Language: de\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Hallo\r\n");
	arena_free(arena);
}

static void
umlauts_in_headers_become_encoded_words(void **state)
{
	struct mail	 mail = example;
	struct arena	*arena;
	char		*text;

	(void)state;
	arena = arena_new(0);
	mail.subject = "Stra\u00dfe gesperrt";
	mail.from_name = "M\u00fcnster";
	text = formatted(arena, &mail);
	assert_non_null(strstr(text,
	    "\r\nSubject: =?UTF-8?B?U3RyYcOfZSBnZXNwZXJydA==?=\r\n"));
	assert_non_null(strstr(text,
	    "\r\nFrom: =?UTF-8?B?TcO8bnN0ZXI=?=\r\n <stadt@example.org>\r\n"));
	arena_free(arena);
}

static void
long_headers_are_folded_between_characters(void **state)
{
	struct mail	 mail = example;
	struct arena	*arena;
	char		 subject[400], *line, *end;

	(void)state;
	arena = arena_new(0);
	/* An odd byte first, so that no word ends evenly. */
	subject[0] = 'x';
	for (size_t i = 1; i + 2 < sizeof(subject); i += 2)
		memcpy(subject + i, "\u00fc", 2);
	subject[399] = '\0';
	mail.subject = subject;
	line = strstr(formatted(arena, &mail), "Subject: ");
	assert_non_null(line);
	for (;; line = end + 2) {
		end = strstr(line, "\r\n");
		assert_non_null(end);
		assert_true(end - line <= 76);
		if (end[2] != ' ')
			break;
		/* RFC 2047, 5: a word holds whole characters: the begin of
		 * each is no continuation byte (0x80 to 0xbf). */
		assert_memory_equal(end + 2, " =?UTF-8?B?w7", 13);
	}
	arena_free(arena);
}

static void
no_body_line_is_longer_than_76_and_none_is_a_lone_dot(void **state)
{
	struct mail	 mail = example;
	struct arena	*arena;
	char		 body[2000], *line, *end;

	(void)state;
	arena = arena_new(0);
	memset(body, 'a', sizeof(body));
	memcpy(body + 500, "\n.\n", 3);
	memcpy(body + 700, "\n.leading\n  \n", 13);
	memcpy(body + 900, "\u00fc\u00df=\u20ac", 8);
	body[1999] = '\0';
	mail.body = body;
	line = strstr(formatted(arena, &mail), "\r\n\r\n") + 4;
	for (; *line != '\0'; line = end + 2) {
		end = strstr(line, "\r\n");
		assert_non_null(end);
		assert_true(end - line <= 76);
		assert_true(*line != '.');
		assert_true(end == line || (end[-1] != ' ' &&
		    end[-1] != '\t'));
	}
	arena_free(arena);
}

/* A quoted-printable decoder, the simplest that can be. */
static void
body_decode(const char *from, char *to)
{
	unsigned int	 byte;

	while (*from != '\0') {
		if (strncmp(from, "=\r\n", 3) == 0)
			from += 3;
		else if (strncmp(from, "\r\n", 2) == 0) {
			*to++ = '\n';
			from += 2;
		} else if (*from == '=') {
			assert_int_equal(sscanf(from + 1, "%2X", &byte), 1);
			*to++ = (char)byte;
			from += 3;
		} else
			*to++ = *from++;
	}
	*to = '\0';
}

static void
the_body_arrives_as_it_was_written(void **state)
{
	static const char *const	 bodies[] = {
		"Gr\u00fc\u00dfe\n\n.\n..\n trailing \t\nx = y\n",
		"one very long line without any break: "
		"0123456789012345678901234567890123456789012345678901234567890"
		"\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\n",
		"From the beginning\n",
		"\U0001f333 tree\n",
	};
	struct mail			 mail = example;
	struct arena			*arena;
	char				 back[1024];
	size_t				 i;

	(void)state;
	arena = arena_new(0);
	for (i = 0; i < COUNT(bodies); i++) {
		mail.body = bodies[i];
		body_decode(strstr(formatted(arena, &mail), "\r\n\r\n") + 4,
		    back);
		assert_string_equal(back, bodies[i]);
	}
	arena_free(arena);
}

static void
no_value_can_begin_another_header(void **state)
{
	static const char *const	 values[] = {
		"a\r\nBcc: x@example.org", "a\nBcc: x@example.org",
		"a\rBcc: x@example.org", "a\tb", "a\x01", "a\x7f",
	};
	struct arena			*arena;
	struct mail			 mail;
	char				*text;
	size_t				 i, len;

	(void)state;
	arena = arena_new(0);
	for (i = 0; i < COUNT(values); i++) {
		mail = example;
		mail.subject = values[i];
		assert_int_equal(mail_format(arena, &mail, &text, &len),
		    STATUS_INVALID);
		mail = example;
		mail.from_name = values[i];
		assert_int_equal(mail_format(arena, &mail, &text, &len),
		    STATUS_INVALID);
		mail = example;
		mail.message_id = values[i];
		assert_int_equal(mail_format(arena, &mail, &text, &len),
		    STATUS_INVALID);
		mail = example;
		mail.language = values[i];
		assert_int_equal(mail_format(arena, &mail, &text, &len),
		    STATUS_INVALID);
	}
	arena_free(arena);
}

static void
only_plain_addresses_are_taken(void **state)
{
	static const char *const	 bad[] = {
		"", "name", "name@", "@example.org", "a b@example.org",
		"a@example.org\r\nRCPT TO:<b@example.org>",
		"a@example.org>", "<a@example.org>", "a,b@example.org",
		"\"a\"@example.org", "a@b@example.org", "\u00fc@example.org",
		"a@example.org\n", "a@[127.0.0.1]", "a\\@example.org",
	};
	static const char *const	 good[] = {
		"name@example.org", "first.last+tag@mail.example.org",
		"o'neill@example.org",
	};
	struct mail			 mail = example;
	struct arena			*arena;
	char				*text;
	size_t				 i, len;

	(void)state;
	arena = arena_new(0);
	assert_false(mail_address_fits(NULL));
	for (i = 0; i < COUNT(bad); i++) {
		if (mail_address_fits(bad[i]))
			fail_msg("\"%s\" was taken", bad[i]);
		mail.to = bad[i];
		assert_int_equal(mail_format(arena, &mail, &text, &len),
		    STATUS_INVALID);
	}
	for (i = 0; i < COUNT(good); i++) {
		if (!mail_address_fits(good[i]))
			fail_msg("\"%s\" was refused", good[i]);
	}
	arena_free(arena);
}

static void
quotes_in_the_sender_are_escaped(void **state)
{
	struct mail	 mail = example;
	struct arena	*arena;

	(void)state;
	arena = arena_new(0);
	mail.from_name = "The \"City\" \\ <x@example.org>";
	assert_non_null(strstr(formatted(arena, &mail),
	    "\r\nFrom: \"The \\\"City\\\" \\\\ <x@example.org>\"\r\n"));
	arena_free(arena);
}

/* How often `part` is in `text`. */
static int
occurs(const char *text, const char *part)
{
	int	count;

	for (count = 0; (text = strstr(text, part)) != NULL; count++)
		text += strlen(part);
	return (count);
}

static void
with_a_look_the_text_comes_first_then_html_with_the_emblem(void **state)
{
	static const char *const	 order[] = {
		"\r\nMIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative;\r\n"
		" boundary=\"=_alternative\"\r\n\r\n"
		"--=_alternative\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"Hallo\r\n"
		"--=_alternative\r\n"
		"Content-Type: multipart/related; type=\"text/html\";\r\n"
		" boundary=\"=_related\"\r\n\r\n"
		"--=_related\r\n"
		"Content-Type: text/html; charset=utf-8\r\n",
		"<img src=3D\"cid:emblem.7.1.1795221590@example.org\"",
		"</html>\r\n--=_related\r\n"
		"Content-Type: image/png\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"Content-Disposition: inline; filename=\"emblem.png\"\r\n"
		"Content-ID: <emblem.7.1.1795221590@example.org>\r\n\r\n"
		"iVBORwAA",
		"\r\n--=_related--\r\n--=_alternative--\r\n",
	};
	struct mail			 mail = example;
	struct mail_look		 plain = look;
	struct arena			*arena;
	const char			*text, *at;
	size_t				 i;

	(void)state;
	arena = arena_new(0);
	mail.look = &look;
	text = at = formatted(arena, &mail);
	for (i = 0; i < COUNT(order); i++) {
		if ((at = strstr(at, order[i])) == NULL)
			fail_msg("nowhere, or too early: %s", order[i]);
	}
	assert_int_equal(strlen(at), strlen(order[COUNT(order) - 1]));
	assert_string_equal(formatted(arena, &mail), text);
	plain.emblem = (struct bytes){ NULL, 0 };
	mail.look = &plain;
	text = formatted(arena, &mail);
	assert_null(strstr(text, "_related"));
	assert_null(strstr(text, "cid:"));
	assert_null(strstr(text, "<img"));
	arena_free(arena);
}

static void
no_line_of_any_part_is_longer_than_76_or_not_ascii(void **state)
{
	struct mail		 mail = example;
	struct mail_look	 longer = look;
	struct arena		*arena;
	const char		*line, *end;
	char			 body[3000];

	(void)state;
	arena = arena_new(0);
	memset(body, 'a', sizeof(body));
	memcpy(body + 700, "\n.\n\u00fc", 6);
	body[2999] = '\0';
	mail.body = longer.flow = body;
	mail.look = &longer;
	for (line = formatted(arena, &mail); *line != '\0'; line = end + 2) {
		end = strstr(line, "\r\n");
		assert_non_null(end);
		assert_true(end - line <= 76);
		assert_true(*line != '.');
		for (; line < end; line++)
			assert_true(*line >= ' ' && *line < 0x7f);
	}
	arena_free(arena);
}

static void
no_text_can_end_a_part_early(void **state)
{
	static const char	 text[] = "--=_alternative--\n--=_related\n"
	    "Content-Type: text/html\n";
	struct mail		 mail = example;
	struct mail_look	 other = look;
	struct arena		*arena;

	(void)state;
	arena = arena_new(0);
	mail.body = other.flow = text;
	mail.subject = other.city = "--=_related";
	mail.look = &other;
	/* Two parts and an end each; the names once in the heads. */
	assert_int_equal(occurs(formatted(arena, &mail),
	    "\r\n--=_alternative"), 3);
	assert_int_equal(occurs(formatted(arena, &mail), "\r\n--=_related"),
	    3);
	arena_free(arena);
}

/* The body of the HTML part, undecoded. */
static const char *
shown(struct arena *arena, const struct mail *mail)
{
	const char	*html;

	html = mail_html(arena, mail, NULL);
	assert_non_null(html);
	assert_non_null(strstr(html, "<body"));
	return (html);
}

static void
whatever_stands_in_it_is_escaped(void **state)
{
	static const char	 bad[] = "<script>alert(1)</script>\n"
	    "\"'&amp; \x01\n\nhttps://example.org/?a=1&b='\"><img src=x>\n";
	struct mail		 mail = example;
	struct mail_look	 other = look;
	struct arena		*arena;
	const char		*html;

	(void)state;
	arena = arena_new(0);
	mail.subject = other.city = other.flow = bad;
	mail.from = "a\"><b>&#@example.org";
	mail.language = "de\"><i>";
	mail.look = &other;
	html = shown(arena, &mail);
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "<img"));
	assert_null(strstr(html, "<b>"));
	assert_null(strstr(html, "<i>"));
	assert_null(strchr(html, '\x01'));
	assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt;"
	    "<br>\n&quot;&#39;&amp;amp;"));
	assert_non_null(strstr(html, "<a href=\"https://example.org/?a=1&amp;"
	    "b=\" class"));
	assert_non_null(strstr(html, "mailto:a%22%3E%3Cb%3E%26%23@example"));
	arena_free(arena);
}

static void
nothing_is_loaded_and_nothing_runs(void **state)
{
	static const char *const	 never[] = { "src=\"http", "url(",
					    "@import", "<link", "<script",
					    "<form", "<table", " on" };
	struct mail			 mail = example;
	struct arena			*arena;
	const char			*html;
	size_t				 i;

	(void)state;
	arena = arena_new(0);
	mail.look = &look;
	html = shown(arena, &mail);
	for (i = 0; i < COUNT(never); i++) {
		if (strstr(html, never[i]) != NULL)
			fail_msg("%s", never[i]);
	}
	arena_free(arena);
}

static void
paragraphs_lines_links_and_a_code_are_shown_as_such(void **state)
{
	struct mail		 mail = example;
	struct mail_look	 other = look;
	struct arena		*arena;
	const char		*html;

	(void)state;
	arena = arena_new(0);
	other.flow = "One,\ntwo.\n\n\n    123456\n\n1234567\n"
	    "See (https://example.org/a), or https://. http://example.org\n";
	mail.look = &other;
	html = shown(arena, &mail);
	assert_non_null(strstr(html, ">One,<br>\ntwo.</p>\n<p style="));
	assert_non_null(strstr(html, "font-size:36px"));
	assert_non_null(strstr(html, ">123456</p>\n<p dir=\"auto\""));
	assert_non_null(strstr(html, ">1234567<br>\nSee (<a href="
	    "\"https://example.org/a\" class=\"l\" style=\"color:#600001\">"
	    "https://example.org/a</a>), or https://. http://example.org"
	    "</p>\n"));
	assert_int_equal(occurs(html, "<a href=\"https"), 1);
	arena_free(arena);
}

static void
the_frame_is_the_themes_in_both_modes_and_in_the_texts_language(void **state)
{
	struct mail	 mail = example;
	struct arena	*arena;
	const char	*html;

	(void)state;
	arena = arena_new(0);
	mail.look = &look;
	html = shown(arena, &mail);
	assert_non_null(strstr(html, "<html lang=\"de\" dir=\"ltr\">"));
	assert_non_null(strstr(html, "background:#000001;color:#100001"));
	assert_non_null(strstr(html, "@media (prefers-color-scheme:dark)"));
	assert_non_null(strstr(html,
	    ".h{background:#000002!important;color:#100002!important}"));
	assert_non_null(strstr(html, "content=\"light dark\""));
	assert_non_null(strstr(html, "Herne<br>\n"
	    "<a href=\"mailto:stadt@example.org\""));
	mail.language = "ar";
	assert_non_null(strstr(shown(arena, &mail),
	    "<html lang=\"ar\" dir=\"rtl\">"));
	arena_free(arena);
}

static void
lines_that_were_broken_for_width_alone_are_one(void **state)
{
	struct arena	*arena;

	(void)state;
	arena = arena_new(0);
	assert_string_equal(mail_unfold(arena,
	    "Good day,\n\n"
	    "this is a line that was broken because it would have become\n"
	    "too long.\n"
	    "This one was not.\n"
	    "Number:    {number}, and a good deal more than would have fitted\n"
	    "Category:  {category}\n"
	    "    an indented line that is as long as it is, whatever comes\n"
	    "next\n{text}\n"),
	    "Good day,\n\n"
	    "this is a line that was broken because it would have become "
	    "too long.\n"
	    "This one was not.\n"
	    "Number:    {number}, and a good deal more than would have fitted\n"
	    "Category:  {category}\n"
	    "    an indented line that is as long as it is, whatever comes\n"
	    "next\n{text}\n");
	assert_string_equal(mail_unfold(arena, ""), "");
	arena_free(arena);
}

static void
a_message_above_the_limit_is_refused(void **state)
{
	struct mail		 mail = example;
	struct mail_look	 longer = look;
	struct arena		*arena;
	char			*body, *text;
	size_t			 len;

	(void)state;
	arena = arena_new(0);
	body = arena_alloc(arena, MAIL_MAX + 1);
	memset(body, 'a', MAIL_MAX);
	mail.body = body;
	assert_int_equal(mail_format(arena, &mail, &text, &len),
	    STATUS_LIMIT);
	/* The HTML is longer than the text. */
	body[MAIL_MAX / 3] = '\0';
	assert_int_equal(mail_format(arena, &mail, &text, &len), STATUS_OK);
	longer.flow = body;
	memset(body, '&', MAIL_MAX / 3);
	mail.look = &longer;
	assert_int_equal(mail_format(arena, &mail, &text, &len),
	    STATUS_LIMIT);
	arena_free(arena);
}

static void
without_a_relay_a_message_becomes_one_private_file(void **state)
{
	struct mail_parcel	 parcel = { .from = "a@example.org",
	    .to = "b@example.org", .text = "text", .len = 4, .name = "one" };
	struct env		 env = { .smtp_url = NULL };
	struct arena		*arena;
	struct stat		 st;
	char			 dir[] = "/tmp/stadtkern-mail-XXXXXX";
	const char		*reason, *path;

	(void)state;
	arena = arena_new(0);
	assert_non_null(mkdtemp(dir));
	env.var = dir;
	path = arena_format(arena, "%s/mail/one.eml", dir);
	/* Twice: a repeated job replaces its own message. */
	assert_int_equal(mail_deliver(arena, &env, &parcel, &reason),
	    STATUS_OK);
	assert_int_equal(mail_deliver(arena, &env, &parcel, &reason),
	    STATUS_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 4);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0);
	/* Empty but for it: no half-written file is left. */
	assert_int_equal(rmdir(arena_format(arena, "%s/mail", dir)), 0);
	assert_int_equal(rmdir(dir), 0);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(
		    a_message_has_all_its_headers_in_order_and_ends_lines_in_crlf),
		cmocka_unit_test(umlauts_in_headers_become_encoded_words),
		cmocka_unit_test(long_headers_are_folded_between_characters),
		cmocka_unit_test(
		    no_body_line_is_longer_than_76_and_none_is_a_lone_dot),
		cmocka_unit_test(the_body_arrives_as_it_was_written),
		cmocka_unit_test(no_value_can_begin_another_header),
		cmocka_unit_test(only_plain_addresses_are_taken),
		cmocka_unit_test(quotes_in_the_sender_are_escaped),
		cmocka_unit_test(
		    with_a_look_the_text_comes_first_then_html_with_the_emblem),
		cmocka_unit_test(
		    no_line_of_any_part_is_longer_than_76_or_not_ascii),
		cmocka_unit_test(no_text_can_end_a_part_early),
		cmocka_unit_test(whatever_stands_in_it_is_escaped),
		cmocka_unit_test(nothing_is_loaded_and_nothing_runs),
		cmocka_unit_test(
		    paragraphs_lines_links_and_a_code_are_shown_as_such),
		cmocka_unit_test(
		    the_frame_is_the_themes_in_both_modes_and_in_the_texts_language),
		cmocka_unit_test(
		    lines_that_were_broken_for_width_alone_are_one),
		cmocka_unit_test(a_message_above_the_limit_is_refused),
		cmocka_unit_test(
		    without_a_relay_a_message_becomes_one_private_file),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

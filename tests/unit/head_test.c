/* SPDX-License-Identifier: EUPL-1.2 */
/* The head of a request: what is read, what is refused, and how early. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../platform/web/kore/head.c"

#define SIZE	32768
#define LINE	"GET / HTTP/1.1\r\n"
#define HOST	"Host: a\r\n"
#define POST	"POST / HTTP/1.1\r\nHost: a\r\n"
#define END	"\r\n"

struct sample {
	const char	*name;
	const char	*text;
	int		 status;
};

static struct http_head	head;
static char		*buf;

/* In memory of its own length, so that the sanitizers see an over-read. */
static int
parse(const char *text, size_t len, size_t size)
{
	free(buf);
	buf = malloc(len == 0 ? 1 : len);
	assert_non_null(buf);
	memcpy(buf, text, len);
	return (http_head_parse(buf, len, size, &head));
}

static int
parse_text(const char *text)
{
	return (parse(text, strlen(text), SIZE));
}

static int
teardown(void **state)
{
	(void)state;
	free(buf);
	buf = NULL;
	return (0);
}

static const struct sample refused[] = {
	{ "no host", LINE END, 400 },
	{ "an empty host", LINE "Host:\r\n" END, 400 },
	{ "two hosts", LINE HOST HOST END, 400 },
	{ "a host by prefix", LINE "Hostx: a\r\n" END, 400 },
	{ "a host with a path", LINE "Host: a/b\r\n" END, 400 },
	{ "a host with a user", LINE "Host: a@b\r\n" END, 400 },
	{ "a host list", LINE "Host: a, b\r\n" END, 400 },
	{ "a host that is a port", LINE "Host: :80\r\n" END, 400 },
	{ "a host with an empty port", LINE "Host: a:\r\n" END, 400 },
	{ "a host with a long port", LINE "Host: a:123456\r\n" END, 400 },
	{ "an open bracket", LINE "Host: [::1\r\n" END, 400 },
	{ "an empty bracket", LINE "Host: []\r\n" END, 400 },
	{ "letters behind a bracket", LINE "Host: [::1]a\r\n" END, 400 },
	{ "a body on GET", LINE HOST "Content-Length: 1\r\n" END, 400 },
	{ "no length", POST END, 411 },
	{ "two lengths", POST "Content-Length: 3\r\nContent-Length: 3\r\n"
	    END, 400 },
	{ "a length list", POST "Content-Length: 3, 3\r\n" END, 400 },
	{ "a signed length", POST "Content-Length: +3\r\n" END, 400 },
	{ "a negative length", POST "Content-Length: -3\r\n" END, 400 },
	{ "a hexadecimal length", POST "Content-Length: 0x3\r\n" END, 400 },
	{ "an empty length", POST "Content-Length:\r\n" END, 400 },
	{ "19 digits", POST "Content-Length: 1000000000000000000\r\n" END,
	    400 },
	{ "chunked", POST "Transfer-Encoding: chunked\r\n" END, 411 },
	{ "chunked on GET", LINE HOST "Transfer-Encoding: chunked\r\n" END,
	    411 },
	{ "chunked and length", POST "Transfer-Encoding: chunked\r\n"
	    "Content-Length: 3\r\n" END, 400 },
	{ "a bare LF", LINE "Host: a\n" END, 400 },
	{ "a bare CR", LINE "Host: a\rb\r\n" END, 400 },
	{ "a folded line", LINE HOST " b\r\n" END, 400 },
	{ "a blank before the first field", LINE " X: a\r\n" HOST END, 400 },
	{ "a blank before the colon", LINE "Host : a\r\n" END, 400 },
	{ "a control character", LINE HOST "X: \x01\r\n" END, 400 },
	{ "DEL", LINE HOST "X: \x7f\r\n" END, 400 },
	{ "no name", LINE HOST ": a\r\n" END, 400 },
	{ "no colon", LINE HOST "a\r\n" END, 400 },
	{ "a name beyond ASCII", LINE HOST "X\xe4: a\r\n" END, 400 },
	{ "an empty first line", END LINE HOST END, 400 },
	{ "one word", "GET\r\n", 400 },
	{ "two words", "GET /\r\n", 400 },
	{ "four words", "GET / x HTTP/1.1\r\n", 400 },
	{ "two blanks", "GET  / HTTP/1.1\r\n", 400 },
	{ "a tab", "GET\t/ HTTP/1.1\r\n", 400 },
	{ "a blank first", " GET / HTTP/1.1\r\n", 400 },
	{ "the absolute form", "GET http://a/ HTTP/1.1\r\n", 400 },
	{ "an asterisk for GET", "GET * HTTP/1.1\r\n", 400 },
	{ "no slash", "GET a HTTP/1.1\r\n", 400 },
	{ "a fragment", "GET /#a HTTP/1.1\r\n", 400 },
	{ "a target beyond ASCII", "GET /\xe4 HTTP/1.1\r\n", 400 },
	{ "no such version", "GET / HTTP/1.x\r\n", 400 },
	{ "a version in lower case", "GET / http/1.1\r\n", 400 },
	{ "version 1.2", "GET / HTTP/1.2\r\n", 505 },
	{ "version 3.0", "GET / HTTP/3.0\r\n", 505 },
	{ "an unknown method", "BREW / HTTP/1.1\r\n", 501 },
	{ "a method in lower case", "get / HTTP/1.1\r\n", 501 },
	{ "HTTP/2", "PRI * HTTP/2.0\r\n", 501 },
	{ "CONNECT", "CONNECT a:1 HTTP/1.1\r\n", 501 },
	/* As soon as it can be known. */
	{ "TLS", "\x16\x03\x01", 400 },
	{ "the beginning of an empty line", "\n", 400 },
	{ "a long word", "GETGETGETGETGETGET", 501 },
	{ "a fault in an unfinished head", LINE "Host", HTTP_HEAD_MORE },
	{ "a LF in an unfinished head", LINE "Host: a\nX", 400 },
	{ "nothing", "", HTTP_HEAD_MORE },
	{ "half a line", "GET /a", HTTP_HEAD_MORE },
	{ "a line without its LF", "GET / HTTP/1.1\r", HTTP_HEAD_MORE },
	{ "a head without its end", LINE HOST, HTTP_HEAD_MORE },
};

static void
what_is_wrong_is_refused_with_its_status(void **state)
{
	size_t	i;
	int	status;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		status = parse_text(refused[i].text);
		if (status != refused[i].status)
			fail_msg("%s: %d, not %d", refused[i].name, status,
			    refused[i].status);
	}
}

static void
a_head_is_cut_into_its_parts(void **state)
{
	(void)state;
	assert_int_equal(parse_text("PUT /a%20b?c=d HTTP/1.1\r\n"
	    "hOST: [::1]:8080\r\nX-Blanks: \t a b\t \r\nX-Empty:\r\n"
	    "X-Utf8: \xc3\xa4\r\nContent-Length: 5\r\n\r\nhello"),
	    HTTP_HEAD_DONE);
	assert_string_equal(head.method, "PUT");
	assert_string_equal(head.target, "/a%20b?c=d");
	assert_string_equal(head.version, "HTTP/1.1");
	assert_string_equal(head.host, "[::1]:8080");
	assert_int_equal(head.nfields, 5);
	assert_string_equal(head.fields[0].name, "hOST");
	assert_string_equal(head.fields[1].value, "a b");
	assert_string_equal(head.fields[2].name, "X-Empty");
	assert_string_equal(head.fields[2].value, "");
	assert_string_equal(head.fields[3].value, "\xc3\xa4");
	assert_int_equal(head.content_length, 5);
	assert_memory_equal(buf + head.length, "hello", 5);
	assert_int_equal(head.close, 0);
	assert_int_equal(head.expect_continue, 0);
}

static void
each_beginning_of_a_head_is_waited_for_and_left_alone(void **state)
{
	static const char	text[] = POST "X: y \r\n"
				    "Content-Length: 2\r\n" END;
	size_t			len;

	(void)state;
	for (len = 0; len < sizeof(text) - 1; len++) {
		assert_int_equal(parse(text, len, SIZE), HTTP_HEAD_MORE);
		assert_memory_equal(buf, text, len);
	}
	assert_int_equal(parse(text, len, SIZE), HTTP_HEAD_DONE);
	assert_int_equal(head.length, len);
}

static void
the_connection_field_is_a_list(void **state)
{
	static const struct sample	samples[] = {
		{ "close", "close", 1 },
		{ "capitals", "CLOSE", 1 },
		{ "in a list", "x ,\tClose , y", 1 },
		{ "last", "keep-alive,close", 1 },
		{ "a longer word", "closed, enclose", 0 },
		{ "keep-alive", "keep-alive", 0 },
		{ "empty members", ",, ,", 0 },
	};
	char				text[128];
	size_t				i;

	(void)state;
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		(void)snprintf(text, sizeof(text), LINE HOST
		    "Connection: %s\r\n" END, samples[i].text);
		assert_int_equal(parse_text(text), HTTP_HEAD_DONE);
		if (head.close != samples[i].status)
			fail_msg("%s: %d", samples[i].name, head.close);
	}
	assert_int_equal(parse_text("GET / HTTP/1.0\r\n" HOST END),
	    HTTP_HEAD_DONE);
	assert_int_equal(head.close, 1);
	assert_int_equal(parse_text(POST "Expect: 100-Continue\r\n"
	    "Content-Length: 1\r\n" END), HTTP_HEAD_DONE);
	assert_int_equal(head.expect_continue, 1);
}

static void
as_many_fields_as_there_is_room_for(void **state)
{
	char	text[4096];
	size_t	i, len;

	(void)state;
	len = (size_t)snprintf(text, sizeof(text), LINE HOST);
	for (i = 1; i < HTTP_HEAD_FIELDS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "X: %zu\r\n", i);
	(void)snprintf(text + len, sizeof(text) - len, END);
	assert_int_equal(parse_text(text), HTTP_HEAD_DONE);
	assert_int_equal(head.nfields, HTTP_HEAD_FIELDS_MAX);

	(void)snprintf(text + len, sizeof(text) - len, "X: y\r\n" END);
	assert_int_equal(parse_text(text), 431);
}

static void
what_cannot_end_within_the_buffer_is_refused_at_once(void **state)
{
	static char	text[SIZE];
	const size_t	prefix = strlen("GET /");
	const size_t	most = HTTP_HEAD_TARGET_MAX;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "GET /", prefix);
	assert_int_equal(parse(text, most, SIZE), HTTP_HEAD_MORE);
	assert_int_equal(parse(text, most + 100, SIZE), 414);
	assert_int_equal(parse(text, 100, 100), 414);

	memcpy(text + 4 + most, " HTTP/1.1\r\n" HOST END, 23);
	assert_int_equal(parse(text, 4 + most + 22, SIZE), HTTP_HEAD_DONE);
	assert_int_equal(strlen(head.target), most);
	memset(text + prefix, 'x', sizeof(text) - prefix);
	memcpy(text + 5 + most, " HTTP/1.1\r\n" HOST END, 23);
	assert_int_equal(parse(text, 5 + most + 22, SIZE), 414);

	memset(text, 'x', sizeof(text));
	memcpy(text, LINE HOST "X: ", strlen(LINE HOST "X: "));
	assert_int_equal(parse(text, SIZE - 1, SIZE), HTTP_HEAD_MORE);
	assert_int_equal(parse(text, SIZE, SIZE), 431);
}

static void
a_nul_is_no_end(void **state)
{
	static const char	line[] = "GET /\0 HTTP/1.1\r\n" HOST END;
	static const char	value[] = LINE HOST "X: a\0b\r\n" END;

	(void)state;
	assert_int_equal(parse(line, sizeof(line) - 1, SIZE), 400);
	assert_int_equal(parse(value, sizeof(value) - 1, SIZE), 400);
}

#define TEST(name)	cmocka_unit_test_teardown(name, teardown)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(what_is_wrong_is_refused_with_its_status),
		TEST(a_head_is_cut_into_its_parts),
		TEST(each_beginning_of_a_head_is_waited_for_and_left_alone),
		TEST(the_connection_field_is_a_list),
		TEST(as_many_fields_as_there_is_room_for),
		TEST(what_cannot_end_within_the_buffer_is_refused_at_once),
		TEST(a_nul_is_no_end),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

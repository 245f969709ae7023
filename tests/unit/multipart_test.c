/* SPDX-License-Identifier: EUPL-1.2 */
/* multipart/form-data into nodes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <stadtkern/node.h>

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TYPE		"multipart/form-data; boundary=b"
#define PART(name)	"--b\r\nContent-Disposition: form-data; name=" name "\r\n"
#define TEXT(name, text)	PART("\"" name "\"") "\r\n" text "\r\n"
#define END		"--b--\r\n"

static struct arena	*arena;
static struct findings	 findings;
static char		*exact;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	exact = NULL;
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	free(exact);
	arena_free(arena);
	return (0);
}

/* From memory that ends where the bytes do, and stays until the test ends. */
static enum status
read_bytes(const char *type, const char *bytes, size_t len,
    struct node **node)
{
	findings_init(&findings, arena);
	free(exact);
	exact = malloc(len == 0 ? 1 : len);
	assert_non_null(exact);
	(void)memcpy(exact, bytes, len);
	return (node_from_multipart(arena, type, exact, len, node,
	    &findings));
}

static enum status
read_text(const char *type, const char *text, struct node **node)
{
	return (read_bytes(type, text, strlen(text), node));
}

static const char *
json_of(const struct node *node)
{
	struct json	 json;

	json_init(&json, arena, 100000);
	node_to_json(&json, NULL, node);
	return (json_finish(&json, NULL));
}

/* "pointer code argument", a line each. */
static const char *
said(void)
{
	const struct finding	*finding;
	struct buf		 buf;

	buf_init(&buf, arena, 100000);
	for (finding = findings.first; finding != NULL;
	    finding = finding->next)
		buf_format(&buf, "%s%s %s %s", finding == findings.first ?
		    "" : "\n", finding->pointer,
		    finding_code_text(finding->code), finding->argument);
	return (buf_finish(&buf, NULL));
}

static void
texts_arrive_as_they_were_written(void **state)
{
	static const struct {
		const char	*text;
		const char	*json;
	} rows[] = {
		{ END, "{}" },
		{ "--b--", "{}" },
		{ "--b-- \t\r\nbehind\r\n--b\r\n", "{}" },
		{ "before\r\n" TEXT("a", "1") END, "{\"a\":\"1\"}" },
		{ "\r\n" TEXT("a", "1") "--b--", "{\"a\":\"1\"}" },
		{ TEXT("a", "1") TEXT("b", "2") END,
		  "{\"a\":\"1\",\"b\":\"2\"}" },
		{ TEXT("a", "1") TEXT("b", "x") TEXT("a", "2") TEXT("a", "3")
		  END, "{\"a\":[\"1\",\"2\",\"3\"],\"b\":\"x\"}" },
		{ TEXT("ä", "Größe: 3 €\r\n😀 +%41\n--b\n") END,
		  "{\"ä\":\"Größe: 3 €\\u000d\\n😀 +%41\\n--b\\n\"}" },
		{ TEXT("a", "\r") TEXT("b", "\r\r\n-") END,
		  "{\"a\":\"\\u000d\",\"b\":\"\\u000d\\u000d\\n-\"}" },
		{ TEXT("a", "\r\n") TEXT("b", "\r\n--") END,
		  "{\"a\":\"\\u000d\\n\",\"b\":\"\\u000d\\n--\"}" },
		{ TEXT("a", "") TEXT("b", "1") END, "{\"b\":\"1\"}" },
		{ PART("a") "\r\n--b--", "{}" },
		{ PART("a") "\r\n1\r\n--b \t\r\n"
		  "content-disposition:FORM-DATA ;; NAME=b ; x=\"y;\" ;\r\n"
		  "\r\n2\r\n" END, "{\"a\":\"1\",\"b\":\"2\"}" },
		{ PART("\"a\"") "Content-Type: text/plain; charset=\"UTF-8\"\r\n"
		  "Content-Transfer-Encoding: 8BIT\r\nContent-Length: 7\r\n"
		  "X-a: \xff\r\n\r\n1\r\n" END, "{\"a\":\"1\"}" },
		{ PART("a") "Content-Type: text/plain;charset=US-ASCII\r\n"
		  "Content-Transfer-Encoding: binary\r\n\r\n1\r\n" END,
		  "{\"a\":\"1\"}" },
		{ PART("a") "Content-Transfer-Encoding:7bit \r\n\r\n1\r\n" END,
		  "{\"a\":\"1\"}" },
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(TYPE, rows[i].text, &node),
		    STATUS_OK);
		assert_int_equal(findings.count, 0);
		assert_string_equal(json_of(node), rows[i].json);
	}
}

static void
names_are_understood_as_browsers_and_curl_write_them(void **state)
{
	static const struct {
		const char	*written;
		const char	*name;
	} rows[] = {
		{ "attribute", "attribute" },
		{ "\"attribute[colour]\"", "attribute[colour]" },
		{ "\"a%22b\"", "a\"b" },
		{ "\"a%0D%0Ab%0a\"", "a\r\nb\n" },
		{ "\"a\\\"b\\\\c\"", "a\"b\\c" },
		{ "\"a\\b;c=d\"", "a\\b;c=d" },
		{ "\"100%25 %41%2\"", "100%25 %41%2" },
		{ "\"%2\"", "%2" },
		{ "a%22b", "a%22b" },
		{ "\"Größe 😀\"", "Größe 😀" },
		{ "\"a\\\\\"", "a\\" },
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(TYPE, arena_format(arena,
		    PART("%s") "\r\n1\r\n" END, rows[i].written), &node),
		    STATUS_OK);
		assert_int_equal(node->count, 1);
		assert_string_equal(node->first->name, rows[i].name);
	}
}

static void
a_file_lies_in_the_input(void **state)
{
	static const char	 bytes[] = PART("f; filename=\"C:\\a\\\"")
	    "Content-Type: image/jpeg\r\n\r\n\xff\xd8\0\r\n--\r\r\n--c\r\n"
	    TEXT("t", "1") END;
	const struct node	*file;
	struct node		*node;

	(void)state;
	/* A path that ends in a backslash looks as if it went on. */
	assert_int_equal(read_bytes(TYPE, bytes, sizeof(bytes) - 1, &node),
	    STATUS_INVALID);
	assert_string_equal(said(), "/f syntax a part's head is broken");
	(void)memcpy(exact, bytes, sizeof(bytes) - 1);
	*strstr(exact, "\\\"") = 'x';
	findings_init(&findings, arena);
	assert_int_equal(node_from_multipart(arena, TYPE, exact,
	    sizeof(bytes) - 1, &node, &findings), STATUS_OK);
	file = node_get(node, "f");
	assert_int_equal(file->kind, NODE_BYTES);
	assert_int_equal(file->bytes.len, 13);
	assert_memory_equal(file->bytes.at, "\xff\xd8\0\r\n--\r\r\n--c", 13);
	assert_true((const char *)file->bytes.at > exact &&
	    (const char *)file->bytes.at < exact + sizeof(bytes));
	assert_null(file->text);
	assert_string_equal(json_of(node), "{\"f\":null,\"t\":\"1\"}");
}

static void
what_has_a_filename_is_a_file(void **state)
{
	static const char *const	 heads[] = {
		"f; filename=a.jpg", "f; filename=\"\"", "f; filename*=\"x\"",
		"f; filename*=UTF-8''%e2%82%ac.jpg",
		"f; filename=\"a\"; filename*=utf-8'de'a",
		"f; FILENAME=\"\xff\\\"\"",
		"f; filename=x\r\nContent-Type: text/plain; charset=latin1",
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		assert_int_equal(read_text(TYPE, arena_format(arena,
		    PART("%s") "\r\n\xff\r\n" END, heads[i]), &node),
		    STATUS_OK);
		assert_int_equal(node->first->kind, NODE_BYTES);
		assert_int_equal(node->first->bytes.len, 1);
		assert_int_equal(read_text(TYPE, arena_format(arena,
		    PART("%s") "\r\n\r\n" END, heads[i]), &node), STATUS_OK);
		assert_int_equal(node->count, 0);
	}
	assert_int_equal(read_text(TYPE, TEXT("f", "x")
	    PART("f; filename=f") "\r\ny\r\n" END, &node), STATUS_OK);
	assert_int_equal(node->first->kind, NODE_LIST);
	assert_int_equal(node->first->first->kind, NODE_SCALAR);
	assert_int_equal(node->first->first->next->kind, NODE_BYTES);
	assert_memory_equal(node->first->first->next->bytes.at, "y", 1);
}

static void
broken_parts_are_refused_at_once(void **state)
{
	static const struct {
		const char	*text;
		const char	*said;
	} rows[] = {
		{ "", " syntax its boundary does not occur" },
		{ "--c\r\n", " syntax its boundary does not occur" },
		{ "x--b\r\n", " syntax its boundary does not occur" },
		{ "\n--b--", " syntax its boundary does not occur" },
		{ "--b", " syntax it ends too early" },
		{ "--b\r", " syntax it ends too early" },
		{ "--b\r\n", " syntax it ends too early" },
		{ "--b-", " syntax it ends too early" },
		{ "--b\n", " syntax it ends too early" },
		{ "--bc\r\n", " syntax something follows a boundary" },
		{ "--b\nx\n--b--", " syntax something follows a boundary" },
		{ "--b--c", " syntax it ends too early" },
		{ "--b--cd", " syntax something follows a boundary" },
		{ TEXT("a", "1"), " syntax it ends too early" },
		{ TEXT("a", "1") "--b-", " syntax it ends too early" },
		{ PART("a") "\r\n1" END, " syntax it ends too early" },
		{ PART("a") "\r\n1\r\n--bx\r\n\r\n" END,
		  " syntax something follows a boundary" },
		{ "--b\r\n\r\n1\r\n" END, " syntax a part has no name" },
		{ "--b\r\n\r\n" END, " syntax a part has no name" },
		{ PART("\"\"") "\r\n1\r\n" END, " syntax a part has no name" },
		{ "--b\r\nContent-Type: text/plain\r\n\r\n1\r\n" END,
		  " syntax a part has no name" },
		{ "--b\r\nContent-Disposition: form-data; name*=a\r\n\r\n1\r\n"
		  END, " syntax a part has no name" },
		{ "--b\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n"
		  END, " syntax a part's head is broken" },
		{ "--b\r\nContent-Disposition form-data\r\n\r\n1\r\n" END,
		  " syntax a part's head is broken" },
		{ "--b\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n"
		  END, " syntax a part's head is broken" },
		{ PART("a") " b\r\n\r\n1\r\n" END,
		  "/a syntax a part's head is broken" },
		{ PART("a; name=b") "\r\n1\r\n" END,
		  "/a syntax a part's head is broken" },
		{ PART("a; filename=b; filename=c") "\r\n1\r\n" END,
		  "/a syntax a part's head is broken" },
		{ PART("a; x") "\r\n1\r\n" END,
		  "/a syntax a part's head is broken" },
		{ PART("a b") "\r\n1\r\n" END,
		  "/a syntax a part's head is broken" },
		{ PART("a[b]") "\r\n1\r\n" END,
		  "/a syntax a part's head is broken" },
		{ PART("\"a") "\r\n1\r\n" END,
		  " syntax a part's head is broken" },
		{ PART("\"a\\\"") "\r\n1\r\n" END,
		  " syntax a part's head is broken" },
		{ PART("\"a\nb\"") "\r\n1\r\n" END,
		  " syntax a part's head is broken" },
		{ PART("a") "Content-Disposition: form-data; name=b\r\n\r\n1"
		  "\r\n" END, "/a syntax a part's head is broken" },
		{ PART("a") "Content-Type: text\r\n\r\n1\r\n" END,
		  "/a syntax a part's head is broken" },
		{ PART("a") "Content-Type: text/plain; charset\r\n\r\n1\r\n"
		  END, "/a syntax a part's head is broken" },
		{ "--b\r\nContent-Disposition: form-data; name=a\r\n" END,
		  " syntax a part's head is broken" },
		{ PART("a") "Content-Transfer-Encoding: base64\r\n\r\nMQ==\r\n"
		  PART("b/c") "\r\n1\r\n" PART("\"b/c\"")
		  "Content-Transfer-Encoding: quoted-printable\r\n\r\n1\r\n"
		  END, "/a syntax a part has a transfer encoding\n"
		  "/b syntax a part's head is broken\n"
		  "/b~1c syntax a part has a transfer encoding" },
		{ PART("a") "Content-Transfer-Encoding: 8bit x\r\n\r\n1\r\n"
		  END, "/a syntax a part's head is broken" },
		{ PART("a") "Content-Type: text/plain; charset=ISO-8859-1\r\n"
		  "\r\n1\r\n" END, "/a encoding another charset is declared" },
		{ TEXT("a", "\xe4") TEXT("b", "\xc0\x80") END,
		  "/a encoding \n/b encoding " },
		{ TEXT("\xe4", "1") END, " encoding " },
		{ TEXT("a", "\xff") TEXT("b", "1"),
		  "/a encoding \n syntax it ends too early" },
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(TYPE, rows[i].text, &node),
		    STATUS_INVALID);
		assert_null(node);
		assert_string_equal(said(), rows[i].said);
	}
}

static void
a_nul_is_refused_in_texts_and_heads(void **state)
{
	static const char	 text[] = TEXT("a", "1\0" "2") END;
	static const char	 name[] = TEXT("a\0b", "1") END;
	struct node		*node;

	(void)state;
	assert_int_equal(read_bytes(TYPE, text, sizeof(text) - 1, &node),
	    STATUS_INVALID);
	assert_string_equal(said(), "/a control-character U+0000");
	assert_int_equal(read_bytes(TYPE, name, sizeof(name) - 1, &node),
	    STATUS_INVALID);
	assert_string_equal(said(), " syntax a part's head is broken");
}

static void
a_boundary_is_taken_from_the_content_type(void **state)
{
	static const struct {
		const char	*type;
		const char	*boundary;
	} good[] = {
		{ "multipart/form-data; boundary=x", "x" },
		{ "Multipart/Form-Data;charset=utf-8;BOUNDARY=\"a b\" ;", "a b" },
		{ "multipart/form-data; boundary=\"=_'()+_,-./:=?\"",
		  "=_'()+_,-./:=?" },
		{ "multipart/form-data; boundary="
		  "----WebKitFormBoundary7MA4YWxkTrZu0gW",
		  "----WebKitFormBoundary7MA4YWxkTrZu0gW" },
		{ "multipart/form-data; boundary=1234567890123456789012345678"
		  "901234567890123456789012345678901234567890",
		  "1234567890123456789012345678901234567890123456789012345678"
		  "901234567890" },
	};
	static const char *const	 bad[] = {
		"", "multipart/form-data", "multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=\"a \"",
		"multipart/form-data; boundary=a/b",
		"multipart/form-data; boundary=\"a\xc3\xa4\"",
		"multipart/form-data; boundary=\"a",
		"multipart/form-data; boundary=a; boundary=a",
		"multipart/form-data; boundary=a b",
		"multipart/form-data boundary=a", "multipart/mixed; boundary=a",
		"multipart/form-data; boundary=12345678901234567890123456789012"
		"345678901234567890123456789012345678901",
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(read_text(good[i].type, arena_format(arena,
		    "--%s--\r\n", good[i].boundary), &node), STATUS_OK);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(read_text(bad[i], "--a--\r\n", &node),
		    STATUS_INVALID);
		assert_null(node);
		assert_string_equal(said(),
		    " syntax the Content-Type has no boundary");
	}
}

static void
parts_and_their_heads_are_capped(void **state)
{
	struct buf	 buf;
	struct node	*node;
	const char	*fill;
	char		*text;
	int		 i, len;

	(void)state;
	buf_init(&buf, arena, 100000);
	for (i = 0; i < NODE_FORM_MAX; i++)
		buf_format(&buf, TEXT("p%d", "1"), i % 60);
	text = arena_format(arena, "%s" END, buf_finish(&buf, NULL));
	assert_int_equal(read_text(TYPE, text, &node), STATUS_OK);
	assert_int_equal(node->count, 60);
	buf_text(&buf, TEXT("last", "") END);
	assert_int_equal(read_text(TYPE, buf_finish(&buf, NULL), &node),
	    STATUS_INVALID);
	assert_string_equal(said(), " too-many 100");
	fill = memset(arena_alloc(arena, NODE_FORM_HEAD_MAX), 'x',
	    NODE_FORM_HEAD_MAX - 1);
	len = (int)(NODE_FORM_HEAD_MAX - strlen(PART("a") "X: \r\n\r\n") + 5);
	for (i = 0; i < 2; i++) {
		text = arena_format(arena, PART("a") "X: %.*s\r\n\r\n1\r\n"
		    END, len + i, fill);
		assert_int_equal(read_text(TYPE, text, &node),
		    i == 0 ? STATUS_OK : STATUS_INVALID);
	}
	assert_string_equal(said(), "/a syntax a part's head is too long");
}

static double
seconds_for(size_t len, const char *pattern)
{
	struct timespec	 from, to;
	struct node	*node;
	char		*text;
	size_t		 head, i;

	text = malloc(len);
	assert_non_null(text);
	head = strlen(PART("f; filename=f") "\r\n");
	(void)memcpy(text, PART("f; filename=f") "\r\n", head);
	for (i = head; i < len; i++)
		text[i] = pattern[i % strlen(pattern)];
	(void)memcpy(text + len - 9, "\r\n--b--\r\n", 9);
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	assert_int_equal(node_from_multipart(arena, TYPE, text, len, &node,
	    &findings), STATUS_OK);
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	free(text);
	return ((double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9);
}

static void
ten_megabytes_that_look_like_boundaries_take_no_time(void **state)
{
	(void)state;
	assert_true(seconds_for(10000000, "\r\n--") < 2);
	assert_true(seconds_for(10000000, "\r") < 2);
	assert_true(seconds_for(10000000, "\r\n\r\n--") < 2);
}

static void
every_message_is_in_the_other_languages_too(void **state)
{
	static const char *const	 texts[] = {
		"", "--b", "--bx\r\n", "--b\r\n\r\n" END,
		PART("a") "x\r\n\r\n" END,
		PART("a") "Content-Transfer-Encoding: base64\r\n\r\n" END,
		PART("a") "Content-Type: a/b; charset=c\r\n\r\n" END,
	};
	static const char *const	 languages[] = { "de", "tr", "uk",
					    "de-simple" };
	struct node			*node;
	size_t				 i, k;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(read_text(TYPE, texts[i], &node),
		    STATUS_INVALID);
		for (k = 0; k < sizeof(languages) / sizeof(*languages); k++)
			assert_string_not_equal(findings.first->argument,
			    finding_word(findings.first->argument,
			    languages[k]));
	}
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(texts_arrive_as_they_were_written),
		TEST(names_are_understood_as_browsers_and_curl_write_them),
		TEST(a_file_lies_in_the_input),
		TEST(what_has_a_filename_is_a_file),
		TEST(broken_parts_are_refused_at_once),
		TEST(a_nul_is_refused_in_texts_and_heads),
		TEST(a_boundary_is_taken_from_the_content_type),
		TEST(parts_and_their_heads_are_capped),
		TEST(ten_megabytes_that_look_like_boundaries_take_no_time),
		TEST(every_message_is_in_the_other_languages_too),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

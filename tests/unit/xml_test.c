/* SPDX-License-Identifier: EUPL-1.2 */
/* XML from JSON. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/node.h>
#include <stadtkern/xml.h>

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define HEAD		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static struct arena	*arena;

static const struct xml_item items[] = {
	{ "services", "service" },
	{ "x", "row" },
	{ "row", "cell" },
	{ NULL, NULL },
};

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

/* From memory that ends where the bytes do. */
static enum status
write_bytes(const char *json, size_t len, size_t max, const char **xml)
{
	enum status	 status;
	struct buf	 buf;
	char		*exact;

	exact = malloc(len == 0 ? 1 : len);
	assert_non_null(exact);
	(void)memcpy(exact, json, len);
	buf_init(&buf, arena, max);
	status = xml_from_json(&buf, "x", items, exact, len);
	free(exact);
	*xml = buf_finish(&buf, NULL);
	return (status);
}

static enum status
write_text(const char *json, const char **xml)
{
	return (write_bytes(json, strlen(json), SIZE_MAX, xml));
}

static void
json_becomes_elements(void **state)
{
	static const struct {
		const char	*json;
		const char	*xml;
	} rows[] = {
		{ "{\"services\": [{\"code\": \"a\", \"tags\": null}]}",
		  "<x><services><service><code>a</code><tags/></service>"
		  "</services></x>" },
		{ "{}", "<x/>" }, { "[]", "<x/>" }, { "null", "<x/>" },
		{ "\"\"", "<x/>" }, { " \t\r\n1 \n", "<x>1</x>" },
		{ "[{\"a\":1},2,[3,[4]],[]]", "<x><row><a>1</a></row>"
		  "<row>2</row><row><cell>3</cell><cell><item>4</item></cell>"
		  "</row><row/></x>" },
		{ "{\"a\":[true,false,null]}", "<x><a><item>true</item>"
		  "<item>false</item><item/></a></x>" },
		{ "{ \"a\" : [ ] , \"b\" : { } , \"c\" : \"\" , \"d\" : [ 1 , 2 ] }",
		  "<x><a/><b/><c/><d><item>1</item><item>2</item></d></x>" },
		{ "{\"b\":1,\"a\":2,\"b\":3}", "<x><b>1</b><a>2</a><b>3</b></x>" },
		{ "[-0,1.50,1E+5,-1e-9,0.0,123456789012345678901234567890]",
		  "<x><row>-0</row><row>1.50</row><row>1E+5</row>"
		  "<row>-1e-9</row><row>0.0</row>"
		  "<row>123456789012345678901234567890</row></x>" },
		{ "{\"_a-b.1\":1,\"Größe\":2,\"ä·\":3,\"A\":\" \"}",
		  "<x><_a-b.1>1</_a-b.1><Größe>2</Größe><ä·>3</ä·><A> </A></x>" },
	};
	const char	*xml;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(write_text(rows[i].json, &xml), STATUS_OK);
		assert_memory_equal(xml, HEAD, sizeof(HEAD) - 1);
		assert_string_equal(xml + sizeof(HEAD) - 1, rows[i].xml);
	}
}

static void
texts_are_escaped_as_xml_wants(void **state)
{
	static const struct {
		const char	*json;
		const char	*xml;
	} rows[] = {
		{ "a & b < c > d ]]>", "a &amp; b &lt; c &gt; d ]]&gt;" },
		{ "\\u0026\\u003c\\u003E'", "&amp;&lt;&gt;'" },
		{ "a\\r\\nb\\tc\\u000d\\u000a\\u0009", "a&#13;\nb\tc&#13;\n\t" },
		{ "\\\"\\\\\\/", "\"\\/" },
		{ "a\\b\\f\\u0000\\u001f\\u0008z", "az" },
		{ "a\xef\xbf\xbe\xef\xbf\xbf\\ufffe\\uFFFFb\xef\xbf\xbd",
		  "ab\xef\xbf\xbd" },
		{ "\xef\xbf\xbe", "" }, { "\\u0000", "" },
		{ "Straße – 3 € 😀 öäüß", "Straße – 3 € 😀 öäüß" },
		{ "Stra\\u00dfe \\u20ac \\uD83D\\ude00 \\ud800\\udc00"
		  "\\uDBFF\\uDFFD", "Straße € 😀 \xf0\x90\x80\x80"
		  "\xf4\x8f\xbf\xbd" },
		{ "\x7f\\u007f\xc2\x80\\u0085", "\x7f\x7f\xc2\x80\xc2\x85" },
		{ "12345678&12345678ä1234567<1234567\\n12345678901234567>",
		  "12345678&amp;12345678ä1234567&lt;1234567\n"
		  "12345678901234567&gt;" },
	};
	const char	*xml, *wanted;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(write_text(arena_format(arena,
		    "[\"%s\",1]", rows[i].json), &xml), STATUS_OK);
		wanted = arena_format(arena, *rows[i].xml == '\0' ?
		    "<x><row%s/><row>1</row></x>" :
		    "<x><row>%s</row><row>1</row></x>", rows[i].xml);
		assert_string_equal(xml + sizeof(HEAD) - 1, wanted);
	}
}

/* The fast look at eight bytes has to see each of them, at each place. */
static void
every_byte_is_seen_at_every_place(void **state)
{
	static const char	 specials[] = "&<>\\\"\x1f\x01\x7f\xff!#';=?][%";
	char			 json[64], wanted[64];
	const char		*c, *xml, *as;
	size_t			 at;
	enum status		 status;

	(void)state;
	for (c = specials; *c != '\0'; c++) {
		for (at = 0; at < 24; at++) {
			(void)memset(json, 'y', sizeof(json));
			json[0] = '"';
			json[1 + at] = *c;
			json[40] = '"';
			status = write_bytes(json, 41, SIZE_MAX, &xml);
			if (strchr("\\\"\x1f\x01\xff", *c) != NULL) {
				assert_int_equal(status, STATUS_INVALID);
				continue;
			}
			assert_int_equal(status, STATUS_OK);
			as = *c == '&' ? "&amp;" : *c == '<' ? "&lt;" :
			    *c == '>' ? "&gt;" : arena_copy(arena, c, 1);
			(void)memset(wanted, 'y', sizeof(wanted));
			(void)memcpy(wanted + at, as, strlen(as));
			wanted[38 + strlen(as)] = '\0';
			assert_string_equal(xml + sizeof(HEAD) - 1,
			    arena_format(arena, "<x>%s</x>", wanted));
		}
	}
}

static void
what_is_no_json_is_refused(void **state)
{
	static const char *const	 rows[] = {
		"", " ", "x", "1 2", "{} {}", "{", "[", "\"", "\"a", "\"\\",
		"\"\\u12\"", "\"\\u12g4\"", "\"\\x\"", "\"\\ud800\"",
		"\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\ud800x\"",
		"\"\\ud800\\n\"", "\"a\nb\"", "\"\x01\"", "\"\xff\"",
		"\"\xc3\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xe2\x82\"",
		"\"\xf4\x90\x80\x80\"", "\"\xc3(\"", "[1,]", "[,1]", "[1 2]",
		"[1}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}",
		"{a:1}", "{'a':1}", "{1:1}", "{\"a\":1]", "{,}", "01", "+1",
		"-", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity", "tru",
		"TRUE", "truex", "nul", "fals", "\xef\xbb\xbf" "1", "// a\n1",
	};
	const char	*xml;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(write_text(rows[i], &xml), STATUS_INVALID);
	assert_int_equal(write_bytes("\"a\0b\"", 5, SIZE_MAX, &xml),
	    STATUS_INVALID);
	assert_int_equal(write_bytes("1\0", 2, SIZE_MAX, &xml),
	    STATUS_INVALID);
}

static void
names_that_xml_does_not_know_are_refused(void **state)
{
	static const char *const	 names[] = {
		"", "1a", "-a", ".a", "a b", "a:b", "a/b", "a<b", "a>", "a&b",
		"a\\u0062", "·a", "a×", "a\xef\xbf\xbe", "a\xff", "a'", "a=",
		"a\\\"", "a–",
	};
	const char	*xml;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(write_text(arena_format(arena,
		    "{\"ok\":1,\"%s\":1}", names[i]), &xml), STATUS_INVALID);
	}
}

static void
depth_is_limited(void **state)
{
	char		 json[2 * NODE_DEPTH_MAX + 2];
	const char	*xml;
	unsigned int	 i;

	(void)state;
	for (i = NODE_DEPTH_MAX; i <= NODE_DEPTH_MAX + 1; i++) {
		(void)memset(json, '[', i);
		(void)memset(json + i, ']', i);
		assert_int_equal(write_bytes(json, (size_t)2 * i, SIZE_MAX,
		    &xml), i == NODE_DEPTH_MAX ? STATUS_OK : STATUS_INVALID);
	}
}

static void
a_full_buffer_is_said(void **state)
{
	static const char	 json[] = "{\"a\":[\"b&\\u00e4\",1,null,true]}";
	const char		*xml;
	size_t			 len, max;

	(void)state;
	assert_int_equal(write_text(json, &xml), STATUS_OK);
	len = strlen(xml);
	for (max = 0; max < len; max++) {
		assert_int_equal(write_bytes(json, sizeof(json) - 1, max,
		    &xml), STATUS_LIMIT);
		assert_null(xml);
	}
	assert_int_equal(write_bytes(json, sizeof(json) - 1, len, &xml),
	    STATUS_OK);
	assert_int_equal(strlen(xml), len);
}

static void
it_is_appended_to_what_is_there(void **state)
{
	struct buf	 buf;

	(void)state;
	buf_init(&buf, arena, 1000);
	buf_text(&buf, "before ");
	assert_int_equal(xml_from_json(&buf, "services", NULL, "[1]", 3),
	    STATUS_OK);
	assert_string_equal(buf_finish(&buf, NULL), "before " HEAD
	    "<services><item>1</item></services>");
}

/* Whatever was reserved, the buffer grows beyond it. */
static void
short_members_may_grow_much(void **state)
{
	struct buf	 json, buf;
	const char	*text, *xml;
	size_t		 i, len;

	(void)state;
	buf_init(&json, arena, SIZE_MAX);
	buf_char(&json, '[');
	for (i = 0; i < 10000; i++)
		buf_text(&json, i == 0 ? "\"&\"" : ",\"&\"");
	buf_char(&json, ']');
	text = buf_finish(&json, &len);
	buf_init(&buf, arena, SIZE_MAX);
	assert_int_equal(xml_from_json(&buf, "services", items, text, len),
	    STATUS_OK);
	xml = buf_finish(&buf, &len);
	assert_int_equal(len, sizeof(HEAD) - 1 + strlen("<services></services>") +
	    10000 * strlen("<service>&amp;</service>"));
	assert_string_equal(xml + len - 20, "</service></services>" + 1);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(json_becomes_elements),
		TEST(texts_are_escaped_as_xml_wants),
		TEST(every_byte_is_seen_at_every_place),
		TEST(what_is_no_json_is_refused),
		TEST(names_that_xml_does_not_know_are_refused),
		TEST(depth_is_limited),
		TEST(a_full_buffer_is_said),
		TEST(it_is_appended_to_what_is_there),
		TEST(short_members_may_grow_much),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

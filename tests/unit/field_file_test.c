/* SPDX-License-Identifier: EUPL-1.2 */
/* Declared fields: files of forms. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/field.h>

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

struct place {
	double	 lat;
};

struct upload {
	const char		*note;
	struct bytes		 photo;
	struct bytes		 plan;
	struct bytes		 hash;
	LIST_OF(const char *)	 tags;
	struct place		 place;
};

static const struct field place_fields[] = {
	FIELD_NUMBER(struct place, lat),
	FIELD_END
};

static const struct field upload_fields[] = {
	FIELD_TEXT(struct upload, note),
	FIELD_FILE(struct upload, photo, .max = 4, .required = true,
	    .says = "a picture"),
	FIELD_FILE(struct upload, plan, .min = 2, .max = 8),
	FIELD_BYTES(struct upload, hash),
	FIELD_LIST(struct upload, tags, .format = FIELD_FORMAT_CODE),
	FIELD_OBJECT(struct upload, place, .fields = place_fields),
	FIELD_END
};

static struct arena		*arena;
static struct findings		 findings;
static struct field_context	 ctx;
static struct values		 values;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	(void)memset(&ctx, 0, sizeof(ctx));
	ctx.arena = arena;
	ctx.findings = &findings;
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static enum status
check_with(const struct field *fields, const struct node *node)
{
	findings_init(&findings, arena);
	return (field_check(&ctx, fields, node, "", &values));
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

/* A form with `photo` and `plan` as files, of this many bytes. */
static struct node *
upload_node(const char *photo, size_t photo_len, size_t plan_len)
{
	struct node	*map, *file;

	map = node_new(arena, NODE_MAP);
	file = node_new(arena, NODE_BYTES);
	file->bytes.at = (const unsigned char *)photo;
	file->bytes.len = photo_len;
	node_append(arena, map, "photo", file);
	if (plan_len == 0)
		return (map);
	file = node_new(arena, NODE_BYTES);
	file->bytes.at = (const unsigned char *)photo;
	file->bytes.len = plan_len;
	node_append(arena, map, "plan", file);
	return (map);
}

static void
a_file_is_taken_where_it_lies(void **state)
{
	static const char	 content[] = "\xff\0\xd8x";
	const struct upload	*upload;
	struct json		 json;
	size_t			 len;

	(void)state;
	assert_int_equal(check_with(upload_fields, upload_node(content, 4, 0)),
	    STATUS_OK);
	upload = values.data;
	assert_ptr_equal(upload->photo.at, content);
	assert_int_equal(upload->photo.len, 4);
	assert_null(upload->plan.at);
	assert_true(field_present(&values, "photo"));
	assert_false(field_present(&values, "plan"));
	assert_ptr_equal(field_sql(arena, &values, "photo", &len), content);
	assert_int_equal(len, 4);
	assert_null(field_sql(arena, &values, "plan", &len));
	json_init(&json, arena, 1000);
	json_open_object(&json, NULL);
	field_to_json(&json, upload_fields + 1, values.data, false);
	json_close(&json);
	assert_string_equal(json_finish(&json, NULL), "{\"tags\":[],"
	    "\"place\":{\"lat\":0}}");
}

static void
a_file_is_limited_in_bytes(void **state)
{
	(void)state;
	assert_int_equal(check_with(upload_fields,
	    upload_node("12345", 5, 1)), STATUS_INVALID);
	assert_string_equal(said(), "/photo too-large 4\n/plan too-small 2");
	assert_int_equal(check_with(upload_fields, NULL), STATUS_INVALID);
	assert_string_equal(said(), "/photo required ");
}

static void
a_file_is_nothing_but_a_file(void **state)
{
	static const char *const	 names[] = {
		"note", "tags", "place", "hash",
	};
	struct node	*map, *file, *list;
	size_t		 i;

	(void)state;
	map = upload_node("x", 1, 0);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		file = node_new(arena, NODE_BYTES);
		file->bytes.at = (const unsigned char *)"x";
		file->bytes.len = 1;
		node_append(arena, map, names[i], file);
	}
	assert_int_equal(check_with(upload_fields, map), STATUS_INVALID);
	assert_string_equal(said(), "/hash unknown \n/note type a text\n"
	    "/tags type a list\n/place type an object");
	map = node_new(arena, NODE_MAP);
	list = node_new(arena, NODE_LIST);
	for (i = 0; i < 2; i++) {
		file = node_new(arena, NODE_BYTES);
		file->bytes.at = (const unsigned char *)"x";
		file->bytes.len = 1;
		node_append(arena, list, NULL, file);
	}
	node_append(arena, map, "photo", list);
	assert_int_equal(check_with(upload_fields, map), STATUS_INVALID);
	assert_string_equal(said(), "/photo duplicate ");
}

static void
nothing_else_is_a_file(void **state)
{
	static const char *const	 texts[] = {
		"{\"photo\":\"x\"}", "{\"photo\":1}", "{\"photo\":[]}",
		"{\"photo\":[\"x\",\"y\"]}", "{\"photo\":{}}",
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(node_from_json(arena, texts[i],
		    strlen(texts[i]), &node, &findings), STATUS_OK);
		assert_int_equal(check_with(upload_fields, node),
		    STATUS_INVALID);
		assert_string_equal(said(), "/photo type a file");
	}
	assert_string_equal(finding_message(arena, findings.first, "de"),
	    "hat den falschen Typ, erwartet wird eine Datei");
	assert_int_equal(node_from_form(arena, "photo=x&hash=y", 14, &node,
	    &findings), STATUS_OK);
	assert_int_equal(check_with(upload_fields, node), STATUS_INVALID);
	assert_string_equal(said(), "/hash unknown \n/photo type a file");
}

static void
the_schema_of_a_file_says_what_it_is(void **state)
{
	struct field	 table[2] = { upload_fields[1] };
	struct json	 json;

	(void)state;
	json_init(&json, arena, 1000);
	field_schema(&json, NULL, table);
	assert_string_equal(json_finish(&json, NULL), "{\"type\":\"object\","
	    "\"additionalProperties\":false,\"properties\":{\"photo\":{"
	    "\"description\":\"a picture\","
	    "\"contentMediaType\":\"application/octet-stream\","
	    "\"minLength\":0,\"maxLength\":4}},\"required\":[\"photo\"]}");
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(a_file_is_taken_where_it_lies),
		TEST(a_file_is_limited_in_bytes),
		TEST(a_file_is_nothing_but_a_file),
		TEST(nothing_else_is_a_file),
		TEST(the_schema_of_a_file_says_what_it_is),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}

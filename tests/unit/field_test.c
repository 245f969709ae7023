/* SPDX-License-Identifier: EUPL-1.2 */
/* Declared fields: the check. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/field.h>

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

struct position {
	double		 lat;
	double		 lon;
	int64_t		 zoom;
};

struct person {
	const char	*name;
	const char	*email;
};

struct item {
	const char	*code;
	const char	*title;
	int64_t		 weight;
};

struct sample {
	bool			 flag;
	int64_t			 count;
	double			 ratio;
	const char		*text;
	const char		*note;
	const char		*state;
	const char		*id;
	struct position		 position;
	LIST_OF(struct item)	 items;
	LIST_OF(const char *)	 tags;
	LIST_OF(struct item)	 keyed;
	const struct node	*extra;
	struct sealed		 contact;
	const char		*serial;
	struct bytes		 content;
};

static const char *const	 states[] = { "open", "done", NULL };

static const struct field position_fields[] = {
	FIELD_NUMBER(struct position, lat, .min = -90, .max = 90,
	    .required = true),
	FIELD_NUMBER(struct position, lon, .min = -180, .max = 180,
	    .required = true),
	FIELD_INT(struct position, zoom, .otherwise = "13"),
	FIELD_END
};

static const struct field person_fields[] = {
	FIELD_TEXT(struct person, name),
	FIELD_TEXT(struct person, email, .format = FIELD_FORMAT_EMAIL),
	FIELD_END
};

static const struct field item_fields[] = {
	FIELD_TEXT(struct item, code, .format = FIELD_FORMAT_CODE),
	FIELD_TEXT(struct item, title, .required = true, .shown = true),
	FIELD_INT(struct item, weight, .min = 1, .max = 9),
	FIELD_END
};

static const struct field sample_fields[] = {
	FIELD_BOOL(struct sample, flag, .shown = true, .says = "a flag"),
	FIELD_INT(struct sample, count, .min = 1, .max = 10,
	    .otherwise = "5"),
	FIELD_NUMBER(struct sample, ratio),
	FIELD_TEXT(struct sample, text, .min = 2, .max = 4),
	FIELD_TEXT(struct sample, note, .multiline = true, .max = 1000),
	FIELD_CHOICE(struct sample, state, .choices = states,
	    .otherwise = "open"),
	FIELD_UUID(struct sample, id),
	FIELD_OBJECT(struct sample, position, .fields = position_fields),
	FIELD_LIST(struct sample, items, .fields = item_fields, .max = 3),
	FIELD_LIST(struct sample, tags, .format = FIELD_FORMAT_CODE,
	    .min = 1, .otherwise = "[a, b-c]"),
	FIELD_KEYED(struct sample, keyed, .fields = item_fields, .max = 3),
	FIELD_ANY(struct sample, extra),
	FIELD_SEALED(struct sample, contact, .fields = person_fields),
	FIELD_COMPUTED(struct sample, serial),
	FIELD_BYTES(struct sample, content),
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

static enum status
check_json(const char *text)
{
	struct node	*node;

	findings_init(&findings, arena);
	assert_int_equal(node_from_json(arena, text, strlen(text), &node,
	    &findings), STATUS_OK);
	return (check_with(sample_fields, node));
}

static enum status
check_yaml(const char *text)
{
	struct node	*node;

	findings_init(&findings, arena);
	assert_int_equal(node_from_yaml(arena, "t.yaml", text, strlen(text),
	    &node, &findings), STATUS_OK);
	return (check_with(sample_fields, node));
}

static enum status
check_form(const char *text)
{
	struct node	*node;

	findings_init(&findings, arena);
	assert_int_equal(node_from_form(arena, text, strlen(text), &node,
	    &findings), STATUS_OK);
	return (check_with(sample_fields, node));
}

static const struct sample *
sample(void)
{
	return (values.data);
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

static const char *
sql(const char *name)
{
	const char	*text;
	size_t		 len;

	text = field_sql(arena, &values, name, &len);
	assert_int_equal(len, 0);
	return (text);
}

static void
json_fills_the_struct(void **state)
{
	(void)state;
	assert_int_equal(check_json("{\"flag\":true,\"count\":7,\"ratio\":2,"
	    "\"text\":\"äöü\",\"note\":\"a\\r\\nb\\tc\",\"state\":\"done\","
	    "\"id\":\"5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d10\","
	    "\"position\":{\"lat\":51.5,\"lon\":7},"
	    "\"items\":[{\"code\":\"x\",\"title\":\"X\",\"weight\":2}],"
	    "\"tags\":[\"t\"],\"keyed\":{\"k-1\":{\"title\":\"K\"}},"
	    "\"extra\":[1]}"), STATUS_OK);
	assert_true(sample()->flag);
	assert_int_equal(sample()->count, 7);
	assert_true(sample()->ratio == 2);
	assert_string_equal(sample()->text, "äöü");
	assert_string_equal(sample()->note, "a\nb\tc");
	assert_ptr_equal(sample()->state, states[1]);
	assert_true(sample()->position.lat == 51.5);
	assert_int_equal(sample()->position.zoom, 13);
	assert_int_equal(sample()->items.count, 1);
	assert_string_equal(sample()->items.items[0].title, "X");
	assert_int_equal(sample()->items.items[0].weight, 2);
	assert_string_equal(sample()->tags.items[0], "t");
	assert_int_equal(sample()->keyed.count, 1);
	assert_string_equal(sample()->keyed.items[0].code, "k-1");
	assert_string_equal(sample()->keyed.items[0].title, "K");
	assert_int_equal(sample()->extra->kind, NODE_LIST);
	assert_true(field_present(&values, "flag"));
	assert_false(field_present(&values, "contact"));
	assert_false(field_present(&values, "nobody"));
}

static void
yaml_and_forms_are_read_as_the_field_wants(void **state)
{
	(void)state;
	assert_int_equal(check_yaml("flag: false\ncount: 10\nratio: -1.5e2\n"
	    "text: 123\ntags: [x, y]\n"), STATUS_OK);
	assert_true(field_present(&values, "flag"));
	assert_int_equal(sample()->count, 10);
	assert_true(sample()->ratio == -150);
	assert_string_equal(sample()->text, "123");
	assert_int_equal(sample()->tags.count, 2);
	assert_int_equal(check_form("flag=true&count=3&text=a+b&tags=x"),
	    STATUS_OK);
	assert_true(sample()->flag);
	assert_string_equal(sample()->text, "a b");
	assert_int_equal(sample()->tags.count, 1);
	assert_int_equal(check_form("tags=x&tags=y"), STATUS_OK);
	assert_int_equal(sample()->tags.count, 2);
	assert_int_equal(check_form("count=1&count=2"), STATUS_INVALID);
	assert_string_equal(said(), "/count duplicate ");
}

static void
what_is_absent_gets_its_default(void **state)
{
	(void)state;
	assert_int_equal(check_with(sample_fields, NULL), STATUS_OK);
	assert_int_equal(sample()->count, 5);
	assert_string_equal(sample()->state, "open");
	assert_int_equal(sample()->tags.count, 2);
	assert_string_equal(sample()->tags.items[1], "b-c");
	assert_int_equal(sample()->position.zoom, 13);
	assert_null(sample()->text);
	assert_true(field_present(&values, "count"));
	assert_false(field_present(&values, "flag"));
	assert_false(field_present(&values, "position"));
	assert_int_equal(check_json("{\"count\":null,\"position\":null,"
	    "\"items\":null}"), STATUS_OK);
	assert_int_equal(sample()->count, 5);
	assert_int_equal(check_yaml(""), STATUS_OK);
	assert_int_equal(sample()->count, 5);
}

static void
bad_values_are_found(void **state)
{
	static const struct {
		const char	*text;
		const char	*said;
	} rows[] = {
		{ "[]", " type an object" },
		{ "1", " type an object" },
		{ "{\"flag\":\"true\"}", "/flag type true or false" },
		{ "{\"flag\":0}", "/flag type true or false" },
		{ "{\"count\":\"7\"}", "/count type a whole number" },
		{ "{\"count\":7.0}", "/count type a whole number" },
		{ "{\"count\":0}", "/count too-small 1" },
		{ "{\"count\":11}", "/count too-large 10" },
		{ "{\"ratio\":\"1\"}", "/ratio type a number" },
		{ "{\"ratio\":true}", "/ratio type a number" },
		{ "{\"text\":12}", "/text type a text" },
		{ "{\"text\":\"ä\"}", "/text too-short 2" },
		{ "{\"text\":\"äöüßx\"}", "/text too-long 4" },
		{ "{\"text\":\"a\\nb\"}", "/text control-character U+000A" },
		{ "{\"text\":\"a\\u007f\"}", "/text control-character U+007F" },
		{ "{\"text\":\"a\\u0085\"}", "/text control-character U+0085" },
		{ "{\"note\":\"a\\rb\"}", "/note control-character U+000D" },
		{ "{\"note\":\"a\\u001b[\"}", "/note control-character U+001B" },
		{ "{\"state\":\"Open\"}", "/state choice open, done" },
		{ "{\"state\":1}", "/state type a text" },
		{ "{\"id\":\"x\"}", "/id format a UUID such as "
		  "5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d10" },
		{ "{\"position\":[51,7]}", "/position type an object" },
		{ "{\"position\":{}}", "/position/lat required \n"
		  "/position/lon required " },
		{ "{\"position\":{\"lat\":91,\"lon\":\"7\"}}",
		  "/position/lat too-large 90\n/position/lon type a number" },
		{ "{\"items\":{}}", "/items type a list" },
		{ "{\"items\":\"x\"}", "/items type a list" },
		{ "{\"items\":[1,null,{}]}", "/items/0 type an object\n"
		  "/items/1 type an object\n/items/2/title required " },
		{ "{\"items\":[1,2,3,4]}", "/items too-many 3" },
		{ "{\"tags\":[]}", "/tags too-few 1" },
		{ "{\"tags\":[\"a\",\"B\",1,null]}",
		  "/tags/1 format lower-case letters, digits and hyphens, "
		  "beginning with a letter\n/tags/2 type a text\n"
		  "/tags/3 type a text" },
		{ "{\"keyed\":[]}", "/keyed type an object" },
		{ "{\"keyed\":{\"A/b\":{\"title\":\"x\"},\"c\":{}}}",
		  "/keyed/A~1b format lower-case letters, digits and hyphens, "
		  "beginning with a letter\n/keyed/c/title required " },
		{ "{\"keyed\":{\"c\":{\"code\":\"d\",\"title\":\"x\"}}}",
		  "/keyed/c/code unknown " },
		{ "{\"serial\":\"x\"}", "/serial unknown " },
		{ "{\"content\":\"x\"}", "/content unknown contact" },
		{ "{\"contact\":\"x\"}", "/contact type an object" },
		{ "{\"contact\":{\"email\":\"x\",\"phone\":1}}",
		  "/contact/phone unknown \n/contact/email format an e-mail "
		  "address such as name@example.org" },
	};
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(check_json(rows[i].text), STATUS_INVALID);
		assert_string_equal(said(), rows[i].said);
	}
}

static void
all_errors_are_found_at_once_with_their_places(void **state)
{
	const struct finding	*finding;

	(void)state;
	assert_int_equal(check_yaml("cuont: 3\nflag: yes\n\n"
	    "position:\n  lat: x\n  lom: 7\nitems:\n  - weight: 0x1\n"),
	    STATUS_INVALID);
	assert_string_equal(said(), "/cuont unknown count\n"
	    "/flag type true or false\n/position/lom unknown lon\n"
	    "/position/lat type a number\n/position/lon required \n"
	    "/items/0/title required \n"
	    "/items/0/weight type a whole number");
	finding = findings.first;
	assert_int_equal(finding->line, 1);
	assert_int_equal(finding->column, 1);
	finding = finding->next;
	assert_string_equal(finding_line(arena, finding), "t.yaml:2:7: /flag "
	    "has the wrong type, expected is true or false");
	finding = finding->next;
	assert_int_equal(finding->line, 6);
	assert_int_equal(finding->column, 3);
}

static void
scalars_follow_a_strict_grammar(void **state)
{
	static const char *const	 bad[] = {
		"count: 0x5", "count: 05", "count: 5.0", "count: +5",
		"count: 1_0", "count: 5e0", "ratio: nan", "ratio: .inf",
		"ratio: 1.", "ratio: 1e999", "ratio: -1e999", "flag: True",
		"flag: on", "flag: 1", "count: 99999999999999999999",
		"count: -99999999999999999999", "count: \"5\"",
	};
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(check_yaml(bad[i]), STATUS_INVALID);
		assert_int_equal(findings.count, 1);
	}
}

static void
the_nearest_key_is_named(void **state)
{
	static const struct {
		const char	*key;
		const char	*nearest;
	} rows[] = {
		{ "counts", "count" }, { "cuont", "count" },
		{ "Flag", "flag" }, { "postion", "position" },
		{ "itmes", "items" }, { "keyd", "keyed" }, { "nte", "note" },
		{ "zzzzzz", "" }, { "a", "" }, { "", "" },
		{ "serail", "" },
	};
	struct node	*map, *child;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		map = node_new(arena, NODE_MAP);
		child = node_new(arena, NODE_INT);
		node_append(arena, map, rows[i].key, child);
		assert_int_equal(check_with(sample_fields, map),
		    STATUS_INVALID);
		assert_int_equal(findings.count, 1);
		assert_int_equal(findings.first->code, FINDING_UNKNOWN);
		assert_string_equal(findings.first->argument,
		    rows[i].nearest);
	}
}

static void
a_required_text_is_not_empty(void **state)
{
	static const struct field	 fields[] = {
		FIELD_TEXT(struct person, name, .required = true),
		FIELD_TEXT(struct person, email),
		FIELD_END
	};
	struct node	*map, *text;

	(void)state;
	map = node_new(arena, NODE_MAP);
	text = node_new(arena, NODE_TEXT);
	text->text = "";
	node_append(arena, map, "name", text);
	text = node_new(arena, NODE_TEXT);
	text->text = "";
	node_append(arena, map, "email", text);
	assert_int_equal(check_with(fields, map), STATUS_INVALID);
	assert_string_equal(said(), "/name too-short 1");
	assert_int_equal(check_with(fields, NULL), STATUS_INVALID);
	assert_string_equal(said(), "/name required ");
}

static void
a_text_is_limited_to_200_characters_where_nothing_is_said(void **state)
{
	struct node	*map, *text;
	char		 name[202];

	(void)state;
	(void)memset(name, 'x', sizeof(name));
	name[200] = '\0';
	map = node_new(arena, NODE_MAP);
	text = node_new(arena, NODE_TEXT);
	text->text = name;
	node_append(arena, map, "name", text);
	assert_int_equal(check_with(person_fields, map), STATUS_OK);
	name[200] = 'x';
	name[201] = '\0';
	assert_int_equal(check_with(person_fields, map), STATUS_INVALID);
	assert_string_equal(said(), "/name too-long 200");
}

static void
values_outlive_the_tree_that_they_came_from(void **state)
{
	static const char	 text[] = "text: abc\nkeyed: {k: {title: T}}\n";
	struct arena		*other;
	struct node		*node;

	(void)state;
	other = arena_new(0);
	assert_int_equal(node_from_yaml(other, NULL, text, strlen(text),
	    &node, &findings), STATUS_OK);
	assert_int_equal(check_with(sample_fields, node), STATUS_OK);
	arena_free(other);
	assert_string_equal(sample()->text, "abc");
	assert_string_equal(sample()->keyed.items[0].code, "k");
	assert_string_equal(sample()->keyed.items[0].title, "T");
}

static enum status
seal_as_text(void *arg, struct arena *in, const char *text, size_t len,
    struct bytes *box)
{
	unsigned int	*calls;

	calls = arg;
	(*calls)++;
	box->at = arena_copy(in, text, len);
	box->len = len;
	return (STATUS_OK);
}

static enum status
seal_never(void *arg, struct arena *in, const char *text, size_t len,
    struct bytes *box)
{
	(void)arg;
	(void)in;
	(void)text;
	(void)len;
	(void)box;
	return (STATUS_CRYPTO);
}

static void
sealed_fields_are_sealed_only_when_they_pass(void **state)
{
	unsigned int	 calls;
	size_t		 len;

	(void)state;
	calls = 0;
	ctx.seal = seal_as_text;
	ctx.seal_arg = &calls;
	assert_int_equal(check_json("{\"contact\":{\"name\":\"Ä\","
	    "\"email\":null}}"), STATUS_OK);
	assert_int_equal(calls, 1);
	assert_string_equal(field_sql(arena, &values, "contact", &len),
	    "{\"name\":\"Ä\"}");
	assert_int_equal(len, 13);
	assert_int_equal(check_json("{\"contact\":{\"email\":\"x\"}}"),
	    STATUS_INVALID);
	assert_int_equal(check_json("{\"contact\":{}}"), STATUS_OK);
	assert_int_equal(check_json("{\"contact\":{\"name\":null}}"),
	    STATUS_OK);
	assert_false(field_present(&values, "contact"));
	assert_null(sql("contact"));
	assert_int_equal(calls, 1);
	ctx.seal = seal_never;
	assert_int_equal(check_json("{\"contact\":{\"name\":\"A\"}}"),
	    STATUS_CRYPTO);
}

static void
fields_are_found_by_dotted_names(void **state)
{
	(void)state;
	assert_ptr_equal(field_find(sample_fields, "flag"), sample_fields);
	assert_ptr_equal(field_find(sample_fields, "position.lon"),
	    &position_fields[1]);
	assert_non_null(field_find(sample_fields, "serial"));
	assert_null(field_find(sample_fields, "position.alt"));
	assert_null(field_find(sample_fields, "items.code"));
	assert_null(field_find(sample_fields, "flag.x"));
	assert_null(field_find(sample_fields, ""));
	assert_null(field_find(NULL, "a"));
}

static void
parameters_are_postgresql_text(void **state)
{
	struct sample	*data;
	size_t		 len;

	(void)state;
	assert_int_equal(check_json("{\"flag\":false,\"ratio\":0.1,"
	    "\"text\":\"a'b\",\"position\":{\"lat\":51.5488,\"lon\":7},"
	    "\"items\":[{\"title\":\"X\"},{\"title\":\"Y\",\"weight\":1}],"
	    "\"keyed\":{\"k\":{\"title\":\"K\"}},"
	    "\"extra\":{\"a\":[1]}}"), STATUS_OK);
	assert_string_equal(sql("flag"), "f");
	assert_string_equal(sql("count"), "5");
	assert_string_equal(sql("ratio"), "0.1");
	assert_string_equal(sql("text"), "a'b");
	assert_string_equal(sql("state"), "open");
	assert_string_equal(sql("position.lat"), "51.5488");
	assert_string_equal(sql("position.zoom"), "13");
	assert_string_equal(sql("position"),
	    "{\"lat\":51.5488,\"lon\":7,\"zoom\":13}");
	assert_string_equal(sql("items"),
	    "[{\"title\":\"X\"},{\"title\":\"Y\",\"weight\":1}]");
	assert_string_equal(sql("keyed"), "{\"k\":{\"title\":\"K\"}}");
	assert_string_equal(sql("tags"), "[\"a\",\"b-c\"]");
	assert_string_equal(sql("extra"), "{\"a\":[1]}");
	assert_null(sql("note"));
	assert_null(sql("serial"));
	assert_null(sql("content"));
	assert_null(sql("nobody"));
	data = values.data;
	data->serial = "HER-1";
	data->content.at = (const unsigned char *)"\0x";
	data->content.len = 2;
	assert_string_equal(sql("serial"), "HER-1");
	assert_memory_equal(field_sql(arena, &values, "content", &len),
	    "\0x", 2);
	assert_int_equal(len, 2);
}

static void
absent_parameters_are_null(void **state)
{
	static const char *const	 names[] = {
		"flag", "ratio", "text", "position", "position.lat",
		"position.zoom", "items", "keyed", "extra", "contact",
	};
	struct values	 none;
	size_t		 i, len;

	(void)state;
	assert_int_equal(check_json("{}"), STATUS_OK);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_null(sql(names[i]));
	(void)memset(&none, 0, sizeof(none));
	assert_null(field_sql(arena, &none, "flag", &len));
	assert_false(field_present(&none, "flag"));
}

static const char *
shown(bool only)
{
	struct json	 json;

	json_init(&json, arena, 10000);
	json_open_object(&json, NULL);
	field_to_json(&json, sample_fields, values.data, only);
	json_close(&json);
	return (json_finish(&json, NULL));
}

static void
a_struct_is_written_by_its_table(void **state)
{
	struct sample	*data;

	(void)state;
	assert_int_equal(check_json("{\"count\":1,\"items\":"
	    "[{\"title\":\"X\",\"weight\":2}],"
	    "\"keyed\":{\"k\":{\"title\":\"K\"}},"
	    "\"contact\":{\"name\":\"A\"},\"extra\":1}"), STATUS_OK);
	data = values.data;
	data->serial = "S";
	assert_string_equal(shown(false), "{\"flag\":false,\"count\":1,"
	    "\"ratio\":0,\"state\":\"open\","
	    "\"position\":{\"lat\":0,\"lon\":0,\"zoom\":13},"
	    "\"items\":[{\"title\":\"X\",\"weight\":2}],"
	    "\"tags\":[\"a\",\"b-c\"],"
	    "\"keyed\":{\"k\":{\"title\":\"K\",\"weight\":0}},\"extra\":1}");
	assert_string_equal(shown(true), "{\"flag\":false,"
	    "\"items\":[{\"title\":\"X\"}],"
	    "\"keyed\":{\"k\":{\"title\":\"K\"}}}");
}

static void
the_schema_says_what_the_check_does(void **state)
{
	struct findings	 none;
	struct json	 json;
	struct node	*node, *child;
	const char	*text;
	size_t		 len;

	(void)state;
	json_init(&json, arena, 100000);
	field_schema(&json, NULL, sample_fields);
	text = json_finish(&json, &len);
	findings_init(&none, arena);
	assert_int_equal(node_from_json(arena, text, len, &node, &none),
	    STATUS_OK);
	assert_null(node_get(node_get(node, "properties"), "serial"));
	assert_null(node_get(node_get(node, "properties"), "content"));
	assert_null(node_get(node, "required"));
	json_init(&json, arena, 100000);
	field_schema(&json, NULL, position_fields);
	assert_string_equal(json_finish(&json, NULL), "{\"type\":\"object\","
	    "\"additionalProperties\":false,\"properties\":{"
	    "\"lat\":{\"type\":\"number\",\"minimum\":-90,\"maximum\":90},"
	    "\"lon\":{\"type\":\"number\",\"minimum\":-180,\"maximum\":180},"
	    "\"zoom\":{\"type\":\"integer\",\"default\":13}},"
	    "\"required\":[\"lat\",\"lon\"]}");
	for (child = node->first; strcmp(child->name, "properties") != 0;
	    child = child->next)
		continue;
	json_init(&json, arena, 100000);
	json_open_array(&json, NULL);
	node_to_json(&json, NULL, node_get(child, "flag"));
	node_to_json(&json, NULL, node_get(child, "text"));
	node_to_json(&json, NULL, node_get(child, "state"));
	node_to_json(&json, NULL, node_get(child, "id"));
	node_to_json(&json, NULL, node_get(child, "tags"));
	node_to_json(&json, NULL, node_get(child, "extra"));
	node_to_json(&json, NULL, node_get(child, "contact"));
	json_close(&json);
	assert_string_equal(json_finish(&json, NULL),
	    "[{\"description\":\"a flag\",\"type\":\"boolean\"},"
	    "{\"type\":\"string\",\"minLength\":2,\"maxLength\":4},"
	    "{\"type\":\"string\",\"enum\":[\"open\",\"done\"],"
	    "\"default\":\"open\"},"
	    "{\"type\":\"string\",\"maxLength\":200,\"format\":\"uuid\"},"
	    "{\"type\":\"array\",\"minItems\":1,\"items\":"
	    "{\"type\":\"string\",\"maxLength\":200,"
	    "\"pattern\":\"^[a-z][a-z0-9-]*$\"},\"default\":[\"a\",\"b-c\"]},"
	    "{},{\"type\":\"object\",\"additionalProperties\":false,"
	    "\"properties\":{\"name\":{\"type\":\"string\","
	    "\"maxLength\":200},\"email\":{\"type\":\"string\","
	    "\"maxLength\":200,\"format\":\"email\"}}}]");
}

static void
ten_thousand_unknown_keys_are_counted(void **state)
{
	struct json	 json;
	const char	*text;
	char		 name[16];
	int		 i;

	(void)state;
	json_init(&json, arena, SIZE_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < 10000; i++) {
		(void)snprintf(name, sizeof(name), "k%d", i);
		json_int(&json, name, i);
	}
	json_close(&json);
	text = json_finish(&json, NULL);
	assert_int_equal(check_json(text), STATUS_INVALID);
	assert_int_equal(findings.count, 10000);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(json_fills_the_struct),
		TEST(yaml_and_forms_are_read_as_the_field_wants),
		TEST(what_is_absent_gets_its_default),
		TEST(bad_values_are_found),
		TEST(all_errors_are_found_at_once_with_their_places),
		TEST(scalars_follow_a_strict_grammar),
		TEST(the_nearest_key_is_named),
		TEST(a_required_text_is_not_empty),
		TEST(a_text_is_limited_to_200_characters_where_nothing_is_said),
		TEST(values_outlive_the_tree_that_they_came_from),
		TEST(sealed_fields_are_sealed_only_when_they_pass),
		TEST(fields_are_found_by_dotted_names),
		TEST(parameters_are_postgresql_text),
		TEST(absent_parameters_are_null),
		TEST(a_struct_is_written_by_its_table),
		TEST(the_schema_says_what_the_check_does),
		TEST(ten_thousand_unknown_keys_are_counted),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
